"""The adapter: a websocket to Zhipu that looks to openai's connection like one to OpenAI.

It stands where openai expects a connection of the websockets library, and passes on to it whatever it does
not translate.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.errors import ErrorAnswer

    from .translator import Translator


class _Socket:
    """What both adapters have in common.

    Attributes:
        refusal: What the last refused event was answered with; None if none was refused.
    """

    def __init__(
        self, socket: Any, translator: Translator, raised: Callable[[ErrorAnswer], Exception]
    ) -> None:
        """Keep the websocket; ``raised`` makes openai's exception of a refusal."""
        self._socket = socket
        self._translator = translator
        self._raised = raised
        self._ready: deque[str] = deque()
        self.refusal: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        """Pass on whatever else is asked of a websocket."""
        return getattr(self._socket, name)

    def _outgoing(self, message: str | bytes) -> list[str]:
        try:
            return self._translator.outgoing(message)
        except Refused as refused:
            self.refusal = self._raised(refused.answer)
        raise self.refusal

    def _next(self, decode: bool | None) -> str | bytes:
        message = self._ready.popleft()
        return message.encode() if decode is False else message


class SyncSocket(_Socket):
    """The adapter of the sync client. One thread may receive while others send."""

    def __init__(
        self, socket: Any, translator: Translator, raised: Callable[[ErrorAnswer], Exception]
    ) -> None:
        """Keep the websocket; see the base class."""
        super().__init__(socket, translator, raised)
        self._translating = Lock()
        self._sending = Lock()

    def recv(self, timeout: float | None = None, *, decode: bool | None = None) -> str | bytes:
        """Receive the next of OpenAI's events.

        Args:
            timeout: Seconds to wait for the next message of Zhipu's; None waits for ever.
            decode: False for bytes, as the websockets library has it.

        Raises:
            TimeoutError: None came in time.
            websockets.exceptions.ConnectionClosed: The connection is closed.
        """
        while not self._ready:
            message = self._socket.recv(timeout=timeout)
            with self._translating:
                self._ready.extend(self._translator.incoming(message))
        return self._next(decode)

    def send(self, message: str | bytes) -> None:
        """Send one of OpenAI's events.

        Raises:
            openai.BadRequestError: Zhipu cannot honour it.
            websockets.exceptions.ConnectionClosed: The connection is closed.
        """
        with self._sending:
            with self._translating:
                messages = self._outgoing(message)
            for one in messages:
                self._socket.send(one)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        self._socket.close(code=code, reason=reason)


class AsyncSocket(_Socket):
    """The adapter of the async client."""

    async def recv(self, decode: bool | None = None) -> str | bytes:
        """Receive the next of OpenAI's events; may be cancelled without losing any.

        Args:
            decode: False for bytes, as the websockets library has it.

        Raises:
            websockets.exceptions.ConnectionClosed: The connection is closed.
        """
        while not self._ready:
            self._ready.extend(self._translator.incoming(await self._socket.recv()))
        return self._next(decode)

    async def send(self, message: str | bytes) -> None:
        """Send one of OpenAI's events.

        Raises:
            openai.BadRequestError: Zhipu cannot honour it.
            websockets.exceptions.ConnectionClosed: The connection is closed.
        """
        for one in self._outgoing(message):
            await self._socket.send(one)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        await self._socket.close(code=code, reason=reason)
