"""Why an answer ended: Zhipu's words in OpenAI's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

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
