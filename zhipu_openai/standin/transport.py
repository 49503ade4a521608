"""The stand-in behind an HTTP client of the caller's library, in the same process and without a socket."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .traffic import Cut, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .service import StandIn


def client(service: StandIn, library: Any, **options: Any) -> Any:
    """Make a sync client whose every request is answered by the stand-in, whatever its host.

    Args:
        service: The stand-in.
        library: The module ``httpx`` or ``httpx2``.
        options: What the library's ``Client`` takes, but for ``transport``.

    Returns:
        A ``library.Client``. It heeds the read timeout, and a connection that the stand-in breaks raises
        ``library.RemoteProtocolError``.
    """

    def answer(request: Any) -> Any:
        reply = _reply(service, request)

        def sleep(seconds: float) -> None:
            allowed = _within_timeout(request, seconds)
            time.sleep(allowed)
            if allowed < seconds:
                raise _timed_out(library, request)

        def body() -> Iterator[bytes]:
            try:
                yield from reply.pieces(sleep)
            except Cut:
                raise _broken(library, request) from None

        sleep(reply.delay)
        content = body() if reply.streams else reply.read()
        return library.Response(reply.status, headers=reply.headers, content=content)

    return _marked(library.Client(transport=library.MockTransport(answer), **options), service)


def async_client(service: StandIn, library: Any, **options: Any) -> Any:
    """Make an async client whose every request is answered by the stand-in, whatever its host.

    Args:
        service: The stand-in.
        library: The module ``httpx`` or ``httpx2``.
        options: What the library's ``AsyncClient`` takes, but for ``transport``.

    Returns:
        A ``library.AsyncClient``. Other tasks run between the events of a stream. It heeds the read
        timeout, and a connection that the stand-in breaks raises ``library.RemoteProtocolError``.
    """

    async def answer(request: Any) -> Any:
        reply = _reply(service, request)

        async def sleep(seconds: float) -> None:
            import anyio  # noqa: PLC0415 - comes with the library; the sync client needs none

            allowed = _within_timeout(request, seconds)
            await anyio.sleep(allowed)
            if allowed < seconds:
                raise _timed_out(library, request)

        async def body() -> AsyncIterator[bytes]:
            try:
                async for piece in reply.apieces(sleep):
                    yield piece
            except Cut:
                raise _broken(library, request) from None

        await sleep(reply.delay)
        content = body() if reply.streams else reply.read()
        return library.Response(reply.status, headers=reply.headers, content=content)

    return _marked(library.AsyncClient(transport=library.MockTransport(answer), **options), service)


def _marked(client: Any, service: StandIn) -> Any:
    """Mark a client as the stand-in's, so that it may be used where only the stand-in may.

    Websockets do not pass through it; whoever opens one finds the service here.
    """
    client.stands_in = True
    client.service = service
    return client


def _reply(service: StandIn, request: Any) -> Reply:
    path = request.url.raw_path.decode("ascii")
    return service.handle(request.method, path, request.headers, request.content)


def _within_timeout(request: Any, seconds: float) -> float:
    """Return how long may be waited: the seconds, or the read timeout if that is shorter."""
    limit = request.extensions.get("timeout", {}).get("read")
    return seconds if limit is None else min(seconds, limit)


def _timed_out(library: Any, request: Any) -> Exception:
    error: Exception = library.ReadTimeout("The read operation timed out", request=request)
    return error


def _broken(library: Any, request: Any) -> Exception:
    error: Exception = library.RemoteProtocolError(
        "peer closed connection without sending complete message body (incomplete chunked read)",
        request=request,
    )
    return error
