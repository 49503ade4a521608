"""Calls that reach Zhipu: every method there is with made-up arguments, and those that translate most with good ones."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import openai
import sdk_walk
from fuzz_replies import Given, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

_HI: Final = [{"role": "user", "content": "Hi"}]
_FUNCTION: Final = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
_TOOLS: Final = [{"type": "function", "function": _FUNCTION}]
_SCHEMA: Final = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}

_POLLING: Final = ("poll", "wait")
_READ_BY_THE_HTTP_LIBRARY: Final = frozenset({"client.files.retrieve_content"})
"""Decoded by a charset that the answer names, which is between the caller and the HTTP library."""

Asked = tuple[str, dict[str, Any]]

CHAT: Final = "client.chat.completions.create"
PLAIN: Final[tuple[Asked, ...]] = (
    *(
        (CHAT, {"model": "glm-5.2", "messages": _HI, **more})
        for more in ({}, {"n": 2}, {"tools": _TOOLS}, {"response_format": _SCHEMA}, {"stop": ["l"]})
    ),
    (CHAT, {"model": "glm-4.1v-thinking-flash", "messages": _HI}),
    (CHAT, {"model": "glm-5.2", "messages": _HI, "functions": [_FUNCTION]}),
    ("client.responses.create", {"model": "glm-5.2", "input": "x"}),
    (
        "client.responses.create",
        {"model": "glm-5.2", "input": "x", "tools": [{"type": "function", **_FUNCTION}]},
    ),
    ("client.completions.create", {"model": "glm-5.2", "prompt": ["a", "b"]}),
    ("client.images.generate", {"model": "glm-image", "prompt": "x", "n": 2}),
    ("client.images.generate", {"model": "cogview-4", "prompt": "x", "response_format": "b64_json"}),
    ("client.audio.transcriptions.create", {"model": "glm-asr-2512", "file": b"x"}),
    ("client.embeddings.create", {"model": "embedding-3", "input": ["a"]}),
    ("client.embeddings.create", {"model": "embedding-3", "input": ["a"], "encoding_format": "float"}),
    ("client.videos.retrieve", {"video_id": "video_1780000000_5_1920x1080_t"}),
)
STREAMED: Final[tuple[Asked, ...]] = (
    *(
        (CHAT, {"model": "glm-5.2", "messages": _HI, "stream": True, **more})
        for more in (
            {},
            {"n": 2},
            {"tools": _TOOLS},
            {"stop": ["l"], "stream_options": {"include_usage": True}},
            {"response_format": _SCHEMA},
            {"functions": [_FUNCTION]},
        )
    ),
    (CHAT, {"model": "glm-4.1v-thinking-flash", "messages": _HI, "stream": True}),
    ("client.responses.create", {"model": "glm-5.2", "input": "x", "stream": True}),
    ("client.completions.create", {"model": "glm-5.2", "prompt": ["a", "b"], "stream": True}),
    ("client.audio.transcriptions.create", {"model": "glm-asr-2512", "file": b"x", "stream": True}),
    ("client.zhipu.agents.general_translation_stream", {"text": "x"}),
)


@cache
def every_call() -> tuple[Asked, ...]:
    """Find the methods that send something, each with the arguments with which it does."""
    return tuple(_find())


def _find() -> Iterator[Asked]:
    service = Service()
    for name, method in service.methods.items():
        short = name.rpartition(".")[2]
        if any(word in short for word in _POLLING) or name in _READ_BY_THE_HTTP_LIBRARY:
            continue
        for arguments in sdk_walk.arguments(name, method):
            try:
                service.play(
                    name, [Given(content=b"{}", headers={"content-type": "application/json"})], arguments
                )
            except (openai.OpenAIError, TypeError, ValueError, AttributeError, RuntimeError, OSError):
                # What openai itself says of arguments that are made up.
                continue
            if service.sent:
                yield name, arguments
                break
