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


def missing(given: Given) -> str:
    return next((field for field in ("model", "messages") if field not in given.fields), "")


def wrong_type(given: Given) -> str:
    return next(
        (name for name, value in given.fields.items() if name in _TYPES and not _is(value, _TYPES[name])), ""
    )


def message_of_wrong_type(given: Given) -> bool:
    return len(given.messages) != len(given.fields["messages"])


def nothing_asked(given: Given) -> bool:
    return all(message.get("role") != "user" for message in given.messages)


def content_missing(given: Given) -> bool:
    """Say whether a message has no content; an assistant's may lack the key but not hold null."""
    return any(
        not isinstance(
            message.get("content", "" if message.get("role") == "assistant" else None), (str, list)
        )
        for message in given.messages
    )


def bad_arguments(given: Given) -> bool:
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
    # Written so that NaN, which Python reads from JSON, is outside too.
    return lambda given: field in given.fields and not low <= given.fields[field] <= high


def too_fine(field: str) -> Callable[[Given], bool]:
    def broken(given: Given) -> bool:
        exponent = Decimal(str(given.fields.get(field, 0))).normalize().as_tuple().exponent
        return isinstance(exponent, int) and exponent < -2  # noqa: PLR2004 - the rule's own number

    return broken


def max_tokens(given: Given) -> bool:
    return not 1 <= given.fields.get("max_tokens", 1) <= given.cap


def stop(given: Given) -> bool:
    stop = given.fields.get("stop", [])
    return len(stop) > _MOST_STOPS or not all(isinstance(word, str) for word in stop)


def bad_tool(given: Given) -> bool:
    return any(
        not isinstance(tool, Mapping)
        or tool.get("type") not in _TOOL_TYPES
        or not isinstance(tool.get(tool["type"]), Mapping)
        for tool in given.tools
    )


def bad_function(given: Given) -> bool:
    return any(
        not isinstance(function.get("name"), str)
        or not _FUNCTION_NAME.fullmatch(function["name"])
        or not isinstance(function.get("parameters", {}), Mapping)
        for function in given.functions
    )


def response_format(given: Given) -> bool:
    wanted = given.fields.get("response_format")
    return wanted is not None and wanted.get("type") not in ("text", "json_object", "json_schema")


def thinks_always(given: Given) -> bool:
    return given.model is not None and given.model.thinking == "always"


def thinking_disabled(given: Given) -> bool:
    return thinks_always(given) and given.fields.get("thinking", {}).get("type") == "disabled"


def thinking(given: Given) -> bool:
    thinking = given.fields.get("thinking", {})
    return thinking.get("type", "enabled") not in ("enabled", "disabled") or not isinstance(
        thinking.get("clear_thinking", True), bool
    )


def effort_of_always(given: Given) -> bool:
    effort = given.fields.get("reasoning_effort", "max")
    return thinks_always(given) and effort in _EFFORTS and effort not in _EFFORTS_OF_ALWAYS


def length(field: str, least: int, most: int) -> Callable[[Given], str]:
    def broken(given: Given) -> str:
        value = given.fields.get(field)
        return "" if value is None or least <= len(value) <= most else field

    return broken


def allowed_parts(given: Given) -> list[str]:
    inputs = given.model.inputs if given.model else frozenset({"text"})
    return [part for part, kind in _INPUT_OF_PART.items() if kind in inputs]


def part_not_allowed(given: Given) -> bool:
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
    context = given.model.context if given.model else None
    if context is None:
        return False
    text = given.prompt()
    # A token has at least one character, so most prompts need not be counted.
    return len(text) > context and count(text) > context
