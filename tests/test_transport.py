"""What passes through the boundary as it is, what is looked at on the way, and what is answered here."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import threading
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, sse
from local_server import LocalServer, head, piece, reply, stream_head
from scripts import QUESTION, ask, collect, first, play

from zhipu_openai.boundary import PEEK
from zhipu_openai.client import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from conftest import SyncSide, Wire

ZHIPU = "https://open.bigmodel.cn/api/paas/v4"
BUSY = {"error": {"code": "1302", "message": "并发超限"}}
FILE = {"id": "f", "object": "file", "bytes": 5, "created_at": 1, "filename": "n", "purpose": "batch"}


class LocalSide:
    """Clients of one kind for a server on this machine, over the default HTTP client."""

    def __init__(self, name: str) -> None:
        self.name = name

    def client(self, **options: Any) -> Any:
        """Make a client."""
        cls = {"sync": OpenAI, "async": AsyncOpenAI}[self.name]
        return cls(**{"api_key": KEY, "max_retries": 0, **options})


@pytest.fixture(params=["sync", "async"])
def local(request: pytest.FixtureRequest) -> Any:
    """Each of the two clients in turn, to be used with a local server."""
    return LocalSide(request.param)


# Requests that pass


def test_an_upload_passes_byte_for_byte_with_its_length(local: Any) -> None:
    data = bytes(range(256)) * 1000
    boundary = {"Content-Type": "multipart/form-data; boundary=0123456789"}

    def parse(client: Any, file: Any) -> Any:
        """Use a path of Zhipu's own, which is in no row that translates."""
        return client.post(
            "/files/parser/create",
            body={"tool_type": "lite"},
            files=[("file", file)],
            options={"headers": boundary},
            cast_to=object,
        )

    def script(client: Any) -> Generator[Any, Any, None]:
        yield parse(client, ("数据.bin", data))
        yield parse(client, io.BytesIO(data))

    with LocalServer(lambda _: reply(FILE)) as server:
        play(local, script, base_url=server.url)
        with openai.OpenAI(api_key=KEY, base_url=server.url) as bare:
            for _ in script(bare):
                pass
    mine, theirs = server.received[:2], server.received[2:]
    assert [request.body for request in mine] == [request.body for request in theirs]
    for request in mine:
        assert request.headers["content-length"] == str(len(request.body))
        assert request.headers["content-type"] == boundary["Content-Type"]
        assert "transfer-encoding" not in request.headers
        assert request.method == "POST"
        assert request.target == "/files/parser/create"
        assert request.headers["authorization"] == f"Bearer {KEY}"


def test_an_upload_whose_length_is_not_known_goes_in_chunks_and_without_a_length(local: Any) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    async def pieces_async() -> Any:
        yield b"one"
        yield b"two"

    def script(client: Any) -> Generator[Any, Any, None]:
        content = pieces() if local.name == "sync" else pieces_async()
        answer = yield client._client.post(f"{client.base_url}files/parser", content=content)
        assert answer.json() == FILE

    with LocalServer(lambda _: reply(FILE)) as server:
        play(local, script, base_url=server.url)
    request = server.received[0]
    assert request.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in request.headers
    assert request.body == b"3\r\none\r\n3\r\ntwo\r\n"


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_path_in_no_row_goes_to_zhipu_as_it_is(side: SyncSide, wire: Wire, method: str) -> None:
    wire.reply({"done": True})

    def script(client: Any) -> Generator[Any, Any, None]:
        body = {} if method == "get" else {"body": {"a": "值", "n": 0.5}}
        answer = yield getattr(client, method)("/knowledge/base-1?kind=x&tag=a%2Fb", cast_to=object, **body)
        assert answer == {"done": True}

    play(side, script)
    assert wire.last.method == method.upper()
    url = httpx.URL(wire.last.url)
    assert url.path == "/api/paas/v4/knowledge/base-1"
    assert dict(url.params) == {"kind": "x", "tag": "a/b"}
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    if method != "get":
        assert wire.last.json == {"a": "值", "n": 0.5}
        assert wire.last.headers["content-type"] == "application/json"
        assert wire.last.headers["content-length"] == str(len(wire.last.content))


def test_a_slash_at_the_end_of_a_path_does_not_slip_by(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        body = {"model": "glm-5.2", "messages": QUESTION, "max_completion_tokens": 5}
        yield client.post("/chat/completions/", body=body, cast_to=object)

    play(side, script)
    assert wire.sent[0].json["max_tokens"] == 5
    assert wire.sent[0].url == f"{ZHIPU}/chat/completions"


@pytest.mark.parametrize("body", [[1, 2], "text", 5])
def test_a_chat_body_that_is_no_object_is_left_to_zhipu_to_refuse(
    side: SyncSide, wire: Wire, body: Any
) -> None:
    wire.reply({"error": {"code": "1210", "message": "API 调用参数有误"}}, status=400)

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError):
            yield client.post("/chat/completions", body=body, cast_to=object)

    play(side, script)
    assert wire.last.json == body


# Answers that pass


def native_bytes(client: Any) -> Any:
    """Ask a path that is in no row for bytes; to be yielded like a call."""
    return client.post("/voice/preview", body={}, cast_to=openai._legacy_response.HttpxBinaryResponseContent)


def test_bytes_come_through_undamaged(side: SyncSide, wire: Wire) -> None:
    data = bytes(range(256)) * 500
    wire.reply(data, headers={"content-type": "audio/wav"})

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield native_bytes(client)
        assert answer.read() == data
        assert answer.response.headers["content-type"] == "audio/wav"

    play(side, script)


def test_a_body_that_is_packed_for_the_way_is_unpacked_once(side: SyncSide, wire: Wire) -> None:
    data = b"0123456789" * 10_000
    packed = {"content-encoding": "gzip"}
    wire.reply(gzip.compress(data), headers={"content-type": "audio/wav", **packed})
    wire.reply(
        gzip.compress(json.dumps({"done": True}).encode()),
        headers={"content-type": "application/json", **packed},
    )
    wire.reply(
        gzip.compress(json.dumps(completion(content="Hello.")).encode()),
        headers={"content-type": "application/json", **packed},
    )

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield native_bytes(client)
        assert answer.read() == data
        assert "content-encoding" not in answer.response.headers
        assert (yield client.get("/knowledge", cast_to=object)) == {"done": True}
        assert (yield ask(client)).choices[0].message.content == "Hello."

    play(side, script)


def test_a_file_that_is_itself_packed_stays_so(side: SyncSide, wire: Wire) -> None:
    data = gzip.compress(b"0123456789")
    wire.reply(data, headers={"content-type": "application/gzip"})

    def script(client: Any) -> Generator[Any, Any, None]:
        assert (yield client.files.content("f")).read() == data

    play(side, script)


def gated(gate: threading.Event, kind: str, start: bytes) -> Any:
    """Answer with a body whose second half comes only when the reader has had the first."""

    def answer(_: Any) -> Iterator[bytes | float | None]:
        yield stream_head(content_type=kind) + piece(start)
        if not gate.wait(5):
            yield None
        yield piece(b"end") + piece(b"")

    return answer


@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/files/f/content", "application/octet-stream", b"start"),
        ("/files/f/content", "application/json", b'[{"error":'),
        ("/voice/preview", "audio/pcm", b"start"),
        ("/voice/preview", "text/event-stream", b"data: start\n\n"),
        ("/knowledge", "application/json", b" " * (PEEK + 1)),
        ("/knowledge", "text/plain", b" " * (PEEK + 1)),
    ],
)
def test_a_long_body_is_passed_on_while_it_comes(local: Any, path: str, kind: str, start: bytes) -> None:
    gate = threading.Event()

    with LocalServer(gated(gate, kind, start)) as server:
        url = server.url
        if local.name == "sync":
            with local.client(base_url=url) as client:
                assert read_in_two(client, path, gate) == start + b"end"
        else:

            async def main() -> bytes:
                async with local.client(base_url=url) as client:
                    return await read_in_two_async(client, path, gate)

            assert asyncio.run(main()) == start + b"end"


def request_for(client: Any, path: str) -> Any:
    """Make the request that the client would make, and the client to send it with."""
    http = client._client
    return http.build_request("GET" if "content" in path else "POST", f"{client.base_url}{path.lstrip('/')}")


def read_in_two(client: Any, path: str, gate: threading.Event) -> bytes:
    """Read what comes first; let the rest come then."""
    response = client._client.send(request_for(client, path), stream=True)
    read = b""
    for data in response.iter_bytes():
        read += data
        gate.set()
    return read


async def read_in_two_async(client: Any, path: str, gate: threading.Event) -> bytes:
    """Read what comes first; let the rest come then."""
    response = await client._client.send(request_for(client, path), stream=True)
    read = b""
    async for data in response.aiter_bytes():
        read += data
        gate.set()
    return read


def test_the_events_of_a_native_stream_pass_as_they_are(side: SyncSide, wire: Wire) -> None:
    events = sse({"choices": [{"index": 0, "delta": {"content": "QUJD"}}]}, {"x": "你"}, done=False)
    wire.reply(events)

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield native_bytes(client)
        assert answer.read() == events

    play(side, script)


def test_a_file_that_holds_an_error_is_a_file(side: SyncSide, wire: Wire) -> None:
    wire.reply(BUSY)

    def script(client: Any) -> Generator[Any, Any, None]:
        assert json.loads((yield client.files.content("f")).read()) == BUSY

    play(side, script)


def test_headers_of_whatever_characters_come_through(local: Any) -> None:
    disposition = 'attachment; filename="文件.bin"'
    lines = {"content-type": "application/octet-stream", "content-length": "2", "x-log-id": "log-1"}
    raw = head(200, lines)[:-2] + f"content-disposition: {disposition}\r\n\r\n".encode() + b"ok"

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield client.files.content("f")
        assert answer.response.headers["content-disposition"] == disposition
        assert answer.response.headers["x-request-id"] == "log-1"
        assert answer.read() == b"ok"

    with LocalServer(lambda _: raw) as server:
        play(local, script, base_url=server.url)


def test_an_answer_without_a_body_is_one(side: SyncSide, wire: Wire) -> None:
    wire.reply_with(lambda _: httpx.Response(204))

    def script(client: Any) -> Generator[Any, Any, None]:
        raw = yield client.delete("/knowledge/1", cast_to=httpx.Response)
        assert raw.status_code == 204
        assert raw.content == b""

    play(side, script)


def test_a_cookie_that_zhipu_sets_comes_back_beside_the_callers_own(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."), headers={"set-cookie": "acw_tc=1; Path=/"})

    def script(client: Any) -> Generator[Any, Any, None]:
        client._client.boundary.inner.cookies.set("own", "2")
        for _ in range(3):
            yield ask(client)
        yield client.get("/knowledge", cast_to=object)

    play(side, script)
    jars = [sorted(sent.headers.get("cookie", "").split("; ")) for sent in wire.sent]
    assert jars == [["own=2"], *[["acw_tc=1", "own=2"]] * 3]


# Failures in a success


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=UTF-8", "text/plain", "text/html"]
)
def test_a_failure_inside_a_success_of_a_native_path_is_a_failure(
    side: SyncSide, wire: Wire, waits: list[float], kind: str
) -> None:
    wire.reply(BUSY, headers={"content-type": kind})
    wire.reply({"results": []})

    def script(client: Any) -> Generator[Any, Any, None]:
        assert (yield client.post("/knowledge", body={}, cast_to=object)) == {"results": []}

    play(side, script)
    assert len(wire.sent) == 2
    assert len(waits) == 1


def test_a_failure_of_a_native_path_is_openais(side: SyncSide, wire: Wire) -> None:
    wire.reply({"code": 1113, "msg": "余额不足", "success": False})

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.RateLimitError) as caught:
            yield client.post("/knowledge", body={}, cast_to=object)
        assert caught.value.code == "insufficient_quota"

    play(side, script)
    assert len(wire.sent) == 1


# Answered here


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda client: client.chat.completions.retrieve("c"), "Zhipu keeps no chat completions"),
        (lambda client: client.chat.completions.delete("c"), "Zhipu keeps no chat completions"),
        (lambda client: client.models.delete("glm-5.2"), "deletes no models"),
        (
            lambda client: client.post("/assistants", body={"model": "glm-5.2"}, cast_to=object),
            "client.chat.completions with tools",
        ),
        (
            lambda client: client.vector_stores.file_batches.cancel("b", vector_store_id="v"),
            "delete the files",
        ),
        (lambda client: client.fine_tuning.jobs.list(), "console"),
    ],
)
def test_what_zhipu_cannot_serve_is_refused_with_advice_and_nothing_is_sent(
    side: SyncSide, wire: Wire, waits: list[float], call: Any, advice: str
) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError, match=advice) as caught:
            yield begun(call(client))
        assert caught.value.code == "unsupported_operation"
        assert caught.value.type == "invalid_request_error"

    play(side, script)
    assert wire.sent == []
    assert waits == []


def begun(answer: Any) -> Any:
    """Give what is to be awaited: of a list that the async client reads page by page, the first item."""
    return first(aiter(answer)) if hasattr(answer, "__aiter__") else answer


def test_a_stream_that_comes_as_something_else_is_an_error(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    with pytest.raises(openai.APIStatusError, match="is not one") as caught:
        side.create(stream=True)
    assert caught.value.status_code == 502
    assert caught.value.code == "not_a_stream"
    assert len(wire.sent) == 1


def test_a_stream_of_something_else_may_be_read_raw(side: SyncSide, wire: Wire) -> None:
    wire.reply(sse({"a": 1}, {"a": 2}))

    def script(client: Any) -> Generator[Any, Any, None]:
        stream_cls = openai.Stream[object] if side.name == "sync" else openai.AsyncStream[object]
        stream = yield client.post("/assistant", body={}, cast_to=object, stream=True, stream_cls=stream_cls)
        assert (yield collect(stream)) == [{"a": 1}, {"a": 2}]

    play(side, script)


def test_a_request_without_a_body_says_so_where_its_method_may_have_one(side: Any, wire: Any) -> None:
    wire.reply({"object": "list", "data": []})
    side.run(lambda client: client.post("/some/action", cast_to=object, options={"max_retries": 0}))
    assert wire.last.headers["content-length"] == "0"
    side.run(lambda client: client.get("/models", cast_to=object))
    assert "content-length" not in wire.last.headers
    assert wire.last.headers["host"] == "open.bigmodel.cn"


def test_the_host_that_a_lower_client_names_is_kept(wire: Any) -> None:
    below = httpx.Client(transport=httpx.MockTransport(wire.handle), headers={"Host": "inside.example"})
    wire.reply({"object": "list", "data": []})
    with OpenAI(api_key=KEY, http_client=below) as client:
        client.get("/models", cast_to=object)
    assert wire.last.headers["host"] == "inside.example"
