"""What an operation may ask of the transport: a form, another root, a link to fetch, a pause, a body passed on."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, httpx

from zhipu_openai import routes
from zhipu_openai.exchange import Fetch, Passage, Pause, Send, SendAll, json_reply
from zhipu_openai.multipart import Form, Part

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Let an operation serve ``POST /experiment``."""

    def put(operation: Any) -> None:
        route = routes.Route("POST", "/experiment", "translated", "T.", "t", date(2026, 11, 24), "t:t")
        monkeypatch.setattr(routes.Route, "load", lambda _: operation)
        monkeypatch.setattr(routes, "ROUTES", (route, *routes.ROUTES))
        routes.match.cache_clear()

    yield put
    routes.match.cache_clear()


def ask(side: Any, body: Any = None, **options: Any) -> Any:
    return side.run(lambda client: client.post("/experiment", body=body or {}, cast_to=object, **options))


def test_a_form_goes_to_another_root(side: Any, wire: Any, serve: Any) -> None:
    def operation(_: Any):
        form = Form((Part("file", b"\x00\xff", "a.wav", "audio/wav"), Part("purpose", b"batch")))
        reply = yield Send("POST", "/agents", root="agents", form=form)
        return json_reply({"got": reply.json()})

    serve(operation)
    wire.reply({"ok": 1})
    assert ask(side) == {"got": {"ok": 1}}
    sent = wire.last
    assert sent.url == "https://open.bigmodel.cn/api/v1/agents"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert Form.parse(sent.content, sent.headers["content-type"]).get("purpose") == "batch"


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://gateway.example/api/coding/paas/v4/", "https://gateway.example/api/v1/x"),
        ("https://gateway.example/zhipu/api/paas/v4/", "https://gateway.example/zhipu/api/v1/x"),
        ("https://gateway.example/v1/", "https://gateway.example/api/v1/x"),
    ],
)
def test_another_root_stands_beside_the_base_url(
    side: Any, wire: Any, serve: Any, base_url: str, url: str
) -> None:
    def operation(_: Any):
        return (yield Send("POST", "/x", {}, root="responses"))

    serve(operation)
    wire.reply({"ok": 1})
    side.run(lambda client: client.post("/experiment", body={}, cast_to=object), base_url=base_url)
    assert wire.last.url == url


def test_a_form_of_the_caller_is_read(side: Any, wire: Any, serve: Any) -> None:
    def operation(call: Any):
        form = call.form()
        yield Pause(0)
        return json_reply({"purpose": form.get("purpose"), "name": form.file("file").filename})

    serve(operation)
    answer = ask(
        side,
        {"purpose": "batch"},
        files={"file": ("a.txt", b"x")},
        options={"headers": {"Content-Type": "multipart/form-data"}},
    )
    assert answer == {"purpose": "batch", "name": "a.txt"}
    assert wire.sent == []


def test_a_link_is_fetched_without_the_key_and_followed(side: Any, wire: Any, serve: Any) -> None:
    def operation(_: Any):
        one, two = yield SendAll((Fetch("https://files.example/a?sig=1"), Fetch("https://files.example/b")))
        return json_reply([one.content.decode(), two.content.decode()])

    def answer(request: Any) -> Any:
        if request.url.path == "/a":
            return httpx.Response(302, headers={"location": "https://cdn.example/c"})
        return httpx.Response(200, headers={"content-type": "image/png"}, content=request.url.path.encode())

    serve(operation)
    wire.reply_with(answer)
    assert ask(side) == ["/c", "/b"]
    assert {sent.url for sent in wire.sent} == {
        "https://files.example/a?sig=1",
        "https://cdn.example/c",
        "https://files.example/b",
    }
    for sent in wire.sent:
        assert KEY not in str(sent.headers)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a/b", "", "https://[", "javascript:1"])
def test_a_link_that_is_no_address_on_the_web_is_an_error(side: Any, wire: Any, serve: Any, url: str) -> None:
    def operation(_: Any):
        return (yield Fetch(url))

    serve(operation)
    with pytest.raises(openai.APIError):
        side.run(
            lambda client: client.with_options(max_retries=0).post("/experiment", body={}, cast_to=object)
        )
    assert wire.sent == []


def test_a_link_that_has_expired_is_an_error(side: Any, wire: Any, serve: Any) -> None:
    def operation(_: Any):
        return Passage(Fetch("https://files.example/gone"))
        yield

    serve(operation)
    wire.reply_with(
        lambda _: httpx.Response(403, headers={"content-type": "application/xml"}, content=b"<Error/>")
    )
    with pytest.raises(openai.PermissionDeniedError) as caught:
        ask(side)
    body: Any = caught.value.body
    assert body["message"]
    assert body["type"]


def test_a_body_is_passed_on_as_it_comes(side: Any, wire: Any, serve: Any) -> None:
    def operation(_: Any):
        return Passage(Send("POST", "/audio/speech", {"input": "x"}), {"content-type": "audio/x-own"})
        yield

    serve(operation)
    wire.reply(b"RIFF\x00\xff", headers={"content-type": "audio/wav"})
    content = side.run(
        lambda client: client.post(
            "/experiment", body={}, cast_to=openai._legacy_response.HttpxBinaryResponseContent
        )
    )
    assert content.read() == b"RIFF\x00\xff"
    assert content.response.headers["content-type"] == "audio/x-own"


class Louder:
    """A decoder that shows what went through it."""

    def feed(self, data: bytes) -> bytes:
        return data.upper()

    def end(self) -> bytes:
        return b"!"


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/json", "text/event-stream"])
def test_a_body_may_be_changed_while_it_is_passed_on(side: Any, wire: Any, serve: Any, kind: str) -> None:
    def operation(_: Any):
        return Passage(Send("GET", "/files/f/content"), decoder=Louder())
        yield

    serve(operation)
    wire.reply(b"abc", headers={"content-type": kind})
    content = side.run(
        lambda client: client.post(
            "/experiment", body={}, cast_to=openai._legacy_response.HttpxBinaryResponseContent
        )
    )
    assert content.read() == b"ABC!"


def test_a_failure_is_not_changed(side: Any, wire: Any, serve: Any) -> None:
    def operation(_: Any):
        return Passage(Send("GET", "/files/f/content"), decoder=Louder())
        yield

    serve(operation)
    wire.reply({"error": {"code": "1113", "message": "balance"}})
    with pytest.raises(openai.RateLimitError, match="balance"):
        ask(side)


def test_a_failure_in_a_body_to_be_passed_on_is_an_error(side: Any, wire: Any, serve: Any) -> None:
    def operation(_: Any):
        return Passage(Send("POST", "/audio/speech", {"input": "x"}))
        yield

    serve(operation)
    wire.reply({"error": {"code": "1113", "message": "余额不足"}})
    with pytest.raises(openai.RateLimitError) as caught:
        ask(side)
    assert caught.value.code == "insufficient_quota"
    assert len(wire.sent) == 1


def test_a_pause_is_waited_for(side: Any, serve: Any) -> None:
    def operation(_: Any):
        told = yield Pause(0.05)
        return json_reply({"told": told})

    serve(operation)
    before = time.monotonic()
    assert ask(side) == {"told": None}
    assert time.monotonic() - before >= 0.05


def test_an_operation_is_told_when_its_request_does_not_come_through(
    side: Any, wire: Any, serve: Any
) -> None:
    told = []

    def operation(_: Any):
        try:
            yield Send("POST", "/x", {})
        except GeneratorExit:
            told.append("closed")
            raise

    def broken(_: Any) -> Any:
        raise httpx.ConnectError("gone")

    serve(operation)
    wire.reply_with(broken)
    with pytest.raises(openai.APIConnectionError):
        side.run(
            lambda client: client.with_options(max_retries=0).post("/experiment", body={}, cast_to=object)
        )
    assert told == ["closed"]


def test_what_an_operation_keeps_is_there_for_the_copies_of_a_client(side: Any, serve: Any) -> None:
    def operation(call: Any):
        yield Pause(0)
        count = (call.memory.recall("counts", "n") or 0) + 1
        call.memory.keep("counts", "n", count)
        return json_reply(count)

    serve(operation)

    def twice(client: Any) -> Any:
        if side.name == "sync":
            client.post("/experiment", body={}, cast_to=object)
            return client.with_options(timeout=5).post("/experiment", body={}, cast_to=object)

        async def main() -> Any:
            await client.post("/experiment", body={}, cast_to=object)
            return await client.with_options(timeout=5).post("/experiment", body={}, cast_to=object)

        return main()

    assert side.run(twice) == 2
