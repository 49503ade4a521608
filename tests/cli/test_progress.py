"""The line that says how far something is."""

from __future__ import annotations

import io

import pytest
from cli_helpers import Terminal

from zhipu_openai.cli.progress import Progress, megabytes


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")


def test_a_pipe_gets_nothing_of_it() -> None:
    pipe = io.StringIO()
    with Progress(pipe) as progress:
        progress.show("halfway")
        progress.clear()
    assert pipe.getvalue() == ""


def test_a_text_takes_the_place_of_the_one_before() -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    progress.show("a long text")
    progress.show("short")
    assert terminal.screen == "short"
    assert "\n" not in terminal.getvalue()


def test_the_line_is_empty_at_the_end_even_of_a_failure() -> None:
    terminal = Terminal()

    def fail() -> None:
        with Progress(terminal) as progress:
            progress.show("halfway")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert terminal.screen == ""
    assert terminal.getvalue().endswith("\r")


def test_what_is_said_stays_above_the_line() -> None:
    terminal = Terminal()
    with Progress(terminal) as progress:
        progress.show("halfway there")
        progress.say("Begun: 1")
        progress.show("further")
        assert terminal.screen == "Begun: 1\nfurther"


def test_what_is_said_reaches_a_pipe() -> None:
    pipe = io.StringIO()
    Progress(pipe).say("Begun: 1")
    assert pipe.getvalue() == "Begun: 1\n"


@pytest.mark.parametrize(
    ("text", "seen"),
    [("x" * 50, "x" * 19), ("视" * 50, "视" * 9), ("a\x1b[2Jb\nc", "a [2Jb c")],
    ids=["long", "Chinese", "control characters"],
)
def test_the_line_never_leaves_its_row(text: str, seen: str) -> None:
    terminal = Terminal()
    Progress(terminal).show(text)
    assert terminal.screen == seen


def test_sizes_are_in_megabytes() -> None:
    assert megabytes(1_234_567) == "1.2 MB"
    assert megabytes(1_234_567, 10_000_000) == "1.2 of 10.0 MB"
