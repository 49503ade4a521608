"""The fields of a chat request: what of each reaches Zhipu, and what is said about it."""

from __future__ import annotations

import json
import typing
from typing import TYPE_CHECKING, Any

import pytest
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)
from request_helpers import HI, ask, function_tool, image, refused, user

from zhipu_openai import adaptation
from zhipu_openai.adaptation import Ledger, ZhipuAdaptationWarning
from zhipu_openai.exchange import Call, Options
from zhipu_openai.translate.chat import fields

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

INTL = {"base_url": "https://api.z.ai/api/paas/v4"}
GATEWAY = {"base_url": "https://gateway.example/v1"}


# The table


def test_every_parameter_of_openai_has_a_row() -> None:
    parameters = set(typing.get_type_hints(CompletionCreateParamsNonStreaming))
    parameters |= set(typing.get_type_hints(CompletionCreateParamsStreaming))
    assert parameters - {row.name for row in fields.FIELDS} == set()


def test_every_row_says_what_becomes_of_its_field_and_where_that_is_from() -> None:
    names = [row.name for row in fields.FIELDS]
    assert len(names) == len(set(names))
    assert all(row.what.endswith(".") and row.source for row in fields.FIELDS)


def test_the_table_renders_one_line_a_field() -> None:
    lines = fields.as_markdown().splitlines()
    assert lines[0] == "| Field | Verdict | What becomes of it | Source |"
    assert lines[2] == (
        "| `model` | translated | OpenAI's names stand for GLM models; others pass. "
        "| bigmodel.cn OpenAPI (2026-07-11) |"
    )
    assert len(lines) == 2 + len(fields.FIELDS)


# Model


@pytest.mark.parametrize(
    ("name", "sent", "record", "warns"),
    [
        ("glm-5.2", "glm-5.2", "", False),
        ("GLM-4.7", "glm-4.7", "model=translated", False),
        ("zai-org/GLM-4.6", "glm-4.6", "model=translated", False),
        ("z-ai/glm-5.3", "glm-5.3", "model=translated", False),
        ("glm-5.3-flash[1m]", "glm-5.3-flash", "model=translated", False),
        ("glm-9.9-tomorrow", "glm-9.9-tomorrow", "", False),
        ("some-Model", "some-Model", "", False),
        ("gpt-5", "glm-5.3", "model=approximated", True),
        ("openai/o3", "glm-5.3", "model=approximated", True),
        ("o4-mini-2025-04-16", "glm-5.3-flash", "model=approximated", True),
        ("gpt-4o-mini", "glm-4.5-air", "model=approximated; thinking=translated", True),
    ],
)
def test_a_model_name_becomes_the_name_of_a_glm_model(
    side: SyncSide, name: str, sent: str, record: str, warns: bool
) -> None:
    asked = ask(side, model=name)
    assert asked.json["model"] == sent
    assert asked.record == record
    assert asked.warned == ([f"`model` approximated for Zhipu: {name} is served by {sent}."] if warns else [])


@pytest.mark.parametrize("name", ["gpt-4o", "GPT-4o", "openai/gpt-4o"])
def test_the_aliases_of_a_client_win_and_do_not_warn(side: SyncSide, name: str) -> None:
    asked = ask(side, client={"model_aliases": {"gpt-4o": "glm-5.3"}}, model=name)
    assert asked.json == {"model": "glm-5.3", "messages": HI}
    assert (asked.record, asked.warned) == ("model=translated", [])


def test_the_aliases_of_a_client_are_its_own(side: SyncSide) -> None:
    ask(side, client={"model_aliases": {"house-model": "glm-4.6"}}, model="house-model")
    assert ask(side, model="house-model").json["model"] == "house-model"


def test_a_retired_model_is_sent_and_its_successor_named(side: SyncSide) -> None:
    asked = ask(side, model="glm-4-plus")
    assert asked.json["model"] == "glm-4-plus"
    assert asked.warned == [
        "`model` approximated for Zhipu: glm-4-plus is retired and may be served by another model; use glm-4.7."
    ]


@pytest.mark.parametrize(
    ("name", "part", "sent"),
    [
        ("gpt-4o", image(), "glm-4.6v"),
        ("gpt-4o-mini", image("https://example.com/a.png"), "glm-4.6v-flashx"),
        ("gpt-5", image(), "glm-5.3-flash"),
        ("gpt-5", {"type": "file", "file": {"file_id": "file-1"}}, "glm-5.3-flash"),
        ("gpt-4.1", {"type": "video_url", "video_url": {"url": "https://example.com/a.mp4"}}, "glm-4.6v"),
    ],
)
def test_openais_names_go_to_a_model_that_sees_when_there_is_something_to_see(
    side: SyncSide, name: str, part: dict[str, Any], sent: str
) -> None:
    asked = ask(side, model=name, messages=user({"type": "text", "text": "What is it?"}, part))
    assert asked.json["model"] == sent
    assert asked.json["messages"][0]["content"][1] == part


def test_a_model_chosen_by_the_caller_is_not_exchanged_for_one_that_sees(side: SyncSide) -> None:
    aliases = {"model_aliases": {"gpt-4o": "glm-5.3"}}
    error = refused(side, client=aliases, model="gpt-4o", messages=user(image()))
    assert error.body["message"] == (
        "glm-5.3 takes no image input; choose a model that sees, such as glm-5.3-flash or glm-4.6v."
    )


# Length


@pytest.mark.parametrize(
    ("given", "sent", "record"),
    [
        ({"max_tokens": 100}, 100, ""),
        ({"max_completion_tokens": 100}, 100, "max_completion_tokens=translated"),
        (
            {"max_completion_tokens": 100, "max_tokens": 200},
            100,
            "max_tokens=repaired; max_completion_tokens=translated",
        ),
        ({"max_completion_tokens": 100, "max_tokens": 100}, 100, "max_completion_tokens=translated"),
        ({"max_completion_tokens": None, "max_tokens": 200}, 200, ""),
        ({"max_tokens": 131072}, 131072, ""),
    ],
)
def test_the_length_of_an_answer_is_sent_as_max_tokens(
    side: SyncSide, given: dict[str, Any], sent: int, record: str
) -> None:
    asked = ask(side, **given)
    assert asked.json == {"model": "glm-5.2", "messages": HI, "max_tokens": sent}
    assert (asked.record, asked.warned) == (record, [])


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_length_beyond_the_models_own_is_cut_to_it(side: SyncSide, name: str) -> None:
    asked = ask(side, model="glm-4.5-air", **{name: 200_000})
    assert asked.json == {"model": "glm-4.5-air", "messages": HI, "max_tokens": 98304}
    assert asked.warned == [
        f"`{name}` approximated for Zhipu: glm-4.5-air writes at most 98304, which is sent."
    ]


def test_a_length_for_a_model_nobody_knows_passes(side: SyncSide) -> None:
    assert ask(side, model="glm-9.9", max_tokens=10_000_000).json["max_tokens"] == 10_000_000


# End user


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"user": "alice-42"}, "alice-42"),
        ({"safety_identifier": "alice-42"}, "alice-42"),
        ({"user": "al"}, "user-al"),
        ({"user": "x"}, "user-x"),
        ({"user": "u" * 128}, "u" * 128),
        ({"user": "u" * 129}, "4d9221bd88fe7fa3f1cdc7d81c70b9484f37615f92178eafa3f6c525e6fa786f"),
        ({"user": "old-name", "safety_identifier": "new-name"}, "new-name"),
        ({"user": "alice-42", "extra_body": {"user_id": "native-id"}}, "native-id"),
    ],
)
def test_the_end_user_is_named_in_user_id(side: SyncSide, given: dict[str, Any], sent: str) -> None:
    asked = ask(side, **given)
    assert asked.json == {"model": "glm-5.2", "messages": HI, "user_id": sent}
    assert asked.warned == []


@pytest.mark.parametrize("name", ["user", "safety_identifier"])
def test_an_empty_end_user_is_none(side: SyncSide, name: str) -> None:
    assert ask(side, **{name: ""}).json == {"model": "glm-5.2", "messages": HI}


def test_an_end_user_that_is_no_text_is_refused(side: SyncSide) -> None:
    error = refused(side, extra_body={"user": 42})
    assert (error.param, error.code) == ("user", "invalid_type")


# Randomness


@pytest.mark.parametrize(
    ("model", "given", "sent", "record"),
    [
        ("glm-5.2", {"temperature": 0}, 0, ""),
        ("glm-5.2", {"temperature": 0.0}, 0.0, ""),
        ("glm-5.2", {"temperature": 1}, 1, ""),
        ("glm-5.2", {"temperature": 0.7}, 0.7, ""),
        ("glm-5.2", {"temperature": 0.333}, 0.33, "temperature=repaired"),
        ("glm-5.2", {"temperature": 1e-9}, 0.0, "temperature=repaired"),
        ("glm-5.2", {"temperature": 2}, 1.0, "temperature=approximated"),
        ("glm-5.2", {"temperature": 1.5}, 1.0, "temperature=approximated"),
        ("glm-5.2", {"temperature": -1}, 0.0, "temperature=approximated"),
        ("glm-9.9", {"temperature": 1.7}, 1.0, "temperature=approximated"),
        ("glm-4-flash-250414", {"temperature": 1}, 0.99, "temperature=repaired"),
        ("glm-4-flash-250414", {"temperature": 0.999}, 0.99, "temperature=repaired"),
        ("glm-4-flash-250414", {"temperature": 1.4}, 0.99, "temperature=approximated"),
        ("glm-4-flash-250414", {"temperature": 0.5}, 0.5, ""),
        ("glm-5.2", {"top_p": 1}, 1, ""),
        ("glm-5.2", {"top_p": 0.95}, 0.95, ""),
        ("glm-5.2", {"top_p": 0}, 0.01, "top_p=repaired"),
        ("glm-5.2", {"top_p": 0.1234}, 0.12, "top_p=repaired"),
        ("glm-5.2", {"top_p": 7}, 1.0, "top_p=approximated"),
    ],
)
def test_randomness_is_fitted_to_zhipus_range_and_two_decimals(
    side: SyncSide, model: str, given: dict[str, float], sent: float, record: str
) -> None:
    asked = ask(side, model=model, **given)
    assert asked.json == {"model": model, "messages": HI, **dict.fromkeys(given, sent)}
    assert asked.record == record
    assert len(asked.warned) == record.count("approximated")


@pytest.mark.parametrize("value", [0, 0.0, 0.004])
def test_temperature_0_is_do_sample_false_on_the_glm_4_line(side: SyncSide, value: float) -> None:
    asked = ask(side, model="glm-4-flash-250414", temperature=value)
    assert asked.json == {"model": "glm-4-flash-250414", "messages": HI, "do_sample": False}
    assert asked.warned == []


def test_a_negative_temperature_on_the_glm_4_line_does_not_slip_through_as_0(side: SyncSide) -> None:
    asked = ask(side, model="glm-4-flash-250414", temperature=-0.5)
    assert asked.json == {"model": "glm-4-flash-250414", "messages": HI, "do_sample": False}
    assert asked.record == "temperature=approximated; temperature=translated"


def test_the_callers_do_sample_wins_over_temperature_0(side: SyncSide) -> None:
    asked = ask(side, model="glm-4-flash-250414", temperature=0, extra_body={"do_sample": True})
    assert asked.json["do_sample"] is True


def test_different_values_of_one_kind_warn_once(side: SyncSide) -> None:
    assert len(ask(side, temperature=1.3).warned) == 1
    assert ask(side, temperature=1.9).warned == []
    assert ask(side, temperature=1.9).record == "temperature=approximated"
    adaptation.reset_announcements()
    assert len(ask(side, temperature=1.9).warned) == 1


# Stop words


@pytest.mark.parametrize(
    ("client", "given", "sent", "record"),
    [
        ({}, {"model": "glm-5.2", "stop": "END"}, ["END"], ""),
        ({}, {"model": "glm-5.2", "stop": ["END"]}, ["END"], ""),
        ({}, {"model": "glm-5.2", "stop": ["a", "b", "c", "d"]}, ["a", "b", "c", "d"], ""),
        ({}, {"model": "glm-5.2", "stop": ["a", "b", "c", "d", "e"]}, ["a", "b", "c", "d"], "stop=emulated"),
        ({}, {"model": "glm-5.2", "stop": ["a", "", "a"]}, ["a"], ""),
        ({}, {"model": "charglm-4", "stop": ["a", "b"]}, ["a"], "stop=emulated"),
        (INTL, {"model": "glm-5.2", "stop": ["a"]}, ["a"], ""),
        (INTL, {"model": "glm-5.2", "stop": ["a", "b"]}, ["a"], "stop=emulated"),
        (GATEWAY, {"model": "glm-5.2", "stop": ["a", "b"]}, ["a"], "stop=emulated"),
    ],
)
def test_stop_words_are_sent_as_a_list_as_far_as_they_fit(
    side: SyncSide, client: dict[str, Any], given: dict[str, Any], sent: list[str], record: str
) -> None:
    asked = ask(side, client=client, **given)
    assert asked.json == {"messages": HI, **given, "stop": sent}
    assert asked.record == record
    assert len(asked.warned) == record.count("emulated")


@pytest.mark.parametrize("stop", ["", [], [""], None])
def test_no_stop_word_is_no_stop_field(side: SyncSide, stop: Any) -> None:
    assert ask(side, stop=stop).json == {"model": "glm-5.2", "messages": HI}


def test_every_stop_word_is_kept_for_the_answer() -> None:
    body = {"model": "glm-5.2", "messages": HI, "stop": ["a", "b", "c", "d", "e"]}
    with pytest.warns(ZhipuAdaptationWarning):
        draft = fields.translate_request(Call("POST", "", "", body, Options(""), Ledger()))
    assert draft.plan.stops == ("a", "b", "c", "d", "e")


# Choices


def test_n_becomes_that_many_requests(side: SyncSide, wire: Wire) -> None:
    asked = ask(side, n=3)
    assert [sent.json for sent in wire.sent] == [{"model": "glm-5.2", "messages": HI}] * 3
    assert (asked.record, asked.warned) == ("n=translated", [])


def test_n_1_is_not_worth_a_word(side: SyncSide) -> None:
    asked = ask(side, n=1)
    assert (asked.json, asked.record) == ({"model": "glm-5.2", "messages": HI}, "")


@pytest.mark.parametrize("count", [0, -1, 129, "2", True, 1.5])
def test_an_n_out_of_bounds_is_refused(side: SyncSide, count: Any) -> None:
    error = refused(side, n=count)
    assert (error.param, error.code) == ("n", "invalid_value")
    assert error.body["message"] == "n must be a whole number from 1 to 128."


# Response format


ANSWER_SCHEMA = {"type": "json_schema", "json_schema": {"name": "place", "schema": {"type": "object"}}}


def test_text_is_what_zhipu_answers_anyway(side: SyncSide) -> None:
    asked = ask(side, response_format={"type": "text"})
    assert (asked.json, asked.record) == ({"model": "glm-5.2", "messages": HI}, "")


@pytest.mark.parametrize("extra", [{}, {"tools": [function_tool()]}])
def test_json_mode_is_zhipus_own(side: SyncSide, extra: dict[str, Any]) -> None:
    asked = ask(side, response_format={"type": "json_object"}, **extra)
    assert asked.json["response_format"] == {"type": "json_object"}
    assert asked.json["messages"] == HI
    assert (asked.record, asked.warned) == ("", [])


def test_a_model_without_json_mode_is_asked_in_words(side: SyncSide) -> None:
    asked = ask(side, model="glm-4.6v", response_format={"type": "json_object"})
    assert asked.json == {
        "model": "glm-4.6v",
        "messages": [
            {"role": "system", "content": "Answer with one JSON object and nothing else."},
            *HI,
        ],
    }
    assert asked.record == "response_format=emulated"
    assert len(asked.warned) == 1


@pytest.mark.parametrize(
    ("model", "sent"),
    [("glm-5.2", {"type": "json_object"}), ("glm-4.6v", None), ("glm-9.9", {"type": "json_object"})],
)
def test_a_json_schema_goes_into_the_prompt(side: SyncSide, model: str, sent: Any) -> None:
    asked = ask(side, model=model, response_format=ANSWER_SCHEMA)
    system, question = asked.json["messages"]
    assert asked.json.get("response_format") == sent
    assert system["role"] == "system"
    assert system["content"].endswith('JSON Schema "place":\n{"type":"object"}')
    assert question == HI[0]
    assert asked.record == "response_format=emulated"
    assert len(asked.warned) == 1


def test_a_json_schema_joins_the_system_message_that_is_there(side: SyncSide) -> None:
    system = {"role": "developer", "content": "Be brief."}
    asked = ask(side, messages=[system, *HI], response_format=ANSWER_SCHEMA)
    assert [message["role"] for message in asked.json["messages"]] == ["system", "user"]
    assert asked.json["messages"][0]["content"].startswith("Be brief.\n\nAnswer with exactly one JSON value")


def test_an_empty_system_message_is_filled_and_not_appended_to(side: SyncSide) -> None:
    messages = [{"role": "system", "content": ""}, *HI]
    asked = ask(side, messages=messages, model="glm-4.6v", response_format={"type": "json_object"})
    assert asked.json["messages"][0]["content"] == "Answer with one JSON object and nothing else."


def test_beside_tools_a_json_schema_leaves_json_mode_off(side: SyncSide) -> None:
    asked = ask(side, response_format=ANSWER_SCHEMA, tools=[function_tool()])
    assert "response_format" not in asked.json
    assert asked.json["messages"][0]["content"].startswith("Call tools whenever they are needed;")


def test_an_empty_list_of_tools_does_not_cost_the_json_mode(side: SyncSide) -> None:
    asked = ask(side, response_format=ANSWER_SCHEMA, tools=[])
    assert asked.json["response_format"] == {"type": "json_object"}


def test_a_json_schema_without_a_schema_asks_for_an_object(side: SyncSide) -> None:
    asked = ask(
        side, response_format={"type": "json_schema", "json_schema": {"name": "x", "description": "A place"}}
    )
    text = asked.json["messages"][0]["content"]
    assert "The answer is: A place" in text
    assert text.endswith('JSON Schema "x":\n{"type":"object"}')


@pytest.mark.parametrize("json_schema", [None, "x", {"name": 5, "schema": "x", "description": 5}])
def test_a_broken_json_schema_still_asks_for_an_object(side: SyncSide, json_schema: Any) -> None:
    asked = ask(side, response_format={"type": "json_schema", "json_schema": json_schema})
    assert asked.json["messages"][0]["content"].endswith('\n{"type":"object"}')
    assert "The answer is" not in asked.json["messages"][0]["content"]


# Sound


def test_sound_is_asked_of_the_model_that_speaks(side: SyncSide) -> None:
    asked = ask(
        side, model="glm-4-voice", modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"}
    )
    assert asked.json == {"model": "glm-4-voice", "messages": HI}
    assert asked.warned == ["`audio` dropped for Zhipu: glm-4-voice takes neither voice nor format."]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"audio": {"voice": "alloy", "format": "wav"}}, "audio"),
    ],
)
def test_sound_from_a_model_that_does_not_speak_is_refused(
    side: SyncSide, given: dict[str, Any], param: str
) -> None:
    error = refused(side, **given)
    assert (error.param, error.code) == (param, "unsupported_parameter")
    assert error.body["message"] == (
        "Only glm-4-voice answers with audio; choose it, or use client.audio.speech."
    )


# Fields without a counterpart


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("logprobs", True),
        ("top_logprobs", 5),
        ("presence_penalty", 0.5),
        ("frequency_penalty", -0.5),
        ("logit_bias", {"50256": -100}),
        ("prediction", {"type": "content", "content": "x"}),
        ("store", True),
        ("metadata", {"task": "x"}),
        ("service_tier", "flex"),
        ("verbosity", "low"),
    ],
)
def test_what_zhipu_does_not_have_is_left_out_with_a_warning(side: SyncSide, field: str, value: Any) -> None:
    asked = ask(side, **{field: value})
    row = next(row for row in fields.FIELDS if row.name == field)
    assert asked.json == {"model": "glm-5.2", "messages": HI}
    assert asked.record == f"{field}=dropped"
    assert asked.warned == [f"`{field}` dropped for Zhipu: {row.what}"]
    assert ask(side, **{field: value}).warned == []


@pytest.mark.parametrize(
    "given",
    [
        {"logprobs": False},
        {"top_logprobs": 0},
        {"presence_penalty": 0},
        {"frequency_penalty": 0.0},
        {"logit_bias": {}},
        {"store": False},
        {"metadata": {}},
        {"service_tier": "auto"},
        {"service_tier": "default"},
        {"verbosity": "medium"},
        {"modalities": ["text"]},
        {"tools": []},
        {"functions": []},
        {"parallel_tool_calls": True},
        {"prompt_cache_key": "k"},
        {"extra_body": {"prompt_cache_retention": "24h", "prompt_cache_options": {"a": 1}}},
    ],
)
def test_what_asks_for_nothing_is_left_out_without_a_word(side: SyncSide, given: dict[str, Any]) -> None:
    asked = ask(side, **given)
    assert asked.json == {"model": "glm-5.2", "messages": HI}
    assert (asked.record, asked.warned) == ("", [])


def test_false_and_0_are_not_taken_for_one_another(side: SyncSide) -> None:
    assert ask(side, extra_body={"logprobs": 0}).record == "logprobs=dropped"
    assert ask(side, extra_body={"top_logprobs": False}).record == "top_logprobs=dropped"


def test_every_field_may_be_null(side: SyncSide) -> None:
    nulls = {row.name: None for row in fields.FIELDS if row.name not in ("model", "messages")}
    asked = ask(side, extra_body=nulls)
    assert asked.json == {"model": "glm-5.2", "messages": HI}
    assert (asked.record, asked.warned) == ("", [])


def test_a_seed_passes(side: SyncSide) -> None:
    asked = ask(side, seed=7)
    assert (asked.json["seed"], asked.record) == (7, "")


def test_the_usage_of_a_stream_is_not_asked_of_zhipu(side: SyncSide) -> None:
    asked = ask(side, stream=True, stream_options={"include_usage": True})
    assert asked.json == {"model": "glm-5.2", "messages": HI, "stream": True}


# Zhipu's own


NATIVE = {
    "thinking": {"type": "enabled", "clear_thinking": True},
    "do_sample": False,
    "tool_stream": True,
    "meta": {"user_info": "u", "bot_info": "b", "bot_name": "n", "user_name": "m"},
    "request_id": "abcdef",
    "user_id": "alice-42",
    "watermark_enabled": False,
    "sensitive_word_check": {"type": "ALL", "status": "DISABLE"},
    "released_tomorrow": {"a": [1, None, "x"]},
}


@pytest.mark.parametrize("model", ["glm-5.2", "glm-9.9", "charglm-4"])
def test_zhipus_own_fields_and_unknown_ones_pass(side: SyncSide, model: str) -> None:
    asked = ask(side, model=model, extra_body=NATIVE)
    assert asked.json == {"model": model, "messages": HI, **NATIVE}
    assert (asked.record, asked.warned) == ("", [])


# Strict and silent clients


STRICTLY_REFUSED = [
    ({"model": "gpt-4o"}, "model"),
    ({"temperature": 1.5}, "temperature"),
    ({"max_tokens": 200_000}, "max_tokens"),
    ({"logprobs": True}, "logprobs"),
    ({"stop": list("abcde")}, "stop"),
    ({"response_format": ANSWER_SCHEMA}, "response_format"),
    ({"tools": [function_tool()], "tool_choice": "required"}, "tool_choice"),
    ({"tools": [function_tool(strict=True)]}, "tools.function.strict"),
    ({"messages": [{"role": "user", "name": "Al", "content": "Hi"}]}, "messages.name"),
    ({"messages": [{"role": "system", "content": "Hi"}]}, "messages"),
]


@pytest.mark.parametrize(("given", "param"), STRICTLY_REFUSED)
def test_a_strict_client_refuses_what_changes_the_meaning(
    side: SyncSide, given: dict[str, Any], param: str
) -> None:
    error = refused(side, client={"on_adaptation": "error"}, **given)
    assert (error.param, error.code) == (param, "unsupported_parameter")


def test_a_strict_client_allows_what_keeps_the_meaning(side: SyncSide) -> None:
    asked = ask(
        side,
        client={"on_adaptation": "error"},
        messages=[{"role": "developer", "content": "Be brief."}, *HI],
        max_completion_tokens=10,
        user="al",
        temperature=0.333,
        reasoning_effort="none",
        prompt_cache_key="k",
    )
    assert asked.json == {
        "model": "glm-5.2",
        "messages": [{"role": "system", "content": "Be brief."}, *HI],
        "max_tokens": 10,
        "user_id": "user-al",
        "temperature": 0.33,
        "thinking": {"type": "disabled"},
    }


@pytest.mark.parametrize(("given", "param"), STRICTLY_REFUSED)
def test_a_silent_client_says_it_in_the_header_alone(
    side: SyncSide, given: dict[str, Any], param: str
) -> None:
    asked = ask(side, client={"on_adaptation": "ignore"}, **given)
    assert asked.warned == []
    assert f"{param}=" in asked.record


# Numbers that are none


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize(
    ("body", "param"),
    [
        ('{"model": "glm-5.2", "messages": [], "temperature": %s}', "temperature"),
        ('{"model": "glm-5.2", "messages": [], "custom": {"a": [1, %s]}}', "custom"),
    ],
)
def test_a_number_that_json_does_not_have_is_refused(body: str, param: str, number: str) -> None:
    call = Call("POST", "", "", json.loads(body % number), Options(""), Ledger())
    with pytest.raises(adaptation.Refused) as caught:
        fields.translate_request(call)
    error = caught.value.answer.body["error"]
    assert (caught.value.answer.status, error["param"], error["code"]) == (400, param, "invalid_value")


def test_nesting_beyond_measure_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(100_000):
        schema = {"type": "array", "items": schema}
    body = {"model": "glm-5.2", "messages": HI, "tools": [function_tool(parameters=schema)]}
    with pytest.raises(adaptation.Refused) as caught:
        fields.translate_request(Call("POST", "", "", body, Options(""), Ledger()))
    assert caught.value.answer.body["error"]["message"] == "tools is nested too deeply."
