"""Clients that send too much, too slowly, nonsense, or that take nothing."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from conftest import COMPLETION, Wire, chunk, sse
from local_server import LocalServer, piece, stream_head
from serve_helpers import (
    CHAT,
    QUESTION,
    QUICK,
    STREAM,
    ask,
    connected,
    error_of,
    head,
    raw,
    rest,
    served,
    served_over,
)

CONTENT = json.dumps(QUESTION).encode()
HASTY = replace(QUICK, header_timeout=0.1, body_timeout=0.1, keep_alive=1)
SMALL = replace(QUICK, max_body=100)


@pytest.mark.parametrize(
    "begun", [b"G", b"GET /v1/models HTTP/1.1\r\n", b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: y\r\n"]
)
def test_a_head_that_does_not_end_is_a_408(wire: Wire, begun: bytes) -> None:
    with served(wire, limits=HASTY) as server:
        status, error = error_of(raw(server, begun))
    assert (status, error["code"]) == (408, "request_timeout")


def test_a_head_that_comes_byte_by_byte_gets_no_more_time_for_it(wire: Wire) -> None:
    with served(wire, limits=HASTY) as server, connected(server) as connection:
        connection.setblocking(False)
        received = b""
        for _ in range(10_000):
            try:
                connection.sendall(b"GET"[:1])
                received += connection.recv(65536)
            except BlockingIOError:
                threading.Event().wait(0.005)
            except ConnectionError:
                break
            if received:
                break
    assert b" 408 " in received


def test_a_connection_that_says_nothing_is_closed_without_a_word(wire: Wire) -> None:
    with served(wire, limits=HASTY) as server:
        assert raw(server, b"") == b""


def test_a_second_head_on_a_connection_is_waited_for_no_longer(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire, limits=HASTY) as server, connected(server) as connection:
        kept = head("GET", "/healthz").replace(b"Connection: close\r\n", b"")
        connection.sendall(kept)
        assert b"200 OK" in connection.recv(65536)
        connection.sendall(b"GET /heal")
        assert b" 408 " in rest(connection)


def test_a_body_that_does_not_come_is_a_408(wire: Wire) -> None:
    with served(wire, limits=HASTY) as server:
        for begun in (b"", CONTENT[:10]):
            received = raw(server, head("POST", CHAT, f"Content-Length: {len(CONTENT)}") + begun)
            assert error_of(received)[0] == 408
        chunked = head("POST", CHAT, "Transfer-Encoding: chunked") + b'5\r\n{"mod\r\n'
        assert error_of(raw(server, chunked))[0] == 408
    assert wire.sent == []


def test_a_body_that_drips_is_a_408_although_it_never_falls_silent(wire: Wire) -> None:
    limits = replace(HASTY, body_timeout=0.2)
    with served(wire, limits=limits) as server, connected(server) as connection:
        connection.sendall(head("POST", CHAT, "Content-Length: 100000"))
        connection.setblocking(False)
        received = b""
        for _ in range(10_000):
            try:
                connection.sendall(b" ")
                received += connection.recv(65536)
            except BlockingIOError:
                threading.Event().wait(0.005)
            except ConnectionError:
                break
            if received:
                break
    assert b" 408 " in received


@pytest.mark.parametrize("declared", ["101", "99999999999999999999"])
def test_a_body_that_says_it_is_too_large_is_not_read(wire: Wire, declared: str) -> None:
    with served(wire, limits=SMALL) as server:
        asked = raw(server, head("POST", CHAT, f"Content-Length: {declared}", "Expect: 100-continue"))
    status, error = error_of(asked)
    assert (status, error["code"]) == (413, "request_too_large")
    assert b"100 Continue" not in asked


def test_a_body_that_grows_too_large_is_refused_where_it_does(wire: Wire) -> None:
    chunks = b"".join(piece(b"x" * 50) for _ in range(3)) + piece(b"")
    with served(wire, limits=SMALL) as server:
        assert error_of(raw(server, head("POST", CHAT, "Transfer-Encoding: chunked") + chunks))[0] == 413
        assert ask(server, body="x" * 100_000).status_code == 413
    assert wire.sent == []


def test_a_body_of_just_the_size_passes(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire, limits=replace(QUICK, max_body=len(CONTENT))) as server:
        assert ask(server, body=CONTENT, headers={"Content-Type": "application/json"}).status_code == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET /v1/models\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100_000,
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_request_is_a_400_in_openais_shape(wire: Wire, nonsense: bytes) -> None:
    with served(wire) as server:
        assert error_of(raw(server, nonsense))[0] in (400, 501)
    assert wire.sent == []


def test_length_and_chunks_together_smuggle_no_second_request(wire: Wire) -> None:
    wire.reply(COMPLETION)
    smuggled = b"0\r\n\r\nGET /v1/secret HTTP/1.1\r\nHost: localhost\r\n\r\n"
    lines = (f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked")
    with served(wire) as server:
        raw(server, head("POST", CHAT, *lines) + smuggled)
    assert not [sent for sent in wire.sent if "secret" in sent.url]


def test_one_connection_too_many_is_a_503_and_the_others_go_on(wire: Wire) -> None:
    with served(wire, limits=replace(QUICK, connections=3)) as server, ExitStack() as stack:
        held = [stack.enter_context(connected(server)) for _ in range(3)]
        for connection in held:
            connection.sendall(head("GET", "/healthz").replace(b"Connection: close\r\n", b""))
            assert b"200 OK" in connection.recv(65536)
        with connected(server) as late:
            status, error = error_of(rest(late))
        assert (status, error["code"]) == (503, "too_many_connections")
        held[0].close()
        while b"200 OK" not in raw(server, head("GET", "/healthz")):
            threading.Event().wait(0.005)


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_server.PATIENCE", 60.0)
    part = piece(sse(chunk({"role": "assistant", "content": "x" * 60_000}), done=False))

    def answer(_: Any) -> Any:
        yield stream_head()
        for _ in range(1000):
            yield part

    limits = replace(QUICK, write_timeout=0.1)
    content = json.dumps(STREAM).encode()
    with (
        LocalServer(answer) as zhipu,
        served_over(zhipu, limits=limits) as server,
        connected(server) as connection,
    ):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(head("POST", CHAT, f"Content-Length: {len(content)}") + content)
        while not zhipu.received:
            threading.Event().wait(0.005)
        for _ in range(2000):  # it ends without the client having read a byte
            if not zhipu.open:
                break
            threading.Event().wait(0.005)
        assert not zhipu.open


def test_a_server_that_stops_finishes_what_is_running() -> None:
    stopped = threading.Event()

    def answer(_: Any) -> Any:
        yield stream_head() + piece(sse(chunk({"role": "assistant", "content": "one"}), done=False))
        while not stopped.is_set():
            yield 0.01
        yield piece(sse(chunk({"content": "two"}, "stop"))) + piece(b"")

    content = json.dumps(STREAM).encode()
    with (
        LocalServer(answer) as zhipu,
        served_over(zhipu, limits=replace(QUICK, grace=5)) as server,
        connected(server) as connection,
    ):
        connection.sendall(head("POST", CHAT, f"Content-Length: {len(content)}") + content)
        first = connection.recv(65536)
        server._server.should_exit = True
        while not server._server.servers or server._server.servers[0].is_serving():
            threading.Event().wait(0.005)
        stopped.set()
        received = first + rest(connection)
    assert received.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_what_is_not_finished_within_the_grace_is_told_so() -> None:
    def answer(_: Any) -> Any:
        yield stream_head() + piece(sse(chunk({"role": "assistant", "content": "one"}), done=False))
        yield 60.0

    content = json.dumps(STREAM).encode()
    with LocalServer(answer) as zhipu:
        with served_over(zhipu, limits=replace(QUICK, grace=0.01)) as server, connected(server) as connection:
            connection.sendall(head("POST", CHAT, f"Content-Length: {len(content)}") + content)
            assert b"200 OK" in connection.recv(65536)
            server._server.should_exit = True
            received = rest(connection)
        assert b'"code":"server_stopping"' in received
        assert received.endswith(b"0\r\n\r\n")
