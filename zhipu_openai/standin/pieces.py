"""Documents cut into pieces, and the pieces that share the most words with a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .documents import Document

_DEFAULT_TOP_K: Final = 8
_CUSTOM: Final = 5
_DEFAULT_SIZE: Final = 300
"""Source of all three: bigmodel.cn OpenAPI, 2026-07-11."""


def cut(text: str, shown: Mapping[str, Any]) -> list[str]:
    """Cut a text: into pieces of the size asked for, or else at blank lines."""
    if shown.get("knowledge_type") == _CUSTOM:
        size = shown.get("sentence_size") or _DEFAULT_SIZE
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
    else:
        pieces = text.replace("\r\n", "\n").split("\n\n")
    return [piece.strip() for piece in pieces if piece.strip()]


def best_pieces(documents: Iterable[Document], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Score each piece by the share of the query's words that it has, and give the best ones."""
    wanted = _words(given["query"])
    found = []
    for document in documents:
        for place, piece in enumerate(cut(document.text, document.shown)):
            score = len(wanted & _words(piece)) / len(wanted) if wanted else 0.0
            if score > given.get("fractional_threshold", 0):
                found.append(_result(document, place, piece, score))
    ordered: list[dict[str, Any]] = sorted(found, key=lambda one: one["score"], reverse=True)
    return ordered[: given.get("top_k", _DEFAULT_TOP_K)]


def _words(text: str) -> set[str]:
    return {word for one in tokens(text) if (word := one.strip().casefold()).isalnum()}


def _result(document: Document, place: int, piece: str, score: float) -> dict[str, Any]:
    return {
        "text": piece,
        "score": round(score, 4),
        "metadata": {
            "_id": f"{document.shown['id']}_{place}",
            "knowledge_id": document.knowledge,
            "doc_id": document.shown["id"],
            "doc_name": document.shown["name"],
            "doc_url": document.shown["url"],
            "contextual_text": "",
        },
    }
