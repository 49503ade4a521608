"""Rows of ``operations``: what OpenAI's own calls serve, and what Zhipu no longer has."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ._operation import Operation

if TYPE_CHECKING:
    from zhipu_openai.endpoints import Region

    from ._operation import Proof

_BOTH: Final[tuple[Region, ...]] = ("cn", "intl")
_CN: Final[tuple[Region, ...]] = ("cn",)


def _served(
    name: str,
    method: str,
    path: str,
    call: str,
    regions: tuple[Region, ...],
    proof: Proof = "official",
    **more: Any,
) -> Operation:
    source = "bigmodel.cn OpenAPI" if regions == _CN else "bigmodel.cn OpenAPI; z.ai OpenAPI, 2026-08-22"
    return Operation(
        name, method, path, f"client.{call}", regions, "live", proof, source, date(2026, 7, 11), **more
    )


SERVED: Final = (
    _served(
        "Chat completion",
        "POST",
        "/chat/completions",
        "chat.completions.create",
        _BOTH,
        "captured",
        since="2024-05",
    ),
    _served(
        "Image generation",
        "POST",
        "/images/generations",
        "images.generate",
        _BOTH,
        "captured",
        since="2025-09",
    ),
    _served(
        "Speech to text",
        "POST",
        "/audio/transcriptions",
        "audio.transcriptions.create",
        _BOTH,
        since="2025-07",
    ),
    _served(
        "Text to speech", "POST", "/audio/speech", "audio.speech.create", _CN, "captured", since="2025-07"
    ),
    _served("Embeddings", "POST", "/embeddings", "embeddings.create", _CN, "captured", since="2025-09"),
    _served("File, upload", "POST", "/files", "files.create", _BOTH, "captured", since="2024-05"),
    _served("File, list", "GET", "/files", "files.list", _CN),
    _served("File, delete", "DELETE", "/files/{file_id}", "files.delete", _CN),
    _served(
        "File, content", "GET", "/files/{file_id}/content", "files.content", _CN, "captured", since="2024-05"
    ),
    Operation(
        "Models",
        "GET",
        "/models",
        "client.models.list",
        _BOTH,
        "undocumented",
        "captured",
        "recorded traffic, open.bigmodel.cn",
        date(2026, 7, 11),
    ),
    Operation(
        "Responses",
        "POST",
        "/responses",
        "client.responses.create",
        _BOTH,
        "live",
        "captured",
        "docs.bigmodel.cn/cn/guide/develop/responses/introduction",
        date(2026, 11, 23),
        root="responses",
        since="2026-10",
    ),
    Operation(
        "Realtime",
        "GET",
        "/realtime",
        "client.realtime.connect",
        _CN,
        "live",
        "official",
        "docs.bigmodel.cn AsyncAPI",
        date(2026, 7, 11),
        since="2025-02",
        note="A websocket.",
    ),
)

_OLD_SDK: Final = (
    "Zhipu's first Python SDK (zhipuai); in no specification of 2025 or 2026",
    date(2025, 10, 1),
)

RETIRED: Final = (
    *(
        Operation(name, method, path, call, _CN, "retired", "none", *_OLD_SDK, since="", note=note)
        for name, method, path, call, note in (
            (
                "Fine-tuning, create",
                "POST",
                "/fine_tuning/jobs",
                "none",
                "Training is done in the console; client.fine_tuning says so.",
            ),
            ("Fine-tuning, list", "GET", "/fine_tuning/jobs", "none", "As above."),
            ("Fine-tuning, retrieve", "GET", "/fine_tuning/jobs/{id}", "none", "As above."),
            ("Fine-tuning, events", "GET", "/fine_tuning/jobs/{id}/events", "none", "As above."),
            ("Fine-tuning, cancel", "POST", "/fine_tuning/jobs/{id}/cancel", "none", "As above."),
            ("Fine-tuning, delete", "DELETE", "/fine_tuning/jobs/{id}", "none", "As above."),
            (
                "Fine-tuned model, delete",
                "DELETE",
                "/fine_tuning/fine_tuned_models/{model}",
                "none",
                "As above.",
            ),
            (
                "Web search pro",
                "POST",
                "/tools",
                'client.post("/tools", ...)',
                "Superseded by web_search.",
            ),
            (
                "File content extraction",
                "POST",
                "/files (purpose file-extract)",
                'client.files.create(purpose="file-extract", ...)',
                "Superseded by file_parser; sent as it is, and files.content gives the text where it is still served.",
            ),
            (
                "Voice customization",
                "POST",
                "/audio/customization",
                'client.post("/audio/customization", ...)',
                "Superseded by voices.clone.",
            ),
        )
    ),
)
