"""Our clients read streams the fast way and build answers the fast way, unless told not to; nobody can tell by the objects."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import openai
import pytest
from conftest import COMPLETION, chunk, completion, sse, text_stream
from hypothesis import given
from hypothesis import strategies as st
from openai.pagination import SyncPage
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletion
from test_equality import ANYTHING, CAPTURED, CLIENT, RECORDED, USAGE, anatomy, assert_equal, loosely

from zhipu_openai import building, stream
from zhipu_openai.building import builder_of

RESPONSES = sorted((Path(__file__).parents[3] / "shared" / "captures" / "responses").glob("*.sse"))

TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]


def stream_class(side: Any, **options: Any) -> Any:
    """Open a stream and give the class it has."""

    def work(client: Any) -> Any:
        asked = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
        if side.name == "sync":
            with client.chat.completions.create(**asked) as opened:
                return type(opened)

        async def main() -> Any:
            async with await client.chat.completions.create(**asked) as opened:
                return type(opened)

        return main()

    return side.run(work, **options)


def test_a_stream_is_of_the_fast_class_which_is_one_of_openais(side: Any, wire: Any) -> None:
    wire.reply(text_stream("Hi"))
    ours, theirs = (
        (stream.FastStream, openai.Stream)
        if side.name == "sync"
        else (stream.AsyncFastStream, openai.AsyncStream)
    )
    assert stream_class(side) is ours
    assert issubclass(ours, theirs)


def test_fast_streams_can_be_switched_off(side: Any, wire: Any) -> None:
    wire.reply(text_stream("Hi"))
    assert stream_class(side, fast_streams=False) in (openai.Stream, openai.AsyncStream)


def test_a_copy_of_a_client_reads_streams_as_the_client_does(side: Any) -> None:
    with_fast = side.client()
    assert with_fast.with_options(timeout=3).settings.fast_streams
    assert not with_fast.with_options(fast_streams=False).with_options(timeout=3).settings.fast_streams


@pytest.mark.parametrize("path", RECORDED + CAPTURED, ids=lambda path: path.stem[:60])
@pytest.mark.parametrize(
    "options",
    [{}, {"stream_options": {"include_usage": True}}, {"tools": TOOLS}],
    ids=["plain", "usage", "tools"],
)
def test_recorded_streams_come_out_equal_either_way(side: Any, wire: Any, path: Path, options: Any) -> None:
    body = path.read_bytes()
    wire.reply(body)

    def read(**settings: Any) -> Any:
        try:
            return [
                anatomy(one)
                for one in side.create(stream=True, client={"max_retries": 0, **settings}, **options)
            ]
        except openai.APIError as error:
            return type(error), str(error), error.code

    fast = read()
    assert fast == read(fast_streams=False)
    assert fast


def test_n_streams_merged_come_out_equal_either_way(side: Any, wire: Any) -> None:
    wire.reply(text_stream("a", "b", reasoning=["c"]))
    fast = side.create(stream=True, n=2)
    slow = side.create(stream=True, n=2, client={"fast_streams": False})

    def by_choice(chunks: Any) -> Any:
        return sorted(str(anatomy(one)) for one in chunks)

    assert by_choice(fast) == by_choice(slow)


def test_a_stream_read_as_bytes_is_what_it_was(side: Any, wire: Any) -> None:
    wire.reply(text_stream("a", "b"))

    def work(client: Any) -> Any:
        asked = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
        if side.name == "sync":
            with client.chat.completions.with_streaming_response.create(**asked) as answer:
                return b"".join(answer.iter_bytes())

        async def main() -> Any:
            async with client.chat.completions.with_streaming_response.create(**asked) as answer:
                return b"".join([data async for data in answer.iter_bytes()])

        return main()

    body = side.run(work)
    assert body.count(b"data: {") == 3
    assert body.endswith(b"data: [DONE]\n\n")


def test_a_library_that_patches_the_iteration_of_streams_sees_every_chunk(
    side: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.reply(sse(chunk({"content": "a"}), {**chunk({"content": "b"}), "created": "x"}, chunk({}, "stop")))
    seen: list[Any] = []
    if side.name == "sync":
        original = openai.Stream.__iter__

        def patched(self: Any) -> Any:
            for item in original(self):
                seen.append(item)
                yield item

        monkeypatch.setattr(openai.Stream, "__iter__", patched)
    else:
        original_async = openai.AsyncStream.__aiter__

        async def patched_async(self: Any) -> Any:
            async for item in original_async(self):
                seen.append(item)
                yield item

        monkeypatch.setattr(openai.AsyncStream, "__aiter__", patched_async)
    got = side.create(stream=True)
    assert len(got) >= 3
    assert [anatomy(one) for one in seen] == [anatomy(one) for one in got]


def test_an_openai_of_another_make_is_left_to_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Otherwise(openai.Stream[Any]):
        def __init__(self, *, cast_to: Any, response: Any, client: Any, surprise: Any) -> None:
            raise NotImplementedError

    stream.usable.cache_clear()
    stream.fast.cache_clear()
    try:
        with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG, "zhipu_openai"):
            original = openai.Stream
            patch.setattr(openai, "Stream", Otherwise)
            assert not stream.usable()
            assert stream.fast(original[Any]) == original[Any]
        assert "its own streams are used" in caplog.text
    finally:
        stream.usable.cache_clear()
        stream.fast.cache_clear()
    assert stream.usable()


@pytest.mark.skipif(not RESPONSES, reason="no recordings lie beside this repository")
@pytest.mark.parametrize("path", RESPONSES, ids=lambda path: path.stem)
def test_recorded_events_of_the_responses_api_are_equal(path: Path) -> None:
    from openai.types.responses import ResponseStreamEvent

    assert_equal(path.read_bytes(), None, ResponseStreamEvent)


def test_events_of_the_responses_api_are_equal_and_built_fast() -> None:
    from openai.types.responses import ResponseStreamEvent

    delta = {
        "type": "response.output_text.delta",
        "item_id": "m",
        "output_index": 0,
        "content_index": 0,
        "delta": "a",
    }
    events = [
        {**delta, "sequence_number": 1, "logprobs": []},
        {**delta, "sequence_number": 2, "logprobs": [], "x": 1},
        {**delta},
        {"type": "response.unheard_of"},
        {"type": "error", "message": "no", "code": "x", "param": None, "sequence_number": 3},
        {"type": ["response.output_text.delta"]},
        {"no": "type"},
    ]
    assert_equal(sse(*events), None, ResponseStreamEvent)
    named = b"".join(b"event: " + one["type"].encode() + b"\n" + sse(one, done=False) for one in events[:3])
    assert_equal(named, None, ResponseStreamEvent)
    builder = builder_of(ResponseStreamEvent)
    assert builder is not None
    assert builder.from_python(events[0]) is not None


MESSAGE = loosely(
    {"role": st.just("assistant"), "content": st.none() | st.text(max_size=3), "refusal": st.none()},
    ["role", "content", "refusal"],
)
ANSWER = loosely(
    {
        "id": st.text(max_size=3),
        "created": st.integers(0, 2**33),
        "model": st.text(max_size=3),
        "object": st.just("chat.completion"),
        "choices": st.lists(
            loosely(
                {
                    "index": st.integers(0, 1),
                    "message": MESSAGE,
                    "finish_reason": st.sampled_from(["stop", "odd"]),
                    "logprobs": st.none(),
                },
                ["index", "message", "finish_reason", "logprobs"],
            ),
            max_size=2,
        ),
        "usage": USAGE,
    },
    ["id", "created", "model", "object", "choices", "usage"],
)


def assert_built_equal(cast_to: Any, data: Any) -> Any:
    """Build as openai does and as we do, if we do; give ours."""
    response: Any = None
    theirs = CLIENT._process_response_data(data=data, cast_to=cast_to, response=response)
    builder = builder_of(cast_to)
    assert builder is not None
    ours = builder.from_python(data)
    if ours is not None:
        assert anatomy(ours) == anatomy(theirs)
    return ours


@given(ANSWER)
def test_any_whole_answer_is_equal(data: Any) -> None:
    assert_built_equal(ChatCompletion, data)


NUMBERS = st.one_of(st.floats(allow_nan=False), st.integers(), st.just(2**53), st.just(-(2**53) + 1))


@given(
    st.lists(st.lists(NUMBERS, max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=3), ANYTHING, max_size=1),
)
def test_any_embedding_is_equal(vectors: list[list[Any]], extra: dict[str, Any]) -> None:
    data = [
        {"index": place, "embedding": vector, "object": "embedding"} for place, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    assert_built_equal(
        CreateEmbeddingResponse, {"data": data, "model": "m", "object": "list", "usage": usage, **extra}
    )


def test_an_integer_that_no_float_equals_stays_one() -> None:
    data = {
        "data": [{"index": 0, "embedding": [2**60 + 1], "object": "embedding"}],
        "model": "m",
        "object": "list",
    }
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    assert assert_built_equal(CreateEmbeddingResponse, {**data, "usage": usage}) is None


def test_a_usual_answer_is_built_fast(side: Any, wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.reply(completion(content="Hi", reasoning_content="Hm"))
    expected = anatomy(side.create(client={"fast_streams": False}))

    def forbidden(*_: Any, **__: Any) -> Any:
        raise AssertionError("openai built the answer")

    monkeypatch.setattr(openai._base_client, "construct_type", forbidden)
    built = side.create()
    assert anatomy(built)[1:4] == expected[1:4]
    assert built.choices[0].message.reasoning_content == "Hm"
    assert built._request_id == "20260529043320logloglog00"


@pytest.mark.parametrize(
    "cast_to",
    [
        object,
        str,
        dict[str, Any],
        list[int],
        SyncPage[openai.types.Model],
        openai._legacy_response.HttpxBinaryResponseContent,
    ],
    ids=str,
)
def test_what_is_no_plain_model_is_left_to_openai(cast_to: Any) -> None:
    assert builder_of(cast_to) is None


def test_a_model_with_something_unknown_is_left_to_openai() -> None:
    import pydantic

    class Validated(openai.BaseModel):
        name: str

        @pydantic.field_validator("name")
        @classmethod
        def louder(cls, value: str) -> str:
            return value.upper()

    class Aliased(openai.BaseModel):
        from_: str = pydantic.Field(alias="from")

    class Built(openai.BaseModel):
        @classmethod
        def build(cls, **_: Any) -> Any:
            return None

    class Nested(openai.BaseModel):
        inner: list[Aliased]

    for model in (Validated, Aliased, Built, Nested):
        assert builder_of(model) is None
    assert building.builder_of.cache_info().currsize > 0
    assert COMPLETION["object"] == "chat.completion"
