"""Values that stand for what is not known, of the type that openai and the translation expect there. Data, mostly."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from .values import REST, FunctionTool, is_unknown

MODEL: Final = "model-not-known-here"
"""In no table, so that nothing is concluded from it."""

_TEXT: Final = "placeholder"
_URL: Final = "https://example.com/placeholder.png"
_SCHEMA: Final[dict[str, Any]] = {"type": "object", "properties": {"text": {"type": "string"}}}
_LINE: Final = json.dumps(
    {
        "custom_id": "placeholder-1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": MODEL, "messages": [{"role": "user", "content": _TEXT}]},
    }
)

ARGUMENTS: Final[dict[str, Any]] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": _TEXT}],
    "voice": "alloy",
    "endpoint": "/v1/chat/completions",
    "completion_window": "24h",
    "bytes": 1,
    "part_ids": [_TEXT],
    "path": "/workspace/placeholder",
    "file_ids": [_TEXT],
    "items": [{"type": "message", "role": "user", "content": _TEXT}],
    "poll_interval_ms": 1,
    "purpose": "assistants",
    "filename": "placeholder.jsonl",
    "mime_type": "application/jsonl",
    "max_num_results": 1,
}
"""Arguments that an operation cannot do without; any other is given a text."""

_INSIDE: Final[dict[str, Any]] = {
    "url": _URL,
    "role": "user",
    "arguments": "{}",
    "parameters": _SCHEMA,
    "schema": _SCHEMA,
    "properties": _SCHEMA["properties"],
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": _TEXT, "arguments": "{}"}}],
    "data": "UklGRg==",
    "file_data": "data:application/pdf;base64,UklGRg==",
    "format": "wav",
}
"""Values inside of an argument, by their key; any other is given a text."""

FILES: Final = frozenset(
    {
        "audio_sample",
        "data",
        "file",
        "files",
        "image",
        "input_reference",
        "mask",
        "recording",
        "video",
    }
)
"""Arguments that are files. Whatever the code gives, nothing is opened: a file of our own stands for it."""


def argument(name: str) -> Any:
    """Give a value for an argument that is not known."""
    return ARGUMENTS.get(name, _TEXT)


def file(name: str, purpose: Any, *, sound: bool) -> Any:
    """Give a file for an argument: a short recording, a picture, a text, or the line of a batch."""
    if name == "files":
        return [("placeholder.txt", b"placeholder")]
    if purpose == "batch":
        return ("placeholder.jsonl", f"{_LINE}\n".encode(), "application/jsonl")
    if name in ("image", "mask", "input_reference"):
        return ("placeholder.png", b"\x89PNG\r\n\x1a\n", "image/png")
    if name == "data":
        return b"placeholder"
    if sound:
        return ("placeholder.wav", _recording(), "audio/wav")
    return ("placeholder.txt", b"placeholder", "text/plain")


def _recording() -> bytes:
    """Give a second of silence: PCM of 16 bits at 8000 Hz in a WAV file."""
    samples = bytes(16_000)
    head = b"WAVEfmt " + b"".join(
        number.to_bytes(size, "little")
        for number, size in ((16, 4), (1, 2), (1, 2), (8000, 4), (16000, 4), (2, 2), (16, 2))
    )
    body = head + b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def tools(name: str, choice: Any, *, flat: bool) -> list[dict[str, Any]]:
    """Give functions for ``tools`` or ``functions``, among them the one that must be called.

    Args:
        name: The argument.
        choice: What is known of ``tool_choice``.
        flat: Whether they have the form of the Responses API.
    """
    function: dict[str, Any] = {"name": _TEXT, "parameters": _SCHEMA}
    if isinstance(choice, dict):
        chosen = choice.get("function", choice)
        named = chosen.get("name") if isinstance(chosen, dict) else None
        function["name"] = named if isinstance(named, str) else _TEXT
    if name == "functions":
        return [function]
    return [{"type": "function", **function} if flat else {"type": "function", "function": function}]


def partly(name: str, value: Any) -> Any:
    """Give a value for an argument of which a part is known.

    What is not known of a conversation is taken for one more message of the user's behind the rest.
    """
    made = filled(value, name)
    if name in ("messages", "input") and isinstance(value, (list, tuple)) and len(made) < len(value):
        return [*made, {"role": "user", "content": _TEXT}]
    return made


@cache
def shape() -> Any:
    """Make the class that stands for one of the code's own."""
    from pydantic import create_model  # noqa: PLC0415 - for structured output alone

    return create_model("Placeholder", text=(str, ...))


@cache
def _function_tool(name: str) -> Any:
    import openai  # noqa: PLC0415 - likewise

    return openai.pydantic_function_tool(shape(), name=name)


def filled(value: Any, key: str = "") -> Any:
    """Give a value with something of the right type for each part of it that is not known."""
    if isinstance(value, dict):
        return {
            name: filled(one, name if isinstance(name, str) else "")
            for name, one in value.items()
            if name is not REST
        }
    if isinstance(value, (list, tuple)):
        # What is not known of a list may be nothing, so it is left out where something is known.
        known = [one for one in value if isinstance(one, FunctionTool) or not is_unknown(one)]
        given = known or ([_TEXT] if any(one is not REST for one in value) else [])
        return [filled(one, key) for one in given]
    if isinstance(value, FunctionTool):
        return _function_tool(value.name or _TEXT)
    return _INSIDE.get(key, _TEXT) if is_unknown(value) else value
