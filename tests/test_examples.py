"""Every example runs to its end on the stand-in, and with a key against a served one."""

from __future__ import annotations

import json
import os
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import fresh_python
import openai
import pytest
from openai import OpenAI

if TYPE_CHECKING:
    import subprocess

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"

SHOWS = {
    "quickstart.py": "No key found: the embedded stand-in answers, not a model.",
    "streaming.py": "[thinks] ",
    "tools.py": 'get_weather({"city":"Beijing"})',
    "structured_output.py": "Answer: ",
    "vision.py": "stand-in",
    "speech.py": "Streamed: 2.4 seconds of sound",
    "transcription.py": "00:00:00,000 --> ",
    "many_at_once.py": "8 answers in ",
    "batch.py": "Beijing: [stand-in]",
    "fleet_batch.py": "6 rows asked, 0 failed, 0 were there already",
    "fleet_dask.py": "6 rows asked, 0 failed, 0 were there already",
    "files.py": "Gone: file_not_found",
    "images.py": "bytes of png in 1024x1536",
    "videos.py": "Saved the thumbnail",
    "realtime_text.py": "Answer: [stand-in]",
    "error_handling.py": "NotFoundError: status 404, code model_not_found",
    "embeddings.py": "Nearest: The high-speed train",
    "moderations.py": "flagged  violence",
    "completions.py": "1: [stand-in]",
    "zhipu_tools.py": "Parsed (succeeded): ['# Notes', '', 'Buy milk.']",
    "zhipu_media.py": "Own voices: ['narrator']",
    "zhipu_documents.py": "Content safety: [('PASS', [])]",
    "zhipu_jobs.py": "Name a sea. SUCCESS: ",
    "vector_stores.py": "1 of 1 files can be searched",
    "zhipu_agents.py": "subtitle_translation_agent is retired",
    "zhipu_platform.py": "FinAgent: client.zhipu.finance.due_diligence_report is retired",
    "knowledge.py": "a book may be kept for four weeks",
    "responses.py": "Then: [stand-in]",
}
"""What each example prints, in part."""

NEEDS = {
    "realtime_text.py": "websockets",
    "fleet_dask.py": "distributed",
}
"""The module that an example cannot do without: of an extra, or what the example says to install."""


def run(
    name: str, directory: Path, *, arguments: tuple[str, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "ZHIPU", "ZAI_"))
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}
    return fresh_python.run([str(EXAMPLES / name), *arguments], directory=directory, environment=environment)


def test_every_example_is_known() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == SHOWS.keys()


@pytest.mark.parametrize("name", SHOWS)
def test_the_example_runs_on_the_standin(name: str, tmp_path: Path) -> None:
    if name == "videos.py" and not hasattr(OpenAI, "videos"):
        pytest.skip("this openai has no videos")
    if name == "realtime_text.py" and not hasattr(openai.OpenAI, "realtime"):
        pytest.skip("this openai has no client.realtime")
    done = run(name, tmp_path, ZHIPU_REGION="standin")
    needed = NEEDS.get(name)
    if needed is not None and find_spec(needed) is None:
        assert f"No module named '{needed}'" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert SHOWS[name] in done.stdout


@pytest.mark.parametrize("name", ["fleet_batch.py", "fleet_dask.py"])
def test_a_fleet_goes_on_where_it_stopped_and_keeps_errors_beside_their_rows(
    name: str, tmp_path: Path
) -> None:
    from zhipu_openai.standin import BackgroundServer, StandIn

    if name == "fleet_dask.py":
        pytest.importorskip("distributed")
    rows = [{"id": f"row-{number:03}", "text": f"Text {number}"} for number in range(3)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    before = {**rows[1], "answer": "neutral", "error": None, "model": "glm-4.5-air"}
    (tmp_path / "out.jsonl").write_text(json.dumps(before) + '\n{"id": "row-0')
    service = StandIn()
    if name == "fleet_dask.py":
        service.fail("1301")
    with BackgroundServer(service) as server:
        (tmp_path / ".env").write_text(f"ZHIPU_API_KEY=someid.somesecret\nZHIPU_BASE_URL={server.base_url}\n")
        done = run(name, tmp_path, arguments=("rows.jsonl", "out.jsonl"))
    assert done.returncode == 0, done.stderr
    assert "2 rows asked" in done.stdout
    assert "1 were there already" in done.stdout
    text = (tmp_path / "out.jsonl").read_text("utf-8")
    assert "somesecret" not in text + done.stdout + done.stderr
    cut, *lines = [line for line in text.splitlines() if line != json.dumps(before)]
    assert cut == '{"id": "row-0'
    written = [before, *map(json.loads, lines)]
    assert {row["id"] for row in written} == {row["id"] for row in rows}
    assert all(row.keys() == before.keys() for row in written)
    failed = [row for row in written if row["error"] is not None]
    assert len(failed) == (name == "fleet_dask.py")
    assert all(row["answer"] is None and row["error"]["code"] for row in failed)


def test_the_quickstart_needs_no_variable_at_all(tmp_path: Path) -> None:
    done = run("quickstart.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert SHOWS["quickstart.py"] in done.stdout
    assert "Answer: [stand-in]" in done.stdout


def test_the_quickstart_uses_a_key_and_base_url_of_the_dotenv_file(tmp_path: Path) -> None:
    from zhipu_openai.standin import BackgroundServer, StandIn

    service = StandIn()
    with BackgroundServer(service) as server:
        address = server.base_url
        (tmp_path / ".env").write_text(f"ZHIPU_API_KEY=someid.somesecret\nZHIPU_BASE_URL={address}\n")
        done = run("quickstart.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"Asking {address}" in done.stdout
    assert "No key found" not in done.stdout
    assert [request.json["model"] for request in service.requests] == ["glm-4.5-air"]
    assert "somesecret" not in done.stdout + done.stderr


def test_the_test_suite_of_a_users_program_passes(tmp_path: Path) -> None:
    plugin = () if plugin_installed() else ("-p", "zhipu_openai.standin.pytest_plugin")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    # The user's own settings, not those of this repository.
    settings = tmp_path / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    done = fresh_python.run(
        [
            "-m",
            "pytest",
            "-q",
            "-c",
            str(settings),
            "-p",
            "no:cacheprovider",
            *plugin,
            str(EXAMPLES / "testing"),
        ],
        directory=tmp_path,
        environment={**environment, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout


def plugin_installed() -> bool:
    points = entry_points(group="pytest11")
    return any(point.value == "zhipu_openai.standin.pytest_plugin" for point in points)
