"""What the stand-in says: its default behaviour, cut to the limits of the request.

It is deterministic, and every text of its own says where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.structured import find_schema_in

from .examples import instance_of
from .tokens import count, is_chinese, tokens

if TYPE_CHECKING:
    from zhipu_openai.catalogue import Model

    from .given import Given
    from .quirks import QuirkName
    from .switches import ActiveQuirks

_NOTICE: Final = "[stand-in] This answer comes from the zhipu-openai stand-in, not from a model."
_NOTICE_ZH: Final = "[stand-in] 此回答来自 zhipu-openai 的替身服务，不是由模型生成的。"
_REASONING: Final = "This is the zhipu-openai stand-in; no model is thinking."
_REASONING_ZH: Final = "这是 zhipu-openai 的替身服务，没有模型在思考。"

# Quirks that end an answer: the finish reason they give, and whether something is said before it.
_ENDINGS: Final[tuple[tuple[QuirkName, str, bool], ...]] = (
    ("network_error_first", "network_error", False),
    ("context_exceeded", "model_context_window_exceeded", False),
    ("network_error", "network_error", True),
    ("sensitive", "sensitive", True),
)


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function that the answer calls; ``arguments`` is the text that goes on the wire."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, before it is put on the wire whole or as a stream."""

    content: str = ""
    reasoning: str | None = None
    calls: tuple[FunctionCall, ...] = ()
    finish_reason: str = "stop"

    @property
    def reasoning_tokens(self) -> int:
        """Tokens of the reasoning."""
        return count(self.reasoning or "")

    @property
    def completion_tokens(self) -> int:
        """Tokens of everything, the reasoning included."""
        calls = sum(count(call.name) + count(call.arguments) for call in self.calls)
        return self.reasoning_tokens + count(self.content) + calls


def default_answer(given: Given) -> Answer:
    """Decide what to say to a request that is accepted.

    Offered functions come first: after a user message the first one is called, with arguments made from
    its schema. Then a JSON schema in the leading system message or JSON mode: an instance, or an object
    that says ``"standin": true``. Else a sentence that quotes the tool's result or the user's words.
    """
    asked = text_of(_last(given.messages, "user"))
    reasoning = None
    if given.model is not None and thinks(given.fields, given.model):
        reasoning = _REASONING_ZH if is_chinese(asked) else _REASONING
    functions = [function for function in given.functions if isinstance(function, Mapping)]
    if functions and given.messages[-1].get("role") == "user":
        arguments = instance_of(functions[0].get("parameters", {"type": "object"}))
        call = FunctionCall(functions[0]["name"], _json(arguments if isinstance(arguments, dict) else {}))
        return Answer(reasoning=reasoning, calls=(call,), finish_reason="tool_calls")
    return Answer(_content(given, asked), reasoning)


def thinks(fields: Mapping[str, Any], model: Model) -> bool:
    """Say whether the model thinks about this request (RarogCmex/pi-bigmodel evidence 2026-10-09)."""
    if model.thinking in ("none", "always", "tagged"):
        return model.thinking != "none"
    if fields.get("thinking", {}).get("type") == "disabled":
        return False
    return model.thinking == "switch" or fields.get("reasoning_effort") not in ("none", "minimal")


def within_limits(answer: Answer, fields: Mapping[str, Any]) -> Answer:
    """Cut an answer at the first stop word and at ``max_tokens``; reasoning counts, and counts first."""
    for word in fields.get("stop", ()):
        if word:
            answer = replace(answer, content=answer.content.partition(word)[0])
    limit = fields.get("max_tokens")
    if limit is None or answer.completion_tokens <= limit:
        return answer
    reasoning = None if answer.reasoning is None else "".join(tokens(answer.reasoning)[:limit])
    left = max(0, limit - count(reasoning or ""))
    content = "".join(tokens(answer.content)[:left])
    return Answer(content, reasoning, (), "length")


def quirky(answer: Answer, quirks: ActiveQuirks, *, tagged: bool) -> Answer:
    """Change an answer as the quirks that are on want it; ``tagged`` models think inside the content."""
    calls = answer.calls
    if "nested_arguments_as_strings" in quirks:
        calls = tuple(FunctionCall(call.name, _flattened(call.arguments)) for call in calls)
    reasoning = "\n" if "empty_reasoning" in quirks else answer.reasoning
    content = _dressed(answer.content, quirks)
    if reasoning is not None and (tagged or "think_tags" in quirks):
        content, reasoning = f"<think>{reasoning}</think>\n{content}", None
    if "leading_newline" in quirks:
        content = f"\n{content}"
    return _broken_off(Answer(content, reasoning, calls, answer.finish_reason), quirks)


def _dressed(content: str, quirks: ActiveQuirks) -> str:
    if "fenced_json" in quirks and _is_json(content):
        content = fenced(content)
    if "box_tokens" in quirks and content:
        content = f"<|begin_of_box|>{content}<|end_of_box|>"
    return content


def _broken_off(answer: Answer, quirks: ActiveQuirks) -> Answer:
    """End an answer as a quirk wants it: before it begins, or half-way through its text."""
    for quirk, finish_reason, begins in _ENDINGS:
        if quirk in quirks:
            said = tokens(answer.content) if begins else []
            content = "".join(said[: max(1, len(said) // 2)])
            return Answer(content, answer.reasoning if begins else None, (), finish_reason)
    return answer


def fenced(text: str) -> str:
    """Put text into a fence of Markdown, as JSON."""
    return f"```json\n{text}\n```"


def text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message's content; of parts, those that are text."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(str(part["text"]) for part in content if part.get("type") == "text")
    return content if isinstance(content, str) else ""


def _content(given: Given, asked: str) -> str:
    form = given.fields.get("response_format", {}).get("type", "text")
    notice = _NOTICE_ZH if is_chinese(asked) else _NOTICE
    if form == "json_schema":
        # Accepted with 200 and not applied: JSON of its own shape in a fence (hugalafutro/model-hotel#896,
        # 2026-09-03).
        return fenced(_json({"standin": True, "answer": notice}))
    first = given.messages[0]
    schema = find_schema_in(text_of(first)) if first.get("role") == "system" else None
    if schema is not None:
        return _json(instance_of(schema))
    if form == "json_object":
        return _json({"standin": True, "message": notice})
    results = _trailing_tool_results(given.messages)
    quoted = results or [asked]
    if is_chinese(asked):
        said = "工具返回了" if results else "您写道"
        return f"{notice}{said}：{'，'.join(f'“{text}”' for text in quoted)}"
    said = "The tool returned" if results else "You wrote"
    listed = ", ".join(f'"{text}"' for text in quoted)
    return f"{notice} {said}: {listed}"


def _trailing_tool_results(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    results: list[str] = []
    for message in reversed(messages):
        if message.get("role") != "tool":
            break
        results.insert(0, text_of(message))
    return results


def _last(messages: Sequence[Mapping[str, Any]], role: str) -> Mapping[str, Any]:
    return next((message for message in reversed(messages) if message.get("role") == role), {})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), (dict, list))
    except ValueError:
        return False


def _flattened(arguments: str) -> str:
    """Turn the objects and arrays inside arguments into strings of JSON."""
    try:
        value = json.loads(arguments)
    except ValueError:
        return arguments
    if not isinstance(value, dict):
        return arguments
    return _json(
        {name: _json(part) if isinstance(part, (dict, list)) else part for name, part in value.items()}
    )
