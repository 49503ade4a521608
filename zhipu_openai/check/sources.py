"""The files to read: found below directories, decoded as Python decodes them, notebooks by their code cells."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
import tokenize
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SKIPPED: Final = frozenset(
    {
        ".eggs",
        ".git",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pycache__",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)
"""Directories that hold no code of the project's own. One that is named outright is read all the same."""

SUFFIXES: Final = (".py", ".pyi", ".pyw", ".ipynb")

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of a Python file that is read; a notebook, which holds its pictures, may have ten times as many."""

STDIN: Final = "-"


@dataclass(slots=True)
class Piece:
    """A tree to be looked at, and what each of its lines is called: ``first`` is the line before cell after cell."""

    tree: ast.Module
    cells: list[tuple[int, int]] = field(default_factory=list)

    def place(self, line: int) -> tuple[int | None, int]:
        """Give the cell and the line in it; no cell for a file that is no notebook."""
        found: tuple[int | None, int] = (None, line)
        for number, before in self.cells:
            if line > before:
                found = (number, line - before)
        return found


@dataclass(slots=True)
class Source:
    """A file that was read, and why it could not be, or not all of it."""

    path: str
    piece: Piece | None = None
    errors: list[str] = field(default_factory=list)


def files(paths: Iterable[str]) -> Iterator[str]:
    """Give the files to read: those named, and those below the directories named, each once."""
    seen: set[str] = set()
    for path in paths:
        for one in _below(path) if path != STDIN and Path(path).is_dir() else (path,):
            real = one if one == STDIN else os.path.realpath(one)
            if real not in seen:
                seen.add(real)
                yield one


def _below(directory: str) -> Iterator[str]:
    # Links to directories are not followed, so that none leads round in a circle.
    for here, inner, names in os.walk(directory):
        inner[:] = sorted(name for name in inner if name not in SKIPPED and not _is_environment(here, name))
        for name in sorted(names):
            if name.endswith(SUFFIXES):
                yield os.path.join(here, name)  # noqa: PTH118 - as it was given, without a ./ taken off


def _is_environment(directory: str, name: str) -> bool:
    return Path(directory, name, "pyvenv.cfg").exists()


def load(path: str) -> Source:
    """Read and parse a file; ``-`` is the standard input."""
    source = Source(path)
    try:
        content = _content(path)
        if path.endswith(".ipynb") or (path == STDIN and content.lstrip()[:1] == b"{"):
            source.piece = _notebook(content, source.errors)
        else:
            source.piece = Piece(_parsed(content))
    except OSError as error:
        source.errors.append(f"It cannot be read: {error.strerror or type(error).__name__}.")
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError) as error:
        source.errors.append(_why(error))
    return source


def _content(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    file = Path(path)
    largest = LARGEST * 10 if path.endswith(".ipynb") else LARGEST
    if file.exists() and not file.is_file():
        raise OSError(0, "it is no file")
    if file.stat().st_size > largest:
        raise ValueError(f"It has more than {largest // 1024 // 1024} MiB and is not read.")
    return file.read_bytes()


def _parsed(content: bytes) -> ast.Module:
    """Parse a module.

    Raises:
        SyntaxError: It is none for this Python, or not of the encoding that it names.
        UnicodeDecodeError: Likewise.
        ValueError: It holds null bytes.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return _tree(io.TextIOWrapper(io.BytesIO(content), encoding, newline=None).read())


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # What Python has to say of the code's own backslashes is not ours to repeat.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _notebook(content: bytes, errors: list[str]) -> Piece:
    try:
        found = json.loads(content)
        cells = found["cells"] if "cells" in found else found["worksheets"][0]["cells"]
        codes = [_text(cell) for cell in cells if cell.get("cell_type") == "code"]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError("It is no notebook that can be read.") from error
    lines: list[str] = []
    places = []
    for number, code in enumerate(codes, 1):
        text = _without_magic(code)
        try:
            _tree(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            errors.append(f"cell {number}: {_why(error)}")
            continue
        places.append((number, len(lines)))
        lines += text.split("\n")
    return Piece(_tree("\n".join(lines)), places)


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return "".join(source) if isinstance(source, list) else str(source)


def _without_magic(code: str) -> str:
    """Take out what IPython alone understands, line for line."""
    if code.lstrip().startswith("%%"):
        head = code.lstrip().split(None, 1)[0]
        body = code.split("\n", 1)[1] if "\n" in code else ""
        return "\n" + _without_magic(body) if head in ("%%time", "%%timeit", "%%capture") else ""
    lines = []
    for line in code.split("\n"):
        bare = line.lstrip()
        is_magic = bare.startswith(("%", "!", "?")) or (bare.endswith("?") and "#" not in bare)
        assigns_magic = "=" in bare and bare.partition("=")[2].lstrip().startswith(("!", "%"))
        indent = line[: len(line) - len(bare)]
        if is_magic:
            lines.append(f"{indent}pass")
        else:
            lines.append(f"{indent}{bare.partition('=')[0]}= None" if assigns_magic else line)
    return "\n".join(lines)


def _why(error: BaseException) -> str:
    number = ".".join(map(str, sys.version_info[:2]))
    if isinstance(error, SyntaxError):
        where = f"line {error.lineno}: " if error.lineno else ""
        return f"{where}Python {number} cannot parse it: {error.msg}."
    if isinstance(error, (RecursionError, MemoryError)):
        return "It is nested too deeply to be parsed."
    if isinstance(error, UnicodeDecodeError):
        return f"It is not text in {error.encoding}, which it must be by its first lines, or in UTF-8."
    return str(error)
