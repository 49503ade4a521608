"""Ids of a batch's lines: long enough for Zhipu, and the caller's own again afterwards.

Nothing is remembered: what was changed can be told from the id itself. An id that begins with the mark on
its own is marked once more, so that every id comes back as it was, however often it goes through.
"""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 6
"""Characters of the shortest ``custom_id``; less is refused at the upload with 1210. Source: fxp/skillify, tried
with a key, 2026-09-11."""

MARK: Final = "padded-id-"


def lengthen(custom_id: str) -> str:
    """Make an id that Zhipu takes."""
    if len(custom_id) < SHORTEST or custom_id.startswith(MARK):
        return MARK + custom_id
    return custom_id


def restore(custom_id: str) -> str:
    """Give the id of which one was made."""
    return custom_id.removeprefix(MARK)
