"""Conversation items, both ways: messages, function calls and their outputs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .state import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .state import Event, State

_PAGE: Final = ("MetaGLM/glm-realtime-sdk, event reference", date(2025, 2, 1))
_SDK: Final = ("MetaGLM/glm-realtime-sdk, Python models", date(2025, 5, 23))


@dataclass(frozen=True, slots=True)
class ContentKind:
    """A type of content part: OpenAI's word, Zhipu's, and who says so. None is refused."""

    openai: str
    zhipu: str | None
    source: str
    seen: date


# The specification of 2026-07-11 lists input_audio and text alone; the event reference and the SDKs, which are
# older, have input_text for what a user writes. Both the SDKs' samples and their models send it, so it is sent.
CONTENT: Final[tuple[ContentKind, ...]] = (
    ContentKind("input_text", "input_text", *_PAGE),
    ContentKind("input_audio", "input_audio", *_PAGE),
    ContentKind("output_text", "text", *_SDK),
    ContentKind("text", "text", *_SDK),
    ContentKind("output_audio", "text", *_SDK),
    ContentKind("audio", "text", *_SDK),
    ContentKind("input_image", None, *_PAGE),
    ContentKind("item_reference", None, *_PAGE),
)
"""Content of messages that are put into the conversation. Other types pass."""

_BY_OPENAI: Final = {row.openai: row for row in CONTENT}

_WHY_NOT: Final = {
    "input_image": (
        "Zhipu takes no images in messages; send JPEG frames with "
        'connection.send({"type": "input_audio_buffer.append_video_frame", "video_frame": ...}) in a session with '
        'beta_fields={"chat_mode": "video_passive"}.'
    ),
    "item_reference": "Zhipu takes no references to items; repeat their content.",
}


def to_zhipu(state: State, item: Mapping[str, Any]) -> Event:
    """Make Zhipu's item of OpenAI's.

    Raises:
        Refused: Zhipu has no such item.
    """
    made = {name: value for name, value in item.items() if value is not None}
    kind = made.get("type", "message")
    if isinstance(kind, str) and kind.startswith("mcp_"):
        refuse("item.type", "Zhipu's realtime service calls no MCP servers; offer their tools as functions.")
    made.setdefault("type", "message")
    made.setdefault("object", "realtime.item")
    if isinstance(made.get("content"), list):
        made["content"] = [_part(state, part) for part in made["content"]]
    call_id = made.get("call_id")
    if call_id is not None and call_id in state.made_calls:
        # Zhipu gave the call no id, and its outputs carry none.
        del made["call_id"]
    if kind == "function_call_output":
        state.outputs.append(str(call_id or state.new_id("call")))
    return made


def _part(state: State, part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    row = _BY_OPENAI.get(part.get("type", ""))
    if row is None:
        return part
    if row.zhipu is None:
        refuse("item.content", _WHY_NOT[row.openai])
    if row.openai in ("audio", "output_audio"):
        if not part.get("transcript"):
            refuse("item.content", "What an assistant said can be put in as text alone; give its transcript.")
        state.note("item.content", "approximated", "Of what an assistant said, the transcript alone is sent.")
        return {"type": row.zhipu, "text": part["transcript"]}
    return {**part, "type": row.zhipu}


def to_openai(state: State, item: Mapping[str, Any]) -> Event:
    """Make OpenAI's item, in the caller's protocol, of one that Zhipu reports."""
    made = {"object": "realtime.item", **{name: value for name, value in item.items() if value is not None}}
    kind = made.get("type")
    if kind == "message":
        role = made.setdefault("role", "user")
        content = made.get("content")
        made["content"] = (
            [_reported(state, part, role) for part in content] if isinstance(content, list) else []
        )
    elif kind == "function_call":
        if not made.get("call_id"):
            made["call_id"] = made_call_id(state)
        made.setdefault("arguments", "")
    elif kind == "function_call_output":
        waiting = state.outputs.popleft() if state.outputs else None
        made["call_id"] = made.get("call_id") or waiting or made_call_id(state)
        made.setdefault("output", "")
    return made


def made_call_id(state: State) -> str:
    """Make up the id of a call to which Zhipu gave none."""
    made = state.new_id("call")
    state.made_calls.add(made)
    return made


def _reported(state: State, part: Any, role: Any) -> Any:
    if not isinstance(part, dict):
        return part
    made = {name: value for name, value in part.items() if value is not None}
    kind = made.get("type")
    if role == "assistant" and kind in ("text", "audio") and state.dialect == "ga":
        made["type"] = f"output_{kind}"
    elif role != "assistant" and kind == "text":
        made["type"] = "input_text"
    return made
