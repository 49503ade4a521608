"""The output and error files of a batch become OpenAI's while they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_helpers import BASE

from zhipu_openai.translate.batches.result_file import ResultDecoder, translate_result

CAPTURED = Path(__file__).parents[3] / "shared" / "captures" / "other" / "cookbook" / "batch_output.jsonl"

LINE: dict[str, Any] = {
    "response": {
        "status_code": 200,
        "body": {
            "created": 1716472886,
            "usage": {"completion_tokens": 4, "prompt_tokens": 7, "total_tokens": 11},
            "model": "glm-4",
            "id": "8685314030377838818",
            "choices": [
                {"finish_reason": "stop", "index": 0, "message": {"role": "assistant", "content": "Hello."}}
            ],
            "request_id": "padded-id-1",
        },
    },
    "custom_id": "padded-id-1",
    "id": "batch_1793623747699552256",
}
"""A line in the shape of the output file of 2024-05, with an id that was made longer."""


def with_body(status: int = 200, **body: Any) -> dict[str, Any]:
    return {**LINE, "response": {"status_code": status, "body": body}}


def decoded(*pieces: bytes) -> bytes:
    decoder = ResultDecoder(BASE)
    return b"".join(map(decoder.feed, pieces)) + decoder.end()


def result(line: dict[str, Any]) -> dict[str, Any]:
    """Translate a line, alone in its file."""
    made: dict[str, Any] = json.loads(decoded(json.dumps(line).encode()))
    return made


def test_a_line_becomes_openais() -> None:
    made = result(LINE)
    assert list(made) == ["id", "custom_id", "response", "error"]
    assert made["custom_id"] == "1"
    assert made["error"] is None
    assert made["id"].startswith("batch_req_")
    response = made["response"]
    assert (response["status_code"], response["request_id"]) == (200, "8685314030377838818")
    body = response["body"]
    assert (body["object"], body["id"], body["request_id"]) == ("chat.completion", "8685314030377838818", "1")
    assert body["choices"][0]["message"]["content"] == "Hello."
    assert body["choices"][0]["message"]["refusal"] is None


def test_a_body_is_openais_type() -> None:
    from openai.types.chat import ChatCompletion

    ChatCompletion.model_validate(result(LINE)["response"]["body"])


def test_lines_of_one_batch_have_ids_of_their_own() -> None:
    ids = {result({**LINE, "custom_id": f"request-{number}"})["id"] for number in range(3)}
    assert len(ids) == 3
    assert result(LINE)["id"] == result(LINE)["id"]


def test_what_was_translated_stays_as_it_is() -> None:
    once = result({**LINE, "custom_id": "request-1"})
    assert result(once) == once


def test_a_tool_call_without_an_index_is_openais() -> None:
    call = {"id": "call_1", "index": 0, "type": "function", "function": {"name": "f", "arguments": "{}"}}
    choice = {
        "index": 0,
        "finish_reason": "tool_calls",
        "message": {"role": "assistant", "tool_calls": [call]},
    }
    message = result(with_body(id="1", model="glm-4", choices=[choice]))["response"]["body"]["choices"][0][
        "message"
    ]
    assert message["content"] is None
    assert message["tool_calls"][0]["function"] == {"name": "f", "arguments": "{}"}


def test_marks_in_the_text_are_taken_out_by_the_answers_own_model() -> None:
    choice = {"index": 0, "finish_reason": "stop", "message": {"content": "<think>Hm</think>Yes"}}
    body = with_body(id="1", model="glm-z1-air", choices=[choice])
    message = result(body)["response"]["body"]["choices"][0]["message"]
    assert (message["content"], message["reasoning_content"]) == ("Yes", "Hm")
    other = with_body(id="1", model="glm-4", choices=[choice])
    assert result(other)["response"]["body"]["choices"][0]["message"]["content"] == "<think>Hm</think>Yes"


@pytest.mark.parametrize("status", [200, 400, 429])
def test_a_request_that_failed_has_openais_status_and_error(status: int) -> None:
    made = result(with_body(status, error={"code": "1301", "message": "敏感内容"}))
    assert made["error"] is None
    assert made["response"]["status_code"] == 400
    error = made["response"]["body"]["error"]
    assert (error["code"], error["zhipu"]["code"]) == ("content_filter", "1301")
    assert "敏感内容" in error["message"]


@pytest.mark.parametrize("body", [{}, {"choices": []}, {"choices": [{}]}])
def test_a_result_that_holds_nothing_is_an_error(body: dict[str, Any]) -> None:
    made = result(with_body(**body))
    if body:
        assert made["response"]["status_code"] == 502
        assert made["response"]["body"]["error"]["code"] == "invalid_upstream_answer"


def test_a_response_without_a_body_is_an_error() -> None:
    made = result({**LINE, "response": {"status_code": 200, "body": None}})
    assert made["response"]["status_code"] == 502


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": "1302", "message": "busy"}, "rate_limit_exceeded"),
        ({"code": "batch_expired", "message": "too late"}, "batch_expired"),
        ("lost", None),
        (None, "invalid_upstream_answer"),
        ({}, "invalid_upstream_answer"),
    ],
)
def test_a_line_without_a_response_has_an_error(given: Any, code: str | None) -> None:
    made = result({"custom_id": "request-1", "error": given, "id": "batch_1"})
    assert made["response"] is None
    assert made["error"]["code"] == code
    assert made["error"]["message"]


def test_a_line_that_begins_with_its_error_is_a_result_too() -> None:
    line = {"error": {"code": "1302", "message": "busy"}, "custom_id": "padded-id-7"}
    assert result(line)["custom_id"] == "7"


def test_embeddings_pass_as_a_list() -> None:
    vector = {"index": 0, "embedding": [0.5], "object": "embedding"}
    made = result(with_body(model="embedding-3", data=[vector]))
    assert made["response"]["body"] == {"object": "list", "model": "embedding-3", "data": [vector]}


def test_a_line_that_is_no_result_passes_among_results() -> None:
    good = json.dumps(LINE).encode()
    made = decoded(good + b"\nnot json\n\n" + good).split(b"\n")
    assert made[1:3] == [b"not json", b""]
    assert json.loads(made[3])["custom_id"] == "1"


@pytest.mark.parametrize("size", [1, 2, 7, 64, 10_000])
def test_the_pieces_in_which_a_file_comes_do_not_matter(size: int) -> None:
    data = b"\xef\xbb\xbf\n\n" + (json.dumps(LINE, indent=None) + "\r\n").encode() * 3
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert decoded(*pieces) == decoded(data)
    assert decoded(data).count(b"batch_req_") == 3


def test_spaces_within_the_first_line_do_not_hide_it() -> None:
    data = b'  {  "response" : {"status_code": 200, "body": {"id": "1"}}, "custom_id": "padded-id-1"}'
    assert json.loads(decoded(data))["custom_id"] == "1"


def test_a_captured_output_file_becomes_openais() -> None:
    if not CAPTURED.exists():
        pytest.skip("no captured file lies beside this repository")
    given = [json.loads(line) for line in CAPTURED.read_bytes().splitlines()]
    made = [json.loads(line) for line in decoded(CAPTURED.read_bytes()).splitlines()]
    assert len(made) == len(given) == 3
    for before, after in zip(given, made, strict=True):
        assert after == translate_result(before, base_url=BASE)
        assert after["custom_id"] == before["custom_id"]
        message = before["response"]["body"]["choices"][0]["message"]
        assert after["response"]["body"]["choices"][0]["message"]["content"] == message["content"]
