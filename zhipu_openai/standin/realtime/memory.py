"""Realtime connections without a socket: what the websockets library has, on a conversation in this process."""

from __future__ import annotations

import asyncio
from threading import Condition
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from websockets.datastructures import Headers as WebSocketHeaders
from websockets.exceptions import ConnectionClosedOK, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from . import door

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhipu_openai.standin.service import StandIn

    from .conversation import Conversation


def _entered(service: StandIn, url: str, headers: Iterable[tuple[str, str]]) -> Conversation:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        return door.enter(service, path, dict(headers))
    except door.ShutError as shut:
        raise InvalidStatus(Response(shut.status, "", WebSocketHeaders(), shut.body)) from None


class SyncMemory:
    """A connection of the sync client. One thread may receive while others send."""

    def __init__(self, service: StandIn, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """Connect.

        Raises:
            websockets.exceptions.InvalidStatus: The stand-in does not let it in.
        """
        self._conversation = _entered(service, url, headers)
        self._news = Condition()
        self._closed: Close | None = None

    def recv(self, timeout: float | None = None) -> str:
        """Receive an event.

        Raises:
            TimeoutError: None came within so many seconds.
            websockets.exceptions.ConnectionClosedOK: The connection is closed.
        """
        with self._news:
            while True:
                if self._closed is not None:
                    raise ConnectionClosedOK(self._closed, self._closed, rcvd_then_sent=False)
                event = self._conversation.next()
                if event is not None:
                    return event
                if not self._news.wait(timeout):
                    raise TimeoutError("nothing was received in time")

    def send(self, message: str) -> None:
        """Send an event.

        Raises:
            websockets.exceptions.ConnectionClosedOK: The connection is closed.
        """
        with self._news:
            if self._closed is not None:
                raise ConnectionClosedOK(self._closed, self._closed, rcvd_then_sent=False)
            self._conversation.receive(message)
            self._news.notify_all()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        with self._news:
            self._closed = self._closed or Close(code, reason)
            self._news.notify_all()


class AsyncMemory:
    """A connection of the async client."""

    def __init__(self, service: StandIn, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """Connect; see SyncMemory."""
        self._conversation = _entered(service, url, headers)
        self._news = asyncio.Event()
        self._closed: Close | None = None

    async def recv(self) -> str:
        """Receive an event; see SyncMemory."""
        while True:
            # Others get their turn, as they do with a socket.
            await asyncio.sleep(0)
            if self._closed is not None:
                raise ConnectionClosedOK(self._closed, self._closed, rcvd_then_sent=False)
            self._news.clear()
            event = self._conversation.next()
            if event is not None:
                return event
            await self._news.wait()

    async def send(self, message: str) -> None:
        """Send an event; see SyncMemory."""
        await asyncio.sleep(0)
        if self._closed is not None:
            raise ConnectionClosedOK(self._closed, self._closed, rcvd_then_sent=False)
        self._conversation.receive(message)
        self._news.set()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        await asyncio.sleep(0)
        self._closed = self._closed or Close(code, reason)
        self._news.set()
