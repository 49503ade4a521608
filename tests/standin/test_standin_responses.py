"""The stand-in's Responses API: what it takes, refuses and answers, and the client on it from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from openapi_contract import answer_violations, request_violations
from standin_helpers import KEY, body_of, standin

from zhipu_openai.standin import Cut

if TYPE_CHECKING:
    from zhipu_openai.standin import Reply, StandIn

PATH = "/api/v1/responses"
ADD = {
    "type": "function",
    "name": "add",
    "description": "Add.",
    "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}},
}
CAPTURES = Path(__file__).parents[3] / "shared" / "captures" / "responses"


def ask(service: StandIn, headers: dict[str, str] | None = None, **fields: Any) -> Reply:
    """Ask for a response."""
    body = {"model": "glm-5.2", "input": "hi", **fields}
    return service.handle("POST", PATH, KEY if headers is None else headers, json.dumps(body).encode())


def events_of(reply: Reply) -> list[dict[str, Any]]:
    """Decode the events of a stream."""
    lines = reply.read().decode().splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


def shape(value: Any) -> Any:
    """Give the keys and types of a value."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_an_answer_says_where_it_comes_from() -> None:
    body = body_of(ask(standin()))
    assert body["id"].startswith("resp_20261009")
    assert [item["type"] for item in body["output"]] == ["reasoning", "message"]
    assert body["output"][1]["content"][0]["text"].startswith("[stand-in]")
    assert body["usage"]["total_tokens"] == body["usage"]["input_tokens"] + body["usage"]["output_tokens"]


def test_the_shapes_are_the_recorded_ones() -> None:
    recordings = sorted(CAPTURES.glob("stream-completed*.sse")) if CAPTURES.exists() else []
    if not recordings:
        pytest.skip("the recorded traffic does not lie beside this repository")
    recorded: dict[str, Any] = {}
    for line in recordings[0].read_text("utf-8").splitlines():
        if line.startswith("data: {"):
            event = json.loads(line[6:])
            recorded.setdefault(event["type"], shape(event))
    made: dict[str, Any] = {}
    for event in events_of(ask(standin(), stream=True, model="glm-4.5-flash", prompt_cache_key="k")):
        made.setdefault(event["type"], shape(event))
    assert made == recorded
    assert list(made) == list(recorded)


def test_a_stream_ends_with_done_and_is_numbered() -> None:
    reply = ask(standin(), stream=True)
    data = reply.read()
    assert data.endswith(b"data: [DONE]\n\n")
    events = events_of(ask(standin(), stream=True))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert all(f"event: {event['type']}\n".encode() in data for event in events)


def test_functions_namespaces_and_searches_are_answered() -> None:
    space = {"type": "namespace", "name": "math", "description": "x", "tools": [ADD]}
    output = body_of(ask(standin(), tools=[space, {"type": "web_search"}]))["output"]
    assert [item["type"] for item in output] == ["reasoning", "web_search_call", "function_call"]
    assert (output[2]["name"], output[2]["namespace"]) == ("add", "math")
    assert output[1]["action"]["source"]


def test_limits_are_kept() -> None:
    body = body_of(ask(standin(), max_output_tokens=3))
    assert (body["status"], body["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"model": "glm-nope"}, "model_not_found", "模型不存在"),
        ({"model": None}, "invalid_request", "model"),
        ({"input": []}, "invalid_request", "input"),
        ({"input": [{"type": "custom_tool_call"}]}, "invalid_request", "input[0].type"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "invalid_request", "input[0].type"),
        ({"input": [{"role": "nobody", "content": "x"}]}, "invalid_request", "input[0].content"),
        ({"input": [{"role": "user", "content": [{"type": "input_audio"}]}]}, "invalid_request", "input[0]"),
        ({"input": [{"type": "function_call", "name": "x"}]}, "invalid_request", "arguments"),
        ({"input": [{"type": "function_call_output", "output": []}]}, "invalid_request", "output"),
        ({"temperature": 1.5}, "invalid_request", "temperature"),
        ({"top_p": 0}, "invalid_request", "top_p"),
        ({"max_output_tokens": 10**6}, "invalid_request", "max_tokens参数非法：限制数值范围[1,131072]"),
        ({"tools": [{"type": "file_search"}]}, "invalid_request", "tools[0].type"),
        ({"tool_choice": {"type": "function"}}, "invalid_request", "tool_choice"),
        ({"text": {"format": {"type": "json_schema"}}}, "invalid_request", "text.format"),
        ({"model": "glm-5.3", "reasoning": {"effort": "none"}}, "invalid_request", "始终思考"),
        ({"previous_response_id": "resp_none"}, "invalid_request", "previous_response_id"),
    ],
)
def test_what_is_not_documented_is_refused(fields: dict[str, Any], code: str, words: str) -> None:
    reply = ask(standin(), **fields)
    error = body_of(reply)["error"]
    assert (reply.status, error["code"], error["type"], error["param"]) == (400, code, code, None)
    assert words in error["message"]


def test_a_body_that_is_no_object_is_refused() -> None:
    assert standin().handle("POST", PATH, KEY, b"[]").status == 400


@pytest.mark.parametrize("choice", ["required", "auto", "none"])
def test_a_forced_choice_is_taken_and_not_followed(choice: str) -> None:
    said = {"type": "function_call_output", "call_id": "c", "output": "4"}
    call = {"type": "function_call", "call_id": "c", "name": "add", "arguments": "{}"}
    asked = {"role": "user", "content": "x"}
    body = body_of(ask(standin(), tools=[ADD], tool_choice=choice, input=[asked, call, said]))
    assert body["output"][-1]["type"] == "message"


@pytest.mark.parametrize(("headers", "code"), [({}, 1001), ({"Authorization": "Bearer sk-wrong"}, 1000)])
@pytest.mark.parametrize("stream", [False, True])
def test_the_door_answers_with_200(headers: dict[str, str], code: int, stream: bool) -> None:
    reply = ask(standin(), headers, stream=stream)
    body = body_of(reply)
    assert (reply.status, body["code"], body["success"]) == (200, code, False)


def test_a_path_that_is_not_there_is_said_with_200() -> None:
    body = body_of(standin().handle("GET", "/api/v1/models-of-tomorrow", KEY, b""))
    assert (body["code"], body["msg"]) == (500, "404 NOT_FOUND")


def test_a_busy_model_fails_first() -> None:
    service = standin("overload")
    events = events_of(ask(service, stream=True))
    assert [event["type"] for event in events] == ["response.failed", "error"]
    assert events[0]["response"]["error"]["code"] == "overloaded"
    service.switch_on("overload")
    assert ask(service).status == 429


@pytest.mark.parametrize(
    ("quirk", "last"),
    [
        ("no_done", "response.completed"),
        ("cut_before_finish", "response.output_item.done"),
        ("error_event", "error"),
    ],
)
def test_a_stream_may_end_otherwise(quirk: str, last: str) -> None:
    reply = ask(standin(quirk), stream=True)
    data = reply.read()
    assert b"[DONE]" not in data
    assert data.decode().rstrip().splitlines()[-2] == f"event: {last}"


def test_a_connection_may_break() -> None:
    with pytest.raises(Cut):
        ask(standin("broken_connection"), stream=True).read()


def test_what_is_stored_is_kept_and_what_is_not_is_not() -> None:
    service = standin()
    assert service.handle("GET", f"{PATH}/{body_of(ask(service))['id']}", KEY, b"").status == 404
    kept = body_of(ask(service, store=True))
    root = f"{PATH}/{kept['id']}"
    assert body_of(service.handle("GET", root, KEY, b"")) == kept
    assert (
        body_of(service.handle("GET", f"{root}/input_items?order=asc", KEY, b""))["data"][0]["content"]
        == "hi"
    )
    assert ask(service, previous_response_id=kept["id"]).status == 200
    assert body_of(service.handle("DELETE", root, KEY, b""))["deleted"] is True
    for method, path in (("DELETE", root), ("GET", root), ("GET", f"{root}/input_items")):
        assert service.handle(method, path, KEY, b"").status == 404


@pytest.mark.parametrize("responses", ["native", "translate"])
@pytest.mark.parametrize("stream", [False, True])
def test_what_a_test_scripts_is_said_on_both_paths(zhipu_standin: Any, responses: str, stream: bool) -> None:
    client = zhipu_standin.client(responses=responses, max_retries=0)

    def ask_client() -> Any:
        answer = client.responses.create(model="glm-5.2", input="Hi", stream=stream)
        return list(answer)[-1].response if stream else answer

    zhipu_standin.say("Four.", reasoning="Hm.")
    answer = ask_client()
    assert answer.output_text == "Four."
    assert answer.output[0].content[0].text == "Hm."
    zhipu_standin.call("add", {"a": 1})
    assert ask_client().output[0].name == "add"
    zhipu_standin.fail("1113")
    with pytest.raises(openai.RateLimitError) as caught:
        ask_client()
    assert caught.value.code == "insufficient_quota"
    zhipu_standin.fail("1000")
    with pytest.raises(openai.AuthenticationError):
        ask_client()


def test_a_recording_is_replayed(zhipu_standin: Any) -> None:
    client = zhipu_standin.client(responses="native")
    recorded = body_of(ask(standin()))
    zhipu_standin.replay(json.dumps(recorded))
    assert client.responses.create(model="glm-5.2", input="Hi").id == recorded["id"]


def test_an_overload_is_tried_again_by_openai(zhipu_standin: Any, waits: list[float]) -> None:
    client = zhipu_standin.client(responses="native")
    zhipu_standin.switch_on("overload:2")
    events = list(client.responses.create(model="glm-5.2", input="Hi", stream=True))
    assert events[-1].type == "response.completed"
    assert len(waits) == 2


def test_zhipu_keeps_what_it_is_told_to(zhipu_standin: Any) -> None:
    first = zhipu_standin.client(responses="native").responses.create(model="glm-5.2", input="Hi", store=True)
    # Another client, which remembers nothing of it.
    other = zhipu_standin.client()
    assert other.responses.retrieve(first.id).output_text == first.output_text
    items = other.responses.input_items.list(first.id).data
    assert items[0].role == "user"
    followed = other.responses.create(model="glm-5.2", input="Sure?", previous_response_id=first.id)
    assert followed.previous_response_id == first.id
    assert zhipu_standin.requests[-1].json["previous_response_id"] == first.id
    other.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        other.responses.retrieve(first.id)


def test_tokens_are_counted(zhipu_standin: Any) -> None:
    client = zhipu_standin.client(on_adaptation="ignore")
    if not hasattr(client.responses, "input_tokens"):
        pytest.skip("this release of openai counts no tokens")
    counted = client.responses.input_tokens.count(model="glm-4.6", input="one two three", tools=[ADD])
    assert counted.object == "response.input_tokens"
    assert counted.input_tokens > 3
    assert zhipu_standin.requests[-1].path == "/api/paas/v4/tokenizer"
    client.responses.input_tokens.count(model="gpt-5", instructions="Be brief.", input="one")
    assert zhipu_standin.requests[-1].json["model"] == "glm-4.6"


@pytest.mark.parametrize(
    "body", [{"model": "glm-5.2", "messages": [{"role": "user", "content": "x"}]}, {"model": "glm-4.6"}, []]
)
def test_the_tokenizer_takes_what_is_documented(body: Any) -> None:
    reply = standin().handle("POST", "/api/paas/v4/tokenizer", KEY, json.dumps(body).encode())
    assert reply.status == 400


def test_the_tokenizer_is_asked_and_answers_as_specified(zhipu_standin: Any) -> None:
    client = zhipu_standin.client(on_adaptation="ignore")
    if not hasattr(client.responses, "input_tokens"):
        pytest.skip("this release of openai counts no tokens")
    client.responses.input_tokens.count(model="glm-4.6", instructions="Be brief.", input="one", tools=[ADD])
    sent = zhipu_standin.requests[-1]
    assert request_violations("POST", "/paas/v4/tokenizer", sent.json) == []
    answer = zhipu_standin.service.handle("POST", sent.path, KEY, json.dumps(sent.json).encode())
    assert answer_violations("POST", "/paas/v4/tokenizer", body_of(answer)) == []
