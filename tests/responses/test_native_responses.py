"""Zhipu's own Responses API: when it serves, what it is sent, and what is made of its answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, text_stream
from response_helpers import (
    ADD,
    NATIVE_ID,
    collect_into,
    event_classes,
    final,
    in_pieces,
    native,
    native_events,
    native_sse,
    respond,
    said,
    thought,
    types_of,
)
from scripts import collect, play

from zhipu_openai.translate.responses.native_answer import complete
from zhipu_openai.translate.responses.route_choice import GAINS, HOSTS, LOSSES, MODELS

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

CHAT = "/api/paas/v4/chat/completions"
OWN = "/api/v1/responses"
NATIVE = {"responses": "native"}
QUIET = {"on_adaptation": "ignore"}
SEARCH_AND_ADD = [ADD, {"type": "web_search"}]
CAPTURES = Path(__file__).parents[3] / "shared" / "captures" / "responses"
OLD = tuple(map(int, openai.__version__.split(".")[:2])) < (2, 0)


def path_of(side: SyncSide, wire: Wire, client: dict[str, Any] | None = None, **arguments: Any) -> str:
    """Ask, and give the path that was asked."""
    wire.reply_with(_either)
    respond(side, client={**QUIET, **(client or {})}, **arguments)
    return wire.last.url.partition("://")[2].partition("/")[2]


def _either(request: Any) -> Any:
    from conftest import httpx

    body: Any = native(said()) if request.url.path.endswith(OWN) else COMPLETION
    if b'"json_schema"' in request.content or b"json_object" in request.content:
        body = {**COMPLETION, "choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}
    if b"must answer" in request.content:
        call = {"id": "c", "type": "function", "function": {"name": "add", "arguments": "{}"}}
        body = {**COMPLETION, "choices": [{"message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
    return httpx.Response(200, json=body)


@pytest.mark.filterwarnings("ignore:Zhipu limits the GLM Coding Plan")
@pytest.mark.parametrize(
    ("client", "arguments", "path"),
    [
        ({}, {}, CHAT),
        ({}, {"model": "glm-5.3"}, CHAT),
        ({}, {"tools": [ADD]}, CHAT),
        ({}, {"tools": [{"type": "web_search"}]}, CHAT),
        ({}, {"store": True}, CHAT),
        ({}, {"tools": SEARCH_AND_ADD}, OWN),
        ({}, {"tools": SEARCH_AND_ADD, "model": "gpt-5"}, OWN),
        ({}, {"previous_response_id": NATIVE_ID}, OWN),
        ({"responses": "native"}, {}, OWN),
        ({"responses": "native", "region": "intl"}, {}, OWN),
        ({"responses": "native", "base_url": "https://gate.example/llm/api/paas/v4"}, {}, f"/llm{OWN}"),
        ({"responses": "native", "endpoint": "coding"}, {}, OWN),
        ({"endpoint": "coding"}, {}, "/api/coding/paas/v4/chat/completions"),
    ],
)
def test_the_path_is_chosen(
    side: SyncSide, wire: Wire, client: dict[str, Any], arguments: Any, path: str
) -> None:
    assert f"/{path_of(side, wire, client, **arguments)}" == path


@pytest.mark.filterwarnings("ignore:Zhipu limits the GLM Coding Plan")
@pytest.mark.parametrize(
    ("client", "arguments"),
    [
        ({"responses": "translate"}, {}),
        ({"region": "intl"}, {}),
        ({"endpoint": "coding"}, {}),
        ({"base_url": "https://gate.example/v1"}, {}),
        ({}, {"model": "glm-6-preview"}),
        ({}, {"model": "gpt-4o"}),
        ({}, {"parallel_tool_calls": False}),
        ({}, {"reasoning": {"effort": "none"}}),
    ],
)
def test_what_its_own_api_may_not_or_cannot_serve_is_no_gain(
    side: SyncSide, wire: Wire, client: dict[str, Any], arguments: dict[str, Any]
) -> None:
    """Chat searches or calls, and says so before anything is sent."""
    wire.reply(COMPLETION)
    with pytest.raises(openai.BadRequestError, match="does not search when functions are offered"):
        respond(side, client={**QUIET, **client}, tools=SEARCH_AND_ADD, **arguments)
    assert wire.sent == []


CUSTOM_CALL = {"type": "custom_tool_call", "call_id": "c", "name": "n", "input": "x"}
SHOWN = {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "auto"}
LOST = [
    ({"tools": [ADD], "tool_choice": "required"}, "tool_choice"),
    ({"tools": [ADD], "tool_choice": {"type": "function", "name": "add"}}, "tool_choice"),
    ({"text": {"format": {"type": "json_schema", "name": "n", "schema": {}}}}, "text.format"),
    ({"reasoning": {"effort": "none"}}, "reasoning.effort"),
    ({"model": "gpt-4o"}, "reasoning.effort"),
    ({"extra_body": {"thinking": {"type": "disabled"}}}, "thinking"),
    ({"tools": [ADD], "parallel_tool_calls": False}, "parallel_tool_calls"),
    ({"tools": [{"type": "custom", "name": "n"}]}, "tools"),
    ({"tools": [{"type": "file_search", "vector_store_ids": ["kb"]}]}, "tools"),
    ({"input": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]}, "input"),
    ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]}, "input"),
    ({"input": [{"role": "user", "content": "x"}, CUSTOM_CALL]}, "input"),
    ({"input": [{"type": "function_call_output", "call_id": "c", "output": [SHOWN]}]}, "input"),
]


@pytest.mark.parametrize(("arguments", "param"), LOST)
def test_what_its_own_api_would_lose_is_refused_where_it_is_forced(
    side: SyncSide, wire: Wire, arguments: Any, param: str
) -> None:
    wire.reply(native(said()))
    with pytest.raises(openai.BadRequestError) as caught:
        respond(side, client={**QUIET, **NATIVE}, **arguments)
    assert caught.value.param == param
    assert 'responses="auto"' in caught.value.message
    assert wire.sent == []


def test_every_row_of_the_rule_is_tried_and_has_a_source() -> None:
    assert {rule.param for rule in LOSSES} == {param for _, param in LOST}
    for row in (*HOSTS, *MODELS, *GAINS, *LOSSES):
        assert row.source
        assert row.seen.year == 2026


def test_what_is_sent_is_what_is_documented(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(said()))
    respond(
        side,
        client={**QUIET, **NATIVE},
        model="glm-5.3",
        instructions="Be brief.",
        max_output_tokens=10**6,
        temperature=1.7,
        top_p=0.333,
        reasoning={"effort": "minimal", "summary": "auto"},
        tools=[{**ADD, "strict": True}, {"type": "web_search_preview", "search_context_size": "low"}],
        tool_choice="auto",
        text={"format": {"type": "json_object"}, "verbosity": "low"},
        metadata={"a": "b"},
        user="someone",
        include=["reasoning.encrypted_content"],
        truncation="auto",
        prompt_cache_key="k",
        extra_body={"stop": ["###"]},
    )
    assert wire.last.url == f"https://open.bigmodel.cn{OWN}"
    assert wire.last.json == {
        "model": "glm-5.3",
        "input": "Hi",
        "instructions": "Be brief.",
        "max_output_tokens": 131072,
        "temperature": 1.0,
        "top_p": 0.33,
        "reasoning": {"effort": "low"},
        "tools": [
            {
                "type": "function",
                "name": "add",
                "description": "Add two numbers.",
                "parameters": ADD["parameters"],
            },
            {"type": "web_search"},
        ],
        "tool_choice": "auto",
        "text": {"format": {"type": "json_object"}},
        "prompt_cache_key": "k",
        "stop": ["###"],
    }


def test_a_schema_is_sent_without_references(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(said()))
    definition = {"type": "object", "properties": {"x": {"type": "integer"}}}
    schema = {"type": "object", "properties": {"p": {"$ref": "#/$defs/P"}}, "$defs": {"P": definition}}
    respond(side, client={**QUIET, **NATIVE}, tools=[{**ADD, "parameters": schema}])
    assert wire.last.json["tools"][0]["parameters"]["properties"]["p"] == definition


@pytest.mark.parametrize("client", [NATIVE, {}])
def test_a_tool_in_the_form_of_chat_completions_is_understood(
    side: SyncSide, wire: Wire, client: dict[str, Any]
) -> None:
    wire.reply_with(_either)
    function = {name: value for name, value in ADD.items() if name != "type"}
    respond(side, client={**QUIET, **client}, tools=[{"type": "function", "function": function}])
    sent = wire.last.json["tools"][0]
    assert sent == (
        {"type": "function", **function} if client else {"type": "function", "function": function}
    )


def test_items_are_sent_in_the_documented_form(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(said()))
    items = [
        {
            "role": "user",
            "content": [{"type": "input_image", "image_url": {"url": "https://example.com/a.png"}}],
        },
        {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"type": "search"}},
        thought(),
        {"type": "function_call", "call_id": "c", "name": "add", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "4"}]},
    ]
    respond(side, client={**QUIET, **NATIVE}, model="glm-5.3-flash", input=items)
    url = "https://example.com/a.png"
    assert wire.last.json["input"] == [
        {"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": url}]},
        thought(),
        items[3],
        {"type": "function_call_output", "call_id": "c", "output": "4"},
    ]


def test_the_effort_of_a_mere_switch_is_left_out(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(said()))
    respond(side, client={**QUIET, **NATIVE}, model="glm-4.7", reasoning={"effort": "high"})
    assert "reasoning" not in wire.last.json


def test_what_is_missing_is_filled_in(side: SyncSide, wire: Wire) -> None:
    single = {**said("Hello."), "content": said("Hello.")["content"][0]}
    search = {
        "id": "ws_1",
        "status": "completed",
        "type": "web_search_call",
        "action": {
            "type": "search",
            "queries": ["q"],
            "source": [{"url": "https://example.com"}, "https://b"],
        },
        "result": [],
    }
    wire.reply(native(thought(), search, single))
    response = respond(side, client=NATIVE, metadata={"a": "b"}, tools=[ADD], instructions="Be brief.")
    assert response.id == NATIVE_ID
    assert response.output_text == "Hello."
    assert response.previous_response_id is None
    assert response.instructions == "Be brief."
    assert response.metadata == {"a": "b"}
    assert (response.tool_choice, response.tools[0].name, response.text.format.type) == (
        "auto",
        "add",
        "text",
    )
    assert response.truncation == "disabled"
    assert response.usage.total_tokens == 34
    action = response.output[1].to_dict()["action"]
    assert action["sources"] == [
        {"type": "url", "url": "https://example.com"},
        {"type": "url", "url": "https://b"},
    ]
    assert (action["query"], "source" in action) == ("q", False)


def test_what_is_complete_stays_as_it_is() -> None:
    once = complete(native(thought(), said()), {"metadata": {"a": "b"}})
    assert complete(once, {"metadata": {"a": "b"}}) == once


@pytest.mark.parametrize("size", [1, 13, 100_000])
@pytest.mark.parametrize("done", [True, False])
def test_a_stream_is_passed_on_completed(side: SyncSide, wire: Wire, size: int, done: bool) -> None:
    wire.reply_with(in_pieces(native_sse(*native_events(thought(), said("Hi.")), done=done), size))
    events = respond(side, client=NATIVE, stream=True)
    assert types_of(events) == [event["type"] for event in native_events(thought(), said("Hi."))]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    response = events[-1].response
    assert response.output_text == "Hi."
    assert (response.tool_choice, response.previous_response_id) == ("auto", None)


def test_numbers_have_no_gaps_whatever_came(side: SyncSide, wire: Wire) -> None:
    events = [{**event, "sequence_number": 7} for event in native_events(said())]
    wire.reply(native_sse(*events))
    seen = respond(side, client={**NATIVE, **QUIET}, stream=True, reasoning={"summary": "auto"})
    assert [event.sequence_number for event in seen] == list(range(len(seen)))


def test_a_summary_is_made_of_the_thoughts(side: SyncSide, wire: Wire) -> None:
    wire.reply(native_sse(*native_events(thought("Hm."), said())))
    events = respond(side, client={**NATIVE, **QUIET}, stream=True, reasoning={"summary": "auto"})
    names = [event.type for event in events]
    assert names.count("response.reasoning_summary_text.delta") == 1
    assert events[-1].response.output[0].summary[0].text == "Hm."
    wire.reply(native(thought("Hm."), said()))
    wire.reply(native(thought("Hm."), said()))
    whole = respond(side, client={**NATIVE, **QUIET}, reasoning={"summary": "auto"})
    assert whole.output[0].summary[0].text == "Hm."


def test_openais_own_accumulator_takes_the_stream(side: SyncSide, wire: Wire) -> None:
    wire.reply(native_sse(*native_events(thought(), said("Hello."))))
    assert final(side, client=NATIVE).output_text == "Hello."


def test_a_response_keeps_the_id_that_it_began_with(side: SyncSide, wire: Wire) -> None:
    events = native_events(said("Hello."))
    events[-1]["response"] |= {"id": "resp_other", "created_at": 0}
    wire.reply(native_sse(*events))
    response = final(side, client=NATIVE)
    assert (response.id, response.created_at) == (NATIVE_ID, 1791513568)


def test_a_stream_that_does_not_say_that_it_begins_is_begun(side: SyncSide, wire: Wire) -> None:
    wire.reply(native_sse(*native_events(said("Hello."))[1:]))
    assert final(side, client=NATIVE).output_text == "Hello."


def test_a_last_event_without_output_is_completed_from_the_items(side: SyncSide, wire: Wire) -> None:
    events = native_events(said("Hello."))
    events[-1]["response"]["output"] = []
    wire.reply(native_sse(*events))
    assert final(side, client=NATIVE).output_text == "Hello."


def test_an_answer_cut_short_is_incomplete(side: SyncSide, wire: Wire) -> None:
    cause = {"reason": "max_output_tokens"}
    wire.reply(native_sse(*native_events(thought(), status="incomplete", incomplete_details=cause)))
    last = respond(side, client=NATIVE, stream=True)[-1]
    assert last.type == "response.incomplete"
    assert last.response.incomplete_details.reason == "max_output_tokens"
    assert last.response.output_text == ""


BUSY = {"code": "overloaded", "message": "该模型当前访问量过大，请您稍后再试 [1]"}
FAILED_FIRST = native_sse(
    {
        "response": {"id": NATIVE_ID, "created_at": 0, "error": BUSY, "output": [], "status": "failed"},
        "sequence_number": 0,
        "type": "response.failed",
    },
    {**BUSY, "param": None, "sequence_number": 1, "type": "error"},
)


def test_a_stream_that_fails_first_is_tried_again(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply(FAILED_FIRST)
    wire.reply(native_sse(*native_events(said("OK"))))
    assert respond(side, client=NATIVE, stream=True)[-1].response.output_text == "OK"
    assert len(waits) == 1


def test_a_stream_that_always_fails_first_is_a_rate_limit(side: SyncSide, wire: Wire) -> None:
    wire.reply(FAILED_FIRST)
    with pytest.raises(openai.RateLimitError):
        respond(side, client={**NATIVE, "max_retries": 0}, stream=True)


@pytest.mark.parametrize(
    ("status", "body", "error", "code", "tried_again"),
    [
        (
            200,
            {"code": 1000, "msg": "身份验证失败。", "success": False},
            openai.AuthenticationError,
            "invalid_api_key",
            False,
        ),
        (
            200,
            {"code": 1001, "msg": "Header中未收到Authorization参数", "success": False},
            openai.AuthenticationError,
            "invalid_api_key",
            False,
        ),
        (200, {"code": 500, "msg": "404 NOT_FOUND", "success": False}, openai.NotFoundError, None, False),
        (400, "model_not_found", openai.NotFoundError, "model_not_found", False),
        (400, "invalid_request", openai.BadRequestError, None, False),
        (400, "context_length_exceeded", openai.BadRequestError, "context_length_exceeded", False),
        (429, "insufficient_quota", openai.RateLimitError, "insufficient_quota", False),
        (429, "overloaded", openai.RateLimitError, None, True),
        (429, "rate_limit_exceeded", openai.RateLimitError, "rate_limit_exceeded", True),
        (401, "invalid_api_key", openai.AuthenticationError, "invalid_api_key", False),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_its_errors_are_openais(
    side: SyncSide,
    wire: Wire,
    status: int,
    body: Any,
    error: Any,
    code: str | None,
    tried_again: bool,
    stream: bool,
    waits: list[float],
) -> None:
    if isinstance(body, str):
        body = {"error": {"code": body, "message": "x", "param": None, "type": body}}
    wire.reply(body, status=status)
    with pytest.raises(error) as caught:
        respond(side, client={**NATIVE, "max_retries": 1}, stream=stream)
    if code is not None:
        assert caught.value.code == code
    assert bool(waits) is tried_again


def test_a_parameter_is_named_as_the_caller_named_it(side: SyncSide, wire: Wire) -> None:
    told = "max_tokens参数非法：限制数值范围[1,98304]"
    wire.reply({"error": {"code": "invalid_request", "message": told, "type": "invalid_request"}}, status=400)
    with pytest.raises(openai.BadRequestError) as caught:
        respond(side, client=NATIVE)
    assert caught.value.param == "max_output_tokens"


def test_a_bad_key_is_a_bad_key_on_the_translated_path_too(side: SyncSide, wire: Wire) -> None:
    for stream in (False, True):
        wire.reply({"error": {"code": "1000", "message": "身份验证失败。"}}, status=401)
        with pytest.raises(openai.AuthenticationError):
            respond(side, client={"responses": "translate"}, stream=stream)


@pytest.mark.parametrize(
    "broken",
    [
        {**BUSY, "param": None, "sequence_number": 5, "type": "error"},
        {"response": {"id": NATIVE_ID, "error": BUSY, "status": "failed"}, "type": "response.failed"},
        {"error": {"code": "1305", "message": "busy"}},
        {"code": 1302, "msg": "slow down", "success": False},
    ],
    ids=["error", "failed", "chat's", "gateway's"],
)
def test_a_failure_after_the_start_is_raised(side: SyncSide, wire: Wire, broken: dict[str, Any]) -> None:
    data = f"data: {json.dumps(broken)}\n\n".encode()
    wire.reply(native_sse(*native_events(said())[:5], done=False) + data)
    seen: list[Any] = []

    def script(client: Any) -> Generator[Any, Any, Any]:
        stream = yield client.responses.create(model="glm-5.2", input="Hi", stream=True)
        yield collect_into(stream, seen)

    with pytest.raises(openai.RateLimitError):
        play(side, script, **NATIVE, max_retries=0)
    assert seen[-1].type == "response.failed"
    assert seen[-1].response.id == NATIVE_ID
    assert [event.sequence_number for event in seen] == list(range(6))


def test_a_failed_response_is_an_error(side: SyncSide, wire: Wire) -> None:
    error = {"code": "context_length_exceeded", "message": "Prompt exceeds max length"}
    wire.reply(native(status="failed", error=error))
    with pytest.raises(openai.BadRequestError) as caught:
        respond(side, client=NATIVE)
    assert caught.value.code == "context_length_exceeded"


@pytest.mark.parametrize("end", ["", "data: [DONE]\n\n", 'data: {"type": "response.out'])
def test_a_stream_that_is_cut_raises(side: SyncSide, wire: Wire, end: str) -> None:
    wire.reply(native_sse(*native_events(said())[:5], done=False) + end.encode())
    with pytest.raises(openai.APIConnectionError):
        respond(side, client=NATIVE, stream=True)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"id": "x"},
        {**native(), "output": None},
        {**native(), "id": ""},
        {"object": "chat.completion", "id": "x", "choices": [{}]},
    ],
)
def test_an_answer_that_is_no_response_is_an_error(side: SyncSide, wire: Wire, body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        respond(side, client={**NATIVE, "max_retries": 0})
    assert caught.value.code == "invalid_upstream_answer"


@pytest.mark.parametrize(
    "events",
    [
        [{"type": "response.output_text.delta", "delta": "x"}],
        [{"type": "response.created"}],
        [{"hello": 1}],
    ],
)
def test_a_stream_that_is_none_of_responses_is_an_error(side: SyncSide, wire: Wire, events: Any) -> None:
    wire.reply(b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events))
    with pytest.raises(openai.InternalServerError):
        respond(side, client={**NATIVE, "max_retries": 0}, stream=True)


def test_store_is_sent_where_the_caller_says_so(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(said("One.")))

    def script(client: Any) -> Generator[Any, Any, Any]:
        kept = yield client.responses.create(model="glm-5.2", input="Hi", store=True)
        yield client.responses.create(model="glm-5.2", input="Sure?", previous_response_id=kept.id)

    play(side, script, **NATIVE)
    first, second = (sent.json for sent in wire.sent)
    assert first["store"] is True
    assert (second["previous_response_id"], second["input"]) == (NATIVE_ID, "Sure?")
    assert "store" not in second


def test_what_zhipu_does_not_keep_is_sent_again(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(thought(), said("One.")))

    def script(client: Any) -> Generator[Any, Any, Any]:
        kept = yield client.responses.create(model="glm-5.2", input="Hi")
        yield client.responses.create(model="glm-5.2", input="Sure?", previous_response_id=kept.id)

    play(side, script, **NATIVE)
    body = wire.last.json
    assert "previous_response_id" not in body
    assert [item.get("role", item["type"]) for item in body["input"]] == [
        "user",
        "reasoning",
        "assistant",
        "user",
    ]


def test_a_chain_that_begins_at_zhipu_stays_there(side: SyncSide, wire: Wire) -> None:
    begun = "resp_20261009103928aaaaaaaaaaaaaaaa"
    wire.reply(native(said("One.")))

    def script(client: Any) -> Generator[Any, Any, Any]:
        second = yield client.responses.create(model="glm-5.2", input="Hi", previous_response_id=begun)
        yield client.responses.create(model="glm-5.2", input="Sure?", previous_response_id=second.id)
        with pytest.raises(openai.NotFoundError):
            yield client.responses.create(model="gpt-4o", input="x", previous_response_id=second.id)

    play(side, script, **QUIET)
    assert wire.last.url.endswith(OWN)
    body = wire.last.json
    assert body["previous_response_id"] == begun
    assert len(body["input"]) == 3


def test_what_is_not_kept_here_is_read_at_zhipu(side: SyncSide, wire: Wire) -> None:
    wire.reply(native(said("One."), metadata={"a": "b"}))
    wire.reply({"object": "list", "data": [{"id": "m", "type": "message", "role": "user", "content": []}]})
    wire.reply({"id": NATIVE_ID, "object": "response", "deleted": True})

    def script(client: Any) -> Generator[Any, Any, Any]:
        found = yield client.responses.retrieve(NATIVE_ID)
        assert (found.output_text, found.metadata, found.tool_choice) == ("One.", {"a": "b"}, "auto")
        items = yield client.responses.input_items.list(NATIVE_ID, order="asc")
        assert [item.id for item in items.data] == ["m"]
        yield client.responses.delete(NATIVE_ID)

    play(side, script)
    root = f"https://open.bigmodel.cn{OWN}/{NATIVE_ID}"
    assert [(sent.method, sent.url) for sent in wire.sent] == [
        ("GET", root),
        ("GET", f"{root}/input_items?order=asc"),
        ("DELETE", root),
    ]


def test_zhipu_is_not_asked_for_what_chat_completions_served(side: SyncSide, wire: Wire) -> None:
    wire.reply(COMPLETION)

    def script(client: Any) -> Generator[Any, Any, Any]:
        yield client.responses.retrieve("resp_chat_1")

    for client in ({}, NATIVE):
        with pytest.raises(openai.NotFoundError):
            play(side, script, **client)
    assert wire.sent == []


@pytest.mark.skipif(OLD, reason="openai 1.x has no class for parts of reasoning")
def test_all_that_is_answered_holds_to_openais_types(side: SyncSide, wire: Wire) -> None:
    wire.reply(native_sse(*native_events(thought(), said())))

    def script(client: Any) -> Generator[Any, Any, Any]:
        raw = yield client.responses.with_raw_response.create(model="glm-5.2", input="Hi", stream=True)
        lines = raw.http_response.iter_lines() if side.name == "sync" else raw.http_response.aiter_lines()
        return (yield collect(lines))

    classes = event_classes()
    events = [json.loads(line[6:]) for line in play(side, script, **NATIVE) if line.startswith("data: ")]
    assert len(events) == len(native_events(thought(), said()))
    for event in events:
        classes[event["type"]].model_validate(event)


# Recorded traffic, where it lies beside the repository.


def captured(pattern: str) -> Path:
    """Find a recording, or skip the test."""
    found = sorted(CAPTURES.glob(pattern)) if CAPTURES.exists() else []
    if not found:
        pytest.skip("the recorded traffic does not lie beside this repository")
    return found[0]


@pytest.mark.parametrize("size", [1, 997, 10**6])
def test_a_recorded_stream_is_taken_byte_for_byte(side: SyncSide, wire: Wire, size: int) -> None:
    body = captured("stream-completed*.sse").read_bytes()
    wire.reply_with(in_pieces(body, size))
    events = respond(side, client=NATIVE, model="glm-4.5-flash", stream=True)
    assert [event.sequence_number for event in events] == list(range(34))
    assert events[-1].response.output_text == "OK"
    assert events[-1].response.usage.input_tokens_details.cached_tokens == 4
    wire.reply(body)
    wire.reply(body)
    assert final(side, client=NATIVE, model="glm-4.5-flash").output_text == "OK"


def test_recorded_failures_raise(side: SyncSide, wire: Wire) -> None:
    lines = captured("nonstream-errors*.jsonl").read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        recorded = json.loads(line)
        wire.reply(recorded["body"], status=recorded["http"])
        wire.reply(recorded["body"], status=recorded["http"])
        with pytest.raises(openai.APIStatusError) as caught:
            respond(side, client={**NATIVE, "max_retries": 0})
        assert caught.value.status_code >= 400
        wire._replies.clear()


def test_a_stream_of_chat_is_not_mistaken_for_one_of_responses(side: SyncSide, wire: Wire) -> None:
    wire.reply(text_stream("Hi"))
    with pytest.raises(openai.InternalServerError):
        respond(side, client={**NATIVE, "max_retries": 0}, stream=True)
