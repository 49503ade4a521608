"""The command line: ``python -m zhipu_openai`` and the name of a command.

Each command is a module of its own, imported when it is used.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_COMMANDS: Final = {
    "run": "run a program that was written for OpenAI, unmodified, on Zhipu",
    "chat": "ask a model and stream its answer to the terminal",
    "image": "draw a picture and write it to a file",
    "video": "make a video, wait for it and write it to a file",
    "speak": "speak a text and write the sound to a file",
    "transcribe": "print what is said in a recording",
    "batch": "run a file of requests as a batch, wait for it and write what came of them",
    "parse": "print the text of a document",
    "search": "search the web",
    "check": "read code on the openai package and say what becomes of each call, without running it",
    "doctor": "say which key, file and address are in use, and try them with one free request",
    "explain": "look up an error code, a model, or what becomes of a parameter",
    "serve": "serve OpenAI's API on this machine, for other languages and tools (extra: server)",
    "standin": "serve the embedded stand-in on this machine (extra: server)",
}

INTERRUPTED: Final = 130
"""The exit code of a command ended by Ctrl-C, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The words after ``python -m zhipu_openai``; by default those of this process.

    Returns:
        The exit code: 0 when the command did what it was asked to, 1 when it failed, 2 for wrong usage, 3 when a job
        was not over within ``--timeout``, 130 when it was interrupted.
    """
    # Answers hold characters that a console's own encoding may lack.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(
        prog="python -m zhipu_openai", description="OpenAI-SDK code on Zhipu's GLM models."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, what in _COMMANDS.items():
        commands.add_parser(name, help=what, add_help=False)
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = parser.parse_args(words[:1]).command
    try:
        run: Callable[[Sequence[str]], int] = import_module(f".{name}", __name__).run
        return run(words[1:])
    except KeyboardInterrupt:
        return INTERRUPTED


def command_parser(name: str) -> argparse.ArgumentParser:
    """Make the parser of one command."""
    return argparse.ArgumentParser(
        prog=f"python -m zhipu_openai {name}", description=_COMMANDS[name].capitalize() + "."
    )


def add_connection_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose where requests go. There is none for the key: it would stay in the shell's history."""
    parser.add_argument(
        "--region", choices=("cn", "intl", "standin"), help="bigmodel.cn, z.ai or the stand-in"
    )
    parser.add_argument("--endpoint", choices=("general", "coding"), help="pay as you go, or the Coding Plan")
    parser.add_argument("--base-url", metavar="URL", help="any other address")
