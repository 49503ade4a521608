"""Which of Zhipu's image or video models answers for a name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol, TypeVar

from zhipu_openai import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Named(Protocol):
    """A row of a table of aliases; ``*`` in its pattern stands for anything."""

    @property
    def pattern(self) -> str:
        """OpenAI's name, in lower case."""
        ...


Row = TypeVar("Row", bound=Named)


def bare(name: str) -> str:
    """Take off a gateway's prefix, such as ``zai/``."""
    found = catalogue.resolve(name)
    return name if found.alias is not None else found.id


def alias_of(name: str, aliases: Iterable[Row]) -> Row | None:
    """Find the first row for a name without prefix."""
    return next((row for row in aliases if fnmatchcase(name.lower(), row.pattern)), None)


def target_of(name: str, overrides: Mapping[str, str]) -> str | None:
    """Find what the caller's own table says about a name; None if it says nothing."""
    found = catalogue.resolve(name, overrides=overrides)
    return found.id if found.overridden else None
