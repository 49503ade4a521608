"""The sound of the stand-in: a tone instead of a voice, as long as its text takes to say."""

from __future__ import annotations

import io
import math
import struct
import wave
from typing import Final

RATE: Final = 24_000
"""Samples per second. Source: recorded traffic (fxp/skillify), 2026-09; 16 bits, one channel."""
SECONDS_PER_CHARACTER: Final = 0.05

_LOUDNESS: Final = 6000


def tone(text: str, *, speed: float = 1.0, pitch: int = 0) -> bytes:
    """Make the samples for a text.

    Args:
        text: What would be said.
        speed: How fast, 1 being the usual.
        pitch: A number, 0 or more, that tells voices apart.
    """
    period = 120 - 8 * (pitch % 10)
    one = b"".join(
        struct.pack("<h", round(_LOUDNESS * math.sin(2 * math.pi * place / period)))
        for place in range(period)
    )
    return one * max(round(len(text) * SECONDS_PER_CHARACTER * RATE / speed / period), 1)


def wav(samples: bytes) -> bytes:
    """Make a WAV file of samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples)
    return file.getvalue()
