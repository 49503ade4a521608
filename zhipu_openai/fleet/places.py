"""Which requests of one process wait, which are under way, and what Redis has still to be told: no I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_REGISTERED: Final = 64
"""Requests of one process that queue in Redis at a time; further ones queue behind them in the process."""


_REMEMBERED: Final = 1000
"""Ended requests that Redis is still to be told of, at most; the leases end those that are forgotten."""


@dataclass(frozen=True, slots=True)
class Round:
    """What Redis is told in one go, by tokens that name requests.

    ``keep`` are under way: their leases begin anew. ``back`` are over, or no longer wanted. ``want`` wait.
    """

    keep: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    want: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What Redis answers to a round.

    ``granted`` are the wanted tokens that have a place now. ``rank`` is how many wait before the first of the
    others. ``processes`` is how many processes are at work under this limit. ``settling`` says that Redis has
    just started: nothing is granted until all have told it what is under way.
    """

    granted: tuple[str, ...] = ()
    rank: int = 0
    processes: int = 1
    settling: bool = False


@dataclass(slots=True)
class Places:
    """The places of one process under a limit of many.

    While Redis cannot be reached (``away``) a process goes by its share: ``local_limit``, or else the limit
    divided by the number of processes that were at work when Redis last answered, at least 1.
    """

    limit: int
    local_limit: int | None = None
    away: bool = False
    processes: int | None = None
    waiting: dict[str, None] = field(default_factory=dict)
    held: dict[str, None] = field(default_factory=dict)
    returned: dict[str, None] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do and nothing to tell."""
        return not (self.waiting or self.held or self.returned)

    @property
    def share(self) -> int:
        """How many requests this process may have under way while Redis is away."""
        if self.local_limit is not None:
            return self.local_limit
        # A process that never saw the others has no idea how many they are.
        return 1 if self.processes is None else max(1, self.limit // max(1, self.processes))

    @property
    def fresh(self) -> bool:
        """Whether a request waits that Redis has not been told of, though there is room to tell it."""
        return any(token not in self.registered for token in self._wanted())

    def ask(self, token: str) -> None:
        """Queue a request."""
        self.waiting[token] = None

    def give_back(self, token: str) -> None:
        """End a request, whether it is under way or waits; one that is neither is over already."""
        if token in self.held:
            del self.held[token]
            self._return(token)
        elif token in self.waiting:
            del self.waiting[token]
            if token in self.registered:
                self._return(token)
        self.registered.discard(token)

    def give_all_back(self) -> None:
        """End every request."""
        for token in (*self.held, *self.waiting):
            self.give_back(token)

    def grant_locally(self) -> list[str]:
        """Let requests go by the process's share, while Redis is away."""
        granted: list[str] = []
        while self.away and self.waiting and len(self.held) < self.share:
            token = next(iter(self.waiting))
            self._grant(token)
            granted.append(token)
        return granted

    def round(self) -> Round:
        """Say what Redis is to be told now."""
        wanted = self._wanted()
        self.registered.update(wanted)
        return Round(tuple(self.held), tuple(self.returned), wanted)

    def apply(self, told: Round, outcome: Outcome) -> list[str]:
        """Take in an answer, however late it comes, and give the tokens that may go now."""
        self.away = False
        self.processes = outcome.processes
        for token in told.back:
            self.returned.pop(token, None)
        granted: list[str] = []
        for token in outcome.granted:
            if token in self.waiting:
                self._grant(token)
                granted.append(token)
            elif token not in self.held:
                self._return(token)  # given up while the answer was under way
        return granted

    def _return(self, token: str) -> None:
        self.returned[token] = None
        if len(self.returned) > _REMEMBERED:
            del self.returned[next(iter(self.returned))]

    def _grant(self, token: str) -> None:
        del self.waiting[token]
        self.held[token] = None

    def _wanted(self) -> tuple[str, ...]:
        most = min(self.limit, _REGISTERED)
        return tuple(token for token, _ in zip(self.waiting, range(most), strict=False))
