"""How many tokens an input has: asked of Zhipu's tokenizer.

Source: ``POST /tokenizer`` of the bigmodel.cn OpenAPI, 2026-07-11, which names the models that it counts for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Reply, Send, error_reply, json_reply
from zhipu_openai.translate.chat.fields import translate_request
from zhipu_openai.translate.chat.parts import hollow

from .asked import read, refuse_unknown
from .fields import chat_body
from .ledger import ResponseLedger, renamed

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation

COUNTS_FOR: Final = (
    "glm-4.6",
    "glm-4.6v",
    "glm-4.5",
    "glm-4.5-air",
    "glm-4-0520",
    "glm-4-long",
    "glm-4-air",
    "glm-4-flash",
)
"""The models that the tokenizer names."""

COUNTS_SEEN: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))

INSTEAD: Final = "glm-4.6"
"""Counts for text models that the tokenizer does not name; they may count otherwise."""

INSTEAD_SEES: Final = "glm-4.6v"


def count(call: Call) -> Operation:
    """Serve ``POST /responses/input_tokens``."""
    asked = read(call)
    refuse_unknown(asked)
    try:
        body = chat_body(asked)
        body.setdefault("model", INSTEAD)
        draft = translate_request(
            replace(call, path="/chat/completions", body=body, ledger=ResponseLedger(call.ledger))
        )
    except Refused as refused:
        return error_reply(renamed(refused.answer, asked.places))
    model = draft.body["model"]
    if draft.model is not None and draft.model.id not in COUNTS_FOR:
        model = INSTEAD_SEES if "image" in draft.model.inputs else INSTEAD
        call.ledger.add("model", "approximated", f"Zhipu's tokenizer does not know it; {model} counts.")
    sent: dict[str, Any] = {"model": model, "messages": draft.body["messages"]}
    functions = [tool for tool in draft.tools if isinstance(tool, dict) and tool.get("type") == "function"]
    if functions:
        sent["tools"] = functions
    reply: Reply = yield Send("POST", "/tokenizer", sent, root="general")
    if reply.error is not None:
        return reply
    return json_reply({"object": "response.input_tokens", "input_tokens": _counted(reply)})


def _counted(reply: Reply) -> int:
    try:
        usage = reply.json()["usage"]
        return int(usage.get("total_tokens") or usage["prompt_tokens"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(hollow("holds no count of tokens")) from None
