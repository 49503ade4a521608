"""``response_format`` with a JSON schema: the answer is unfenced, looked at, asked for once more, refused."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import openai
import pytest
from answer_helpers import USAGE_CHUNK, call_delta, cut, in_pieces, sse, text_of, text_stream
from conftest import COMPLETION, chunk, completion
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from zhipu_openai import catalogue
from zhipu_openai.translate.chat.json_scan import ArgumentStream, JsonGate
from zhipu_openai.translate.json_schema import repair_arguments
from zhipu_openai.translate.structured import repair_messages, violations

pytestmark = pytest.mark.usefixtures("quietly")


class City(BaseModel):
    name: str
    people: int


SCHEMA: dict[str, Any] = City.model_json_schema()
RAW: Any = {"type": "json_schema", "json_schema": {"name": "City", "schema": SCHEMA}}
OSLO = '{"name": "Oslo", "people": 700000}'
WRONG = '{"name": "Oslo"}'
PROSE = "Sure! Oslo is a city."
USAGE = COMPLETION["usage"]
TOOL: Any = {
    "type": "function",
    "function": {"name": "look_up", "strict": True, "parameters": {"type": "object", "properties": {}}},
}
NO_JSON_MODE = next(
    row.id
    for row in catalogue.MODELS.values()
    if row.kind in ("text", "vision") and not (row.json_mode or row.think_tags)
)
CALL = {"function": {"arguments": "{}", "name": "look_up"}, "id": "call_a", "index": 0, "type": "function"}


def stream_text(text: str, size: int = 5, **options: Any) -> bytes:
    return text_stream(*(text[start : start + size] for start in range(0, len(text), size)), **options)


class TestWholeAnswers:
    """create and parse."""

    @pytest.mark.parametrize(
        "content",
        [
            OSLO,
            f"```json\n{OSLO}\n```",
            f"```\n{OSLO}```",
            f"\n{OSLO}\n",
            f"Here it is:\n```json\n{OSLO}\n```\nEnjoy!",
        ],
    )
    def test_parse_gives_the_model(self, side, wire, content):
        wire.reply(completion(content=content))
        message = side.parse(response_format=City).choices[0].message
        assert message.parsed == City(name="Oslo", people=700000)
        assert len(wire.sent) == 1

    def test_a_raw_schema_gives_bare_json(self, side, wire):
        wire.reply(completion(content=f"```json\n{OSLO}\n```"))
        assert side.create(response_format=RAW).choices[0].message.content == OSLO

    @pytest.mark.parametrize("bad", [WRONG, PROSE, "", '{"name": "Os'])
    def test_an_answer_that_does_not_fit_is_asked_for_once_more(self, side, wire, bad):
        wire.reply(completion(content=bad))
        wire.reply(completion(content=OSLO))
        answer = side.parse(response_format=City)
        assert answer.choices[0].message.parsed == City(name="Oslo", people=700000)
        assert answer.usage.total_tokens == 20
        first, second = (sent.json for sent in wire.sent)
        schema = openai.lib._parsing._completions.type_to_response_format_param(City)["json_schema"]["schema"]
        assert second == {
            **first,
            "messages": [*first["messages"], *repair_messages(bad, violations(bad, schema))],
            "response_format": {"type": "json_object"},
        }

    @pytest.mark.usefixtures("waits")
    def test_a_second_answer_that_does_not_fit_is_refused_and_not_tried_again(self, side, wire):
        wire.reply(completion(content=PROSE))
        wire.reply(completion(content=WRONG))
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            side.parse(response_format=City)
        assert caught.value.code == "json_schema_not_followed"
        assert caught.value.param == "response_format"
        assert caught.value.body["zhipu"]["content"] == WRONG
        assert "'people' is a required property" in str(caught.value)
        assert len(wire.sent) == 2

    @pytest.mark.parametrize(
        ("reason", "error"),
        [("length", openai.LengthFinishReasonError), ("sensitive", openai.ContentFilterFinishReasonError)],
    )
    def test_an_answer_cut_short_is_not_asked_for_again(self, side, wire, reason, error):
        wire.reply(completion(content='{"name": "Os', finish_reason=reason))
        with pytest.raises(error):
            side.parse(response_format=City)
        assert side.create(response_format=RAW).choices[0].message.content == '{"name": "Os'
        assert len(wire.sent) == 2

    def test_a_call_is_not_held_to_the_schema(self, side, wire):
        wire.reply(completion(content="", tool_calls=[CALL]))
        message = side.parse(response_format=City, tools=[TOOL]).choices[0].message
        assert message.tool_calls[0].function.name == "look_up"
        assert message.parsed is None
        assert len(wire.sent) == 1

    def test_words_beside_a_call_are_put_aside_where_parse_would_fail_on_them(self, side, wire):
        wire.reply(completion(content="I look it up.", tool_calls=[CALL]))
        message = side.parse(response_format=City, tools=[TOOL]).choices[0].message
        assert (message.content, message.native_content) == (None, "I look it up.")

    def test_a_repair_turn_offers_no_tools(self, side, wire):
        wire.reply(completion(content=PROSE))
        wire.reply(completion(content=OSLO))
        side.create(response_format=RAW, tools=[TOOL], tool_choice="auto")
        first, second = (sent.json for sent in wire.sent)
        assert first["tools"]
        assert first.keys() - second.keys() == {"tools", "tool_choice"}
        assert second["response_format"] == {"type": "json_object"}

    def test_a_model_without_a_json_mode_is_asked_again_without_it(self, side, wire):
        wire.reply(completion(content=PROSE))
        wire.reply(completion(content=OSLO))
        side.create(response_format=RAW, model=NO_JSON_MODE)
        assert all("response_format" not in sent.json for sent in wire.sent)
        assert len(wire.sent) == 2

    def test_json_object_is_zhipus_own_and_not_looked_at(self, side, wire):
        wire.reply(completion(content="```json\n{}\n```"))
        content = side.create(response_format={"type": "json_object"}).choices[0].message.content
        assert content == "```json\n{}\n```"
        assert len(wire.sent) == 1

    def test_thinking_tags_come_off_before_the_fence(self, side, wire):
        wire.reply(completion(content=f"<think>Hm</think>\n```json\n{OSLO}\n```"))
        message = side.parse(response_format=City, model="glm-4.1v-thinking-flash").choices[0].message
        assert (message.parsed.name, message.reasoning_content) == ("Oslo", "Hm")


class TestStreams:
    """Streams, plain and through ``.stream()``."""

    @pytest.mark.parametrize("size", [1, 3, 1000])
    @pytest.mark.parametrize(
        "content",
        [
            OSLO,
            f"```json\n{OSLO}\n```",
            f"\n```\n{OSLO}```\n",
            f"\n{OSLO}\n\n",
            f"```json\n{OSLO}\n```\nEnjoy!",
        ],
    )
    def test_the_fence_comes_off_across_chunks(self, side, wire, content, size):
        wire.reply(stream_text(content, size))
        final = side.final(response_format=City)
        assert final.choices[0].message.parsed == City(name="Oslo", people=700000)
        assert final.choices[0].message.content.strip() == OSLO
        assert len(wire.sent) == 1

    def test_json_is_delivered_as_it_comes(self, side, wire):
        wire.reply(stream_text(OSLO))
        chunks = side.create(stream=True, response_format=RAW)
        assert [one.choices[0].delta.content for one in chunks[:-1]] == [
            OSLO[i : i + 5] for i in range(0, len(OSLO), 5)
        ]

    @pytest.mark.parametrize("size", [1, 65536])
    def test_read_sizes_make_no_difference(self, side, wire, size):
        wire.reply_with(in_pieces(cut(stream_text(f"```json\n{OSLO}\n```"), size)))
        assert text_of(side.create(stream=True, response_format=RAW)) == OSLO

    def test_a_fence_with_words_before_it_is_delivered_at_the_end(self, side, wire):
        wire.reply(stream_text(f"Here it is:\n```json\n{OSLO}\n```"))
        assert side.final(response_format=City).choices[0].message.content == OSLO
        assert len(wire.sent) == 1

    @pytest.mark.parametrize("bad", [PROSE, "", "\n"])
    def test_what_was_not_delivered_is_asked_for_once_more(self, side, wire, bad):
        wire.reply(stream_text(bad, reasoning=["Hm"]))
        wire.reply(stream_text(f"```json\n{OSLO}\n```"))
        final = side.final(response_format=City, stream_options=USAGE_CHUNK)
        assert final.choices[0].message.parsed == City(name="Oslo", people=700000)
        assert final.choices[0].message.reasoning_content == "Hm"
        assert final.usage.total_tokens == 20
        first, second = (sent.json for sent in wire.sent)
        assert second["messages"][: len(first["messages"])] == first["messages"]
        assert second["messages"][-1]["role"] == "user"
        assert second["stream"] is True

    @pytest.mark.usefixtures("waits")
    def test_a_second_stream_of_words_is_refused_before_anything_is_delivered(self, side, wire):
        wire.reply(stream_text(PROSE))
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            side.create(stream=True, response_format=RAW)
        assert caught.value.code == "json_schema_not_followed"
        assert caught.value.body["zhipu"]["content"] == PROSE
        assert len(wire.sent) == 2

    @pytest.mark.parametrize("bad", [WRONG, f"{OSLO}\nI hope that helps!", '{"name": "Os'])
    def test_what_was_delivered_and_does_not_fit_is_an_error_at_the_end(self, side, wire, bad):
        wire.reply(stream_text(bad))
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            side.final(response_format=City)
        assert caught.value.code == "json_schema_not_followed"
        assert caught.value.body["zhipu"]["content"] == bad
        assert len(wire.sent) == 1

    @pytest.mark.parametrize("content", ['{"name": "Os', PROSE, ""])
    @pytest.mark.parametrize(
        ("reason", "error"),
        [("length", openai.LengthFinishReasonError), ("sensitive", openai.ContentFilterFinishReasonError)],
    )
    def test_an_answer_cut_short_is_not_asked_for_again(self, side, wire, content, reason, error):
        wire.reply(stream_text(content, finish_reason=reason))
        with pytest.raises(error):
            side.final(response_format=City)
        assert text_of(side.create(stream=True, response_format=RAW)) == content
        assert len(wire.sent) == 2

    def test_words_held_back_count_as_produced(self, side, wire):
        wire.reply(stream_text(PROSE, finish_reason="model_context_window_exceeded"))
        chunks = side.create(stream=True, response_format=RAW)
        assert text_of(chunks) == PROSE
        assert chunks[-1].choices[0].finish_reason == "length"

    def test_words_beside_a_call_are_put_aside(self, side, wire):
        wire.reply(
            sse(
                chunk({"role": "assistant", "content": "I look it up."}),
                chunk(call_delta("{}", name="look_up", id="call_a", index=0)),
                chunk({"role": "assistant", "content": ""}, "tool_calls", usage=USAGE),
            )
        )
        message = side.final(response_format=City, tools=[TOOL]).choices[0].message
        assert (message.content, message.native_content) == (None, "I look it up.")
        assert message.tool_calls[0].function.name == "look_up"

    def test_an_answer_without_tools_beside_a_schema_for_a_list_passes(self, side, wire):
        asked = {"type": "json_schema", "json_schema": {"name": "l", "schema": {"type": "array"}}}
        wire.reply(stream_text("[1, 2]"))
        assert text_of(side.create(stream=True, response_format=asked)) == "[1, 2]"

    def test_a_schema_for_a_plain_value_passes(self, side, wire):
        asked = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "integer"}}}
        wire.reply(stream_text("42", 1))
        chunks = side.create(stream=True, response_format=asked)
        assert [one.choices[0].delta.content for one in chunks] == ["4", "2", None]

    def test_a_forced_tool_wins_over_the_schema(self, side, wire):
        wire.reply(stream_text(OSLO))
        wire.reply(
            sse(
                chunk(call_delta("{}", name="look_up", id="call_a", index=0)),
                chunk({"role": "assistant", "content": ""}, "tool_calls", usage=USAGE),
            )
        )
        chunks = side.create(stream=True, response_format=RAW, tools=[TOOL], tool_choice="required")
        assert text_of(chunks) == ""
        assert chunks[0].choices[0].delta.tool_calls[0].function.name == "look_up"
        assert len(wire.sent) == 2


marks = st.text(alphabet='"\\\\{}[] a', max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | marks,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
containers = st.lists(json_values, max_size=4) | st.dictionaries(st.text(max_size=4), json_values, max_size=4)


def pieces_of(text: str, places: list[int]) -> list[str]:
    bounds = [0, *sorted(place for place in places if place < len(text)), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


@given(
    containers,
    st.sampled_from(["", " ", "\n\t"]),
    st.sampled_from(["", "\n", " Enjoy!", "}", "[1]"]),
    st.lists(st.integers(0, 200)),
)
def test_the_gate_lets_exactly_one_value_through(value, before, behind, places):
    text = before + json.dumps(value)
    gate = JsonGate({})
    assert "".join(gate.feed(piece) for piece in pieces_of(text + behind, places)) == text
    assert gate.end() == behind


@given(st.text().filter(lambda text: text.lstrip(" \t\r\n")[:1] != "{"), st.lists(st.integers(0, 200)))
def test_the_gate_holds_back_every_other_text(text, places):
    gate = JsonGate({"type": "object"})
    assert "".join(gate.feed(piece) for piece in pieces_of(text, places)) == ""
    assert gate.end() == text
    assert gate.end() == ""


NESTED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "o": {"type": "object", "properties": {"o": {"type": "object"}, "s": {"type": "string"}}},
        "a": {"type": "array", "items": {"type": "object"}},
        "s": {"type": "string"},
    },
}


def quoted(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Now and then put a value into a string, as GLM does."""
    return inner | inner.map(json.dumps) | inner.map(lambda value: f" \n{json.dumps(value)}")


small = st.dictionaries(st.sampled_from(["o", "s", "{"]), st.text(max_size=3) | st.just({}), max_size=2)
arguments = st.fixed_dictionaries(
    {},
    optional={
        "s": st.text(max_size=6) | st.sampled_from(["{}", "[1]", " {", "\\{"]),
        "o": quoted(quoted(st.fixed_dictionaries({}, optional={"o": quoted(small), "s": st.just("[]")}))),
        "a": quoted(st.lists(quoted(small), max_size=2)),
        "x": quoted(small),
    },
)


@given(
    quoted(arguments) | st.text(alphabet='{}[]",:\\ ao', max_size=20),
    st.booleans(),
    st.lists(st.integers(0, 300)),
)
def test_arguments_in_pieces_mean_what_they_mean_when_repaired_whole(value, spaced, places):
    text = json.dumps(value, indent=1 if spaced else None)
    stream = ArgumentStream(NESTED)
    out = "".join([*(stream.feed(piece) for piece in pieces_of(text, places)), stream.end()])
    assert json.loads(out) == json.loads(repair_arguments(text, NESTED))
    if repair_arguments(text, NESTED) == text:
        assert out == text


@pytest.mark.parametrize("inner", ['"\\\\"', "\\\\", "\\n{}", "\\n \\r\\t[1]", '\\\\"{', "\\\\n{}"])
@pytest.mark.parametrize("name", ["o", "s", "x"])
def test_escapes_are_read_across_pieces_of_one_character(inner, name):
    text = json.dumps({name: inner, "z": {"y": inner}})
    stream = ArgumentStream(NESTED)
    out = "".join([*(stream.feed(one) for one in text), stream.end()])
    assert json.loads(out) == json.loads(repair_arguments(text, NESTED))
    gate = JsonGate(None)
    assert "".join(gate.feed(one) for one in text + "!") == text


@given(st.text(alphabet='{}[]",:\\ \nao', max_size=30), st.lists(st.integers(0, 30)))
def test_arguments_that_are_no_json_pass_as_they_are(text, places):
    stream = ArgumentStream(NESTED)
    out = "".join([*(stream.feed(piece) for piece in pieces_of(text, places)), stream.end()])
    assert out == text or json.loads(out) == json.loads(repair_arguments(text, NESTED))


def test_arguments_without_a_schema_pass_at_once():
    stream = ArgumentStream(None)
    assert (stream.feed('{"o": "{'), stream.end()) == ('{"o": "{', "")


def test_many_strings_that_look_like_objects_are_tried_up_to_a_bound():
    text = json.dumps({"a": ["{}"] * 1000})
    stream = ArgumentStream(NESTED)
    out = stream.feed(text) + stream.end()
    assert out == text


def test_a_long_run_of_space_is_not_waited_for():
    stream = ArgumentStream(NESTED)
    text = '{"s": "' + " " * 100_000
    assert "".join(stream.feed(one) for one in text) == text
