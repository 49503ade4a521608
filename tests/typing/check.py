"""Run mypy and pyright, both strict, on the user code in this folder, and look whether all stubs are there.

    python tests/typing/check.py

The files are as users write them. Where a checker must complain, the line carries an ignore for exactly that
complaint, and both checkers report an ignore that is not needed: silence is an error too.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

USER_CODE = (
    "chat_completions.py",
    "clients.py",
    "drop_in.py",
    "mistakes.py",
    "zhipu_agents.py",
    "zhipu_room.py",
)


def main() -> int:
    """Run every check, also when one has failed; return how many have."""
    files = [str(HERE / name) for name in USER_CODE]
    checks = (
        [sys.executable, str(HERE / "stub_tree.py")],
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", *files],
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--project", str(HERE)],
    )
    failed = 0
    for command in checks:
        sys.stdout.write(f"{' '.join(command)}\n")
        sys.stdout.flush()
        failed += subprocess.run(command, cwd=HERE.parents[1], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
