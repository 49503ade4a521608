"""``client.files`` on the wire: what is sent for it, and what comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import httpx
from scripts import collect, play

from zhipu_openai.multipart import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Sent, SyncSide, Wire

ROOT = "https://open.bigmodel.cn/api/paas/v4"
ID = "1788750487_11039a0f45d44b798a4116c500becd86"
FILE: dict[str, Any] = {
    "id": ID,
    "object": "file",
    "bytes": 4,
    "created_at": 1788750487,
    "filename": "a.pdf",
    "purpose": "user_data",
}
"""A file in the shape of the specification."""


def form_of(sent: Sent) -> Form:
    return Form.parse(sent.content, sent.headers["content-type"])


def created(side: SyncSide, **arguments: Any) -> Any:
    def script(client: Any) -> Any:
        return (
            yield client.files.create(**{"file": ("a.pdf", b"%PDF"), "purpose": "user_data", **arguments})
        )

    return play(side, script)


def listed(side: SyncSide, **arguments: Any) -> list[str]:
    """List the ids of all files, page after page."""

    def script(client: Any) -> Any:
        page = client.files.list(**arguments)
        return (yield collect(page if hasattr(page, "__aiter__") else iter(page)))

    return [file.id for file in play(side, script)]


def retrieved(side: SyncSide, file_id: str = ID) -> Any:
    def script(client: Any) -> Any:
        return (yield client.files.retrieve(file_id))

    return play(side, script)


def shelf(wire: Wire, files: dict[str, list[dict[str, Any]]], *, page: int = 100) -> None:
    """Lay out lists by purpose, the newest first, as Zhipu pages them; a purpose that is not there is refused."""

    def answer(request: Any) -> Any:
        query = request.url.params
        if query["purpose"] not in files:
            body = {"error": {"code": "1214", "message": "purpose 参数非法"}}
            return httpx.Response(400, json=body)
        assert 1 <= int(query.get("limit", 20)) <= 100
        entries = files[query["purpose"]]
        if "after" in query:
            ids = [file["id"] for file in entries]
            entries = entries[ids.index(query["after"]) + 1 :]
        size = min(page, int(query.get("limit", 20)))
        body = {"object": "list", "data": entries[:size], "has_more": len(entries) > size}
        return httpx.Response(200, json=body)

    wire.reply_with(answer)


def made(number: int, purpose: str) -> dict[str, Any]:
    return {**FILE, "id": f"{purpose}-{number}", "created_at": 1788750000 + number, "purpose": purpose}


THREE = {
    "batch": [made(5, "batch"), made(1, "batch")],
    "code-interpreter": [made(3, "code-interpreter")],
    "agent": [made(4, "agent"), made(2, "agent")],
}

# Uploads


def test_a_file_is_uploaded_with_its_name_and_type_and_comes_back_as_openais_object(
    side: SyncSide, wire: Wire
) -> None:
    wire.reply(FILE)
    file = created(side, file=("a.pdf", b"\r\n%PDF\x00", "application/pdf"))
    form = form_of(wire.last)
    assert wire.last.url == f"{ROOT}/files"
    assert [part.name for part in form.parts] == ["purpose", "file"]
    assert form.get("purpose") == "user_data"
    sent = form.file("file")
    assert sent is not None
    assert (sent.filename, sent.data, sent.content_type) == ("a.pdf", b"\r\n%PDF\x00", "application/pdf")
    assert file.to_dict() == {**FILE, "status": "processed"}


def test_the_answer_of_2024_with_nulls_becomes_a_whole_object(side: SyncSide, wire: Wire) -> None:
    wire.reply({**FILE, "filename": None, "fileName": "b.pdf", "status": None, "created_at": 1788750487123})
    file = created(side)
    assert (file.filename, file.status, file.created_at) == ("b.pdf", "processed", 1788750487)


@pytest.mark.parametrize("missing", ["bytes", "created_at", "filename", "purpose"])
def test_what_the_answer_lacks_is_known_from_the_upload_or_the_id(
    side: SyncSide, wire: Wire, missing: str
) -> None:
    wire.reply({name: value for name, value in FILE.items() if name != missing})
    assert created(side).to_dict() == {**FILE, "status": "processed"}


@pytest.mark.parametrize("answer", [{"object": "file"}, [], {**FILE, "id": "f", "created_at": None}])
def test_an_answer_that_is_no_file_is_an_error(side: SyncSide, wire: Wire, answer: Any) -> None:
    wire.reply(answer)
    with pytest.raises(openai.InternalServerError) as caught:
        created(side)
    assert caught.value.code == "invalid_upstream_answer"
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("purpose", "sent", "back"),
    [
        ("user_data", "user_data", "user_data"),
        ("assistants", "agent", "assistants"),
        ("agent", "agent", "assistants"),
        ("code-interpreter", "code-interpreter", "code-interpreter"),
        ("something-new", "something-new", "something-new"),
    ],
)
@pytest.mark.usefixtures("quietly")
def test_purposes_are_sent_in_zhipus_words_and_come_back_in_openais(
    side: SyncSide, wire: Wire, purpose: str, sent: str, back: str
) -> None:
    wire.reply({**FILE, "purpose": sent})
    file = created(side, purpose=purpose)
    assert form_of(wire.last).get("purpose") == sent
    assert file.purpose == back


@pytest.mark.parametrize(
    ("purpose", "way_out"), [("fine-tune", "console"), ("vision", "image_url"), ("evals", "OpenAI's servers")]
)
def test_a_purpose_that_zhipu_has_nothing_like_is_refused_with_the_way_out(
    side: SyncSide, wire: Wire, purpose: str, way_out: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=way_out) as caught:
        created(side, purpose=purpose)
    assert caught.value.param == "purpose"
    assert wire.sent == []


def test_expires_after_is_dropped_with_a_note(side: SyncSide, wire: Wire) -> None:
    wire.reply(FILE)
    with pytest.warns(UserWarning, match="30 days"):
        created(side, extra_body={"expires_after": {"anchor": "created_at", "seconds": 3600}, "own": "x"})
    assert [part.name for part in form_of(wire.last).parts] == ["purpose", "own", "file"]


MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("purpose", "name", "size", "code"),
    [
        ("agent", "a.exe", 1, "invalid_file_format"),
        ("agent", "pdf", 1, "invalid_file_format"),
        ("agent", "a.pdf", 20 * MIB + 1, "file_too_large"),
        ("agent", "a.PNG", 5 * MIB + 1, "file_too_large"),
        ("code-interpreter", "a.zip", 1, "invalid_file_format"),
        ("voice-clone-input", "a.ogg", 1, "invalid_file_format"),
        ("voice-clone-input", "a.mp3", 10 * MIB + 1, "file_too_large"),
        ("batch", "a.jsonl", 100 * MIB + 1, "file_too_large"),
    ],
)
def test_what_zhipu_does_not_take_is_refused_before_it_is_sent(
    side: SyncSide, wire: Wire, purpose: str, name: str, size: int, code: str
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        created(side, purpose=purpose, file=(name, bytes(size)))
    assert caught.value.code == code
    assert caught.value.status_code in (400, 413)
    assert caught.value.param == "file"
    assert wire.sent == []


@pytest.mark.usefixtures("quietly")
def test_the_international_site_takes_larger_files_for_agents(side: SyncSide, wire: Wire) -> None:
    wire.reply({**FILE, "purpose": "agent"})

    def script(client: Any) -> Any:
        yield client.files.create(file=("a.pdf", bytes(20 * MIB + 1)), purpose="assistants")

    play(side, script, region="intl")
    assert wire.last.url == "https://api.z.ai/api/paas/v4/files"


@pytest.mark.parametrize("missing", ["file", "purpose"])
def test_a_form_that_lacks_a_field_is_refused(side: SyncSide, wire: Wire, missing: str) -> None:
    def script(client: Any) -> Any:
        body = {} if missing == "purpose" else {"purpose": "batch"}
        files = [] if missing == "file" else [("file", ("a.jsonl", b"{}"))]
        files += [("other", ("o", b""))]
        header = {"headers": {"Content-Type": "multipart/form-data"}}
        yield client.post("/files", body=body, files=files, options=header, cast_to=object)

    with pytest.raises(openai.BadRequestError, match=f"{missing} is missing"):
        play(side, script)
    assert wire.sent == []


def test_an_upload_that_is_no_form_is_refused(side: SyncSide, wire: Wire) -> None:
    def script(client: Any) -> Any:
        yield client.post("/files", body={"purpose": "batch"}, cast_to=object)

    with pytest.raises(openai.BadRequestError, match="form"):
        play(side, script)
    assert wire.sent == []


def test_a_refusal_of_zhipus_is_openais_error(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1210", "message": "模型名称错误"}}, status=400)
    with pytest.raises(openai.BadRequestError, match="模型名称错误"):
        created(side)


def test_an_upload_is_tried_again_as_a_whole(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    wire.reply(FILE)
    assert created(side).id == ID
    assert len(waits) == 1
    assert [form_of(sent).file("file") for sent in wire.sent] == [form_of(wire.last).file("file")] * 2


# Lists


def test_without_a_purpose_all_are_listed_newest_first(side: SyncSide, wire: Wire) -> None:
    shelf(wire, THREE)
    assert listed(side) == ["batch-5", "agent-4", "code-interpreter-3", "agent-2", "batch-1"]
    purposes = {httpx.URL(sent.url).params["purpose"] for sent in wire.sent}
    assert purposes == {"batch", "code-interpreter", "agent"}


def test_ascending_order_is_the_oldest_first(side: SyncSide, wire: Wire) -> None:
    shelf(wire, THREE)
    assert listed(side, order="asc")[:2] == ["batch-1", "agent-2"]
    assert all("order" not in httpx.URL(sent.url).params for sent in wire.sent)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_small_pages_neither_overlap_nor_leave_out(side: SyncSide, wire: Wire, limit: int) -> None:
    shelf(wire, THREE)
    assert listed(side, limit=limit) == ["batch-5", "agent-4", "code-interpreter-3", "agent-2", "batch-1"]


def stamped(number: int) -> dict[str, Any]:
    return {**FILE, "id": f"{1788750000 + number}_{number:032x}", "created_at": 1788750000 + number}


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_files_may_be_deleted_while_they_are_listed(side: SyncSide, wire: Wire, order: str) -> None:
    files = [{**stamped(number), "purpose": "agent"} for number in range(5, 0, -1)]
    shelf(wire, {"batch": [], "code-interpreter": [], "agent": files})

    def script(client: Any) -> Any:
        seen = []
        page = yield client.files.list(limit=2, order=order)
        while page.data:
            seen += [file.id for file in page.data]
            files[:] = [file for file in files if file["id"] not in seen]
            page = yield client.files.list(limit=2, order=order, after=seen[-1])
        return seen

    assert sorted(play(side, script)) == sorted(stamped(number)["id"] for number in range(1, 6))


def test_a_cursor_that_is_no_file_is_refused(side: SyncSide, wire: Wire) -> None:
    shelf(wire, THREE)
    with pytest.raises(openai.BadRequestError, match="after is the id of no file"):
        listed(side, after="nothing")


def test_all_of_zhipus_pages_are_gathered(side: SyncSide, wire: Wire) -> None:
    many = [made(number, "agent") for number in range(250, 0, -1)]
    shelf(wire, {**THREE, "agent": many, "batch": [], "code-interpreter": []})
    assert len(listed(side)) == 250
    assert len(wire.sent) == 5


@pytest.mark.parametrize(("purpose", "asked"), [("assistants", "agent"), ("batch", "batch")])
def test_one_purpose_is_listed_by_zhipus_own_pages(
    side: SyncSide, wire: Wire, purpose: str, asked: str
) -> None:
    shelf(wire, THREE)
    assert listed(side, purpose=purpose, limit=1) == [file["id"] for file in THREE[asked]]
    queries = [dict(httpx.URL(sent.url).params) for sent in wire.sent]
    first, second = THREE[asked]
    assert queries == [
        {"purpose": asked, "limit": "1"},
        {"purpose": asked, "limit": "1", "after": first["id"]},
    ]
    assert second["id"] in listed(side, purpose=purpose)


def test_a_limit_beyond_zhipus_is_gathered_from_several_pages(side: SyncSide, wire: Wire) -> None:
    shelf(wire, {"batch": [made(number, "batch") for number in range(150, 0, -1)]})

    def script(client: Any) -> Any:
        page = yield client.files.list(purpose="batch", limit=120)
        return page

    page = play(side, script)
    assert len(page.data) == 120
    assert page.has_more is True
    assert [httpx.URL(sent.url).params["limit"] for sent in wire.sent] == ["100", "20"]


def test_files_are_listed_in_openais_words(side: SyncSide, wire: Wire) -> None:
    shelf(wire, {"agent": [{**made(1, "agent"), "created_at": 1788750001000}]})

    def script(client: Any) -> Any:
        return (yield client.files.list(purpose="agent"))

    (file,) = play(side, script).data
    assert (file.purpose, file.created_at, file.status) == ("assistants", 1788750001, "processed")


def test_zhipus_own_order_passes_as_it_is(side: SyncSide, wire: Wire) -> None:
    shelf(wire, THREE)
    assert listed(side, purpose="batch", extra_query={"order": "created_at"}) == ["batch-5", "batch-1"]
    assert httpx.URL(wire.last.url).params["order"] == "created_at"


@pytest.mark.parametrize("limit", ["0", "10001", "x", "-1", "１"])
def test_a_limit_that_is_none_is_refused(side: SyncSide, wire: Wire, limit: str) -> None:
    with pytest.raises(openai.BadRequestError, match="limit"):
        listed(side, extra_query={"limit": limit})
    assert wire.sent == []


def test_a_list_whose_cursor_stands_still_comes_to_an_end(side: SyncSide, wire: Wire) -> None:
    wire.reply({"object": "list", "data": [made(1, "agent")], "has_more": True})

    def script(client: Any) -> Any:
        return (yield client.files.list(limit=1))

    assert [file.id for file in play(side, script).data] == ["agent-1"]


@pytest.mark.parametrize("answer", [[], {}, {"data": "x"}, {"data": [1]}, {"data": [{"id": 1}]}])
def test_a_list_of_another_form_is_an_error(side: SyncSide, wire: Wire, answer: Any) -> None:
    wire.reply(answer)
    with pytest.raises(openai.InternalServerError):
        listed(side)


def test_a_purpose_that_cannot_be_listed_is_zhipus_to_refuse(side: SyncSide, wire: Wire) -> None:
    shelf(wire, THREE)
    with pytest.raises(openai.BadRequestError, match="purpose"):
        listed(side, purpose="user_data")


# One file


@pytest.mark.parametrize("file_id", ["batch-1", "agent-4", "code-interpreter-3"])
def test_a_file_is_found_in_the_lists(side: SyncSide, wire: Wire, file_id: str) -> None:
    shelf(wire, THREE, page=1)
    assert retrieved(side, file_id).id == file_id
    assert all(sent.url.startswith(f"{ROOT}/files?") for sent in wire.sent)


def test_a_file_of_a_purpose_that_can_be_listed_after_all_is_found(side: SyncSide, wire: Wire) -> None:
    shelf(wire, {**THREE, "user_data": [FILE]})
    assert retrieved(side).id == ID


def test_a_file_that_cannot_be_listed_is_remembered_by_who_uploaded_it(side: SyncSide, wire: Wire) -> None:
    wire.reply(FILE)
    shelf(wire, THREE)

    def script(client: Any) -> Any:
        uploaded = yield client.files.create(file=("a.pdf", b"%PDF"), purpose="user_data")
        with pytest.warns(UserWarning, match="found in no list"):
            found = yield client.files.retrieve(uploaded.id)
        return uploaded, found, (yield client.files.wait_for_processing(uploaded.id))

    uploaded, found, waited = play(side, script)
    assert uploaded == found == waited


def test_a_file_that_was_deleted_is_remembered_no_more(side: SyncSide, wire: Wire) -> None:
    wire.reply(FILE)
    wire.reply({"id": ID, "object": "file", "deleted": True})
    shelf(wire, THREE)

    def script(client: Any) -> Any:
        yield client.files.create(file=("a.pdf", b"%PDF"), purpose="user_data")
        deleted = yield client.files.delete(ID)
        assert (deleted.id, deleted.deleted, deleted.object) == (ID, True, "file")
        assert (wire.last.method, wire.last.url) == ("DELETE", f"{ROOT}/files/{ID}")
        with pytest.raises(openai.NotFoundError):
            yield client.files.retrieve(ID)

    play(side, script)


def test_a_limit_that_is_reached_while_a_file_is_looked_for_is_no_missing_file(
    side: SyncSide, wire: Wire
) -> None:
    empty = {"object": "list", "data": [], "has_more": False}

    def answer(request: Any) -> Any:
        if request.url.params["purpose"] == "user_data":
            return httpx.Response(429, json={"error": {"code": "1113", "message": "余额不足"}})
        return httpx.Response(200, json=empty)

    wire.reply_with(answer)
    with pytest.raises(openai.RateLimitError):
        retrieved(side)


def test_a_file_that_is_nowhere_is_not_found(side: SyncSide, wire: Wire) -> None:
    shelf(wire, THREE)
    with pytest.raises(openai.NotFoundError, match="No such file: nothing") as caught:
        retrieved(side, "nothing")
    assert caught.value.code == "file_not_found"


def test_a_failure_of_the_lists_is_the_callers(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1000", "message": "身份验证失败"}}, status=401)
    for work in (retrieved, listed, lambda one: listed(one, purpose="batch")):
        with pytest.raises(openai.AuthenticationError):
            work(side)


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        (lambda client: client.files.retrieve(ID), "lists of files"),
        (lambda client: client.files.delete(ID), "way to delete"),
        (lambda client: client.batches.retrieve("b"), "batches"),
    ],
)
def test_that_the_international_site_has_no_such_path_is_said(
    side: SyncSide, wire: Wire, operation: Any, what: str
) -> None:
    wire.reply({"status": 404, "error": "Not Found", "path": "/v4/files"}, status=404)

    def script(client: Any) -> Any:
        yield operation(client)

    with pytest.raises(openai.NotFoundError, match=f"z.ai has no {what}.*bigmodel.cn"):
        play(side, script, region="intl")
    with pytest.raises(openai.NotFoundError, match="base_url"):
        play(side, script)


@pytest.mark.parametrize("answer", [{}, [], {"deleted": "yes"}])
def test_a_deletion_that_does_not_say_so_is_an_error(side: SyncSide, wire: Wire, answer: Any) -> None:
    wire.reply(answer)

    def script(client: Any) -> Any:
        yield client.files.delete(ID)

    with pytest.raises(openai.InternalServerError):
        play(side, script)


# Content


def content(side: SyncSide, read: Callable[[Any], Any] = lambda answer: answer.read()) -> Any:
    def script(client: Any) -> Any:
        return read((yield client.files.content(ID)))

    return play(side, script)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\n\n",
        b"plain text\r\n",
        b'{"custom_id":"request-1","method":"POST","url":"/v4/chat/completions","body":{}}\n{}',
        b'{"id": "an", "other": "object"}\n{"custom_id":"request-1","response":{},"error":null}\n',
        b'{"id": "broken',
        b'{"response"',
        b"   \n\n  ",
        b'\xef\xbb\xbf{"a": 1}',
        json.dumps({"error": {"code": "1302", "message": "busy"}}).encode(),
    ],
)
def test_content_that_is_no_result_of_a_batch_passes_byte_for_byte(
    side: SyncSide, wire: Wire, data: bytes
) -> None:
    wire.reply(data, headers={"content-type": "application/octet-stream"})
    assert content(side) == data
    assert wire.last.url == f"{ROOT}/files/{ID}/content"


def test_a_refused_download_is_openais_error(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1214", "message": "只支持 batch 文件"}}, status=400)
    with pytest.raises(openai.BadRequestError, match="batch"):
        content(side)


def test_content_is_passed_on_while_it_comes(wire: Wire) -> None:
    line = json.dumps({"custom_id": "request-1", "response": {"status_code": 200, "body": {"x": 1}}}).encode()
    came: list[int] = []

    def pieces() -> Any:
        for number in range(3):
            came.append(number)
            yield line + b"\n"

    kind = {"content-type": "application/octet-stream"}
    wire.reply_with(lambda _: httpx.Response(200, headers=kind, content=pieces()))
    from conftest import SyncSide

    with SyncSide(wire).client() as client, client.files.with_streaming_response.content(ID) as answer:
        lines = answer.iter_lines()
        assert json.loads(next(lines))["error"] is None
        assert came == [0]
        assert len(list(lines)) == 2
