"""Zhipu's agents: each answers in the form of its kind, and says that it is the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.zhipu.agents.catalogue import BY_ID, CORRECTION_RESULT, SLIDES

from . import wire
from .fields import Field, json_object
from .tokens import count
from .traffic import Reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .service import StandIn
    from .traffic import Request

ROOT: Final = "/api/v1"

_INVOKE: Final = (
    Field("agent_id", ("string",), required=True),
    Field("messages", ("array",), required=True, least=1),
    Field("stream", ("boolean",)),
    Field("custom_variables", ("object",)),
)
_RESULT: Final = (
    Field("agent_id", ("string",), required=True),
    Field("async_id", ("string",), required=True),
)
_CONVERSATION: Final = (
    Field("agent_id", ("string",), required=True, choices=(SLIDES,)),
    Field("conversation_id", ("string",), required=True),
    Field("custom_variables", ("object",)),
)
"""What each operation takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_ROLES: Final = ("system", "user", "assistant")
_PARTS: Final = ("text", "file_id", "file_url", "image_url")
_TEMPLATES: Final = ("french_kiss", "bodyshake", "sexy_me")
_INVALID: Final = "1214"
_GONE: Final = "1222"
"""What a retired agent is refused with is not known; this is the code for an API that does not exist."""


def invoke(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /agents``."""
    given = json_object(request)
    wrong = _wrong(given, _INVOKE)
    if given is None or wrong:
        return _failed(request, given, _INVALID, wrong)
    row = BY_ID.get(given["agent_id"])
    if row is None or row.state == "retired":
        return _failed(request, given, _GONE, "API 不存在")
    wrong = _wrong_messages(given["messages"])
    streams = given.get("stream") is True
    if not wrong and row.answer == "stream" and not streams:
        wrong = "stream 必须为 true"
    if not wrong and row.answer == "later" and _variables(given).get("template") not in _TEMPLATES:
        wrong = "template 参数非法"
    if wrong:
        return _failed(request, given, _INVALID, wrong)
    said = _text_of(given["messages"])
    if row.answer == "later":
        async_id = _keep_job(service)
        return json_reply(request, {"status": "pending", "agent_id": row.agent_id, "async_id": async_id})
    head: dict[str, Any] = {"id": request.id, "agent_id": row.agent_id}
    tokens = count(said)
    usage = {
        "prompt_tokens": tokens,
        "completion_tokens": tokens,
        "total_tokens": 2 * tokens,
        "total_calls": 1,
    }
    if streams:
        if row.agent_id == SLIDES:
            head["conversation_id"] = given.get("conversation_id") or f"conversation-{request.id}"
        events = _steps(said) if row.agent_id == SLIDES else [_said(piece) for piece in _pieces(said)]
        return _stream(service, request, head, events, usage)
    content: dict[str, Any] = {"type": "text", "text": f"[stand-in] {said}"}
    if row.agent_id == "ai_drawing_agent":
        content = {"type": "image_url", "image_url": "https://standin.invalid/drawing.png"}
    choice = {"index": 0, "finish_reason": "stop", "messages": [{"role": "assistant", "content": content}]}
    return json_reply(request, {**head, "status": "success", "choices": [choice], "usage": usage})


def async_result(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /agents/async-result``: pending at the first look, done at the second."""
    given = json_object(request)
    wrong = _wrong(given, _RESULT)
    if given is None or wrong:
        return _failed(request, given, _INVALID, wrong)
    if given["agent_id"] == CORRECTION_RESULT and not given.get("custom_variables"):
        return _failed(request, given, "400", "custom_variables is required")  # recorded, 2026-07-10
    head = {"agent_id": given["agent_id"], "async_id": given["async_id"]}
    with service.shelf("agent jobs") as shelf:
        looks = shelf.get(given["async_id"])
        if looks is None:
            return _failed(request, given, "400", "async_id 不存在")
        shelf[given["async_id"]] = looks + 1
    if not looks:
        return json_reply(request, {**head, "status": "pending"})
    content = [{"type": "video_url", "video_url": "https://standin.invalid/video.mp4"}]
    choice = {"messages": [{"role": "assistant", "content": content}]}
    return json_reply(
        request, {**head, "status": "success", "choices": [choice], "usage": {"total_tokens": 1}}
    )


def conversation(_: StandIn, request: Request) -> Reply:
    """Answer ``POST /agents/conversation`` with links to the slides."""
    given = json_object(request)
    wrong = _wrong(given, _CONVERSATION)
    if given is None or wrong:
        return _failed(request, given, _INVALID, wrong)
    name = given["conversation_id"]
    kinds = ("pptx", "pdf") if _variables(given).get("include_pdf") else ("pptx",)
    content = [
        {"type": "file_url", "file_url": f"https://standin.invalid/{name}.{kind}", "tag_en": kind.upper()}
        for kind in kinds
    ]
    choice = {"message": [{"role": "assistant", "content": content}]}
    return json_reply(request, {"conversation_id": name, "agent_id": given["agent_id"], "choices": [choice]})


def _variables(given: Mapping[str, Any]) -> dict[str, Any]:
    found = given.get("custom_variables")
    return found if isinstance(found, dict) else {}


def _wrong(given: Mapping[str, Any] | None, fields: Collection[Field]) -> str:
    """Say what is wrong with a request's fields; nothing if all may pass."""
    if given is None:
        return "请求体不是 JSON 对象"
    for field in fields:
        value = given.get(field.name)
        if value is None and field.required:
            return f"{field.name} is required"
        if value is not None and not field.allows(value):
            return f"{field.name} 参数非法"
    return ""


def _wrong_messages(messages: list[Any]) -> str:
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in _ROLES:
            return "messages 参数非法"
        content = message.get("content")
        parts = content if isinstance(content, list) else [content]
        for part in parts:
            if isinstance(part, str) and content is part:
                continue
            if not isinstance(part, dict) or part.get("type") not in _PARTS:
                return "content 参数非法"
            if not isinstance(part.get(part["type"]), str):
                return "content 参数非法"
    return ""


def _text_of(messages: list[Any]) -> str:
    content = messages[-1]["content"]
    parts = content if isinstance(content, list) else [content]
    return " ".join(part if isinstance(part, str) else part[part["type"]] for part in parts)


def _pieces(said: str) -> list[str]:
    return [f"{word} " for word in f"[stand-in] {said}".split(" ")]


def _said(text: str, phase: str | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": [{"type": "text", "text": text}]}
    return message if phase is None else {**message, "phase": phase}


def _steps(said: str) -> list[dict[str, Any]]:
    """Make the steps of slides: a thought, a page, and a word at the end."""
    page = {"tool_name": "insert_page", "output": f"<h1>{said}</h1>", "position": [1], "title": said}
    part = {"type": "object", "object": page, "tag_cn": "添加幻灯片", "tag_en": "Insert Page"}
    return [
        _said("[stand-in] One slide will do.", "thinking"),
        {"role": "assistant", "content": [part], "phase": "tool"},
        _said("[stand-in] The slides are made.", "answer"),
    ]


def _stream(
    service: StandIn,
    request: Request,
    head: dict[str, Any],
    said: list[dict[str, Any]],
    usage: dict[str, Any],
) -> Reply:
    events = [
        {**head, "choices": [{"index": place, "messages": [message]}]} for place, message in enumerate(said)
    ]
    last = {"index": len(said), "finish_reason": "stop", "messages": []}
    events.append({**head, "choices": [last], "usage": usage})
    body = [*map(wire.event, events), wire.DONE]
    return Reply(200, wire.headers("stream", request.id, request.now), body, streams=True, pace=service.pace)


def _keep_job(service: StandIn) -> str:
    with service.random() as random:
        name = str(random.randrange(10**17, 10**18))
    with service.shelf("agent jobs") as shelf:
        shelf[name] = 0
    return name


def _failed(request: Request, given: Mapping[str, Any] | None, code: str, message: str) -> Reply:
    """Make the failure inside an HTTP 200 that was recorded on 2026-07-10."""
    named = {name: given[name] for name in ("agent_id", "async_id") if given and name in given}
    error = {"code": code, "message": message}
    return json_reply(request, {"id": request.id, **named, "status": "failed", "error": error})
