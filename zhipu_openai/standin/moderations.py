"""POST /moderations: a verdict that can be foreseen, since it goes by words that stand in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.moderation_tables import LONGEST_TEXT

from .fields import COMMON, Field, json_object, refusal
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .service import StandIn

NOTICE: Final = (
    "[stand-in] This verdict comes from the zhipu-openai stand-in, which only looks for a few words."
)

WORDS: Final = (
    ("涉黄", ("涉黄", "pornography")),
    ("涉暴", ("涉暴", "violence")),
    ("违法违规", ("违法", "crime")),
    ("涉政", ("涉政", "politics")),
)
"""Labels, and the words in a text or a link for which they are given."""

SUSPICIOUS: Final = ("可疑", "suspicious")
"""Words for which content is to be looked at, without a label."""

_CONTENT_TYPES: Final = {"text": "text", "image_url": "image", "video_url": "video", "audio_url": "audio"}
_FIELDS: Final = (
    Field("model", ("string",), required=True),
    Field("input", ("string", "object", "array"), required=True, least=1),
    *COMMON,
)
"""Source: docs.bigmodel.cn OpenAPI, 2026-07-11."""


def moderate(service: StandIn, request: Request) -> Reply:
    """Answer with one verdict for each piece of content."""
    given = json_object(request)
    refused = refusal(service, request, given, _FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    # Recorded traffic of api.z.ai, 2026-07-11: moderation is served in China alone.
    if given["model"] != "moderation" or service.region == "intl":
        return service.error(request, "1211")
    pieces = list(_pieces(given["input"]))
    if not all(pieces):
        # That this code answers is inferred.
        return service.error(request, "1214", message="input 参数非法。请检查文档。")
    body = {
        "created": int(request.now.timestamp()),
        "id": request.id,
        "request_id": given.get("request_id", request.id),
        "result_list": [_verdict(*piece) for piece in pieces if piece is not None],
        "standin": NOTICE,
        "usage": {"moderation_text": {"call_count": 1}},
    }
    return json_reply(request, body)


def _pieces(given: Any) -> Iterator[tuple[str, str] | None]:
    """Give the type and the words of each piece of content; None for what is not taken."""
    parts: Iterable[Any] = given if isinstance(given, list) else [given]
    for part in parts:
        if isinstance(part, str) and not isinstance(given, list):
            part = {"type": "text", "text": part}  # noqa: PLW2901 - the same content, in its longer form
        yield _piece(part)


def _piece(part: Any) -> tuple[str, str] | None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in _CONTENT_TYPES:
        return None
    words = part.get(kind)
    if kind != "text":
        words = words.get("url") if isinstance(words, dict) else None
        words = words if isinstance(words, str) and words.startswith(("http://", "https://")) else None
    if not isinstance(words, str) or not 0 < len(words) <= LONGEST_TEXT:
        return None
    return _CONTENT_TYPES[kind], words


def _verdict(content_type: str, words: str) -> dict[str, Any]:
    lowered = words.lower()
    labels = [label for label, found in WORDS if any(word in lowered for word in found)]
    level = "REJECT" if labels else "REVIEW" if any(word in lowered for word in SUSPICIOUS) else "PASS"
    return {"content_type": content_type, "risk_level": level, "risk_type": labels}
