"""openai's own tests, with what is ours in place of what is openai's: ``python tests/conformance/openai_suite.py``.

Fetches the source distribution of openai, makes an environment for its tests, and runs those of streams, answers,
models and the client three times: as they are; with our streams and our building of answers swapped in; and with our
clients in place of openai's names. A test that bare openai passes and ours fails must stand in the table of explained
differences. Nothing of it is kept.

``--all`` takes the oldest and the newest release that are supported and those between them where openai changed most;
``--version X`` takes one; by default the installed one is taken.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path
from typing import Final

from openai_differences import ENDLESS, explained
from openai_examples import ROOT, fetch

VERSIONS: Final = ("1.99.9", "1.109.1", "2.54.0", "3.0.0")
"""The releases of ``--all``, beside the newest, which is the installed one."""

TESTS: Final = (
    "tests/lib/chat",
    "tests/lib/responses",
    "tests/test_streaming.py",
    "tests/test_sse_framing.py",
    "tests/test_stream_mode.py",
    "tests/test_response.py",
    "tests/test_legacy_response.py",
    "tests/test_models.py",
    "tests/test_client.py",
)

NEEDED: Final = (
    "pytest>=8",
    "pytest-asyncio",
    "pytest-timeout",
    "pytest-xdist",
    "dirty-equals",
    "inline-snapshot",
    "nest-asyncio",
    "time-machine",
    "respx",
    "rich",
    "python-dotenv",
    "trio",
    "aiohttp",
    "httpx-aiohttp",
)

KEY: Final = ("My API Key", "My-API-Key")
"""The key in openai's tests, and how ours takes it: a key with a space is refused before it is sent."""

WAYS: Final = {"": "bare", "swapped_streams": "our streams", "swapped_clients": "our clients"}


def run(python: Path, source: Path, plugin: str) -> tuple[dict[str, str], str]:
    """Run the tests; give those that failed, each with what it said, and the summary."""
    tests = [path for path in TESTS if (source / path).exists()]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "ZHIPU", "ZAI_"))
    }
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
        "OPENAI_API_KEY": "none",
        "ZHIPU_API_KEY": "none",
        "ZHIPU_ON_ADAPTATION": "ignore",
        "COLUMNS": "240",
    }
    command = [str(python), "-m", "pytest", "-q", "-n", "2", "--timeout", "60", "-p", "no:cacheprovider"]
    report = source / f"report-{plugin}.xml"
    command += ["-W", "ignore", f"--junitxml={report}", *(("-p", plugin) if plugin else ())]
    if plugin == "swapped_clients":
        named = ENDLESS.split(" or ")
        command += ["-k", " and ".join(f"not {name}" for name in named)]
    done = subprocess.run(
        [*command, *tests], cwd=source, env=environment, capture_output=True, text=True, check=False
    )
    failed = outcomes(report) if report.exists() else {}
    summary = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-500:]
    return failed, summary


def outcomes(report: Path) -> dict[str, str]:
    """Read which tests failed, and what they said; setup and teardown count as parts of a test."""
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest has just written it
        name = f"{case.get('classname')}::{case.get('name')}"
        for part in (*case.iter("failure"), *case.iter("error")):
            found[name] = found.get(name, "") + f"{part.get('message')}\n{part.text}\n"
    return found


def judge(release: str, directory: Path) -> bool:
    """Run the suite of one release in all ways, print what came of it, and say whether all is explained."""
    source = fetch(directory, release)
    # The installed package is what is tested, not the source beside the tests.
    (source / "src").rename(source / "src-not-used")
    for path in (source / "tests").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if KEY[0] in text:
            path.write_text(text.replace(*KEY), encoding="utf-8")
    environment = directory / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = [f"openai[aiohttp]=={release}", f"pydantic=={version('pydantic')}", *NEEDED]
    subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
    good = True
    bare: dict[str, str] = {}
    for plugin, way in WAYS.items():
        failed, summary = run(python, source, plugin)
        print(f"openai {release}, {way}: {summary}", flush=True)
        good &= " passed" in summary
        if not plugin:
            bare = failed
            continue
        reasons: dict[str, int] = {}
        for name, words in sorted(failed.items()):
            if name in bare:
                continue
            reason = explained(plugin, name, words)
            if reason is None:
                good = False
                print(f"  not explained: {name}: {words.splitlines()[0][:200]}")
            else:
                reasons[reason] = reasons.get(reason, 0) + 1
        for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
            print(f"  {count:4} {reason}")
    return good


def main() -> int:
    """Run what is asked for, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="the oldest, the newest and those between")
    parser.add_argument("--version", action="append", help="one release; may be repeated")
    options = parser.parse_args()
    releases = options.version or [*(VERSIONS if options.all else ()), version("openai")]
    good = True
    for release in releases:
        with tempfile.TemporaryDirectory() as folder:
            good &= judge(release, Path(folder))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
