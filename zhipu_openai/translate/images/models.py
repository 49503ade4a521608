"""Zhipu's image models, and which of them answers for one of OpenAI's names. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from zhipu_openai.translate.media.sizes import SizeRule

Form = Literal["url", "b64_json"]
"""How a picture is handed over: as a link, or as its bytes in base64."""

Quality = Literal["hd", "standard"]


@dataclass(frozen=True, slots=True)
class ImageModel:
    """One of Zhipu's models.

    Attributes:
        id: Its id.
        sizes: The sizes it takes.
        default: The size it makes when none is given.
        qualities: The qualities it takes.
        longest_prompt: The most characters of a prompt; None where no limit is documented.
        jobs: Whether a picture may be made as a job, asynchronously.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    id: str
    sizes: SizeRule
    default: str
    qualities: tuple[Quality, ...]
    longest_prompt: int | None
    jobs: bool
    source: str
    seen: date


@dataclass(frozen=True, slots=True)
class ImageAlias:
    """One of OpenAI's names.

    Attributes:
        pattern: The name in lower case; ``*`` stands for anything.
        model: The model that answers.
        long_prompts: The model that answers when the prompt is too long for `model`; None for none.
        form: How OpenAI's model hands its pictures over when nothing is said about it.
        reason: Why this model.
        source: Where the meaning of OpenAI's name is from.
        seen: Day on which the source was true.
    """

    pattern: str
    model: str
    long_prompts: str | None
    form: Form
    reason: str
    source: str
    seen: date


_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)

# bigmodel.cn recommends 1024 to 2048 for sizes of one's own, its guide says 512 to 2048, z.ai requires 1024 to
# 2048 (OpenAPI, 2026-08-22): what is sent here is taken by all three.
_GLM_IMAGE_SIZES: Final = SizeRule(
    ("1280x1280", "1568x1056", "1056x1568", "1472x1088", "1088x1472", "1728x960", "960x1728"),
    multiple=32,
    least=1024,
    most=2048,
    most_pixels=2**22,
)
_COGVIEW_SIZES: Final = SizeRule(
    ("1024x1024", "768x1344", "864x1152", "1344x768", "1152x864", "1440x720", "720x1440"),
    multiple=16,
    least=512,
    most=2048,
    most_pixels=2**21,
)


def _cogview(model_id: str) -> ImageModel:
    return ImageModel(
        model_id,
        _COGVIEW_SIZES,
        "1024x1024",
        ("standard", "hd"),
        None,
        jobs=False,
        source=_SPEC,
        seen=_SPEC_SEEN,
    )


IMAGE_MODELS: Final[tuple[ImageModel, ...]] = (
    ImageModel(
        "glm-image",
        _GLM_IMAGE_SIZES,
        "1280x1280",
        ("hd",),
        1000,
        jobs=True,
        source=f"{_SPEC}; the prompt's length: docs.bigmodel.cn, glm-image",
        seen=_SPEC_SEEN,
    ),
    _cogview("cogview-4-250304"),
    _cogview("cogview-4"),
    _cogview("cogview-3-flash"),
)
"""z.ai has the first two alone (OpenAPI, 2026-08-22), so OpenAI's names stand for these."""

_LONG: Final = "cogview-4-250304"
_GPT_IMAGE: Final = "OpenAI's line that draws text and detail; Zhipu's newest, with CogView for long prompts"
_SDK: Final = "openai-python 3.54, image models"
_SDK_SEEN: Final = date(2026, 11, 23)

IMAGE_ALIASES: Final[tuple[ImageAlias, ...]] = (
    ImageAlias(
        "gpt-image-*-mini*",
        _LONG,
        None,
        "b64_json",
        "small and quick; CogView makes a picture in seconds",
        _SDK,
        _SDK_SEEN,
    ),
    ImageAlias("gpt-image-*", "glm-image", _LONG, "b64_json", _GPT_IMAGE, _SDK, _SDK_SEEN),
    ImageAlias("chatgpt-image-*", "glm-image", _LONG, "b64_json", _GPT_IMAGE, _SDK, _SDK_SEEN),
    ImageAlias(
        "dall-e-*",
        _LONG,
        None,
        "url",
        "takes OpenAI's old sizes, long prompts and two qualities, as DALL-E did",
        _SDK,
        _SDK_SEEN,
    ),
)
"""The first matching row wins. The choice of model is ours, and can be overridden by name."""

UNNAMED: Final = "dall-e-2"
UNNAMED_GPT: Final = "gpt-image-1"
GPT_IMAGE_ONLY: Final = frozenset(
    {"background", "moderation", "output_compression", "output_format", "partial_images", "stream"}
)
"""What a request stands for that names no model: the first, or the second where it has one of these fields.
Source: openai-python 1.99, ``images.generate``, 2025-08."""


def model_of(model_id: str) -> ImageModel | None:
    """Find the row of one of Zhipu's ids, None for one that is not known."""
    return next((row for row in IMAGE_MODELS if row.id == model_id.lower()), None)
