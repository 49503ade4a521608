"""Spoken chat answers: glm-4-voice's ``audio`` in OpenAI's shape.

Zhipu has ``id``, ``data`` and ``expires_at`` (a number in recorded samples, a string in the specification of
2026-07-11); OpenAI's type also requires the ``transcript``, which is what the message says in words.
"""

from __future__ import annotations

from typing import Any, Final

_SAID_ONCE: Final = frozenset({"id", "expires_at"})


def openai_audio(audio: dict[str, Any], words: Any) -> dict[str, Any]:
    """Complete the audio of a message with what it says."""
    return {"transcript": words if isinstance(words, str) else "", **_dated(audio)}


class SpokenDeltas:
    """The audio of a stream's deltas. openai's ``.stream()`` adds up texts and numbers, so some are said once."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._said: set[str] = set()

    def take(self, audio: dict[str, Any], words: Any) -> dict[str, Any]:
        """Give the audio of the next delta."""
        made = {name: value for name, value in _dated(audio).items() if name not in self._said}
        self._said |= made.keys() & _SAID_ONCE
        return {"transcript": words, **made} if isinstance(words, str) and words else made


def _dated(audio: dict[str, Any]) -> dict[str, Any]:
    expires_at = audio.get("expires_at")
    if isinstance(expires_at, str) and expires_at.isascii() and expires_at.isdigit():
        return {**audio, "expires_at": int(expires_at)}
    return audio
