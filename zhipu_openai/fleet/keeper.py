"""The threads that keep a process's places: one decides and never waits for Redis, one speaks to Redis.

Everything comes to the deciding thread through one queue, whose ``put`` may be called by the garbage collector
at any moment. So no lock is held anywhere, an event loop that is blocked loses no lease, and a Redis that
hangs holds nobody up.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from math import ceil
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from .places import Outcome, Places, Round

log = logging.getLogger("zhipu_openai")

RENEWAL: Final = 1.0
"""Seconds between two renewals of what is under way, and between two tries to reach a Redis that is away."""

_AGAIN: Final = 0.1
"""Seconds between two tries while it is not yet settled that Redis is away."""

_STEP: Final = 0.02
_LONGEST_STEP: Final = 0.25
"""Seconds until a process asks for its turn again: a step for each that waits before it, up to the longest."""


class Link(Protocol):
    """What speaks to Redis."""

    def round(self, told: Round, settle: int) -> Outcome:
        """Tell Redis, and hear what it grants."""

    def close(self) -> None:
        """Close the connection."""


class Ticket:
    """A request that waits for its place."""

    __slots__ = ("by_share", "token", "wake")

    def __init__(self, token: str, wake: Callable[[], object]) -> None:
        """Keep the request's name and what to call, from another thread, when it may go."""
        self.token = token
        self.wake = wake
        self.by_share = False
        """Whether the place is one of the process's share, given without Redis."""


@dataclass(frozen=True, slots=True)
class _Answer:
    told: Round
    outcome: Outcome | Exception


@dataclass(frozen=True, slots=True)
class _Ended:
    """A request is over, or nobody waits for it any more."""

    token: str


class _Stop:
    """The process ends."""

    def __init__(self) -> None:
        self.done = threading.Event()


class Keeper:
    """Keeps the places of this process under one limit. It serves the process that made it, not a fork of it."""

    def __init__(self, places: Places, link: Link, *, timeout: float, renewal: float = RENEWAL) -> None:
        """Start the threads.

        Args:
            places: What waits and what is under way; nothing yet.
            link: Speaks to Redis.
            timeout: Seconds without an answer, or without a connection, after which Redis counts as away.
            renewal: Seconds between two renewals.
        """
        self.pid = os.getpid()
        self._places = places
        self._link = link
        self._timeout = timeout
        self._renewal = renewal
        self._settle = ceil(2 * renewal + timeout) + 1
        self._events: SimpleQueue[Ticket | _Ended | _Answer | _Stop] = SimpleQueue()
        self._rounds: SimpleQueue[tuple[Round, int] | None] = SimpleQueue()
        self._tickets: dict[str, Ticket] = {}
        self._outstanding = False
        self._due: float | None = None
        self._unanswered_since: float | None = None
        self._new_connection = True
        self._stops: list[_Stop] = []
        self.why_away = "no answer"
        """What kept Redis from answering the last time that it did not."""
        self._unsaid: list[None] = []
        for name, work in (("places", self._decide), ("redis", self._speak)):
            threading.Thread(target=work, name=f"zhipu-openai-{name}", daemon=True).start()

    def ask(self, ticket: Ticket) -> None:
        """Queue a request."""
        self._events.put(ticket)

    def give_back(self, token: str) -> None:
        """End a request that is under way or waits. May be called at any moment, in a fork too."""
        # What a fork inherits is still under way in its parent.
        if self.pid == os.getpid():
            self._events.put(_Ended(token))

    def news(self) -> bool:
        """Whether Redis went away and nobody was told of it yet; true to one asker alone."""
        try:
            self._unsaid.pop()
        except IndexError:
            return False
        return True

    def close(self) -> None:
        """Give back everything and end the threads, within the timeout."""
        if self.pid == os.getpid():
            stop = _Stop()
            self._events.put(stop)
            stop.done.wait(self._timeout)

    # The deciding thread

    def _decide(self) -> None:
        while not (self._stops and not self._outstanding):
            self._await_events()
            self._go_on(time.monotonic())
        self._rounds.put(None)

    def _await_events(self) -> None:
        try:
            event = self._events.get(timeout=self._pause(time.monotonic()))
            while True:
                self._take(event)
                event = self._events.get_nowait()
        except Empty:
            pass

    def _pause(self, now: float) -> float | None:
        """Give the seconds until something is due; None if only an event can change anything."""
        due = [] if self._outstanding or self._due is None else [self._due]
        if self._unanswered_since is not None and not self._places.away:
            due.append(self._unanswered_since + self._timeout)
        return max(0.0, min(due) - now) if due else None

    def _take(self, event: Ticket | _Ended | _Answer | _Stop) -> None:
        if isinstance(event, Ticket):
            self._tickets[event.token] = event
            self._places.ask(event.token)
        elif isinstance(event, _Ended):
            self._tickets.pop(event.token, None)
            self._places.give_back(event.token)
        elif isinstance(event, _Answer):
            self._outstanding = False
            if isinstance(event.outcome, Exception):
                self._fail(event.outcome, time.monotonic())
            else:
                self._hear(event.told, event.outcome, time.monotonic())
        else:
            self._places.give_all_back()
            self._stops.append(event)

    def _fail(self, error: Exception, now: float) -> None:
        # The name of an error of redis-py says enough; its text may have the address in it.
        self.why_away = type(error).__name__
        self._new_connection = True
        self._due = now + (self._renewal if self._places.away else _AGAIN)
        if self._stops:
            self._places.returned.clear()  # the leases will end them

    def _hear(self, told: Round, outcome: Outcome, now: float) -> None:
        if self._places.away:
            log.info("Redis answers again: the limit is shared.")
        self._unanswered_since = None
        self._new_connection = outcome.settling
        self._wake(self._places.apply(told, outcome), by_share=False)
        step = _LONGEST_STEP if outcome.settling else min(_LONGEST_STEP, _STEP * (outcome.rank + 1))
        self._due = now + (min(step, self._renewal) if self._places.waiting else self._renewal)

    def _go_on(self, now: float) -> None:
        places = self._places
        if places.idle and not self._outstanding:
            # Nothing depends on Redis. The next request finds out anew whether it is there.
            self._due = self._unanswered_since = None
            places.away = False
            return
        if self._unanswered_since is not None and now - self._unanswered_since >= self._timeout:
            self._go_away()
        self._wake(places.grant_locally(), by_share=True)
        news = not places.away and self._unanswered_since is None and (places.returned or places.fresh)
        if not self._outstanding and (self._due is None or now >= self._due or news):
            self._outstanding = True
            if self._unanswered_since is None:
                self._unanswered_since = now
            self._rounds.put((places.round(), self._settle if self._new_connection else 0))

    def _go_away(self) -> None:
        if not self._places.away:
            self._places.away = True
            self._unsaid[:] = [None]
            log.warning("Redis cannot be reached (%s): the limit is this process's share.", self.why_away)

    def _wake(self, tokens: list[str], *, by_share: bool) -> None:
        for token in tokens:
            ticket = self._tickets.pop(token, None)
            if ticket is None:
                self._places.give_back(token)
                continue
            ticket.by_share = by_share
            try:
                ticket.wake()
            except RuntimeError:
                # Its event loop is closed: nobody waits.
                self._places.give_back(token)

    # The speaking thread

    def _speak(self) -> None:
        while (job := self._rounds.get()) is not None:
            told, settle = job
            try:
                outcome: Outcome | Exception = self._link.round(told, settle)
            except Exception as error:  # noqa: BLE001 - whatever it is, the process works on by its share
                outcome = error
            self._events.put(_Answer(told, outcome))
        self._link.close()
        for stop in self._stops:
            stop.done.set()
