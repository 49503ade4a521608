"""A schema is put into words, and the answer is freed of its fence, checked and sent back for repair."""

from __future__ import annotations

import itertools
import json
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.translate.structured import (
    UnfenceStream,
    find_schema_in,
    repair_messages,
    schema_instruction,
    unfence,
    validator_available,
    violations,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "城市\n\u2028name"}},
    "required": ["city"],
}
JSON_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
        st.sampled_from(["```", "```json\n{}\n```", "{", "]"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
SPACE = st.text(" \n\t\r", max_size=3)


def pieces(text: str, cuts: Iterable[int]) -> Iterator[str]:
    """Cut a text at the given places, which may repeat (then a piece is empty)."""
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return (text[start:stop] for start, stop in itertools.pairwise(places))


def unfenced_stream(parts: Iterable[str]) -> str:
    stream = UnfenceStream()
    passed = [stream.feed(part) for part in parts]
    return "".join(passed) + stream.end()


CUTS = st.lists(st.integers(0, 400), max_size=12)
JSON_TEXT = st.builds(
    lambda value, indent, ascii_only: json.dumps(value, indent=indent, ensure_ascii=ascii_only),
    JSON_VALUES,
    st.sampled_from([None, 2]),
    st.booleans(),
)
FENCES = st.tuples(
    SPACE,
    st.sampled_from(["```", "````"]),
    st.sampled_from(["", "json", "JSON", "json5", " "]),
    SPACE,
)


def fenced(text: str, fence: tuple[str, str, str, str]) -> str:
    before, ticks, word, after = fence
    return f"{before}{ticks}{word}\n{after}{text}{after}\n{ticks}{before}"


ANY_TEXT = st.lists(
    st.sampled_from(
        ["```", "`", "json", "\n", " ", "{", "}", '{"a":1}', "[1]", "words", "python", "x" * 20, '"']
    ),
    max_size=12,
).map("".join)


# schema_instruction


def test_instruction_has_the_schema_once_on_the_line_after_its_name() -> None:
    text = schema_instruction("Place", SCHEMA, "Where\nit is", with_tools=False)
    compact = json.dumps(SCHEMA, ensure_ascii=False, separators=(",", ":"))
    lines = text.split("\n")
    assert lines[-2:] == ['JSON Schema "Place":', compact]
    assert text.count('"required"') == 1
    assert "The answer is: Where it is" in lines
    assert "tools" not in text


def test_instruction_without_a_description_says_nothing_of_it() -> None:
    assert "The answer is" not in schema_instruction("Place", SCHEMA, None, with_tools=False)
    assert "The answer is" not in schema_instruction("Place", SCHEMA, " ", with_tools=False)


def test_instruction_beside_tools_is_confined_to_the_final_answer() -> None:
    text = schema_instruction("Place", SCHEMA, None, with_tools=True)
    assert text.startswith("Call tools whenever they are needed;")
    assert "final answer" in text


@given(
    st.text(),
    st.dictionaries(st.text(), JSON_VALUES, max_size=3),
    st.none() | st.text(),
    st.booleans(),
    st.tuples(st.text(), st.sampled_from(["", "\n", "\r\n", "\nmore words\n"])),
)
def test_schema_is_found_again_in_any_surroundings(
    name: str, schema: dict[str, Any], description: str | None, with_tools: bool, around: tuple[str, str]
) -> None:
    instruction = schema_instruction(name, schema, description, with_tools=with_tools)
    assert find_schema_in(f"{around[0]}\n\n{instruction}{around[1]}") == schema


def test_the_last_schema_counts() -> None:
    first = schema_instruction("A", {"type": "string"}, None, with_tools=False)
    second = schema_instruction("B", SCHEMA, None, with_tools=False)
    assert find_schema_in(f"{first}\n\n{second}") == SCHEMA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Be brief.",
        'JSON Schema "x":',
        'JSON Schema "x":\n\n{}',
        'JSON Schema "x":\n{"type":',
        'JSON Schema "x":\n[1]',
        'the JSON Schema "x":\n{}',
    ],
)
def test_no_schema_is_found_where_there_is_none(text: str) -> None:
    assert find_schema_in(text) is None


# unfence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ('\n ```JSON\r\n{"a": 1}\r\n```\n', '{"a": 1}'),
        ("```\n[1]\n```", "[1]"),
        ("````json\n[1]\n````", "[1]"),
        ("```json[1]```", "[1]"),
        ('``` {"a": "```"} ```', '{"a": "```"}'),
        ("```json\n```", ""),
        ("```json\n{unquoted: 1}\n```", "{unquoted: 1}"),
        ("Here it is:\n```json\n[1]\n```\nAnything else?", "[1]"),
        ("Here it is:\n```json\n[1]\n```", "[1]"),
        ("```json\n[1]\n```\nAnything else?", "[1]"),
    ],
)
def test_fence_is_taken_off(text: str, expected: str) -> None:
    assert unfence(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        '{"a": 1}',
        ' {"a": "```json\\n{}\\n```"}\n',
        '"```"',
        "words",
        "```",
        "```json",
        '```json\n{"a": 1',
        "```python\nprint([1])\n```",
        "```json\n[1]\n```\n```json\n[2]\n```",
        "Either [0] or\n```json\n[1]\n```",
        "```json\n[1]\n```\nor {}",
        "Like this:\n```json\n{a: 1}\n```",
        "`[1]`",
        "` ``json\n[1]\n```",
    ],
)
def test_text_that_is_not_one_fence_stays_the_same_object(text: str) -> None:
    assert unfence(text) is text


@given(JSON_TEXT)
def test_json_stays_the_same_object(text: str) -> None:
    assert unfence(text) is text


@given(JSON_TEXT, FENCES)
def test_fenced_json_is_freed(text: str, fence: tuple[str, str, str, str]) -> None:
    assert unfence(fenced(text, fence)) == text


# UnfenceStream


@given(JSON_TEXT, FENCES, CUTS)
def test_streamed_fenced_json_is_freed(text: str, fence: tuple[str, str, str, str], cuts: list[int]) -> None:
    assert unfenced_stream(pieces(fenced(text, fence), cuts)) == text


@given(ANY_TEXT, CUTS)
def test_unfenced_stream_does_not_depend_on_the_pieces(text: str, cuts: list[int]) -> None:
    assert unfenced_stream(pieces(text, cuts)) == unfenced_stream([text])


@given(JSON_TEXT)
def test_bare_json_passes_a_stream_at_once(text: str) -> None:
    stream = UnfenceStream()
    assert [stream.feed(character) for character in text] == list(text)
    assert stream.end() == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```json\n[1]\n```\nAnything else?", "[1]"),
        ("```json\n[1]\n```\nor {}", "[1]\n```\nor {}"),
        ("```json\n[1] \n```\nAnything else?", "[1]"),
        ("```json\n[1] \n```\nor {}", "[1] \n```\nor {}"),
        ("``json\n[1]\n``", "``json\n[1]\n``"),
        ("```json: [1]", "```json: [1]"),
        ("```json\nwords\n```\nmore words", "words\n```\nmore words"),
        ("```json\n[1]\n\n", "[1]\n\n"),
        ("```json\n[1]\n``", "[1]"),
        ('```json\n{"a": "``` x', '{"a": "``` x'),
        ("Here:\n```json\n[1]\n```", "Here:\n```json\n[1]\n```"),
        ("```python\n[1]\n```", "```python\n[1]\n```"),
        ("```" + "j" * 30 + "\n[1]", "```" + "j" * 30 + "\n[1]"),
        ("`" * 9 + "\n[1]", "`" * 9 + "\n[1]"),
        (" " * 65 + "```\n[1]\n```", " " * 65 + "```\n[1]\n```"),
        ("\n \n", "\n \n"),
        ("``", "``"),
        ("```json", "```json"),
        ("", ""),
    ],
)
def test_stream_takes_off_only_a_fence_at_the_very_beginning(text: str, expected: str) -> None:
    assert unfenced_stream([text]) == expected
    assert unfenced_stream(text) == expected


def test_stream_passes_the_inside_of_a_fence_as_it_comes() -> None:
    stream = UnfenceStream()
    assert stream.feed("\n``") == ""
    assert stream.feed("`js") == ""
    assert stream.feed("on") == ""
    assert stream.feed('\n{"a"') == '{"a"'
    assert stream.feed(': "`') == ': "'
    assert stream.feed('`"}\n') == '``"}'
    assert stream.feed("```") == ""
    assert stream.feed("\n") == ""
    assert stream.end() == ""


def test_stream_of_single_characters_takes_linear_time() -> None:
    for text in ("`" * 100_000, " " * 100_000, "```json\n" + "\n" * 100_000 + "[1]"):
        assert unfenced_stream(text) == ("[1]" if text.endswith("]") else text)


# violations


def found(*problems: str) -> list[str]:
    """The problems that are found, which without the validator is none."""
    return list(problems) if validator_available() else []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON: the answer is empty"),
        (" \n", "not JSON: the answer is empty"),
        ("Rome", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"a": NaN}', "not JSON: NaN is not a JSON value"),
        ("[1e999]", "not JSON: the number 1e999 is too large"),
        ("[" * 100_000, "not JSON: it is nested too deeply"),
    ],
)
def test_what_is_not_json_is_the_only_violation(text: str, problem: str) -> None:
    assert violations(text, SCHEMA) == [problem]
    assert violations(text, None) == [problem]


def test_an_answer_that_fits_has_no_violations() -> None:
    assert violations('{"city": "Rome"}', SCHEMA) == []
    assert violations('{"town": "Rome"}', None) == []


def test_violations_are_named_with_their_path() -> None:
    assert violations("{}", SCHEMA) == found("$: 'city' is a required property")
    assert violations('{"city": 1}', SCHEMA) == found("$.city: 1 is not of type 'string'")
    assert violations('[{"city": 1}]', {"$defs": {"P": SCHEMA}, "items": {"$ref": "#/$defs/P"}}) == found(
        "$[0].city: 1 is not of type 'string'"
    )


def test_of_a_union_the_branch_that_comes_nearest_is_named() -> None:
    schema = {"properties": {"place": {"anyOf": [SCHEMA, {"type": "null"}]}}}
    assert violations('{"place": {"city": 1}}', schema) == found("$.place.city: 1 is not of type 'string'")


def test_violations_are_few_and_short() -> None:
    problems = violations(json.dumps(["x" * 300] * 9), {"items": {"type": "integer"}})
    assert [problem.split(":")[0] for problem in problems] == found("$[0]", "$[1]", "$[2]", "$[3]", "$[4]")
    assert all(len(problem) < 200 for problem in problems)
    assert len(violations("9" * 5000, None)[0]) < 200


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "table"},
        {"type": "string", "pattern": "("},
        {"$ref": "#"},
        {"$ref": "#/$defs/Gone"},
    ],
)
def test_a_schema_that_cannot_be_used_is_not_held_against_the_answer(schema: dict[str, Any]) -> None:
    assert violations('"Rome"', schema) == []


def test_a_reference_to_elsewhere_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def refuse(request: Any, **_: Any) -> None:
        fetched.append(request)
        raise OSError

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    schema = {"$ref": "https://example.invalid/schema.json"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert violations('"Rome"', schema) == []
    assert fetched == []


def test_without_the_validator_only_json_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert not validator_available()
    assert violations('{"city": 1}', SCHEMA) == []
    assert violations("Rome", SCHEMA) == ["not JSON: Expecting value: line 1 column 1 (char 0)"]


# repair_messages


def test_repair_shows_the_bad_answer_and_names_its_problems() -> None:
    assert repair_messages("{}", ["$: 'city' is a required property", "$: odd"]) == [
        {"role": "assistant", "content": "{}"},
        {
            "role": "user",
            "content": "Your last answer cannot be used:\n"
            "- $: 'city' is a required property\n"
            "- $: odd\n"
            "Send the whole corrected answer again, as JSON only: no Markdown fence, no other text.",
        },
    ]


@pytest.mark.parametrize("answer", ["", " \n"])
def test_an_empty_answer_has_no_turn_of_its_own(answer: str) -> None:
    turns = repair_messages(answer, violations(answer, None))
    assert [turn["role"] for turn in turns] == ["user"]
    assert "- not JSON: the answer is empty" in turns[0]["content"]
