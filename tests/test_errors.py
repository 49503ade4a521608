"""Every failure Zhipu reports becomes the answer that OpenAI would have given."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import sys
from dataclasses import FrozenInstanceError
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import openai
import pytest
from hypothesis import given, settings

from zhipu_openai import errors
from zhipu_openai._error_codes import STATUSES
from zhipu_openai._error_wordings import PARAM_SHAPES, SITE_ADVICE, WORDINGS
from zhipu_openai.errors import (
    CODES,
    STREAM_ENDINGS,
    ErrorAnswer,
    Failure,
    as_markdown,
    details,
    error_from_body,
    openai_error,
    parse_reset,
    read_failure,
    refusal,
    stream_failure,
)

if TYPE_CHECKING:
    from collections.abc import Callable

http = importlib.import_module(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])
"""The HTTP library of the installed openai: httpx, or httpx2 from openai 3 on."""

BEIJING = timezone(timedelta(hours=8))

DOCUMENTED = {
    "1000": 401, "1001": 401, "1003": 401, "1005": 401, "1113": 429, "1200": 500, "1210": 400, "1211": 400,
    "1212": 400, "1213": 400, "1214": 400, "1215": 400, "1220": 403, "1221": 400, "1222": 400, "1230": 500,
    "1234": 500, "1261": 400, "1301": 400, "1302": 429, "1305": 429, "1308": 429, "1309": 429, "1310": 429,
    "1311": 429, "1313": 429, "1314": 429, "1315": 429, "1316": 429, "1317": 429, "1318": 429, "1319": 429,
    "1320": 429, "1321": 429,
}  # fmt: skip
"""docs.bigmodel.cn error codes, 2026-07-11: each code with Zhipu's own HTTP status."""

MOVED = {"1211": 404, "1221": 404, "1222": 404, "1311": 403, "1315": 403}
"""Where OpenAI uses another status than Zhipu."""

OLDER = (
    "1002",
    "1004",
    "1100",
    "1110",
    "1111",
    "1112",
    "1120",
    "1121",
    "1231",
    "1300",
    "1303",
    "1304",
    "1312",
)
WORDS = (
    "invalid_request", "model_not_found", "not_implemented", "request_too_large", "authentication_error",
    "invalid_api_key", "expired", "permission_denied", "context_length_exceeded", "rate_limit_exceeded",
    "insufficient_quota", "quota_exceeded", "usage_limit_reached", "usage_not_included", "server_error",
    "server_is_overloaded", "overloaded", "slow_down", "content_filter", "cyber_policy",
)  # fmt: skip
"""The codes of the Responses API, as documented."""


def body_of(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def answer_to(status: int, value: object, **options: Any) -> ErrorAnswer:
    answer = error_from_body(status, body_of(value), **options)
    assert answer is not None
    return answer


def error_of(status: int, value: object, **options: Any) -> dict[str, Any]:
    error: dict[str, Any] = answer_to(status, value, **options).body["error"]
    return error


def saved_page_codes() -> dict[str, int]:
    """Read the codes of a saved copy of Zhipu's page, when ZHIPU_SAVED_PAGES names the folder it is in."""
    page = Path(os.environ.get("ZHIPU_SAVED_PAGES", "saved-pages")) / "api-errors-2026-07-11.md"
    if not page.exists():
        return DOCUMENTED
    return {
        code: int(status)
        for code, status in re.findall(r"^\| (\d{4}) +\| (\d{3}) ", page.read_text("utf-8"), re.MULTILINE)
    }


# The table


def test_the_table_has_every_documented_code_and_no_other_status_than_openai_would_use() -> None:
    assert saved_page_codes() == DOCUMENTED
    assert {code: CODES[code].status for code in DOCUMENTED} == {**DOCUMENTED, **MOVED}


def test_the_table_has_the_older_codes_the_undocumented_ones_and_the_words_of_the_responses_api() -> None:
    others = (
        "400",
        "401",
        "404",
        "434",
        "435",
        "500",
        "1233",
        "1701",
        "1702",
        "1703",
        "100013",
        "model_access_denied",
    )
    assert set(CODES) == {*DOCUMENTED, *OLDER, *WORDS, *others}


@pytest.mark.parametrize(
    "row", [*CODES.values(), *STATUSES.values(), *STREAM_ENDINGS.values()], ids=lambda row: row.code
)
def test_every_row_is_complete_and_consistent(row: errors.ErrorCode) -> None:
    assert 400 <= row.status < 600
    assert row.retry == bool(row.waits)
    assert list(row.waits) == sorted(row.waits)
    assert all(0 < wait <= 60 for wait in row.waits)
    assert row.advice_en.endswith(".")
    assert row.advice_zh.endswith("。")
    assert row.meaning_en
    assert row.meaning_zh
    assert row.source
    assert date(2025, 1, 1) < row.seen <= date(2026, 11, 23)


def test_every_row_lies_under_its_own_code() -> None:
    for table in (CODES, STATUSES, STREAM_ENDINGS):
        assert all(code == row.code for code, row in table.items())


def test_only_bursts_overload_and_faults_of_the_service_are_retried() -> None:
    assert {code for code, row in CODES.items() if row.retry} == {
        "1302", "1303", "1305", "1312", "1701", "rate_limit_exceeded",
        "overloaded", "server_is_overloaded", "slow_down",
        "1100", "1120", "1200", "1230", "1234", "500", "server_error",
    }  # fmt: skip


@pytest.mark.parametrize("code", ["1113", "1304", "1308", "1310", *(str(code) for code in range(1316, 1322))])
def test_a_used_up_allowance_is_insufficient_quota(code: str) -> None:
    error = error_of(429, {"error": {"code": code, "message": "x"}})
    assert (error["type"], error["code"]) == ("insufficient_quota", "insufficient_quota")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1002", (401, "invalid_request_error", "invalid_api_key")),
        ("1112", (401, "invalid_request_error", "account_deactivated")),
        ("1210", (400, "invalid_request_error", "invalid_value")),
        ("1212", (400, "invalid_request_error", "unsupported_value")),
        ("1213", (400, "invalid_request_error", "missing_required_parameter")),
        ("1215", (400, "invalid_request_error", "mutually_exclusive_parameters")),
        ("1220", (403, "invalid_request_error", "permission_denied")),
        ("1231", (409, "invalid_request_error", None)),
        ("1233", (404, "invalid_request_error", None)),
        ("1234", (500, "server_error", None)),
        ("1261", (400, "invalid_request_error", "context_length_exceeded")),
        ("1302", (429, "requests", "rate_limit_exceeded")),
        ("1305", (429, "server_error", "server_is_overloaded")),
        ("1309", (429, "billing_not_active", "billing_not_active")),
        ("1311", (403, "invalid_request_error", "model_not_found")),
        ("1313", (429, "requests", "fair_usage_policy")),
        ("435", (413, "invalid_request_error", "request_too_large")),
        ("100013", (404, "invalid_request_error", None)),
    ],
)
def test_a_code_has_openais_status_type_and_code_whatever_the_http_status_was(
    code: str, expected: tuple[int, str, str | None]
) -> None:
    for status in (200, 400, 429, 500):
        answer = answer_to(status, {"error": {"code": code, "message": "x"}})
        error = answer.body["error"]
        assert (answer.status, error["type"], error["code"]) == expected
        assert error["zhipu"]["code"] == code


def test_the_markdown_has_a_line_for_every_row() -> None:
    lines = as_markdown().splitlines()
    assert len(lines) == 2 + len(CODES) + len(STREAM_ENDINGS)
    assert {line.count(" | ") for line in lines} == {7}
    assert lines[0].startswith("| Zhipu | HTTP | type | code |")
    overload = next(line for line in lines if line.startswith("| `1305` |"))
    assert overload.startswith(
        "| `1305` | 429 | `server_error` | `server_is_overloaded` | 2, 5, 15, 30, 60 | "
    )
    assert overload.endswith("| docs.bigmodel.cn error codes, 2026-07-11 (2026-07-11) |")
    assert "| `1261` | 400 | `invalid_request_error` | `context_length_exceeded` | no | " in as_markdown()


# Recorded bodies

QUOTA = (429, "insufficient_quota", "insufficient_quota", None, False)
BAD_KEY = (401, "invalid_request_error", "invalid_api_key", None, False)
NO_MODEL = (404, "invalid_request_error", "model_not_found", "model", False)
TOO_LONG = (400, "invalid_request_error", "context_length_exceeded", None, False)
OVERLOADED = (429, "server_error", "server_is_overloaded", None, True)
INVALID = (400, "invalid_request_error", "invalid_value", None, False)
BAD_MAX_TOKENS = (400, "invalid_request_error", "invalid_value", "max_tokens", False)
NO_URL = (404, "invalid_request_error", "unknown_url", None, False)
BUSY = "该模型当前访问量过大，请您稍后再试"
ALWAYS_THINKS = "该模型始终思考，不支持关闭思考；请使用 low、high 或 max。"
MAX_TOKENS = "max_tokens参数非法：限制数值范围[1,98304]"
NO_BALANCE = "余额不足或无可用资源包,请充值。"
NO_BALANCE_EN = "Insufficient balance or no resource package. Please recharge."

RECORDED: list[tuple[int, dict[str, Any], tuple[Any, ...]]] = [
    (401, {"error": {"code": "1001", "message": "Authorization Token Missing"}}, BAD_KEY),
    (401, {"error": {"code": "1000", "message": "身份验证失败。"}}, BAD_KEY),
    (401, {"error": {"code": "401", "message": "令牌已过期或验证不正确"}}, BAD_KEY),
    (429, {"error": {"code": "1113", "message": NO_BALANCE_EN}}, QUOTA),
    (429, {"error": {"code": "1113", "message": NO_BALANCE}}, QUOTA),
    (400, {"error": {"code": "1211", "message": "Unknown Model, please check the model code."}}, NO_MODEL),
    (400, {"error": {"code": "1211", "message": "模型不存在，请检查模型代码。"}}, NO_MODEL),
    (400, {"error": {"code": "1261", "message": "Prompt exceeds max length"}}, TOO_LONG),
    (429, {"error": {"code": "1305", "message": BUSY}}, OVERLOADED),
    (400, {"error": {"code": "1210", "message": MAX_TOKENS}}, BAD_MAX_TOKENS),
    (400, {"error": {"code": "1210", "message": ALWAYS_THINKS}}, INVALID),
    (
        429,
        {
            "error": {
                "code": "1308",
                "message": "Usage limit reached for 5 hour. Your limit will reset at 2026-09-09 05:38:28",
            }
        },
        QUOTA,
    ),
    (
        429,
        {
            "type": "error",
            "error": {
                "type": "rate_limit_error",
                "code": "1308",
                "message": "[1308][Usage limit reached for 5 hour. Your limit will reset at 2026-09-12 00:35:41]"
                "[20260912001903b4955568412247d7]",
            },
            "request_id": "20260912001903b4955568412247d7",
        },
        QUOTA,
    ),
    (
        404,
        {
            "timestamp": "2026-06-08T06:12:47.210+00:00",
            "status": 404,
            "error": "Not Found",
            "path": "/v4/v1/chat/completions",
        },
        NO_URL,
    ),
    (
        200,
        {
            "id": "2026071106202516f8db3a3eaf460f",
            "agent_id": "general_translation",
            "status": "failed",
            "error": {
                "code": "1113",
                "message": "Your account balance is insufficient. Please recharge and try again.",
            },
        },
        QUOTA,
    ),
    (
        200,
        {
            "agent_id": "intelligent_education_correction_polling",
            "async_id": "nonexistent-async-id",
            "status": "failed",
            "error": {"code": "400", "message": "custom_variables is required"},
        },
        (400, "invalid_request_error", None, "custom_variables", False),
    ),
    (
        200,
        {
            "msg": "Required request parameter 'file_type' for method parameter type String is not present",
            "code": 500,
        },
        (400, "invalid_request_error", "missing_required_parameter", "file_type", False),
    ),
    (200, {"code": 1000, "msg": "身份验证失败。", "success": False}, BAD_KEY),
    (
        200,
        {"code": 1001, "msg": "Header中未收到Authorization参数，无法进行身份验证。", "success": False},
        BAD_KEY,
    ),
    (200, {"code": 500, "msg": "404 NOT_FOUND", "success": False}, NO_URL),
    (200, {"code": 100013, "message": "知识库不存在"}, (404, "invalid_request_error", None, None, False)),
    (200, {"code": 400, "message": "请选择知识库"}, (400, "invalid_request_error", None, None, False)),
    (200, {"error": {"code": "1305", "message": BUSY}}, OVERLOADED),
    (
        400,
        {
            "error": {
                "code": "model_not_found",
                "message": "模型不存在，请检查模型代码。",
                "param": None,
                "type": "model_not_found",
            }
        },
        NO_MODEL,
    ),
    (
        400,
        {
            "error": {
                "code": "invalid_request",
                "message": MAX_TOKENS,
                "param": None,
                "type": "invalid_request",
            }
        },
        BAD_MAX_TOKENS,
    ),
    (
        400,
        {
            "error": {
                "code": "invalid_request",
                "message": "图片输入格式/解析错误",
                "param": None,
                "type": "invalid_request",
            }
        },
        INVALID,
    ),
    (400, {"error": {"code": "context_length_exceeded", "message": "Prompt exceeds max length"}}, TOO_LONG),
    (
        429,
        {"error": {"code": "overloaded", "message": BUSY, "param": None, "type": "overloaded"}},
        OVERLOADED,
    ),
    (
        429,
        {
            "error": {
                "code": "insufficient_quota",
                "message": NO_BALANCE,
                "param": None,
                "type": "insufficient_quota",
            }
        },
        QUOTA,
    ),
    (200, {"type": "error", "code": "overloaded", "message": BUSY, "param": None}, OVERLOADED),
    (
        429,
        {"error": "Too many requests, please try again later"},
        (429, "requests", "rate_limit_exceeded", None, True),
    ),
    (
        200,
        {"error": "Too many requests, please try again later"},
        (429, "requests", "rate_limit_exceeded", None, True),
    ),
    (400, {"error": {"code": "1214", "message": "modelCode：不存在"}}, NO_MODEL),
    (400, {"error": {"code": "1210", "message": "tokens in request more than max tokens allowed"}}, TOO_LONG),
    (
        403,
        {"error": {"code": "model_access_denied", "message": "no"}},
        (403, "invalid_request_error", "permission_denied", None, False),
    ),
]


@pytest.mark.parametrize(("status", "body", "expected"), RECORDED, ids=[str(n) for n in range(len(RECORDED))])
def test_a_recorded_failure_becomes_openais(
    status: int, body: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    answer = answer_to(status, body)
    error = answer.body["error"]
    assert (answer.status, error["type"], error["code"], error["param"], answer.retry) == expected


def test_the_message_is_zhipus_words_then_its_code_then_the_advice_in_both_languages() -> None:
    error = error_of(400, {"error": {"code": "1261", "message": "Prompt exceeds max length"}})
    row = CODES["1261"]
    assert error["message"] == f"Prompt exceeds max length. (Zhipu code 1261) {row.advice_en} {row.advice_zh}"
    chinese = error_of(429, {"error": {"code": "1305", "message": BUSY}})
    assert chinese["message"].startswith(f"{BUSY}。 (Zhipu code 1305) This is the service's load")


def test_a_failure_without_words_is_given_the_meaning_of_its_code() -> None:
    error = error_of(200, {"error": {"code": 1234}})
    assert error["message"].startswith("network error inside the service. (Zhipu code 1234) ")
    assert error["zhipu"]["message"] == ""


def test_what_zhipu_said_rides_along() -> None:
    error = error_of(
        429, {"error": {"code": "1113", "message": NO_BALANCE}}, log_id="2026071107001517f0ab19f8cb470c"
    )
    row = CODES["1113"]
    assert error["zhipu"] == {
        "code": "1113",
        "message": NO_BALANCE,
        "advice": row.advice_en,
        "advice_zh": row.advice_zh,
        "resets_at": None,
        "retry": False,
        "log_id": "2026071107001517f0ab19f8cb470c",
        "content_filter": None,
    }


@pytest.mark.parametrize("spelling", ["contentFilter", "content_filter"])
def test_the_content_filter_levels_beside_the_error_are_kept(spelling: str) -> None:
    levels = [{"level": 1, "role": "user"}]
    body = {
        "error": {"code": "1301", "message": "系统检测到输入或生成内容可能包含不安全或敏感内容"},
        spelling: levels,
    }
    answer = answer_to(400, body)
    assert (answer.status, answer.body["error"]["code"]) == (400, "content_filter")
    assert answer.body["error"]["zhipu"]["content_filter"] == levels


def test_the_id_in_the_body_serves_as_log_id_when_the_header_is_missing() -> None:
    failed = {
        "id": "2026071106202516f8db3a3eaf460f",
        "status": "failed",
        "error": {"code": "1234", "message": "x"},
    }
    assert error_of(200, failed)["zhipu"]["log_id"] == "2026071106202516f8db3a3eaf460f"
    assert error_of(200, failed, log_id="from the header")["zhipu"]["log_id"] == "from the header"
    bracketed = {
        "type": "error",
        "error": {"message": "[1302][Rate limit reached for requests][2026091200190]"},
    }
    failure = read_failure(bracketed)
    assert failure is not None
    assert (failure.code, failure.message, failure.request_id) == (
        "1302",
        "Rate limit reached for requests",
        "2026091200190",
    )


def test_a_code_in_the_place_of_the_type_is_found() -> None:
    failure = read_failure({"type": "error", "error": {"type": "1308", "message": "x"}})
    assert failure is not None
    assert failure.code == "1308"


@pytest.mark.parametrize("code", ["1302", 1302, 1302.0, " 1302 "])
def test_codes_are_read_as_strings_and_as_numbers(code: object) -> None:
    assert read_failure({"error": {"code": code, "message": "x"}}) == Failure(
        "1302", "x", raw={"error": {"code": code, "message": "x"}}
    )


@pytest.mark.parametrize(
    "code", [True, 1.5, 10**5000, [], {}, ""], ids=["bool", "fraction", "huge", "list", "object", "empty"]
)
def test_what_is_no_code_is_not_taken_for_one(code: object) -> None:
    failure = read_failure({"error": {"code": code, "message": "x"}})
    assert failure is not None
    assert failure.code is None


def test_the_anthropic_surfaces_own_types_are_not_taken_for_openais() -> None:
    error = error_of(429, {"type": "error", "error": {"type": "rate_limit_error", "message": "x"}})
    assert (error["type"], error["code"]) == ("requests", "rate_limit_exceeded")


# Successes


@pytest.mark.parametrize(
    "body",
    [
        {"object": "response", "status": "completed", "error": None},
        {"object": "response", "status": "failed", "error": {"code": "server_error", "message": "x"}},
        {"object": "thread.run", "status": "failed", "last_error": {"code": "server_error", "message": "x"}},
        {"object": "fine_tuning.job", "error": {"code": None, "message": None, "param": None}},
        {"object": "video", "status": "failed", "error": {"code": "x", "message": "y"}},
        {"object": "chat.completion", "choices": [{"message": {"content": "an error"}}], "usage": {}},
        {"id": "1", "choices": [{"index": 0}], "error": {"code": "1301", "message": "x"}},
        {"id": "1", "task_status": "FAIL", "error": {"code": "1234", "message": "x"}},
        {"code": 200, "msg": "操作成功", "success": True, "data": {"level": "pro"}},
        {"code": 200, "message": "请求成功", "data": {"id": "1"}},
        {"code": 0, "message": "success", "data": {"result": "x"}},
        {"code": 1, "message": "partly done", "data": {"result": "x"}},
        {"code": 7, "message": "done", "success": True},
        {"code": "SUCCESS", "message": "done"},
        {"success": True, "message": "created", "task_id": "1"},
        {"status": "failed", "message": "parse error", "content": None, "task_id": "1"},
        {"code": "def f(): ...", "message": "a snippet", "language": "python"},
        {"error": None},
        {"error": False},
        {"error": {}},
        {"error": ""},
        {"error": "   "},
        {"error": {"code": None, "message": ""}},
        {"custom_id": "r1", "response": {"status_code": 200}, "error": None},
        {"task_status": "PROCESSING", "id": "1"},
        {},
        [],
        [{"error": {"code": "1302"}}],
        "error",
        None,
        7,
    ],
)
def test_a_success_is_left_alone(body: object) -> None:
    assert read_failure(body) is None
    assert error_from_body(200, body_of(body)) is None


def test_the_body_of_a_success_need_not_be_json() -> None:
    for content in (
        b"",
        b"RIFF\x00\x00WAVE",
        b"data: {}\n\n",
        b'{"error": ',
        b"\xff\xfe{",
        b'{"error": "unfinished',
    ):
        assert error_from_body(200, content) is None


def test_an_object_named_error_is_a_failure() -> None:
    failure = read_failure({"object": "error", "message": "too long", "code": "context_length_exceeded"})
    assert failure is not None
    assert (failure.code, failure.message) == ("context_length_exceeded", "too long")


def test_success_false_is_a_failure_even_without_a_code_or_words() -> None:
    answer = answer_to(200, {"success": False})
    assert (answer.status, answer.retry) == (400, False)
    assert answer.body["error"]["message"].startswith("bad request. Correct")


# Unknown codes


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"error": {"code": "1999", "message": "x"}}, (400, "invalid_request_error", None, False)),
        (429, {"error": {"code": "1999", "message": "x"}}, (429, "requests", "rate_limit_exceeded", True)),
        (503, {"error": {"code": "1999", "message": "x"}}, (503, "server_error", None, True)),
        (422, {"error": {"code": "1999", "message": "x"}}, (422, "invalid_request_error", None, False)),
        (200, {"code": 503, "msg": "x"}, (503, "server_error", None, True)),
        (
            400,
            {"error": {"code": "new_word", "message": "x"}},
            (400, "invalid_request_error", "new_word", False),
        ),
        (434, {"message": "x"}, (403, "invalid_request_error", "permission_denied", False)),
        (435, {"message": "x"}, (413, "invalid_request_error", "request_too_large", False)),
        (404, {"detail": "x"}, (404, "invalid_request_error", None, False)),
        (409, {"detail": "x"}, (409, "invalid_request_error", None, True)),
        (999, {"detail": "x"}, (500, "server_error", None, True)),
    ],
)
def test_an_unknown_failure_is_judged_by_its_http_status(
    status: int, body: dict[str, Any], expected: tuple[int, str, str | None, bool]
) -> None:
    answer = answer_to(status, body)
    assert (
        answer.status,
        answer.body["error"]["type"],
        answer.body["error"]["code"],
        answer.retry,
    ) == expected


def test_an_unknown_429_that_names_a_reset_time_is_a_used_up_plan() -> None:
    answer = answer_to(
        429, {"error": {"code": "1399", "message": "已达上限。您的限额将在 2026-12-01 08:00:00 重置"}}
    )
    assert (answer.retry, answer.body["error"]["code"]) == (False, "insufficient_quota")
    assert answer.body["error"]["zhipu"]["code"] == "1399"
    assert answer.body["error"]["zhipu"]["resets_at"] == "2026-12-01T08:00:00+08:00"


# Bodies that are not JSON, or JSON of no known shape


@pytest.mark.parametrize(
    ("status", "content", "content_type", "said"),
    [
        (
            502,
            b"<html><head><title>502 Bad Gateway ZS</title></head></html>",
            "text/html",
            "502 Bad Gateway (HTML page from the edge, title: 502 Bad Gateway ZS)",
        ),
        (
            502,
            "<html><title>\n 网关 &amp; 错误 </title>".encode("gbk"),
            "text/html; charset=gbk",
            "502 Bad Gateway (HTML page from the edge, title: 网关 & 错误)",
        ),
        (504, b"<html></html>", None, "504 Gateway Timeout (HTML page from the edge, no title)"),
        (503, b"", None, "503 Service Unavailable (empty body)"),
        (503, b"  \n", "text/plain; charset=nonsense", "503 Service Unavailable (empty body)"),
        (
            503,
            b"upstream connect error\n reset",
            None,
            "503 Service Unavailable: upstream connect error reset",
        ),
        (500, b"\x00\xff\xfe\x01", None, "500 Internal Server Error (unreadable body of 4 bytes)"),
        (599, b"gone", None, "HTTP status 599: gone"),
        (500, b'"only a string"', None, "only a string"),
        (500, b"[1, 2]", None, "[1, 2]"),
        (500, b'{"weird": {"a": 1}}', None, '{"weird": {"a": 1}}'),
        (500, b'{"detail": [{"loc": ["body"]}]}', None, '[{"loc": ["body"]}]'),
        (500, b'{"error": {}, "msg": "said here"}', None, "said here"),
        (500, b"\xef\xbb\xbf" + b'{"error": {"message": "after a mark"}}', None, "after a mark"),
        (500, b'\xef\xbb\xbf{"msg": "after a mark"}', "application/json; charset=utf-8", "after a mark"),
    ],
)
def test_any_failing_body_has_a_readable_message(
    status: int, content: bytes, content_type: str | None, said: str
) -> None:
    answer = error_from_body(status, content, content_type=content_type)
    assert answer is not None
    assert (answer.status, answer.retry) == (status, True)
    assert answer.body["error"]["zhipu"]["message"] == said
    assert answer.body["error"]["zhipu"]["code"] is None


def test_a_long_text_is_cut() -> None:
    said = error_of(400, ["x" * 5000])["zhipu"]["message"]
    assert len(said) == 300
    assert said.endswith("x…")


def test_a_key_that_the_service_echoes_is_hidden() -> None:
    key = "0123456789abcdef0123456789abcdef.AbCdEfGh01234567"
    content = body_of({"error": {"code": "1000", "message": f"bad token {key}!"}})
    answer = error_from_body(401, content)
    assert answer is not None
    assert key not in json.dumps(answer.body)
    assert answer.body["error"]["zhipu"]["message"] == "bad token [key hidden]!"
    assert key not in repr(read_failure(json.loads(content)))


# Parameters


@pytest.mark.parametrize(
    ("message", "param"),
    [
        ("temperature参数非法：限制数值范围[0,1]", "temperature"),
        ("temperature参数非法,必须小于等于[2]位", "temperature"),
        ("max_tokens参数非法：限制数值范围[1,98304]", "max_tokens"),
        ("messages.content.type 参数非法，取值范围 ['text']", "messages.content.type"),
        (
            "reasoning_effort 参数值非法，可选值为：none、minimal、low、medium、high、xhigh、max",
            "reasoning_effort",
        ),
        ("messages 参数非法。请检查文档。", "messages"),
        ("`tools[0].function.name` 参数非法。请检查文档", "tools[0].function.name"),
        ("The messages parameter is illegal. Please check the documentation.", "messages"),
        ("Parameter `input` is invalid. Please check the documentation.", "input"),
        ("Parameter voice was not received.", "voice"),
        ("未正常接收到 prompt 参数", "prompt"),
        ("未正常接收到prompt参数", "prompt"),
        ("temperature 与 top_p 不能同时设置，请检查文档", "temperature"),
        ("temperature and top_p cannot be set simultaneously, please check the documentation", "temperature"),
        (
            "Required request parameter 'file_type' for method parameter type String is not present",
            "file_type",
        ),
        ("custom_variables is required", "custom_variables"),
        ("Tool choice must be auto", "tool_choice"),
        ("角色信息不正确", "messages"),
        ("Incorrect role information", "messages"),
        ("modelCode：不存在", "model"),
        ("modelCode不存在", "model"),
        ("API 调用参数有误，请检查文档", None),
        ("API 调用参数非法", None),
        ("参数非法。请检查文档", None),
        (ALWAYS_THINKS, None),
        ("输入不能为空", None),
        ("Invalid API parameter", None),
    ],
)
def test_the_parameter_is_read_from_the_documented_wordings_only(message: str, param: str | None) -> None:
    failure = read_failure({"error": {"code": "1210", "message": message}})
    assert failure is not None
    assert failure.param == param


@pytest.mark.parametrize("shape", PARAM_SHAPES, ids=lambda shape: shape.example)
def test_every_shape_finds_a_parameter_in_its_own_example(shape: Any) -> None:
    match = re.search(shape.pattern, shape.example, re.IGNORECASE | re.ASCII)
    assert match is not None
    assert shape.param or match["param"]


def test_a_parameter_that_the_body_names_wins() -> None:
    failure = read_failure({"error": {"code": "1210", "message": MAX_TOKENS, "param": "n"}})
    assert failure is not None
    assert failure.param == "n"


def test_every_wording_leads_to_a_row() -> None:
    assert all(wording.means in CODES for wording in WORDINGS)


def test_a_wording_counts_only_beside_its_own_code() -> None:
    assert error_of(400, {"error": {"code": "1301", "message": "modelCode"}})["code"] == "content_filter"


# Waiting


def overload(**options: Any) -> ErrorAnswer:
    return answer_to(429, {"error": {"code": "1305", "message": BUSY}}, **options)


def test_each_retry_waits_longer_and_the_last_wait_repeats() -> None:
    assert [overload(attempt=attempt).retry_after for attempt in range(7)] == [2, 5, 15, 30, 60, 60, 60]
    burst = [answer_to(429, {"error": {"code": "1302"}}, attempt=attempt).retry_after for attempt in range(6)]
    assert burst == [1, 2, 4, 8, 16, 16]


def test_an_attempt_below_zero_is_the_first() -> None:
    assert overload(attempt=-3).retry_after == 2


def test_a_longer_wait_that_the_service_asks_for_wins() -> None:
    assert overload(retry_after=20).retry_after == 20
    assert overload(retry_after=60).retry_after == 60
    assert overload(retry_after=1).retry_after == 2


@pytest.mark.parametrize("hint", [0.0, -5.0, float("nan"), float("inf")])
def test_a_senseless_hint_is_ignored(hint: float) -> None:
    assert overload(retry_after=hint) == overload()


def test_a_hint_of_more_than_a_minute_ends_the_retries_and_says_when() -> None:
    received = datetime(2026, 10, 9, 4, 0, tzinfo=timezone.utc)
    answer = overload(retry_after=997, received_at=received)
    assert (answer.retry, answer.retry_after) == (False, 997)
    assert answer.body["error"]["zhipu"]["retry"] is False
    assert answer.body["error"]["zhipu"]["resets_at"] == "2026-10-09T12:16:37+08:00"
    assert overload(retry_after=1e300, received_at=received).body["error"]["zhipu"]["resets_at"] is None


def test_requests_refused_together_come_back_apart_but_within_a_quarter_of_the_wait() -> None:
    waits = [overload(log_id=f"20261009{number:020x}").retry_after or 0 for number in range(50)]
    assert len(set(waits)) == 50
    assert all(2 <= wait < 2.5 for wait in waits)
    assert overload(log_id="same").retry_after == overload(log_id="same").retry_after
    assert overload(log_id="late", attempt=9).retry_after == 60


def test_what_is_not_retried_names_no_wait() -> None:
    answer = answer_to(429, {"error": {"code": "1113", "message": NO_BALANCE}}, attempt=1)
    assert (answer.retry, answer.retry_after) == (False, None)


def test_the_headers_steer_openais_retries() -> None:
    assert overload().headers() == {
        "content-type": "application/json",
        "x-should-retry": "true",
        "retry-after-ms": "2000",
    }
    assert refusal("no", param="n").headers() == {
        "content-type": "application/json",
        "x-should-retry": "false",
    }


# Reset times


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Usage limit reached for 5 hour. Your limit will reset at 2026-09-09 05:38:28",
            datetime(2026, 9, 9, 5, 38, 28, tzinfo=BEIJING),
        ),
        (
            "Usage limit reached for the past 7 days. Insufficient balance for extra usage. Resets at 2026-09-12 00:35:41.",
            datetime(2026, 9, 12, 0, 35, 41, tzinfo=BEIJING),
        ),
        (
            "已达到 5 小时的使用上限。您的限额将在 2026-03-15 20:20:31 重置。",
            datetime(2026, 3, 15, 20, 20, 31, tzinfo=BEIJING),
        ),
        ("您的限额将在2026-03-15 20:20重置", datetime(2026, 3, 15, 20, 20, tzinfo=BEIJING)),
        ("will reset at `2026-03-15T20:20:31Z`", datetime(2026, 3, 15, 20, 20, 31, tzinfo=timezone.utc)),
        ("will reset at 2026-03-15T20:20:31+08:00", datetime(2026, 3, 15, 20, 20, 31, tzinfo=BEIJING)),
        ("will reset at 2026-13-45 20:20:31", None),
        ("will reset at 0001-01-01 00:00:00", None),
        ("will reset at 0001-01-01T00:00:00+23:59", None),
        ("will reset at ${next_flush_time}", None),
        ("seen at 2026-03-15 20:20:31", None),
        ("", None),
    ],
)
def test_a_reset_time_is_read_on_beijings_clock(message: str, expected: datetime | None) -> None:
    found = parse_reset(message)
    assert found == expected
    if found is not None:
        assert found.utcoffset() == timedelta(hours=8)


# Advice by base URL


def advice(code: str, base_url: str | None) -> tuple[str, str]:
    error = error_of(401, {"error": {"code": code, "message": "x"}}, base_url=base_url)
    assert error["zhipu"]["advice"] in error["message"]
    assert error["zhipu"]["advice_zh"] in error["message"]
    return error["zhipu"]["advice"], error["zhipu"]["advice_zh"]


@pytest.mark.parametrize("code", ["1000", "401", "invalid_api_key"])
def test_a_wrong_key_names_the_other_site(code: str) -> None:
    for text in advice(code, "https://open.bigmodel.cn/api/paas/v4/"):
        assert "open.bigmodel.cn" in text
        assert 'region="intl"' in text
        assert "base_url=https://api.z.ai/api/paas/v4" in text
    for text in advice(code, "https://api.z.ai/api/v1"):
        assert 'region="cn"' in text
        assert "base_url=https://open.bigmodel.cn/api/v1" in text


def test_a_wrong_key_at_the_coding_plan_speaks_of_the_plan() -> None:
    for text in advice("1000", "https://api.z.ai/api/coding/paas/v4/"):
        assert "Coding Plan" in text
        assert "base_url=https://open.bigmodel.cn/api/coding/paas/v4" in text


def test_no_balance_points_to_the_coding_plan_unless_that_is_in_use() -> None:
    general = advice("1113", "https://open.bigmodel.cn/api/paas/v4")
    assert all('endpoint="coding"' in text for text in general)
    assert all("https://open.bigmodel.cn/api/coding/paas/v4" in text for text in general)
    coding = advice("1113", "https://open.bigmodel.cn/api/coding/paas/v4")
    assert coding[0].startswith("The Coding Plan covers chat and the web reader only")
    assert all("endpoint=" not in text for text in coding)


@pytest.mark.parametrize(
    "base_url", [None, "", "http://localhost:8080/v1", "http://[broken", "https://user:pw@host/"]
)
def test_elsewhere_the_advice_is_that_of_the_code(base_url: str | None) -> None:
    for code in ("1000", "1113"):
        assert advice(code, base_url) == (CODES[code].advice_en, CODES[code].advice_zh)


def test_a_password_in_the_base_url_is_not_repeated() -> None:
    assert all("pa55" not in text for text in advice("1000", "https://me:pa55@api.z.ai/api/paas/v4?key=pa55"))


def test_an_expired_token_speaks_of_the_clock_at_any_site() -> None:
    assert "clock" in advice("1003", "https://api.z.ai/api/paas/v4")[0]


def test_site_advice_is_for_known_codes() -> None:
    assert all(entry.codes and entry.codes <= CODES.keys() for entry in SITE_ADVICE)


# Bodies that are OpenAI's already


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (
            {"message": "no", "type": "invalid_request_error", "param": "n", "code": "unsupported_parameter"},
            400,
            False,
        ),
        (
            {"message": "no", "type": "invalid_request_error", "param": None, "code": "model_not_found"},
            404,
            False,
        ),
        ({"message": "no", "type": "invalid_request_error", "param": None, "code": None}, 400, False),
        ({"message": "no", "type": "server_error", "param": None, "code": None}, 503, True),
        ({"message": "no", "type": "requests", "param": None, "code": "rate_limit_exceeded"}, 429, True),
        ({"message": "no", "type": "requests", "param": None, "code": "insufficient_quota"}, 429, False),
        ({"message": "no", "type": "one_api_error", "code": "bad_channel"}, 418, False),
    ],
)
def test_a_plain_openai_error_passes_unchanged(error: dict[str, Any], status: int, *, retry: bool) -> None:
    answer = answer_to(status, {"error": error})
    assert (answer.status, answer.body, answer.retry) == (status, {"error": error}, retry)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"message": "no", "type": "invalid_request_error", "param": None, "code": "model_not_found"}, 404),
        (
            {"message": "no", "type": "invalid_request_error", "param": "n", "code": "unsupported_parameter"},
            400,
        ),
        ({"message": "no", "type": "server_error", "param": None, "code": None}, 500),
    ],
)
def test_a_plain_openai_error_inside_a_success_is_given_its_status(
    error: dict[str, Any], status: int
) -> None:
    answer = answer_to(200, {"error": error})
    assert (answer.status, answer.body) == (status, {"error": error})


@pytest.mark.parametrize(("status", "body", "expected"), RECORDED, ids=[str(n) for n in range(len(RECORDED))])
def test_an_answer_may_pass_twice(status: int, body: dict[str, Any], expected: tuple[Any, ...]) -> None:
    once = answer_to(status, body, attempt=2, log_id="20261009", base_url="https://api.z.ai/api/paas/v4")
    twice = answer_to(once.status, once.body, attempt=2)
    assert twice == once
    assert twice.status == expected[0]
    inside_success = answer_to(200, once.body, attempt=2)
    assert (inside_success.body, inside_success.retry) == (once.body, once.retry)


def test_a_refusal_has_openais_shape_and_passes_unchanged() -> None:
    answer = refusal("`n` must be 1. 仅支持 1。", param="n")
    assert (answer.status, answer.retry, answer.retry_after) == (400, False, None)
    assert answer.body == {
        "error": {
            "message": "`n` must be 1. 仅支持 1。",
            "type": "invalid_request_error",
            "param": "n",
            "code": "unsupported_parameter",
        }
    }
    assert answer_to(400, answer.body) == answer
    other = refusal("no", param=None, code="not_a_stream", status=502, type="server_error")
    assert (other.status, other.retry) == (502, False)
    assert (other.body["error"]["code"], other.body["error"]["type"]) == ("not_a_stream", "server_error")


# Streams


@pytest.mark.parametrize("reason", ["network_error", "abort"])
def test_a_stream_that_ends_in_a_failure_is_a_server_error_to_retry(reason: str) -> None:
    answer = stream_failure(reason, attempt=1, log_id=None)
    assert answer is not None
    error = answer.body["error"]
    assert (answer.status, answer.retry, answer.retry_after) == (502, True, 2)
    assert (error["type"], error["code"], error["zhipu"]["code"]) == ("server_error", None, reason)
    assert error["message"].startswith("Stream interrupted upstream: ")
    assert answer_to(502, answer.body, attempt=1) == answer


@pytest.mark.parametrize(
    "reason",
    ["stop", "length", "tool_calls", "sensitive", "content_filter", "model_context_window_exceeded", ""],
)
def test_other_endings_are_no_failure(reason: str) -> None:
    assert stream_failure(reason) is None


# Through openai


def client_for(answers: Callable[[int], ErrorAnswer], calls: list[int]) -> openai.OpenAI:
    def handle(request: Any) -> Any:
        attempt = int(request.headers.get("x-stainless-retry-count", "0"))
        calls.append(attempt)
        answer = answers(attempt)
        return http.Response(answer.status, headers=answer.headers(), json=answer.body)

    return openai.OpenAI(
        api_key="made-up",
        base_url="https://zhipu.test/v4",
        http_client=http.Client(transport=http.MockTransport(handle)),
    )


def raised_by(answer: ErrorAnswer) -> openai.APIStatusError:
    calls: list[int] = []
    with client_for(lambda _: answer, calls) as client, pytest.raises(openai.APIStatusError) as caught:
        client.with_options(max_retries=0).models.list()
    assert calls == [0]
    return caught.value


EXCEPTIONS = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    413: openai.APIStatusError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
}


@pytest.mark.parametrize("code", CODES)
def test_openai_raises_the_exception_for_the_code_and_the_details_can_be_read_back(code: str) -> None:
    row = CODES[code]
    error = raised_by(answer_to(200, {"error": {"code": code, "message": "几个字"}}, log_id="log-1"))
    assert type(error) is EXCEPTIONS[row.status]
    assert (error.code, error.type) == (row.openai_code, row.type)
    assert "几个字" in str(error)
    found = details(error)
    assert found is not None
    assert (found.code, found.message, found.retry, found.log_id) == (code, "几个字", row.retry, "log-1")
    assert (found.advice, found.advice_zh) == (row.advice_en, row.advice_zh)
    assert (found.resets_at, found.content_filter) == (None, None)


def test_the_details_have_the_reset_time_with_its_zone_and_the_content_filter() -> None:
    spent = raised_by(
        answer_to(429, {"error": {"code": 1308, "message": "Your limit will reset at 2026-09-09 05:38:28"}})
    )
    found = details(spent)
    assert found is not None
    assert found.resets_at == datetime(2026, 9, 8, 21, 38, 28, tzinfo=timezone.utc)
    levels = [{"level": 0, "role": "assistant"}]
    filtered = details(
        raised_by(answer_to(400, {"error": {"code": "1301", "message": "x"}, "contentFilter": levels}))
    )
    assert filtered is not None
    assert filtered.content_filter == levels


def test_no_balance_is_asked_once_and_overload_as_often_as_allowed_with_its_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    calls: list[int] = []
    broke = answer_to(429, {"error": {"code": "1113", "message": NO_BALANCE}})
    with client_for(lambda _: broke, calls) as client, pytest.raises(openai.RateLimitError) as caught:
        client.models.list()
    assert (calls, slept, caught.value.code) == ([0], [], "insufficient_quota")
    calls.clear()
    with (
        client_for(lambda attempt: overload(attempt=attempt), calls) as client,
        pytest.raises(openai.RateLimitError),
    ):
        client.with_options(max_retries=5).models.list()
    assert (calls, slept) == ([0, 1, 2, 3, 4, 5], [2, 5, 15, 30, 60])


def test_exceptions_that_carry_nothing_of_zhipus_have_no_details() -> None:
    assert details(ValueError("x")) is None
    assert details(raised_by(refusal("no", param="n"))) is None

    class Odd(Exception):  # noqa: N818 - a stand-in for an exception of anybody's
        def __init__(self, body: object) -> None:
            self.body = body

    bodies: list[object] = [None, "text", [], {}, {"zhipu": "no"}, {"error": "no"}, {"error": {"zhipu": []}}]
    for body in bodies:
        assert details(Odd(body)) is None
    found = details(
        Odd({"error": {"zhipu": {"code": 1302, "resets_at": "soon", "retry": "yes", "content_filter": {}}}})
    )
    assert found == errors.ErrorDetails(
        code=None,
        message="",
        advice="",
        advice_zh="",
        resets_at=None,
        retry=False,
        log_id=None,
        content_filter=None,
    )
    naive = details(Odd({"zhipu": {"resets_at": "2026-09-09T05:38:28"}}))
    assert naive is not None
    assert naive.resets_at == datetime(2026, 9, 9, 5, 38, 28, tzinfo=BEIJING)


# Laws

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
CODE_LIKE = st.sampled_from([*CODES, 1302, 1113, 500, 200, 0, "0", "new_word", ""]) | JSON
ENVELOPE = st.fixed_dictionaries(
    {},
    optional={
        "error": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "code": CODE_LIKE,
                "message": JSON,
                "msg": JSON,
                "type": CODE_LIKE,
                "param": JSON,
                "zhipu": JSON,
            },
        ),
        "code": CODE_LIKE,
        "msg": JSON,
        "message": JSON,
        "success": st.booleans() | JSON,
        "status": st.sampled_from(["failed", 404, 500]) | JSON,
        "path": JSON,
        "type": st.just("error") | JSON,
        "object": st.sampled_from(["error", "response"]) | JSON,
        "request_id": JSON,
        "id": JSON,
        "contentFilter": JSON,
        "data": JSON,
        "choices": JSON,
    },
)
STATUS = st.sampled_from([200, 201, 302, 400, 401, 404, 409, 418, 429, 434, 500, 502, 599, 600, 999])


def assert_openai_shaped(answer: ErrorAnswer) -> None:
    assert 400 <= answer.status < 600
    assert isinstance(answer.retry, bool)
    error = answer.body["error"]
    assert isinstance(error["message"], str)
    assert json.loads(json.dumps(answer.body, allow_nan=False)) == answer.body
    assert (answer.headers()["x-should-retry"] == "true") is answer.retry
    if answer.retry:
        assert answer.retry_after is not None
        assert 0 < answer.retry_after <= 60


@settings(deadline=None)
@given(payload=JSON | ENVELOPE, status=STATUS, attempt=st.integers(-2, 9))
def test_any_json_value_is_read_without_an_exception_and_any_answer_may_pass_twice(
    payload: object, status: int, attempt: int
) -> None:
    failure = read_failure(payload)
    if failure is None:
        return
    once = openai_error(failure, status=status, attempt=attempt)
    assert_openai_shaped(once)
    again = read_failure(once.body)
    assert again is not None
    assert openai_error(again, status=once.status, attempt=attempt) == once


@settings(deadline=None)
@given(payload=JSON | ENVELOPE, status=STATUS)
def test_any_json_body_is_answered_from_400_on_and_below_only_when_it_is_a_failure(
    payload: object, status: int
) -> None:
    answer = error_from_body(status, json.dumps(payload).encode(), log_id="1")
    if status >= 400:
        assert answer is not None
    else:
        assert (answer is None) == (read_failure(json.loads(json.dumps(payload))) is None)
    if answer is not None:
        assert_openai_shaped(answer)


@settings(deadline=None)
@given(
    content=st.binary() | st.text().map(str.encode) | st.binary().map(lambda tail: b'{"error"' + tail),
    status=STATUS,
    content_type=st.none()
    | st.sampled_from(["text/html", "text/plain; charset=utf-16", "x; charset=idna"])
    | st.text(),
)
def test_any_bytes_are_answered_from_400_on_without_an_exception(
    content: bytes, status: int, content_type: str | None
) -> None:
    answer = error_from_body(status, content, content_type=content_type)
    if status >= 400:
        assert answer is not None
    if answer is not None:
        assert_openai_shaped(answer)


@pytest.mark.parametrize(
    "content",
    [
        b'{"error":' + b"[" * 200_000,
        b'{"error":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
        b'{"error":{"code":' + b"9" * 10_000 + b"}}",
        b'{"error":{"code":1e999,"message":"\\ud800"},"contentFilter":[NaN]}',
        b'{"error":{"message":"x","type":"y","code":"z","param":NaN}}',
        b'{"code":' + b"9" * 400 + b',"msg":"' + b"a" * 100_000 + b'"}',
    ],
    ids=["unclosed", "deep", "huge", "numbers", "nan", "long"],
)
def test_hostile_bodies_are_answered_in_strict_json(content: bytes) -> None:
    for status in (200, 500):
        answer = error_from_body(status, content)
        if status == 500:
            assert answer is not None
        if answer is not None:
            assert_openai_shaped(answer)
            json.dumps(answer.body, allow_nan=False, ensure_ascii=False).encode()


@settings(deadline=None)
@given(text=st.text())
def test_a_reset_time_is_looked_for_in_any_text(text: str) -> None:
    found = parse_reset(text)
    assert found is None or found.tzinfo is not None


# The module itself


def test_nothing_but_the_standard_library_is_imported() -> None:
    folder = Path(errors.__file__).parent
    for path in (folder / "errors.py", *folder.glob("_error_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name.partition(".")[0] for alias in node.names} <= sys.stdlib_module_names
            elif isinstance(node, ast.ImportFrom):
                name = node.module or ""
                assert (
                    name.startswith("_error_")
                    if node.level
                    else name.partition(".")[0] in sys.stdlib_module_names
                )


def test_every_public_name_exists() -> None:
    assert [name for name in errors.__all__ if not hasattr(errors, name)] == []


def test_answers_and_failures_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        overload().status = 200  # type: ignore[misc] # the test is that it fails
    with pytest.raises(FrozenInstanceError):
        Failure(None, "x").message = "y"  # type: ignore[misc] # likewise
