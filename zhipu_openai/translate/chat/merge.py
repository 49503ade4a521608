"""One stream of several choices, made of several streams of one choice each."""

from __future__ import annotations

import json
from typing import Any, Final

from zhipu_openai.exchange import encode_json
from zhipu_openai.translate.sse import encode_event, event_data

from .parts import add_usage

_DONE: Final = b"[DONE]"


class ChoiceMerger:
    """Gives every chunk the identity of the first, adds the usages up, and ends once."""

    def __init__(self, choices: int) -> None:
        """Keep how many choices there are."""
        self._choices = choices
        self._identity: dict[str, Any] = {}
        self._usage: dict[str, Any] | None = None

    def take(self, branch: int, data: bytes) -> bytes:  # noqa: ARG002 - the decoder has set the choice's index
        """Pass on the chunks of one branch."""
        out: list[bytes] = []
        for event in data.split(b"\n\n"):
            content = event_data(event)
            if content is None or content == _DONE:
                continue
            chunk = json.loads(content)
            if not self._identity:
                self._identity = {name: chunk.get(name) for name in ("id", "created", "object", "model")}
                out += self._roles()
            if not chunk.get("choices"):
                self._usage = add_usage(self._usage, chunk.get("usage"))
                continue
            for choice in chunk["choices"]:
                choice["delta"].pop("role", None)
            out.append(encode_event(encode_json({**chunk, **self._identity})))
        return b"".join(out)

    def end(self) -> bytes:
        """Give the usage, if the branches gave theirs, and the end."""
        out = b""
        if self._usage is not None:
            out = encode_event(encode_json({**self._identity, "choices": [], "usage": self._usage}))
        return out + encode_event(_DONE)

    def _roles(self) -> list[bytes]:
        """Begin every choice in order, as OpenAI does: openai's ``.stream()`` numbers them as they begin."""
        delta = {"role": "assistant", "reasoning_content": None}
        choices = ({"index": place, "delta": delta, "finish_reason": None} for place in range(self._choices))
        return [encode_event(encode_json({**self._identity, "choices": [choice]})) for choice in choices]
