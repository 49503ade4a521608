"""What the stand-in says when no script tells it what to say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_helpers import ADD, ask, body_of, chunks_of, joined, message_of, standin

from zhipu_openai.standin.tokens import count, tokens

NOTICE = "[stand-in] This answer comes from the zhipu-openai stand-in, not from a model."
NOTICE_ZH = "[stand-in] 此回答来自 zhipu-openai 的替身服务，不是由模型生成的。"
REASONING = "This is the zhipu-openai stand-in; no model is thinking."
USER = {"role": "user", "content": "hi"}
TOOL_TURN = [
    USER,
    {
        "role": "assistant",
        "content": "",
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a":2,"b":3}'}},
            {"id": "2", "type": "function", "function": {"name": "add", "arguments": '{"a":3,"b":3}'}},
        ],
    },
    {"role": "tool", "tool_call_id": "1", "content": "5"},
    {"role": "tool", "tool_call_id": "2", "content": "6"},
]


def test_a_text_answer_says_that_it_is_the_stand_in_and_quotes_the_user() -> None:
    reply = ask(standin())
    assert body_of(reply) == {
        "choices": [
            {
                "finish_reason": "stop",
                "index": 0,
                "message": {
                    "content": f'{NOTICE} You wrote: "hi"',
                    "reasoning_content": REASONING,
                    "role": "assistant",
                },
            }
        ],
        "created": 1791520205,
        "id": "20261009123005629f6fbed82c07cd",
        "model": "glm-4.6",
        "object": "chat.completion",
        "request_id": "20261009123005629f6fbed82c07cd",
        "usage": {
            "completion_tokens": 43,
            "completion_tokens_details": {"reasoning_tokens": 15},
            "prompt_tokens": 1,
            "prompt_tokens_details": {"cached_tokens": 0},
            "total_tokens": 44,
        },
    }


def test_a_whole_answer_has_its_keys_in_alphabetical_order_at_every_level() -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            assert list(value) == sorted(value)
            for part in value.values():
                check(part)
        if isinstance(value, list):
            for part in value:
                check(part)

    check(body_of(ask(standin(), tools=[ADD])))


def test_chinese_is_answered_in_chinese() -> None:
    message = message_of(ask(standin(), "你好"))
    assert message["content"] == f"{NOTICE_ZH}您写道：“你好”"
    assert message["reasoning_content"] == "这是 zhipu-openai 的替身服务，没有模型在思考。"


def test_text_parts_are_quoted_line_by_line() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    message = message_of(ask(standin(), [{"role": "user", "content": parts}]))
    assert message["content"] == f'{NOTICE} You wrote: "a\nb"'


def test_after_a_user_message_the_first_function_is_called_with_arguments_from_its_schema() -> None:
    choice = body_of(ask(standin(), tools=[ADD, {"type": "function", "function": {"name": "other"}}]))[
        "choices"
    ][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == ""
    [call] = choice["message"]["tool_calls"]
    assert re.fullmatch(r"call_-\d{19}", call.pop("id"))
    assert call == {
        "function": {"arguments": '{"a":2,"b":3}', "name": "add"},
        "index": 0,
        "type": "function",
    }


def test_a_function_without_parameters_is_called_with_an_empty_object() -> None:
    tool = {"type": "function", "function": {"name": "now"}}
    [call] = message_of(ask(standin(), tools=[tool]))["tool_calls"]
    assert call["function"] == {"arguments": "{}", "name": "now"}


def test_after_tool_results_the_answer_quotes_them() -> None:
    choice = body_of(ask(standin(), TOOL_TURN, tools=[ADD]))["choices"][0]
    assert choice["message"]["content"] == f'{NOTICE} The tool returned: "5", "6"'
    assert choice["finish_reason"] == "stop"


def test_after_tool_results_chinese_is_answered_in_chinese() -> None:
    messages = [{"role": "user", "content": "加"}, *TOOL_TURN[1:]]
    assert message_of(ask(standin(), messages))["content"] == f"{NOTICE_ZH}工具返回了：“5”，“6”"


def test_json_mode_gives_an_object_that_says_it_is_the_stand_in() -> None:
    message = message_of(ask(standin(), response_format={"type": "json_object"}))
    assert json.loads(message["content"]) == {"standin": True, "message": NOTICE}


SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 7}, "s": {"type": "string"}},
    "required": ["n"],
}


INSTRUCTION = f'Answer with one JSON value.\nJSON Schema "answer":\n{json.dumps(SCHEMA)}'


@pytest.mark.parametrize("fields", [{}, {"response_format": {"type": "json_object"}}])
def test_a_schema_in_the_system_message_is_answered_with_an_instance(fields: dict[str, Any]) -> None:
    messages = [{"role": "system", "content": f"Be brief.\n\n{INSTRUCTION}"}, USER]
    assert json.loads(message_of(ask(standin(), messages, **fields))["content"]) == {"n": 7, "s": "stand-in"}


def test_a_schema_is_found_in_a_system_message_of_parts() -> None:
    parts = [{"type": "text", "text": "Be brief."}, {"type": "text", "text": INSTRUCTION}]
    messages = [{"role": "system", "content": parts}, USER]
    assert json.loads(message_of(ask(standin(), messages))["content"])["n"] == 7


def test_tools_come_before_the_schema_and_the_schema_comes_after_tool_results() -> None:
    system = {"role": "system", "content": INSTRUCTION}
    assert "tool_calls" in message_of(ask(standin(), [system, USER], tools=[ADD]))
    message = message_of(ask(standin(), [system, *TOOL_TURN], tools=[ADD]))
    assert json.loads(message["content"]) == {"n": 7, "s": "stand-in"}


def test_a_schema_that_is_no_json_is_not_taken_for_one() -> None:
    messages = [{"role": "system", "content": 'JSON Schema "x":\nnone'}, USER]
    assert message_of(ask(standin(), messages))["content"] == f'{NOTICE} You wrote: "hi"'


def test_json_schema_is_accepted_and_not_applied() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}
    content = message_of(ask(standin(), response_format=form))["content"]
    assert content.startswith("```json\n")
    assert content.endswith("\n```")
    assert json.loads(content[8:-4]) == {"standin": True, "answer": NOTICE}


@pytest.mark.parametrize(
    ("model", "fields", "reasons"),
    [
        ("glm-4.6", {}, True),
        ("glm-4.6", {"thinking": {"type": "enabled"}}, True),
        ("glm-4.6", {"thinking": {"clear_thinking": False}}, True),
        ("glm-4.6", {"thinking": {"type": "disabled"}}, False),
        ("glm-4.6", {"reasoning_effort": "none"}, True),
        ("glm-4.7", {"thinking": {"type": "disabled"}}, False),
        ("glm-5.2", {}, True),
        ("glm-5.2", {"reasoning_effort": "low"}, True),
        ("glm-5.2", {"reasoning_effort": "none"}, False),
        ("glm-5.2", {"reasoning_effort": "minimal"}, False),
        ("glm-5.2", {"thinking": {"type": "disabled"}}, False),
        ("glm-5.3", {}, True),
        ("glm-5.3-flash", {"reasoning_effort": "low"}, True),
        ("glm-4-flash-250414", {}, False),
        ("glm-4-flash-250414", {"thinking": {"type": "enabled"}}, False),
    ],
)
def test_reasoning_comes_when_the_model_thinks(model: str, fields: dict[str, Any], reasons: bool) -> None:
    reply = ask(standin(), model=model, **fields)
    assert message_of(reply).get("reasoning_content") == (REASONING if reasons else None)


@pytest.mark.parametrize("fields", [{}, {"thinking": {"type": "disabled"}}])
def test_a_tagged_model_always_thinks_inside_its_content(fields: dict[str, Any]) -> None:
    message = message_of(ask(standin(), model="glm-4.1v-thinking-flash", **fields))
    assert message["content"] == f'<think>{REASONING}</think>\n{NOTICE} You wrote: "hi"'
    assert "reasoning_content" not in message


@pytest.mark.parametrize("stream", [False, True])
def test_max_tokens_cuts_the_content_and_counts_the_reasoning_first(stream: bool) -> None:
    limit = count(REASONING) + 3
    reply = ask(standin(), max_tokens=limit, stream=stream)
    if stream:
        chunks = chunks_of(reply)
        content, reasoning = joined(chunks, "content"), joined(chunks, "reasoning_content")
        choice, usage = chunks[-1]["choices"][0], chunks[-1]["usage"]
    else:
        body = body_of(reply)
        choice, usage = body["choices"][0], body["usage"]
        content, reasoning = choice["message"]["content"], choice["message"]["reasoning_content"]
    assert (content, reasoning) == ("[stand-", REASONING)
    assert choice["finish_reason"] == "length"
    assert (usage["completion_tokens"], usage["completion_tokens_details"]) == (
        limit,
        {"reasoning_tokens": limit - 3},
    )


def test_a_small_max_tokens_goes_to_the_reasoning_alone() -> None:
    choice = body_of(ask(standin(), max_tokens=2))["choices"][0]
    assert choice["message"] == {"content": "", "reasoning_content": "This is", "role": "assistant"}
    assert choice["finish_reason"] == "length"


def test_a_tool_call_that_does_not_fit_max_tokens_is_left_out() -> None:
    choice = body_of(ask(standin(), max_tokens=20, tools=[ADD]))["choices"][0]
    assert choice["finish_reason"] == "length"
    assert "tool_calls" not in choice["message"]


def test_an_answer_that_fits_max_tokens_exactly_is_whole() -> None:
    assert body_of(ask(standin(), max_tokens=43))["choices"][0]["finish_reason"] == "stop"
    assert body_of(ask(standin(), max_tokens=42))["choices"][0]["finish_reason"] == "length"


def test_the_answer_ends_before_the_first_stop_word() -> None:
    choice = body_of(ask(standin(), stop=["", "wrote", "comes"]))["choices"][0]
    assert choice["message"]["content"] == "[stand-in] This answer "
    assert choice["finish_reason"] == "stop"


def test_a_request_id_is_echoed_and_the_id_stays_zhipus() -> None:
    body = body_of(ask(standin(), request_id="mine-0001"))
    assert body["request_id"] == "mine-0001"
    assert re.fullmatch(r"20261009123005[0-9a-f]{16}", body["id"])


@pytest.mark.parametrize(
    ("model", "details"),
    [
        ("glm-4.6", {"prompt_tokens_details", "completion_tokens_details"}),
        ("glm-4.5-air", {"prompt_tokens_details"}),
        ("glm-5", {"prompt_tokens_details"}),
        ("glm-4-plus", set()),
        ("glm-4.1v-thinking-flash", set()),
    ],
)
def test_usage_has_the_details_that_the_model_gives(model: str, details: set[str]) -> None:
    usage = body_of(ask(standin(), model=model))["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert {name for name in usage if name.endswith("_details")} == details


def test_the_prompt_is_counted_over_messages_calls_and_tools() -> None:
    alone = body_of(ask(standin()))["usage"]["prompt_tokens"]
    turn = body_of(ask(standin(), TOOL_TURN))["usage"]["prompt_tokens"]
    with_tools = body_of(ask(standin(), TOOL_TURN, tools=[ADD]))["usage"]["prompt_tokens"]
    assert alone == 1
    assert alone < turn < with_tools


WEB_SEARCH = {"enable": True, "search_engine": "search_std", "search_result": True}
FOUND = [
    {
        "content": "[stand-in] Nothing was searched: this result comes from the zhipu-openai stand-in.",
        "icon": "https://example.com/icon.png",
        "link": "https://example.com/stand-in",
        "media": "stand-in",
        "publish_date": "2026-01-01",
        "refer": "ref_1",
        "title": "The zhipu-openai stand-in",
    }
]


def test_a_web_search_whose_results_are_wanted_is_answered_with_a_made_up_one() -> None:
    tool = {"type": "web_search", "web_search": WEB_SEARCH}
    assert body_of(ask(standin(), tools=[tool]))["web_search"] == FOUND
    assert chunks_of(ask(standin(), tools=[tool], stream=True))[-1]["web_search"] == FOUND


@pytest.mark.parametrize(
    "tools",
    [
        [{"type": "web_search", "web_search": {**WEB_SEARCH, "search_result": False}}],
        [{"type": "web_search", "web_search": {**WEB_SEARCH, "enable": False}}],
        [{"type": "web_search", "web_search": WEB_SEARCH}, ADD],
    ],
)
def test_a_web_search_that_is_off_or_beside_functions_gives_no_results(tools: list[Any]) -> None:
    assert "web_search" not in body_of(ask(standin(), tools=tools))


def test_the_same_seed_gives_the_same_ids_and_another_seed_others() -> None:
    first, again, other = (body_of(ask(standin(seed=seed)))["id"] for seed in (1, 1, 2))
    assert first == again != other


def test_a_lone_surrogate_is_quoted_as_an_escape() -> None:
    assert b'\\"\\ud800\\"' in ask(standin(), "\ud800").read()


@given(st.text())
def test_tokens_joined_are_the_text_again(text: str) -> None:
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Hello, world", ["Hello", ",", " world"]),
        ("你好 GLM", ["你", "好", " GLM"]),
        ("snake_case 中a", ["snake", "_", "case", " 中", "a"]),
        (" \n", [" \n"]),
        ("", []),
    ],
)
def test_words_and_chinese_characters_are_tokens(text: str, split: list[str]) -> None:
    assert tokens(text) == split
