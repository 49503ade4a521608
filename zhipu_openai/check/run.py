"""Reads files one after the other, and gives what is found in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import find
from .findings import File
from .sources import files, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .clients import Defaults


def check(paths: Iterable[str], defaults: Defaults) -> Iterator[File]:
    """Read the files named, and those below the directories named.

    Args:
        paths: Files and directories; ``-`` is the standard input.
        defaults: What holds for clients that are not told otherwise.
    """
    for path in files(paths):
        yield check_file(path, defaults)


def check_file(path: str, defaults: Defaults) -> File:
    """Read one file."""
    source = load(path)
    found = File(path, errors=source.errors)
    if source.piece is None:
        return found
    try:
        found.calls = find(source.piece.tree, defaults)
    except RecursionError:
        found.errors.append("It is nested too deeply to be read.")
    for one in found.calls:
        one.cell, line = source.piece.place(one.line)
        one.end_line += line - one.line
        one.line = line
    return found
