"""The messages of a chat request: roles, fields and the calls within them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from .content import joined_text, translate_content

if TYPE_CHECKING:
    from .draft import Draft

ROLES: Final[dict[str, str]] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "developer": "system",
    "function": "tool",
}
"""OpenAI's roles and those of Zhipu's that serve for them. Any other is answered with 1214, "Incorrect role
information". Source: bigmodel.cn OpenAPI, 2026-07-11; reports of live requests to bigmodel.cn and z.ai,
2026-08-30."""


@dataclass(frozen=True, slots=True)
class MessageField:
    """A field of OpenAI's messages that Zhipu's do not have, and what becomes of it."""

    name: str
    verdict: Literal["translated", "dropped", "answer_only"]
    what: str
    source: str
    seen: date


_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)

MESSAGE_FIELDS: Final[tuple[MessageField, ...]] = (
    MessageField("name", "dropped", "Zhipu's messages have no participant names.", _SPEC, _SPEC_SEEN),
    MessageField("refusal", "translated", "Becomes the content where there is none.", _SPEC, _SPEC_SEEN),
    MessageField("function_call", "translated", "Becomes a tool call.", _SPEC, _SPEC_SEEN),
    MessageField(
        "audio",
        "translated",
        "Its id goes to glm-4-voice; for other models its transcript becomes the content.",
        _SPEC,
        _SPEC_SEEN,
    ),
    MessageField("annotations", "answer_only", "A part of answers, not of requests.", _SPEC, _SPEC_SEEN),
    MessageField("parsed", "answer_only", "openai's own parsed object.", "openai 3.54", date(2026, 11, 23)),
)

_WITHHELD: Final = frozenset(row.name for row in MESSAGE_FIELDS)


def as_markdown() -> str:
    """Render the message fields as a table in GitHub's Markdown."""
    lines = ["| Field | Verdict | What becomes of it | Source |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{row.name}` | {row.verdict.replace('_', ' ')} | {row.what} | {row.source} ({row.seen}) |"
        for row in MESSAGE_FIELDS
    ]
    return "\n".join(lines) + "\n"


def has_reasoning(messages: list[Any]) -> bool:
    """Whether the history brings back what a model thought."""
    return any(
        isinstance(message, dict) and message.get("role") == "assistant" and message.get("reasoning_content")
        for message in messages
    )


def translate_messages(draft: Draft, messages: object) -> None:
    """Bring the messages into the form that Zhipu accepts.

    Raises:
        Refused: A message has no role of OpenAI's or holds what the model cannot take, or there is
            nothing for it to answer.
    """
    if not isinstance(messages, list):
        return
    waiting: dict[str, list[str]] = {}
    translated = [_message(draft, place, message, waiting) for place, message in enumerate(messages)]
    draft.body["messages"] = _with_a_user(draft, translated)


def _message(draft: Draft, place: int, message: Any, waiting: dict[str, list[str]]) -> dict[str, Any]:
    if not isinstance(message, dict):
        draft.refuse(
            f"messages.[{place}]", "A message must be an object with role and content.", code="invalid_type"
        )
    out = {name: value for name, value in message.items() if name not in _WITHHELD and value is not None}
    out["role"] = role = _role(draft, place, message.get("role"))
    # Frameworks repeat the name of a tool beside its result; nothing is lost with it.
    if role != "tool" and message.get("name"):
        draft.note("messages.name", "dropped", "Zhipu's messages have no participant names.")
    _translate_calls(draft, place, out, message, waiting)
    if isinstance(out.get("reasoning_content"), list):
        # Anything but a string is refused with 1210.
        out["reasoning_content"] = joined_text(out["reasoning_content"])
    spoken = _voice(draft, message.get("audio"))
    if spoken is not None:
        out["audio"] = spoken
    content = translate_content(draft, place, message.get("content"))
    if not content and spoken is None:
        content = _other_words(message)
    if content:
        out["content"] = _listed(draft, role, content)
    elif "tool_calls" in out:
        # Beside tool calls, null and "" were both reported as 1214; leaving content out is what recorded
        # requests did and what was accepted.
        out.pop("content", None)
    elif "audio" not in out:
        out["content"] = ""
    return out


def _listed(draft: Draft, role: str, content: Any) -> Any:
    """Give a user's text as a list of parts to GLM-4-AllTools, which takes nothing else.

    Source: developer pages of bigmodel.cn, 2025; the model is in no specification of 2026.
    """
    if role != "user" or not isinstance(content, str) or draft.model is None or draft.model.kind != "agent":
        return content
    return [{"type": "text", "text": content}]


def _role(draft: Draft, place: int, role: Any) -> str:
    if not isinstance(role, str) or role not in ROLES:
        draft.refuse(
            f"messages.[{place}].role",
            f"The role of a message must be one of {', '.join(ROLES)}.",
            code="invalid_value",
        )
    if ROLES[role] != role:
        draft.note("messages.role", "translated", f"{role} is sent as {ROLES[role]}.")
    return ROLES[role]


def _other_words(message: dict[str, Any]) -> str | None:
    """Give the words of an answer without content: why the model would not answer, or what it spoke."""
    audio = message.get("audio")
    words = message.get("refusal") or (audio.get("transcript") if isinstance(audio, dict) else None)
    return words if isinstance(words, str) else None


def _voice(draft: Draft, audio: Any) -> Any:
    """Give what stands for an earlier spoken answer, None where the model cannot take it.

    Source: bigmodel.cn OpenAPI, ChatCompletionAudioRequest, 2026-07-11.
    """
    if audio is None or (draft.model is not None and draft.model.kind != "audio"):
        return None
    return {"id": audio["id"]} if isinstance(audio, dict) and "id" in audio else audio


def _translate_calls(
    draft: Draft, place: int, out: dict[str, Any], message: dict[str, Any], waiting: dict[str, list[str]]
) -> None:
    """Translate the calls of a message, and give those of the older form ids that hold them together.

    ``waiting`` keeps the ids of the calls that are not answered yet, by function name.
    """
    if message.get("role") == "function":
        ids = waiting.get(str(message.get("name")), [])
        out["tool_call_id"] = ids.pop(0) if ids else f"call_function_{place}"
    call = message.get("function_call")
    if isinstance(call, dict) and not out.get("tool_calls"):
        call_id = f"call_function_{place}"
        waiting.setdefault(str(call.get("name")), []).append(call_id)
        out["tool_calls"] = [{"id": call_id, "type": "function", "function": call}]
    calls = out.get("tool_calls")
    if isinstance(calls, list):
        out["tool_calls"] = [_tool_call(draft, place, one) for one in calls]
        if not calls:
            del out["tool_calls"]


def _tool_call(draft: Draft, place: int, call: Any) -> Any:
    if not isinstance(call, dict):
        return call
    if call.get("type") == "custom":
        draft.refuse(
            f"messages.[{place}].tool_calls",
            "Zhipu has no custom tools, so the history cannot hold a call of one.",
            code="unsupported_content",
        )
    kept = {name: value for name, value in call.items() if value is not None}
    function = call.get("function")
    if isinstance(function, dict):
        kept.setdefault("type", "function")
        kept["function"] = {
            **{name: value for name, value in function.items() if name != "parsed_arguments"},
            "arguments": _arguments(function.get("arguments")),
        }
    return kept


def _arguments(arguments: Any) -> Any:
    """Give arguments as the JSON text that Zhipu takes; empty ones were reported as 1214."""
    if isinstance(arguments, dict):
        return json.dumps(arguments, ensure_ascii=False)
    if arguments is None or (isinstance(arguments, str) and not arguments.strip()):
        return "{}"
    return arguments


def _with_a_user(draft: Draft, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Zhipu answers no conversation without a user turn (1214); OpenAI does."""
    roles = {message["role"] for message in messages}
    if not roles or not roles <= {"system", "assistant"}:
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
