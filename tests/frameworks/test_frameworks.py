"""Programs, pages, examples and saved results of the frameworks belong together; the matrix itself is run by hand."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import form
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = form.programs()
RESULTS = form.read_results()

SCREEN = 45
"""Lines of a page at most."""

INSTALLED_FOR_DEVELOPMENT = {"langchain": "langchain_openai", "agents_sdk": "agents"}
"""Frameworks of the extra "frameworks" and what is imported of them: their examples are run here too."""

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


def code_lines(code: str) -> list[str]:
    """Give the lines of some code that are not empty, without comments; a page shows a coroutine's inside."""
    return [bare for line in code.splitlines() if (bare := re.sub(r"(^|\s+)#.*$", "", line).strip())]


def test_pages_examples_and_results_are_those_of_the_programs() -> None:
    expected = {path.name for program in PROGRAMS for path in (*program.pages, program.example)}
    assert {path.name for path in form.PAGES.iterdir()} - {"__pycache__"} == expected | {
        "README.md",
        "README.zh-CN.md",
    }
    assert list(RESULTS) == [program.name for program in PROGRAMS]


@each_program
def test_a_program_has_every_feature_or_says_why_not(program: form.Program) -> None:
    named = program.features.keys() | program.not_offered.keys()
    wanted = form.FEATURES.keys() - {form.FOR_TRACERS_ALONE, form.OUTSIDE_THE_PROGRAM}
    assert wanted <= named <= wanted | {form.FOR_TRACERS_ALONE}
    assert not program.features.keys() & program.not_offered.keys()
    assert all(program.features.values()), "the docstring of a feature says what is proven"
    assert all(program.not_offered.values())


@each_program
def test_the_saved_results_are_of_this_program_and_nothing_in_them_fails(program: form.Program) -> None:
    result = RESULTS[program.name]
    assert result["title"] == program.title
    assert result["versions"].keys() >= {*program.packages, "openai", "pydantic"}
    found = {name: (row["outcome"], row["detail"]) for name, row in result["features"].items()}
    assert found.pop(form.OUTSIDE_THE_PROGRAM)[0] == "passes"
    assert found == {
        **{name: ("passes", proven) for name, proven in program.features.items()},
        **{name: ("not offered", reason) for name, reason in program.not_offered.items()},
    }


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_table_shows_the_saved_results(name: str) -> None:
    assert form.rendered(form.PAGES / name) == form.table(RESULTS, chinese="zh-CN" in name)


@each_program
def test_a_page_is_a_screen_and_shows_the_code_of_its_example(program: form.Program) -> None:
    example = code_lines(program.example.read_text(encoding="utf-8"))
    shown = []
    for page in program.pages:
        text = page.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= SCREEN
        assert program.title in text.splitlines()[0]
        assert f"({program.example.name})" in text
        code = "".join(_BLOCK.findall(text))
        compile(code, page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        lines = code_lines(code)
        assert lines, f"{page.name} shows no code"
        rest = iter(example)
        missing = [line for line in lines if line not in rest]
        assert not missing, f"{page.name} shows what {program.example.name} has not, or in another order"
        shown.append(lines)
    assert shown[0] == shown[1]


@each_program
def test_an_example_needs_what_its_program_needs(program: form.Program) -> None:
    source = program.example.read_text(encoding="utf-8")
    assert set(form.dependencies_of(source)) == {"zhipu-openai", *program.dependencies}
    assert '# [tool.uv.sources]\n# zhipu-openai = { path = "../..", editable = true }\n' in source


def test_the_linked_files_exist() -> None:
    for path in form.PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("name", sorted(INSTALLED_FOR_DEVELOPMENT))
def test_the_example_runs_where_its_framework_is_installed(name: str, tmp_path: Path) -> None:
    if find_spec(INSTALLED_FOR_DEVELOPMENT[name]) is None:
        pytest.skip(f"{name} is not installed")
    example = next(program.example for program in PROGRAMS if program.name == name)
    done = subprocess.run(
        [sys.executable, str(example)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(form.ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "stand-in" in done.stdout
