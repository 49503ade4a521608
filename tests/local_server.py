"""A small HTTP/1.1 server on a real socket, which answers what a test says and counts its connections."""

from __future__ import annotations

import json
import select
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import Self

CERTIFICATE = Path(__file__).with_name("certificate.pem")

PATIENCE = 10.0
"""Seconds after which a connection that has fallen silent is given up."""


class Received:
    """A request as it came over the socket."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ")
        pairs = [line.partition(": ") for line in lines if line]
        self.headers = {name.lower(): value for name, _, value in pairs}
        self.head = head
        self.body = body

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


def reply(body: Any = b"", *, status: int = 200, **headers: str) -> bytes:
    """Make a whole reply: JSON for a dict or list, anything else as it is."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    lines = {"content-type": kind, "content-length": str(len(content)), **named(headers)}
    return head(status, lines) + content


def stream_head(**headers: str) -> bytes:
    """Make the head of a reply whose body comes in chunks."""
    return head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked", **named(headers)})


def piece(data: bytes) -> bytes:
    """Make one chunk of such a body; an empty one is its end."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def head(status: int, headers: dict[str, str]) -> bytes:
    """Make the head of a reply."""
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def named(headers: dict[str, str]) -> dict[str, str]:
    """Turn keywords into the names of headers."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


class LocalServer:
    """Serves on a port of this machine until it is left.

    ``answer`` is given each request. What it gives is written: bytes as they are, a number is a pause in
    seconds, and None closes the connection. After a CONNECT that is answered, the connection goes on with TLS,
    so that the server can be a proxy and what lies behind it in one.
    """

    def __init__(
        self, answer: Callable[[Received], bytes | Iterable[bytes | float | None]], *, tls: bool = False
    ) -> None:
        self.answer = answer
        self.received: list[Received] = []
        self.connections = 0
        self.open = 0
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(CERTIFICATE)
        self._starts_with_tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.authority = f"{'localhost' if tls else '127.0.0.1'}:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.authority}"
        self._leaving = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._leaving.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self.open += 1
        try:
            connection.settimeout(PATIENCE)
            with suppress(OSError):
                if self._starts_with_tls:
                    self._talk_tls(connection)
                else:
                    self._talk(connection)
        finally:
            connection.close()
            with self._lock:
                self.open -= 1

    def _talk_tls(self, connection: socket.socket) -> None:
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            self._talk(secured)

    def _talk(self, connection: socket.socket) -> None:
        for request in self._requests(connection):
            self.received.append(request)
            said = self.answer(request)
            for part in [said] if isinstance(said, bytes) else said:
                if part is None:
                    return
                if isinstance(part, bytes):
                    connection.sendall(part)
                else:
                    self._pause(connection, part)
            if request.method == "CONNECT":
                self._talk_tls(connection)
                return

    def _pause(self, connection: socket.socket, seconds: float) -> None:
        """Wait, but not beyond the moment at which the other side hangs up or the test ends."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._leaving.is_set():
            time.sleep(0.005)
            if self._hung_up(connection):
                raise ConnectionResetError

    def _hung_up(self, connection: socket.socket) -> bool:
        if isinstance(connection, ssl.SSLSocket) or not select.select([connection], [], [], 0)[0]:
            return False
        return connection.recv(1, socket.MSG_PEEK) == b""

    def _requests(self, connection: socket.socket) -> Iterator[Received]:
        buffer = b""
        while True:
            while b"\r\n\r\n" not in buffer:
                buffer += self._more(connection)
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            request = Received(head, b"")
            if request.headers.get("transfer-encoding") == "chunked":
                while b"0\r\n\r\n" not in buffer:
                    buffer += self._more(connection)
                request.body, _, buffer = buffer.partition(b"0\r\n\r\n")
            else:
                length = int(request.headers.get("content-length", "0"))
                while len(buffer) < length:
                    buffer += self._more(connection)
                request.body, buffer = buffer[:length], buffer[length:]
            yield request

    def _more(self, connection: socket.socket) -> bytes:
        until = time.monotonic() + PATIENCE
        connection.settimeout(0.05)
        try:
            while not self._leaving.is_set() and time.monotonic() < until:
                try:
                    data = connection.recv(65536)
                except TimeoutError:
                    continue
                if not data:
                    break
                return data
        finally:
            connection.settimeout(PATIENCE)
        raise ConnectionResetError
