"""What a hostile service, or a careless user, may put into JSON: of every type, huge, deep, and not quite right."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

from hypothesis import strategies as st

ODD_TEXTS: Final = (
    "",
    "x",
    "\x00",
    "\ud800",
    "\udfff\ud800",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\u202eabc\u2066\u200f",
    "../../etc/passwd",
    "a?b#c%2f",
    "a\r\nX-Evil: 1",
    "https://evil.example/x",
    "http://[::1",
    "//evil.example",
    "file:///etc/passwd",
    "data:text/plain,x",
    "<think>",
    "</think>",
    "<|begin_of_box|>",
    "[DONE]",
    "NaN",
    "²",
    "9" * 5000,
    "1e999",
    "e\u0301\ufeff",
    "x" * 3000,
    "{}",
    "[",
)
ODD_NUMBERS: Final = (
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    -(2**63),
    10**400,
    1e308,
    -0.0,
    0.5,
    1780000000,
    253402300800,
)

WORDS: Final = (
    "id", "object", "created", "created_at", "model", "choices", "index", "message", "delta", "role", "content",
    "reasoning_content", "tool_calls", "function", "name", "arguments", "type", "finish_reason", "usage",
    "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "cached_tokens", "error", "code",
    "msg", "success", "data", "url", "b64_json", "task_status", "image_result", "video_result", "cover_image_url",
    "request_id", "text", "segments", "language", "embedding", "list", "has_more", "first_id", "last_id", "status",
    "output", "input", "tools", "format", "annotations", "audio", "expires_at", "web_search", "link", "title",
    "content_filter", "level", "file_id", "filename", "bytes", "purpose", "total", "documents", "results", "score",
    "result_list", "risk_level", "risk_type", "voice_list", "voice", "download_url", "messages", "schema", "stream",
    "logprobs", "errors", "metadata", "param", "output_text", "summary", "call_id", "incomplete_details", "rows",
)  # fmt: skip
"""Names of fields that the translation reads somewhere; a field of another name is seldom looked at."""

texts = st.sampled_from(ODD_TEXTS) | st.text(st.characters(exclude_categories=()), max_size=12)
numbers = st.sampled_from(ODD_NUMBERS) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
names = st.sampled_from(WORDS) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(names, values, max_size=5)


@st.composite
def bent(draw: Any, samples: Any) -> Any:
    """Take a value that is right, and put something else into some of its places."""
    value = copy.deepcopy(draw(st.sampled_from(list(samples))))
    for _ in range(draw(st.integers(0, 3))):
        holder = value
        while isinstance(holder, (dict, list)) and holder:
            keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
            key = draw(st.sampled_from(list(keys)))
            if not isinstance(holder[key], (dict, list)) or draw(st.booleans()):
                break
            holder = holder[key]
        if not isinstance(holder, (dict, list)) or not holder:
            continue
        how = draw(st.sampled_from(["replace", "replace", "drop", "twice", "add"]))
        if how == "replace":
            holder[key] = draw(values)
        elif how == "drop":
            del holder[key]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[draw(names)] = draw(values)
    return value


def encoded(value: Any) -> bytes:
    """Write a value as JSON; lone surrogates become escapes, as a service may send them."""
    return json.dumps(value).encode()


def nested(depth: int, opening: str = "[", inner: str = "") -> bytes:
    """Write JSON so deep that no reader that calls itself gets to its end."""
    closing = {"[": "]", '{"a":': "}"}[opening]
    return (opening * depth + inner + closing * depth).encode()
