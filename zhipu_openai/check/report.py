"""What was found, for people and for programs.

The JSON is an object with ``schema_version`` (1; it changes when a name or a meaning does, not when one is added),
``openai`` (the version that was asked), ``region``, ``endpoint``, ``strict``, ``files`` and ``summary``. A file has
``path``, ``errors`` (sentences; empty if it was read whole) and ``calls``. A call has ``line``, ``column`` (both from
1), ``end_line``, ``cell`` (a notebook's code cell, from 1, or null), ``operation`` (openai's method), ``route`` (method
and path of the request, or null), ``certain`` (false where the receiver is not known to be a client of OpenAI's),
``model`` (null, or ``asked`` and ``sent``, each null if not known) and ``findings``. A finding has ``kind``, ``field``
(empty if it is about the call), ``detail``, ``advice``, ``certain`` and ``depends_on`` (null, "value" or "receiver").
``summary`` has ``files``, ``unread``, ``calls``, ``kinds`` (findings by kind), ``models`` (name asked for to the name
sent) and ``exit_code``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, get_args

from .findings import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .clients import Defaults
    from .findings import Call, File, Finding

SCHEMA_VERSION: Final = 1

FINE: Final = 0
LOST: Final = 1
UNREAD: Final = 2

_KINDS: Final = get_args(Kind)


@dataclass(slots=True)
class Totals:
    """What is counted on the way."""

    strict: bool
    files: int = 0
    unread: int = 0
    calls: int = 0
    fails: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    models: dict[str, str] = field(default_factory=dict)

    def take(self, file: File) -> None:
        """Count a file."""
        self.files += 1
        self.unread += bool(file.errors)
        for call in file.calls:
            self.calls += call.route is not None
            if call.model is not None and call.model.asked and call.model.sent:
                self.models[call.model.asked] = call.model.sent
            for one in call.findings:
                self.kinds[one.kind] += 1
                self.fails += one.fails(strict=self.strict)

    @property
    def exit_code(self) -> int:
        """0 when nothing is lost, 1 when something is, 2 when a file could not be read."""
        if self.unread:
            return UNREAD
        return LOST if self.fails else FINE


def lines(file: File, *, strict: bool, quiet: bool) -> Iterator[str]:
    """Give the lines about a file, as linters write them; quietly, those alone that fail the check."""
    for error in file.errors:
        yield f"{file.path}: unread — {error}"
    for call in file.calls:
        for one in call.findings:
            if not quiet or one.fails(strict=strict):
                yield f"{_place(file, call)}: {_said(call, one)}"
        if not quiet and not call.findings and call.model is not None and call.model.sent:
            yield f"{_place(file, call)}: same {call.operation} model — {call.model.sent} is asked as it is."


def _place(file: File, call: Call) -> str:
    cell = f"cell {call.cell}:" if call.cell is not None else ""
    return f"{file.path}:{cell}{call.line}:{call.column}"


def _said(call: Call, one: Finding) -> str:
    what = " ".join(filter(None, (call.operation, one.field)))
    unsure = "" if one.certain else f" ({_WHY[one.depends_on]})"
    advice = f" {one.advice}" if one.kind in ("dropped", "approximated", "unknown") else ""
    return f"{one.kind} {what} — {_sentence(one.detail)}{advice}{unsure}"


_WHY: Final = {
    None: "not certain",
    "value": "not certain: it depends on what is not known here",
    "receiver": "not certain: whether this is a client of OpenAI's is not known here",
}


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?。" else f"{text}."


def summary(totals: Totals) -> Iterator[str]:
    """Give the lines behind all files."""
    counted = ", ".join(f"{totals.kinds[kind]} {kind}" for kind in _KINDS if totals.kinds[kind])
    files = f"{totals.files} file{'' if totals.files == 1 else 's'}"
    calls = f"{totals.calls} call{'' if totals.calls == 1 else 's'}"
    yield f"{calls} in {files}: {counted or 'nothing to say'}."
    if totals.models:
        pairs = (
            f"{asked} → {sent}" if asked != sent else sent for asked, sent in sorted(totals.models.items())
        )
        yield f"Models: {', '.join(pairs)}."
    if totals.unread:
        yield f"{totals.unread} of the files could not be read, or not whole."


def as_json(found: list[File], totals: Totals, defaults: Defaults) -> dict[str, Any]:
    """Give everything as JSON; the form is described above."""
    from importlib.metadata import version  # noqa: PLC0415 - for JSON alone

    return {
        "schema_version": SCHEMA_VERSION,
        "openai": version("openai"),
        "region": defaults.region,
        "endpoint": defaults.endpoint,
        "strict": totals.strict,
        "files": [
            {"path": file.path, "errors": file.errors, "calls": [_call(call) for call in file.calls]}
            for file in found
        ],
        "summary": {
            "files": totals.files,
            "unread": totals.unread,
            "calls": totals.calls,
            "kinds": {kind: totals.kinds[kind] for kind in _KINDS if totals.kinds[kind]},
            "models": totals.models,
            "exit_code": totals.exit_code,
        },
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "line": call.line,
        "column": call.column,
        "end_line": call.end_line,
        "cell": call.cell,
        "operation": call.operation,
        "route": call.route,
        "certain": call.certain,
        "model": None if call.model is None else {"asked": call.model.asked, "sent": call.model.sent},
        "findings": [
            {
                "kind": one.kind,
                "field": one.field,
                "detail": one.detail,
                "advice": one.advice,
                "certain": one.certain,
                "depends_on": one.depends_on,
            }
            for one in call.findings
        ],
    }
