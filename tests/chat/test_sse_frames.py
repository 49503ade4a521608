"""The framing of server-sent events."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.translate.sse import Frames, encode_event, event_data


def frames_of(*pieces: bytes) -> tuple[list[bytes], bytes]:
    frames = Frames()
    events = [event for piece in pieces for event in frames.feed(piece)]
    return events, frames.rest()


def test_events_end_at_a_blank_line():
    assert frames_of(b"data: 1\n\ndata: 2\n\ndata: 3") == ([b"data: 1", b"data: 2"], b"data: 3")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_standard_is_read(end):
    body = b"data: 1" + end + b"id: 7" + end + end + b"data: 2" + end + end
    events, rest = frames_of(body)
    assert ([event_data(event) for event in events], rest) == ([b"1", b"2"], b"")


def test_a_crlf_cut_in_two_is_one_line_end():
    events, rest = frames_of(b"data: 1\r", b"\ndata: 2\r", b"\n\r", b"\n")
    assert ([event_data(event) for event in events], rest) == ([b"1\n2"], b"")


@given(
    st.lists(
        st.sampled_from([b"data: a", b"data:b", b": c", b"", b"\n", b"\r", b"\r\n", b"x", "é".encode()])
    ),
    st.lists(st.integers(0, 40)),
)
def test_how_the_bytes_are_cut_makes_no_difference(parts, places):
    body = b"".join(parts)
    bounds = [0, *sorted(place for place in places if place < len(body)), len(body)]
    pieces = [body[start:end] for start, end in pairwise(bounds)]
    assert frames_of(*pieces) == frames_of(body)


@pytest.mark.parametrize(
    ("event", "data"),
    [
        (b"data: {}", b"{}"),
        (b"data:{}", b"{}"),
        (b"data:  {}", b" {}"),
        (b"data: [DONE]", b"[DONE]"),
        (b"event: message\nid: 3\nretry: 10\ndata: {}", b"{}"),
        (b': keep-alive\ndata: {"a":\ndata: 1}', b'{"a":\n1}'),
        (b"\xef\xbb\xbfdata: {}", b"{}"),
        (b"\ndata: {}", b"{}"),
        (b"data", b""),
        (b"data:", b""),
        (b": keep-alive", None),
        (b"id: 3", None),
        (b"database: x", None),
        (b"", None),
    ],
)
def test_the_data_of_an_event_is_read_as_the_standard_has_it(event, data):
    assert event_data(event) == data


@given(st.binary().filter(lambda data: b"\n" not in data and b"\r" not in data))
def test_an_encoded_event_is_read_back(data):
    (event,), rest = frames_of(encode_event(data))
    assert (event_data(event), rest) == (data, b"")


def test_what_is_held_back_is_never_searched_or_copied_again():
    """One event of 5 MB in small pieces: each piece is held as it came, and joined once."""
    piece = b"x" * 100
    frames = Frames()
    for _ in range(50_000):
        assert frames.feed(piece) == []
    assert len(frames._held) == 50_000
    assert all(held is piece for held in frames._held)
    (event,) = frames.feed(b"\n\n")
    assert len(event) == 5_000_000
    assert frames._held == []


def test_a_finished_event_leaves_nothing_behind():
    frames = Frames()
    for _ in range(100_000):
        assert frames.feed(b"data: {}\n\n") == [b"data: {}"]
        assert frames._held == []
