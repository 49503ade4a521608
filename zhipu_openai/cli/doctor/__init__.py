"""``python -m zhipu_openai doctor``: which key, address and files are in use, whether they work, and if not, why.

No key is ever printed, nor a part of one, nor a proxy's address, nor the value of a foreign variable.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import openai

from zhipu_openai.cli import add_connection_options, command_parser
from zhipu_openai.settings import missing_key_message, resolve

from . import attempts, configuration, everywhere, machine
from .findings import Finding

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from zhipu_openai.settings import Settings

    from .attempts import Attempt

WORKS: Final = 0
FAILS: Final = 1

_SHORTEST: Final = 8
"""Characters of a key; a shorter one is a made-up word that other texts may contain."""

_EXIT_CODES: Final = (
    "Exit codes: 0, a key was found and what was sent was answered (with --try-all: where the settings lead); 1, not; "
    "2, wrong usage."
)


class Report:
    """What was found so far: printed at once for a person, kept for a program."""

    def __init__(self, *, lang: Any, as_json: bool) -> None:
        """Start an empty report."""
        self._lang = lang
        self.as_json = as_json
        self._found: list[Finding] = []
        self._attempts: list[Attempt] = []
        self._secret = ""

    def hide(self, secret: str) -> None:
        """Leave a key out of everything that is said: a gateway may quote it in a message."""
        self._secret = secret if len(secret) >= _SHORTEST else ""

    def _without_secret(self, text: str) -> str:
        return text.replace(self._secret, "…") if self._secret else text

    def tell(self, found: Iterable[Finding]) -> None:
        """Add findings."""
        for one in found:
            self._found.append(one)
            if not self.as_json:
                print(self._without_secret(one.line(self._lang)), flush=True)

    def keep(self, tried: Iterable[Attempt]) -> None:
        """Keep attempts for a program."""
        self._attempts.extend(tried)

    def say(self, text: str) -> None:
        """Say something to a person alone."""
        if not self.as_json:
            print(text)

    def end(self, code: int) -> int:
        """End the report, and give the exit code."""
        if self.as_json:
            report = {
                "ok": code == WORKS,
                "exit_code": code,
                "findings": [one.plain() for one in self._found],
                "attempts": [one.plain() for one in self._attempts],
            }
            print(self._without_secret(json.dumps(report, ensure_ascii=False, indent=2)))
        return code


def run(arguments: Sequence[str]) -> int:
    """Report; 0 when a key was found and the request (if one was sent) was answered."""
    parser = command_parser("doctor")
    parser.epilog = _EXIT_CODES
    parser.add_argument("--offline", action="store_true", help="send nothing")
    parser.add_argument(
        "--try-all",
        action="store_true",
        help="try the key at both sites and both endpoints of Zhipu's, four requests of one token: this sends it to "
        "open.bigmodel.cn and to api.z.ai, whichever it is of",
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="the language (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON, in both languages")
    add_connection_options(parser)
    options = parser.parse_args(arguments)
    if options.try_all and (options.offline or options.base_url):
        parser.error("--try-all goes neither with --offline nor with --base-url")
    report = Report(lang=options.lang, as_json=options.json)
    report.tell(machine.versions())
    report.tell(machine.extras())
    report.tell(machine.certificates())
    report.tell(configuration.dotenv())
    try:
        settings = resolve(region=options.region, endpoint=options.endpoint, base_url=options.base_url)
    except (ValueError, openai.OpenAIError) as error:
        report.tell([Finding("settings", "problem", f"unusable: {error}", f"无法使用：{error}")])
        return report.end(FAILS)
    if settings.api_key is not None:
        report.hide(settings.api_key.get_secret_value())
    report.tell([machine.proxies(urlsplit(settings.base_url).hostname)])
    report.tell(configuration.settings_used(settings))
    report.tell(configuration.ignored(settings))
    if settings.api_key is None:
        report.say("")
        report.say(missing_key_message(settings))
        return report.end(FAILS)
    if options.offline:
        return report.end(WORKS)
    return report.end(_try_all(settings, report) if options.try_all else _try(settings, options, report))


def _try(settings: Settings, options: argparse.Namespace, report: Report) -> int:
    where = {"region": options.region, "endpoint": options.endpoint, "base_url": options.base_url}
    tried = attempts.list_models(settings, where)
    report.keep([tried])
    report.tell(tried.findings(settings.auth))
    return WORKS if tried.worked else FAILS


def _try_all(settings: Settings, report: Report) -> int:
    if not everywhere.allowed(settings):
        report.tell([everywhere.NOT_FOR_THIS])
        return FAILS
    if report.as_json:
        print(everywhere.WARNING.en, file=sys.stderr, flush=True)
    report.tell([everywhere.WARNING])
    tried: list[Attempt] = []
    for one in everywhere.attempts(settings):
        tried.append(one)
        report.tell(everywhere.results([one]))
    report.keep(tried)
    report.tell(
        attempts.clock(next((one.skew for one in tried if one.skew is not None), None), settings.auth)
    )
    found = everywhere.conclusion(settings, tried)
    report.tell([found])
    return WORKS if found.level == "ok" else FAILS
