"""The messages of a chat request: roles, contents and the calls within them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from .draft import Draft

_LIVE: Final = "reports of live requests, facts of 2026-11"

ROLES: Final[dict[str, str]] = {"developer": "system", "function": "tool"}
"""Roles that Zhipu does not know (1214, "Incorrect role information") and those that serve for them.
Source: reports of live requests to bigmodel.cn and z.ai, 2026-08-30."""


@dataclass(frozen=True, slots=True)
class MessageField:
    """A field of a message that does not go to Zhipu, and what becomes of it."""

    name: str
    verdict: Literal["translated", "dropped", "answer_only"]
    what: str
    source: str
    seen: date


MESSAGE_FIELDS: Final[tuple[MessageField, ...]] = (
    MessageField(
        "name",
        "dropped",
        "Zhipu's messages have no participant names",
        "bigmodel.cn OpenAPI",
        date(2026, 7, 11),
    ),
    MessageField(
        "refusal",
        "translated",
        "becomes the content where there is none",
        "bigmodel.cn OpenAPI",
        date(2026, 7, 11),
    ),
    MessageField(
        "function_call", "translated", "becomes a tool call", "bigmodel.cn OpenAPI", date(2026, 7, 11)
    ),
    MessageField(
        "annotations",
        "answer_only",
        "a part of answers, not of requests",
        "bigmodel.cn OpenAPI",
        date(2026, 7, 11),
    ),
    MessageField("parsed", "answer_only", "openai's own parsed object", "openai 3.54", date(2026, 11, 23)),
)

_WITHHELD: Final = frozenset(row.name for row in MESSAGE_FIELDS)

PART_INPUTS: Final[dict[str, str]] = {
    "image_url": "image",
    "video_url": "video",
    "input_audio": "audio",
    "file": "file",
}
"""The kind of input that a model must take for a part of content to be sent to it.
``file_url`` is left to the API: the documents differ on which models read it."""

_ADVICE: Final[dict[str, str]] = {
    "image": "choose a model that sees, such as glm-5.3-flash or glm-4.6v",
    "video": "choose a model that sees, such as glm-5v-turbo or glm-4.6v",
    "audio": "choose glm-4-voice, or transcribe the audio first with client.audio.transcriptions",
    "file": "choose glm-5.3-flash, or pass the text of the file",
}


def has_images(messages: object) -> bool:
    """Whether any message shows an image or a video."""
    if not isinstance(messages, list):
        return False
    return any(
        isinstance(part, dict) and part.get("type") in ("image_url", "video_url")
        for message in messages
        if isinstance(message, dict) and isinstance(message.get("content"), list)
        for part in message["content"]
    )


def has_reasoning(messages: list[Any]) -> bool:
    """Whether the history brings back what a model thought."""
    return any(isinstance(message, dict) and message.get("reasoning_content") for message in messages)


def translate_messages(draft: Draft, messages: object) -> None:
    """Bring the messages into the form that Zhipu accepts.

    Raises:
        Refused: A message holds what the model cannot take, or there is nothing for it to answer.
    """
    if not isinstance(messages, list):
        return
    legacy_ids: dict[str, list[str]] = {}
    translated = [_message(draft, place, message, legacy_ids) for place, message in enumerate(messages)]
    draft.body["messages"] = _with_a_user(draft, translated)


def _message(draft: Draft, place: int, message: Any, legacy_ids: dict[str, list[str]]) -> Any:
    if not isinstance(message, dict):
        return message
    out = {name: value for name, value in message.items() if name not in _WITHHELD and value is not None}
    role = out.get("role")
    if isinstance(role, str) and role in ROLES:
        out["role"] = ROLES[role]
    if role != "function" and message.get("name"):
        draft.note("messages.name", "dropped", "Zhipu's messages have no participant names.")
    _legacy_call(out, place, message, legacy_ids)
    if isinstance(out.get("tool_calls"), list):
        out["tool_calls"] = [_tool_call(call) for call in out["tool_calls"]]
        if not out["tool_calls"]:
            del out["tool_calls"]
    if isinstance(out.get("reasoning_content"), list):
        # Anything but a string is refused with 1210.
        out["reasoning_content"] = "".join(str(piece) for piece in out["reasoning_content"])
    content = _content(draft, place, out.get("role"), message)
    if content:
        out["content"] = content
    elif "tool_calls" in out:
        # Beside tool calls, null and "" were both reported as 1214; leaving content out is what recorded
        # requests did and what was accepted.
        out.pop("content", None)
    elif role is not None and "audio" not in out:
        out["content"] = content if isinstance(content, str) else ""
    return out


def _legacy_call(
    out: dict[str, Any], place: int, message: dict[str, Any], legacy_ids: dict[str, list[str]]
) -> None:
    """Give a call of the older form, and the answer to it, an id that holds them together."""
    if message.get("role") == "function":
        waiting = legacy_ids.get(str(message.get("name")), [])
        out["tool_call_id"] = waiting.pop(0) if waiting else f"call_function_{place}"
    call = message.get("function_call")
    if isinstance(call, dict):
        call_id = f"call_function_{place}"
        legacy_ids.setdefault(str(call.get("name")), []).append(call_id)
        out["tool_calls"] = [{"id": call_id, "type": "function", "function": call}]


def _tool_call(call: Any) -> Any:
    if not isinstance(call, dict):
        return call
    function = call.get("function")
    if not isinstance(function, dict):
        return call
    kept = {name: value for name, value in function.items() if name != "parsed_arguments"}
    if not kept.get("arguments"):
        # An empty string of arguments in the history was reported as 1214.
        kept["arguments"] = "{}"
    return {**{name: value for name, value in call.items() if value is not None}, "function": kept}


def _content(draft: Draft, place: int, role: object, message: dict[str, Any]) -> Any:
    content = message.get("content")
    if content is None:
        refusal = message.get("refusal")
        return refusal if isinstance(refusal, str) else None
    if not isinstance(content, list):
        return content
    parts = [part for one in content if (part := _part(draft, place, one)) is not None]
    only_text = all(isinstance(part, dict) and part.get("type") == "text" for part in parts)
    if only_text and role != "user":
        return "\n".join(str(part.get("text", "")) for part in parts)
    return parts


def _part(draft: Draft, place: int, part: Any) -> Any:
    if isinstance(part, str):
        return {"type": "text", "text": part} if part else None
    if not isinstance(part, dict):
        return part
    kind = part.get("type")
    if kind == "text":
        return {"type": "text", "text": part["text"]} if part.get("text") else None
    if kind == "refusal":
        return {"type": "text", "text": part["refusal"]} if part.get("refusal") else None
    needed = PART_INPUTS.get(str(kind))
    if needed and draft.model is not None and needed not in draft.model.inputs:
        draft.refuse(
            f"messages.[{place}].content",
            f"{draft.model.id} takes no {needed} input; {_ADVICE[needed]}.",
            code="unsupported_content",
        )
    if kind == "image_url" and isinstance(part.get("image_url"), dict) and "detail" in part["image_url"]:
        if part["image_url"]["detail"] not in (None, "auto"):
            draft.note(
                "messages.content.image_url.detail",
                "dropped",
                "Zhipu chooses the resolution of images itself.",
            )
        return {
            **part,
            "image_url": {name: value for name, value in part["image_url"].items() if name != "detail"},
        }
    return part


def _with_a_user(draft: Draft, messages: list[Any]) -> list[Any]:
    """Zhipu answers no conversation without a user turn (1214); OpenAI does."""
    roles = [message.get("role") for message in messages if isinstance(message, dict)]
    if not roles or any(role not in ("system", "assistant") for role in roles):
        return messages
    if "assistant" in roles:
        if draft.model is not None and draft.model.kind == "roleplay":
            return messages
        draft.refuse(
            "messages",
            "There is no user message: Zhipu answers only conversations that hold one. "
            'Give what the model should react to as {"role": "user", ...}.',
            code="invalid_messages",
        )
    draft.note(
        "messages", "approximated", "the last system message is sent as the user's, since Zhipu needs one."
    )
    return [*messages[:-1], {**messages[-1], "role": "user"}]
