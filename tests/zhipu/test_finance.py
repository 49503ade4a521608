"""``client.zhipu.finance``: refused as retired, unless the caller insists."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from conftest import sse
from scripts import collect, play, play_with

from zhipu_openai.multipart import Form

ROOT = "https://open.bigmodel.cn/api/aico-saas/bm/v1"
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("due_diligence_report", "DueDiligenceReport", {"company": "智谱"}),
    ("adviser_sparring", "FinancialAdviserSparring", {"query": "q", "history": ["h"]}),
    ("regulatory_updates", "RegulatoryUpdatesTracker", {"query": "银行"}),
]


@pytest.mark.parametrize(("name", "path", "given"), CALLS)
def test_a_call_is_sent_if_the_caller_insists(
    side: Any, wire: Any, name: str, path: str, given: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError, match="force=True") as caught:
        side.run(lambda client: getattr(client.zhipu.finance, name)(**given))
    assert caught.value.code == "retired"
    assert wire.sent == []
    wire.reply({"code": 0, "message": "success", "data": {"result": "r", "svg": "<svg/>"}})
    found = side.run(lambda client: getattr(client.zhipu.finance, name)(**given, model="4-Air", force=True))
    assert wire.last.url == f"{ROOT}/{path}"
    assert wire.last.json == {**given, "model": "4-Air"}
    assert (found.data.result, found.data.svg) == ("r", "<svg/>")


def test_a_picture_is_sent_in_a_form(side: Any, wire: Any) -> None:
    wire.reply({"code": 0, "data": {"result": "r"}})
    side.run(
        lambda client: client.zhipu.finance.consumer_protection_audit(
            query="q", image=("a.png", b"\x89PNG"), force=True
        )
    )
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert (form.get("query"), form.file("image").data) == ("q", b"\x89PNG")


def stream(side: Any) -> Any:
    def script(client: Any) -> Any:
        opened = yield client.zhipu.finance.due_diligence_report_stream(company="智谱", force=True)
        return (yield collect(opened))

    return play(side, script, max_retries=0)


FIRST = {"event": "message", "step_id": "1", "data": {"text": [{"output": "Hi"}]}}


def test_events_are_typed(side: Any, wire: Any) -> None:
    wire.reply(sse(FIRST, {"event": "workflow_finished", "usage": {"max_token": 9}}, done=False))
    first, last = stream(side)
    assert (first.text, last.usage.max_token) == ("Hi", 9)


def test_the_name_of_an_event_may_end_the_stream_too(side: Any, wire: Any) -> None:
    wire.reply(sse({"data": {}}, done=False) + b"event: message_finished\ndata: {}\n\n")
    assert len(stream(side)) == 2


@pytest.mark.parametrize(
    ("events", "error"),
    [([FIRST], openai.APIConnectionError), ([FIRST, {"code": 1005, "message": "m"}], openai.APIStatusError)],
)
def test_a_stream_that_fails_is_an_error(side: Any, wire: Any, events: Any, error: Any) -> None:
    wire.reply(sse(*events, done=False))
    with pytest.raises(error):
        stream(side)


@pytest.mark.parametrize("body", [{"code": 1005, "message": "m", "data": None}, {"code": 0, "data": None}])
def test_a_failure_inside_a_200_is_an_error(side: Any, wire: Any, body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.APIStatusError):
        side.run(
            lambda client: client.with_options(max_retries=0).zhipu.finance.regulatory_updates(
                query="银行", force=True
            )
        )


@pytest.fixture(params=["sync", "async"])
def client(request: Any, zhipu_standin: Any) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return zhipu_standin.client() if request.param == "sync" else zhipu_standin.async_client()


def test_the_stand_in_has_the_agents(client: Any) -> None:
    def script(client: Any) -> Any:
        finance = client.zhipu.finance
        whole = yield finance.due_diligence_report(company="智谱", force=True)
        events = yield collect((yield finance.due_diligence_report_stream(company="智谱", force=True)))
        audit = yield finance.consumer_protection_audit(query="q", image=b"x", force=True)
        with pytest.raises(openai.APIStatusError):
            yield finance.regulatory_updates(query="x", force=True)
        return whole, events, audit

    whole, events, audit = play_with(client, script)
    assert whole.data.result == events[0].text == "[stand-in] 智谱"
    assert audit.data.result == "[stand-in] q"
