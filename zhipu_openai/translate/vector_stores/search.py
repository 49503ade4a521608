"""Search in a vector store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.exchange import Send, json_reply

from . import fields, upstream
from .draft import translate
from .ranking import DEFAULT_RESULTS
from .upstream import segment

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation


@upstream.serving
def search(call: Call) -> Operation:
    """Serve ``POST /vector_stores/{id}/search``."""
    draft = translate(call.body, call.ledger, fields.SEARCH_FIELDS)
    queries = draft.body.get("query")
    if not queries:
        draft.refuse("query", "query is required.", code="missing_required_parameter")
    draft.default("top_k", DEFAULT_RESULTS)
    draft.default("knowledge_ids", [segment(call.path, 2)])
    sends = [
        Send("POST", "/knowledge/retrieve", {**draft.body, "query": one}, root="application")
        for one in queries
    ]
    replies = yield from upstream.one_by_one(sends)
    results: list[dict[str, Any]] = []
    for reply in replies:
        pieces = upstream.data_of(reply)
        results += [
            _result(one) for one in upstream.objects(pieces or [], "search results", "score", "metadata")
        ]
    if len(sends) > 1:
        results = _best(results)[: draft.body["top_k"]]
    return json_reply(
        {
            "object": "vector_store.search_results.page",
            "search_query": queries,
            "data": results,
            "has_more": False,
            "next_page": None,
        }
    )


def _result(piece: dict[str, Any]) -> dict[str, Any]:
    about = piece["metadata"]
    if not isinstance(about, dict) or not about.get("doc_id"):
        upstream.invalid("the document of each search result")
    return {
        "file_id": str(about["doc_id"]),
        "filename": about.get("doc_name") or "",
        "score": piece["score"],
        "attributes": {},
        "content": [{"type": "text", "text": piece.get("text") or ""}],
        "zhipu": about,
    }


def _best(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order by score, and give a piece that several queries found but once, with its best score."""
    ordered = sorted(results, key=lambda one: one["score"], reverse=True)
    seen: dict[Any, dict[str, Any]] = {}
    for one in ordered:
        seen.setdefault((one["file_id"], one["zhipu"].get("_id"), one["content"][0]["text"]), one)
    return list(seen.values())
