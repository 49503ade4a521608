"""``n``: several requests side by side that look like one answer."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from answer_helpers import USAGE_CHUNK, call_delta, decode, events, in_pieces, sse, text_of, text_stream
from conftest import COMPLETION, chunk, completion, httpx
from openai.lib.streaming.chat import ChatCompletionStreamState
from pydantic import BaseModel

from zhipu_openai.adaptation import Ledger
from zhipu_openai.exchange import Call, Options, Reply, SendAll, StreamPlan, encode_json
from zhipu_openai.translate.chat import create
from zhipu_openai.translate.chat.draft import AnswerPlan
from zhipu_openai.translate.chat.merge import ChoiceMerger

pytestmark = pytest.mark.usefixtures("quietly")

USAGE = COMPLETION["usage"]
OVERLOADED = {"error": {"code": "1305", "message": "x"}}
TOOL: Any = {
    "type": "function",
    "function": {"name": "look_up", "strict": True, "parameters": {"type": "object", "properties": {}}},
}


class City(BaseModel):
    name: str


CITY: Any = {"type": "json_schema", "json_schema": {"name": "City", "schema": City.model_json_schema()}}


def numbered(text: str, number: int) -> dict[str, Any]:
    """Make a completion with an id of its own."""
    return {**completion(content=text), "id": f"2026-{number}", "request_id": f"2026-{number}"}


def calling(call_id: str = "call_a") -> dict[str, Any]:
    function = {"name": "look_up", "arguments": "{}"}
    return completion(content="", tool_calls=[{"id": call_id, "type": "function", "function": function}])


def by_choice(chunks: list[Any], name: str = "content") -> dict[int, str]:
    """Put together what the chunks of each choice hold."""
    texts: dict[int, str] = {}
    for one in chunks:
        for choice in one.choices:
            texts[choice.index] = texts.get(choice.index, "") + (getattr(choice.delta, name, None) or "")
    return texts


class TestWholeAnswers:
    """n without a stream."""

    def test_each_choice_has_its_index_and_all_have_one_id_and_usage(self, side, wire):
        for number in range(3):
            wire.reply(numbered(f"answer {number}", number))
        answer = side.create(n=3)
        assert [choice.index for choice in answer.choices] == [0, 1, 2]
        assert {choice.message.content for choice in answer.choices} == {"answer 0", "answer 1", "answer 2"}
        assert answer.id == "2026-" + answer.choices[0].message.content[-1]
        assert answer.usage.to_dict() == {
            "completion_tokens": 9,
            "completion_tokens_details": {"reasoning_tokens": 0},
            "prompt_tokens": 21,
            "prompt_tokens_details": {"cached_tokens": 0},
            "total_tokens": 30,
        }
        assert all("n" not in sent.json for sent in wire.sent)

    def test_one_is_one_request(self, side, wire):
        wire.reply(completion(content="Hello."))
        assert len(side.create(n=1).choices) == 1
        assert len(wire.sent) == 1

    def test_made_ids_of_calls_differ_between_choices(self, side, wire):
        for number in range(2):
            wire.reply({**calling(""), "id": f"2026-{number}"})
        answer = side.create(n=2, tools=[TOOL])
        assert len({choice.message.tool_calls[0].id for choice in answer.choices}) == 2

    @pytest.mark.usefixtures("waits")
    def test_an_error_of_one_is_the_error_of_all_and_tried_again(self, side, wire):
        wire.reply(completion(content="a"))
        wire.reply(OVERLOADED)
        wire.reply(completion(content="b"))
        answer = side.create(n=2)
        assert [choice.message.content for choice in answer.choices] == ["b", "b"]
        assert len(wire.sent) >= 4

    @pytest.mark.usefixtures("waits")
    def test_a_hollow_answer_of_one_is_too(self, side, wire):
        wire.reply(completion(content="a"))
        wire.reply({})
        wire.reply(completion(content="b"))
        assert len(side.create(n=2).choices) == 2
        assert len(wire.sent) == 4

    def test_an_error_that_is_not_tried_again_is_raised(self, side, wire):
        wire.reply(completion(content="a"))
        wire.reply({"error": {"code": "1113", "message": "x"}}, status=429)
        with pytest.raises(openai.RateLimitError) as caught:
            side.create(n=2)
        assert caught.value.code == "insufficient_quota"

    def test_with_a_schema_each_choice_may_be_asked_for_once_more(self, side, wire):
        def answer(request: Any) -> Any:
            asked = json.loads(request.content)
            repaired = len(asked["messages"]) > 2
            return httpx.Response(200, json=completion(content='{"name": "Oslo"}' if repaired else "Oslo!"))

        wire.reply_with(answer)
        parsed = side.parse(n=2, response_format=City)
        assert [choice.message.parsed for choice in parsed.choices] == [City(name="Oslo")] * 2
        assert parsed.usage.total_tokens == 40
        assert len(wire.sent) == 4

    def test_with_a_schema_one_that_never_fits_fails_all(self, side, wire):
        wire.reply(completion(content="Oslo!"))
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            side.create(n=2, response_format=CITY)
        assert caught.value.code == "json_schema_not_followed"
        assert len(wire.sent) == 4

    def test_with_a_forced_tool_and_a_schema_only_the_silent_choice_is_asked_again(self, side, wire):
        wire.reply(calling())
        wire.reply(completion(content='{"name": "Oslo"}'))
        wire.reply(calling())
        answer = side.create(n=2, tools=[TOOL], tool_choice="required", response_format=CITY)
        assert [len(choice.message.tool_calls) for choice in answer.choices] == [1, 1]
        assert len(wire.sent) == 3


def course(body: dict[str, Any]) -> Any:
    """Begin the course of a request without a transport."""
    whole = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], **body}
    return create(
        Call(
            "POST",
            "/chat/completions",
            "",
            whole,
            Options("https://open.bigmodel.cn/api/paas/v4/"),
            Ledger("ignore"),
        )
    )


def reply(body: Any) -> Reply:
    return Reply(200, {}, encode_json(body))


def test_a_refused_answer_ends_the_course_before_the_others_are_asked_again():
    work = course({"n": 2, "response_format": CITY})
    first = next(work)
    assert isinstance(first, SendAll)
    with pytest.raises(StopIteration) as ended:
        work.send([reply({}), reply(completion(content="Oslo!"))])
    assert ended.value.value.status == 502


def test_only_what_is_needed_is_sent_in_the_second_round():
    work = course({"n": 3, "response_format": CITY})
    next(work)
    fits, wrong = reply(completion(content='{"name": "Oslo"}')), reply(completion(content="Oslo!"))
    second = work.send([fits, wrong, fits])
    assert len(second.sends) == 1
    with pytest.raises(StopIteration) as ended:
        work.send([fits])
    choices = ended.value.value.json()["choices"]
    assert [(choice["index"], choice["message"]["content"]) for choice in choices] == [
        (place, '{"name": "Oslo"}') for place in range(3)
    ]


def test_a_stream_of_several_choices_has_a_branch_for_each():
    with pytest.raises(StopIteration) as ended:
        next(course({"n": 3, "stream": True}))
    plan = ended.value.value
    assert isinstance(plan, StreamPlan)
    assert len({id(branch.decoder) for branch in plan.branches}) == 3
    assert isinstance(plan.merger, ChoiceMerger)


def test_the_merger_begins_every_choice_in_order_gives_one_identity_and_ends_once():
    merger = ChoiceMerger(2)
    plan = AnswerPlan(stream=True, include_usage=True)
    other = text_stream("b").replace(COMPLETION["id"].encode(), b"other")
    second, _ = decode([other], plan)
    first, _ = decode([text_stream("a")], plan)
    second = second.replace(b'"choices":[{"index":0', b'"choices":[{"index":1')
    out = events(merger.take(1, second) + merger.take(0, first) + merger.end())
    assert [
        (
            choice["index"],
            choice["delta"].get("role"),
            choice["delta"].get("content"),
            choice["finish_reason"],
        )
        for event in out[:-2]
        for choice in event["choices"]
    ] == [
        (0, "assistant", None, None),
        (1, "assistant", None, None),
        (1, None, "b", None),
        (1, None, None, "stop"),
        (0, None, "a", None),
        (0, None, None, "stop"),
    ]
    assert {event["id"] for event in out[:-1]} == {"other"}
    assert {event["object"] for event in out[:-1]} == {"chat.completion.chunk"}
    assert (out[-2]["choices"], out[-2]["usage"]["total_tokens"], out[-1]) == ([], 20, "[DONE]")


class TestStreams:
    """n with a stream."""

    @pytest.mark.parametrize("count", [2, 5])
    def test_each_choice_is_whole_and_all_have_one_id(self, side, wire, count):
        for number in range(count):
            body = text_stream("ans", f"wer {number}", reasoning=["Hm"]).replace(
                COMPLETION["id"].encode(), f"2026-{number}".encode()
            )
            wire.reply(body)
        chunks = side.create(stream=True, n=count, stream_options=USAGE_CHUNK)
        texts = by_choice(chunks)
        assert sorted(texts) == list(range(count))
        assert set(texts.values()) == {f"answer {number}" for number in range(count)}
        assert set(by_choice(chunks, "reasoning_content").values()) == {"Hm"}
        assert len({one.id for one in chunks}) == 1
        assert [one.usage.total_tokens for one in chunks if one.usage] == [10 * count]
        assert chunks[-1].choices == []
        ends = [choice.finish_reason for one in chunks for choice in one.choices if choice.finish_reason]
        assert ends == ["stop"] * count
        roles = [choice.index for one in chunks for choice in one.choices if choice.delta.role]
        assert roles == list(range(count))

    def test_without_include_usage_there_is_none(self, side, wire):
        wire.reply(text_stream("Hello."))
        chunks = side.create(stream=True, n=2)
        assert all(one.usage is None for one in chunks)
        assert all(one.choices for one in chunks)

    def test_openais_accumulator_reads_every_choice(self, side, wire):
        wire.reply(text_stream("Hel", "lo.", reasoning=["Hm"]))
        state = ChatCompletionStreamState()
        for one in side.create(stream=True, n=3):
            list(state.handle_chunk(one))
        final = state.get_final_completion()
        read = [
            (choice.index, choice.message.role, choice.message.content, choice.message.reasoning_content)
            for choice in final.choices
        ]
        assert read == [(place, "assistant", "Hello.", "Hm") for place in range(3)]

    @pytest.mark.usefixtures("waits")
    def test_an_error_of_all_is_tried_again(self, side, wire):
        wire.reply(OVERLOADED)
        wire.reply(OVERLOADED)
        wire.reply(text_stream("Hello."))
        chunks = side.create(stream=True, n=2)
        assert set(by_choice(chunks).values()) == {"Hello."}

    def test_an_error_of_one_is_the_error_of_the_whole(self, side, wire):
        wire.reply(text_stream("Hello."))
        wire.reply(OVERLOADED)
        with pytest.raises(openai.RateLimitError):
            side.create(stream=True, n=2, client={"max_retries": 0})

    @pytest.mark.parametrize(
        ("broken", "error"),
        [
            (sse(chunk({"content": "a"}), OVERLOADED), openai.RateLimitError),
            (sse(chunk({"content": "a"}), done=False), openai.APIConnectionError),
            (sse(chunk({"content": "a"}), "{"), openai.APIConnectionError),
        ],
    )
    def test_a_failure_in_the_middle_of_one_is_raised(self, side, wire, broken, error):
        wire.reply(text_stream("Hello."))
        wire.reply(broken)
        with pytest.raises(error):
            side.create(stream=True, n=2)

    def test_a_connection_that_breaks_in_one_is_never_the_http_librarys_error(self, side, wire):
        wire.reply(text_stream("Hello."))
        wire.reply_with(in_pieces([sse(chunk({"content": "a"}), done=False)], error=httpx.ReadError("gone")))
        with pytest.raises(openai.APIConnectionError):
            side.create(stream=True, n=2)

    def test_with_a_forced_tool_each_choice_may_be_asked_for_once_more(self, side, wire):
        called = sse(
            chunk(call_delta("{}", name="look_up", id="call_a", index=0)),
            chunk({"role": "assistant", "content": ""}, "tool_calls", usage=USAGE),
        )

        def answer(request: Any) -> Any:
            asked = json.loads(request.content)
            body = called if len(asked["messages"]) > 3 else text_stream("It is Oslo.")
            return in_pieces([body])(request)

        wire.reply_with(answer)
        chunks = side.create(
            stream=True,
            n=2,
            tools=[TOOL],
            tool_choice="required",
            response_format=CITY,
            stream_options=USAGE_CHUNK,
        )
        calls = [
            (choice.index, choice.delta.tool_calls[0].function.name)
            for one in chunks
            for choice in one.choices
            if choice.delta.tool_calls
        ]
        assert sorted(calls) == [(0, "look_up"), (1, "look_up")]
        assert chunks[-1].usage.total_tokens == 40
        assert len(wire.sent) == 4

    def test_with_a_schema_each_choice_is_unfenced(self, side, wire):
        wire.reply(text_stream("```js", 'on\n{"name":', ' "Oslo"}\n``', "`"))
        state: Any = ChatCompletionStreamState(response_format=City)
        for one in side.create(stream=True, n=2, response_format=CITY):
            list(state.handle_chunk(one))
        assert [choice.message.parsed for choice in state.get_final_completion().choices] == [
            City(name="Oslo")
        ] * 2

    def test_the_text_of_one_choice_is_that_of_the_whole(self, side, wire):
        wire.reply(text_stream("Hello."))
        assert text_of(side.create(stream=True, n=1)) == "Hello."
