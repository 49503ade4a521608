"""What was heard: the text, with the times that are known, in the formats that OpenAI has for it."""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.exchange import Reply, json_reply

from .answers import kept, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .transcription_fields import Draft

UNKNOWN_LANGUAGE: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the recording, in seconds from its beginning, and what was said in it."""

    start: float
    end: float
    text: str


@dataclass(slots=True)
class Transcript:
    """What was heard in a whole recording; ``seconds`` is its length where that is known."""

    text: str = ""
    segments: list[Segment] = field(default_factory=list)
    seconds: float | None = None
    body: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def joint(before: str, after: str) -> str:
    """Give what belongs between two pieces of text: a space, but not beside Chinese or Japanese."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    return "" if _is_wide(before[-1]) or _is_wide(after[0]) else " "


def joined(pieces: Iterable[str]) -> str:
    """Join what was heard piece by piece."""
    text = ""
    for piece in pieces:
        text += joint(text, piece) + piece
    return text


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def check_times(draft: Draft) -> None:
    """Say that the times of segments are approximate.

    Raises:
        Refused: A format with times is wanted, and the recording's length is not known.
    """
    if draft.pieces and draft.pieces[-1].end is None:
        refuse(
            "response_format",
            f"{draft.format} tells when something was said, but Zhipu does not, and the length of this file cannot "
            "be read here. Send it as WAV or MP3, or ask for 'json'.",
        )
    draft.note(
        "response_format",
        "approximated",
        "Zhipu tells no times: a segment is a piece of the recording (all of it, up to 30 seconds).",
    )


def answer(draft: Draft, heard: Transcript) -> Reply:
    """Put a transcript into the format that was asked for."""
    if draft.format == "text":
        return _text(heard, heard.text, "text/plain; charset=utf-8")
    if draft.format == "srt":
        return _text(heard, _srt(heard.segments), "application/x-subrip; charset=utf-8")
    if draft.format == "vtt":
        return _text(heard, _vtt(heard.segments), "text/vtt; charset=utf-8")
    body = {**heard.body, "text": heard.text}
    if heard.seconds is not None:
        body.setdefault("usage", {"type": "duration", "seconds": round(heard.seconds, 3)})
    if draft.format == "verbose_json":
        body |= _verbose(draft, heard)
    return json_reply(body, headers=kept(heard.headers))


def _text(heard: Transcript, text: str, content_type: str) -> Reply:
    return Reply(200, kept(heard.headers, **{"content-type": content_type}), text.encode())


def _verbose(draft: Draft, heard: Transcript) -> dict[str, Any]:
    draft.note(
        "segments",
        "approximated",
        "Zhipu measures no probabilities: avg_logprob and no_speech_prob are 0, tokens is empty.",
    )
    if draft.language is None:
        draft.note(
            "language",
            "approximated",
            f"Zhipu does not say which language it heard; language is {UNKNOWN_LANGUAGE!r}.",
        )
    return {
        "task": "transcribe",
        "language": draft.language or UNKNOWN_LANGUAGE,
        "duration": round(heard.seconds or 0.0, 3),
        "segments": [_segment(place, one) for place, one in enumerate(heard.segments)],
    }


def _segment(place: int, segment: Segment) -> dict[str, Any]:
    text = segment.text.encode()
    return {
        "id": place,
        "seek": round(segment.start * 100),
        "start": round(segment.start, 3),
        "end": round(segment.end, 3),
        "text": segment.text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": 0.0,
        "compression_ratio": len(text) / len(zlib.compress(text)),
        "no_speech_prob": 0.0,
    }


def _srt(segments: list[Segment]) -> str:
    spoken = [one for one in segments if one.text.strip()]
    return "".join(
        f"{number}\n{_clock(one.start, ',')} --> {_clock(one.end, ',')}\n{_cue(one.text)}\n\n"
        for number, one in enumerate(spoken, 1)
    )


def _vtt(segments: list[Segment]) -> str:
    spoken = [one for one in segments if one.text.strip()]
    cues = (f"{_clock(one.start, '.')} --> {_clock(one.end, '.')}\n{_cue(one.text)}\n\n" for one in spoken)
    return "WEBVTT\n\n" + "".join(cues)


def _cue(text: str) -> str:
    """Write a text as a cue: a blank line would end it."""
    return "\n".join(line for line in text.strip().splitlines() if line.strip())


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return (
        f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds // 1000:02d}{point}{milliseconds % 1000:03d}"
    )
