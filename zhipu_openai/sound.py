"""Compressed sound, made and read with PyAV where that is installed (the extra "audio").

The only module that knows PyAV. It works on bytes in memory: no file, no network. Samples here are PCM:
signed, 16 bits, little-endian, one channel.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, Final

INSTALL: Final = 'pip install "zhipu-openai[audio]"'
SAMPLE_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Codec:
    """How a format is written: FFmpeg's container and encoder, bits per second (None for lossless), options."""

    container: str
    encoder: str
    bit_rate: int | None = None
    options: tuple[tuple[str, str], ...] = ()


CODECS: Final[dict[str, Codec]] = {
    "mp3": Codec("mp3", "libmp3lame", 96_000),
    # An Ogg page holds a second of sound unless told otherwise, which a stream would wait for.
    "opus": Codec("ogg", "libopus", 48_000, (("page_duration", "100000"),)),
    "aac": Codec("adts", "aac", 64_000),
    "flac": Codec("flac", "flac"),
}
"""OpenAI's compressed formats. The bit rates are ours: ample for speech at 24 kHz in one channel."""


class UnreadableSoundError(ValueError):
    """The bytes are no sound that can be read."""


@cache
def available() -> bool:
    """Whether compressed sound can be made and read here."""
    return find_spec("av") is not None


class Encoder:
    """Makes compressed sound of samples, piece by piece."""

    def __init__(self, name: str, rate: int) -> None:
        """Begin.

        Args:
            name: One of ``CODECS``.
            rate: Samples per second.
        """
        codec = CODECS[name]
        self._av: Any = import_module("av")
        self._sink = _Sink()
        self._rate = rate
        self._container = self._av.open(
            self._sink, "w", format=codec.container, options=dict(codec.options) or None
        )
        self._stream = self._container.add_stream(codec.encoder, rate=rate)
        self._stream.layout = "mono"
        if codec.bit_rate is not None:
            self._stream.bit_rate = codec.bit_rate
        self._place = 0

    def feed(self, samples: bytes) -> bytes:
        """Take whole samples; give the bytes that are complete."""
        count = len(samples) // SAMPLE_BYTES
        if count:
            frame = self._av.AudioFrame(format="s16", layout="mono", samples=count)
            frame.sample_rate = self._rate
            frame.pts = self._place
            frame.planes[0].update(samples.ljust(frame.planes[0].buffer_size, b"\0"))
            self._place += count
            self._mux(frame)
        return self._sink.take()

    def end(self) -> bytes:
        """Give the bytes that were held back."""
        self._mux(None)
        self._container.close()
        return self._sink.take()

    def _mux(self, frame: Any) -> None:
        for packet in self._stream.encode(frame):
            self._container.mux(packet)


def decode(data: bytes, *, rate: int, most: float) -> bytes:
    """Read sound of any format that FFmpeg knows.

    Args:
        data: The whole file.
        rate: Samples per second that are wanted.
        most: Seconds after which reading stops; a small file may hold days of silence.

    Returns:
        The samples.

    Raises:
        UnreadableSoundError: The bytes are no sound, or broken.
    """
    av: Any = import_module("av")
    try:
        with av.open(io.BytesIO(data)) as container:
            if not container.streams.audio:
                raise UnreadableSoundError("the file holds no sound")
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
            pieces: list[bytes] = []
            left = most * rate * SAMPLE_BYTES
            for frame in chain(container.decode(audio=0), (None,)):
                pieces += (_samples(made) for made in resampler.resample(frame))
                if frame is not None:
                    left -= frame.samples / frame.sample_rate * rate * SAMPLE_BYTES
                if left < 0:
                    break
    except av.error.FFmpegError as error:
        raise UnreadableSoundError(type(error).__name__) from error
    return b"".join(pieces)


def _samples(frame: Any) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]


class _Sink:
    """What a container is written to. It cannot seek, so nothing that was given away is changed later."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data
