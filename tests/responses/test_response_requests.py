"""What becomes of a request for a response on its way to chat completions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION
from openapi_contract import request_violations
from response_helpers import ADD, respond

from zhipu_openai.translate.responses.fields import FIELDS
from zhipu_openai.translate.responses.native import NATIVE_FIELDS
from zhipu_openai.translate.responses.tools import UNSERVED, wire_name

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

CHAT = "https://open.bigmodel.cn/api/paas/v4/chat/completions"
QUIET = {"on_adaptation": "ignore"}


def sent(side: SyncSide, wire: Wire, **arguments: Any) -> Any:
    """Ask, and give the body that went out."""
    wire.reply(COMPLETION)
    respond(side, client=QUIET, **arguments)
    assert wire.last.url == CHAT
    return wire.last.json


def refused(side: SyncSide, wire: Wire, **arguments: Any) -> openai.BadRequestError:
    """Ask for what is refused before anything is sent."""
    wire.reply(COMPLETION)
    with pytest.raises(openai.BadRequestError) as caught:
        respond(side, **arguments)
    assert wire.sent == []
    return caught.value


def test_a_plain_request_is_a_plain_chat(side: SyncSide, wire: Wire) -> None:
    body = sent(side, wire, instructions="Be brief.", max_output_tokens=50, temperature=0.5, user="someone")
    assert body == {
        "model": "glm-5.2",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "max_tokens": 50,
        "temperature": 0.5,
        "user_id": "someone",
    }
    assert request_violations("POST", "/paas/v4/chat/completions", body) == []


MESSAGES = [
    pytest.param([{"role": "user", "content": "Hi"}], [{"role": "user", "content": "Hi"}], id="easy message"),
    pytest.param(
        [{"role": "developer", "content": "Obey."}, {"role": "user", "content": "Hi"}],
        [{"role": "system", "content": "Obey."}, {"role": "user", "content": "Hi"}],
        id="developer",
    ),
    pytest.param(
        [
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}],
            }
        ],
        [{"role": "user", "content": "a\nb"}],
        id="parts of text",
    ),
    pytest.param(
        [
            {"role": "user", "content": "2+2?"},
            {
                "type": "reasoning",
                "id": "rs_1",
                "summary": [],
                "content": [{"type": "reasoning_text", "text": "Hm."}],
            },
            {
                "type": "message",
                "id": "msg_1",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": "Let me see.", "annotations": []}],
            },
            {"type": "function_call", "call_id": "c1", "name": "add", "arguments": '{"a":2}'},
            {"type": "function_call", "call_id": "c2", "name": "add", "arguments": ""},
            {"type": "function_call_output", "call_id": "c1", "output": "4"},
            {
                "type": "function_call_output",
                "call_id": "c2",
                "output": [{"type": "input_text", "text": "5"}],
            },
            {"role": "assistant", "content": "Four."},
            {"role": "user", "content": "Thanks"},
        ],
        [
            {"role": "user", "content": "2+2?"},
            {
                "role": "assistant",
                "content": "Let me see.",
                "reasoning_content": "Hm.",
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a":2}'}},
                    {"id": "c2", "type": "function", "function": {"name": "add", "arguments": "{}"}},
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "4"},
            {"role": "tool", "tool_call_id": "c2", "content": "5"},
            {"role": "assistant", "content": "Four."},
            {"role": "user", "content": "Thanks"},
        ],
        id="a turn with thoughts, words and calls",
    ),
    pytest.param(
        [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "In short."}]},
            {"role": "assistant", "content": "Yes."},
            {"role": "assistant", "content": "And more."},
            {"role": "user", "content": "Go on"},
        ],
        [
            {"role": "assistant", "content": "Yes.", "reasoning_content": "In short."},
            {"role": "assistant", "content": "And more."},
            {"role": "user", "content": "Go on"},
        ],
        id="a summary stands for the thoughts, two messages are two turns",
    ),
    pytest.param(
        [
            {"role": "user", "content": "Run it"},
            {"type": "custom_tool_call", "call_id": "c1", "name": "shell", "input": "ls"},
            {"type": "custom_tool_call_output", "call_id": "c1", "output": "README"},
        ],
        [
            {"role": "user", "content": "Run it"},
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "shell", "arguments": '{"input": "ls"}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "README"},
        ],
        id="a custom tool",
    ),
    pytest.param(
        [
            {"role": "user", "content": "Add"},
            {"type": "function_call", "call_id": "c1", "name": "add", "namespace": "math", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "4"},
        ],
        [
            {"role": "user", "content": "Add"},
            {
                "role": "assistant",
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "math__add", "arguments": "{}"}}
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "4"},
        ],
        id="a namespace",
    ),
    pytest.param(
        [
            {"role": "user", "content": "News?"},
            {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}},
            {"role": "assistant", "content": "None."},
            {
                "type": "reasoning",
                "id": "rs_9",
                "summary": [],
                "content": [{"type": "reasoning_text", "text": "x"}],
            },
            {"role": "user", "content": "Sure?"},
        ],
        [
            {"role": "user", "content": "News?"},
            {"role": "assistant", "content": "None."},
            {"role": "user", "content": "Sure?"},
        ],
        id="records of searches and thoughts that led to nothing are left out",
    ),
]


@pytest.mark.parametrize(("items", "messages"), MESSAGES)
def test_items_become_messages(side: SyncSide, wire: Wire, items: Any, messages: Any) -> None:
    before = json.dumps(items)
    assert sent(side, wire, input=items)["messages"] == messages
    assert json.dumps(items) == before


def test_thoughts_that_come_back_are_kept(side: SyncSide, wire: Wire) -> None:
    items = [*MESSAGES[3].values[0]]  # type: ignore[misc]
    assert sent(side, wire, input=items)["thinking"] == {"clear_thinking": False}


def test_images_and_files_are_shown(side: SyncSide, wire: Wire) -> None:
    url = "https://example.com/cat.png"
    parts = [
        {"type": "input_text", "text": "What is this?"},
        {"type": "input_image", "image_url": url, "detail": "auto"},
        {"type": "input_file", "file_url": "https://example.com/a.pdf", "filename": "a.pdf"},
    ]
    body = sent(side, wire, model="glm-5.3-flash", input=[{"role": "user", "content": parts}])
    assert body["messages"][0]["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "file", "file": {"file_url": "https://example.com/a.pdf", "filename": "a.pdf"}},
    ]


def test_an_image_chooses_a_model_that_sees(side: SyncSide, wire: Wire) -> None:
    parts = [{"type": "input_image", "image_url": "https://example.com/cat.png", "detail": "auto"}]
    assert sent(side, wire, model="gpt-4o", input=[{"role": "user", "content": parts}])["model"] == "glm-4.6v"


def test_what_a_tool_shows_follows_its_results(side: SyncSide, wire: Wire) -> None:
    shown = {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "auto"}
    items = [
        {"role": "user", "content": "Look"},
        {"type": "function_call", "call_id": "c1", "name": "shoot", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "shoot", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": [shown]},
        {"type": "function_call_output", "call_id": "c2", "output": "nothing"},
        {"role": "user", "content": "And?"},
    ]
    messages = sent(side, wire, model="glm-4.6v", input=items)["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "tool", "user", "user"]
    assert messages[4]["content"][1] == {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64,AA=="},
    }
    assert messages[5]["content"] == "And?"


def test_tools_are_offered_as_functions(side: SyncSide, wire: Wire) -> None:
    custom = {"type": "custom", "name": "shell", "description": "Run it."}
    space = {"type": "namespace", "name": "crm", "description": "x", "tools": [{**ADD, "name": "find"}]}
    offered = sent(side, wire, tools=[ADD, custom, space])["tools"]
    assert [tool["function"]["name"] for tool in offered] == ["add", "shell", "crm__find"]
    assert offered[0]["function"] == {
        "name": "add",
        "description": "Add two numbers.",
        "parameters": ADD["parameters"],
    }
    assert offered[1]["function"]["parameters"]["required"] == ["input"]


def test_a_grammar_is_told_to_the_model_and_not_enforced(
    side: SyncSide, wire: Wire, quietly: pytest.WarningsRecorder
) -> None:
    wire.reply(COMPLETION)
    form = {"type": "grammar", "syntax": "regex", "definition": "[0-9]+"}
    respond(side, tools=[{"type": "custom", "name": "count", "format": form}])
    assert "[0-9]+" in wire.last.json["tools"][0]["function"]["description"]
    assert any("tools.custom" in str(one.message) for one in quietly.list)


def test_a_long_name_is_shortened_and_stays_its_own() -> None:
    names = {wire_name("f" * 60 + end, "n" * 20) for end in ("a", "b")}
    assert len(names) == 2
    assert all(len(name) == 64 for name in names)


def test_the_web_search_is_zhipus(side: SyncSide, wire: Wire) -> None:
    tool = {"type": "web_search_preview", "search_context_size": "high"}
    offered = sent(side, wire, tools=[tool])["tools"]
    assert offered[0]["type"] == "web_search"
    assert offered[0]["web_search"]["content_size"] == "high"


def test_a_search_in_files_is_zhipus_retrieval(side: SyncSide, wire: Wire) -> None:
    tool = {"type": "file_search", "vector_store_ids": ["kb1"]}
    assert sent(side, wire, tools=[tool])["tools"] == [
        {"type": "retrieval", "retrieval": {"knowledge_id": "kb1"}}
    ]


def test_two_stores_cannot_be_searched_at_once(side: SyncSide, wire: Wire) -> None:
    error = refused(side, wire, tools=[{"type": "file_search", "vector_store_ids": ["a", "b"]}])
    assert error.param == "tools[0].vector_store_ids"


def test_zhipus_own_tools_pass(side: SyncSide, wire: Wire) -> None:
    own = [
        {"type": "web_search", "web_search": {"enable": True}},
        {"type": "mcp", "mcp": {"server_label": "x"}},
        {"type": "retrieval", "retrieval": {"knowledge_id": "kb"}},
    ]
    assert sent(side, wire, tools=own)["tools"] == own


@pytest.mark.parametrize("kind", UNSERVED)
def test_tools_that_run_at_openai_are_refused_with_what_to_use(side: SyncSide, wire: Wire, kind: str) -> None:
    error = refused(side, wire, tools=[{"type": kind}])
    assert (error.code, error.param) == ("unsupported_tool", "tools[0].type")
    assert UNSERVED[kind].instead in error.body["message"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("choice", "offered", "forced"),
    [
        ("auto", ["add", "sub"], False),
        ("required", ["add", "sub"], True),
        ({"type": "function", "name": "sub"}, ["sub"], True),
        (
            {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "add"}]},
            ["add"],
            False,
        ),
    ],
)
def test_a_tool_choice_is_honoured(
    side: SyncSide, wire: Wire, choice: Any, offered: list[str], forced: bool
) -> None:
    call = {"id": "c", "type": "function", "function": {"name": offered[-1], "arguments": '{"a":1}'}}
    wire.reply(
        {**COMPLETION, "choices": [{"message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
    )
    respond(side, client=QUIET, tools=[ADD, {**ADD, "name": "sub"}], tool_choice=choice)
    body = wire.last.json
    assert [tool["function"]["name"] for tool in body["tools"]] == offered
    assert body["tool_choice"] == "auto"
    assert ("must answer" in body["messages"][0]["content"]) is forced


def test_a_tool_in_a_namespace_may_be_chosen_by_its_own_name(side: SyncSide, wire: Wire) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "math__add", "arguments": "{}"}}
    wire.reply(
        {**COMPLETION, "choices": [{"message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
    )
    space = {"type": "namespace", "name": "math", "description": "x", "tools": [ADD]}
    choice = {"type": "function", "name": "add"}
    response = respond(side, client=QUIET, tools=[space], tool_choice=choice)
    assert (response.output[0].name, response.output[0].namespace) == ("add", "math")
    assert [tool["function"]["name"] for tool in wire.last.json["tools"]] == ["math__add"]


def test_no_tools_are_offered_where_none_may_be_called(side: SyncSide, wire: Wire) -> None:
    assert "tools" not in sent(side, wire, tools=[ADD, {"type": "web_search"}], tool_choice="none")


@pytest.mark.parametrize(
    "tool", [{"type": "web_search"}, {"type": "file_search", "vector_store_ids": ["kb"]}]
)
@pytest.mark.parametrize("choice", ["required", {"type": "web_search_preview"}])
def test_a_tool_that_zhipu_runs_cannot_be_forced(side: SyncSide, wire: Wire, tool: Any, choice: Any) -> None:
    body = sent(side, wire, tools=[tool], tool_choice=choice)
    assert len(body["tools"]) == 1
    assert "tool_choice" not in body


def test_a_schema_is_put_into_the_prompt(side: SyncSide, wire: Wire) -> None:
    wire.reply({**COMPLETION, "choices": [{"message": {"content": '{"a": 1}'}, "finish_reason": "stop"}]})
    form = {"type": "json_schema", "name": "sum", "schema": ADD["parameters"], "strict": True}
    respond(side, client=QUIET, text={"format": form})
    assert wire.last.json["response_format"] == {"type": "json_object"}
    assert '"required":["a"]' in wire.last.json["messages"][0]["content"].replace(" ", "")


@pytest.mark.parametrize(
    ("model", "effort", "expected"),
    [
        ("glm-4.6", "none", {"thinking": {"type": "disabled"}}),
        ("glm-5.2", "high", {"reasoning_effort": "high"}),
        ("glm-5.3", "minimal", {"reasoning_effort": "low"}),
    ],
)
def test_the_effort_is_the_models(
    side: SyncSide, wire: Wire, model: str, effort: str, expected: dict[str, Any]
) -> None:
    body = sent(side, wire, model=model, reasoning={"effort": effort})
    assert {name: body.get(name) for name in expected} == expected
    assert "reasoning" not in body


def test_zhipus_own_fields_pass(side: SyncSide, wire: Wire) -> None:
    own = {"thinking": {"type": "disabled"}, "do_sample": False, "request_id": "abcdef"}
    body = sent(side, wire, extra_body=own)
    assert {name: body[name] for name in own} == own


def test_what_is_kept_here_is_not_sent(side: SyncSide, wire: Wire) -> None:
    body = sent(
        side,
        wire,
        store=True,
        metadata={"a": "b"},
        include=["reasoning.encrypted_content"],
        truncation="disabled",
        background=False,
        service_tier="auto",
        prompt_cache_key="k",
    )
    assert body.keys() == {"model", "messages"}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"truncation": "auto"}, "truncation"),
        ({"max_tool_calls": 3}, "max_tool_calls"),
        ({"include": ["message.output_text.logprobs"]}, "include"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"text": {"verbosity": "low"}}, "text.verbosity"),
        ({"reasoning": {"summary": "auto"}}, "reasoning.summary"),
        ({"service_tier": "flex"}, "service_tier"),
        ({"temperature": 1.7}, "temperature"),
        ({"parallel_tool_calls": False, "tools": [ADD]}, "parallel_tool_calls"),
        ({"max_output_tokens": 10**6}, "max_output_tokens"),
        ({"tools": [{**ADD, "strict": True}]}, "tools.strict"),
        (
            {"tools": [{"type": "web_search", "user_location": {"type": "approximate"}}]},
            "tools.web_search.user_location",
        ),
        (
            {"tools": [{"type": "web_search", "filters": {"allowed_domains": ["x"]}}]},
            "tools.web_search.filters",
        ),
    ],
)
def test_what_loses_meaning_warns_in_the_words_of_responses(
    side: SyncSide, wire: Wire, arguments: Any, field: str, quietly: pytest.WarningsRecorder
) -> None:
    wire.reply(COMPLETION)
    respond(side, **arguments)
    assert any(str(one.message).startswith(f"`{field}`") for one in quietly.list)


def test_what_loses_meaning_is_refused_where_that_is_wanted(side: SyncSide, wire: Wire) -> None:
    error = refused(side, wire, client={"on_adaptation": "error"}, max_output_tokens=10**6)
    assert error.param == "max_output_tokens"


@pytest.mark.parametrize(
    ("arguments", "param"),
    [
        ({"background": True}, "background"),
        ({"prompt": {"id": "pmpt_1"}}, "prompt"),
        ({"extra_body": {"n": 2}}, "n"),
        ({"input": []}, "input"),
        ({"input": [{"type": "computer_call", "id": "cc", "call_id": "c"}]}, "input[0].type"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
            "input[0].content[0]",
        ),
        ({"input": [{"role": "nobody", "content": "x"}]}, "input[0].role"),
        ({"instructions": "Be brief.", "input": [{"role": "nobody", "content": "x"}]}, "input[0].role"),
        ({"tools": [ADD], "tool_choice": {"type": "function", "name": "nope"}}, "tool_choice"),
        ({"tools": [ADD, {"type": "web_search"}], "model": "glm-4-flash-250414"}, "tools.web_search"),
        ({"previous_response_id": "resp_a", "extra_body": {"conversation": "c"}}, "previous_response_id"),
    ],
)
def test_what_cannot_be_honoured_is_refused(side: SyncSide, wire: Wire, arguments: Any, param: str) -> None:
    error = refused(side, wire, **arguments)
    assert error.param == param
    assert error.message


def test_openais_beta_is_refused(side: SyncSide, wire: Wire) -> None:
    assert refused(side, wire, extra_query={"beta": "true"}).code == "unsupported_operation"


@pytest.mark.parametrize("table", [FIELDS, NATIVE_FIELDS], ids=["translated", "native"])
def test_every_field_of_openais_has_a_row(table: Any) -> None:
    from openai.types.responses import response_create_params as params

    fields = set(params.ResponseCreateParamsBase.__annotations__) | {"stream"}
    names = [row.name for row in table]
    assert fields - set(names) == set()
    assert len(names) == len(set(names))
    assert all(row.source and row.what.endswith(".") for row in table)
