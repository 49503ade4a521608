"""Runs every fault against every operation on real sockets, and every way of leaving early.

    python tests/faults/matrix.py [--with PYTHON ...] [--only TEXT] [--jobs N] [--write]

Runs the HTTP libraries of this Python, and with ``--with`` those of others, in which openai and what else the
package needs are installed. Exits with 1 if anything deviates from the table in ``cases.py``. ``--write``
renders the results into ``RESULTS.md``. Runs on Linux: what is open is counted in /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

UNHURRIED = 120.0
"""Seconds for a scenario that starts a process."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An HTTP library of a Python."""

    python: str
    library: str
    versions: str


# A worker: some of the cases of one environment, one after the other


def probe() -> None:
    """Say which HTTP libraries this Python has for openai."""
    import platform  # noqa: PLC0415
    from importlib.metadata import version  # noqa: PLC0415
    from importlib.util import find_spec  # noqa: PLC0415

    import openai  # noqa: PLC0415

    from zhipu_openai.library import openai_library  # noqa: PLC0415

    name = openai_library().module.__name__
    base = f"openai {openai.__version__}, {{}}, Python {platform.python_version()}"
    found = [(name, base.format(f"{name} {version(name)}"))]
    if name == "httpx2" and find_spec("aiohttp") is not None:
        found.append(("aiohttp", base.format(f"aiohttp {version('aiohttp')}")))
    sys.stdout.write(json.dumps(found))


def work(library: str, part: int, parts: int, only: str) -> None:
    """Run every ``parts``-th case from the ``part``-th on; write a line of JSON for each."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(
            ("OPENAI_", "ZHIPU", "ZAI_", "BIGMODEL_", "GLM_")
        ):
            del os.environ[name]
    from cases import FAULTS  # noqa: PLC0415
    from client_side import HANG, Bench, Result, Watch, sides  # noqa: PLC0415
    from exits import SCENARIOS  # noqa: PLC0415
    from operations import OPERATIONS  # noqa: PLC0415
    from server import FaultServer  # noqa: PLC0415

    watch = Watch()
    watch.start()
    number = -1
    with FaultServer() as server, FaultServer() as elsewhere:
        bench = Bench(server, elsewhere, watch)
        bench.warm_up(sides(library))

        def say(result: Any) -> None:
            sys.stdout.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
            sys.stdout.flush()

        for fault in FAULTS:
            for operation in OPERATIONS:
                outcome = fault.outcome(operation, library)
                if outcome is None or only not in f"{fault.group}: {fault.name}":
                    continue
                number += 1
                if number % parts != part:
                    continue
                again = outcome.requests == 2 and outcome.error and outcome.heals  # noqa: PLR2004
                for side in sides(library):
                    for mode in ("always", "once") if again else ("always",):
                        say(bench.run(fault, operation, side, mode))
        for scenario in SCENARIOS:
            for side in sides(library):
                if not scenario.on(side) or only not in f"{scenario.group}: {scenario.name}":
                    continue
                number += 1
                if number % parts != part:
                    continue
                result = Result(scenario.group, scenario.name, "", side.name, "")
                seconds = UNHURRIED if scenario.unhurried else HANG
                bench.guard(result, side, lambda: scenario.work(server, side), seconds=seconds)  # noqa: B023 - called at once
                result.seen = "as it must"
                result.requests = len(server.seen)
                say(result)


# The whole


def environments(pythons: list[str]) -> list[Environment]:
    """Find the HTTP libraries of some Pythons."""
    found = []
    for python in pythons:
        said = subprocess.run(  # noqa: S603 - a Python that the caller names
            [python, str(HERE / "matrix.py"), "--probe"], check=True, capture_output=True, text=True
        ).stdout
        found += [Environment(python, library, versions) for library, versions in json.loads(said)]
    return found


def run(environment: Environment, part: int, parts: int, only: str) -> list[dict[str, Any]]:
    """Run a worker; what it wrote to its errors is a deviation."""
    arguments = ["--worker", environment.library, "--part", str(part), "--parts", str(parts), "--only", only]
    done = subprocess.run(  # noqa: S603 - this file
        [environment.python, str(HERE / "matrix.py"), *arguments], check=False, capture_output=True, text=True
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or done.stderr.strip():
        complaint = f"exit code {done.returncode}: {done.stderr[-600:]}"
        rows.append(
            {
                **{name: "" for name in ("operation", "mode", "seen")},
                **{name: [] for name in ("lost", "hung", "leaked")},
                "group": "the runner",
                "fault": "a worker complained",
                "side": environment.library,
                "requests": 0,
                "other": [complaint],
            }
        )
    return rows


def main() -> int:
    """Run all, print the totals; give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--with", dest="others", action="append", default=[], metavar="PYTHON")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="cases in whose group and name this stands"
    )
    parser.add_argument(
        "--jobs", type=int, default=6, metavar="N", help="processes at once (6); they mostly wait"
    )
    parser.add_argument("--write", action="store_true", help="render RESULTS.md")
    parser.add_argument("--probe", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--part", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--parts", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.probe:
        probe()
        return 0
    if given.worker:
        work(given.worker, given.part, given.parts, given.only)
        return 0
    begun = time.monotonic()
    found = environments([sys.executable, *given.others])
    parts = max(1, given.jobs // len(found))
    with ThreadPoolExecutor(given.jobs) as pool:
        running = [
            pool.submit(run, environment, part, parts, given.only)
            for part in range(parts)
            for environment in found
        ]
        rows = [row for one in running for row in one.result()]
    from report import deviations, render, totals  # noqa: PLC0415

    for line in deviations(rows):
        print(line)
    print(totals(rows))
    print(f"{time.monotonic() - begun:.0f} s")
    if given.write:
        (HERE / "RESULTS.md").write_text(render(rows, [one.versions for one in found]), encoding="utf-8")
    return 1 if deviations(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
