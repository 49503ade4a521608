"""What the tests of the answer side share: replies in pieces, and the decoder without a client around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conftest import COMPLETION, chunk, httpx

from zhipu_openai.adaptation import Ledger
from zhipu_openai.translate.chat.draft import AnswerPlan, Draft
from zhipu_openai.translate.chat.stream import ChatStreamDecoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

STREAM_HEADERS = {"content-type": "text/event-stream;charset=UTF-8", "x-log-id": "20260529043320logloglog00"}

USAGE_CHUNK = {"include_usage": True}
"""``stream_options`` that ask for the usage."""


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc, name-defined]
    """A body that arrives in these pieces, and then breaks off if an error is given."""

    def __init__(self, pieces: Iterable[bytes], error: Exception | None = None) -> None:
        self._pieces = list(pieces)
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        if self._error is not None:
            raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def sse(*events: Any, done: bool = True) -> bytes:
    """Encode events as Zhipu does, without spaces; a text passes as the data of an event."""
    lines = [
        event if isinstance(event, str) else json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        for event in events
    ]
    return "".join(f"data: {line}\n\n" for line in [*lines, *["[DONE]"] * done]).encode()


def text_stream(*pieces: str, reasoning: Iterable[str] = (), finish_reason: str = "stop") -> bytes:
    """Make the stream of an answer that thinks, if it does, and then speaks."""
    return sse(
        *(chunk({"role": "assistant", "reasoning_content": piece}) for piece in reasoning),
        *(chunk({"role": "assistant", "content": piece}) for piece in pieces),
        chunk({"role": "assistant", "content": ""}, finish_reason, usage=COMPLETION["usage"]),
    )


def cut(body: bytes, size: int) -> list[bytes]:
    """Cut a body into pieces of a size."""
    return [body[start : start + size] for start in range(0, len(body), size)]


def in_pieces(
    pieces: Iterable[bytes], *, error: Exception | None = None, headers: dict[str, str] | None = None
) -> Callable[[Any], Any]:
    """Make a reply for ``wire.reply_with``: a stream that arrives in pieces."""
    held = list(pieces)
    return lambda _: httpx.Response(200, headers=headers or STREAM_HEADERS, stream=Pieces(held, error))


def draft(plan: AnswerPlan | None = None, **body: Any) -> Draft:
    """Make a draft as if a request had been translated."""
    whole = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], **body}
    return Draft(body=whole, ledger=Ledger("ignore"), aliases={}, plan=plan or AnswerPlan(stream=True))


def decoder(plan: AnswerPlan | None = None, **body: Any) -> ChatStreamDecoder:
    """Make a decoder for an answer of which nothing special is demanded, unless a plan says so."""
    return ChatStreamDecoder(draft(plan, **body))


def decode(pieces: Iterable[bytes], plan: AnswerPlan | None = None, **body: Any) -> tuple[bytes, Any]:
    """Run a whole body through a decoder; give what comes out and the failure."""
    reader = decoder(plan, **body)
    out = b"".join([*(reader.feed(piece) for piece in pieces), reader.end()])
    return out, reader.failure


def events(stream: bytes) -> list[Any]:
    """Read a translated stream: its chunks, and ``"[DONE]"`` as a text."""
    assert stream.endswith(b"\n\n") or not stream
    data = [event.removeprefix(b"data: ") for event in stream.split(b"\n\n")[:-1]]
    return ["[DONE]" if one == b"[DONE]" else json.loads(one) for one in data]


def deltas(stream: bytes) -> list[Any]:
    """Read the deltas of a translated stream that has one choice."""
    return [
        event["choices"][0]["delta"] for event in events(stream) if event != "[DONE]" and event["choices"]
    ]


def text_of(chunks: Iterable[Any], name: str = "content") -> str:
    """Put together the text that openai's chunks hold."""
    return "".join(getattr(chunk.choices[0].delta, name, None) or "" for chunk in chunks if chunk.choices)


def call_chunks(chunks: Iterable[Any]) -> list[dict[str, Any]]:
    """Put together the tool calls that openai's chunks hold, as every accumulator does: by index."""
    calls: dict[int, dict[str, Any]] = {}
    for one in chunks:
        for fragment in (one.choices[0].delta.tool_calls or ()) if one.choices else ():
            call = calls.setdefault(fragment.index, {"id": "", "type": None, "name": "", "arguments": ""})
            call["id"] += fragment.id or ""
            call["type"] = fragment.type or call["type"]
            call["name"] += (fragment.function and fragment.function.name) or ""
            call["arguments"] += (fragment.function and fragment.function.arguments) or ""
    return [calls[index] for index in sorted(calls)]


def call_delta(arguments: Any, **call: Any) -> dict[str, Any]:
    """Make the delta of a tool call or of a fragment of one; ``name`` belongs to the function."""
    function = (
        {"name": call.pop("name"), "arguments": arguments} if "name" in call else {"arguments": arguments}
    )
    return {"tool_calls": [{**call, "function": function}]}
