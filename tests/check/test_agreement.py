"""What is said of a program by reading it is what the transport records when it runs."""

from __future__ import annotations

import re
import runpy
import warnings
from pathlib import Path

import openai
import pytest
from agreement import Agreement, compare
from recorder import recording

from zhipu_openai.check.clients import Defaults
from zhipu_openai.check.run import check_file

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))

NOT_SAID = {
    "files.py": {"model"},
    "module_client.py": {"model", "thinking", "logprobs"},
    "sound.py": {"language", "segments"},
    "texts.py": {"category_scores"},
}
"""What reading cannot tell: what is in a file, what comes from the environment or a caller, what an answer says."""


def swapped(code: str) -> str:
    """Change the import lines, which is all that a program needs."""
    code = re.sub(r"^import openai$", "import zhipu_openai as openai", code, flags=re.MULTILINE)
    return re.sub(r"^from openai import", "from zhipu_openai import", code, flags=re.MULTILINE)


def agreement(program: Path, directory: Path) -> Agreement:
    """Read a program, run it on the stand-in with its import lines swapped, and compare."""
    said = check_file(str(program), Defaults())
    assert said.errors == []
    lacking = {finding.detail for call in said.calls for finding in call.findings if finding.kind == "absent"}
    if lacking:
        pytest.skip(" ".join(sorted(lacking)))
    file = directory / program.name
    file.write_text(swapped(program.read_text(encoding="utf-8")), encoding="utf-8")
    with recording(str(file)) as found, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runpy.run_path(str(file), run_name="program")
    assert found
    return compare(said.calls, found)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_what_is_said_is_what_is_recorded(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_REGION", "standin")
    found = agreement(program, tmp_path)
    assert found.predicted
    assert found.too_much == set()
    assert {field for _, _, field, _ in found.missed} == NOT_SAID.get(program.name, set())


@pytest.mark.skipif(openai.__version__ < "3", reason="older releases lack some of it")
def test_the_newest_openai_has_all_that_the_programs_use() -> None:
    for program in PROGRAMS:
        calls = check_file(str(program), Defaults()).calls
        assert calls
        assert "absent" not in {one.kind for call in calls for one in call.findings}
