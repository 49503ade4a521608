"""The newer retrieval and its agent, over the same knowledge bases as the older one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import documents, wire
from .envelopes import BAD_REQUEST, NO_KNOWLEDGE, failure, refusal, success
from .fields import Field, json_object
from .pieces import best_pieces
from .tokens import count
from .traffic import Reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

_CHOOSE: Final = "请选择知识库"
"""Recorded with code 400 (fxp/skillify, 2026-09-11)."""

_RETRIEVE: Final = (
    Field("multimodal", ("boolean",)),
    Field("query", ("string",)),
    Field("multimodal_parts", ("array",)),
    Field("top_k", ("integer",), least=1),
    Field("top_n", ("integer",), least=1),
    Field("recall_method", ("string",), choices=("embedding", "keyword", "mixed")),
    Field("recall_ratio", ("number",), least=0, most=1),
    Field("enable_rerank", ("boolean",)),
    Field("enable_rewrite", ("boolean",)),
    Field("enable_expansion", ("boolean",)),
    Field("similarity_threshold", ("number",)),
    Field("messages", ("array",)),
    Field("search_filters", ("object",)),
)
_CHAT: Final = (
    Field("messages", ("array",), required=True, least=1),
    Field("retrieval", ("object",), required=True),
    Field("model", ("string",)),
    Field("temperature", ("number",)),
    Field("max_steps", ("integer",), least=1),
    Field("enable_thinking", ("boolean",)),
)
"""What each operation takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_THRESHOLD: Final = 0.2


def retrieve(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /retrieval/retrieve``."""
    given = json_object(request)
    refused = refusal(request, given, _RETRIEVE)
    if given is None or refused is not None:
        return refused or failure(request, BAD_REQUEST, _CHOOSE)
    knows = given.get("knows")
    if not isinstance(knows, list) or not knows:
        return failure(request, BAD_REQUEST, _CHOOSE)
    if not given.get("query") and not given.get("multimodal_parts"):
        return failure(request, BAD_REQUEST, "query 与 multimodal_parts 不能同时为空")
    found = _found(service, {one["id"]: one.get("doc_ids") for one in knows if isinstance(one, dict)}, given)
    if found is None:
        return failure(request, NO_KNOWLEDGE, "知识库不存在")
    query = given.get("query", "")
    data: dict[str, Any] = {
        "contents": found,
        "elapsed_ms": 1,
        "total_tokens": count(query),
        "request_id": request.id,
    }
    if given.get("enable_rewrite"):
        data["rewritten_query"] = {"original_query": query, "multi_queries": [query]}
    return success(request, data)


def chat(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /agent/chat``: one search, and an answer that says what it found."""
    given = json_object(request)
    refused = refusal(request, given, _CHAT)
    if given is None or refused is not None:
        return refused or failure(request, BAD_REQUEST, _CHOOSE)
    know_ids = given["retrieval"].get("know_ids")
    if not isinstance(know_ids, list) or not know_ids:
        return failure(request, BAD_REQUEST, _CHOOSE)
    query = _text_of(given["messages"][-1])
    found = _found(service, dict.fromkeys(know_ids), {"query": query, **given["retrieval"]})
    if found is None:
        return failure(request, NO_KNOWLEDGE, "知识库不存在")
    session = request.headers.get("x-session-id") or service.new_id(request.now)
    call = {"callId": "call_1", "toolName": "knowledge_retrieval"}
    answer = f"[stand-in] {found[0]['text']}" if found else "[stand-in] Nothing was found."
    usage = {
        "prompt_tokens": count(query),
        "completion_tokens": count(answer),
        "total_tokens": count(query) + count(answer),
        "total_calls": 1,
    }
    thinking: list[dict[str, Any]] = [{"type": "reasoning", "data": "[stand-in] I look it up."}]
    events: list[dict[str, Any]] = [
        {"type": "session_created"},
        *(thinking if given.get("enable_thinking") else []),
        {"type": "thought", "data": "[stand-in] The documents may know."},
        {"type": "tool_call", "data": {**call, "arguments": {"query": query}}},
        {"type": "tool_result", "data": {**call, "result": found, "status": "success", "durationMs": 1}},
        *({"type": "answer", "data": piece} for piece in answer.split(" ")),
        {"type": "done", "messageId": request.id, "usage": usage},
    ]
    spaced = [{**one, "data": f"{one['data']} "} if one["type"] == "answer" else one for one in events]
    body = [wire.event({**one, "sessionId": session}) for one in spaced]
    return Reply(200, wire.headers("stream", request.id, request.now), body, streams=True, pace=service.pace)


def _found(
    service: StandIn, knows: dict[str, list[str] | None], given: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """Give the pieces that answer a query; None where a knowledge base does not exist."""
    with service.shelf("knowledge") as shelf:
        if any(name not in shelf for name in knows):
            return None
    ready = [
        one
        for name, asked in knows.items()
        for one in documents.held(service, name)
        if one.ready and (not asked or one.shown["id"] in asked)
    ]
    threshold = given.get("similarity_threshold", _THRESHOLD)
    wanted = {
        "query": given.get("query", ""),
        "top_k": given.get("top_k", 8),
        "fractional_threshold": threshold,
    }
    found = []
    for place, piece in enumerate(best_pieces(ready, wanted)):
        about = piece["metadata"]
        kind = about["doc_name"].rpartition(".")[2]
        metadata = {
            "doc_type": kind,
            "doc_name": about["doc_name"],
            "doc_url": about["doc_url"],
            "index": place,
        }
        ranked = {"rerank_index": place, "rerank_score": piece["score"]} if given.get("enable_rerank") else {}
        found.append(
            {
                "id": about["_id"],
                "know_id": about["knowledge_id"],
                "doc_id": about["doc_id"],
                "text": piece["text"],
                "medias": [],
                "index": place,
                "score": piece["score"],
                **ranked,
                "metadata": metadata,
            }
        )
    return found


def _text_of(message: Any) -> str:
    content = message.get("content") if isinstance(message, dict) else ""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content)
