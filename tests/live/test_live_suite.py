"""The live suite itself, tried on the stand-in: what it finds, what it writes down, and when it stops."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from live.facts import judged
from live.options import Live, cap_of
from live.recording import Exchange

from zhipu_openai.standin import BackgroundServer, StandIn

ROOT = Path(__file__).parents[2]
KEY = "c0ffee00c0ffee00c0ffee00c0ffee00.CanaryCanary0000"


def suite(directory: Path, address: str, *options: str) -> tuple[int, str, dict[str, Any]]:
    """Run the suite, and give its exit code, what it printed and its report."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OPENAI_", "ZHIPU", "ZAI_", "PYTEST"))
    }
    environment |= {"ZHIPU_API_KEY": KEY, "ZHIPU_BASE_URL": address}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--live",
            "--rootdir",
            str(ROOT),
            "-c",
            str(ROOT / "pyproject.toml"),
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--live-records",
            str(directory / "records"),
            *options,
            str(ROOT / "tests" / "live"),
        ],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    report = directory / "records" / "report.json"
    return (
        done.returncode,
        done.stdout + done.stderr,
        json.loads(report.read_text()) if report.exists() else {},
    )


def test_on_the_standin_nothing_is_refuted_and_nothing_secret_is_written(tmp_path: Path) -> None:
    with BackgroundServer(StandIn()) as server:
        code, printed, report = suite(tmp_path, server.base_url)
    assert code == 0, printed
    assert report["totals"]["refuted"] == 0
    assert report["totals"]["confirmed"] > 60
    assert report["not_run"] == 0
    assert 0 < float(report["spent_cny"]) < 1
    records = sorted((tmp_path / "records").glob("*.json"))
    assert len(records) > 80
    for path in (*records, tmp_path / "records" / "report.json"):
        text = path.read_text(encoding="utf-8")
        assert not any(half in text for half in KEY.split("."))
        assert "Bearer REDACTED" in text or path.name == "report.json"
    assert not any(half in printed for half in KEY.split("."))
    stream = next(path for path in records if "stream-done" in path.name)
    record = json.loads(stream.read_text(encoding="utf-8"))
    assert record["_status"] == "200"
    assert record["body_verbatim"].rstrip().endswith("data: [DONE]")
    assert json.loads(record["_request"]["body"])["stream"] is True


def test_a_service_that_has_changed_is_found_out_and_nothing_is_asked_beyond_the_cap(tmp_path: Path) -> None:
    service = StandIn()
    service.switch_on("index_minus_one:1000")
    with BackgroundServer(service) as server:
        code, printed, report = suite(
            tmp_path, server.base_url, "--live-cap", "0.000001", "-k", "tool-indexes or temperature or top-p"
        )
    assert code == 1
    assert report["totals"] == {"confirmed": 0, "refuted": 1, "unclear": 0}
    assert re.search(r"refuted\s+Calls in a stream have indexes from 0 on", printed)
    assert len(service.requests) == 1
    assert report["not_run"] == 3
    assert "3 tests were not run: the cap was reached" in printed


@pytest.mark.parametrize(("status", "code"), [(429, "1113"), (429, "1302"), (401, "1000"), (500, "500")])
def test_an_answer_about_the_account_or_the_moment_settles_nothing(status: int, code: str) -> None:
    content = json.dumps({"error": {"code": code, "message": "x"}}).encode()
    exchange = Exchange("x", "POST", "https://a.example", {}, status=status, content=content)
    assert judged(exchange, holds=True).outcome == "unclear"
    assert judged(exchange, holds=False).outcome == "unclear"


class Config:
    """What of pytest's configuration a run looks at."""

    def __init__(self, **options: Any) -> None:
        self._options = {"--live-cap": "1.00", "--live-records": "records", **options}

    def getoption(self, name: str, default: Any = None) -> Any:
        return self._options.get(name, default)


@pytest.mark.parametrize("amount", ["much", "-1", "nan", "inf"])
def test_a_cap_that_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(pytest.UsageError, match="amount in CNY"):
        cap_of(Config(**{"--live-cap": amount}))  # type: ignore[arg-type]  # as much of it as is looked at


def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pytest.UsageError, match="--live needs a key"):
        Live(Config())  # type: ignore[arg-type]  # likewise


def test_several_workers_are_refused_for_the_cap_would_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    with pytest.raises(pytest.UsageError, match="leave out -n"):
        Live(Config(numprocesses=2))  # type: ignore[arg-type]  # likewise
