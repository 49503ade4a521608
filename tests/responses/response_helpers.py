"""Short ways to ask for responses and to read what came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from conftest import httpx
from scripts import collect, play

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from conftest import SyncSide

ADD: dict[str, Any] = {
    "type": "function",
    "name": "add",
    "description": "Add two numbers.",
    "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
}
NATIVE_ID = "resp_2026100910392808d90505fe95492d"
HEAD = {"created_at": 1791513568, "id": NATIVE_ID, "model": "glm-5.2", "object": "response"}
USAGE = {
    "input_tokens": 10,
    "input_tokens_details": {"cached_tokens": 4},
    "output_tokens": 24,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 34,
}


def native(*output: dict[str, Any], status: str = "completed", **fields: Any) -> dict[str, Any]:
    """Make a response in the shape in which Zhipu's own API was recorded."""
    return {
        **HEAD,
        "conversation_id": "",
        "error": None,
        "incomplete_details": None,
        "instructions": "",
        "metadata": None,
        "output": list(output),
        "parallel_tool_calls": True,
        "previous_response_id": "",
        "status": status,
        "usage": USAGE,
        **fields,
    }


def said(text: str = "OK") -> dict[str, Any]:
    """Make a message as Zhipu's own API gives it."""
    part = {"annotations": [], "text": text, "type": "output_text"}
    return {
        "content": [part],
        "id": "msg_resp_1",
        "role": "assistant",
        "status": "completed",
        "type": "message",
    }


def thought(text: str = "Hm.") -> dict[str, Any]:
    """Make a reasoning item as Zhipu's own API gives it."""
    part = {"text": text, "type": "reasoning_text"}
    return {
        "content": [part],
        "encrypted_content": None,
        "id": "rs_resp_1",
        "status": "completed",
        "summary": [],
        "type": "reasoning",
    }


def native_events(*items: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    """Make the events of a native stream, in the order in which they were recorded."""
    begun = {**HEAD, "output": [], "status": "in_progress"}
    events: list[dict[str, Any]] = [
        {"response": begun, "type": "response.created"},
        {"response": begun, "type": "response.in_progress"},
    ]
    for index, item in enumerate(items):
        part = item["content"][0]
        name = f"response.{part['type']}"
        at = {"item_id": item["id"], "output_index": index, "content_index": 0}
        events += [
            {"item": {**item, "content": [], "status": "in_progress"}, "output_index": index}
            | {"type": "response.output_item.added"},
            {**at, "part": {**part, "text": ""}, "type": "response.content_part.added"},
            {**at, "delta": part["text"], "type": f"{name}.delta"},
            {**at, "text": part["text"], "type": f"{name}.done"},
            {**at, "part": part, "type": "response.content_part.done"},
            {"item": item, "output_index": index, "type": "response.output_item.done"},
        ]
    whole = native(*items, **fields)
    events.append({"response": whole, "type": f"response.{whole['status']}"})
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def native_sse(*events: dict[str, Any], done: bool = True) -> bytes:
    """Encode events as Zhipu's own API does."""
    lines = [f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events]
    return "".join([*lines, *["data: [DONE]\n\n"] * done]).encode()


def respond(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Ask for a response; with stream=True, give the list of its events."""

    def script(made: Any) -> Generator[Any, Any, Any]:
        answer = yield made.responses.create(**asked(arguments))
        return (yield collect(answer)) if arguments.get("stream") else answer

    return play(side, script, **(client or {}))


def asked(arguments: dict[str, Any]) -> dict[str, Any]:
    """Complete the arguments of a request."""
    return {"model": "glm-5.2", "input": "Hi", **arguments}


def final(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Ask through ``.stream()`` and give the final response."""
    if side.name == "sync":

        def work(made: Any) -> Any:
            with made.responses.stream(**asked(arguments)) as stream:
                return stream.get_final_response()

        return side.run(work, **(client or {}))

    async def work_async(made: Any) -> Any:
        async with made.responses.stream(**asked(arguments)) as stream:
            return await stream.get_final_response()

    return side.run(work_async, **(client or {}))


def types_of(events: list[Any]) -> list[str]:
    """Name the events, those of one kind in a row once."""
    names = [event.type for event in events]
    return [name for place, name in enumerate(names) if place == 0 or name != names[place - 1]]


def event_classes() -> dict[str, Any]:
    """Give openai's class for each event that the installed release knows."""
    from openai.types.responses import ResponseStreamEvent

    union = get_args(ResponseStreamEvent)[0]
    return {get_args(one.model_fields["type"].annotation)[0]: one for one in get_args(union)}


class _Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc, name-defined]
    """A body that arrives in pieces of a size."""

    def __init__(self, body: bytes, size: int) -> None:
        self._pieces = [body[start : start + size] for start in range(0, len(body), size)]

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def in_pieces(body: bytes, size: int) -> Callable[[Any], Any]:
    """Make a reply with a stream that arrives in pieces of a size."""
    headers = {"content-type": "text/event-stream;charset=UTF-8", "x-log-id": "20260529043320logloglog00"}
    return lambda _: httpx.Response(200, headers=headers, stream=_Pieces(body, size))


def collect_into(stream: Any, seen: list[Any]) -> Any:
    """Collect what a stream gives up to where it breaks."""
    if not hasattr(stream, "__aiter__"):
        for event in stream:
            seen.append(event)  # noqa: PERF402 - what came before a failure counts
        return None

    async def work() -> None:
        async for event in stream:
            seen.append(event)  # noqa: PERF401 - what came before a failure counts

    return work()
