"""The boundary served from a thread on a wire of the test's, and bare sockets to speak with it."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openai
from conftest import KEY, httpx

from zhipu_openai.serve import Application, Limits, ServedBoundary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Wire
    from local_server import LocalServer

ZHIPU = "https://open.bigmodel.cn/api/paas/v4"
TOOLS_KEY = "sk-the-tools-own-key-of-openai"
CHAT = "/v1/chat/completions"
QUESTION: dict[str, Any] = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}]}
STREAM = {**QUESTION, "stream": True}
QUICK = Limits(grace=1)


@contextmanager
def served(wire: Wire, **options: Any) -> Iterator[ServedBoundary]:
    """Serve on the wire."""
    below = httpx.AsyncClient(transport=httpx.MockTransport(wire.handle_async), follow_redirects=True)
    with ServedBoundary(application(**{"http_client": below, "api_key": KEY, **options})) as server:
        yield server


def application(**options: Any) -> Application:
    """Make an application that stops quickly."""
    return Application(**{"limits": QUICK, **options})


def ask(
    server: ServedBoundary,
    method: str = "POST",
    path: str = CHAT,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Send one request; a dict is sent as JSON."""
    given = {"json": body} if isinstance(body, dict) else {"content": body}
    return _client().request(method, f"{server.origin}{path}", headers=headers, **given)


def client_of(server: ServedBoundary, **options: Any) -> openai.OpenAI:
    """Make openai's own client of the server."""
    given = {
        "base_url": server.base_url,
        "api_key": TOOLS_KEY,
        "max_retries": 0,
        "http_client": _new_client(),
    }
    return openai.OpenAI(**{**given, **options})


@cache
def _client() -> Any:
    return _new_client()


def _new_client() -> Any:
    # Without the machine's certificates: to read them takes longer than a test.
    return httpx.Client(
        trust_env=False,
        verify=False,
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def served_over(zhipu: LocalServer, **options: Any) -> ServedBoundary:
    """Serve over real connections to a server that stands where Zhipu would."""
    below = httpx.AsyncClient(trust_env=False, verify=False)
    given = {"http_client": below, "base_url": f"{zhipu.url}/api/paas/v4", "api_key": KEY}
    return ServedBoundary(application(**{**given, **options}))


@contextmanager
def connected(server: ServedBoundary) -> Iterator[socket.socket]:
    """Open a bare connection."""
    address = urlsplit(server.origin)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as connection:
        yield connection


def rest(connection: socket.socket) -> bytes:
    """Read until the server hangs up."""
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


def raw(server: ServedBoundary, data: bytes) -> bytes:
    """Send bytes as they are, and read until the server hangs up."""
    with connected(server) as connection:
        connection.sendall(data)
        return rest(connection)


def head(method: str, target: str, *lines: str, host: str = "127.0.0.1") -> bytes:
    """Write the head of a request that is the only one of its connection."""
    return "\r\n".join(
        [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""]
    ).encode("latin-1")


def error_of(received: bytes) -> tuple[int, dict[str, Any]]:
    """Give status and error of a raw answer, which must be in OpenAI's shape."""
    top, _, content = received.partition(b"\r\n\r\n")
    status = int(top.split(b" ", 2)[1])
    error = json.loads(content)["error"]
    assert {"message", "type", "param", "code"} <= error.keys()
    return status, error
