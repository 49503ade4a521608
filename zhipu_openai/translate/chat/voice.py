"""Spoken chat answers: glm-4-voice's ``audio`` in OpenAI's shape.

Zhipu has ``id``, ``data`` and ``expires_at`` (a number in recorded samples, a string in the specification of
2026-07-11); OpenAI's type also requires the ``transcript``, which is what the message says in words.
"""

from __future__ import annotations

from typing import Any, Final

_SAID_ONCE: Final[tuple[str, ...]] = ("id", "expires_at")


def openai_audio(audio: dict[str, Any], words: Any) -> dict[str, Any]:
    """Complete the audio of a message with what it says."""
    made = {"transcript": words if isinstance(words, str) else "", **audio}
    expires_at = audio.get("expires_at")
    if isinstance(expires_at, str) and expires_at.isascii() and expires_at.isdigit():
        made["expires_at"] = int(expires_at)
    return made


class SpokenDeltas:
    """The audio of a stream's deltas. openai's ``.stream()`` adds up texts and numbers, so some are said once."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._said: dict[str, Any] = {}

    def take(self, audio: dict[str, Any], words: Any) -> dict[str, Any]:
        """Give the audio of the next delta."""
        made = openai_audio(audio, words)
        told = {name: made.pop(name) for name in _SAID_ONCE if name in made}
        new = {name: value for name, value in told.items() if name not in self._said}
        self._said |= new
        return {**new, **made}
