"""Vector stores end to end on the stand-in, and both held against the official specification."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from knowledge_helpers import NOTES, document, envelope, hold, uploaded
from openapi_contract import answer_violations, query_violations, request_violations
from scripts import play, play_with

from zhipu_openai.multipart import Form

OPEN = "/llm-application/open"


@pytest.fixture(params=["sync", "async"])
def client(request: Any, zhipu_standin: Any) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return zhipu_standin.client() if request.param == "sync" else zhipu_standin.async_client()


def test_a_store_is_filled_searched_and_deleted(client: Any) -> None:
    def script(client: Any) -> Any:
        hold(client)
        stores = client.vector_stores
        store = yield stores.create(name="pets", file_ids=["f1"])
        early = yield stores.search(store.id, query="Do cats sleep?")
        done = yield stores.files.poll("f1", vector_store_id=store.id, poll_interval_ms=0)
        found = yield stores.search(store.id, query="Do cats sleep?", max_num_results=1)
        counted = yield stores.retrieve(store.id)
        with pytest.warns(match="content"):
            content = yield stores.files.content(done.id, vector_store_id=store.id)
        yield stores.files.delete(done.id, vector_store_id=store.id)
        left = yield stores.files.list(store.id)
        yield stores.delete(store.id)
        with pytest.raises(openai.NotFoundError, match="知识库不存在"):
            yield stores.retrieve(store.id)
        return early, done, found, counted, content, left

    early, done, found, counted, content, left = play_with(client, script)
    assert early.data == []
    assert done.status == "completed"
    assert [one.content[0].text for one in found.data] == ["Cats sleep most of the day."]
    assert 0 < found.data[0].score <= 1
    assert found.data[0].file_id == done.id
    assert (counted.status, counted.file_counts.completed, counted.usage_bytes) == (
        "completed",
        1,
        len(NOTES),
    )
    assert content.data[0].text == NOTES
    assert left.data == []


def test_an_empty_file_fails_with_a_reason(client: Any) -> None:
    def script(client: Any) -> Any:
        hold(client, data=b"")
        store = yield client.vector_stores.create(name="empty")
        return (
            yield client.vector_stores.files.create_and_poll(
                "f1", vector_store_id=store.id, poll_interval_ms=0
            )
        )

    failed = play_with(client, script)
    assert (failed.status, failed.last_error.code) == ("failed", "server_error")


def test_many_stores_are_walked_through(client: Any) -> None:
    def script(client: Any) -> Any:
        names = []
        for number in range(7):
            made = yield client.vector_stores.create(name=f"store {number}")
            names.append(made.id)
        page = yield client.vector_stores.list(limit=3)
        walked = [*page.data]
        while page.has_next_page():
            page = yield page.get_next_page()
            walked += page.data
        return names, [one.id for one in walked]

    made, walked = play_with(client, script)
    assert walked == made[::-1]


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/knowledge", {"name": "x"}),
    ("POST", "/knowledge", {"name": "x", "embedding_id": 4}),
    ("POST", "/knowledge", {"name": "x", "embedding_id": 11, "icon": "cat"}),
    ("POST", "/knowledge/retrieve", {"query": "x", "knowledge_ids": []}),
    ("POST", "/knowledge/retrieve", {"query": "x" * 1001, "knowledge_ids": ["1"]}),
    ("POST", "/knowledge/retrieve", {"query": "x", "knowledge_ids": ["1"], "top_k": 21}),
    ("POST", "/knowledge/retrieve", {"query": "x", "knowledge_ids": ["1"], "recall_method": "bm25"}),
    ("POST", "/document/upload_url", {"knowledge_id": "1", "upload_detail": []}),
    ("POST", "/document/upload_document/1", {"files": "x"}),
    ("GET", "/document?knowledge_id=1", {}),
    ("GET", "/document/1", {}),
    ("DELETE", "/knowledge/1", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_the_stand_in_refuses_what_the_specification_does_not_have(
    zhipu_standin: Any, method: str, path: str, body: Any
) -> None:
    reply = zhipu_standin.service.handle(
        method, f"/api{OPEN}{path}", {"Authorization": "Bearer a.b"}, json.dumps(body).encode()
    )
    answer = json.loads(reply.read())
    assert reply.status == 200
    assert answer["code"] != 200
    assert answer["message"]


def test_a_key_is_needed_but_not_for_a_documents_link(zhipu_standin: Any) -> None:
    assert zhipu_standin.service.handle("GET", f"/api{OPEN}/knowledge", {}, b"").status == 401
    assert zhipu_standin.service.handle("GET", f"/api{OPEN}/standin/1", {}, b"").status == 404


def test_what_is_sent_holds_to_the_specification(side: Any, wire: Any) -> None:
    wire.reply(envelope({"id": "kb1"}))
    wire.reply(uploaded())
    wire.reply(envelope([]))
    wire.reply(envelope())
    wire.reply(envelope({"id": "kb1", "document_size": 3}))
    wire.reply(envelope({"list": [document()], "total": 1}))

    def script(client: Any) -> Any:
        hold(client)
        stores = client.vector_stores
        strategy = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 0}}
        yield stores.create(name="n", file_ids=["f1"], chunking_strategy=strategy)
        options = {
            "ranker": "auto",
            "score_threshold": 0.2,
            "hybrid_search": {"embedding_weight": 1, "text_weight": 2},
        }
        yield stores.search("kb1", query="q", max_num_results=15, ranking_options=options)
        yield stores.update("kb1", name="m")

    with pytest.warns(match="chunking_strategy"):
        play(side, script)
    created, upload, searched, updated, _, documents = wire.sent
    assert request_violations("POST", f"{OPEN}/knowledge", created.json) == []
    assert request_violations("POST", f"{OPEN}/knowledge/retrieve", searched.json) == []
    assert request_violations("PUT", f"{OPEN}/knowledge/{{id}}", updated.json) == []
    query = dict(httpx_query(documents.url))
    assert query_violations("GET", f"{OPEN}/document", query) == []
    form = Form.parse(upload.content, upload.headers["content-type"])
    fields = {part.name: part.text for part in form.parts}
    for name in ("knowledge_type", "sentence_size"):
        fields[name] = int(fields[name])
    path = f"{OPEN}/document/upload_document/{{id}}"
    assert request_violations("POST", path, fields, kind="multipart/form-data") == []


def httpx_query(url: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl, urlsplit

    return parse_qsl(urlsplit(url).query)


def test_the_stand_in_answers_as_specified(zhipu_standin: Any) -> None:
    def ask(method: str, path: str, body: Any = None, *, form: Form | None = None) -> Any:
        content, kind = form.encode() if form else (json.dumps(body).encode(), "application/json")
        headers = {"Authorization": "Bearer a.b", "Content-Type": kind}
        reply = zhipu_standin.service.handle(method, f"/api{OPEN}{path}", headers, content)
        answer = json.loads(reply.read())
        assert answer["code"] == 200, answer
        known = path.partition("?")[0].replace(ids[0], "{id}").replace(ids[1], "{id}")
        assert answer_violations(method, f"{OPEN}{known}", answer) == []
        return answer.get("data")

    ids = ["?", "?"]
    ids[0] = ask("POST", "/knowledge", {"name": "x", "embedding_id": 3})["id"]
    form = Form().put("knowledge_type", "1")
    from zhipu_openai.multipart import Part

    form = form.add(Part("files", NOTES.encode(), "a.md", "text/markdown"))
    made = ask("POST", f"/document/upload_document/{ids[0]}", form=form)
    ids[1] = made["successInfos"][0]["documentId"]
    ask("GET", f"/document?knowledge_id={ids[0]}")
    ask("GET", f"/document/{ids[1]}")
    ask("POST", f"/document/slice/image_list/{ids[1]}", {})
    found = ask("POST", "/knowledge/retrieve", {"query": "walks", "knowledge_ids": [ids[0]]})
    assert [one["text"] for one in found] == ["Dogs like long walks in the rain."]
    ask("POST", f"/document/embedding/{ids[1]}", {})
    assert ask("POST", "/knowledge/retrieve", {"query": "walks", "knowledge_ids": [ids[0]]}) == []
    detail = {"url": "https://example.com/a", "knowledge_type": 1}
    ask("POST", "/document/upload_url", {"knowledge_id": ids[0], "upload_detail": [detail]})
    assert ask("GET", "/knowledge/capacity")["used"]["word_num"] > len(NOTES)
    ask("GET", "/knowledge?page=1&size=5")
    ask("GET", f"/knowledge/{ids[0]}")
    ask("PUT", f"/knowledge/{ids[0]}", {"name": "y"})
    ask("DELETE", f"/document/{ids[1]}")
    ask("DELETE", f"/knowledge/{ids[0]}")
