"""Answers that follow a JSON Schema, from a model that only knows ``json_object``.

Zhipu documents ``text`` and ``json_object`` as response formats. A ``json_schema`` is answered with HTTP 200
and not applied, the answer often inside a Markdown fence (hugalafutro/model-hotel#896, 2026-09-03;
BerriAI/litellm#37720, 2026-08-20). What was measured to work on three hosts (the same model-hotel thread) is
the schema in the leading system turn together with ``json_object``: that is ``schema_instruction``. The rest
of this module takes off the fence, checks the answer, and words the request to correct it.
"""

from __future__ import annotations

import importlib
import itertools
import re
from typing import Any, Final

from zhipu_openai.translate.json_schema import compact_json, parse_json

_SCHEMA_LINE: Final = re.compile(r'^JSON Schema "(?P<name>.*)":\r?\n(?P<schema>.+)$', re.MULTILINE)

# The words that may follow the opening backticks of a fence around JSON.
_FENCE_LANGUAGES: Final = frozenset({"", "json", "jsonc", "json5"})
_FENCE_WORD: Final = re.compile(r"[A-Za-z0-9]*")
_FEWEST_BACKTICKS: Final = 3
_MOST_BACKTICKS: Final = 8
# What may be waited for before a stream is known to be fenced or not.
_LONGEST_LEADING_SPACE: Final = 64
_LONGEST_LANGUAGE: Final = 16

_FENCED_BLOCK: Final = re.compile(r"^[ \t]*```+[A-Za-z0-9]*", re.MULTILINE)
_CLOSING_LINE: Final = re.compile(r"\n[ \t]*```")
_FENCE_OR_SPACE: Final = "` \t\r\n"
_JSON_SPACE: Final = " \t\r\n"
_JSON_NESTING: Final = frozenset("{}[]")

_MOST_PROBLEMS: Final = 5
_LONGEST_PROBLEM: Final = 199


def schema_instruction(
    name: str, schema: dict[str, Any], description: str | None = None, *, with_tools: bool
) -> str:
    """Return the text for the leading system turn that asks for an answer after a JSON Schema.

    The schema stands once, as compact JSON on the line after ``JSON Schema "<name>":``, where
    ``find_schema_in`` finds it again.

    Args:
        name: the schema's name in ``response_format``.
        schema: the JSON Schema, ``simplify``-ed or as it is.
        description: what the answer is for, from ``response_format``; may be None or empty.
        with_tools: whether the request has tools; then the instruction is confined to the final answer.
    """
    lines = []
    if with_tools:
        lines.append("Call tools whenever they are needed; the following applies only to your final answer.")
    lines.append(
        "Answer with exactly one JSON value that is valid against the JSON Schema below. "
        "Write the JSON only: no Markdown fence, no text before or after it."
    )
    purpose = _on_one_line(description or "")
    if purpose:
        lines.append(f"The answer is: {purpose}")
    lines.append(f'JSON Schema "{_on_one_line(name)}":')
    lines.append(compact_json(schema))
    return "\n".join(lines)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def find_schema_in(text: str) -> dict[str, Any] | None:
    """Return the schema that ``schema_instruction`` put into a text, the last one if there are several."""
    for match in reversed(list(_SCHEMA_LINE.finditer(text))):
        try:
            schema = parse_json(match["schema"])
        except (ValueError, RecursionError):
            continue
        if isinstance(schema, dict):
            return schema
    return None


def unfence(text: str) -> str:
    r"""Return the JSON inside a Markdown fence.

    A text that is nothing but one fence (three or more backticks, with or without the word ``json``) is
    replaced by what is inside, trimmed. A fence with words around it is taken off only if JSON is inside
    and there is no brace or bracket outside. Every other text, JSON above all, is returned as it is.
    """
    if _is_json(text):
        return text
    for inside in (_whole_fence(text), _fence_in_prose(text)):
        if inside is not None:
            return inside
    return text


def _is_json(text: str) -> bool:
    try:
        parse_json(text)
    except (ValueError, RecursionError):
        return False
    return True


def _whole_fence(text: str) -> str | None:
    start = _fence_opening_end(text, ended=True)
    if not start:
        return None
    trimmed = text.rstrip(_JSON_SPACE)
    body = trimmed.rstrip("`")
    if len(body) < start or len(trimmed) - len(body) < _FEWEST_BACKTICKS:
        return None
    # With a further line of backticks inside, the first and the last do not belong together.
    inside = body[start:].strip(_JSON_SPACE)
    return None if _CLOSING_LINE.search(inside) else inside


def _fence_in_prose(text: str) -> str | None:
    opening = _FENCED_BLOCK.search(text)
    if opening is None:
        return None
    close = text.rfind("```")
    if close < opening.end():
        return None
    inside = text[opening.end() : close].rstrip("`").strip(_JSON_SPACE)
    outside = text[: opening.start()] + text[close:]
    return inside if _JSON_NESTING.isdisjoint(outside) and _is_json(inside) else None


def _fence_opening_end(head: str, *, ended: bool = False) -> int | None:
    """Return where a text's opening fence ends: 0 if it has none, None if that cannot be told yet.

    Args:
        head: the text from its beginning.
        ended: whether nothing more follows; then there is always an answer.
    """
    undecided = 0 if ended else None
    start = len(head) - len(head.lstrip(_JSON_SPACE))
    if start > _LONGEST_LEADING_SPACE:
        return 0
    backticks_end = len(head) - len(head[start:].lstrip("`"))
    backticks = backticks_end - start
    if backticks > _MOST_BACKTICKS:
        return 0
    if backticks_end == len(head):
        return undecided
    if backticks < _FEWEST_BACKTICKS:
        return 0
    word = _FENCE_WORD.match(head, backticks_end, backticks_end + _LONGEST_LANGUAGE)
    language = word.group() if word else ""
    word_end = backticks_end + len(language)
    if word_end == len(head):
        return undecided
    # "```json" may be followed by the value on the same line, but "```python" or "``` is" are no fence.
    follows = head[word_end] in _JSON_SPACE or head[word_end] in '{["-'
    return word_end if follows and language.lower() in _FENCE_LANGUAGES else 0


class UnfenceStream:
    """``unfence`` for a text that arrives in pieces.

    A fence at the very beginning is taken off, with its closing line and with words after that, if these
    hold no brace or bracket. Words before a fence cannot be taken back once they are sent: a text that
    begins otherwise passes as it is, at once. Held back are only the leading space, backticks and
    language word until they are understood, and inside a fence trailing space and backticks.
    """

    def __init__(self) -> None:
        """Start at the beginning of a text."""
        self._head: str | None = ""
        self._fenced = False
        self._begun = False
        self._closed = False
        self._first = self._last = ""
        self._tail: list[str] = []

    def feed(self, text: str) -> str:
        """Take the next piece and return what can be passed on."""
        if self._head is not None:
            self._head += text
            end = _fence_opening_end(self._head)
            if end is None:
                return ""
            self._fenced, text, self._head = end > 0, self._head[end:], None
        return self._inside(text) if self._fenced else text

    def end(self) -> str:
        """Return what was held back and turns out to be part of the text."""
        head, tail = self._head or "", "".join(self._tail)
        self._head, self._tail = None, []
        if not self._fenced:
            return head
        if self._closed:
            whole = self._first + self._last in {"{}", "[]"}
            return "" if whole and _JSON_NESTING.isdisjoint(tail) else tail
        return "" if "`" in tail else tail

    def _inside(self, text: str) -> str:
        if not self._begun:
            text = text.lstrip(_JSON_SPACE)
            self._begun = bool(text)
        body = text.rstrip(_FENCE_OR_SPACE)
        if self._closed or not body:
            self._tail.append(text)
            return ""
        tail = "".join(self._tail)
        text, body = tail + text, tail + body
        # JSON has no line of backticks, so the block ends before it even if something follows.
        closing = _CLOSING_LINE.search(body)
        if closing is not None:
            self._closed = True
            body = body[: closing.start()].rstrip(_JSON_SPACE)
        self._tail = [text[len(body) :]]
        self._first = self._first or body[:1]
        self._last = body[-1:] or self._last
        return body


def validator_available() -> bool:
    """Tell whether answers can be checked against a schema (the extra ``schema`` is installed)."""
    return _optional_module("jsonschema") is not None


def _optional_module(name: str) -> Any | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def violations(text: str, schema: dict[str, Any] | None) -> list[str]:
    """Return what is wrong with an answer that should be JSON after a schema; nothing if all is well.

    Whether it is JSON is always checked; the schema only if ``jsonschema`` is installed (the extra
    ``schema``), by JSON Schema 2020-12. A schema that is itself broken, or refers to something outside
    itself, is not held against the answer. Nothing is ever fetched.

    Returns:
        At most five messages of less than 200 characters: one that begins with ``not JSON:``, or for each
        violation its JSON path and what is wrong there.
    """
    try:
        answer = parse_json(text)
    except ValueError as error:
        return [_shortened(f"not JSON: {error if text.strip() else 'the answer is empty'}")]
    except RecursionError:
        return ["not JSON: it is nested too deeply"]
    jsonschema = _optional_module("jsonschema")
    if schema is None or jsonschema is None:
        return []
    referencing = importlib.import_module("referencing")
    unusable = (
        jsonschema.exceptions.SchemaError,
        referencing.exceptions.Unresolvable,
        RecursionError,
    )
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        # Given a registry, jsonschema does not fetch references from the network.
        validator = jsonschema.Draft202012Validator(schema, registry=referencing.Registry())
        # Of a union that does not match, the branch that comes nearest says more than the union itself.
        nearest = map(jsonschema.exceptions.best_match, ([error] for error in validator.iter_errors(answer)))
        return [
            _shortened(f"{error.json_path}: {error.message}")
            for error in itertools.islice(nearest, _MOST_PROBLEMS)
        ]
    except unusable:
        return []


def _shortened(message: str) -> str:
    return message if len(message) <= _LONGEST_PROBLEM else f"{message[: _LONGEST_PROBLEM - 1]}…"


def repair_messages(answer: str, problems: list[str]) -> list[dict[str, str]]:
    """Return the turns that ask the model to correct its answer, to be appended to the messages.

    An empty answer has no turn of its own: whether Zhipu takes an assistant turn with empty content is not
    established, while two user turns in a row are accepted (recorded traffic, api.z.ai, 2025-10 to
    2026-04).

    Args:
        answer: the answer as the model gave it.
        problems: what is wrong with it, from ``violations``.
    """
    request = "\n".join(
        [
            "Your last answer cannot be used:",
            *(f"- {problem}" for problem in problems),
            "Send the whole corrected answer again, as JSON only: no Markdown fence, no other text.",
        ]
    )
    bad_turn = [{"role": "assistant", "content": answer}] if answer.strip() else []
    return [*bad_turn, {"role": "user", "content": request}]
