"""openai's own examples, unmodified, and programs of the frameworks, through ``run --standin``.

``python tests/conformance/run_unmodified.py`` fetches the source distribution of the installed openai and runs every
example in it, and the programs in the folder ``unmodified``. A failure that is in the tables here must be the one that is
explained; any other makes the exit code 1. Nothing of it is kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from openai_examples import ROOT, TYPED, fetch

HERE = Path(__file__).parent

OPENAI_KEY: Final = "sk-not-for-zhipu"

_SEEN: Final = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Explained:
    """An example (or a folder of them) that does not succeed: what its failure says, and why it is right.

    ``says`` is None for what is not run at all.
    """

    name: str
    says: str | None
    why: str
    seen: date = _SEEN


_AZURE: Final = "is about Azure, is left alone, and has no credentials here"
_BEDROCK: Final = "is about Amazon's service, is left alone, and has no credentials here"
_BROWSER: Final = "drives a browser, for a tool that Zhipu has not (computer use)"
_BACKGROUND: Final = "responses in the background, which Zhipu has not: refused with the way out"
_MTLS: Final = "is about certificates for OpenAI, and has none here"
_WEBSOCKET: Final = "responses over a websocket, which Zhipu has not: refused with the way out"
_SOUND: Final = "needs a microphone or a loudspeaker, and the packages for them"

EXPLAINED: Final = (
    Explained("azure.py", "Missing credentials", _AZURE),
    Explained("azure_ad.py", "Missing credentials", _AZURE),
    Explained("bedrock.py", "AWS", _BEDROCK),
    Explained("bedrock_runtime.py", "AWS", _BEDROCK),
    Explained("browser/", None, _BROWSER),
    Explained("browser-use-demo/", None, _BROWSER),
    Explained(
        "computer-desktop/", None, "drives a virtual machine, for a tool that Zhipu has not (computer use)"
    ),
    Explained(
        "live/audio_transcript.py", "arguments are required: audio", "wants a recording as its argument"
    ),
    Explained(
        "module_client.py",
        "",
        'sets openai.base_url to "https://...", which is no address, and is left alone',
    ),
    Explained("mtls_httpx.py", "OPENAI_MTLS_CERTIFICATE_CHAIN", _MTLS),
    Explained("mtls_httpx2.py", "OPENAI_MTLS_CERTIFICATE_CHAIN", _MTLS),
    Explained("mtls_httpx2_async.py", "OPENAI_MTLS_CERTIFICATE_CHAIN", _MTLS),
    Explained("mtls_httpx_async.py", "OPENAI_MTLS_CERTIFICATE_CHAIN", _MTLS),
    Explained("realtime/audio_util.py", "No module named", _SOUND),
    Explained("realtime/push_to_talk_app.py", "No module named", _SOUND),
    Explained("realtime/test_push_to_talk_app.py", "could not import", _SOUND),
    Explained("realtime/azure_realtime.py", "No module named 'azure'", _AZURE),
    Explained("responses/background.py", "runs no responses in the background", _BACKGROUND),
    Explained("responses/background_async.py", "runs no responses in the background", _BACKGROUND),
    Explained("responses/background_streaming.py", "runs no responses in the background", _BACKGROUND),
    Explained("responses/background_streaming_async.py", "runs no responses in the background", _BACKGROUND),
    Explained(
        "responses/multi_agent_streaming.py",
        "has no counterpart on Zhipu",
        "uses a beta of OpenAI's: refused",
    ),
    Explained("responses/multi_agent_websocket.py", "no responses over a websocket", _WEBSOCKET),
    Explained("responses/websocket.py", "no responses over a websocket", _WEBSOCKET),
    Explained("responses_websocket.py", "no responses over a websocket", _WEBSOCKET),
    Explained("speech_to_text.py", "openai[voice_helpers]", _SOUND),
    Explained("text_to_speech.py", "openai[voice_helpers]", _SOUND),
    Explained(
        "uploads.py",
        "whose names end in jsonl",
        "uploads a text for a batch, which Zhipu takes as jsonl: refused",
    ),
)
"""Seen with openai 3.54.0."""

ARGUMENTS: Final = {"uploads.py": ("README.md",)}
"""The arguments of the examples that want some."""

REPORTED: Final = ("Error generating image", "Video creation failed")
"""What an example prints that catches its own failure."""

PROGRAMS: Final = (
    ("processes.py", None),
    ("langchain_chat.py", "langchain_openai"),
    ("agents_sdk.py", "agents"),
)
"""Programs of ours, and the package that each is for."""


def explanation(name: str) -> Explained | None:
    """Find what is said about an example."""
    for row in EXPLAINED:
        if name == row.name or (row.name.endswith("/") and name.startswith(row.name)):
            return row
    return None


def run(file: Path, directory: Path, arguments: tuple[str, ...]) -> tuple[bool, str]:
    """Run a program as it is; say whether it succeeded, and what it printed."""
    environment = {
        **os.environ,
        "OPENAI_API_KEY": OPENAI_KEY,
        # The Agents SDK sends its traces to OpenAI by a client of its own.
        "OPENAI_AGENTS_DISABLE_TRACING": "1",
        "PYTHONPATH": str(ROOT),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "zhipu_openai", "run", "--standin", str(file), *arguments],
            cwd=directory,
            env=environment,
            input=TYPED,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False, "took longer than 180 seconds"
    said = done.stdout + done.stderr
    return done.returncode == 0 and not any(words in said for words in REPORTED), said


def judged(name: str, file: Path, directory: Path, row: Explained | None) -> bool:
    """Run a program and print a line about it; whether it went as it should."""
    if row is not None and row.says is None:
        print(f"{'not run':14}{name:44}{row.why}")
        return True
    ran, said = run(file, directory, ARGUMENTS.get(name, ()))
    if ran:
        print(f"{'ran':14}{name:44}{'though a failure is explained: ' + row.why if row else ''}")
        return row is None
    if row is not None and row.says is not None and row.says in said:
        print(f"{'explained':14}{name:44}{row.why}")
        return True
    print(f"{'UNEXPLAINED':14}{name}\n{said[-1500:]}")
    return False


def main() -> int:
    """Run everything; 1 if anything failed that is not explained."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a real stream
    print(f"openai {version('openai')}, unmodified, by python -m zhipu_openai run --standin")
    with tempfile.TemporaryDirectory() as name:
        examples = fetch(Path(name)) / "examples"
        results = []
        for file in sorted(examples.rglob("*.py")):
            example = file.relative_to(examples).as_posix()
            if file.name != "__init__.py":
                # Where some of them look for their files.
                results.append(judged(example, file, examples.parent, explanation(example)))
        for program, package in PROGRAMS:
            if package is None or find_spec(package) is not None:
                results.append(judged(program, HERE / "unmodified" / program, Path(name), None))
            else:
                print(f"{'not run':14}{program:44}{package} is not installed")
    print(f"{sum(results)} as they should, {len(results) - sum(results)} not")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
