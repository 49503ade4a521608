"""What others have written, as it is shown to a person: it must not steer the terminal.

Answers, names and messages of a service may hold escape sequences, which recolour a terminal, rename its window,
or overwrite lines above; and marks that turn the direction of writing, so that a line reads otherwise than it is.
A pipe or a file is given every character as it came.
"""

from __future__ import annotations

import re
import sys
from typing import Final, TextIO

_SPACES: Final = str.maketrans("\n\t", "  ")

_STEERING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Control characters (C0 without line feed and tab, DEL, C1), directions of writing, separators of lines that
terminals do not know, annotations and tags. Source: Unicode 15, general categories Cc, Cf, Zl and Zp; joiners are
left, which emoji and several scripts need."""


def harmless(text: str, *, line: bool = False) -> str:
    """Put a mark in the place of each character that could steer a terminal.

    Character by character, so that it makes no difference in which pieces a text comes.

    Args:
        text: What is to be shown.
        line: Whether it is one line, in which the mark is a space, and so are line feeds and tabs.
    """
    if line:
        return _STEERING.sub(" ", text).translate(_SPACES)
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def for_(stream: TextIO, text: str) -> str:
    """Give a text as it is written to a stream: harmless on a terminal, unchanged elsewhere."""
    return harmless(text) if stream.isatty() else text


def show(text: object, *, stream: TextIO | None = None) -> None:
    """Print a text, by default on standard output."""
    stream = sys.stdout if stream is None else stream
    print(for_(stream, str(text)), file=stream, flush=True)


def complain(text: object) -> None:
    """Print a message about a failure on standard error."""
    show(text, stream=sys.stderr)
