"""/batches: a job runs while it is asked about, and is completed at the second time."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from . import batch_lines, chat, files, wire
from .fields import Field, json_object, refusal
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .service import StandIn

SHELF: Final = "batches"

_FIELDS: Final = (
    Field("input_file_id", ("string",), required=True, least=1),
    Field("endpoint", ("string",), required=True, choices=(batch_lines.URL,)),
    Field("auto_delete_input_file", ("boolean",)),
    Field("metadata", ("object",)),
)
_MOST_METADATA: Final = 16
_LONGEST_KEY: Final = 64
_LONGEST_VALUE: Final = 512
_OVER: Final = frozenset({"completed", "cancelled", "failed", "expired"})
_OK: Final = 200

_TIMES: Final = (
    "in_progress_at",
    "expires_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
)


@dataclass(frozen=True, slots=True)
class Job:
    """A batch: the object as it is answered, and what else must be known of it."""

    fields: Mapping[str, Any]
    deletes_input: bool

    def moved(self, status: str, **changes: Any) -> Job:
        """Give the job in another status."""
        return replace(self, fields={**self.fields, "status": status, **changes})


def create(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /batches``."""
    given = json_object(request)
    refused = refusal(service, request, given, _FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    if not _allows(given.get("metadata", {})):
        return service.error(request, "1214", message="metadata 参数非法。请检查文档。")
    with service.shelf(files.SHELF) as shelf:
        stored: files.StoredFile | None = shelf.get(given["input_file_id"])
    if stored is None or stored.purpose != "batch":
        return service.error(request, "1214", message="input_file_id 参数非法。请检查文档。")
    with service.random() as random:
        job_id = f"batch_{random.randrange(10**18, 10**19)}"
    total = len(batch_lines.read(stored.data))
    job = Job(
        {
            "id": job_id,
            "object": "batch",
            "endpoint": given["endpoint"],
            "input_file_id": stored.id,
            "completion_window": None,
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "created_at": _milliseconds(request),
            **dict.fromkeys(_TIMES),
            "request_counts": {"total": total, "completed": None, "failed": None},
            "metadata": given.get("metadata"),
        },
        deletes_input=given.get("auto_delete_input_file", True),
    )
    return _keep(service, request, job)


def _allows(metadata: Mapping[str, Any]) -> bool:
    return len(metadata) <= _MOST_METADATA and all(
        len(name) <= _LONGEST_KEY and isinstance(value, str) and len(value) <= _LONGEST_VALUE
        for name, value in metadata.items()
    )


def retrieve(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /batches/{id}``, and move the job on."""
    with service.shelf(SHELF) as shelf:
        job: Job | None = shelf.get(request.groups["id"])
        if job is None:
            return files.unknown(service, request)
        return _keep(service, request, _next(service, request, job))


def cancel(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /batches/{id}/cancel``."""
    with service.shelf(SHELF) as shelf:
        job: Job | None = shelf.get(request.groups["id"])
        if job is None:
            return files.unknown(service, request)
        if job.fields["status"] in _OVER:
            return service.error(request, "1214", message="任务已结束，无法取消")
        return _keep(service, request, job.moved("cancelling", cancelling_at=_milliseconds(request)))


def list_batches(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /batches``, the newest first; it moves nothing."""
    given = files.query(request)
    refused = refusal(service, request, given, (files.LIMIT,))
    if refused is not None:
        return refused
    with service.shelf(SHELF) as shelf:
        jobs = [dict(job.fields) for job in reversed(shelf.values())]
    data, more = files.page(jobs, given)
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
    return json_reply(request, {"object": "list", "data": data, **ends, "has_more": more})


def _next(service: StandIn, request: Request, job: Job) -> Job:
    now = _milliseconds(request)
    status = job.fields["status"]
    if status == "validating":
        return job.moved("in_progress", in_progress_at=now)
    if status == "in_progress":
        return _completed(service, request, job)
    return job.moved("cancelled", cancelled_at=now) if status == "cancelling" else job


def _completed(service: StandIn, request: Request, job: Job) -> Job:
    """Run every line; the ones that are refused go into a file of their own."""
    with service.shelf(files.SHELF) as shelf:
        stored: files.StoredFile | None = shelf.get(job.fields["input_file_id"])
        if job.deletes_input:
            shelf.pop(job.fields["input_file_id"], None)
    now = _milliseconds(request)
    if stored is None:
        return job.moved("failed", failed_at=now)
    done: list[bytes] = []
    failed: list[bytes] = []
    for line in batch_lines.read(stored.data):
        result = _result(service, request, job, line)
        (done if result["response"]["status_code"] == _OK else failed).append(wire.json_bytes(result))
    return job.moved(
        "completed",
        finalizing_at=now,
        completed_at=now,
        output_file_id=_file(service, request, "output", done),
        error_file_id=_file(service, request, "error", failed),
        request_counts={"total": len(done) + len(failed), "completed": len(done), "failed": len(failed)},
    )


def _result(service: StandIn, request: Request, job: Job, line: dict[str, Any]) -> dict[str, Any]:
    """Run one line. Its shape is that of an output file of 2024-05; that of an error file is not established."""
    turn = replace(request, id=service.new_id(request.now), body=wire.json_bytes(line["body"]))
    reply = chat.answer_line(service, turn)
    body = json.loads(reply.read())
    if reply.status == _OK:
        body.pop("object", None)
        body["request_id"] = line["custom_id"]
    response = {"status_code": reply.status, "body": body}
    return {"response": response, "custom_id": line["custom_id"], "id": job.fields["id"]}


def _file(service: StandIn, request: Request, kind: str, lines: list[bytes]) -> str:
    """Keep a file of results; "" stands for none, as in an object of 2024-05."""
    if not lines:
        return ""
    return files.keep(service, request, "batch", f"{kind}.jsonl", b"\n".join(lines) + b"\n").id


def _keep(service: StandIn, request: Request, job: Job) -> Reply:
    with service.shelf(SHELF) as shelf:
        shelf[job.fields["id"]] = job
    return json_reply(request, job.fields)


def _milliseconds(request: Request) -> int:
    # Recorded objects of 2024-05 and 2026-09 have milliseconds; the specification says seconds.
    return int(request.now.timestamp() * 1000)
