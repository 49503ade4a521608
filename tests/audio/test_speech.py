"""``client.audio.speech``: what goes to Zhipu, and the sound that comes back."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from audio_helpers import events, samples, seconds_of_wav, sounds, speak, speak_streamed, wav
from conftest import httpx

from zhipu_openai import sound
from zhipu_openai.translate.audio import clips
from zhipu_openai.translate.audio.names import VOICE_NAMES

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

RATE = 24_000
SOUND = wav(0.5, RATE)
LONG = "一句话。" * 400


class Shouting:
    """An encoder that can be looked through: the format, the rate, then the samples."""

    def __init__(self, name: str, rate: int) -> None:
        self.head = f"{name}@{rate}:".encode()

    def feed(self, data: bytes) -> bytes:
        head, self.head = self.head, b""
        return head + data

    def end(self) -> bytes:
        return b":end"


@pytest.fixture(autouse=True)
def _without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "available", lambda: False)


@pytest.fixture
def encodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let compressed sound be made, by an encoder that can be looked through."""
    monkeypatch.setattr(sound, "available", lambda: True)
    monkeypatch.setattr(sound, "Encoder", Shouting)


def test_wav_comes_as_it_is(side: SyncSide, wire: Wire) -> None:
    sounds(wire, SOUND)
    answer = speak(
        side, response_format="wav", speed=1.5, extra_body={"volume": 2, "watermark_enabled": False}
    )
    assert answer.content == SOUND
    assert answer.response.headers["content-type"] == "audio/wav"
    assert "x-zhipu-adaptations" not in answer.response.headers
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/audio/speech"
    assert wire.last.json == {
        "model": "glm-tts",
        "voice": "tongtong",
        "input": "你好",
        "response_format": "wav",
        "speed": 1.5,
        "volume": 2,
        "watermark_enabled": False,
    }


def test_pcm_comes_as_it_is(side: SyncSide, wire: Wire) -> None:
    sounds(wire, samples(0.5), "audio/pcm")
    answer = speak(side, response_format="pcm")
    assert answer.content == samples(0.5)
    assert answer.response.headers["content-type"] == "audio/pcm"
    assert wire.last.json["response_format"] == "pcm"


def test_the_sound_is_written_to_a_file(side: SyncSide, wire: Wire, tmp_path: Any) -> None:
    sounds(wire, SOUND)
    speak(side, response_format="wav").write_to_file(tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes() == SOUND


@pytest.mark.parametrize("given", [{}, {"response_format": "mp3"}, {"response_format": "opus"}])
def test_without_an_encoder_other_formats_are_wav_and_say_so(
    side: SyncSide, wire: Wire, given: dict[str, Any], quietly: pytest.WarningsRecorder
) -> None:
    sounds(wire, SOUND)
    answer = speak(side, **given, client={"on_adaptation": "warn"})
    assert answer.content == SOUND
    assert answer.response.headers["content-type"] == "audio/wav"
    assert answer.response.headers["x-zhipu-adaptations"] == "response_format=approximated"
    (warning,) = [str(one.message) for one in quietly]
    assert 'pip install "zhipu-openai[audio]"' in warning
    with pytest.raises(openai.BadRequestError):
        speak(side, **given, client={"on_adaptation": "error"})


@pytest.mark.usefixtures("encodes")
@pytest.mark.parametrize(
    ("given", "form", "kind"),
    [
        ({}, "mp3", "audio/mpeg"),
        ({"response_format": "mp3"}, "mp3", "audio/mpeg"),
        ({"response_format": "opus"}, "opus", "audio/ogg"),
        ({"response_format": "aac"}, "aac", "audio/aac"),
        ({"response_format": "flac"}, "flac", "audio/flac"),
    ],
)
def test_other_formats_are_made_of_the_wav(
    side: SyncSide, wire: Wire, given: dict[str, Any], form: str, kind: str
) -> None:
    sounds(wire, wav(0.5, 16_000))
    answer = speak(side, **given, client={"on_adaptation": "error"})
    # The rate is the one that the WAV file tells.
    assert answer.content == f"{form}@16000:".encode() + samples(0.5, 16_000) + b":end"
    assert answer.response.headers["content-type"] == kind
    assert wire.last.json["response_format"] == "wav"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("tts-1", "glm-tts"),
        ("tts-1-hd-1106", "glm-tts"),
        ("gpt-4o-mini-tts", "glm-tts"),
        ("gpt-4o-mini-tts-2025-12-15", "glm-tts"),
        ("cogtts", "cogtts"),
        ("glm-tts-2", "glm-tts-2"),
        ("house-voice", "glm-tts-9"),
    ],
)
def test_openais_names_stand_for_glm_tts(side: SyncSide, wire: Wire, name: str, sent: str) -> None:
    sounds(wire, SOUND)
    speak(side, model=name, response_format="wav", client={"model_aliases": {"house-voice": "glm-tts-9"}})
    assert wire.last.json["model"] == sent


@pytest.mark.parametrize(
    ("voice", "sent"),
    [
        *((row.openai, row.zhipu) for row in VOICE_NAMES),
        ("tongtong", "tongtong"),
        ("female", "female"),
        ("voice_clone_20240315_143052_001", "voice_clone_20240315_143052_001"),
        ({"id": "voice_clone_1"}, "voice_clone_1"),
        ({"id": "alloy"}, "tongtong"),
    ],
)
def test_voices(side: SyncSide, wire: Wire, voice: Any, sent: str) -> None:
    sounds(wire, SOUND)
    speak(side, voice=voice, response_format="wav")
    assert wire.last.json["voice"] == sent


@pytest.mark.parametrize(
    ("given", "sent", "noted"),
    [
        ({"speed": 0.25}, {"speed": 0.5}, "speed=approximated"),
        ({"speed": 4.0}, {"speed": 2.0}, "speed=approximated"),
        ({"speed": 2}, {"speed": 2}, None),
        ({"instructions": "Sound happy."}, {}, "instructions=dropped"),
        ({"instructions": ""}, {}, None),
        ({"stream_format": "audio"}, {}, None),
        ({"voice": "alloy"}, {}, "voice=approximated"),
        ({"model": "tts-1"}, {}, "model=approximated"),
        ({"extra_body": {"something_new": [1]}}, {"something_new": [1]}, None),
        ({"extra_body": {"encode_format": "hex"}}, {"encode_format": "hex"}, None),
    ],
)
def test_fields(
    side: SyncSide, wire: Wire, given: dict[str, Any], sent: dict[str, Any], noted: str | None
) -> None:
    sounds(wire, SOUND)
    answer = speak(side, response_format="wav", **given)
    assert answer.response.headers.get("x-zhipu-adaptations") == noted
    plain = {"model": "glm-tts", "voice": "tongtong", "input": "你好", "response_format": "wav"}
    assert wire.last.json == {**plain, **sent}


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"stream_format": "websocket"}, "stream_format"),
        ({"speed": "fast"}, "speed"),
        ({"response_format": 3}, "response_format"),
        ({"input": "a" * 4097}, "input"),
    ],
)
def test_what_cannot_be_served_is_refused_before_it_is_sent(
    side: SyncSide, wire: Wire, given: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        speak(side, **given)
    assert caught.value.param == param
    assert wire.sent == []


def test_a_format_that_nobody_knows_is_zhipus_to_judge(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1214", "message": "response_format 参数非法。请检查文档。"}}, status=400)
    with pytest.raises(openai.BadRequestError):
        speak(side, response_format="midi")
    assert wire.last.json["response_format"] == "midi"


def test_an_unknown_voice_is_an_error(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1214", "message": "音色不存在"}}, status=400)
    with pytest.raises(openai.BadRequestError, match="音色不存在"):
        speak(side, voice="nobody", response_format="wav")


@pytest.mark.parametrize("response_format", ["wav", "pcm", "mp3"])
@pytest.mark.parametrize(
    ("content", "kind", "error"),
    [
        (b'{"error": {"code": "1113", "message": "no money"}}', "application/json", openai.RateLimitError),
        (b'{"error": {"code": "1211", "message": "none"}}', "audio/wav", openai.APIStatusError),
        (b'{"what": 1}', "application/json; charset=UTF-8", openai.InternalServerError),
        (b"<html>hello</html>", "text/html", openai.InternalServerError),
        (b"data: {}\n\n", "text/event-stream", openai.InternalServerError),
        (b"", "audio/wav", openai.InternalServerError),
    ],
)
def test_what_is_no_sound_never_comes_back_as_sound(
    side: SyncSide, wire: Wire, response_format: Any, content: bytes, kind: str, error: type[Exception]
) -> None:
    sounds(wire, content, kind)
    with pytest.raises(error):
        speak(side, response_format=response_format)


def test_a_wav_that_is_none_is_an_error(side: SyncSide, wire: Wire) -> None:
    sounds(wire, samples(0.5), "audio/wav")
    with pytest.raises(openai.InternalServerError):
        speak(side, response_format="wav")


def spoken_by_length(wire: Wire, form: str = "wav") -> None:
    """Lay out replies as long as their text: 10 ms for each character."""

    def answer(request: Any) -> Any:
        asked = json.loads(request.content)
        assert len(asked["input"]) <= 1024
        data = samples(len(asked["input"]) / 100, RATE)
        content = wav(data=data, rate=RATE) if asked["response_format"] == "wav" else data
        return httpx.Response(200, headers={"content-type": f"audio/{form}"}, content=content)

    wire.reply_with(answer)


@pytest.mark.parametrize("response_format", ["wav", "pcm", "mp3"])
@pytest.mark.usefixtures("encodes")
def test_a_long_text_is_spoken_in_parts_and_joined(side: SyncSide, wire: Wire, response_format: Any) -> None:
    spoken_by_length(wire)
    answer = speak(side, input=LONG, response_format=response_format)
    assert "".join(sorted(sent.json["input"] for sent in wire.sent)) == LONG
    whole = samples(len(LONG) / 100, RATE)
    if response_format == "wav":
        assert seconds_of_wav(answer.content) == pytest.approx(len(LONG) / 100)
        assert clips.read_wave(answer.content).data == whole  # type: ignore[union-attr]
    elif response_format == "pcm":
        assert answer.content == whole
    else:
        assert answer.content == b"mp3@24000:" + whole + b":end"
    assert "input=emulated" in answer.response.headers["x-zhipu-adaptations"]


def test_another_model_gets_a_long_text_whole(side: SyncSide, wire: Wire) -> None:
    sounds(wire, SOUND)
    speak(side, model="cogtts", input=LONG, response_format="wav")
    assert [sent.json["input"] for sent in wire.sent] == [LONG]


def test_parts_that_do_not_fit_together_are_an_error(side: SyncSide, wire: Wire) -> None:
    sounds(wire, wav(0.5, RATE))
    sounds(wire, wav(0.5, 16_000))
    with pytest.raises(openai.InternalServerError):
        speak(side, input="。".join("a" * 1000 for _ in range(2)), response_format="wav")


def chunk(data: bytes | None, reason: str | None = None, **delta: Any) -> dict[str, Any]:
    content = "" if data is None else base64.b64encode(data).decode()
    choice: dict[str, Any] = {"index": 0, "delta": {"role": "assistant", "content": content, **delta}}
    return {"id": "1", "created": 1, "model": "glm-tts", "choices": [{**choice, "finish_reason": reason}]}


def streamed(*pieces: bytes, **delta: Any) -> bytes:
    return events(*(chunk(piece, **delta) for piece in pieces), chunk(None, "stop"))


PIECES = (samples(0.1), samples(0.2, level=500), samples(0.1, level=7))
WHOLE = b"".join(PIECES)


@pytest.mark.usefixtures("encodes")
@pytest.mark.parametrize(
    ("response_format", "kind", "content"),
    [
        ("pcm", "audio/pcm", WHOLE),
        ("wav", "audio/wav", clips.wave_header(RATE) + WHOLE),
        ("mp3", "audio/mpeg", b"mp3@24000:" + WHOLE + b":end"),
        ("opus", "audio/ogg", b"opus@24000:" + WHOLE + b":end"),
    ],
)
def test_who_reads_as_it_comes_gets_it_as_it_is_spoken(
    side: SyncSide, wire: Wire, response_format: Any, kind: str, content: bytes
) -> None:
    wire.reply(streamed(*PIECES, return_sample_rate=RATE))
    assert speak_streamed(side, response_format=response_format) == (kind, content)
    assert wire.last.json == {
        "model": "glm-tts",
        "voice": "tongtong",
        "input": "你好",
        "response_format": "pcm",
        "stream": True,
        "encode_format": "base64",
    }


@pytest.mark.usefixtures("encodes")
def test_the_sample_rate_of_the_stream_counts(side: SyncSide, wire: Wire) -> None:
    wire.reply(streamed(*PIECES, return_sample_rate=16_000))
    wire.reply(streamed(*PIECES))
    assert speak_streamed(side)[1].startswith(b"mp3@16000:")
    assert speak_streamed(side)[1].startswith(b"mp3@24000:")


def test_a_sample_that_is_cut_in_two_is_put_together(side: SyncSide, wire: Wire) -> None:
    wire.reply(streamed(WHOLE[:101], WHOLE[101:200], WHOLE[200:]))
    assert speak_streamed(side, response_format="pcm")[1] == WHOLE


def test_a_head_within_the_stream_is_taken_off(side: SyncSide, wire: Wire) -> None:
    wire.reply(streamed(wav(data=PIECES[0]), PIECES[1]))
    assert speak_streamed(side, response_format="pcm")[1] == PIECES[0] + PIECES[1]


def test_a_long_text_streams_part_after_part(side: SyncSide, wire: Wire) -> None:
    wire.reply(streamed(PIECES[0]))
    wire.reply(streamed(PIECES[1]))
    assert speak_streamed(side, input=LONG, response_format="pcm")[1] == PIECES[0] + PIECES[1]
    assert "".join(sent.json["input"] for sent in wire.sent) == LONG


@pytest.mark.parametrize("response_format", ["pcm", "wav"])
def test_sse_gives_openais_events(side: SyncSide, wire: Wire, response_format: Any) -> None:
    wire.reply(streamed(*PIECES))
    answer = speak(side, response_format=response_format, stream_format="sse")
    assert answer.response.headers["content-type"].startswith("text/event-stream")
    *deltas, done = [json.loads(line[6:]) for line in answer.content.decode().split("\n\n") if line]
    assert {one["type"] for one in deltas} == {"speech.audio.delta"}
    assert done["type"] == "speech.audio.done"
    spoken = b"".join(base64.b64decode(one["audio"]) for one in deltas)
    assert spoken == (clips.wave_header(RATE) if response_format == "wav" else b"") + WHOLE


@pytest.mark.parametrize(
    ("stream", "error"),
    [
        (events(chunk(PIECES[0]), done=False), openai.APIConnectionError),
        (events(chunk(PIECES[0]), {"error": {"code": "1302", "message": "busy"}}), openai.RateLimitError),
        (events({"error": {"code": "1301", "message": "unsafe"}}, done=False), openai.BadRequestError),
        (events(chunk(PIECES[0]), chunk(None, "sensitive")), openai.BadRequestError),
        (events(chunk(PIECES[0]), chunk(None, "network_error")), openai.APIStatusError),
        (events(chunk(None, "stop")), openai.InternalServerError),
        (events(), openai.InternalServerError),
        (events(chunk(PIECES[0]), '{"choices": [{'), openai.InternalServerError),
        (events(chunk(None, content="no base64!")), openai.InternalServerError),
        (events({"choices": [3]}), openai.InternalServerError),
        (events({"what": 1}), openai.InternalServerError),
    ],
)
def test_a_stream_that_fails_raises(
    side: SyncSide, wire: Wire, stream: bytes, error: type[Exception]
) -> None:
    wire.reply(stream)
    with pytest.raises(error):
        speak_streamed(side, response_format="pcm")


def test_an_error_before_the_first_sound_is_tried_again(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply(events({"error": {"code": "1302", "message": "busy"}}, done=False))
    wire.reply(streamed(*PIECES))
    assert speak_streamed(side, response_format="pcm", client={"max_retries": 2})[1] == WHOLE
    assert len(waits) == 1


def test_sound_where_a_stream_was_asked_for_is_an_error(side: SyncSide, wire: Wire) -> None:
    sounds(wire, SOUND)
    with pytest.raises(openai.APIStatusError):
        speak_streamed(side, response_format="wav")


def test_zhipus_own_stream_passes_as_it_is(side: SyncSide, wire: Wire) -> None:
    stream = streamed(*PIECES)
    wire.reply(stream)
    answer = speak(side, response_format="pcm", extra_body={"stream": True, "encode_format": "hex"})
    assert answer.content == stream
    assert wire.last.json["encode_format"] == "hex"
    assert wire.last.json["response_format"] == "pcm"


def test_openais_way_of_streaming_goes_before_zhipus(side: SyncSide, wire: Wire) -> None:
    sounds(wire, SOUND)
    given = {"response_format": "wav", "stream_format": "audio", "extra_body": {"stream": True}}
    assert speak(side, **given).content == SOUND
    assert "stream" not in wire.last.json


def test_no_text_is_zhipus_to_judge(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1213", "message": "未正常接收到 input 参数"}}, status=400)
    for given in ({"input": None}, {"input": ""}, {"input": 3}):
        with pytest.raises(openai.BadRequestError):
            speak(side, **given)


def test_the_callers_objects_stay_as_they_are(side: SyncSide, wire: Wire) -> None:
    sounds(wire, SOUND)
    voice, extra = {"id": "alloy"}, {"volume": 1}
    speak(side, voice=voice, extra_body=extra, response_format="wav")
    assert (voice, extra) == ({"id": "alloy"}, {"volume": 1})


@pytest.mark.parametrize("given", [{}, {"response_format": "mp3"}])
def test_without_an_encoder_who_reads_as_it_comes_gets_a_whole_wav_file(
    side: SyncSide, wire: Wire, given: dict[str, Any]
) -> None:
    sounds(wire, SOUND)
    assert speak_streamed(side, **given) == ("audio/wav", SOUND)
    assert "stream" not in wire.last.json
