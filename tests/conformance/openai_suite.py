"""openai's own tests, with our streams in place of openai's: ``python tests/conformance/openai_suite.py``.

Fetches the source distribution of the installed openai, makes an environment for its tests, and runs those of
streams, answers, models and the client twice: as they are, and with our streams and our building of answers
swapped in. It fails when a test fails that bare openai passes. Nothing of it is kept.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from openai_examples import ROOT, fetch

TESTS = (
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

NEEDED = (
    "pytest>=8",
    "pytest-asyncio",
    "pytest-xdist",
    "dirty-equals",
    "inline-snapshot",
    "nest-asyncio",
    "time-machine",
    "respx",
    "rich",
    "python-dotenv",
    "aiohttp",
    "httpx-aiohttp",
)

_OUTCOME = re.compile(r"^(FAILED|ERROR) (\S+)", re.MULTILINE)


def run(python: Path, source: Path, *options: str) -> tuple[set[str], str]:
    """Run the tests; give those that failed, and the last line."""
    tests = [path for path in TESTS if (source / path).exists()]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": "",
    }
    environment.pop("OPENAI_BASE_URL")
    command = [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore",
        "-rfE",
        *options,
    ]
    done = subprocess.run(
        [*command, *tests], cwd=source, env=environment, capture_output=True, text=True, check=False
    )
    failed = {match[2] for match in _OUTCOME.finditer(done.stdout)}
    summary = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-500:]
    return failed, summary


def main() -> int:
    """Run both, print what differs, and give the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        source = fetch(directory)
        # The installed package is what is tested, not the source beside the tests.
        (source / "src").rename(source / "src-not-used")
        environment = directory / "environment"
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
        wanted = [f"openai[aiohttp]=={version('openai')}", f"pydantic=={version('pydantic')}", *NEEDED]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
        bare, bare_summary = run(python, source)
        print(f"bare openai {version('openai')}: {bare_summary}")
        ours, our_summary = run(python, source, "-p", "swapped_streams")
        print(f"with our streams: {our_summary}")
    worse = sorted(ours - bare)
    for name in worse:
        print(f"fails with our streams alone: {name}")
    return 1 if worse or " passed" not in our_summary else 0


if __name__ == "__main__":
    sys.exit(main())
