"""How long ``from zhipu_openai import OpenAI`` takes, against ``from openai import OpenAI`` in the same run.

Each import has a process of its own, in turns; the best of each counts, since only disturbances add time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

MEASURE = (
    "import time; began = time.process_time(); from {0} import OpenAI; print(time.process_time() - began)"
)


def once(module: str) -> float:
    """Import a module in a new process; give the CPU seconds."""
    # As on a user's machine, modules are compiled once and not at every import.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(module)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> int:
    """Print the ratio; 1 if it is above the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="how often each is imported")
    parser.add_argument("--most", type=float, help="fail above this ratio")
    options = parser.parse_args()
    times: dict[str, list[float]] = {"openai": [], "zhipu_openai": []}
    for _ in range(options.rounds):
        for module, taken in times.items():
            taken.append(once(module))
    base, ours = min(times["openai"]), min(times["zhipu_openai"])
    print(
        f"OpenAI from openai {base * 1000:.0f} ms, from zhipu_openai {ours * 1000:.0f} ms, ratio {ours / base:.3f}"
    )
    return 1 if options.most is not None and ours / base > options.most else 0


if __name__ == "__main__":
    sys.exit(main())
