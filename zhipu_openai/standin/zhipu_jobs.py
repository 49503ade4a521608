"""The stand-in's chat completions as jobs, its agent search and its quota."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from . import chat, jobs, wire
from .fields import COMMON, Field, json_object, refusal
from .traffic import Reply, Request

if TYPE_CHECKING:
    from .service import StandIn

_OK: Final = 200
_ASSISTANT: Final = (
    Field("assistant_id", ("string",), required=True, least=1),
    Field("model", ("string",), required=True, choices=("glm-4-assistant", "glm-4-alltools")),
    Field("messages", ("array",), required=True, least=1),
    *COMMON,
)


def begin_chat(service: StandIn, request: Request) -> Reply:
    """Answer a chat, but later: what is refused there is refused here."""
    given = json_object(request)
    if given is None:
        return service.error(request, "1210")
    given.pop("stream", None)
    reply = chat.complete(service, replace(request, body=wire.json_bytes(given)))
    if reply.status != _OK:
        return reply
    result = json.loads(reply.read())
    if "choices" not in result:
        return replace(reply, body=[wire.json_bytes(result)])
    return jobs.begin(service, request, kind="chat", given=given, result=result)


def search(service: StandIn, request: Request) -> Reply:
    """Answer as the assistant that searches: a search, its results, some words, and the end."""
    given = json_object(request)
    refused = refusal(service, request, given, _ASSISTANT)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    if given.get("stream") is not True:
        return service.error(request, "1212")
    question = str(given["messages"][-1].get("content") if isinstance(given["messages"][-1], dict) else "")
    page = {
        "title": "The zhipu-openai stand-in",
        "link": "https://example.com/stand-in",
        "content": "Nothing.",
    }
    browser = "web_browser"
    deltas: list[dict[str, Any]] = [
        {"role": "tool", "tool_calls": [{"type": browser, browser: {"input": f'msearch("{question}")'}}]},
        {"role": "tool", "tool_calls": [{"type": browser, browser: {"outputs": [page]}}]},
        {"role": "assistant", "content": "[stand-in] Nothing was searched"},
        {"role": "assistant", "content": f": {question}"},
    ]
    head = {
        "id": request.id,
        "created": int(request.now.timestamp() * 1000),
        "assistant_id": given["assistant_id"],
        "conversation_id": given.get("conversation_id", f"conversation-{request.id}"),
    }
    events = [{**head, "choices": [{"index": 0, "delta": delta}], "status": "in_process"} for delta in deltas]
    end = {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant"}}
    usage = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
    events.append({**head, "choices": [end], "status": "completed", "usage": usage})
    body = [wire.event(event) for event in events]
    return Reply(_OK, wire.headers("stream", request.id, request.now), body, streams=True, pace=service.pace)


def quota(_: StandIn, request: Request) -> Reply:
    """Answer what is left of a plan, in the form that was recorded in 2026-09."""
    reset = int(request.now.timestamp() * 1000) + 3_600_000
    limits = [
        {"type": kind, "unit": unit, "number": number, "usage": 1000, "currentValue": 250, "remaining": 750}
        | {"percentage": 25, "nextResetTime": reset}
        for kind, unit, number in (("TOKENS_LIMIT", 3, 5), ("TIME_LIMIT", 5, 1))
    ]
    return _envelope(request, {"level": "stand-in", "limits": limits})


def usage(_: StandIn, request: Request) -> Reply:
    """Answer usage over time; without a time the answer is empty, as recorded in 2026-09."""
    if not {"startTime", "endTime"} <= request.query.keys():
        return Reply(_OK, wire.headers("json", request.id, request.now), [b""])
    return _envelope(request, {"standIn": "nothing was used"})


def _envelope(request: Request, data: dict[str, Any]) -> Reply:
    body = wire.json_bytes({"code": 200, "msg": "操作成功", "success": True, "data": data})
    return Reply(_OK, wire.headers("json", request.id, request.now), [body])


MONITOR: Final = "/api/monitor/usage"
"""The root of the quota."""

ROWS: Final = (
    ("POST", r"/async/chat/completions", begin_chat),
    ("POST", r"/assistant", search),
)
"""Method, path and answer of what is here, below the general root."""

MONITOR_ROWS: Final = (
    ("GET", r"/quota/limit", quota),
    ("GET", r"/(?:model|tool)-usage", usage),
)
"""The same, below the root of the quota."""
