"""Compressed sound, made and read by PyAV; where that is not installed there is nothing to test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from audio_helpers import HEARD, form_of, samples, seconds_of_wav, sounds, speak, transcribe, wav

from zhipu_openai import sound
from zhipu_openai.translate.audio import clips

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

pytest.importorskip("av")

RATE = 24_000
SECOND = samples(1.0, RATE)
STARTS = {"mp3": (b"ID3", b"\xff"), "opus": (b"OggS",), "aac": (b"\xff\xf1",), "flac": (b"fLaC",)}


def encoded(name: str, data: bytes, rate: int = RATE, *, step: int = 4800) -> bytes:
    encoder = sound.Encoder(name, rate)
    pieces = [encoder.feed(data[place : place + step]) for place in range(0, len(data), step)]
    return b"".join([*pieces, encoder.end()])


@pytest.mark.parametrize("name", sound.CODECS)
@pytest.mark.parametrize("rate", [16_000, 24_000])
def test_what_is_made_can_be_read(name: str, rate: int) -> None:
    data = encoded(name, samples(1.0, rate), rate)
    assert data.startswith(STARTS[name])
    assert len(sound.decode(data, rate=8000, most=60)) / 16_000 == pytest.approx(1.0, abs=0.1)


def test_nothing_is_lost_in_flac() -> None:
    assert sound.decode(encoded("flac", SECOND), rate=RATE, most=60) == SECOND


@pytest.mark.parametrize("name", sound.CODECS)
def test_a_stream_is_made_while_it_is_spoken(name: str) -> None:
    encoder = sound.Encoder(name, RATE)
    assert sum(bool(encoder.feed(SECOND[:9600])) for _ in range(10)) > 3
    encoder.end()


def test_an_mp3_file_has_the_length_that_its_frames_tell() -> None:
    data = encoded("mp3", SECOND * 3)
    assert clips.kind_of(data) == "mp3"
    assert clips.seconds_of(data) == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("data", [b"", b"hello", b"OggS" + bytes(100), b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_what_is_no_sound_cannot_be_read(data: bytes) -> None:
    with pytest.raises(sound.UnreadableSoundError):
        sound.decode(data, rate=8000, most=60)


def test_reading_stops_where_it_is_told_to() -> None:
    data = encoded("flac", SECOND * 10)
    assert len(sound.decode(data, rate=RATE, most=2)) < 4 * len(SECOND)


@pytest.mark.parametrize("name", sound.CODECS)
def test_openais_formats_come_back_from_the_client(side: SyncSide, wire: Wire, name: Any) -> None:
    sounds(wire, wav(1.0, RATE))
    answer = speak(side, response_format=name, client={"on_adaptation": "error"})
    assert answer.content.startswith(STARTS[name])


@pytest.mark.parametrize("name", ["opus", "flac", "aac"])
def test_a_recording_in_another_format_is_converted(side: SyncSide, wire: Wire, name: str) -> None:
    wire.reply(HEARD)
    transcribe(side, file=(f"a.{name}", encoded(name, SECOND)), client={"on_adaptation": "error"})
    file = form_of(wire.last).file("file")
    assert file is not None
    assert (file.filename, file.content_type) == ("a.wav", "audio/wav")
    assert seconds_of_wav(file.data) == pytest.approx(1.0, abs=0.1)


def test_a_long_mp3_recording_is_cut(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    transcribe(side, file=("a.mp3", encoded("mp3", SECOND * 40)))
    assert len(wire.sent) == 2


def test_a_wav_of_24_bits_is_cut_all_the_same(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    transcribe(side, file=("a.wav", wav(40, width=3)))
    assert len(wire.sent) == 2


def test_unknown_bytes_are_sent_as_they_are(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    transcribe(side, file=("a.bin", b"nobody knows"))
    file = form_of(wire.last).file("file")
    assert file is not None
    assert (file.filename, file.data) == ("a.bin", b"nobody knows")
