"""Error codes can be looked up: what they mean, what OpenAI would have raised, and what to do."""

from __future__ import annotations

import openai
import pytest

from zhipu_openai import errors
from zhipu_openai.library import openai_library


def test_a_code_is_looked_up_as_text_or_number() -> None:
    row = errors.lookup(1113)
    assert row is errors.lookup("1113")
    assert (row.exception, row.status, row.openai_code) == ("RateLimitError", 429, "insufficient_quota")
    assert not row.retry
    assert "coding" in row.advice_en
    assert "充值" in row.advice_zh


def test_every_code_has_all_its_columns() -> None:
    for row in errors.every_code():
        assert errors.lookup(row.code) is row
        assert all((row.meaning_en, row.meaning_zh, row.advice_en, row.advice_zh, row.source)), row.code


def test_the_exception_is_the_one_that_openai_raises_for_the_status() -> None:
    http = openai_library().module
    request = http.Request("POST", "https://open.bigmodel.cn/")
    with openai.OpenAI(api_key="unused") as client:
        for row in errors.every_code():
            answer = http.Response(row.status, request=request)
            raised = client._make_status_error("no", body={}, response=answer)
            assert type(raised).__name__ == row.exception, row.code


def test_a_finish_reason_that_is_a_failure_is_looked_up_too() -> None:
    assert errors.lookup("network_error").exception == "InternalServerError"


def test_an_unknown_code_is_an_error_that_says_so() -> None:
    with pytest.raises(errors.CodeNotFoundError, match="9999"):
        errors.lookup("9999")
