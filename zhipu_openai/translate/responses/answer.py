"""The response object: what is the same for every response to a request, and how it is completed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .store import Record, new_id, with_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.exchange import Body

    from .asked import Asked

TRANSLATED: Final = "resp_chat_"
"""Begins the ids of responses that chat completions have served. Zhipu's own are ``resp_`` and a time stamp
(recorded traffic, open.bigmodel.cn, 2026-10-09)."""

_NATIVE: Final = re.compile(r"resp_\d{14}[0-9A-Za-z]+")
_ODD: Final = re.compile(r"[^0-9A-Za-z_-]+")


def is_native_id(response_id: str) -> bool:
    """Whether an id has the form of those that Zhipu's own Responses API gives."""
    return _NATIVE.fullmatch(response_id) is not None


def translated_id(chat_id: Any) -> str:
    """Make the id of a response of a completion's."""
    plain = _ODD.sub("", str(chat_id or ""))
    return f"{TRANSLATED}{plain}" if plain else new_id(TRANSLATED.rstrip("_"))


def envelope(body: Mapping[str, Any], *, response_id: str, created_at: int, model: str) -> Body:
    """Make a response in progress: what OpenAI repeats of the request, and nothing of the answer.

    Settings that were not given are null where Zhipu's own default depends on the model.
    """
    reasoning = body.get("reasoning") if isinstance(body.get("reasoning"), dict) else {}
    text = body.get("text") if isinstance(body.get("text"), dict) else {}
    given = body.get("tools")
    conversation = body.get("conversation")
    return {
        "id": response_id,
        "object": "response",
        "created_at": created_at,
        "status": "in_progress",
        "background": False,
        "conversation": {"id": conversation} if isinstance(conversation, str) else conversation,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "metadata": body.get("metadata") or {},
        "model": model,
        "output": [],
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "previous_response_id": body.get("previous_response_id") or None,
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {"effort": None, "summary": None, **(reasoning or {})},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": body.get("service_tier"),
        "store": body.get("store") is not False,
        "temperature": body.get("temperature"),
        "text": {"format": {"type": "text"}, "verbosity": "medium", **(text or {})},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": [_echoed(tool) for tool in given] if isinstance(given, list) else [],
        "top_logprobs": body.get("top_logprobs") or 0,
        "top_p": body.get("top_p"),
        "truncation": body.get("truncation") or "disabled",
        "usage": None,
        "user": body.get("user"),
    }


def usage_of(given: Any) -> Body | None:
    """Write the usage of a chat, or of Zhipu's own responses, as OpenAI does; None where there is none.

    Zhipu's cache is implicit: what is written to it is not told, nor billed.
    """
    if not isinstance(given, dict):
        return None
    taken = _count(given, "input_tokens", "prompt_tokens")
    made = _count(given, "output_tokens", "completion_tokens")
    details = given.get("input_tokens_details") or given.get("prompt_tokens_details") or {}
    thought = given.get("output_tokens_details") or given.get("completion_tokens_details") or {}
    return {
        "input_tokens": taken,
        "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0, **_whole(details)},
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": 0, **_whole(thought)},
        "total_tokens": _count(given, "total_tokens") or taken + made,
    }


def keep(asked: Asked, response: Body, *, at_zhipu: bool = False) -> None:
    """Keep a response that is complete, and add it to its conversation, as OpenAI does unless told not to."""
    items = with_ids(asked.items)
    if asked.keeps:
        asked.store.keep(Record(response, items, asked.before, asked.context, at_zhipu, asked.unknown))
    if asked.conversation is not None:
        asked.store.extend(asked.conversation, (*items, *response["output"]))


def _echoed(tool: Any) -> Any:
    if isinstance(tool, dict) and tool.get("type") == "function":
        return {"parameters": None, "strict": False, **tool}
    return tool


def _count(given: Mapping[str, Any], *names: str) -> int:
    for name in names:
        value = given.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value)
    return 0


def _whole(details: Any) -> dict[str, Any]:
    return (
        {name: value for name, value in details.items() if value is not None}
        if isinstance(details, dict)
        else {}
    )
