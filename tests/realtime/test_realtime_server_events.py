"""What Zhipu sends, as the caller gets it."""

from __future__ import annotations

import base64
from functools import cache
from importlib import import_module
from typing import Any

import openai
import pytest
from realtime_helpers import Line, kinds

from zhipu_openai.glm_realtime.server_events import SERVER_EVENTS

GA = hasattr(openai.OpenAI, "realtime")
DIALECTS = ["ga", "beta"] if GA else ["beta"]


@cache
def adapter(dialect: str) -> Any:
    """Give what checks events by openai's own types."""
    from pydantic import TypeAdapter

    package = "realtime" if dialect == "ga" else "beta.realtime"
    return TypeAdapter(import_module(f"openai.types.{package}").RealtimeServerEvent)


def parsed(dialect: str, event: dict[str, Any]) -> Any:
    """Check an event by openai's own types: what they require is there, and of its type."""
    return adapter(dialect).validate_python(event)


RESPONSE = "respbc50304acdea479b8bd55efd5346dbdf"


def spoken() -> list[dict[str, Any]]:
    """Make a response in sound as the event reference shows it: without ids of items, and with odd fields."""
    place = {"response_id": RESPONSE, "output_index": 0, "content_index": 0, "client_timestamp": 1}
    usage = {"total_tokens": 3, "input_tokens": 1, "output_tokens": 2}
    return [
        {"type": "response.created", "response": {"object": "realtime.response", "id": RESPONSE}},
        {"type": "response.audio_transcript.delta", **place, "delta": "观"},
        {"type": "response.audio.delta", **place, "delta": "AAAA"},
        {"type": "response.audio_transcript.delta", **place, "delta": "众"},
        {"type": "response.audio.done", **place, "item_id": "item9"},
        {"type": "response.audio_transcript.done", **place, "item_id": "item9", "transcript": "观众"},
        {"type": "response.done", "response": {"id": RESPONSE, "status": "completed", "usage": usage}},
    ]


def all_of(line: Line, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        one
        for event in events
        for one in line.gets(event["type"], **{k: v for k, v in event.items() if k != "type"})
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_spoken_response_has_all_that_openais_types_require(dialect: Any) -> None:
    line = Line(dialect)
    events = all_of(line, spoken())
    for event in events:
        parsed(dialect, event)
    output = "output_" if dialect == "ga" else ""
    told = "conversation.item.added" if dialect == "ga" else "conversation.item.created"
    assert kinds(events) == [
        "response.created",
        "response.output_item.added",
        told,
        "response.content_part.added",
        f"response.{output}audio_transcript.delta",
        f"response.{output}audio.delta",
        f"response.{output}audio_transcript.delta",
        f"response.{output}audio.done",
        f"response.{output}audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        *(["conversation.item.done"] if dialect == "ga" else []),
        "response.done",
    ]
    ids = {event["item_id"] for event in events if "item_id" in event}
    ids |= {event["item"]["id"] for event in events if "item" in event}
    assert len(ids) == 1
    done = events[-1]["response"]
    assert done["usage"]["total_tokens"] == 3
    content = {"type": f"{output}audio", "transcript": "观众"}
    assert done["output"] == [
        {
            "id": ids.pop(),
            "object": "realtime.item",
            "type": "message",
            "status": "completed",
            "role": "assistant",
            "content": [content],
        }
    ]
    assert all("client_timestamp" not in event for event in events)
    assert len({event["event_id"] for event in events}) == len(events)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_written_response_is_completed_where_its_end_has_no_text(dialect: Any) -> None:
    line = Line(dialect)
    place = {"response_id": "r", "item_id": "i"}
    events = all_of(
        line,
        [
            {"type": "response.created", "response": {"id": "r"}},
            {"type": "response.text.delta", **place, "delta": "Good "},
            {"type": "response.text.delta", **place, "delta": "day."},
            {"type": "response.text.done", **place},
            {"type": "response.done", "response": {"id": "r", "status": "completed"}},
        ],
    )
    for event in events:
        parsed(dialect, event)
    name = "response.output_text.done" if dialect == "ga" else "response.text.done"
    assert [event["text"] for event in events if event["type"] == name] == ["Good day."]
    assert {event["item_id"] for event in events if "item_id" in event} == {"i"}
    [item] = events[-1]["response"]["output"]
    assert item["content"] == [{"type": "output_text" if dialect == "ga" else "text", "text": "Good day."}]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_function_calls_get_ids_and_items_of_their_own(dialect: Any) -> None:
    line = Line(dialect)
    call = {"response_id": "r", "output_index": 0, "name": "phoneCall"}
    events = all_of(
        line,
        [
            {"type": "response.created", "response": {"id": "r"}},
            {"type": "response.audio_transcript.delta", "response_id": "r", "delta": "One moment."},
            {"type": "response.function_call_arguments.done", **call, "arguments": '{"name": "张三"}'},
            {"type": "response.function_call_arguments.done", **call, "arguments": '{"name": "李四"}'},
            {"type": "response.done", "response": {"id": "r", "status": "completed"}},
        ],
    )
    for event in events:
        parsed(dialect, event)
    done = [event for event in events if event["type"] == "response.function_call_arguments.done"]
    assert [event["arguments"] for event in done] == ['{"name": "张三"}', '{"name": "李四"}']
    assert [event["output_index"] for event in done] == [1, 2]
    output = events[-1]["response"]["output"]
    assert [item["type"] for item in output] == ["message", "function_call", "function_call"]
    assert [item["call_id"] for item in output[1:]] == [event["call_id"] for event in done]
    assert len({item["id"] for item in output}) == 3
    assert output[1]["name"] == "phoneCall"
    added = [
        e["item"] for e in events if e["type"] == "response.output_item.added" and "call_id" in e["item"]
    ]
    assert [item["arguments"] for item in added] == ["", ""]


def test_items_that_zhipu_tells_of_itself_are_not_told_twice() -> None:
    line = Line("beta")
    item = {"id": "i", "type": "message", "role": "assistant", "content": []}
    place = {"response_id": "r", "item_id": "i"}
    events = all_of(
        line,
        [
            {"type": "response.created", "response": {"id": "r"}},
            {"type": "response.output_item.added", "response_id": "r", "item": item},
            {"type": "response.text.delta", **place, "delta": "a"},
            {"type": "response.output_item.done", "response_id": "r", "item": item},
            {"type": "response.done", "response": {"id": "r", "status": "completed"}},
        ],
    )
    assert kinds(events) == [
        "response.created",
        "response.output_item.added",
        "response.text.delta",
        "response.output_item.done",
        "response.done",
    ]


def test_a_message_announced_with_its_id_keeps_that_id() -> None:
    line = Line("beta")
    item = {"id": "i7", "type": "message", "role": "assistant", "content": []}
    line.gets("response.created", response={"id": "r"})
    assert line.gets("conversation.item.created", item=item) == []
    events = line.gets("response.text.delta", response_id="r", delta="a")
    assert [event["type"] for event in events][1] == "conversation.item.created"
    assert events[-1]["item_id"] == "i7"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("by_caller", "reason"), [(True, "client_cancelled"), (False, "turn_detected")])
def test_a_cancelled_response_ends_once(dialect: Any, by_caller: bool, reason: str) -> None:
    line = Line(dialect)
    line.session()
    line.gets("response.created", response={"id": "r"})
    line.gets("response.audio_transcript.delta", response_id="r", delta="Well")
    if by_caller:
        line.sends("response.cancel")
    events = line.gets("response.cancelled", response={"id": "r", "status": "cancelled"})
    assert events[-1]["type"] == "response.done"
    assert events[-1]["response"]["status"] == "cancelled"
    assert events[-1]["response"]["status_details"] == {"type": "cancelled", "reason": reason}
    assert events[-1]["response"]["output"][0]["status"] == "incomplete"
    for event in events:
        parsed(dialect, event)
    assert line.gets("response.done", response={"id": "r", "status": "cancelled"}) == []


def test_a_message_of_the_user_is_added_and_done_in_ga_and_created_in_beta() -> None:
    item = {
        "id": "i",
        "object": "realtime.item",
        "type": "message",
        "status": "completed",
        "role": "user",
        "content": [{"type": "input_audio", "transcript": None}],
    }
    [created] = Line("beta").gets("conversation.item.created", event_id="e", item=item)
    assert created["event_id"] == "e"
    assert created["previous_item_id"] is None
    assert created["item"]["content"] == [{"type": "input_audio"}]
    parsed("beta", created)
    added, done = Line("ga").gets("conversation.item.created", event_id="e", item=item)
    assert (added["type"], done["type"]) == ("conversation.item.added", "conversation.item.done")
    assert added["event_id"] != done["event_id"]
    if GA:
        parsed("ga", added)
        parsed("ga", done)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "event",
    [
        {"type": "input_audio_buffer.committed", "item_id": "i"},
        {"type": "input_audio_buffer.cleared"},
        {"type": "input_audio_buffer.speech_started"},
        {"type": "input_audio_buffer.speech_stopped"},
        {
            "type": "conversation.item.input_audio_transcription.completed",
            "item_id": "i",
            "transcript": "笑话",
        },
        {
            "type": "conversation.item.input_audio_transcription.failed",
            "item_id": "i",
            "error": {"code": "c"},
        },
        {"type": "conversation.item.deleted", "item_id": "i"},
        {
            "type": "conversation.item.retrieved",
            "item": {"id": "i", "type": "function_call", "name": "f"},
        },
        {"type": "conversation.created", "conversation": {"id": "c", "object": "realtime.conversation"}},
        {
            "type": "error",
            "error": {"type": "invalid_request_error", "code": "invalid_event", "message": "No."},
        },
    ],
)
def test_an_event_that_says_less_is_completed(dialect: Any, event: dict[str, Any]) -> None:
    [made] = all_of(Line(dialect), [event])
    assert made["type"] == event["type"]
    parsed(dialect, made)


def test_speech_is_placed_by_the_audio_that_was_sent() -> None:
    line = Line("ga")
    line.session()
    second = base64.b64encode(bytes(48000)).decode()
    line.sends("input_audio_buffer.append", audio=second)
    [started] = line.gets("input_audio_buffer.speech_started")
    line.sends("input_audio_buffer.append", audio=second)
    [stopped] = line.gets("input_audio_buffer.speech_stopped")
    assert (started["audio_start_ms"], stopped["audio_end_ms"]) == (1000, 2000)
    assert started["item_id"] == stopped["item_id"]
    [own] = line.gets("input_audio_buffer.speech_started", item_id="i", audio_start_ms=5)
    assert (own["item_id"], own["audio_start_ms"]) == ("i", 5)


@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_heartbeats_are_swallowed(dialect: Any) -> None:
    assert Line(dialect).gets("heartbeat") == []


@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_an_event_of_zhipus_own_passes(dialect: Any) -> None:
    [made] = Line(dialect).gets("response.function_call.simple_browser", name="simple_browser", event_id="e")
    assert made == {
        "type": "response.function_call.simple_browser",
        "name": "simple_browser",
        "event_id": "e",
    }


@pytest.mark.parametrize(
    ("event", "lacks"),
    [
        ({"type": "session.created"}, "session"),
        ({"type": "response.audio.delta", "response_id": "r"}, "delta"),
        ({"type": "response.created", "response": {}}, "response.id"),
        ({"type": "response.done", "response": {}}, "response.id"),
        ({"type": "response.function_call_arguments.done", "response_id": "r"}, "name and arguments"),
        ({"type": "input_audio_buffer.committed"}, "item_id"),
    ],
)
def test_an_event_that_says_nothing_becomes_an_error(event: dict[str, Any], lacks: str) -> None:
    [made] = all_of(Line("ga"), [event])
    assert made["type"] == "error"
    assert made["error"]["code"] == "invalid_upstream_answer"
    assert f"without {lacks}" in made["error"]["message"]


def test_what_is_no_event_becomes_an_error() -> None:
    line = Line("ga")
    for message in ("not json", "[1]"):
        [made] = line.translator.incoming(message)
        assert "invalid_upstream_answer" in made


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            {
                "type": "invalid_request_error",
                "code": "invalid_event",
                "message": "The 'type' field is missing.",
            },
            {"type": "invalid_request_error", "code": "invalid_event"},
        ),
        (
            {"code": "downstream_reconnect_exceeded", "message": "m"},
            {"type": "server_error", "code": "downstream_reconnect_exceeded"},
        ),
        ({"code": "1302", "message": "busy"}, {"code": "rate_limit_exceeded"}),
        ({"code": "1113", "message": "余额不足"}, {"code": "insufficient_quota"}),
        ({}, {"type": "server_error", "code": None}),
    ],
)
def test_an_error_has_openais_shape_and_codes(error: dict[str, Any], expected: dict[str, Any]) -> None:
    [made] = Line("ga").gets("error", error=error)
    assert {name: made["error"][name] for name in expected} == expected
    assert made["error"]["message"].startswith(error.get("message", "Zhipu reported").rstrip("."))
    assert made["event_id"]


def test_an_update_of_our_own_that_fails_swallows_no_answer_to_the_callers() -> None:
    line = Line("ga")
    line.sends("response.create")
    line.gets("error", error={"message": "no"})
    line.sends("session.update", session={})
    assert [event["type"] for event in line.gets("session.updated", session={})] == ["session.updated"]


def test_the_tables_name_their_sources() -> None:
    for row in SERVER_EVENTS:
        assert row.source
        assert row.seen.year in (2025, 2026)
