"""Ids of videos: Zhipu's task, and what Zhipu will not say again when it is asked about the task.

OpenAI's type wants the time, the length and the size of every video, and Zhipu's answer about a task has none of
them. The id carries them, so that it can be used by another process, or next week. Zhipu's own ids are taken too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Self

AUTO: Final = "auto"
"""Stands for a length or a size that was left to the model."""

_ID: Final = re.compile(
    r"video_(?P<created>\d{1,11})_(?P<seconds>\d{1,4}|auto)_(?P<size>\d{1,5}x\d{1,5}|auto)_(?P<task>.+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class VideoId:
    """What an id says.

    Attributes:
        task: Zhipu's id of the task.
        created: When it was begun, in Unix seconds; 0 if that is not known.
        seconds: The length of the video in seconds, or ``auto``.
        size: The size of the video, or ``auto``.
    """

    task: str
    created: int = 0
    seconds: str = AUTO
    size: str = AUTO

    @classmethod
    def read(cls, text: str) -> Self:
        """Read an id; one of another form is taken for Zhipu's own."""
        match = _ID.fullmatch(text)
        if match is None:
            return cls(text)
        return cls(match["task"], int(match["created"]), match["seconds"], match["size"])

    def __str__(self) -> str:
        """Write the id."""
        return f"video_{self.created}_{self.seconds}_{self.size}_{self.task}"
