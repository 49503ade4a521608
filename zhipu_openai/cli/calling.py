"""What the commands that ask Zhipu have in common: their client, and what they say when a call fails."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import openai

from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.client import create_client
from zhipu_openai.errors import details
from zhipu_openai.library import openai_library

from . import add_connection_options
from .progress import Progress
from .screen import complain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from zhipu_openai.client import OpenAI

FAILED: Final = 1
OUT_OF_TIME: Final = 3
"""The exit code when ``--timeout`` has passed and the job goes on."""


class CommandError(Exception):
    """What was asked for did not come about; the message says why."""


class OutOfTimeError(Exception):
    """A job has not ended within the time that was given for it; it goes on."""


@dataclass(frozen=True, slots=True)
class Session:
    """A command at work.

    Attributes:
        client: The client.
        progress: The line for a person who is watching.
    """

    client: OpenAI
    progress: Progress
    caught: list[warnings.WarningMessage]

    def tell_notes(self) -> None:
        """Say what was changed in meaning since the last time: a person should know before paying again."""
        for note in self.caught:
            self.progress.say(f"Note: {note.message}")
        self.caught.clear()


def add_client_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose who answers."""
    parser.add_argument("--standin", action="store_true", help="use the embedded stand-in; needs no key")
    add_connection_options(parser)


def client_for(options: argparse.Namespace) -> OpenAI:
    """Make the client that the options choose."""
    where = {"region": options.region, "endpoint": options.endpoint, "base_url": options.base_url}
    return create_client(standin="always" if options.standin else "never", **where)


@contextmanager
def session(options: argparse.Namespace) -> Iterator[Session]:
    """Open a client and a progress line; both are closed at the end, and what was adapted is said."""
    with (
        Progress() as progress,
        warnings.catch_warnings(record=True) as caught,
        client_for(options) as client,
    ):
        # What concerns the meaning is for the person too; the rest is for programs.
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", ZhipuAdaptationWarning)
        made = Session(client, progress, caught)
        try:
            yield made
        finally:
            made.tell_notes()


def reporting(work: Callable[[], int]) -> int:
    """Do the work of a command; give its exit code, or say what failed and give another."""
    try:
        return work()
    except openai.OpenAIError as error:
        report(error)
    except OutOfTimeError as error:
        complain(error)
        return OUT_OF_TIME
    except (CommandError, OSError, ValueError, _transport_failure()) as error:
        complain(error)
    return FAILED


def report(error: openai.OpenAIError) -> None:
    """Say what Zhipu said, and what can be done."""
    known = details(error)
    complain(known.message if known is not None else error)
    if known is not None:
        for line in (known.advice, known.advice_zh):
            if line and line not in known.message:
                complain(line)


def given(**arguments: Any) -> dict[str, Any]:
    """Leave out what was not asked for."""
    return {name: value for name, value in arguments.items() if value is not None}


def _transport_failure() -> type[Exception]:
    """Give what is raised when a connection breaks while a body is read, which openai does not translate."""
    failure: type[Exception] = openai_library().module.HTTPError
    return failure
