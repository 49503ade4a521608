"""The table of speech fields: what becomes of each one of OpenAI's on its way to Zhipu.

The rows are applied in order. A field in no row is Zhipu's own (``volume``, ``watermark_enabled``), or newer
than this table, and is sent as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from zhipu_openai import sound

from . import speech_text
from .answers import refuse
from .names import model_for, voice_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Body, Call

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped"]

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))

MOST_CHARACTERS: Final = {"glm-tts": 1024}
"""Of one request, by model. Source: bigmodel.cn OpenAPI, 2026-07-11."""
OPENAI_CHARACTERS: Final = 4096
"""What OpenAI takes. Source: openai-python 3.54."""
SPEEDS: Final = (0.5, 2.0)
"""Slowest and fastest, 1 being the usual. Source: bigmodel.cn OpenAPI, 2026-07-11. OpenAI has 0.25 to 4."""
RATE: Final = 24_000
"""Samples per second of Zhipu's PCM (16 bits, one channel), as of OpenAI's. Source: recorded traffic
(fxp/skillify), 2026-09."""

DEFAULT_FORMAT: Final = "mp3"
"""OpenAI's; Zhipu's own is pcm."""

CONTENT_TYPES: Final = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}


@dataclass(slots=True)
class Draft:
    """A speech request on its way to Zhipu.

    ``body`` is what will be sent, but for the text and the format; ``format`` is what the caller gets, and
    ``events`` whether as OpenAI's events. ``native`` says that the caller asked for Zhipu's own stream,
    ``fallen_back`` that the format is not the one that the caller asked for.
    """

    call: Call
    body: Body
    parts: list[str] = field(default_factory=list)
    format: str = DEFAULT_FORMAT
    events: bool = False
    native: bool = False
    fallen_back: bool = False

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation."""
        self.call.ledger.add(name, kind, detail)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request; ``neutral`` lists the values that ask for nothing."""

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Draft, Any], None] | None = None
    neutral: tuple[Any, ...] = ()


def _model(draft: Draft, name: Any) -> None:
    if isinstance(name, str):
        draft.body["model"] = model_for(draft.call, name)


def _voice(draft: Draft, voice: Any) -> None:
    if isinstance(voice, dict) and isinstance(voice.get("id"), str):
        voice = voice["id"]
        draft.note("voice", "translated", "a voice's id is sent as the voice itself.")
    if isinstance(voice, str):
        voice = voice_for(draft.call, voice)
    draft.body["voice"] = voice


def _speed(draft: Draft, speed: Any) -> None:
    if isinstance(speed, bool) or not isinstance(speed, (int, float)):
        refuse("speed", "speed must be a number.", code="invalid_type")
    slowest, fastest = SPEEDS
    within = min(max(speed, slowest), fastest)
    if within != speed:
        draft.note(
            "speed", "approximated", f"Zhipu speaks at {slowest:g} to {fastest:g} times the usual speed."
        )
        draft.body["speed"] = within


def _stream(draft: Draft, stream: Any) -> None:
    draft.native = stream is True and "stream_format" not in draft.body
    if stream is True and not draft.native:
        # Who names OpenAI's way of streaming gets that.
        del draft.body["stream"]


def _stream_format(draft: Draft, kind: Any) -> None:
    del draft.body["stream_format"]
    if kind not in ("sse", "audio"):
        refuse("stream_format", "stream_format is 'audio' or 'sse'.", code="invalid_value")
    draft.events = kind == "sse"


def _format(draft: Draft, wanted: Any) -> None:
    if not isinstance(wanted, str):
        refuse("response_format", "response_format must be a string.", code="invalid_type")
    draft.format = wanted


def _input(draft: Draft, text: Any) -> None:
    if not isinstance(text, str):
        return
    most = MOST_CHARACTERS.get(str(draft.body.get("model")))
    if most is None or draft.native:
        draft.parts = [text]
        return
    if len(text) > OPENAI_CHARACTERS:
        refuse(
            "input",
            f"The text has {len(text)} characters; {OPENAI_CHARACTERS} are spoken at most, as by OpenAI. Split it and "
            "join the sound.",
            code="string_above_max_length",
        )
    draft.parts = speech_text.split(text, most)
    if len(draft.parts) > 1:
        draft.note(
            "input",
            "emulated",
            f"Zhipu speaks up to {most} characters at a time: a longer text is cut at the ends of sentences, and "
            "the sound is joined.",
        )


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date],
    rule: Callable[[Draft, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
) -> Field:
    return Field(name, verdict, what, *origin, rule, neutral)


FIELDS: Final[tuple[Field, ...]] = (
    _field("model", "translated", "OpenAI's names stand for glm-tts; others pass.", _SPEC, _model),
    _field(
        "voice",
        "approximated",
        "OpenAI's voices are spoken by Zhipu's; others, cloned ones too, pass.",
        _SPEC,
        _voice,
    ),
    _field("instructions", "dropped", "glm-tts takes no instructions.", _ABSENT, neutral=("",)),
    _field("speed", "approximated", "0.5 to 2.", _SPEC, _speed),
    _field("stream", "same", "Zhipu's own: its events pass as they are.", _SPEC, _stream),
    _field(
        "stream_format",
        "translated",
        "sse becomes OpenAI's speech.audio events, of Zhipu's stream.",
        _ABSENT,
        _stream_format,
    ),
    _field(
        "response_format",
        "translated",
        "wav and pcm (24 kHz, 16 bits, one channel, as OpenAI's) are Zhipu's own; mp3 (the default), opus, aac and "
        "flac are made here (extra `audio`), or else answered with WAV.",
        _SPEC,
        _format,
    ),
    _field(
        "input",
        "emulated",
        "Up to 1024 characters a request; up to 4096 are spoken in parts and joined.",
        _SPEC,
        _input,
    ),
)


def translate_request(call: Call) -> Draft:
    """Translate the body of a speech request.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    draft = Draft(call, dict(call.body))
    for row in FIELDS:
        value = draft.body.get(row.name)
        if value is None or value in row.neutral:
            draft.body.pop(row.name, None)
        elif row.rule is not None:
            row.rule(draft, value)
        elif row.verdict == "dropped":
            del draft.body[row.name]
            draft.note(row.name, "dropped", row.what)
    if not draft.native:
        _settle_format(draft)
    return draft


def _settle_format(draft: Draft) -> None:
    """Decide what the caller gets where the format cannot be made here."""
    if draft.format not in sound.CODECS:
        return
    if sound.available():
        draft.note("response_format", "translated", f"{draft.format} is made here, of Zhipu's WAV or PCM.")
        return
    draft.note(
        "response_format",
        "approximated",
        f"Zhipu makes wav and pcm alone: the sound is WAV, not {draft.format}. Ask for 'wav', or have "
        f"{draft.format} made here: {sound.INSTALL}.",
    )
    draft.format, draft.fallen_back = "wav", True
