"""What an expression of the code that is read can come to, as far as reading alone tells.

Text, numbers, lists and dicts are themselves, with ``UNKNOWN`` where a part of them is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from .scopes import Scope


class _Mark:
    """A value that stands for itself alone, also in a copy."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __copy__(self) -> _Mark:
        return self

    def __deepcopy__(self, _: Any) -> _Mark:
        return self


UNKNOWN: Final = _Mark("UNKNOWN")
"""Not known from reading."""

REST: Final = _Mark("REST")
"""An element of a list, or a key of a dict, that stands for any number of others that are not known."""

Family = Literal["openai", "zhipu", "elsewhere"]
"""openai: a client that the import line turns into ours. zhipu: ours already. elsewhere: one that speaks with
something else, and is left alone."""


@dataclass(frozen=True, slots=True)
class Name:
    """Something imported, by its full name: ``openai.OpenAI``."""

    full: str


@dataclass(frozen=True, slots=True, eq=False)
class Client:
    """A client of OpenAI's API, and what its constructor was given."""

    family: Family
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """What is reached through a client: ``("chat", "completions", "create")``. None is openai's module-level client."""

    client: Client | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """A realtime connection, or a part of one."""

    client: Client | None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionTool:
    """What ``openai.pydantic_function_tool`` gives; the name of the function is None where it is that of its class."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """One of a few values: text, numbers, booleans or None."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the code that is read."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the code that is read."""

    node: ast.ClassDef
    scope: Scope


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of such a class."""

    cls: Class


def parts(value: Any) -> Iterator[Any]:
    """Give a value and everything in it."""
    yield value
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from parts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from parts(one)


def is_plain(value: Any) -> bool:
    """Whether a value is text, a number, a list or a dict, known in all its parts."""
    return all(
        one is None or isinstance(one, (str, bytes, bool, int, float, list, tuple, dict))
        for one in parts(value)
    )


def is_unknown(value: Any) -> bool:
    """Whether nothing that could be sent is known of a value."""
    return not isinstance(value, (str, bytes, bool, int, float, list, tuple, dict)) and value is not None
