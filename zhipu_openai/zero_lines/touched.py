"""The names of openai's that are replaced, and how they are put back.

A replacement does nothing of its own while no installation is in effect. So where somebody has wrapped one
since (a tracing library, say), theirs stays in place, and ours beneath it is idle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Touched:
    """A name of openai's that is replaced: where it is, by what (a name in this folder), and why."""

    module: str
    owner: str | None
    name: str
    by: tuple[str, str]
    why: str


_INIT: Final = (
    "Decides per client: one that would go to OpenAI becomes a client of Zhipu's, any other is made as ever."
)
_COPY: Final = "A copy of a client that was left alone is left alone too, though it is a new client."
_LOAD: Final = "Gives the client behind openai.chat, openai.responses and so on."

TOUCHED: Final = (
    Touched("openai", "OpenAI", "__init__", ("clients", "deciding"), _INIT),
    Touched("openai", "AsyncOpenAI", "__init__", ("clients", "deciding_async"), _INIT),
    Touched("openai", "OpenAI", "copy", ("clients", "copying"), _COPY),
    Touched("openai", "AsyncOpenAI", "copy", ("clients", "copying"), _COPY),
    Touched("openai", "OpenAI", "with_options", ("clients", "copying"), _COPY + " Another name of copy."),
    Touched(
        "openai", "AsyncOpenAI", "with_options", ("clients", "copying"), _COPY + " Another name of copy."
    ),
    Touched("openai", None, "_load_client", ("module_client", "loading"), _LOAD),
    Touched(
        "openai._module_client", None, "_load_client", ("module_client", "loading"), _LOAD + " A second name."
    ),
)
"""Everything of openai's that is touched. All are names that openai 1.99 to 3.54 have."""


@dataclass(frozen=True, slots=True)
class _Replaced:
    original: Any
    replacement: Any


_replaced: dict[Touched, _Replaced] = {}
_ours: WeakSet[Any] = WeakSet()


def put_in_place() -> None:
    """Replace every name that is not replaced yet."""
    # All are looked up before any is replaced, so that an openai that lacks one stays whole.
    found = [(row, _owner(row), vars(_owner(row))[row.name], _maker(row)) for row in TOUCHED]
    for row, owner, current, make in found:
        if not _is_beneath(current):
            replacement = make(current)
            _ours.add(replacement)
            _replaced[row] = _Replaced(current, replacement)
            setattr(owner, row.name, replacement)


def take_back() -> None:
    """Put every original back, but where somebody else has wrapped ours."""
    for row, pair in list(_replaced.items()):
        owner = _owner(row)
        if vars(owner)[row.name] is pair.replacement:
            setattr(owner, row.name, pair.original)
            del _replaced[row]


def _is_beneath(current: Any) -> bool:
    """Whether one of our replacements is what stands there, or is wrapped in it."""
    while current is not None:
        if any(current is ours for ours in _ours):
            return True
        current = getattr(current, "__wrapped__", None)
    return False


@cache
def _owner(row: Touched) -> Any:
    module = import_module(row.module)
    return module if row.owner is None else getattr(module, row.owner)


def _maker(row: Touched) -> Callable[[Any], Any]:
    module, name = row.by
    maker: Callable[[Any], Any] = getattr(import_module(f"{__package__}.{module}"), name)
    return maker
