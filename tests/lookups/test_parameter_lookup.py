"""Parameters can be looked up: what becomes of a field, in which range, and how that is known."""

from __future__ import annotations

import pytest
import reference_page_zh
from conftest import SyncSide, Wire, completion

from zhipu_openai import parameters
from zhipu_openai._parameter_ranges import RANGES
from zhipu_openai._parameters_zh import FIELDS, VERDICTS
from zhipu_openai.routes import ROUTES


def test_a_field_says_what_zhipu_gets_in_which_range() -> None:
    found = parameters.lookup("chat.completions.create", "temperature")
    assert (found.verdict, found.what) == ("approximated", "0 to 1, two decimals.")
    assert found.range is not None
    assert (found.range.least, found.range.most) == (0, 1)
    assert found.what_zh == "0 至 1，保留两位小数。"
    assert found.source


@pytest.mark.usefixtures("quietly")
def test_the_range_is_the_one_that_is_sent(side: SyncSide, wire: Wire) -> None:
    found = parameters.lookup("chat.completions.create", "top_p").range
    assert found is not None
    wire.reply(completion(content="Hello."))
    side.create(top_p=0.000001)
    assert wire.last.json["top_p"] == found.least


@pytest.mark.parametrize(
    "spelling", ["client.chat.completions.create", "chat.completions.parse", "chat.completions.stream"]
)
def test_other_ways_to_call_take_the_same_fields(spelling: str) -> None:
    assert parameters.lookup(spelling, "n").operation == "chat.completions.create"


def test_every_field_has_its_verdict_and_its_chinese() -> None:
    for row in parameters.every():
        assert row.verdict in VERDICTS
        assert row.what in FIELDS
        assert row.source
        assert parameters.lookup(row.operation, row.name) == row


def test_every_range_is_of_a_field_that_exists_and_says_itself_in_both_languages() -> None:
    for row in RANGES:
        assert parameters.lookup(row.operation, row.name).range is row
        assert str(row)
        assert row.text("zh")
        assert bool(row.note) == bool(row.note_zh)


def test_every_table_of_fields_can_be_looked_up() -> None:
    told = {(row.name, row.what) for row in parameters.every()}
    for title, rows in reference_page_zh.field_tables().items():
        assert {(row.name, row.what) for row in rows} <= told, title


def test_every_operation_is_one_of_the_map() -> None:
    paths = {row.path.replace("/", ".").strip(".") for row in ROUTES}
    for operation in parameters.OPERATIONS:
        resource = operation.partition(":")[0].rpartition(".")[0]
        first = resource.partition(".")[0]
        assert any(path.startswith(first) for path in paths) or first == "realtime", operation


def test_a_field_of_chat_that_legacy_completions_treat_alike_has_its_range_there_too() -> None:
    found = parameters.lookup("completions.create", "top_p")
    assert found.what == parameters.lookup("chat.completions.create", "top_p").what
    assert found.range is not None


def test_an_unknown_field_is_an_error_that_says_what_happens_to_it() -> None:
    with pytest.raises(parameters.ParameterNotFoundError, match="send it as it is"):
        parameters.lookup("chat.completions.create", "do_sample_twice")


def test_an_unknown_operation_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(parameters.ParameterNotFoundError, match=r"embeddings\.create"):
        parameters.fields("fine_tuning.jobs.create")
