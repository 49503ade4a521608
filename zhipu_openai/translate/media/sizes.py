"""Sizes in pixels: read, written, and the nearest one that a model takes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Size: TypeAlias = tuple[int, int]
"""Width and height."""

_SIZE: Final = re.compile(r"\s*(\d{1,5})\s*[xX×*]\s*(\d{1,5})\s*", re.ASCII)
"""Zhipu's pages write ``×`` here and there; its API takes an ``x``."""

_WEIGHT_OF_SHAPE: Final = 3.0
"""How much more a change of shape counts than one of scale."""


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Which sizes a model takes.

    Attributes:
        listed: Those that its documentation lists.
        multiple: Width and height of a size of one's own are multiples of this; 0 if it takes none.
        least: Their smallest value.
        most: Their largest value.
        most_pixels: The largest product of the two.
    """

    listed: tuple[str, ...]
    multiple: int = 0
    least: int = 0
    most: int = 0
    most_pixels: int = 0

    def allows(self, size: Size) -> bool:
        """Say whether the model takes a size."""
        if write_size(size) in self.listed:
            return True
        return bool(self.multiple) and (
            all(self.least <= side <= self.most and side % self.multiple == 0 for side in size)
            and size[0] * size[1] <= self.most_pixels
        )

    def nearest(self, size: Size) -> Size | None:
        """Give the size nearest to one that is not taken, of the same orientation; None if there is none."""
        return min(self._candidates(size), key=lambda one: _distance(size, one), default=None)

    def _candidates(self, size: Size) -> Iterator[Size]:
        if not all(size):
            return
        for listed in self.listed:
            read = read_size(listed)
            if read is not None and _orientation(read) == _orientation(size):
                yield read
        # Scaled and rounded, a size that is nearly square may become one.
        if self.multiple and self.allows(fitted := self._fitted(size)):
            yield fitted

    def _fitted(self, size: Size) -> Size:
        """Scale a size until it is in bounds, keeping its shape as far as that goes."""
        scale = max(1.0, self.least / min(size))
        scale *= min(1.0, self.most / (max(size) * scale))
        scale *= min(1.0, math.sqrt(self.most_pixels / (size[0] * size[1] * scale * scale)))
        width, height = (self._rounded(side * scale) for side in size)
        if width * height > self.most_pixels:
            width, height = (max(self.least, side - self.multiple) for side in (width, height))
        return width, height

    def _rounded(self, side: float) -> int:
        return min(self.most, max(self.least, round(side / self.multiple) * self.multiple))


def read_size(text: Any) -> Size | None:
    """Read ``1024x1024``; None for what is no such text."""
    match = _SIZE.fullmatch(text) if isinstance(text, str) else None
    return None if match is None else (int(match[1]), int(match[2]))


def write_size(size: Size) -> str:
    """Write a size as both APIs do."""
    return f"{size[0]}x{size[1]}"


def _orientation(size: Size) -> int:
    return (size[0] > size[1]) - (size[0] < size[1])


def _distance(wanted: Size, offered: Size) -> float:
    wider, higher = (math.log(there / here) for here, there in zip(wanted, offered, strict=True))
    return abs(wider) + abs(higher) + _WEIGHT_OF_SHAPE * abs(wider - higher)
