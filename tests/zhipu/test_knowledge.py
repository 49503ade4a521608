"""``client.zhipu.knowledge`` and ``client.zhipu.rag``: what is sent, what comes back, and both on the stand-in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openai
import pytest
from conftest import sse
from openapi_contract import (
    SPECIFICATION,
    answer_violations,
    query_violations,
    request_violations,
    specification,
)
from scripts import collect, play, play_with

from zhipu_openai.multipart import Form
from zhipu_openai.zhipu._agent_operations import AGENTS
from zhipu_openai.zhipu._application_operations import APPLICATIONS
from zhipu_openai.zhipu._envelope import Done
from zhipu_openai.zhipu._knowledge_operations import KNOWLEDGE
from zhipu_openai.zhipu._resource import PollTimeoutError

OPEN = "/llm-application/open"
HOST = "https://open.bigmodel.cn/api"
DONE = {"code": 200, "message": "请求成功", "timestamp": 1780000000123}
NOTES = "Cats sleep most of the day.\n\nDogs like long walks in the rain."


def hold_to_the_specification(violations: Any, *about: Any) -> None:
    """Check a request, where the specification is at hand."""
    if SPECIFICATION.exists():
        assert violations(*about) == []


def envelope(data: Any) -> dict[str, Any]:
    return {"data": data, **DONE}


CALLS: list[tuple[Any, str, str, dict[str, Any] | None, Any]] = [
    (
        lambda one: one.knowledge.create(name="n", description="d", embedding_model="Embedding-3-pro"),
        "POST",
        "/knowledge",
        {"name": "n", "description": "d", "embedding_model": "Embedding-3-pro", "embedding_id": 12},
        {"id": "kb1"},
    ),
    (
        lambda one: one.knowledge.create(name="n"),
        "POST",
        "/knowledge",
        {"name": "n", "embedding_id": 11},
        {"id": "kb1"},
    ),
    (lambda one: one.knowledge.retrieve("kb1"), "GET", "/knowledge/kb1", None, {"id": "kb1", "name": "n"}),
    (
        lambda one: one.knowledge.update("kb1", name="m", callback_header={"a": "b"}),
        "PUT",
        "/knowledge/kb1",
        {"name": "m", "callback_header": {"a": "b"}},
        None,
    ),
    (lambda one: one.knowledge.delete("kb1"), "DELETE", "/knowledge/kb1", None, None),
    (
        lambda one: one.knowledge.capacity(),
        "GET",
        "/knowledge/capacity",
        None,
        {"used": {"word_num": 1, "length": 2}, "total": {"word_num": 3, "length": 4}},
    ),
    (
        lambda one: one.knowledge.search(query="q", knowledge_ids=("kb1",), top_k=3, recall_method="mixed"),
        "POST",
        "/knowledge/retrieve",
        {"query": "q", "knowledge_ids": ["kb1"], "top_k": 3, "recall_method": "mixed"},
        [],
    ),
    (
        lambda one: one.knowledge.documents.upload_url(
            "kb1", upload_detail=[{"url": "https://a.example", "knowledge_type": 1}]
        ),
        "POST",
        "/document/upload_url",
        {"knowledge_id": "kb1", "upload_detail": [{"url": "https://a.example", "knowledge_type": 1}]},
        {"successInfos": [{"documentId": "d1", "url": "https://a.example"}], "failedInfos": []},
    ),
    (
        lambda one: one.knowledge.documents.retrieve("d/1"),
        "GET",
        "/document/d%2F1",
        None,
        {"id": "d/1", "embedding_stat": 2, "failInfo": {"embedding_code": 10002, "embedding_msg": "m"}},
    ),
    (lambda one: one.knowledge.documents.delete("d1"), "DELETE", "/document/d1", None, None),
    (
        lambda one: one.knowledge.documents.embed("d1", callback_url="https://a.example"),
        "POST",
        "/document/embedding/d1",
        {"callback_url": "https://a.example"},
        None,
    ),
    (
        lambda one: one.knowledge.documents.images("d1"),
        "POST",
        "/document/slice/image_list/d1",
        None,
        {"images": [{"text": "1", "cos_url": "https://a.example/1.png"}]},
    ),
]


@pytest.mark.parametrize(("call", "method", "path", "body", "data"), CALLS)
def test_a_call_is_sent_where_it_belongs_and_answered_with_its_type(
    side: Any, wire: Any, call: Any, method: str, path: str, body: Any, data: Any
) -> None:
    wire.reply(DONE if data is None else envelope(data))
    answer = side.run(lambda client: call(client.zhipu))
    assert (wire.last.method, wire.last.url) == (method, f"{HOST}{OPEN}{path}")
    assert (wire.last.json if wire.last.content else None) == body
    assert answer.code == 200
    assert answer._request_id == "20260529043320logloglog00"
    if data is None:
        assert isinstance(answer, Done)
    else:
        assert answer.to_dict()["data"] == data
    template = "/".join("{id}" if part in ("kb1", "d1", "d%2F1") else part for part in path.split("/"))
    if body:
        hold_to_the_specification(request_violations, method, f"{OPEN}{template}", body)


def test_fields_have_pythons_names(side: Any, wire: Any) -> None:
    wire.reply(
        envelope({"id": "d1", "embedding_stat": 2, "failInfo": {"embedding_code": 1, "embedding_msg": "m"}})
    )
    document = side.run(lambda client: client.zhipu.knowledge.documents.retrieve("d1")).data
    assert document.fail_info.embedding_msg == "m"
    about = {"_id": "p1", "doc_id": "d1"}
    wire.reply(envelope([{"text": "t", "score": 0.5, "metadata": about}]))
    wire._replies.popleft()
    (piece,) = side.run(lambda client: client.zhipu.knowledge.search(query="q", knowledge_ids=["a"])).data
    assert (piece.text, piece.score, piece.metadata.id, piece.metadata.doc_id) == ("t", 0.5, "p1", "d1")


def test_a_file_is_uploaded_as_a_form_with_lists_as_zhipu_writes_them(side: Any, wire: Any) -> None:
    wire.reply(
        envelope({"successInfos": [], "failedInfos": [{"fileName": "a.md", "failReason": "文件格式不支持"}]})
    )
    result = side.run(
        lambda client: client.zhipu.knowledge.documents.upload(
            "kb1",
            file=("a.md", b"# A", "text/markdown"),
            knowledge_type=5,
            custom_separator=["\n", "。"],
            sentence_size=200,
            parse_image=True,
            callback_header={"x": "y"},
        )
    ).data
    assert wire.last.url == f"{HOST}{OPEN}/document/upload_document/kb1"
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert form.file("files").filename == "a.md"
    assert form.all("custom_separator") == ("\n", "。")
    assert form.get("knowledge_type") == "5"
    assert form.get("parse_image") == "true"
    assert form.get("callback_header") == '{"x": "y"}'
    assert result.failed[0].fail_reason == "文件格式不支持"
    assert result.succeeded == []


@pytest.mark.parametrize(
    ("open_list", "path", "query"),
    [
        (lambda one: one.knowledge.list(size=2), f"{OPEN}/knowledge", {"size": "2"}),
        (
            lambda one: one.knowledge.documents.list(knowledge_id="kb1", size=2, word="a"),
            f"{OPEN}/document",
            {"size": "2", "knowledge_id": "kb1", "word": "a"},
        ),
    ],
)
def test_a_list_goes_on_to_the_next_page(
    side: Any, wire: Any, open_list: Any, path: str, query: dict[str, str]
) -> None:
    wire.reply(envelope({"list": [{"id": "a"}, {"id": "b"}], "total": 3}))
    wire.reply(envelope({"list": [{"id": "c"}], "total": 3}))

    def script(client: Any) -> Any:
        return (yield collect(open_list(client.zhipu)))

    assert [one.id for one in play(side, script)] == ["a", "b", "c"]
    first, second = (dict(parse_qsl(urlsplit(one.url).query)) for one in wire.sent)
    assert (first, second) == (query, {**query, "page": "2"})
    hold_to_the_specification(query_violations, "GET", path, second)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"code": 100013, "message": "知识库不存在"}, openai.NotFoundError),
        ({"code": 400, "message": "参数非法"}, openai.BadRequestError),
        ({**DONE}, openai.InternalServerError),
        ({}, openai.InternalServerError),
    ],
)
def test_a_failure_inside_a_200_is_an_error(side: Any, wire: Any, body: Any, error: type[Exception]) -> None:
    wire.reply(body)
    with pytest.raises(error):
        side.run(lambda client: client.with_options(max_retries=0).zhipu.knowledge.retrieve("kb1"))


def test_a_document_is_waited_for(side: Any, wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_: Any, __: float) -> None:
        """Go on at once."""

    monkeypatch.setattr(openai._resource.SyncAPIResource, "_sleep", lambda _, __: None)
    monkeypatch.setattr(openai._resource.AsyncAPIResource, "_sleep", sleep)
    wire.reply(envelope({"id": "d1", "embedding_stat": 0}))
    wire.reply(envelope({"id": "d1", "embedding_stat": 0}))
    wire.reply(envelope({"id": "d1", "embedding_stat": 1}))
    done = side.run(lambda client: client.zhipu.knowledge.documents.wait("d1", poll_interval=1))
    assert done.embedding_stat == 1
    assert len(wire.sent) == 3
    wire.reply(envelope({"id": "d1", "embedding_stat": 0}))
    wire._replies.popleft()
    with pytest.raises(PollTimeoutError, match="document d1"):
        side.run(
            lambda client: client.zhipu.knowledge.documents.wait("d1", poll_interval=2, max_wait_seconds=1)
        )


def test_the_http_response_may_be_had_of_every_group(side: Any, wire: Any) -> None:
    wire.reply(envelope({"id": "d1"}))
    raw = side.run(lambda client: client.zhipu.knowledge.with_raw_response.documents.retrieve("d1"))
    assert raw.parse().data.id == "d1"
    raw = side.run(lambda client: client.zhipu.knowledge.documents.with_raw_response.retrieve("d1"))
    assert raw.headers["x-request-id"]


# The newer retrieval


def test_a_multimodal_retrieval_is_sent_and_typed(side: Any, wire: Any) -> None:
    found = {
        "id": "p",
        "know_id": "k",
        "doc_id": "d",
        "text": "t",
        "score": 0.5,
        "metadata": {"doc_type": "pdf"},
    }
    wire.reply(envelope({"contents": [found], "elapsed_ms": 5, "total_tokens": 9, "request_id": "r"}))
    given = {
        "knows": [{"id": "k", "doc_ids": ["d"]}],
        "multimodal_parts": [{"type": "image_url", "url": "https://a.example/1.png"}],
        "recall_ratio": 0.5,
        "search_filters": {"index_types": [{"know_id": "k", "index_type_id": 1}]},
    }
    answer = side.run(lambda client: client.zhipu.rag.retrieve(**given)).data
    assert wire.last.url == f"{HOST}/zrag/retrieval/retrieve"
    assert wire.last.json == given
    hold_to_the_specification(request_violations, "POST", "/zrag/retrieval/retrieve", wire.last.json)
    assert (answer.contents[0].doc_id, answer.contents[0].metadata.doc_type) == ("d", "pdf")
    assert answer.elapsed_ms == 5


EVENTS: list[dict[str, Any]] = [
    {"type": "session_created", "sessionId": "s1"},
    {"type": "reasoning", "sessionId": "s1", "data": "hm"},
    {"type": "tool_call", "sessionId": "s1", "data": {"callId": "c", "toolName": "t", "arguments": {"q": 1}}},
    {
        "type": "tool_result",
        "sessionId": "s1",
        "data": {"callId": "c", "toolName": "t", "result": [1], "status": "error", "durationMs": 7},
    },
    {"type": "answer", "sessionId": "s1", "data": "Hi"},
    {"type": "done", "sessionId": "s1", "messageId": "m1", "usage": {"total_tokens": 3, "total_calls": 1}},
]


def chat(side: Any, **given: Any) -> Any:
    def script(client: Any) -> Any:
        asked = {
            "messages": [{"role": "user", "content": "Hi"}],
            "retrieval": {"know_ids": ["k"]},
            "session_id": "s1",
            **given,
        }
        stream = yield client.zhipu.rag.chat(**asked)
        return (yield collect(stream))

    return play(side, script, max_retries=0)


def test_the_agents_events_are_typed(side: Any, wire: Any) -> None:
    wire.reply(sse(*EVENTS, done=False))
    events = chat(side, max_steps=3)
    assert wire.last.url == f"{HOST}/zrag/agent/chat"
    assert wire.last.headers["x-session-id"] == "s1"
    assert "session_id" not in wire.last.json
    hold_to_the_specification(request_violations, "POST", "/zrag/agent/chat", wire.last.json)
    assert [type(one).__name__ for one in events] == [
        "RagSessionCreated", "RagReasoning", "RagToolCall", "RagToolResult", "RagAnswer", "RagDone",
    ]  # fmt: skip
    assert events[0].session_id == "s1"
    assert events[2].data.tool_name == "t"
    assert (events[3].data.status, events[3].data.duration_ms) == ("error", 7)
    assert (events[5].message_id, events[5].usage.total_calls) == ("m1", 1)


def test_an_event_newer_than_this_library_passes(side: Any, wire: Any) -> None:
    wire.reply(sse({"type": "novel", "data": {"x": 1}}, EVENTS[-1], done=False))
    assert [one.type for one in chat(side)] == ["novel", "done"]


def test_an_error_event_is_raised_with_its_words(side: Any, wire: Any) -> None:
    wire.reply(sse(EVENTS[0], {"type": "error", "data": {"message": "检索失败"}}, done=False))
    with pytest.raises(openai.APIError, match="检索失败"):
        chat(side)


def test_an_agent_that_is_cut_off_is_an_error(side: Any, wire: Any) -> None:
    wire.reply(sse(*EVENTS[:-1], done=False))
    with pytest.raises(openai.APIConnectionError):
        chat(side)


def test_json_with_a_failure_in_place_of_the_stream_is_its_error(side: Any, wire: Any) -> None:
    wire.reply({"code": 400, "message": "请选择知识库"})
    with pytest.raises(openai.BadRequestError, match="请选择知识库"):
        chat(side)


# On the stand-in


@pytest.fixture(params=["sync", "async"])
def client(request: Any, zhipu_standin: Any) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return zhipu_standin.client() if request.param == "sync" else zhipu_standin.async_client()


def test_a_knowledge_base_lives_on_the_standin(client: Any) -> None:
    def script(client: Any) -> Any:
        knowledge = client.zhipu.knowledge
        made = (yield knowledge.create(name="pets")).data.id
        uploaded = yield knowledge.documents.upload(made, file=("pets.md", NOTES.encode()))
        (taken,) = uploaded.data.succeeded
        done = yield knowledge.documents.wait(taken.document_id, poll_interval=0.001)
        found = yield knowledge.search(query="Do cats sleep?", knowledge_ids=[made], top_k=1)
        newer = yield client.zhipu.rag.retrieve(
            knows=[{"id": made}], query="Do cats sleep?", enable_rewrite=True
        )
        stream = yield client.zhipu.rag.chat(
            messages=[{"role": "user", "content": "Do cats sleep?"}],
            retrieval={"know_ids": [made]},
            enable_thinking=True,
        )
        events = yield collect(stream)
        listed = yield collect(knowledge.documents.list(knowledge_id=made))
        capacity = yield knowledge.capacity()
        yield knowledge.update(made, name="animals")
        renamed = yield knowledge.retrieve(made)
        yield knowledge.documents.embed(done.id)
        images = yield knowledge.documents.images(done.id)
        yield knowledge.documents.delete(done.id)
        yield knowledge.delete(made)
        with pytest.raises(openai.NotFoundError):
            yield knowledge.retrieve(made)
        with pytest.raises(openai.BadRequestError):
            yield client.zhipu.rag.retrieve(knows=[], query="x")
        return done, found, newer, events, listed, capacity, renamed, images

    done, found, newer, events, listed, capacity, renamed, images = play_with(client, script)
    assert done.embedding_stat == 1
    assert [one.text for one in found.data] == ["Cats sleep most of the day."]
    assert [one.text for one in newer.data.contents] == ["Cats sleep most of the day."]
    assert newer.data.rewritten_query.original_query == "Do cats sleep?"
    answer = "".join(one.data for one in events if one.type == "answer")
    assert answer.strip() == "[stand-in] Cats sleep most of the day."
    assert events[-1].usage.total_calls == 1
    assert [one.id for one in listed] == [done.id]
    assert capacity.data.used.length == len(NOTES)
    assert (renamed.data.name, renamed.data.document_size) == ("animals", 1)
    assert images.data.images[0].cos_url.startswith("https://")


def test_the_standins_retrieval_and_events_hold_to_the_specification(zhipu_standin: Any) -> None:
    client = zhipu_standin.client()
    made = client.zhipu.knowledge.create(name="pets").data.id
    document = client.zhipu.knowledge.documents.upload(made, file=("pets.md", NOTES.encode()))
    client.zhipu.knowledge.documents.wait(document.data.succeeded[0].document_id, poll_interval=0.001)
    raw = client.zhipu.rag.with_raw_response.retrieve(
        knows=[{"id": made}], query="cats", enable_rerank=True, enable_rewrite=True
    )
    body = raw.http_response.json()
    assert body["data"]["contents"]
    assert answer_violations("POST", "/zrag/retrieval/retrieve", body) == []
    stream = client.zhipu.rag.chat(
        messages=[{"role": "user", "content": "cats"}], retrieval={"know_ids": [made]}
    )
    for event in stream:
        plain = event.to_dict()
        assert answer_violations("POST", "/zrag/agent/chat", plain, kind="text/event-stream") == []


ROWS = (*KNOWLEDGE, *AGENTS, *APPLICATIONS)


def test_every_row_names_a_call_that_exists(zhipu_standin: Any) -> None:
    client = zhipu_standin.client()
    for row in ROWS:
        found: Any = client
        for name in row.call.split(".")[1:]:
            found = getattr(found, name)
        assert callable(found), row.call


def test_every_operation_of_the_specification_has_a_row() -> None:
    roots = {None: "/paas/v4", "application": OPEN, "rag": "/zrag", "agents": "/v1"}
    rows = {
        (row.method, f"{roots[row.root]}{re.sub('{.*?}', '{}', row.path)}")
        for row in ROWS
        if row.root in roots
    }
    specified = {
        (method.upper(), re.sub("{.*?}", "{}", path))
        for path, operations in specification()["paths"].items()
        for method in operations
        if path.startswith((OPEN, "/zrag", "/v1/agents", "/paas/v4/assistant"))
    }
    assert specified <= rows
