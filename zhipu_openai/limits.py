"""How many requests may be under way: a place is held from the sending until the body is closed.

A number limits one client. A ``Limiter`` is a limit that several clients share, in one process or in many:
``zhipu_openai.fleet.RedisLimiter`` is one, and anything that has its two methods is another.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, runtime_checkable
from weakref import WeakKeyDictionary

from .forks import begins_anew

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

_GLANCE: Final = 0.05
"""Seconds between two looks at whether a place is still wanted."""


class GivenUp(Exception):  # noqa: N818 - it ends work of ours that nobody waits for; no caller sees it
    """The request that waited for a place is no longer wanted."""


class HeldPlace(Protocol):
    """A place under a limiter."""

    def give_back(self) -> object:
        """Let another request have the place.

        It is called once, from any thread and at any moment, by the garbage collector too: it must neither
        wait nor take a lock that the interrupted code may hold.
        """


@runtime_checkable
class Limiter(Protocol):
    """A limit that clients share: ``OpenAI(max_concurrency=limiter)``.

    Every request takes a place before it is sent and gives it back when its body is closed, a stream when it
    ends. Sync clients call ``acquire``, async clients ``acquire_async``; both count under the same limit.
    A limiter may also have ``for_account(account) -> Limiter``: a client then asks it once for the limiter of
    its account, which is named by a hash of the key.
    """

    def acquire(self, unwanted: threading.Event | None = None) -> HeldPlace:
        """Wait for a place, in a thread.

        Args:
            unwanted: Set when the place is not needed any more; looked at from time to time.

        Raises:
            GivenUp: ``unwanted`` was set first.
        """

    async def acquire_async(self) -> HeldPlace:
        """Wait for a place, in a task. A task that is cancelled meanwhile leaves nothing behind."""


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
            place = Place(partial(places.put, None))
            if unwanted is not None and unwanted.is_set():
                place.give_back()
                raise GivenUp
            return place


def _places(most: int | None) -> SimpleQueue[None] | None:
    if most is None:
        return None
    # A queue rather than a semaphore: its put() may be called by the garbage collector at any moment.
    places: SimpleQueue[None] = SimpleQueue()
    for _ in range(most):
        places.put(None)
    return places


class SharedLimit:
    """A limiter's places, for threads."""

    def __init__(self, limiter: Limiter) -> None:
        """Keep the limiter."""
        self._limiter = limiter

    def acquire(self, unwanted: threading.Event | None = None) -> Place:
        """Wait for a place; see Limiter."""
        return Place(self._limiter.acquire(unwanted).give_back)


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


class AsyncSharedLimit:
    """A limiter's places, for tasks."""

    def __init__(self, limiter: Limiter) -> None:
        """Keep the limiter."""
        self._limiter = limiter

    async def acquire(self) -> Place:
        """Wait for a place; see Limiter."""
        # Not an AsyncPlace: a limiter outlives the loop, and so its places must be given back without one.
        return Place((await self._limiter.acquire_async()).give_back)


MaxConcurrency: TypeAlias = "int | Limiter | None"
AnyLimit: TypeAlias = SyncLimit | SharedLimit
AnyAsyncLimit: TypeAlias = AsyncLimit | AsyncSharedLimit


def sync_limit(most: MaxConcurrency, key: str | None) -> AnyLimit:
    """Make the limit of a sync client.

    Args:
        most: A number, a limiter, or None for no limit.
        key: The client's key; None when a callable gives it.
    """
    if most is None or isinstance(most, int):
        return SyncLimit(most)
    return SharedLimit(_for_account(most, key))


def async_limit(most: MaxConcurrency, key: str | None) -> AnyAsyncLimit:
    """Make the limit of an async client; see sync_limit."""
    if most is None or isinstance(most, int):
        return AsyncLimit(most)
    return AsyncSharedLimit(_for_account(most, key))


_ENOUGH: Final = 32
"""Characters of a key whose hash cannot be turned back by trial. Zhipu's keys have 49."""


def account_of(key: str | None) -> str | None:
    """Name an account by a hash of its key; None for a key that is unknown, or so short that it could be guessed."""
    if key is None or len(key) < _ENOUGH:
        return None
    from hashlib import sha256  # noqa: PLC0415 - for a shared limit alone

    return sha256(b"zhipu-openai account:" + key.encode()).hexdigest()[:16]


def _for_account(limiter: Limiter, key: str | None) -> Limiter:
    choose = getattr(limiter, "for_account", None)
    if choose is None:
        return limiter
    chosen: Limiter = choose(account_of(key))
    return chosen


class _NoLoop:
    """Stands for the one event loop of a library other than asyncio."""


_OTHER_LOOP = _NoLoop()


def _current_loop() -> Any:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return _OTHER_LOOP
