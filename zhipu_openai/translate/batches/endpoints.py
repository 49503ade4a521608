"""The operations that a batch may run, in OpenAI's words and in Zhipu's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One of OpenAI's batch endpoints; ``zhipu`` is None where Zhipu has none, and ``note`` says what to do."""

    openai: str
    zhipu: str | None
    note: str
    source: str
    seen: date


_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_INFERRED: Final = (
    "inferred from the embedding models that batches take (error text, 2026-09); the path is in no source",
    date(2026, 9, 11),
)
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))

_ONLY_CHAT: Final = "Zhipu's batches run chat completions; use /v1/chat/completions."

ENDPOINTS: Final[dict[str, Endpoint]] = {
    row.openai: row
    for row in (
        Endpoint("/v1/chat/completions", "/v4/chat/completions", "Bodies are translated.", *_SPEC),
        Endpoint("/v1/embeddings", "/v4/embeddings", "Bodies are translated.", *_INFERRED),
        Endpoint("/v1/responses", None, _ONLY_CHAT, *_ABSENT),
        Endpoint("/v1/completions", None, _ONLY_CHAT, *_ABSENT),
        Endpoint("/v1/moderations", None, f"{_ONLY_CHAT} Moderation is client.moderations.create.", *_ABSENT),
        Endpoint(
            "/v1/images/generations",
            None,
            "How Zhipu's batches make images is not documented; use client.images.generate.",
            *_ABSENT,
        ),
        Endpoint("/v1/images/edits", None, "Zhipu does not edit images.", *_ABSENT),
        Endpoint(
            "/v1/videos",
            None,
            "How Zhipu's batches make videos is not documented; use client.videos.create.",
            *_ABSENT,
        ),
    )
}
"""An endpoint in no row is Zhipu's own (/v4/…) and is sent as it is."""

CHAT: Final = "/v4/chat/completions"
EMBEDDINGS: Final = "/v4/embeddings"

_OPENAIS: Final = {row.zhipu: row.openai for row in ENDPOINTS.values() if row.zhipu is not None}


def to_openai(endpoint: object) -> str:
    """Give OpenAI's word for one of Zhipu's endpoints; one without is given as it is."""
    word = str(endpoint or "")
    return _OPENAIS.get(word, word)
