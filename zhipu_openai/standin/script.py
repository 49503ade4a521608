"""What a test tells the stand-in to answer next: a queue, first in, first out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .answers import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Failure:
    """An error to answer with."""

    code: str
    status: int
    message: str | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """Recorded bytes to answer with as they are, whatever was asked."""

    data: bytes
    status: int
    content_type: str
    split: int | None

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes in pieces of ``split`` bytes, or event by event."""
        if self.split is not None:
            for start in range(0, len(self.data), self.split):
                yield self.data[start : start + self.split]
            return
        rest = self.data
        while rest:
            event, blank, rest = rest.partition(b"\n\n")
            yield event + blank


@dataclass(frozen=True, slots=True)
class Delay:
    """A pause before the answer that follows."""

    seconds: float


Line = Answer | Failure | Recording


class Script:
    """The queue. Not thread-safe by itself."""

    def __init__(self) -> None:
        """Start with nothing to say."""
        self._lines: deque[Line | Delay] = deque()

    def __len__(self) -> int:
        """Return how many lines are left."""
        return len(self._lines)

    def add(self, *lines: Line | Delay) -> None:
        """Put lines at the end."""
        self._lines.extend(lines)

    def take(self) -> tuple[float, Line | None]:
        """Take the next line: the seconds to wait first, and what to answer; None for the default."""
        seconds = 0.0
        while self._lines:
            line = self._lines.popleft()
            if not isinstance(line, Delay):
                return seconds, line
            seconds += line.seconds
        return seconds, None
