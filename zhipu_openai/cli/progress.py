"""A line that says how far something is, where a person is watching.

It is written to a terminal alone, over itself, and cleared at the end; a pipe or a file gets nothing of it.
"""

from __future__ import annotations

import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

from .screen import harmless, show

if TYPE_CHECKING:
    from typing_extensions import Self

_MEGABYTE = 1_000_000


class Progress:
    """The line. Leave it as a context manager, so that it is cleared whatever happens."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Write to a stream, by default standard error."""
        self._stream = sys.stderr if stream is None else stream
        self.watched = self._stream.isatty()
        """Whether anything is written at all."""
        self._width = 0

    def __enter__(self) -> Self:
        """Begin; nothing is written yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the line."""
        self.clear()

    def show(self, text: str) -> None:
        """Put a text in place of the one before."""
        if not self.watched:
            return
        text, width = _fitting(harmless(text, line=True), shutil.get_terminal_size().columns - 1)
        self._stream.write("\r" + text + " " * (self._width - width))
        self._stream.flush()
        self._width = width

    def clear(self) -> None:
        """Leave an empty line, and the cursor at its beginning."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def say(self, text: str) -> None:
        """Write a line that stays, to a pipe too."""
        self.clear()
        show(text, stream=self._stream)


def megabytes(count: int, total: int | None = None) -> str:
    """Say how many bytes there are, of how many if that is known."""
    of_all = "" if total is None else f" of {total / _MEGABYTE:.1f}"
    return f"{count / _MEGABYTE:.1f}{of_all} MB"


def _fitting(text: str, columns: int) -> tuple[str, int]:
    """Cut a text to so many columns, of which Chinese characters take two; say how many it takes."""
    width = 0
    for place, char in enumerate(text):
        wide = 2 if unicodedata.east_asian_width(char) in "FW" else 1
        if width + wide > columns:
            return text[:place], width
        width += wide
    return text, width
