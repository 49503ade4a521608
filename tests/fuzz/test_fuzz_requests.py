"""Whatever JSON a user builds, a request is sent or refused; the user's objects stay as they are."""

from __future__ import annotations

import copy
import json
from typing import Any
from unittest import mock

import pytest
from fuzz_budget import examples
from fuzz_json import WORDS, nested, values
from fuzz_replies import Given, service
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.adaptation import Refused
from zhipu_openai.glm_realtime.translator import Translator

PATHS = (
    "/chat/completions",
    "/completions",
    "/responses",
    "/responses/input_tokens",
    "/conversations",
    "/conversations/x/items",
    "/embeddings",
    "/moderations",
    "/images/generations",
    "/videos",
    "/audio/speech",
    "/audio/voices",
    "/batches",
    "/uploads",
    "/vector_stores",
    "/vector_stores/x",
    "/vector_stores/x/search",
    "/vector_stores/x/files",
    "/vector_stores/x/file_batches",
    "/zhipu/base/async/chat/completions",
    "/zhipu/application/knowledge",
)
FIELDS = (
    "model", "messages", "input", "prompt", "instructions", "tools", "tool_choice", "response_format", "text", "n",
    "stop", "temperature", "top_p", "max_tokens", "max_output_tokens", "reasoning", "reasoning_effort", "user",
    "metadata", "store", "stream", "previous_response_id", "conversation", "items", "voice", "size", "seconds",
    "quality", "dimensions", "encoding_format", "input_file_id", "endpoint", "completion_window", "filename", "purpose",
    "bytes", "mime_type", "query", "filters", "ranking_options", "max_num_results", "file_id", "file_ids", "files",
    "chunking_strategy", "attributes", "name", "expires_after", "background", "include", "truncation", "speed",
)  # fmt: skip

messages = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "tool", "system", "developer"]) | values},
        optional=dict.fromkeys(("content", "name", "tool_calls", "tool_call_id", "audio", "type"), values),
    )
    | values,
    max_size=3,
)
bodies = st.dictionaries(st.sampled_from(FIELDS) | st.sampled_from(WORDS), values | messages, max_size=6).map(
    lambda body: {"model": "glm-5.2", "input": "x", "prompt": "x", **body}
)


def sendable(body: Any) -> bytes:
    """Write a body as openai does, or as JSON's escapes where it holds half a character."""
    return json.dumps(body).encode()


def ask(path: str, content: bytes) -> list[Any]:
    """Send bytes as a request of openai's, and give what went out."""
    made = service(on_adaptation="ignore")
    made.replies, made.sent = [Given(content=b"{}", headers={"content-type": "application/json"})], []
    request = made.client._client.build_request(
        "POST",
        f"{made.client.base_url}{path.lstrip('/')}",
        content=content,
        headers={"content-type": "application/json", "authorization": f"Bearer {made.client.api_key}"},
    )
    with mock.patch("time.sleep"):
        response = made.client._client.send(request)
    if response.status_code == 400:
        error = response.json()["error"]
        assert error["message"]
    return made.sent


@examples(60)
@given(st.sampled_from(PATHS), bodies)
def test_any_json_is_sent_or_refused_and_what_is_sent_is_json(path: str, body: dict[str, Any]) -> None:
    before = copy.deepcopy(body)
    for sent in ask(path, sendable(body)):
        assert str(sent.url).startswith("https://open.bigmodel.cn/api/")
        if sent.headers.get("content-type") == "application/json":
            json.loads(sent.content, parse_constant=pytest.fail)
    assert repr(body) == repr(before)


@examples(40)
@given(
    st.sampled_from(PATHS), st.binary(max_size=30) | st.sampled_from([nested(5000), nested(5000, '{"a":')])
)
def test_any_bytes_are_sent_or_refused(path: str, content: bytes) -> None:
    ask(path, content)


@examples(40)
@given(st.sampled_from(FIELDS), st.sampled_from([nested(400), nested(900, '{"a":'), nested(5000)]))
def test_a_field_nested_deeply_is_sent_or_refused(name: str, deep: bytes) -> None:
    for path in PATHS:
        ask(path, b'{"model":"glm-5.2","input":"x","' + name.encode() + b'":' + deep + b"}")


EVENTS = (
    "session.update", "session.created", "session.updated", "response.create", "response.created", "response.done",
    "response.output_item.added", "response.content_part.added", "response.text.delta", "response.audio.delta",
    "response.audio.done", "response.audio_transcript.delta", "response.function_call_arguments.done", "error",
    "conversation.item.create", "conversation.item.created", "conversation.item.truncate", "heartbeat",
    "input_audio_buffer.append", "input_audio_buffer.speech_started", "input_audio_buffer.committed",
    "conversation.item.input_audio_transcription.completed", "response.cancel",
)  # fmt: skip
EVENT_FIELDS = (
    "session", "response", "item", "item_id", "response_id", "delta", "audio", "error", "output_index", "part", "usage",
    "content_index", "event_id", "call_id", "name", "arguments", "transcript", "text", "content", "output", "id",
)  # fmt: skip
event_values = values | st.dictionaries(
    st.sampled_from((*EVENT_FIELDS, "tools", "turn_detection", "type")), values
)
events = st.dictionaries(st.sampled_from(EVENT_FIELDS), event_values, max_size=4).flatmap(
    lambda event: st.sampled_from(EVENTS).map(lambda kind: {**event, "type": kind})
)


@examples(50)
@given(
    st.sampled_from(["ga", "beta"]),
    st.lists(
        st.tuples(st.booleans(), events.map(json.dumps) | values.map(json.dumps) | st.text(max_size=9)),
        max_size=5,
    ),
)
def test_any_event_of_a_websocket_is_an_event_or_is_refused(
    dialect: Any, messages: list[tuple[bool, str]]
) -> None:
    translator = Translator(dialect, model="glm-realtime", policy="ignore")
    for ours, message in messages:
        if ours:
            try:
                translator.outgoing(message)
            except Refused:
                continue
        else:
            assert all(isinstance(json.loads(one)["type"], str) for one in translator.incoming(message))
