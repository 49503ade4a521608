"""``client.vector_stores.files`` and ``.file_batches``: documents under OpenAI's names."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from conftest import httpx
from knowledge_helpers import NOTES, ROOT, document, envelope, hold, listed, uploaded
from openai.types.vector_stores import VectorStoreFileBatch
from scripts import play

from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.multipart import Form
from zhipu_openai.translate.vector_stores.attach import LARGEST_KEPT

STATIC = {"type": "static", "static": {"max_chunk_size_tokens": 4096, "chunk_overlap_tokens": 400}}


def paths(wire: Any) -> list[str]:
    return [f"{one.method} {one.url.removeprefix(ROOT)}" for one in wire.sent]


def attach(side: Any, **given: Any) -> Any:
    def work(client: Any) -> Any:
        hold(client)
        return client.vector_stores.files.create("kb1", **{"file_id": "f1", **given})

    return side.run(work)


def test_an_upload_is_sent_again_as_a_document(side: Any, wire: Any) -> None:
    wire.reply(uploaded())
    made = attach(side)
    assert paths(wire) == ["POST /document/upload_document/kb1"]
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    (part,) = form.parts
    assert (part.name, part.filename, part.content_type, part.data) == (
        "files", "notes.txt", "text/plain", NOTES.encode(),
    )  # fmt: skip
    assert (made.id, made.object, made.status) == ("d1", "vector_store.file", "in_progress")
    assert (made.vector_store_id, made.created_at, made.last_error) == ("kb1", 1780000000, None)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"chunking_strategy": {"type": "auto"}}, {}),
        ({"attributes": {}}, {}),
        (
            {"extra_body": {"knowledge_type": 2, "parse_image": True, "callback_header": {"a": "b"}}},
            {"knowledge_type": "2", "parse_image": "true", "callback_header": '{"a": "b"}'},
        ),
        ({"extra_body": {"knowledge_type": 6}, "chunking_strategy": STATIC}, {"knowledge_type": "6"}),
    ],
)
def test_how_a_document_is_cut_is_sent_as_fields_of_the_form(
    side: Any, wire: Any, given: Any, sent: dict[str, str]
) -> None:
    wire.reply(uploaded())
    attach(side, **given)
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert {part.name: part.text for part in form.parts if part.filename is None} == sent


def test_a_list_is_sent_as_several_fields(side: Any, wire: Any) -> None:
    wire.reply(uploaded())
    attach(side, extra_body={"knowledge_type": 5, "custom_separator": ["\n", "。"]})
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert form.all("custom_separator") == ("\n", "。")


def test_a_static_strategy_is_approximated(side: Any, wire: Any) -> None:
    wire.reply(uploaded())
    with pytest.warns(match="`chunking_strategy` approximated"):
        made = attach(side, chunking_strategy=STATIC)
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert (form.get("knowledge_type"), form.get("sentence_size")) == ("5", "2000")
    assert made.chunking_strategy.static.max_chunk_size_tokens == 2000
    assert made.chunking_strategy.static.chunk_overlap_tokens == 0


def test_attributes_are_dropped_with_a_warning(side: Any, wire: Any) -> None:
    wire.reply(uploaded())
    with pytest.warns(match="`attributes` dropped"):
        assert attach(side, attributes={"year": 2024}).attributes == {}


def test_a_file_that_this_client_does_not_hold_is_refused_with_the_way_out(side: Any, wire: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="upload_and_poll") as caught:
        side.run(lambda client: client.vector_stores.files.create("kb1", file_id="f9"))
    assert (caught.value.code, caught.value.param) == ("file_not_held", "file_id")
    assert wire.sent == []


def test_an_upload_that_is_too_large_to_keep_is_not_held(side: Any) -> None:
    def work(client: Any) -> Any:
        hold(client, data=bytes(LARGEST_KEPT + 1))
        return client.vector_stores.files.create("kb1", file_id="f1")

    with pytest.raises(openai.BadRequestError, match="does not hold"):
        side.run(work)


@pytest.mark.parametrize("strategy", [{"type": "static"}, {"type": "other"}, "auto", 5])
def test_a_strategy_of_no_known_form_is_refused(side: Any, wire: Any, strategy: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        attach(side, extra_body={"chunking_strategy": strategy})
    assert wire.sent == []


@pytest.mark.parametrize(
    ("failed", "words"),
    [([{"fileName": "a", "failReason": "文件格式不支持"}], "文件格式不支持"), ([], "no reason")],
)
def test_a_file_that_zhipu_does_not_take_is_an_error(side: Any, wire: Any, failed: Any, words: str) -> None:
    wire.reply(envelope({"successInfos": [], "failedInfos": failed}))
    with pytest.raises(openai.BadRequestError, match=words):
        attach(side)


@pytest.mark.parametrize(
    ("stat", "status"), [(0, "in_progress"), (1, "completed"), (2, "failed"), ("1", "completed")]
)
def test_a_file_is_as_far_as_its_document(side: Any, wire: Any, stat: Any, status: str) -> None:
    wire.reply(
        envelope(document(stat=stat, failInfo={"embedding_code": 10002, "embedding_msg": "字数超出限制"}))
    )
    found = side.run(lambda client: client.vector_stores.files.retrieve("d1", vector_store_id="kb1"))
    assert paths(wire) == ["GET /document/d1"]
    assert (found.status, found.usage_bytes, found.chunking_strategy.type) == (status, 62, "other")
    if status == "failed":
        assert found.last_error.code == "server_error"
        assert "字数超出限制" in found.last_error.message
        assert "10002" in found.last_error.message
    else:
        assert found.last_error is None


def test_the_id_of_the_upload_is_understood_too_and_polled(side: Any, wire: Any) -> None:
    wire.reply(uploaded("d7"))
    wire.reply(envelope(document("d7", 0)))
    wire.reply(envelope(document("d7", 1)))

    def work(client: Any) -> Any:
        hold(client)
        return client.vector_stores.files.create_and_poll("f1", vector_store_id="kb1", poll_interval_ms=0)

    done = side.run(work)
    assert paths(wire)[1:] == ["GET /document/d7", "GET /document/d7"]
    assert (done.id, done.status) == ("d7", "completed")


def test_files_are_listed_by_their_status(side: Any, wire: Any) -> None:
    wire.reply(listed(document("a", 0), document("b", 1), document("c", 2), document("d", 1)))

    def script(client: Any) -> Any:
        found = client.vector_stores.files.list("kb1", filter="completed", limit=1)
        return found if side.name == "sync" else (yield found)

    found = play(side, script)
    assert wire.last.url == f"{ROOT}/document?knowledge_id=kb1&page=1&size=100"
    assert ([one.id for one in found.data], found.has_more) == (["b"], True)


def test_a_file_is_deleted_by_either_id(side: Any, wire: Any) -> None:
    wire.reply(uploaded("d7"))
    wire.reply(envelope())

    def script(client: Any) -> Any:
        hold(client)
        yield client.vector_stores.files.create("kb1", file_id="f1")
        first = yield client.vector_stores.files.delete("f1", vector_store_id="kb1")
        second = yield client.vector_stores.files.delete("d8", vector_store_id="kb1")
        return first, second

    first, second = play(side, script)
    assert paths(wire)[1:] == ["DELETE /document/d7", "DELETE /document/d8"]
    assert (first.id, first.deleted, second.id) == ("f1", True, "d8")


def test_attributes_cannot_be_updated(side: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        side.run(
            lambda client: client.post("/vector_stores/kb1/files/d1", body={"attributes": {}}, cast_to=object)
        )
    assert caught.value.code == "unsupported_operation"


def content_of(side: Any) -> Any:
    def script(client: Any) -> Any:
        found = client.vector_stores.files.content("d1", vector_store_id="kb1")
        return found if side.name == "sync" else (yield found)

    return play(side, script)


def test_the_content_of_a_text_file_is_read_from_its_link_without_the_key(side: Any, wire: Any) -> None:
    wire.reply(envelope(document()))
    wire.reply_with(lambda _: httpx.Response(200, content="\ufeffCats sleep.".encode()))
    with pytest.warns(match="content"):
        found = content_of(side)
    assert [part.text for part in found.data] == ["Cats sleep."]
    assert wire.last.url == "https://files.example/notes.txt"
    assert "authorization" not in wire.last.headers


@pytest.mark.parametrize("fields", [{"name": "a.pdf"}, {"url": ""}, {"url": None}, {"name": None}])
def test_the_content_of_another_file_is_refused(side: Any, wire: Any, fields: Any) -> None:
    wire.reply(envelope(document(**fields)))
    with pytest.raises(openai.BadRequestError, match="parsed text"):
        content_of(side)


def test_a_link_that_is_gone_is_an_error(side: Any, wire: Any) -> None:
    wire.reply(envelope(document()))
    wire.reply_with(lambda _: httpx.Response(404, content=b"gone"))
    with pytest.raises(openai.NotFoundError):
        content_of(side)


def test_a_batch_is_uploaded_file_by_file_and_counted(side: Any, wire: Any) -> None:
    wire.reply(uploaded("d1"))
    wire.reply(uploaded("d2"))
    wire.reply_with(
        lambda request: httpx.Response(
            200, json=envelope(document(request.url.path[-2:], int(request.url.path[-1]) - 1))
        )
    )

    def script(client: Any) -> Any:
        hold(client, "f1")
        hold(client, "f2", "b.txt")
        batches = client.vector_stores.file_batches
        made = yield batches.create("kb1", file_ids=["f1", "f2"])
        found = yield batches.retrieve(made.id, vector_store_id="kb1")
        files = yield batches.list_files(made.id, vector_store_id="kb1", filter="completed")
        return made, found, files

    with pytest.warns(match="file_batches"):
        made, found, files = play(side, script)
    assert (made.object, made.status, made.file_counts.in_progress) == (
        "vector_store.files_batch", "in_progress", 2,
    )  # fmt: skip
    assert (found.id, found.file_counts.in_progress, found.file_counts.completed) == (made.id, 1, 1)
    assert [one.id for one in files.data] == ["d2"]


def test_a_file_of_a_batch_that_is_not_taken_counts_as_failed(side: Any, wire: Any) -> None:
    wire.reply(uploaded("d1"))
    wire.reply(envelope({"successInfos": [], "failedInfos": []}))

    def work(client: Any) -> Any:
        hold(client, "f1")
        hold(client, "f2")
        files = [{"file_id": "f1"}, {"file_id": "f2", "chunking_strategy": STATIC}]
        path = "/vector_stores/kb1/file_batches"
        return client.post(path, body={"files": files}, cast_to=VectorStoreFileBatch)

    with pytest.warns(ZhipuAdaptationWarning) as told:
        made = side.run(work)
    assert {str(one.message).partition(" ")[0] for one in told} == {"`chunking_strategy`", "`file_batches`"}
    assert (made.file_counts.failed, made.file_counts.total) == (1, 2)
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert form.get("knowledge_type") == "5"


def test_a_batch_into_no_store_is_an_error(side: Any, wire: Any) -> None:
    wire.reply({"code": 100013, "message": "知识库不存在"})

    def work(client: Any) -> Any:
        hold(client, "f1")
        return client.vector_stores.file_batches.create("kb9", file_ids=["f1", "f1"])

    with pytest.raises(openai.NotFoundError):
        side.run(work)
    assert len(wire.sent) == 1


@pytest.mark.parametrize("body", [{}, {"file_ids": []}, {"file_ids": ["f1"], "files": [{"file_id": "f1"}]}])
def test_a_batch_of_nothing_or_of_two_lists_is_refused(side: Any, wire: Any, body: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        side.run(lambda client: client.post("/vector_stores/kb1/file_batches", body=body, cast_to=object))
    assert wire.sent == []


def test_a_batch_of_another_client_is_not_found(side: Any) -> None:
    with pytest.raises(openai.NotFoundError, match="List the files"):
        side.run(lambda client: client.vector_stores.file_batches.retrieve("vsfb_1", vector_store_id="kb1"))


def test_a_batch_is_not_cancelled(side: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        side.run(lambda client: client.vector_stores.file_batches.cancel("b", vector_store_id="kb1"))
    assert caught.value.code == "unsupported_operation"
