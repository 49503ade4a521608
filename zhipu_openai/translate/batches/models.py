"""The models that batches take, and which of them stands for one that they do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

SEEN: Final = date(2026, 9, 11)
SOURCE: Final = "an error text that lists what batches take (fxp/skillify); the choice is ours"

MODELS: Final = frozenset(
    {
        "glm-5.1",
        "glm-5-turbo",
        "glm-4",
        "glm-4-0520",
        "glm-4-plus",
        "glm-4-long",
        "glm-4-plus-0111",
        "glm-4-air",
        "glm-4-air-0111",
        "glm-4-air-250414",
        "glm-4-flash",
        "glm-4-flashx-250414",
        "glm-3-turbo",
        "glm-4v",
        "glm-4v-plus",
        "glm-5v-turbo",
        "glm-4v-plus-0111",
        "cogview-3",
        "cogview-3-plus",
        "cogview-4-250304",
        "embedding-2",
        "embedding-3",
        "cogvideox",
        "cogvideox-2",
    }
)
"""What batches took on that day; Zhipu checks the model when the file is uploaded, and the list grows.

It is never held against a model that the caller has named by Zhipu's own id.
"""


@dataclass(frozen=True, slots=True)
class Substitute:
    """Which model runs in a batch where one of OpenAI's names stands for a model that batches do not take."""

    model: str
    batch: str | None
    reason: str
    source: str = SOURCE
    seen: date = SEEN


_FLAGSHIP: Final = "the largest that batches take"
_SMALL: Final = "the newest small one that batches take"
_SEES: Final = "the newest that batches take and that reads images"

SUBSTITUTES: Final[dict[str, Substitute]] = {
    row.model: row
    for row in (
        Substitute("glm-5.3", "glm-5.1", _FLAGSHIP),
        Substitute("glm-5.2", "glm-5.1", _FLAGSHIP),
        Substitute("glm-4.5-air", "glm-5-turbo", _SMALL),
        Substitute("glm-4.7-flashx", "glm-5-turbo", _SMALL),
        Substitute("glm-5.3-flash", "glm-5-turbo", _SMALL),
        Substitute("glm-4.6v", "glm-5v-turbo", _SEES),
        Substitute("glm-4.6v-flashx", "glm-5v-turbo", _SEES),
        Substitute("glm-4-voice", None, "no model that speaks"),
    )
}
"""The choice is ours; it is made for OpenAI's names alone, and the caller's own aliases go before it."""

SEES: Final = "glm-5v-turbo"
"""What stands for a model that takes images, where any line of a file shows one: a file has one model."""


def substitute(model: str, *, images: bool) -> str | None:
    """Give the model that runs in a batch for the one that an OpenAI name stands for; None if there is none."""
    if model in MODELS:
        return model
    row = SUBSTITUTES.get(model)
    if row is None or row.batch is None:
        return None
    return SEES if images else row.batch
