"""POST /videos/generations: requests are checked by their model, and a job is begun.

A prompt that holds the word ``[unsafe]`` is stopped as Zhipu stops unsafe content, with code 1301.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.videos.models import LONGEST_PROMPT, VIDEO_MODELS

from . import jobs
from .fields import COMMON, Field, json_object, refusal
from .images import UNSAFE, illegal
from .links import picture_link, video_link

if TYPE_CHECKING:
    from zhipu_openai.translate.videos.models import VideoModel

    from .service import StandIn
    from .traffic import Reply, Request

_COMMON: Final = (
    Field("model", ("string",), required=True),
    Field("prompt", ("string",), most=LONGEST_PROMPT),
    *COMMON,
)
_COGVIDEO: Final = (
    Field("quality", ("string",), choices=("speed", "quality")),
    Field("with_audio", ("boolean",)),
    Field("watermark_enabled", ("boolean",)),
    Field("fps", ("integer",), choices=(30, 60)),
)
_VIDU: Final = (
    Field("style", ("string",), choices=("general", "anime")),
    Field("movement_amplitude", ("string",), choices=("auto", "small", "medium", "large")),
    Field("with_audio", ("boolean",)),
)
"""Source of all: bigmodel.cn OpenAPI, 2026-07-11."""

_NOT_OF_ZAI: Final = ("cogvideox-2", "cogvideox-flash")
"""Source: z.ai OpenAPI, 2026-08-22."""

_COVER: Final = "1280x720"


def begin(service: StandIn, request: Request) -> Reply:
    """Begin a job that makes a video."""
    given = json_object(request)
    refused = refusal(service, request, given, _COMMON)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    refused = _refused(service, request, given)
    if refused is not None:
        return refused
    files = {
        "url": video_link(request, request.id),
        "cover_image_url": picture_link(request, request.id, given.get("size") or _COVER),
    }
    return jobs.begin(service, request, kind="video", given=given, result={"video_result": [files]})


def _refused(service: StandIn, request: Request, given: dict[str, Any]) -> Reply | None:
    row = next((row for row in VIDEO_MODELS if row.id == given["model"]), None)
    if row is None or (service.region == "intl" and row.id in _NOT_OF_ZAI):
        return service.error(request, "1211")
    broken = refusal(service, request, given, _fields_of(row))
    if broken is not None:
        return broken
    if not given.get("prompt") and not given.get("image_url"):
        return service.error(request, "1213")
    if "image_url" in given and not _takes(row, given["image_url"]):
        return illegal(service, request, "image_url")
    return service.error(request, "1301") if UNSAFE in given.get("prompt", "") else None


def _fields_of(row: VideoModel) -> tuple[Field, ...]:
    of_line = _VIDU if row.id.startswith("vidu") else _COGVIDEO
    return (
        *of_line,
        Field("size", ("string",), choices=row.sizes.listed),
        *([Field("duration", ("integer",), choices=row.durations)] if row.durations else []),
        *([Field("aspect_ratio", ("string",), choices=row.ratios)] if row.ratios else []),
    )


def _takes(row: VideoModel, given: Any) -> bool:
    """Say whether pictures are given in the number and the form that the model takes."""
    pictures = given if isinstance(given, list) else [given]
    if not 1 <= len(pictures) <= row.pictures.most or (row.pictures.listed and not isinstance(given, list)):
        return False
    return all(
        isinstance(one, str) and one.startswith(("https://", "http://", "data:image/")) for one in pictures
    )
