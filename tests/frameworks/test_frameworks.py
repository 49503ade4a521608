"""Programs, pages, examples and saved results of the frameworks belong together; the matrix itself is run by hand."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import form
import harness
import pytest
from handle import raises

if TYPE_CHECKING:
    from pathlib import Path

    from handle import Standin

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


def asks(standin: Standin) -> None:
    """Ask once."""
    client = standin.client()
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])


def asks_not(standin: Standin) -> None:
    """Make a client and leave it at that."""
    standin.client()


def lays_out_too_much(standin: Standin) -> None:
    """Lay out two answers and ask for one."""
    standin.say("One.")
    standin.say("Two.")
    asks(standin)


def asks_without_its_key(standin: Standin) -> None:
    """Ask Zhipu with a key of another shape."""
    standin.service.handle("GET", "/api/paas/v4/models", {"authorization": "Bearer sk-canary"}, b"")


async def asserts_what_is_not_so(standin: Standin) -> None:
    """Find something else than was expected."""
    asks(standin)
    await asyncio.sleep(0)
    assert standin.last["model"] == "gpt-4o"


@pytest.mark.parametrize(
    ("function", "outcome", "detail"),
    [
        (asks, "passes", "Ask once."),
        (asks_not, "fails", "nothing reached the stand-in"),
        (lays_out_too_much, "fails", "1 answers were not asked for"),
        (asks_without_its_key, "fails", "a request came without its key"),
        (asserts_what_is_not_so, "fails", 'assert standin.last["model"] == "gpt-4o"'),
    ],
)
def test_the_harness_judges_a_feature(function: Any, outcome: str, detail: str) -> None:
    border = watching()
    told = harness.judged(lambda: harness.prove(function), border, {})
    assert told[0] == outcome
    assert detail in told[1]


def watching() -> harness.Border:
    """Make a border that watches nothing: an audit hook could not be taken off again."""
    border = object.__new__(harness.Border)
    border.hosts = []
    return border


@pytest.mark.parametrize(
    ("event", "arguments", "host"),
    [
        ("socket.connect", (None, ("203.0.113.7", 443)), "203.0.113.7"),
        ("socket.getaddrinfo", (b"telemetry.example", 443, 0, 0, 0), "telemetry.example"),
        ("socket.getaddrinfo", ("telemetry.example", 443, 0, 0, 0), "telemetry.example"),
        ("socket.connect", (None, ("127.0.0.1", 8000)), None),
        ("socket.connect", (None, ("::1", 8000, 0, 0)), None),
        ("socket.connect", (None, "/run/some.socket"), None),
        ("socket.getaddrinfo", ("localhost", 8000, 0, 0, 0), None),
        ("open", ("/etc/hosts", "r", 0), None),
    ],
)
def test_the_border_is_closed_but_for_this_machine(event: str, arguments: Any, host: str | None) -> None:
    border = watching()

    def swallowed() -> str:
        """Reach out as telemetry does, which hides that it failed."""
        with suppress(OSError):
            border._look(event, arguments)
        return "done"

    if host is not None:
        with raises(OSError):
            border._look(event, arguments)
    expected = ("passes", "done") if host is None else ("fails", f"wanted to reach {host}")
    assert harness.judged(swallowed, border, {}) == expected
    assert (
        harness.judged(swallowed, border, {"telemetry.example": "why", "203.0.113.7": "why"})[0] == "passes"
    )


def test_a_header_is_read_in_either_form() -> None:
    short = '# /// script\n# dependencies = ["a[b]>=1", "c"]\n# ///\n'
    long = '# /// script\n# requires-python = ">=3.10"\n# dependencies = [\n#     "a[b]>=1",\n#     "c",\n# ]\n# ///\n'
    assert form.dependencies_of(short) == form.dependencies_of(long) == ("a[b]>=1", "c")
    with pytest.raises(ValueError, match="no '# /// script' header"):
        form.dependencies_of("import this\n")
