"""``python -m zhipu_openai check PATH…``: read OpenAI code, and say what becomes of each call on Zhipu.

The code is neither run nor imported, and nothing is sent.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from zhipu_openai.check.clients import Defaults
from zhipu_openai.check.report import Totals, as_json, lines, summary
from zhipu_openai.check.run import check
from zhipu_openai.endpoints import ENDPOINT_NAMES, REGIONS

from . import command_parser

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Check; 0 when nothing is lost, 1 when something would be, 2 when a file could not be read."""
    parser = command_parser("check")
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="a file, a directory, or - for standard input"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help='fail also on what on_adaptation="error" refuses, and on what is not certain',
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("-q", "--quiet", action="store_true", help="print only what fails")
    parser.add_argument("--region", choices=REGIONS, default="cn", help="bigmodel.cn (the default) or z.ai")
    parser.add_argument(
        "--endpoint", choices=ENDPOINT_NAMES, default="general", help="pay as you go, or the Coding Plan"
    )
    parser.add_argument(
        "--alias",
        action="append",
        default=[],
        type=_alias,
        metavar="NAME=MODEL",
        help="the GLM model for a name, as model_aliases",
    )
    options = parser.parse_args(arguments)
    defaults = Defaults(options.region, options.endpoint, dict(options.alias))
    totals = Totals(options.strict)
    found = []
    for file in check(options.paths, defaults):
        totals.take(file)
        if options.json:
            found.append(file)
            continue
        for line in lines(file, strict=options.strict, quiet=options.quiet):
            print(line)
    if options.json:
        print(json.dumps(as_json(found, totals, defaults), ensure_ascii=False, indent=2))
    elif not options.quiet:
        for line in summary(totals):
            print(line)
    return totals.exit_code


def _alias(text: str) -> tuple[str, str]:
    name, equals, model = text.partition("=")
    if not equals or not name.strip() or not model.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=MODEL")
    return name.strip(), model.strip()
