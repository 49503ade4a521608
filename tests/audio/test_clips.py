"""What the bytes of a recording tell, and where it is cut."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from audio_helpers import mp3, samples, wav
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.translate.audio import clips

FRAME = 1152 / 44100


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (wav(), "wav"),
        (mp3(3), "mp3"),
        (mp3(3, tagged=True), "mp3"),
        (b"fLaC" + bytes(40), "other"),
        (b"OggS" + bytes(40), "other"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(40), "other"),
        (b"\x1a\x45\xdf\xa3" + bytes(40), "other"),
        (b"", None),
        (b"ID3", None),
        (b"hello" * 100, None),
        (bytes(400), None),
        (b"\xff\xf1\x50\x80" + bytes(400), None),
    ],
)
def test_the_format_is_told_by_the_bytes(data: bytes, kind: str | None) -> None:
    assert clips.kind_of(data) == kind


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_wav_file_is_measured_by_its_head(rate: int, channels: int, width: int) -> None:
    assert clips.seconds_of(wav(1.5, rate, channels=channels, width=width)) == pytest.approx(1.5, abs=1e-3)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_wav_file_whose_writer_left_the_size_open_ends_with_the_file(size: int) -> None:
    data = bytearray(wav(2.0))
    data[40:44] = struct.pack("<I", size)
    assert clips.seconds_of(bytes(data)) == pytest.approx(2.0)


def test_chunks_before_the_samples_are_passed_over() -> None:
    plain = wav(1.0)
    listed = plain[:36] + b"LIST\x05\x00\x00\x00hello\x00" + plain[36:]
    assert clips.seconds_of(listed) == pytest.approx(1.0)


@pytest.mark.parametrize("data", [b"RIFF", wav()[:20], wav()[:36], b"RIFF\x00\x00\x00\x00WAVEdata\x00\x00"])
def test_a_broken_wav_file_has_no_length(data: bytes) -> None:
    assert clips.read_wave(data) is None
    assert clips.seconds_of(data) is None


@given(st.binary(max_size=200))
def test_any_bytes_may_be_looked_at(data: bytes) -> None:
    for start in (b"", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"ID3", b"\xff\xfb\x90\x00"):
        clips.kind_of(start + data)
        clips.seconds_of(start + data)


@pytest.mark.parametrize("tagged", [False, True])
def test_an_mp3_file_is_measured_by_its_frames(tagged: bool) -> None:
    assert clips.seconds_of(mp3(100, tagged=tagged)) == pytest.approx(100 * FRAME)


def test_the_frame_that_tells_about_an_mp3_file_is_not_counted() -> None:
    about = b"\xff\xfb\x90\x00" + bytes(32) + b"Xing" + bytes(413 - 36)
    assert clips.seconds_of(about + mp3(50)) == pytest.approx(50 * FRAME)


def test_what_stands_behind_the_frames_of_an_mp3_file_is_not_counted() -> None:
    assert clips.seconds_of(mp3(50) + b"TAG" + bytes(125)) == pytest.approx(50 * FRAME)


@given(
    st.floats(0.5, 20), st.sampled_from([8000, 11025]), st.sampled_from([1, 2]), st.sampled_from([2.0, 3.5])
)
def test_pieces_are_the_whole_and_none_is_too_long(
    seconds: float, rate: int, channels: int, longest: float
) -> None:
    recording = clips.read_wave(wav(seconds, rate, channels=channels))
    assert recording is not None
    pieces = clips.cut(recording, longest=longest, search=1.0)
    assert pieces is not None
    assert b"".join(piece.data for piece in pieces) == recording.data
    assert all(0 < piece.seconds <= longest for piece in pieces)
    assert all(len(piece.data) % recording.step == 0 for piece in pieces)


def test_a_cut_is_made_where_it_is_quiet() -> None:
    data = samples(4.6) + samples(0.4, level=0) + samples(5)
    recording = clips.read_wave(wav(data=data))
    assert recording is not None
    pieces = clips.cut(recording, longest=8, search=4)
    assert pieces is not None
    assert [round(piece.seconds, 1) for piece in pieces] in ([4.9, 5.1], [5.0, 5.0], [4.8, 5.2])


@pytest.mark.parametrize("width", [1, 3])
def test_other_samples_than_16_bits_are_not_cut(width: int) -> None:
    recording = clips.read_wave(wav(3, width=width))
    assert recording is not None
    assert clips.cut(recording, longest=1, search=0.5) is None


def test_what_is_written_can_be_read() -> None:
    recording = clips.read_wave(wav(1.0, 22050, channels=2))
    assert recording is not None
    with wave.open(io.BytesIO(recording.encode())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22050, 2, 2)
        assert file.readframes(file.getnframes()) == recording.data
