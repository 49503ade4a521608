"""Marks in an answer's text are found however the text is cut into pieces."""

from __future__ import annotations

import itertools
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhipu_openai.translate.text_filters import (
    BoxStripper,
    StopScanner,
    ThinkSplitter,
    cut_at_stop,
    split_think,
    strip_box,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def pieces(text: str, cuts: Iterable[int]) -> Iterator[str]:
    """Cut a text at the given places, which may repeat (then a piece is empty)."""
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return (text[start:stop] for start, stop in itertools.pairwise(places))


def text_of(*fragments: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(fragments), max_size=12).map("".join)


CUTS = st.lists(st.integers(0, 200), max_size=12)
THINK_TEXT = text_of("<think>", "</think>", "<", "<thi", "nk>", "</", "think>", "\n", " ", "\r\n", "a", "答")
BOX_TEXT = text_of("<|begin_of_box|>", "<|end_of_box|>", "<|", "<|end", "_of_box|>", "<", "|>", "begin", "b")
STOP_TEXT = text_of("a", "b", "c", "ab", "STOP", "ST", "OP", "\n", "。")


def streamed_think(parts: Iterable[str], *, stray_close: bool = False) -> tuple[str, str]:
    splitter = ThinkSplitter(stray_close=stray_close)
    out = [splitter.feed(part) for part in parts]
    out.append(splitter.end())
    return "".join(reasoning for reasoning, _ in out), "".join(content for _, content in out)


def streamed_box(parts: Iterable[str]) -> str:
    stripper = BoxStripper()
    passed = [stripper.feed(part) for part in parts]
    return "".join(passed) + stripper.end()


def streamed_stop(parts: Iterable[str], stops: Sequence[str]) -> tuple[str, str | None]:
    scanner = StopScanner(stops)
    passed = "".join([scanner.feed(part) for part in parts])
    passed += scanner.end()
    return passed, scanner.hit


@pytest.mark.parametrize(
    ("content", "reasoning", "answer"),
    [
        ("", "", ""),
        ("Four.", "", "Four."),
        ("<think>2 + 2</think>Four.", "2 + 2", "Four."),
        ("\n <think>\n2 + 2\n</think>\n\r\nFour.\n", "\n2 + 2\n", "Four.\n"),
        ("<think></think>\n Four.", "", " Four."),
        ("<think>2 + 2", "2 + 2", ""),
        ("<think>2 + 2</thin", "2 + 2</thin", ""),
        ("<think>a</think><think>b</think>c", "a", "<think>b</think>c"),
        ("<think>a<think>b</think>c", "a<think>b", "c"),
        ("Use <think> tags</think>", "", "Use <think> tags</think>"),
        ("  \n ", "", "  \n "),
        ("\n<thin", "", "\n<thin"),
        ("\n</think>Four.", "", "\n</think>Four."),
    ],
)
def test_think_block_counts_only_at_the_start_of_the_content(
    content: str, reasoning: str, answer: str
) -> None:
    assert split_think(content) == (reasoning, answer)


@pytest.mark.parametrize(
    ("content", "reasoning", "answer"),
    [
        ("</think>Four.", "", "Four."),
        (" \n</think>\n\nFour.", "", "Four."),
        ("</think></think>Four.", "", "</think>Four."),
        ("<think>a</think>Four.", "a", "Four."),
        ("Four</think>.", "", "Four</think>."),
        ("</thi", "", "</thi"),
    ],
)
def test_stray_close_at_the_start_is_dropped_when_asked(content: str, reasoning: str, answer: str) -> None:
    assert split_think(content, stray_close=True) == (reasoning, answer)


@given(THINK_TEXT, CUTS, st.booleans())
@example("<think>a</think>\n\nb", [1, 7, 9, 16, 17], False)
def test_think_splitter_does_not_depend_on_the_pieces(content: str, cuts: list[int], stray: bool) -> None:
    assert streamed_think(pieces(content, cuts), stray_close=stray) == split_think(content, stray_close=stray)


@given(THINK_TEXT)
def test_think_splitter_agrees_with_a_regular_expression(content: str) -> None:
    block = re.fullmatch(r"\s*<think>(.*?)(?:</think>[\r\n]*(.*))?", content, re.DOTALL)
    expected = ("", content) if block is None else (block[1], block[2] or "")
    assert split_think(content) == expected


@given(THINK_TEXT)
def test_think_splitter_holds_back_less_than_one_mark_besides_space(content: str) -> None:
    splitter = ThinkSplitter()
    for end in range(1, len(content) + 1):
        passed = splitter.feed(content[end - 1])
        assert isinstance(passed, tuple)
        assert len(splitter._held) < len("</think>")


def test_reasoning_is_passed_on_before_the_block_is_closed() -> None:
    splitter = ThinkSplitter()
    assert splitter.feed("<thi") == ("", "")
    assert splitter.feed("nk>2 + ") == ("2 + ", "")
    assert splitter.feed("2</") == ("2", "")
    assert splitter.feed("think>\n") == ("", "")
    assert splitter.feed("\nFour") == ("", "Four")
    assert splitter.feed(".\n") == ("", ".\n")
    assert splitter.end() == ("", "")


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("<|begin_of_box|>42<|end_of_box|>", "42"),
        ("So <|begin_of_box|>4<|end_of_box|> and <|begin_of_box|>2<|end_of_box|>.", "So 4 and 2."),
        ("<|end_of_box|>", ""),
        ("<|begin_of_box", "<|begin_of_box"),
        ("<|end<|begin_of_box|>_of_box|>", "<|end_of_box|>"),
        ("a < b", "a < b"),
    ],
)
def test_box_tokens_are_removed_anywhere(text: str, stripped: str) -> None:
    assert strip_box(text) == stripped
    assert streamed_box(text) == stripped


@given(BOX_TEXT, CUTS)
def test_box_stripper_does_not_depend_on_the_pieces(text: str, cuts: list[int]) -> None:
    assert streamed_box(pieces(text, cuts)) == strip_box(text)


def test_box_stripper_holds_back_only_what_may_be_a_token() -> None:
    stripper = BoxStripper()
    assert stripper.feed("4 <") == "4 "
    assert stripper.feed(" 5 <|") == "< 5 "
    assert stripper.feed("end_of_box|") == ""
    assert stripper.feed(">!") == "!"
    assert stripper.feed("<|begin_of_box|>") == ""
    assert stripper.feed("7") == "7"
    assert stripper.end() == ""


@pytest.mark.parametrize(
    ("text", "stops", "kept", "hit"),
    [
        ("one STOP two", ["STOP"], "one ", "STOP"),
        ("one two", ["STOP"], "one two", None),
        ("one ST", ["STOP"], "one ST", None),
        ("b a", ["a", "b"], "", "b"),
        ("xab", ["a", "ab"], "x", "ab"),
        ("xabd", ["bd", "abc", "b"], "xa", "bd"),
        ("xabc", ["b", "abc"], "x", "abc"),
        ("xab", ["b", "abc"], "xa", "b"),
        ("xabc", ["b", "bc", "abcd"], "xa", "bc"),
        ("one", [], "one", None),
        ("one", [""], "one", None),
        ("one STOP", "STOP", "one ", "STOP"),
        ("aaab", ["aab"], "a", "aab"),
    ],
)
def test_text_is_cut_before_the_earliest_and_longest_stop(
    text: str, stops: Sequence[str], kept: str, hit: str | None
) -> None:
    assert cut_at_stop(text, stops) == (kept, hit)
    assert streamed_stop(text, stops) == (kept, hit)


@given(STOP_TEXT, st.lists(STOP_TEXT, max_size=4), CUTS)
@example("xabcab", ["bcabd", "ab", "abc"], [2, 3, 4, 5])
def test_stop_scanner_does_not_depend_on_the_pieces(text: str, stops: list[str], cuts: list[int]) -> None:
    assert streamed_stop(pieces(text, cuts), stops) == cut_at_stop(text, stops)


@given(STOP_TEXT, st.lists(STOP_TEXT, max_size=4))
def test_stop_scanner_agrees_with_looking_at_every_place(text: str, stops: list[str]) -> None:
    for place in range(len(text)):
        here = [stop for stop in stops if stop and text.startswith(stop, place)]
        if here:
            assert cut_at_stop(text, stops) == (text[:place], max(here, key=len))
            return
    assert cut_at_stop(text, stops) == (text, None)


@given(STOP_TEXT, st.lists(STOP_TEXT, max_size=4))
def test_stop_scanner_holds_back_no_more_than_the_beginning_of_a_stop(text: str, stops: list[str]) -> None:
    scanner = StopScanner(stops)
    passed = ""
    for index, character in enumerate(text, start=1):
        passed += scanner.feed(character)
        if scanner.hit is not None:
            return
        held = text[len(passed) : index]
        assert not held or any(stop.startswith(held) for stop in stops)


def test_stop_scanner_reports_a_hit_at_once_and_swallows_the_rest() -> None:
    scanner = StopScanner(["END", "ENDING"])
    steps = [(scanner.feed(part), scanner.hit) for part in ("the EN", "D", "ING and", " more END")]
    assert steps == [("the ", None), ("", "END"), ("", "ENDING"), ("", "ENDING")]
    assert scanner.end() == ""
    assert scanner.hit == "ENDING"


def test_a_hundred_thousand_single_characters_take_linear_time() -> None:
    length = 100_000
    stops = ["a" * 200 + "b", "ab" * 100 + "c", "\n\nHuman:", "<|end|>"]
    started = time.process_time()
    assert streamed_stop("ab" * (length // 2), stops) == ("ab" * (length // 2), None)
    for text in ("<" * length, " " * length):
        assert streamed_box(text) == text
        assert streamed_think(text) == ("", text)
        assert streamed_think("<think>" + text) == (text, "")
    # Quadratic time would be minutes.
    assert time.process_time() - started < 30
