"""What the bytes of a recording tell: its format, its length, and where it can be cut.

WAV is read as RIFF has it (PCM, float, extensible; sizes that a streaming writer left open), MP3 by its frame
headers (MPEG 1, 2 and 2.5, layer III).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["wav", "mp3", "other"]

OPEN_SIZE: Final = 0xFFFFFFFF
"""What a header says whose writer did not know the length; OpenAI's own streamed WAV does."""

_PCM: Final = (1, 0xFFFE)
_SIGNATURES: Final = (
    (0, b"fLaC"),
    (0, b"OggS"),
    (4, b"ftyp"),
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska and WebM
    (0, b"#!AMR"),
    (0, b"FORM"),  # AIFF
    (0, b".snd"),
    (0, b"caff"),
)
_ID3: Final = 10
_BIT_RATES: Final = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits per second by index: MPEG 1, and MPEG 2 with 2.5. Layer III."""
_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples per second by the version's bits."""

_HOP: Final = 0.05
"""Seconds over which loudness is measured."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A WAV file, taken apart. ``width`` is in bytes per sample; ``pcm`` says whether the samples are integers."""

    rate: int
    channels: int
    width: int
    pcm: bool
    data: bytes

    @property
    def step(self) -> int:
        """Bytes per moment: one sample of each channel."""
        return self.channels * self.width

    @property
    def seconds(self) -> float:
        """The length."""
        return len(self.data) / self.step / self.rate

    def encode(self, data: bytes | None = None) -> bytes:
        """Write a WAV file of these samples, or of others of the same form."""
        data = self.data if data is None else data
        return wave_header(self.rate, channels=self.channels, width=self.width, size=len(data)) + data


def kind_of(data: bytes) -> Kind | None:
    """Tell the format of a recording by its bytes: "other" for one that Zhipu does not take, None if unknown."""
    if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
        return "wav"
    if any(data[place : place + len(mark)] == mark for place, mark in _SIGNATURES):
        return "other"
    return "mp3" if _mp3_seconds(data, most=2) is not None else None


def seconds_of(data: bytes) -> float | None:
    """Measure a recording, in seconds; None where its bytes do not tell without decoding."""
    wave = read_wave(data)
    return wave.seconds if wave is not None else _mp3_seconds(data)


def is_open(data: bytes) -> bool:
    """Whether these are the bytes of a WAV file whose writer could not tell its length."""
    return data[:4] == b"RIFF" and struct.unpack_from("<I", data.ljust(8), 4)[0] in (0, OPEN_SIZE)


def read_wave(data: bytes) -> Wave | None:
    """Take a WAV file apart; None for what is none, or a broken one."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    place = 12
    form: tuple[int, int, int, int, int, int] | None = None
    while place + 8 <= len(data):
        name, size = data[place : place + 4], struct.unpack_from("<I", data, place + 4)[0]
        place += 8
        if name == b"fmt " and place + 16 <= len(data):
            form = struct.unpack_from("<HHIIHH", data, place)
        if name == b"data":
            if form is None:
                return None
            code, channels, rate, _, _, bits = form
            if not channels or not rate or bits % 8 or not bits:
                return None
            # A writer that could not seek back leaves 0 as the size, or a size that is too large.
            end = min(place + (size or len(data)), len(data))
            width = bits // 8
            end -= (end - place) % (channels * width)
            return Wave(rate, channels, width, code in _PCM, data[place:end])
        place += size + size % 2
    return None


def wave_header(rate: int, *, channels: int = 1, width: int = 2, size: int | None = None) -> bytes:
    """Write the head of a WAV file with integer samples; a ``size`` in bytes that is not known yet stays open."""
    riff = OPEN_SIZE if size is None else 36 + size
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        riff,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        rate,
        rate * channels * width,
        channels * width,
        width * 8,
        b"data",
        OPEN_SIZE if size is None else size,
    )


def cut(wave: Wave, *, longest: float, search: float) -> list[Wave] | None:
    """Cut a recording into pieces of about the same length, at quiet places.

    Args:
        wave: The recording.
        longest: The most seconds a piece may last.
        search: Over how many seconds around the ideal place a quiet one is looked for.

    Returns:
        The pieces, which together are the whole; None for samples that are no 16-bit integers.
    """
    if not wave.pcm or wave.width != 2:  # noqa: PLR2004 - bytes of a 16-bit sample
        return None
    pieces = []
    data = wave.data
    most, around = (int(seconds * wave.rate) for seconds in (longest, search / 2))
    while len(data) > most * wave.step:
        moments = len(data) // wave.step
        ideal = moments // -(-moments // most)
        first = max(ideal - around, 1) * wave.step
        last = min(ideal + around, most) * wave.step
        place = first + _quietest(data[first:last], wave)
        pieces.append(data[:place])
        data = data[place:]
    pieces.append(data)
    return [Wave(wave.rate, wave.channels, wave.width, wave.pcm, piece) for piece in pieces]


def _quietest(data: bytes, wave: Wave) -> int:
    """Find the middle of the quietest moment, in bytes from the start; of several alike, the last."""
    hop = max(int(_HOP * wave.rate), 1) * wave.step
    best, place = None, len(data) - hop // 2
    for start in range(0, len(data) - hop + 1, hop):
        # Every eighth value is enough to hear silence.
        samples = struct.unpack_from(f"<{hop // 2}h", data, start)[::8]
        loudness = sum(abs(sample) for sample in samples)
        if best is None or loudness <= best:
            best, place = loudness, start + hop // 2
    return place - place % wave.step


def _mp3_seconds(data: bytes, most: int | None = None) -> float | None:
    """Add up the frames of an MP3 file; None for what is none. ``most`` frames are enough to know that it is."""
    place = _behind_tags(data)
    frames, seconds = 0, 0.0
    while place + 4 <= len(data):
        frame = _frame(data, place)
        if frame is None:
            if not frames:
                return None
            break
        size, lasts = frame
        if not (frames == 0 and _is_info(data[place : place + size])):
            seconds += lasts
        frames += 1
        place += size
        if frames == most:
            break
    return seconds if frames > 1 else None


def _behind_tags(data: bytes) -> int:
    place = 0
    while data[place : place + 3] == b"ID3" and len(data) >= place + _ID3:
        size = 0
        for byte in data[place + 6 : place + _ID3]:
            size = size << 7 | byte & 0x7F
        place += _ID3 + size + (_ID3 if data[place + 5] & 0x10 else 0)
        while place < len(data) and data[place] == 0:
            place += 1
    return place


def _frame(data: bytes, place: int) -> tuple[int, float] | None:
    """Read a frame header: the frame's bytes and seconds; None if there is none."""
    head = int.from_bytes(data[place : place + 4], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    rate_index, bit_rate_index = head >> 10 & 3, head >> 12 & 15
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or rate_index == 3 or bit_rate_index in (0, 15):  # noqa: PLR2004 - bits of the header
        return None
    first = version == 3  # noqa: PLR2004 - the bits that mean MPEG 1
    rate = _RATES[version][rate_index]
    samples = 1152 if first else 576
    size = samples // 8 * _BIT_RATES[first][bit_rate_index] * 1000 // rate + (head >> 9 & 1)
    return size, samples / rate


def _is_info(frame: bytes) -> bool:
    """Whether a frame tells about the file and holds no sound."""
    return b"Xing" in frame[:48] or b"Info" in frame[:48] or b"VBRI" in frame[:48]
