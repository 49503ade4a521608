"""Whether ``check`` says of openai's own examples what the transport then records.

``python tests/conformance/check_openai_examples.py`` fetches the source distribution of the installed openai, reads
each example and each snippet of the README as it is, runs it on the stand-in with its import lines swapped, and
compares. Nothing of it is kept. It ends with 1 where something was said for certain and not recorded, or where
something was recorded of which nothing was said and which no row of ``EXPLAINED`` explains.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# The tests' own helpers are in folders that are no packages.
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "check"), str(ROOT / "tests" / "conformance")]

examples = import_module("openai_examples")
agreeing = import_module("agreement")
recorder = import_module("recorder")
run = import_module("zhipu_openai.check.run")
clients = import_module("zhipu_openai.check.clients")

EXPLAINED = (
    ("POST /moderations", "category_scores", "recorded with the answer, which reading does not see"),
    ("POST /audio/transcriptions", "segments", "recorded with the answer, which reading does not see"),
    ("POST /audio/transcriptions", "language", "recorded with the answer, which reading does not see"),
)
"""Route and field of what reading cannot tell, and why."""


def in_place(code: str) -> str:
    """Swap what needs a loudspeaker or a microphone, with every line where it was."""
    for hardware, instead in examples.WITHOUT_HARDWARE:
        code = code.replace(hardware, instead or "\n")
    return code


def agreement(name: str, code: str, directory: Path) -> Any:
    """Read a piece of code, run it, and compare."""
    original, program, record = (directory / one for one in ("original.py", "swapped.py", "record.json"))
    original.write_text(code, encoding="utf-8")
    program.write_text(examples.swapped(in_place(code)), encoding="utf-8")
    record.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "ZHIPU_REGION": "standin",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "check" / "recorder.py"), str(program), str(record)],
        cwd=directory,
        env={**environment, "OPENAI_API_KEY": "sk-not-for-zhipu"},
        input=examples.TYPED,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if not record.exists():
        raise SystemExit(f"{name} did not run: {done.stderr[-800:]}")
    recorded = [recorder.Recorded(**one) for one in json.loads(record.read_text(encoding="utf-8"))]
    for one in recorded:
        one.adaptations = [(field, kind) for field, kind in one.adaptations]
    said = run.check_file(str(original), clients.Defaults())
    print(f"{len(recorded):4} requests  {name}", *said.errors)
    return agreeing.compare(said.calls, recorded)


def explanation(row: tuple[int, str, str, str], found: Any) -> str | None:
    """Say why something that was recorded was not said beforehand."""
    line, route, field, _ = row
    if found.elsewhere:
        return "the code sends it to another place; that setting is taken out before it is run"
    if (line, route) in found.unknown:
        return "reading said that something about the call is not known"
    if line == 0:
        return "the request comes from a helper in the background"
    return next((why for one, name, why in EXPLAINED if (one, name) == (route, field)), None)


def main() -> int:
    """Compare everything, and print the figures."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        source = examples.fetch(directory)
        names = (
            *examples.CHAT_EXAMPLES,
            *examples.MEDIA_EXAMPLES,
            *examples.AUDIO_EXAMPLES,
            *examples.REALTIME_EXAMPLES,
            *examples.RESPONSES_EXAMPLES,
        )
        there = [one for one in names if (source / "examples" / one).exists()]
        pieces = [(one, (source / "examples" / one).read_text(encoding="utf-8")) for one in there]
        pieces += examples.snippets((source / "README.md").read_text(encoding="utf-8"))
        print(f"openai {version('openai')}: {len(pieces)} pieces of code")
        counts: Counter[str] = Counter()
        bad = 0
        for title, code in pieces:
            found = agreement(title, code, directory)
            counts.update(
                predicted=len(found.predicted),
                recorded=len(found.recorded),
                both=len(found.both),
                unsure=len(found.unsure & found.recorded),
                missed=len(found.missed),
            )
            for row in sorted(found.missed):
                why = explanation(row, found)
                bad += why is None
                print(f"      missed {row}: {why or 'NOT EXPLAINED'}")
            for row in sorted(found.too_much):
                bad += 1
                print(f"      said, and not recorded: {row}")
    print(
        f"said {counts['predicted']}, recorded {counts['recorded']}, both {counts['both']}, "
        f"recorded and said to be uncertain {counts['unsure']}, missed {counts['missed']}"
    )
    return 0 if not bad else 1


if __name__ == "__main__":
    sys.exit(main())
