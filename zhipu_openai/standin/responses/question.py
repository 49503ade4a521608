"""What is asked of the Responses API: held against its documentation, and read as a chat.

Source: docs.bigmodel.cn, Responses, 2026-11-23. Fields that it does not name are ignored, as probes of 2026-10-09
saw; ``tool_choice`` "required" is, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.catalogue import MODELS
from zhipu_openai.standin.fields import Field
from zhipu_openai.standin.given import Given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIELDS: Final = (
    Field("model", ("string",), required=True, least=1),
    Field("input", ("string", "array"), required=True, least=1),
    Field("instructions", ("string",)),
    Field("stream", ("boolean",)),
    Field("temperature", ("number",), least=0, most=1),
    Field("top_p", ("number",), least=0.01, most=1),
    Field("max_output_tokens", ("integer",)),
    Field("stop", ("array",)),
    Field("tools", ("array",), most=128),
    Field("tool_choice", ("string",)),
    Field("reasoning", ("object",)),
    Field("text", ("object",)),
    Field("prompt_cache_key", ("string",)),
    Field("previous_response_id", ("string",)),
    Field("store", ("boolean",)),
)

_ITEMS: Final = ("message", "function_call", "function_call_output", "reasoning")
_ROLES: Final = {"user": "user", "system": "system", "assistant": "assistant", "developer": "system"}
_PARTS: Final = ("input_text", "input_image", "input_file", "output_text")
_TOOLS: Final = ("function", "namespace", "custom", "web_search")
_FORMATS: Final = ("text", "json_object")


def flaw(fields: Mapping[str, Any]) -> str | None:
    """Name the first thing that is not as documented; None if all may pass."""
    for field in FIELDS:
        value = fields.get(field.name)
        if (value is None and field.required) or (value is not None and not field.allows(value)):
            return field.name
    given = fields["input"]
    for place, item in enumerate(given if isinstance(given, list) else ()):
        wrong = _flaw_of_item(item)
        if wrong:
            return f"input[{place}]{wrong}"
    for place, tool in enumerate(fields.get("tools", ())):
        if not isinstance(tool, Mapping) or tool.get("type") not in _TOOLS:
            return f"tools[{place}].type"
    form = fields.get("text", {}).get("format", {"type": "text"})
    if not isinstance(form, Mapping) or form.get("type") not in _FORMATS:
        return "text.format"
    return None


def _flaw_of_item(item: Any) -> str:
    if not isinstance(item, Mapping) or item.get("type", "message") not in _ITEMS:
        return ".type"
    kind = item.get("type", "message")
    if kind == "message":
        return "" if item.get("role") in _ROLES and _is_content(item.get("content")) else ".content"
    if kind == "function_call" and not all(
        isinstance(item.get(name), str) for name in ("name", "call_id", "arguments")
    ):
        return ".arguments"
    if kind == "function_call_output" and not isinstance(item.get("output"), str):
        return ".output"
    return ""


def _is_content(content: Any) -> bool:
    parts = content if isinstance(content, list) else [content]
    return isinstance(content, str) or all(
        isinstance(part, Mapping) and part.get("type") in _PARTS and "file_id" not in part for part in parts
    )


def as_chat(fields: Mapping[str, Any], history: Sequence[Mapping[str, Any]] = ()) -> Given:
    """Read a request as a chat: that is what the checks and the answers know."""
    messages: list[dict[str, Any]] = []
    if fields.get("instructions"):
        messages.append({"role": "system", "content": fields["instructions"]})
    for item in (*history, *items_of(fields)):
        messages += _messages(item)
    chat: dict[str, Any] = {"model": fields["model"], "messages": messages}
    for name, own in (
        ("max_output_tokens", "max_tokens"),
        *((one, one) for one in ("temperature", "top_p", "stop")),
    ):
        if fields.get(name) is not None:
            chat[own] = fields[name]
    effort = fields.get("reasoning", {}).get("effort")
    if effort is not None:
        chat["reasoning_effort"] = effort
    if fields.get("text", {}).get("format", {}).get("type") == "json_object":
        chat["response_format"] = {"type": "json_object"}
    functions = [] if fields.get("tool_choice") == "none" else list(_functions(fields.get("tools", ())))
    if functions:
        chat["tools"] = functions
    return Given(chat, MODELS.get(fields["model"]))


def items_of(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the input as items."""
    given = fields["input"]
    return [{"type": "message", "role": "user", "content": given}] if isinstance(given, str) else list(given)


def searches(fields: Mapping[str, Any]) -> bool:
    """Say whether the web is to be searched."""
    return any(tool.get("type") == "web_search" for tool in fields.get("tools", ()))


def _functions(tools: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for tool in tools:
        if tool.get("type") == "namespace":
            yield from _functions(tool.get("tools", ()))
        elif tool.get("type") == "function":
            function = {name: value for name, value in tool.items() if name != "type"}
            yield {"type": "function", "function": function}


def _messages(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kind = item.get("type", "message")
    if kind == "message":
        yield {"role": _ROLES[item["role"]], "content": _content(item["content"])}
    elif kind == "function_call":
        function = {"name": item["name"], "arguments": item["arguments"]}
        call = {"id": item["call_id"], "type": "function", "function": function}
        yield {"role": "assistant", "tool_calls": [call]}
    elif kind == "function_call_output":
        yield {"role": "tool", "tool_call_id": item.get("call_id"), "content": item["output"]}


def _content(content: Any) -> Any:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    made: list[dict[str, Any]] = []
    for part in parts:
        if part["type"] in ("input_text", "output_text"):
            made.append({"type": "text", "text": part.get("text", "")})
        # An image's URL as an object is silently dropped (probe of 2026-10-09).
        elif part["type"] == "input_image" and isinstance(part.get("image_url"), str):
            made.append({"type": "image_url", "image_url": {"url": part["image_url"]}})
    if all(part["type"] == "text" for part in made):
        return "\n".join(part["text"] for part in made)
    return made
