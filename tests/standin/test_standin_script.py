"""Telling the stand-in what to answer next."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_helpers import ADD, ask, body_of, chunks_of, joined, message_of, standin


def test_what_is_said_comes_word_for_word_and_once() -> None:
    service = standin()
    service.say("Hello!")
    choice = body_of(ask(service, tools=[ADD], max_tokens=1, stop=["Hello"]))["choices"][0]
    assert choice == {
        "finish_reason": "stop",
        "index": 0,
        "message": {"content": "Hello!", "role": "assistant"},
    }
    assert "tool_calls" in message_of(ask(service, tools=[ADD]))


def test_lines_are_answered_in_the_order_in_which_they_were_given() -> None:
    service = standin()
    service.say("one")
    service.call("f", {"x": 1})
    service.fail("1302")
    service.say("two", reasoning="hm", finish_reason="length")
    assert service.pending == 4
    assert message_of(ask(service))["content"] == "one"
    assert message_of(ask(service))["tool_calls"][0]["function"] == {"arguments": '{"x":1}', "name": "f"}
    assert ask(service).status == 429
    choice = body_of(ask(service))["choices"][0]
    assert (choice["finish_reason"], choice["message"]["reasoning_content"]) == ("length", "hm")
    assert service.pending == 0


def test_several_calls_come_in_one_answer_with_consecutive_ids() -> None:
    service = standin()
    service.calls(("f", {"a": 1}), ("g", '{"broken'), ("h", None), content="Three.", reasoning="hm")
    choice = body_of(ask(service))["choices"][0]
    calls = choice["message"]["tool_calls"]
    assert choice["finish_reason"] == "tool_calls"
    assert (choice["message"]["content"], choice["message"]["reasoning_content"]) == ("Three.", "hm")
    assert [(call["index"], call["function"]["arguments"]) for call in calls] == [
        (0, '{"a":1}'),
        (1, '{"broken'),
        (2, "{}"),
    ]
    numbers = [int(call["id"].removeprefix("call_")) for call in calls]
    assert [numbers[1] - numbers[0], numbers[2] - numbers[1]] == [1, 1]
    assert all(-(2**63) <= number < 0 for number in numbers)


def test_a_refused_request_leaves_the_script_alone() -> None:
    service = standin()
    service.say("kept")
    assert ask(service, temperature=2).status == 400
    assert message_of(ask(service))["content"] == "kept"


@pytest.mark.parametrize(
    ("code", "status", "text"),
    [
        ("401", 401, "令牌已过期或验证不正确"),
        ("500", 500, "内部错误"),
        ("1000", 401, "身份验证失败。"),
        ("1113", 429, "余额不足或无可用资源包,请充值。"),
        ("1220", 403, "您无权访问该 API"),
        ("1234", 500, "网络错误，错误id：standin，请联系客服"),
        ("1261", 400, "Prompt exceeds max length"),
        ("1310", 429, "您已达到每周/每月使用上限，您的限额将在 2026-10-09 13:30:05 重置"),
    ],
)
def test_a_failure_has_the_status_and_text_of_its_code(code: str, status: int, text: str) -> None:
    service = standin()
    service.fail(code)
    reply = ask(service, stream=True)
    assert (reply.status, body_of(reply)) == (status, {"error": {"code": code, "message": text}})


def test_unsafe_content_is_reported_beside_the_error() -> None:
    service = standin()
    service.fail("1301")
    body = body_of(ask(service))
    assert (body["error"]["code"], body["contentFilter"]) == ("1301", [{"level": 1, "role": "user"}])


def test_a_failure_can_last_several_calls() -> None:
    service = standin()
    service.fail("1305", times=2)
    assert [ask(service).status for _ in range(3)] == [429, 429, 200]


def test_a_failure_can_come_in_200_with_its_own_text_status_and_headers() -> None:
    service = standin()
    service.fail("1305", in_200=True, message="busy")
    service.fail("9999", status=418, headers={"Retry-After": "3", "Content-Type": "text/plain"})
    reply = ask(service)
    assert (reply.status, body_of(reply)) == (200, {"error": {"code": "1305", "message": "busy"}})
    reply = ask(service)
    assert (reply.status, body_of(reply)) == (418, {"error": {"code": "9999", "message": ""}})
    headers = [(name.lower(), value) for name, value in reply.headers if name.lower() != "vary"]
    assert headers.count(("retry-after", "3")) == 1
    assert [value for name, value in headers if name == "content-type"] == ["text/plain"]


def test_a_failure_of_an_unknown_code_needs_a_status() -> None:
    with pytest.raises(ValueError, match="unknown code '9999': give its status; known are: 401, "):
        standin().fail("9999")
    with pytest.raises(ValueError, match="times is 1 or more"):
        standin().fail("1305", times=0)


STREAM = b'data: {"a": "\xe4\xbd\xa0"}\n\ndata: [DONE]\n\n'


def test_recorded_traffic_is_replayed_byte_for_byte() -> None:
    service = standin()
    service.replay(STREAM)
    service.replay('{"plain": true}', status=503, content_type="application/problem+json")
    reply = ask(service)
    assert list(reply.body) == [b'data: {"a": "\xe4\xbd\xa0"}\n\n', b"data: [DONE]\n\n"]
    assert (reply.status, reply.streams) == (200, True)
    assert dict(reply.headers)["content-type"] == "text/event-stream;charset=UTF-8"
    reply = ask(service, stream=True)
    assert (reply.status, reply.streams, reply.read()) == (503, False, b'{"plain": true}')
    assert dict(reply.headers)["content-type"] == "application/problem+json"


@given(st.binary(max_size=200), st.none() | st.integers(1, 50))
def test_a_replay_gives_the_same_bytes_however_it_is_split(data: bytes, split: int | None) -> None:
    service = standin()
    service.replay(data, split=split)
    pieces = list(ask(service).body)
    assert b"".join(pieces) == data
    if split is not None:
        assert all(len(piece) == split for piece in pieces[:-1])


def test_a_split_is_one_byte_or_more() -> None:
    with pytest.raises(ValueError, match="split is a number of bytes"):
        standin().replay(b"", split=0)


def test_a_replay_in_pieces_keeps_the_pace() -> None:
    service = standin(pace=0.5)
    service.replay(STREAM, split=20)
    slept: list[float] = []
    assert b"".join(ask(service).pieces(slept.append)) == STREAM
    assert slept == [0.5]


def test_a_delay_is_waited_before_the_line_that_follows() -> None:
    service = standin()
    service.delay(1.5)
    service.delay(0.5)
    service.say("late")
    assert service.pending == 3
    reply = ask(service)
    assert (reply.delay, message_of(reply)["content"]) == (2.0, "late")
    service.delay(3)
    assert ask(service).delay == 3
    assert ask(service).delay == 0


def test_a_delay_and_a_pace_are_not_negative() -> None:
    with pytest.raises(ValueError, match="seconds is 0 or more"):
        standin().delay(-1)
    with pytest.raises(ValueError, match="pace is a number of seconds"):
        standin(pace=-1)


def test_scripted_answers_stream_too() -> None:
    service = standin()
    service.say("a b", reasoning="c d")
    chunks = chunks_of(ask(service, stream=True))
    assert (joined(chunks, "reasoning_content"), joined(chunks, "content")) == ("c d", "a b")


def test_many_threads_get_every_line_once() -> None:
    service = standin("overload:10")
    for number in range(40):
        service.say(str(number))

    def one(_: int) -> Any:
        body = json.loads(ask(service).read())
        return body["choices"][0]["message"]["content"] if "choices" in body else body["error"]["code"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(50)))
    assert sorted(answers) == sorted(["1305"] * 10 + [str(number) for number in range(40)])
    assert len(service.requests) == 50
