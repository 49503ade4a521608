"""``python -m zhipu_openai serve``: OpenAI's API on this machine, answered by Zhipu.

Standard output has one line of JSON, for whoever starts this from a program; all else goes to standard error.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai._uvicorn import listen, origin_of_socket
from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.endpoints import is_loopback
from zhipu_openai.serve.access import Access
from zhipu_openai.serve.application import Application
from zhipu_openai.serve.limits import MEBIBYTE, Limits
from zhipu_openai.serve.paths import ROOT
from zhipu_openai.serve.server import check_installed, serve
from zhipu_openai.serve.tokens import VARIABLE, find_token, new_token
from zhipu_openai.settings import POLICIES, RESPONSES_MODES

from . import command_parser
from .calling import FAILED, CommandError, add_client_options, given, reporting

if TYPE_CHECKING:
    import argparse
    import socket
    from collections.abc import Sequence

    from pydantic import SecretStr

PORT: Final = 8787

_SIZE: Final = re.compile(r"([0-9]+)([KMG]?)i?B?", re.IGNORECASE)
_UNITS: Final = {"": 1, "K": 1024, "M": MEBIBYTE, "G": 1024 * MEBIBYTE}

_USUAL: Final = Limits()

log = logging.getLogger("zhipu_openai")


def run(arguments: Sequence[str]) -> int:
    """Serve until interrupted."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        check_installed()
    except ImportError as error:
        print(error, file=sys.stderr)
        return FAILED
    return reporting(lambda: _serve(options))


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("serve")
    where = parser.add_argument_group("where it listens, and to whom")
    where.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (%(default)s: this machine alone)"
    )
    where.add_argument("--port", type=int, default=PORT, help="port, 0 for any that is free (%(default)s)")
    where.add_argument("--token-file", metavar="FILE", help=f"file with the token; else {VARIABLE}")
    where.add_argument("--generate-token", action="store_true", help="make a token and show it, once")
    where.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="another name of this machine"
    )
    where.add_argument(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin ask, such as https://app.example; * is any, with a token",
    )
    who = parser.add_argument_group("who answers, and how")
    add_client_options(parser)
    who.add_argument("--responses", choices=RESPONSES_MODES, help="how the Responses API is served")
    who.add_argument("--on-adaptation", choices=POLICIES, help="what to do about a change of meaning")
    who.add_argument(
        "--model-alias", action="append", default=[], metavar="A=B", help="send model B where A is asked for"
    )
    limits = parser.add_argument_group("limits")
    limits.add_argument("--max-concurrency", type=int, metavar="N", help="requests to Zhipu at a time")
    limits.add_argument(
        "--limit-connections",
        type=int,
        default=_USUAL.connections,
        metavar="N",
        help="open connections (%(default)s)",
    )
    limits.add_argument(
        "--max-body", type=_size, default=_USUAL.max_body, metavar="SIZE", help="such as 100M (64M)"
    )
    for name, default, what in (
        ("header-timeout", _USUAL.header_timeout, "for a request's head"),
        ("body-timeout", _USUAL.body_timeout, "without progress in a request's body"),
        ("grace", _USUAL.grace, "to finish running answers when this ends"),
    ):
        limits.add_argument(
            f"--{name}", type=float, default=default, metavar="SECONDS", help=f"{what} (%(default)g)"
        )
    parser.add_argument("--no-access-log", action="store_true", help="no line for each request")
    return parser


def _serve(options: argparse.Namespace) -> int:
    if options.limit_connections < 1 or min(options.header_timeout, options.body_timeout) <= 0:
        raise CommandError("Limits are larger than zero.")
    token = new_token() if options.generate_token else find_token(options.token_file)
    listener = listen(options.host, options.port)
    try:
        access = _access(options, listener, token)
        limits = Limits(
            max_body=options.max_body,
            connections=options.limit_connections,
            header_timeout=options.header_timeout,
            body_timeout=options.body_timeout,
            grace=max(options.grace, 0.0),
        )
        app = Application(access=access, limits=limits, **_client_options(options))
    except BaseException:
        listener.close()
        raise
    _log(access_log=not options.no_access_log)
    _announce(options, listener, token)
    with warnings.catch_warnings():
        warnings.simplefilter("always", ZhipuAdaptationWarning)
        warnings.showwarning = _warn
        serve(app, listener)
    return 0


def _access(options: argparse.Namespace, listener: socket.socket, token: SecretStr | None) -> Access:
    """Make the rules; what counts is the address that is listened on, not how it was written."""
    is_local = is_loopback(str(listener.getsockname()[0]))
    if not is_local and token is None:
        raise CommandError(
            f"{options.host} can be reached from other machines, so a token is needed: set {VARIABLE} in the "
            "environment or in .env, give --token-file, or have one made by --generate-token."
        )
    return Access(
        token=token,
        any_host=not is_local,
        hosts=frozenset(name.lower() for name in options.allow_host),
        origins=frozenset(options.cors),
    )


def _client_options(options: argparse.Namespace) -> dict[str, Any]:
    aliases = {}
    for pair in options.model_alias:
        name, equals, model = pair.partition("=")
        if not (name.strip() and equals and model.strip()):
            raise CommandError(f"--model-alias takes A=B, not {pair!r}.")
        aliases[name.strip()] = model.strip()
    return {
        "standin": "always" if options.standin else "never",
        **given(
            region=options.region,
            endpoint=options.endpoint,
            base_url=options.base_url,
            responses=options.responses,
            on_adaptation=options.on_adaptation,
            max_concurrency=options.max_concurrency,
            model_aliases=aliases or None,
        ),
    }


def _announce(options: argparse.Namespace, listener: socket.socket, token: SecretStr | None) -> None:
    origin = origin_of_socket(listener)
    where = {
        "base_url": f"{origin}{ROOT}",
        "host": listener.getsockname()[0],
        "port": listener.getsockname()[1],
    }
    print(json.dumps(where), flush=True)
    key = "any key (it is thrown away)" if token is None else "the token as its key"
    say = [f"OpenAI's API is served at {origin}{ROOT} by Zhipu; a client takes {key}. Ctrl-C ends it."]
    if options.generate_token and token is not None:
        say.append(f"The token, shown this once: {token.get_secret_value()}")
    print(*say, sep="\n", file=sys.stderr, flush=True)


def _log(*, access_log: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False
    log.setLevel(logging.WARNING)
    logging.getLogger("zhipu_openai.serve").setLevel(logging.INFO if access_log else logging.WARNING)


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    """Say what was changed in meaning; the line of code that it points to is this server's own."""
    log.warning("%s", message)


def _size(text: str) -> int:
    parts = _SIZE.fullmatch(text)
    if parts is None:
        raise ValueError(text)
    return int(parts[1]) * _UNITS[parts[2].upper()]
