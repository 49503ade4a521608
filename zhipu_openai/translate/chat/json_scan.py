"""Looking at JSON while it streams: where a value ends, and where a string may hide an object.

Both machines take pieces with ``feed``, return what can be passed on, and give up the rest at ``end``; how
the text was cut into pieces makes no difference to the result. Both look at every character once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.json_schema import parse_json, repair_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACE: Final = " \t\r\n"
_MARK: Final = re.compile(r'[\[\]{}"]')
_STRING_REST: Final = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_STRING_BEGINNING: Final = re.compile(r'"(?:[ \t\r\n]|\\[nrt]){0,64}')
_SCALARS: Final = frozenset({"string", "number", "integer", "boolean", "null"})

MOST_REPAIRS: Final = 100
"""How many strings in one call are tried as objects; each try reads the arguments once more."""


class _Strings:
    """Whether a place in a text is inside a JSON string, across the pieces of the text."""

    def __init__(self) -> None:
        self.inside = False
        self._escaped = False

    def skip(self, text: str, place: int) -> int:
        """Go on to behind the end of the string, or of the text."""
        if self._escaped:
            self._escaped = False
            place += 1
        match = _STRING_REST.match(text, place)
        end = place if match is None else match.end()
        if end < len(text):
            # A backslash here is the last character: what it escapes is in the next piece.
            self._escaped = text[end] == "\\"
            self.inside = self._escaped
            end += 1
        return end


class JsonGate:
    """Lets one JSON object or array through while it streams, and holds back every other word.

    openai's ``.stream()`` parses the content as it grows and fails on what is no JSON; and what has not
    been delivered can still be asked for again. A text that begins otherwise is held back whole.
    """

    def __init__(self, schema: Mapping[str, Any] | None) -> None:
        """Wait for a value that the schema admits; None means an object."""
        self._beginnings = _beginnings(schema)
        self._step = self._before if self._beginnings else self._pass
        self._strings = _Strings()
        self._depth = 0
        self._held: list[str] = []

    def feed(self, text: str) -> str:
        """Take the next piece; give what belongs to the value."""
        return self._step(text)

    def end(self) -> str:
        """Give what was held back: space alone, or words before, behind or in place of the value."""
        held, self._held = "".join(self._held), []
        return held

    def _before(self, text: str) -> str:
        first = text.lstrip(_SPACE)[:1]
        if first and first in self._beginnings:
            self._step = self._inside
            return self._inside(self.end() + text)
        if first:
            self._step = self._hold
        return self._hold(text)

    def _inside(self, text: str) -> str:
        place = 0
        while place < len(text):
            if self._strings.inside:
                place = self._strings.skip(text, place)
                continue
            mark = _MARK.search(text, place)
            if mark is None:
                break
            place = mark.end()
            if mark[0] == '"':
                self._strings.inside = True
                continue
            self._depth += 1 if mark[0] in "[{" else -1
            if self._depth == 0:
                self._step = self._hold
                self._hold(text[place:])
                return text[:place]
        return text

    def _hold(self, text: str) -> str:
        self._held.append(text)
        return ""

    def _pass(self, text: str) -> str:
        return text


def _beginnings(schema: Mapping[str, Any] | None) -> str:
    """Give the characters with which a value can begin; none where a plain string or number may come."""
    kind = "object" if schema is None else schema.get("type")
    kinds = frozenset(kind if isinstance(kind, list) else [kind])
    if kinds & _SCALARS:
        return ""
    return "{" if kinds == {"object"} else "[{"


class ArgumentStream:
    """``repair_arguments`` for arguments that arrive in pieces.

    They pass as they come, up to the first string that may hold an object or an array; from there on they
    wait for the end, where it can be seen what the schema wants.
    """

    def __init__(self, schema: dict[str, Any] | None) -> None:
        """Begin; without a schema nothing is ever repaired."""
        self._schema = schema
        self._strings = _Strings()
        self._passed: list[str] = []
        self._held: list[str] = []
        self._waits = False

    def feed(self, text: str) -> str:
        """Take the next piece; give what is certain to stay as it is."""
        if self._schema is None:
            return text
        if self._waits:
            self._held.append(text)
            return ""
        text = "".join(self._held) + text
        place = self._certain(text)
        self._passed.append(text[:place])
        self._held = [text[place:]]
        return text[:place]

    def end(self) -> str:
        """Give the rest, repaired if the schema wants it."""
        held, self._held = "".join(self._held), []
        if not self._waits or self._schema is None:
            return held
        self._waits = False
        passed = "".join(self._passed)
        return _repaired(passed + held, self._schema, len(passed))

    def _certain(self, text: str) -> int:
        """Find the place up to which the text can be passed on."""
        place = 0
        while place < len(text):
            if self._strings.inside:
                place = self._strings.skip(text, place)
                continue
            beginning = _STRING_BEGINNING.search(text, place)
            if beginning is None:
                break
            following = text[beginning.end() : beginning.end() + 2]
            if following in ("", "\\"):
                return beginning.start()
            if following[0] in "[{":
                self._waits = True
                return beginning.start()
            self._strings.inside = True
            place = beginning.start() + 1
        return len(text)


def _repaired(arguments: str, schema: dict[str, Any], start: int) -> str:
    """Repair arguments whose beginning was passed on already; give what comes after it."""
    untouched = arguments[start:]
    repaired = repair_arguments(arguments, schema)
    if repaired == arguments:
        return untouched
    wanted = parse_json(repaired)
    place, tries = start, 0
    while tries < MOST_REPAIRS:
        string = _STRING.search(arguments, place)
        if string is None:
            break
        place = string.end()
        inner = parse_json(string[0])
        if inner.lstrip(_SPACE)[:1] not in ("{", "["):
            continue
        tries += 1
        opened = arguments[: string.start()] + inner + arguments[string.end() :]
        if _is(repair_arguments(opened, schema), wanted):
            # What was a string may hold strings of its own.
            arguments, place = opened, string.start()
    return arguments[start:] if _is(arguments, wanted) else untouched


def _is(text: str, wanted: Any) -> bool:
    try:
        return bool(parse_json(text) == wanted)
    except (ValueError, RecursionError):
        return False
