"""The session: OpenAI's two shapes of it, and Zhipu's, which is the older of OpenAI's with words of its own.

A session is kept flat, under the names of OpenAI's beta, which are Zhipu's too; ``FLAT`` says where the GA
protocol has each of them. The table of what becomes of each field is in ``session_fields``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .session_fields import FIELDS, Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .state import Event, State

_ASPEC: Final = ("bigmodel.cn AsyncAPI", date(2026, 7, 11))
_SDK_PAGE: Final = ("MetaGLM/glm-realtime-sdk, event reference", date(2025, 2, 1))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the GA protocol has a field of the flat session."""

    path: tuple[str, ...]
    name: str


FLAT: Final[tuple[Place, ...]] = (
    Place(("audio", "input", "format"), "input_audio_format"),
    Place(("audio", "input", "noise_reduction"), "input_audio_noise_reduction"),
    Place(("audio", "input", "transcription"), "input_audio_transcription"),
    Place(("audio", "input", "turn_detection"), "turn_detection"),
    Place(("audio", "output", "format"), "output_audio_format"),
    Place(("audio", "output", "voice"), "voice"),
    Place(("audio", "output", "speed"), "speed"),
    Place(("output_modalities",), "modalities"),
    Place(("max_output_tokens",), "max_response_output_tokens"),
)
"""Source: openai-python 3.54, types of ``realtime`` and ``beta.realtime``, 2026-11-23."""


@dataclass(frozen=True, slots=True)
class Default:
    """What is sent for a field that was not given, and why."""

    name: str
    value: Any
    reason: str
    source: str
    seen: date


DEFAULTS: Final[tuple[Default, ...]] = (
    Default("input_audio_format", "pcm24", "OpenAI's audio is PCM at 24 kHz; a required field.", *_ASPEC),
    Default("output_audio_format", "pcm", "PCM at 24 kHz, as OpenAI's; a required field.", *_ASPEC),
    # Zhipu's own default is client_vad. Under server_vad a text turn is answered at response.create too: nothing
    # in the documents says otherwise, and nothing measured settles it.
    Default(
        "turn_detection",
        {"type": "server_vad"},
        "OpenAI detects turns unless told not to; a required field.",
        *_ASPEC,
    ),
)
"""OpenAI's defaults where Zhipu's differ or where Zhipu requires a value."""

BETA_FIELDS: Final[Mapping[str, str]] = {"chat_mode": "audio", "tts_source": "e2e"}
"""Required by the event reference of 2025-02 (by the specification of 2026-07-11, ``chat_mode`` alone)."""


def flatten(session: Mapping[str, Any]) -> Event:
    """Bring a session into the flat form. A flat name that stands there already is the caller's own and wins."""
    flat: Event = {name: value for name, value in session.items() if name != "audio"}
    for place in FLAT:
        if len(place.path) == 1:
            flat.pop(place.path[0], None)
    for place in FLAT:
        found, value = _at(session, place.path)
        if found and place.name not in session:
            flat[place.name] = value
    return flat


def to_zhipu(state: State, wanted: Mapping[str, Any]) -> Event:
    """Make Zhipu's session of a flat one.

    Every session sent is whole: without its turn_detection, Zhipu may fall back to client_vad (event
    reference, 2025-02).

    Raises:
        Refused: A field cannot be honoured and must not be guessed.
    """
    draft = Draft(dict(wanted), state)
    if draft.session.get("model") is None and state.model is not None:
        draft.session["model"] = state.model
    for field in FIELDS:
        if field.name not in draft.session:
            continue
        value = draft.session[field.name]
        if field.rule is not None and (value is not None or field.takes_null):
            field.rule(draft, value)
        elif value is None or any(value is one or value == one for one in field.neutral):
            del draft.session[field.name]
        elif field.verdict == "dropped":
            draft.drop(field)
    for default in DEFAULTS:
        draft.session.setdefault(default.name, default.value)
    own = draft.session.get("beta_fields")
    draft.session["beta_fields"] = {**BETA_FIELDS, **(own if isinstance(own, dict) else {})}
    return draft.session


_DIGITS: Final = 9
"""Of a number that is written as a text."""


def to_openai(state: State, session: Mapping[str, Any]) -> Event:
    """Make OpenAI's session, in the caller's protocol, of one that Zhipu reports. What is Zhipu's own stays in it."""
    flat = {name: value for name, value in session.items() if value is not None}
    if isinstance(flat.get("turn_detection"), dict) and flat["turn_detection"].get("type") == "client_vad":
        flat["turn_detection"] = None
    tokens = flat.get("max_response_output_tokens")
    if isinstance(tokens, str) and len(tokens) <= _DIGITS and tokens.isascii() and tokens.isdigit():
        flat["max_response_output_tokens"] = int(tokens)
    return _nested(flat) if state.dialect == "ga" else _named(flat)


def _named(flat: Event) -> Event:
    """Give the formats of audio the beta's names."""
    for name in ("input_audio_format", "output_audio_format"):
        if flat.get(name) == "pcm24" or (flat.get(name) == "pcm" and name == "output_audio_format"):
            flat[name] = "pcm16"
    return flat


def _nested(flat: Event) -> Event:
    """Put each field where the GA protocol has it."""
    nested: Event = {"type": "realtime", "object": "realtime.session"}
    places = {place.name: place.path for place in FLAT}
    for name, value in flat.items():
        *steps, last = places.get(name, (name,))
        target = nested
        for step in steps:
            target = target.setdefault(step, {})
        target[last] = _ga_value(name, value)
    return nested


def _ga_value(name: str, value: Any) -> Any:
    if name == "modalities" and isinstance(value, list) and "audio" in value:
        return ["audio"]  # which always brings its transcript
    if not name.endswith("_audio_format") or not isinstance(value, str):
        return value
    if value == "pcm24" or (value == "pcm" and name == "output_audio_format"):
        return {"type": "audio/pcm", "rate": 24000}
    return {"type": "audio/pcm", "rate": 16000} if value == "pcm16" else {"type": f"audio/{value}"}


def _at(session: Mapping[str, Any], path: tuple[str, ...]) -> tuple[bool, Any]:
    value: Any = session
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return False, None
        value = value[step]
    return True, value
