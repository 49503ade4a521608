"""Laws that hold for every request a user can build, and the official schema that requests must meet."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from request_helpers import HI, PIXEL, WEATHER, function_tool, image, user

from zhipu_openai.adaptation import Ledger, Refused
from zhipu_openai.exchange import Call, Options, encode_json
from zhipu_openai.translate.chat.fields import FIELDS, translate_request

CN = "https://open.bigmodel.cn/api/paas/v4/"
INTL = "https://api.z.ai/api/paas/v4/"

ZHIPUS_OWN = frozenset(
    {
        "model",
        "messages",
        "stream",
        "max_tokens",
        "temperature",
        "top_p",
        "stop",
        "tools",
        "tool_choice",
        "response_format",
        "reasoning_effort",
        "seed",
    }
)
"""The fields of OpenAI's that Zhipu has too, by its specification or, for seed, its SDKs."""

OPENAIS_ALONE = frozenset(row.name for row in FIELDS) - ZHIPUS_OWN


def translate(body: dict[str, Any], base_url: str = CN) -> dict[str, Any]:
    """Translate without warnings."""
    return translate_request(Call("POST", "", "", body, Options(base_url), Ledger("ignore"))).body


# What a user can build

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
words = st.text(max_size=12)
names = st.sampled_from(["get_weather", "get_time", "f", ""])


def mostly(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build a value that is now and then of any type at all."""
    return st.integers(0, 19).flatmap(lambda drawn: anything if drawn == 19 else value)


def record(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Build an object whose values are mostly of the right type."""
    return st.fixed_dictionaries(
        {name: mostly(value) for name, value in required.items()},
        optional={name: mostly(value) for name, value in optional.items()},
    )


def tagged(kind: str, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Build an object of a type."""
    return record({"type": st.just(kind)}, more)


functions = record(
    {"name": names}, {"arguments": words, "parameters": st.just(WEATHER), "strict": st.booleans()}
)
calls = record({}, {"id": words, "type": st.sampled_from(["function", "custom"]), "function": functions})
parts = st.one_of(
    words,
    tagged("text", text=words),
    tagged("refusal", refusal=words),
    tagged("image_url", image_url=record({"url": st.just(PIXEL)}, {"detail": st.just("high")})),
    tagged("input_audio", input_audio=anything),
    tagged("file", file=anything),
)
messages = record(
    {
        "role": st.sampled_from(["system", "user", "assistant", "tool", "developer", "function"]),
        "content": words | st.lists(mostly(parts), max_size=3) | st.none(),
    },
    {
        "name": names,
        "refusal": words,
        "reasoning_content": words | st.lists(words, max_size=2),
        "tool_calls": st.lists(calls, max_size=2),
        "tool_call_id": words,
        "function_call": functions,
        "audio": record({"id": words}, {"transcript": words}),
        "annotations": st.just([]),
    },
)
tools = tagged("function", function=functions) | tagged("web_search", web_search=anything) | tagged("custom")
named = record({"type": st.just("function")}, {"function": record({"name": names}, {}), "name": names})
choices = st.one_of(
    st.sampled_from(["auto", "none", "required"]),
    named,
    tagged(
        "allowed_tools",
        allowed_tools=record(
            {"mode": st.sampled_from(["auto", "required"])}, {"tools": st.lists(named, max_size=2)}
        ),
    ),
)
formats = st.one_of(
    tagged("text"),
    tagged("json_object"),
    tagged(
        "json_schema",
        json_schema=record({"name": words}, {"schema": st.just(WEATHER), "description": words}),
    ),
)
models = st.sampled_from(
    [
        "glm-5.3",
        "glm-5.2",
        "glm-4.7",
        "glm-4.6v",
        "glm-4-flash-250414",
        "glm-4.1v-thinking-flash",
        "glm-4-voice",
        "charglm-4",
        "glm-4-plus",
        "glm-9.9",
        "GLM-4.6",
        "gpt-4o",
        "gpt-5",
        "gpt-4o-audio-preview",
    ]
)
right: dict[str, st.SearchStrategy[Any]] = {
    "model": models,
    "messages": st.lists(messages, max_size=4) | st.lists(mostly(messages), max_size=2) | st.just(HI),
    "stream": st.booleans(),
    "stream_options": st.just({"include_usage": True}),
    "n": st.integers(1, 5),
    "max_completion_tokens": st.integers(-1, 10**7),
    "max_tokens": st.integers(-1, 10**7),
    "safety_identifier": st.text(max_size=200),
    "user": st.text(max_size=200),
    "enable_thinking": st.booleans(),
    "reasoning_effort": st.sampled_from(
        ["none", "minimal", "low", "medium", "high", "xhigh", "max", "utmost"]
    ),
    "temperature": st.floats(-3, 3) | st.integers(),
    "top_p": st.floats(-3, 3) | st.integers(),
    "stop": words | st.lists(words, max_size=6),
    "functions": st.lists(functions, max_size=2),
    "function_call": st.sampled_from(["auto", "none"]) | functions,
    "web_search_options": record({}, {"search_context_size": st.just("high"), "user_location": anything}),
    "tools": st.lists(tools, max_size=3),
    "tool_choice": choices,
    "parallel_tool_calls": st.booleans(),
    "response_format": formats,
    "modalities": st.lists(st.sampled_from(["text", "audio"]), max_size=2),
    "audio": st.just({"voice": "alloy", "format": "wav"}),
}
native: dict[str, st.SearchStrategy[Any]] = {
    "thinking": record(
        {}, {"type": st.sampled_from(["enabled", "disabled"]), "clear_thinking": st.booleans()}
    ),
    "do_sample": st.booleans(),
    "tool_stream": st.booleans(),
    "user_id": words,
    "custom": anything,
}
requests = st.fixed_dictionaries(
    {"model": right["model"], "messages": right["messages"]},
    optional={
        row.name: mostly(right.get(row.name, anything))
        for row in FIELDS
        if row.name not in ("model", "messages")
    }
    | {name: mostly(value) for name, value in native.items()},
)
"""Requests whose fields are mostly of the right type; model and messages always are, to get beyond them."""


def translated_twice(body: dict[str, Any], base_url: str) -> dict[str, Any] | None:
    """Check the laws; give what is sent, None for a request that is refused."""
    before = copy.deepcopy(body)
    refusal, sent = None, None
    try:
        sent = translate(body, base_url)
    except Refused as refused:
        refusal = refused.answer
    assert body == before
    if refusal is not None:
        assert refusal.status == 400
        assert refusal.body["error"]["message"]
        return None
    assert json.loads(encode_json(sent)) == sent
    assert translate(sent, base_url) == sent
    return sent


def check_the_words_are_zhipus(sent: dict[str, Any]) -> None:
    """Check that nothing is left in the request that only OpenAI understands."""
    assert not OPENAIS_ALONE & sent.keys()
    assert sent.get("tool_choice", "auto") == "auto"
    if isinstance(sent.get("messages"), list):
        roles = {message["role"] for message in sent["messages"]}
        assert roles <= {"system", "user", "assistant", "tool"}
    if isinstance(sent.get("response_format"), dict):
        assert sent["response_format"].get("type") != "json_schema"
    for name, lowest in (("temperature", 0), ("top_p", 0.01)):
        value = sent.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert lowest <= value <= 1
            assert round(value, 2) == value


@settings(max_examples=400, deadline=None)
@given(requests, st.sampled_from([CN, INTL, "https://gateway.example/v1/"]))
def test_any_request_is_translated_or_refused_and_neither_changes_it_nor_the_translation(
    body: dict[str, Any], base_url: str
) -> None:
    sent = translated_twice(body, base_url)
    if sent is not None:
        check_the_words_are_zhipus(sent)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(row.name for row in FIELDS)) | words, anything, max_size=6))
def test_any_json_object_is_translated_or_refused(body: dict[str, Any]) -> None:
    sent = translated_twice(body, CN)
    if sent is not None:
        check_the_words_are_zhipus(sent)


@settings(max_examples=100, deadline=None)
@given(requests, st.sampled_from([float("nan"), float("inf"), float("-inf")]), st.data())
def test_a_number_that_json_does_not_have_is_refused_wherever_it_stands(
    body: dict[str, Any], number: float, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(body)))
    broken = {**body, name: data.draw(st.sampled_from([number, [1, number], {"a": {"b": number}}]))}
    with pytest.raises(Refused) as caught:
        translate(broken)
    assert caught.value.answer.body["error"]["param"] == name


# What Zhipu's specification says of a request

TEXT_PART = {
    "type": "object",
    "properties": {"type": {"const": "text"}, "text": {"type": "string", "minLength": 1}},
    "required": ["type", "text"],
    "additionalProperties": False,
}
IMAGE_PART = {
    "type": "object",
    "properties": {
        "type": {"const": "image_url"},
        "image_url": {
            "type": "object",
            "properties": {"url": {"type": "string"}},
            "required": ["url"],
            "additionalProperties": False,
        },
    },
    "required": ["type", "image_url"],
    "additionalProperties": False,
}
TOOL_CALL = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "type": {"const": "function"},
        "function": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "arguments": {"type": "string", "minLength": 2}},
            "required": ["name", "arguments"],
        },
    },
    "required": ["id", "type", "function"],
}
FUNCTION_TOOL = {
    "type": "object",
    "properties": {
        "type": {"const": "function"},
        "function": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"},
                "description": {"type": "string"},
                "parameters": {"type": "object"},
            },
            "required": ["name", "parameters"],
            "additionalProperties": False,
        },
    },
    "required": ["type", "function"],
    "additionalProperties": False,
}
SEARCH_TOOL = {
    "type": "object",
    "properties": {
        "type": {"const": "web_search"},
        "web_search": {"type": "object", "required": ["search_engine"]},
    },
    "required": ["type", "web_search"],
    "additionalProperties": False,
}
ESSENCE = {
    "type": "object",
    "properties": {
        "model": {"type": "string"},
        "messages": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "role": {"enum": ["system", "user", "assistant", "tool"]},
                    "content": {
                        "anyOf": [
                            {"type": "string"},
                            {"type": "array", "items": {"anyOf": [TEXT_PART, IMAGE_PART]}},
                        ]
                    },
                    "reasoning_content": {"type": "string"},
                    "tool_calls": {"type": "array", "items": TOOL_CALL},
                    "tool_call_id": {"type": "string"},
                },
                "required": ["role"],
                "additionalProperties": False,
                "if": {"properties": {"role": {"enum": ["system", "user", "tool"]}}},
                "then": {"required": ["content"]},
            },
        },
        "stream": {"type": "boolean"},
        "thinking": {
            "type": "object",
            "properties": {
                "type": {"enum": ["enabled", "disabled"]},
                "clear_thinking": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
        "reasoning_effort": {"enum": ["none", "minimal", "low", "medium", "high", "xhigh", "max"]},
        "do_sample": {"type": "boolean"},
        "temperature": {"type": "number", "minimum": 0, "maximum": 1},
        "top_p": {"type": "number", "minimum": 0.01, "maximum": 1},
        "max_tokens": {"type": "integer", "minimum": 1, "maximum": 131072},
        "tool_stream": {"type": "boolean"},
        "tools": {"type": "array", "maxItems": 128, "items": {"anyOf": [FUNCTION_TOOL, SEARCH_TOOL]}},
        "tool_choice": {"const": "auto"},
        "stop": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 4},
        "response_format": {
            "type": "object",
            "properties": {"type": {"enum": ["text", "json_object"]}},
            "required": ["type"],
        },
        "request_id": {"type": "string", "minLength": 6, "maxLength": 64},
        "user_id": {"type": "string", "minLength": 6, "maxLength": 128},
        "seed": {"type": "integer"},
    },
    "required": ["model", "messages"],
    "additionalProperties": False,
}
"""What a request to a text or vision model may hold, stricter than Zhipu is: nothing unknown.
Source: bigmodel.cn OpenAPI, 2026-07-11; seed from zai-org/z-ai-sdk-python."""


def official_specifications() -> list[Path]:
    """Find Zhipu's own OpenAPI documents, where they lie in ``shared/openapi`` in or beside the repository."""
    homes = Path(__file__).resolve().parents[2:4]
    return [path for home in homes for path in sorted((home / "shared" / "openapi").glob("*-openapi-*.json"))]


def schemas() -> list[Any]:
    """List what a request is held against: name, base URL, and the schemas for text and for vision."""
    found = [pytest.param(CN, ESSENCE, ESSENCE, id="essence")]
    for path in official_specifications():
        components = json.loads(path.read_text(encoding="utf-8"))["components"]
        kinds = []
        for name in ("ChatCompletionTextRequest", "ChatCompletionVisionRequest"):
            # Models come and go; the list of them is no part of the form.
            components["schemas"][name]["properties"]["model"].pop("enum", None)
            kinds.append({"$ref": f"#/components/schemas/{name}", "components": components})
        found.append(pytest.param(INTL if path.name.startswith("zai") else CN, *kinds, id=path.stem))
    return found


TOOL = function_tool(description="Get the weather", strict=True)
CALLED = {
    "role": "assistant",
    "content": None,
    "refusal": None,
    "annotations": [],
    "audio": None,
    "function_call": None,
    "reasoning_content": "Hm.",
    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "get_weather", "arguments": ""}}],
}
TEXT_REQUESTS: dict[str, dict[str, Any]] = {
    "plain": {
        "model": "gpt-4o",
        "temperature": 1.7,
        "top_p": 0,
        "max_completion_tokens": 10**6,
        "user": "al",
    },
    "stream": {
        "model": "gpt-5",
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_effort": "minimal",
        "tools": [TOOL],
    },
    "strict tools": {
        "model": "glm-5.2",
        "messages": [
            {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
            *user({"type": "text", "text": "Weather?"}, {"type": "text", "text": ""}),
            CALLED,
            {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "Sunny"}]},
        ],
        "tools": [TOOL],
        "tool_choice": {"type": "function", "function": {"name": "get_weather"}},
        "parallel_tool_calls": False,
    },
    "functions": {
        "model": "gpt-3.5-turbo",
        "messages": [
            *HI,
            {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": ""}},
            {"role": "function", "name": "f", "content": "1"},
        ],
        "functions": [{"name": "f", "description": "F", "parameters": {}}],
        "function_call": "auto",
    },
    "structured": {
        "model": "glm-4.7",
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "place", "strict": True, "schema": WEATHER},
        },
        "stop": ["a", "b", "c", "d", "e"],
        "seed": 7,
        "logprobs": True,
        "metadata": {"a": "b"},
        "store": True,
    },
    "search": {"model": "glm-5.2", "web_search_options": {"search_context_size": "low"}},
    "instructions alone": {"model": "glm-4.6", "messages": [{"role": "system", "content": "Say hi."}]},
}
VISION_REQUESTS: dict[str, dict[str, Any]] = {
    "image": {
        "model": "gpt-4o",
        "messages": user({"type": "text", "text": "What is it?"}, image(detail="high")),
        "max_tokens": 10**6,
    },
    "image and json": {
        "model": "glm-4.6v",
        "messages": [{"role": "system", "content": "Look."}, *user(image("https://example.com/a.png"))],
        "response_format": {"type": "json_object"},
    },
    "image and tools": {
        "model": "glm-4.6v",
        "messages": user(image()),
        "tools": [TOOL],
        "tool_choice": "required",
    },
}


@pytest.mark.parametrize("request_name", [*TEXT_REQUESTS, *VISION_REQUESTS])
@pytest.mark.parametrize(("base_url", "text", "vision"), schemas())
def test_typical_requests_become_what_zhipus_specification_describes(
    request_name: str, base_url: str, text: dict[str, Any], vision: dict[str, Any]
) -> None:
    body = {"messages": HI, **{**TEXT_REQUESTS, **VISION_REQUESTS}[request_name]}
    sent = translate(body, base_url)
    schema = text if request_name in TEXT_REQUESTS else vision
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(sent)] == []
