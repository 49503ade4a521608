"""The operations under fault: how each is asked for, what the service answers, and the whole answer that is due."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Kind: TypeAlias = Literal["json", "bytes", "stream"]
"""What the service answers with: JSON, any bytes, or a stream of events."""

ID = "20260529043320aabbccddeeff0011"
MESSAGES: list[Any] = [{"role": "user", "content": "你好"}]
PIECES = ("你好", "，世界", "。再见")
"""What a chat says; each piece is an event of the stream."""

TEXT = "".join(PIECES)
USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def completion(content: str = TEXT, finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    """Make a whole chat answer as Zhipu gives it."""
    said = {"role": "assistant", "content": content, **message}
    return {
        "choices": [{"finish_reason": finish_reason, "index": 0, "message": said}],
        "created": 1780000000,
        "id": ID,
        "model": "glm-5.2",
        "object": "chat.completion",
        "request_id": ID,
        "usage": USAGE,
    }


def chunk_of(delta: dict[str, Any], finish_reason: str | None = None, **top: Any) -> dict[str, Any]:
    """Make one chunk as Zhipu gives it."""
    choice: dict[str, Any] = {"index": 0, "delta": delta}
    if finish_reason is not None:
        choice["finish_reason"] = finish_reason
    return {
        "id": ID,
        "created": 1780000000,
        "object": "chat.completion.chunk",
        "model": "glm-5.2",
        "choices": [choice],
        **top,
    }


def event(data: Any) -> bytes:
    """Make an event as Zhipu writes it."""
    return b"data: " + (data if isinstance(data, bytes) else _json(data)) + b"\n\n"


EVENTS: tuple[bytes, ...] = (
    *(_json(chunk_of({"role": "assistant", "content": piece})) for piece in PIECES),
    _json(chunk_of({"role": "assistant", "content": ""}, "stop", usage=USAGE)),
)
"""The events of a chat stream, without framing and without ``[DONE]``."""

FILE = '{"custom_id":"一","method":"POST","url":"/v4/chat/completions","body":{"问":"你好"}}\n'.encode() * 3
UPLOAD = _json(
    {
        "custom_id": "一",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "glm-5.2", "messages": MESSAGES},
    }
)
VECTOR = [0.25, -0.5, 1.0]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
"""Begins like a picture, which is all that is looked at."""

_MODELS = [{"id": "glm-5.2", "object": "model", "created": 1780000000, "owned_by": "z-ai", "note": "智谱"}]
_FILE_OBJECT = {
    "id": "file-1",
    "object": "file",
    "bytes": len(FILE),
    "created_at": 1780000000,
    "filename": "数据.jsonl",
    "purpose": "batch",
}
_EMBEDDINGS = {
    "data": [{"embedding": VECTOR, "index": 0, "object": "embedding"}],
    "model": "embedding-3",
    "object": "list",
    "note": "向量",
    "usage": USAGE,
}
_IMAGES = {"created": 1780000000, "data": [{"url": "https://files.example/图.png"}]}


@dataclass(frozen=True, slots=True)
class Operation:
    """One of OpenAI's operations.

    Attributes:
        name: Its name in the tables.
        kind: What the service answers it with.
        content: The whole body that is due from the service; of a stream, the events.
        ask: Makes the call. Given a list, it puts there what the caller was handed, piece by piece.
        whole: What the list then holds, if all went well.
    """

    name: str
    kind: Kind
    content: tuple[bytes, ...]
    ask: Callable[[Any, list[Any]], Any]
    whole: list[Any]


async def _each(stream: Any, take: Callable[[Any], None]) -> None:
    async for item in stream:
        take(item)


def _read(stream: Any, take: Callable[[Any], None]) -> Any:
    """Read a stream, sync or async."""
    if hasattr(stream, "__aiter__"):
        return _each(stream, take)
    for item in stream:
        take(item)
    return None


def _then(given: Any, work: Callable[[Any], Any]) -> Any:
    """Go on with what a call gives, sync or async."""
    if not inspect.isawaitable(given):
        return work(given)

    async def wait() -> Any:
        after = work(await given)
        return await after if inspect.isawaitable(after) else after

    return wait()


def _chat(client: Any, got: list[Any]) -> Any:
    asked = client.chat.completions.create(model="glm-5.2", messages=MESSAGES)

    def take(answer: Any) -> None:
        choice = answer.choices[0]
        got.append((choice.message.content, choice.finish_reason, answer.usage.total_tokens, answer.id))

    return _then(asked, take)


def _take_chunk(got: list[Any]) -> Callable[[Any], None]:
    def take(chunk: Any) -> None:
        for choice in chunk.choices:
            if choice.delta.content:
                got.append(choice.delta.content)
            if choice.finish_reason:
                got.append(choice.finish_reason)

    return take


def _chat_stream(client: Any, got: list[Any]) -> Any:
    asked = client.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=True)
    return _then(asked, lambda stream: _read(stream, _take_chunk(got)))


def _take_chat_event(got: list[Any]) -> Callable[[Any], None]:
    def take(event: Any) -> None:
        if event.type == "content.delta":
            got.append(event.delta)
        elif event.type == "content.done":
            got.append(("done", event.content))

    return take


def _chat_helper(client: Any, got: list[Any]) -> Any:
    manager = client.chat.completions.stream(model="glm-5.2", messages=MESSAGES)
    if hasattr(manager, "__aenter__"):

        async def run() -> None:
            async with manager as stream:
                await _each(stream, _take_chat_event(got))
                got.append((await stream.get_final_completion()).choices[0].message.content)

        return run()
    with manager as stream:
        for item in stream:
            _take_chat_event(got)(item)
        got.append(stream.get_final_completion().choices[0].message.content)
    return None


def _responses(client: Any, got: list[Any]) -> Any:
    asked = client.responses.create(model="glm-5.2", input="你好", store=False)
    return _then(
        asked, lambda answer: got.append((answer.output_text, answer.status, answer.usage.total_tokens))
    )


def _responses_stream(client: Any, got: list[Any]) -> Any:
    asked = client.responses.create(model="glm-5.2", input="你好", store=False, stream=True)

    def take(event: Any) -> None:
        if event.type == "response.output_text.delta":
            got.append(event.delta)
        elif event.type in ("response.completed", "response.incomplete"):
            got.append((event.response.status, event.response.output_text))

    return _then(asked, lambda stream: _read(stream, take))


def _embeddings(client: Any, got: list[Any]) -> Any:
    asked = client.embeddings.create(model="embedding-3", input="你好")
    return _then(asked, lambda answer: got.append([list(one.embedding) for one in answer.data]))


def _images(client: Any, got: list[Any]) -> Any:
    asked = client.images.generate(model="cogview-4", prompt="图", response_format="url")
    return _then(asked, lambda answer: got.append([one.url for one in answer.data]))


def _files_create(client: Any, got: list[Any]) -> Any:
    asked = client.files.create(file=("数据.jsonl", UPLOAD, "application/jsonl"), purpose="batch")
    return _then(asked, lambda made: got.append((made.id, made.bytes, made.filename, made.purpose)))


def _files_content(client: Any, got: list[Any]) -> Any:
    return _then(client.files.content("file-1"), lambda content: got.append(content.content))


async def _aread(manager: Any, got: list[Any]) -> None:
    async with manager as response:
        got += [piece async for piece in response.iter_bytes()]


def _files_streamed(client: Any, got: list[Any]) -> Any:
    """Read a file as it comes; the pieces are joined, since the network may cut them anywhere."""
    pieces: list[bytes] = []
    manager = client.files.with_streaming_response.content("file-1")

    def done() -> None:
        got.append(b"".join(pieces))

    if hasattr(manager, "__aenter__"):

        async def run() -> None:
            await _aread(manager, pieces)
            done()

        return run()
    with manager as response:
        pieces.extend(response.iter_bytes())
    done()
    return None


def _models(client: Any, got: list[Any]) -> Any:
    def take(page: Any) -> None:
        # Behind what the service lists stands what it serves unlisted.
        got.append(page.data[0].id)

    return _then(client.models.list(), take)


OPERATIONS: tuple[Operation, ...] = (
    Operation("chat", "json", (_json(completion()),), _chat, [(TEXT, "stop", 10, ID)]),
    Operation("chat stream", "stream", EVENTS, _chat_stream, [*PIECES, "stop"]),
    Operation("chat .stream()", "stream", EVENTS, _chat_helper, [*PIECES, ("done", TEXT), TEXT]),
    Operation("responses", "json", (_json(completion()),), _responses, [(TEXT, "completed", 10)]),
    Operation("responses stream", "stream", EVENTS, _responses_stream, [*PIECES, ("completed", TEXT)]),
    Operation("embeddings", "json", (_json(_EMBEDDINGS),), _embeddings, [[VECTOR]]),
    Operation("images", "json", (_json(_IMAGES),), _images, [["https://files.example/图.png"]]),
    Operation(
        "files create",
        "json",
        (_json(_FILE_OBJECT),),
        _files_create,
        [("file-1", len(FILE), "数据.jsonl", "batch")],
    ),
    Operation("files content", "bytes", (FILE,), _files_content, [FILE]),
    Operation("files streamed", "bytes", (FILE,), _files_streamed, [FILE]),
    Operation("models", "json", (_json({"object": "list", "data": _MODELS}),), _models, ["glm-5.2"]),
)
