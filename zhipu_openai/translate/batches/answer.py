"""Zhipu's batch objects become OpenAI's."""

from __future__ import annotations

from typing import Any, Final

from zhipu_openai.translate.files.answer import invalid, seconds

from .endpoints import to_openai

WINDOW: Final = "24h"
"""The only window that OpenAI has; Zhipu's object of 2026-09 says null, that of 2024-05 said 24h."""

_TIMES: Final = (
    "created_at",
    "in_progress_at",
    "expires_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
)
_COUNTS: Final = ("total", "completed", "failed")
_FILES: Final = ("output_file_id", "error_file_id")


def batch_object(given: dict[str, Any]) -> dict[str, Any]:
    """Make OpenAI's batch of Zhipu's.

    Times come in milliseconds (recorded 2024-05 and 2026-09; the specification says seconds), counts may be
    null, and a file that is not there may be "".

    Raises:
        Refused: It lacks what OpenAI's type requires.
    """
    required = {name: given.get(name) for name in ("id", "status", "input_file_id", "endpoint")}
    created_at = seconds(given.get("created_at"))
    if created_at is None or not all(isinstance(value, str) and value for value in required.values()):
        raise invalid("holds a batch without its id, status, endpoint, input file or time")
    out = {name: value for name, value in given.items() if name not in _COUNTS}
    out |= {name: seconds(given.get(name)) for name in _TIMES}
    out |= {name: given.get(name) or None for name in _FILES}
    out["object"] = "batch"
    out["endpoint"] = to_openai(given["endpoint"])
    out["completion_window"] = given.get("completion_window") or WINDOW
    out["request_counts"] = _counts(given)
    out["errors"] = _errors(given.get("errors"))
    out["metadata"] = given.get("metadata") or None
    return out


def _counts(given: dict[str, Any]) -> dict[str, int]:
    """Read the counts where they are recorded, under ``request_counts``, or where the specification has them."""
    nested = given.get("request_counts")
    source = nested if isinstance(nested, dict) else given
    return {name: _count(source.get(name)) for name in _COUNTS}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _errors(given: Any) -> dict[str, Any] | None:
    """Give the errors of a batch as OpenAI's list. Recorded ones are null; what others look like is not established."""
    if not given:
        return None
    if isinstance(given, dict) and "data" in given:
        return {"object": "list", **given}
    found = given if isinstance(given, list) else [given]
    data = [one if isinstance(one, dict) else {"message": str(one)} for one in found]
    return {
        "object": "list",
        "data": [{"code": None, "line": None, "message": None, "param": None, **one} for one in data],
    }
