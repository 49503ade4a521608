"""Sizes, pictures and ids, on their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.translate.images.models import IMAGE_MODELS
from zhipu_openai.translate.media.pictures import kind_of
from zhipu_openai.translate.media.sizes import SizeRule, read_size, write_size
from zhipu_openai.translate.videos.ids import VideoId
from zhipu_openai.translate.videos.models import VIDEO_MODELS

sides = st.integers(1, 99999)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1024x768", (1024, 768)),
        ("1024X768", (1024, 768)),
        (" 1024 × 768 ", (1024, 768)),
        ("1024*768", (1024, 768)),
        ("auto", None),
        ("", None),
        ("1024", None),
        ("-1x5", None),
        ("1x2x3", None),
        ("１０２４x768", None),
        (None, None),
        (1024, None),
    ],
)
def test_a_size_is_read(text, size):
    assert read_size(text) == size


@given(sides, sides)
def test_a_size_is_read_as_it_was_written(width, height):
    assert read_size(write_size((width, height))) == (width, height)


@pytest.mark.parametrize("row", [*IMAGE_MODELS, *VIDEO_MODELS], ids=lambda row: row.id)
@given(width=sides, height=sides)
def test_the_nearest_size_is_taken_and_keeps_the_orientation(row, width, height):
    nearest = row.sizes.nearest((width, height))
    if nearest is None:
        assert not row.sizes.multiple
        return
    assert row.sizes.allows(nearest)
    assert (nearest[0] - nearest[1]) * (width - height) >= 0


def test_there_is_no_nearest_size_to_nothing_or_of_another_orientation():
    rule = SizeRule(("1920x1080",))
    assert rule.nearest((1080, 1920)) is None
    assert rule.nearest((0, 5)) is None
    assert rule.nearest((640, 360)) == (1920, 1080)


def test_a_size_of_ones_own_has_bounds():
    rule = SizeRule((), multiple=16, least=512, most=2048, most_pixels=2**21)
    assert rule.allows((512, 2048))
    assert not rule.allows((496, 1024))
    assert not rule.allows((1024, 2064))
    assert not rule.allows((1024, 1000))
    assert not rule.allows((2048, 2048))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "png"),
        (b"\xff\xd8\xff\xe1", "jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"GIF89a", "gif"),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_picture_is_told_by_its_bytes(data, kind):
    assert kind_of(data) == kind


@given(
    st.text(min_size=1).filter(lambda text: "\n" not in text),
    st.integers(0, 10**10),
    st.sampled_from(["auto", "5", "10"]),
    st.sampled_from(["auto", "1280x720"]),
)
def test_an_id_says_what_it_was_made_of(task, created, seconds, size):
    identity = VideoId(task, created, seconds, size)
    assert VideoId.read(str(identity)) == identity


@pytest.mark.parametrize(
    "text", ["476916963227608958851150483019244798", "task-1_a", "video_", "video_x_y_z_t", ""]
)
def test_an_id_of_another_form_is_zhipus_own(text):
    assert VideoId.read(text) == VideoId(text)
