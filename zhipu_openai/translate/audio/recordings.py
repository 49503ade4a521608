"""A recording that is to be uploaded: checked against Zhipu's limits, converted and cut where it must be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from zhipu_openai import sound
from zhipu_openai.multipart import Part

from . import clips
from .answers import refuse

if TYPE_CHECKING:
    from zhipu_openai.adaptation import Ledger


@dataclass(frozen=True, slots=True)
class Limit:
    """What Zhipu takes: at most so many bytes, and seconds (None where nothing is said of them)."""

    what: str
    most_bytes: int
    most_seconds: float | None
    source: str
    seen: date


_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
MEGABYTE: Final = 1024 * 1024

TRANSCRIBED: Final = Limit("glm-asr-2512", 25 * MEGABYTE, 30.0, *_SPEC)
"""An older specification (2025-07-23) had 60 seconds, for the older glm-asr."""
CLONED: Final = Limit("voice-clone-input", 10 * MEGABYTE, None, *_SPEC)
"""3 to 30 seconds are recommended, not required."""

MOST_PIECES: Final = 60
"""Into how many pieces a long recording is cut at most: about half an hour. The number is ours."""

_PIECE: Final = 29.0
"""Seconds. A little less than the limit, since who measures differently must not refuse the piece."""
_SEARCH: Final = 9.0
"""Seconds around the place of a cut in which a quiet one is looked for."""
_DECODED_RATE: Final = 16_000
"""Samples per second: what speech recognition works on, and small to upload."""
_CONTENT_TYPES: Final = {"wav": "audio/wav", "mp3": "audio/mpeg"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a recording that is uploaded by itself: from ``start`` on, in seconds, to ``end`` where known."""

    part: Part
    start: float = 0.0
    end: float | None = None


def prepare(part: Part, ledger: Ledger, *, limit: Limit, cuts: bool) -> tuple[Piece, ...]:
    """Bring a recording into the form that Zhipu takes.

    Args:
        part: The file as the caller gave it.
        ledger: Where it is recorded what was done.
        limit: What Zhipu takes.
        cuts: Whether a recording that is too long may be cut; otherwise it is left as it is.

    Returns:
        One piece, or several that together are the recording.

    Raises:
        Refused: The recording is too large or too long, or in a format that cannot be converted here.
    """
    if not part.data:
        refuse(part.name, "The file is empty.", code="invalid_value")
    if len(part.data) > limit.most_bytes:
        refuse(
            part.name,
            f"Zhipu takes files of up to {limit.most_bytes // MEGABYTE} MB; this one has "
            f"{len(part.data) / MEGABYTE:.1f} MB. Make it smaller (ffmpeg -i input -ac 1 -ar 16000 -b:a 48k "
            f"smaller.mp3) or split it ({_split_command(part)}).",
            code="file_too_large",
        )
    kind = clips.kind_of(part.data)
    if kind in ("wav", "mp3"):
        seconds = clips.seconds_of(part.data)
        part = _named(_closed(part, ledger), kind)
        if not cuts or limit.most_seconds is None or seconds is None or seconds <= limit.most_seconds:
            return (Piece(part, end=seconds),)
        wave = clips.read_wave(part.data) if kind == "wav" else None
        return _pieces(part, wave, ledger)
    wave = _converted(part, known=kind is not None)
    if wave is None:
        # Nothing is known about these bytes: Zhipu is to judge them.
        return (Piece(part),)
    ledger.add(part.name, "translated", "converted to WAV: Zhipu takes WAV and MP3.")
    part = _named(Part(part.name, wave.encode(), part.filename, None), "wav")
    if not cuts or limit.most_seconds is None or wave.seconds <= limit.most_seconds:
        return (Piece(part, end=wave.seconds),)
    return _pieces(part, wave, ledger)


def _closed(part: Part, ledger: Ledger) -> Part:
    """Write the length into the head of a WAV file that was streamed; readers may take it for hours."""
    if not clips.is_open(part.data):
        return part
    wave = clips.read_wave(part.data)
    if wave is None or not wave.pcm:
        return part
    ledger.add(part.name, "repaired", "the length is written into the head of the WAV file.")
    return replace(part, data=wave.encode())


def _converted(part: Part, *, known: bool) -> clips.Wave | None:
    """Read a format that Zhipu does not take; None for bytes that may be anything."""
    if not sound.available():
        if not known:
            return None
        refuse(
            part.name,
            f"Zhipu takes WAV and MP3 alone. Convert the file (ffmpeg -i {_name(part)} -ac 1 -ar 16000 "
            f"converted.wav), or have it done here: {sound.INSTALL}.",
            code="unsupported_format",
        )
    try:
        return _decoded(part.data)
    except sound.UnreadableSoundError as error:
        if not known:
            return None
        refuse(part.name, f"The file cannot be read as sound ({error}).", code="invalid_value")


def _decoded(data: bytes) -> clips.Wave:
    samples = sound.decode(data, rate=_DECODED_RATE, most=(MOST_PIECES + 1) * _PIECE)
    return clips.Wave(_DECODED_RATE, 1, sound.SAMPLE_BYTES, pcm=True, data=samples)


def _pieces(part: Part, wave: clips.Wave | None, ledger: Ledger) -> tuple[Piece, ...]:
    waves = None if wave is None else clips.cut(wave, longest=_PIECE, search=_SEARCH)
    if waves is None:
        if not sound.available():
            refuse(
                part.name,
                f"Zhipu transcribes {TRANSCRIBED.most_seconds:g} seconds at a time, and this recording is longer. "
                f"Split it ({_split_command(part)}), or have it done here: {sound.INSTALL}, or give it as a "
                "16-bit WAV file.",
                code="audio_too_long",
            )
        try:
            waves = clips.cut(_decoded(part.data), longest=_PIECE, search=_SEARCH) or []
        except sound.UnreadableSoundError as error:
            refuse(part.name, f"The file cannot be read as sound ({error}).", code="invalid_value")
    if len(waves) > MOST_PIECES:
        refuse(
            part.name,
            f"Zhipu transcribes {TRANSCRIBED.most_seconds:g} seconds at a time; a recording of more than "
            f"{MOST_PIECES} such pieces is not cut up here. Split it ({_split_command(part)}) and send the parts.",
            code="audio_too_long",
        )
    ledger.add(
        part.name,
        "emulated",
        f"Zhipu transcribes {TRANSCRIBED.most_seconds:g} seconds at a time: a longer recording is cut at quiet "
        "places and sent piece by piece, one request each.",
    )
    pieces, start = [], 0.0
    for one in waves:
        end = start + one.seconds
        data = Part(part.name, one.encode(), part.filename, None)
        pieces.append(Piece(_named(data, "wav"), start, end))
        start = end
    return tuple(pieces)


def _named(part: Part, kind: str) -> Part:
    """Give a file the name and the content type of its format, by which Zhipu may judge it."""
    given = PurePath(part.filename or "audio")
    fits = given.suffix.lower() == f".{kind}"
    name = part.filename if fits else f"{given.stem or 'audio'}.{kind}"
    return Part(part.name, part.data, name, _CONTENT_TYPES[kind])


def _name(part: Part) -> str:
    suffix = PurePath(part.filename or "").suffix.lower()
    return f"input{suffix}" if suffix[1:].isalnum() and suffix.isascii() else "input"


def _split_command(part: Part) -> str:
    return f"ffmpeg -i {_name(part)} -f segment -segment_time 25 -ac 1 -ar 16000 part%03d.wav"
