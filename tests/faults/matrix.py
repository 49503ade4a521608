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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    import platform
    from importlib.metadata import version
    from importlib.util import find_spec

    import openai

    from zhipu_openai.library import openai_library

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
    from client_side import Bench, Watch, sides
    from server import FaultServer

    watch = Watch()
    watch.start()
    with FaultServer() as server, FaultServer() as elsewhere:
        bench = Bench(server, elsewhere, watch)
        bench.warm_up(sides(library))
        for one in list(planned(bench, library, only))[part::parts]:
            for result in one():
                sys.stdout.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
                sys.stdout.flush()


def planned(bench: Any, library: str, only: str) -> Iterator[Callable[[], Iterator[Any]]]:
    """Give what there is to do: each gives the results of a fault for an operation, or of a scenario."""
    from cases import FAULTS
    from client_side import sides
    from exits import SCENARIOS
    from operations import OPERATIONS

    for fault in FAULTS:
        for operation in OPERATIONS:
            outcome = fault.outcome(operation, library)
            if outcome is not None and only in f"{fault.group}: {fault.name}":
                yield partial(_results, bench, fault, operation, outcome, sides(library))
    for scenario in SCENARIOS:
        if only in f"{scenario.group}: {scenario.name}":
            yield partial(_exits, bench, scenario, [side for side in sides(library) if scenario.on(side)])


def _results(bench: Any, fault: Any, operation: Any, outcome: Any, sides: list[Any]) -> Iterator[Any]:
    again = outcome.requests == 2 and outcome.error and outcome.heals
    for side in sides:
        for mode in ("always", "once") if again else ("always",):
            yield bench.run(fault, operation, side, mode)


def _exits(bench: Any, scenario: Any, sides: list[Any]) -> Iterator[Any]:
    from client_side import HANG, Result

    for side in sides:
        result = Result(scenario.group, scenario.name, "", side.name, "")
        seconds = UNHURRIED if scenario.unhurried else HANG
        bench.guard(result, side, partial(scenario.work, bench.server, side), seconds=seconds)
        result.seen = "as it must"
        result.requests = len(bench.server.seen)
        yield result


# The whole


def environments(pythons: list[str]) -> list[Environment]:
    """Find the HTTP libraries of some Pythons."""
    found = []
    for python in pythons:
        said = subprocess.run(
            [python, str(HERE / "matrix.py"), "--probe"], check=True, capture_output=True, text=True
        ).stdout
        found += [Environment(python, library, versions) for library, versions in json.loads(said)]
    return found


def run(environment: Environment, part: int, parts: int, only: str) -> list[dict[str, Any]]:
    """Run a worker; what it wrote to its errors is a deviation."""
    arguments = ["--worker", environment.library, "--part", str(part), "--parts", str(parts), "--only", only]
    done = subprocess.run(
        [environment.python, str(HERE / "matrix.py"), *arguments], check=False, capture_output=True, text=True
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or done.stderr.strip():
        complaint = f"exit code {done.returncode}: {done.stderr[-600:]}"
        rows.append(
            {
                **dict.fromkeys(("operation", "mode", "seen"), ""),
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
    from report import deviations, render, totals

    for line in deviations(rows):
        print(line)
    print(totals(rows))
    print(f"{time.monotonic() - begun:.0f} s")
    if given.write:
        (HERE / "RESULTS.md").write_text(render(rows, [one.versions for one in found]), encoding="utf-8")
    return 1 if deviations(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
