"""The command line, in process on the stand-in."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli_helpers import KEY, Terminal, serving

from zhipu_openai import OpenAI
from zhipu_openai.cli import main

if TYPE_CHECKING:
    from zhipu_openai.standin import StandIn

ROOT = Path(__file__).parents[2]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch):
    """A served stand-in, named by the environment together with a key."""
    with serving(monkeypatch) as service:
        yield service


def test_chat_prints_the_answer(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    served.say("Because of Rayleigh scattering.", reasoning="Blue light scatters more.")
    assert main(["chat", "Why is the sky blue?", "--system", "Be brief.", "--model", "glm-5.2"]) == 0
    assert capsys.readouterr().out == "Because of Rayleigh scattering.\n"
    sent = served.requests[-1].json
    assert sent["stream"] is True
    assert sent["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why is the sky blue?"},
    ]


def test_chat_shows_thoughts_dim_on_a_terminal(monkeypatch: pytest.MonkeyPatch, served: StandIn) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    served.say("Yes.", reasoning="Hmm.")
    assert main(["chat", "Sure?"]) == 0
    assert terminal.getvalue() == "\x1b[2mHmm.\x1b[0m\n\nYes.\n"


def test_chat_hides_thoughts_when_told_to(monkeypatch: pytest.MonkeyPatch, served: StandIn) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    served.say("Yes.", reasoning="Hmm.")
    assert main(["chat", "Sure?", "--hide-reasoning"]) == 0
    assert terminal.getvalue() == "Yes.\n"


def test_chat_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], served: StandIn
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("What is this?\n"))
    served.say("A question.")
    assert main(["chat", "-"]) == 0
    assert served.requests[-1].json["messages"][0]["content"] == "What is this?\n"
    assert capsys.readouterr().out == "A question.\n"


def test_chat_says_what_to_do_when_the_account_is_empty(
    capsys: pytest.CaptureFixture[str], served: StandIn
) -> None:
    served.fail("1113")
    assert main(["chat", "Hello"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "coding" in err
    assert KEY not in err
    assert len(served.requests) == 1


def test_chat_says_when_an_answer_was_cut(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    served.say("One two", finish_reason="length")
    assert main(["chat", "Count", "--max-tokens", "2"]) == 0
    assert "--max-tokens raises it" in capsys.readouterr().err


def test_chat_without_a_key_names_the_variables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chat", "Hello"]) == 1
    assert "ZHIPU_API_KEY" in capsys.readouterr().err


def test_chat_on_the_standin_needs_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chat", "Hello", "--standin"]) == 0
    assert "stand-in" in capsys.readouterr().out


def test_chat_without_anything_to_ask_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" "))
    with pytest.raises(SystemExit) as ended:
        main(["chat"])
    assert ended.value.code == 2


def test_doctor_names_what_won_and_tries_it_without_showing_the_key(
    capsys: pytest.CaptureFixture[str], served: StandIn
) -> None:
    assert main(["doctor"]) == 0
    out, err = capsys.readouterr()
    assert "key           from environment variable ZHIPU_API_KEY" in out
    assert "GET /models answered with" in out
    assert "topsecret" not in out + err
    assert "someid" not in out + err
    assert [request.path for request in served.requests] == ["/api/paas/v4/models"]


def test_doctor_offline_sends_nothing(capsys: pytest.CaptureFixture[str], served: StandIn) -> None:
    assert main(["doctor", "--offline"]) == 0
    assert "GET /models" not in capsys.readouterr().out
    assert served.requests == []


def test_doctor_explains_a_refused_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, served: StandIn
) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", "nodotinthiskey")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "failed with status 401" in out
    assert "nodotinthiskey" not in out
    assert len(served.requests) == 1


def test_doctor_without_a_key_fails_and_says_where_it_looked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    assert "Looked at:" in capsys.readouterr().out


def test_doctor_says_when_nobody_listens(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    monkeypatch.setenv("ZHIPU_BASE_URL", "http://127.0.0.1:9/api/paas/v4")
    assert main(["doctor"]) == 1
    assert "failed: Connection error. (ConnectError" in capsys.readouterr().out


def test_doctor_says_what_is_wrong_with_a_base_url(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    monkeypatch.setenv("ZHIPU_BASE_URL", "http://example.com/v4")
    assert main(["doctor"]) == 1
    assert "unusable" in capsys.readouterr().out


def test_standin_lists_its_quirks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standin", "--quirks"]) == 0
    assert "error_in_200" in capsys.readouterr().out


def test_standin_refuses_a_quirk_it_does_not_know() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["standin", "--quirk", "nonsense"])
    assert ended.value.code == 2


def test_an_unknown_command_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["frobnicate"])
    assert ended.value.code == 2


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "doctor" in capsys.readouterr().out


def test_standin_serves_on_a_free_port(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "zhipu_openai", "standin", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            address = line.split()[5]
            assert address.startswith("http://127.0.0.1:")
            with OpenAI(api_key=KEY, base_url=address, max_retries=9) as client:
                assert "glm-5.2" in {model.id for model in client.models.list()}
        finally:
            server.terminate()
