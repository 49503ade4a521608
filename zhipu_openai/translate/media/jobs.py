"""Zhipu's asynchronous jobs: where one is asked about, and in which state it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

from .answers import refuse_hollow

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body

State = Literal["processing", "success", "failed"]

_STATES: Final[dict[Any, State]] = {
    "PROCESSING": "processing",
    "SUCCESS": "success",
    "FAIL": "failed",
    "FAILED": "failed",
}
"""``task_status``. Source: bigmodel.cn OpenAPI, 2026-07-11; FAILED is what MetaGLM/glm-cookbook's loop looks
for (2024-05)."""


def job_path(task: str) -> str:
    """Give the path at which a job is asked about; the id is the caller's and may hold anything."""
    return f"/async-result/{quote(task, safe='')}"


def state_of(body: Body) -> State:
    """Read the state of a job.

    Raises:
        Refused: It is none that is known; to take it for one would wait for ever, or too short.
    """
    state = _STATES.get(status) if isinstance(status := body.get("task_status"), str) else None
    if state is None:
        refuse_hollow("gives no task_status that is known")
    return state


def task_of(body: Body) -> str:
    """Read the id of a job that was begun.

    Raises:
        Refused: There is none.
    """
    task = body.get("id")
    if isinstance(task, int) and not isinstance(task, bool):
        task = str(task)
    if not isinstance(task, str) or not task.strip():
        refuse_hollow("gives no id of a job")
    return task
