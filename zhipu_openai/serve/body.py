"""Reading the body of a request, within limits of size and time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from .headers import values
from .refusals import RefusedHere, bad_request, too_large, too_slow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .headers import RawHeaders
    from .limits import Limits

    Receive = Callable[[], Awaitable[Any]]

_LINGER_SECONDS: Final = 1.0
_LINGER_BYTES: Final = 1024 * 1024


class ClientGone(Exception):  # noqa: N818 - it ends work that nobody waits for
    """The client has left."""


async def read_body(receive: Receive, headers: RawHeaders, limits: Limits) -> bytes:
    """Read a body whole.

    Raises:
        RefusedHere: It is too large, or does not arrive in time.
        ClientGone: The client left before its end.
    """
    declared = values(headers, b"content-length")
    if declared and not declared[0].isdecimal():
        raise RefusedHere(bad_request("The length of the body cannot be read."))
    if declared and int(declared[0][:20]) > limits.max_body:
        raise RefusedHere(too_large(limits.max_body))
    loop = asyncio.get_running_loop()
    began = loop.time()
    pieces: list[bytes] = []
    size = 0
    more = True
    while more:
        left = began + limits.body_timeout + size / limits.body_rate - loop.time()
        message = await _within(receive, min(left, limits.body_timeout))
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(piece)
        if size > limits.max_body:
            raise RefusedHere(too_large(limits.max_body), body_ended=None if more else True)
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def _within(receive: Receive, seconds: float) -> Any:
    try:
        return await asyncio.wait_for(receive(), max(seconds, 0.0))
    except asyncio.TimeoutError:  # its own class before Python 3.11
        raise RefusedHere(too_slow(), body_ended=False) from None


async def linger(receive: Receive, headers: RawHeaders) -> bool:
    """Read a little of a body that is not wanted: a client reads no answer while it still sends.

    Returns:
        Whether the body has ended, so that the connection can serve another request.
    """
    if values(headers, b"expect"):
        return False  # the client waits to be asked for the body, and is not asked
    size = 0
    loop = asyncio.get_running_loop()
    until = loop.time() + _LINGER_SECONDS
    while size < _LINGER_BYTES:
        try:
            message = await asyncio.wait_for(receive(), max(until - loop.time(), 0.0))
        except asyncio.TimeoutError:
            return False
        if not message.get("more_body", False):
            return True
        size += len(message.get("body", b""))
    return False
