"""The session: OpenAI's two shapes on the way to Zhipu's, and back."""

from __future__ import annotations

from typing import Any

import pytest
from realtime_helpers import WEATHER, Line

from zhipu_openai.adaptation import Refused
from zhipu_openai.glm_realtime import names, session, session_fields

BETA_FIELDS = {"chat_mode": "audio", "tts_source": "e2e"}
DEFAULTS = {
    "input_audio_format": "pcm24",
    "output_audio_format": "pcm",
    "turn_detection": {"type": "server_vad"},
    "beta_fields": BETA_FIELDS,
}

PCM = {"type": "audio/pcm", "rate": 24000}


def test_an_empty_session_has_what_zhipu_requires_and_openais_defaults() -> None:
    assert Line("ga").session(type="realtime") == DEFAULTS
    assert Line("beta").session() == DEFAULTS


def test_the_ga_session_becomes_flat() -> None:
    line = Line("ga", model="gpt-realtime")
    made = line.session(
        type="realtime",
        output_modalities=["audio"],
        instructions="Be kind.",
        max_output_tokens=200,
        tools=[WEATHER],
        tool_choice="auto",
        audio={
            "input": {
                "format": PCM,
                "noise_reduction": {"type": "near_field"},
                "turn_detection": {"type": "server_vad", "create_response": True},
            },
            "output": {"format": PCM, "voice": "tongtong", "speed": 1.0},
        },
    )
    assert made == {
        "model": "glm-realtime-air",
        "modalities": ["text", "audio"],
        "instructions": "Be kind.",
        "max_response_output_tokens": "200",
        "tools": [WEATHER],
        "input_audio_format": "pcm24",
        "input_audio_noise_reduction": {"type": "near_field"},
        "turn_detection": {"type": "server_vad"},
        "output_audio_format": "pcm",
        "voice": "tongtong",
        "beta_fields": BETA_FIELDS,
    }
    assert line.notes() == [("session.model", "approximated")]


def test_the_beta_session_keeps_its_names() -> None:
    line = Line("beta", model="glm-realtime-flash")
    made = line.session(
        modalities=["audio", "text"],
        voice="lovely_girl",
        input_audio_format="pcm16",
        output_audio_format="pcm16",
        temperature=0.8,
        max_response_output_tokens="inf",
        turn_detection=None,
    )
    assert made == {
        "model": "glm-realtime-flash",
        "modalities": ["text", "audio"],
        "voice": "lovely_girl",
        "input_audio_format": "pcm24",
        "output_audio_format": "pcm",
        "temperature": 0.8,
        "turn_detection": {"type": "client_vad"},
        "beta_fields": BETA_FIELDS,
    }
    assert line.notes() == []


@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_each_update_is_sent_whole_so_that_turn_detection_stays(dialect: Any) -> None:
    line = Line(dialect, model="glm-realtime-air")
    line.session(turn_detection=None, instructions="Be kind.")
    made = line.session(tools=[WEATHER])
    assert made["turn_detection"] == {"type": "client_vad"}
    assert made["instructions"] == "Be kind."
    assert made["tools"] == [WEATHER]
    assert made["model"] == "glm-realtime-air"
    again = line.session(instructions="Be brief.")
    assert again == {**made, "instructions": "Be brief."}


@pytest.mark.parametrize(
    ("dialect", "given", "sent"),
    [
        ("ga", PCM, "pcm24"),
        ("ga", {"type": "audio/pcm"}, "pcm24"),
        ("ga", {"type": "audio/pcm", "rate": 16000}, "pcm16"),
        ("ga", "wav", "wav"),
        ("ga", "pcm16", "pcm16"),
        ("beta", "pcm16", "pcm24"),
        ("beta", "pcm24", "pcm24"),
        ("beta", "wav48", "wav48"),
    ],
)
def test_a_format_of_input_finds_zhipus_word(dialect: Any, given: Any, sent: str) -> None:
    assert Line(dialect).session(input_audio_format=given)["input_audio_format"] == sent
    if dialect == "ga":
        made = Line("ga").session(audio={"input": {"format": given}})
        assert made["input_audio_format"] == sent


def test_a_flat_field_is_the_callers_own_and_goes_before_the_nested_one() -> None:
    made = Line("ga").session(audio={"input": {"format": PCM}}, input_audio_format="wav")
    assert made["input_audio_format"] == "wav"


@pytest.mark.parametrize(
    ("given", "sent", "note"),
    [
        ({"voice": "alloy"}, {"voice": "tongtong"}, "approximated"),
        ({"voice": "male-qn-jingying"}, {"voice": "male-qn-jingying"}, None),
        ({"voice": "a-new-one"}, {"voice": "a-new-one"}, None),
        ({"voice": {"id": "tongtong"}}, {"voice": "tongtong"}, None),
        ({"temperature": 1.2}, {"temperature": 1.0}, "approximated"),
        ({"max_response_output_tokens": 4096}, {"max_response_output_tokens": "1024"}, "approximated"),
        ({"max_response_output_tokens": "512"}, {"max_response_output_tokens": "512"}, None),
        ({"turn_detection": {"type": "client_vad"}}, {"turn_detection": {"type": "client_vad"}}, None),
        (
            {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}},
            {"turn_detection": {"type": "server_vad"}},
            "approximated",
        ),
        (
            {"turn_detection": {"type": "server_vad", "silence_duration_ms": 300}},
            {"turn_detection": {"type": "server_vad", "silence_duration_ms": 300}},
            "approximated",
        ),
        (
            {"turn_detection": {"type": "server_vad", "interrupt_response": False}},
            {"turn_detection": {"type": "server_vad"}},
            "dropped",
        ),
        ({"turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000}}, {}, "dropped"),
        ({"tools": [{"type": "function", "name": "f"}]}, {}, None),
        ({"tools": [WEATHER], "tool_choice": "none"}, {"tools": []}, "translated"),
        ({"tools": [WEATHER], "tool_choice": "required"}, {"tools": [WEATHER]}, "dropped"),
        ({"input_audio_transcription": {"model": "whisper-1"}}, {}, "approximated"),
        (
            {"input_audio_noise_reduction": {"type": "far_field", "strength": 1}},
            {"input_audio_noise_reduction": {"type": "far_field"}},
            "dropped",
        ),
        ({"speed": 1.5}, {}, "dropped"),
        ({"speed": 1.0}, {}, None),
        ({"tracing": "auto"}, {}, None),
        ({"truncation": "auto"}, {}, None),
        ({"truncation": "disabled"}, {}, "dropped"),
        ({"include": ["item.input_audio_transcription.logprobs"]}, {}, "dropped"),
        ({"reasoning": {"effort": "low"}}, {}, "dropped"),
        ({"instructions": None}, {}, None),
        ({"greeting_config": {"enable": True}}, {"greeting_config": {"enable": True}}, None),
        (
            {"beta_fields": {"auto_search": False}},
            {"beta_fields": {**BETA_FIELDS, "auto_search": False}},
            None,
        ),
        ({"a_new_field": 1}, {"a_new_field": 1}, None),
    ],
)
@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_a_field_becomes_what_the_table_says(
    dialect: Any, given: dict[str, Any], sent: dict[str, Any], note: str | None
) -> None:
    line = Line(dialect)
    made = line.session(**given)
    for name, value in sent.items():
        assert made[name] == value
    for name in given.keys() - sent.keys() - {"tools", "turn_detection"}:
        assert name not in made
    assert [kind for _, kind in line.notes()] == ([] if note is None else [note])


def test_a_tool_without_a_description_gets_its_name_for_one() -> None:
    tool = {"type": "function", "name": "f", "parameters": {"type": "object"}}
    assert Line().session(tools=[tool])["tools"] == [{**tool, "description": "f"}]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"type": "transcription"}, "session.type"),
        ({"voice": {"id": "voice_1234"}}, "session.voice"),
        ({"input_audio_format": {"type": "audio/pcmu"}}, "session.input_audio_format"),
        ({"input_audio_format": {"type": "audio/pcm", "rate": 8000}}, "session.input_audio_format"),
        ({"output_audio_format": "g711_alaw"}, "session.output_audio_format"),
        ({"output_audio_format": {"type": "audio/pcm", "rate": 16000}}, "session.output_audio_format"),
        (
            {"turn_detection": {"type": "server_vad", "create_response": False}},
            "session.turn_detection.create_response",
        ),
        ({"tools": [{"type": "mcp", "server_label": "x"}]}, "session.tools"),
        ({"prompt": {"id": "pmpt_1"}}, "session.prompt"),
    ],
)
def test_what_must_not_be_guessed_is_refused_and_changes_nothing(given: dict[str, Any], field: str) -> None:
    line = Line("ga")
    with pytest.raises(Refused) as caught:
        line.session(**given)
    error = caught.value.answer.body["error"]
    assert (error["param"], error["type"]) == (field, "invalid_request_error")
    assert line.session() == DEFAULTS


def test_an_approximation_is_refused_where_the_client_says_so() -> None:
    line = Line("ga", policy="error")
    with pytest.raises(Refused, match="400"):
        line.session(audio={"output": {"voice": "alloy"}})


@pytest.mark.parametrize(
    ("name", "aliases", "model"),
    [
        ("gpt-realtime", {}, "glm-realtime-air"),
        ("gpt-realtime-2.1-mini", {}, "glm-realtime-flash"),
        ("gpt-realtime-mini-2025-10-06", {}, "glm-realtime-flash"),
        ("gpt-4o-realtime-preview-2024-12-17", {}, "glm-realtime-air"),
        ("gpt-4o-mini-realtime-preview", {}, "glm-realtime-flash"),
        ("openai/gpt-realtime", {}, "glm-realtime-air"),
        ("gpt-audio-mini", {}, "glm-realtime-flash"),
        ("gpt-realtime", {"gpt-realtime": "glm-realtime"}, "glm-realtime"),
        ("gpt-realtime-2", {"gpt-realtime*": "glm-realtime-flash"}, "glm-realtime-flash"),
        ("glm-realtime", {}, "glm-realtime"),
        ("GLM-Realtime-Flash", {}, "glm-realtime-flash"),
        ("a-new-model", {}, "a-new-model"),
        ("gpt-4o", {}, "gpt-4o"),
    ],
)
def test_a_model_name_finds_its_model(name: str, aliases: dict[str, str], model: str) -> None:
    assert names.model_for(name, aliases)[0] == model


def test_the_model_of_the_session_goes_before_that_of_connect() -> None:
    assert Line(model="gpt-realtime").session(model="glm-realtime-flash")["model"] == "glm-realtime-flash"


def test_zhipus_session_becomes_openais_ga_session() -> None:
    [event] = Line("ga").gets(
        "session.created",
        event_id="e",
        session={
            "id": "sess1",
            "model": "glm-realtime",
            "modalities": ["text", "audio"],
            "voice": "tongtong",
            "input_audio_format": "pcm24",
            "output_audio_format": "pcm",
            "turn_detection": {"type": "client_vad"},
            "max_response_output_tokens": "300",
            "tools": None,
            "beta_fields": {"chat_mode": "audio"},
        },
    )
    assert event["session"] == {
        "type": "realtime",
        "object": "realtime.session",
        "id": "sess1",
        "model": "glm-realtime",
        "output_modalities": ["audio"],
        "max_output_tokens": 300,
        "audio": {
            "input": {"format": PCM, "turn_detection": None},
            "output": {"format": PCM, "voice": "tongtong"},
        },
        "beta_fields": {"chat_mode": "audio"},
    }


@pytest.mark.parametrize(
    ("word", "ga", "beta"),
    [
        ("pcm24", PCM, "pcm16"),
        ("pcm16", {"type": "audio/pcm", "rate": 16000}, "pcm16"),
        ("wav", {"type": "audio/wav"}, "wav"),
    ],
)
def test_zhipus_word_for_a_format_becomes_openais(word: str, ga: Any, beta: str) -> None:
    [event] = Line("ga").gets("session.updated", session={"input_audio_format": word})
    assert event["session"]["audio"]["input"]["format"] == ga
    [event] = Line("beta").gets("session.updated", session={"input_audio_format": word})
    assert event["session"]["input_audio_format"] == beta


def test_the_tables_name_their_sources() -> None:
    for row in (*session_fields.FIELDS, *session.DEFAULTS, *names.MODELS, *names.VOICES):
        assert row.source
        assert row.seen.year in (2025, 2026)
    assert {row.zhipu for row in names.VOICES} <= set(names.ZHIPU_VOICES)
