"""``python -m zhipu_openai serve``: what it listens on, to whom, and what it says."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from conftest import KEY

from zhipu_openai.cli import main
from zhipu_openai.cli import serve as command
from zhipu_openai.serve.tokens import SHORTEST, VARIABLE, checked, find_token, new_token

if TYPE_CHECKING:
    from pathlib import Path

    from zhipu_openai.serve import Application

TOKEN = "a-token-of-twenty-two"


class Started:
    """What would have been served."""

    app: Application
    address: tuple[str, int]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Keep what a command would serve, instead of serving it."""
    kept = Started()

    def keep(app: Application, listener: socket.socket) -> None:
        kept.app, kept.address = app, listener.getsockname()[:2]
        listener.close()

    monkeypatch.setattr(command, "serve", keep)
    monkeypatch.setattr(command, "_log", lambda **_: None)
    return kept


def serve(*words: str) -> int:
    return main(["serve", "--standin", "--port", "0", *words])


def test_it_listens_on_this_machine_alone_and_says_where(
    started: Started, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve() == 0
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert out.count("\n") == 1
    assert said == {
        "base_url": f"http://127.0.0.1:{started.address[1]}/v1",
        "host": "127.0.0.1",
        "port": started.address[1],
    }
    assert "any key" in err
    assert started.app.access.token is None
    assert not started.app.access.any_host


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - the point of the test
def test_other_machines_are_served_only_with_a_token(
    host: str, started: Started, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if host == "::" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    assert serve("--host", host) == 1
    assert VARIABLE in capsys.readouterr().err
    assert not hasattr(started, "app")
    monkeypatch.setenv(VARIABLE, TOKEN)
    assert serve("--host", host) == 0
    assert started.app.access.token is not None
    assert started.app.access.any_host
    assert TOKEN not in "".join(capsys.readouterr())


def test_a_token_is_made_and_shown_once(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve("--generate-token") == 0
    out, err = capsys.readouterr()
    assert started.app.access.token is not None
    token = started.app.access.token.get_secret_value()
    assert (token in out, err.count(token)) == (False, 1)
    assert len(token) > SHORTEST
    assert new_token() != new_token()


def test_the_token_comes_from_a_file_the_environment_or_a_dotenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_token() is None
    (tmp_path / ".env").write_text(f"{VARIABLE}=dotenv-{TOKEN}\n")
    file = tmp_path / "token"
    file.write_text(f"file-{TOKEN}\n")

    def found(name: str | None = None) -> str:
        token = find_token(name)
        assert token is not None
        assert TOKEN not in repr(token)
        return token.get_secret_value()

    assert found() == f"dotenv-{TOKEN}"
    monkeypatch.setenv(VARIABLE, f" environment-{TOKEN} ")
    assert found() == f"environment-{TOKEN}"
    assert found(str(file)) == f"file-{TOKEN}"


@pytest.mark.parametrize(
    "text", ["", "short", f"{TOKEN} {TOKEN}", f"{TOKEN}\n{TOKEN}", f"{TOKEN}密", f"{TOKEN}\x00"]
)
def test_what_cannot_be_a_token_is_refused_unquoted(text: str) -> None:
    with pytest.raises(ValueError, match="the file x") as raised:
        checked(text, "the file x")
    assert not text or text not in str(raised.value)


def test_the_options_reach_the_client_and_the_limits(started: Started) -> None:
    words = (
        "--responses=translate --on-adaptation=error --model-alias gpt-4o=glm-5.3 --model-alias a=b=c "
        "--max-concurrency 3 --max-body 2M --limit-connections 9 --header-timeout 2 --body-timeout 3 --grace 4 "
        "--allow-host Desk.lan --cors https://app.example"
    )
    assert serve(*words.split()) == 0
    app = started.app
    config = app.client.boundary.core.config
    assert (config.responses, config.policy) == ("translate", "error")
    assert config.model_aliases == {"gpt-4o": "glm-5.3", "a": "b=c"}
    assert app.client.boundary.limit._most == 3
    limits = app.limits
    assert (limits.max_body, limits.connections, limits.grace) == (2 * 1024 * 1024, 9, 4)
    assert (limits.header_timeout, limits.body_timeout) == (2, 3)
    assert app.access.hosts == {"desk.lan"}
    assert app.access.origins == {"https://app.example"}


@pytest.mark.parametrize(
    "words",
    [
        ["--model-alias", "a"],
        ["--cors", "*"],
        ["--cors", "example"],
        ["--limit-connections", "0"],
        ["--header-timeout", "0"],
        ["--token-file", "/nowhere/at/all"],
        ["--max-concurrency", "0"],
    ],
)
def test_what_cannot_be_served_so_is_said(
    words: list[str], started: Started, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(*words) == 1
    assert capsys.readouterr().err.strip()
    assert not hasattr(started, "app")


def test_without_a_key_nothing_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0"]) == 1
    assert "No API key" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--standin", "--port", str(taken.getsockname()[1])]) == 1
    assert "in use" in capsys.readouterr().err
    assert not hasattr(started, "app")


def test_the_key_is_never_shown(
    started: Started, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    assert main(["serve", "--port", "0"]) == 0
    assert KEY.partition(".")[2] not in "".join(capsys.readouterr()) + repr(vars(started.app))


@pytest.mark.parametrize("missing", ["uvicorn"])
def test_without_the_extra_the_error_names_it(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from zhipu_openai import _uvicorn

    def refuse(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=missing)

    monkeypatch.setattr(_uvicorn, "import_module", refuse)
    assert serve() == 1
    assert "zhipu-openai[server]" in capsys.readouterr().err
