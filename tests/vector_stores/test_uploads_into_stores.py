"""Files uploaded with ``client.files`` and put into vector stores, end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import httpx
from knowledge_helpers import NOTES, envelope
from knowledge_helpers import document as document_of
from knowledge_helpers import uploaded as taken
from scripts import collect, play, play_with

from zhipu_openai.multipart import Form

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

SLIDES = ("slides.pptx", b"PK slides")
MARKDOWN = ("notes.md", NOTES.encode())
AGENT: dict[str, Any] = {
    "id": "1788750487_11039a0f45d44b798a4116c500becd86",
    "object": "file",
    "bytes": 4,
    "created_at": 1788750487,
    "filename": "notes.txt",
    "purpose": "agent",
}


@pytest.fixture(params=["sync", "async"])
def client(request: Any, zhipu_standin: Any) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return zhipu_standin.client() if request.param == "sync" else zhipu_standin.async_client()


def kept(client: Any, file: tuple[str, bytes] = MARKDOWN) -> Any:
    """Upload a file that stays with the client."""
    return client.files.create(file=file, purpose="assistants")


@pytest.mark.usefixtures("quietly")
@pytest.mark.parametrize("name", ["notes.txt", "notes.md"])
def test_a_file_is_uploaded_embedded_and_found(client: Any, name: str) -> None:
    def script(client: Any) -> Any:
        stores = client.vector_stores
        store = yield stores.create(name="pets")
        file = yield stores.files.upload_and_poll(
            vector_store_id=store.id, file=(name, NOTES.encode()), poll_interval_ms=0
        )
        found = yield stores.search(store.id, query="Do cats sleep?", max_num_results=1)
        return file, found.data[0]

    file, found = play_with(client, script)
    assert file.status == "completed"
    assert (found.file_id, found.filename) == (file.id, name)
    assert found.content[0].text == "Cats sleep most of the day."


@pytest.mark.usefixtures("quietly")
def test_several_files_are_uploaded_side_by_side_and_counted(client: Any) -> None:
    def script(client: Any) -> Any:
        stores = client.vector_stores
        store = yield stores.create(name="pets")
        files = [(f"{number}.{ending}", NOTES.encode()) for number, ending in enumerate(("txt", "md", "csv"))]
        batch = yield stores.file_batches.upload_and_poll(store.id, files=files, poll_interval_ms=0)
        names = yield collect(stores.files.list(store.id))
        return batch, {one.to_dict()["zhipu"]["name"] for one in names}

    batch, names = play_with(client, script)
    assert (batch.status, batch.file_counts.completed, batch.file_counts.total) == ("completed", 3, 3)
    assert names == {"0.txt", "1.md", "2.csv"}


def test_a_file_for_zhipus_agents_is_sent_and_attached_without_a_warning(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(AGENT)
    wire.reply(taken())
    wire.reply(envelope(document_of()))

    def script(client: Any) -> Any:
        return (
            yield client.vector_stores.files.upload_and_poll(
                vector_store_id="kb1", file=("notes.txt", NOTES.encode()), poll_interval_ms=0
            )
        )

    file = play(side, script, on_adaptation="error")
    assert file.status == "completed"
    sent = [Form.parse(one.content, one.headers["content-type"]) for one in wire.sent[:2]]
    assert sent[0].get("purpose") == "agent"
    attached = sent[1].file("files")
    assert attached is not None
    assert (attached.filename, attached.data) == ("notes.txt", NOTES.encode())
    assert not [one for one in recwarn if "purpose" in str(one.message)]


def test_what_agents_do_not_take_is_kept_here_and_said_so(side: SyncSide, wire: Wire) -> None:
    with pytest.warns(UserWarning, match="md files are no type that Zhipu keeps for assistants"):
        file = play(side, lambda client: (yield kept(client)))
    assert wire.sent == []
    assert file.id.startswith("file-local-")
    assert (file.purpose, file.filename, file.bytes, file.status) == (
        "assistants",
        "notes.md",
        len(NOTES),
        "processed",
    )


def test_a_strict_client_refuses_to_keep_a_file_here(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="kept by this client"):
        play(side, lambda client: (yield kept(client)), on_adaptation="error")
    assert wire.sent == []


@pytest.mark.usefixtures("quietly")
def test_slides_may_be_sent_as_they_are_at_zai(side: SyncSide, wire: Wire) -> None:
    wire.reply({**AGENT, "filename": "slides.pptx"})
    file = play(side, lambda client: (yield kept(client, SLIDES)), region="intl")
    assert file.id == AGENT["id"]
    assert len(wire.sent) == 1


@pytest.mark.usefixtures("quietly")
def test_a_file_that_is_kept_here_is_read_listed_and_deleted_by_its_id(side: SyncSide, wire: Wire) -> None:
    wire.reply_with(
        lambda _: httpx.Response(200, json={"object": "list", "data": [AGENT], "has_more": False})
    )

    def script(client: Any) -> Any:
        file = yield kept(client)
        again = yield client.files.retrieve(file.id)
        content = yield client.files.content(file.id)
        assert wire.sent == []
        listed = yield collect(client.files.list(purpose="assistants"))
        behind = yield collect(client.files.list(purpose="assistants", after=file.id))
        batches = yield collect(client.files.list(purpose="user_data"))
        sent = len(wire.sent)
        deleted = yield client.files.delete(file.id)
        assert len(wire.sent) == sent
        for call in (client.files.retrieve, client.files.content, client.files.delete):
            with pytest.raises(openai.NotFoundError, match="Upload it again") as caught:
                yield call(file.id)
            assert caught.value.code == "file_not_found"
        left = yield collect(client.files.list(purpose="assistants"))
        names = [[one.id for one in page] for page in (listed, behind, batches, left)]
        return file, again, content.read(), names, deleted

    file, again, content, names, deleted = play(side, script)
    assert again == file
    assert content == NOTES.encode()
    # Newest first: the other file is dated September 2026.
    assert sorted(names[0]) == sorted([file.id, AGENT["id"]])
    assert file.id not in names[1]
    assert names[2] == names[3] == [AGENT["id"]]
    assert (deleted.id, deleted.deleted) == (file.id, True)


@pytest.mark.usefixtures("quietly")
def test_a_deleted_file_cannot_be_attached_any_more(side: SyncSide, wire: Wire) -> None:
    wire.reply(AGENT)
    wire.reply({"id": AGENT["id"], "deleted": True})

    def script(client: Any) -> Any:
        file = yield kept(client, ("notes.txt", b"text"))
        yield client.files.delete(file.id)
        with pytest.raises(openai.BadRequestError) as caught:
            yield client.vector_stores.files.create(vector_store_id="kb1", file_id=file.id)
        return caught.value

    assert play(side, script).code == "file_not_held"
    assert len(wire.sent) == 2


def test_a_file_too_large_to_keep_is_refused(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.APIStatusError, match=r"documents\.upload") as caught:
        play(side, lambda client: (yield kept(client, ("notes.md", bytes(20 * 1024 * 1024 + 1)))))
    assert (caught.value.status_code, caught.value.code) == (413, "file_too_large")
    assert wire.sent == []


@pytest.mark.usefixtures("quietly")
def test_an_upload_in_parts_may_be_kept_here_too(side: SyncSide, wire: Wire) -> None:
    def script(client: Any) -> Any:
        made = yield client.uploads.create(
            bytes=len(NOTES), filename="notes.md", mime_type="text/markdown", purpose="assistants"
        )
        part = yield client.uploads.parts.create(made.id, data=NOTES.encode())
        done = yield client.uploads.complete(made.id, part_ids=[part.id])
        content = yield client.files.content(done.file.id)
        return done, content.read()

    done, content = play(side, script)
    assert done.status == "completed"
    assert content == NOTES.encode()
    assert wire.sent == []


@pytest.mark.parametrize("name", ["notes.exe", "md", ".md"])
def test_what_no_knowledge_base_takes_is_still_refused(side: SyncSide, wire: Wire, name: str) -> None:
    with pytest.raises(openai.BadRequestError, match="names end in"):
        play(side, lambda client: (yield kept(client, (name, b"x"))))
    assert wire.sent == []
