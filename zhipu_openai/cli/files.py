"""Files of the command line: read while a person watches, and written whole or not at all."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .progress import megabytes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from .progress import Progress

LARGE: Final = 1_000_000
"""Bytes from which on it is worth a line that a file is on its way."""


class WatchedFile(io.FileIO):
    """A file whose reading is shown. openai reads it as it does any other.

    A request is translated as a whole before it is sent, so what is shown is the reading, and then the wait.
    """

    def __init__(self, path: Path, progress: Progress) -> None:
        """Open a file for reading."""
        super().__init__(str(path))
        self._progress = progress
        self._label = path.name
        self._size = path.stat().st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and show how far it is."""
        data = super().read(-1 if size is None else size) or b""
        if self._size >= LARGE:
            place = self.tell()
            if place < self._size:
                self._progress.show(f"{self._label}: read {megabytes(place, self._size)}")
            else:
                self._progress.show(f"{self._label}: {megabytes(self._size)} on their way")
        return data


@contextmanager
def upload(path: str, progress: Progress) -> Iterator[tuple[str, Any]]:
    """Open a file as openai takes files, with its name; the line is cleared when it has been sent."""
    with WatchedFile(Path(path), progress) as file:
        try:
            yield (Path(path).name, file)
        finally:
            progress.clear()


def add_output_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``-o FILE``."""
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="FILE", help=f"where {what} is written"
    )


def check_output(parser: argparse.ArgumentParser, path: Path) -> None:
    """End as wrong usage where nothing could be written, before anything is paid for."""
    if path.is_dir() or not path.parent.is_dir():
        parser.error(f"{path} cannot be written: it must be a file in a folder that exists")


def save(pieces: Iterable[bytes], path: Path, progress: Progress, *, total: int | None = None) -> None:
    """Write a file and print its path; one that was there before stays until the new one is whole."""
    path_given, path = path, path.resolve()
    special = path.exists() and not path.is_file()
    part = path if special else path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                progress.show(f"{path.name}: {megabytes(file.tell() if not special else 0, total)}")
        if not special:
            part.replace(path)
    except BaseException:
        if not special:
            part.unlink(missing_ok=True)
        raise
    progress.clear()
    print(path_given)


def save_answer(response: Any, path: Path, progress: Progress) -> None:
    """Write what one of openai's streaming responses brings."""
    length = response.headers.get("content-length", "")
    # The length of a compressed body says nothing about what it unfolds to.
    known = length.isdecimal() and "content-encoding" not in response.headers
    save(response.iter_bytes(), path, progress, total=int(length) if known else None)


def text_or_input(given: str | None) -> str:
    """Give a text, or what standard input holds for ``-`` and for nothing."""
    return sys.stdin.read() if given in (None, "-") else str(given)
