"""Audio, what is sent and what the stand-in answers, holds to the official specification."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from audio_helpers import HEARD, form_of, sounds, speak, speak_streamed, transcribe, wav
from openapi_contract import answer_violations, query_violations, request_violations

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

    from zhipu_openai.multipart import Form

ASR = "/paas/v4/audio/transcriptions"
TTS = "/paas/v4/audio/speech"
CLONE = "/paas/v4/voice/clone"
LIST = "/paas/v4/voice/list"
DELETE = "/paas/v4/voice/delete"
FILES = "/paas/v4/files"
MULTIPART = "multipart/form-data"


def as_object(form: Form) -> dict[str, Any]:
    """Read a form as the specification describes it."""
    body: dict[str, Any] = {part.name: part.text for part in form.parts if part.filename is None}
    body |= {part.name: "bytes" for part in form.parts if part.filename is not None}
    if "hotwords" in body:
        body["hotwords"] = list(form.all("hotwords"))
    if "stream" in body:
        body["stream"] = body["stream"] == "true"
    return body


@pytest.mark.parametrize(
    "given",
    [
        {"model": "whisper-1"},
        {"language": "zh", "prompt": "上文", "temperature": 0.3, "response_format": "verbose_json"},
        {"extra_body": {"keywords": ["智谱"], "user": "me", "request_id": "req-000001"}},
        {"file": ("a.wav", wav(50))},
    ],
)
def test_transcription_requests_hold_to_the_specification(
    side: SyncSide, wire: Wire, given: dict[str, Any]
) -> None:
    wire.reply(HEARD)
    transcribe(side, **given)
    for sent in wire.sent:
        assert request_violations("POST", ASR, as_object(form_of(sent)), kind=MULTIPART) == []
        assert as_object(form_of(sent)).keys() <= {
            "file",
            "model",
            "prompt",
            "hotwords",
            "request_id",
            "user_id",
        }


def test_the_shape_of_the_fixture_is_that_of_the_specification() -> None:
    assert answer_violations("POST", ASR, HEARD) == []


@pytest.mark.parametrize("voice", ["alloy", "verse", "fable", "tongtong"])
def test_speech_requests_hold_to_the_specification(side: SyncSide, wire: Wire, voice: str) -> None:
    sounds(wire, wav(0.5, 24_000))
    speak(side, model="tts-1", voice=voice, speed=4, input="好。" * 1000, instructions="Whisper.")
    assert len(wire.sent) == 2
    for sent in wire.sent:
        assert request_violations("POST", TTS, sent.json) == []


def test_streamed_speech_requests_hold_to_the_specification(side: SyncSide, wire: Wire) -> None:
    wire.reply(b'data: {"choices":[{"index":0,"delta":{"content":"AAAA"}}]}\n\ndata: [DONE]\n\n')
    speak_streamed(side, response_format="pcm")
    assert request_violations("POST", TTS, wire.last.json) == []


def test_the_stand_in_answers_transcriptions_as_specified(zhipu_standin: Any) -> None:
    client = zhipu_standin.client()
    answer = client.audio.transcriptions.with_raw_response.create(model="glm-asr-2512", file=("a.wav", wav()))
    body = answer.http_response.json()
    body.pop("usage")
    assert answer_violations("POST", ASR, body) == []
    for event in client.audio.transcriptions.create(model="glm-asr-2512", file=("a.wav", wav()), stream=True):
        told = {name: value for name, value in event.to_dict().items() if name != "text"}
        assert answer_violations("POST", ASR, told, kind="text/event-stream") == []


def test_cloning_holds_to_the_specification(zhipu_standin: Any) -> None:
    service, requests = zhipu_standin.service, zhipu_standin.requests
    client = zhipu_standin.client(on_adaptation="ignore")
    made = client.post(
        "/audio/voices",
        body={"name": "me"},
        files=[("audio_sample", ("me.wav", wav(4.0)))],
        cast_to=object,
        options={"headers": {"Content-Type": MULTIPART}},
    )
    client.get("/audio/voices", cast_to=object)
    client.delete(f"/audio/voices/{made['id']}", cast_to=object)
    uploaded, cloned, _, deleted = requests
    assert request_violations("POST", CLONE, cloned.json) == []
    assert request_violations("POST", DELETE, deleted.json) == []
    assert query_violations("GET", LIST, {}) == []
    assert uploaded.path.endswith("/files")
    asked = {"model": "glm-tts-clone", "voice_name": "b", "input": "hi"}
    key = {"Authorization": "Bearer a.b", "Content-Type": "application/json"}
    with service.shelf("files") as files:
        asked["file_id"] = next(iter(files))
        assert answer_violations("POST", FILES, files[asked["file_id"]].as_json()) == []
    answers = {
        CLONE: service.handle("POST", f"/api{CLONE}", key, json.dumps(asked).encode()),
        LIST: service.handle("GET", f"/api{LIST}", key, b""),
    }
    cloned_voice = json.loads(answers[CLONE].read())
    assert answer_violations("POST", CLONE, cloned_voice) == []
    assert answer_violations("GET", LIST, json.loads(answers[LIST].read())) == []
    body = json.dumps({"voice": cloned_voice["voice"]}).encode()
    gone = service.handle("POST", f"/api{DELETE}", key, body)
    assert answer_violations("POST", DELETE, json.loads(gone.read())) == []
