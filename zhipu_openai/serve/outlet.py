"""Writing an answer to a client: what was said so far decides how a failure can still be told."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from zhipu_openai.errors import ErrorAnswer

    RawList = list[tuple[bytes, bytes]]

_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_NO_GUESSING = (b"x-content-type-options", b"nosniff")


class Outlet:
    """One answer.

    Attributes:
        status: The status that was sent; None before.
        size: Bytes of the body that were sent.
        ended: Whether the answer is complete.
    """

    def __init__(
        self, send: Callable[[Any], Awaitable[None]], path: str, *, head_alone: bool = False
    ) -> None:
        """Keep where to write, the path that was asked for, and whether the body is left out."""
        self._send = send
        self._path = path
        self._head_alone = head_alone
        self.extra: RawList = [_NO_GUESSING]
        self.status: int | None = None
        self.size = 0
        self.ended = False
        self._is_events = False

    async def start(self, status: int, headers: RawList) -> None:
        """Send status and headers."""
        self.status = status
        self._is_events = any(
            name == b"content-type" and value.lower().startswith(b"text/event-stream")
            for name, value in headers
        )
        await self._send(
            {"type": "http.response.start", "status": status, "headers": [*headers, *self.extra]}
        )

    async def write(self, data: bytes, *, more: bool = True) -> None:
        """Send a piece of the body."""
        self.size += len(data)
        self.ended = not more
        body = b"" if self._head_alone else data
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def whole(self, status: int, headers: RawList, content: bytes) -> None:
        """Send a whole answer."""
        kept = [pair for pair in headers if pair[0] != b"content-length"]
        if status not in _WITHOUT_BODY:
            kept.append((b"content-length", b"%d" % len(content)))
        await self.start(status, kept)
        await self.write(content, more=False)

    async def error(self, answer: ErrorAnswer, *headers: tuple[bytes, bytes]) -> None:
        """Send an error, as an answer or, where a stream has begun, as its last event.

        Within a body of another kind there is no way to tell: the answer is left without an end, so that the
        server drops the connection.
        """
        if self.ended:
            return
        if self.status is None:
            told = [(name.encode(), value.encode()) for name, value in answer.headers().items()]
            await self.whole(answer.status, [*told, *headers], _encoded(answer.body))
        elif self._is_events:
            await self.write(self._event(answer.body["error"]), more=False)

    def _event(self, error: dict[str, Any]) -> bytes:
        """Make the event by which OpenAI reports a failure within a stream."""
        if self._path != "/responses":
            return b"data: %b\n\n" % _encoded({"error": error})
        # Its clients read either form: the event of the Responses API, or the error that all streams have.
        event = {"type": "error", **{name: error.get(name) for name in ("code", "message", "param")}}
        return b"event: error\ndata: %b\n\n" % _encoded({**event, "error": error})


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
