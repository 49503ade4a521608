"""Why an answer ended: Zhipu's words in OpenAI's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

_OAS: Final = "bigmodel.cn OpenAPI and error-code page"
_OAS_SEEN: Final = date(2026, 7, 11)


@dataclass(frozen=True, slots=True)
class FinishReason:
    """One of Zhipu's finish reasons.

    ``openai`` is what it becomes. Where nothing was produced, ``error`` (a business code of the error
    table, or a word of ``errors.stream_failure``) takes its place; ``always`` makes it an error in any case.
    """

    zhipu: str
    openai: str
    source: str
    seen: date
    error: str | None = None
    always: bool = False


FINISH_REASONS: Final[dict[str, FinishReason]] = {
    row.zhipu: row
    for row in (
        FinishReason("stop", "stop", _OAS, _OAS_SEEN),
        FinishReason("length", "length", _OAS, _OAS_SEEN),
        FinishReason("tool_calls", "tool_calls", _OAS, _OAS_SEEN),
        FinishReason("sensitive", "content_filter", _OAS, _OAS_SEEN),
        FinishReason("model_context_window_exceeded", "length", _OAS, _OAS_SEEN, error="1261"),
        FinishReason("network_error", "stop", _OAS, _OAS_SEEN, error="network_error", always=True),
        FinishReason(
            "abort", "stop", "reports of live streams", date(2026, 11, 23), error="abort", always=True
        ),
    )
}
"""Reasons in no row pass as they are."""


def reason_of(choice: dict[str, Any]) -> str | None:
    """Read a choice's finish reason in Zhipu's word; None if it has none yet.

    An answer that was translated before has Zhipu's word beside OpenAI's. Other services use the same
    name for words of their own, which mean nothing here.
    """
    reason = choice.get("finish_reason")
    if not reason:
        return None
    row = FINISH_REASONS.get(str(choice.get("native_finish_reason")))
    return row.zhipu if row is not None and row.openai == reason else str(reason)


def openai_reason(reason: str) -> str:
    """Translate a finish reason; unknown ones pass."""
    row = FINISH_REASONS.get(reason)
    return reason if row is None else row.openai


def failing(reason: str, *, produced: bool) -> FinishReason | None:
    """Give the row of a reason that means failure, considering whether anything was produced."""
    row = FINISH_REASONS.get(reason)
    if row is None or row.error is None or (produced and not row.always):
        return None
    return row
