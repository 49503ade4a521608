"""Waiting for a job that Zhipu works on, so that it can be gone on with after an interruption."""

from __future__ import annotations

import argparse
import math
import shlex
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, TypeVar

import openai

from .calling import OutOfTimeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .calling import Session
    from .progress import Progress

T = TypeVar("T")

_LONGEST_LOOK: Final = 60.0
"""Seconds that one question about a job may take."""
_SHORTEST_LOOK: Final = 1.0
_TICK: Final = 1.0
"""Seconds between two changes of the line that a person watches."""


def add_waiting_options(parser: argparse.ArgumentParser, *, interval: float) -> None:
    """Add the options of a command that waits for a job."""
    parser.add_argument(
        "--resume", metavar="ID", help="wait for a job that was begun before, rather than begin one"
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="wait at most so long; then the job goes on, its id is printed and the exit code is 3",
    )
    parser.add_argument(
        "--interval",
        type=_seconds,
        default=interval,
        metavar="SECONDS",
        help="time between two looks at the job (%(default)s)",
    )


@contextmanager
def resumable(
    command: str, job_id: str, options: argparse.Namespace, made: Session, *more: str
) -> Iterator[None]:
    """Say how to go on with a job when what is done here is interrupted or fails.

    Args:
        command: The name of the command.
        job_id: The job's id.
        options: The command's options; those that choose the address are repeated.
        made: The session, whose progress line makes room.
        more: Further words of the command.
    """
    try:
        yield
    except (openai.NotFoundError, openai.BadRequestError):
        # Asking again would be answered in the same way.
        raise
    except BaseException:
        if made.client.settings.region == "standin":
            made.progress.say(f"{job_id} ends here: the stand-in forgets it with this process.")
        else:
            words = ["python", "-m", "zhipu_openai", command, "--resume", job_id, *more, *_address(options)]
            made.progress.say(f"{job_id} goes on; to wait for it: {shlex.join(words)}")
        raise


def wait(
    look: Callable[[float], T],
    ended: Callable[[T], bool],
    say: Callable[[T], str],
    options: argparse.Namespace,
    progress: Progress,
) -> T:
    """Look at a job until it has ended.

    Args:
        look: Asks about the job; it is given the seconds that the request may take.
        ended: Says whether there is nothing more to wait for.
        say: Says in some words how far the job is.
        options: ``timeout`` and ``interval`` are read.
        progress: The line that tells the words and the seconds since the beginning.

    Raises:
        OutOfTimeError: The job has not ended within ``options.timeout`` seconds.
    """
    began = monotonic()
    limit = math.inf if options.timeout is None else options.timeout
    while True:
        left = began + limit - monotonic()
        try:
            found = look(min(max(left, _SHORTEST_LOOK), _LONGEST_LOOK))
        except openai.APITimeoutError as error:
            if monotonic() - began < limit:
                raise
            raise OutOfTimeError(f"Not known to have ended after {limit:g} seconds.") from error
        if ended(found):
            progress.clear()
            return found
        words = say(found)
        progress.show(_line(words, began))
        left = began + limit - monotonic()
        if left <= 0:
            raise OutOfTimeError(f"Not ended after {limit:g} seconds: {words}.")
        _pause(min(options.interval, left), words, began, progress)


def _pause(seconds: float, words: str, began: float, progress: Progress) -> None:
    ends = monotonic() + seconds
    while (left := ends - monotonic()) > 0:
        sleep(min(left, _TICK) if progress.watched else left)
        progress.show(_line(words, began))


def _line(words: str, began: float) -> str:
    return f"{words}, {monotonic() - began:.0f} s"


def _address(options: argparse.Namespace) -> Iterator[str]:
    for name in ("region", "endpoint", "base_url"):
        value = getattr(options, name)
        if value is not None:
            yield from (f"--{name.replace('_', '-')}", value)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError("seconds are 0 or more")
    return seconds
