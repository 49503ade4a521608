"""``python -m zhipu_openai standin``: serve the stand-in on this machine."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from zhipu_openai.standin import QUIRKS, StandIn, create_app, serve

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
    try:
        # Looks for what the extra brings, before anything is promised.
        create_app(service)
    except ImportError as error:
        print(error, file=sys.stderr)
        return 1
    port = options.port or _free_port(options.host)
    print(f"The stand-in is served at http://{options.host}:{port}/api/paas/v4/ - no model answers here.")
    print(
        "Point a client at it with ZHIPU_BASE_URL and any key of the form id.secret; Ctrl-C ends it.",
        flush=True,
    )
    serve(options.host, port, service=service, log_level="warning")
    return 0


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port
