"""Waiting for a job, with looks that are made up and a clock that stands still."""

from __future__ import annotations

import argparse
import io
from typing import TYPE_CHECKING

import openai
import pytest

from zhipu_openai.cli import waiting
from zhipu_openai.cli.calling import OutOfTimeError
from zhipu_openai.cli.progress import Progress
from zhipu_openai.library import openai_library

if TYPE_CHECKING:
    from collections.abc import Callable

TIMED_OUT = openai.APITimeoutError(openai_library().module.Request("GET", "https://example.com"))


class Clock:
    """Time that passes where somebody sleeps, or asks for long."""

    now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of whoever waits."""
    made = Clock()
    monkeypatch.setattr(waiting, "sleep", made.sleep)
    monkeypatch.setattr(waiting, "monotonic", lambda: made.now)
    return made


def wait(look: Callable[[float], str], timeout: float | None, interval: float = 10) -> str:
    """Wait until a look gives "done"."""
    options = argparse.Namespace(timeout=timeout, interval=interval)
    return waiting.wait(look, lambda found: found == "done", str, options, Progress(io.StringIO()))


@pytest.mark.usefixtures("clock")
def test_a_look_takes_no_longer_than_is_left() -> None:
    given: list[float] = []

    def look(seconds: float) -> str:
        given.append(seconds)
        return "working"

    with pytest.raises(OutOfTimeError, match="25 seconds: working"):
        wait(look, 25)
    assert given == [25, 15, 5, 1]


@pytest.mark.usefixtures("clock")
def test_without_a_timeout_a_look_takes_a_minute_at_most() -> None:
    answers = iter(["working", "working", "done"])
    given: list[float] = []

    def look(seconds: float) -> str:
        given.append(seconds)
        return next(answers)

    assert wait(look, None) == "done"
    assert given == [60, 60, 60]


@pytest.mark.usefixtures("clock")
def test_a_job_that_ends_at_the_last_look_has_ended_in_time() -> None:
    answers = iter(["working", "done"])
    assert wait(lambda _: next(answers), 5) == "done"


def test_a_look_that_outlasts_the_time_is_the_end_of_the_time(clock: Clock) -> None:
    def look(_: float) -> str:
        clock.now += 30
        raise TIMED_OUT

    with pytest.raises(OutOfTimeError, match="Not known to have ended after 25 seconds"):
        wait(look, 25)


@pytest.mark.parametrize("timeout", [None, 25])
def test_a_look_that_fails_before_is_a_failure(clock: Clock, timeout: float | None) -> None:
    def look(_: float) -> str:
        clock.now += 1
        raise TIMED_OUT

    with pytest.raises(openai.APITimeoutError):
        wait(look, timeout)
