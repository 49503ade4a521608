"""Whatever stands in a batch's files: lines are translated or refused by their number, and ids come back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from batch_helpers import BASE, MESSAGES, call, jsonl, line, translated, translated_bytes
from hypothesis import example, given
from hypothesis import strategies as st

from zhipu_openai.adaptation import Refused
from zhipu_openai.translate.batches.custom_ids import MARK, SHORTEST, lengthen, restore
from zhipu_openai.translate.batches.endpoints import ENDPOINTS
from zhipu_openai.translate.batches.result_file import ResultDecoder, translate_result
from zhipu_openai.translate.chat.fields import FIELDS

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
BODIES = st.dictionaries(
    st.sampled_from([row.name for row in FIELDS]) | st.text(max_size=5), VALUES, max_size=4
)
IDS = st.text(max_size=8) | st.text(max_size=3).map(lambda text: MARK + text)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "custom_id": IDS | VALUES,
        "method": st.just("POST") | VALUES,
        "url": st.sampled_from(sorted(ENDPOINTS)) | VALUES,
        "body": BODIES | VALUES,
    },
)


@given(IDS)
def test_every_id_is_long_enough_and_comes_back(custom_id: str) -> None:
    sent = lengthen(custom_id)
    assert len(sent) >= SHORTEST
    assert restore(sent) == custom_id
    assert restore(restore(lengthen(lengthen(custom_id)))) == custom_id


@given(st.lists(IDS.filter(bool), min_size=1, max_size=6, unique=True))
def test_ids_go_through_both_files_and_come_back(custom_ids: list[str]) -> None:
    sent = translated(*(line(custom_id) for custom_id in custom_ids))
    assert len({one["custom_id"] for one in sent}) == len(custom_ids)
    results = jsonl(
        *(
            {"custom_id": one["custom_id"], "response": {"status_code": 200, "body": {"id": "1"}}}
            for one in sent
        )
    )
    decoder = ResultDecoder(BASE)
    out = decoder.feed(results) + decoder.end()
    assert [json.loads(raw)["custom_id"] for raw in out.split(b"\n")] == custom_ids


def outcome(content: bytes) -> list[dict[str, Any]] | int | None:
    """Give the lines of a translated file, or the number of the line for which it was refused."""
    try:
        made = translated_bytes(content, call())
    except Refused as refused:
        answer = refused.answer
        assert answer.status in (400, 404)
        line_number = answer.body["error"].get("line")
        if line_number is None:
            assert answer.body["error"]["param"] == "file"
        else:
            assert answer.body["error"]["message"].startswith(f"Line {line_number}: ")
        return line_number
    return [json.loads(raw) for raw in made.split(b"\n")]


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b'{"custom_id":"\\ud800","method":"POST","url":"/v4/x","body":{"model":"\\ud800"}}')
def test_any_bytes_are_translated_or_refused(content: bytes) -> None:
    outcome(content)


@given(st.lists(ENVELOPES | VALUES, max_size=3))
def test_any_lines_are_translated_or_refused_by_their_number(lines: list[Any]) -> None:
    made = outcome(b"\n".join(json.dumps(one).encode() for one in lines))
    if isinstance(made, list):
        assert len(made) == len(lines)
    elif made is not None:
        assert 1 <= made <= len(lines)


@given(BODIES, st.sampled_from(["/v1/chat/completions", "/v1/embeddings"]))
def test_any_body_is_translated_or_refused(body: dict[str, Any], url: str) -> None:
    asked = {"custom_id": "a", "method": "POST", "url": url, "body": {"model": "glm-5.1", **body}}
    made = outcome(json.dumps(asked).encode())
    if isinstance(made, list):
        again = outcome(json.dumps({**made[0], "custom_id": "a"}).encode())
        assert again == made


@given(st.integers(1, 5), BODIES)
def test_the_line_that_cannot_be_is_the_line_that_is_named(place: int, body: dict[str, Any]) -> None:
    lines: list[Any] = [line(f"request-{number}") for number in range(5)]
    lines[place - 1] = {
        **line("request-x"),
        "body": {"model": "glm-5.1", "messages": MESSAGES, **body, "n": 2},
    }
    assert outcome(b"\n".join(json.dumps(one).encode() for one in lines)) == place


@given(st.lists(st.binary(max_size=30), max_size=6))
@example([b'{"id":', b'"x"}', b"\n\xff"])
@example([b" " * 70 + b'{"', b'response": 1}\n'])
def test_bytes_that_are_no_results_pass_as_they_are(pieces: list[bytes]) -> None:
    decoder = ResultDecoder(BASE)
    assert b"".join(map(decoder.feed, pieces)) + decoder.end() == b"".join(pieces)


RESULTS = st.fixed_dictionaries(
    {"custom_id": IDS},
    optional={
        "id": VALUES,
        "response": VALUES
        | st.fixed_dictionaries(
            {},
            optional={
                "status_code": st.integers(100, 600) | VALUES,
                "request_id": VALUES,
                "body": VALUES
                | st.fixed_dictionaries(
                    {},
                    optional={
                        "choices": VALUES | st.lists(st.fixed_dictionaries({"message": VALUES}), max_size=2),
                        "error": VALUES,
                        "data": VALUES,
                        "id": VALUES,
                    },
                ),
            },
        ),
        "error": VALUES | st.fixed_dictionaries({"code": SCALARS, "message": SCALARS}),
    },
)


@given(RESULTS)
def test_any_result_becomes_openais_and_stays_so(given_line: dict[str, Any]) -> None:
    made = translate_result(given_line, base_url=BASE)
    assert list(made)[:4] == ["id", "custom_id", "response", "error"]
    assert made["id"].startswith("batch_req_")
    assert made["custom_id"] == restore(given_line["custom_id"])
    assert made["response"] is not None or made["error"]["message"]
    if made["response"] is not None:
        assert isinstance(made["response"]["status_code"], int)
        assert isinstance(made["response"]["body"], dict)
    assert json.loads(json.dumps(made)) == made
    if not made["custom_id"].startswith(MARK):
        assert translate_result(made, base_url=BASE) == made


@given(st.lists(RESULTS, min_size=1, max_size=3), st.integers(1, 40))
def test_results_do_not_depend_on_the_pieces_they_come_in(lines: list[dict[str, Any]], size: int) -> None:
    data = b"\n".join(json.dumps(one).encode() for one in lines)
    whole, pieces = ResultDecoder(BASE), ResultDecoder(BASE)
    out = b"".join(pieces.feed(data[start : start + size]) for start in range(0, len(data), size))
    assert out + pieces.end() == whole.feed(data) + whole.end()


@pytest.mark.parametrize("count", [1000, 2000])
def test_a_long_line_in_small_pieces_is_read_once(count: int) -> None:
    decoder = ResultDecoder(BASE)
    start = b'{"custom_id":"request-1","response":{"body":{"x":"'
    assert decoder.feed(start) == b""
    assert all(decoder.feed(b"x" * 1000) == b"" for _ in range(count))
    out = decoder.feed(b'"}}}\n')
    assert len(json.loads(out)["response"]["body"]["x"]) == count * 1000
