"""The table of the platform's API: complete, true to the official specification, and each call of it works."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from conftest import KEY
from openapi_contract import answer_violations, query_violations, request_violations, specification
from scripts import collect, play
from standin_side import StandInSide
from zhipu_cases import CASES, Case

from zhipu_openai.multipart import Form
from zhipu_openai.standin import StandIn
from zhipu_openai.standin.resources import RESOURCES
from zhipu_openai.zhipu._agent_operations import AGENTS
from zhipu_openai.zhipu._application_operations import APPLICATIONS
from zhipu_openai.zhipu._knowledge_operations import KNOWLEDGE
from zhipu_openai.zhipu.operations import OPERATIONS, Operation, find

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "https://open.bigmodel.cn/api/paas/v4/"
BY_NAME = {row.name: row for row in OPERATIONS}
ELSEWHERE = (*KNOWLEDGE, *AGENTS, *APPLICATIONS)
"""Rows of groups that have tests of their own."""

OURS = [row for row in OPERATIONS if row.call.startswith("client.zhipu.") and row not in ELSEWHERE]
IDS = [f"{place}-{case.operation}" for place, case in enumerate(CASES)]
every_case = pytest.mark.parametrize("case", CASES, ids=IDS)

OTHER_TABLES = ("/llm-application/", "/zrag/", "/v1/agents", "/paas/v4/assistant")
"""Parts of the specification whose rows stand with the groups that serve them."""

MILLISECONDS_AND_NESTED = {"Batch, create", "Batch, retrieve", "Batch, cancel", "Batch, list"}
"""Whose real answers differ from the specification: counts are nested, ids of files may be null (recorded)."""


def spec_path(row: Operation) -> str:
    """Find a row's path as the specification writes it."""
    wanted = re.sub(r"\{\w+\}", "{}", f"/paas/v4{row.path}")
    return next(path for path in specification()["paths"] if re.sub(r"\{\w+\}", "{}", path) == wanted)


def in_specification(row: Operation) -> bool:
    return row.root is None and row.state in ("live", "deprecated") and row.name != "Realtime"


def run(side: Any, case: Case) -> Any:
    def script(client: Any) -> Iterator[Any]:
        answer = case.call(client)
        answer = (yield answer) if hasattr(answer, "__await__") else answer
        if isinstance(case.answer, bytes):
            answer = yield collect(answer)
        return answer

    return play(side, script)


def part(value: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    return value


def test_every_path_of_the_specification_is_in_the_table() -> None:
    listed = {
        (method.upper(), path)
        for path, methods in specification()["paths"].items()
        for method in methods
        if not path.startswith(OTHER_TABLES)
    }
    found = {(row.method, spec_path(row)) for row in OPERATIONS if in_specification(row) and row.call}
    assert listed <= found


def test_every_operation_of_ours_has_a_case() -> None:
    assert {case.operation for case in CASES} == {row.name for row in OURS}


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_a_row_says_what_it_must(row: Operation) -> None:
    assert row.path.startswith("/")
    assert not row.path.endswith("/")
    assert row.regions
    assert row.source
    assert row.call
    assert date(2023, 1, 1) < row.seen <= date(2026, 12, 31)
    assert not row.note or row.note.endswith(".")
    assert find(row.method, row.root, re.sub(r"\{\w+\}", "x", row.path)) is not None


def test_rows_have_names_of_their_own() -> None:
    assert len(BY_NAME) == len(OPERATIONS)


def test_a_path_that_is_newer_than_the_table_has_no_row() -> None:
    assert find("POST", None, "/brand/new") is None
    assert find("POST", "rag", "/rerank") is None


@every_case
def test_a_call_sends_what_it_must_and_gives_what_comes(side: Any, wire: Any, case: Case) -> None:
    wire.reply(case.answer)
    answer = run(side, case)
    sent = wire.last
    assert sent.method == BY_NAME[case.operation].method
    assert sent.url == (case.url if case.url.startswith("https:") else BASE + case.url)
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    if case.body:
        assert {name: sent.json[name] for name in case.body} == case.body
    if case.form:
        form = Form.parse(sent.content, sent.headers["content-type"])
        assert {name: form.get(name) for name in case.form} == case.form
        assert form.file("file") is not None
        assert form.get("file") is None
    assert part(answer, case.seen[0]) == (case.seen[1] if case.seen[0] else answer)


@every_case
def test_what_is_sent_holds_to_the_specification(side: Any, wire: Any, case: Case) -> None:
    row = BY_NAME[case.operation]
    if not in_specification(row):
        pytest.skip("not in the specification")
    wire.reply(case.answer)
    run(side, case)
    path, sent = spec_path(row), wire.last
    _, _, query = sent.url.partition("?")
    if row.method == "GET":
        pairs = dict(pair.split("=") for pair in query.split("&")) if query else {}
        assert query_violations("GET", path, pairs) == []
    elif case.form:
        form = Form.parse(sent.content, sent.headers["content-type"])
        fields: dict[str, Any] = {one.name: one.text for one in form.parts}
        fields.update({name: True for name, value in fields.items() if value == "true"})
        assert request_violations("POST", path, fields, kind="multipart/form-data") == []
    elif sent.content:
        assert request_violations("POST", path, sent.json) == []


@every_case
def test_the_answers_of_these_tests_hold_to_the_specification(case: Case) -> None:
    row = BY_NAME[case.operation]
    if not in_specification(row) or isinstance(case.answer, bytes) or row.name in MILLISECONDS_AND_NESTED:
        pytest.skip("not specified, or known to differ")
    assert answer_violations(row.method, spec_path(row), case.answer) == []


class Watched(StandIn):
    """A stand-in that keeps its last answer."""

    answer: Any = None

    def handle(self, *args: Any) -> Any:
        reply = super().handle(*args)
        content = reply.read()
        reply.body = [content]
        self.answer = content
        return reply


def served(row: Operation) -> bool:
    """Tell whether the stand-in serves an operation."""
    path = re.sub(r"\{format_type\}", "text", row.path)
    return any(
        one.method == row.method and one.pattern.fullmatch(re.sub(r"\{\w+\}", "x", path)) for one in RESOURCES
    )


PREPARED = {"Result of a job", "File parsing, result", "Voice cloning", "Voice deletion"} | (
    MILLISECONDS_AND_NESTED
)
"""Operations that ask about something made before; the tests of their groups run them on the stand-in."""


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.operation not in PREPARED], ids=lambda case: case.operation
)
@pytest.mark.parametrize("name", ["sync", "async"])
def test_a_call_works_on_the_stand_in_which_answers_as_specified(name: str, case: Case) -> None:
    row = BY_NAME[case.operation]
    if not served(row):
        pytest.fail("the stand-in does not serve this")
    service = Watched()
    run(StandInSide(service, name), case)
    if not in_specification(row) or isinstance(case.answer, bytes):
        return
    answer = json.loads(service.answer)
    if case.operation == "Rerank":
        # The specification requires the document, though return_documents is False by default.
        answer["results"] = [{"document": "", **one} for one in answer["results"]]
    assert answer_violations(row.method, spec_path(row), answer) == []
