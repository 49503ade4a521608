"""The stand-in's realtime service: strict on what comes in, and as the specification has what goes out."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import wave
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from realtime_helpers import HELLO, WEATHER, Line, kinds

from zhipu_openai.standin import BackgroundServer, StandIn
from zhipu_openai.standin.realtime import door, speech
from zhipu_openai.standin.realtime.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECIFICATION = Path(__file__).parents[3] / "shared" / "openapi" / "bigmodel-asyncapi-2026-07-11.json"
SESSION: dict[str, Any] = {
    "input_audio_format": "pcm24",
    "output_audio_format": "pcm",
    "turn_detection": {"type": "client_vad"},
}
ITEM = {**HELLO, "object": "realtime.item"}
TONE = speech.tone(0.5)


class Talk:
    """A conversation, in decoded events."""

    def __init__(self, service: StandIn | None = None) -> None:
        self.service = service or StandIn()
        self.conversation = Conversation(self.service, door.PATH)
        self.first = self.rest()

    def say(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        self.conversation.receive(json.dumps({"type": kind, **fields}))
        return self.rest()

    def rest(self) -> list[dict[str, Any]]:
        events = []
        while (event := self.conversation.next()) is not None:
            events.append(json.loads(event))
        return events


@cache
def schemas() -> dict[str, Any]:
    """Read the specification's schemas, or skip the test."""
    if not SPECIFICATION.exists():
        pytest.skip("the official specification does not lie beside this repository")
    loaded: dict[str, Any] = json.loads(SPECIFICATION.read_text("utf-8"))["components"]
    return loaded


def schema_of(kind: str) -> str | None:
    """Name the schema of an event: that whose type is this constant."""
    for name, schema in schemas()["schemas"].items():
        parts = [schema, *schema.get("allOf", ())]
        if any(part.get("properties", {}).get("type", {}).get("const") == kind for part in parts):
            return str(name)
    return None


def violations(event: dict[str, Any]) -> list[str]:
    """List what an event breaks of the specification."""
    import jsonschema

    name = schema_of(event["type"])
    assert name is not None, f"no schema for {event['type']}"
    whole = {"$ref": f"#/components/schemas/{name}", "components": schemas()}
    validator = jsonschema.Draft202012Validator(whole)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(event)]


def test_a_connection_begins_with_a_heartbeat_and_a_session() -> None:
    assert [event["type"] for event in Talk().first] == ["heartbeat", "session.created"]
    assert Talk().first[1]["session"]["model"] == "glm-realtime"


@pytest.mark.parametrize(
    ("kind", "fields", "fault"),
    [
        ("conversation.item.truncate", {}, "Unknown event type"),
        ("session.update", {}, "'session' is missing"),
        ("session.update", {"session": []}, "'session' is invalid"),
        ("session.update", {"session": {}}, "'session.input_audio_format' is missing"),
        ("session.update", {"session": {**SESSION, "model": "gpt-realtime"}}, "'session.model' is invalid"),
        ("session.update", {"session": {**SESSION, "voice": "alloy"}}, "'session.voice' is invalid"),
        ("session.update", {"session": {**SESSION, "temperature": 1.2}}, "'session.temperature' is invalid"),
        (
            "session.update",
            {"session": {**SESSION, "max_response_output_tokens": 512}},
            "'session.max_response_output_tokens' is invalid",
        ),
        (
            "session.update",
            {"session": {**SESSION, "max_response_output_tokens": "2000"}},
            "'session.max_response_output_tokens' is invalid",
        ),
        (
            "session.update",
            {"session": {**SESSION, "turn_detection": {"type": "semantic_vad"}}},
            "'session.turn_detection.type' is invalid",
        ),
        (
            "session.update",
            {"session": {**SESSION, "output_audio_format": "pcm16"}},
            "'session.output_audio_format' is invalid",
        ),
        (
            "session.update",
            {"session": {**SESSION, "input_audio_format": "g711"}},
            "'session.input_audio_format' is invalid",
        ),
        (
            "session.update",
            {"session": {**SESSION, "modalities": ["video"]}},
            "'session.modalities' is invalid",
        ),
        (
            "session.update",
            {"session": {**SESSION, "tools": [{"type": "function", "name": "f"}]}},
            "'session.tools.description' is missing",
        ),
        (
            "session.update",
            {"session": {**SESSION, "beta_fields": {}}},
            "'session.beta_fields.chat_mode' is missing",
        ),
        ("input_audio_buffer.append", {}, "'audio' is missing"),
        ("input_audio_buffer.append", {"audio": "?"}, "not base64"),
        ("input_audio_buffer.append", {"audio": "AAAA"}, "not wav"),
        ("input_audio_buffer.commit", {}, "buffer is empty"),
        ("conversation.item.create", {"item": HELLO}, "'item.object' is missing"),
        ("conversation.item.create", {"item": {**ITEM, "type": "mcp_call"}}, "'item.type' is invalid"),
        ("conversation.item.create", {"item": {**ITEM, "content": []}}, "'item.content' is missing"),
        (
            "conversation.item.create",
            {"item": {**ITEM, "content": [{"type": "output_text", "text": "a"}]}},
            "'item.content.type' is invalid",
        ),
        (
            "conversation.item.create",
            {"item": {"type": "function_call_output", "object": "realtime.item", "output": ""}},
            "'item.output' is missing",
        ),
        ("conversation.item.delete", {"item_id": "none"}, "No item none"),
        ("conversation.item.retrieve", {"item_id": "none"}, "No item none"),
        ("response.cancel", {}, "no response"),
    ],
)
def test_what_is_wrong_is_answered_with_an_error(kind: str, fields: dict[str, Any], fault: str) -> None:
    [event] = Talk().say(kind, **fields)
    assert event["type"] == "error"
    assert event["error"]["type"] == "invalid_request_error"
    assert fault in event["error"]["message"]


@pytest.mark.parametrize(("message", "fault"), [("x", "no JSON object"), ("{}", "'type' field is missing")])
def test_what_is_no_event_is_answered_with_an_error(message: str, fault: str) -> None:
    talk = Talk()
    talk.conversation.receive(message)
    [event] = talk.rest()
    assert fault in event["error"]["message"]


def test_wav_is_heard_at_its_own_rate() -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 2, 48000, 0, "NONE", ""))
        made.writeframes(bytes(96000))
    talk = Talk()
    talk.say("input_audio_buffer.append", audio=base64.b64encode(file.getvalue()).decode())
    events = talk.say("input_audio_buffer.commit")
    assert events[-1]["transcript"] == "[stand-in] 1.0 s of audio"


def test_silence_begins_no_turn_and_a_cleared_buffer_is_empty() -> None:
    talk = Talk()
    talk.say("session.update", session={**SESSION, "turn_detection": {"type": "server_vad"}})
    assert talk.say("input_audio_buffer.append", audio=base64.b64encode(bytes(96000)).decode()) == []
    assert kinds(talk.say("input_audio_buffer.clear")) == ["input_audio_buffer.cleared"]
    assert talk.say("input_audio_buffer.commit")[0]["type"] == "error"


def test_an_item_can_be_read_and_deleted() -> None:
    talk = Talk()
    [created] = talk.say("conversation.item.create", item=ITEM)
    item_id = created["item"]["id"]
    [read] = talk.say("conversation.item.retrieve", item_id=item_id)
    assert read["item"] == created["item"]
    [deleted] = talk.say("conversation.item.delete", item_id=item_id)
    assert deleted["item_id"] == item_id


def test_a_scripted_answer_is_spoken() -> None:
    talk = Talk()
    talk.service.say("Word for word.")
    events = talk.say("response.create")
    [done] = [event for event in events if event["type"] == "response.audio_transcript.done"]
    assert done["transcript"] == "Word for word."
    talk.service.calls(("f", {"a": 1}), ("g", None))
    calls = [e for e in talk.say("response.create") if "arguments" in e]
    assert [(call["name"], call["arguments"]) for call in calls] == [("f", '{"a":1}'), ("g", "{}")]
    assert all("call_id" not in call for call in calls)


def test_the_door_wants_a_key_and_the_right_path() -> None:
    key = {"Authorization": "Bearer someid.somesecret"}
    for service, path, headers, status in (
        (StandIn(), door.PATH, {}, 401),
        (StandIn(), door.PATH, {"Authorization": "Bearer sk-x"}, 401),
        (StandIn(), "/api/paas/v4/other", key, 404),
        (StandIn(), "/api/coding/paas/v4/realtime", key, 404),
        (StandIn(region="intl"), door.PATH, key, 404),
    ):
        with pytest.raises(door.ShutError) as caught:
            door.enter(service, path, headers)
        assert caught.value.status == status


# What goes out, and what our translation sends, against the official specification


def test_every_answer_is_as_the_specification_has_it() -> None:
    talk = Talk()
    audio = base64.b64encode(TONE).decode()
    loud = base64.b64encode(TONE + bytes(48000)).decode()
    events = [
        *talk.first,
        *talk.say("session.update", session={**SESSION, "model": "glm-realtime-air", "tools": [WEATHER]}),
        *talk.say("conversation.item.create", item=ITEM),
        *talk.say("response.create"),
        *talk.say(
            "conversation.item.create",
            item={"type": "function_call_output", "object": "realtime.item", "output": "1"},
        ),
        *talk.say("response.create"),
        *talk.say("session.update", session={**SESSION, "modalities": ["text"]}),
        *talk.say("response.create"),
        *talk.say("input_audio_buffer.append", audio=audio),
        *talk.say("input_audio_buffer.commit"),
        *talk.say("input_audio_buffer.clear"),
        *talk.say("input_audio_buffer.commit"),
        *talk.say("session.update", session={**SESSION, "turn_detection": {"type": "server_vad"}}),
        *talk.say("input_audio_buffer.append", audio=loud),
    ]
    # Recorded, and in the SDKs, but not in the specification.
    known = [
        event
        for event in events
        if event["type"] != "session.created" and "transcription" not in event["type"]
    ]
    assert len({event["type"] for event in known}) > 15
    # It has no input_text either, which the event reference and the SDKs have.
    broken = {(event["type"], fault) for event in known for fault in violations(event)}
    assert {fault for _, fault in broken} <= {
        "$.item.content[0].type: 'input_text' is not one of ['input_audio', 'text']"
    }


@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_what_the_translation_sends_is_as_the_specification_has_it(dialect: Any) -> None:
    line = Line(dialect, model="gpt-realtime")
    audio = base64.b64encode(TONE).decode()
    nested = {
        "type": "realtime",
        "output_modalities": ["audio"],
        "audio": {"output": {"voice": "coral"}, "input": {"noise_reduction": {"type": "far_field"}}},
        "max_output_tokens": 2000,
    }
    flat = {
        "modalities": ["audio", "text"],
        "voice": "coral",
        "temperature": 1.1,
        "max_response_output_tokens": 9,
    }
    events = [
        *line.sends("session.update", session=nested if dialect == "ga" else flat),
        *line.sends("session.update", session={"tools": [WEATHER], "tool_choice": "auto"}),
        *line.sends("session.update", session={"turn_detection": None}),
        *line.sends("input_audio_buffer.append", audio=audio),
        *line.sends("input_audio_buffer.commit"),
        *line.sends("input_audio_buffer.clear"),
        *line.sends(
            "conversation.item.create", item={"type": "function_call_output", "call_id": "c", "output": "1"}
        ),
        *line.sends("conversation.item.delete", item_id="i"),
        *line.sends("conversation.item.retrieve", item_id="i"),
        *line.sends("response.create", response={"instructions": "Be brief."}),
        *line.sends("response.cancel"),
        *line.sends("input_audio_buffer.append_video_frame", video_frame="aGk="),
    ]
    assert [fault for event in events for fault in violations(event)] == []
    talk = Talk()
    answers = [
        answer
        for event in events
        for answer in talk.say(event["type"], **{k: v for k, v in event.items() if k != "type"})
    ]
    faults = [answer["error"]["message"] for answer in answers if answer["type"] == "error"]
    assert faults == ["No item i.", "No item i.", "There is no response to cancel."]


# Served


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundServer]:
    pytest.importorskip("websockets")
    with BackgroundServer() as running:
        yield running


def test_a_client_without_a_key_is_turned_away_at_the_socket(server: BackgroundServer) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with pytest.raises(InvalidStatus) as caught:
        connect(f"{server.base_url.replace('http', 'ws')}/realtime")
    assert caught.value.response.status_code == 401
    assert json.loads(caught.value.response.body)["error"]["code"] == "1001"


def test_raw_bytes_over_the_socket_are_zhipus(server: BackgroundServer) -> None:
    from websockets.sync.client import connect

    key = {"Authorization": "Bearer someid.somesecret"}
    with connect(f"{server.base_url.replace('http', 'ws')}/realtime", additional_headers=key) as socket:
        first, second = json.loads(socket.recv()), json.loads(socket.recv())
        socket.send(json.dumps({"type": "response.create"}).encode())
        third = json.loads(socket.recv())
    assert first == {"type": "heartbeat"}
    assert (second["type"], third["type"]) == ("session.created", "response.created")


def test_the_server_says_that_it_is_alive() -> None:
    from zhipu_openai.standin.realtime import served

    class Socket:
        def __init__(self) -> None:
            self.sent: list[Any] = []
            self.enough = asyncio.Event()

        async def send_text(self, text: str) -> None:
            self.sent.append(json.loads(text)["type"])
            if self.sent.count("heartbeat") == 3:
                self.enough.set()

    async def main() -> list[Any]:
        service, socket = StandIn(), Socket()
        conversation = Conversation(service, door.PATH)
        speaking = asyncio.create_task(served._speak(service, socket, conversation, served._News(), 0.001))
        await socket.enough.wait()
        speaking.cancel()
        return socket.sent

    assert asyncio.run(main()) == ["heartbeat", "session.created", "heartbeat", "heartbeat"]
