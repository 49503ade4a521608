"""The stand-in behind a socket: for other languages, other processes and a look with curl.

Needs the extra ``server`` (starlette and uvicorn); nothing of it is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai._uvicorn import Background, needed, websockets_protocol

from .resources import GENERAL
from .service import StandIn
from .traffic import Cut, Reply

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send
    from starlette.websockets import WebSocket
_WHAT: Final = "The stand-in as a server"
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(service: StandIn | None = None) -> Starlette:
    """Make an ASGI application of a stand-in.

    Args:
        service: The stand-in; a new one if None.

    Raises:
        ImportError: The extra ``server`` is not installed.
    """
    starlette, routing = _needed("starlette.applications"), _needed("starlette.routing")
    answering = service or StandIn()

    async def answer(request: Request) -> _Answer:
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        reply = answering.handle(request.method, address, request.headers, await request.body())
        return _Answer(reply, request)

    async def converse(websocket: WebSocket) -> None:
        from .realtime.served import converse as talk  # noqa: PLC0415 - for realtime alone

        await talk(answering, websocket)

    routes = [
        routing.Route("/{path:path}", answer, methods=_METHODS),
        routing.WebSocketRoute("/{path:path}", converse),
    ]
    app: Starlette = starlette.Starlette(routes=routes)
    return app


def serve(
    host: str = "127.0.0.1", port: int = 8765, *, service: StandIn | None = None, log_level: str = "info"
) -> None:
    """Serve a stand-in until it is interrupted.

    Args:
        host: The address to listen on; the loopback by default. The stand-in takes any key, so put it on
            another address only where you mean to.
        port: The port, 0 for a free one.
        service: The stand-in; a new one if None.
        log_level: A level of uvicorn's: critical, error, warning, info, debug or trace.

    Raises:
        ImportError: The extra ``server`` is not installed.
    """
    uvicorn = _needed("uvicorn")
    uvicorn.run(create_app(service), host=host, port=port, log_level=log_level, **_options())


class BackgroundServer(Background):
    """A stand-in served from a thread for as long as the ``with`` block lasts.

    Attributes:
        service: The stand-in that answers.
    """

    _name = "zhipu-standin"

    def __init__(self, service: StandIn | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare a server.

        Args:
            service: The stand-in; a new one if None.
            host: The address to listen on; the loopback by default.
            port: The port, 0 for a free one.
        """
        super().__init__(host=host, port=port)
        self.service = service or StandIn()

    @property
    def base_url(self) -> str:
        """The base URL for a client, as Zhipu's own: it ends in ``/api/paas/v4``.

        Raises:
            RuntimeError: The server is not running.
        """
        return f"{self.origin}{GENERAL}"

    def _config(self) -> Any:
        return _needed("uvicorn").Config(
            create_app(self.service),
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
            **_options(),
        )


def _options() -> dict[str, Any]:
    # The stand-in writes date and server itself; it has nothing to start or stop.
    return {"date_header": False, "server_header": False, "lifespan": "off", "ws": websockets_protocol(_WHAT)}


class _Answer:
    """Writes a reply to ASGI: its headers as they are, its pieces with their pauses."""

    def __init__(self, reply: Reply, request: Request) -> None:
        self._reply = reply
        self._request = request

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the reply; where it is cut, return without an end, so that the server drops the connection."""
        reply = self._reply
        await _sleep(reply.delay)
        body = b"" if reply.streams else reply.read()
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
        if not reply.streams:
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if reply.streams:
            try:
                async for piece in reply.apieces(_sleep):
                    if reply.pace and await self._request.is_disconnected():
                        return
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except Cut:
                return
        await send({"type": "http.response.body", "body": body})


async def _sleep(seconds: float) -> None:
    import anyio  # noqa: PLC0415 - comes with starlette

    await anyio.sleep(seconds)


def _needed(module: str) -> Any:
    return needed(module, _WHAT)
