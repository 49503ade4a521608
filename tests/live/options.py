"""``pytest --live``: the contract and the facts, put to Zhipu itself with a real key.

The key and the address come from where a client's come from: the environment, or the nearest ``.env``.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from live.asking import Asker
from live.recording import scrubbed, write
from live.spending import Budget

from zhipu_openai.settings import resolve

if TYPE_CHECKING:
    from live.facts import Fact, Finding

REPORT: Final = "report.json"
PLUGIN: Final = "zhipu-live"


def add_options(parser: pytest.Parser) -> None:
    """Declare ``--live`` and what belongs to it."""
    group = parser.getgroup("live", "asking Zhipu itself")
    group.addoption(
        "--live", action="store_true", help="ask Zhipu, with a real key; costs money up to the cap"
    )
    group.addoption(
        "--live-cap",
        default="1.00",
        metavar="CNY",
        help="stop asking when this much is spent (default: 1.00)",
    )
    group.addoption(
        "--live-records",
        default="live-records",
        metavar="FOLDER",
        help="where what passed is written, without secrets (default: live-records)",
    )


def cap_of(config: pytest.Config) -> Decimal:
    """Read the cap.

    Raises:
        pytest.UsageError: It is no amount.
    """
    try:
        cap = Decimal(config.getoption("--live-cap"))
    except InvalidOperation:
        cap = Decimal(-1)
    if not cap.is_finite() or cap < 0:
        raise pytest.UsageError("--live-cap is an amount in CNY, such as 0.50")
    return cap


class Live:
    """A run against the service: the plugin that ``--live`` switches on."""

    def __init__(self, config: pytest.Config) -> None:
        settings = resolve()
        if settings.api_key is None or settings.region == "standin":
            raise pytest.UsageError(
                "--live needs a key of Zhipu's, in ZHIPU_API_KEY or in .env. 需要智谱的密钥。"
            )
        if config.getoption("numprocesses", None):
            raise pytest.UsageError("--live asks one after the other, so that the cap holds: leave out -n")
        self.folder = Path(config.getoption("--live-records"))
        self.budget = Budget(cap_of(config))
        self.made = Asker(settings, self.budget)
        self.findings: list[tuple[Fact, Finding]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say on the record what the next requests are for."""
        self.made.recorder.about = item.name

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print what was found, and write it down with what passed."""
        asker = self.made
        asker.close()
        written = write(asker.recorder.exchanges, self.folder, asker.secrets)
        report = self.report()
        text = scrubbed(json.dumps(report, ensure_ascii=False, indent=1), asker.secrets)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / REPORT).write_text(text, encoding="utf-8")
        line = terminalreporter.write_line
        terminalreporter.section("what the service says")
        for outcome in ("refuted", "unclear", "confirmed"):
            for fact, finding in self.findings:
                if finding.outcome == outcome:
                    shown = f"{outcome:10}{fact.claim} ({finding.evidence}; {fact.rests})"
                    line(scrubbed(shown, asker.secrets))
        counts = ", ".join(f"{number} {outcome}" for outcome, number in report["totals"].items())
        line(f"{counts}; {len(written)} exchanges in {self.folder}")
        line(f"CNY {self.budget.spent:.4f} of {self.budget.cap} spent, at list prices")
        if self.budget.turned_away:
            line(f"{self.budget.turned_away} tests were not run: the cap was reached")

    def report(self) -> dict[str, Any]:
        """Give what was found."""
        outcomes = [finding.outcome for _, finding in self.findings]
        return {
            "address": self.made.settings.base_url,
            "totals": {one: outcomes.count(one) for one in ("confirmed", "refuted", "unclear")},
            "spent_cny": str(self.budget.spent),
            "not_run": self.budget.turned_away,
            "facts": [
                {
                    "name": fact.name,
                    "claim": fact.claim,
                    "rests_on_it": fact.rests,
                    "outcome": finding.outcome,
                    "evidence": finding.evidence,
                }
                for fact, finding in self.findings
            ],
        }


def configure(config: pytest.Config) -> None:
    """Switch the run on, where it is asked for."""
    config.addinivalue_line("markers", "live: asks Zhipu itself; run by --live alone")
    if config.getoption("--live"):
        config.pluginmanager.register(Live(config), PLUGIN)


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what asks Zhipu with ``--live``, and everything else without."""
    wanted = bool(config.getoption("--live"))
    chosen = [item for item in items if (item.get_closest_marker("live") is not None) == wanted]
    left_out = [item for item in items if (item.get_closest_marker("live") is not None) != wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = chosen
