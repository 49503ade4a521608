"""Requests pass to Zhipu and answers come back, whole and as streams, with nothing of the tool's that is secret."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, KEY, Wire, chunk, completion, httpx, sse, text_stream
from local_server import LocalServer, piece, reply, stream_head
from serve_helpers import (
    CHAT,
    QUESTION,
    STREAM,
    TOOLS_KEY,
    ZHIPU,
    application,
    ask,
    client_of,
    connected,
    head,
    rest,
    served,
    served_over,
)

from zhipu_openai.serve import ServedBoundary
from zhipu_openai.standin import StandIn, async_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from local_server import Received


def test_a_completion_of_openais_own_client(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire, on_adaptation="ignore") as server, client_of(server) as client:
        answer = client.chat.completions.with_raw_response.create(
            **{**QUESTION, "model": "gpt-4o", "seed": 1}
        )
    assert answer.parse().choices[0].message.content == "Hello."
    assert wire.last.url == f"{ZHIPU}/chat/completions"
    assert wire.last.json["model"] == "glm-5.2"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    assert "model=approximated" in answer.headers["x-zhipu-adaptations"]
    assert answer.headers["x-request-id"] == "20260529043320logloglog00"


def test_nothing_secret_of_the_tool_reaches_zhipu(wire: Wire) -> None:
    wire.reply(COMPLETION)
    secrets = {
        "Authorization": f"Bearer {TOOLS_KEY}",
        "api-key": TOOLS_KEY,
        "X-Api-Key": TOOLS_KEY,
        "Cookie": f"a={TOOLS_KEY}",
        "OpenAI-Organization": TOOLS_KEY,
        "Helicone-Auth": TOOLS_KEY,
        "X-Forwarded-For": TOOLS_KEY,
        "Referer": TOOLS_KEY,
    }
    with served(wire) as server:
        assert ask(server, body=QUESTION, headers=secrets).status_code == 200
        assert ask(server, "POST", "/v1/rerank", {"a": 1}, secrets).status_code == 200
    for sent in wire.sent:
        assert TOOLS_KEY not in str(sent.headers)
        assert sent.headers["authorization"] == f"Bearer {KEY}"


def test_what_zhipu_says_of_its_own_host_stays_there(wire: Wire) -> None:
    upstream = {
        "access-control-allow-origin": "*",
        "set-cookie": "a=b",
        "strict-transport-security": "max-age=1",
        "server": "zhipu",
        "x-ratelimit-remaining": "7",
    }
    wire.reply({"a": 1}, headers=upstream)
    with served(wire) as server:
        answer = ask(server, "GET", "/v1/rerank")
    assert answer.headers["x-ratelimit-remaining"] == "7"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for name in ("access-control-allow-origin", "set-cookie", "strict-transport-security", "server"):
        assert name not in answer.headers


def test_an_unknown_path_of_zhipus_passes_with_body_and_query(wire: Wire) -> None:
    wire.reply({"results": []})
    with served(wire) as server:
        answer = ask(server, "PUT", "/v1/new/thing?a=1&b=%2F", {"x": "ü"})
    assert answer.json() == {"results": []}
    assert (wire.last.method, wire.last.url) == ("PUT", f"{ZHIPU}/new/thing?a=1&b=%2F")
    assert wire.last.json == {"x": "ü"}


def test_a_stream_passes_as_it_comes(wire: Wire) -> None:
    wait = threading.Event()
    first, last = chunk({"role": "assistant", "content": "one"}), chunk({"content": ""}, "stop")

    async def body() -> AsyncIterator[bytes]:
        yield sse(first, done=False)
        await asyncio.get_running_loop().run_in_executor(None, wait.wait, 10)
        yield sse(last)

    wire.reply_with(
        lambda _: httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body())
    )
    with served(wire) as server, client_of(server) as client:
        stream = client.chat.completions.create(**STREAM)
        assert next(iter(stream)).choices[0].delta.content == "one"
        wait.set()
        assert [part.choices[0].finish_reason for part in stream] == ["stop"]


def test_the_bytes_of_a_stream_end_with_done(wire: Wire) -> None:
    wire.reply(text_stream("one", "two"))
    with served(wire) as server:
        answer = ask(server, body=STREAM)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.content.count(b"data: ") == 4
    assert answer.content.endswith(b"data: [DONE]\n\n")


def endless(_: Received) -> Any:
    """Answer with a stream that goes on until the client leaves, and anything else after a long while."""
    yield stream_head()
    yield piece(sse(chunk({"role": "assistant", "content": "one"}), done=False))
    yield 60.0


def silent(_: Received) -> Any:
    yield 60.0


@pytest.mark.parametrize("answers", [endless, silent])
def test_a_client_that_leaves_ends_the_request_and_gives_its_place_back(answers: Any) -> None:
    turns = [answers, lambda _: reply(COMPLETION)]

    def in_turn(request: Received) -> Any:
        return turns.pop(0)(request)

    with (
        LocalServer(in_turn) as zhipu,
        served_over(zhipu, max_concurrency=1) as server,
    ):
        content = json.dumps(STREAM).encode()
        with connected(server) as leaving:
            leaving.sendall(head("POST", CHAT, f"Content-Length: {len(content)}") + content)
            if answers is endless:
                assert b"200 OK" in leaving.recv(65536)
            else:
                while not zhipu.received:
                    threading.Event().wait(0.005)
        assert ask(server, body=QUESTION).json()["choices"][0]["message"]["content"] == "Hello."
        assert len(zhipu.received) == 2
        while zhipu.open > 1:  # the first connection is closed, not left to run
            threading.Event().wait(0.005)


BROKEN = [
    sse(chunk({"role": "assistant", "content": "one"}), {"error": {"code": "1302", "message": "Slow down"}})
]


def test_a_failure_within_a_stream_is_its_last_event(wire: Wire) -> None:
    wire.reply(BROKEN[0])
    with served(wire) as server, client_of(server) as client:
        answer = ask(server, body=STREAM)
        stream = client.chat.completions.create(**STREAM)
        with pytest.raises(openai.APIError) as raised:
            list(stream)
    last = answer.content.rstrip().rpartition(b"\n\n")[2]
    assert json.loads(last.removeprefix(b"data: "))["error"]["code"] == "rate_limit_exceeded"
    assert b"[DONE]" not in answer.content
    assert raised.value.code == "rate_limit_exceeded"


def test_a_failure_within_a_stream_of_responses_has_the_form_of_that_api(wire: Wire) -> None:
    wire.reply(BROKEN[0])
    with served(wire, responses="translate") as server:
        answer = ask(server, path="/v1/responses", body={"model": "glm-5.2", "input": "Hi", "stream": True})
    last = answer.content.rstrip().rpartition(b"\n\n")[2]
    assert last.startswith(b"event: ")
    event = json.loads(last.partition(b"data: ")[2])
    assert event["type"] in ("error", "response.failed")
    assert "rate_limit_exceeded" in str(event)


def test_a_stream_that_zhipu_cuts_ends_with_an_error_event() -> None:
    def answer(_: Received) -> Any:
        yield stream_head() + piece(sse(chunk({"role": "assistant", "content": "one"}), done=False))
        yield None

    with (
        LocalServer(answer) as zhipu,
        served_over(zhipu) as server,
    ):
        received = ask(server, body=STREAM).content
    assert json.loads(received.rstrip().rpartition(b"data: ")[2])["error"]["code"] == "connection_error"


def test_a_file_that_zhipu_cuts_has_no_proper_end() -> None:
    def answer(_: Received) -> Any:
        yield b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 100\r\n\r\nhalf"
        yield None

    with (
        LocalServer(answer) as zhipu,
        served_over(zhipu) as server,
        connected(server) as connection,
    ):
        connection.sendall(head("GET", "/v1/some/file"))
        received = rest(connection)
    assert b"half" in received
    assert not received.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("code", "status", "retried", "error"),
    [("1302", 429, "true", "rate_limit_exceeded"), ("1113", 429, "false", "insufficient_quota")],
)
def test_the_server_leaves_retries_to_the_client(
    wire: Wire, code: str, status: int, retried: str, error: str
) -> None:
    wire.reply({"error": {"code": code, "message": "No."}}, status=429, headers={"retry-after": "3"})
    with served(wire) as server:
        answer = ask(server, body=QUESTION)
    assert len(wire.sent) == 1
    assert (answer.status_code, answer.headers["x-should-retry"]) == (status, retried)
    assert answer.json()["error"]["code"] == error
    assert "retry-after-ms" in answer.headers or retried == "false"


def test_what_is_refused_by_the_boundary_is_answered_so(wire: Wire) -> None:
    with served(wire, on_adaptation="error") as server:
        answer = ask(server, body={**QUESTION, "logprobs": True})
        admin = ask(server, "GET", "/v1/organization/users")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "logprobs")
    assert admin.json()["error"]["code"] == "unsupported_operation"
    assert wire.sent == []


def test_a_zhipu_that_cannot_be_reached_is_a_502_worth_another_try(wire: Wire) -> None:
    def fail(request: Any) -> Any:
        raise httpx.ConnectError("no route", request=request)

    wire.reply_with(fail)
    with served(wire) as server:
        answer = ask(server, body=QUESTION)
    assert (answer.status_code, answer.headers["x-should-retry"]) == (502, "true")
    assert answer.json()["error"]["code"] == "connection_error"


def test_a_zhipu_that_says_nothing_is_a_504(wire: Wire) -> None:
    def fail(request: Any) -> Any:
        raise httpx.ReadTimeout("late", request=request)

    wire.reply_with(fail)
    with served(wire) as server:
        assert ask(server, body=QUESTION).status_code == 504


def test_a_failure_of_the_server_itself_is_told_without_its_words(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Any) -> Any:
        raise RuntimeError("the user's words")

    wire.reply_with(fail)
    with served(wire) as server:
        answer = ask(server, body=QUESTION)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "user's words" not in answer.text + caplog.text


def test_a_redirect_is_not_followed_and_says_its_host(wire: Wire) -> None:
    wire.reply(b"", status=302, headers={"location": "/elsewhere", "content-type": "text/plain"})
    with served(wire) as server:
        answer = ask(server, "GET", "/v1/some/thing")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://open.bigmodel.cn/elsewhere")
    assert len(wire.sent) == 1


def test_uploads_and_downloads_and_the_rest_on_the_stand_in() -> None:
    below = async_client(StandIn(), httpx)
    with (
        ServedBoundary(application(region="standin", http_client=below, on_adaptation="ignore")) as server,
        client_of(server) as client,
    ):
        line = b'{"custom_id":"a","method":"POST","url":"/v4/chat/completions","body":{"model":"glm-4-plus","messages":[{"role":"user","content":"Hi"}]}}\n'
        file = client.files.create(file=("lines.jsonl", line), purpose="batch")
        assert json.loads(client.files.content(file.id).read())["custom_id"].endswith("a")
        assert client.files.delete(file.id).deleted
        speech = client.audio.speech.create(
            model="tts-1", voice="alloy", input="Hello", response_format="wav"
        )
        assert speech.read().startswith(b"RIFF")
        assert client.audio.transcriptions.create(model="whisper-1", file=("a.wav", speech.content)).text
        assert len(client.embeddings.create(model="text-embedding-3-small", input="Hi").data) == 1
        first = client.responses.create(model="glm-5.2", input="Hi")
        assert client.responses.create(
            model="glm-5.2", input="And?", previous_response_id=first.id
        ).output_text
        assert len(list(client.models.list())) > 5
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(**{**QUESTION, "model": "glm-unknown"})


def test_aliases_hold(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire, model_aliases={"gpt-4o": "glm-5.3"}) as server:
        ask(server, body={**QUESTION, "model": "gpt-4o"})
    assert wire.last.json["model"] == "glm-5.3"


def test_many_clients_at_once_get_their_own_answers(wire: Wire) -> None:
    def echo(request: Any) -> Any:
        said = json.loads(request.content)["messages"][0]["content"]
        return httpx.Response(200, json=completion(content=said))

    wire.reply_with(echo)
    with served(wire, max_concurrency=4) as server, ThreadPoolExecutor(12) as pool:

        def one(number: int) -> str:
            message = {"role": "user", "content": f"number {number}"}
            answer: str = ask(server, body={**QUESTION, "messages": [message]}).json()["choices"][0][
                "message"
            ]["content"]
            return answer

        assert list(pool.map(one, range(40))) == [f"number {number}" for number in range(40)]


def test_health_needs_no_key_and_nothing_of_zhipu(wire: Wire) -> None:
    with served(wire) as server:
        assert ask(server, "GET", "/healthz").json() == {"status": "ok"}
        assert ask(server, "HEAD", "/healthz").content == b""
        assert ask(server, "POST", "/healthz").status_code == 404
    assert wire.sent == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_405_and_say_which_there_are(wire: Wire, method: str) -> None:
    with served(wire) as server:
        answer = ask(server, method, "/v1/models")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST, PUT, PATCH, DELETE"


def test_the_access_log_has_no_query_no_key_and_no_body(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    wire.reply(COMPLETION)
    with served(wire) as server:
        ask(server, "POST", f"{CHAT}?key={TOOLS_KEY}", QUESTION, {"Authorization": f"Bearer {TOOLS_KEY}"})
        ask(server, "GET", "/v1/nothing?secret=1")
    lines = [record.getMessage() for record in caplog.records if record.name == "zhipu_openai.serve"]
    assert len(lines) == 2
    assert lines[0].startswith(f"127.0.0.1 POST {CHAT} 200 ")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("zhipu", "uvicorn"))]
    for secret in (TOOLS_KEY, KEY, KEY.partition(".")[2], "secret=1", "Hello."):
        assert secret not in "".join(ours)
