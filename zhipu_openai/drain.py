"""Reading the rest of a body that has said all there is to say, so that its connection can be used again.

HTTP/1.1 reuses a connection only after the very end of a body, which comes behind the last event of a stream;
openai closes a stream at that event (its sync client from 2.x on, each time, for a new TCP and TLS handshake).
A server that keeps the body open after its last event must not hold the caller up, so the wait is short.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

PATIENCE: Final = 0.05
"""Seconds to wait for the end of a body; in practice it is in the packet of the last event or right behind."""


def drain(response: Any, source: Iterator[Any]) -> None:
    """Read a response to its end, if that comes within PATIENCE.

    A blocking read cannot be given a limit afterwards, so it is done in a thread; when the time is up, the
    connection is cut, which ends the thread too.

    Args:
        response: The response of httpx or httpx2.
        source: The iterator over its body, as far as it was read.
    """
    if not _needs_draining(response) or _socket_of(response) is None:
        return
    reader = threading.Thread(target=_exhaust, args=(source,), name="zhipu-openai-drain", daemon=True)
    try:
        reader.start()
    except RuntimeError:
        return  # no thread can be started any more: the interpreter is on its way out
    reader.join(PATIENCE)
    if reader.is_alive():
        cut(response)
        reader.join(PATIENCE)


async def drain_async(response: Any, source: AsyncIterator[Any]) -> None:
    """Read a response to its end, if that comes within PATIENCE."""
    if not _needs_draining(response):
        return
    from anyio import move_on_after  # noqa: PLC0415 - openai brings it; needed only here

    with suppress(Exception), move_on_after(PATIENCE):
        async for _ in source:
            pass


def cut(response: Any) -> None:
    """End the reading of a response in another thread, which then closes it.

    Nothing happens to a connection that cannot be told from here, or that other requests share.
    """
    sock = _socket_of(response)
    if sock is not None and _needs_draining(response):
        with suppress(OSError):
            # The plain socket's method: that of a TLS socket takes its state away from under the reader.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _needs_draining(response: Any) -> bool:
    # HTTP/2 ends one stream of many and keeps the connection.
    return not response.is_closed and response.http_version != "HTTP/2"


def _socket_of(response: Any) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    sock = None if stream is None else stream.get_extra_info("socket")
    return sock if isinstance(sock, socket.socket) else None


def _exhaust(source: Iterator[Any]) -> None:
    # Whatever goes wrong here, the response is closed next.
    with suppress(Exception):
        for _ in source:
            pass
