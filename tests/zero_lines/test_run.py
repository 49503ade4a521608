"""``python -m zhipu_openai run``: the program is run as Python runs it, on Zhipu."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import zhipu_openai
from zhipu_openai.cli import run
from zhipu_openai.zero_lines.children import FOLDER, VARIABLE

pytestmark = pytest.mark.usefixtures("openai_as_it_was")

ROOT = Path(zhipu_openai.__file__).parents[1]

SHOWN = """
import os, sys
names = sorted(name for name in vars() if name != "names")
print(sys.argv, __name__, __package__, __file__, [entry for entry in sys.path], names, sys.flags.dev_mode)
print([name for name in sys.modules if name.partition(".")[0] in ("openai", "zhipu_openai", "runpy", "json")])
"""


def python(*words: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a directory."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (SHOWN, ["program.py", "a", "-m", "--standin"]),
        (SHOWN + "raise ValueError('told as ever')", ["-m", "program", "a", "--help"]),
        ("import sys; sys.exit(7)", ["program.py"]),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", ["program.py"]),
        ("", ["no_such_program.py"]),
    ],
    ids=["script", "module-that-fails", "exit-code", "signal", "missing"],
)
def test_a_program_runs_as_with_plain_python(code: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(code, encoding="utf-8")
    plain = python(*words, directory=tmp_path)
    ours = python("-m", "zhipu_openai", "run", "--region", "intl", *words, directory=tmp_path)
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert ours.returncode in (0, 1, 2, 7, -signal.SIGTERM)


CALLING = """
import subprocess, sys
from openai import OpenAI
client = OpenAI(api_key="sk-not-for-zhipu")
print(client.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "Hi"}]).model)
child = "import sys; print([type(finder).__name__ for finder in sys.meta_path][:1])"
subprocess.run([sys.executable, "-c", child], check=True)
"""


def test_the_program_is_served_and_the_python_it_starts_is_prepared(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(CALLING, encoding="utf-8")
    done = python("-m", "zhipu_openai", "run", "--standin", "program.py", directory=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["glm-5.2", "['AtImport']"]


def test_another_sitecustomize_is_imported_as_ever(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('theirs', __name__)", encoding="utf-8")
    code = "import sys; print(sys.modules['sitecustomize'].__file__)"
    command = ("-m", "zhipu_openai", "run", "-c", code)
    done = python(*command, directory=tmp_path, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    # The first line is printed for the command itself, before it gives way to the program.
    assert done.stdout.splitlines() == ["theirs sitecustomize"] * 2 + [str(tmp_path / "sitecustomize.py")]


def test_where_python_ignores_its_environment_that_is_said(tmp_path: Path) -> None:
    done = python("-E", "-m", "zhipu_openai", "run", "program.py", directory=ROOT)
    assert tmp_path.exists()
    assert done.returncode == 2
    assert "sitecustomize, which -E, -I and -S switch off" in done.stderr


@pytest.mark.parametrize(
    ("words", "own", "program"),
    [
        (["script.py", "--standin"], [], ["script.py", "--standin"]),
        (["--standin", "script.py"], ["--standin"], ["script.py"]),
        (["--region", "intl", "-m", "a.b", "-m"], ["--region", "intl"], ["-m", "a.b", "-m"]),
        (["--region=intl", "-c", "pass"], ["--region=intl"], ["-c", "pass"]),
        (["--standin", "-", "x"], ["--standin"], ["-", "x"]),
        (["--standin", "--", "--x.py"], ["--standin"], ["--x.py"]),
        (["-mpytest", "-q"], [], ["-mpytest", "-q"]),
        (["--standin"], ["--standin"], []),
    ],
)
def test_the_commands_own_options_end_where_the_program_begins(
    words: list[str], own: list[str], program: list[str]
) -> None:
    assert run._split(words) == (own, program)


def test_what_the_program_is_started_with(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(
        run, "_become", lambda command, environment: started.append((command, environment)) or 5
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([FOLDER, "mine"]))
    words = ["--region", "intl", "--endpoint", "coding", "--responses", "native", "--on-adaptation", "error"]
    assert run.run([*words, "script.py", "--x"]) == 5
    command, environment = started[0]
    assert command[0] == sys.executable
    assert command[-2:] == ["script.py", "--x"]
    assert environment["PYTHONPATH"] == os.pathsep.join([FOLDER, "mine"])
    assert json.loads(environment[VARIABLE])["options"] == {
        "region": "intl",
        "endpoint": "coding",
        "responses": "native",
        "on_adaptation": "error",
    }
    assert "PYTHONPATH" in os.environ


@pytest.mark.parametrize("words", [[], ["--standin"], ["--region", "moon", "x.py"], ["--model", "x", "y.py"]])
def test_wrong_usage_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        run.run(words)
    assert raised.value.code == 2
    assert "run [options] (script.py | -m module" in capsys.readouterr().err


def test_a_python_without_the_package_says_that_it_is_not_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"options": {}, "root": "/nowhere", "python": ["another", 3, 9]}
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, "sitecustomize", sys)  # stands for the one that is imported by now
    spec = importlib.util.spec_from_file_location("loaded_by_hand", Path(FOLDER, "sitecustomize.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.TOLD = json.dumps(told)

    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(module, "import_module", missing)
    with pytest.warns(RuntimeWarning, match="is not installed for"):
        module.install()
