"""Transcriptions and speech: what was heard is told by its length, what is said is a tone.

Fields, limits and answers are those of docs.bigmodel.cn (OpenAPI of 2026-07-11). The events of streamed speech
have the shape on which Zhipu's own SDK and three working clients agree.
"""

from __future__ import annotations

import base64
import io
import wave
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from zhipu_openai.multipart import Form

from . import tones, wire
from .fields import COMMON, Field, json_object, refusal
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .service import StandIn

_MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 25 * _MEGABYTE
MOST_SECONDS: Final = 30.0

ASR_MODELS: Final = ("glm-asr-2512",)
TTS_MODELS: Final = ("glm-tts",)
VOICES: Final = ("tongtong", "chuichui", "xiaochen", "jam", "kazi", "douji", "luodo")

TRANSCRIPTION_FIELDS: Final = (
    Field("file", ("string",), required=True),
    Field("model", ("string",), required=True),
    Field("prompt", ("string",)),
    Field("hotwords", ("array",), most=100),
    Field("stream", ("string",), choices=("true", "false")),
    *COMMON,
)
SPEECH_FIELDS: Final = (
    Field("model", ("string",), required=True),
    Field("input", ("string",), required=True, least=1, most=1024),
    Field("voice", ("string",), required=True),
    Field("speed", ("number",), least=0.5, most=2),
    Field("volume", ("number",), least=0.01, most=10),
    Field("response_format", ("string",), choices=("wav", "pcm")),
    Field("encode_format", ("string",), choices=("base64", "hex")),
    Field("stream", ("boolean",)),
    Field("watermark_enabled", ("boolean",)),
    *COMMON,
)


def transcribe(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /audio/transcriptions``."""
    try:
        form = Form.parse(request.body, request.headers.get("content-type", ""))
    except ValueError:
        return service.error(request, "1210")
    given: dict[str, Any] = {part.name: part.text for part in form.parts if part.filename is None}
    if "hotwords" in given:
        given["hotwords"] = list(form.all("hotwords"))
    file = form.file("file")
    given["file"] = None if file is None else file.filename
    refused = refusal(service, request, given, TRANSCRIPTION_FIELDS)
    if refused is not None or file is None:
        return refused or service.error(request, "1213")
    if given["model"] not in ASR_MODELS:
        return service.error(request, "1211")
    kind = (file.filename or "").rpartition(".")[2].lower()
    if not _is_heard(kind, file.data):
        zh, en = "file 参数非法。请检查文档。", "Parameter file is invalid. Please check the documentation."
        return _refused(service, request, "1214", zh, en)
    text = _heard(kind, file.data, given)
    if given.get("stream") == "true":
        return Reply(
            200,
            wire.headers("stream", request.id, request.now),
            list(_transcription_events(request, given["model"], text)),
            streams=True,
            pace=service.pace,
        )
    body = {
        "created": int(request.now.timestamp()),
        "id": request.id,
        "model": given["model"],
        "request_id": given.get("request_id", request.id),
        "text": text,
    }
    return json_reply(request, body)


def speak(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /audio/speech``."""
    given = json_object(request)
    refused = refusal(service, request, given, SPEECH_FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    if given["model"] not in TTS_MODELS:
        return service.error(request, "1211")
    pitch = _pitch(service, given["voice"])
    if pitch is None:
        # The words are recorded (fxp/skillify, 2026-09), the code is not.
        return _refused(service, request, "1214", "音色不存在", None)
    samples = tones.tone(given["input"], speed=given.get("speed", 1.0), pitch=pitch)
    streams, form = given.get("stream", False), given.get("response_format", "pcm")
    if streams and form != "pcm":
        return _refused(
            service,
            request,
            "1214",
            "response_format 参数非法。流式生成音频时，仅支持返回pcm格式的文件",
            None,
        )
    if streams:
        return Reply(
            200,
            wire.headers("stream", request.id, request.now),
            list(_speech_events(request, given, samples)),
            streams=True,
            pace=service.pace,
        )
    headers = [
        (name, f"audio/{form}" if name == "content-type" else value)
        for name, value in wire.headers("json", request.id, request.now)
    ]
    return Reply(200, headers, [tones.wav(samples) if form == "wav" else samples])


def _refused(service: StandIn, request: Request, code: str, zh: str, en: str | None) -> Reply:
    return service.error(request, code, message=en if en is not None and request.language == "en" else zh)


def _seconds(data: bytes) -> float | None:
    try:
        with wave.open(io.BytesIO(data)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def _is_heard(kind: str, data: bytes) -> bool:
    """Whether a file is WAV or MP3 and within the limits; how long an MP3 lasts is not measured."""
    if len(data) > MOST_BYTES:
        return False
    if kind == "mp3":
        return data.startswith((b"ID3", b"\xff\xf3", b"\xff\xf2", b"\xff\xfb", b"\xff\xfa"))
    seconds = _seconds(data) if kind == "wav" else None
    return seconds is not None and seconds <= MOST_SECONDS


def _heard(kind: str, data: bytes, given: dict[str, Any]) -> str:
    seconds = _seconds(data)
    length = f"{len(data)} bytes" if seconds is None else f"{seconds:.1f} seconds"
    text = f"[stand-in] Heard {length} of {kind}, checksum {crc32(data):08x}."
    if given.get("prompt"):
        text += f" Before that: {len(given['prompt'])} characters."
    if given.get("hotwords"):
        text += f" Hotwords: {', '.join(given['hotwords'])}."
    return text


def _transcription_events(request: Request, model: str, text: str) -> Iterator[bytes]:
    head = {"id": request.id, "created": int(request.now.timestamp()), "model": model}
    for place, word in enumerate(text.split(" ")):
        delta = f" {word}" if place else word
        yield wire.event({**head, "type": "transcript.text.delta", "delta": delta})
    yield wire.event({**head, "type": "transcript.text.done"})
    yield wire.DONE


def _speech_events(request: Request, given: dict[str, Any], samples: bytes) -> Iterator[bytes]:
    head = {"id": request.id, "created": int(request.now.timestamp()), "model": given["model"]}
    size = tones.RATE * 2 // 5
    for start in range(0, len(samples), size):
        piece = samples[start : start + size]
        content = piece.hex() if given.get("encode_format") == "hex" else base64.b64encode(piece).decode()
        delta = {"role": "assistant", "content": content, "return_sample_rate": tones.RATE}
        yield wire.event({**head, "choices": [{"index": 0, "delta": delta}]})
    last = {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": ""}}
    yield wire.event({**head, "choices": [last]})
    yield wire.DONE


def _pitch(service: StandIn, voice: str) -> int | None:
    """Tell a voice's pitch; None for a voice that does not exist."""
    if voice in VOICES:
        return VOICES.index(voice)
    with service.shelf("voices") as voices:
        return len(VOICES) + list(voices).index(voice) if voice in voices else None
