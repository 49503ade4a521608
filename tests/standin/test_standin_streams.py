"""Streams: the anatomy of chunks, and the time between them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from standin_helpers import ADD, ask, body_of, chunks_of, frames_of, joined, standin

ID = "20261009123005629f6fbed82c07cd"


def fields(chunk: Any) -> tuple[list[str], list[str], list[str]]:
    """Return the keys of a chunk, of its choice and of its delta, in order."""
    [choice] = chunk["choices"]
    return list(chunk), list(choice), list(choice["delta"])


def test_a_stream_has_role_on_every_text_delta_and_finish_reason_and_usage_on_the_last_chunk() -> None:
    chunks = chunks_of(ask(standin(), stream=True))
    top = ["id", "created", "object", "model", "choices"]
    shapes = [fields(chunk) for chunk in chunks]
    reasoning = (top, ["index", "delta"], ["role", "reasoning_content"])
    content = (top, ["index", "delta"], ["role", "content"])
    end = ([*top, "usage"], ["index", "finish_reason", "delta"], ["role", "content"])
    assert shapes == [reasoning] * 15 + [content] * 28 + [end]
    assert chunks[0] == {
        "id": ID,
        "created": 1791520205,
        "object": "chat.completion.chunk",
        "model": "glm-4.6",
        "choices": [{"index": 0, "delta": {"role": "assistant", "reasoning_content": "This"}}],
    }
    assert chunks[-1]["choices"] == [
        {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": ""}}
    ]


def test_a_stream_says_what_a_whole_answer_says() -> None:
    chunks = chunks_of(ask(standin(), stream=True))
    whole = body_of(ask(standin()))
    assert joined(chunks, "content") == whole["choices"][0]["message"]["content"]
    assert joined(chunks, "reasoning_content") == whole["choices"][0]["message"]["reasoning_content"]
    assert chunks[-1]["usage"] == whole["usage"]
    assert list(chunks[-1]["usage"]) == [
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "prompt_tokens_details",
        "completion_tokens_details",
    ]


@pytest.mark.parametrize("options", [None, {"include_usage": False}, {"include_usage": True}])
def test_stream_options_change_nothing(options: Any) -> None:
    chunks = chunks_of(ask(standin(), stream=True, stream_options=options))
    assert [bool(chunk["choices"]) for chunk in chunks] == [True] * len(chunks)
    assert ["usage" in chunk for chunk in chunks] == [False] * (len(chunks) - 1) + [True]


def test_each_event_is_one_data_line_and_a_blank_line() -> None:
    raw = ask(standin(), stream=True).read()
    assert raw.endswith(b"}\n\ndata: [DONE]\n\n")
    assert b"\r" not in raw
    for frame in frames_of(ask(standin(), stream=True)):
        assert re.fullmatch(rb"data: [^\n]+", frame)


def test_a_tool_call_comes_whole_in_one_chunk_without_role() -> None:
    chunks = chunks_of(ask(standin(), stream=True, tools=[ADD], thinking={"type": "disabled"}))
    assert len(chunks) == 2
    [call] = chunks[0]["choices"][0]["delta"]["tool_calls"]
    assert chunks[0]["choices"][0] == {"index": 0, "delta": {"tool_calls": [call]}}
    assert list(call) == ["id", "index", "type", "function"]
    assert re.fullmatch(r"call_[0-9a-f]{24}", call["id"])
    assert (call["index"], call["type"], call["function"]) == (
        0,
        "function",
        {"name": "add", "arguments": '{"a":2,"b":3}'},
    )
    assert chunks[1]["choices"][0] == {
        "index": 0,
        "finish_reason": "tool_calls",
        "delta": {"role": "assistant", "content": ""},
    }


def test_several_calls_are_consecutive_chunks_with_rising_index() -> None:
    service = standin()
    service.calls(("add", {"a": 1}), ("sub", {"b": 2}), content="Both.")
    chunks = chunks_of(ask(service, stream=True))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert [delta.get("content") for delta in deltas] == ["Both", ".", None, None, ""]
    calls = [delta["tool_calls"][0] for delta in deltas[2:4]]
    assert [(call["index"], call["function"]["name"]) for call in calls] == [(0, "add"), (1, "sub")]
    assert len({call["id"] for call in calls}) == 2


def test_with_tool_stream_later_fragments_carry_only_index_and_arguments() -> None:
    reply = ask(standin(), stream=True, tool_stream=True, tools=[ADD], thinking={"type": "disabled"})
    chunks = chunks_of(reply)[:-1]
    first, *rest = [chunk["choices"][0]["delta"]["tool_calls"][0] for chunk in chunks]
    assert list(first) == ["id", "index", "type", "function"]
    assert first["function"] == {"name": "add", "arguments": ""}
    assert len(rest) > 3
    assert all(list(call) == ["index", "function"] for call in rest)
    assert "".join(call["function"]["arguments"] for call in rest) == '{"a":2,"b":3}'


def test_tool_stream_on_a_model_without_it_is_accepted_and_ignored() -> None:
    reply = ask(standin(), model="glm-4.5", stream=True, tool_stream=True, tools=[ADD])
    calls = [chunk for chunk in chunks_of(reply) if "tool_calls" in chunk["choices"][0]["delta"]]
    assert len(calls) == 1


def test_a_stream_has_the_recorded_headers() -> None:
    reply = ask(standin(), stream=True)
    assert reply.headers == [
        ("content-type", "text/event-stream;charset=UTF-8"),
        ("date", "Fri, 09 Oct 2026 04:30:05 GMT"),
        ("server", "zhipu-openai-standin"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("vary", "Accept-Encoding"),
        ("vary", "Origin"),
        ("vary", "Access-Control-Request-Method"),
        ("vary", "Access-Control-Request-Headers"),
        ("vary", "Origin"),
        ("vary", "Access-Control-Request-Method"),
        ("vary", "Access-Control-Request-Headers"),
        ("x-log-id", ID),
    ]


def test_the_id_of_a_stream_is_its_log_id() -> None:
    reply = ask(standin(), stream=True)
    assert chunks_of(reply)[0]["id"] == dict(reply.headers)["x-log-id"]


def test_pace_is_waited_between_events_and_not_before_the_first() -> None:
    service = standin(pace=0.25)
    service.say("one two")
    slept: list[float] = []
    reply = ask(service, stream=True)
    pieces = list(reply.pieces(slept.append))
    assert len(pieces) == 4
    assert slept == [0.25, 0.25, 0.25]


def test_pace_does_not_slow_whole_answers() -> None:
    slept: list[float] = []
    reply = ask(standin(pace=0.25))
    assert len(list(reply.pieces(slept.append))) == 1
    assert (slept, reply.delay) == ([], 0.0)


def test_slow_start_waits_before_the_first_event_only() -> None:
    slept: list[float] = []
    reply = ask(standin("slow_start:2.5"), stream=True)
    pieces = list(reply.pieces(slept.append))
    assert json.loads(pieces[0].removeprefix(b"data: "))["id"] == ID
    assert (slept, reply.delay) == ([2.5], 0.0)
