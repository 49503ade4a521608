"""What is said comes from the translation's own tables, and from all of them."""

from __future__ import annotations

import re
from pathlib import Path

import openai
import pytest
import sdk_walk
from check_helpers import read

from zhipu_openai import routes, translate
from zhipu_openai.adaptation import CHANGES_MEANING
from zhipu_openai.check.findings import ADVICE, Kind
from zhipu_openai.check.libraries import BEFORE_1_0, FRAMEWORKS
from zhipu_openai.check.tables import TABLES, rows
from zhipu_openai.routes import ROUTES
from zhipu_openai.translate.chat.fields import FIELDS

ELSEWHERE = {
    "batches.fields:LINE_FIELDS": "about the lines of a file",
    "chat.messages:MESSAGE_FIELDS": "about what is inside a message",
    "responses.native:NATIVE_FIELDS": "by the side of the table of responses",
}
"""Tables of fields that belong to no arguments, and why."""


NO_CALL = {*sdk_walk.SENDS_NO_REQUEST, "wait_for_processing"}


def tables_of_translate() -> set[str]:
    """Find every table of rows that say what becomes of a field."""
    root = Path(translate.__file__).parent
    found = set()
    for file in root.rglob("*.py"):
        for name in re.findall(r"^([A-Z_]*FIELDS): Final", file.read_text("utf-8"), re.MULTILINE):
            if not name.startswith("_"):
                module = ".".join(file.relative_to(root).with_suffix("").parts)
                found.add(f"{module}:{name}")
    return found


def test_every_table_of_fields_is_used() -> None:
    assert tables_of_translate() == set(TABLES.values()) | set(ELSEWHERE)


@pytest.mark.parametrize("operation", TABLES)
def test_a_table_belongs_to_an_operation_of_the_map(operation: str) -> None:
    assert operation in {route.operation for route in ROUTES}
    assert rows(operation)


@pytest.mark.parametrize(
    "row", [row for row in FIELDS if row.verdict in CHANGES_MEANING], ids=lambda row: row.name
)
def test_an_unknown_value_gives_the_row_of_its_field(row) -> None:
    required = "messages=m, model='glm-5.2', " if row.name != "messages" else "model='glm-5.2', "
    code = f"import openai\nopenai.chat.completions.create({required}extra_body={{}}, **{{{row.name!r}: unknown}})"
    (call,) = read(code)
    said = {finding.field: finding for finding in call.findings}
    if row.silent or call.findings[0].kind == "absent":
        return
    assert said[row.name].kind == row.verdict
    assert said[row.name].detail == row.what
    assert not said[row.name].certain


def test_a_refused_route_is_refused_with_its_own_note(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import openai\nopenai.evals.list()"
    row = routes.match("GET", "/evals")
    (call,) = read(code)
    assert row is not None
    assert [(finding.kind, finding.detail) for finding in call.findings] == [("refused", row.note)]
    monkeypatch.setattr(routes, "match", lambda *_: None)
    (call,) = read(code)
    assert call.findings == []


def test_every_method_of_openai_can_be_read() -> None:
    client = openai.OpenAI(**sdk_walk._settings(openai.OpenAI))
    found = (name for name, _ in sdk_walk.methods(client) if name.rpartition(".")[2] not in NO_CALL)
    # Of administration and betas, which are refused by the beginning of their paths, some are enough.
    rest = ("client.admin.", "client.beta.agents.", "client.beta.threads.")
    names = [name for number, name in enumerate(found) if not name.startswith(rest) or number % 8 == 0]
    lines = [f"{name.replace('client.', 'openai.OpenAI().', 1)}(**unknown)" for name in names]
    calls = {call.line: call for call in read("import openai\n" + "\n".join(lines))}
    silent = [name for number, name in enumerate(names, 2) if calls[number].route is None]
    assert len(names) > 100
    assert silent == []


def test_every_kind_has_its_advice() -> None:
    assert set(Kind.__args__) == set(ADVICE)


def test_the_rows_about_other_libraries_say_what_they_must() -> None:
    for row in FRAMEWORKS:
        assert row.advice.endswith(".")
        assert row.source
    assert all(BEFORE_1_0.values())
