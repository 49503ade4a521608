"""``chat --usage`` says what was used and what it costs, on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli_helpers import serving

from zhipu_openai.cli import main

if TYPE_CHECKING:
    import pytest


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    assert main(["chat", "Hi", "--usage", *words]) == 0
    out, err = capsys.readouterr()
    return out, err


def test_tokens_and_cost_follow_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, "--standin", "--model", "gpt-4o")
    assert "stand-in" in out
    assert "Tokens:" not in out
    assert "Tokens: 1 input (0 cached)" in err
    assert "CNY = 1 input 0.000008" in err
    assert "(glm-5.2 at bigmodel.cn; price seen" in err


def test_an_unknown_price_is_said_and_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told(capsys, "--standin", "--model", "glm-4.6")
    assert "Cost: No price of glm-4.6 is known" in err


def test_a_free_model_is_said_to_be_free(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told(capsys, "--standin")
    assert "free of charge" in err


def test_nothing_is_said_without_being_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chat", "Hi", "--standin"]) == 0
    told = capsys.readouterr().err
    assert "Tokens" not in told
    assert "used" not in told


def test_another_address_has_no_price(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch):
        _, err = told(capsys)
    assert "this address is not Zhipu's" in err
