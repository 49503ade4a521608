"""Run the fuzzer for some minutes: ``python tests/fuzz/run.py --minutes 10``.

The properties are those of the ordinary suite, with fresh seeds and many more examples; a round is repeated
until the time is over. The exit code is 1 when something was found, and what it was is printed, small.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from fuzz_budget import VARIABLE

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Repeat rounds until the time is over or something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--examples", type=int, default=500, help="of each property in a round (%(default)s)")
    parser.add_argument(
        "-k", dest="only", default="", help="properties whose names contain this, as pytest has it"
    )
    options = parser.parse_args()
    ends, rounds = time.monotonic() + options.minutes * 60, 0
    while time.monotonic() < ends:
        rounds += 1
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "tests/fuzz",
                "-k",
                options.only or "test",
            ],
            cwd=ROOT,
            env={**os.environ, VARIABLE: str(options.examples)},
            check=False,
        )
        if done.returncode:
            return 1
    print(f"{rounds} rounds of {options.examples} examples of each property: nothing found.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
