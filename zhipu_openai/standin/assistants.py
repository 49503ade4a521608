"""GLM-4-Assistant: a search, an answer, and the conversations that were had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import wire
from .fields import COMMON, Field, json_object, refusal
from .tokens import count
from .traffic import Reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

_CONVERSATION: Final = (
    Field("assistant_id", ("string",), required=True),
    Field("model", ("string",), required=True, choices=("glm-4-assistant", "glm-4-alltools")),
    Field("messages", ("array",), required=True, least=1),
    Field("stream", ("boolean",)),
    Field("conversation_id", ("string",)),
    Field("attachments", ("array",)),
    Field("metadata", ("object",)),
    Field("extra_parameters", ("object",)),
    Field("do_sample", ("boolean",)),
    *COMMON,
)
_LIST: Final = (Field("assistant_id_list", ("array",), required=True),)
_CONVERSATIONS: Final = (
    Field("assistant_id", ("string",), required=True),
    Field("page", ("integer",), least=1),
    Field("page_size", ("integer",), least=1, most=100),
)
"""What each operation takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_NAMES: Final = {"65940acff94777010aa6b796": "ChatGLM（官方）", "659e54b1b8006379b4b2abd6": "AI搜索（官方）"}
"""Some of the public assistants, from the same source."""


def conversation(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /assistant`` with a stream; a call without one is refused, as recorded in 2026-09."""
    given = json_object(request)
    refused = refusal(service, request, given, _CONVERSATION)
    if given is None or refused is not None:
        return refused or service.error(request, "1210")
    if given.get("stream") is not True:
        return service.error(request, "1212")
    content = given["messages"][-1].get("content", "") if isinstance(given["messages"][-1], dict) else ""
    query = content if isinstance(content, str) else " ".join(str(one.get("text", "")) for one in content)
    name = given.get("conversation_id") or service.new_id(request.now)
    usage = {"prompt_tokens": count(query), "completion_tokens": 3, "total_tokens": count(query) + 3}
    with service.shelf("assistant conversations") as shelf:
        shelf[name] = {"id": name, "assistant_id": given["assistant_id"], "usage": usage}
    head = {"id": request.id, "created": int(request.now.timestamp() * 1000)}
    tail = {"assistant_id": given["assistant_id"], "conversation_id": name}
    call = {"index": 0, "type": "web_browser", "web_browser": {"input": query}}
    deltas: list[dict[str, Any]] = [
        {"role": "tool", "tool_calls": [call], "metadata": {}},
        {"role": "assistant", "content": "[stand-in] ", "metadata": {}},
        {"role": "assistant", "content": query, "metadata": {}},
    ]
    events: list[dict[str, Any]] = [
        {**head, "choices": [{"index": 0, "delta": delta}], "status": "in_process", **tail}
        for delta in deltas
    ]
    end = {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "metadata": {}}}
    events.append({**head, "choices": [end], "usage": usage, "status": "completed", **tail})
    body = [*map(wire.event, events), wire.DONE]
    return Reply(200, wire.headers("stream", request.id, request.now), body, streams=True, pace=service.pace)


def list_all(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /assistant/list``."""
    given = json_object(request)
    refused = refusal(service, request, given, _LIST)
    if given is None or refused is not None:
        return refused or service.error(request, "1210")
    asked = given["assistant_id_list"] or list(_NAMES)
    found = [{"assistant_id": one, "name": _NAMES[one], "tools": []} for one in asked if one in _NAMES]
    return _data(request, found)


def conversations(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /assistant/conversation/list``."""
    given = json_object(request)
    refused = refusal(service, request, given, _CONVERSATIONS)
    if given is None or refused is not None:
        return refused or service.error(request, "1210")
    with service.shelf("assistant conversations") as shelf:
        held = [one for one in shelf.values() if one["assistant_id"] == given["assistant_id"]]
    size = given.get("page_size", 5)
    start = (given.get("page", 1) - 1) * size
    shown = held[start : start + size]
    data = {
        "assistant_id": given["assistant_id"],
        "conversation_list": shown,
        "has_more": start + size < len(held),
    }
    return _data(request, data)


def _data(request: Request, data: Any) -> Reply:
    body = {"success": True, "code": 200, "msg": "操作成功", "data": data}
    return Reply(200, wire.headers("json", request.id, request.now), [wire.json_bytes(body)])
