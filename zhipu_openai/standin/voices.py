"""Cloned voices: uploaded samples become voices with which ``/audio/speech`` speaks, until they are deleted.

Fields and answers are those of docs.bigmodel.cn (OpenAPI of 2026-07-11); the list is in the form in which it was
recorded (SamyRai/go-z-ai, 2026-07-10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import files, tones, wire
from .audio import VOICES
from .fields import COMMON, Field, json_object, refusal
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from datetime import datetime

    from .service import StandIn

_FIRST_DAY: Final = "2025-09-08 18:23:10"

CLONE_FIELDS: Final = (
    Field("model", ("string",), required=True),
    Field("voice_name", ("string",), required=True, least=1),
    Field("input", ("string",), required=True, least=1),
    Field("file_id", ("string",), required=True),
    Field("text", ("string",)),
    *COMMON,
)
DELETE_FIELDS: Final = (Field("voice", ("string",), required=True), Field("request_id", ("string",)))


def clone(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /voice/clone``."""
    given = json_object(request)
    refused = refusal(service, request, given, CLONE_FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    if given["model"] != "glm-tts-clone":
        return service.error(request, "1211")
    with service.shelf(files.SHELF) as kept:
        known = given["file_id"] in kept
    with service.shelf("voices") as voices:
        taken = any(one["voice_name"] == given["voice_name"] for one in voices.values())
        if not known or taken:
            return service.error(request, "1214")
        with service.random() as random:
            voice = f"voice_clone_{_stamp(request.now, '%Y%m%d_%H%M%S')}_{random.randrange(1000):03d}"
        voices[voice] = {
            "voice": voice,
            "voice_name": given["voice_name"],
            "voice_type": "PRIVATE",
            "create_time": _stamp(request.now),
        }
    sample = tones.tone(given["input"])
    preview = files.keep(service, request, "voice-clone-output", f"{voice}.pcm", sample)
    return json_reply(
        request,
        {
            "voice": voice,
            "file_id": preview.id,
            "file_purpose": "voice-clone-output",
            "request_id": given.get("request_id", request.id),
        },
    )


def list_voices(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /voice/list``."""
    wanted, name = request.query.get("voiceType"), request.query.get("voiceName", "")
    if wanted not in (None, "PRIVATE", "OFFICIAL"):
        return service.error(request, "1214")
    official = [
        {
            "voice": f"cd550321-0000-4000-8000-{place:012d}",
            "voice_name": voice,
            "voice_type": "OFFICIAL",
            "create_time": _FIRST_DAY,
        }
        for place, voice in enumerate(VOICES)
    ]
    with service.shelf("voices") as voices:
        every = [*official, *voices.values()]
    listed = [one for one in every if wanted in (None, one["voice_type"]) and name in one["voice_name"]]
    return json_reply(request, {"voice_list": listed})


def delete(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /voice/delete``."""
    given = json_object(request)
    refused = refusal(service, request, given, DELETE_FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    with service.shelf("voices") as voices:
        if voices.pop(given["voice"], None) is None:
            return service.error(request, "1214", message="音色不存在")
    return json_reply(request, {"voice": given["voice"], "update_time": _stamp(request.now)})


def _stamp(now: datetime, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return now.astimezone(wire.BEIJING).strftime(form)
