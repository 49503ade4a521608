"""A streamed legacy completion: the chunks of chat become those of a text, one by one, as they come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.exchange import encode_json
from zhipu_openai.translate.chat.parts import add_usage
from zhipu_openai.translate.sse import encode_event, event_data

from .answer import OBJECT, reason_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhipu_openai.exchange import Send, StreamDecoder, StreamFailure

_DONE: Final = b"[DONE]"
_IDENTITY: Final = ("id", "created", "object", "model")
_DELTA: Final = frozenset({"role", "content", "refusal"})
_CHOICE: Final = frozenset({"index", "delta", "logprobs", "finish_reason"})


class TextDecoder:
    """Reads one of Zhipu's chat streams through the decoder of chat, and gives the chunks of a text."""

    def __init__(self, chat: StreamDecoder, *, offset: int = 0, echoed: str = "") -> None:
        """Keep the decoder of chat.

        Args:
            chat: What reads Zhipu's bytes.
            offset: How much is added to the index of a choice.
            echoed: The prompt, if it goes before the text.
        """
        self._chat = chat
        self._offset = offset
        self._echoed = echoed

    @property
    def failure(self) -> StreamFailure | None:
        """Why the stream cannot go on."""
        return self._chat.failure

    @failure.setter
    def failure(self, failure: StreamFailure | None) -> None:
        self._chat.failure = failure

    @property
    def done(self) -> bool:
        """Whether the stream has ended."""
        return self._chat.done

    @done.setter
    def done(self, done: bool) -> None:
        self._chat.done = done

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that are complete."""
        return self._texts(self._chat.feed(data))

    def end(self) -> bytes:
        """Take the end of the body."""
        return self._texts(self._chat.end())

    def follow_up(self) -> Send | None:
        """Give the request that continues the stream, if the decoder of chat wants one."""
        return self._chat.follow_up()

    def _texts(self, data: bytes) -> bytes:
        out: list[bytes] = []
        for content in _contents(data):
            if content == _DONE:
                out.append(encode_event(_DONE))
                continue
            chunk = json.loads(content)
            choices = [self._choice(choice) for choice in chunk["choices"]]
            # A chunk that held the role alone says nothing here.
            if not choices or any(
                len(choice) > len(_CHOICE) or choice["text"] or choice["finish_reason"] for choice in choices
            ):
                out.append(encode_event(encode_json({**chunk, "object": OBJECT, "choices": choices})))
        return b"".join(out)

    def _choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        delta = choice["delta"]
        echoed, self._echoed = self._echoed, ""
        return {
            **{name: value for name, value in choice.items() if name not in _CHOICE},
            **{name: value for name, value in delta.items() if name not in _DELTA and value is not None},
            "text": echoed + text_of(delta.get("content")),
            "index": choice["index"] + self._offset,
            "logprobs": None,
            "finish_reason": reason_of(choice),
        }


class TextMerger:
    """Makes one stream of those of several choices: one identity, one usage, one end."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._identity: dict[str, Any] = {}
        self._usage: dict[str, Any] | None = None

    def take(self, branch: int, data: bytes) -> bytes:  # noqa: ARG002 - the decoder has set the choice's index
        """Pass on the chunks of one branch."""
        out: list[bytes] = []
        for content in _contents(data):
            if content == _DONE:
                continue
            chunk = json.loads(content)
            self._identity = self._identity or {name: chunk.get(name) for name in _IDENTITY}
            if chunk["choices"]:
                out.append(encode_event(encode_json({**chunk, **self._identity})))
            else:
                self._usage = add_usage(self._usage, chunk.get("usage"))
        return b"".join(out)

    def end(self) -> bytes:
        """Give the usage, if the branches gave theirs, and the end."""
        out = b""
        if self._usage is not None:
            out = encode_event(encode_json({**self._identity, "choices": [], "usage": self._usage}))
        return out + encode_event(_DONE)


def _contents(data: bytes) -> Iterator[bytes]:
    for event in data.split(b"\n\n"):
        content = event_data(event)
        if content is not None:
            yield content
