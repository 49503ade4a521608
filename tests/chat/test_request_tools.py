"""The tools of a chat request: what is offered, what must be called, and web search."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from conftest import completion
from request_helpers import HI, WEATHER, ask, function_tool, image, refused, user

if TYPE_CHECKING:
    from conftest import SyncSide

TWO = [function_tool("get_weather"), function_tool("get_time")]
SEARCH = {"type": "web_search", "web_search": {"enable": True, "search_engine": "search_pro"}}
FORCED = "only what may be called is offered, the model is told to call it, and the answer is checked."


def must_call(names: str) -> dict[str, str]:
    """Give the system message that makes a model call."""
    return {
        "role": "system",
        "content": f"You must answer this turn by calling the function {names}. Do not answer in text.",
    }


# What is offered


def test_a_plain_tool_passes(side: SyncSide) -> None:
    asked = ask(side, tools=TWO)
    assert asked.json == {"model": "glm-5.2", "messages": HI, "tools": TWO}
    assert (asked.record, asked.warned) == ("", [])


@pytest.mark.parametrize(("strict", "warns"), [(True, True), (False, False), (None, False)])
def test_strict_is_left_out_of_a_tool(side: SyncSide, strict: Any, warns: bool) -> None:
    asked = ask(side, tools=[function_tool(strict=strict, description="Get it")])
    assert asked.json["tools"] == [function_tool(description="Get it")]
    approximated = (
        "`tools.function.strict` approximated for Zhipu: Zhipu does not force arguments to follow the schema."
    )
    assert asked.warned == [approximated] * warns


def test_references_in_a_schema_are_written_out(side: SyncSide) -> None:
    schema = {
        "type": "object",
        "properties": {
            "place": {"$ref": "#/$defs/Place"},
            "unit": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        },
        "$defs": {"Place": {"type": "object", "title": "Place", "properties": {"city": {"type": "string"}}}},
    }
    tools = [function_tool(parameters=schema)]
    before = copy.deepcopy(tools)
    asked = ask(side, tools=tools)
    sent = asked.json["tools"][0]["function"]["parameters"]
    assert sent["properties"]["place"] == {"type": "object", "properties": {"city": {"type": "string"}}}
    assert sent["properties"]["unit"]["type"] == "string"
    assert "$defs" not in sent
    assert tools == before


@pytest.mark.parametrize(
    "given", [{"name": "ping"}, {"name": "ping", "parameters": None}, {"name": "ping", "parameters": {}}]
)
def test_a_function_without_parameters_takes_an_empty_object(side: SyncSide, given: dict[str, Any]) -> None:
    asked = ask(side, tools=[{"type": "function", "function": given}])
    assert asked.json["tools"] == [
        {"type": "function", "function": {"name": "ping", "parameters": {"type": "object", "properties": {}}}}
    ]


@pytest.mark.parametrize(
    "tool",
    [
        SEARCH,
        {"type": "retrieval", "retrieval": {"knowledge_id": "1"}},
        {"type": "mcp", "mcp": {"server_label": "x"}},
        {"type": "invented_tomorrow"},
        {"type": "function", "function": "not an object"},
    ],
)
def test_zhipus_own_tools_and_unknown_ones_pass(side: SyncSide, tool: dict[str, Any]) -> None:
    asked = ask(side, tools=[tool])
    assert asked.json["tools"] == [tool]
    assert asked.warned == []


def test_custom_tools_are_refused_by_their_place(side: SyncSide) -> None:
    error = refused(side, tools=[function_tool(), {"type": "custom", "custom": {"name": "sql"}}])
    assert (error.param, error.code) == ("tools.[1].type", "unsupported_parameter")


# Streams


@pytest.mark.parametrize(
    ("model", "given", "sent"),
    [
        ("glm-5.2", {"tools": TWO}, True),
        ("glm-4.6", {"functions": [TWO[0]["function"]]}, True),
        ("glm-5.2", {"tools": TWO, "extra_body": {"tool_stream": False}}, False),
        ("glm-5.2", {"tools": [SEARCH]}, None),
        ("glm-5.2", {}, None),
        ("glm-4.5-air", {"tools": TWO}, None),
        ("glm-4-flash-250414", {"tools": TWO}, None),
        ("glm-9.9", {"tools": TWO}, None),
        ("glm-5.2", {"tools": TWO, "tool_choice": "none"}, None),
    ],
)
def test_calls_are_streamed_in_pieces_where_the_model_can(
    side: SyncSide, model: str, given: dict[str, Any], sent: Any
) -> None:
    assert ask(side, model=model, stream=True, **given).json.get("tool_stream") is sent


def test_calls_that_are_not_streamed_need_no_pieces(side: SyncSide) -> None:
    assert "tool_stream" not in ask(side, tools=TWO).json


# Choice


def test_auto_passes(side: SyncSide) -> None:
    asked = ask(side, tools=TWO, tool_choice="auto")
    assert asked.json == {"model": "glm-5.2", "messages": HI, "tools": TWO, "tool_choice": "auto"}
    assert (asked.record, asked.warned) == ("", [])


def test_none_offers_no_tools(side: SyncSide) -> None:
    asked = ask(side, tools=[*TWO, SEARCH], tool_choice="none", extra_body={"tool_stream": True})
    assert asked.json == {"model": "glm-5.2", "messages": HI}
    assert (asked.record, asked.warned) == ("tool_choice=translated", [])


def test_required_offers_functions_alone_and_says_so(side: SyncSide) -> None:
    asked = ask(side, tools=[*TWO, SEARCH], tool_choice="required")
    assert asked.json == {
        "model": "glm-5.2",
        "messages": [must_call("`get_time` or `get_weather`"), *HI],
        "tools": TWO,
        "tool_choice": "auto",
    }
    assert asked.record == "tool_choice=emulated"
    assert asked.warned == [f"`tool_choice` emulated for Zhipu: {FORCED}"]


@pytest.mark.parametrize(
    "choice",
    [
        {"type": "function", "function": {"name": "get_time"}},
        {"type": "function", "name": "get_time"},
        {
            "type": "allowed_tools",
            "allowed_tools": {
                "mode": "required",
                "tools": [{"type": "function", "function": {"name": "get_time"}}],
            },
        },
    ],
)
def test_a_named_function_is_the_only_one_offered(side: SyncSide, choice: dict[str, Any]) -> None:
    asked = ask(side, tools=TWO, tool_choice=choice)
    assert asked.json == {
        "model": "glm-5.2",
        "messages": [must_call("`get_time`"), *HI],
        "tools": [TWO[1]],
        "tool_choice": "auto",
    }
    assert asked.warned == [f"`tool_choice` emulated for Zhipu: {FORCED}"]


@pytest.mark.parametrize(
    "allowed",
    [
        {
            "allowed_tools": {
                "mode": "auto",
                "tools": [{"type": "function", "function": {"name": "get_time"}}],
            }
        },
        {"mode": "auto", "tools": [{"type": "function", "name": "get_time"}]},
    ],
)
def test_allowed_tools_are_the_ones_offered(side: SyncSide, allowed: dict[str, Any]) -> None:
    side.wire.reply(completion(content="Hello."))
    raw = side.run(
        lambda made: made.chat.completions.with_raw_response.create(
            model="glm-5.2", messages=HI, tools=TWO, tool_choice={"type": "allowed_tools", **allowed}
        )
    )
    assert side.wire.last.json == {
        "model": "glm-5.2",
        "messages": HI,
        "tools": [TWO[1]],
        "tool_choice": "auto",
    }
    assert raw.headers["x-zhipu-adaptations"] == "tool_choice=translated"


@pytest.mark.parametrize(
    ("choice", "param", "code"),
    [
        ({"type": "function", "function": {"name": "fly"}}, "tool_choice", "invalid_tool_choice"),
        ({"type": "function"}, "tool_choice", "invalid_tool_choice"),
        ({"type": "web_search"}, "tool_choice", "invalid_tool_choice"),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "auto",
                    "tools": [{"type": "function", "function": {"name": "fly"}}],
                },
            },
            "tool_choice.allowed_tools.tools",
            "invalid_tool_choice",
        ),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}},
            "tool_choice.allowed_tools.tools",
            "invalid_tool_choice",
        ),
        (
            {"type": "allowed_tools", "allowed_tools": "x"},
            "tool_choice.allowed_tools.tools",
            "invalid_tool_choice",
        ),
        ("any", "tool_choice", "invalid_value"),
        (5, "tool_choice", "invalid_value"),
    ],
)
def test_a_choice_that_cannot_be_met_is_refused(side: SyncSide, choice: Any, param: str, code: str) -> None:
    error = refused(side, tools=TWO, tool_choice=choice)
    assert (error.param, error.code) == (param, code)


def test_required_is_refused_where_there_is_no_function_to_call(side: SyncSide) -> None:
    error = refused(side, tools=[SEARCH], tool_choice="required")
    assert (error.param, error.code) == ("tool_choice", "invalid_tool_choice")


@pytest.mark.parametrize("tools", [{}, {"tools": []}])
@pytest.mark.parametrize(
    ("choice", "warns"),
    [
        ("auto", False),
        ("none", False),
        ("required", True),
        ({"type": "function", "function": {"name": "f"}}, True),
    ],
)
def test_a_choice_without_tools_is_left_out(
    side: SyncSide, tools: dict[str, Any], choice: Any, warns: bool
) -> None:
    asked = ask(side, tool_choice=choice, **tools)
    assert asked.json == {"model": "glm-5.2", "messages": HI}
    assert asked.warned == (
        ["`tool_choice` dropped for Zhipu: left out, since no tools are offered."] if warns else []
    )


def test_a_choice_may_be_null(side: SyncSide) -> None:
    assert ask(side, tools=TWO, extra_body={"tool_choice": None}).json == {
        "model": "glm-5.2",
        "messages": HI,
        "tools": TWO,
    }


def test_the_instruction_joins_the_system_message_that_is_there(side: SyncSide) -> None:
    asked = ask(
        side, messages=[{"role": "system", "content": "Be brief."}, *HI], tools=TWO, tool_choice="required"
    )
    assert asked.json["messages"][0]["content"].startswith(
        "Be brief.\n\nYou must answer this turn by calling"
    )


def test_one_call_at_a_time_is_kept_to_in_the_answer(side: SyncSide) -> None:
    asked = ask(side, tools=TWO, parallel_tool_calls=False)
    assert asked.json == {"model": "glm-5.2", "messages": HI, "tools": TWO}
    assert asked.warned == [
        "`parallel_tool_calls` emulated for Zhipu: only the first tool call of an answer is passed on."
    ]


@pytest.mark.parametrize(
    "given", [{"tools": TWO, "parallel_tool_calls": True}, {"parallel_tool_calls": False}]
)
def test_calls_side_by_side_are_what_zhipu_does_anyway(side: SyncSide, given: dict[str, Any]) -> None:
    asked = ask(side, **given)
    assert "parallel_tool_calls" not in asked.json
    assert (asked.record, asked.warned) == ("", [])


# The older form

OLD = [{"name": "get_weather", "parameters": WEATHER}, {"name": "get_time", "parameters": WEATHER}]


@pytest.mark.parametrize("choice", [{}, {"function_call": "auto"}])
def test_functions_are_offered_as_tools(side: SyncSide, choice: dict[str, Any]) -> None:
    asked = ask(side, functions=OLD, **choice)
    assert asked.json["tools"] == TWO
    assert asked.json.keys() <= {"model", "messages", "tools", "tool_choice"}
    assert asked.json.get("tool_choice", "auto") == "auto"
    assert (asked.record, asked.warned) == ("functions=translated", [])


def test_functions_are_offered_beside_tools(side: SyncSide) -> None:
    assert ask(side, functions=OLD[1:], tools=TWO[:1]).json["tools"] == [TWO[1], TWO[0]]


def test_function_call_none_offers_none(side: SyncSide) -> None:
    assert ask(side, functions=OLD, function_call="none").json == {"model": "glm-5.2", "messages": HI}


def test_function_call_may_name_one(side: SyncSide) -> None:
    asked = ask(side, functions=OLD, function_call={"name": "get_time"})
    assert asked.json == {
        "model": "glm-5.2",
        "messages": [must_call("`get_time`"), *HI],
        "tools": [TWO[1]],
        "tool_choice": "auto",
    }
    assert asked.warned == [f"`function_call` emulated for Zhipu: {FORCED}"]


def test_function_call_of_an_unknown_function_is_refused_in_its_own_name(side: SyncSide) -> None:
    error = refused(side, functions=OLD, function_call={"name": "fly"})
    assert (error.param, error.code) == ("function_call", "invalid_tool_choice")


def test_functions_that_are_no_list_are_refused(side: SyncSide) -> None:
    error = refused(side, extra_body={"functions": {"name": "f"}})
    assert (error.param, error.code) == ("functions", "invalid_type")


# Web search


@pytest.mark.parametrize(
    ("client", "options", "engine", "size"),
    [
        ({}, {}, "search_std", "medium"),
        ({}, {"search_context_size": "low"}, "search_std", "medium"),
        ({}, {"search_context_size": "high"}, "search_std", "high"),
        ({"base_url": "https://api.z.ai/api/paas/v4"}, {}, "search_pro_jina", "medium"),
        ({"base_url": "https://gateway.example/v1"}, {}, "search_std", "medium"),
    ],
)
def test_web_search_is_zhipus_tool(
    side: SyncSide, client: dict[str, Any], options: dict[str, Any], engine: str, size: str
) -> None:
    asked = ask(side, client=client, web_search_options=options)
    assert asked.json == {
        "model": "glm-5.2",
        "messages": HI,
        "tools": [
            {
                "type": "web_search",
                "web_search": {
                    "enable": True,
                    "search_engine": engine,
                    "search_result": True,
                    "content_size": size,
                },
            }
        ],
    }
    assert (asked.record, asked.warned) == ("web_search_options=translated", [])


def test_the_place_of_the_searcher_is_dropped(side: SyncSide) -> None:
    location = {"type": "approximate", "approximate": {"city": "Paris"}}
    asked = ask(side, web_search_options={"user_location": location})
    assert asked.warned == [
        "`web_search_options.user_location` dropped for Zhipu: Zhipu's web search takes no location."
    ]


def test_a_search_tool_of_the_callers_own_wins(side: SyncSide) -> None:
    asked = ask(side, tools=[SEARCH], web_search_options={"search_context_size": "high"})
    assert asked.json == {"model": "glm-5.2", "messages": HI, "tools": [SEARCH]}


@pytest.mark.parametrize("given", [{"tools": TWO}, {"functions": OLD}])
def test_web_search_beside_functions_is_refused(side: SyncSide, given: dict[str, Any]) -> None:
    error = refused(side, web_search_options={}, **given)
    assert (error.param, error.code) == ("web_search_options", "unsupported_parameter")
    assert "Zhipu does not search when functions are offered as well" in error.body["message"]


def test_web_search_by_a_model_that_has_none_is_refused(side: SyncSide) -> None:
    with pytest.warns(UserWarning, match="glm-4.6v"):
        error = refused(side, model="gpt-4o", messages=user(image()), web_search_options={})
    assert error.body["message"] == ("glm-4.6v does not search the web; choose a text model such as glm-5.2.")


def test_web_search_options_that_are_no_object_are_refused(side: SyncSide) -> None:
    error = refused(side, extra_body={"web_search_options": True})
    assert (error.param, error.code) == ("web_search_options", "invalid_type")
