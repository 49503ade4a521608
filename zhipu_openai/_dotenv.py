"""The ``.env`` file: where it is, and what it says. ``os.environ`` is never written."""

from __future__ import annotations

import io
import os
import re
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from ._variables import NAMES, OPENAI_VARIABLES
from .forks import lock

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES: Final = 1024 * 1024
MAX_LINES: Final = 5000
"""A line that cannot be parsed costs dotenv some 30 microseconds: a file full of them would hold up the start."""

_LIKE_OURS: Final = ("ZHIPU", "ZAI_", "Z_AI_", "BIGMODEL_", "GLM_")
_PROXIES: Final = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"})
_NAME: Final = re.compile("[A-Za-z0-9_]{1,64}")
"""What is told of a name: one of another form, which a stranger may have written, is not repeated."""
_MOST_TOLD: Final = 8

_CACHE_LIMIT: Final = 8
_SETTLED_NS: Final = 2_000_000_000
"""Two writes closer than a file system's clock ticks look like one, so a file this young is read again."""


@dataclass(frozen=True, slots=True)
class Dotenv:
    """The variables of ours that a ``.env`` sets (values as written), and which of OpenAI's it sets.

    ``passed_over`` are the names that somebody may expect to count: proxies, and misspelt ones of ours.
    """

    path: str
    values: Mapping[str, str] = field(repr=False)
    openai_names: frozenset[str] = frozenset()
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """What became of looking for a ``.env``: the file, or None; the files looked at; what to tell of it."""

    dotenv: Dotenv | None
    looked_at: tuple[str, ...]
    notes: tuple[str, ...]


def search(directory: str | os.PathLike[str] | None = None) -> Search:
    """Read the nearest ``.env`` from a directory upwards.

    The walk is that of ``dotenv.find_dotenv(usecwd=True)``, which takes no directory (and without ``usecwd``
    looks beside the calling file, which for an installed package finds nothing). A ``.env`` that is no regular
    file (often a virtual environment) is passed over. The first regular file decides: one that cannot be used
    is told of and counts as absent, and none above it takes its place.

    Args:
        directory: Where to begin; by default the working directory.
    """
    notes: list[str] = []
    looked_at: list[str] = []
    try:
        # Links stay unresolved, as in find_dotenv: "above" means what the path says.
        start = Path(os.path.abspath(directory or Path.cwd()))  # noqa: PTH100 - Path.resolve follows links
    except OSError:
        return Search(None, (), ("The working directory does not exist, so no .env was looked for.",))
    for folder in (start, *start.parents):
        path = folder / ".env"
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError):
            looked_at.append(str(path))
            notes.append(f"{path} cannot be looked at and was passed over.")
            continue
        looked_at.append(str(path))
        if not stat.S_ISREG(status.st_mode):
            notes.append(f"{path} is not a regular file and was passed over.")
            continue
        found = _read(str(path), status)
        if isinstance(found, Dotenv):
            return Search(found, tuple(looked_at), tuple(notes))
        notes.append(f"{path} was not used: {found}.")
        return Search(None, tuple(looked_at), tuple(notes))
    notes.append(f"There is no .env file in {start} or above it.")
    return Search(None, tuple(looked_at), tuple(notes))


_Stamp: TypeAlias = tuple[str, int, int]
_cache: dict[_Stamp, Dotenv] = {}
_cache_lock = lock()


def _read(path: str, status: os.stat_result) -> Dotenv | str:
    """Read a file that was seen to be regular; give a reason when it cannot be used."""
    known = _cache.get(_stamp(path, status))
    if known is not None:
        return known
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return "it is not a regular file"
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    dotenv = _parse_bytes(path, content)
    if isinstance(dotenv, str):
        return dotenv
    if time.time_ns() - status.st_mtime_ns > _SETTLED_NS:
        with _cache_lock:
            if len(_cache) >= _CACHE_LIMIT:
                _cache.clear()
            _cache[_stamp(path, status)] = dotenv
    return dotenv


def _parse_bytes(path: str, content: bytes) -> Dotenv | str:
    """Parse a file; give a reason when it cannot be used."""
    if len(content) > MAX_BYTES:
        return "it is larger than 1 MiB"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "it is not UTF-8"
    if "\0" in text:
        return "it contains NUL characters"
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        return f"it has more than {MAX_LINES} lines"
    return _parse(path, text)


def _stamp(path: str, status: os.stat_result) -> _Stamp:
    return path, status.st_mtime_ns, status.st_size


def _open_without_waiting(path: str, flags: int) -> int:
    # Should a pipe have taken the file's place since it was looked at, opening it must not hang.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _parse(path: str, text: str) -> Dotenv:
    from dotenv import dotenv_values  # noqa: PLC0415 - not needed where there is no .env

    # Without interpolation: a foreign .env could otherwise write a secret of the environment into a URL.
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return Dotenv(
        path,
        # Other secrets of the file are none of our business and are not kept.
        {name: value for name, value in values.items() if name in NAMES and value is not None},
        frozenset(name for name in OPENAI_VARIABLES if values.get(name)),
        tuple(sorted(name for name, value in values.items() if value and _misleads(name)))[:_MOST_TOLD],
    )


def _misleads(name: str) -> bool:
    if not _NAME.fullmatch(name) or name in NAMES:
        return False
    return name.startswith(_LIKE_OURS) or name.upper() in _PROXIES
