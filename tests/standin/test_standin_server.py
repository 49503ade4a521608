"""The stand-in behind a socket."""

from __future__ import annotations

import http.client
import importlib
import json
import socket
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from standin_helpers import CHAT, KEY, imported_by

from zhipu_openai import _uvicorn as module
from zhipu_openai.standin import BackgroundServer, StandIn, create_app, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY: dict[str, Any] = {"model": "glm-4-flash-250414", "messages": [{"role": "user", "content": "hi"}]}
STREAM = {**BODY, "stream": True}


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundServer]:
    with BackgroundServer() as running:
        yield running


@pytest.fixture
def service(server: BackgroundServer) -> Iterator[StandIn]:
    yield server.service
    server.service.switch_off()


@contextmanager
def posted(server: BackgroundServer, body: Any, path: str = CHAT) -> Iterator[http.client.HTTPResponse]:
    """Send a chat request over a connection of its own, which is closed in the end."""
    connection = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=10)
    with closing(connection):
        connection.request("POST", path, json.dumps(body), {**KEY, "Content-Type": "application/json"})
        yield connection.getresponse()


def raw(server: BackgroundServer, body: Any) -> bytes:
    """Send a chat request on a bare socket and read until the server hangs up or ends the body."""
    address = urlsplit(server.origin)
    content = json.dumps(body).encode()
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as connection:
        head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: {KEY['Authorization']}\r\n"
        connection.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        received = b""
        while not received.endswith(b"\r\n0\r\n\r\n"):
            part = connection.recv(65536)
            if not part:
                break
            received += part
    return received


def test_the_base_url_is_on_the_loopback_and_ends_as_zhipus(server: BackgroundServer) -> None:
    address = urlsplit(server.base_url)
    assert (address.scheme, address.hostname, address.path) == ("http", "127.0.0.1", "/api/paas/v4")
    assert server.base_url == f"{server.origin}/api/paas/v4"


def test_a_whole_answer_comes_over_the_socket(server: BackgroundServer, service: StandIn) -> None:
    service.say("Hello!")
    with posted(server, BODY, f"{CHAT}?a=1") as reply:
        body = reply.read()
    assert json.loads(body)["choices"][0]["message"]["content"] == "Hello!"
    assert reply.headers.get_all("content-length") == [str(len(body))]
    assert reply.headers.get_all("server") == ["zhipu-openai-standin"]
    assert len(reply.headers.get_all("date", [])) == 1
    assert reply.headers.get_all("vary", []).count("Origin") == 2
    assert service.requests[-1].path == f"{CHAT}?a=1"
    assert service.requests[-1].json == BODY


def test_a_stream_comes_in_chunks_and_ends_properly(server: BackgroundServer, service: StandIn) -> None:
    service.say("one two")
    received = raw(server, STREAM)
    assert b"transfer-encoding: chunked" in received.lower()
    assert received.count(b"data: ") == 4
    assert received.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_a_cut_stream_ends_properly_over_the_socket(server: BackgroundServer, service: StandIn) -> None:
    service.switch_on("cut_stream")
    assert raw(server, STREAM).endswith(b'"delta":{"role\r\n0\r\n\r\n')


def test_a_broken_connection_has_no_proper_end(server: BackgroundServer, service: StandIn) -> None:
    service.switch_on("broken_connection")
    assert raw(server, STREAM).endswith(b'"delta":{"role\r\n')
    with posted(server, STREAM) as reply, pytest.raises(http.client.IncompleteRead):
        reply.read()


def test_an_overloaded_answer_has_no_content_type(server: BackgroundServer, service: StandIn) -> None:
    service.switch_on("overload")
    with posted(server, BODY) as reply:
        assert (reply.status, reply.getheader("content-type")) == (429, None)


def test_an_unknown_path_and_method_are_404(server: BackgroundServer) -> None:
    with closing(http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=10)) as connection:
        connection.request("DELETE", "/v4/nothing", headers=KEY)
        reply = connection.getresponse()
        assert (reply.status, json.loads(reply.read())["path"]) == (404, "/v4/nothing")


def test_a_delay_is_waited_over_the_socket(server: BackgroundServer, service: StandIn) -> None:
    service.delay(0.2)
    began = time.monotonic()
    with posted(server, BODY) as reply:
        assert reply.status == 200
    assert time.monotonic() - began >= 0.2


def test_a_paced_stream_stops_when_its_reader_has_gone() -> None:
    service = StandIn(pace=0.01)
    service.say("word " * 2000)
    began = time.monotonic()
    with BackgroundServer(service) as server, posted(server, STREAM) as reply:
        assert reply.read(50)
    # Were it still sending, the server would wait for the stream before it goes.
    assert time.monotonic() - began < 0.9


def test_a_server_that_does_not_run_has_no_address() -> None:
    server = BackgroundServer()
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.base_url
    with server:
        assert server.base_url.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.origin


def test_a_server_leaves_no_thread_and_no_listener_behind() -> None:
    before = threading.active_count()
    with BackgroundServer() as server:
        address = urlsplit(server.origin)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
    assert address.hostname is not None
    with pytest.raises(OSError, match=r"refused|reset"):
        socket.create_connection((address.hostname, address.port or 0), timeout=2)


def test_a_port_that_is_taken_is_reported_where_the_server_is_started() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"), BackgroundServer(port=port):
            pass


def test_an_app_of_its_own_has_a_stand_in_of_its_own() -> None:
    assert create_app() is not create_app()


def test_serve_listens_on_the_loopback_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    given: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda _app, **options: given.update(options))
    serve()
    assert (given["host"], given["port"]) == ("127.0.0.1", 8765)
    serve("0.0.0.0", 80, log_level="error")  # noqa: S104 - the point of the test
    assert (given["host"], given["port"], given["log_level"]) == ("0.0.0.0", 80, "error")  # noqa: S104 - likewise


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_the_error_names_it(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, package: str | None = None) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, package)

    real = importlib.import_module
    monkeypatch.setattr(module, "import_module", refuse)
    with pytest.raises(ImportError, match=rf'needs {missing}, .*: pip install "zhipu-openai\[server\]"'):
        BackgroundServer().__enter__()


def test_importing_the_server_module_imports_no_server() -> None:
    heavy = "starlette", "uvicorn", "anyio"
    assert imported_by("import zhipu_openai.standin.server", *heavy) == []
