"""Programs that tests run behave as with a Python of their own."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import fresh_python
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import atexit, os, sys
atexit.register(print, "at its end")
print(__name__, sys.argv[1:], os.getcwd(), os.environ.get("SAID"), "zhipu_openai" in sys.modules)
print("wörter", file=sys.stderr)
{}
"""


@pytest.mark.parametrize(
    ("last", "code"),
    [("", 0), ("sys.exit(3)", 3), ("sys.exit('no')", 1), ("1 / 0", 1), ("sys.exit(None)", 0)],
)
def test_a_program_has_its_own_arguments_folder_variables_and_exit_code(
    tmp_path: Path, last: str, code: int
) -> None:
    script = tmp_path / "script.py"
    script.write_text(PROGRAM.format(last), encoding="utf-8")
    environment = {"SAID": "yes", "PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    for _ in range(2):
        done = fresh_python.run([str(script), "a", "b"], directory=tmp_path, environment=environment)
        assert done.returncode == code
        assert done.stdout == f"__main__ ['a', 'b'] {tmp_path} yes False\nat its end\n"
        assert done.stderr.startswith("wörter\n")
        assert ("ZeroDivisionError" in done.stderr) == ("/" in last)


def test_a_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    with pytest.raises(subprocess.TimeoutExpired):
        fresh_python.run([str(script)], directory=tmp_path, environment={}, timeout=1)
