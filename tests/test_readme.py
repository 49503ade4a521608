"""Every snippet and command of the READMEs and the guides runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import fresh_python
import pytest

ROOT = Path(__file__).parents[1]
READMES = (ROOT / "README.md", ROOT / "examples" / "README.zh-CN.md")
GUIDES = tuple(
    (path, path.with_name(f"{path.stem}.zh-CN.md"))
    for path in sorted((ROOT / "examples" / "guides").glob("*.md"))
    if not path.name.endswith(".zh-CN.md")
)
TWINS = (READMES, *GUIDES)
PAGES = tuple(path for twins in TWINS for path in twins)

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SETUP = "python3 -m venv .venv && .venv/bin/pip install -q"
"""The commands that begin so make an environment and install into it: `.ci/run` runs those, in a fresh clone."""


def blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in _BLOCK.findall(path.read_text(encoding="utf-8")) if kind == language]


def commands(path: Path) -> list[str]:
    return [line for block in blocks(path, "bash") for line in block.splitlines() if line.strip()]


def without_comments(code: str) -> str:
    return "\n".join(re.sub(r"\s+#.*$", "", line) for line in code.splitlines())


def starts_a_server(block: str) -> bool:
    """Whether the first command of a block goes on while the others run."""
    return block.partition("\n")[0].endswith(" &")


# The Chinese page has the same code, which is run once.
SNIPPETS = [(path, text) for path, _ in TWINS for text in blocks(path, "python")]
COMMANDS = [
    (path, line)
    for path, _ in TWINS
    for block in blocks(path, "bash")
    for line in block.splitlines()
    if line.strip() and not line.startswith(SETUP) and not starts_a_server(block)
]
SESSIONS = [(path, block) for path, _ in TWINS for block in blocks(path, "bash") if starts_a_server(block)]


def standins_environment() -> dict[str, str]:
    """Give the environment in which the stand-in answers, and nothing else."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    stand_in = {"ZHIPU_REGION": "standin", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return environment | stand_in | {"NO_PROXY": "*"}


def on_standin(arguments: list[str], directory: Path) -> str:
    """Run something on the stand-in, outside the repository, and give what it printed."""
    environment = standins_environment()
    done = fresh_python.run(arguments, directory=directory, environment=environment, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("english", "chinese"), TWINS, ids=lambda path: path.name)
def test_both_languages_have_the_same_snippets_and_commands(english: Path, chinese: Path) -> None:
    here, there = commands(english), commands(chinese)
    shared = (
        2 if english == READMES[0] else len(here)
    )  # the English README repeats a command for Chinese readers
    assert here[:shared] == there[:shared]
    assert [without_comments(text) for text in blocks(english, "python")] == [
        without_comments(text) for text in blocks(chinese, "python")
    ]


def test_the_readmes_list_every_example_and_every_guide() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in READMES)
    for path in (ROOT / "examples").glob("*.py"):
        assert f"[{path.name}](examples/{path.name})" in english
        assert f"[{path.name}]({path.name})" in chinese
    for guide, twin in GUIDES:
        assert f"(examples/guides/{guide.name})" in english
        assert f"(guides/{twin.name})" in chinese


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_first_screen_shows_the_switch(path: Path) -> None:
    top = "\n".join(path.read_text(encoding="utf-8").splitlines()[:12])
    assert "- from openai import OpenAI\n+ from zhipu_openai import OpenAI" in top


@pytest.mark.parametrize(
    ("path", "snippet"), SNIPPETS, ids=[f"{p.name}-{n}" for n, (p, _) in enumerate(SNIPPETS)]
)
def test_the_snippet_runs(path: Path, snippet: str, tmp_path: Path) -> None:
    if "RedisLimiter" in snippet:
        pytest.importorskip("redis")
    file = tmp_path / "test_snippet.py"
    file.write_text(snippet, encoding="utf-8")
    if "def test_" in snippet:
        plugin = [] if _plugin_installed() else ["-p", "zhipu_openai.standin.pytest_plugin"]
        out = on_standin(["-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, str(file)], tmp_path)
        assert "1 passed" in out
    else:
        out = on_standin([str(file)], tmp_path)
        assert out.strip(), f"{path.name} has a snippet that shows nothing"


def _plugin_installed() -> bool:
    from importlib.metadata import entry_points

    return any(
        point.value == "zhipu_openai.standin.pytest_plugin" for point in entry_points(group="pytest11")
    )


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[f"{p.name}-{c}" for p, c in COMMANDS])
def test_the_command_runs(path: Path, command: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "zhipu_openai"], f"{path.name}: do not know how to run {command}"
    assert on_standin(words[1:], tmp_path).strip()


@pytest.mark.parametrize(("path", "block"), SESSIONS, ids=[path.name for path, _ in SESSIONS])
def test_the_session_with_a_server_runs(path: Path, block: str, tmp_path: Path) -> None:
    first, *others = (shlex.split(line) for line in block.splitlines())
    assert first[:3] == ["python", "-m", "zhipu_openai"], f"{path.name}: do not know how to start {first}"
    port = first[first.index("--port") + 1]
    start = [sys.executable, *(("0" if word == port else word) for word in first[1:-1])]
    with subprocess.Popen(
        start, cwd=tmp_path, env=standins_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        try:
            assert server.stdout is not None
            found = str(json.loads(server.stdout.readline())["port"])
            for words in others:
                if shutil.which(words[0]) is None:
                    pytest.skip(f"there is no {words[0]} here")
                asked = [word.replace(f":{port}/", f":{found}/") for word in words]
                done = subprocess.run(
                    asked, env=standins_environment(), capture_output=True, timeout=60, check=True
                )
                assert done.stdout.strip()
        finally:
            server.terminate()


def test_the_linked_files_exist() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
