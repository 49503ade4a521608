"""Long texts are cut where a voice would pause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.translate.audio.speech_text import split


@given(st.text(max_size=400), st.integers(1, 60))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, most: int) -> None:
    parts = split(text, most)
    if len(text) > most:
        assert all(0 < len(part) <= most for part in parts)
    squeezed = "".join(text.split())
    assert "".join("".join(part.split()) for part in parts) == squeezed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short", ["short"]),
        ("  short ", ["  short "]),
        ("One two. Three four.", ["One two.", "Three four."]),
        ("One, two three four", ["One, two", "three four"]),
        ("一二三四五。六七八，九十一二三", ["一二三四五。", "六七八，九十一二三"]),
        ("It is a 3.5 at most.", ["It is a 3.5", "at most."]),
        ("Stop it now.5 is out", ["Stop it", "now.5 is out"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijkl", "mnopqrstuvwx", "yz"]),
        ("line one\nline two is", ["line one", "line two is"]),
    ],
)
def test_the_best_place_is_chosen(text: str, parts: list[str]) -> None:
    assert split(text, 12) == parts
