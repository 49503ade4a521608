"""What the stand-in refuses, rule by rule, with Zhipu's own words."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_helpers import ADD, CHAT, KEY, ask, body_of, standin

from zhipu_openai.catalogue import MODELS
from zhipu_openai.standin.checks import CHECKS
from zhipu_openai.standin.given import Given

USER = {"role": "user", "content": "hi"}
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 16).decode()
ILLEGAL = "messages 参数非法。请检查文档。"
GENERAL = "API 调用参数有误，请检查文档"
ALWAYS = "该模型始终思考，不支持关闭思考；请使用 low、high 或 max。"
EFFORTS = "reasoning_effort 参数值非法，可选值为：none、minimal、low、medium、high、xhigh、max"
UNKNOWN_MODEL = "模型不存在，请检查模型代码。"


def image(url: Any) -> dict[str, Any]:
    """Make an image part."""
    return {"type": "image_url", "image_url": {"url": url}}


def user(*parts: Any) -> list[dict[str, Any]]:
    """Make a user message of parts."""
    return [{"role": "user", "content": list(parts)}]


def called(**call: Any) -> list[dict[str, Any]]:
    """Make a history with a tool call."""
    return [
        USER,
        {"role": "assistant", "content": "", "tool_calls": [{"id": "1", "type": "function", **call}]},
    ]


def function(**changed: Any) -> dict[str, Any]:
    """Make a function tool with some fields changed."""
    return {"type": "function", "function": {**ADD["function"], **changed}}


# Rule, what breaks it (without "messages": one user message), code, text.
BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("a required field is missing", {"model": None}, "1213", "未正常接收到 model 参数"),
    ("a required field is missing", {"messages": None}, "1213", "未正常接收到 messages 参数"),
    ("a field has the wrong JSON type", {"messages": {}}, "1214", ILLEGAL),
    ("a field has the wrong JSON type", {"stream": "true"}, "1214", "stream 参数非法。请检查文档。"),
    ("a field has the wrong JSON type", {"temperature": "0.5"}, "1214", "temperature 参数非法。请检查文档。"),
    ("a field has the wrong JSON type", {"temperature": True}, "1214", "temperature 参数非法。请检查文档。"),
    ("a field has the wrong JSON type", {"max_tokens": 1.0}, "1214", "max_tokens 参数非法。请检查文档。"),
    ("a field has the wrong JSON type", {"stop": "END"}, "1214", "stop 参数非法。请检查文档。"),
    ("a field has the wrong JSON type", {"thinking": True}, "1214", "thinking 参数非法。请检查文档。"),
    ("the model is unknown", {"model": "gpt-4o"}, "1211", UNKNOWN_MODEL),
    ("the model is unknown", {"model": "GLM-4.6"}, "1211", UNKNOWN_MODEL),
    ("the model is unknown", {"model": "glm-5.4"}, "1211", UNKNOWN_MODEL),
    ("there are no messages", {"messages": []}, "1214", "输入不能为空"),
    ("a message is no object", {"messages": ["hi"]}, "1214", ILLEGAL),
    (
        "a role is unknown",
        {"messages": [{"role": "developer", "content": "x"}, USER]},
        "1214",
        "角色信息不正确",
    ),
    ("a role is unknown", {"messages": [{"content": "x"}]}, "1214", "角色信息不正确"),
    ("there is no user message", {"messages": [{"role": "system", "content": "x"}]}, "1214", ILLEGAL),
    (
        "there is no user message",
        {"messages": [{"role": "system", "content": "x"}, {"role": "assistant", "content": "y"}]},
        "1214",
        ILLEGAL,
    ),
    ("a message has no content", {"messages": [{"role": "user", "content": None}]}, "1214", ILLEGAL),
    ("a message has no content", {"messages": [{"role": "user"}]}, "1214", ILLEGAL),
    (
        "a message has no content",
        {
            "messages": [
                USER,
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
                    ],
                },
            ]
        },
        "1214",
        ILLEGAL,
    ),
    (
        "a function call in the history has empty arguments",
        {"messages": called(function={"name": "f", "arguments": ""})},
        "1214",
        ILLEGAL,
    ),
    (
        "a function call in the history has empty arguments",
        {"messages": called(function={"name": "f", "arguments": {"a": 1}})},
        "1214",
        ILLEGAL,
    ),
    (
        "the model does not take a type of content",
        {"messages": user(image(f"data:image/png;base64,{PNG}"))},
        "1210",
        "messages.content.type 参数非法，取值范围 ['text']",
    ),
    (
        "the model does not take a type of content",
        {"model": "glm-4v-flash", "messages": user({"type": "input_text", "text": "x"})},
        "1210",
        "messages.content.type 参数非法，取值范围 ['text', 'image_url']",
    ),
    ("a content part is incomplete", {"messages": user({"type": "text"})}, "1210", GENERAL),
    ("a content part is incomplete", {"messages": user({"type": "text", "text": "a"}, "b")}, "1210", GENERAL),
    (
        "a content part is incomplete",
        {"model": "glm-4.6v", "messages": user({"type": "image_url", "image_url": "http://x/y.png"})},
        "1210",
        GENERAL,
    ),
    (
        "there are too many images",
        {"model": "glm-4v-flash", "messages": user(*[image("https://example.com/a.png")] * 2)},
        "1210",
        "输入图片数量超过限制",
    ),
    (
        "there are too many images",
        {"model": "glm-4.6v", "messages": user(*[image("https://example.com/a.png")] * 51)},
        "1210",
        "输入图片数量超过限制",
    ),
    (
        "an image cannot be read",
        {"model": "glm-4.6v", "messages": user(image("data:image/png;base64,AAAA"))},
        "1210",
        "图片输入格式/解析错误",
    ),
    (
        "an image cannot be read",
        {"model": "glm-4.6v", "messages": user(image(7))},
        "1210",
        "图片输入格式/解析错误",
    ),
    (
        "an image cannot be read",
        {"model": "glm-4v-flash", "messages": user(image(f"data:image/png;base64,{PNG}"))},
        "1210",
        "图片输入格式/解析错误",
    ),
    (
        "a sound cannot be read",
        {
            "model": "glm-4-voice",
            "messages": user({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "ogg"}}),
        },
        "1210",
        GENERAL,
    ),
    (
        "a sound cannot be read",
        {
            "model": "glm-4-voice",
            "messages": user({"type": "input_audio", "input_audio": {"data": "%%%", "format": "wav"}}),
        },
        "1210",
        GENERAL,
    ),
    ("temperature is out of range", {"temperature": 1.2}, "1210", "temperature参数非法：限制数值范围[0,1]"),
    ("temperature is out of range", {"temperature": -0.1}, "1210", "temperature参数非法：限制数值范围[0,1]"),
    (
        "temperature has more than two decimals",
        {"temperature": 0.123},
        "1210",
        "temperature参数非法,必须小于等于[2]位",
    ),
    ("top_p is out of range", {"top_p": 0.0}, "1210", "top_p参数非法：限制数值范围[0,1]"),
    ("top_p is out of range", {"top_p": 1.5}, "1210", "top_p参数非法：限制数值范围[0,1]"),
    ("top_p has more than two decimals", {"top_p": 0.955}, "1210", GENERAL),
    ("max_tokens is out of range", {"max_tokens": 0}, "1210", "max_tokens参数非法：限制数值范围[1,131072]"),
    (
        "max_tokens is out of range",
        {"max_tokens": 99999999, "model": "glm-4.5-air"},
        "1210",
        "max_tokens参数非法：限制数值范围[1,98304]",
    ),
    ("stop has more than four words", {"stop": ["a", "b", "c", "d", "e"]}, "1210", GENERAL),
    ("stop has more than four words", {"stop": [1]}, "1210", GENERAL),
    ("there are more than 128 tools", {"tools": [ADD] * 129}, "1210", GENERAL),
    ("a tool is of no known type", {"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "1210", GENERAL),
    ("a tool is of no known type", {"tools": [{"type": "function"}]}, "1210", GENERAL),
    ("a tool is of no known type", {"tools": ["add"]}, "1210", GENERAL),
    (
        "a function's name or parameters have the wrong form",
        {"tools": [function(name="get weather")]},
        "1210",
        GENERAL,
    ),
    (
        "a function's name or parameters have the wrong form",
        {"tools": [function(name="n" * 65)]},
        "1210",
        GENERAL,
    ),
    (
        "a function's name or parameters have the wrong form",
        {"tools": [function(parameters="{}")]},
        "1210",
        GENERAL,
    ),
    ("tool_choice is not auto", {"tools": [ADD], "tool_choice": "required"}, "1210", GENERAL),
    ("tool_choice is not auto", {"tools": [ADD], "tool_choice": "none"}, "1210", GENERAL),
    (
        "tool_choice is not auto",
        {"tools": [ADD], "tool_choice": {"type": "function", "function": {"name": "add"}}},
        "1210",
        GENERAL,
    ),
    ("tool_choice stands without tools", {"tool_choice": "auto"}, "1210", GENERAL),
    ("response_format is of no known type", {"response_format": {"type": "xml"}}, "1210", GENERAL),
    ("thinking has the wrong form", {"thinking": {"type": "adaptive"}}, "1210", GENERAL),
    ("thinking has the wrong form", {"thinking": {"clear_thinking": "no"}}, "1210", GENERAL),
    (
        "the model's thinking cannot be disabled",
        {"model": "glm-5.3", "thinking": {"type": "disabled"}},
        "1210",
        ALWAYS,
    ),
    ("reasoning_effort is no known word", {"model": "glm-5.2", "reasoning_effort": "ultra"}, "1210", EFFORTS),
    ("reasoning_effort is no known word", {"model": "glm-5.2", "reasoning_effort": 3}, "1210", EFFORTS),
    ("reasoning_effort is no known word", {"model": "glm-5.3", "reasoning_effort": 3}, "1210", EFFORTS),
    (
        "the model does not take this reasoning_effort",
        {"model": "glm-5.3", "reasoning_effort": "ultra"},
        "1210",
        ALWAYS,
    ),
    (
        "the model does not take this reasoning_effort",
        {"model": "glm-5.3-flash", "reasoning_effort": "medium"},
        "1210",
        ALWAYS,
    ),
    ("user_id is too short or too long", {"user_id": "u1"}, "1214", "user_id 参数非法。请检查文档。"),
    ("user_id is too short or too long", {"user_id": "u" * 129}, "1214", "user_id 参数非法。请检查文档。"),
    (
        "request_id is too short or too long",
        {"request_id": "r" * 65},
        "1214",
        "request_id 参数非法。请检查文档。",
    ),
    (
        "the prompt is longer than the model's context",
        {"model": "glm-4-airx", "messages": [{"role": "user", "content": "多" * 8193}]},
        "1261",
        "Prompt exceeds max length",
    ),
]


def send(fields: dict[str, Any], **headers: str) -> Any:
    """Send the fields over one user message, leaving out those that are None."""
    body = {"model": "glm-4.6", "messages": [USER], **fields}
    encoded = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
    return standin().handle("POST", CHAT, {**KEY, **headers}, encoded)


@pytest.mark.parametrize(("rule", "fields", "code", "text"), BROKEN)
def test_a_broken_rule_is_answered_400_with_zhipus_text(
    rule: str, fields: dict[str, Any], code: str, text: str
) -> None:
    reply = send(fields)
    assert (reply.status, body_of(reply)) == (400, {"error": {"code": code, "message": text}}), rule


def test_every_rule_has_a_request_that_breaks_it() -> None:
    assert {row[0] for row in BROKEN} == {check.name for check in CHECKS}


@pytest.mark.parametrize(("rule", "fields"), [row[:2] for row in BROKEN])
def test_a_request_is_refused_by_the_rule_it_is_listed_under(rule: str, fields: dict[str, Any]) -> None:
    body = {"model": "glm-4.6", "messages": [USER], **fields}
    present = {name: value for name, value in body.items() if value is not None}
    asked = Given(present, MODELS.get(present.get("model", "")))
    assert next(check.name for check in CHECKS if check.broken(asked)) == rule


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"model": "gpt-4o"}, "Unknown Model, please check the model code."),
        (
            {"messages": [{"role": "system", "content": "x"}]},
            "The messages parameter is illegal. Please check the documentation.",
        ),
        ({"messages": [{"role": "developer", "content": "x"}]}, "Incorrect role information"),
        ({"tools": [ADD], "tool_choice": "required"}, "Tool choice must be auto"),
        ({"top_p": 0.955}, "Invalid API parameter"),
        ({"messages": None}, "Parameter messages was not received."),
        # No English text is known: the Chinese one is sent.
        ({"temperature": 2}, "temperature参数非法：限制数值范围[0,1]"),
    ],
)
def test_a_refusal_is_english_where_english_is_asked_for(fields: dict[str, Any], text: str) -> None:
    reply = send(fields, **{"Accept-Language": "en-US,en"})
    assert body_of(reply)["error"]["message"] == text


def test_the_international_region_speaks_english() -> None:
    reply = ask(standin(region="intl"), model="gpt-4o")
    assert body_of(reply)["error"]["message"] == "Unknown Model, please check the model code."


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"hi"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    reply = standin().handle("POST", CHAT, KEY, body)
    assert (reply.status, body_of(reply)) == (400, {"error": {"code": "1210", "message": GENERAL}})


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 2, "logprobs": True, "top_logprobs": 21, "presence_penalty": 9, "frequency_penalty": -9},
        {"max_completion_tokens": 1, "parallel_tool_calls": False, "store": False, "user": "me"},
        {"stream_options": {"include_usage": True}, "seed": 1, "logit_bias": {}, "unknown": [1]},
        {"temperature": 0}, {"temperature": 1}, {"temperature": 0.55}, {"top_p": 0.01}, {"top_p": 1},
        {"max_tokens": 131072}, {"stop": ["a", "b", "c", "d"]}, {"temperature": None, "tools": None},
        {"tools": [ADD] * 128, "tool_choice": "auto"},
        {"tools": [{"type": "function", "function": {"name": "no_parameters"}}]},
        {"tools": [{"type": "web_search", "web_search": {"search_engine": "search_std"}}], "tool_stream": True},
        {"thinking": {"clear_thinking": False}},
        {"reasoning_effort": "high"}, {"model": "glm-5.3", "reasoning_effort": "low"},
        {"model": "glm-5.2", "reasoning_effort": "minimal", "thinking": {"type": "disabled"}},
        {"model": "glm-4-flash-250414", "thinking": {"type": "disabled"}},
        {"messages": [USER, USER]},
        {"messages": [USER, {"role": "assistant", "reasoning_content": "…", "content": "x"}, USER]},
        {"messages": [{"role": "system", "content": [{"type": "text", "text": "x"}]}, USER]},
        {"messages": [USER, {"role": "assistant", "tool_calls": called(
            function={"name": "f", "arguments": "{}"})[1]["tool_calls"]}, {"role": "tool", "content": "1"}]},
        {"model": "glm-4.6v", "messages": user(image("https://example.com/a.png"), image(PNG))},
        {"model": "glm-4.6v", "messages": user(image(f"data:image/png;base64,{PNG}"))},
        {"model": "glm-4-voice", "messages": user(
            {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}})},
        {"user_id": "u12345", "request_id": "r" * 64},
        {"response_format": {"type": "text"}},
    ],
)  # fmt: skip
def test_what_zhipu_accepts_is_accepted(fields: dict[str, Any]) -> None:
    assert send(fields).status == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PART = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "image_url", "input_audio", "file", "x"]) | JSON},
    optional={"text": JSON, "image_url": JSON, "input_audio": JSON, "file": JSON},
)
MESSAGE = JSON | st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "tool", "system"]) | JSON},
    optional={
        "content": st.text(max_size=8) | st.lists(PART | JSON, max_size=2) | JSON,
        "tool_calls": st.lists(st.fixed_dictionaries({"function": JSON, "type": JSON}) | JSON, max_size=2)
        | JSON,
    },
)
TOOL = st.fixed_dictionaries(
    {"type": st.sampled_from(["function", "web_search"]) | JSON},
    optional={
        "function": st.dictionaries(st.sampled_from(["name", "parameters"]), JSON) | JSON,
        "web_search": JSON,
    },
)
REQUEST = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["glm-4.6", "glm-5.3-flash", "glm-4-voice"]) | JSON,
        "messages": st.lists(MESSAGE, max_size=3) | JSON,
    },
    optional=dict.fromkeys(("temperature", "top_p", "max_tokens", "stop", "tool_choice", "thinking", "stream", "reasoning_effort", "response_format", "user_id", "request_id", "tool_stream"), JSON)
    | {"tools": st.lists(TOOL | JSON, max_size=2) | JSON},
)  # fmt: skip


@given(REQUEST)
def test_any_json_is_answered_or_refused_and_never_raises(body: Any) -> None:
    reply = standin().handle("POST", CHAT, KEY, json.dumps(body).encode())
    reply.read()
    assert reply.status in {200, 400}
