"""What was changed in a request or an answer: recorded, warned about once, or refused.

A change that keeps the meaning (``max_completion_tokens`` to ``max_tokens``) is only recorded. A change
that loses or approximates meaning is recorded, logged and warned about once per process and kind; under
``on_adaptation="error"`` it is refused instead. The record of a call is in the response header
``x-zhipu-adaptations``, which ``with_raw_response`` shows.
"""

from __future__ import annotations

import logging
import sys
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from .forks import lock

if TYPE_CHECKING:
    from types import FrameType

    from .errors import ErrorAnswer

log = logging.getLogger("zhipu_openai")

Policy = Literal["warn", "error", "ignore"]
"""What to do about an adaptation that changes the meaning of a request."""

Kind = Literal["translated", "repaired", "approximated", "emulated", "dropped"]

CHANGES_MEANING: Final[frozenset[str]] = frozenset({"approximated", "emulated", "dropped"})

HEADER: Final = "x-zhipu-adaptations"

_LIBRARIES: Final = (
    "zhipu_openai",
    "openai",
    "typing_extensions",  # marks openai's deprecated methods
    "httpx",
    "httpx2",
    "asyncio",
    "anyio",
    "contextlib",
    "threading",
    "concurrent",
)
"""Packages whose frames stand between a caller's line and a warning about it."""


class ZhipuAdaptationWarning(UserWarning):
    """A request or an answer was changed in meaning to fit Zhipu, or to fit OpenAI."""


class Refused(Exception):  # noqa: N818 - it is an answer on its way out, not an error of ours
    """A request that cannot be honoured and must not be guessed; carries the OpenAI-shaped answer."""

    def __init__(self, answer: ErrorAnswer) -> None:
        """Keep the answer."""
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Adaptation:
    """One change: the field of OpenAI's API that it is about, its kind, and a sentence for the reader."""

    field: str
    kind: Kind
    detail: str

    @property
    def changes_meaning(self) -> bool:
        """Whether a caller may notice the difference."""
        return self.kind in CHANGES_MEANING


@dataclass(slots=True)
class Ledger:
    """The adaptations of one call, in the order in which they were made."""

    policy: Policy = "warn"
    entries: list[Adaptation] = field(default_factory=list)

    def add(self, name: str, kind: Kind, detail: str) -> None:
        """Record a change.

        Raises:
            Refused: The meaning changes, and the policy or Python's warning filter makes that an error.
        """
        entry = Adaptation(name, kind, detail)
        if entry in self.entries:
            return
        if self.policy == "error" and entry.changes_meaning:
            raise _refused(entry, 'This client was made with on_adaptation="error"; use "warn" to allow it.')
        self.entries.append(entry)
        try:
            _announce(entry, self.policy)
        except ZhipuAdaptationWarning:
            # As an exception it would pass for a broken connection in openai 1.x, and be tried again.
            raise _refused(
                entry,
                "Warnings of this kind are made errors here (ZhipuAdaptationWarning); filter them, or make the "
                'client with on_adaptation="ignore", to allow it.',
            ) from None

    def header(self) -> str:
        """Render the record for the response header, ``field=kind`` separated by ``; ``."""
        pairs = dict.fromkeys(f"{entry.field}={entry.kind}" for entry in self.entries)
        # A field's name may be the caller's own; a header holds printable ASCII.
        return "; ".join(ascii(pair)[1:-1] for pair in pairs)


def _refused(entry: Adaptation, why: str) -> Refused:
    from .errors import refusal  # noqa: PLC0415 - errors is not needed on the usual path

    return Refused(
        refusal(
            f"`{entry.field}` cannot be passed to Zhipu unchanged: {entry.detail} {why}", param=entry.field
        )
    )


_announced: dict[tuple[Policy, Adaptation], None] = {}
_announced_lock = lock()
_ANNOUNCED_LIMIT: Final = 1000
"""Kinds that are remembered; a service with endless variety forgets the oldest."""


def reset_announcements() -> None:
    """Forget which adaptations were warned about, so that each warns again (for tests)."""
    with _announced_lock:
        _announced.clear()


def _announce(entry: Adaptation, policy: Policy) -> None:
    if not entry.changes_meaning:
        log.debug("%s %s: %s", entry.field, entry.kind, entry.detail)
        return
    with _announced_lock:
        if (policy, entry) in _announced:
            return
        if len(_announced) >= _ANNOUNCED_LIMIT:
            del _announced[next(iter(_announced))]
        _announced[policy, entry] = None
    log.info("%s %s: %s", entry.field, entry.kind, entry.detail)
    if policy == "warn":
        try:
            warnings.warn(
                f"`{entry.field}` {entry.kind} for Zhipu: {entry.detail}",
                ZhipuAdaptationWarning,
                stacklevel=callers_level(),
            )
        except ZhipuAdaptationWarning:
            with _announced_lock:
                _announced.pop((policy, entry), None)
            raise


def callers_level() -> int:
    """Give the ``stacklevel`` at which a warning of the calling function points at the caller's own line.

    That is the first frame outside this package, openai and the HTTP libraries; 2 where there is none, as in
    a thread of our own.
    """
    level = 1
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way to walk frames
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] not in _LIBRARIES:
            return level
        frame = frame.f_back
        level += 1
    return 2
