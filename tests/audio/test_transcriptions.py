"""``client.audio.transcriptions``: what goes to Zhipu, and what comes back."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import openai
import pytest
from audio_helpers import (
    HEARD,
    MODEL,
    events,
    form_of,
    mp3,
    notes,
    samples,
    seconds_of_wav,
    texts_of,
    transcribe,
    wav,
)
from conftest import httpx

from zhipu_openai import sound
from zhipu_openai.translate.audio import clips

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

LONG = 70.0


@pytest.fixture(autouse=True)
def _without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "available", lambda: False)


def test_a_plain_request_goes_as_it_is(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    data = wav()
    answer = transcribe(side, file=("a.wav", data))
    assert answer.text == "你好"
    assert answer.usage.to_dict() == {"type": "duration", "seconds": 1.0}
    sent = wire.last
    assert sent.url == "https://open.bigmodel.cn/api/paas/v4/audio/transcriptions"
    assert texts_of(sent) == [("model", MODEL)]
    file = form_of(sent).file("file")
    assert file is not None
    assert (file.data, file.filename, file.content_type) == (data, "a.wav", "audio/wav")


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("whisper-1", MODEL),
        ("openai/whisper-1", MODEL),
        ("gpt-4o-transcribe", MODEL),
        ("gpt-4o-mini-transcribe-2025-12-15", MODEL),
        ("gpt-transcribe", MODEL),
        ("GLM-ASR-2512", MODEL),
        ("glm-asr", "glm-asr"),
        ("glm-asr-2700", "glm-asr-2700"),
        ("house-ears", "glm-asr-9"),
    ],
)
def test_openais_names_stand_for_glm_asr(side: SyncSide, wire: Wire, name: str, sent: str) -> None:
    wire.reply(HEARD)
    transcribe(side, model=name, client={"model_aliases": {"house-ears": "glm-asr-9"}})
    assert dict(texts_of(wire.last))["model"] == sent


def test_a_name_of_openais_warns_and_an_alias_of_the_callers_does_not(wire: Wire, side: SyncSide) -> None:
    wire.reply(HEARD)
    assert "model=approximated" in notes(side, model="whisper-1")
    transcribe(
        side, model="whisper-1", client={"on_adaptation": "warn", "model_aliases": {"whisper-1": MODEL}}
    )


@pytest.mark.parametrize(
    ("given", "sent", "noted"),
    [
        ({"prompt": "智谱"}, [("prompt", "智谱")], None),
        ({"temperature": 0}, [], None),
        ({"temperature": 0.4}, [], "temperature=dropped"),
        ({"language": "zh"}, [], "language=dropped"),
        ({"include": ["logprobs"]}, [], "include=dropped"),
        ({"chunking_strategy": "auto"}, [], None),
        ({"chunking_strategy": {"type": "server_vad", "threshold": 0.5}}, [], "chunking_strategy=dropped"),
        ({"extra_body": {"languages": ["zh", "en"]}}, [], "languages=dropped"),
        ({"extra_body": {"known_speaker_names": ["a"]}}, [], "known_speaker_names=dropped"),
        (
            {"extra_body": {"keywords": ["智谱", "GLM"]}},
            [("hotwords", "智谱"), ("hotwords", "GLM")],
            "keywords=translated",
        ),
        ({"extra_body": {"hotwords": ["智谱", "清言"]}}, [("hotwords", "智谱"), ("hotwords", "清言")], None),
        (
            {"extra_body": {"hotwords": ["a"], "keywords": ["b", "a"]}},
            [("hotwords", "a"), ("hotwords", "b")],
            "keywords=translated",
        ),
        (
            {"extra_body": {"keywords": [str(n) for n in range(101)]}},
            [("hotwords", str(n)) for n in range(100)],
            "keywords=approximated; keywords=translated",
        ),
        ({"extra_body": {"user": "me"}}, [("user_id", "user-me")], "user=translated"),
        ({"extra_body": {"user": "someone", "user_id": "their-id"}}, [("user_id", "their-id")], None),
        (
            {"extra_body": {"user_id": "abcdef", "request_id": "req-000001"}},
            [("user_id", "abcdef"), ("request_id", "req-000001")],
            None,
        ),
        ({"extra_body": {"something_new": "x"}}, [("something_new", "x")], None),
    ],
)
def test_fields(
    side: SyncSide, wire: Wire, given: dict[str, Any], sent: list[tuple[str, str]], noted: str | None
) -> None:
    wire.reply(HEARD)
    assert notes(side, **given) == str(noted)
    assert sorted(texts_of(wire.last)) == sorted([("model", MODEL), *sent])


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"response_format": "diarized_json"}, "response_format"),
        ({"response_format": "docx"}, "response_format"),
        (
            {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]},
            "timestamp_granularities",
        ),
        ({"response_format": "srt", "stream": True}, "response_format"),
        ({"response_format": "srt", "file": ("a.bin", b"nobody knows what this is")}, "response_format"),
        ({"file": ("a.wav", b"")}, "file"),
        ({"file": ("a.wav", bytes(25 * 1024 * 1024 + 1))}, "file"),
        ({"file": ("a.ogg", b"OggS" + bytes(100))}, "file"),
    ],
)
# Older releases of openai say with logging's own deprecated method that they do not know a format.
@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")
def test_what_cannot_be_served_is_refused_before_it_is_sent(
    side: SyncSide, wire: Wire, given: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        transcribe(side, **given)
    assert caught.value.param == param
    assert wire.sent == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("a.wav", bytes(26 * 1024 * 1024)), ["25 MB", "26.0 MB", "ffmpeg -i input.wav"]),
        (("a.m4a", b"\0\0\0\x20ftypM4A " + bytes(90)), ["ffmpeg -i input.m4a", "zhipu-openai[audio]"]),
        (("a.mp3", mp3(1200)), ["30 seconds", "ffmpeg -i input.mp3", "zhipu-openai[audio]"]),
        (("x; rm -rf.$(y)", b"OggS" + bytes(90)), ["ffmpeg -i input -ac"]),
    ],
)
def test_a_refusal_says_what_to_do(side: SyncSide, wire: Wire, file: Any, words: list[str]) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        transcribe(side, file=file)
    assert all(word in caught.value.message for word in words)
    assert wire.sent == []


@pytest.mark.parametrize(
    ("given", "data", "sent", "kind"),
    [
        ("talk.wav", wav(), "talk.wav", "audio/wav"),
        ("talk.WAV", wav(), "talk.WAV", "audio/wav"),
        ("upload", wav(), "upload.wav", "audio/wav"),
        ("talk.mp3", wav(), "talk.wav", "audio/wav"),
        ("talk.mpga", mp3(5), "talk.mp3", "audio/mpeg"),
        ("talk.pcm", b"unknown", "talk.pcm", "application/octet-stream"),
    ],
)
def test_a_file_has_the_name_of_its_format(
    side: SyncSide, wire: Wire, given: str, data: bytes, sent: str, kind: str
) -> None:
    wire.reply(HEARD)
    transcribe(side, file=(given, data))
    file = form_of(wire.last).file("file")
    assert file is not None
    assert (file.filename, file.data) == (sent, data)
    if given != "talk.pcm":
        assert file.content_type == kind


@pytest.mark.parametrize("size", [b"\xff\xff\xff\xff", b"\0\0\0\0"])
def test_a_wav_file_that_was_streamed_is_told_its_length(side: SyncSide, wire: Wire, size: bytes) -> None:
    wire.reply(HEARD)
    whole = wav(2.0)
    transcribe(side, file=("a.wav", whole[:4] + size + whole[8:40] + size + whole[44:]))
    file = form_of(wire.last).file("file")
    assert file is not None
    assert file.data == whole


def test_a_file_in_base64_is_zhipus_own_and_passes(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)

    def work(client: Any) -> Any:
        return client.post(
            "/audio/transcriptions",
            body={"model": MODEL, "file_base64": "UklGRg=="},
            files=[("unused", b"x")],
            cast_to=object,
            options={"headers": {"Content-Type": "multipart/form-data"}},
        )

    assert side.run(work)["text"] == "你好"
    assert ("file_base64", "UklGRg==") in texts_of(wire.last)


def test_the_text_format_is_the_text_alone(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    assert transcribe(side, response_format="text") == "你好"


def test_subtitles_have_the_length_of_the_recording(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    file = ("a.wav", wav(2.5))
    assert transcribe(side, response_format="srt", file=file) == "1\n00:00:00,000 --> 00:00:02,500\n你好\n\n"
    assert (
        transcribe(side, response_format="vtt", file=file)
        == "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\n你好\n\n"
    )


def test_verbose_json_has_one_segment_of_a_short_recording(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    given = {"response_format": "verbose_json", "file": ("a.mp3", mp3(100))}
    answer = transcribe(side, **given, language="zh", timestamp_granularities=["segment"])
    assert answer.text == "你好"
    assert answer.language == "zh"
    assert answer.duration == pytest.approx(2.612)
    (segment,) = answer.segments
    assert (segment.id, segment.start, segment.end, segment.text) == (0, 0, pytest.approx(2.612), "你好")
    assert "response_format=approximated" in notes(side, **given)
    assert transcribe(side, **given).language == "unknown"


def test_segments_of_zhipus_own_are_kept(side: SyncSide, wire: Wire) -> None:
    segments = [
        {"id": 0, "start": 0.2, "end": 0.5, "text": "你"},
        {"id": 1, "start": 0.5, "end": 0.9, "text": "好"},
    ]
    wire.reply({**HEARD, "segments": segments})
    answer = transcribe(side, response_format="verbose_json")
    assert [(one.start, one.end, one.text) for one in answer.segments] == [(0.2, 0.5, "你"), (0.5, 0.9, "好")]


def heard_in_turn(wire: Wire, *texts: str) -> None:
    for text in texts:
        wire.reply({**HEARD, "text": text})


def test_a_long_recording_is_sent_piece_by_piece_with_what_was_heard_before(
    side: SyncSide, wire: Wire
) -> None:
    heard_in_turn(wire, "One.", "Two,", "three.")
    data = wav(LONG)
    answer = transcribe(side, file=("a.wav", data), prompt="Numbers:", model="whisper-1")
    assert answer.text == "One. Two, three."
    forms = [form_of(sent) for sent in wire.sent]
    assert [form.get("prompt") for form in forms] == ["Numbers:", "Numbers:\nOne.", "Numbers:\nOne. Two,"]
    files = [form.file("file") for form in forms]
    assert all(file is not None and seconds_of_wav(file.data) <= 30 for file in files)
    whole = b"".join(clips.read_wave(file.data).data for file in files)  # type: ignore[union-attr]
    assert whole == clips.read_wave(data).data  # type: ignore[union-attr]


def test_the_pieces_of_a_long_recording_have_times(side: SyncSide, wire: Wire) -> None:
    heard_in_turn(wire, "一", "二", "三")
    answer = transcribe(side, file=("a.wav", wav(LONG)), response_format="verbose_json")
    assert answer.text == "一二三"
    assert answer.duration == pytest.approx(LONG)
    starts, ends = [one.start for one in answer.segments], [one.end for one in answer.segments]
    assert starts[0] == 0
    assert ends[-1] == pytest.approx(LONG)
    assert starts[1:] == ends[:-1]


def test_a_long_recording_is_recorded_as_emulated_and_can_be_refused(side: SyncSide, wire: Wire) -> None:
    heard_in_turn(wire, "1", "2", "3")
    assert "file=emulated" in notes(side, file=("a.wav", wav(LONG)))
    count = len(wire.sent)
    with pytest.raises(openai.BadRequestError):
        transcribe(side, file=("a.wav", wav(LONG)), client={"on_adaptation": "error"})
    assert len(wire.sent) == count


def test_another_model_gets_a_long_recording_whole(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    transcribe(side, model="glm-asr-2700", file=("a.wav", wav(LONG)))
    assert len(wire.sent) == 1


def test_a_failure_of_one_piece_fails_the_whole(side: SyncSide, wire: Wire) -> None:
    wire.reply({**HEARD, "text": "One."})
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    with pytest.raises(openai.RateLimitError):
        transcribe(side, file=("a.wav", wav(LONG)))
    assert len(wire.sent) == 2


def test_after_a_failure_only_the_rest_is_sent_again(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({**HEARD, "text": "One."})
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    heard_in_turn(wire, "Two.", "Three.")

    memories = []

    def work(client: Any) -> Any:
        memories.append(client._client.boundary.core.config.memory)
        return client.audio.transcriptions.create(model=MODEL, file=("a.wav", wav(LONG)))

    assert side.run(work, on_adaptation="ignore").text == "One. Two. Three."
    assert repr(memories[0]) == "Memory(0 entries)"
    assert len(wire.sent) == 4
    assert len(waits) == 1


def test_what_was_heard_once_is_asked_for_again_by_another_call(side: SyncSide, wire: Wire) -> None:
    heard_in_turn(wire, *"123456")

    def work(client: Any) -> Any:
        asked = {"model": MODEL, "file": ("a.wav", wav(LONG))}
        if side.name == "sync":
            return [client.audio.transcriptions.create(**asked).text for _ in range(2)]

        async def twice() -> Any:
            return [(await client.audio.transcriptions.create(**asked)).text for _ in range(2)]

        return twice()

    assert side.run(work, on_adaptation="ignore") == ["1 2 3", "4 5 6"]


def test_too_many_pieces_are_refused(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="60 such pieces"):
        transcribe(side, file=("a.wav", wav(1800, 2000, data=samples(1800, 2000))))
    assert wire.sent == []


@pytest.mark.parametrize("body", [{}, {"id": "1"}, {"text": None}, {"text": 1}, []])
def test_an_answer_without_a_text_is_an_error(side: SyncSide, wire: Wire, body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        transcribe(side)
    assert caught.value.code == "invalid_upstream_answer"


def test_silence_is_an_empty_text(side: SyncSide, wire: Wire) -> None:
    wire.reply({**HEARD, "text": ""})
    assert transcribe(side).text == ""
    assert transcribe(side, response_format="srt") == ""


@pytest.mark.parametrize("response_format", ["json", "text", "verbose_json", "srt"])
def test_an_error_inside_a_success_is_an_error(side: SyncSide, wire: Wire, response_format: Any) -> None:
    wire.reply({"error": {"code": "1211", "message": "模型不存在"}})
    with pytest.raises(openai.APIStatusError) as caught:
        transcribe(side, response_format=response_format)
    assert caught.value.code == "model_not_found"


def test_a_busy_service_is_asked_again_with_the_same_bytes(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    wire.reply(HEARD)
    assert transcribe(side, client={"max_retries": 2}).text == "你好"
    first, second = (form_of(sent).parts for sent in wire.sent)
    assert first == second
    assert len(waits) == 1


def delta(text: str) -> dict[str, Any]:
    return {"id": "2026", "created": 1, "model": MODEL, "type": "transcript.text.delta", "delta": text}


FINISHED = {"id": "2026", "created": 1, "model": MODEL, "type": "transcript.text.done"}


@pytest.mark.parametrize("more", [{}, {"text": "你好"}])
def test_a_stream_ends_with_the_whole_text(side: SyncSide, wire: Wire, more: dict[str, str]) -> None:
    wire.reply(events(delta("你"), delta("好"), {**FINISHED, **more}))
    streamed = transcribe(side, stream=True)
    assert [one.type for one in streamed] == [
        "transcript.text.delta",
        "transcript.text.delta",
        "transcript.text.done",
    ]
    assert [one.delta for one in streamed[:-1]] == ["你", "好"]
    assert streamed[-1].text == "你好"
    assert ("stream", "true") in texts_of(wire.last)


def test_a_text_that_comes_only_at_the_end_comes_as_a_delta_too(side: SyncSide, wire: Wire) -> None:
    wire.reply(events({**FINISHED, "text": "你好"}))
    first, last = transcribe(side, stream=True)
    assert (first.delta, last.text) == ("你好", "你好")


@pytest.mark.parametrize("stream", [[delta("a")], [delta("a"), FINISHED]])
def test_either_sign_of_the_end_is_enough(side: SyncSide, wire: Wire, stream: list[Any]) -> None:
    wire.reply(events(*stream, done=len(stream) == 1))
    assert transcribe(side, stream=True)[-1].text == "a"


def test_the_streams_of_a_long_recording_are_one(side: SyncSide, wire: Wire) -> None:
    wire.reply(events(delta("One"), delta("."), FINISHED))
    wire.reply(events(FINISHED))
    wire.reply(events(delta("Two."), FINISHED))
    streamed = transcribe(side, stream=True, file=("a.wav", wav(LONG)))
    assert [one.delta for one in streamed[:-1]] == ["One", ".", " Two."]
    assert streamed[-1].text == "One. Two."
    assert [form_of(sent).get("prompt") for sent in wire.sent] == [None, "One.", "One."]


@pytest.mark.parametrize(
    ("stream", "error"),
    [
        (events(delta("a"), done=False), openai.APIConnectionError),
        (
            events(delta("a"), {"error": {"code": "1302", "message": "busy"}}, done=False),
            openai.RateLimitError,
        ),
        (events({"error": {"code": "1301", "message": "unsafe"}}, done=False), openai.BadRequestError),
        (events(delta("a"), '{"type": "transcri', done=False), openai.InternalServerError),
        (events(delta("a"), {"what": 1}), openai.InternalServerError),
        (events({"type": "transcript.text.delta"}), openai.InternalServerError),
        (events([1]), openai.InternalServerError),
    ],
)
def test_a_stream_that_fails_raises(
    side: SyncSide, wire: Wire, stream: bytes, error: type[Exception]
) -> None:
    wire.reply(stream)
    with pytest.raises(error):
        transcribe(side, stream=True)


def test_json_where_a_stream_was_asked_for_is_an_error(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    with pytest.raises(openai.APIStatusError):
        transcribe(side, stream=True)


def test_a_stream_may_be_cut_anywhere(side: SyncSide, wire: Wire) -> None:
    whole = events(delta("你"), delta("好"), FINISHED)

    def bytewise(_: Any) -> Any:
        pieces = [whole[place : place + 1] for place in range(len(whole))]
        stream = _stream(pieces) if side.name == "sync" else _astream(pieces)
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=stream)

    wire.reply_with(bytewise)
    assert transcribe(side, stream=True)[-1].text == "你好"


def _stream(pieces: list[bytes]) -> Any:
    yield from pieces


async def _astream(pieces: list[bytes]) -> Any:
    for piece in pieces:
        yield piece


def test_json_instead_of_a_form_is_refused(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="multipart"):
        side.run(lambda client: client.post("/audio/transcriptions", body={"model": MODEL}, cast_to=object))
    assert wire.sent == []


def test_adaptations_warn_once_at_the_callers_line(wire: Wire, side: SyncSide) -> None:
    wire.reply(HEARD)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            transcribe(side, language="zh", client={"on_adaptation": "warn"})
    assert [str(one.message).partition(" for")[0] for one in caught] == ["`language` dropped"]


def test_no_sound_is_in_what_is_logged_or_shown(side: SyncSide, wire: Wire, caplog: Any) -> None:
    caplog.set_level("DEBUG", logger="zhipu_openai")
    wire.reply(HEARD)
    transcribe(side, prompt="a secret of the caller's", file=("secret-name.wav", wav(LONG)))
    assert "secret" not in caplog.text


def test_the_record_of_a_verbose_answer_is_json(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    answer = transcribe(side, response_format="verbose_json")
    assert json.loads(answer.to_json())["id"] == HEARD["id"]
