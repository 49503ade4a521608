"""Which of GLM-Realtime's models and voices answer for OpenAI's names. Data, and one lookup for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from zhipu_openai import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

_SDK: Final = ("openai-python 3.54", date(2026, 11, 23))


@dataclass(frozen=True, slots=True)
class Name:
    """One row: a name of OpenAI's (``*`` as in `fnmatch`), what answers for it on Zhipu, and why."""

    openai: str
    zhipu: str
    reason: str
    source: str
    seen: date


_SMALL: Final = "OpenAI's small realtime model; GLM's lighter one"
_LARGE: Final = "OpenAI's realtime model; the larger of GLM's two"

# A recorded session.created names "glm-realtime" (fxp/skillify, 2026-09), which no specification lists; of the
# two ids that the specification does list one is sent. Zhipu's own ids, "glm-realtime" too, pass as they are.
MODELS: Final[tuple[Name, ...]] = (
    Name("gpt-realtime*-mini*", "glm-realtime-flash", _SMALL, *_SDK),
    Name("gpt-4o-mini-realtime*", "glm-realtime-flash", _SMALL, *_SDK),
    Name("gpt-audio*-mini*", "glm-realtime-flash", _SMALL, *_SDK),
    Name("gpt-realtime*", "glm-realtime-air", _LARGE, *_SDK),
    Name("gpt-4o-realtime*", "glm-realtime-air", _LARGE, *_SDK),
    Name("gpt-audio*", "glm-realtime-air", _LARGE, *_SDK),
)
"""OpenAI's realtime models. The first matching row wins; any other name passes."""

ZHIPU_VOICES: Final[tuple[str, ...]] = (
    "tongtong",
    "female-tianmei",
    "male-qn-daxuesheng",
    "male-qn-jingying",
    "lovely_girl",
    "female-shaonv",
)
"""GLM-Realtime's voices. Source: bigmodel.cn AsyncAPI, 2026-07-11."""

_NEUTRAL: Final = "GLM's default voice"
_WOMAN: Final = "a woman's voice"
_MAN: Final = "a man's voice"
_DEEP: Final = "a deeper man's voice"

VOICES: Final[tuple[Name, ...]] = (
    Name("alloy", "tongtong", _NEUTRAL, *_SDK),
    Name("ash", "male-qn-jingying", _DEEP, *_SDK),
    Name("ballad", "male-qn-daxuesheng", _MAN, *_SDK),
    Name("cedar", "male-qn-jingying", _DEEP, *_SDK),
    Name("coral", "female-tianmei", _WOMAN, *_SDK),
    Name("echo", "male-qn-daxuesheng", _MAN, *_SDK),
    Name("marin", "female-tianmei", _WOMAN, *_SDK),
    Name("sage", "female-shaonv", _WOMAN, *_SDK),
    Name("shimmer", "female-shaonv", _WOMAN, *_SDK),
    Name("verse", "male-qn-daxuesheng", _MAN, *_SDK),
)
"""OpenAI's voices. Which of Zhipu's comes nearest is our choice; the names are all that is documented."""


def model_for(name: str, aliases: Mapping[str, str]) -> tuple[str, bool]:
    """Give the model to ask for, and whether that is another than was meant.

    The caller's own table comes first, then the rows above; any other name passes.
    """
    found = catalogue.resolve(name, overrides=aliases)
    if found.overridden:
        return found.id, False
    bare = name.rpartition("/")[2]
    for row in MODELS:
        if fnmatchcase(bare.lower(), row.openai):
            return row.zhipu, True
    # A chat model's alias would be no help here; Zhipu says what it thinks of the name.
    return (found.id if found.alias is None else bare), False


def voice_for(name: str) -> str | None:
    """Give the voice that stands in for one of OpenAI's; None for any other name."""
    return next((row.zhipu for row in VOICES if row.openai == name), None)
