"""``client.audio.voices``: a sample is uploaded and cloned; voices are listed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from audio_helpers import form_of, run, wav

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

UPLOADED = {
    "id": "1788750487_11039a",
    "object": "file",
    "bytes": 16044,
    "created_at": 1788750487,
    "filename": "me.wav",
    "purpose": "voice-clone-input",
}
CLONED = {
    "voice": "voice_clone_20240315_143052_001",
    "file_id": "1788750490_22",
    "file_purpose": "voice-clone-output",
    "request_id": "req-000001",
}
VOICE = "voice_clone_20240315_143052_001"

needs_voices = pytest.mark.skipif(
    not hasattr(openai.resources.audio.Audio, "voices"), reason="this openai has no client.audio.voices"
)


def create(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    asked = {"name": "me", "audio_sample": ("me.wav", wav(4)), "consent": "cons_1", **arguments}

    def work(made: Any) -> Any:
        return made.audio.voices.create(**asked)

    return run(side, work, work, **(client or {}))


@needs_voices
def test_a_sample_is_uploaded_and_cloned(side: SyncSide, wire: Wire) -> None:
    wire.reply(UPLOADED)
    wire.reply(CLONED)
    voice = create(side)
    assert (voice.id, voice.name, voice.object, voice.type) == (VOICE, "me", "audio.voice", "audio_sample")
    assert voice.created_at == 1788750487
    uploaded, cloned = wire.sent
    assert uploaded.url == "https://open.bigmodel.cn/api/paas/v4/files"
    form = form_of(uploaded)
    file = form.file("file")
    assert form.get("purpose") == "voice-clone-input"
    assert file is not None
    assert (file.filename, file.data) == ("me.wav", wav(4))
    assert cloned.url == "https://open.bigmodel.cn/api/paas/v4/voice/clone"
    said = cloned.json["input"]
    assert cloned.json == {
        "model": "glm-tts-clone",
        "voice_name": "me",
        "file_id": "1788750487_11039a",
        "input": said,
    }
    assert said


@needs_voices
def test_zhipus_own_fields_pass(side: SyncSide, wire: Wire) -> None:
    wire.reply(UPLOADED)
    wire.reply(CLONED)
    create(side, extra_body={"input": "试听", "text": "样本", "request_id": "req-000001"})
    body = wire.last.json
    assert (body["input"], body["text"], body["request_id"]) == ("试听", "样本", "req-000001")


@needs_voices
def test_the_consent_is_left_out_with_a_note(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="consent"):
        create(side, client={"on_adaptation": "error"})
    assert wire.sent == []


@needs_voices
@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"audio_sample": ("me.wav", bytes(10 * 1024 * 1024 + 1))}, "audio_sample"),
        ({"audio_sample": ("me.wav", b"")}, "audio_sample"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_cloned_is_refused_before_it_is_sent(
    side: SyncSide, wire: Wire, given: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        create(side, **given)
    assert caught.value.param == param
    assert wire.sent == []


def test_a_voice_of_a_description_is_refused(side: SyncSide, wire: Wire) -> None:
    body = {"type": "prompt", "name": "a", "prompt": "An old sailor"}
    with pytest.raises(openai.BadRequestError, match="recording alone"):
        side.run(lambda client: client.post("/audio/voices", body=body, cast_to=object))
    assert wire.sent == []


@needs_voices
@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [
        ({"error": {"code": "1214", "message": "bad file"}}, CLONED, 1),
        ({"object": "file"}, CLONED, 1),
        (UPLOADED, {"error": {"code": "1214", "message": "voice_name 重复"}}, 2),
        (UPLOADED, {"request_id": "1"}, 2),
    ],
)
def test_a_failure_on_the_way_is_an_error(
    side: SyncSide, wire: Wire, first: Any, second: Any, sent: int
) -> None:
    wire.reply(first)
    wire.reply(second)
    with pytest.raises(openai.APIStatusError):
        create(side)
    assert len(wire.sent) == sent


@needs_voices
def test_a_voice_is_deleted(side: SyncSide, wire: Wire) -> None:
    wire.reply({"voice": VOICE, "update_time": "2024-03-15 14:30:52"})
    answer = side.run(lambda client: client.audio.voices.delete(VOICE))
    assert (answer.id, answer.deleted, answer.object) == (VOICE, True, "audio.voice.deleted")
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/voice/delete"
    assert wire.last.json == {"voice": VOICE}


def test_the_voices_are_listed(side: SyncSide, wire: Wire) -> None:
    official = {
        "voice": "cd550321-0000-4000-8000-000000000000",
        "voice_name": "tongtong",
        "voice_type": "OFFICIAL",
        "create_time": "2025-09-08 18:23:10",
    }
    wire.reply({"voice_list": [official]})
    listed = side.run(lambda client: client.get("/audio/voices?voiceType=OFFICIAL", cast_to=object))
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/voice/list?voiceType=OFFICIAL"
    assert listed["data"] == [
        {
            "id": "cd550321-0000-4000-8000-000000000000",
            "object": "audio.voice",
            "created_at": 1757326990,
            "name": "tongtong",
            "type": "audio_sample",
            "voice_type": "OFFICIAL",
        }
    ]


@pytest.mark.parametrize("body", [{}, {"voice_list": None}, []])
def test_a_list_of_another_form_is_an_error(side: SyncSide, wire: Wire, body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.APIStatusError):
        side.run(lambda client: client.with_options(max_retries=0).get("/audio/voices", cast_to=object))


@pytest.mark.parametrize("path", ["/audio/voice_consents", "/audio/voice_consents/cons_1", "/audio/voices/v"])
def test_what_zhipu_does_not_have_is_refused(side: SyncSide, wire: Wire, path: str) -> None:
    with pytest.raises(openai.BadRequestError):
        side.run(lambda client: client.get(path, cast_to=object))
    assert wire.sent == []
