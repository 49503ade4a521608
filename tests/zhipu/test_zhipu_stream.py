"""How a stream of Zhipu's own events is read: whatever the pieces, the same comes out."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.translate.zhipu.stream import CheckedStream
from zhipu_openai.zhipu.operations import Ends

STATUS = Ends("status", done=("completed",), failed=("failed",))
NAMED = Ends(done=("finish",), failed=("errorhandle",))
EVENTS = (
    b'data: {"id":"2026","status":"in_process","n":1}\n\n'
    b": a comment\n\n"
    b'data: {"id":"2026","status":"completed","text":"\xe4\xbd\xa0"}\n\n'
)


def read(ends: Ends, *pieces: bytes) -> tuple[bytes, CheckedStream]:
    stream = CheckedStream(ends, base_url="https://open.bigmodel.cn/api/paas/v4/")
    out = b"".join(stream.feed(piece) for piece in pieces)
    return out + stream.end(), stream


@given(st.lists(st.integers(0, len(EVENTS)), max_size=5))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(EVENTS)]
    pieces = [EVENTS[begin:end] for begin, end in pairwise(places)]
    out, stream = read(STATUS, *pieces)
    assert out == EVENTS.replace(b": a comment\n\n", b"") + b"data: [DONE]\n\n"
    assert stream.done
    assert stream.failure is None


def test_the_end_may_be_announced_or_said() -> None:
    assert read(STATUS, b'data: {"a":1}\n\ndata: [DONE]\n\n')[1].done
    assert read(Ends(), b'data: {"a":1}\n\ndata: [DONE]')[1].done
    assert read(NAMED, b'event:add\ndata:{"msg":"x"}\n\nevent:finish\ndata:{"msg":""}\n\n')[1].done


def test_nothing_behind_the_end_is_read() -> None:
    out, stream = read(STATUS, b'data: [DONE]\n\ndata: {"error":{"code":"1302","message":"late"}}\n\n')
    assert out == b"data: [DONE]\n\n"
    assert stream.failure is None


@pytest.mark.parametrize(
    ("ends", "body"),
    [
        (STATUS, b'data: {"status":"in_process"}\n\n'),
        (Ends(), b'data: {"status":"completed"}\n\n'),
        (STATUS, b'data: {"status":"comp'),
        (STATUS, b'data: {"status":"comp\n\ndata: [DONE]\n\n'),
        (STATUS, b""),
    ],
)
def test_an_end_that_comes_too_early_is_a_cut(ends: Ends, body: bytes) -> None:
    _, stream = read(ends, body)
    assert stream.failure is not None
    assert stream.failure.answer is None
    assert not stream.done


@pytest.mark.parametrize(
    ("ends", "event", "status", "words"),
    [
        (Ends(), b'data: {"error":{"code":"1301","message":"sensitive"}}\n\n', 400, "sensitive"),
        (Ends(), b'data: {"id":"1","status":"failed","error":{"code":"1113","message":"no"}}\n\n', 429, "no"),
        (
            Ends(),
            b'data: {"object":"x","choices":[1],"error":{"code":"1302","message":"busy"}}\n\n',
            429,
            "busy",
        ),
        (Ends(), b'{"code":1302,"msg":"busy","success":false}\n\n', 429, "busy"),
        (STATUS, b'data: {"status":"failed","message":"broken"}\n\n', 400, "broken"),
        (STATUS, b'data: {"status":"failed"}\n\n', 502, "failed"),
        (NAMED, b'event:errorhandle\ndata:{"msg":"broken"}\n\n', 400, "broken"),
        (NAMED, b"event:errorhandle\ndata:broken\n\n", 502, "failed"),
    ],
)
def test_a_failure_is_openais_error(ends: Ends, event: bytes, status: int, words: str) -> None:
    out, stream = read(ends, b'data: {"a":1}\n\n', event, b"data: [DONE]\n\n")
    assert out == b'data: {"a":1}\n\n'
    assert stream.failure is not None
    answer: Any = stream.failure.answer
    assert answer.status == status
    assert words in json.dumps(answer.body)


def test_a_failure_carries_the_id_of_the_stream() -> None:
    _, stream = read(
        STATUS, b'data: {"id":"2026abc","status":"in_process"}\n\n', b'data: {"error":{"message":"no"}}\n\n'
    )
    assert stream.failure is not None
    assert stream.failure.answer is not None
    assert stream.failure.answer.body["error"]["zhipu"]["log_id"] == "2026abc"
