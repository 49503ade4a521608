"""``explain`` looks up codes, models and parameters, in both languages and as JSON."""

from __future__ import annotations

import json

import pytest

from zhipu_openai import catalogue, errors, parameters
from zhipu_openai.cli import main
from zhipu_openai.cli.explain_words import KINDS, LABELS, WORDS


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "1113")
    assert "meaning      no balance and no resource package" in out
    assert "exception    openai.RateLimitError, HTTP 429" in out
    assert "2026-07-11" in out


def test_a_code_is_explained_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "1305", "--lang", "zh")
    assert "含义           该模型当前访问量过大" in out
    assert "是否重试       是 (2, 5, 15, 30, 60 s)" in out


def test_a_model_is_explained_with_its_prices(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "glm-5.1")
    assert "context         204,800" in out
    assert "bigmodel.cn: input 8, cached 2, output 28 CNY / million tokens (input ≥ 32,000)" in out
    assert "z.ai: input 1.4, cached 0.26, output 4.4 USD / million tokens" in out


def test_a_name_of_openais_is_explained_by_the_model_that_serves_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = printed(capsys, "gpt-4o")
    assert out.startswith("model           glm-5.2\n")
    assert "asked as        gpt-4o" in out


@pytest.mark.parametrize(
    ("name", "says"),
    [("glm-image", "0.1 CNY / image"), ("glm-4.7-flash", "free of charge"), ("glm-4", "not known")],
)
def test_a_price_of_any_kind_is_said(capsys: pytest.CaptureFixture[str], name: str, says: str) -> None:
    assert says in printed(capsys, name)


def test_a_parameter_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "client.chat.completions.create", "temperature", "--lang", "zh")
    assert "处理方式  近似" in out
    assert "智谱收到  0 至 1，保留两位小数。" in out
    assert "取值范围  0 至 1；" in out


def test_an_operation_gives_all_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "embeddings.create")
    assert out.count("operation   embeddings.create") == len(parameters.fields("embeddings.create"))


def test_a_field_alone_is_found_in_every_operation_that_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "response_format")
    assert "chat.completions.create" in out
    assert "images.generate" in out


def test_nothing_lists_all_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys)
    for word in (*errors.CODES, *catalogue.MODELS, *parameters.OPERATIONS):
        assert f"  {word}" in out


def test_json_has_both_languages_and_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, "1113", "--json"))
    assert (found["code"], found["exception"], found["seen"]) == ("1113", "RateLimitError", "2026-07-11")
    assert found["advice_zh"]
    model = json.loads(printed(capsys, "glm-5.2", "--json"))
    assert model["prices"][0]["input"] == "8"
    assert model["inputs"] == ["text"]
    field = json.loads(printed(capsys, "images.generate", "n", "--json"))
    assert field["range"]["most"] == 10
    assert len(json.loads(printed(capsys, "--json"))) > 300


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["11133"], "Close to it: 1113"),
        (["1114", "--lang", "zh"], "没有关于 1114 的记录"),
        (["chat.completions.create", "nonsense"], "no row for nonsense"),
        (["nonsense.create", "n"], "No operation"),
    ],
)
def test_what_is_not_known_is_said_on_standard_error(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert main(["explain", *words]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err


def test_every_word_is_there_in_both_languages() -> None:
    for table in (KINDS, LABELS, WORDS):
        assert all(row["en"] and row["zh"] for row in table.values())
    for model in catalogue.MODELS.values():
        assert model.kind in KINDS
        assert model.thinking in WORDS
        assert model.status in WORDS
        assert model.inputs <= WORDS.keys()
