"""The record of changes: what is warned about, once and where, what is refused, and what a caller can read."""

from __future__ import annotations

import asyncio
import inspect
import logging
import warnings
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, text_stream
from hypothesis import given
from hypothesis import strategies as st
from scripts import QUESTION, ask, collect, play

from zhipu_openai import adaptation
from zhipu_openai.adaptation import HEADER, Adaptation, Ledger, Refused, ZhipuAdaptationWarning
from zhipu_openai.client import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

LOSSY: Any = {"logit_bias": {"1": 1}}
"""Something that Zhipu has no counterpart for."""

KINDS = ["translated", "repaired", "approximated", "emulated", "dropped"]


@pytest.fixture
def warned() -> Any:
    """Collect warnings, as many as come."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


# The ledger alone


@pytest.mark.parametrize("kind", KINDS)
def test_what_changes_the_meaning_is_warned_about_and_the_rest_is_only_recorded(
    kind: Any, warned: list[warnings.WarningMessage]
) -> None:
    ledger = Ledger()
    ledger.add("seed", kind, "so it is.")
    assert ledger.entries == [Adaptation("seed", kind, "so it is.")]
    expected = [] if kind in ("translated", "repaired") else [f"`seed` {kind} for Zhipu: so it is."]
    assert [str(warning.message) for warning in warned] == expected


def test_each_kind_of_change_warns_once_per_process(warned: list[warnings.WarningMessage]) -> None:
    for _ in range(3):
        ledger = Ledger()
        ledger.add("seed", "dropped", "one.")
        ledger.add("seed", "dropped", "one.")
        ledger.add("seed", "dropped", "another.")
        assert len(ledger.entries) == 2
    assert len(warned) == 2


def test_a_client_that_ignores_changes_does_not_silence_one_that_does_not(
    warned: list[warnings.WarningMessage],
) -> None:
    Ledger("ignore").add("seed", "dropped", "one.")
    assert warned == []
    Ledger("warn").add("seed", "dropped", "one.")
    assert len(warned) == 1


def test_endless_variety_does_not_grow_what_is_remembered(
    warned: list[warnings.WarningMessage],
) -> None:
    for number in range(adaptation._ANNOUNCED_LIMIT + 50):
        Ledger("ignore").add("seed", "dropped", f"{number}")
    assert len(adaptation._announced) == adaptation._ANNOUNCED_LIMIT
    assert warned == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_strict_policy_refuses_what_changes_the_meaning(kind: Any) -> None:
    ledger = Ledger("error")
    if kind in ("translated", "repaired"):
        ledger.add("seed", kind, "so it is.")
        return
    with pytest.raises(Refused) as caught:
        ledger.add("seed", kind, "so it is.")
    error = caught.value.answer.body["error"]
    assert caught.value.answer.status == 400
    assert error["param"] == "seed"
    assert "so it is." in error["message"]
    assert 'on_adaptation="error"' in error["message"]


def test_changes_are_logged_at_levels_by_what_they_do(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "zhipu_openai")
    ledger = Ledger("ignore")
    ledger.add("seed", "translated", "so it is.")
    ledger.add("seed", "dropped", "so it is.")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("DEBUG", "seed translated: so it is."),
        ("INFO", "seed dropped: so it is."),
    ]


def test_the_header_lists_each_change_once() -> None:
    ledger = Ledger("ignore")
    ledger.add("user", "translated", "one.")
    ledger.add("seed", "dropped", "two.")
    ledger.add("seed", "dropped", "three.")
    assert ledger.header() == "user=translated; seed=dropped"


@given(st.text())
def test_a_name_of_whatever_characters_makes_a_header_that_can_be_sent(name: str) -> None:
    ledger = Ledger("ignore")
    ledger.add(name, "translated", "so it is.")
    header = ledger.header()
    assert header.isascii()
    assert header.isprintable()
    httpx.Response(200, headers={HEADER: header})


# Through a client


def test_a_warning_points_at_the_callers_own_line(wire: Wire, warned: list[warnings.WarningMessage]) -> None:
    wire.reply(completion(content="Hello."))
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    with OpenAI(api_key=KEY, http_client=below) as client:
        client.chat.completions.create(model="glm-5.2", messages=QUESTION, **LOSSY)
        line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]  # this frame is running
    assert [(one.filename, one.lineno) for one in warned if one.category is ZhipuAdaptationWarning] == [
        (__file__, line)
    ]


def test_a_warning_points_at_the_callers_own_line_in_async_code_too(
    wire: Wire, warned: list[warnings.WarningMessage]
) -> None:
    wire.reply(completion(content="Hello."))
    lines: list[int] = []

    async def main() -> None:
        below = httpx.AsyncClient(transport=httpx.MockTransport(wire.handle_async))
        async with AsyncOpenAI(api_key=KEY, http_client=below) as client:
            await client.chat.completions.create(model="glm-5.2", messages=QUESTION, **LOSSY)
            lines.append(inspect.currentframe().f_lineno - 1)  # type: ignore[union-attr]  # likewise

    asyncio.run(main())
    assert [(one.filename, one.lineno) for one in warned if one.category is ZhipuAdaptationWarning] == [
        (__file__, lines[0])
    ]


def test_the_header_reaches_the_caller_with_the_answer_and_with_the_stream(
    side: SyncSide, wire: Wire
) -> None:
    wire.reply(completion(content="Hello."))
    wire.reply(text_stream("Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        create = client.chat.completions.with_raw_response.create
        raw = yield create(model="glm-5.2", messages=QUESTION, user="somebody", **LOSSY)
        assert raw.headers[HEADER] == "user=translated; logit_bias=dropped"
        raw = yield create(model="glm-5.2", messages=QUESTION, user="somebody", stream=True, **LOSSY)
        assert raw.headers[HEADER] == "user=translated; logit_bias=dropped"
        yield collect(raw.parse())

    play(side, script, on_adaptation="ignore")


def test_an_answer_without_changes_has_no_such_header(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        raw = yield client.chat.completions.with_raw_response.create(model="glm-5.2", messages=QUESTION)
        assert HEADER not in raw.headers

    play(side, script)


def test_a_strict_client_refuses_before_it_sends(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as caught:
            side.create(client={"on_adaptation": "error"}, stream=stream, **LOSSY)
        assert caught.value.param == "logit_bias"
        assert caught.value.code == "unsupported_parameter"
    assert wire.sent == []
    assert waits == []


def test_a_warning_that_is_made_an_error_refuses_every_time_before_it_sends(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        for _ in range(2):
            with pytest.raises(openai.BadRequestError, match="ZhipuAdaptationWarning") as caught:
                yield ask(client, **LOSSY)
            assert caught.value.param == "logit_bias"

    with warnings.catch_warnings():
        warnings.simplefilter("error", ZhipuAdaptationWarning)
        play(side, script)
    assert wire.sent == []
    assert waits == []


def test_an_ignoring_client_is_silent(
    side: SyncSide, wire: Wire, warned: list[warnings.WarningMessage]
) -> None:
    wire.reply(completion(content="Hello."))
    side.create(client={"on_adaptation": "ignore"}, **LOSSY)
    assert "logit_bias" not in wire.last.json
    assert [one for one in warned if one.category is ZhipuAdaptationWarning] == []


def test_the_same_client_warns_once_for_many_calls(
    side: SyncSide, wire: Wire, warned: list[warnings.WarningMessage]
) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        for _ in range(4):
            yield ask(client, **LOSSY)

    play(side, script)
    assert len([one for one in warned if one.category is ZhipuAdaptationWarning]) == 1
