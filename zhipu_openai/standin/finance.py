"""FinAgent: reports that say nothing but that they come from the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.multipart import Form

from . import wire
from .fields import Field, json_object
from .traffic import Reply, json_reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

ROOT: Final = "/api/aico-saas/bm/v1"

_COMMON: Final = (
    Field("stream", ("boolean",)),
    Field("model", ("string",), choices=("4-Plus", "4-Air")),
    Field("temperature", ("number",)),
)
_FIELDS: Final = {
    "DueDiligenceReport": (Field("company", ("string",), required=True, least=2, most=25), *_COMMON),
    "ConsumerProtectionAudit": (Field("query", ("string",), required=True, least=1, most=10000),),
    "FinancialAdviserSparring": (
        Field("query", ("string",), required=True, least=1, most=2000),
        Field("history", ("array",), most=30),
        *_COMMON,
    ),
    "RegulatoryUpdatesTracker": (Field("query", ("string",), required=True, least=2, most=25), *_COMMON),
}
"""What each agent takes. Source: bigmodel.cn developer pages, 2025-10."""

NAMES: Final = tuple(_FIELDS)

_WRONG: Final = 1002
"""One of FinAgent's own codes; which of 1001 to 1010 means a wrong field is not known."""


def answer(service: StandIn, request: Request) -> Reply:
    """Answer any of the agents."""
    name = request.path.removeprefix("/")
    given = _given(request)
    for field in _FIELDS[name]:
        value = None if given is None else given.get(field.name)
        if (value is None and field.required) or (value is not None and not field.allows(value)):
            return json_reply(request, {"code": _WRONG, "message": f"{field.name} 参数非法", "data": None})
    fields = given or {}
    said = f"[stand-in] {fields.get('company') or fields.get('query')}"
    if fields.get("stream") is not True:
        return json_reply(request, {"code": 0, "message": "success", "data": {"result": said}})
    head = {"session_id": request.id, "step_id": "1", "created": int(request.now.timestamp() * 1000)}
    events: list[dict[str, Any]] = [
        {"event": "message", **head, "data": {"text": [{"output": said}]}},
        {"event": "workflow_finished", **head, "usage": {"total_tokens": 1, "max_token": 4096}},
    ]
    headers = wire.headers("stream", request.id, request.now)
    return Reply(200, headers, [wire.event(one) for one in events], streams=True, pace=service.pace)


def _given(request: Request) -> dict[str, Any] | None:
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return json_object(request)
    try:
        form = Form.parse(request.body, request.headers["content-type"])
    except ValueError:
        return None
    return {part.name: part.text for part in form.parts if part.filename is None}
