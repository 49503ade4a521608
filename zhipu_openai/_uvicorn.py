"""What the served stand-in and the served boundary share: uvicorn, imported when it is needed, and run in a thread.

Needs the extra ``server``; nothing of it is imported before it is used.
"""

from __future__ import annotations

import socket
import threading
import time
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

_START_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 5.0


def needed(module: str, what: str) -> Any:
    """Import a module of the extra ``server``.

    Args:
        module: The module.
        what: What needs it, for the message.

    Raises:
        ImportError: It is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        raise ImportError(
            f'{what} needs {package}, which is not installed: pip install "zhipu-openai[server]"',
            name=error.name,
        ) from error


def websockets_protocol(what: str) -> str:
    """Name what uvicorn is to speak websockets with, which only the realtime API needs."""
    if find_spec("websockets") is None:
        return "none"
    known = needed("uvicorn.config", what).WS_PROTOCOLS
    # The one named "websockets" uses a part of that library which is deprecated.
    return "websockets-sansio" if "websockets-sansio" in known else "websockets"


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address.

    Args:
        host: An address or a name of this machine.
        port: The port, 0 for a free one.

    Raises:
        OSError: It cannot be listened on.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return socket.create_server((str(address[0]), int(address[1])), family=family)


def origin_of_socket(listener: socket.socket) -> str:
    """Give the address of a listening socket, such as ``http://127.0.0.1:8765``."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Background:
    """A uvicorn server that runs in a thread for as long as the ``with`` block lasts."""

    _name = "zhipu-server"

    def __init__(self, *, host: str, port: int) -> None:
        """Keep the address to listen on; port 0 is a free one."""
        self._address = (host, port)
        self._socket: socket.socket | None = None
        self._server: Any = None
        self._thread: threading.Thread | None = None

    def _config(self) -> Any:
        """Make uvicorn's configuration."""
        raise NotImplementedError

    @property
    def origin(self) -> str:
        """The server's address, such as ``http://127.0.0.1:8765``.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._socket is None:
            raise RuntimeError("the server is not running: use it in a with statement")
        return origin_of_socket(self._socket)

    def __enter__(self) -> Self:
        """Start to serve.

        Raises:
            ImportError: The extra ``server`` is not installed.
            OSError: The address cannot be listened on.
            RuntimeError: The server does not come up in time.
        """
        config = self._config()
        self._server = import_module("uvicorn").Server(config)
        self._socket = listen(*self._address)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name=self._name, daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                self._stop()
                raise RuntimeError("the server did not come up")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop to serve."""
        self._stop()

    def _stop(self) -> None:
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        if self._socket is not None:
            self._socket.close()
        self._socket = self._thread = None
