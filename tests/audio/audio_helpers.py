"""Recordings made for tests, and short ways to ask for transcriptions and speech."""

from __future__ import annotations

import io
import json
import struct
import wave
from typing import TYPE_CHECKING, Any

from conftest import httpx

from zhipu_openai.multipart import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Sent, SyncSide, Wire

HEARD: dict[str, Any] = {
    "created": 1788767834,
    "id": "20260907150712aabb",
    "model": "glm-asr-2512",
    "request_id": "20260907150712aabb",
    "text": "你好",
}
"""A transcription in the shape of the specification."""

MODEL = "glm-asr-2512"


def samples(seconds: float, rate: int = 8000, *, level: int = 1000) -> bytes:
    """Make samples of a square wave."""
    return struct.pack("<4h", level, level, -level, -level) * int(seconds * rate / 4)


def wav(
    seconds: float = 1.0,
    rate: int = 8000,
    *,
    channels: int = 1,
    width: int = 2,
    data: bytes | None = None,
) -> bytes:
    """Make a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        length = int(seconds * rate) * channels * width
        out.writeframes((samples(seconds, rate) * channels * width)[:length] if data is None else data)
    return file.getvalue()


def mp3(frames: int, *, tagged: bool = False) -> bytes:
    """Make an MP3 file of silent frames: MPEG 1, layer III, 128 kbit/s, 44.1 kHz."""
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x05hello" if tagged else b""
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def seconds_of_wav(data: bytes) -> float:
    """Measure a WAV file."""
    with wave.open(io.BytesIO(data)) as file:
        return file.getnframes() / file.getframerate()


def form_of(sent: Sent) -> Form:
    """Read the form that was sent."""
    return Form.parse(sent.content, sent.headers["content-type"])


def texts_of(sent: Sent) -> list[tuple[str, str]]:
    """Read the text fields that were sent."""
    return [(part.name, part.text) for part in form_of(sent).parts if part.filename is None]


def transcribe(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Ask for a transcription; with stream=True, give the list of its events."""
    asked = {"model": MODEL, "file": ("a.wav", wav()), **arguments}

    def work(made: Any) -> Any:
        answer = made.audio.transcriptions.create(**asked)
        return list(answer) if asked.get("stream") else answer

    async def work_async(made: Any) -> Any:
        answer = await made.audio.transcriptions.create(**asked)
        return [event async for event in answer] if asked.get("stream") else answer

    return run(side, work, work_async, **(client or {}))


def notes(side: SyncSide, **arguments: Any) -> str:
    """Ask for a transcription, and give the record of what was adapted."""
    asked = {"model": MODEL, "file": ("a.wav", wav()), **arguments}

    def work(made: Any) -> Any:
        return made.audio.transcriptions.with_raw_response.create(**asked)

    return str(run(side, work, work).headers.get("x-zhipu-adaptations"))


def speak(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Ask for speech."""
    asked = {"model": "glm-tts", "voice": "tongtong", "input": "你好", **arguments}

    def work(made: Any) -> Any:
        return made.audio.speech.create(**asked)

    return run(side, work, work, **(client or {}))


def speak_streamed(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Ask for speech and read it as it comes: the content type and the bytes."""
    asked = {"model": "glm-tts", "voice": "tongtong", "input": "你好", **arguments}

    def work(made: Any) -> Any:
        with made.audio.speech.with_streaming_response.create(**asked) as answer:
            return answer.headers["content-type"], b"".join(answer.iter_bytes())

    async def work_async(made: Any) -> Any:
        async with made.audio.speech.with_streaming_response.create(**asked) as answer:
            return answer.headers["content-type"], b"".join([data async for data in answer.iter_bytes()])

    return run(side, work, work_async, **(client or {}))


def run(side: SyncSide, work: Callable[[Any], Any], work_async: Callable[[Any], Any], **options: Any) -> Any:
    """Run some work with a client that adapts without a word and does not try again."""
    options = {"on_adaptation": "ignore", "max_retries": 0, **options}
    return side.run(work if side.name == "sync" else work_async, **options)


def sounds(wire: Wire, content: bytes, kind: str = "audio/wav", *, status: int = 200) -> None:
    """Lay out a reply that is sound."""
    headers = {"content-type": kind, "x-log-id": "20260907150712logloglog"}
    wire.reply_with(lambda _: httpx.Response(status, headers=headers, content=content))


def events(*events: Any, done: bool = True) -> bytes:
    """Make a stream."""
    lines = [event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events]
    return "".join(f"data: {line}\n\n" for line in [*lines, *(["[DONE]"] if done else [])]).encode()
