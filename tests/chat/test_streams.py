"""Streams: what openai's own chunks and its ``.stream()`` hold for what Zhipu sent."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from answer_helpers import USAGE_CHUNK, call_chunks, call_delta, cut, in_pieces, sse, text_of, text_stream
from conftest import COMPLETION, chunk, httpx
from openai.lib.streaming.chat import ChatCompletionStreamState
from pydantic import BaseModel

USAGE = COMPLETION["usage"]
FINAL = {"role": "assistant", "content": ""}
OVERLOADED = {"error": {"code": "1305", "message": "该模型当前访问量过大，请您稍后再试"}}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {
                "type": "object",
                "properties": {"place": {"type": "object"}, "note": {"type": "string"}},
            },
        },
    }
    for name in ("weather", "time")
]
PLACE = '{"place": "{\\"city\\": \\"Oslo\\"}"}'


def without(name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != name}


def finish(reason: str = "stop", **top: Any) -> dict[str, Any]:
    """Make the last chunk as Zhipu sends it."""
    return chunk(FINAL, reason, **{"usage": USAGE, **top})


def calling(*deltas: dict[str, Any], reason: str = "tool_calls") -> bytes:
    """Make the stream of an answer that calls."""
    return sse(*(chunk(delta) for delta in deltas), finish(reason))


def failing(side: Any, *, error: type[Exception], **arguments: Any) -> tuple[list[Any], Any]:
    """Iterate over a stream that fails; give the chunks before it, and the exception."""
    seen: list[Any] = []

    def work(client: Any) -> Any:
        asked = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], **arguments}
        stream = client.chat.completions.create(stream=True, **asked)
        return seen.extend(stream) if side.name == "sync" else drain(stream)

    async def drain(coming: Any) -> None:
        async for one in await coming:
            seen.append(one)  # noqa: PERF401 - what came before the error is to stay

    with pytest.raises(error) as caught:
        side.run(work)
    return seen, caught.value


class TestText:
    """Streams of text and reasoning."""

    def test_the_text_and_the_reasoning_arrive_piece_by_piece(self, side, wire):
        wire.reply(text_stream("Hel", "lo.", reasoning=["Hm", "…"]))
        chunks = side.create(stream=True)
        assert all(isinstance(one, openai.types.chat.ChatCompletionChunk) for one in chunks)
        assert [one.choices[0].delta.content for one in chunks] == [None, None, "Hel", "lo.", None]
        assert [one.choices[0].delta.reasoning_content for one in chunks] == ["Hm", "…", None, None, None]
        assert [one.choices[0].finish_reason for one in chunks] == [None, None, None, None, "stop"]
        assert [one.choices[0].delta.role for one in chunks] == ["assistant", None, None, None, None]
        assert {one.id for one in chunks} == {COMPLETION["id"]}
        assert {one.model for one in chunks} == {"glm-5.2"}

    def test_every_chunk_says_what_it_is(self, side, wire):
        body = sse(
            *(without("object", chunk({"role": "assistant", "content": text})) for text in ("a", "b")),
            without("object", finish()),
        )
        wire.reply(body)
        assert {one.object for one in side.create(stream=True)} == {"chat.completion.chunk"}

    def test_the_final_completion_of_stream_is_whole(self, side, wire):
        wire.reply(text_stream("Hel", "lo.", reasoning=["Hm", "…"]))
        final = side.final()
        message = final.choices[0].message
        assert (message.role, message.content, message.reasoning_content) == ("assistant", "Hello.", "Hm…")
        assert (final.object, final.id, final.choices[0].finish_reason) == (
            "chat.completion",
            COMPLETION["id"],
            "stop",
        )

    def test_a_final_message_without_reasoning_says_so(self, side, wire):
        wire.reply(text_stream("Hello."))
        assert side.final().choices[0].message.reasoning_content is None

    def test_an_answer_without_a_text_has_an_empty_one(self, side, wire):
        wire.reply(text_stream(reasoning=["Hm"]))
        assert side.final().choices[0].message.content == ""

    def test_think_tags_and_box_tokens_are_taken_out_across_chunks(self, side, wire):
        wire.reply(text_stream("<thi", "nk>Hm", "</thin", "k>\n<|begin_of_box", "|>4<|end_of_box|>"))
        chunks = side.create(stream=True, model="glm-4.1v-thinking-flash")
        assert (text_of(chunks), text_of(chunks, "reasoning_content")) == ("4", "Hm")

    @pytest.mark.usefixtures("quietly")
    def test_stop_words_are_cut_here_across_chunks(self, side, wire):
        wire.reply(text_stream("one tw", "o thr", "ee four", finish_reason="length"))
        chunks = side.create(stream=True, stop=["three", "five", "six", "seven", "eight"])
        assert text_of(chunks) == "one two "
        assert chunks[-1].choices[0].finish_reason == "stop"

    @pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
    @pytest.mark.parametrize("size", [1, 37, 65536])
    def test_line_ends_and_read_sizes_make_no_difference(self, side, wire, end, size):
        body = text_stream("Hel", "lo. 你好🙂", reasoning=["Hm"]).replace(b"\n", end)
        wire.reply_with(in_pieces(cut(body, size)))
        chunks = side.create(stream=True, stream_options=USAGE_CHUNK)
        assert text_of(chunks) == "Hello. 你好🙂"
        assert [one.choices[0].finish_reason for one in chunks if one.choices][-1] == "stop"
        assert chunks[-1].usage.total_tokens == 10

    def test_comments_ids_and_a_byte_order_mark_are_no_chunks(self, side, wire):
        body = b"\xef\xbb\xbf: hi\n\n" + text_stream("Hel", "lo.").replace(
            b"data: ", b"id: 1\nevent: m\ndata:"
        )
        wire.reply(body)
        assert text_of(side.create(stream=True)) == "Hello."

    def test_a_choice_index_that_counts_phases_is_one_choice(self, side, wire):
        events = [
            chunk({"role": "assistant", "reasoning_content": "Hm"}),
            chunk({"role": "assistant", "content": "Hello."}),
            chunk(call_delta("{}", name="time", id="call_a", index=0)),
            finish("tool_calls"),
        ]
        for phase, event in enumerate(events):
            event["choices"][0]["index"] = phase
        wire.reply(sse(*events))
        final = side.final()
        assert len(final.choices) == 1
        message = final.choices[0].message
        assert (message.content, message.reasoning_content) == ("Hello.", "Hm")
        assert message.tool_calls[0].function.name == "time"

    def test_a_request_id_in_the_chunks_is_kept(self, side, wire):
        wire.reply(sse(chunk({"content": "a"}, request_id="mine"), finish()))
        assert side.create(stream=True)[0].request_id == "mine"

    def test_audio_beside_the_text_is_kept(self, side, wire):
        audio = {"id": "a", "data": "AAAA", "expires_at": 1735011068}
        wire.reply(sse(chunk({"role": "assistant", "content": "Hi", "audio": audio}), finish()))
        delta = side.create(stream=True, model="glm-4-voice")[0].choices[0].delta
        assert delta.to_dict()["audio"] == {**audio, "transcript": "Hi"}


class TestEnds:
    """How a stream ends: reason, usage, and what comes with them."""

    def test_without_include_usage_no_chunk_has_a_usage(self, side, wire):
        wire.reply(text_stream("Hello."))
        assert [one.usage for one in side.create(stream=True)] == [None, None]

    def test_with_include_usage_there_is_one_more_chunk_without_choices(self, side, wire):
        wire.reply(text_stream("Hello."))
        chunks = side.create(stream=True, stream_options=USAGE_CHUNK)
        assert [one.usage is None for one in chunks] == [True, True, False]
        assert [len(one.choices) for one in chunks] == [1, 1, 0]
        assert chunks[-1].usage.to_dict() == USAGE
        assert "stream_options" not in wire.last.json

    def test_the_final_completion_has_the_usage(self, side, wire):
        wire.reply(text_stream("Hello."))
        assert side.final(stream_options=USAGE_CHUNK).usage.to_dict() == USAGE

    def test_a_usage_on_every_chunk_counts_once(self, side, wire):
        body = sse(
            chunk({"content": "a"}, usage={"total_tokens": 1}),
            chunk({"content": "b"}, usage={"total_tokens": 2}),
            finish(),
        )
        wire.reply(body)
        chunks = side.create(stream=True, stream_options=USAGE_CHUNK)
        assert [one.usage.total_tokens for one in chunks if one.usage] == [10]

    def test_a_usage_in_a_chunk_of_its_own_is_passed_on_once(self, side, wire):
        head = without("choices", chunk({}))
        wire.reply(
            sse(chunk({"content": "a"}), chunk(FINAL, "stop"), {**head, "choices": [], "usage": USAGE})
        )
        chunks = side.create(stream=True, stream_options=USAGE_CHUNK)
        assert [one.usage.total_tokens for one in chunks if one.usage] == [10]
        assert [one.choices[0].finish_reason for one in chunks if one.choices] == [None, "stop"]

    @pytest.mark.parametrize(
        ("reason", "becomes", "native"),
        [
            ("stop", "stop", None),
            ("length", "length", None),
            ("tool_calls", "tool_calls", None),
            ("sensitive", "content_filter", "sensitive"),
            ("model_context_window_exceeded", "length", "model_context_window_exceeded"),
            ("a_reason_of_tomorrow", "a_reason_of_tomorrow", None),
        ],
    )
    def test_finish_reasons_are_openais_and_the_native_one_is_kept(self, side, wire, reason, becomes, native):
        wire.reply(text_stream("Hello.", finish_reason=reason))
        choice = side.create(stream=True)[-1].choices[0]
        assert choice.finish_reason == becomes
        assert getattr(choice, "native_finish_reason", None) == native

    def test_another_services_native_reason_is_left_alone(self, side, wire):
        last = finish()
        last["choices"][0]["native_finish_reason"] = "STOP"
        wire.reply(sse(chunk({"content": "a"}), last))
        choice = side.create(stream=True)[-1].choices[0]
        assert (choice.finish_reason, choice.native_finish_reason) == ("stop", "STOP")

    def test_two_finish_reasons_are_one(self, side, wire):
        call = chunk(call_delta("{}", name="time", id="call_a", index=0), "tool_calls")
        wire.reply(sse(call, finish("tool_calls")))
        chunks = side.create(stream=True, tools=TOOLS)
        assert [one.choices[0].finish_reason for one in chunks] == [None, "tool_calls"]
        assert call_chunks(chunks) == [
            {"id": "call_a", "type": "function", "name": "time", "arguments": "{}"}
        ]

    @pytest.mark.parametrize("done", [True, False])
    def test_a_finish_reason_on_the_call_alone_is_an_end(self, side, wire, done):
        wire.reply(sse(chunk(call_delta("{}", name="time", id="a", index=0), "tool_calls"), done=done))
        chunks = side.create(stream=True, tools=TOOLS)
        assert chunks[-1].choices[0].finish_reason == "tool_calls"
        assert len(call_chunks(chunks)) == 1

    def test_the_levels_of_the_content_filter_are_not_lost(self, side, wire):
        levels = [{"role": "user", "level": 1}]
        last = chunk({"role": "user", "content": ""}, "sensitive", usage=None, content_filter=levels)
        wire.reply(sse(chunk({"role": "assistant", "content": "So"}), last))
        chunks = side.create(stream=True)
        assert [getattr(one, "content_filter", None) for one in chunks] == [None, levels]
        assert [one.choices[0].delta.role for one in chunks] == ["assistant", None]
        assert chunks[-1].choices[0].finish_reason == "content_filter"

    def test_a_filtered_answer_without_a_word_has_the_role_of_the_assistant(self, side, wire):
        wire.reply(sse(chunk({"role": "user", "content": ""}, "sensitive")))
        (only,) = side.create(stream=True)
        assert (only.choices[0].delta.role, only.choices[0].finish_reason) == ("assistant", "content_filter")

    @pytest.mark.parametrize(
        ("reason", "error"),
        [("sensitive", openai.ContentFilterFinishReasonError), ("length", openai.LengthFinishReasonError)],
    )
    def test_stream_raises_openais_own_error_for_an_answer_cut_short(self, side, wire, reason, error):
        wire.reply(text_stream("Hel", finish_reason=reason))
        with pytest.raises(error):
            side.final()

    def test_search_results_become_citations_once_and_are_kept(self, side, wire):
        found = [{"refer": "ref_1", "title": "One", "link": "https://one.example"}]
        wire.reply(
            sse(
                chunk({"role": "assistant", "content": "As "}, web_search=found),
                chunk({"role": "assistant", "content": "[ref_1]"}, web_search=found),
                finish(),
            )
        )
        chunks = side.create(stream=True, web_search_options={})
        assert [getattr(one, "web_search", None) for one in chunks] == [found, found, None, None]
        wire.sent.clear()
        (cited,) = side.final(web_search_options={}).choices[0].message.annotations
        assert cited.url_citation.to_dict() == {
            "title": "One",
            "url": "https://one.example",
            "start_index": 4,
            "end_index": 9,
        }

    @pytest.mark.parametrize("place", ["before", "after", "last"])
    def test_search_results_are_found_wherever_they_stand(self, side, wire, place):
        found = [{"refer": "ref_1", "title": "One", "link": "https://one.example"}]
        alone = {**without("choices", chunk({})), "web_search": found}
        said = chunk({"role": "assistant", "content": "As [ref_1]."})
        events = {
            "before": [alone, said, finish()],
            "after": [said, alone, finish()],
            "last": [said, finish(web_search=found)],
        }[place]
        wire.reply(sse(*events))
        final = side.final(web_search_options={})
        assert final.choices[0].message.annotations[0].url_citation.start_index == 4
        assert final.choices[0].message.content == "As [ref_1]."
        chunks = side.create(stream=True, web_search_options={})
        assert [one.web_search for one in chunks if hasattr(one, "web_search")] == [found]


class TestToolCalls:
    """Tool calls of streams, in one piece and in fragments."""

    def one(self, side: Any, wire: Any, *deltas: dict[str, Any], **arguments: Any) -> list[dict[str, Any]]:
        """Stream these deltas; check that openai's accumulator and a plain one read the same calls."""
        wire.reply(calling(*deltas))
        chunks = side.create(stream=True, tools=TOOLS, **arguments)
        calls = call_chunks(chunks)
        state = ChatCompletionStreamState(input_tools=TOOLS)
        for one in chunks:
            list(state.handle_chunk(one))
        final = state.get_final_completion().choices[0].message.tool_calls
        read = [(one.id, one.type, one.function.name, one.function.arguments) for one in final]
        assert read == [tuple(one.values()) for one in calls]
        fragments = [
            fragment for one in chunks for fragment in one.choices[0].delta.tool_calls or () if one.choices
        ]
        assert all(set(one.to_dict()) == {"index", "function"} for one in fragments if not one.id)
        return calls

    def test_calls_in_one_piece_each(self, side, wire):
        assert self.one(
            side,
            wire,
            call_delta('{"note":"x"}', name="weather", id="call_a", index=0, type="function"),
            call_delta("{}", name="time", id="call_b", index=1, type="function"),
        ) == [
            {"id": "call_a", "type": "function", "name": "weather", "arguments": '{"note":"x"}'},
            {"id": "call_b", "type": "function", "name": "time", "arguments": "{}"},
        ]

    def test_calls_in_one_delta(self, side, wire):
        both = [
            *call_delta("{}", name="weather", id="a", index=0)["tool_calls"],
            *call_delta("{}", name="time", id="b", index=1)["tool_calls"],
        ]
        assert [one["name"] for one in self.one(side, wire, {"tool_calls": both})] == ["weather", "time"]

    @pytest.mark.parametrize("index", [{"index": -1}, {"index": None}, {"index": 0}, {}])
    def test_an_index_of_minus_one_missing_or_repeated_is_counted_anew(self, side, wire, index):
        calls = self.one(
            side,
            wire,
            call_delta("{}", name="weather", id="a", **index),
            call_delta("{}", name="time", id="b", **index),
        )
        assert [(one["id"], one["name"], one["arguments"]) for one in calls] == [
            ("a", "weather", "{}"),
            ("b", "time", "{}"),
        ]

    @pytest.mark.parametrize("index", [{"index": -1}, {"index": 0}, {}])
    @pytest.mark.parametrize("names", [("weather", "time"), ("weather", "weather")])
    def test_whole_calls_without_ids_are_told_apart(self, side, wire, index, names):
        calls = self.one(side, wire, *(call_delta('{"note":"x"}', name=name, **index) for name in names))
        assert [(one["name"], one["arguments"]) for one in calls] == [
            (name, '{"note":"x"}') for name in names
        ]
        assert len({one["id"] for one in calls}) == 2
        assert all(one["id"].startswith("call_") for one in calls)

    def test_one_id_for_two_calls_becomes_two(self, side, wire):
        calls = self.one(
            side,
            wire,
            call_delta("{}", name="weather", id="a", index=0),
            call_delta("{}", name="time", id="a", index=1),
        )
        assert [one["name"] for one in calls] == ["weather", "time"]
        assert calls[0]["id"] == "a"
        assert calls[1]["id"] != "a"

    def test_a_fragment_with_an_index_of_minus_one_belongs_to_the_call_under_way(self, side, wire):
        (one,) = self.one(
            side, wire, call_delta('{"note"', name="weather", id="a", index=0), call_delta(':"x"}', index=-1)
        )
        assert one["arguments"] == '{"note":"x"}'

    @pytest.mark.parametrize("index", [{"index": 0}, {"index": -1}, {}])
    def test_calls_of_two_functions_without_arguments_or_ids_are_told_apart(self, side, wire, index):
        calls = self.one(side, wire, *(call_delta("", name=name, **index) for name in ("weather", "time")))
        assert [(one["name"], one["arguments"]) for one in calls] == [("weather", "{}"), ("time", "{}")]

    @pytest.mark.parametrize("index", [{"index": 0}, {"index": -1}, {}])
    def test_calls_of_one_function_without_arguments_are_told_apart_by_their_ids(self, side, wire, index):
        calls = self.one(
            side,
            wire,
            call_delta("", name="time", id="a", **index),
            call_delta("", name="time", id="b", **index),
        )
        assert [(one["id"], one["arguments"]) for one in calls] == [("a", "{}"), ("b", "{}")]

    def test_a_made_id_is_the_same_however_often_the_stream_is_read(self, side, wire):
        (once,) = self.one(side, wire, call_delta("{}", name="time", index=0))
        (again,) = self.one(side, wire, call_delta("{}", name="time", index=0))
        assert once["id"] == again["id"] != ""

    @pytest.mark.parametrize(
        "rest",
        [
            {"index": 0},
            {"index": -1},
            {},
            {"id": "a", "index": 0},
            {"id": "a", "index": 0, "name": "weather", "type": "function"},
            {"index": 0, "name": "weather"},
            {"name": "weather"},
            {"id": "", "index": 0, "name": ""},
            {"id": None, "index": 0, "type": None, "name": None},
            {"id": "another", "index": 0},
        ],
    )
    def test_fragments_are_put_together_whatever_they_repeat(self, side, wire, rest):
        pieces = ['{"no', 'te":', ' "x"}']
        first = {"id": "a", "index": rest.get("index", 0), "name": "weather", "type": "function"}
        calls = self.one(
            side,
            wire,
            call_delta("", **first),
            *(call_delta(piece, **rest) for piece in pieces),
            call_delta("", **rest),
        )
        assert calls == [{"id": "a", "type": "function", "name": "weather", "arguments": '{"note": "x"}'}]

    def test_fragments_of_parallel_calls_keep_to_their_own(self, side, wire):
        calls = self.one(
            side,
            wire,
            call_delta("", name="weather", id="a", index=0),
            call_delta('{"note"', index=0),
            call_delta(':"x"}', index=0),
            call_delta("", name="time", id="b", index=1),
            call_delta("{", index=1),
            call_delta("}", index=1),
        )
        assert [one["arguments"] for one in calls] == ['{"note":"x"}', "{}"]

    def test_a_name_that_comes_later_is_not_lost(self, side, wire):
        (one,) = self.one(side, wire, call_delta("", id="a", index=0), call_delta("{}", name="time", index=0))
        assert one["name"] == "time"

    def test_an_id_that_comes_later_begins_no_call(self, side, wire):
        (one,) = self.one(
            side, wire, call_delta('{"note"', name="weather", index=0), call_delta(":1}", id="a", index=0)
        )
        assert one["arguments"] == '{"note":1}'

    def test_an_id_that_comes_later_with_the_name_begins_no_call(self, side, wire):
        rest = {"id": "a", "name": "weather", "index": 0}
        (one,) = self.one(
            side, wire, call_delta('{"note"', name="weather", index=0), call_delta(":1}", **rest)
        )
        assert (one["name"], one["arguments"]) == ("weather", '{"note":1}')

    @pytest.mark.parametrize("arguments", ["", None])
    def test_calls_without_arguments_have_an_empty_object(self, side, wire, arguments):
        calls = self.one(
            side,
            wire,
            call_delta(arguments, name="weather", id="a", index=0),
            call_delta(arguments, name="time", id="b", index=1),
        )
        assert [one["arguments"] for one in calls] == ["{}", "{}"]

    def test_arguments_that_are_an_object_become_json_text(self, side, wire):
        (one,) = self.one(side, wire, call_delta({"note": "é"}, name="weather", id="a", index=0))
        assert one["arguments"] == '{"note": "é"}'

    @pytest.mark.parametrize("size", [1, 2, 7, 1000])
    def test_nested_arguments_are_repaired_in_one_piece_and_in_fragments(self, side, wire, size):
        pieces = [PLACE[start : start + size] for start in range(0, len(PLACE), size)]
        (one, other) = self.one(
            side,
            wire,
            call_delta(pieces[0], name="weather", id="a", index=0),
            *(call_delta(piece, index=0) for piece in pieces[1:]),
            call_delta("", name="time", id="b", index=1),
        )
        assert json.loads(one["arguments"]) == {"place": {"city": "Oslo"}}
        assert other["arguments"] == "{}"

    def test_arguments_that_need_no_repair_are_not_held_back(self, side, wire):
        wire.reply(
            calling(
                call_delta('{"note": "', name="weather", id="a", index=0),
                call_delta("x", index=0),
                call_delta('", "place": {"city": "Oslo', index=0),
                call_delta('"}}', index=0),
            )
        )
        chunks = side.create(stream=True, tools=TOOLS)
        pieces = [one.choices[0].delta.tool_calls[0].function.arguments for one in chunks[:-1]]
        assert pieces == ['{"note": ', '"x', '", "place": {"city": "Oslo', '"}}']

    @pytest.mark.usefixtures("quietly")
    def test_without_parallel_calls_the_first_alone_is_passed_on(self, side, wire):
        calls = self.one(
            side,
            wire,
            call_delta("{}", name="weather", id="a", index=0),
            call_delta("{", name="time", id="b", index=1),
            call_delta("}", index=1),
            parallel_tool_calls=False,
        )
        assert [one["id"] for one in calls] == ["a"]

    def test_a_request_with_functions_is_answered_with_a_function_call(self, side, wire):
        wire.reply(
            calling(
                call_delta('{"note"', name="weather", id="a", index=0),
                call_delta(': "x"}', index=0),
                call_delta("{}", name="time", id="b", index=1),
            )
        )
        chunks = side.create(stream=True, functions=[tool["function"] for tool in TOOLS])
        calls = [one.choices[0].delta.function_call for one in chunks if one.choices[0].delta.function_call]
        assert calls[0].name == "weather"
        assert "".join(one.arguments for one in calls) == '{"note": "x"}'
        assert chunks[-1].choices[0].finish_reason == "function_call"
        assert all(one.choices[0].delta.tool_calls is None for one in chunks)

    def test_a_function_called_without_arguments_has_an_empty_object(self, side, wire):
        wire.reply(calling(call_delta("", name="time", id="a", index=0)))
        chunks = side.create(stream=True, functions=[tool["function"] for tool in TOOLS])
        calls = [one.choices[0].delta.function_call for one in chunks if one.choices[0].delta.function_call]
        assert "".join(one.arguments for one in calls) == "{}"

    def test_the_text_before_a_call_comes_before_it(self, side, wire):
        wire.reply(
            sse(
                chunk({"role": "assistant", "content": "I look <"}),
                chunk(call_delta("{}", name="time", id="a", index=0)),
                finish("tool_calls"),
            )
        )
        chunks = side.create(stream=True, model="glm-4.5v", tools=TOOLS)
        assert [one.choices[0].delta.content for one in chunks] == ["I look ", "<", None, None]

    def test_strict_tools_are_parsed_by_stream(self, side, wire):
        class weather(BaseModel):  # noqa: N801 - openai takes the name from the class
            note: str

        class time(BaseModel):  # noqa: N801 - likewise
            pass

        tools = [openai.pydantic_function_tool(weather), openai.pydantic_function_tool(time)]
        wire.reply(
            calling(
                call_delta('{"note"', name="weather", id="a", index=0),
                call_delta(':"x"}', index=0),
                call_delta("", name="time", id="b", index=1),
            )
        )
        with pytest.warns(UserWarning, match="strict"):
            final = side.final(tools=tools)
        first, second = final.choices[0].message.tool_calls
        assert first.function.parsed_arguments == weather(note="x")
        assert second.function.parsed_arguments == time()

    def test_a_call_of_zhipus_own_kind_passes(self, side, wire):
        mcp = {"id": "m", "index": 0, "type": "mcp", "mcp": {"server_label": "docs"}}
        wire.reply(calling({"tool_calls": [mcp]}, reason="stop"))
        (passed,) = side.create(stream=True)[0].choices[0].delta.tool_calls
        assert passed.to_dict() == mcp

    def test_calls_of_zhipus_own_kind_are_each_their_own(self, side, wire):
        events = [
            {"tool_calls": [{"index": 0, "type": "mcp", "mcp": {"type": kind}}]}
            for kind in ("mcp_list_tools", "mcp_call")
        ]
        wire.reply(calling(*events, reason="stop"))
        passed = [one.choices[0].delta.tool_calls[0] for one in side.create(stream=True)[:-1]]
        assert [(one.index, one.mcp["type"]) for one in passed] == [(0, "mcp_list_tools"), (1, "mcp_call")]


class TestFailuresFirst:
    """A failure before anything was delivered has a status, and is tried again as it says."""

    def test_an_error_event_is_tried_again_until_there_is_an_answer(self, side, wire, waits):
        wire.reply(sse(OVERLOADED))
        wire.reply(OVERLOADED)
        wire.reply(text_stream("Hello."))
        assert text_of(side.create(stream=True)) == "Hello."
        assert len(wire.sent) == 3
        assert [2 <= waits[0] <= 2.5, 5 <= waits[1] <= 6.25] == [True, True]

    @pytest.mark.parametrize("streamed", [True, False])
    @pytest.mark.parametrize(
        ("body", "error", "code", "tries"),
        [
            (OVERLOADED, openai.RateLimitError, "server_is_overloaded", 3),
            (
                {"error": {"code": 1302, "message": "x"}, "request_id": "2026"},
                openai.RateLimitError,
                "rate_limit_exceeded",
                3,
            ),
            (
                {"code": 1000, "msg": "身份验证失败。", "success": False},
                openai.AuthenticationError,
                "invalid_api_key",
                1,
            ),
            (
                {"error": {"code": "1113", "message": "余额不足"}},
                openai.RateLimitError,
                "insufficient_quota",
                1,
            ),
            (
                {
                    "error": {"code": "1301", "message": "sensitive"},
                    "contentFilter": [{"role": "user", "level": 1}],
                },
                openai.BadRequestError,
                "content_filter",
                1,
            ),
        ],
    )
    @pytest.mark.usefixtures("waits")
    def test_each_shape_raises_openais_class(self, side, wire, body, error, code, tries, streamed):
        wire.reply(sse(body) if streamed else body)
        with pytest.raises(error) as caught:
            side.create(stream=True)
        assert caught.value.code == code
        assert len(wire.sent) == tries

    @pytest.mark.usefixtures("waits")
    def test_an_error_under_the_content_type_of_a_stream_is_one_too(self, side, wire):
        wire.reply(json.dumps(OVERLOADED).encode())
        with pytest.raises(openai.RateLimitError):
            side.create(stream=True)
        assert len(wire.sent) == 3

    @pytest.mark.parametrize("reason", ["network_error", "abort"])
    @pytest.mark.usefixtures("waits")
    def test_an_error_terminal_alone_is_tried_again(self, side, wire, reason):
        terminal = without("object", chunk(FINAL, reason))
        wire.reply(sse(terminal))
        wire.reply(text_stream("Hello."))
        assert text_of(side.create(stream=True)) == "Hello."
        assert len(wire.sent) == 2

    def test_a_window_exceeded_with_nothing_produced_is_a_bad_request(self, side, wire):
        wire.reply(sse(chunk(FINAL, "model_context_window_exceeded")))
        with pytest.raises(openai.BadRequestError) as caught:
            side.create(stream=True)
        assert caught.value.code == "context_length_exceeded"
        assert len(wire.sent) == 1

    @pytest.mark.parametrize("body", [COMPLETION, {}, [], "text", None])
    @pytest.mark.usefixtures("waits")
    def test_json_in_place_of_a_stream_is_an_error_and_never_an_empty_stream(self, side, wire, body):
        wire.reply(body)
        with pytest.raises(openai.InternalServerError):
            side.create(stream=True)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\n\n",
            b": keep-alive\n\n",
            b"data: [DONE]\n\n",
            b'data: {"id":"2026","delta":{"role',
            b'data: {"id":"2026","delta":{"roledata: {"id":"2027"}\n\n',
            sse(chunk({"role": "assistant", "content": ""}), done=False),
        ],
    )
    @pytest.mark.usefixtures("waits")
    def test_a_stream_without_an_answer_is_a_broken_connection_after_openais_tries(self, side, wire, body):
        wire.reply(body)
        with pytest.raises(openai.APIConnectionError):
            side.create(stream=True)
        assert len(wire.sent) == 3

    @pytest.mark.usefixtures("waits")
    def test_a_connection_that_breaks_first_is_tried_again(self, side, wire):
        wire.reply_with(in_pieces([], error=httpx.ReadError("gone")))
        wire.reply(text_stream("Hello."))
        assert text_of(side.create(stream=True)) == "Hello."


class TestFailuresLater:
    """A failure after chunks were delivered is raised while they are iterated."""

    SOME = (chunk({"role": "assistant", "content": "Hel"}), chunk({"role": "assistant", "content": "lo"}))

    @pytest.mark.parametrize(
        ("event", "error", "code"),
        [
            (OVERLOADED, openai.RateLimitError, "server_is_overloaded"),
            ({"error": {"code": "1302", "message": "x"}}, openai.RateLimitError, "rate_limit_exceeded"),
            ({"error": {"code": "1301", "message": "x"}}, openai.BadRequestError, "content_filter"),
            ({"error": {"code": "500", "message": "x"}}, openai.InternalServerError, None),
            ({}, openai.InternalServerError, "invalid_upstream_answer"),
            (chunk(FINAL, "network_error"), openai.InternalServerError, None),
            (chunk(FINAL, "abort"), openai.InternalServerError, None),
        ],
    )
    @pytest.mark.parametrize("size", [1, 65536])
    def test_openais_class_is_raised_after_the_chunks_before_it(self, side, wire, event, error, code, size):
        wire.reply_with(in_pieces(cut(sse(*self.SOME, event, finish()), size)))
        seen, caught = failing(side, error=error)
        assert text_of(seen) == "Hello"
        assert caught.code == code
        assert len(wire.sent) == 1

    @pytest.mark.parametrize(
        "rest",
        [
            b"",
            b"data: [DONE]\n\n",
            b'data: {"id":"2026","del',
            b'data: {"id":"2026","delta":{"roledata: {"id":"2027","choices":[]}\n\n',
            b"data: {'id': 1}\n\n",
        ],
    )
    def test_a_cut_stream_is_a_broken_connection(self, side, wire, rest):
        wire.reply(sse(*self.SOME, done=False) + rest)
        seen, _ = failing(side, error=openai.APIConnectionError)
        assert text_of(seen) == "Hello"
        assert len(wire.sent) == 1

    @pytest.mark.parametrize(
        ("broken", "error"),
        [
            (httpx.ReadError("gone"), openai.APIConnectionError),
            (httpx.RemoteProtocolError("gone"), openai.APIConnectionError),
            (httpx.ReadTimeout("slow"), openai.APITimeoutError),
        ],
    )
    def test_a_connection_that_breaks_is_never_the_http_librarys_error(self, side, wire, broken, error):
        wire.reply_with(in_pieces([sse(*self.SOME, done=False)], error=broken))
        seen, _ = failing(side, error=error)
        assert text_of(seen) == "Hello"

    def test_stream_raises_it_as_well(self, side, wire):
        wire.reply(sse(*self.SOME, OVERLOADED))
        with pytest.raises(openai.RateLimitError):
            side.final()

    def test_a_window_exceeded_after_some_text_is_the_length(self, side, wire):
        wire.reply(sse(*self.SOME, chunk(FINAL, "model_context_window_exceeded")))
        assert side.create(stream=True)[-1].choices[0].finish_reason == "length"
