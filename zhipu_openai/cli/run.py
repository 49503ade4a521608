"""``python -m zhipu_openai run``: a program that was written for OpenAI, unmodified, on Zhipu.

The program is run by Python itself, in place of this process, so that its arguments, its exit code, its tracebacks and
what it does with signals are what they always are. What is different is one folder on PYTHONPATH: its sitecustomize
has openai served by Zhipu, in this process and in every Python that it starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zhipu_openai.zero_lines.children import FOLDER, VARIABLE

from . import command_parser

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

_FLAGS: Final = ("--standin", "--help", "-h")

_ROOT: Final = Path(__file__).parents[2]


def run(words: Sequence[str]) -> int:
    """Run a program: ``script.py``, ``-m module``, ``-c code`` or ``-``, and its arguments.

    Args:
        words: The command's own options, then the program and everything that is the program's.

    Returns:
        The program's exit code, where it cannot take the place of this process; else this does not return.
    """
    parser = _parser()
    own, program = _split(list(words))
    given = parser.parse_args(own)
    if not program:
        parser.error("name a program: a script, or -m and a module")
    if not sys.executable:
        parser.error("it is not known which Python this is (sys.executable is empty)")
    if sys.flags.ignore_environment or sys.flags.isolated or sys.flags.no_site:
        parser.error("it works by PYTHONPATH and sitecustomize, which -E, -I and -S switch off")
    options = {
        "region": "standin" if given.standin else given.region,
        "endpoint": given.endpoint,
        "responses": given.responses,
        "on_adaptation": given.on_adaptation,
    }
    # What multiprocessing uses to start a Python like this one.
    flags: list[str] = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # noqa: SLF001 - as said
    return _become([sys.executable, *flags, *program], _environment(options))


def _parser() -> ArgumentParser:
    parser = command_parser("run")
    parser.usage = "%(prog)s [options] (script.py | -m module | -c code | -) [arguments]"
    parser.add_argument(
        "--region", choices=("cn", "intl", "standin"), help="bigmodel.cn, z.ai or the stand-in"
    )
    parser.add_argument("--endpoint", choices=("general", "coding"), help="pay as you go, or the Coding Plan")
    parser.add_argument("--standin", action="store_true", help="the embedded stand-in: no key, no network")
    parser.add_argument(
        "--responses", choices=("auto", "native", "translate"), help="how client.responses is served"
    )
    parser.add_argument(
        "--on-adaptation", choices=("warn", "error", "ignore"), help="what to do about a change of meaning"
    )
    return parser


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the command's own options from the program, which begins at the first word that is no option."""
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--"):
        word = words[at]
        if word.startswith(("-m", "-c")):
            break
        at += 1 if word in _FLAGS or "=" in word else 2
    program = words[at:]
    return words[:at], program[1:] if program[:1] == ["--"] else program


def _environment(options: dict[str, str | None]) -> dict[str, str]:
    told = {
        "options": {name: value for name, value in options.items() if value is not None},
        "root": str(_ROOT),
        "python": [sys.prefix, *sys.version_info[:2]],
    }
    before = os.environ.get("PYTHONPATH", "")
    others = [entry for entry in before.split(os.pathsep) if entry != FOLDER] if before else []
    return {**os.environ, VARIABLE: json.dumps(told), "PYTHONPATH": os.pathsep.join([FOLDER, *others])}


def _become(command: list[str], environment: dict[str, str]) -> int:
    """Have this process become another; where there is no such thing, wait for the other."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        return subprocess.call(command, env=environment)  # noqa: S603 - the user's own program
    os.execve(command[0], command, environment)  # noqa: S606 - likewise
    raise AssertionError("execve returned")
