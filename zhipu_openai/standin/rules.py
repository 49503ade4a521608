"""What the checks of a chat request look for: one function per rule, true where the rule is broken.

The order in which they are tried matters: a function may rely on what the rules before it have refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .tokens import count

if TYPE_CHECKING:
    from .given import Given

# Fields and the JSON types that the specification gives them.
_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "model": str,
    "messages": list,
    "stream": bool,
    "temperature": (int, float),
    "top_p": (int, float),
    "do_sample": bool,
    "max_tokens": int,
    "stop": list,
    "tools": list,
    "tool_stream": bool,
    "response_format": dict,
    "thinking": dict,
    "request_id": str,
    "user_id": str,
    "watermark_enabled": bool,
    "meta": dict,
}
# Tuples, not sets: what stands in a request need not be hashable.
_ROLES: Final = ("system", "user", "assistant", "tool")
_TOOL_TYPES: Final = ("function", "retrieval", "web_search", "mcp")
_EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_EFFORTS_OF_ALWAYS: Final = ("low", "high", "max")
_FUNCTION_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
_MOST_DECIMALS: Final = 2
_MOST_TOOLS: Final = 128
_MOST_STOPS: Final = 4
_INPUT_OF_PART: Final = {
    "text": "text",
    "image_url": "image",
    "video_url": "video",
    "file_url": "file",
    "file": "file",
    "input_audio": "audio",
}
# Images a request may hold: docs.bigmodel.cn, 2026-07-11. A newer z.ai specification allows some models 150.
_MOST_IMAGES: Final = {"glm-4v-flash": 1, "glm-4v-plus-0111": 5}
_MOST_IMAGES_ELSEWHERE: Final = 50
_ONLY_IMAGE_URLS: Final = frozenset({"glm-4v-flash"})
_LARGEST_IMAGE: Final = 5 * 1024 * 1024
_IMAGE_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def _is(value: Any, expected: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return expected is bool
    return isinstance(value, expected)


def required_field_missing(given: Given) -> str:
    """Name the required field that is missing, if one is."""
    return next((field for field in ("model", "messages") if field not in given.fields), "")


def field_of_wrong_type(given: Given) -> str:
    """Name a documented field whose value has the wrong JSON type, if there is one."""
    return next(
        (name for name, value in given.fields.items() if name in _TYPES and not _is(value, _TYPES[name])), ""
    )


def message_is_no_object(given: Given) -> bool:
    """Say whether a message is no object."""
    return len(given.messages) != len(given.fields["messages"])


def no_user_message(given: Given) -> bool:
    """Say whether there is no message of the user's."""
    return all(message.get("role") != "user" for message in given.messages)


def content_missing(given: Given) -> bool:
    """Say whether a message has no content; an assistant's may lack the key but not hold null."""
    return any(
        not isinstance(
            message.get("content", "" if message.get("role") == "assistant" else None), (str, list)
        )
        for message in given.messages
    )


def arguments_empty(given: Given) -> bool:
    """Say whether a function call in the history lacks a name or has arguments that are no text."""
    for call in given.calls():
        if not isinstance(call, Mapping):
            return True
        function = call.get("function")
        if call.get("type", "function") != "function" and function is None:
            continue
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            return True
        if not isinstance(function.get("arguments"), str) or not function["arguments"]:
            return True
    return False


def outside(field: str, low: float, high: float) -> Callable[[Given], bool]:
    """Make a rule for a number that lies outside a closed range."""
    # Written so that NaN, which Python reads from JSON, is outside too.
    return lambda given: field in given.fields and not low <= given.fields[field] <= high


def more_than_two_decimals(field: str) -> Callable[[Given], bool]:
    """Make a rule for a number with more than two decimals."""

    def broken(given: Given) -> bool:
        exponent = Decimal(str(given.fields.get(field, 0))).normalize().as_tuple().exponent
        return isinstance(exponent, int) and exponent < -_MOST_DECIMALS

    return broken


def max_tokens_outside(given: Given) -> bool:
    """Say whether ``max_tokens`` is below 1 or above what the model takes."""
    return not 1 <= given.fields.get("max_tokens", 1) <= given.cap


def bad_stop(given: Given) -> bool:
    """Say whether there are too many stop words, or one that is no text."""
    stop = given.fields.get("stop", [])
    return len(stop) > _MOST_STOPS or not all(isinstance(word, str) for word in stop)


def bad_tool(given: Given) -> bool:
    """Say whether a tool is of an unknown type or lacks what its type needs."""
    return any(
        not isinstance(tool, Mapping)
        or tool.get("type") not in _TOOL_TYPES
        or not isinstance(tool.get(tool["type"]), Mapping)
        for tool in given.tools
    )


def bad_function(given: Given) -> bool:
    """Say whether a function has no proper name, or parameters that are no schema."""
    return any(
        not isinstance(function.get("name"), str)
        or not _FUNCTION_NAME.fullmatch(function["name"])
        or not isinstance(function.get("parameters", {}), Mapping)
        for function in given.functions
    )


def unknown_response_format(given: Given) -> bool:
    """Say whether the format is none of those that are accepted."""
    wanted = given.fields.get("response_format")
    return wanted is not None and wanted.get("type") not in ("text", "json_object", "json_schema")


def _thinks_always(given: Given) -> bool:
    return given.model is not None and given.model.thinking == "always"


def thinking_not_disabled(given: Given) -> bool:
    """Say whether thinking is to be disabled on a model that always thinks."""
    return _thinks_always(given) and given.fields.get("thinking", {}).get("type") == "disabled"


def bad_thinking(given: Given) -> bool:
    """Say whether ``thinking`` holds anything but the documented words."""
    thinking = given.fields.get("thinking", {})
    return thinking.get("type", "enabled") not in ("enabled", "disabled") or not isinstance(
        thinking.get("clear_thinking", True), bool
    )


def effort_not_taken(given: Given) -> bool:
    """Say whether a model that always thinks is given an effort that it does not have."""
    return _thinks_always(given) and given.fields.get("reasoning_effort", "max") not in _EFFORTS_OF_ALWAYS


def length_outside(field: str, least: int, most: int) -> Callable[[Given], str]:
    """Make a rule for a text that is too short or too long; it names the field."""

    def broken(given: Given) -> str:
        value = given.fields.get(field)
        return "" if value is None or least <= len(value) <= most else field

    return broken


def allowed_parts(given: Given) -> list[str]:
    """Return the types of content parts that the model takes."""
    inputs = given.model.inputs if given.model else frozenset({"text"})
    return [part for part, kind in _INPUT_OF_PART.items() if kind in inputs]


def part_not_allowed(given: Given) -> bool:
    """Say whether a content part is of a type that the model does not take."""
    allowed = allowed_parts(given)
    return any(part.get("type") not in allowed for part in given.parts())


def bad_part(given: Given) -> bool:
    """Say whether a content part is no object or lacks what its type needs."""
    for message in given.messages:
        content = message.get("content")
        if isinstance(content, list) and not all(isinstance(part, Mapping) for part in content):
            return True
    return any(
        not isinstance(part.get(part["type"]), str if part["type"] == "text" else Mapping)
        for part in given.parts()
    )


def too_many_images(given: Given) -> bool:
    """Say whether there are more images than the model takes."""
    most = _MOST_IMAGES.get(given.model.id if given.model else "", _MOST_IMAGES_ELSEWHERE)
    return sum(1 for _ in given.parts("image_url")) > most


def bad_image(given: Given) -> bool:
    """Say whether an image is neither an address nor JPEG or PNG in Base64 of at most 5 MB."""
    only_urls = given.model is not None and given.model.id in _ONLY_IMAGE_URLS
    for part in given.parts("image_url"):
        url = part["image_url"].get("url")
        if not isinstance(url, str) or not url:
            return True
        if url.startswith(("http://", "https://")):
            continue
        data = _decoded(url.partition(",")[2] if url.startswith("data:") else url)
        if only_urls or not data.startswith(_IMAGE_BEGINNINGS) or len(data) > _LARGEST_IMAGE:
            return True
    return False


def bad_audio(given: Given) -> bool:
    """Say whether a sound is neither WAV nor MP3 in Base64."""
    for part in given.parts("input_audio"):
        audio = part["input_audio"]
        if audio.get("format") not in ("wav", "mp3"):
            return True
        if not isinstance(audio.get("data"), str) or not _decoded(audio["data"]):
            return True
    return False


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def too_long(given: Given) -> bool:
    """Say whether the prompt has more tokens than the model's context."""
    context = given.model.context if given.model else None
    if context is None:
        return False
    text = given.prompt()
    # A token has at least one character, so most prompts need not be counted.
    return len(text) > context and count(text) > context


def no_messages(given: Given) -> bool:
    """Say whether the list of messages is empty."""
    return not given.fields["messages"]


def unknown_model(given: Given) -> bool:
    """Say whether the catalogue does not have the model, in exactly this spelling."""
    return given.model is None


def unknown_role(given: Given) -> bool:
    """Say whether a message has a role that Zhipu does not know, such as ``developer``."""
    return any(message.get("role") not in _ROLES for message in given.messages)


def too_many_tools(given: Given) -> bool:
    """Say whether there are more than 128 tools."""
    return len(given.tools) > _MOST_TOOLS


def tool_choice_not_auto(given: Given) -> bool:
    """Say whether ``tool_choice`` is anything but ``"auto"``."""
    return bool(given.fields.get("tool_choice", "auto") != "auto")


def tool_choice_without_tools(given: Given) -> bool:
    """Say whether ``tool_choice`` stands alone."""
    return "tool_choice" in given.fields and not given.tools


def unknown_effort(given: Given) -> bool:
    """Say whether ``reasoning_effort`` is none of the documented words; the next rule sees to other words."""
    effort = given.fields.get("reasoning_effort", "max")
    return effort not in _EFFORTS and not (_thinks_always(given) and isinstance(effort, str))
