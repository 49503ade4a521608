"""How a document is cut into pieces: OpenAI's chunking strategies and Zhipu's knowledge types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .draft import Draft

CUSTOM: Final = 5
"""The knowledge type whose pieces have a size of one's own. Source: bigmodel.cn OpenAPI, 2026-07-11."""

SENTENCE_SIZE: Final = (20, 2000)
"""Smallest and largest piece, in characters. Source: bigmodel.cn OpenAPI, 2026-07-11."""

CUSTOM_FORMATS: Final = frozenset({"txt", "doc", "pdf", "docx", "ppt", "pptx", "md"})
"""File name endings that may be cut so; tables are cut by rows. Source: bigmodel.cn OpenAPI, 2026-07-11."""


def translate_chunking(draft: Draft, strategy: Any) -> None:
    """Send a strategy as ``knowledge_type`` and ``sentence_size``, unless the caller gave those."""
    kind = strategy.get("type") if isinstance(strategy, dict) else None
    static = strategy.get("static") if isinstance(strategy, dict) else None
    del draft.body["chunking_strategy"]
    if kind == "auto" or draft.body.get("knowledge_type") is not None:
        return
    size = static.get("max_chunk_size_tokens") if isinstance(static, dict) else None
    if kind != "static" or not isinstance(size, int) or isinstance(size, bool):
        draft.refuse(
            "chunking_strategy",
            'chunking_strategy must be {"type": "auto"} or {"type": "static", "static": {...}}.',
            code="invalid_value",
        )
    least, most = SENTENCE_SIZE
    draft.body["knowledge_type"] = CUSTOM
    # A token has at least one character, so that no piece has more tokens than asked for.
    draft.default("sentence_size", min(max(size, least), most))
    draft.note(
        "chunking_strategy",
        "approximated",
        "a token is counted as one character, a piece has 20 to 2000 of them, and pieces do not overlap.",
    )


def fit_to_file(fields: dict[str, Any], filename: str) -> dict[str, Any]:
    """Leave out the knowledge type for custom pieces where Zhipu does not cut that kind of file so."""
    ending = filename.rpartition(".")[2].lower()
    if fields.get("knowledge_type") != CUSTOM or ending in CUSTOM_FORMATS:
        return fields
    return {name: value for name, value in fields.items() if name not in ("knowledge_type", "sentence_size")}


def strategy_of(document: dict[str, Any]) -> dict[str, Any]:
    """Say in OpenAI's words how a document was cut."""
    size = document.get("sentence_size")
    if document.get("knowledge_type") == CUSTOM and isinstance(size, int):
        static = {"max_chunk_size_tokens": size, "chunk_overlap_tokens": 0}
        return {"type": "static", "static": static}
    return {"type": "other"}
