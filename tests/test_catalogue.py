"""The catalogue holds together, and every name comes to the model it should."""

from __future__ import annotations

import re
import typing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openai.types.shared import AllModels, ChatModel

from zhipu_openai._catalogue import ROWS
from zhipu_openai.catalogue import (
    _ALIAS_COLUMNS,
    ALIASES,
    EFFORTS,
    MODELS,
    EffortMapping,
    Model,
    Thinking,
    _table,
    alias_for,
    as_markdown,
    effort_for,
    find,
    resolve,
)

BEIJING = timezone(timedelta(hours=8))

# `GET /models` of open.bigmodel.cn, recorded 2026-07-10: each id with its `created` stamp.
RECORDED = {
    "glm-4.5": 1753632000,
    "glm-4.5-air": 1753632000,
    "glm-4.6": 1759276800,
    "glm-4.7": 1766332800,
    "glm-5": 1770739200,
    "glm-5-turbo": 1773504000,
    "glm-5.1": 1774620000,
    "glm-5.2": 1781625600,
}

# Rows of `GET /models` of open.bigmodel.cn on 2026-10-08.
LISTED = {
    "glm-4.5",
    "glm-4.5-air",
    "glm-4.6",
    "glm-4.7",
    "glm-5",
    "glm-5-turbo",
    "glm-5.1",
    "glm-5.2",
    "glm-5.3",
    "glm-5.3-flash",
    "glm-5.3-flashx",
}

# What the gateway printed as the largest `max_tokens` on 2026-10-09.
PRINTED_BOUNDS = {
    131072: "5.3 5.3-flash 5.3-flashx 5.2 5.1 5-turbo 5 4.7 4.7-flashx 4.7-flash 4.6 4.5 5v-turbo",
    98304: "4.5-air 4.5-airx 4.5-flash",
    32768: "4.6v 4.6v-flashx 4.6v-flash",
    16384: "4.5v 4.1v-thinking-flash 4.1v-thinking-flashx 4-flash-250414 4-flashx-250414",
    4095: "4-long",
    1024: "4v-flash",
}

# For each alias row, a name that it and no earlier row decides.
FIRST_MATCHES = {
    "gpt-audio*": "gpt-audio-mini",
    "gpt-4o*-audio*": "gpt-4o-mini-audio-preview",
    "gpt-4*-vision*": "gpt-4-vision-preview",
    "gpt-3.5*": "gpt-3.5-turbo-16k-0613",
    "gpt-4o-mini*": "gpt-4o-mini-search-preview",
    "gpt-4.1-mini*": "gpt-4.1-mini-2025-04-14",
    "gpt-4.1-nano*": "gpt-4.1-nano",
    "gpt-4*": "gpt-4o-2024-08-06",
    "chatgpt-4o*": "chatgpt-4o-latest",
    "chat-latest": "chat-latest",
    "gpt-[56]*-chat*": "gpt-5.2-chat-latest",
    "gpt-[56]*-nano*": "gpt-5.4-nano-2026-03-17",
    "gpt-[56]*-mini*": "gpt-5.1-codex-mini",
    "o[1-9]-mini*": "o4-mini-deep-research",
    "codex-mini*": "codex-mini-latest",
    "gpt-[56]*-luna*": "gpt-6-luna",
    "gpt-[56]*": "gpt-5.5-pro",
    "o[1-9]": "o3",
    "o[1-9]-*": "o1-preview-2024-09-12",
}

# Names of openai-python that stay as they are, with the reason.
NOT_ALIASED = {
    "computer-use-preview": "drives a computer by a tool that no GLM model has",
    "computer-use-preview-2025-03-11": "likewise",
    "gpt-daybreak-blue-latest": "restricted to security work",
    "gpt-daybreak-red-latest": "likewise",
    "gpt-rosalind-research": "restricted to life sciences",
}

names = st.one_of(
    st.text(max_size=40),
    st.sampled_from([*MODELS, *FIRST_MATCHES.values(), *typing.get_args(ChatModel)]),
    st.lists(
        st.sampled_from(
            ["zai/", "Z-AI/", "openai/", "glm-", "GLM-", "gpt-", "5.3", "4o", "-mini", "[1m]", "[1M]", "*"]
        ),
        max_size=6,
    ).map("".join),
)


def literals(union: object) -> set[str]:
    """Collect the strings of a union of literals, however nested."""
    arguments = typing.get_args(union)
    return {text for arg in arguments for text in ({arg} if isinstance(arg, str) else literals(arg))}


def test_every_model_is_in_the_catalogue_once() -> None:
    assert len(MODELS) == len(ROWS)
    assert [key for key, row in MODELS.items() if key != row.id] == []


def test_ids_are_lower_case() -> None:
    assert [row.id for row in ROWS if row.id != row.id.lower()] == []


def test_every_row_says_where_it_is_from_and_when() -> None:
    origins = [(row.source, row.seen) for row in ROWS]
    origins += [(row.source, row.seen) for row in ALIASES]
    origins += [(row.source, row.seen) for row in EFFORTS]
    for source, seen in origins:
        assert source.strip()
        assert date(2025, 1, 1) <= seen <= date(2026, 11, 23)


def test_the_listed_models_are_those_that_zhipu_listed() -> None:
    assert {row.id for row in ROWS if row.status == "listed"} == LISTED


def test_largest_outputs_are_the_bounds_that_the_gateway_printed() -> None:
    printed = {f"glm-{name}": bound for bound, line in PRINTED_BOUNDS.items() for name in line.split()}
    assert {model_id: MODELS[model_id].max_output for model_id in printed} == printed


def test_no_default_exceeds_its_bound_and_no_bound_its_context() -> None:
    for row in ROWS:
        if row.default_output is not None:
            assert row.max_output is not None
            assert row.default_output <= row.max_output
        if row.max_output is not None:
            assert row.context is not None
            assert row.max_output <= row.context


def test_every_successor_is_a_model_that_can_be_called() -> None:
    for row in ROWS:
        if row.successor is not None:
            assert MODELS[row.successor].status in {"listed", "callable"}
            assert MODELS[row.successor].successor is None


def test_every_successor_takes_what_its_predecessor_took() -> None:
    for row in ROWS:
        if row.successor is not None:
            assert row.inputs <= MODELS[row.successor].inputs


def test_every_retired_model_has_a_successor_and_only_such_have_a_day_of_retirement() -> None:
    for row in ROWS:
        assert row.status != "retired" or row.successor is not None
        assert row.retired_on is None or row.status == "retired"


def test_announced_days_of_retirement() -> None:
    announced = {row.id: row.retired_on for row in ROWS if row.retired_on}
    assert announced == {
        "glm-4-0520": date(2025, 12, 30),
        **dict.fromkeys(("glm-z1-air", "glm-z1-airx", "glm-z1-flash", "glm-z1-flashx"), date(2025, 11, 15)),
    }


@pytest.mark.parametrize(
    ("model_id", "thinking"),
    [
        ("glm-5.3", "always"),
        ("glm-5.3-flash", "always"),
        ("glm-5.3-flashx", "always"),
        ("glm-5.2", "effort"),
        ("glm-5.1", "switch"),
        ("glm-5-turbo", "switch"),
        ("glm-5v-turbo", "switch"),
        ("glm-4.7", "switch"),
        ("glm-4.7-flashx", "switch"),
        ("glm-4.6v", "switch"),
        ("glm-4.5v", "switch"),
        ("glm-4.5-air", "switch"),
        ("glm-4.1v-thinking-flash", "tagged"),
        ("glm-z1-air", "tagged"),
        ("glm-4-flash-250414", "none"),
        ("glm-4-voice", "none"),
    ],
)
def test_thinking_is_controlled_as_it_was_measured(model_id: str, thinking: Thinking) -> None:
    assert MODELS[model_id].thinking == thinking


def test_think_tags_are_expected_where_thoughts_stand_in_the_content() -> None:
    tagged = {row.id for row in ROWS if row.thinking == "tagged"}
    assert {row.id for row in ROWS if row.think_tags} == tagged | {"glm-4.5v"}


def test_box_tokens_are_expected_of_vision_models_only() -> None:
    boxed = {row.id for row in ROWS if row.box_tokens}
    assert boxed >= {"glm-4.1v-thinking-flash", "glm-4.5v", "glm-4.6v"}
    assert {MODELS[model_id].kind for model_id in boxed} == {"vision"}


def test_temperature_zero_is_safe_from_4_5_on() -> None:
    old = {row.id for row in ROWS if not row.zero_temperature}
    assert old >= {"glm-4-plus", "glm-4-flash-250414", "glm-4.1v-thinking-flash", "charglm-4", "glm-4-voice"}
    assert not any(re.match(r"glm-(4\.[5-9]|5)", model_id) for model_id in old)


def test_a_model_that_streams_tool_arguments_takes_tools() -> None:
    assert [row.id for row in ROWS if row.tool_stream and not row.tools] == []


def test_days_of_release_are_those_of_the_recorded_list() -> None:
    recorded = {
        model_id: datetime.fromtimestamp(stamp, BEIJING).date() for model_id, stamp in RECORDED.items()
    }
    assert {row.id: row.released for row in ROWS if row.released} == recorded


@pytest.mark.parametrize(
    "name", ["glm-5.3", "GLM-5.3", "zai/glm-5.3", "Z-AI/GLM-5.3", "openai/glm-5.3", "zhipu/zai/glm-5.3"]
)
def test_a_model_is_found_in_any_case_and_under_a_gateways_prefix(name: str) -> None:
    assert find(name) is MODELS["glm-5.3"]


def test_openai_names_and_unknown_names_are_not_models() -> None:
    assert find("gpt-4o") is None
    assert find("glm-9") is None
    assert find("") is None


def test_every_alias_goes_to_a_model_that_can_be_called() -> None:
    for row in ALIASES:
        assert MODELS[row.model].status != "retired"
        assert MODELS[row.model].successor is None
        assert row.reason


def test_where_openais_model_does_not_reason_glms_thinking_can_be_off() -> None:
    for row in ALIASES:
        targets = [MODELS[target] for target in (row.model, row.vision) if target]
        if row.thinks:
            assert [target.id for target in targets if target.thinking == "none"] == []
        else:
            assert [target.id for target in targets if not target.can_stop_thinking] == []


def test_images_go_to_a_model_that_takes_them() -> None:
    for row in ALIASES:
        if row.model != "glm-4-voice":
            assert MODELS[row.vision or row.model].takes_images


def test_every_alias_row_decides_some_name() -> None:
    assert [row.pattern for row in ALIASES] == list(FIRST_MATCHES)
    for row in ALIASES:
        name = FIRST_MATCHES[row.pattern]
        assert fnmatchcase(name, row.pattern)
        assert alias_for(name) is row


def test_every_chat_model_of_openai_comes_to_a_catalogued_model() -> None:
    left = {name for name in literals(ChatModel) if resolve(name).model is None}
    assert left == set()


def test_openais_other_models_are_aliased_but_for_those_with_a_reason() -> None:
    left = {name for name in literals(AllModels) if resolve(name).model is None}
    assert left == NOT_ALIASED.keys() & literals(AllModels)


@pytest.mark.parametrize(
    ("name", "model_id", "with_images", "thinks"),
    [
        ("gpt-4o", "glm-5.2", "glm-4.6v", False),
        ("openai/GPT-4o", "glm-5.2", "glm-4.6v", False),
        ("gpt-4o-search-preview", "glm-5.2", "glm-4.6v", False),
        ("gpt-4.5-preview", "glm-5.2", "glm-4.6v", False),
        ("gpt-4-32k", "glm-5.2", "glm-4.6v", False),
        ("gpt-5-chat-latest", "glm-5.2", "glm-4.6v", False),
        ("gpt-4o-mini", "glm-4.5-air", "glm-4.6v-flashx", False),
        ("gpt-3.5-turbo", "glm-4.5-air", "glm-4.6v-flashx", False),
        ("gpt-4-vision-preview", "glm-4.6v", "glm-4.6v", False),
        ("gpt-4o-audio-preview", "glm-4-voice", "glm-4-voice", False),
        ("gpt-5", "glm-5.3", "glm-5.3-flash", True),
        ("gpt-5-codex", "glm-5.3", "glm-5.3-flash", True),
        ("gpt-5.6", "glm-5.3", "glm-5.3-flash", True),
        ("gpt-6.1-terra", "glm-5.3", "glm-5.3-flash", True),
        ("o1-pro", "glm-5.3", "glm-5.3-flash", True),
        ("o3-pro-2025-06-10", "glm-5.3", "glm-5.3-flash", True),
        ("gpt-5.6-luna", "glm-5.3-flash", "glm-5.3-flash", True),
        ("gpt-5-mini", "glm-5.3-flash", "glm-5.3-flash", True),
        ("o4-mini-2025-04-16", "glm-5.3-flash", "glm-5.3-flash", True),
        ("gpt-5-nano", "glm-4.7-flashx", "glm-5.3-flash", True),
    ],
)
def test_an_openai_name_comes_to(name: str, model_id: str, with_images: str, thinks: bool) -> None:
    plain = resolve(name)
    assert (plain.requested, plain.id, plain.overridden, plain.note) == (name, model_id, False, "")
    assert plain.model is MODELS[model_id]
    assert plain.alias is not None
    assert plain.alias.thinks is thinks
    assert resolve(name, images=True).id == with_images


@pytest.mark.parametrize(
    "name",
    [
        "ft:gpt-4o-2024-08-06:acme::1",
        "gpt-oss-120b",
        "gpt-7",
        "o",
        "o10-mini",
        "gpt-4o-transcribe",
        "gpt-4o-mini-tts",
        "gpt-4o-realtime-preview",
        "gpt-image-1",
        "text-embedding-3-small",
        "My-Own/Model",
        "",
    ],
)
def test_a_name_that_is_neither_glms_nor_a_chat_model_of_openais_passes_as_it_is(name: str) -> None:
    result = resolve(name, images=True)
    assert (result.id, result.model, result.alias, result.retired) == (name, None, None, False)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("GLM-5.3", "glm-5.3"),
        ("GLM-9-Preview", "glm-9-preview"),
        ("zai-org/GLM-4.6", "glm-4.6"),
        ("CodeGeeX-4", "codegeex-4"),
        ("Emohaa", "emohaa"),
        ("zhipuai/My-Tuned", "My-Tuned"),
        ("openai/gpt-oss-20b", "gpt-oss-20b"),
    ],
)
def test_glm_ids_are_sent_in_lower_case_and_prefixes_are_left_out(name: str, sent: str) -> None:
    assert (resolve(name).id, resolve(name).note) == (sent, "")


@pytest.mark.parametrize("name", ["glm-5.3[1m]", "GLM-5.3[1M]", "zai/glm-5.3[1m]"])
def test_the_suffix_of_claude_code_is_left_out_and_said_so(name: str) -> None:
    result = resolve(name)
    assert (result.id, result.retired) == ("glm-5.3", False)
    assert result.note == "The suffix [1m] was left out: the API refuses it."
    assert find(name) is MODELS["glm-5.3"]


def test_the_suffix_stays_on_names_that_are_not_glms() -> None:
    assert resolve("other[1m]").id == "other[1m]"
    assert resolve("other[1m]").note == ""


def test_a_model_asked_for_by_its_own_id_is_not_exchanged_for_images() -> None:
    assert resolve("glm-5.2", images=True).id == "glm-5.2"


def test_a_retired_model_is_sent_as_it_is_and_named_as_retired() -> None:
    result = resolve("glm-4-plus")
    assert (result.id, result.retired) == ("glm-4-plus", True)
    assert result.model is not None
    assert result.model.successor == "glm-4.7"
    assert resolve("glm-4.5").retired is False


def test_the_callers_table_decides_and_the_built_in_row_is_kept() -> None:
    result = resolve("openai/GPT-4o", overrides={"gpt-4o": "GLM-4.7"}, images=True)
    assert (result.id, result.overridden, result.model) == ("glm-4.7", True, MODELS["glm-4.7"])
    assert result.alias is alias_for("gpt-4o")


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("gpt-4o", "glm-a"),
        ("gpt-4o-mini", "glm-b"),
        ("glm-4-plus", "glm-c"),
        ("house-model", "glm-d"),
        ("o3", "glm-5.3"),
    ],
)
def test_exact_keys_of_the_callers_table_go_before_patterns(name: str, sent: str) -> None:
    table = {"GPT-4*": "glm-b", "openai/gpt-4o": "glm-a", "glm-4-plus": "glm-c", "House-Model": "glm-d"}
    assert resolve(name, overrides=table).id == sent


def test_a_target_of_the_callers_table_is_not_looked_up_again() -> None:
    assert resolve("a", overrides={"a": "b", "b": "c"}).id == "b"


def test_brackets_in_a_key_of_the_callers_table_are_not_a_pattern() -> None:
    assert resolve("o3", overrides={"o[1-9]": "glm-4.7"}).id == "glm-5.3"


@given(names, st.booleans())
@example("zai/zai/Foo", False)
@example("glm-x[1m][1m]", False)
@example("GLM-İ", False)
def test_what_goes_on_the_wire_resolves_to_itself(name: str, images: bool) -> None:
    once = resolve(name, images=images)
    again = resolve(once.id, images=images)
    assert (again.id, again.model) == (once.id, once.model)


@given(names, st.dictionaries(names, names, max_size=4), st.booleans())
def test_any_name_and_any_table_of_the_callers_resolve(
    name: str, overrides: dict[str, str], images: bool
) -> None:
    result = resolve(name, overrides=overrides, images=images)
    assert result.requested == name
    assert result.model is find(result.id)
    assert result.overridden or result == resolve(name, images=images)


@given(
    st.sampled_from(list(ROWS)),
    st.sampled_from(["zhipu/", "zhipuai/", "zai/", "z-ai/", "zai-org/", "bigmodel/"]),
)
def test_every_model_resolves_to_itself_under_every_prefix_and_case(row: Model, prefix: str) -> None:
    for name in (row.id, row.id.upper(), prefix + row.id, (prefix + row.id).upper()):
        assert (resolve(name).id, resolve(name).model) == (row.id, row)


WORDS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


@pytest.mark.parametrize(
    ("model_id", "sent"),
    [
        ("glm-5.3", ["low", "low", "low", "high", "high", "max", "max"]),
        ("glm-5.2", ["disabled", "minimal", "low", "medium", "high", "xhigh", "max"]),
        ("glm-4.7", ["disabled", "disabled", "enabled", "enabled", "enabled", "enabled", "enabled"]),
        ("glm-4.1v-thinking-flash", [None] * 7),
        ("glm-4-flash-250414", [None] * 7),
    ],
)
def test_efforts_are_sent_as(model_id: str, sent: list[str | None]) -> None:
    mapped = [effort_for(MODELS[model_id], word) for word in WORDS]
    assert [to.thinking or to.effort for to in mapped] == sent
    assert not any(to.thinking and to.effort for to in mapped)


@pytest.mark.parametrize(
    ("model_id", "exact"),
    [
        ("glm-5.3", {"low", "high", "xhigh", "max"}),
        ("glm-5.2", set(WORDS)),
        ("glm-4.7", {"none"}),
        ("glm-4.1v-thinking-flash", set()),
        ("glm-4-flash-250414", {"none"}),
    ],
)
def test_an_effort_that_is_not_met_is_said_so(model_id: str, exact: set[str]) -> None:
    mapped = {word: effort_for(MODELS[model_id], word) for word in WORDS}
    assert {word for word, to in mapped.items() if to.exact} == exact
    assert all(bool(to.note) is not to.exact for to in mapped.values())


def test_the_always_thinking_are_sent_only_words_that_they_take() -> None:
    for row in EFFORTS:
        if row.thinking == "always":
            assert row.sends.thinking is None
            assert row.sends.effort in {"low", "high", "max"}


def test_every_kind_of_thinking_has_one_row_for_every_effort() -> None:
    pairs = [(row.thinking, word) for row in EFFORTS for word in row.words]
    assert sorted(pairs) == sorted((kind, word) for kind in typing.get_args(Thinking) for word in WORDS)


@given(st.sampled_from(list(ROWS)), st.text(max_size=12).filter(lambda word: word not in WORDS))
def test_an_unknown_effort_is_left_to_the_api(row: Model, word: str) -> None:
    to = effort_for(row, word)
    assert to == EffortMapping(
        None, word, False, "Zhipu does not document this effort; it is sent unchanged."
    )


def test_the_tables_can_be_read_but_not_written() -> None:
    with pytest.raises(TypeError):
        MODELS["glm-5.3"] = MODELS["glm-5.2"]  # type: ignore[index]  # that it fails is the point
    with pytest.raises(AttributeError):
        MODELS["glm-5.3"].context = 1  # type: ignore[misc]  # likewise


def test_the_rendered_tables_have_every_row_and_whole_columns() -> None:
    text = as_markdown()
    blocks = [block.strip().splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert [len(block) - 2 for block in blocks] == [len(MODELS), len(ALIASES), len(EFFORTS)]
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block}) == 1
    for row in ROWS:
        assert f"| `{row.id}` |" in text
    for alias in ALIASES:
        assert f"| `{alias.pattern}` | `{alias.model}` |" in text


def test_a_rendered_row() -> None:
    assert (
        "| `glm-z1-airx` | text | 32,768 | 30,720 |  | text | tagged |  |  |  | `do_sample: false` | think tags "
        "| retired 2025-11-15 | `glm-4.5-air` |  | docs.bigmodel.cn of 2025; no longer in its OpenAPI "
        "(2026-07-11) |\n"
    ) in as_markdown()


def test_a_bar_inside_a_cell_does_not_end_it() -> None:
    row = replace(ALIASES[0], reason="a|b")
    assert "| a\\|b |" in _table(_ALIAS_COLUMNS, [row])
