"""How many requests one account may have under way: held from the sending until the body is closed."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable


class SyncLimit:
    """A limit for threads; None means no limit."""

    def __init__(self, most: int | None) -> None:
        """Set the limit (1 or more)."""
        self._semaphore = None if most is None else threading.Semaphore(most)

    def acquire(self) -> None:
        """Wait for a place."""
        if self._semaphore is not None:
            self._semaphore.acquire()

    def release(self) -> None:
        """Give the place back."""
        if self._semaphore is not None:
            self._semaphore.release()


class AsyncLimit:
    """A limit for tasks, apart for each event loop that the client is used on."""

    def __init__(self, most: int | None) -> None:
        """Set the limit (1 or more)."""
        self._most = most
        self._semaphores: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    async def acquire(self) -> Callable[[], None]:
        """Wait for a place; the function that comes back gives it up."""
        if self._most is None:
            return _nothing
        loop = _current_loop()
        semaphore = self._semaphores.get(loop)
        if semaphore is None:
            from anyio import Semaphore  # noqa: PLC0415 - openai brings it; needed only under a limit

            semaphore = self._semaphores[loop] = Semaphore(self._most)
        await semaphore.acquire()
        release: Callable[[], None] = semaphore.release
        return release


class _NoLoop:
    """Stands for the one event loop of a library other than asyncio."""


_OTHER_LOOP = _NoLoop()


def _current_loop() -> Any:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return _OTHER_LOOP


def _nothing() -> None:
    return None
