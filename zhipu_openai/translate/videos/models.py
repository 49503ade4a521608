"""Zhipu's video models, and which of them answers for one of OpenAI's names. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.media.sizes import SizeRule

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PictureRule:
    """The pictures that a model begins from.

    Attributes:
        most: How many it takes; 0 for none.
        listed: It wants a list even for one.
        formats: The formats it takes.
        most_bytes: The largest picture, in bytes.
    """

    most: int
    listed: bool
    formats: tuple[str, ...]
    most_bytes: int


@dataclass(frozen=True, slots=True)
class VideoModel:
    """One of Zhipu's models.

    Attributes:
        id: Its id.
        sizes: The sizes it makes.
        durations: The lengths it makes, in seconds; none where it takes no ``duration``.
        ratios: The aspect ratios it takes beside its one size; none where it takes no ``aspect_ratio``.
        pictures: The pictures it takes.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    id: str
    sizes: SizeRule
    durations: tuple[int, ...]
    ratios: tuple[str, ...]
    pictures: PictureRule
    source: str
    seen: date


@dataclass(frozen=True, slots=True)
class VideoAlias:
    """One of OpenAI's names.

    Attributes:
        pattern: The name in lower case; ``*`` stands for anything.
        model: The model that answers.
        sends: What is sent besides, unless the caller says it.
        reason: Why this model.
        source: Where the meaning of OpenAI's name is from.
        seen: Day on which the source was true.
    """

    pattern: str
    model: str
    reason: str
    source: str
    seen: date
    sends: Mapping[str, Any] = field(default_factory=dict)


LONGEST_PROMPT: Final = 512
"""Most characters of a prompt, for every model. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_MEGABYTE: Final = 1024 * 1024

_COGVIDEO_PICTURE: Final = PictureRule(1, listed=False, formats=("png", "jpeg"), most_bytes=5 * _MEGABYTE)
_COGVIDEO_3_PICTURES: Final = PictureRule(2, listed=False, formats=("png", "jpeg"), most_bytes=5 * _MEGABYTE)
_COGVIDEO_2_SIZES: Final = SizeRule(
    ("720x480", "1024x1024", "1280x960", "960x1280", "1920x1080", "1080x1920", "2048x1080", "3840x2160")
)
_RATIOS: Final = ("16:9", "9:16", "1:1")
_FULL_HD: Final = SizeRule(("1920x1080",))
_HD: Final = SizeRule(("1280x720",))


def _vidu_pictures(most: int, *, listed: bool) -> PictureRule:
    return PictureRule(most, listed, ("png", "jpeg", "webp"), 50 * _MEGABYTE)


def _model(
    model_id: str,
    sizes: SizeRule,
    durations: tuple[int, ...],
    pictures: PictureRule,
    ratios: tuple[str, ...] = (),
) -> VideoModel:
    return VideoModel(model_id, sizes, durations, ratios, pictures, _SPEC, _SPEC_SEEN)


VIDEO_MODELS: Final[tuple[VideoModel, ...]] = (
    _model(
        "cogvideox-3",
        SizeRule(("1280x720", "720x1280", "1024x1024", "1920x1080", "1080x1920", "2048x1080", "3840x2160")),
        (5, 10),
        _COGVIDEO_3_PICTURES,
    ),
    _model("cogvideox-2", _COGVIDEO_2_SIZES, (), _COGVIDEO_PICTURE),
    _model("cogvideox-flash", _COGVIDEO_2_SIZES, (), _COGVIDEO_PICTURE),
    _model("viduq1-text", _FULL_HD, (5,), _vidu_pictures(0, listed=False), _RATIOS),
    _model("viduq1-image", _FULL_HD, (5,), _vidu_pictures(1, listed=False)),
    _model("vidu2-image", _HD, (4,), _vidu_pictures(1, listed=False)),
    _model("viduq1-start-end", _FULL_HD, (5,), _vidu_pictures(2, listed=True)),
    _model("vidu2-start-end", SizeRule(("1280x720", "480x360")), (4,), _vidu_pictures(2, listed=True)),
    _model("vidu2-reference", _HD, (4,), _vidu_pictures(3, listed=True), _RATIOS),
)
"""z.ai has all but cogvideox-2 and cogvideox-flash (OpenAPI, 2026-08-22)."""

LISTS_PICTURES: Final = frozenset({"intl"})
"""Regions where even cogvideox-3 takes its pictures as a list. Source: z.ai OpenAPI, 2026-08-22; bigmodel.cn's
has one text, or a list of two."""

_SDK: Final = "openai-python 3.54, video models"
_SDK_SEEN: Final = date(2026, 11, 23)

VIDEO_ALIASES: Final[tuple[VideoAlias, ...]] = (
    VideoAlias(
        "sora-2-pro*",
        "cogvideox-3",
        "the better and slower of OpenAI's two; CogVideoX in its mode for quality",
        _SDK,
        _SDK_SEEN,
        {"quality": "quality"},
    ),
    VideoAlias(
        "sora-*", "cogvideox-3", "from text or a picture, with a choice of sizes and lengths", _SDK, _SDK_SEEN
    ),
)
"""The first matching row wins. The choice of model is ours, and can be overridden by name."""

UNNAMED: Final = "sora-2"
"""What a request stands for that names no model. Source: openai-python 3.54, ``videos.create``, 2026-11-23."""


def model_of(model_id: str) -> VideoModel | None:
    """Find the row of one of Zhipu's ids, None for one that is not known."""
    return next((row for row in VIDEO_MODELS if row.id == model_id.lower()), None)
