"""One stream of several choices, made of several streams of one choice each."""

from __future__ import annotations

import json
from typing import Any

from zhipu_openai.exchange import encode_json
from zhipu_openai.translate.sse import encode_event, event_data

from .parts import add_usage

DONE = b"[DONE]"


class ChoiceMerger:
    """Gives every chunk the identity of the first, adds the usages up, and ends once."""

    def __init__(self, *, include_usage: bool) -> None:
        """Keep whether the caller asked for the chunk that carries the usage."""
        self._include_usage = include_usage
        self._identity: dict[str, Any] = {}
        self._usage: dict[str, Any] | None = None

    def take(self, branch: int, data: bytes) -> bytes:  # noqa: ARG002 - the decoder has set the choice's index
        """Pass on the chunks of one branch."""
        out = b""
        for event in data.split(b"\n\n"):
            content = event_data(event)
            if content is None or content == DONE:
                continue
            chunk = json.loads(content)
            if not self._identity:
                self._identity = {name: chunk.get(name) for name in ("id", "created", "model")}
            if not chunk.get("choices"):
                self._usage = add_usage(self._usage, chunk.get("usage"))
                continue
            out += encode_event(encode_json({**chunk, **self._identity}))
        return out

    def end(self) -> bytes:
        """Give the usage, if it was asked for, and the end."""
        out = b""
        if self._include_usage and self._usage is not None:
            chunk = {**self._identity, "object": "chat.completion.chunk", "choices": [], "usage": self._usage}
            out = encode_event(encode_json(chunk))
        return out + encode_event(DONE)
