"""POST /images/generations and /async/images/generations: requests are checked, pictures are links.

A prompt that holds the word ``[unsafe]`` is stopped as Zhipu stops unsafe content, with code 1301.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.images.models import IMAGE_MODELS
from zhipu_openai.translate.media.sizes import read_size

from . import jobs
from .fields import COMMON, Field, json_object, refusal
from .links import picture_link
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from zhipu_openai.translate.images.models import ImageModel

    from .service import StandIn

UNSAFE: Final = "[unsafe]"
"""The word in a prompt that the stand-in takes for unsafe content."""

_FIELDS: Final = (
    Field("model", ("string",), required=True),
    Field("prompt", ("string",), required=True, least=1),
    Field("quality", ("string",), choices=("hd", "standard")),
    Field("size", ("string",)),
    Field("watermark_enabled", ("boolean",)),
    *COMMON,
)
"""Source: bigmodel.cn OpenAPI, 2026-07-11."""

_OF_ZAI: Final = ("glm-image", "cogview-4-250304")
"""Source: z.ai OpenAPI, 2026-08-22."""


def generate(service: StandIn, request: Request) -> Reply:
    """Answer with a link to a picture of the size that was asked for."""
    given = json_object(request)
    refused = _refused(service, request, given)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    body = {
        "created": int(request.now.timestamp()),
        "data": [{"url": _link(request, given)}],
        "content_filter": [{"role": "assistant", "level": 3}],
    }
    return json_reply(request, body, sort_keys=True)


def begin(service: StandIn, request: Request) -> Reply:
    """Begin a job that makes a picture; glm-image alone."""
    given = json_object(request)
    refused = _refused(service, request, given)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    row = _row(given)
    if row is not None and not row.jobs:
        return service.error(request, "1212")
    result = {"image_result": [{"url": _link(request, given)}]}
    return jobs.begin(service, request, kind="image", given=given, result=result)


def _refused(service: StandIn, request: Request, given: dict[str, Any] | None) -> Reply | None:
    broken = refusal(service, request, given, _FIELDS)
    if broken is not None or given is None:
        return broken
    row = _row(given)
    if row is None or (service.region == "intl" and row.id not in _OF_ZAI):
        return service.error(request, "1211")
    size = given.get("size")
    if size is not None and not _takes(row, size):
        return illegal(service, request, "size")
    if given.get("quality", row.qualities[0]) not in row.qualities:
        return illegal(service, request, "quality")
    if row.longest_prompt is not None and len(given["prompt"]) > row.longest_prompt:
        return illegal(service, request, "prompt")
    return service.error(request, "1301") if UNSAFE in given["prompt"] else None


def _takes(row: ImageModel, size: str) -> bool:
    read = read_size(size)
    return read is not None and size == f"{read[0]}x{read[1]}" and row.sizes.allows(read)


def illegal(service: StandIn, request: Request, name: str) -> Reply:
    """Refuse a value that is none that may be given."""
    zh = request.language == "zh"
    text = (
        f"{name} 参数非法。请检查文档。"
        if zh
        else f"Parameter {name} is invalid. Please check the documentation."
    )
    return service.error(request, "1214", message=text)


def _row(given: dict[str, Any]) -> ImageModel | None:
    return next((row for row in IMAGE_MODELS if row.id == given["model"]), None)


def _link(request: Request, given: dict[str, Any]) -> str:
    row = _row(given)
    size = given.get("size") or (row.default if row is not None else "1024x1024")
    return picture_link(request, request.id, size)
