"""``client.vector_stores``: knowledge bases under OpenAI's names."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from knowledge_helpers import ROOT, base, document, envelope, hold, listed, uploaded
from scripts import collect, play

from zhipu_openai.multipart import Form


def paths(wire: Any) -> list[str]:
    return [f"{one.method} {one.url.removeprefix(ROOT)}" for one in wire.sent]


def test_a_store_is_created_as_a_knowledge_base(side: Any, wire: Any) -> None:
    wire.reply(envelope({"id": "kb1"}))
    made = side.run(
        lambda client: client.vector_stores.create(name="notes", extra_body={"description": "mine"})
    )
    assert wire.last.url == f"{ROOT}/knowledge"
    assert wire.last.json == {"name": "notes", "description": "mine", "embedding_id": 11}
    assert "openai-beta" not in wire.last.headers
    assert (made.id, made.object, made.name, made.status) == ("kb1", "vector_store", "notes", "completed")
    assert made.created_at == 1780000000
    assert made.file_counts.total == 0


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"name": "vector store", "embedding_id": 11}),
        ({"name": ""}, {"name": "vector store", "embedding_id": 11}),
        ({"extra_body": {"embedding_id": 12}}, {"name": "vector store", "embedding_id": 12}),
        (
            {"extra_body": {"embedding_model": "Embedding-2", "icon": "book"}},
            {"name": "vector store", "embedding_id": 3, "embedding_model": "Embedding-2", "icon": "book"},
        ),
        ({"metadata": {}, "file_ids": []}, {"name": "vector store", "embedding_id": 11}),
    ],
)
def test_what_zhipu_requires_is_filled_in_and_its_own_fields_win(
    side: Any, wire: Any, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    wire.reply(envelope({"id": "kb1"}))
    side.run(lambda client: client.vector_stores.create(**given))
    assert wire.last.json == sent


@pytest.mark.parametrize(
    ("field", "value"), [("metadata", {"a": "b"}), ("expires_after", {"anchor": "last_active_at", "days": 1})]
)
def test_what_a_knowledge_base_does_not_keep_is_dropped_with_a_warning(
    side: Any, wire: Any, field: str, value: Any
) -> None:
    wire.reply(envelope({"id": "kb1"}))
    with pytest.warns(match=f"`{field}` dropped"):
        side.run(lambda client: client.vector_stores.create(name="notes", **{field: value}))
    assert wire.last.json == {"name": "notes", "embedding_id": 11}


def test_files_given_at_creation_are_uploaded_into_it(side: Any, wire: Any) -> None:
    wire.reply(envelope({"id": "kb1"}))
    wire.reply(uploaded("d1"))
    wire.reply(uploaded("d2"))

    def work(client: Any) -> Any:
        hold(client, "f1")
        hold(client, "f2", "table.csv", b"a,b")
        strategy = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 0}}
        return client.vector_stores.create(
            name="notes", file_ids=["f1", "f2", "f1"], chunking_strategy=strategy
        )

    with pytest.warns(match="chunking_strategy"):
        made = side.run(work)
    assert paths(wire) == [
        "POST /knowledge",
        "POST /document/upload_document/kb1",
        "POST /document/upload_document/kb1",
    ]
    assert wire.sent[0].json == {"name": "notes", "embedding_id": 11}
    first, second = (Form.parse(one.content, one.headers["content-type"]) for one in wire.sent[1:])
    assert (first.get("knowledge_type"), first.get("sentence_size")) == ("5", "800")
    assert second.get("knowledge_type") is None  # tables are cut by rows
    assert (made.status, made.file_counts.in_progress, made.file_counts.total) == ("in_progress", 2, 2)


def test_a_store_whose_file_is_not_taken_is_deleted_again(side: Any, wire: Any) -> None:
    wire.reply(envelope({"id": "kb1"}))
    wire.reply(
        envelope({"successInfos": [], "failedInfos": [{"fileName": "a", "failReason": "文件格式不支持"}]})
    )
    wire.reply(envelope())

    def work(client: Any) -> Any:
        hold(client)
        return client.vector_stores.create(file_ids=["f1"])

    with pytest.raises(openai.BadRequestError, match="文件格式不支持") as caught:
        side.run(work)
    assert caught.value.code == "unsupported_file"
    assert paths(wire)[-1] == "DELETE /knowledge/kb1"


@pytest.mark.parametrize("file_ids", [["f9"], [1], "f1", ["f1", None]])
def test_a_file_that_is_not_held_is_refused_before_anything_is_made(
    side: Any, wire: Any, file_ids: Any
) -> None:
    with pytest.raises(openai.BadRequestError):
        side.run(lambda client: client.vector_stores.create(extra_body={"file_ids": file_ids}))
    assert wire.sent == []


def test_a_store_counts_its_documents_by_status(side: Any, wire: Any) -> None:
    wire.reply(envelope(base(document_size=4, length=640)))
    wire.reply(listed(document("a", 0), document("b", 1), document("c", 1), document("d", 2)))
    found = side.run(lambda client: client.vector_stores.retrieve("kb1"))
    assert paths(wire) == ["GET /knowledge/kb1", "GET /document?knowledge_id=kb1&page=1&size=10"]
    assert found.file_counts.model_dump() == {
        "cancelled": 0, "completed": 2, "failed": 1, "in_progress": 1, "total": 4,
    }  # fmt: skip
    assert (found.status, found.usage_bytes, found.created_at) == ("in_progress", 640, 0)


def test_an_empty_store_is_counted_without_asking(side: Any, wire: Any) -> None:
    wire.reply(envelope(base()))
    assert side.run(lambda client: client.vector_stores.retrieve("kb1")).status == "completed"
    assert len(wire.sent) == 1


def test_all_pages_of_documents_are_counted(side: Any, wire: Any) -> None:
    def answer(request: Any) -> Any:
        from conftest import httpx

        number = int(dict(request.url.params).get("page", 0))
        if not number:
            return httpx.Response(200, json=envelope(base(document_size=230)))
        names = [f"d{one}" for one in range(230)][(number - 1) * 50 : number * 50]  # a largest page of 50
        return httpx.Response(200, json=listed(*map(document, names), total=230))

    wire.reply_with(answer)
    found = side.run(lambda client: client.vector_stores.retrieve("kb1"))
    assert found.file_counts.total == 230
    assert sorted(one.url.partition("page=")[2] for one in wire.sent[2:]) == [
        f"{number}&size=50" for number in (2, 3, 4, 5)
    ]


def test_an_unknown_store_is_not_found(side: Any, wire: Any) -> None:
    wire.reply({"code": 100013, "message": "知识库不存在"})
    with pytest.raises(openai.NotFoundError, match="知识库不存在") as caught:
        side.run(lambda client: client.vector_stores.retrieve("kb9"))
    assert caught.value.request_id == "20260529043320logloglog00"
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "body", [{"code": 100099, "data": {"id": "x"}, "message": "m"}, {"code": 400, "message": "请选择知识库"}]
)
def test_any_code_but_success_is_an_error(side: Any, wire: Any, body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.BadRequestError, match=body["message"]):
        side.run(lambda client: client.vector_stores.retrieve("kb1"))


@pytest.mark.parametrize(
    "body", [{}, [], envelope(), envelope({"name": "no id"}), envelope([base()]), {"data": base()}]
)
def test_an_answer_of_another_form_is_an_error(side: Any, wire: Any, body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        side.run(lambda client: client.with_options(max_retries=0).vector_stores.retrieve("kb1"))
    assert caught.value.code == "invalid_upstream_answer"


def test_a_document_in_an_unknown_state_is_an_error(side: Any, wire: Any) -> None:
    wire.reply(envelope(base(document_size=1)))
    wire.reply(listed(document("a", 7)))
    with pytest.raises(openai.InternalServerError):
        side.run(lambda client: client.with_options(max_retries=0).vector_stores.retrieve("kb1"))


def test_a_store_is_renamed(side: Any, wire: Any) -> None:
    wire.reply(envelope())
    wire.reply(envelope(base(name="kb1") | {"name": "new"}))
    changed = side.run(lambda client: client.vector_stores.update("kb1", name="new"))
    assert paths(wire) == ["PUT /knowledge/kb1", "GET /knowledge/kb1"]
    assert wire.sent[0].json == {"name": "new"}
    assert changed.name == "new"


def test_an_update_of_metadata_alone_changes_nothing_and_says_so(side: Any, wire: Any) -> None:
    wire.reply(envelope(base()))
    with pytest.warns(match="metadata"):
        side.run(lambda client: client.vector_stores.update("kb1", metadata={"a": "b"}))
    assert paths(wire) == ["GET /knowledge/kb1"]


def test_a_store_is_deleted(side: Any, wire: Any) -> None:
    wire.reply(envelope())
    deleted = side.run(lambda client: client.vector_stores.delete("kb1"))
    assert paths(wire) == ["DELETE /knowledge/kb1"]
    assert deleted.model_dump() == {"id": "kb1", "deleted": True, "object": "vector_store.deleted"}


def test_the_client_knows_when_it_made_a_store(side: Any, wire: Any) -> None:
    wire.reply(envelope({"id": "kb1"}))
    wire.reply(envelope(base()))

    def script(client: Any) -> Any:
        yield client.vector_stores.create(name="notes")
        return (yield client.vector_stores.retrieve("kb1"))

    assert play(side, script).created_at == 1780000000


def stores_of(side: Any, **query: Any) -> Any:
    def script(client: Any) -> Any:
        if side.name == "sync":
            return client.vector_stores.list(**query)
        return (yield client.vector_stores.list(**query))

    return play(side, script)


def test_stores_are_listed_with_their_documents_counted(side: Any, wire: Any) -> None:
    wire.reply(listed(base("a"), base("b", document_size=1), base("c", document_size=2)))

    def answer(request: Any) -> Any:
        from conftest import httpx

        busy = "knowledge_id=b" in str(request.url)
        return httpx.Response(200, json=listed(document("d", 0 if busy else 1)))

    wire.reply_with(answer)
    found = stores_of(side)
    assert [one.id for one in found.data] == ["a", "b", "c"]
    assert [one.status for one in found.data] == ["completed", "in_progress", "completed"]
    assert found.has_more is False
    assert wire.sent[0].url == f"{ROOT}/knowledge?page=1&size=100"
    assert {one.url.partition("knowledge_id=")[2][0] for one in wire.sent[1:]} == {"b", "c"}


@pytest.mark.parametrize(
    ("query", "names", "more"),
    [
        ({}, "abcde", False),
        ({"limit": 2}, "ab", True),
        ({"after": "b", "limit": 2}, "cd", True),
        ({"after": "c"}, "de", False),
        ({"before": "d", "limit": 2}, "bc", True),
        ({"after": "a", "before": "e"}, "bcd", False),
    ],
)
def test_a_page_begins_behind_the_cursor(side: Any, wire: Any, query: Any, names: str, more: bool) -> None:
    wire.reply(listed(*map(base, "abcde")))
    found = stores_of(side, **query)
    assert "".join(one.id for one in found.data) == names
    assert found.has_more is more


def test_all_stores_are_walked_through(side: Any, wire: Any) -> None:
    wire.reply(listed(*map(base, "abcde")))

    def script(client: Any) -> Any:
        return (yield collect(client.vector_stores.list(limit=2)))

    assert [one.id for one in play(side, script)] == list("abcde")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"after": "z"}])
def test_a_page_that_cannot_be_given_is_refused(side: Any, wire: Any, query: Any) -> None:
    wire.reply(listed(base("a")))
    with pytest.raises(openai.BadRequestError) as caught:
        stores_of(side, **query)
    assert caught.value.param == next(iter(query))


def test_an_order_is_dropped_with_a_warning(side: Any, wire: Any) -> None:
    wire.reply(listed(base("a")))
    with pytest.warns(match="order"):
        stores_of(side, order="desc")
