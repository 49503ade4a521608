"""The stand-in's files and batches, as Zhipu's wire has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from standin_helpers import KEY, NOON, body_of, standin

from zhipu_openai.multipart import Form, Part

if TYPE_CHECKING:
    from zhipu_openai.standin import Reply, StandIn

ROOT = "/api/paas/v4"
SECOND = int(NOON.timestamp())
MESSAGES = [{"role": "user", "content": "Hi"}]


def send(service: StandIn, method: str, path: str, body: Any = None) -> Reply:
    content = b"" if body is None else json.dumps(body).encode()
    return service.handle(method, f"{ROOT}{path}", KEY, content)


def upload(service: StandIn, purpose: str | None = "agent", name: str = "a.txt", data: bytes = b"x") -> Reply:
    fields = () if purpose is None else (Part("purpose", purpose.encode()),)
    content, kind = Form((*fields, Part("file", data, name))).encode()
    return service.handle("POST", f"{ROOT}/files", {**KEY, "content-type": kind}, content)


def line(custom_id: str = "request-1", **body: Any) -> dict[str, Any]:
    given = {"model": "glm-4-plus", "messages": MESSAGES, **body}
    return {"custom_id": custom_id, "method": "POST", "url": "/v4/chat/completions", "body": given}


def jsonl(*lines: Any) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in lines)


def batch_file(service: StandIn, *lines: Any) -> Reply:
    return upload(service, "batch", "b.jsonl", jsonl(*lines))


def started(service: StandIn, *lines: Any, **fields: Any) -> dict[str, Any]:
    file_id = body_of(batch_file(service, *lines))["id"]
    asked = {"input_file_id": file_id, "endpoint": "/v4/chat/completions", **fields}
    made: dict[str, Any] = body_of(send(service, "POST", "/batches", asked))
    return made


def refusal_of(reply: Reply) -> tuple[str, str]:
    assert reply.status == 400
    error = body_of(reply)["error"]
    return error["code"], error["message"]


def test_a_file_is_answered_in_the_shape_of_the_specification() -> None:
    body = body_of(upload(standin(), "agent", "a.txt", b"hello"))
    assert body.pop("id").startswith(f"{SECOND}_")
    assert body == {
        "object": "file",
        "bytes": 5,
        "created_at": SECOND,
        "filename": "a.txt",
        "purpose": "agent",
    }


@pytest.mark.parametrize(
    ("purpose", "name", "data", "code"),
    [
        (None, "a.txt", b"x", "1213"),
        ("assistants", "a.txt", b"x", "1214"),
        ("agent", "a.exe", b"x", "1210"),
        ("agent", "a", b"x", "1210"),
        ("agent", "a.txt", bytes(20 * 1024 * 1024 + 1), "1210"),
        ("agent", "a.png", bytes(5 * 1024 * 1024 + 1), "1210"),
        ("batch", "a.txt", b"x", "1210"),
        ("voice-clone-input", "a.ogg", b"x", "1210"),
    ],
)
def test_what_zhipu_does_not_take_is_refused(purpose: str | None, name: str, data: bytes, code: str) -> None:
    assert refusal_of(upload(standin(), purpose, name, data))[0] == code


def test_what_is_no_form_or_has_no_file_is_refused() -> None:
    service = standin()
    assert refusal_of(send(service, "POST", "/files", {"purpose": "agent"}))[0] == "1210"
    content, kind = Form((Part("purpose", b"agent"),)).encode()
    reply = service.handle("POST", f"{ROOT}/files", {**KEY, "content-type": kind}, content)
    assert refusal_of(reply)[0] == "1213"


def test_the_international_site_takes_files_for_agents_alone() -> None:
    service = standin(region="intl")
    assert upload(service, "agent", "a.txt").status == 200
    assert refusal_of(upload(service, "batch", "a.jsonl"))[0] == "1214"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([line("short")], "custom id 长度不足, 最短: 6"),
        ([line(model="glm-5.2")], "模型名称错误"),
        ([line("request-1"), line("request-1")], "第2行"),
        ([line("request-1"), line("request-2", model="glm-4")], "一个模型"),
        ([{**line(), "url": "/v1/chat/completions"}], "url"),
        ([{**line(), "method": "GET"}], "method"),
        ([{**line(), "body": "x"}], "body"),
        ([1], "JSON"),
        ([], "空"),
    ],
)
def test_the_lines_of_a_batch_are_checked_when_they_are_uploaded(lines: list[Any], text: str) -> None:
    code, message = refusal_of(batch_file(standin(), *lines))
    assert code == "1210"
    assert text in message


def test_files_are_listed_by_purpose_newest_first_and_in_pages() -> None:
    service = standin()
    ids = [body_of(upload(service))["id"] for _ in range(3)]
    batch_file(service, line())
    first = body_of(send(service, "GET", "/files?purpose=agent&limit=2"))
    assert ([file["id"] for file in first["data"]], first["has_more"]) == (ids[:0:-1], True)
    rest = body_of(send(service, "GET", f"/files?purpose=agent&limit=2&after={ids[1]}"))
    assert ([file["id"] for file in rest["data"]], rest["has_more"]) == (ids[:1], False)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "1213"),
        ("?purpose=user_data", "1214"),
        ("?purpose=batch&limit=0", "1214"),
        ("?purpose=batch&limit=101", "1214"),
        ("?purpose=batch&limit=x", "1214"),
        ("?purpose=batch&order=desc", "1214"),
    ],
)
def test_a_list_that_is_asked_for_wrongly_is_refused(query: str, code: str) -> None:
    assert refusal_of(send(standin(), "GET", f"/files{query}"))[0] == code


def test_only_files_of_batches_are_given_back_and_deleted_ones_are_gone() -> None:
    service = standin()
    batch = body_of(batch_file(service, line()))["id"]
    reply = send(service, "GET", f"/files/{batch}/content")
    assert reply.read() == jsonl(line())
    assert dict(reply.headers)["content-type"] == "application/octet-stream"
    agent = body_of(upload(service))["id"]
    assert refusal_of(send(service, "GET", f"/files/{agent}/content"))[0] == "1214"
    deleted = body_of(send(service, "DELETE", f"/files/{batch}"))
    assert deleted == {"id": batch, "object": "file", "deleted": True}
    for method, path in (("DELETE", f"/files/{batch}"), ("GET", f"/files/{batch}/content")):
        assert refusal_of(send(service, method, path))[0] == "1214"


def test_a_file_is_not_found_by_a_path_of_its_own() -> None:
    service = standin()
    file_id = body_of(upload(service))["id"]
    assert send(service, "GET", f"/files/{file_id}").status == 404


# Batches


def test_a_batch_is_answered_in_the_shape_that_was_recorded() -> None:
    batch = started(standin(), line("request-1"), line("request-2"), metadata={"a": "b"})
    assert batch["id"].startswith("batch_")
    assert len(batch["id"]) == len("batch_2095408344001937408")
    assert batch["created_at"] == int(NOON.timestamp() * 1000)
    assert batch["request_counts"] == {"total": 2, "completed": None, "failed": None}
    assert (batch["status"], batch["completion_window"], batch["output_file_id"]) == (
        "validating",
        None,
        None,
    )
    assert batch["metadata"] == {"a": "b"}


def finished(service: StandIn, batch_id: str) -> dict[str, Any]:
    for status in ("in_progress", "completed"):
        batch: dict[str, Any] = body_of(send(service, "GET", f"/batches/{batch_id}"))
        assert batch["status"] == status
    return batch


def test_a_batch_is_completed_at_the_second_look_with_lines_as_they_were_recorded() -> None:
    service = standin()
    batch = finished(service, started(service, line("request-1"))["id"])
    assert batch["request_counts"] == {"total": 1, "completed": 1, "failed": 0}
    assert batch["error_file_id"] == ""
    (made,) = send(service, "GET", f"/files/{batch['output_file_id']}/content").read().splitlines()
    result = json.loads(made)
    assert list(result) == ["response", "custom_id", "id"]
    assert (result["custom_id"], result["id"]) == ("request-1", batch["id"])
    assert result["response"]["status_code"] == 200
    body = result["response"]["body"]
    assert body["request_id"] == "request-1"
    assert "object" not in body
    assert body["choices"][0]["message"]["content"].startswith("[stand-in]")


def test_lines_that_chat_refuses_are_in_the_error_file() -> None:
    service = standin()
    job = started(service, line("request-1"), line("request-2", temperature=7))
    batch = finished(service, job["id"])
    assert batch["request_counts"] == {"total": 2, "completed": 1, "failed": 1}
    result = json.loads(send(service, "GET", f"/files/{batch['error_file_id']}/content").read())
    assert result["custom_id"] == "request-2"
    assert (result["response"]["status_code"], result["response"]["body"]["error"]["code"]) == (400, "1210")


def test_a_batch_uses_no_line_of_the_script() -> None:
    service = standin()
    service.say("for a chat call")
    finished(service, started(service, line())["id"])
    assert service.pending == 1


def test_the_input_file_is_deleted_unless_it_is_to_be_kept() -> None:
    for keeps in (True, False):
        service = standin()
        job = started(service, line(), **({"auto_delete_input_file": False} if keeps else {}))
        finished(service, job["id"])
        status = send(service, "GET", f"/files/{job['input_file_id']}/content").status
        assert status == (200 if keeps else 400)


def test_a_batch_whose_input_file_is_gone_fails() -> None:
    service = standin()
    job = started(service, line())
    send(service, "DELETE", f"/files/{job['input_file_id']}")
    send(service, "GET", f"/batches/{job['id']}")
    batch = body_of(send(service, "GET", f"/batches/{job['id']}"))
    assert (batch["status"], batch["failed_at"]) == ("failed", int(NOON.timestamp() * 1000))


def test_a_batch_can_be_cancelled_until_it_is_over() -> None:
    service = standin()
    job = started(service, line())
    assert body_of(send(service, "POST", f"/batches/{job['id']}/cancel"))["status"] == "cancelling"
    assert body_of(send(service, "GET", f"/batches/{job['id']}"))["status"] == "cancelled"
    assert refusal_of(send(service, "POST", f"/batches/{job['id']}/cancel"))[0] == "1214"
    assert body_of(send(service, "GET", f"/batches/{job['id']}"))["status"] == "cancelled"


def test_batches_are_listed_newest_first_and_stay_where_they_are() -> None:
    service = standin()
    ids = [started(service, line())["id"] for _ in range(3)]
    page = body_of(send(service, "GET", "/batches?limit=2"))
    assert [batch["id"] for batch in page["data"]] == [page["first_id"], page["last_id"]] == ids[:0:-1]
    assert page["has_more"] is True
    rest = body_of(send(service, "GET", f"/batches?after={page['last_id']}"))
    assert [batch["status"] for batch in rest["data"]] == ["validating"]
    assert refusal_of(send(service, "GET", "/batches?limit=101"))[0] == "1214"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"endpoint": "/v1/chat/completions"}, "1214"),
        ({"endpoint": "/v4/embeddings"}, "1214"),
        ({"endpoint": None}, "1213"),
        ({"input_file_id": "nothing"}, "1214"),
        ({"input_file_id": None}, "1213"),
        ({"auto_delete_input_file": "no"}, "1214"),
        ({"metadata": []}, "1214"),
        ({"metadata": {"a": 1}}, "1214"),
        ({"metadata": {"a" * 65: "b"}}, "1214"),
        ({"metadata": {"a": "b" * 513}}, "1214"),
        ({"metadata": {str(number): "b" for number in range(17)}}, "1214"),
    ],
)
def test_a_batch_that_is_asked_for_wrongly_is_refused(fields: dict[str, Any], code: str) -> None:
    service = standin()
    file_id = body_of(batch_file(service, line()))["id"]
    asked = {"input_file_id": file_id, "endpoint": "/v4/chat/completions", **fields}
    assert refusal_of(send(service, "POST", "/batches", asked))[0] == code


def test_a_batch_of_a_file_of_another_purpose_is_refused() -> None:
    service = standin()
    file_id = body_of(upload(service))["id"]
    asked = {"input_file_id": file_id, "endpoint": "/v4/chat/completions"}
    assert refusal_of(send(service, "POST", "/batches", asked))[0] == "1214"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/batches/nothing"), ("POST", "/batches/nothing/cancel")]
)
def test_a_batch_that_is_not_known_is_refused(method: str, path: str) -> None:
    assert refusal_of(send(standin(), method, path))[0] == "1214"


def test_a_batch_of_no_json_is_refused() -> None:
    assert standin().handle("POST", f"{ROOT}/batches", KEY, b"[").status == 400
