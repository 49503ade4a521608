"""``python -m zhipu_openai standin``: serve the stand-in on this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from zhipu_openai.standin import QUIRKS, StandIn, serve

from . import command_parser

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Serve until interrupted."""
    parser = command_parser("standin")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (%(default)s: this machine alone)"
    )
    parser.add_argument(
        "--port", type=int, default=8765, help="port to listen on, 0 for any that is free (%(default)s)"
    )
    parser.add_argument(
        "--quirk", action="append", default=[], metavar="NAME", help="a quirk to switch on; may be repeated"
    )
    parser.add_argument("--quirks", action="store_true", help="list the quirks and end")
    options = parser.parse_args(arguments)
    if options.quirks:
        for quirk in QUIRKS.values():
            print(f"{quirk.name:28} {quirk.does}")
        return 0
    try:
        service = StandIn(quirks=options.quirk)
    except ValueError as error:
        parser.error(str(error))
    print(
        f"The stand-in is served at http://{options.host}:{options.port}/api/paas/v4/ - no model answers here."
    )
    print(
        "Point a client at it with ZHIPU_BASE_URL and any key of the form id.secret; Ctrl-C ends it.",
        flush=True,
    )
    try:
        serve(options.host, options.port, service=service, log_level="warning")
    except ImportError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
