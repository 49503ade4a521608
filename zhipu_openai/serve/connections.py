"""What uvicorn leaves open on a connection: a head that never ends, an answer that is never read, one too many.

A subclass of uvicorn's protocol over h11, which is the stricter of its two parsers and always there. What it
says by itself of a broken request is plain text; here it is in OpenAI's shape too.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from . import refusals

if TYPE_CHECKING:
    import asyncio

    from zhipu_openai.errors import ErrorAnswer

    from .limits import Limits


def guarded_by(limits: Limits) -> type[asyncio.Protocol]:
    """Make the protocol for a server with these limits."""

    class Guarded(_Guarded):
        """One connection."""

        guards = limits

    return Guarded


class _Guarded(H11Protocol):
    """One connection, within limits."""

    guards: Limits

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin as uvicorn does, with no timer."""
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._has_begun = False

    def connection_made(self, transport: Any) -> None:
        """Take the connection, unless there are too many, and wait for a head."""
        super().connection_made(transport)
        if len(self.connections) > self.guards.connections:
            self._turn_away(refusals.too_many_connections())
            return
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Pass the data on, and see whether a head is under way."""
        if self.transport.is_closing():
            return
        self._has_begun = True
        super().data_received(data)
        if self.transport.get_protocol() is not self or self._is_answering():
            self._stop_waiting()
        elif self._head_timer is None:
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """Go on to the next request; what waits for its first byte is uvicorn's own timer."""
        self._has_begun = False
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Give a client that takes nothing of its answer a while."""
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.guards.write_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """Let the client go on."""
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def send_400_response(self, msg: str) -> None:
        """Say in OpenAI's shape that a request cannot be read."""
        self._turn_away(refusals.bad_request(msg))

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(self.guards.header_timeout, self._head_is_late)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._has_begun:
            self._turn_away(refusals.too_slow())
        else:
            self.transport.close()

    def _turn_away(self, answer: ErrorAnswer) -> None:
        """Answer past h11, which may be in no state to send, and close."""
        if self.transport.is_closing():
            return
        self._stop_waiting()
        if self._is_answering() and self.cycle.response_started:
            self.transport.abort()
            return
        content = json.dumps(answer.body).encode()
        status = HTTPStatus(answer.status)
        headers = {**answer.headers(), "content-length": str(len(content)), "connection": "close"}
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("ascii") + content)
        self.transport.close()
