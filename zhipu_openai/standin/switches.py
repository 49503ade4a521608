"""Which quirks are on, and for how many calls more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .quirks import QUIRKS, Quirk, QuirkName, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

_SLOW_START_SECONDS: Final = 1.0


class ActiveQuirks:
    """The quirks of one chat call: those that are on, and the seconds of ``slow_start``."""

    __slots__ = ("_names", "slow_start")

    def __init__(self, names: Iterable[QuirkName] = (), slow_start: float = 0.0) -> None:
        """Hold the names of quirks that apply to this call."""
        self._names = frozenset(names)
        self.slow_start = slow_start

    def __contains__(self, name: object) -> bool:
        """Say whether a quirk applies."""
        return name in self._names


@dataclass(slots=True)
class _Switch:
    """A quirk that is on: how many calls it still lasts (None: for good), and its seconds."""

    quirk: Quirk
    left: int | None
    seconds: float = 0.0


class Switches:
    """The quirks that are on, in the order in which they were switched on. Not thread-safe by itself."""

    def __init__(self) -> None:
        """Start with none on."""
        self._on: dict[QuirkName, _Switch] = {}

    def names(self) -> tuple[QuirkName, ...]:
        """Return the names of the quirks that are on."""
        return tuple(self._on)

    def on(self, *written: QuirkName | str) -> None:
        """Switch quirks on, written ``name`` or ``name:number``.

        Raises:
            ValueError: A name is unknown, or its number is no number of the right kind.
        """
        for switch in [_read(text) for text in written]:
            self._on[switch.quirk.name] = switch

    def off(self, *names: QuirkName | str) -> None:
        """Switch quirks off; without names, all of them.

        Raises:
            ValueError: A name is unknown.
        """
        for quirk in [_row(name) for name in names or self.names()]:
            self._on.pop(quirk.name, None)

    def take_refusal(self) -> QuirkName | None:
        """Return the quirk that refuses this call, if one does, and count it: the first that is on."""
        switch = next((switch for switch in self._on.values() if switch.quirk.scope == "refusal"), None)
        if switch is None:
            return None
        self._count(switch)
        return switch.quirk.name

    def take(self, *scopes: Scope) -> ActiveQuirks:
        """Return the quirks of the scopes that apply to this call, and count each of them."""
        taken = [switch for switch in self._on.values() if switch.quirk.scope in scopes]
        for switch in taken:
            self._count(switch)
        return ActiveQuirks((switch.quirk.name for switch in taken), sum(switch.seconds for switch in taken))

    def _count(self, switch: _Switch) -> None:
        if switch.left is None:
            return
        switch.left -= 1
        if switch.left <= 0:
            self._on.pop(switch.quirk.name, None)


def _row(name: str) -> Quirk:
    if name not in QUIRKS:
        raise ValueError(f"unknown quirk {name!r}; known are: {', '.join(sorted(QUIRKS))}")
    return QUIRKS[name]


def _read(text: str) -> _Switch:
    name, colon, number = text.partition(":")
    quirk = _row(name)
    if quirk.number == "seconds":
        return _Switch(quirk, quirk.lasts, _seconds(text, number) if colon else _SLOW_START_SECONDS)
    return _Switch(quirk, _calls(text, number) if colon else quirk.lasts)


def _calls(text: str, number: str) -> int:
    if not number.isascii() or not number.isdigit() or int(number) == 0:
        raise ValueError(f"quirk {text!r}: after the colon stands a number of calls, 1 or more")
    return int(number)


def _seconds(text: str, number: str) -> float:
    try:
        seconds = float(number)
    except ValueError:
        seconds = -1.0
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"quirk {text!r}: after the colon stands a number of seconds, 0 or more")
    return seconds
