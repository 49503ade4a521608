"""The usage that an answer reports, with the details each model gives or leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .tokens import count

if TYPE_CHECKING:
    from .answers import Answer
    from .given import Given


@dataclass(frozen=True, slots=True)
class Omission:
    """A row: which models leave a detail out of their usage.

    A model is meant by its id or by its kind of thinking.
    """

    detail: str
    models: tuple[str, ...]
    thinking: tuple[str, ...]
    source: str
    date: date


OMISSIONS: Final = (
    Omission(
        "prompt_tokens_details",
        (),
        ("none", "tagged"),
        "recorded traffic, glm-4-plus 2025-03-01, glm-4-flash-250414 and glm-4.1v-thinking 2026-10-09",
        date(2026, 10, 9),
    ),
    Omission(
        "completion_tokens_details",
        ("glm-4.5-air", "glm-4.5-flash", "glm-5"),
        ("none", "tagged"),
        "recorded traffic of the named models, api.z.ai and open.bigmodel.cn, 2025-12 to 2026-10",
        date(2026, 10, 9),
    ),
)
"""Details that recorded answers of some models do not have."""


def usage(given: Given, answer: Answer) -> dict[str, Any]:
    """Count an answer, keys in the order of a stream's last chunk. Nothing is ever cached."""
    prompt, completion = count(given.prompt()), answer.completion_tokens
    counted: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
    }
    for row in OMISSIONS:
        if given.model and (given.model.id in row.models or given.model.thinking in row.thinking):
            del counted[row.detail]
    return counted
