"""Knowledge bases: kept with their documents, and searched by the words that a query and a piece share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import documents
from .envelopes import NO_KNOWLEDGE, failure, refusal, success
from .fields import Field, json_object
from .pieces import best_pieces

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Reply, Request

_COLOURS: Final = ("blue", "red", "orange", "purple", "sky", "green", "yellow")
_ICONS: Final = ("question", "book", "seal", "wrench", "tag", "horn", "house")
_EMBEDDINGS: Final = {3: "Embedding-2", 11: "Embedding-3", 12: "Embedding-3-pro"}

_SHARED: Final = (
    Field("embedding_model", ("string",), choices=tuple(_EMBEDDINGS.values())),
    Field("contextual", ("integer",), choices=(0, 1)),
    Field("description", ("string",)),
    Field("background", ("string",), choices=_COLOURS),
    Field("icon", ("string",), choices=_ICONS),
)
_CREATE: Final = (
    Field("embedding_id", ("integer",), required=True, choices=tuple(_EMBEDDINGS)),
    Field("name", ("string",), required=True, least=1),
    *_SHARED,
)
_UPDATE: Final = (
    Field("embedding_id", ("integer",), choices=tuple(_EMBEDDINGS)),
    Field("name", ("string",), least=1),
    *_SHARED,
    Field("callback_url", ("string",)),
    Field("callback_header", ("object",)),
)
_RETRIEVE: Final = (
    Field("request_id", ("string",)),
    Field("query", ("string",), required=True, least=1, most=1000),
    Field("knowledge_ids", ("array",), required=True, least=1),
    Field("document_ids", ("array",)),
    Field("top_k", ("integer",), least=1, most=20),
    Field("top_n", ("integer",), least=1, most=100),
    Field("recall_method", ("string",), choices=("embedding", "keyword", "mixed")),
    Field("recall_ratio", ("integer",), least=0, most=100),
    Field("rerank_status", ("integer",), choices=(0, 1)),
    Field("rerank_model", ("string",), choices=("rerank", "rerank-pro")),
    Field("fractional_threshold", ("number",), least=0, most=1),
)
"""What each operation takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_KEPT: Final = ("embedding_id", "name", "description", "contextual", "background", "icon")
_CAPACITY: Final = {"word_num": 100_000_000, "length": 1_073_741_824}
"""The stand-in's own; what an account has depends on its package."""


def create(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /knowledge``."""
    given = json_object(request)
    refused = refusal(request, given, _CREATE)
    if given is None or refused is not None:
        return refused or failure(request, NO_KNOWLEDGE, "")
    with service.random() as random:
        name = str(random.randrange(10**18, 2 * 10**18))
    defaults = {"description": "", "contextual": 0, "background": "blue", "icon": "question"}
    kept = {key: given.get(key, defaults.get(key)) for key in _KEPT}
    with service.shelf("knowledge") as shelf:
        shelf[name] = {"id": name, **kept}
    return success(request, {"id": name})


def list_all(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /knowledge``; the latest stands first."""
    with service.shelf("knowledge") as shelf:
        found = [_shown(service, one) for one in reversed(list(shelf.values()))]
    return documents.page_of(request, found)


def retrieve(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /knowledge/{id}``."""
    with service.shelf("knowledge") as shelf:
        found = shelf.get(request.groups["id"])
    return _unknown(request) if found is None else success(request, _shown(service, found))


def update(service: StandIn, request: Request) -> Reply:
    """Answer ``PUT /knowledge/{id}``."""
    given = json_object(request)
    refused = refusal(request, given, _UPDATE)
    if given is None or refused is not None:
        return refused or _unknown(request)
    with service.shelf("knowledge") as shelf:
        found = shelf.get(request.groups["id"])
        if found is None:
            return _unknown(request)
        shelf[found["id"]] = {**found, **{key: given[key] for key in _KEPT if key in given}}
    return success(request)


def delete(service: StandIn, request: Request) -> Reply:
    """Answer ``DELETE /knowledge/{id}``: its documents go with it."""
    with service.shelf("knowledge") as shelf:
        found = shelf.pop(request.groups["id"], None)
    if found is None:
        return _unknown(request)
    documents.forget_all(service, found["id"])
    return success(request)


def capacity(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /knowledge/capacity``."""
    held = documents.held(service)
    used = {
        "word_num": sum(one.shown["word_num"] for one in held),
        "length": sum(one.shown["length"] for one in held),
    }
    return success(request, {"used": used, "total": _CAPACITY})


def search(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /knowledge/retrieve``; documents that are not embedded yet give nothing, as at Zhipu."""
    given = json_object(request)
    refused = refusal(request, given, _RETRIEVE)
    if given is None or refused is not None:
        return refused or _unknown(request)
    with service.shelf("knowledge") as shelf:
        if any(one not in shelf for one in given["knowledge_ids"]):
            return _unknown(request)
    asked = given.get("document_ids") or []
    ready = [
        one
        for name in given["knowledge_ids"]
        for one in documents.held(service, name)
        if one.ready and (not asked or one.shown["id"] in asked)
    ]
    return success(request, best_pieces(ready, given))


def _shown(service: StandIn, kept: dict[str, Any]) -> dict[str, Any]:
    held = documents.held(service, kept["id"])
    return {
        **kept,
        "document_size": len(held),
        "length": sum(one.shown["length"] for one in held),
        "word_num": sum(one.shown["word_num"] for one in held),
    }


def _unknown(request: Request) -> Reply:
    return failure(request, NO_KNOWLEDGE, "知识库不存在")
