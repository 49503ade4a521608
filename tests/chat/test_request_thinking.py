"""Thinking: OpenAI's effort and Zhipu's switch, for every kind of model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from request_helpers import HI, ask, image, user

if TYPE_CHECKING:
    from conftest import SyncSide

ON = {"thinking": {"type": "enabled"}}
OFF = {"thinking": {"type": "disabled"}}
THOUGHT = {"role": "assistant", "content": "Hello.", "reasoning_content": "Hm."}

# One model of each kind: it never stops, has efforts, has a switch, writes tags, does not think, is unknown.
ALWAYS, EFFORT, SWITCH, TAGGED, NONE, UNKNOWN = (
    "glm-5.3",
    "glm-5.2",
    "glm-4.7",
    "glm-4.1v-thinking-flash",
    "glm-4-flash-250414",
    "glm-9.9",
)


def effort(word: str) -> dict[str, str]:
    """Give the field of an effort."""
    return {"reasoning_effort": word}


@pytest.mark.parametrize(
    ("model", "word", "sent", "record"),
    [
        (ALWAYS, "none", effort("low"), "approximated"),
        (ALWAYS, "minimal", effort("low"), "approximated"),
        (ALWAYS, "low", effort("low"), ""),
        (ALWAYS, "medium", effort("high"), "approximated"),
        (ALWAYS, "high", effort("high"), ""),
        (ALWAYS, "xhigh", effort("max"), "translated"),
        (ALWAYS, "max", effort("max"), ""),
        (EFFORT, "none", OFF, "translated"),
        (EFFORT, "minimal", effort("minimal"), ""),
        (EFFORT, "low", effort("low"), ""),
        (EFFORT, "medium", effort("medium"), ""),
        (EFFORT, "high", effort("high"), ""),
        (EFFORT, "xhigh", effort("xhigh"), ""),
        (EFFORT, "max", effort("max"), ""),
        (SWITCH, "none", OFF, "translated"),
        (SWITCH, "minimal", OFF, "approximated"),
        (SWITCH, "low", ON, "approximated"),
        (SWITCH, "high", ON, "approximated"),
        (SWITCH, "max", ON, "approximated"),
        (TAGGED, "none", {}, "approximated"),
        (TAGGED, "high", {}, "approximated"),
        (NONE, "none", {}, "translated"),
        (NONE, "minimal", {}, "approximated"),
        (NONE, "high", {}, "approximated"),
        (UNKNOWN, "none", effort("none"), ""),
        (UNKNOWN, "medium", effort("medium"), ""),
        (EFFORT, "utmost", effort("utmost"), "approximated"),
    ],
)
def test_an_effort_is_said_in_the_words_of_the_model(
    side: SyncSide, model: str, word: str, sent: dict[str, Any], record: str
) -> None:
    asked = ask(side, model=model, reasoning_effort=word)
    assert asked.json == {"model": model, "messages": HI, **sent}
    assert asked.record == (f"reasoning_effort={record}" if record else "")
    assert len(asked.warned) == (record == "approximated")


def test_an_effort_that_is_no_word_is_left_to_zhipu(side: SyncSide) -> None:
    assert ask(side, extra_body={"reasoning_effort": 3}).json["reasoning_effort"] == 3


@pytest.mark.parametrize(
    ("model", "given", "sent"),
    [
        (SWITCH, {**effort("high"), "extra_body": OFF}, OFF),
        (SWITCH, {**effort("none"), "extra_body": ON}, ON),
        (EFFORT, {**effort("none"), "extra_body": ON}, ON),
        (EFFORT, {**effort("high"), "extra_body": OFF}, {**OFF, **effort("high")}),
    ],
)
@pytest.mark.filterwarnings("ignore::zhipu_openai.adaptation.ZhipuAdaptationWarning")
def test_thinking_as_the_caller_gave_it_wins_over_the_effort(
    side: SyncSide, model: str, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    assert ask(side, model=model, **given).json == {"model": model, "messages": HI, **sent}


# Models of OpenAI's that do not reason


@pytest.mark.parametrize(
    ("name", "model"),
    [("gpt-4o", "glm-5.2"), ("gpt-4o-mini", "glm-4.5-air"), ("gpt-3.5-turbo", "glm-4.5-air")],
)
def test_a_name_that_does_not_reason_turns_thinking_off(side: SyncSide, name: str, model: str) -> None:
    asked = ask(side, model=name)
    assert asked.json == {"model": model, "messages": HI, **OFF}
    assert asked.record == "model=approximated; thinking=translated"


def test_a_name_that_does_not_reason_turns_thinking_off_where_it_sees_too(side: SyncSide) -> None:
    assert ask(side, model="gpt-4o", messages=user(image())).json["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"extra_body": ON}, ON),
        ({"extra_body": OFF}, OFF),
        ({"extra_body": {"thinking": {"clear_thinking": False}}}, {"thinking": {"clear_thinking": False}}),
        ({"extra_body": {"enable_thinking": True}}, ON),
        ({"extra_body": {"enable_thinking": False}}, OFF),
        ({"extra_body": {"thinking": None}}, OFF),
        (effort("high"), effort("high")),
        (effort("low"), effort("low")),
        (effort("none"), OFF),
    ],
)
def test_the_caller_decides_whether_such_a_name_thinks(
    side: SyncSide, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    assert ask(side, model="gpt-4o", **given).json == {"model": "glm-5.2", "messages": HI, **sent}


@pytest.mark.parametrize("name", ["gpt-5", "o3", "gpt-5-nano", "gpt-4o-audio-preview"])
def test_other_names_are_given_no_thinking(side: SyncSide, name: str) -> None:
    assert "thinking" not in ask(side, model=name).json


def test_an_own_alias_of_such_a_name_still_does_not_think(side: SyncSide) -> None:
    asked = ask(side, client={"model_aliases": {"gpt-4o": "glm-4.7"}}, model="gpt-4o")
    assert asked.json == {"model": "glm-4.7", "messages": HI, **OFF}


@pytest.mark.parametrize("target", [ALWAYS, TAGGED, NONE, UNKNOWN])
def test_nothing_is_said_to_a_model_that_cannot_stop(side: SyncSide, target: str) -> None:
    asked = ask(side, client={"model_aliases": {"gpt-4o": target}}, model="gpt-4o")
    assert asked.json == {"model": target, "messages": HI}


# The switch


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (OFF, effort("low")),
        ({**OFF, "reasoning_effort": "max"}, effort("max")),
        (
            {"thinking": {"type": "disabled", "clear_thinking": False}},
            {"thinking": {"clear_thinking": False}, **effort("low")},
        ),
        ({"enable_thinking": False}, effort("low")),
    ],
)
def test_a_model_that_always_thinks_is_asked_to_think_little(
    side: SyncSide, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    asked = ask(side, model=ALWAYS, extra_body=given)
    assert asked.json == {"model": ALWAYS, "messages": HI, **sent}
    always = "glm-5.3 always thinks; the lowest effort is asked for, unless the request names another."
    assert asked.warned == [f"`thinking` approximated for Zhipu: {always}"]


def test_a_model_that_writes_its_thoughts_is_known_not_to_stop(side: SyncSide) -> None:
    asked = ask(side, model=TAGGED, extra_body=OFF)
    assert asked.json == {"model": TAGGED, "messages": HI, **OFF}
    assert asked.warned == [
        "`thinking` approximated for Zhipu: glm-4.1v-thinking-flash always thinks, whatever it is told."
    ]


@pytest.mark.parametrize("model", [EFFORT, SWITCH, NONE, UNKNOWN])
@pytest.mark.parametrize("thinking", [ON, OFF])
def test_the_switch_passes_where_it_is_known_or_harmless(
    side: SyncSide, model: str, thinking: dict[str, Any]
) -> None:
    asked = ask(side, model=model, extra_body=thinking)
    assert asked.json == {"model": model, "messages": HI, **thinking}
    assert (asked.record, asked.warned) == ("", [])


@pytest.mark.parametrize(
    ("model", "enabled", "sent", "record"),
    [
        (SWITCH, True, ON, "enable_thinking=translated"),
        (SWITCH, False, OFF, "enable_thinking=translated"),
        (UNKNOWN, False, OFF, "enable_thinking=translated"),
        (NONE, False, {}, ""),
        (NONE, True, {}, "enable_thinking=dropped"),
        (SWITCH, "yes", {}, ""),
    ],
)
def test_the_switch_of_another_vendor_is_translated(
    side: SyncSide, model: str, enabled: Any, sent: dict[str, Any], record: str
) -> None:
    asked = ask(side, model=model, extra_body={"enable_thinking": enabled})
    assert asked.json == {"model": model, "messages": HI, **sent}
    assert asked.record == record


def test_zhipus_switch_wins_over_another_vendors(side: SyncSide) -> None:
    assert ask(side, extra_body={**ON, "enable_thinking": False}).json["thinking"] == {"type": "enabled"}


# Thoughts in the history


@pytest.mark.parametrize("model", [ALWAYS, EFFORT, SWITCH])
def test_thoughts_that_are_brought_back_are_kept(side: SyncSide, model: str) -> None:
    asked = ask(side, model=model, messages=[*HI, THOUGHT, *HI])
    assert asked.json["thinking"] == {"clear_thinking": False}
    assert asked.json["messages"] == [*HI, THOUGHT, *HI]
    assert (asked.record, asked.warned) == ("thinking.clear_thinking=translated", [])


@pytest.mark.parametrize("model", [TAGGED, NONE, UNKNOWN])
def test_models_that_are_not_known_to_keep_thoughts_are_told_nothing(side: SyncSide, model: str) -> None:
    assert "thinking" not in ask(side, model=model, messages=[*HI, THOUGHT, *HI]).json


@pytest.mark.parametrize(
    "thinking",
    [
        {"clear_thinking": True},
        {"type": "enabled", "clear_thinking": True},
        {"clear_thinking": False},
        {"type": "disabled"},
    ],
)
def test_what_the_caller_says_about_thoughts_wins(side: SyncSide, thinking: dict[str, Any]) -> None:
    asked = ask(side, messages=[*HI, THOUGHT, *HI], extra_body={"thinking": thinking})
    assert asked.json["thinking"] == thinking


def test_thoughts_are_kept_beside_what_else_the_caller_says(side: SyncSide) -> None:
    asked = ask(side, messages=[*HI, THOUGHT, *HI], extra_body=ON)
    assert asked.json["thinking"] == {"type": "enabled", "clear_thinking": False}


def test_a_name_that_does_not_reason_keeps_no_thoughts(side: SyncSide) -> None:
    assert ask(side, model="gpt-4o", messages=[*HI, THOUGHT, *HI]).json["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(
    "message",
    [
        {"role": "assistant", "content": "Hello.", "reasoning_content": ""},
        {"role": "assistant", "content": "Hello.", "reasoning_content": None},
        {"role": "user", "content": "Hello.", "reasoning_content": "Hm."},
    ],
)
def test_a_history_without_thoughts_of_the_model_changes_nothing(
    side: SyncSide, message: dict[str, Any]
) -> None:
    assert "thinking" not in ask(side, messages=[*HI, message, *HI]).json
