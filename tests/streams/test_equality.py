"""The fast stream gives what openai's own gives: equal objects, equal exceptions, over whatever bytes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import openai
import pytest
from conftest import KEY, chunk, httpx, sse
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from zhipu_openai import OpenAI
from zhipu_openai.building import builder_of
from zhipu_openai.stream import AsyncFastStream, FastStream, usable

SIZES = (None, 1, 37, 65536)
"""Bytes of a read; None is an event at a time."""

RECORDED = sorted((Path(__file__).parents[1] / "chat" / "recorded").glob("*.sse"))
CAPTURED = sorted((Path(__file__).parents[3] / "shared" / "captures" / "chat").glob("*.sse"))


def anatomy(value: Any) -> Any:
    """Take an object apart as far as anybody can see into it, the order of its fields included."""
    if isinstance(value, openai.BaseModel):
        return (
            type(value),
            [(name, anatomy(one)) for name, one in value.__dict__.items()],
            sorted(value.__pydantic_fields_set__),
            [(name, anatomy(one)) for name, one in (value.__pydantic_extra__ or {}).items()],
            value.__pydantic_private__,
        )
    if isinstance(value, list):
        return [anatomy(one) for one in value]
    if isinstance(value, dict):
        return {name: anatomy(one) for name, one in value.items()}
    if isinstance(value, float):
        return float, repr(value)
    return type(value), value


def reads(body: bytes, size: int | None) -> list[bytes]:
    if size is None:
        return [event + b"\n\n" for event in body.split(b"\n\n")[:-1]]
    return [body[start : start + size] for start in range(0, len(body), size)]


CLIENT = openai.OpenAI(api_key="none", base_url="https://example.com")
ASYNC_CLIENT = openai.AsyncOpenAI(api_key="none", base_url="https://example.com")
REQUEST = httpx.Request("POST", "https://example.com/chat/completions")


def outcome(cls: Any, pieces: list[bytes], cast_to: Any = ChatCompletionChunk) -> Any:
    """Read a body by a stream class; give its items, how it ended, and whether the response is closed."""
    response = httpx.Response(200, content=iter(pieces), request=REQUEST)
    items: list[Any] = []
    error: Any = None
    try:
        for item in cls[cast_to](cast_to=cast_to, response=response, client=CLIENT):
            items.append(anatomy(item))  # noqa: PERF401 - those before an error count
    except Exception as caught:  # noqa: BLE001 - compared with openai's
        error = type(caught), str(caught), getattr(caught, "body", None)
    return items, error, response.is_closed


def async_outcome(cls: Any, pieces: list[bytes], cast_to: Any = ChatCompletionChunk) -> Any:
    async def content() -> Any:
        for piece in pieces:
            yield piece

    async def main() -> Any:
        response = httpx.Response(200, content=content(), request=REQUEST)
        items: list[Any] = []
        error: Any = None
        try:
            async for item in cls[cast_to](cast_to=cast_to, response=response, client=ASYNC_CLIENT):
                items.append(anatomy(item))  # noqa: PERF401 - likewise
        except Exception as caught:  # noqa: BLE001 - likewise
            error = type(caught), str(caught), getattr(caught, "body", None)
        return items, error, response.is_closed

    return asyncio.run(main())


def assert_equal(body: bytes, size: int | None = None, cast_to: Any = ChatCompletionChunk) -> None:
    pieces = reads(body, size)
    ours = outcome(FastStream, pieces, cast_to)
    theirs = outcome(openai.Stream, pieces, cast_to)
    assert ours[:2] == theirs[:2]
    ours_async = async_outcome(AsyncFastStream, pieces, cast_to)
    assert ours_async[:2] == async_outcome(openai.AsyncStream, pieces, cast_to)[:2]
    # openai 1.x leaves the response open after an error; ours is closed in any case.
    assert (ours[2], ours_async[2]) == (True, True)


def openai_shaped(body: bytes) -> bytes:
    """Read a recorded body through our transport, and give the bytes that openai would have sent."""
    with (
        httpx.Client(
            transport=httpx.MockTransport(
                lambda _: httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)
            )
        ) as below,
        OpenAI(api_key=KEY, http_client=below, max_retries=0) as client,
    ):
        messages: Any = [{"role": "user", "content": "Hi"}]
        try:
            with client.chat.completions.with_streaming_response.create(
                model="glm-4.6", messages=messages, stream=True, stream_options={"include_usage": True}
            ) as answer:
                return b"".join(answer.iter_bytes())
        except openai.OpenAIError:
            return b""


def test_the_streams_of_the_installed_openai_are_known() -> None:
    assert usable()
    assert builder_of(ChatCompletionChunk) is not None
    assert builder_of(ChatCompletion) is not None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", RECORDED + CAPTURED, ids=lambda path: path.stem[:60])
def test_recorded_streams_are_equal_as_they_are_and_translated(path: Path, size: int | None) -> None:
    body = path.read_bytes()
    assert_equal(body, size)
    assert_equal(openai_shaped(body), size)


HOSTILE = {
    "comment": b": hello\n\n" + sse(chunk({"content": "a"})),
    "id and retry": b"id: 1\nretry: 5\n" + sse(chunk({"content": "a"})),
    "named event": b"event: message\n" + sse(chunk({"content": "a"})),
    "assistants' event": b'event: thread.run.created\ndata: {"id":"a"}\n\n' + sse(),
    "assistants' error": b'event: error\ndata: {"error":{"message":"no"}}\n\n',
    "data over two lines": b'data: {"id":"a",\ndata: "choices":[]}\n\n' + sse(),
    "no space": sse(chunk({"content": "a"})).replace(b"data: ", b"data:"),
    "two spaces": sse(chunk({"content": "a"})).replace(b"data: ", b"data:  "),
    "CRLF": sse(chunk({"content": "a"}), chunk({"content": "b"})).replace(b"\n", b"\r\n"),
    "CR": sse(chunk({"content": "a"}), chunk({"content": "b"})).replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + sse(chunk({"content": "a"})),
    "no end": sse(chunk({"content": "a"}), done=False),
    "cut in the middle": sse(chunk({"content": "a"}), chunk({"content": "b"}))[:-60],
    "no blank line": sse(chunk({"content": "a"}), done=False) + b'data: {"id":"x","choices":[]}',
    "after the end": sse(chunk({"content": "a"})) + sse(chunk({"content": "b"})),
    "done with more": b"data: [DONE] and more\n\n" + sse(chunk({"content": "b"})),
    "no JSON": b"data: nonsense\n\n",
    "glued": sse(chunk({"content": "a"}), done=False)[:-10] + sse(chunk({"content": "b"})),
    "an array": b"data: []\n\ndata: [1]\n\n" + sse(),
    "a text, a number, null": b'data: "x"\n\ndata: 1\n\ndata: null\n\n' + sse(),
    "error": sse(chunk({"content": "a"}), {"error": {"message": "no", "code": "1302"}}),
    "error text": sse({"error": "no"}),
    "error beside choices": sse({**chunk({"content": "a"}), "error": {"message": "no"}}),
    "error in disguise": b'data: {"\\u0065rror":{"message":"no"}}\n\n',
    "error that is none": sse(
        {**chunk({"content": "a"}), "error": None}, {**chunk({"content": "b"}), "error": ""}
    ),
    "twice the same key": b'data: {"id":"a","id":"b","choices":[],"choices":[{"index":0,"delta":{}}],"x":1,"x":2}\n\n',
    "surrogate": b'data: {"id":"\\ud800","choices":[],"created":1,"model":"m","object":"chat.completion.chunk"}\n\n',
    "not UTF-8": b'data: {"id":"\xff","choices":[]}\n\n',
    "huge integer": sse({**chunk({"content": "a"}), "created": 10**40, "extra": 10**40}),
    "float for integer": sse({**chunk({"content": "a"}), "created": 1.0}),
    "infinity": b'data: {"id":"a","choices":[],"created":1,"model":"m","object":"chat.completion.chunk","x":Infinity}\n\n',
    "unknown reason": sse(chunk({"content": "a"}, "network_error")),
    "deep": sse({**chunk({"content": "a"}), "deep": json.loads("[" * 150 + "]" * 150)}),
    "empty": b"",
    "blank lines": b"\n\n\n\n" + sse(chunk({"content": "a"})) + b"\n\n",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_unusual_bytes_are_equal(body: bytes, size: int | None) -> None:
    assert_equal(body, size)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["assistant", "stop", "function", "chat.completion.chunk", "auto"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def loosely(valid: Any, names: list[str]) -> Any:
    """Objects that are mostly right: some fields missing, some of another kind, some unknown."""
    fields = {name: st.one_of(valid[name], valid[name], valid[name], ANYTHING) for name in names}
    known = st.fixed_dictionaries({}, optional=fields)
    extras = st.dictionaries(
        st.sampled_from(["reasoning_content", "request_id", "x", "error", "id"]), ANYTHING, max_size=2
    )
    return st.tuples(known, extras).map(lambda pair: {**pair[1], **pair[0]})


CALL = loosely(
    {
        "index": st.integers(0, 3),
        "id": st.text(max_size=3),
        "type": st.just("function"),
        "function": st.fixed_dictionaries(
            {}, optional={"name": st.text(max_size=3), "arguments": st.text(max_size=3)}
        ),
    },
    ["index", "id", "type", "function"],
)
DELTA = loosely(
    {
        "role": st.just("assistant"),
        "content": st.none() | st.text(max_size=6),
        "refusal": st.none(),
        "tool_calls": st.lists(CALL, max_size=2),
    },
    ["role", "content", "refusal", "tool_calls"],
)
CHOICE = loosely(
    {
        "index": st.integers(0, 2),
        "delta": DELTA,
        "finish_reason": st.sampled_from([None, "stop", "tool_calls", "length"]),
        "logprobs": st.none()
        | st.just({"content": [{"token": "a", "bytes": [1], "logprob": -1, "top_logprobs": []}]}),
    },
    ["index", "delta", "finish_reason", "logprobs"],
)
USAGE = st.just(
    {
        "prompt_tokens": 1,
        "completion_tokens": 2,
        "total_tokens": 3,
        "completion_tokens_details": {"reasoning_tokens": 1, "x": 1},
        "y": 2,
    }
)
CHUNK = loosely(
    {
        "id": st.text(max_size=4),
        "created": st.integers(0, 2**33),
        "model": st.text(max_size=4),
        "object": st.just("chat.completion.chunk"),
        "choices": st.lists(CHOICE, max_size=2),
        "usage": st.none() | USAGE,
        "service_tier": st.sampled_from([None, "auto"]),
        "system_fingerprint": st.none() | st.text(max_size=3),
    },
    ["id", "created", "model", "object", "choices", "usage", "service_tier", "system_fingerprint"],
)


@given(CHUNK)
def test_any_chunk_is_equal(made: Any) -> None:
    assert_equal(sse(made))


@given(
    st.lists(st.sampled_from([chunk({"content": "é"}), chunk({"role": "assistant"}), chunk({}, "stop")])),
    st.integers(1, 50),
)
def test_however_the_bytes_are_cut_the_items_are_equal(events: list[Any], size: int) -> None:
    body = sse(*events)
    assert outcome(FastStream, reads(body, size)) == outcome(openai.Stream, [body])


def test_a_stream_left_early_is_closed() -> None:
    response = httpx.Response(
        200, content=iter([sse(chunk({"content": "a"}), chunk({"content": "b"}))]), request=REQUEST
    )
    stream: Any = FastStream[ChatCompletionChunk](
        cast_to=ChatCompletionChunk, response=response, client=CLIENT
    )
    for _ in stream:
        break
    stream.close()
    assert response.is_closed


def test_a_body_that_was_read_raises_as_at_openai() -> None:
    def read(cls: Any) -> Any:
        response = httpx.Response(200, content=iter([sse(chunk({"content": "a"}))]), request=REQUEST)
        list(response.iter_bytes())
        with pytest.raises(Exception) as caught:  # noqa: PT011 - compared below
            list(cls[ChatCompletionChunk](cast_to=ChatCompletionChunk, response=response, client=CLIENT))
        return type(caught.value), str(caught.value)

    assert read(FastStream) == read(openai.Stream)
