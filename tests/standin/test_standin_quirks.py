"""Zhipu's quirks: what each does, how long it lasts, and that each is known by its name."""

from __future__ import annotations

import json
import re
import typing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from standin_helpers import ADD, KEY, ask, body_of, chunks_of, frames_of, joined, message_of, standin

from zhipu_openai.standin import QUIRKS, Cut, QuirkName, StandIn

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET: dict[str, Any] = {"thinking": {"type": "disabled"}}
OVERLOADED = "该模型当前访问量过大，请您稍后再试"


def said(*quirks: str) -> StandIn:
    """Make a stand-in with quirks that will say three words after some reasoning."""
    service = standin(*quirks)
    service.say("one two three", reasoning="so so")
    return service


def error(code: str, text: str) -> dict[str, Any]:
    """Make the body of an error."""
    return {"error": {"code": code, "message": text}}


def job_states(service: StandIn) -> list[str]:
    """Begin a job, look at it twice, and say how far it was."""
    body = b'{"model": "cogvideox-3", "prompt": "a cat"}'
    task = body_of(service.handle("POST", "/api/paas/v4/videos/generations", KEY, body))["id"]
    path = f"/api/paas/v4/async-result/{task}"
    return [body_of(service.handle("GET", path, KEY, b""))["task_status"] for _ in range(2)]


def arrears() -> None:
    service = standin("arrears")
    for _ in range(3):
        reply = ask(service)
        assert (reply.status, body_of(reply)) == (429, error("1113", "余额不足或无可用资源包,请充值。"))
    assert "retry-after" not in dict(reply.headers)


def bare_string_error() -> None:
    service = standin("bare_string_error")
    reply = ask(service)
    assert (reply.status, body_of(reply)) == (429, {"error": "Too many requests, please try again later"})
    assert ask(service).status == 200


def box_tokens() -> None:
    assert message_of(ask(said("box_tokens")))["content"] == "<|begin_of_box|>one two three<|end_of_box|>"
    assert joined(chunks_of(ask(said("box_tokens"), stream=True)), "content") == (
        "<|begin_of_box|>one two three<|end_of_box|>"
    )


def broken_connection() -> None:
    received: list[bytes] = []
    with pytest.raises(Cut):
        received.extend(ask(said("broken_connection"), stream=True).body)
    assert len(received) == 4
    assert received[-1].endswith(b'"delta":{"role')


def business_error_in_200() -> None:
    service = standin("business_error_in_200")
    reply = ask(service, stream=True)
    assert (reply.status, body_of(reply)) == (200, {"code": 1000, "msg": "身份验证失败。", "success": False})
    assert dict(reply.headers)["content-type"] == "application/json; charset=UTF-8"
    assert ask(service).status == 200


def context_exceeded() -> None:
    [chunk] = chunks_of(ask(said("context_exceeded"), stream=True))
    assert list(chunk) == ["id", "created", "model", "choices"]
    assert chunk["choices"] == [
        {
            "index": 0,
            "finish_reason": "model_context_window_exceeded",
            "delta": {"role": "assistant", "content": ""},
        }
    ]
    [choice] = body_of(ask(said("context_exceeded")))["choices"]
    assert choice["finish_reason"] == "model_context_window_exceeded"
    assert choice["message"] == {"content": "", "role": "assistant"}


def cut_before_finish() -> None:
    raw = ask(said("cut_before_finish"), stream=True).read()
    assert raw.endswith(b"}\n\n")
    assert raw.count(b"data: ") == 5
    assert b"finish_reason" not in raw
    assert b"DONE" not in raw


def cut_stream() -> None:
    raw = ask(said("cut_stream"), stream=True).read()
    assert raw.count(b"data: ") == 4
    assert raw.endswith(b'"choices":[{"index":0,"delta":{"role')


def double_finish() -> None:
    service = standin("double_finish")
    service.calls(("f", {}), ("g", {}))
    first, second, end = chunks_of(ask(service, stream=True))
    identity = first["id"]
    for position, chunk in enumerate((first, second)):
        choice = chunk["choices"][0]
        assert list(choice) == ["index", "finish_reason", "delta"]
        assert choice["finish_reason"] == "tool_calls"
        assert choice["delta"]["role"] == "assistant"
        assert choice["delta"]["tool_calls"][0]["id"] == f"call_{identity}_{position}"
        assert "usage" not in chunk
    assert end["choices"][0]["finish_reason"] == "tool_calls"
    assert "usage" in end


def empty_reasoning() -> None:
    assert message_of(ask(said("empty_reasoning")))["reasoning_content"] == "\n"
    assert joined(chunks_of(ask(said("empty_reasoning"), stream=True)), "reasoning_content") == "\n"


def error_event() -> None:
    frames = frames_of(ask(said("error_event"), stream=True))
    assert len(frames) == 4
    assert json.loads(frames[-1].removeprefix(b"data: ")) == error("1305", OVERLOADED)


def error_in_200() -> None:
    service = standin("error_in_200")
    reply = ask(service, stream=True)
    assert (reply.status, body_of(reply)) == (200, error("1305", OVERLOADED))
    assert dict(reply.headers)["content-type"] == "application/json; charset=UTF-8"
    assert body_of(ask(service))["object"] == "chat.completion"


def failed_job() -> None:
    service = standin("failed_job")
    assert ask(service).status == 200
    assert job_states(service) == ["PROCESSING", "FAIL"]
    assert job_states(service) == ["PROCESSING", "SUCCESS"]


def fenced_json() -> None:
    form = {"type": "json_object"}
    content = message_of(ask(standin("fenced_json"), response_format=form))["content"]
    assert content.startswith("```json\n{")
    assert json.loads(content.removeprefix("```json\n").removesuffix("\n```"))["standin"] is True
    assert message_of(ask(said("fenced_json")))["content"] == "one two three"


def finish_on_tool_chunk() -> None:
    service = standin("finish_on_tool_chunk")
    service.call("f")
    tool, end = chunks_of(ask(service, stream=True))
    assert tool["choices"][0]["finish_reason"] == "tool_calls"
    assert list(tool["choices"][0]["delta"]) == ["tool_calls"]
    assert re.fullmatch("call_[0-9a-f]{24}", tool["choices"][0]["delta"]["tool_calls"][0]["id"])
    assert end["choices"][0]["finish_reason"] == "tool_calls"


def glued_frames() -> None:
    frames = frames_of(ask(said("glued_frames"), stream=True))
    assert len(frames) == 6
    glued = frames[2]
    head, _, tail = glued.partition(b'{"role')
    assert glued.count(b"data: ") == 2
    assert tail.startswith(b"data: {")
    ids = [json.loads(frame.removeprefix(b"data: "))["id"] for frame in (frames[0], frames[1])]
    later = [json.loads(frame.removeprefix(b"data: "))["id"] for frame in (tail, *frames[3:-1])]
    assert len(set(ids)) == len(set(later)) == 1
    assert ids[0] != later[0]
    assert ids[0].encode() in head
    assert frames[-1] == b"data: [DONE]"


def html_502() -> None:
    service = standin("html_502")
    reply = ask(service)
    assert (reply.status, dict(reply.headers)["content-type"]) == (502, "text/html")
    assert b"<title>502 Bad Gateway ZS</title>" in reply.read()
    assert ask(service).status == 200


def index_minus_one() -> None:
    service = standin("index_minus_one")
    service.calls(("f", {}), ("g", {}))
    chunks = chunks_of(ask(service, stream=True))[:2]
    assert [chunk["choices"][0]["delta"]["tool_calls"][0]["index"] for chunk in chunks] == [-1, -1]


def json_instead_of_stream() -> None:
    service = standin("json_instead_of_stream")
    ask(service).read()
    reply = ask(service, stream=True)
    assert dict(reply.headers)["content-type"] == "application/json; charset=UTF-8"
    assert body_of(reply)["object"] == "chat.completion"
    assert chunks_of(ask(service, stream=True))


def leading_newline() -> None:
    assert message_of(ask(said("leading_newline")))["content"] == "\none two three"
    chunks = chunks_of(ask(said("leading_newline"), stream=True))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert [delta["content"] for delta in deltas if "content" in delta] == ["\n", "one", " two", " three", ""]


def missing_content() -> None:
    service = standin("missing_content")
    service.call("f")
    assert set(message_of(ask(service))) == {"role", "tool_calls"}
    assert "content" in message_of(ask(service))


def missing_object() -> None:
    assert "object" not in body_of(ask(said("missing_object")))
    chunks = chunks_of(ask(said("missing_object"), stream=True))
    assert not any("object" in chunk for chunk in chunks)


def missing_tool_id() -> None:
    service = standin("missing_tool_id")
    service.call("f")
    [call] = chunks_of(ask(service, stream=True))[0]["choices"][0]["delta"]["tool_calls"]
    assert list(call) == ["index", "type", "function"]


def nested_arguments_as_strings() -> None:
    service = standin("nested_arguments_as_strings")
    service.call("f", {"n": 1, "o": {"a": [1]}, "l": [2]})
    [call] = message_of(ask(service))["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"n": 1, "o": '{"a":[1]}', "l": "[2]"}
    service.call("f", "not json")
    [call] = message_of(ask(service))["tool_calls"]
    assert call["function"]["arguments"] == "not json"


def network_error() -> None:
    chunks = chunks_of(ask(said("network_error"), stream=True))
    assert (joined(chunks, "reasoning_content"), joined(chunks, "content")) == ("so so", "one")
    assert list(chunks[-1]) == ["id", "created", "model", "choices"]
    assert chunks[-1]["choices"][0]["finish_reason"] == "network_error"
    assert all("object" in chunk for chunk in chunks[:-1])
    [choice] = body_of(ask(said("network_error")))["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("network_error", "one")


def network_error_first() -> None:
    frames = frames_of(ask(said("network_error_first"), stream=True))
    chunk = json.loads(frames[0].removeprefix(b"data: "))
    assert frames[1:] == [b"data: [DONE]"]
    assert list(chunk) == ["id", "created", "model", "choices"]
    assert chunk["choices"] == [
        {"index": 0, "finish_reason": "network_error", "delta": {"role": "assistant", "content": ""}}
    ]


def newline_before_reasoning() -> None:
    chunks = chunks_of(ask(said("newline_before_reasoning"), stream=True))
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": "\n"}
    assert chunks[1]["choices"][0]["delta"] == {"role": "assistant", "reasoning_content": "so"}


def no_done() -> None:
    frames = frames_of(ask(said("no_done"), stream=True))
    assert json.loads(frames[-1].removeprefix(b"data: "))["choices"][0]["finish_reason"] == "stop"


def numeric_codes() -> None:
    service = standin("numeric_codes", "rate_limit")
    assert body_of(ask(service))["error"]["code"] == 1302
    assert body_of(ask(service, temperature=2))["error"]["code"] == 1210
    service.fail("no_number", status=400)
    assert body_of(ask(service))["error"]["code"] == "no_number"


def overload() -> None:
    service = standin("overload:2")
    for _ in range(2):
        reply = ask(service)
        assert (reply.status, body_of(reply)) == (429, error("1305", OVERLOADED))
        assert {"content-type", "retry-after"}.isdisjoint(dict(reply.headers))
    assert ask(service).status == 200


def phase_counted_choice_index() -> None:
    service = standin("phase_counted_choice_index")
    service.calls(("f", {}), ("g", {}), content="a b", reasoning="c d")
    chunks = chunks_of(ask(service, stream=True))
    assert [chunk["choices"][0]["index"] for chunk in chunks] == [0, 0, 1, 1, 2, 2, 3]


def rate_limit() -> None:
    service = standin("rate_limit")
    reply = ask(service)
    assert (reply.status, body_of(reply)) == (
        429,
        error("1302", "您的账户已达到速率限制，请您控制请求频率"),
    )
    assert dict(reply.headers)["content-type"] == "application/json; charset=UTF-8"
    assert ask(service).status == 200


def repeated_tool_names() -> None:
    reply = ask(standin("repeated_tool_names"), stream=True, tool_stream=True, tools=[ADD], **QUIET)
    calls = [chunk["choices"][0]["delta"]["tool_calls"][0] for chunk in chunks_of(reply)[:-1]]
    assert len({(call["id"], call["type"], call["function"]["name"]) for call in calls}) == 1
    assert "".join(call["function"]["arguments"] for call in calls) == '{"a":2,"b":3}'
    assert len(calls) > 3


def reset_window() -> None:
    reply = ask(standin("reset_window"))
    # The clock says half past twelve in Beijing.
    text = "已达到 5 小时的使用上限。您的限额将在 2026-10-09 13:30:05 重置"
    assert (reply.status, body_of(reply)) == (429, error("1308", text))
    english = ask(standin("reset_window", region="intl"))
    assert body_of(english)["error"]["message"] == (
        "Usage limit reached for 5 hour. Your limit will reset at 2026-10-09 13:30:05"
    )


def sensitive() -> None:
    chunks = chunks_of(ask(said("sensitive"), stream=True))
    assert joined(chunks, "content") == "one"
    assert chunks[-1]["choices"] == [
        {"index": 0, "finish_reason": "sensitive", "delta": {"role": "user", "content": ""}}
    ]
    assert chunks[-1]["content_filter"] == [{"level": 1, "role": "user"}]
    assert "usage" not in chunks[-1]
    body = body_of(ask(said("sensitive")))
    assert body["choices"][0]["finish_reason"] == "sensitive"
    assert body["content_filter"] == [{"level": 1, "role": "user"}]


def slow_job() -> None:
    service = standin("slow_job")
    assert job_states(service) == ["PROCESSING", "PROCESSING"]
    service.switch_off("slow_job")
    assert job_states(service) == ["PROCESSING", "SUCCESS"]


def slow_start() -> None:
    assert ask(said("slow_start:2.5"), stream=True).lead == 2.5
    assert ask(said("slow_start"), stream=True).lead == 1.0
    assert ask(said("slow_start:2.5")).lead == 0.0


def think_tags() -> None:
    message = message_of(ask(said("think_tags")))
    assert message == {"content": "<think>so so</think>\none two three", "role": "assistant"}


TESTS: dict[str, Callable[[], None]] = {
    check.__name__: check
    for check in (
        arrears, bare_string_error, box_tokens, broken_connection, business_error_in_200, context_exceeded,
        cut_before_finish, cut_stream, double_finish, empty_reasoning, error_event, error_in_200, failed_job, fenced_json,
        finish_on_tool_chunk, glued_frames, html_502, index_minus_one, json_instead_of_stream, leading_newline,
        missing_content, missing_object, missing_tool_id, nested_arguments_as_strings, network_error,
        network_error_first, newline_before_reasoning, no_done, numeric_codes, overload,
        phase_counted_choice_index, rate_limit, repeated_tool_names, reset_window, sensitive, slow_job, slow_start,
        think_tags,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(QUIRKS))
def test_a_quirk_does_what_its_row_says(name: str) -> None:
    TESTS[name]()


def test_the_names_that_editors_complete_are_those_of_the_table() -> None:
    assert list(typing.get_args(QuirkName)) == sorted(QUIRKS)
    assert [row.name for row in QUIRKS.values()] == sorted(QUIRKS)


def test_every_row_says_where_and_when_it_was_seen() -> None:
    for row in QUIRKS.values():
        assert row.does.endswith("."), row.name
        assert row.source, row.name
        assert date(2025, 1, 1) <= row.date <= date(2026, 11, 23), row.name


def test_an_unknown_quirk_is_refused_with_the_known_names() -> None:
    with pytest.raises(
        ValueError, match=r"unknown quirk 'overlaod'; known are: arrears, .*overload.*think_tags"
    ):
        StandIn(quirks=["overlaod:2"])


@pytest.mark.parametrize("written", ["overload:", "overload:0", "overload:-1", "overload:x", "overload:1.5"])
def test_a_number_of_calls_must_be_one_or_more(written: str) -> None:
    with pytest.raises(ValueError, match="a number of calls, 1 or more"):
        StandIn(quirks=[written])


@pytest.mark.parametrize("written", ["slow_start:", "slow_start:-1", "slow_start:nan", "slow_start:soon"])
def test_a_number_of_seconds_must_be_zero_or_more(written: str) -> None:
    with pytest.raises(ValueError, match="a number of seconds, 0 or more"):
        StandIn(quirks=[written])


def test_any_quirk_can_be_limited_to_a_number_of_calls() -> None:
    service = standin("arrears:1", "missing_object:2", "cut_stream:1")
    assert list(service.quirks) == ["arrears", "missing_object", "cut_stream"]
    assert ask(service).status == 429
    assert list(service.quirks) == ["missing_object", "cut_stream"]
    assert "object" not in body_of(ask(service))
    assert not ask(service, stream=True).read().endswith(b"[DONE]\n\n")
    assert list(service.quirks) == []
    assert "object" in body_of(ask(service))


def test_refusals_come_in_the_order_in_which_they_were_switched_on() -> None:
    service = standin("rate_limit", "overload:2")
    codes = [body_of(ask(service))["error"]["code"] for _ in range(3)]
    assert codes == ["1302", "1305", "1305"]


def test_a_refusal_comes_before_the_checks_and_leaves_the_script_alone() -> None:
    service = said("rate_limit")
    assert body_of(ask(service, temperature=2))["error"]["code"] == "1302"
    assert service.pending == 1


def test_a_whole_answer_does_not_use_up_a_quirk_of_streams() -> None:
    service = standin("cut_stream:1")
    ask(service).read()
    assert service.quirks == ("cut_stream",)


def test_quirks_can_be_switched_on_and_off() -> None:
    service = standin()
    service.switch_on("arrears", "missing_object")
    service.switch_off("arrears")
    assert list(service.quirks) == ["missing_object"]
    service.switch_off()
    assert list(service.quirks) == []


def test_a_wrong_name_among_right_ones_switches_nothing() -> None:
    service = standin()
    with pytest.raises(ValueError, match="unknown quirk"):
        service.switch_on("arrears", "nonsense")
    with pytest.raises(ValueError, match="unknown quirk"):
        service.switch_off("nonsense")
    assert list(service.quirks) == []


def test_several_quirks_of_shape_apply_together() -> None:
    service = said("missing_object", "think_tags", "leading_newline", "no_done")
    frames = frames_of(ask(service, stream=True))
    chunks = [json.loads(frame.removeprefix(b"data: ")) for frame in frames]
    assert joined(chunks, "content") == "\n<think>so so</think>\none two three"
    assert not any("object" in chunk for chunk in chunks)


@pytest.mark.parametrize(
    ("quirk", "shape"),
    [
        ("cut_stream", rb'data: [^\n]+"delta":{"role'),
        ("cut_before_finish", rb""),
        ("glued_frames", rb'data: [^\n]+"delta":{"roledata: \[DONE\]\n\n'),
        ("error_event", rb'data: {"error":[^\n]+}\n\n'),
        ("no_done", rb'data: [^\n]+"network_error"[^\n]+}\n\n'),
    ],
)
def test_a_stream_of_one_chunk_can_be_cut_too(quirk: str, shape: bytes) -> None:
    assert re.fullmatch(shape, ask(standin("network_error_first", quirk), stream=True).read())
