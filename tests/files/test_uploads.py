"""``client.uploads``: parts are kept by the client and sent whole."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import openai
import pytest
from scripts import play

from zhipu_openai.multipart import Form

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

    from zhipu_openai.memory import Memory

FILE: dict[str, Any] = {
    "id": "1788750487_11039a0f45d44b798a4116c500becd86",
    "object": "file",
    "bytes": 10,
    "created_at": 1788750487,
    "filename": "a.pdf",
    "purpose": "user_data",
}
ASKED: dict[str, Any] = {
    "bytes": 10,
    "filename": "a.pdf",
    "mime_type": "application/pdf",
    "purpose": "user_data",
}

pytestmark = pytest.mark.usefixtures("quietly")


def begin(client: Any, **changes: Any) -> Any:
    return client.uploads.create(**{**ASKED, **changes})


def parts(client: Any, upload_id: str, *pieces: bytes) -> Any:
    """Add parts one after the other; give their ids."""
    ids = []
    for piece in pieces:
        part = yield client.uploads.parts.create(upload_id, data=piece)
        assert (part.object, part.upload_id) == ("upload.part", upload_id)
        ids.append(part.id)
    return ids


def test_parts_are_put_together_in_the_order_asked_for_and_sent_whole(side: SyncSide, wire: Wire) -> None:
    wire.reply(FILE)

    def script(client: Any) -> Any:
        made = yield begin(client)
        assert (made.status, made.bytes, made.purpose, made.file) == ("pending", 10, "user_data", None)
        assert made.expires_at - made.created_at == 3600
        assert abs(made.created_at - time.time()) < 60
        second, first = yield from parts(client, made.id, b"world", b"hello")
        assert wire.sent == []
        return (yield client.uploads.complete(made.id, part_ids=[first, second]))

    done = play(side, script)
    assert (done.status, done.file.id, done.file.status) == ("completed", FILE["id"], "processed")
    (sent,) = wire.sent
    form = Form.parse(sent.content, sent.headers["content-type"])
    file = form.file("file")
    assert file is not None
    assert (file.data, file.filename, file.content_type) == (b"helloworld", "a.pdf", "application/pdf")
    assert form.get("purpose") == "user_data"
    assert sent.url.endswith("/files")


def test_upload_file_chunked_works(side: SyncSide, wire: Wire) -> None:
    wire.reply(FILE)

    def script(client: Any) -> Any:
        digest = hashlib.md5(b"helloworld", usedforsecurity=False).hexdigest()
        return (
            yield client.uploads.upload_file_chunked(file=b"helloworld", part_size=3, md5=digest, **ASKED)
        )

    assert play(side, script).status == "completed"
    file = Form.parse(wire.last.content, wire.last.headers["content-type"]).file("file")
    assert file is not None
    assert file.data == b"helloworld"


def test_a_batch_that_comes_in_parts_is_translated(side: SyncSide, wire: Wire) -> None:
    line = b'{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"glm-5.1","messages":[]}}'
    wire.reply({**FILE, "purpose": "batch"})

    def script(client: Any) -> Any:
        yield client.uploads.upload_file_chunked(
            file=line, filename="b.jsonl", bytes=len(line), mime_type="application/jsonl", purpose="batch"
        )

    play(side, script)
    assert b"/v4/chat/completions" in wire.last.content


def test_that_parts_are_kept_here_is_said(side: SyncSide) -> None:
    with pytest.warns(UserWarning, match="kept in this process"):
        play(side, lambda client: (yield begin(client)))


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"bytes": 0}, "bytes"),
        ({"bytes": 32 * 1024 * 1024 + 1}, "bytes"),
        ({"filename": ""}, "filename"),
        ({"mime_type": ""}, "mime_type"),
        ({"purpose": "fine-tune"}, "purpose"),
        ({"purpose": "assistants", "filename": "a.exe"}, "file"),
    ],
)
def test_an_upload_that_cannot_come_to_an_end_is_refused_at_its_beginning(
    side: SyncSide, changes: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        play(side, lambda client: (yield begin(client, **changes)))
    assert caught.value.param == param


def refused_at_the_end(side: SyncSide, pieces: tuple[bytes, ...], **arguments: Any) -> Any:
    def script(client: Any) -> Any:
        made = yield begin(client)
        ids = yield from parts(client, made.id, *pieces)
        with pytest.raises(openai.BadRequestError) as caught:
            yield client.uploads.complete(made.id, **{"part_ids": ids, **arguments})
        return caught.value

    return play(side, script)


@pytest.mark.parametrize(
    ("pieces", "arguments", "message"),
    [
        ((b"hello",), {}, "come to 5 bytes"),
        ((b"hello", b"world"), {"md5": "0" * 32}, "md5"),
        ((b"hello", b"world"), {"part_ids": []}, "part_ids"),
        ((b"hello", b"world"), {"part_ids": ["part_of_nobody"]}, "not kept"),
    ],
)
def test_parts_that_are_not_the_file_are_refused(
    side: SyncSide, wire: Wire, pieces: tuple[bytes, ...], arguments: dict[str, Any], message: str
) -> None:
    assert message in str(refused_at_the_end(side, pieces, **arguments))
    assert wire.sent == []


def test_a_part_of_another_upload_is_not_taken(side: SyncSide) -> None:
    def script(client: Any) -> Any:
        one, other = (yield begin(client)), (yield begin(client))
        ids = yield from parts(client, one.id, b"helloworld")
        with pytest.raises(openai.BadRequestError, match="another upload"):
            yield client.uploads.complete(other.id, part_ids=ids)

    play(side, script)


def test_a_part_larger_than_the_upload_is_refused(side: SyncSide) -> None:
    def script(client: Any) -> Any:
        made = yield begin(client)
        with pytest.raises(openai.BadRequestError, match="larger"):
            yield client.uploads.parts.create(made.id, data=b"x" * 11)

    play(side, script)


def test_parts_that_had_to_make_room_are_missed_and_not_left_out(side: SyncSide, wire: Wire) -> None:
    def script(client: Any) -> Any:
        made = yield begin(client)
        boundary = client._client.boundary
        ids = yield from parts(client, made.id, b"hello")
        memory: Memory = boundary.core.config.memory
        memory.keep("other", "large", None, size=64 * 1024 * 1024 + 1)
        with pytest.raises(openai.NotFoundError, match="only while there is room"):
            yield client.uploads.complete(made.id, part_ids=ids)

    play(side, script)
    assert wire.sent == []


def test_an_upload_of_another_client_is_not_known(side: SyncSide) -> None:
    made = play(side, lambda client: (yield begin(client)))
    with pytest.raises(openai.NotFoundError, match="by the client that began them"):
        play(side, lambda client: (yield client.uploads.cancel(made.id)))


def test_a_cancelled_upload_takes_no_more_parts(side: SyncSide) -> None:
    def script(client: Any) -> Any:
        made = yield begin(client)
        assert (yield client.uploads.cancel(made.id)).status == "cancelled"
        for work in (
            lambda: client.uploads.parts.create(made.id, data=b"x"),
            lambda: client.uploads.complete(made.id, part_ids=["x"]),
            lambda: client.uploads.cancel(made.id),
        ):
            with pytest.raises(openai.BadRequestError, match="is cancelled"):
                yield work()

    play(side, script)


def test_an_upload_is_over_after_an_hour(side: SyncSide, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(client: Any) -> Any:
        made = yield begin(client)
        monkeypatch.setattr("zhipu_openai.translate.uploads.time.time", lambda: made.created_at + 3601)
        with pytest.raises(openai.BadRequestError, match="is expired"):
            yield client.uploads.parts.create(made.id, data=b"x")

    play(side, script)


def test_a_completion_that_fails_can_be_tried_again(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    wire.reply(FILE)

    def script(client: Any) -> Any:
        made = yield begin(client)
        ids = yield from parts(client, made.id, b"hello", b"world")
        done = yield client.uploads.complete(made.id, part_ids=ids)
        assert done.status == "completed"
        with pytest.raises(openai.BadRequestError, match="is completed"):
            yield client.uploads.complete(made.id, part_ids=ids)

    play(side, script)
    assert len(waits) == 1
    assert len(wire.sent) == 2


def test_what_was_sent_is_kept_no_longer(side: SyncSide, wire: Wire) -> None:
    wire.reply(FILE)

    def script(client: Any) -> Any:
        made = yield begin(client)
        (part_id,) = yield from parts(client, made.id, b"helloworld")
        memory: Memory = client._client.boundary.core.config.memory
        assert memory.recall("uploads.parts", part_id) is not None
        yield client.uploads.complete(made.id, part_ids=[part_id])
        assert memory.recall("uploads.parts", part_id) is None

    play(side, script)


def test_no_content_of_an_upload_is_in_a_repr(side: SyncSide) -> None:
    def script(client: Any) -> Any:
        made = yield begin(client)
        yield from parts(client, made.id, b"canary")
        return repr(client._client.boundary.core.config.memory)

    assert "canary" not in play(side, script)
