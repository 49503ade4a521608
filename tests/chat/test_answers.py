"""Whole answers: what openai's own objects hold for what Zhipu sent."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from conftest import COMPLETION, completion, httpx
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import zhipu_openai.errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Reply, encode_json
from zhipu_openai.translate.chat.answer import outcome_of, translate_answer
from zhipu_openai.translate.chat.draft import AnswerPlan, JsonSchema
from zhipu_openai.translate.chat.finish import FINISH_REASONS

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {
                "place": {"type": "object", "properties": {"city": {"type": "string"}}},
                "days": {"type": "array", "items": {"type": "integer"}},
                "note": {"type": "string"},
            },
        },
    },
}
OVERLOADED = {"error": {"code": "1305", "message": "该模型当前访问量过大，请您稍后再试"}}


def call(arguments: Any, **fields: Any) -> dict[str, Any]:
    """Make a tool call as Zhipu sends it."""
    function = {"arguments": arguments, "name": fields.pop("name", "weather")}
    return {"function": function, "id": "call_-7807255211226955507", "index": 0, "type": "function", **fields}


def without(name: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != name}


def test_an_answer_is_openais_completion(side, wire):
    wire.reply(completion(content="Hello."))
    answer = side.create()
    assert isinstance(answer, openai.types.chat.ChatCompletion)
    assert answer.to_dict() == {
        "id": COMPLETION["id"],
        "request_id": COMPLETION["request_id"],
        "object": "chat.completion",
        "created": 1780000000,
        "model": "glm-5.2",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "logprobs": None,
                "message": {
                    "role": "assistant",
                    "content": "Hello.",
                    "reasoning_content": None,
                    "refusal": None,
                },
            }
        ],
        "usage": COMPLETION["usage"],
    }
    assert answer.usage.completion_tokens_details.reasoning_tokens == 0
    assert answer.usage.prompt_tokens_details.cached_tokens == 0


def test_a_missing_object_is_added(side, wire):
    wire.reply(without("object", COMPLETION))
    assert side.create().object == "chat.completion"


def test_an_id_that_is_a_number_becomes_a_text(side, wire):
    wire.reply({**COMPLETION, "id": 8313804547540260859})
    assert side.create().id == "8313804547540260859"


def test_a_missing_id_is_the_request_id(side, wire):
    wire.reply(without("id", COMPLETION))
    assert side.create().id == COMPLETION["request_id"]


def test_the_reasoning_is_an_attribute_of_the_message(side, wire):
    wire.reply(completion(content="4", reasoning_content="\nTwo and two."))
    message = side.create().choices[0].message
    assert (message.content, message.reasoning_content) == ("4", "\nTwo and two.")


@pytest.mark.parametrize(
    ("reason", "becomes", "native"),
    [
        ("stop", "stop", None),
        ("length", "length", None),
        ("tool_calls", "tool_calls", None),
        ("sensitive", "content_filter", "sensitive"),
        ("model_context_window_exceeded", "length", "model_context_window_exceeded"),
        ("a_reason_of_tomorrow", "a_reason_of_tomorrow", None),
        (None, "stop", None),
        ("", "stop", None),
    ],
)
def test_finish_reasons_are_openais_and_the_native_one_is_kept(side, wire, reason, becomes, native):
    wire.reply(completion(content="Hello.", finish_reason=reason))
    choice = side.create().choices[0]
    assert choice.finish_reason == becomes
    assert getattr(choice, "native_finish_reason", None) == native


def test_calls_without_a_finish_reason_end_with_tool_calls(side, wire):
    wire.reply(completion(tool_calls=[call("{}")], finish_reason=None))
    assert side.create().choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("native", ["STOP", "length", "sensitive"])
def test_another_services_native_reason_is_left_alone(side, wire, native):
    answer = completion(content="Hello.")
    answer["choices"][0]["native_finish_reason"] = native
    wire.reply(answer)
    choice = side.create().choices[0]
    assert (choice.finish_reason, choice.native_finish_reason) == ("stop", native)


def test_every_finish_reason_has_a_source_and_a_known_word():
    assert all(row.source and row.seen.year >= 2024 for row in FINISH_REASONS.values())
    assert {row.openai for row in FINISH_REASONS.values()} <= {
        "stop",
        "length",
        "tool_calls",
        "content_filter",
    }


class Note(BaseModel):
    text: str


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("sensitive", openai.ContentFilterFinishReasonError),
        ("length", openai.LengthFinishReasonError),
        ("model_context_window_exceeded", openai.LengthFinishReasonError),
    ],
)
@pytest.mark.usefixtures("quietly")
def test_parse_raises_openais_own_error_for_an_answer_cut_short(side, wire, reason, error):
    wire.reply(completion(content='{"text": "ha', finish_reason=reason))
    with pytest.raises(error):
        side.parse(response_format=Note)
    assert len(wire.sent) == 1


def test_content_filter_levels_are_kept(side, wire):
    levels = [{"role": "assistant", "level": 2}]
    wire.reply({**completion(content="", finish_reason="sensitive"), "content_filter": levels})
    answer = side.create()
    assert answer.content_filter == levels
    assert answer.choices[0].finish_reason == "content_filter"


@pytest.mark.parametrize(
    ("content", "delivered"),
    [("", None), (None, None), ("I will look.", "I will look."), ("\n", "\n")],
)
def test_the_content_beside_a_call_is_null_unless_there_is_some(side, wire, content, delivered):
    wire.reply(completion(content=content, tool_calls=[call("{}")]))
    assert side.create().choices[0].message.content == delivered


def test_a_content_that_is_missing_beside_a_call_is_null(side, wire):
    wire.reply(completion(tool_calls=[call("{}")]))
    assert side.create().choices[0].message.content is None


def test_an_answer_of_reasoning_alone_has_an_empty_text(side, wire):
    wire.reply(completion(reasoning_content="Hm", finish_reason="length"))
    choice = side.create().choices[0]
    assert (choice.message.content, choice.finish_reason) == ("", "length")


def test_a_sensitive_choice_without_a_message_is_an_empty_filtered_answer(side, wire):
    wire.reply({**COMPLETION, "choices": [{"index": 0, "finish_reason": "sensitive"}]})
    choice = side.create().choices[0]
    assert (choice.message.content, choice.finish_reason) == ("", "content_filter")


def test_think_tags_and_box_tokens_are_taken_out(side, wire):
    wire.reply(completion(content="<think>Hm.</think>\n<|begin_of_box|>4<|end_of_box|>"))
    message = side.create(model="glm-4.1v-thinking-flash").choices[0].message
    assert (message.content, message.reasoning_content) == ("4", "Hm.")


def test_think_tags_of_other_models_are_text(side, wire):
    wire.reply(completion(content="<think>Hm.</think>4"))
    message = side.create(model="glm-5.2").choices[0].message
    assert (message.content, message.reasoning_content) == ("<think>Hm.</think>4", None)


@pytest.mark.usefixtures("quietly")
def test_stop_words_are_cut_here(side, wire):
    wire.reply(completion(content="one two three", finish_reason="length"))
    choice = side.create(stop=["two", "three", "four", "five", "six"]).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("one ", "stop")


@pytest.mark.usefixtures("quietly")
def test_a_stop_word_puts_an_end_to_the_native_reason_too(side, wire):
    answer = completion(content="one two", finish_reason="length")
    answer["choices"][0]["native_finish_reason"] = "model_context_window_exceeded"
    wire.reply(answer)
    choice = side.create(stop=["two", "three"]).choices[0]
    assert choice.finish_reason == "stop"
    assert not hasattr(choice, "native_finish_reason")


@pytest.mark.usefixtures("quietly")
def test_a_call_after_a_stop_word_is_still_a_call(side, wire):
    wire.reply(completion(content="one two", tool_calls=[call("{}")]))
    choice = side.create(stop=["two", "three"]).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("one ", "tool_calls")


class TestToolCalls:
    """Tool calls of whole answers."""

    def test_a_call_is_openais(self, side, wire):
        wire.reply(completion(tool_calls=[call('{"note":"x"}')]))
        message = side.create(tools=[WEATHER]).choices[0].message
        assert [one.to_dict() for one in message.tool_calls] == [
            {
                "id": "call_-7807255211226955507",
                "type": "function",
                "function": {"name": "weather", "arguments": '{"note":"x"}'},
            }
        ]

    @pytest.mark.parametrize("empty", [[], None])
    def test_no_calls_are_none(self, side, wire, empty):
        wire.reply(completion(content="Hello.", tool_calls=empty, finish_reason="stop"))
        assert side.create().choices[0].message.tool_calls is None

    @pytest.mark.parametrize("missing", [{"id": ""}, {"id": None}])
    def test_a_missing_id_is_made_and_stays_the_same(self, side, wire, missing):
        wire.reply(completion(tool_calls=[call("{}", **missing), call("{}", **missing)]))
        first, second = side.create(tools=[WEATHER]).choices[0].message.tool_calls
        again = side.create(tools=[WEATHER]).choices[0].message.tool_calls
        assert first.id.startswith("call_")
        assert first.id != second.id
        assert [first.id, second.id] == [one.id for one in again]

    def test_a_missing_type_is_function(self, side, wire):
        wire.reply(completion(tool_calls=[call("{}", type=None)]))
        assert side.create(tools=[WEATHER]).choices[0].message.tool_calls[0].type == "function"

    @pytest.mark.parametrize(
        ("sent", "delivered"),
        [
            ("", "{}"),
            (None, "{}"),
            ({"note": "é"}, '{"note": "é"}'),
            ('{"place": "{\\"city\\": \\"Oslo\\"}"}', '{"place":{"city":"Oslo"}}'),
            ({"days": "[1, 2]"}, '{"days":[1,2]}'),
            ('{"note": "{}"}', '{"note": "{}"}'),
            ('{"note": ', '{"note": '),
        ],
    )
    def test_arguments_are_json_text_repaired_where_the_schema_says_so(self, side, wire, sent, delivered):
        wire.reply(completion(tool_calls=[call(sent)]))
        function = side.create(tools=[WEATHER]).choices[0].message.tool_calls[0].function
        assert function.arguments == delivered

    @pytest.mark.parametrize("sent", ["", None, {}])
    def test_arguments_of_an_unknown_function_are_json_too(self, side, wire, sent):
        wire.reply(completion(tool_calls=[call(sent, name="other")]))
        assert side.create().choices[0].message.tool_calls[0].function.arguments == "{}"

    @pytest.mark.usefixtures("quietly")
    def test_without_parallel_calls_the_first_alone_is_passed_on(self, side, wire):
        wire.reply(completion(tool_calls=[call("{}", id="a"), call("{}", id="b")]))
        message = side.create(tools=[WEATHER], parallel_tool_calls=False).choices[0].message
        assert [one.id for one in message.tool_calls] == ["a"]

    def test_a_request_with_functions_is_answered_with_a_function_call(self, side, wire):
        wire.reply(completion(tool_calls=[call('{"days": "[1]"}')]))
        choice = side.create(functions=[WEATHER["function"]]).choices[0]
        assert choice.finish_reason == "function_call"
        assert choice.message.function_call.to_dict() == {"name": "weather", "arguments": '{"days":[1]}'}
        assert choice.message.tool_calls is None
        assert choice.message.content is None

    def test_a_call_of_zhipus_own_kind_passes(self, side, wire):
        mcp = {"id": "m", "type": "mcp", "mcp": {"server_label": "docs", "output": "x"}}
        wire.reply(completion(content="Done.", tool_calls=[mcp], finish_reason="stop"))
        (passed,) = side.create().choices[0].message.tool_calls
        assert (passed.type, passed.mcp["server_label"]) == ("mcp", "docs")


class TestWebSearch:
    """Zhipu's search results beside an answer."""

    RESULTS = (
        {"refer": "ref_1", "title": "One", "link": "https://one.example", "content": "…", "media": "m"},
        {"refer": "ref_12", "title": "Twelve", "link": "https://twelve.example"},
        {"refer": "ref_3", "title": None, "link": "https://three.example"},
        {"refer": "ref_4", "title": "No address", "link": ""},
    )

    def test_results_become_citations_and_are_kept_as_they_are(self, side, wire):
        wire.reply({**completion(content="As [ref_12] and [ref_1]."), "web_search": list(self.RESULTS)})
        answer = side.create(web_search_options={})
        assert answer.web_search == list(self.RESULTS)
        cited = [one.url_citation.to_dict() for one in answer.choices[0].message.annotations]
        assert cited == [
            {"title": "One", "url": "https://one.example", "start_index": 17, "end_index": 22},
            {"title": "Twelve", "url": "https://twelve.example", "start_index": 4, "end_index": 10},
            {"title": "", "url": "https://three.example", "start_index": 0, "end_index": 0},
        ]
        assert {one.type for one in answer.choices[0].message.annotations} == {"url_citation"}

    @pytest.mark.parametrize("results", [None, {}, {"link": "x"}, ["x"], [{"title": "no link"}]])
    def test_results_of_another_shape_are_kept_without_citations(self, side, wire, results):
        wire.reply({**completion(content="Hello."), "web_search": results})
        answer = side.create()
        assert answer.web_search == results
        assert answer.choices[0].message.annotations is None


class TestRequestId:
    """What ``_request_id`` holds: the id that Zhipu's support asks for."""

    def test_it_is_the_log_id(self, side, wire):
        wire.reply(COMPLETION)
        assert side.create()._request_id == "20260529043320logloglog00"

    def test_without_a_log_id_it_is_that_of_the_body(self, side, wire):
        wire.reply_with(lambda _: httpx.Response(200, json={**COMPLETION, "request_id": "mine"}))
        assert side.create()._request_id == "mine"

    def test_without_either_it_is_the_id_of_the_answer(self, side, wire):
        wire.reply_with(lambda _: httpx.Response(200, json=without("request_id", COMPLETION)))
        assert side.create()._request_id == COMPLETION["id"]

    @pytest.mark.parametrize("odd", ["é", "a\nb", " ", 7, None])
    def test_an_id_that_is_no_header_is_not_one(self, side, wire, odd):
        body = {**COMPLETION, "request_id": odd, "id": "é"}
        wire.reply_with(lambda _: httpx.Response(200, json=body))
        assert side.create()._request_id is None

    def test_the_answer_says_that_it_is_json_whatever_zhipu_says(self, side, wire):
        wire.reply(COMPLETION, headers={"content-type": "text/plain", "x-other": "kept"})

        def work(client: Any) -> Any:
            return client.chat.completions.with_raw_response.create(
                model="glm-5.2", messages=[{"role": "user", "content": "Hi"}]
            )

        raw = side.run(work)
        assert raw.headers["content-type"] == "application/json"
        assert raw.headers["x-other"] == "kept"
        assert int(raw.headers["content-length"]) == len(raw.content)
        assert raw.parse().choices[0].message.content == "Hello."


class TestHollowAnswers:
    """An HTTP 200 that holds no answer is a server error, and tried again."""

    HOLLOW = (
        without("choices", COMPLETION),
        {**COMPLETION, "choices": []},
        {**COMPLETION, "choices": None},
        {**COMPLETION, "choices": {}},
        {**COMPLETION, "choices": [None]},
        {**COMPLETION, "choices": [{}]},
        {**COMPLETION, "choices": [{"index": 0, "message": None}]},
        {},
        [],
        [COMPLETION],
        "text",
        None,
        7,
    )

    @pytest.mark.parametrize("body", HOLLOW)
    @pytest.mark.usefixtures("waits")
    def test_a_body_without_an_answer_is_tried_again_and_then_an_error(self, side, wire, body):
        wire.reply(body)
        with pytest.raises(openai.InternalServerError) as caught:
            side.create()
        assert caught.value.status_code == 502
        assert caught.value.code == "invalid_upstream_answer"
        assert len(wire.sent) == 3

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"", "application/json"),
            (b"<html><title>200</title></html>", "text/html"),
            (b"{", "application/json"),
            (b"\xff\xfe", "application/json"),
            (b'{"choices": NaN}', "application/json"),
            (b"[" * 100_000, "application/json"),
            (b"data: {}\n\n", "text/event-stream"),
        ],
    )
    @pytest.mark.usefixtures("waits")
    def test_a_body_that_is_no_json_is_tried_again_and_then_an_error(self, side, wire, content, kind):
        wire.reply(content, headers={"content-type": kind})
        with pytest.raises(openai.InternalServerError):
            side.create()
        assert len(wire.sent) == 3

    @pytest.mark.usefixtures("waits")
    def test_the_next_try_may_succeed(self, side, wire):
        wire.reply({})
        wire.reply(completion(content="Hello."))
        assert side.create().choices[0].message.content == "Hello."

    def test_a_byte_order_mark_is_no_fault(self, side, wire):
        wire.reply(
            b"\xef\xbb\xbf" + json.dumps(COMPLETION).encode(), headers={"content-type": "application/json"}
        )
        assert side.create().choices[0].message.content == "Hello."


class TestErrorsInside200:
    """A failure that Zhipu reports inside an HTTP 200."""

    def test_an_overloaded_model_is_tried_again_until_it_answers(self, side, wire, waits):
        wire.reply(OVERLOADED)
        wire.reply(OVERLOADED)
        wire.reply(completion(content="Hello."))
        assert side.create().choices[0].message.content == "Hello."
        assert len(wire.sent) == 3
        assert [2 <= waits[0] <= 2.5, 5 <= waits[1] <= 6.25] == [True, True]

    @pytest.mark.parametrize(
        ("body", "error", "code", "tries"),
        [
            (OVERLOADED, openai.RateLimitError, "server_is_overloaded", 3),
            ({"error": {"code": 1305, "message": "x"}}, openai.RateLimitError, "server_is_overloaded", 3),
            ({**OVERLOADED, "choices": []}, openai.RateLimitError, "server_is_overloaded", 3),
            (
                {"code": 1000, "msg": "身份验证失败。", "success": False},
                openai.AuthenticationError,
                "invalid_api_key",
                1,
            ),
            (
                {"error": {"code": "1113", "message": "余额不足"}},
                openai.RateLimitError,
                "insufficient_quota",
                1,
            ),
            (
                {"error": {"code": "1261", "message": "Prompt exceeds max length"}},
                openai.BadRequestError,
                "context_length_exceeded",
                1,
            ),
            (
                {"error": {"code": "1211", "message": "Unknown Model"}},
                openai.NotFoundError,
                "model_not_found",
                1,
            ),
            ({"error": {"code": "1234", "message": "Network error"}}, openai.InternalServerError, None, 3),
        ],
    )
    @pytest.mark.usefixtures("waits")
    def test_each_shape_raises_openais_class_and_is_tried_as_its_code_says(
        self, side, wire, body, error, code, tries
    ):
        wire.reply(body)
        with pytest.raises(error) as caught:
            side.create()
        assert caught.value.code == code
        assert len(wire.sent) == tries

    @pytest.mark.parametrize("reason", ["network_error", "abort"])
    @pytest.mark.parametrize("message", [{"content": ""}, {"content": "Some of it"}])
    def test_an_answer_broken_off_is_a_server_error_and_tried_again(self, side, wire, reason, message, waits):
        wire.reply(completion(**message, finish_reason=reason))
        with pytest.raises(openai.InternalServerError) as caught:
            side.create()
        assert len(wire.sent) == 3
        details = zhipu_openai.errors.details(caught.value)
        assert (details.code, details.log_id) == (reason, "20260529043320logloglog00")
        assert [1 <= waits[0] <= 1.25, 2 <= waits[1] <= 2.5] == [True, True]

    @pytest.mark.parametrize(
        "message", [{"content": ""}, {"content": "\n"}, {}, {"content": "", "reasoning_content": "\n"}]
    )
    def test_a_window_exceeded_with_nothing_produced_is_a_bad_request(self, side, wire, message):
        wire.reply(completion(**message, finish_reason="model_context_window_exceeded"))
        with pytest.raises(openai.BadRequestError) as caught:
            side.create()
        assert caught.value.code == "context_length_exceeded"
        assert len(wire.sent) == 1

    @pytest.mark.parametrize(
        "message",
        [{"content": "Some"}, {"content": "", "reasoning_content": "Hm"}, {"tool_calls": [call("{}")]}],
    )
    def test_a_window_exceeded_with_something_produced_is_the_length(self, side, wire, message):
        wire.reply(completion(**message, finish_reason="model_context_window_exceeded"))
        assert side.create().choices[0].finish_reason == "length"


def reply(body: Any) -> Reply:
    return Reply(200, {}, encode_json(body))


PLANS = (
    AnswerPlan(),
    AnswerPlan(parameters={"weather": WEATHER["function"]["parameters"]}, single_tool_call=True),
    AnswerPlan(parameters={"weather": WEATHER["function"]["parameters"]}, legacy_functions=True),
    AnswerPlan(json_schema=JsonSchema("a", {"type": "object"}), stops=("four", "]")),
    AnswerPlan(box_tokens=True),
)

messages = st.fixed_dictionaries(
    {},
    optional={
        "content": st.sampled_from(["", "\n", "Hello.", "```json\n{}\n```", "one four", None]),
        "reasoning_content": st.sampled_from(["", "\n", "Hm"]),
        "tool_calls": st.lists(
            st.builds(
                call,
                st.sampled_from(["", "{}", '{"days": "[1]"}', {"note": "x"}, None]),
                id=st.sampled_from(["", "a", None]),
            ),
            max_size=2,
        ),
    },
)


@given(
    messages,
    st.sampled_from(["stop", "length", "tool_calls", "sensitive", None]),
    st.sampled_from(PLANS),
    st.sampled_from([None, [{"refer": "one", "link": "https://one.example"}]]),
)
def test_an_answer_that_passes_twice_does_not_change_again(message, reason, plan, found):
    body = {**without("object", completion(**message, finish_reason=reason)), "web_search": found}
    once = translate_answer(reply(body), plan, base_url="https://open.bigmodel.cn/api/paas/v4/")
    twice = translate_answer(reply(once), plan, base_url="https://open.bigmodel.cn/api/paas/v4/")
    assert twice == once


def odd(names: list[str], inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Make objects whose members have known names and values of any kind."""
    return st.dictionaries(st.sampled_from(names), inner, max_size=len(names))


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats()
    | st.sampled_from(["", "a", "stop", "length"])
)
odd_functions = scalars | odd(["name", "arguments"], scalars | st.lists(scalars, max_size=2))
odd_calls = scalars | odd(["id", "index", "type", "function"], scalars | odd_functions)
odd_messages = scalars | odd(
    ["role", "content", "reasoning_content", "tool_calls", "function_call", "annotations"],
    scalars | st.lists(odd_calls, max_size=2) | odd_functions,
)
odd_choices = odd(["index", "message", "finish_reason", "native_finish_reason"], scalars | odd_messages)


@settings(max_examples=500)
@given(
    odd(
        ["id", "created", "model", "usage", "web_search", "request_id"],
        scalars | st.lists(scalars, max_size=2),
    ),
    st.lists(scalars | odd_choices, max_size=2),
    st.sampled_from(PLANS),
)
def test_whatever_comes_there_is_an_answer_or_a_refusal(body, choices, plan):
    sent = Reply(200, {}, json.dumps({**body, "choices": choices}).encode())
    refused: Refused | None = None
    try:
        answer = translate_answer(sent, plan, base_url="https://open.bigmodel.cn/api/paas/v4/")
    except Refused as error:
        refused = error
    if refused is not None:
        assert refused.answer.status in (400, 502)
        return
    encode_json(answer)
    assert answer["object"] == "chat.completion"
    assert all(isinstance(choice["finish_reason"], str) for choice in answer["choices"])
    outcome_of(answer)
