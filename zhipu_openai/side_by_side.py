"""Several requests under way for one call: the fan-out behind ``n``.

Sync work runs in threads, async work in tasks. Where a failure decides the whole, the rest is given up.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from .exchange import Reply, Send, StreamFailure, StreamMerger
    from .relay import AsyncRelay, Relay

_QUEUED: Final = 64
"""Pieces that may wait for a slow reader before the streams themselves are held back."""

_GLANCE: Final = 0.1
"""Seconds between two looks at whether the reader has gone."""


def send_all(send: Callable[[Send], Reply], sends: Sequence[Send]) -> list[Reply] | Reply:
    """Send side by side in threads; the first reply that is an error ends the whole and is returned alone."""
    pool = ThreadPoolExecutor(max_workers=len(sends), thread_name_prefix="zhipu-openai")
    try:
        futures: list[Future[Reply]] = [pool.submit(copy_context().run, send, one) for one in sends]
        waiting: set[Future[Reply]] = set(futures)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                reply = future.result()
                if reply.error is not None:
                    return reply
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def send_all_async(
    send: Callable[[Send], Awaitable[Reply]], sends: Sequence[Send]
) -> list[Reply] | Reply:
    """Send side by side in tasks; the first reply that is an error cancels the rest and is returned alone."""
    import anyio  # noqa: PLC0415 - openai brings it; needed only here

    replies: dict[int, Reply] = {}
    failed: list[Reply] = []
    raised: list[Exception] = []

    async with anyio.create_task_group() as group:

        async def one(place: int, what: Send) -> None:
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


class MergedRelay:
    """Several streams read by a thread each and delivered as one."""

    http_version = b"HTTP/1.1"

    def __init__(self, relays: Sequence[Relay], merger: StreamMerger) -> None:
        """Keep the streams, still closed."""
        self._relays = relays
        self._merger = merger
        self._items: queue.Queue[_Item] = queue.Queue(_QUEUED)
        self._gone = threading.Event()
        self._first: _Item | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the first stream that was opened."""
        return next((relay.headers for relay in self._relays if relay.headers), {})

    def open(self) -> StreamFailure | None:
        """Start every stream and wait for the first word from any."""
        for branch, relay in enumerate(self._relays):
            context = copy_context()
            threading.Thread(
                target=context.run,
                args=(self._read, branch, relay),
                name=f"zhipu-openai-stream-{branch}",
                daemon=True,
            ).start()
        self._first = self._items.get()
        if self._first.error is not None:
            raise self._first.error
        return self._first.failure

    def _read(self, branch: int, relay: Relay) -> None:
        try:
            failure = relay.open()
            if failure is not None:
                self._put(_Item(branch, failure=failure))
                return
            for data in relay:
                if not self._put(_Item(branch, data)):
                    return
            self._put(_Item(branch, ended=True))
        except BaseException as error:  # noqa: BLE001 - handed to the reader's thread
            self._put(_Item(branch, error=error))
        finally:
            # Closed by the thread that reads: a connection is no place for two threads.
            relay.close()

    def _put(self, item: _Item) -> bool:
        while not self._gone.is_set():
            try:
                self._items.put(item, timeout=_GLANCE)
            except queue.Full:
                continue
            return True
        return False

    def __iter__(self) -> Iterator[bytes]:
        """Deliver what the streams give, in the order in which it comes."""
        left = len(self._relays)
        item = self._first
        while left:
            item = item or self._items.get()
            if item.error is not None:
                raise item.error
            if item.failure is not None:
                raise _error_of(item.failure, self._relays[item.branch])
            if item.ended:
                left -= 1
            elif out := self._merger.take(item.branch, item.data):
                yield out
            item = None
        yield self._merger.end()

    def close(self) -> None:
        """Let the threads end; each closes its own stream when it next wakes."""
        self._gone.set()


class AsyncMergedRelay:
    """The async twin, with a task for each stream."""

    http_version = b"HTTP/1.1"

    def __init__(self, relays: Sequence[AsyncRelay], merger: StreamMerger) -> None:
        """Keep the streams, still closed."""
        self._relays = relays
        self._merger = merger
        self._items: asyncio.Queue[_Item] = asyncio.Queue(_QUEUED)
        self._tasks: list[asyncio.Task[None]] = []
        self._first: _Item | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the first stream that was opened."""
        return next((relay.headers for relay in self._relays if relay.headers), {})

    async def open(self) -> StreamFailure | None:
        """Start every stream and wait for the first word from any.

        Raises:
            RuntimeError: The event loop is not asyncio's.
        """
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._read(branch, relay)) for branch, relay in enumerate(self._relays)
        ]
        self._first = await self._items.get()
        if self._first.error is not None:
            raise self._first.error
        return self._first.failure

    async def _read(self, branch: int, relay: AsyncRelay) -> None:
        try:
            failure = await relay.open()
            if failure is not None:
                await self._items.put(_Item(branch, failure=failure))
                return
            async for data in relay:
                await self._items.put(_Item(branch, data))
            await self._items.put(_Item(branch, ended=True))
        except Exception as error:  # noqa: BLE001 - handed to the reader's task
            await self._items.put(_Item(branch, error=error))
        finally:
            await relay.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Deliver what the streams give, in the order in which it comes."""
        left = len(self._relays)
        item = self._first
        while left:
            item = item or await self._items.get()
            if item.error is not None:
                raise item.error
            if item.failure is not None:
                raise _error_of(item.failure, self._relays[item.branch])
            if item.ended:
                left -= 1
            elif out := self._merger.take(item.branch, item.data):
                yield out
            item = None
        yield self._merger.end()

    async def aclose(self) -> None:
        """Cancel what is still being read, and wait until it is closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _error_of(failure: StreamFailure, relay: Any) -> BaseException:
    error: BaseException = relay.error(failure)
    return error
