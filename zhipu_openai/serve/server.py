"""Running the application: behind a socket until it is interrupted, or in a thread for tests."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai._uvicorn import Background, needed, websockets_protocol

from .application import Application
from .paths import ROOT

if TYPE_CHECKING:
    import socket

_WHAT: Final = "This server"


def serve(app: Application, listener: socket.socket) -> None:
    """Serve until interrupted; running answers are then finished within the grace of the limits.

    Args:
        app: The application; its client is closed in the end.
        listener: A listening socket, which is closed too.

    Raises:
        ImportError: The extra ``server`` is not installed.
    """
    needed("uvicorn", _WHAT).Server(_config(app)).run(sockets=[listener])


def check_installed() -> None:
    """Look for what the extra ``server`` brings.

    Raises:
        ImportError: It is not installed.
    """
    needed("uvicorn", _WHAT)


def _config(app: Application) -> Any:
    uvicorn = needed("uvicorn", _WHAT)
    from .connections import guarded_by  # noqa: PLC0415 - needs uvicorn

    return uvicorn.Config(
        app,
        http=guarded_by(app.limits),
        ws=websockets_protocol(_WHAT),
        ws_max_size=app.limits.max_body,
        ws_per_message_deflate=False,
        interface="asgi3",
        lifespan="on",
        # Its own lines would show queries, and tracebacks content.
        log_config=None,
        log_level="critical",
        access_log=False,
        # Nobody stands before this server whose word on addresses counts.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=ceil(app.limits.keep_alive),
        timeout_graceful_shutdown=ceil(app.limits.grace),
    )


class ServedBoundary(Background):
    """The application served from a thread for as long as the ``with`` block lasts.

    Attributes:
        app: The application.
    """

    _name = "zhipu-serve"

    def __init__(
        self, app: Application | None = None, *, host: str = "127.0.0.1", port: int = 0, **options: Any
    ) -> None:
        """Prepare a server.

        Args:
            app: The application; a new one of ``options`` if None.
            host: The address to listen on; the loopback by default.
            port: The port, 0 for a free one.
            options: Those of Application.
        """
        super().__init__(host=host, port=port)
        self.app = app or Application(**options)

    @property
    def base_url(self) -> str:
        """The base URL for a client of OpenAI's: it ends in ``/v1``.

        Raises:
            RuntimeError: The server is not running.
        """
        return f"{self.origin}{ROOT}"

    def _config(self) -> Any:
        return _config(self.app)
