"""What the caller sends, as it goes to Zhipu."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from realtime_helpers import HELLO, Line

from zhipu_openai.adaptation import Refused
from zhipu_openai.glm_realtime.client_events import CLIENT_EVENTS
from zhipu_openai.glm_realtime.items import CONTENT

AUDIO = base64.b64encode(bytes(4800)).decode()


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def ready(dialect: Any = "ga", **options: Any) -> Line:
    """Give a line on which a session was set and answered."""
    line = Line(dialect, **options)
    line.session()
    line.gets("session.updated", session={})
    return line


def test_the_first_update_carries_the_model_of_connect() -> None:
    [event] = Line(model="gpt-realtime-mini").sends(
        "session.update", session={"type": "realtime"}, event_id="e1"
    )
    assert event["event_id"] == "e1"
    assert event["session"]["model"] == "glm-realtime-flash"
    assert "type" not in event["session"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("input_audio_buffer.append", {"audio": AUDIO}),
        ("conversation.item.create", {"item": HELLO}),
        ("response.create", {}),
    ],
)
def test_a_caller_who_sets_no_session_has_one_set_without_noticing(kind: str, fields: dict[str, Any]) -> None:
    line = Line(model="gpt-realtime")
    update, event = line.sends(kind, **fields)
    assert update["type"] == "session.update"
    assert update["session"]["model"] == "glm-realtime-air"
    assert event["type"] == kind
    assert types(line.sends(kind, **fields)) == [kind]
    assert line.gets("session.updated", session={}) == []
    assert types(line.gets("session.updated", session={})) == ["session.updated"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("input_audio_buffer.append", {"audio": AUDIO, "event_id": "e"}),
        ("input_audio_buffer.commit", {}),
        ("input_audio_buffer.clear", {"event_id": "e"}),
        ("conversation.item.delete", {"item_id": "i"}),
        ("conversation.item.retrieve", {"item_id": "i"}),
        ("response.create", {"event_id": "e"}),
        ("response.cancel", {}),
        ("input_audio_buffer.append_video_frame", {"video_frame": "aGk="}),
        ("an.event.of.tomorrow", {"x": 1}),
    ],
)
@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_an_event_that_both_have_is_sent_as_it_is(dialect: Any, kind: str, fields: dict[str, Any]) -> None:
    line = ready(dialect)
    assert line.sends(kind, **fields) == [{"type": kind, **fields}]
    assert line.notes() == []


def test_what_is_no_event_passes() -> None:
    line = Line()
    assert line.translator.outgoing("not json") == ["not json"]
    assert line.translator.outgoing(b"[1]") == ["[1]"]


def test_the_id_of_a_response_to_cancel_is_left_out() -> None:
    assert ready().sends("response.cancel", response_id="r") == [{"type": "response.cancel"}]


def test_truncation_is_left_out_and_said_so() -> None:
    line = ready()
    assert line.sends("conversation.item.truncate", item_id="i", content_index=0, audio_end_ms=1) == []
    assert line.notes() == [("conversation.item.truncate", "dropped")]


@pytest.mark.parametrize("kind", ["output_audio_buffer.clear", "transcription_session.update"])
def test_what_zhipu_has_not_is_refused(kind: str) -> None:
    with pytest.raises(Refused) as caught:
        ready().sends(kind)
    assert caught.value.answer.body["error"]["code"] == "unsupported_operation"


# Items


@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_a_message_of_the_user_is_an_item_of_zhipus(dialect: Any) -> None:
    [event] = ready(dialect).sends("conversation.item.create", item=HELLO)
    assert event["item"] == {**HELLO, "object": "realtime.item"}


def test_an_item_is_put_at_the_end_and_that_is_said() -> None:
    line = ready()
    [event] = line.sends("conversation.item.create", item=HELLO, previous_item_id="root")
    assert "previous_item_id" not in event
    assert line.notes() == [("previous_item_id", "dropped")]


@pytest.mark.parametrize(
    ("given", "sent", "note"),
    [
        ({"type": "output_text", "text": "a"}, {"type": "text", "text": "a"}, False),
        ({"type": "text", "text": "a"}, {"type": "text", "text": "a"}, False),
        ({"type": "output_audio", "transcript": "a", "audio": "AA=="}, {"type": "text", "text": "a"}, True),
        ({"type": "input_audio", "audio": "AA=="}, {"type": "input_audio", "audio": "AA=="}, False),
        ({"type": "of_tomorrow", "x": 1}, {"type": "of_tomorrow", "x": 1}, False),
    ],
)
def test_content_finds_zhipus_word(given: dict[str, Any], sent: dict[str, Any], note: bool) -> None:
    line = ready()
    item = {"type": "message", "role": "assistant", "content": [given]}
    [event] = line.sends("conversation.item.create", item=item)
    assert event["item"]["content"] == [sent]
    assert bool(line.notes()) is note


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({**HELLO, "content": [{"type": "input_image", "image_url": "data:,"}]}, "item.content"),
        ({**HELLO, "content": [{"type": "item_reference", "id": "i"}]}, "item.content"),
        (
            {**HELLO, "role": "assistant", "content": [{"type": "output_audio", "audio": "AA=="}]},
            "item.content",
        ),
        ({"type": "mcp_approval_response", "approve": True}, "item.type"),
    ],
)
def test_an_item_that_zhipu_has_not_is_refused(item: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        ready().sends("conversation.item.create", item=item)
    assert caught.value.answer.body["error"]["param"] == field


def test_a_call_id_that_was_made_up_here_does_not_reach_zhipu() -> None:
    line = ready()
    events = line.gets("response.function_call_arguments.done", response_id="r", name="f", arguments="{}")
    call_id = events[-2]["item"]["call_id"]
    output = {"type": "function_call_output", "call_id": call_id, "output": "1"}
    [event] = line.sends("conversation.item.create", item=output)
    assert event["item"] == {"type": "function_call_output", "output": "1", "object": "realtime.item"}
    echo = line.gets("conversation.item.created", item={**event["item"], "id": "i"})
    assert {one["item"]["call_id"] for one in echo} == {call_id}


def test_a_call_id_of_zhipus_own_goes_back() -> None:
    line = ready()
    events = line.gets(
        "response.function_call_arguments.done", response_id="r", name="f", arguments="{}", call_id="c1"
    )
    assert events[-2]["item"]["call_id"] == "c1"
    output = {"type": "function_call_output", "call_id": "c1", "output": "1"}
    [event] = line.sends("conversation.item.create", item=output)
    assert event["item"]["call_id"] == "c1"


# Responses with settings of their own


def test_the_settings_of_a_response_stand_in_the_session_until_it_has_ended() -> None:
    line = Line("ga", model="glm-realtime-air")
    line.session(instructions="Be kind.")
    line.gets("session.updated", session={})
    own = {
        "instructions": "Be brief.",
        "output_modalities": ["text"],
        "audio": {"output": {"voice": "tongtong"}},
    }
    update, create = line.sends("response.create", response=own, event_id="e")
    assert create == {"type": "response.create", "event_id": "e"}
    assert update["session"]["instructions"] == "Be brief."
    assert update["session"]["modalities"] == ["text"]
    assert update["session"]["voice"] == "tongtong"
    assert line.notes() == [("response", "emulated")]
    assert line.gets("session.updated", session={}) == []

    line.gets("response.created", response={"id": "r"})
    assert types(line.sends("input_audio_buffer.append", audio=AUDIO)) == ["input_audio_buffer.append"]
    line.gets("response.done", response={"id": "r", "status": "completed"})
    restored, append = line.sends("input_audio_buffer.append", audio=AUDIO)
    assert restored["session"]["instructions"] == "Be kind."
    assert "modalities" not in restored["session"]
    assert append["type"] == "input_audio_buffer.append"
    assert types(line.sends("response.create")) == ["response.create"]


@pytest.mark.parametrize("own", [{"conversation": "none"}, {"input": []}])
def test_a_response_outside_the_conversation_is_refused(own: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="400"):
        ready().sends("response.create", response=own)


@pytest.mark.parametrize("own", [{}, None, {"conversation": "auto"}])
def test_a_response_without_settings_of_its_own_changes_no_session(own: Any) -> None:
    line = ready()
    assert line.sends("response.create", response=own) == [{"type": "response.create"}]
    assert line.notes() == []


def test_the_tables_name_their_sources() -> None:
    for row in (*CLIENT_EVENTS, *CONTENT):
        assert row.source
        assert row.seen.year in (2025, 2026)
