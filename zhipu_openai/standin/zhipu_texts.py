"""The stand-in's rerank and the other tools for texts: answers that follow from the words alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from . import wire
from .fields import COMMON, Field, json_object, refusal
from .tokens import count
from .traffic import Reply, Request

if TYPE_CHECKING:
    from .service import StandIn

_RERANK: Final = (
    Field("model", ("string",), required=True),
    Field("query", ("string",), required=True, most=4096),
    Field("documents", ("array",), required=True, least=1, most=128),
    Field("top_n", ("integer",), least=0),
    Field("return_documents", ("boolean",)),
    Field("return_raw_scores", ("boolean",)),
    *COMMON,
)
_LONGEST_DOCUMENT: Final = 4096


def answer(request: Request, body: dict[str, Any]) -> Reply:
    """Make a whole answer."""
    return Reply(200, wire.headers("json", request.id, request.now), [wire.json_bytes(body, sort_keys=True)])


def rerank(service: StandIn, request: Request) -> Reply:
    """Sort documents by how many of the query's words they hold."""
    given = json_object(request)
    refused = refusal(service, request, given, _RERANK)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    documents = given["documents"]
    if not all(isinstance(one, str) and len(one) <= _LONGEST_DOCUMENT for one in documents):
        return service.error(request, "1214", message="documents")
    wanted = _words(given["query"])
    scored = [
        (round(len(wanted & _words(one)) / max(len(wanted), 1), 6), place)
        for place, one in enumerate(documents)
    ]
    scored.sort(key=lambda one: (-one[0], one[1]))
    top = given.get("top_n") or len(scored)
    results = [
        {
            "index": place,
            "relevance_score": score,
            **({"document": documents[place]} if given.get("return_documents") else {}),
        }
        for score, place in scored[:top]
    ]
    tokens = count(given["query"]) + sum(count(one) for one in documents)
    return answer(
        request,
        {
            "id": request.id,
            "request_id": given.get("request_id", request.id),
            "created": int(request.now.timestamp()),
            "results": results,
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        },
    )


def _words(text: str) -> set[str]:
    """Split a text into lower-case words; each Chinese character counts as one."""
    return set(re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.lower()))
