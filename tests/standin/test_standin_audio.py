"""What the stand-in hears, says and clones, and what it refuses."""

from __future__ import annotations

import base64
import io
import json
import wave
from typing import TYPE_CHECKING, Any

import pytest
from standin_helpers import KEY, body_of, frames_of, standin

from zhipu_openai.multipart import Form, Part
from zhipu_openai.standin import tones

if TYPE_CHECKING:
    from zhipu_openai.standin import Reply, StandIn

ROOT = "/api/paas/v4"
WAV = tones.wav(tones.tone("hello"))


def post_form(service: StandIn, path: str, *parts: Part) -> Reply:
    content, kind = Form(parts).encode()
    return service.handle("POST", ROOT + path, {**KEY, "Content-Type": kind}, content)


def post(service: StandIn, path: str, **body: Any) -> Reply:
    return service.handle("POST", ROOT + path, KEY, json.dumps(body).encode())


def field(name: str, value: str) -> Part:
    return Part(name, value.encode())


def hear(*fields: Part, data: bytes = WAV, filename: str = "a.wav", model: str = "glm-asr-2512") -> Reply:
    file = Part("file", data, filename, "audio/wav")
    return post_form(standin(), "/audio/transcriptions", field("model", model), file, *fields)


def speak(service: StandIn | None = None, **body: Any) -> Reply:
    asked = {"model": "glm-tts", "input": "hello", "voice": "tongtong", **body}
    return post(service or standin(), "/audio/speech", **asked)


def code_of(reply: Reply) -> Any:
    return body_of(reply)["error"]["code"]


def test_what_is_heard_is_told_by_its_length() -> None:
    body = body_of(hear(field("hotwords", "智谱"), field("hotwords", "GLM"), field("prompt", "abc")))
    assert body["text"].startswith("[stand-in] Heard 0.2 seconds of wav")
    assert body["text"].endswith("Before that: 3 characters. Hotwords: 智谱, GLM.")
    assert body.keys() == {"id", "created", "request_id", "model", "text"}
    assert hear().read() == hear().read()


def test_what_is_heard_is_streamed_in_words() -> None:
    *frames, done, end = frames_of(hear(field("stream", "true")))
    events = [json.loads(frame.removeprefix(b"data: ")) for frame in frames]
    assert "".join(event["delta"] for event in events) == body_of(hear())["text"]
    assert json.loads(done.removeprefix(b"data: "))["type"] == "transcript.text.done"
    assert end == b"data: [DONE]"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (hear(model="glm-asr-9"), "1211"),
        (hear(data=b"", filename="a.wav"), "1214"),
        (hear(data=b"no sound", filename="a.mp3"), "1214"),
        (hear(data=b"raw", filename="a.pcm"), "1214"),
        (hear(data=tones.wav(bytes(48_000 * 31))), "1214"),
        (hear(data=b"ID3" + bytes(25 * 1024 * 1024), filename="a.mp3"), "1214"),
        (hear(field("stream", "yes")), "1214"),
        (hear(field("request_id", "a")), "1214"),
        (hear(*(field("hotwords", str(n)) for n in range(101))), "1214"),
        (post_form(standin(), "/audio/transcriptions", field("model", "glm-asr-2512")), "1213"),
        (post_form(standin(), "/audio/transcriptions", Part("file", WAV, "a.wav")), "1213"),
        (post(standin(), "/audio/transcriptions", model="glm-asr-2512"), "1210"),
    ],
)
def test_what_is_not_heard_is_refused(reply: Reply, code: str) -> None:
    assert reply.status == 400
    assert code_of(reply) == code


def test_an_mp3_is_heard_too() -> None:
    assert body_of(hear(data=b"ID3" + bytes(90), filename="a.mp3"))["text"].startswith(
        "[stand-in] Heard 93 bytes of mp3"
    )


def test_a_text_becomes_a_tone_of_its_length() -> None:
    reply = speak(input="a" * 100, response_format="wav")
    assert dict(reply.headers)["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(reply.read())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        assert file.getnframes() / 24_000 == pytest.approx(5.0, abs=0.01)


def test_pcm_is_the_default_and_speed_and_voice_are_heard() -> None:
    reply = speak(input="a" * 100)
    assert dict(reply.headers)["content-type"] == "audio/pcm"
    plain = reply.read()
    assert len(speak(input="a" * 100, speed=2).read()) == pytest.approx(len(plain) / 2, rel=0.01)
    assert speak(input="a" * 100, voice="kazi").read() != plain


@pytest.mark.parametrize("encoding", ["base64", "hex"])
def test_speech_is_streamed_in_pieces(encoding: str) -> None:
    *frames, end = frames_of(speak(input="a" * 30, stream=True, encode_format=encoding))
    choices = [json.loads(frame.removeprefix(b"data: "))["choices"][0] for frame in frames]
    decode = bytes.fromhex if encoding == "hex" else base64.b64decode
    spoken = b"".join(decode(choice["delta"]["content"]) for choice in choices)
    assert spoken == speak(input="a" * 30).read()
    assert choices[0]["delta"]["return_sample_rate"] == 24_000
    assert choices[-1]["finish_reason"] == "stop"
    assert end == b"data: [DONE]"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"model": "tts-1"}, "1211"),
        ({"model": None}, "1213"),
        ({"input": None}, "1213"),
        ({"input": ""}, "1214"),
        ({"input": "a" * 1025}, "1214"),
        ({"voice": None}, "1213"),
        ({"voice": "alloy"}, "1214"),
        ({"speed": 0.4}, "1214"),
        ({"speed": 2.1}, "1214"),
        ({"volume": 0}, "1214"),
        ({"volume": 11}, "1214"),
        ({"response_format": "mp3"}, "1214"),
        ({"stream": True, "response_format": "wav"}, "1214"),
        ({"stream": "true"}, "1214"),
        ({"encode_format": "utf-8"}, "1214"),
    ],
)
def test_what_cannot_be_said_is_refused(given: dict[str, Any], code: str) -> None:
    reply = speak(**given)
    assert reply.status == 400
    assert code_of(reply) == code


def cloned(service: StandIn, name: str = "me") -> Reply:
    purpose = field("purpose", "voice-clone-input")
    file = body_of(post_form(service, "/files", purpose, Part("file", WAV, "me.wav")))["id"]
    return post(service, "/voice/clone", model="glm-tts-clone", voice_name=name, input="hi", file_id=file)


def test_a_cloned_voice_speaks_until_it_is_deleted() -> None:
    service = standin()
    voice = body_of(cloned(service))["voice"]
    assert speak(service, voice=voice).status == 200
    listed = body_of(service.handle("GET", f"{ROOT}/voice/list?voiceType=PRIVATE", KEY, b""))["voice_list"]
    assert [(one["voice"], one["voice_name"]) for one in listed] == [(voice, "me")]
    assert body_of(post(service, "/voice/delete", voice=voice))["voice"] == voice
    assert speak(service, voice=voice).status == 400
    assert post(service, "/voice/delete", voice=voice).status == 400


def test_the_list_has_the_official_voices_and_can_be_searched() -> None:
    service = standin()
    every = body_of(service.handle("GET", f"{ROOT}/voice/list", KEY, b""))["voice_list"]
    assert {one["voice_type"] for one in every} == {"OFFICIAL"}
    found = body_of(service.handle("GET", f"{ROOT}/voice/list?voiceName=tong", KEY, b""))["voice_list"]
    assert [one["voice_name"] for one in found] == ["tongtong"]
    assert service.handle("GET", f"{ROOT}/voice/list?voiceType=X", KEY, b"").status == 400


def test_a_name_may_be_given_once_and_a_sample_must_be_there() -> None:
    service = standin()
    assert cloned(service).status == 200
    assert cloned(service).status == 400
    given = {"model": "glm-tts-clone", "voice_name": "b", "input": "hi"}
    assert code_of(post(service, "/voice/clone", **given)) == "1213"
    assert code_of(post(service, "/voice/clone", **given, file_id="none")) == "1214"
    assert code_of(post(service, "/voice/clone", **{**given, "model": "glm-tts"}, file_id="x")) == "1211"
