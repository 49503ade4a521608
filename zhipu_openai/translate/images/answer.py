"""Zhipu's pictures in OpenAI's words: links or bytes, whole or as events."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Reply, encode_json
from zhipu_openai.translate.media.answers import (
    blocked,
    links_in,
    moment_of,
    object_in,
    refuse_hollow,
)
from zhipu_openai.translate.media.pictures import kind_of
from zhipu_openai.translate.upstream import kept_headers

if TYPE_CHECKING:
    from typing_extensions import Self

    from zhipu_openai.exchange import Body, Call

    from .fields import ImageDraft

COMPLETED: Final = "image_generation.completed"
"""OpenAI's name of the event that carries a finished picture."""

_EVENT_QUALITIES: Final = {"hd": "high", "standard": "medium"}
"""Events know the words of the newer models alone."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one request made: Zhipu's answer, its links, when, and the headers it came with."""

    body: Body
    links: list[str]
    created: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes behind a link, in base64, and their format."""

    base64: str
    format: str

    @classmethod
    def of(cls, reply: Reply) -> Self | None:
        """Read what came for a link; None if it is no picture."""
        kind = kind_of(reply.content)
        return None if kind is None else cls(base64.b64encode(reply.content).decode("ascii"), kind)


def made_by(reply: Reply, call: Call) -> Made:
    """Read the answer to a request for a picture.

    Raises:
        Refused: It has no usable link, or was stopped by Zhipu's filter.
    """
    body = object_in(reply)
    return _made(body, body.get("data"), reply, call)


def made_by_job(body: Body, reply: Reply, call: Call) -> Made:
    """Read the result of a job that has ended well.

    Raises:
        Refused: It has no usable link, or was stopped by Zhipu's filter.
    """
    items = body.get("image_result")
    kept = {name: value for name, value in body.items() if name not in ("image_result", "task_status")}
    return _made({**kept, "data": items}, items, reply, call)


def _made(body: Body, items: Any, reply: Reply, call: Call) -> Made:
    links = links_in(items)
    if not links:
        error = blocked(body, call, reply)
        if error is not None:
            raise Refused(error)
        refuse_hollow("holds no link to a picture")
    created = body.get("created")
    moment = created if isinstance(created, int) and not isinstance(created, bool) else moment_of(reply)
    return Made(body, links, moment, kept_headers(reply))


def merged(draft: ImageDraft, made: list[Made], pictures: list[Picture]) -> Body:
    """Make one answer of those of several requests; ``pictures`` are those that were read, if any were."""
    first = made[0]
    items = [dict(item) for one in made for item in one.body["data"]]
    answer: Body = {**first.body, "created": first.created, "data": items}
    levels = [one.body.get("content_filter") for one in made]
    if len(made) > 1 and any(isinstance(one, list) for one in levels):
        answer["content_filter"] = [level for one in levels if isinstance(one, list) for level in one]
    answer.setdefault("size", _size(draft))
    if pictures:
        for item, picture in zip(items, pictures, strict=True):
            del item["url"]
            item["b64_json"] = picture.base64
        answer.setdefault("output_format", pictures[0].format)
    return answer


def stream_of(draft: ImageDraft, made: list[Made], pictures: list[Picture]) -> Reply:
    """Write the finished pictures as OpenAI's events."""
    moments = [one.created for one in made for _ in one.links]
    events = [
        {
            "type": COMPLETED,
            "b64_json": picture.base64,
            "created_at": moment,
            "size": _size(draft) or "auto",
            "quality": _EVENT_QUALITIES.get(draft.wanted_quality, draft.wanted_quality),
            "background": "opaque",
            "output_format": picture.format,
            # Zhipu counts no tokens of pictures.
            "usage": None,
        }
        for picture, moment in zip(pictures, moments, strict=True)
    ]
    content = b"".join(
        b"event: " + COMPLETED.encode() + b"\ndata: " + encode_json(event) + b"\n\n" for event in events
    )
    headers = {**made[0].headers, "content-type": "text/event-stream; charset=utf-8"}
    return Reply(200, headers, content)


def _size(draft: ImageDraft) -> str | None:
    """Give the size that was asked for, or else the one that the model makes by itself."""
    asked = draft.body.get("size")
    if isinstance(asked, str):
        return asked
    return None if draft.model is None else draft.model.default
