"""``python -m zhipu_openai explain …``: look up an error code, a model, or what becomes of a parameter."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from zhipu_openai import catalogue, errors, parameters
from zhipu_openai._parameters_zh import VERDICTS
from zhipu_openai.pricing import UnitPrice

from . import command_parser
from .explain_words import FORMS, GROUPS, HELP, KINDS, LABELS, NOTHING, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zhipu_openai._error_codes import ErrorCode
    from zhipu_openai._model_facts import ModelFacts
    from zhipu_openai.parameters import Parameter
    from zhipu_openai.pricing import TokenPrice

Lang: TypeAlias = Literal["en", "zh"]

NOT_FOUND: Final = 1


def run(arguments: Sequence[str]) -> int:
    """Explain; 0 when something was found, 1 when not."""
    parser = command_parser("explain")
    parser.add_argument("what", nargs="?", help=HELP)
    parser.add_argument("field", nargs="?", help="a field of that operation")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="the language (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON, in both languages")
    options = parser.parse_args(arguments)
    found = _everything() if options.what is None else _find(options.what, options.field)
    if not found:
        print(_nothing(options.what, options.field, options.lang), file=sys.stderr)
        return NOT_FOUND
    if options.json:
        print(json.dumps(_plain(found if len(found) > 1 else found[0]), ensure_ascii=False, indent=2))
    elif options.what is None:
        print("\n".join(_overview(found, options.lang)))
    else:
        print("\n\n".join("\n".join(_lines(row, options.lang)) for row in found))
    return 0


def _find(what: str, field: str | None) -> list[Any]:
    """Find what a word stands for: a code, an operation, a model, or a field of any operation."""
    try:
        if field is not None:
            return [parameters.lookup(what, field)]
        for look in (errors.lookup, parameters.fields, catalogue.lookup):
            try:
                found: Any = look(what)
            except LookupError:
                continue
            return list(found) if isinstance(found, tuple) else [found]
    except LookupError:
        return []
    return [row for row in parameters.every() if row.name == what]


def _everything() -> list[Any]:
    return [
        *errors.every_code(),
        *(catalogue.lookup(model) for model in catalogue.MODELS),
        *parameters.every(),
    ]


def _nothing(what: str, field: str | None, lang: Lang) -> str:
    if field is not None:
        try:
            parameters.lookup(what, field)
        except LookupError as error:
            return str(error)
    known = [
        *(row.code for row in errors.every_code()),
        *catalogue.MODELS,
        *parameters.OPERATIONS,
        *{row.name for row in parameters.every()},
    ]
    close = get_close_matches(what.lower(), known, n=3)
    return NOTHING[lang].format(what=what, close=", ".join(close) or "-")


def _overview(found: list[Any], lang: Lang) -> Iterator[str]:
    """List what can be looked up, one line each."""
    codes = [row for row in found if isinstance(row, errors.ErrorCode)]
    yield GROUPS["codes"][lang]
    for row in codes:
        yield f"  {row.code:24}{row.meaning_zh if lang == 'zh' else row.meaning_en}"
    yield ""
    yield GROUPS["models"][lang]
    for model in catalogue.MODELS.values():
        context = f"{model.context:,}" if model.context else "-"
        yield f"  {model.id:28}{context:>12}  {_word(model.thinking, lang)}"
    yield ""
    yield GROUPS["operations"][lang]
    for operation in parameters.OPERATIONS:
        count = sum(isinstance(row, parameters.Parameter) and row.operation == operation for row in found)
        yield f"  {operation:36}{count:3}"
    yield ""
    yield FORMS[lang]


def _lines(row: ErrorCode | ModelFacts | Parameter, lang: Lang) -> Iterator[str]:
    """Say one row, a line for each of its facts."""
    pairs = list(_pairs(row, lang))
    width = max(_width(label) for label, _ in pairs) + 2
    for label, text in pairs:
        if text:
            yield f"{label}{' ' * (width - _width(label))}{text}"


def _pairs(row: ErrorCode | ModelFacts | Parameter, lang: Lang) -> Iterator[tuple[str, str]]:
    facts: Iterator[tuple[str, str]]
    if isinstance(row, errors.ErrorCode):
        facts = _of_code(row, lang)
    elif isinstance(row, parameters.Parameter):
        facts = _of_parameter(row, lang)
    else:
        facts = _of_model(row, lang)
    for name, text in facts:
        yield LABELS[name][lang], text
    day = row.seen.isoformat()
    yield LABELS["source"][lang], row.source if day in row.source else f"{row.source} ({day})"


def _of_code(row: ErrorCode, lang: Lang) -> Iterator[tuple[str, str]]:
    yield "code", row.code
    yield "meaning", row.meaning_zh if lang == "zh" else row.meaning_en
    yield "advice", row.advice_zh if lang == "zh" else row.advice_en
    yield "exception", f"openai.{row.exception}, HTTP {row.status}"
    yield "openai code", f"{row.openai_code or '-'} ({row.type})"
    waits = ", ".join(f"{wait:g}" for wait in row.waits)
    yield "retried", f"{_word('yes', lang)} ({waits} s)" if row.retry else _word("no", lang)


def _of_parameter(row: Parameter, lang: Lang) -> Iterator[tuple[str, str]]:
    yield "operation", row.operation
    yield "field", row.name
    yield "verdict", VERDICTS[row.verdict] if lang == "zh" else row.verdict
    yield "what", row.what_zh if lang == "zh" else row.what
    yield "range", row.range.text(lang) if row.range is not None else ""


def _of_model(row: ModelFacts, lang: Lang) -> Iterator[tuple[str, str]]:
    yield "model", row.id
    if row.requested != row.id:
        yield "asked as", f"{row.requested} ({row.why})" if row.why else row.requested
    yield "kind", KINDS[row.kind][lang]
    yield "context", f"{row.context:,}" if row.context else ""
    yield "max output", f"{row.max_output:,}" if row.max_output else ""
    yield "default output", f"{row.default_output:,}" if row.default_output else ""
    yield "inputs", ", ".join(_word(one, lang) for one in sorted(row.inputs))
    yield "outputs", ", ".join(_word(one, lang) for one in sorted(row.outputs))
    yield "thinking", _word(row.thinking, lang) if row.thinking else ""
    yield "efforts", "; ".join(_efforts(row))
    yield "tools", _word("yes" if row.tools else "no", lang) if row.thinking else ""
    yield "json mode", _word("yes" if row.json_mode else "no", lang) if row.thinking else ""
    for name, text in row.ranges.items():
        yield "range", f"{name}: {text}"
    for price in row.prices:
        yield "price", _price(price, lang)
    if not row.prices:
        yield "price", _word("unknown price", lang)
    yield "status", _word(row.status, lang) if row.status else ""
    yield "successor", row.successor or ""


def _efforts(row: ModelFacts) -> Iterator[str]:
    for word, sent in row.efforts.items():
        parts = [
            *([f"thinking {sent.thinking}"] if sent.thinking else []),
            *([sent.effort] if sent.effort else []),
        ]
        yield f"{word} → {' + '.join(parts) or '-'}"


def _price(row: TokenPrice | UnitPrice, lang: Lang) -> str:
    site = {"cn": "bigmodel.cn", "intl": "z.ai"}[row.region]
    if row.free:
        return f"{site}: {_word('free', lang)}"
    if isinstance(row, UnitPrice):
        return f"{site}: {row.amount} {row.currency} / {_word(row.unit, lang)}"
    cached = "-" if row.cached is None else row.cached
    bounds = ", ".join(
        f"{_word(name, lang)} ≥ {bound:,}"
        for name, bound in (("input", row.input_from), ("output", row.output_from))
        if bound
    )
    tier = f" ({bounds})" if bounds else ""
    return (
        f"{site}: {_word('input', lang)} {row.input}, {_word('cached', lang)} {cached}, "
        f"{_word('output', lang)} {row.output} {row.currency} / {_word('million', lang)}{tier}"
    )


def _word(word: str, lang: Lang) -> str:
    return WORDS.get(word, {"en": word, "zh": word})[lang]


def _width(text: str) -> int:
    """Count the columns of a terminal that a text takes: Chinese characters take two."""
    return sum(1 if character.isascii() else 2 for character in text)


def _plain(value: Any) -> Any:
    """Turn rows into what JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {**named, "exception": value.exception} if isinstance(value, errors.ErrorCode) else named
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
