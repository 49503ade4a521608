"""The model catalogue: what a GLM model can do, and which one answers for one of OpenAI's names.

Nothing here refuses a model. A name that is not in the tables goes to Zhipu as it was written, so that a
model released tomorrow works today. The tables are in `_catalogue` and `_aliases`; to follow Zhipu, change
a row there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from ._aliases import ALIASES, NOT_CHAT, Alias
from ._catalogue import ROWS, Kind, Model, Status, Thinking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias, TypeVar

    from ._model_facts import ModelFacts

    Row = TypeVar("Row", Model, Alias, "EffortRow")
    # A column of a rendered table: its title, and the cell of a row.
    _Columns: TypeAlias = tuple[tuple[str, Callable[[Row], str]], ...]

__all__ = [
    "ALIASES",
    "EFFORTS",
    "MODELS",
    "Alias",
    "EffortMapping",
    "EffortRow",
    "Kind",
    "Model",
    "Resolution",
    "Status",
    "Thinking",
    "alias_for",
    "as_markdown",
    "effort_for",
    "find",
    "lookup",
    "resolve",
]

MODELS: Final[Mapping[str, Model]] = MappingProxyType({row.id: row for row in ROWS})
"""Zhipu's chat models by id."""

_PREFIXES: Final = re.compile(
    r"(?:(?:zhipu|zhipuai|zai|z-ai|zai-org|bigmodel|openai)/)+", re.IGNORECASE | re.ASCII
)
_LONG_CONTEXT: Final = "[1m]"
_NO_OVERRIDES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a requested model name came to.

    Attributes:
        requested: The name as the caller wrote it.
        id: The name that goes on the wire.
        model: The catalogue's row for `id`; None if the catalogue does not know it.
        alias: The built-in row for the requested name, even when the caller's table decided: whether
            thinking is to be off is still read from it. None for a name that is not OpenAI's.
        overridden: The caller's own table decided.
        retired: Zhipu has retired the model; `model.successor` is the one to move to.
        note: A sentence about a change that the name alone does not show; empty if there is none.
    """

    requested: str
    id: str
    model: Model | None
    alias: Alias | None
    overridden: bool
    retired: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class EffortMapping:
    """What to send for one of OpenAI's words for reasoning effort.

    Attributes:
        thinking: Value of `thinking.type`; None to send no `thinking`.
        effort: Value of `reasoning_effort`; None to send none.
        exact: The model then does what the caller asked for.
        note: What the caller does not get, as a sentence; empty if `exact`.
    """

    thinking: Literal["enabled", "disabled"] | None
    effort: str | None
    exact: bool
    note: str


@dataclass(frozen=True, slots=True)
class EffortRow:
    """How models of one kind of thinking take some words for reasoning effort.

    Attributes:
        thinking: The kind of thinking, see `Thinking`.
        words: OpenAI's words.
        sends: What to send for each of them.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    thinking: Thinking
    words: tuple[str, ...]
    sends: EffortMapping
    source: str
    seen: date


_PROBED: Final = "docs.bigmodel.cn, and probes of open.bigmodel.cn (RarogCmex/pi-bigmodel evidence)"
_FOLDED: Final = "docs.bigmodel.cn, the Coding Plan's own mapping; 400/1210 elsewhere when probed"
_SEEN: Final = date(2026, 10, 9)
_ALWAYS_THINKS: Final = "The model always thinks; the lowest effort is sent."
_HAS_THREE: Final = "The model has the efforts low, high and max; high is sent."
_ONLY_SWITCH: Final = "The model's thinking can be turned on or off but has no levels of effort."
_TURNED_OFF: Final = "The model's thinking has no levels of effort; it is turned off."
_NO_CONTROL: Final = "The model always thinks and has no levels of effort; nothing is sent."
_NO_THINKING: Final = "The model does not think; nothing is sent."


def _same(thinking: Thinking, *words: str) -> tuple[EffortRow, ...]:
    """Build the rows of words that are sent as they are."""
    return tuple(
        EffortRow(thinking, (word,), EffortMapping(None, word, True, ""), _PROBED, _SEEN) for word in words
    )


EFFORTS: Final[tuple[EffortRow, ...]] = (
    EffortRow(
        "always", ("none", "minimal"), EffortMapping(None, "low", False, _ALWAYS_THINKS), _FOLDED, _SEEN
    ),
    EffortRow("always", ("medium",), EffortMapping(None, "high", False, _HAS_THREE), _FOLDED, _SEEN),
    EffortRow("always", ("xhigh",), EffortMapping(None, "max", True, ""), _FOLDED, _SEEN),
    *_same("always", "low", "high", "max"),
    # 5.2 itself folds low and medium into high, and xhigh into max.
    EffortRow("effort", ("none",), EffortMapping("disabled", None, True, ""), _PROBED, _SEEN),
    *_same("effort", "minimal", "low", "medium", "high", "xhigh", "max"),
    # To omit `thinking` means on: only an explicit "disabled" stops it.
    EffortRow("switch", ("none",), EffortMapping("disabled", None, True, ""), _PROBED, _SEEN),
    EffortRow("switch", ("minimal",), EffortMapping("disabled", None, False, _TURNED_OFF), _PROBED, _SEEN),
    EffortRow(
        "switch",
        ("low", "medium", "high", "xhigh", "max"),
        EffortMapping("enabled", None, False, _ONLY_SWITCH),
        _PROBED,
        _SEEN,
    ),
    EffortRow(
        "tagged",
        ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
        EffortMapping(None, None, False, _NO_CONTROL),
        _PROBED,
        _SEEN,
    ),
    EffortRow("none", ("none",), EffortMapping(None, None, True, ""), _PROBED, _SEEN),
    EffortRow(
        "none",
        ("minimal", "low", "medium", "high", "xhigh", "max"),
        EffortMapping(None, None, False, _NO_THINKING),
        _PROBED,
        _SEEN,
    ),
)
"""How each kind of thinking takes OpenAI's words for reasoning effort."""

_EFFORTS: Final[Mapping[tuple[str, str], EffortMapping]] = MappingProxyType(
    {(row.thinking, word): row.sends for row in EFFORTS for word in row.words}
)


def find(model_id: str) -> Model | None:
    """Look up a GLM model, whatever the case and with or without a gateway's prefix such as ``z-ai/``.

    Args:
        model_id: A model id; OpenAI's names are not resolved here.

    Returns:
        The catalogue's row, or None if the catalogue does not know the id.
    """
    return MODELS.get(_normal(model_id))


def lookup(name: str) -> ModelFacts:
    """Look up all that is known of a model: its limits, modalities, thinking, parameter ranges and prices.

    Args:
        name: A model of Zhipu's of any kind, or a name of OpenAI's, which is resolved as for a call.

    Raises:
        LookupError: Nothing is known of it (a ``ModelNotFoundError``); a call would still be sent.
    """
    from ._model_facts import facts  # noqa: PLC0415 - draws on the tables of every room, which no call needs

    return facts(name)


@lru_cache(maxsize=256)
def alias_for(name: str) -> Alias | None:
    """Look up the built-in row for one of OpenAI's names.

    Args:
        name: The name, in any case, with or without prefix.

    Returns:
        The first matching row, or None for a name that is not OpenAI's or not a chat model.
    """
    key = _normal(name)
    if any(fnmatchcase(key, pattern) for pattern in NOT_CHAT):
        return None
    return next((row for row in ALIASES if fnmatchcase(key, row.pattern)), None)


def resolve(name: str, *, overrides: Mapping[str, str] = _NO_OVERRIDES, images: bool = False) -> Resolution:
    """Decide which model name goes on the wire.

    The caller's own table comes first, then GLM's ids, then the aliases for OpenAI's names; any other name
    passes as it is, but for a gateway's prefix. Ids of GLM models are sent in lower case: every published
    and recorded id is, and reports on upper case disagree.

    Args:
        name: The requested name.
        overrides: The caller's table, requested name to GLM id. Keys are compared without case and prefix;
            a key with ``*`` is a pattern, and an exact key goes before a pattern. A target is not looked
            up in the table again.
        images: A message contains images: an alias then gives a model that takes them. A model that
            was asked for by its own id, or named in `overrides`, is never exchanged.

    Returns:
        What the name came to.
    """
    alias = alias_for(name)
    target = _override(_normal(name), overrides)
    if target is not None:
        return _resolution(name, _wire(target), alias=alias, overridden=True)
    if alias is None:
        wire = _wire(name)
        # Claude Code writes [1m] behind a model that is to use its long context; GLM's API does not know it.
        left_out = wire.lower() != _bare(name).lower()
        note = "The suffix [1m] was left out: the API refuses it." if left_out else ""
        return _resolution(name, wire, note=note)
    return _resolution(name, alias.vision if images and alias.vision else alias.model, alias=alias)


def effort_for(model: Model, effort: str) -> EffortMapping:
    """Translate OpenAI's `reasoning_effort` for one model.

    Args:
        model: The model that will answer.
        effort: OpenAI's word: "none", "minimal", "low", "medium", "high", "xhigh" or "max". Any other is
            passed on unchanged, so that the API itself answers.

    Returns:
        What to send in `thinking` and `reasoning_effort`.
    """
    known = _EFFORTS.get((model.thinking, effort))
    if known is not None:
        return known
    return EffortMapping(None, effort, False, "Zhipu does not document this effort; it is sent unchanged.")


def as_markdown() -> str:
    """Render the catalogue, the aliases and the efforts as tables in GitHub's Markdown."""
    return (
        f"## Chat models\n\n{_table(_MODEL_COLUMNS, MODELS.values())}\n"
        f"## OpenAI's names\n\n{_table(_ALIAS_COLUMNS, ALIASES)}\n"
        f"## Reasoning effort\n\n{_table(_EFFORT_COLUMNS, EFFORTS)}"
    )


def _bare(name: str) -> str:
    """Take off the prefixes under which gateways and frameworks list a provider's models."""
    prefix = _PREFIXES.match(name)
    return name[prefix.end() :] if prefix else name


def _normal(name: str) -> str:
    """Bring a name into the form in which the tables are keyed."""
    return _wire(name).lower()


def _wire(name: str) -> str:
    """Write a name as Zhipu expects it: GLM's own ids in lower case, any other as it was given."""
    bare = _bare(name)
    lower = bare.lower()
    if not lower.startswith("glm-"):
        return lower if lower in MODELS else bare
    while lower.endswith(_LONG_CONTEXT):
        lower = lower.removesuffix(_LONG_CONTEXT)
    return lower


def _override(key: str, overrides: Mapping[str, str]) -> str | None:
    """Find the caller's target for a normalised name, exact keys before patterns."""
    if not overrides:
        return None
    table = {_normal(given): target for given, target in overrides.items()}
    if key in table:
        return table[key]
    return next((to for pattern, to in table.items() if "*" in pattern and fnmatchcase(key, pattern)), None)


def _resolution(
    requested: str, model_id: str, *, alias: Alias | None = None, overridden: bool = False, note: str = ""
) -> Resolution:
    model = MODELS.get(model_id)
    retired = model is not None and model.status == "retired"
    return Resolution(requested, model_id, model, alias, overridden, retired, note)


def _code(text: str | None) -> str:
    return f"`{text}`" if text else ""


def _tokens(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _origin(row: Model | Alias | EffortRow) -> str:
    return f"{row.source} ({row.seen})"


def _marks(row: Model) -> str:
    return ", ".join(
        mark for mark, there in (("think tags", row.think_tags), ("box tokens", row.box_tokens)) if there
    )


_MODEL_COLUMNS: Final[_Columns[Model]] = (
    ("Model", lambda row: _code(row.id)),
    ("Kind", lambda row: row.kind),
    ("Context", lambda row: _tokens(row.context)),
    ("Max output", lambda row: _tokens(row.max_output)),
    ("Default output", lambda row: _tokens(row.default_output)),
    ("Inputs", lambda row: ", ".join(sorted(row.inputs))),
    ("Thinking", lambda row: row.thinking),
    ("Tools", lambda row: _yes(row.tools)),
    ("Tool stream", lambda row: _yes(row.tool_stream)),
    ("JSON mode", lambda row: _yes(row.json_mode)),
    ("Temperature 0", lambda row: "as it is" if row.zero_temperature else "`do_sample: false`"),
    ("Marks in content", _marks),
    ("Status", lambda row: f"{row.status} {row.retired_on or ''}".strip()),
    ("Successor", lambda row: _code(row.successor)),
    ("Released", lambda row: str(row.released or "")),
    ("Source", _origin),
)
_ALIAS_COLUMNS: Final[_Columns[Alias]] = (
    ("OpenAI name", lambda row: _code(row.pattern)),
    ("GLM model", lambda row: _code(row.model)),
    ("With images", lambda row: _code(row.vision)),
    ("Thinking", lambda row: "on" if row.thinks else "off"),
    ("Why", lambda row: row.reason),
    ("Source", _origin),
)
_EFFORT_COLUMNS: Final[_Columns[EffortRow]] = (
    ("Model's thinking", lambda row: row.thinking),
    ("Asked for", lambda row: ", ".join(row.words)),
    ("`thinking.type`", lambda row: row.sends.thinking or ""),
    ("`reasoning_effort`", lambda row: row.sends.effort or ""),
    ("Exact", lambda row: _yes(row.sends.exact)),
    ("Note", lambda row: row.sends.note),
    ("Source", _origin),
)


def _table(columns: _Columns[Row], rows: Iterable[Row]) -> str:
    """Render one table; a bar inside a cell would end the cell and is escaped."""
    lines = [[title for title, _ in columns], ["---"] * len(columns)]
    lines += [[cell(row).replace("|", "\\|") for _, cell in columns] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
