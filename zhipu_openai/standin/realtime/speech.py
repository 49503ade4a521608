"""Sound: the tone that stands for the stand-in's voice, and whether there is anything to hear in what is sent."""

from __future__ import annotations

import base64
import binascii
import io
import math
import re
import struct
import wave
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE: Final = 24000
"""Samples per second of what is spoken: 16 bits, mono. Source: bigmodel.cn AsyncAPI, 2026-07-11."""

FORMAT: Final = re.compile(r"(?P<kind>wav|pcm)(?P<khz>8|16|24|48)?")
"""Formats of what is heard: the specification's wav, pcm and pcm16, pcm24, the event reference's wav48."""

FRAME: Final = 0.096
"""Seconds that turn detection looks at in one. Source: MetaGLM/glm-realtime-sdk, server VAD sample, 2025-05-23."""

SILENCE: Final = 8
"""Frames of silence that end a turn. Source: the same."""

_LOUD: Final = 500
_TONE: Final = 440.0
_DEFAULT_KHZ: Final = 16
_DELTAS: Final = 4


def tone(seconds: float) -> bytes:
    """Make a tone, 440 Hz, as PCM."""
    count = round(seconds * RATE)
    samples = (round(8000 * math.sin(2 * math.pi * _TONE * i / RATE)) for i in range(count))
    return struct.pack(f"<{count}h", *samples)


def deltas(pcm: bytes) -> Iterator[str]:
    """Cut PCM into a few pieces of base64."""
    size = 2 * math.ceil(len(pcm) / 2 / _DELTAS)
    for start in range(0, len(pcm), size):
        yield base64.b64encode(pcm[start : start + size]).decode("ascii")


def heard(audio: str, audio_format: str) -> tuple[bytes, int]:
    """Decode what was sent: its samples, 16 bits and mono, and how many there are in a second.

    Raises:
        ValueError: It is not base64, or not of the format.
    """
    try:
        data = base64.b64decode(audio, validate=True)
    except binascii.Error:
        raise ValueError("audio is not base64") from None
    found = FORMAT.fullmatch(audio_format)
    if found is None:
        raise ValueError(f"unknown input_audio_format {audio_format}")
    if found["kind"] == "pcm":
        if len(data) % 2:
            raise ValueError("audio is not PCM of 16 bits")
        return data, int(found["khz"] or _DEFAULT_KHZ) * 1000
    try:
        with wave.open(io.BytesIO(data)) as file:
            return file.readframes(file.getnframes()), file.getframerate()
    except (wave.Error, EOFError):
        raise ValueError("audio is not wav") from None


def frames(samples: bytes, rate: int) -> Iterator[bool]:
    """Say of each frame whether there is anything to hear in it."""
    size = 2 * max(1, round(FRAME * rate))
    for start in range(0, len(samples), size):
        piece = samples[start : start + size]
        yield any(abs(value) > _LOUD for (value,) in struct.iter_unpack("<h", piece[: len(piece) // 2 * 2]))
