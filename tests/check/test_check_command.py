"""The command: which files are read, what is printed, and with which exit code it ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from check_helpers import HI

from zhipu_openai.check.findings import Kind
from zhipu_openai.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]

START = "from openai import OpenAI\nclient = OpenAI()\n"
FINE = f"{START}client.chat.completions.create(model='glm-5.2', {HI})\n"
LOST = f"{START}client.chat.completions.create(model='gpt-4o', {HI}, logprobs=True)\n"
REFUSED = f"{START}client.evals.list()\n"


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*words: str) -> tuple[int, str]:
        code = main(["check", *words])
        return code, capsys.readouterr().out

    return run


def write(directory: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (FINE, [], 0),
        (FINE, ["--strict"], 0),
        (LOST, [], 0),
        (LOST, ["--strict"], 1),
        (REFUSED, [], 1),
        (f"import openai\nopenai.ChatCompletion.create(model='gpt-4', {HI})", [], 1),
        ("def f(client):\n  client.beta.assistants.create(model='x')", [], 0),
        ("def f(client):\n  client.beta.assistants.create(model='x')", ["--strict"], 1),
        ("def f(:\n", [], 2),
    ],
)
def test_the_exit_code_says_whether_something_is_lost(
    check: Any, tmp_path: Path, content: str, options: list[str], expected: int
) -> None:
    write(tmp_path, {"a.py": content})
    assert check(str(tmp_path / "a.py"), *options)[0] == expected


def test_a_line_is_what_a_linter_writes(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": LOST})
    _, out = check(str(tmp_path / "a.py"))
    first, second, *_, counted, models = out.splitlines()
    assert first.startswith(
        f"{tmp_path / 'a.py'}:3:1: approximated chat.completions.create model — gpt-4o is"
    )
    assert second.startswith(f"{tmp_path / 'a.py'}:3:1: dropped chat.completions.create logprobs — Zhipu")
    assert counted == "1 call in 1 file: 1 dropped, 1 approximated, 1 translated."
    assert models == "Models: gpt-4o → glm-5.2."


def test_a_model_that_stays_is_listed_too(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": FINE})
    _, out = check(str(tmp_path / "a.py"))
    assert "same chat.completions.create model — glm-5.2" in out


def test_quietly_only_what_fails_is_printed(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": LOST, "b.py": REFUSED})
    code, out = check("-q", str(tmp_path))
    assert code == 1
    (line,) = out.splitlines()
    assert line.startswith(f"{tmp_path / 'b.py'}:3:1: refused evals.list — ")
    assert check("-q", str(tmp_path / "a.py")) == (0, "")


def test_a_file_that_cannot_be_parsed_is_reported_and_the_others_are_read(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def f(:\n", "b.py": LOST, "c.py": b"x = 1\x00", "d.py": b"x = '\xff'"})
    code, out = check(str(tmp_path))
    assert code == 2
    assert f"{tmp_path / 'a.py'}: unread — line 1: Python 3." in out
    assert f"{tmp_path / 'b.py'}:3:1: dropped" in out
    assert f"{tmp_path / 'c.py'}: unread" in out
    assert f"{tmp_path / 'd.py'}: unread" in out
    assert "3 of the files could not be read" in out


def test_a_file_that_is_not_there_is_an_error(check: Any, tmp_path: Path) -> None:
    code, out = check(str(tmp_path / "none.py"))
    assert code == 2
    assert "No such file" in out


def test_directories_are_read_without_what_is_not_the_projects_own(check: Any, tmp_path: Path) -> None:
    inner = ("src/a.py", ".venv/b.py", ".git/c.py", "node_modules/d.py", "e/__pycache__/f.py", "env/g.py")
    write(tmp_path, dict.fromkeys(inner, REFUSED))
    write(tmp_path, {"env/pyvenv.cfg": "", "notes.txt": REFUSED})
    (tmp_path / "src" / "round").symlink_to(tmp_path, target_is_directory=True)
    _, out = check("-q", str(tmp_path), str(tmp_path / "src" / "a.py"))
    assert [line.partition(":")[0] for line in out.splitlines()] == [str(tmp_path / "src" / "a.py")]


def test_a_file_in_another_encoding_is_read_by_its_cookie(check: Any, tmp_path: Path) -> None:
    code = f"# -*- coding: gbk -*-\n# 你好\n{REFUSED}"
    write(tmp_path, {"a.py": code.encode("gbk"), "b.py": b"\xef\xbb\xbf" + REFUSED.encode()})
    _, out = check("-q", str(tmp_path))
    assert [line.split(":")[1] for line in out.splitlines()] == ["5", "3"]


def test_a_file_that_is_too_large_is_not_read(
    check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhipu_openai.check.sources.LARGEST", 10)
    write(tmp_path, {"a.py": REFUSED})
    code, out = check(str(tmp_path))
    assert code == 2
    assert "is not read" in out


def test_code_that_is_nested_too_deeply_is_reported(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = " + "-" * 30_000 + "1", "b.py": "x = " + "+".join(["y"] * 5_000)})
    code, _ = check(str(tmp_path / "a.py"))
    assert code == 2
    assert check(str(tmp_path / "b.py"))[0] in (0, 2)


def test_standard_input_is_read(check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(REFUSED.encode())))
    code, out = check("-", "-q")
    assert code == 1
    assert out.startswith("-:3:1: refused")


def notebook(*cells: str) -> str:
    made = [{"cell_type": "markdown", "source": "# Notes"}]
    made += [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": made, "nbformat": 4})


def test_the_code_cells_of_a_notebook_are_one_module(check: Any, tmp_path: Path) -> None:
    cells = (
        "%pip install openai\nfrom openai import OpenAI\nfiles = !ls\nhelp?",
        "%%bash\nls (",
        "client = OpenAI()\n\nawait client.evals.list()",
    )
    write(tmp_path, {"a.ipynb": notebook(*cells)})
    code, out = check("-q", str(tmp_path))
    assert code == 1
    assert out.startswith(f"{tmp_path / 'a.ipynb'}:cell 3:3:7: refused evals.list")


def test_a_cell_that_cannot_be_parsed_is_named_and_the_others_are_read(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.ipynb": notebook("x = (", REFUSED), "b.ipynb": "{}"})
    code, out = check(str(tmp_path))
    assert code == 2
    assert "a.ipynb: unread — cell 1: line 1: " in out
    assert "a.ipynb:cell 2:3:1: refused evals.list" in out
    assert "b.ipynb: unread — It is no notebook" in out


def test_the_json_has_the_form_that_is_documented(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": LOST, "b.py": "def f(:\n"})
    code, out = check("--json", str(tmp_path))
    found = json.loads(out)
    assert code == found["summary"]["exit_code"] == 2
    assert list(found) == ["schema_version", "openai", "region", "endpoint", "strict", "files", "summary"]
    assert found["schema_version"] == 1
    read, unread = found["files"]
    assert unread["errors"]
    (call,) = read["calls"]
    assert {name: call[name] for name in call if name != "findings"} == {
        "line": 3,
        "column": 1,
        "end_line": 3,
        "cell": None,
        "operation": "chat.completions.create",
        "route": "POST /chat/completions",
        "certain": True,
        "model": {"asked": "gpt-4o", "sent": "glm-5.2"},
    }
    for finding in call["findings"]:
        assert list(finding) == ["kind", "field", "detail", "advice", "certain", "depends_on"]
        assert finding["kind"] in Kind.__args__
    assert found["summary"]["models"] == {"gpt-4o": "glm-5.2"}
    assert found["summary"]["kinds"] == {"dropped": 1, "approximated": 1, "translated": 1}


def test_aliases_are_taken_from_the_command_line(check: Any, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": LOST})
    _, out = check("--alias", "gpt-4o=glm-4.7", str(tmp_path))
    assert "Models: gpt-4o → glm-4.7." in out
    with pytest.raises(SystemExit) as ended:
        check("--alias", "gpt-4o", str(tmp_path))
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("from openai import OpenAI\nOpenAI(organization='org-1')", "note OpenAI(...) organization"),
        ("from openai import OpenAI\nOpenAI(api_key='sk-abcdef')", "note OpenAI(...) api_key"),
        ("from openai import OpenAI\nOpenAI(data_residency='eu')", "refused OpenAI(...) data_residency"),
        (
            "from openai import OpenAI\nOpenAI(base_url='https://api.openai.com/v1')",
            "refused OpenAI(...) base",
        ),
        ("from openai import OpenAI\nOpenAI(base_url='https://x:y@llm.example/v1')", "goes to llm.example;"),
        (
            "import os\nfrom openai import OpenAI\nOpenAI(base_url=os.environ['B'])",
            "unknown OpenAI(...) base",
        ),
        ("import openai\nopenai.AzureOpenAI()", "elsewhere AzureOpenAI(...)"),
        ("import openai\nopenai.api_base = 'x'", "absent openai.api_base — openai has no api_base"),
        ("import openai\ntry: ...\nexcept openai.error.RateLimitError: ...", "such as openai.RateLimitError"),
        ("from langchain_openai import ChatOpenAI\nChatOpenAI()", "http_client=zhipu_openai.http_client()"),
    ],
)
def test_what_is_around_the_calls_is_said_too(check: Any, tmp_path: Path, code: str, words: str) -> None:
    write(tmp_path, {"a.py": code})
    _, out = check(str(tmp_path))
    assert words in out
    assert "abcdef" not in out
    assert "x:y" not in out


def test_current_names_of_openai_are_not_absent(check: Any, tmp_path: Path) -> None:
    names = "openai.RateLimitError, openai.types, openai.NOT_GIVEN, openai.__version__, openai.helpers"
    write(tmp_path, {"a.py": f"import openai\nopenai.api_key = 'k'\nprint({names})"})
    assert check(str(tmp_path))[1] == "0 calls in 1 file: nothing to say.\n"


def test_the_code_is_not_run_and_the_rules_are_read_when_they_are_needed(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import sys\nsys.exit('run')\n", "openai.py": "raise SystemExit('imported')"})
    script = (
        "import sys\nfrom zhipu_openai.cli import main\ncode = main(['check', 'a.py'])\n"
        "print(code, [name for name in ('zhipu_openai.check.rules', 'zhipu_openai.catalogue') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-P" if sys.version_info >= (3, 11) else "-E", "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""} if sys.version_info >= (3, 11) else None,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 []"
