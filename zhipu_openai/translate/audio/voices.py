"""Voices of one's own: ``/audio/voices``, by Zhipu's voice clone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Send, json_reply
from zhipu_openai.multipart import Form, Part

from .answers import json_of, kept, refuse, unusable
from .recordings import CLONED, prepare

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation, Reply

MODEL: Final = "glm-tts-clone"
PURPOSE: Final = "voice-clone-input"
"""Source of both: bigmodel.cn OpenAPI, 2026-07-11."""

PREVIEW: Final = "你好，这是我的声音。Hello, this is my voice."
"""What the clone says in the preview that Zhipu makes; ``extra_body={"input": ...}`` says something else."""

_BEIJING: Final = timezone(timedelta(hours=8))
_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of OpenAI's request for a voice, and what becomes of it."""

    name: str
    verdict: Literal["same", "translated", "dropped", "refused"]
    what: str
    source: str
    seen: date


FIELDS: Final[tuple[Field, ...]] = (
    Field("name", "translated", "Sent as voice_name, which must be one of its own.", *_SPEC),
    Field(
        "audio_sample",
        "translated",
        "Uploaded as a file for voice-clone-input: WAV or MP3 up to 10 MB, best 3 to 30 seconds; other formats "
        "are converted (extra `audio`).",
        *_SPEC,
    ),
    Field(
        "consent", "dropped", "Zhipu takes no record of the speaker's consent; have it yourself.", *_ABSENT
    ),
    Field("type", "translated", "audio_sample alone.", *_ABSENT),
    Field("prompt", "refused", "Zhipu makes no voice of a description.", *_ABSENT),
    Field("script_hint", "refused", "Zhipu makes no voice of a description.", *_ABSENT),
    Field("model", "same", "glm-tts-clone, unless another is named.", *_SPEC),
    Field(
        "input",
        "same",
        "Zhipu's own: what the preview says; a greeting in Chinese and English where it is left out.",
        *_SPEC,
    ),
    Field("text", "same", "Zhipu's own: what is said in the sample.", *_SPEC),
    Field("request_id", "same", "Zhipu's own.", *_SPEC),
)


def create(call: Call) -> Operation:
    """Serve ``POST /audio/voices``: the sample is uploaded, then cloned."""
    try:
        form = call.form()
    except ValueError:
        form = Form()
    sample = form.file("audio_sample")
    name = form.get("name")
    if sample is None or form.get("prompt") or form.get("type") == "prompt":
        refuse(
            "audio_sample",
            "Zhipu makes a voice of a recording alone; send name and audio_sample as a form.",
            code="missing_required_parameter",
        )
    if not name:
        refuse("name", "A voice needs a name.", code="missing_required_parameter")
    if form.get("consent"):
        row = next(row for row in FIELDS if row.name == "consent")
        call.ledger.add("consent", "dropped", row.what)
    (piece,) = prepare(sample, call.ledger, limit=CLONED, cuts=False)
    file = Part("file", piece.part.data, piece.part.filename, piece.part.content_type)
    uploaded: Reply = yield Send("POST", "/files", form=Form((Part("purpose", PURPOSE.encode()), file)))
    if uploaded.error is not None:
        return uploaded
    own = form.without("name", "audio_sample", "consent", "type", "script_hint")
    more = {part.name: part.text for part in own.parts if part.filename is None}
    file_id = _named(uploaded, "id")
    body = {"model": MODEL, "input": PREVIEW, **more, "voice_name": name, "file_id": file_id}
    made: Reply = yield Send("POST", "/voice/clone", body)
    if made.error is not None:
        return made
    voice = _named(made, "voice")
    rest = {f"zhipu_{key}": value for key, value in json_of(made).items() if key in ("file_id", "request_id")}
    answer = {**_voice(voice, name, _created(uploaded)), **rest}
    return json_reply(answer, headers=kept(made.headers))


def list_voices(call: Call) -> Operation:
    """Serve ``GET /audio/voices``: the voices of the account, and Zhipu's own.

    openai has no method for it; ``client.get("/audio/voices", cast_to=object)`` reaches it. The query takes
    Zhipu's ``voiceName`` and ``voiceType`` (PRIVATE, OFFICIAL).
    """
    reply: Reply = yield Send("GET", "/voice/list", query=call.query)
    if reply.error is not None:
        return reply
    listed = json_of(reply).get("voice_list")
    if not isinstance(listed, list):
        raise Refused(unusable("holds no list of voices"))
    data = [
        {
            **_voice(one["voice"], str(one.get("voice_name") or ""), _moment(one.get("create_time"))),
            **_own(one),
        }
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("voice"), str)
    ]
    return json_reply({"object": "list", "data": data, "has_more": False}, headers=kept(reply.headers))


def delete(call: Call) -> Operation:
    """Serve ``DELETE /audio/voices/{id}``."""
    voice = unquote(call.path.rpartition("/")[2])
    reply: Reply = yield Send("POST", "/voice/delete", {"voice": voice})
    if reply.error is not None:
        return reply
    json_of(reply)
    answer = {"id": voice, "object": "audio.voice.deleted", "deleted": True}
    return json_reply(answer, headers=kept(reply.headers))


def _voice(voice: str, name: str, created_at: int) -> dict[str, Any]:
    return {
        "id": voice,
        "object": "audio.voice",
        "created_at": created_at,
        "name": name,
        "type": "audio_sample",
    }


def _own(listed: dict[str, Any]) -> dict[str, Any]:
    """Keep what Zhipu tells beyond OpenAI's fields."""
    return {name: listed[name] for name in ("voice_type", "download_url") if name in listed}


def _named(reply: Reply, name: str) -> str:
    value = json_of(reply).get(name)
    if not isinstance(value, str) or not value:
        raise Refused(unusable(f"holds no {name}"))
    return value


def _created(reply: Reply) -> int:
    """Tell when an upload was made: as its file says, or else as the reply's date does."""
    stamp = json_of(reply).get("created_at")
    if isinstance(stamp, int):
        return stamp
    try:
        return int(parsedate_to_datetime(reply.headers["date"]).timestamp())
    except (KeyError, ValueError):
        return 0


def _moment(text: Any) -> int:
    """Read a time of Zhipu's, which is Beijing's and names no zone (recorded: "2025-09-08 18:23:10")."""
    try:
        return int(datetime.fromisoformat(str(text)).replace(tzinfo=_BEIJING).timestamp())
    except ValueError:
        return 0
