"""Several requests under way for one call: the fan-out behind ``n``.

Sync work runs in threads, async work in tasks. Where a failure decides the whole, the rest is given up: what
has not been sent is not sent any more, and what is being read is cut.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from queue import Full, Queue, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from .cutting import GivingUp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from .exchange import Fetch, Reply, Send, StreamFailure, StreamMerger
    from .relay import AsyncRelay, Relay

_QUEUED: Final = 64
"""Pieces that may wait for a slow reader before the streams themselves are held back."""

_GLANCE: Final = 0.05
"""Seconds between two looks at whether the reader has gone."""


def _start_thread(name: str, work: Callable[..., None], *arguments: Any) -> None:
    """Start a thread that sees the caller's context variables and does not keep the process from ending."""
    run = copy_context().run
    threading.Thread(target=run, args=(work, *arguments), name=f"zhipu-openai-{name}", daemon=True).start()


def send_all(
    send: Callable[[Send | Fetch, GivingUp], Reply], sends: Sequence[Send | Fetch]
) -> list[Reply] | Reply:
    """Send side by side in threads; the first reply that is an error ends the whole and is returned alone.

    Args:
        send: Sends one request, unless it is given up before its turn; if it is later, the request is cut.
        sends: The requests.
    """
    given_up = GivingUp()
    results: SimpleQueue[tuple[int, Reply | BaseException]] = SimpleQueue()

    def one(place: int, what: Send | Fetch) -> None:
        try:
            results.put((place, send(what, given_up)))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            results.put((place, error))

    replies: dict[int, Reply] = {}
    try:
        for place, what in enumerate(sends):
            _start_thread(f"send-{place}", one, place, what)
        while len(replies) < len(sends):
            place, result = results.get()
            if isinstance(result, BaseException):
                raise result
            if result.error is not None:
                return result
            replies[place] = result
    finally:
        given_up.set()
    return [replies[place] for place in range(len(sends))]


async def send_all_async(
    send: Callable[[Send | Fetch], Awaitable[Reply]], sends: Sequence[Send | Fetch]
) -> list[Reply] | Reply:
    """Send side by side in tasks; the first reply that is an error cancels the rest and is returned alone."""
    import anyio  # noqa: PLC0415 - openai brings it; needed only here

    replies: dict[int, Reply] = {}
    failed: list[Reply] = []
    raised: list[Exception] = []

    async with anyio.create_task_group() as group:

        async def one(place: int, what: Send | Fetch) -> None:
            try:
                reply = await send(what)
            except Exception as error:  # noqa: BLE001 - raised again below, outside the group that would wrap it
                raised.append(error)
                group.cancel_scope.cancel()
                return
            if reply.error is not None:
                failed.append(reply)
                group.cancel_scope.cancel()
            replies[place] = reply

        for place, what in enumerate(sends):
            group.start_soon(one, place, what)
    if raised:
        raise raised[0]
    if failed:
        return failed[0]
    return [replies[place] for place in range(len(sends))]


@dataclass(frozen=True, slots=True)
class _Item:
    """What a branch reports: bytes, its end, a failure at its start, or an exception."""

    branch: int
    data: bytes = b""
    ended: bool = False
    failure: StreamFailure | None = None
    error: BaseException | None = None


class _Merged:
    """What both kinds of merged relay keep."""

    http_version = b"HTTP/1.1"

    def __init__(self, relays: Sequence[Any], merger: StreamMerger) -> None:
        self._relays = relays
        self._merger = merger
        self._first: _Item | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the first stream that was opened."""
        return next((relay.headers for relay in self._relays if relay.headers), {})

    def _begin(self, item: _Item) -> StreamFailure | None:
        self._first = item
        if item.error is not None:
            raise item.error
        return item.failure

    def _take(self, item: _Item) -> bytes:
        """Give what can be delivered after an item; an end gives nothing."""
        if item.error is not None:
            raise item.error
        if item.failure is not None:
            raise self._relays[item.branch].error(item.failure)
        return b"" if item.ended else self._merger.take(item.branch, item.data)


class MergedRelay(_Merged):
    """Several streams read by a thread each and delivered as one."""

    _relays: Sequence[Relay]

    def __init__(self, relays: Sequence[Relay], merger: StreamMerger, given_up: GivingUp) -> None:
        """Keep the streams, still closed; the event is set when nobody reads any more."""
        super().__init__(relays, merger)
        self._items: Queue[_Item] = Queue(_QUEUED)
        self._given_up = given_up

    def open(self) -> StreamFailure | None:
        """Start every stream and wait for the first word from any."""
        for branch, relay in enumerate(self._relays):
            _start_thread(f"stream-{branch}", _read, branch, relay, self._items, self._given_up)
        return self._begin(self._items.get())

    def __iter__(self) -> Iterator[bytes]:
        """Deliver what the streams give, in the order in which it comes."""
        left = len(self._relays)
        item = self._first
        while left:
            item = item or self._items.get()
            if self._given_up.is_set():
                return
            out = self._take(item)
            left -= item.ended
            if out:
                yield out
            item = None
        yield self._merger.end()

    def close(self) -> None:
        """Let the threads end; each closes its own stream."""
        self._give_up()
        with suppress(Full):
            self._items.put_nowait(_Item(0))  # wakes a reader in another thread

    def __del__(self) -> None:
        """Let the threads end when nobody holds the stream any more."""
        self._give_up()

    def _give_up(self) -> None:
        self._given_up.set()
        for relay in self._relays:
            relay.cut()


def _read(branch: int, relay: Relay, items: Queue[_Item], given_up: GivingUp) -> None:
    """Read one stream in a thread that holds nothing of the merged one, so that this may be collected."""

    def put(item: _Item) -> bool:
        while not given_up.is_set():
            with suppress(Full):
                items.put(item, timeout=_GLANCE)
                return True
        return False

    try:
        failure = relay.open()
        if failure is not None:
            put(_Item(branch, failure=failure))
            return
        for data in relay:
            if not put(_Item(branch, data)):
                return
        put(_Item(branch, ended=True))
    except BaseException as error:  # noqa: BLE001 - handed to the reader's thread
        put(_Item(branch, error=error))
    finally:
        # Closed by the thread that reads: a connection is no place for two threads.
        with suppress(Exception):
            relay.close()


class AsyncMergedRelay(_Merged):
    """The async twin, with a task for each stream."""

    _relays: Sequence[AsyncRelay]

    def __init__(self, relays: Sequence[AsyncRelay], merger: StreamMerger) -> None:
        """Keep the streams, still closed."""
        super().__init__(relays, merger)
        self._items: asyncio.Queue[_Item] = asyncio.Queue(_QUEUED)
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> StreamFailure | None:
        """Start every stream and wait for the first word from any.

        Raises:
            RuntimeError: The event loop is not asyncio's.
        """
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            self._loop.create_task(_read_async(branch, relay, self._items))
            for branch, relay in enumerate(self._relays)
        ]
        return self._begin(await self._items.get())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Deliver what the streams give, in the order in which it comes."""
        left = len(self._relays)
        item = self._first
        while left:
            item = item or await self._items.get()
            if not self._tasks:
                return
            out = self._take(item)
            left -= item.ended
            if out:
                yield out
            item = None
        yield self._merger.end()

    async def aclose(self) -> None:
        """Cancel what is still being read, and wait until it is closed."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(asyncio.QueueFull):
            self._items.put_nowait(_Item(0))  # wakes a reader in another task

    def __del__(self) -> None:
        """Let the tasks end when nobody holds the stream any more; this may happen in any thread."""
        if self._tasks and self._loop is not None and not self._loop.is_closed():
            for task in self._tasks:
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(task.cancel)


async def _read_async(branch: int, relay: AsyncRelay, items: asyncio.Queue[_Item]) -> None:
    """Read one stream in a task that holds nothing of the merged one, so that this may be collected."""
    try:
        failure = await relay.open()
        if failure is not None:
            await items.put(_Item(branch, failure=failure))
            return
        async for data in relay:
            await items.put(_Item(branch, data))
        await items.put(_Item(branch, ended=True))
    except Exception as error:  # noqa: BLE001 - handed to the reader's task
        await items.put(_Item(branch, error=error))
    finally:
        with suppress(Exception):
            await relay.aclose()
