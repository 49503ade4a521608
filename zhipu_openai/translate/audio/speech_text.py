"""Long texts, cut where a voice would pause, so that each part may be spoken by a request of its own."""

from __future__ import annotations

from typing import Final

_PAUSES: Final = ("\n", "。！？!?…", ".", "；;：:", "，,、", " \t")
"""Where to cut, best places first: after a line, a sentence, a clause, a word."""

_LEAST: Final = 0.4
"""A cut before this share of the most a part may hold is no good: there would be too many parts."""


def split(text: str, most: int) -> list[str]:
    """Cut a text into parts.

    Args:
        text: The text.
        most: Most characters of a part, 1 or more.

    Returns:
        The parts without white space around them; together they are the text. One that is short enough comes
        back as it is.
    """
    if len(text) <= most:
        return [text]
    parts = []
    rest = text.strip()
    while len(rest) > most:
        place = _cut(rest, most)
        parts.append(rest[:place].strip())
        rest = rest[place:].lstrip()
    return [part for part in (*parts, rest) if part]


def _cut(text: str, most: int) -> int:
    for marks in _PAUSES:
        for place in range(most, int(most * _LEAST), -1):
            # A full stop within a number or a name ends nothing.
            if text[place - 1] in marks and (marks != "." or text[place].isspace()):
                return place
    return most
