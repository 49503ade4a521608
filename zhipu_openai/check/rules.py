"""What is said about a call: what the translation does with the arguments that are known, and the table's row for others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, product
from math import prod
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import CHANGES_MEANING

from . import placeholders
from .findings import Finding, Model
from .probe import Outcome, Probe, Where, parameters
from .tables import rows
from .values import REST, Either, FunctionTool, is_plain, is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OF_THE_REQUEST: Final = frozenset({"extra_headers", "extra_query", "timeout"})
"""Arguments of every method that are no part of the body, and that the translation does not look at."""

_SHAPES: Final = frozenset({"response_format", "text_format"})
_TAKES_CLASSES: Final = frozenset({"parse", "stream"})

_ABOUT_OTHERS: Final = frozenset(
    {
        "background",
        "conversation",
        "functions",
        "model",
        "previous_response_id",
        "purpose",
        "response_format",
        "stream",
        "text",
        "tool_choice",
        "tools",
    }
)
"""Arguments on which it may depend whether another is refused."""

_MISSING: Final = re.compile(r"Missing required arguments; Expected (?:either )?\(?(.*?)(?:\)|$)")
_QUOTED: Final = re.compile(r"'(\w+)'")

_SAID: Final = frozenset({"input", "messages"})
"""What a model is told: if it is not known, it is there all the same."""

_ROUNDS: Final = 8
"""How often a call is looked at anew, without an argument that was refused."""

_MOST_ALTERNATIVES: Final = 8
"""Combinations of values that are looked at for one call."""

_NO_MODEL: Final = "The model is not known here, nor what depends on it."
_NO_REQUEST: Final = "What is known of the call is not enough to tell what it sends."
_MORE: Final = "Some arguments are not known here."


@dataclass(slots=True)
class Verdict:
    """What is said about one call."""

    route: str | None = None
    model: Model | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _Given:
    """The arguments of a call, by how much is known of them."""

    known: dict[str, Any] = field(default_factory=dict)
    partly: dict[str, Any] = field(default_factory=dict)
    stand_ins: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    more: bool = False

    def arguments(self) -> dict[str, Any]:
        return {**self.stand_ins, **self.files, **self.known, **self.partly}

    def leave_out(self, name: str, *, needed: bool) -> None:
        """Take an argument as one of which nothing is known."""
        self.partly.pop(name, None)
        if name not in self.unknown:
            self.unknown.append(name)
        if needed:
            self.stand_ins[name] = placeholders.argument(name)

    def may_change(self) -> bool:
        """Whether what is not known may decide whether something else is refused."""
        return self.more or not _ABOUT_OTHERS.isdisjoint(self.unknown)


@cache
def probe(where_key: tuple[Any, ...]) -> Probe:
    """Give the probe for one place; see ``key_of``."""
    base_url, aliases, responses = where_key
    return Probe(Where(base_url, dict(aliases), responses))


def key_of(where: Where) -> tuple[Any, ...]:
    """Give a place as something that can be a key."""
    return where.base_url, tuple(sorted(where.model_aliases.items())), where.responses


def judge(where: Where, path: tuple[str, ...], given: Mapping[Any, Any], positional: list[Any]) -> Verdict:
    """Say what becomes of a call.

    Args:
        where: Where it goes.
        path: The method, from the client on.
        given: The arguments by name, as far as they are known; ``REST`` among them for others.
        positional: The arguments without a name.
    """
    asking = probe(key_of(where))
    method = asking.method(path)
    if method is None:
        return Verdict(findings=[Finding("absent", "", _no_such(path))])
    taken = parameters(method)
    arguments = dict(given)
    names = [one for one in taken.values() if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    for one, value in zip(names, positional, strict=False):
        arguments[REST if value is REST else one.name] = value
    return _merged([_judged(asking, path, one) for one in _alternatives(arguments)])


def _alternatives(arguments: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    """Give the arguments for each of the few values that they may have; all together where those are too many."""
    open_ones = {name: value.values for name, value in arguments.items() if isinstance(value, Either)}
    if prod(map(len, open_ones.values())) > _MOST_ALTERNATIVES:
        open_ones = {}
    for values in product(*open_ones.values()):
        chosen = dict(zip(open_ones, values, strict=True))
        yield {name: chosen.get(name, value) for name, value in arguments.items()}


def _merged(made: list[Verdict]) -> Verdict:
    """Make one verdict of several: what not all of them say is not certain."""
    first = made[0]
    if len(made) == 1:
        return first
    found: dict[Finding, None] = {}
    for finding in chain.from_iterable(one.findings for one in made):
        everywhere = all(finding in one.findings for one in made)
        found[finding if everywhere else replace(finding, certain=False, depends_on="value")] = None
    model = first.model if all(one.model == first.model for one in made) else Model(None, None)
    return Verdict(first.route, model, list(found))


def _judged(asking: Probe, path: tuple[str, ...], arguments: dict[Any, Any]) -> Verdict:
    taken = parameters(asking.method(path))
    needed = {one.name for one in taken.values() if one.default is one.empty and one.kind not in _VARIABLE}
    sorted_out = _sort(path, arguments, needed)
    for name in ("tools", "functions"):
        if name in sorted_out.unknown:
            # Without them, what is said of them would be left out, or refused.
            sorted_out.stand_ins[name] = placeholders.tools(
                name, arguments.get("tool_choice"), flat="responses" in path
            )
    made = _verdict(asking, path, sorted_out, needed)
    if sorted_out.files:
        # What is in a file, such as the lines of a batch, is not known here.
        told = {"", *arguments}
        made.findings = [one for one in made.findings if top_of(one.field) in told]
    return made


_VARIABLE: Final = frozenset({2, 4})
"""*args and **kwargs, as `inspect` counts."""


def _sort(path: tuple[str, ...], arguments: dict[Any, Any], needed: set[str]) -> _Given:
    """Put each argument among those that are known, known in part, or not known."""
    given = _Given()
    purpose, sound = arguments.get("purpose"), "audio" in path
    for name, value in arguments.items():
        if name is REST:
            given.more = True
        elif name in _OF_THE_REQUEST:
            continue
        elif name in placeholders.FILES and value is not None:
            given.files[name] = placeholders.file(name, purpose, sound=sound)
        elif is_plain(value):
            given.known[name] = value
        elif path[-1] in _TAKES_CLASSES and name in _SHAPES and is_unknown(value):
            given.known[name] = placeholders.shape()
        elif is_unknown(value) or not _is_partly_known(value):
            given.leave_out(name, needed=name in needed or name in _SAID)
        else:
            given.partly[name] = placeholders.partly(name, value)
    _fill(given, needed - set(arguments), purpose, sound=sound)
    if path[-1] == "upload_file_chunked":
        # It would open what is no bytes.
        given.files["file"] = b"placeholder"
        given.stand_ins |= {"filename": "placeholder.txt", "bytes": 11}
    return given


def _fill(given: _Given, missing: set[str], purpose: Any, *, sound: bool) -> None:
    """Put something in the place of what openai's method cannot do without."""
    for name in missing:
        if name in placeholders.FILES:
            given.files[name] = placeholders.file(name, purpose, sound=sound)
        elif given.more:
            given.leave_out(name, needed=True)
        else:
            given.stand_ins[name] = placeholders.argument(name)


def _is_partly_known(value: Any) -> bool:
    """Whether anything is known of a list or dict."""
    given = value.values() if isinstance(value, dict) else value
    return any(isinstance(one, FunctionTool) or not is_unknown(one) for one in given)


def _verdict(asking: Probe, path: tuple[str, ...], given: _Given, needed: set[str]) -> Verdict:
    made = Verdict()
    outcome = Outcome()
    for _ in range(_ROUNDS):
        outcome = asking.ask(path, given.arguments())
        if outcome.unexpected is not None and outcome.unexpected in given.arguments():
            made.findings.append(
                Finding("absent", outcome.unexpected, _no_argument(path, outcome.unexpected))
            )
            _forget(given, outcome.unexpected)
        elif outcome.problem is not None and _complete(given, outcome.problem, asking.method(path)):
            continue
        elif outcome.refusal is None or not _go_on(made, given, outcome, needed):
            break
    if outcome.route is not None:
        made.route = f"{outcome.method} {outcome.route.path}"
    _note_entries(made, given, outcome)
    _note_rows(made, given, outcome)
    _note_model(made, given, outcome, needed)
    if outcome.problem is not None and outcome.unexpected is None:
        made.findings.append(Finding("unknown", "", _NO_REQUEST, certain=False, depends_on="value"))
    if given.more:
        made.findings.append(Finding("unknown", "", _MORE, certain=False, depends_on="value"))
    return made


def _complete(given: _Given, problem: str, method: Any) -> bool:
    """Add what openai says is missing, or may be among what is not known; say whether there was anything."""
    said = _MISSING.search(problem)
    names = _QUOTED.findall(said[1]) if said else []
    if given.more:
        names += [name for name in ("model", "messages", "input") if name in parameters(method)]
    missing = [name for name in names if name not in given.arguments()]
    for name in missing:
        if name in placeholders.FILES:
            given.files[name] = placeholders.file(name, None, sound=name == "audio_sample")
        else:
            given.leave_out(name, needed=True)
    return bool(missing)


def _go_on(made: Verdict, given: _Given, outcome: Outcome, needed: set[str]) -> bool:
    """Note a refusal, unless a placeholder is to blame; say whether to look again without the argument."""
    error = outcome.refusal or {}
    param = error.get("param")
    name = top_of(str(param)) if param else ""
    if name in given.partly:
        given.leave_out(name, needed=name in needed)
        return True
    if name in given.stand_ins or name in given.files:
        return False
    if given.more and name in _SAID and name not in given.known:
        given.leave_out(name, needed=True)
        return True
    certain = not given.may_change() or outcome.route is None or outcome.route.verdict == "refused"
    made.findings.append(
        Finding(
            "refused",
            str(param or ""),
            str(error.get("message", "")),
            certain=certain,
            depends_on=None if certain else "value",
        )
    )
    if name not in given.known or name in needed:
        return False
    _forget(given, name)
    return True


def _forget(given: _Given, name: str) -> None:
    for group in (given.known, given.partly, given.stand_ins, given.files):
        group.pop(name, None)


def _note_entries(made: Verdict, given: _Given, outcome: Outcome) -> None:
    for entry in outcome.entries:
        name = top_of(entry.field)
        if name not in given.unknown or name not in given.stand_ins:
            made.findings.append(Finding(entry.kind, entry.field, entry.detail))


def _note_rows(made: Verdict, given: _Given, outcome: Outcome) -> None:
    """Note what the table says of the arguments whose values are not known, where that may matter."""
    if outcome.route is None:
        return
    table = rows(outcome.route.operation)
    said = {top_of(one.field) for one in made.findings}
    recorded = {top_of(one.field) for one in outcome.entries}
    for name in given.unknown:
        row = table.get(name)
        if row is None or name in said or getattr(row, "silent", False):
            continue
        if name in given.stand_ins and name not in recorded:
            continue  # a usual value of it is nothing to record
        if row.verdict in CHANGES_MEANING or row.verdict == "refused":
            made.findings.append(Finding(row.verdict, name, row.what, certain=False, depends_on="value"))


def _note_model(made: Verdict, given: _Given, outcome: Outcome, needed: set[str]) -> None:
    named = given.known.get("model")
    if "model" in given.unknown or (given.more and named is None and "model" in needed):
        made.model = Model(None, None)
        made.findings.append(Finding("unknown", "model", _NO_MODEL, certain=False, depends_on="value"))
    elif isinstance(named, str) or outcome.model is not None:
        made.model = Model(named if isinstance(named, str) else None, outcome.model)


def top_of(name: str) -> str:
    """Give the argument that the name of a field belongs to: ``messages`` for ``messages[0].content``."""
    return re.split(r"[^\w]", name, maxsplit=1)[0]


@cache
def _version() -> str:
    import openai  # noqa: PLC0415 - for its version alone

    return openai.__version__


def _no_such(path: tuple[str, ...]) -> str:
    return f"openai {_version()} has no {'.'.join(('client', *path))}."


def _no_argument(path: tuple[str, ...], name: str) -> str:
    return f"{'.'.join(path)} of openai {_version()} has no argument {name}; a field of Zhipu's own goes into extra_body."
