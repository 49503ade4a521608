"""``tool_choice`` that demands a call: looked at, asked for once more, refused."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from answer_helpers import USAGE_CHUNK, call_chunks, call_delta, cut, in_pieces, sse, text_of, text_stream
from conftest import COMPLETION, chunk, completion

import zhipu_openai.errors

pytestmark = pytest.mark.usefixtures("quietly")

TOOLS: list[Any] = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
    for name in ("weather", "time")
]
NAMED: Any = {"type": "function", "function": {"name": "weather"}}
ASKED: dict[str, Any] = {"tools": TOOLS, "tool_choice": NAMED}
DEMAND = "You must answer this turn by calling the function `weather`. Do not answer in text."
CALL = {"function": {"arguments": "{}", "name": "weather"}, "id": "call_a", "index": 0, "type": "function"}
CALLED = completion(content="", tool_calls=[CALL])
USAGE = COMPLETION["usage"]
TWICE = {
    "completion_tokens": 6,
    "completion_tokens_details": {"reasoning_tokens": 0},
    "prompt_tokens": 14,
    "prompt_tokens_details": {"cached_tokens": 0},
    "total_tokens": 20,
}


def calling(*before: dict[str, Any], name: str = "weather") -> bytes:
    return sse(
        *(chunk({"role": "assistant", **delta}) for delta in before),
        chunk(call_delta("{}", name=name, id="call_a", index=0, type="function")),
        chunk({"role": "assistant", "content": ""}, "tool_calls", usage=USAGE),
    )


def test_an_answer_that_calls_is_delivered_at_once(side, wire):
    wire.reply(CALLED)
    assert side.create(**ASKED).choices[0].message.tool_calls[0].function.name == "weather"
    assert len(wire.sent) == 1


def test_an_answer_without_the_call_is_asked_for_once_more(side, wire):
    wire.reply(completion(content="It is warm."))
    wire.reply(CALLED)
    answer = side.create(**ASKED, temperature=0.5)
    assert answer.choices[0].message.tool_calls[0].function.name == "weather"
    assert answer.usage.to_dict() == TWICE
    first, second = (sent.json for sent in wire.sent)
    assert first["messages"] == [{"role": "system", "content": DEMAND}, {"role": "user", "content": "Hi"}]
    assert second == {
        **first,
        "messages": [
            *first["messages"],
            {"role": "assistant", "content": "It is warm."},
            {"role": "user", "content": DEMAND},
        ],
    }


@pytest.mark.parametrize("content", ["", "\n"])
def test_a_silent_answer_has_no_turn_of_its_own_in_the_second_request(side, wire, content):
    wire.reply(completion(content=content))
    wire.reply(CALLED)
    side.create(**ASKED)
    assert wire.last.json["messages"][-2:] == [
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": DEMAND},
    ]


def test_a_call_of_another_function_does_not_count(side, wire):
    other = {**CALL, "function": {"name": "time", "arguments": "{}"}}
    wire.reply(completion(content="", tool_calls=[other]))
    wire.reply(CALLED)
    assert side.create(**ASKED).choices[0].message.tool_calls[0].function.name == "weather"
    assert len(wire.sent) == 2


def test_required_takes_any_of_them(side, wire):
    other = {**CALL, "function": {"name": "time", "arguments": "{}"}}
    wire.reply(completion(content="", tool_calls=[other]))
    answer = side.create(tools=TOOLS, tool_choice="required")
    assert answer.choices[0].message.tool_calls[0].function.name == "time"
    assert len(wire.sent) == 1


@pytest.mark.usefixtures("waits")
def test_a_second_answer_without_the_call_is_refused_and_not_tried_again(side, wire):
    wire.reply(completion(content="It is warm."))
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        side.create(**ASKED)
    assert caught.value.code == "tool_choice_not_followed"
    assert caught.value.param == "tool_choice"
    assert caught.value.body["zhipu"]["content"] == "It is warm."
    assert len(wire.sent) == 2


@pytest.mark.parametrize("reason", ["length", "sensitive"])
def test_an_answer_cut_short_is_passed_on_as_it_is(side, wire, reason):
    wire.reply(completion(content="It is", finish_reason=reason))
    assert side.create(**ASKED).choices[0].message.content == "It is"
    assert len(wire.sent) == 1


@pytest.mark.usefixtures("waits")
def test_an_error_at_the_second_request_is_tried_again_from_the_beginning(side, wire):
    wire.reply(completion(content="It is warm."))
    wire.reply({"error": {"code": "1305", "message": "x"}})
    wire.reply(CALLED)
    assert side.create(**ASKED).choices[0].message.tool_calls is not None
    assert [len(sent.json["messages"]) for sent in wire.sent] == [2, 4, 2]


def test_auto_is_left_to_the_model(side, wire):
    wire.reply(completion(content="It is warm."))
    assert side.create(tools=TOOLS, tool_choice="auto").choices[0].message.content == "It is warm."
    assert len(wire.sent) == 1


def test_a_forced_function_of_the_older_form_is_asked_for_once_more(side, wire):
    wire.reply(completion(content="It is warm."))
    wire.reply(CALLED)
    answer = side.create(functions=[TOOLS[0]["function"]], function_call={"name": "weather"})
    assert answer.choices[0].message.function_call.name == "weather"
    assert len(wire.sent) == 2


@pytest.mark.parametrize("size", [1, 65536])
def test_a_stream_that_calls_is_delivered_with_the_text_before_it(side, wire, size):
    body = calling({"content": "\n"}, {"reasoning_content": "Hm"}, {"content": "I look."})
    wire.reply_with(in_pieces(cut(body, size)))
    chunks = side.create(stream=True, **ASKED)
    shown = [
        (delta.role, delta.reasoning_content, delta.content, bool(delta.tool_calls))
        for delta in (one.choices[0].delta for one in chunks)
    ]
    assert shown == [
        ("assistant", "Hm", None, False),
        (None, None, "\n", False),
        (None, None, "I look.", False),
        (None, None, None, True),
        (None, None, None, False),
    ]
    assert len(wire.sent) == 1


def test_a_stream_without_the_call_is_asked_for_once_more(side, wire):
    wire.reply(text_stream("It is ", "warm.", reasoning=["Hm"]))
    wire.reply(calling({"reasoning_content": "So"}, {"content": "I look."}))
    chunks = side.create(stream=True, stream_options=USAGE_CHUNK, **ASKED)
    assert text_of(chunks) == "I look."
    assert text_of(chunks, "reasoning_content") == "HmSo"
    assert [one["name"] for one in call_chunks(chunks)] == ["weather"]
    assert [one.choices[0].delta.role for one in chunks if one.choices].count("assistant") == 1
    assert [one.choices[0].finish_reason for one in chunks if one.choices][-1] == "tool_calls"
    assert len({one.id for one in chunks}) == 1
    assert chunks[-1].usage.to_dict() == TWICE
    first, second = (sent.json for sent in wire.sent)
    assert second == {
        **first,
        "messages": [
            *first["messages"],
            {"role": "assistant", "content": "It is warm."},
            {"role": "user", "content": DEMAND},
        ],
    }


def test_the_final_completion_of_stream_has_the_call(side, wire):
    wire.reply(text_stream("It is warm.", reasoning=["Hm"]))
    wire.reply(calling())
    tools = [{**tool, "function": {**tool["function"], "strict": True}} for tool in TOOLS]
    final = side.final(tools=tools, tool_choice=NAMED)
    assert final.choices[0].message.role == "assistant"
    assert final.choices[0].message.tool_calls[0].function.name == "weather"


@pytest.mark.usefixtures("waits")
def test_a_second_stream_without_the_call_is_refused_and_not_tried_again(side, wire):
    wire.reply(text_stream("It is warm."))
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        side.create(stream=True, **ASKED)
    assert caught.value.code == "tool_choice_not_followed"
    assert caught.value.body["zhipu"]["content"] == "It is warm."
    assert len(wire.sent) == 2


def test_the_refusal_comes_while_iterating_if_the_reasoning_was_delivered(side, wire):
    wire.reply(text_stream("It is warm.", reasoning=["Hm"]))
    with pytest.raises(openai.UnprocessableEntityError):
        side.create(stream=True, **ASKED)
    assert len(wire.sent) == 2


def test_a_stream_cut_short_is_passed_on_as_it_is(side, wire):
    wire.reply(text_stream("It ", "is", finish_reason="length"))
    chunks = side.create(stream=True, **ASKED)
    assert text_of(chunks) == "It is"
    assert chunks[-1].choices[0].finish_reason == "length"
    assert len(wire.sent) == 1


@pytest.mark.usefixtures("waits")
def test_an_error_at_the_second_stream_is_tried_again_if_nothing_was_delivered(side, wire):
    wire.reply(text_stream("It is warm."))
    wire.reply({"error": {"code": "1305", "message": "x"}})
    wire.reply(calling())
    assert len(call_chunks(side.create(stream=True, **ASKED))) == 1
    assert len(wire.sent) == 3


def test_an_error_at_the_second_stream_is_raised_if_something_was_delivered(side, wire):
    wire.reply(text_stream("It is warm.", reasoning=["Hm"]))
    wire.reply({"error": {"code": "1305", "message": "x"}})
    with pytest.raises(openai.RateLimitError) as caught:
        side.create(stream=True, **ASKED)
    assert zhipu_openai.errors.details(caught.value).code == "1305"
    assert len(wire.sent) == 2


def test_what_was_emulated_is_announced_and_listed(side, wire, quietly):
    wire.reply(completion(content="It is warm."))
    wire.reply(CALLED)

    def work(client: Any) -> Any:
        return client.chat.completions.with_raw_response.create(
            model="glm-5.2", messages=[{"role": "user", "content": "Hi"}], **ASKED
        )

    headers = side.run(work).headers
    assert "tool_choice=emulated" in headers["x-zhipu-adaptations"]
    assert any("asked for once more" in str(one.message) for one in quietly)
