"""Which GLM model answers for which of OpenAI's names. Data only; the first matching row wins.

OpenAI's reasoning models go to a GLM that thinks, the others to one whose thinking can be turned off, so
that an answer costs and takes about as long as before. Small models go to GLM's air and flash models. The
choice of model is ours and can be overridden by name; the source says where the meaning of OpenAI's name
is from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Alias:
    """One row of the table.

    Attributes:
        pattern: OpenAI's name, lower case and without prefix; ``*`` and ``[…]`` as in `fnmatch`.
        model: The GLM model that answers.
        vision: The GLM model that answers when a message contains images; None when `model` takes them
            itself or nothing fits.
        thinks: Whether OpenAI's model reasons before it answers. If not, GLM's thinking is to be off.
        reason: Why this model.
        source: Where the meaning of OpenAI's name is from.
        seen: Day on which the source was true.
    """

    pattern: str
    model: str
    vision: str | None
    thinks: bool
    reason: str
    source: str
    seen: date


_MODELS_PAGE: Final = "developers.openai.com, models"
_MODELS_PAGE_ON: Final = date(2026, 11, 4)
_SDK: Final = "openai-python 3.54, model names"
_SDK_ON: Final = date(2026, 11, 23)

_SPEAKS: Final = "speech in and out; GLM's only chat model that hears and speaks"
_SEES: Final = "made for images, without thinking"
_SMALL: Final = "small, without thinking; GLM's air model with thinking off"
_LARGE: Final = "large, without thinking; the newest large GLM whose thinking can be turned off"
_NANO: Final = "the smallest that reasons; GLM's light text model, thinking on"
_MINI: Final = "small, reasons; the small GLM of the newest generation, which takes images too"
_REASONS: Final = "reasons; GLM's flagship, which always thinks"

ALIASES: Final[tuple[Alias, ...]] = (
    Alias("gpt-audio*", "glm-4-voice", None, False, _SPEAKS, _SDK, _SDK_ON),
    Alias("gpt-4o*-audio*", "glm-4-voice", None, False, _SPEAKS, _SDK, _SDK_ON),
    Alias("gpt-4*-vision*", "glm-4.6v", None, False, _SEES, _SDK, _SDK_ON),
    Alias("gpt-3.5*", "glm-4.5-air", "glm-4.6v-flashx", False, _SMALL, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("gpt-4o-mini*", "glm-4.5-air", "glm-4.6v-flashx", False, _SMALL, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("gpt-4.1-mini*", "glm-4.5-air", "glm-4.6v-flashx", False, _SMALL, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("gpt-4.1-nano*", "glm-4.5-air", "glm-4.6v-flashx", False, _SMALL, _MODELS_PAGE, _MODELS_PAGE_ON),
    # gpt-4, gpt-4-turbo, gpt-4o, gpt-4.1, gpt-4.5, dated or not.
    Alias("gpt-4*", "glm-5.2", "glm-4.6v", False, _LARGE, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("chatgpt-4o*", "glm-5.2", "glm-4.6v", False, _LARGE, _MODELS_PAGE, _MODELS_PAGE_ON),
    # ChatGPT's Instant model, with and without the number of its generation.
    Alias("chat-latest", "glm-5.2", "glm-4.6v", False, _LARGE, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("gpt-[56]*-chat*", "glm-5.2", "glm-4.6v", False, _LARGE, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("gpt-[56]*-nano*", "glm-4.7-flashx", "glm-5.3-flash", True, _NANO, _SDK, _SDK_ON),
    Alias("gpt-[56]*-mini*", "glm-5.3-flash", None, True, _MINI, _SDK, _SDK_ON),
    Alias("o[1-9]-mini*", "glm-5.3-flash", None, True, _MINI, _SDK, _SDK_ON),
    Alias("codex-mini*", "glm-5.3-flash", None, True, _MINI, _MODELS_PAGE, _MODELS_PAGE_ON),
    # Luna is the tier for cost-sensitive work; Sol, Terra and Astra are the tiers above it.
    Alias("gpt-[56]*-luna*", "glm-5.3-flash", None, True, _MINI, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("gpt-[56]*", "glm-5.3", "glm-5.3-flash", True, _REASONS, _MODELS_PAGE, _MODELS_PAGE_ON),
    Alias("o[1-9]", "glm-5.3", "glm-5.3-flash", True, _REASONS, _SDK, _SDK_ON),
    Alias("o[1-9]-*", "glm-5.3", "glm-5.3-flash", True, _REASONS, _SDK, _SDK_ON),
)

NOT_CHAT: Final[tuple[str, ...]] = ("*-realtime*", "*-transcribe*", "*-tts*", "*-image*")
"""OpenAI's names for other operations, which the patterns above would catch: they are left as they are."""
