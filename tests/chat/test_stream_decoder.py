"""The stream decoder on its own: the bytes it gives for the bytes it gets."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from answer_helpers import call_delta, cut, decode, decoder, deltas, events, sse, text_stream
from conftest import COMPLETION, chunk
from hypothesis import given, settings
from hypothesis import strategies as st

from zhipu_openai.translate.chat import stream as stream_module
from zhipu_openai.translate.chat.draft import AnswerPlan, JsonSchema

USAGE = COMPLETION["usage"]
HEAD = {name: chunk({})[name] for name in ("id", "created", "object", "model")}
WEATHER = {
    "type": "object",
    "properties": {"place": {"type": "object", "properties": {"city": {"type": "string"}}}},
}


def streaming(**plan: Any) -> AnswerPlan:
    return AnswerPlan(stream=True, **plan)


CALLS = sse(
    chunk({"role": "assistant", "reasoning_content": "Two"}),
    chunk(call_delta('{"place": "{\\"city\\": \\"Oslo\\"}"}', name="weather", id="call_a", index=-1)),
    chunk(call_delta("", name="time", index=-1)),
    chunk({"role": "assistant", "content": ""}, "tool_calls", usage=USAGE),
)
SEARCH = sse(
    chunk({"role": "assistant", "content": "As ref_1 has it."}),
    chunk({}, web_search=[{"refer": "ref_1", "link": "https://a.example", "title": "A"}]),
    chunk({"role": "assistant", "content": ""}, "stop", usage=USAGE),
)
SENSITIVE = sse(
    chunk({"role": "assistant", "content": "So "}),
    chunk({"role": "user", "content": ""}, "sensitive", content_filter=[{"role": "user", "level": 1}]),
)
FENCED = text_stream("\n``", '`json\n{"a"', ": 1}\n`", "``\n")

STREAMS = {
    "text": (text_stream("Hel", "lo. 你好", "\n", reasoning=["\n", "Hm"]), streaming(include_usage=True)),
    "escapes": (text_stream('a"b\\', "\n", "é🙂", "c"), streaming()),
    "calls": (CALLS, streaming(parameters={"weather": WEATHER}, include_usage=True)),
    "one call": (CALLS, streaming(parameters={"weather": WEATHER}, single_tool_call=True)),
    "legacy call": (CALLS, streaming(parameters={"weather": WEATHER}, legacy_functions=True)),
    "search": (SEARCH, streaming(include_usage=True)),
    "sensitive": (SENSITIVE, streaming()),
    "fenced": (FENCED, streaming(json_schema=JsonSchema("a", {"type": "object"}))),
    "tags": (
        text_stream("<thi", "nk>Hm</th", "ink>\n<|begin_of", "_box|>4<|end_of_box|>"),
        streaming(think_tags=True, box_tokens=True),
    ),
    "stops": (text_stream("one", " two th", "ree four"), streaming(stops=("three", "five"))),
    "forced": (
        sse(
            chunk({"role": "assistant", "content": "\nI will look."}),
            chunk(call_delta("{}", name="time", id="call_t", index=0)),
            chunk({"role": "assistant", "content": ""}, "tool_calls", usage=USAGE),
        ),
        streaming(forced_tools=frozenset({"time"})),
    ),
    "length": (text_stream(reasoning=["Hm"], finish_reason="length"), streaming()),
    "window": (
        text_stream("Some", finish_reason="model_context_window_exceeded"),
        streaming(include_usage=True),
    ),
}


def test_a_text_stream_becomes_openais_event_for_event():
    out, failure = decode([text_stream("Hel", "lo.", reasoning=["Hm"])], streaming(include_usage=True))
    assert failure is None
    head = HEAD

    def made(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    assert events(out) == [
        made({"role": "assistant", "reasoning_content": "Hm"}),
        made({"reasoning_content": None, "content": "Hel"}),
        made({"reasoning_content": None, "content": "lo."}),
        made({"reasoning_content": None}, "stop"),
        {**head, "choices": [], "usage": USAGE},
        "[DONE]",
    ]


def test_without_include_usage_there_is_no_usage():
    out, _ = decode([text_stream("Hello.")])
    assert b"usage" not in out


@pytest.mark.parametrize("name", STREAMS)
def test_a_translated_stream_passes_a_second_time_unchanged(name):
    body, plan = STREAMS[name]
    once, failure = decode([body], plan)
    assert failure is None
    assert decode([once], plan) == (once, None)


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("size", [1, 37, 65536])
def test_read_sizes_make_no_difference(name, size):
    body, plan = STREAMS[name]
    assert decode(cut(body, size), plan) == decode([body], plan)


@given(
    st.sampled_from(sorted(STREAMS)), st.lists(st.integers(0, 3000)), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_neither_cuts_nor_line_ends_make_a_difference(name, places, end):
    body, plan = STREAMS[name]
    sent = body.replace(b"\n", end.encode())
    bounds = [0, *sorted(place for place in places if place < len(sent)), len(sent)]
    pieces = [sent[start:stop] for start, stop in pairwise(bounds)]
    assert decode(pieces, plan) == decode([body], plan)


def test_comments_ids_and_a_missing_space_change_nothing():
    plain = text_stream("Hel", "lo.")
    dressed = b"\xef\xbb\xbf: hello\n\n" + plain.replace(b"data: ", b"event: message\nid: 1\ndata:").replace(
        b"\n\n", b"\nretry: 5\n\n: keep-alive\n\ndata:\n\n"
    )
    assert decode([dressed]) == decode([plain])


def test_data_over_several_lines_is_one_event():
    event = json.dumps(chunk({"role": "assistant", "content": "Hi"}), indent=1)
    lines = "".join(f"data: {line}\n" for line in event.split("\n"))
    final = sse(chunk({"role": "assistant", "content": ""}, "stop"))
    out, failure = decode([lines.encode() + b"\n" + final])
    assert failure is None
    assert deltas(out)[0] == {"role": "assistant", "reasoning_content": None, "content": "Hi"}


def test_the_short_way_and_the_long_way_say_the_same(monkeypatch):
    pieces = ['a"b\\', "\n", "", "é🙂", " ", "</tag>"]
    texts = [
        chunk({"role": "assistant", field: piece})
        for field in ("reasoning_content", "content")
        for piece in pieces
    ]
    escaped = "".join(f"data: {json.dumps(text, separators=(',', ':'))}\n\n" for text in texts).encode()
    lone = sse(chunk({"role": "assistant", "content": "half"}), done=False).replace(b"half", rb"\ud83d")
    body = sse(*texts, done=False) + escaped + lone + text_stream("end")
    short, failure = decode([body])
    assert failure is None
    monkeypatch.setattr(stream_module, "_LONGEST_USUAL", 0)
    long, _ = decode([body])
    assert events(short) == events(long)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The events that the decoder had to parse."""
    seen: list[bytes] = []
    decode_json = stream_module.decode

    def record(data: bytes) -> Any:
        seen.append(data)
        return decode_json(data)

    monkeypatch.setattr(stream_module, "decode", record)
    return seen


@pytest.mark.parametrize("field", ["content", "reasoning_content"])
def test_the_usual_event_is_never_parsed_at_either_pass(parsed, field):
    usual = sse(chunk({"role": "assistant", field: "token"}), done=False)
    out, failure = decode([usual * 1000 + text_stream()])
    assert failure is None
    # The first carries the role, the last the finish reason.
    assert len(parsed) == 2
    assert len(events(out)) == 1000 + 2
    assert decode([out]) == (out, None)
    assert len(parsed) == 4


def test_blank_text_is_not_yet_an_answer():
    exceeded = text_stream("\n", " ", finish_reason="model_context_window_exceeded")
    out, failure = decode([exceeded])
    assert "".join(delta["content"] for delta in deltas(out)) == "\n "
    assert failure.answer.body["error"]["code"] == "context_length_exceeded"
    _, failure = decode([text_stream("\n", "a", finish_reason="model_context_window_exceeded")])
    assert failure is None


def test_a_field_of_a_choice_that_is_null_makes_no_chunk():
    empty = chunk({"role": "assistant", "content": ""})
    empty["choices"][0] |= {"logprobs": None, "content_filter": {"level": 1}}
    out, _ = decode([sse(empty, chunk({"content": "a"}), chunk({}, "stop"))])
    assert events(out)[0]["choices"][0]["content_filter"] == {"level": 1}
    del empty["choices"][0]["content_filter"]
    assert decode([sse(empty, chunk({"content": "a"}), chunk({}, "stop"))]) == decode([text_stream("a")])


def test_content_that_is_no_text_is_passed_on():
    parts = [{"type": "text", "text": "Hi"}]
    out, _ = decode([sse(chunk({"content": parts}), chunk({}, "stop"))])
    assert [delta.get("content") for delta in deltas(out)] == [parts, None]


def test_what_follows_withheld_text_waits_behind_it():
    body = sse(
        chunk({"role": "assistant", "content": "I look."}),
        chunk({}, request_id="mine"),
        chunk({"role": "assistant", "reasoning_content": "Hm", "content": "So."}),
        chunk(call_delta("{}", name="time", id="a", index=0)),
        chunk({}, "tool_calls"),
    )
    out, _ = decode([body], streaming(forced_tools=frozenset({"time"})))
    shown = [
        (
            event["choices"][0]["delta"].get("reasoning_content"),
            event["choices"][0]["delta"].get("content"),
            event.get("request_id"),
        )
        for event in events(out)[:-1]
    ]
    assert shown == [
        ("Hm", None, None),
        (None, "I look.", None),
        (None, None, "mine"),
        (None, "So.", None),
        (None, None, None),
        (None, None, None),
    ]


def test_a_call_after_a_stop_word_is_still_a_call():
    body = sse(
        chunk({"role": "assistant", "content": "one stop two"}),
        chunk(call_delta("{}", name="time", id="a", index=0)),
        chunk({}, "tool_calls"),
    )
    out, _ = decode([body], streaming(stops=("stop",)))
    assert assembled(out)["content"] == "one "
    assert assembled(out)["reason"] == "tool_calls"


@pytest.mark.parametrize("blank", ["\n", " "])
def test_blank_text_beside_json_or_a_call_is_left_out(blank):
    plan = streaming(json_schema=JsonSchema("a", {"type": "object"}))
    out, failure = decode([text_stream("{}", blank)], plan)
    assert (failure, assembled(out)["content"]) == (None, "{}")
    call = chunk(call_delta("{}", name="time", id="a", index=0))
    out, failure = decode([sse(chunk({"content": blank}), call, chunk({}, "tool_calls"))], plan)
    assert failure is None
    assert not assembled(out).keys() & {"content", "native_content"}


def test_several_fragments_of_one_call_in_a_delta_are_one_function_call():
    fragments = [
        *call_delta('{"a"', name="time", id="a", index=0)["tool_calls"],
        *call_delta(": 1}", index=0)["tool_calls"],
    ]
    out, _ = decode(
        [sse(chunk({"tool_calls": fragments}), chunk({}, "tool_calls"))], streaming(legacy_functions=True)
    )
    assert deltas(out)[0]["function_call"] == {"name": "time", "arguments": '{"a": 1}'}


def test_fragments_under_one_id_go_to_the_call_begun_last():
    body = sse(
        chunk(call_delta('{"a": 1}', name="time", id="a", index=0)),
        chunk(call_delta("", name="weather", id="a", index=1)),
        chunk(call_delta('{"b": 2}', id="a", index=1)),
        chunk({}, "tool_calls"),
    )
    out, _ = decode([body])
    calls = assembled(out)["calls"].values()
    assert [(call["name"], call["arguments"]) for call in calls] == [
        ("time", '{"a": 1}'),
        ("weather", '{"b": 2}'),
    ]


def test_bytes_that_are_not_utf8_are_a_broken_stream_and_not_passed_on():
    usual = sse(chunk({"role": "assistant", "content": "token"}), done=False)
    out, failure = decode([usual, usual.replace(b"token", b"tok\xff"), text_stream()])
    assert len(events(out)) == 1
    assert failure.answer is None


def test_a_hundred_thousand_chunks_leave_nothing_behind():
    usual = sse(chunk({"role": "assistant", "content": "token"}), done=False)
    reader = decoder()
    size = sum(len(reader.feed(usual * 100)) for _ in range(1000))
    assert size > 100_000 * 200
    assert reader._frames._held == []
    assert reader._content == []


def test_an_event_of_five_megabytes_passes_in_small_pieces():
    text = "x\n" * 1_250_000
    body = text_stream("start", text, "end")
    out, failure = decode(cut(body, 1000))
    assert failure is None
    assert "".join(delta.get("content") or "" for delta in deltas(out)) == f"start{text}end"


@pytest.mark.parametrize(
    "lost",
    [
        b"",
        b": only a comment\n\n",
        b"data: [DONE]\n\n",
        text_stream("Hel")[:-200],
        sse(chunk({"role": "assistant", "content": "Hel"}), done=False),
        sse(chunk({"role": "assistant", "content": "Hel"}), done=True),
        sse(chunk({"role": "assistant", "content": "Hel"}), done=False)
        + b'data: {"id":"2026","delta":{"roledata: {"id',
        sse('{"id":"1"}{"id":"2"}'),
        sse("[[[["),
        sse("[" * 100_000),
        sse('{"choices":[{"index":0,"delta":{"content":NaN}}]}'),
    ],
)
def test_a_stream_that_is_cut_or_garbled_is_a_broken_connection(lost):
    out, failure = decode([lost])
    assert failure is not None
    assert failure.answer is None
    assert b"[DONE]" not in out


def test_what_came_before_the_break_is_delivered_and_nothing_after_it():
    broken = sse(chunk({"role": "assistant", "content": "Hel"}), "{", chunk({"content": "lo"}, "stop"))
    out, failure = decode([broken])
    assert [delta.get("content") for delta in deltas(out)] == ["Hel"]
    assert failure is not None
    reader = decoder()
    reader.feed(broken)
    assert reader.feed(text_stream("more")) == b""
    assert reader.end() == b""


@pytest.mark.parametrize(
    "end", [b"", b"data", b"data: ", b"data: [DO", b"data: [DONE]", b"data: [DONE]\n", b": bye"]
)
def test_after_the_finish_reason_the_end_may_be_cut(end):
    body = text_stream("Hello.").removesuffix(b"data: [DONE]\n\n")
    assert decode([body + end]) == decode([text_stream("Hello.")])


def test_a_last_event_without_a_blank_line_counts():
    body = text_stream("Hello.").removesuffix(b"\n\ndata: [DONE]\n\n")
    assert decode([body]) == decode([text_stream("Hello.")])


def test_nothing_is_read_after_done():
    assert decode([text_stream("Hello."), text_stream("Again.")]) == decode([text_stream("Hello.")])


@pytest.mark.parametrize(
    "event",
    ["[]", "null", '"text"', "{}", '{"choices": null}', '{"choices":[null]}', '{"choices":[{"index":0}]}'],
)
def test_an_event_that_is_no_chunk_is_a_server_error(event):
    out, failure = decode([sse(event)])
    assert out == b""
    assert (failure.answer.status, failure.answer.retry) == (502, True)
    assert failure.answer.body["error"]["code"] == "invalid_upstream_answer"


def test_a_whole_answer_in_an_event_is_a_server_error():
    _, failure = decode([sse(COMPLETION)])
    assert failure.answer.status == 502


@pytest.mark.parametrize("body", [json.dumps(COMPLETION), json.dumps(COMPLETION, indent=1)])
def test_a_whole_answer_under_a_streams_content_type_is_a_server_error(body):
    out, failure = decode([body.encode()])
    assert out == b""
    assert failure.answer.status == 502


@pytest.mark.parametrize(
    "error",
    [
        {"error": {"code": "1302", "message": "Rate limit reached for requests"}},
        {"error": {"code": 1302, "message": "Rate limit reached for requests"}, "request_id": "2026"},
        {"error": {"code": "1302", "message": "x"}, "choices": []},
        {"error": {"code": "1302", "message": "x"}, "object": "chat.completion.chunk", "id": "2026"},
        {"error": {"code": "1302", "message": "x"}, "choices": [{"index": 0, "delta": {"content": ""}}]},
        {"code": 1302, "msg": "Rate limit reached for requests", "success": False},
    ],
)
@pytest.mark.parametrize("framed", [True, False])
def test_an_error_is_recognised_in_each_of_its_shapes(error, framed):
    out, failure = decode([sse(error) if framed else json.dumps(error, indent=1).encode()])
    assert out == b""
    assert (failure.answer.status, failure.answer.retry) == (429, True)
    assert failure.answer.body["error"]["code"] == "rate_limit_exceeded"


def test_an_error_event_of_the_anthropic_surface_is_recognised():
    body = b'event: error\ndata: {"error":{"type":"rate_limit_error","code":"1308","message":"[1308][Usage][x]"}}\n\n'
    _, failure = decode([body])
    assert failure.answer.body["error"]["code"] == "insufficient_quota"


def test_the_head_comes_from_the_first_chunk_that_has_one():
    body = sse(
        {"web_search": [{"link": "https://a.example"}]},
        chunk({"role": "assistant", "content": "Hi"}),
        chunk({}, "stop"),
    )
    out, _ = decode([body])
    assert [event["id"] for event in events(out)[1:-1]] == [HEAD["id"]] * 3
    assert {event["object"] for event in events(out)[:-1]} == {"chat.completion.chunk"}


def odd(names: list[str], inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Make objects whose members have known names and values of any kind."""
    return st.dictionaries(st.sampled_from(names), inner, max_size=len(names))


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats()
    | st.sampled_from(["", "a", "stop", "network_error"])
)
odd_functions = scalars | odd(["name", "arguments"], scalars | st.lists(scalars, max_size=2))
odd_calls = scalars | odd(["id", "index", "type", "function", "mcp"], scalars | odd_functions)
odd_deltas = scalars | odd(
    ["role", "content", "reasoning_content", "tool_calls", "function_call", "annotations", "audio"],
    scalars | st.lists(odd_calls, max_size=2) | odd_functions,
)
odd_choices = scalars | odd(
    ["index", "delta", "finish_reason", "native_finish_reason", "message"], scalars | odd_deltas
)
odd_events = scalars | odd(
    [
        "id",
        "created",
        "object",
        "model",
        "choices",
        "usage",
        "web_search",
        "error",
        "code",
        "msg",
        "request_id",
    ],
    scalars
    | st.lists(scalars | odd_choices | odd(["refer", "link"], scalars), max_size=2)
    | odd(["code", "message"], scalars),
)
ODD_PLANS = (
    streaming(include_usage=True),
    streaming(legacy_functions=True, parameters={"a": WEATHER}),
    streaming(json_schema=JsonSchema("a", None), forced_tools=frozenset({"a"}), single_tool_call=True),
    streaming(think_tags=True, box_tokens=True, stops=("stop", "a")),
)


@settings(max_examples=500)
@given(st.lists(odd_events, max_size=4), st.sampled_from(ODD_PLANS))
def test_whatever_comes_there_is_a_stream_or_a_failure(sent, plan):
    reader = decoder(plan)
    out = reader.feed(sse(*(json.dumps(event) for event in sent))) + reader.end()
    for event in events(out):
        assert event == "[DONE]" or event["object"] == "chat.completion.chunk"
    assert reader.failure is not None or reader.done
    assert (b"[DONE]" in out) == (reader.failure is None and reader.follow_up() is None)


@given(st.binary(max_size=200), st.sampled_from(ODD_PLANS))
def test_bytes_that_are_no_stream_are_a_failure(data, plan):
    out, failure = decode([data], plan)
    assert out == b""
    assert failure is not None


texts = st.text(alphabet=st.sampled_from('ab{}[]",:\\ \n`<|é🙂'), max_size=8)


@st.composite
def wire_streams(draw: st.DrawFn) -> tuple[bytes, AnswerPlan]:
    """Make streams in Zhipu's shapes, the odd ones too; text comes before calls, as on the wire."""
    made = []
    spoken = draw(st.lists(st.sampled_from(["content", "reasoning_content", "both"]), max_size=4))
    called = draw(st.lists(st.sampled_from(["call", "fragment"]), max_size=4))
    for kind in [*spoken, *called]:
        delta: dict[str, Any] = {"role": "assistant"}
        if kind == "both":
            delta |= {"content": draw(texts), "reasoning_content": draw(texts)}
        elif kind == "call":
            arguments = draw(
                st.sampled_from(["", "{}", '{"place": "{\\"city\\": \\"Oslo\\"}"}', '{"place": "{"}'])
            )
            delta = call_delta(
                arguments,
                name=draw(st.sampled_from(["weather", "time"])),
                index=draw(st.sampled_from([-1, 0, 1])),
            )
        elif kind == "fragment":
            delta = call_delta(draw(texts), index=draw(st.sampled_from([-1, 0])))
        else:
            delta[kind] = draw(texts)
        top = draw(
            st.sampled_from(
                [{}, {"web_search": [{"refer": "a", "link": "https://a.example"}]}, {"request_id": "r"}]
            )
        )
        event = chunk(delta, draw(st.sampled_from([None, None, None, "tool_calls"])), **top)
        event["choices"][0]["index"] = draw(st.integers(0, 3))
        if draw(st.booleans()):
            del event["object"]
        made.append(event)
    reason = draw(
        st.sampled_from(["stop", "length", "sensitive", "tool_calls", "model_context_window_exceeded"])
    )
    last = "" if called else draw(texts)
    made.append(chunk({"role": "assistant", "content": last}, reason, usage=USAGE))
    plan = streaming(
        include_usage=draw(st.booleans()),
        think_tags=draw(st.booleans()),
        box_tokens=draw(st.booleans()),
        legacy_functions=draw(st.booleans()),
        single_tool_call=draw(st.booleans()),
        stops=draw(st.sampled_from([(), ("b{", "é")])),
        parameters={"weather": WEATHER},
        forced_tools=draw(st.sampled_from([frozenset(), frozenset({"time"})])),
        json_schema=draw(st.sampled_from([None, JsonSchema("a", {"type": "object"})])),
    )
    return sse(*made), plan


def assembled(stream: bytes) -> dict[str, Any]:
    """Put a translated stream of one choice together."""
    whole: dict[str, Any] = {"calls": {}, "done": events(stream)[-1]}
    for event in events(stream)[:-1]:
        whole.update({name: value for name, value in event.items() if name != "choices"})
        for choice in event["choices"]:
            whole["reason"], whole["native"] = choice["finish_reason"], choice.get("native_finish_reason")
            for name, value in choice["delta"].items():
                if name == "tool_calls":
                    for fragment in value:
                        call = whole["calls"].setdefault(fragment["index"], {"arguments": ""})
                        call.update({key: one for key, one in fragment.items() if key != "function"})
                        call["name"] = call.get("name", "") + fragment["function"].get("name", "")
                        call["arguments"] += fragment["function"]["arguments"]
                elif name == "function_call":
                    whole["function"] = whole.get("function", "") + json.dumps(value)
                elif isinstance(value, str) and name != "role":
                    whole[name] = whole.get(name, "") + value
                elif value is not None:
                    whole[name] = value
    return whole


@settings(max_examples=300)
@given(wire_streams())
def test_whatever_comes_the_second_pass_changes_nothing(made):
    body, plan = made
    reader = decoder(plan)
    out = reader.feed(body) + reader.end()
    assert decode(cut(body, 7), plan) == (out, reader.failure)
    if reader.failure is not None or reader.follow_up() is not None:
        return
    again, failure = decode([out], plan)
    assert failure is None
    assert assembled(again) == assembled(out)
    if not (plan.think_tags or plan.box_tokens or plan.stops or plan.json_schema):
        # A filter may cut a text into other pieces, where a piece looks like the beginning of a mark.
        assert again == out
    choices = [choice for event in events(out)[:-1] for choice in event["choices"]]
    assert [choice["finish_reason"] is None for choice in choices] == [True] * (len(choices) - 1) + [False]
    assert ["role" in choice["delta"] for choice in choices] == [True] + [False] * (len(choices) - 1)
    assert {choice["index"] for choice in choices} == {0}
