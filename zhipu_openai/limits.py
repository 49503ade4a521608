"""How many requests one client may have under way: a place is held from the sending until the body is closed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from .forks import begins_anew

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

_GLANCE: Final = 0.05
"""Seconds between two looks at whether a place is still wanted."""


class GivenUp(Exception):  # noqa: N818 - it ends work of ours that nobody waits for; no caller sees it
    """The request that waited for a place is no longer wanted."""


class Place:
    """A place under a limit. It is given back once: on request, or when nothing holds it any more."""

    __slots__ = ("_return",)

    def __init__(self, give_back: Callable[[], object] | None) -> None:
        """Keep how the place is given back; None means that there is no limit."""
        # Taking an item out of a list is atomic: two threads may close one body.
        self._return = [] if give_back is None else [give_back]

    def give_back(self) -> None:
        """Let another request have the place."""
        with suppress(IndexError):
            self._return.pop()()

    def __del__(self) -> None:
        """Give back the place of a stream that was dropped without being read or closed."""
        self.give_back()


class SyncLimit:
    """A limit for threads; None means no limit."""

    def __init__(self, most: int | None) -> None:
        """Set the limit (1 or more)."""
        self._most = most
        self._places = _places(most)
        begins_anew(self)

    def begin_anew(self) -> None:
        """Have all places in a forked process: those that the parent's threads hold never come back there."""
        self._places = _places(self._most)

    def acquire(self, unwanted: threading.Event | None = None) -> Place:
        """Wait for a place.

        Args:
            unwanted: Set when the place is not needed any more.

        Raises:
            GivenUp: ``unwanted`` was set first.
        """
        places = self._places
        if places is None:
            return Place(None)
        while True:
            if unwanted is not None and unwanted.is_set():
                raise GivenUp
            try:
                places.get(timeout=None if unwanted is None else _GLANCE)
            except Empty:
                continue
            return Place(partial(places.put, None))


def _places(most: int | None) -> SimpleQueue[None] | None:
    if most is None:
        return None
    # A queue rather than a semaphore: its put() may be called by the garbage collector at any moment.
    places: SimpleQueue[None] = SimpleQueue()
    for _ in range(most):
        places.put(None)
    return places


class AsyncPlace(Place):
    """A place under an async limit, which only its own event loop may give back."""

    __slots__ = ("_loop",)

    def __init__(self, give_back: Callable[[], object] | None, loop: Any) -> None:
        """Keep how the place is given back, and the loop that it belongs to."""
        super().__init__(give_back)
        self._loop = loop

    def __del__(self) -> None:
        """Give the place back on its own loop: the garbage collector may run in any thread."""
        if not self._return:
            return
        if isinstance(self._loop, asyncio.AbstractEventLoop):
            # A loop that is closed takes its places with it.
            with suppress(RuntimeError, IndexError):
                self._loop.call_soon_threadsafe(self._return.pop())
        else:
            self.give_back()


class AsyncLimit:
    """A limit for tasks, apart for each event loop that the client is used on; None means no limit."""

    def __init__(self, most: int | None) -> None:
        """Set the limit (1 or more)."""
        self._most = most
        self._semaphores: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    async def acquire(self) -> Place:
        """Wait for a place."""
        if self._most is None:
            return Place(None)
        loop = _current_loop()
        semaphore = self._semaphores.get(loop)
        if semaphore is None:
            from anyio import Semaphore  # noqa: PLC0415 - openai brings it; needed only under a limit

            semaphore = self._semaphores[loop] = Semaphore(self._most)
        await semaphore.acquire()
        return AsyncPlace(semaphore.release, loop)


class _NoLoop:
    """Stands for the one event loop of a library other than asyncio."""


_OTHER_LOOP = _NoLoop()


def _current_loop() -> Any:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return _OTHER_LOOP
