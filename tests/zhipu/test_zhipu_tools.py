"""The builders of what a chat takes and OpenAI has no name for, and how it goes out."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from conftest import completion
from openapi_contract import request_violations
from zhipu_cases import MESSAGES

import zhipu_openai
from zhipu_openai.zhipu import tools

FUNCTION: Any = {"type": "function", "function": {"name": "now", "parameters": {"type": "object"}}}
ROLE = tools.role_play(user_info="A director.", bot_info="A singer.", bot_name="Su", user_name="Lu")


@pytest.mark.parametrize(
    ("made", "wire_form"),
    [
        (
            tools.web_search(),
            {"enable": True, "search_engine": "search_pro_sogou", "search_result": True},
        ),
        (
            tools.web_search(
                "search_pro_quark",
                search_query="GLM",
                search_intent=False,
                count=5,
                search_domain_filter="www.example.com",
                search_recency_filter="oneDay",
                content_size="high",
                result_sequence="before",
                search_result=False,
                require_search=True,
                search_prompt="Use {{search_result}}.",
            ),
            {
                "enable": True,
                "search_engine": "search_pro_quark",
                "search_query": "GLM",
                "search_intent": "false",
                "count": 5,
                "search_domain_filter": "www.example.com",
                "search_recency_filter": "oneDay",
                "content_size": "high",
                "result_sequence": "before",
                "search_result": False,
                "require_search": True,
                "search_prompt": "Use {{search_result}}.",
            },
        ),
        (tools.retrieval("1"), {"knowledge_id": "1"}),
        (tools.retrieval("1", prompt_template="T"), {"knowledge_id": "1", "prompt_template": "T"}),
        (tools.mcp("maps"), {"server_label": "maps"}),
        (tools.code_interpreter(), {}),
        (
            tools.code_interpreter(sandbox="none", file_ids=("f1",)),
            {"sandbox": "none", "file_ids": ["f1"]},
        ),
        (tools.drawing_tool(), {}),
        (tools.web_browser(browser="auto"), {"browser": "auto"}),
        (tools.web_browser(), {}),
        (
            tools.mcp(
                "own",
                server_url="https://example.com/mcp",
                transport_type="sse",
                allowed_tools=("find",),
                headers={"x": "1"},
            ),
            {
                "server_label": "own",
                "server_url": "https://example.com/mcp",
                "transport_type": "sse",
                "allowed_tools": ["find"],
                "headers": {"x": "1"},
            },
        ),
    ],
)
def test_a_tool_goes_out_as_it_is_made(side: Any, wire: Any, made: Any, wire_form: Any) -> None:
    wire.reply(completion(content="Hi"))
    side.create(tools=[made])
    assert wire.last.json["tools"] == [{"type": made["type"], made["type"]: wire_form}]


def test_tools_hold_to_the_specification(side: Any, wire: Any) -> None:
    wire.reply(completion(content="Hi"))
    for made in (tools.web_search(search_intent=True), tools.retrieval("1"), tools.mcp("maps")):
        side.create(model="glm-4.6", tools=[made])
        assert request_violations("POST", "/paas/v4/chat/completions", wire.last.json) == []


def test_what_was_found_is_cited(side: Any, wire: Any) -> None:
    found = {"title": "GLM", "link": "https://example.com", "refer": "ref_1", "content": "c"}
    wire.reply({**completion(content="See [ref_1]."), "web_search": [found]})
    message = side.create(tools=[tools.web_search()]).choices[0].message
    assert message.annotations[0].url_citation.url == "https://example.com"


def test_a_role_is_played(side: Any, wire: Any) -> None:
    wire.reply(completion(content="Hi"))
    side.create(model="charglm-4", messages=MESSAGES, extra_body=ROLE)
    assert wire.last.json["meta"] == {
        "user_info": "A director.",
        "bot_info": "A singer.",
        "bot_name": "Su",
        "user_name": "Lu",
    }
    assert request_violations("POST", "/paas/v4/chat/completions", wire.last.json) == []


def test_code_is_completed(side: Any, wire: Any) -> None:
    wire.reply(completion(content="pass"))
    extra = tools.code_completion(
        "Python",
        code_prefix="def f():\n",
        code_suffix="\n",
        path="a.py",
        contexts=[{"path": "b.py", "code": "x = 1"}],
    )
    side.create(model="codegeex-4", messages=MESSAGES, extra_body=extra)
    assert wire.last.json["extra"] == {
        "target": {"path": "a.py", "language": "Python", "code_prefix": "def f():\n", "code_suffix": "\n"},
        "contexts": [{"path": "b.py", "code": "x = 1"}],
    }
    assert tools.code_completion("Go", code_prefix="a")["extra"] == {
        "target": {"language": "Go", "code_prefix": "a", "code_suffix": ""}
    }


def test_the_builders_are_found_under_the_package() -> None:
    assert zhipu_openai.zhipu.tools is tools
    assert zhipu_openai.zhipu.operations.OPERATIONS
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = zhipu_openai.zhipu.nothing_such


def test_the_builders_import_no_openai() -> None:
    root = str(next(iter(zhipu_openai.__path__))).rpartition("/")[0]
    code = (
        f"import sys; sys.path.insert(0, {root!r}); import zhipu_openai.zhipu.tools, zhipu_openai.zhipu.operations; "
        "print('openai' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
