"""Asynchronous jobs: begun by a resource, asked about under ``/async-result/{id}``.

A job is ``PROCESSING`` when it is begun and at the first look, and has ended at the second; the quirks
``slow_job`` and ``failed_job`` change that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .service import StandIn

SHELF: Final = "jobs"
"""Where jobs are kept: by id, each with ``kind``, ``model``, ``request_id``, ``looks``, ``fails``, ``result``."""

LOOKS: Final = 1
"""How often a job is still being worked on when it is asked about."""


def begin(
    service: StandIn, request: Request, *, kind: str, given: Mapping[str, Any], result: Mapping[str, Any]
) -> Reply:
    """Begin a job and answer with its id.

    Args:
        service: The stand-in.
        request: The request.
        kind: What is made: ``image``, ``video``, ``chat``.
        given: The request's fields, of which ``model`` and ``request_id`` are kept.
        result: What the answer about the job holds when it has ended, beside the fields of every job.
    """
    with service.random() as random:
        # Digits alone, as in recorded ids of jobs (MetaGLM/glm-cookbook, 2024-05).
        task = f"{random.randrange(10**35, 10**36)}"
    job = {
        "kind": kind,
        "model": given["model"],
        "request_id": given.get("request_id", request.id),
        "looks": LOOKS,
        "fails": "failed_job" in service.take_quirks("job"),
        "result": dict(result),
    }
    with service.shelf(SHELF) as jobs:
        jobs[task] = job
    return _answer(request, {"id": task, **_common(job), "task_status": "PROCESSING"})


def look(service: StandIn, request: Request) -> Reply:
    """Answer about a job."""
    slow = "slow_job" in service.take_quirks("poll")
    with service.shelf(SHELF) as jobs:
        job = jobs.get(request.groups["id"])
        if job is None:
            # How Zhipu answers for an id that does not exist is not established.
            return service.error(request, "1214")
        working = slow or job["looks"] > 0
        if not slow and working:
            job["looks"] -= 1
        said = dict(job)
    if working:
        return _answer(request, {**_common(said), "task_status": "PROCESSING"})
    if said["fails"]:
        # Why a job failed is in no field that is documented.
        return _answer(request, {**_common(said), "task_status": "FAIL"})
    return _answer(request, {**said["result"], **_common(said), "task_status": "SUCCESS"})


def _common(job: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": job["model"], "request_id": job["request_id"]}


def _answer(request: Request, body: Mapping[str, Any]) -> Reply:
    return json_reply(request, body, sort_keys=True)
