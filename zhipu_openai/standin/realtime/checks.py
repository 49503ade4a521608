"""What the realtime stand-in accepts in events, as rows. Source: bigmodel.cn AsyncAPI, 2026-07-11."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.glm_realtime.names import ZHIPU_VOICES
from zhipu_openai.standin.fields import Field

from .speech import FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS: Final[Mapping[str, tuple[Field, ...]]] = {
    "session.update": (Field("session", ("object",), required=True),),
    "input_audio_buffer.append": (Field("audio", ("string",), required=True, least=1),),
    "input_audio_buffer.append_video_frame": (Field("video_frame", ("string",), required=True, least=1),),
    "input_audio_buffer.commit": (),
    "input_audio_buffer.clear": (),
    "conversation.item.create": (Field("item", ("object",), required=True),),
    "conversation.item.delete": (Field("item_id", ("string",), required=True, least=1),),
    "conversation.item.retrieve": (Field("item_id", ("string",), required=True, least=1),),
    "response.create": (),
    "response.cancel": (),
}
"""Every client event, and what it must carry."""

_COMMON: Final = (Field("event_id", ("string",)), Field("client_timestamp", ("integer",)))

SESSION: Final = (
    # glm-realtime is what a recorded session.created names (fxp/skillify, 2026-09-11).
    Field("model", ("string",), choices=("glm-realtime-flash", "glm-realtime-air", "glm-realtime")),
    Field("input_audio_format", ("string",), required=True),
    Field("output_audio_format", ("string",), required=True, choices=("pcm",)),
    Field("instructions", ("string",)),
    Field("voice", ("string",), choices=ZHIPU_VOICES),
    Field("temperature", ("number",), least=0, most=1),
    Field("max_response_output_tokens", ("string",)),
    Field("turn_detection", ("object",), required=True),
    Field("tools", ("array",)),
    Field("modalities", ("array",)),
    Field("input_audio_noise_reduction", ("object",)),
    Field("beta_fields", ("object",)),
    Field("greeting_config", ("object",)),
)
_TURN_DETECTION: Final = (Field("type", ("string",), required=True, choices=("server_vad", "client_vad")),)
_TOOL: Final = (
    Field("type", ("string",), required=True, choices=("function",)),
    Field("name", ("string",), required=True, least=1),
    Field("description", ("string",), required=True),
    Field("parameters", ("object",)),
)
_NOISE: Final = (Field("type", ("string",), choices=("near_field", "far_field")),)
_BETA: Final = (
    Field("chat_mode", ("string",), required=True, choices=("audio", "video_passive")),
    Field("tts_source", ("string",), choices=("e2e",)),
    Field("auto_search", ("boolean",)),
)
_ITEM: Final = (
    Field("type", ("string",), required=True, choices=("message", "function_call", "function_call_output")),
    Field("object", ("string",), required=True, choices=("realtime.item",)),
    Field("status", ("string",), choices=("completed", "incomplete")),
    Field("role", ("string",), choices=("user", "assistant", "system")),
    Field("content", ("array",)),
    Field("name", ("string",)),
    Field("arguments", ("string",)),
    Field("output", ("string",)),
)
# input_text is in the event reference of 2025-02 and in the SDKs, not in the specification.
_CONTENT: Final = (
    Field("type", ("string",), required=True, choices=("input_audio", "input_text", "text")),
    Field("text", ("string",), least=1),
    Field("audio", ("string",)),
)
_MOST_TOKENS: Final = 1024


def fault_of(event: Any) -> str | None:
    """Say what is wrong with a client event; None if it may pass."""
    if not isinstance(event, dict):
        return "The event is no JSON object."
    kind = event.get("type")
    if not isinstance(kind, str):
        return "The 'type' field is missing."
    if kind not in EVENTS:
        return f"Unknown event type '{kind}'."
    fault = _first(event, (*EVENTS[kind], *_COMMON), "")
    if fault is not None:
        return fault
    if kind == "session.update":
        return _session(event["session"])
    return _item(event["item"]) if kind == "conversation.item.create" else None


def _session(session: Mapping[str, Any]) -> str | None:
    fault = _first(session, SESSION, "session.")
    if fault is None and FORMAT.fullmatch(session["input_audio_format"]) is None:
        fault = "'session.input_audio_format' is invalid."
    tokens = session.get("max_response_output_tokens")
    if fault is None and tokens is not None and not (tokens.isdigit() and int(tokens) <= _MOST_TOKENS):
        fault = "'session.max_response_output_tokens' is invalid."
    if fault is None and any(one not in ("text", "audio") for one in session.get("modalities") or ()):
        fault = "'session.modalities' is invalid."
    parts: list[tuple[Any, tuple[Field, ...], str]] = [
        (session["turn_detection"] if fault is None else {}, _TURN_DETECTION, "session.turn_detection."),
        (session.get("input_audio_noise_reduction"), _NOISE, "session.input_audio_noise_reduction."),
        (session.get("beta_fields"), _BETA, "session.beta_fields."),
        *((tool, _TOOL, "session.tools.") for tool in session.get("tools") or ()),
    ]
    for value, fields, where in parts:
        if fault is None and value is not None:
            fault = _first(value, fields, where)
    return fault


def _item(item: Mapping[str, Any]) -> str | None:
    fault = _first(item, _ITEM, "item.")
    if fault is not None:
        return fault
    kind = item["type"]
    needed = {"message": "content", "function_call_output": "output", "function_call": "name"}[kind]
    if not item.get(needed):
        return f"'item.{needed}' is missing."
    for part in item.get("content") or ():
        fault = fault or _first(part, _CONTENT, "item.content.")
    return fault


def _first(value: Any, fields: tuple[Field, ...], where: str) -> str | None:
    if not isinstance(value, dict):
        return f"'{where.rstrip('.')}' is invalid."
    for field in fields:
        given = value.get(field.name)
        if given is None:
            if field.required:
                return f"'{where}{field.name}' is missing."
        elif not field.allows(given):
            return f"'{where}{field.name}' is invalid."
    return None
