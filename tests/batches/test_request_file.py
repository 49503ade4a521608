"""The input file of a batch: every line is translated, or refused by its number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from batch_helpers import (
    MESSAGES,
    body,
    call,
    jsonl,
    line,
    notes,
    refusal_of,
    translated,
    translated_bytes,
)

from zhipu_openai import catalogue
from zhipu_openai.translate.batches import models, request_file

PICTURE = [
    {
        "role": "user",
        "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}],
    }
]


def test_openais_own_example_is_translated() -> None:
    asked = {
        "model": "gpt-3.5-turbo-0125",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello world!"},
        ],
        "max_tokens": 1000,
    }
    one, two = translated(line("request-1", **asked), line("request-2", **asked))
    assert (one["custom_id"], two["custom_id"]) == ("request-1", "request-2")
    assert (one["method"], one["url"]) == ("POST", "/v4/chat/completions")
    assert one["body"]["messages"] == asked["messages"]
    assert one["body"]["max_tokens"] == 1000
    assert one["body"]["thinking"] == {"type": "disabled"}
    assert one["body"]["model"] in models.MODELS


def test_a_body_is_translated_as_a_request_of_its_own_would_be() -> None:
    made = body(
        messages=[{"role": "developer", "content": "Be brief."}, *MESSAGES],
        max_completion_tokens=50,
        user="me",
        temperature=1.23456,
    )
    assert made["messages"][0] == {"role": "system", "content": "Be brief."}
    assert made["max_tokens"] == 50
    assert made["user_id"] == "user-me"
    assert made["temperature"] == 1.0
    assert not {"max_completion_tokens", "user"} & made.keys()


def test_a_line_in_zhipus_own_words_passes_byte_for_byte() -> None:
    raw = (
        b'{"url": "/v4/chat/completions",  "custom_id":"request-1", "method":"POST", '
        b'"body": {"model": "glm-4", "messages": [{"role":"user","content":"\\u4f60"}], "do_sample": false}, "own": 1}'
    )
    assert translated_bytes(raw) == raw


def test_white_space_around_lines_is_left_out() -> None:
    one, two = jsonl(line("request-1")), jsonl(line("request-2"))
    made = translated_bytes(b"\xef\xbb\xbf\r\n" + one + b"\r\n\r\n  \t\n" + two + b"\n\n")
    assert made.count(b"\n") == 1
    assert [json.loads(raw)["custom_id"] for raw in made.split(b"\n")] == ["request-1", "request-2"]


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    assert translated(line(messages=[{"role": "user", "content": "a\u2028b\x85c"}]))[0]["body"][
        "messages"
    ] == [{"role": "user", "content": "a\u2028b\x85c"}]


# Ids


@pytest.mark.parametrize("custom_id", ["1", "r-1", "12345", "你好", "padded-id-1", "padded-id-"])
def test_an_id_that_is_too_short_or_looks_changed_is_made_longer(custom_id: str) -> None:
    made = translated(line(custom_id))[0]["custom_id"]
    assert made == f"padded-id-{custom_id}"


@pytest.mark.parametrize("custom_id", ["123456", "request-1", "padded-i"])
def test_an_id_that_is_long_enough_is_left_alone(custom_id: str) -> None:
    assert translated(line(custom_id))[0]["custom_id"] == custom_id


# Models


@pytest.mark.parametrize("alias", catalogue.ALIASES, ids=lambda alias: alias.pattern)
def test_every_openai_name_stands_for_a_model_that_batches_take_or_is_refused(alias: catalogue.Alias) -> None:
    name = alias.pattern.replace("[56]", "5").replace("[1-9]", "3").replace("*", "")
    if alias.model == "glm-4-voice":
        assert refusal_of(jsonl(line(model=name)))["code"] == "model_not_found"
        return
    for messages in (MESSAGES, PICTURE):
        made = body(model=name, messages=messages)
        assert made["model"] in models.MODELS
        found = catalogue.find(made["model"])
        assert found is not None
        assert found.takes_images or messages is MESSAGES


def test_that_another_model_serves_is_said() -> None:
    assert notes(line(model="gpt-4o"))["model"] == "approximated: gpt-4o is served by glm-5.1 in a batch."


def test_one_image_gives_the_whole_file_a_model_that_sees() -> None:
    made = translated(line("request-1", model="gpt-4o"), line("request-2", model="gpt-4o", messages=PICTURE))
    assert {one["body"]["model"] for one in made} == {"glm-5v-turbo"}


def test_what_was_said_before_the_first_image_is_not_recorded() -> None:
    recorded = notes(line("request-1", model="gpt-4o"), line("request-2", model="gpt-4o", messages=PICTURE))
    assert recorded["model"] == "approximated: gpt-4o is served by glm-5v-turbo in a batch."


@pytest.mark.parametrize("model", ["glm-5.2", "glm-4.6", "glm-brand-new", "ft:mine"])
def test_a_model_that_was_named_itself_is_never_exchanged(model: str) -> None:
    assert body(model=model)["model"] == model
    assert notes(line(model=model))["model"].startswith("translated: ")


def test_the_callers_own_alias_wins() -> None:
    upload = call(aliases={"gpt-4o": "glm-4-plus"})
    assert translated(line(model="gpt-4o"), upload=upload)[0]["body"]["model"] == "glm-4-plus"


def test_several_names_of_one_model_may_stand_in_a_file() -> None:
    made = translated(line("request-1", model="gpt-4o"), line("request-2", model="gpt-4.1"))
    assert {one["body"]["model"] for one in made} == {"glm-5.1"}


# What one request cannot do


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        (
            {
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
                "tool_choice": "required",
            },
            "tool_choice",
            "not checked",
        ),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "n", "schema": {"type": "object"}},
                }
            },
            "response_format",
            "not checked",
        ),
        (
            {
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
                "parallel_tool_calls": False,
            },
            "parallel_tool_calls",
            "several",
        ),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "not cut"),
        ({"functions": [{"name": "f", "parameters": {}}]}, "functions", "tool_calls"),
    ],
)
def test_what_depends_on_the_answer_is_recorded_as_approximated(
    fields: dict[str, Any], field: str, said: str
) -> None:
    note = notes(line(**fields))[field]
    assert note.startswith("approximated: ")
    assert said in note


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"stream": True}, "stream"),
        ({"messages": [{"role": "user", "content": "x"}], "temperature": float("nan")}, None),
        ({"tools": [{"type": "custom", "custom": {"name": "c"}}]}, "tools.[0].type"),
    ],
)
def test_what_one_request_cannot_do_is_refused_with_the_lines_number(
    fields: dict[str, Any], param: str | None
) -> None:
    error = refusal_of(jsonl(line("request-1"), b"", line("request-2", **fields)))
    assert error["message"].startswith("Line 3: ")
    assert error["line"] == 3
    assert error["param"] == param


def test_one_choice_and_no_stream_are_what_a_batch_has() -> None:
    assert not {"n"} & body(n=1, stream=False).keys()


def test_a_strict_client_is_told_the_line() -> None:
    error = refusal_of(jsonl(line("request-1"), line("request-2", logprobs=True)), call("error"))
    assert error["message"].startswith("Line 2: `logprobs`")


# Lines that are wrong


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in line("request-2").items() if key != name}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (b"{", "invalid_json_line"),
        (b"[]", "invalid_json_line"),
        (b"1", "invalid_json_line"),
        (b"\xff", "invalid_json_line"),
        (b'{"a": NaN}', "invalid_json_line"),
        (b"[" * 100_000, "invalid_json_line"),
        (without("custom_id"), "missing_required_parameter"),
        ({**line(), "custom_id": 1}, "missing_required_parameter"),
        ({**line(), "custom_id": ""}, "missing_required_parameter"),
        (line("request-1"), "duplicate_custom_id"),
        (without("method"), "invalid_method"),
        ({**line("request-2"), "method": "GET"}, "invalid_method"),
        (without("url"), "invalid_url"),
        (line("request-2", "/v1/responses"), "invalid_url"),
        (line("request-2", "/v1/images/generations"), "invalid_url"),
        (line("request-2", "/v1/embeddings"), "mismatched_url"),
        (without("body"), "missing_required_parameter"),
        ({**line("request-2"), "body": []}, "missing_required_parameter"),
        (line("request-2", model=None), "missing_required_parameter"),
        (line("request-2", model="glm-4"), "mismatched_model"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(wrong: Any, code: str) -> None:
    error = refusal_of(jsonl(line("request-1"), wrong))
    assert (error["line"], error["code"]) == (2, code)
    assert error["message"].startswith("Line 2: ")


def test_the_line_of_the_first_of_two_ids_is_named() -> None:
    assert "line 1" in refusal_of(jsonl(line("same-id"), line("other-id"), line("same-id")))["message"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal_of(content)["code"] == "empty_file"


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_file, "MOST_REQUESTS", 2)
    lines = [line(f"request-{number}") for number in range(3)]
    assert len(translated(*lines[:2])) == 2
    assert refusal_of(jsonl(*lines))["line"] == 3


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_file, "MOST_BYTES", 10)
    assert refusal_of(jsonl(line()))["code"] == "file_too_large"


def test_others_are_let_run_while_a_large_file_is_translated() -> None:
    content = jsonl(*(line(f"request-{number}") for number in range(250)))
    work = request_file.translate_requests(content, call())
    assert sum(1 for _ in work) == 2


# Embeddings


def embedding(**fields: Any) -> dict[str, Any]:
    given = {"model": "text-embedding-3-small", "input": "Hi", **fields}
    return {"custom_id": "request-1", "method": "POST", "url": "/v1/embeddings", "body": given}


def test_embeddings_are_translated() -> None:
    made = translated(embedding(encoding_format="float", user="me", dimensions=512))[0]
    assert made["url"] == "/v4/embeddings"
    assert made["body"] == {"model": "embedding-3", "input": "Hi", "dimensions": 512}


def test_what_differs_in_embeddings_is_said() -> None:
    recorded = notes(embedding(encoding_format="base64", user="me"))
    assert {name: said.partition(":")[0] for name, said in recorded.items()} == {
        "model": "approximated",
        "encoding_format": "approximated",
        "user": "dropped",
    }


@pytest.mark.parametrize("texts", [[1, 2], [[1, 2]], ["x"] * 65])
def test_embeddings_that_one_request_cannot_do_are_refused(texts: Any) -> None:
    error = refusal_of(jsonl(embedding(input=texts)))
    assert (error["line"], error["param"]) == (1, "input")


def test_an_embedding_model_of_zhipus_or_an_alias_passes() -> None:
    assert translated(embedding(model="embedding-2"))[0]["body"]["model"] == "embedding-2"
    upload = call(aliases={"house": "embedding-2"})
    assert translated(embedding(model="house"), upload=upload)[0]["body"]["model"] == "embedding-2"


def test_a_path_of_zhipus_own_passes_with_its_body() -> None:
    made = line(url="/v4/images/generations", model="cogview-4-250304", size="1024x1024")
    assert translated(made) == [made]
