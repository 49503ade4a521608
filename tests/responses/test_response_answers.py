"""What chat completions answer, as a response: whole and streamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, chunk, completion, sse, text_stream
from pydantic import BaseModel
from response_helpers import ADD, collect_into, event_classes, final, in_pieces, respond, types_of
from scripts import collect, play

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

QUIET = {"on_adaptation": "ignore"}
CALL = {"id": "call_1", "index": 0, "type": "function", "function": {"name": "add", "arguments": '{"a":2}'}}
FOUND = {"content": "c", "link": "https://example.com/a", "refer": "ref_1", "title": "A"}
OLD = tuple(map(int, openai.__version__.split(".")[:2])) < (2, 0)


class Sum(BaseModel):
    """A sum."""

    a: int


def test_an_answer_is_a_response_with_all_that_was_asked(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello.", reasoning_content="Hm."))
    response = respond(
        side,
        instructions="Be brief.",
        metadata={"a": "b"},
        max_output_tokens=9,
        temperature=0.5,
        tools=[ADD],
        user="someone",
        reasoning={"effort": "high"},
    )
    assert response.output_text == "Hello."
    assert response.id == f"resp_chat_{COMPLETION['id']}"
    assert (response.status, response.object, response.model) == ("completed", "response", "glm-5.2")
    assert response.created_at == COMPLETION["created"]
    assert response.instructions == "Be brief."
    assert response.metadata == {"a": "b"}
    assert (response.max_output_tokens, response.temperature, response.top_p) == (9, 0.5, None)
    assert response.tools[0].name == "add"
    assert (response.tool_choice, response.parallel_tool_calls) == ("auto", True)
    assert response.text.format.type == "text"
    assert response.reasoning.effort == "high"
    assert (response.error, response.incomplete_details, response.previous_response_id) == (None, None, None)
    usage = response.usage
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (7, 3, 10)
    assert usage.input_tokens_details.cached_tokens == 0
    assert usage.output_tokens_details.reasoning_tokens == 0
    thought, message = response.output
    assert (thought.type, thought.summary, thought.encrypted_content) == ("reasoning", [], None)
    assert [part.text for part in thought.content] == ["Hm."]
    assert (message.type, message.role, message.status) == ("message", "assistant", "completed")
    assert message.content[0].annotations == []


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("reason", "why"), [("length", "max_output_tokens"), ("sensitive", "content_filter")]
)
def test_an_answer_that_was_cut_short_is_incomplete(
    side: SyncSide, wire: Wire, stream: bool, reason: str, why: str
) -> None:
    wire.reply(
        text_stream("Hel", finish_reason=reason)
        if stream
        else completion(content="Hel", finish_reason=reason)
    )
    answer = respond(side, stream=stream)
    response = answer[-1].response if stream else answer
    if stream:
        assert answer[-1].type == "response.incomplete"
    assert response.status == "incomplete"
    assert response.incomplete_details.reason == why
    assert response.output[-1].status == "incomplete"
    assert response.output_text == "Hel"


def test_thoughts_alone_are_an_answer_without_text(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="", reasoning_content="Hm", finish_reason="length"))
    response = respond(side)
    assert [(item.type, item.status) for item in response.output] == [("reasoning", "incomplete")]
    assert response.output[0].content[0].text == "Hm"
    assert response.output_text == ""


def test_an_empty_answer_is_an_empty_message(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="", reasoning_content="Hm"))
    response = respond(side)
    assert [item.type for item in response.output] == ["reasoning", "message"]


@pytest.mark.parametrize("stream", [False, True])
def test_calls_are_items_of_their_own(side: SyncSide, wire: Wire, stream: bool) -> None:
    second = {**CALL, "id": "call_2", "index": 1}
    wire.reply(
        sse(
            chunk({"role": "assistant", "content": "Let me add."}),
            chunk({"tool_calls": [CALL]}),
            chunk({"tool_calls": [second]}),
            chunk({"content": ""}, "tool_calls", usage=COMPLETION["usage"]),
        )
        if stream
        else completion(content="Let me add.", tool_calls=[CALL, second])
    )
    answer = respond(side, stream=stream, tools=[ADD])
    response = answer[-1].response if stream else answer
    assert [item.type for item in response.output] == ["message", "function_call", "function_call"]
    assert [item.call_id for item in response.output[1:]] == ["call_1", "call_2"]
    assert [item.arguments for item in response.output[1:]] == ['{"a":2}', '{"a":2}']
    assert len({item.id for item in response.output}) == 3
    if stream:
        assert types_of(answer)[-9:] == [
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed",
        ]


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_comes_back_under_the_name_that_the_caller_gave(
    side: SyncSide, wire: Wire, stream: bool
) -> None:
    custom = {**CALL, "function": {"name": "shell", "arguments": '{"input": "ls -l"}'}}
    spaced = {**CALL, "id": "call_2", "index": 1, "function": {"name": "math__add", "arguments": "{}"}}
    wire.reply(
        sse(chunk({"tool_calls": [custom, spaced]}), chunk({"content": ""}, "tool_calls"))
        if stream
        else completion(tool_calls=[custom, spaced])
    )
    tools = [
        {"type": "custom", "name": "shell"},
        {"type": "namespace", "name": "math", "description": "x", "tools": [ADD]},
    ]
    answer = respond(side, stream=stream, tools=tools)
    response = answer[-1].response if stream else answer
    first, second = response.output
    assert (first.type, first.name, first.input) == ("custom_tool_call", "shell", "ls -l")
    assert (second.type, second.name, second.namespace) == ("function_call", "add", "math")
    if stream:
        inputs = [event for event in answer if event.type.startswith("response.custom_tool_call_input")]
        assert [getattr(event, "delta", None) or event.input for event in inputs] == ["ls -l", "ls -l"]


@pytest.mark.parametrize("arguments", ["not json", '"just text"', '{"input": 5}', '{"other": 1}'])
def test_a_custom_tool_gets_whatever_the_model_gave(side: SyncSide, wire: Wire, arguments: str) -> None:
    call = {**CALL, "function": {"name": "shell", "arguments": arguments}}
    wire.reply(completion(tool_calls=[call]))
    response = respond(side, tools=[{"type": "custom", "name": "shell"}])
    assert response.output[0].input in (arguments, "just text", "5")


@pytest.mark.parametrize("stream", [False, True])
def test_a_web_search_is_an_item_and_its_results_are_cited(side: SyncSide, wire: Wire, stream: bool) -> None:
    text = "It rains [ref_1]."
    wire.reply(
        sse(
            chunk({"role": "assistant", "content": text}),
            chunk({"content": ""}, "stop", usage=COMPLETION["usage"], web_search=[FOUND]),
        )
        if stream
        else {**completion(content=text), "web_search": [FOUND]}
    )
    answer = respond(side, stream=stream, tools=[{"type": "web_search"}])
    response = answer[-1].response if stream else answer
    search = next(item for item in response.output if item.type == "web_search_call")
    message = next(item for item in response.output if item.type == "message")
    assert search.status == "completed"
    assert search.to_dict()["action"]["sources"] == [{"type": "url", "url": FOUND["link"]}]
    cited = message.content[0].annotations[0]
    assert (cited.type, cited.url, cited.title) == ("url_citation", FOUND["link"], "A")
    assert text[cited.start_index : cited.end_index] == "ref_1"
    if stream:
        assert {
            "response.web_search_call.in_progress",
            "response.web_search_call.searching",
            "response.web_search_call.completed",
            "response.output_text.annotation.added",
        } <= {event.type for event in answer}


ORDER = [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.reasoning_text.delta",
    "response.reasoning_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
]


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("done", [True, False])
def test_a_stream_is_the_whole_sequence_of_events(side: SyncSide, wire: Wire, size: int, done: bool) -> None:
    body = text_stream("Hel", "lo.", reasoning=["H", "m."])
    if not done:
        body = body.removesuffix(b"data: [DONE]\n\n")
    wire.reply_with(in_pieces(body, size))
    events = respond(side, stream=True)
    assert types_of(events) == ORDER
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.delta for event in events if event.type == "response.output_text.delta"] == ["Hel", "lo."]
    assert [event.delta for event in events if event.type == "response.reasoning_text.delta"] == ["H", "m."]
    assert events[0].response.status == "in_progress"
    assert {event.response.id for event in events if hasattr(event, "response")} == {events[0].response.id}
    assert events[-1].response.output_text == "Hello."
    assert events[-1].response.usage.total_tokens == 10


def test_a_summary_is_given_to_who_asks_for_one(side: SyncSide, wire: Wire) -> None:
    wire.reply(text_stream("Hello.", reasoning=["H", "m."]))
    events = respond(side, client=QUIET, stream=True, reasoning={"summary": "auto"})
    names = types_of(events)
    assert names.index("response.reasoning_summary_part.added") < names.index("response.output_text.delta")
    deltas = [event.delta for event in events if event.type == "response.reasoning_summary_text.delta"]
    assert "".join(deltas) == "Hm."
    item = events[-1].response.output[0]
    assert [part.text for part in item.summary] == ["Hm."]
    assert [part.text for part in item.content] == ["Hm."]


def test_thoughts_between_words_are_items_in_between(side: SyncSide, wire: Wire) -> None:
    wire.reply(
        sse(
            chunk({"content": "a"}),
            chunk({"reasoning_content": "b"}),
            chunk({"content": "c"}),
            chunk({"content": ""}, "stop"),
        )
    )
    response = respond(side, stream=True)[-1].response
    assert [item.type for item in response.output] == ["message", "reasoning", "message"]
    assert response.output_text == "ac"


@pytest.mark.parametrize("reasoning", [(), ("Hm.",)])
def test_openais_own_accumulator_takes_the_stream(
    side: SyncSide, wire: Wire, reasoning: tuple[str, ...]
) -> None:
    wire.reply(text_stream("Hel", "lo.", reasoning=reasoning))
    response = final(side)
    assert response.output_text == "Hello."
    assert response.status == "completed"


def test_a_model_of_pydantics_is_parsed_from_a_stream(side: SyncSide, wire: Wire) -> None:
    wire.reply(text_stream('{"a"', ":5}"))
    response = final(side, client=QUIET, text_format=Sum)
    assert response.output_parsed == Sum(a=5)


def test_a_model_of_pydantics_is_parsed_from_an_answer(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content='```json\n{"a":5}\n```'))

    def script(client: Any) -> Generator[Any, Any, Any]:
        return (yield client.responses.parse(model="glm-5.2", input="x", text_format=Sum))

    assert play(side, script, **QUIET).output_parsed == Sum(a=5)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_misses_its_schema_is_asked_for_again(
    side: SyncSide, wire: Wire, stream: bool
) -> None:
    for text in ("No.", '{"a":1}'):
        wire.reply(text_stream(text) if stream else completion(content=text))
    form = {
        "type": "json_schema",
        "name": "sum",
        "schema": {**Sum.model_json_schema(), "additionalProperties": False},
    }
    answer = respond(side, client=QUIET, stream=stream, text={"format": form})
    response = answer[-1].response if stream else answer
    assert response.output_text == '{"a":1}'
    assert len(wire.sent) == 2
    if stream:
        assert [event.sequence_number for event in answer] == list(range(len(answer)))


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_misses_its_schema_twice_is_an_error(side: SyncSide, wire: Wire, stream: bool) -> None:
    wire.reply(text_stream("no") if stream else completion(content="no"))
    form = {"type": "json_schema", "name": "sum", "schema": Sum.model_json_schema()}
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        respond(side, client=QUIET, stream=stream, text={"format": form})
    assert (caught.value.code, caught.value.param) == ("json_schema_not_followed", "text.format")


@pytest.mark.parametrize("stream", [False, True])
def test_a_forced_call_that_is_not_made_is_asked_for_again(side: SyncSide, wire: Wire, stream: bool) -> None:
    called = sse(chunk({"tool_calls": [CALL]}), chunk({"content": ""}, "tool_calls"))
    wire.reply(text_stream("No.") if stream else completion(content="No."))
    wire.reply(called if stream else completion(tool_calls=[CALL]))
    answer = respond(side, client=QUIET, stream=stream, tools=[ADD], tool_choice="required")
    response = answer[-1].response if stream else answer
    assert [item.type for item in response.output] == ["function_call"]
    assert len(wire.sent) == 2


def test_zhipus_id_of_the_request_is_openais(side: SyncSide, wire: Wire) -> None:
    wire.reply(COMPLETION)
    assert respond(side)._request_id == "20260529043320logloglog00"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("1000", 401, openai.AuthenticationError),
        ("1211", 400, openai.NotFoundError),
        ("1261", 400, openai.BadRequestError),
    ],
)
def test_a_failure_is_openais_own_and_not_tried_again(
    side: SyncSide, wire: Wire, stream: bool, code: str, status: int, error: Any, waits: list[float]
) -> None:
    wire.reply({"error": {"code": code, "message": "no"}}, status=status)
    with pytest.raises(error):
        respond(side, stream=stream)
    assert waits == []


@pytest.mark.parametrize("stream", [False, True])
def test_an_overloaded_model_is_tried_again(
    side: SyncSide, wire: Wire, stream: bool, waits: list[float]
) -> None:
    wire.reply({"error": {"code": "1305", "message": "busy"}}, status=429)
    wire.reply(text_stream("Hi") if stream else COMPLETION)
    respond(side, stream=stream)
    assert len(waits) == 1


def test_a_failure_in_a_stream_is_told_and_raised(side: SyncSide, wire: Wire) -> None:
    wire.reply(sse(chunk({"content": "Hel"}), {"error": {"code": "1305", "message": "busy"}}, done=False))
    seen: list[Any] = []

    def script(client: Any) -> Generator[Any, Any, Any]:
        stream = yield client.responses.create(model="glm-5.2", input="Hi", stream=True)
        yield collect_into(stream, seen)

    with pytest.raises(openai.RateLimitError):
        play(side, script)
    assert seen[-1].type == "response.failed"
    assert seen[-1].response.status == "failed"
    assert seen[-1].response.error.code
    assert [event.sequence_number for event in seen] == list(range(len(seen)))


def test_a_stream_that_is_cut_raises(side: SyncSide, wire: Wire) -> None:
    wire.reply(sse(chunk({"content": "Hel"}), done=False))
    with pytest.raises(openai.APIConnectionError):
        respond(side, stream=True)


def test_a_stream_that_fails_first_has_a_status(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply(sse({"error": {"code": "1305", "message": "busy"}}, done=False))
    wire.reply(text_stream("Hi"))
    assert types_of(respond(side, stream=True))[-1] == "response.completed"
    assert len(waits) == 1


@pytest.mark.skipif(OLD, reason="openai 1.x has no class for parts of reasoning")
@pytest.mark.parametrize("stream", [False, True])
def test_all_that_is_answered_holds_to_openais_types(side: SyncSide, wire: Wire, stream: bool) -> None:
    from openai.types.responses import Response

    wire.reply(
        sse(
            chunk({"reasoning_content": "Hm."}),
            chunk({"content": "Hello [ref_1]."}),
            chunk({"tool_calls": [CALL]}),
            chunk({"content": ""}, "tool_calls", usage=COMPLETION["usage"], web_search=[FOUND]),
        )
        if stream
        else {
            **completion(content="Hello.", reasoning_content="Hm.", tool_calls=[CALL]),
            "web_search": [FOUND],
        }
    )

    def script(client: Any) -> Generator[Any, Any, Any]:
        arguments = {"model": "glm-5.2", "input": "Hi", "tools": [ADD], "reasoning": {"summary": "auto"}}
        raw = yield client.responses.with_raw_response.create(**arguments, stream=stream)
        if not stream:
            return Response.model_validate(json.loads(raw.http_response.content))
        return (
            yield collect(
                raw.http_response.iter_lines() if side.name == "sync" else raw.http_response.aiter_lines()
            )
        )

    lines = play(side, script, **QUIET)
    if stream:
        classes = event_classes()
        events = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        assert len(events) > 10
        for event in events:
            classes[event["type"]].model_validate(event)
