"""Zhipu's tasks as OpenAI's videos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from zhipu_openai.translate.media.answers import failure_of_job, refuse_hollow, usable_link
from zhipu_openai.translate.media.jobs import state_of

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Call, Reply

    from .ids import VideoId

Status = Literal["queued", "in_progress", "completed", "failed"]

FAILED: Final = "video_generation_failed"
"""The code of a failure of which Zhipu does not say more."""


def video_of(
    body: Body, identity: VideoId, call: Call, reply: Reply, *, begun: bool = False, **known: Any
) -> Body:
    """Write a task as a video.

    Args:
        body: Zhipu's answer.
        identity: What the id says.
        call: The call.
        reply: The reply that the answer came with.
        begun: The task has only just been begun.
        known: Fields of OpenAI's that the request says.

    Raises:
        Refused: The answer does not say how far the task is, or a finished one has no link.
    """
    state = state_of(body)
    error = None
    if state == "success":
        if file_of(body, "url") is None:
            refuse_hollow("says that the task is done and gives no link to a video")
        status: Status = "completed"
    elif state == "failed":
        status = "failed"
        error = failure_in(body, call, reply)
    else:
        status = "queued" if begun else "in_progress"
    kept = {name: value for name, value in body.items() if name not in ("id", "error")}
    model = body.get("model")
    return {
        **kept,
        "id": str(identity),
        "object": "video",
        "status": status,
        # Zhipu says nothing between the beginning and the end.
        "progress": 100 if status == "completed" else 0,
        "created_at": identity.created,
        "completed_at": None,
        "expires_at": None,
        "error": error,
        "prompt": None,
        "remixed_from_video_id": None,
        "seconds": identity.seconds,
        "size": identity.size,
        **known,
        "model": model if isinstance(model, str) and model else known.get("model", ""),
        "task_id": identity.task,
    }


def file_of(body: Body, name: str) -> str | None:
    """Give the link to a file of a finished task: ``url`` or ``cover_image_url``."""
    results = body.get("video_result")
    first = results[0] if isinstance(results, list) and results else None
    return usable_link(first.get(name)) if isinstance(first, dict) else None


def failure_in(body: Body, call: Call, reply: Reply) -> dict[str, str]:
    """Say why a task failed, as far as Zhipu does."""
    error = failure_of_job(body, call, reply).body["error"]
    zhipu = error.get("zhipu") or {}
    return {
        "code": str(error["code"]) if zhipu.get("code") and error.get("code") else FAILED,
        "message": str(error["message"]),
    }
