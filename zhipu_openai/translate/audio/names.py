"""OpenAI's names for models and voices, and what serves for them on Zhipu. Data, and its look-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from zhipu_openai import catalogue

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call


@dataclass(frozen=True, slots=True)
class ModelName:
    """Names of OpenAI's (a pattern, lower case) and the model of Zhipu's that serves for them."""

    openai: str
    zhipu: str
    source: str
    seen: date


@dataclass(frozen=True, slots=True)
class VoiceName:
    """A voice of OpenAI's and the voice of Zhipu's that speaks instead."""

    openai: str
    zhipu: str
    source: str
    seen: date


_SDK: Final = ("names: openai-python 3.54; glm model: bigmodel.cn OpenAPI of 2026-07-11", date(2026, 11, 23))
_VOICES: Final = ("names: openai-python 3.54, bigmodel.cn OpenAPI of 2026-07-11", date(2026, 11, 23))

MODEL_NAMES: Final[tuple[ModelName, ...]] = (
    ModelName("whisper*", "glm-asr-2512", *_SDK),
    ModelName("gpt-transcribe*", "glm-asr-2512", *_SDK),
    ModelName("gpt-*-transcribe*", "glm-asr-2512", *_SDK),
    ModelName("tts-1*", "glm-tts", *_SDK),
    ModelName("gpt-*-tts*", "glm-tts", *_SDK),
)
"""Any other name is sent as it is, ``glm-asr`` and ``cogtts`` too, which the specification has dropped."""

VOICE_NAMES: Final[tuple[VoiceName, ...]] = (
    VoiceName("alloy", "tongtong", *_VOICES),
    VoiceName("ash", "xiaochen", *_VOICES),
    VoiceName("ballad", "xiaochen", *_VOICES),
    VoiceName("cedar", "xiaochen", *_VOICES),
    VoiceName("coral", "tongtong", *_VOICES),
    VoiceName("echo", "xiaochen", *_VOICES),
    VoiceName("fable", "chuichui", *_VOICES),
    VoiceName("marin", "tongtong", *_VOICES),
    VoiceName("nova", "tongtong", *_VOICES),
    VoiceName("onyx", "xiaochen", *_VOICES),
    VoiceName("sage", "tongtong", *_VOICES),
    VoiceName("shimmer", "tongtong", *_VOICES),
    VoiceName("verse", "chuichui", *_VOICES),
)
"""Nothing documented likens these voices to each other: the choice is ours. The four voices of Zhipu's that are
left out belong to characters of a show. Any other name, a cloned voice's id above all, is sent as it is."""

_VOICES_BY_NAME: Final = {row.openai: row.zhipu for row in VOICE_NAMES}


def model_for(call: Call, name: str) -> str:
    """Decide which model is asked, and record it where it is another than the caller's."""
    found = catalogue.resolve(name, overrides=call.options.model_aliases)
    if found.overridden:
        call.ledger.add("model", "translated", f"{name} is served by {found.id}.")
        return found.id
    row = next((row for row in MODEL_NAMES if fnmatchcase(found.id.lower(), row.openai)), None)
    if row is not None:
        call.ledger.add("model", "approximated", f"{name} is served by {row.zhipu}.")
        return row.zhipu
    if found.id != name and found.alias is None:
        call.ledger.add("model", "translated", f"{name} is sent as {found.id}.")
        return found.id
    return name


def voice_for(call: Call, name: str) -> str:
    """Decide which voice speaks, and record it where it is another than the caller's."""
    voice = _VOICES_BY_NAME.get(name.lower())
    if voice is None:
        return name
    call.ledger.add(
        "voice",
        "approximated",
        f"OpenAI's {name.lower()} is spoken by Zhipu's {voice}; name a voice of Zhipu's to choose yourself.",
    )
    return voice
