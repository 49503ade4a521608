"""The course of a video: begun, asked about, downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlencode

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Fetch, Passage, Send, json_reply
from zhipu_openai.translate.media.answers import moment_of, object_in, refuse_hollow
from zhipu_openai.translate.media.jobs import job_path, state_of, task_of
from zhipu_openai.translate.upstream import kept_headers

from .answer import failure_in, file_of, video_of
from .fields import translate_request
from .ids import VideoId

if TYPE_CHECKING:
    from typing import NoReturn

    from zhipu_openai.exchange import Call, Operation, Reply

PATH: Final = "/videos/generations"

MOST_OF_A_VIDEO: Final = 2 * 1024**3
"""Bytes of a video that are passed on. Ours: ten seconds in 4K have about a twentieth."""

_FILES: Final = {"video": "url", "thumbnail": "cover_image_url"}
"""OpenAI's variants, and where Zhipu's answer has the link to each."""


def create(call: Call) -> Operation:
    """Serve ``POST /videos``."""
    draft = translate_request(call)
    reply: Reply = yield Send("POST", PATH, draft.body)
    if reply.error is not None:
        return reply
    body = object_in(reply)
    identity = VideoId(task_of(body), moment_of(reply), draft.seconds, draft.size)
    known = {"prompt": draft.body.get("prompt"), "model": str(draft.body["model"])}
    video = video_of(body, identity, call, reply, begun=True, **known)
    return json_reply(video, headers=kept_headers(reply))


def retrieve(call: Call) -> Operation:
    """Serve ``GET /videos/{id}``."""
    identity = _identity(call.path)
    reply: Reply = yield Send("GET", job_path(identity.task))
    if reply.error is not None:
        return reply
    video = video_of(object_in(reply), identity, call, reply)
    # Zhipu's own ids are taken too, and then stay as they were given.
    video["id"] = _last_of(call.path)
    return json_reply(video, headers=kept_headers(reply))


def download(call: Call) -> Operation:
    """Serve ``GET /videos/{id}/content``: the file behind Zhipu's link, passed on as it comes."""
    variant = _take_variant(call)
    if variant not in _FILES:
        _refuse(
            f"Zhipu makes no {variant} of a video; there are the variants video and thumbnail.",
            param="variant",
            code="unsupported_value",
        )
    identity = _identity(call.path.removesuffix("/content"))
    reply: Reply = yield Send("GET", job_path(identity.task))
    if reply.error is not None:
        return reply
    body = object_in(reply)
    state = state_of(body)
    if state == "failed":
        why = failure_in(body, call, reply)
        _refuse(f"The video was not made. {why['message']}", param="video_id", code=why["code"])
    if state == "processing":
        _refuse(
            "The video is not ready yet. Wait for it with client.videos.poll(id), then download it.",
            param="video_id",
            code="video_not_ready",
        )
    link = file_of(body, _FILES[variant])
    if link is None:
        refuse_hollow(f"gives no link to a {variant}")
    return Passage(Fetch(link, most=MOST_OF_A_VIDEO))


def _identity(path: str) -> VideoId:
    identity = VideoId.read(_last_of(path))
    # A path of dots would lead elsewhere.
    if not identity.task.strip(". "):
        raise Refused(
            refusal("There is no video of this id.", param="video_id", code="not_found", status=404)
        )
    return identity


def _last_of(path: str) -> str:
    return unquote(path.rpartition("/")[2])


def _take_variant(call: Call) -> str:
    """Take the variant out of the query: Zhipu is not asked for it. What else is there goes along."""
    pairs = parse_qsl(call.query, keep_blank_values=True)
    call.query = urlencode([pair for pair in pairs if pair[0] != "variant"])
    return dict(pairs).get("variant") or "video"


def _refuse(message: str, *, param: str, code: str) -> NoReturn:
    raise Refused(refusal(message, param=param, code=code))
