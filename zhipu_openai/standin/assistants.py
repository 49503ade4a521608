"""GLM-4-Assistant: which assistants there are, and one conversation that was had; talking is in ``zhipu_jobs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .fields import Field, json_object, refusal
from .traffic import Reply, json_reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

_LIST: Final = (Field("assistant_id_list", ("array",), required=True),)
_CONVERSATIONS: Final = (
    Field("assistant_id", ("string",), required=True),
    Field("page", ("integer",), least=1),
    Field("page_size", ("integer",), least=1, most=100),
)
"""What each operation takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_NAMES: Final = {"65940acff94777010aa6b796": "ChatGLM（官方）", "659e54b1b8006379b4b2abd6": "AI搜索（官方）"}
"""Some of the public assistants, from the same source."""


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
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    first = {"id": "stand-in", "assistant_id": given["assistant_id"], "usage": usage}
    shown = [first] if given.get("page", 1) == 1 else []
    data = {
        "assistant_id": given["assistant_id"],
        "conversation_list": shown,
        "has_more": False,
    }
    return _data(request, data)


def _data(request: Request, data: Any) -> Reply:
    body = {"success": True, "code": 200, "msg": "操作成功", "data": data}
    return json_reply(request, body)
