"""The room itself: how ``client.zhipu`` speaks, whatever the group."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import openai
import pytest
from conftest import KEY, sse
from openai._resource import AsyncAPIResource, SyncAPIResource
from scripts import collect, play

import zhipu_openai
from zhipu_openai import OpenAI
from zhipu_openai.zhipu import AsyncZhipu, Zhipu
from zhipu_openai.zhipu._resource import PollTimeoutError, path_of
from zhipu_openai.zhipu.rerank import RerankResponse

RANKED: dict[str, Any] = {
    "id": "2026",
    "created": 1732083164,
    "request_id": "mine-0001",
    "results": [{"index": 1, "relevance_score": 0.9, "novel": "kept"}],
    "usage": {"prompt_tokens": 72, "total_tokens": 72},
}


def rerank(client: Any, **given: Any) -> Any:
    return client.zhipu.rerank.create(**{"query": "capital", "documents": ["Berlin", "Paris"], **given})


def test_a_call_goes_to_zhipus_path_with_the_key_and_gives_a_typed_result(side: Any, wire: Any) -> None:
    wire.reply(RANKED)
    answer = side.run(rerank)
    assert isinstance(answer, RerankResponse)
    assert answer.results[0].index == 1
    assert answer.results[0].novel == "kept"
    assert answer._request_id == "20260529043320logloglog00"
    assert wire.last.method == "POST"
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/rerank"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    assert wire.last.json == {"query": "capital", "documents": ["Berlin", "Paris"], "model": "rerank"}


def test_what_is_not_given_is_not_sent(side: Any, wire: Any) -> None:
    wire.reply(RANKED)
    absent = getattr(openai, "omit", openai.NOT_GIVEN)
    side.run(
        lambda client: rerank(client, top_n=openai.NOT_GIVEN, user_id=absent, request_id=None, model=None)
    )
    assert wire.last.json.keys() == {"query", "documents", "model"}


def test_any_iterable_stands_for_a_list(side: Any, wire: Any) -> None:
    wire.reply(RANKED)
    side.run(lambda client: rerank(client, documents=(one for one in ("a", "b"))))
    assert wire.last.json["documents"] == ["a", "b"]


def test_extra_headers_query_and_body_are_sent(side: Any, wire: Any) -> None:
    wire.reply(RANKED)
    side.run(
        lambda client: rerank(
            client,
            extra_headers={"x-mine": "1"},
            extra_query={"trace": "2"},
            extra_body={"model": "rerank-pro", "novel": True},
        )
    )
    assert wire.last.headers["x-mine"] == "1"
    assert wire.last.url.endswith("/rerank?trace=2")
    assert wire.last.json["model"] == "rerank-pro"
    assert wire.last.json["novel"] is True


@pytest.mark.parametrize(
    "base_url", ["https://gateway.example/v1/", "https://gateway.example/api/coding/paas/v4"]
)
def test_the_path_stands_below_the_base_url(side: Any, wire: Any, base_url: str) -> None:
    wire.reply(RANKED)
    side.run(rerank, base_url=base_url)
    assert wire.last.url == f"{base_url.rstrip('/')}/rerank"


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("agents", "https://open.bigmodel.cn/api/v1/novel"),
        ("application", "https://open.bigmodel.cn/api/llm-application/open/novel"),
        ("rag", "https://open.bigmodel.cn/api/zrag/novel"),
    ],
)
def test_another_root_is_reached_with_the_key(side: Any, wire: Any, root: str, url: str) -> None:
    wire.reply({"ok": 1})
    answer = side.run(
        lambda client: client.zhipu._call("post", "/novel", cast_to=object, given={"a": 1}, root=root)
    )
    assert answer == {"ok": 1}
    assert wire.last.url == url
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


def test_a_root_that_does_not_exist_is_refused_before_sending(side: Any, wire: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="no root 'nowhere'"):
        side.run(lambda client: client.zhipu._call("post", "/x", cast_to=object, given={}, root="nowhere"))
    assert wire.sent == []


def test_a_failure_inside_a_200_is_openais_error_and_retried_as_its_code_says(
    side: Any, wire: Any, waits: list[float]
) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}})
    wire.reply(RANKED)
    assert side.run(rerank).results
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "1211", openai.NotFoundError),
        (429, "1113", openai.RateLimitError),
        (401, "1000", openai.AuthenticationError),
    ],
)
def test_zhipus_errors_are_openais(
    side: Any, wire: Any, status: int, code: str, error: type[Exception]
) -> None:
    wire.reply({"error": {"code": code, "message": "no"}}, status=status)
    with pytest.raises(error):
        side.run(rerank)
    assert len(wire.sent) == 1


@pytest.mark.parametrize("body", [{}, {"id": "1"}, {"results": None}, [], "text"])
def test_an_answer_without_what_it_must_hold_is_an_error(
    side: Any, wire: Any, body: Any, waits: list[float]
) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        side.run(rerank)
    assert caught.value.code == "invalid_upstream_answer"
    assert len(wire.sent) == 3
    assert len(waits) == 2


def test_the_http_response_may_be_had(side: Any, wire: Any) -> None:
    wire.reply(RANKED)
    answer = side.run(
        lambda client: client.zhipu.rerank.with_raw_response.create(query="q", documents=["a", "b"])
    )
    assert answer.headers["x-request-id"] == "20260529043320logloglog00"
    assert isinstance(answer.parse(), RerankResponse)


def test_the_http_response_may_be_read_later(side: Any, wire: Any) -> None:
    wire.reply(RANKED)

    def work(client: Any) -> Any:
        opened = client.zhipu.rerank.with_streaming_response.create(query="q", documents=["a"])
        if side.name == "sync":
            with opened as response:
                return response.parse()

        async def main() -> Any:
            async with opened as response:
                return await response.parse()

        return main()

    assert side.run(work).results[0].index == 1


def test_a_timeout_of_one_call_is_its_own(side: Any, wire: Any) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        from conftest import httpx

        seen.append(request.extensions["timeout"]["read"])
        return httpx.Response(200, json=RANKED)

    wire.reply_with(answer)
    side.run(lambda client: rerank(client, timeout=7))
    assert seen == [7]


def test_unknown_and_missing_keywords_are_type_errors(side: Any, wire: Any) -> None:
    for given, words in (({"documentz": []}, "unexpected keyword argument 'documentz'"),):
        with pytest.raises(TypeError, match=words):
            side.run(lambda client, given=given: rerank(client, **given))
    with pytest.raises(TypeError, match=r"Rerank\.create\(\) is missing the keyword arguments: documents"):
        side.run(lambda client: client.zhipu.rerank.create(query="q"))
    assert wire.sent == []


def test_help_shows_the_keywords() -> None:
    with OpenAI(api_key=KEY) as client:
        signature = inspect.signature(client.zhipu.rerank.create)
    assert list(signature.parameters)[:3] == ["query", "documents", "model"]
    assert list(signature.parameters)[-1] == "timeout"
    assert signature.parameters["query"].default is inspect.Parameter.empty
    assert signature.parameters["model"].annotation == "str | Absent"


def test_copies_of_a_client_have_the_room(side: Any, wire: Any) -> None:
    wire.reply(RANKED)
    side.run(lambda client: rerank(client.with_options(max_retries=0)))
    assert side.client().with_options(timeout=3).zhipu is not side.client().zhipu


def test_the_room_is_made_once_and_knows_its_side(side: Any) -> None:
    client = side.client()
    assert client.zhipu is client.zhipu
    assert isinstance(client.zhipu, Zhipu if side.name == "sync" else AsyncZhipu)
    assert zhipu_openai.zhipu.Zhipu is Zhipu


def test_nothing_of_the_room_is_imported_with_a_client() -> None:
    root = str(next(iter(zhipu_openai.__path__))).rpartition("/")[0]
    code = (
        f"import sys; sys.path.insert(0, {root!r}); from zhipu_openai import OpenAI; OpenAI(api_key='a.b'); "
        "print([name for name in sys.modules if name.startswith('zhipu_openai.zhipu')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("part", ["a/b", "a b", "é", "a?b#c"])
def test_identifiers_are_quoted(part: str) -> None:
    assert not set("/?#") & set(path_of("/x/{id}", id=part).removeprefix("/x/"))


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_an_identifier_that_would_be_another_path_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="`id`"):
        path_of("/x/{id}", id=part)


# Streams


def stream(side: Any, **given: Any) -> Any:
    def script(client: Any) -> Any:
        opened = yield client.zhipu._stream("/newer", chunk=object, given=given)
        return (yield collect(opened))

    return play(side, script, max_retries=0)


def test_events_are_passed_on(side: Any, wire: Any) -> None:
    wire.reply(sse({"a": 1}, {"a": 2}))
    assert stream(side, messages=[]) == [{"a": 1}, {"a": 2}]
    assert wire.last.json == {"messages": [], "stream": True}


def test_a_stream_that_is_cut_is_an_error(side: Any, wire: Any) -> None:
    wire.reply(sse({"a": 1}, done=False))
    with pytest.raises(openai.APIConnectionError):
        stream(side)


def test_an_error_within_a_stream_is_openais(side: Any, wire: Any) -> None:
    wire.reply(sse({"a": 1}, {"error": {"code": "1301", "message": "sensitive"}}))
    with pytest.raises(openai.BadRequestError):
        stream(side)


def test_an_error_at_the_beginning_of_a_stream_has_its_status(side: Any, wire: Any) -> None:
    wire.reply(sse({"code": 1302, "msg": "busy", "success": False}))
    with pytest.raises(openai.RateLimitError):
        stream(side)


def test_json_where_a_stream_was_asked_for_is_an_error(side: Any, wire: Any) -> None:
    wire.reply({"id": "1"})
    with pytest.raises(openai.InternalServerError) as caught:
        stream(side)
    assert caught.value.code == "not_a_stream"


# Waiting


def poll(side: Any, states: list[str], **given: Any) -> Any:
    looks = iter(states)

    def script(client: Any) -> Any:
        def look() -> Any:
            state = next(looks)
            if side.name == "sync":
                return state

            async def main() -> str:
                return state

            return main()

        return (yield client.zhipu._wait(look, lambda one: one == "done", given, "The job"))

    return play(side, script)


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between looks; nobody sleeps."""
    slept: list[float] = []

    async def sleep(_: Any, seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(SyncAPIResource, "_sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(AsyncAPIResource, "_sleep", sleep)
    return slept


def test_a_job_is_looked_at_until_it_is_finished(side: Any, sleeps: list[float]) -> None:
    assert poll(side, ["queued", "running", "done"], poll_interval=0.5) == "done"
    assert sleeps == [0.5, 0.5]


def test_waiting_ends(side: Any, sleeps: list[float]) -> None:
    with pytest.raises(PollTimeoutError, match="The job was not finished after 1 seconds"):
        poll(side, ["running"] * 9, poll_interval=2, max_wait_seconds=1)
    assert sleeps == []


def test_an_interval_must_be_above_0(side: Any) -> None:
    with pytest.raises(ValueError, match="poll_interval"):
        poll(side, ["done"], poll_interval=0)
