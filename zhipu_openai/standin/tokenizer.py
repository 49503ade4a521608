"""POST /tokenizer: how many tokens a chat would have, by the stand-in's own plain count.

Source: docs.bigmodel.cn OpenAPI, 2026-07-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zhipu_openai.catalogue import MODELS

from . import fields
from .given import Given
from .tokens import count
from .traffic import Reply, json_reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

_MODELS: Final = (
    "glm-4.6",
    "glm-4.6v",
    "glm-4.5",
    "glm-4.5-air",
    "glm-4-0520",
    "glm-4-long",
    "glm-4-air",
    "glm-4-flash",
)

FIELDS: Final = (
    fields.Field("model", ("string",), required=True, choices=_MODELS),
    fields.Field("messages", ("array",), required=True, least=1),
    fields.Field("tools", ("array",), most=128),
    *fields.COMMON,
)


def tokenize(service: StandIn, request: Request) -> Reply:
    """Count the tokens of messages and tools."""
    given = fields.json_object(request)
    model = None if given is None else given.get("model")
    if isinstance(model, str) and model not in MODELS:
        return service.error(request, "1211")
    refused = fields.refusal(service, request, given, FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    chat = Given(given, MODELS.get(given["model"]))
    if not any(message.get("role") == "user" for message in chat.messages):
        return service.error(request, "1214")
    counted = count(chat.prompt())
    body = {
        "created": int(request.now.timestamp()),
        "id": request.id,
        "request_id": given.get("request_id", request.id),
        "usage": {"image_tokens": 0, "prompt_tokens": counted, "total_tokens": counted, "video_tokens": 0},
    }
    return json_reply(request, body, sort_keys=True)
