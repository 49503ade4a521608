"""GLM-4-AllTools: tools that Zhipu runs itself, whose calls have no index and stand under the name of their type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from answer_helpers import sse
from conftest import COMPLETION, chunk
from scripts import ask, collect, play

from zhipu_openai.zhipu import tools

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

pytestmark = pytest.mark.filterwarnings("ignore:.*glm-4-alltools is retired")

OFFERED: Any = [tools.code_interpreter(sandbox="auto"), tools.web_browser(), tools.drawing_tool()]


def called(kind: str, **payload: Any) -> dict[str, Any]:
    """Make a delta with a call as the developer pages of 2025 show it."""
    return {
        "role": "assistant",
        "tool_calls": [{"id": f"call_{kind}", "index": None, "type": kind, kind: payload}],
    }


FOUND = [{"title": "Bees", "link": "https://a.example", "content": "Bees make honey."}]
RAN = [{"type": "logs", "logs": "4\n"}]
STREAM = sse(
    chunk(called("web_browser", input="bees")),
    chunk(called("web_browser", outputs=FOUND)),
    chunk(called("code_interpreter", input="print(")),
    chunk(called("code_interpreter", input="2 + 2)")),
    chunk(called("code_interpreter", outputs=RAN)),
    chunk(called("code_interpreter", outputs=RAN)),
    chunk({"role": "assistant", "content": "Four."}, status="completed"),
    chunk({"role": "assistant", "content": ""}, "stop", usage=COMPLETION["usage"], status="completed"),
)


def test_a_stream_of_calls_without_an_index_loses_nothing(side: SyncSide, wire: Wire) -> None:
    wire.reply(STREAM)

    def script(client: Any) -> Any:
        stream = yield ask(client, model="glm-4-alltools", tools=OFFERED, stream=True)
        return (yield collect(stream))

    chunks = [one.to_dict() for one in play(side, script)]
    calls = [
        call
        for one in chunks
        for choice in one["choices"]
        for call in choice["delta"].get("tool_calls") or []
    ]
    assert calls == [
        {"index": 0, "id": "call_web_browser", "type": "web_browser", "web_browser": {"input": "bees"}},
        {"index": 0, "web_browser": {"outputs": FOUND}},
        {
            "index": 1,
            "id": "call_code_interpreter",
            "type": "code_interpreter",
            "code_interpreter": {"input": "print("},
        },
        {"index": 1, "code_interpreter": {"input": "2 + 2)"}},
        {"index": 1, "code_interpreter": {"outputs": RAN}},
        # Lists cannot be added to each other, so this is a call of its own.
        {
            "index": 2,
            "id": calls[5]["id"],
            "type": "code_interpreter",
            "code_interpreter": {"outputs": RAN},
        },
    ]
    assert {one.get("status") for one in chunks} == {None, "completed"}
    assert (
        "".join(one["choices"][0]["delta"].get("content") or "" for one in chunks if one["choices"])
        == "Four."
    )


def test_the_stream_can_be_added_up_by_openai(side: SyncSide, wire: Wire) -> None:
    from openai.lib.streaming._deltas import accumulate_delta

    wire.reply(STREAM)

    def script(client: Any) -> Any:
        stream = yield ask(client, model="glm-4-alltools", tools=OFFERED, stream=True)
        return (yield collect(stream))

    total: dict[Any, Any] = {}
    for one in play(side, script):
        for choice in one.choices:
            total = accumulate_delta(total, choice.delta.to_dict())
    web, code, more = total["tool_calls"]
    assert web["web_browser"] == {"input": "bees", "outputs": FOUND}
    assert (code["id"], code["code_interpreter"]) == (
        "call_code_interpreter",
        {"input": "print(2 + 2)", "outputs": RAN},
    )
    assert more["code_interpreter"] == {"outputs": RAN}


@pytest.mark.parametrize("content", ["Hi", [{"type": "text", "text": "Hi"}]])
def test_what_the_user_says_is_sent_as_a_list(side: SyncSide, wire: Wire, content: Any) -> None:
    wire.reply(STREAM)
    given = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": content},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": content},
    ]

    def script(client: Any) -> Any:
        stream = yield ask(client, model="glm-4-alltools", messages=given, tools=OFFERED, stream=True)
        return (yield collect(stream))

    play(side, script)
    parts = [{"type": "text", "text": "Hi"}]
    assert [one["content"] for one in wire.last.json["messages"]] == ["Be brief.", parts, "Hello.", parts]
    assert wire.last.json["tools"] == OFFERED
