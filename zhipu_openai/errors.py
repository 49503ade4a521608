"""Everything Zhipu reports as a failure, as the status and the error body that OpenAI would send.

Zhipu reports failures in several shapes and not always with a failing HTTP status: an overloaded model, a
wrong key or a missing balance may come inside an HTTP 200. Here each becomes OpenAI's status and
``{"error": {"message", "type", "param", "code"}}``, so that ``except openai.RateLimitError`` and
``err.code == "insufficient_quota"`` work unchanged. Zhipu's own code, the time at which a limit resets and
the like ride along in ``error["zhipu"]``; ``details`` reads them back from the exception.

Pure functions over decoded values. ``_error_bodies`` reads the shapes, ``_error_codes`` and
``_error_wordings`` hold the facts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from zlib import crc32

from ._error_bodies import REGEX_FLAGS, Failure, failure_in_success, failure_of, is_json, read_failure
from ._error_codes import CODES, STATUSES, STREAM_ENDINGS, ErrorCode
from ._error_wordings import SITE_ADVICE, SITES, WORDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CODES",
    "STREAM_ENDINGS",
    "CodeNotFoundError",
    "ErrorAnswer",
    "ErrorCode",
    "ErrorDetails",
    "Failure",
    "as_markdown",
    "details",
    "error_from_body",
    "every_code",
    "lookup",
    "openai_error",
    "parse_reset",
    "read_failure",
    "refusal",
    "stream_failure",
]

BEIJING: Final = timezone(timedelta(hours=8))
"""The clock of every time in Zhipu's messages; they name no zone (can1357/oh-my-pi#11014)."""

LONGEST_WAIT: Final = 60.0
"""Seconds. openai below 3 falls back to its own short backoff when told to wait longer."""

_RETRIED_STATUSES: Final = frozenset({408, 409, 429})
_END_OF_STATUSES: Final = 600


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """The answer that OpenAI would have given.

    Attributes:
        status: The HTTP status, 400 to 599.
        body: The JSON body, ``{"error": {...}}``.
        retry: Whether to send the request again.
        retry_after: Seconds to wait first, or None. Above 60 only where the service itself asked for it; such
            an answer is not retried.
    """

    status: int
    body: dict[str, Any]
    retry: bool
    retry_after: float | None = None

    def headers(self) -> dict[str, str]:
        """Make the headers that steer openai's retry loop."""
        headers = {
            "content-type": "application/json",
            "x-should-retry": "true" if self.retry else "false",
        }
        if self.retry_after is not None:
            headers["retry-after-ms"] = str(round(self.retry_after * 1000))
        return headers


@dataclass(frozen=True, slots=True)
class ErrorDetails:
    """What Zhipu said, read back from an openai exception.

    Attributes:
        code: Zhipu's own code, such as "1308"; None where it sent none.
        message: Zhipu's own words.
        advice: What to do, in English.
        advice_zh: What to do, in Chinese.
        resets_at: When a used-up limit resets, with its time zone; None where unknown.
        retry: Whether sending the same request again can succeed.
        log_id: The id to quote to Zhipu's support.
        content_filter: Zhipu's content filter levels.
    """

    code: str | None
    message: str
    advice: str
    advice_zh: str
    resets_at: datetime | None
    retry: bool
    log_id: str | None
    content_filter: list[Any] | None


def openai_error(
    failure: Failure,
    *,
    status: int,
    attempt: int = 0,
    retry_after: float | None = None,
    base_url: str | None = None,
    log_id: str | None = None,
    received_at: datetime | None = None,
) -> ErrorAnswer:
    """Turn a failure into OpenAI's answer.

    A body that has OpenAI's shape already keeps it, so an answer may pass here twice.

    Args:
        failure: What Zhipu reported.
        status: The HTTP status it came with; used where the code does not decide.
        attempt: How often the request was retried already, from 0.
        retry_after: Seconds that the service itself asked to wait. A longer wait than the code's own wins;
            one of more than 60 seconds ends the retries, as openai would not keep it.
        base_url: The base URL in use; advice on keys and balances depends on it.
        log_id: The request's id for Zhipu's support (``x-log-id``).
        received_at: When the answer came; with it a long ``retry_after`` becomes ``resets_at``.

    Returns:
        The answer.
    """
    asked = None
    if retry_after is not None and math.isfinite(retry_after):
        asked = max(retry_after, 0.0)
    ready = _openai_shaped(failure.raw)
    if ready is not None:
        return _passed_through(ready, status, attempt, asked)
    row = _row_for(failure, status)
    trace = log_id or failure.request_id
    retry, wait = _wait(row.waits, attempt, asked, trace)
    resets_at = parse_reset(failure.message) or (None if retry else _after(received_at, wait))
    advice, advice_zh = _advice(row, base_url)
    words = _sentence(failure.message or row.meaning_en)
    code = "" if failure.code is None else f" (Zhipu code {failure.code})"
    error = {
        "message": f"{words}{code} {advice} {advice_zh}",
        "type": row.type,
        "param": failure.param or ("model" if row.openai_code == "model_not_found" else None),
        "code": row.openai_code,
        "zhipu": {
            "code": failure.code,
            "message": failure.message,
            "advice": advice,
            "advice_zh": advice_zh,
            "resets_at": None if resets_at is None else resets_at.isoformat(),
            "retry": retry,
            "log_id": trace,
            "content_filter": failure.content_filter,
        },
    }
    return ErrorAnswer(row.status, {"error": error}, retry, wait)


def error_from_body(
    status: int,
    content: bytes,
    *,
    content_type: str | None = None,
    attempt: int = 0,
    retry_after: float | None = None,
    base_url: str | None = None,
    log_id: str | None = None,
    received_at: datetime | None = None,
) -> ErrorAnswer | None:
    """Turn the whole body of a reply into OpenAI's answer, if the reply is a failure.

    Not for the download of a user's own file: that may hold anything, a recorded error included.

    Args:
        status: The HTTP status of the reply. From 400 on there is always an answer, whatever the body is.
        content: The body.
        content_type: The reply's content type.
        attempt: See ``openai_error``, as for the other arguments.
        retry_after: See there.
        base_url: See there.
        log_id: See there.
        received_at: See there.

    Returns:
        The answer, or None for a success.
    """
    failure = (
        failure_in_success(content, content_type)
        if status < HTTPStatus.BAD_REQUEST
        else failure_of(status, content, content_type)
    )
    if failure is None:
        return None
    return openai_error(
        failure,
        status=status,
        attempt=attempt,
        retry_after=retry_after,
        base_url=base_url,
        log_id=log_id,
        received_at=received_at,
    )


def refusal(
    message: str,
    *,
    param: str | None,
    code: str = "unsupported_parameter",
    status: int = 400,
    type: str = "invalid_request_error",  # noqa: A002 - OpenAI's own name for the field
) -> ErrorAnswer:
    """Make the answer to a request that is refused before it is sent; it is never retried.

    Args:
        message: What is refused, and the way out.
        param: The field of OpenAI's API that it is about.
        code: OpenAI's error code.
        status: The HTTP status, 400 to 599.
        type: OpenAI's error type.

    Returns:
        The answer.
    """
    error = {"message": message, "type": type, "param": param, "code": code}
    return ErrorAnswer(status, {"error": error}, retry=False)


def stream_failure(
    finish_reason: str,
    *,
    attempt: int = 0,
    log_id: str | None = None,
) -> ErrorAnswer | None:
    """Make the answer for a stream that reports a failure as its finish reason.

    Args:
        finish_reason: Zhipu's finish reason.
        attempt: How often the request was retried already, from 0.
        log_id: The request's id for Zhipu's support.

    Returns:
        The answer, to be retried; None for a finish reason that is no failure.
    """
    row = STREAM_ENDINGS.get(finish_reason)
    if row is None:
        return None
    failure = Failure(row.code, f"Stream interrupted upstream: {row.meaning_en}")
    return openai_error(failure, status=row.status, attempt=attempt, log_id=log_id)


def details(error: BaseException) -> ErrorDetails | None:
    """Read back what Zhipu said from an openai exception.

    Args:
        error: Any exception; openai's carry the error body as ``.body``.

    Returns:
        What Zhipu said, or None where the exception carries nothing of Zhipu's.
    """
    body = getattr(error, "body", None)
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        body = body["error"]
    zhipu = body.get("zhipu") if isinstance(body, Mapping) else None
    if not isinstance(zhipu, Mapping):
        return None
    content_filter = zhipu.get("content_filter")
    return ErrorDetails(
        code=_text(zhipu.get("code")),
        message=_text(zhipu.get("message")) or "",
        advice=_text(zhipu.get("advice")) or "",
        advice_zh=_text(zhipu.get("advice_zh")) or "",
        resets_at=_moment(zhipu.get("resets_at")),
        retry=zhipu.get("retry") is True,
        log_id=_text(zhipu.get("log_id")),
        content_filter=content_filter if isinstance(content_filter, list) else None,
    )


class CodeNotFoundError(LookupError):
    """A code is in no table; Zhipu's own message is all there is to go by."""


def lookup(code: str | int) -> ErrorCode:
    """Look up one of Zhipu's codes: what it means, what OpenAI would have sent, and what to do.

    Args:
        code: A business code such as "1113", a word of the Responses API such as "overloaded", or the finish
            reason of a broken stream.

    Returns:
        The row of the table, with its source and date.

    Raises:
        CodeNotFoundError: The code is in no table.
    """
    row = CODES.get(str(code)) or STREAM_ENDINGS.get(str(code))
    if row is None:
        raise CodeNotFoundError(
            f"No code {code!s} is known here. Unknown codes are treated by the HTTP status they come with."
        )
    return row


def every_code() -> tuple[ErrorCode, ...]:
    """Give every code that can be looked up, in the order of the tables."""
    return (*CODES.values(), *STREAM_ENDINGS.values())


_RESET: Final = (
    r"(?:\bresets?\s+at|将[在于])\s*[`'\"]?"
    r"(?P<day>\d{4}-\d{2}-\d{2})[ T](?P<time>\d{2}:\d{2}(?::\d{2})?)(?P<zone>Z|[+-]\d{2}:\d{2})?"
)


def parse_reset(message: str) -> datetime | None:
    """Find the time at which a limit resets in one of Zhipu's messages, Chinese or English.

    Args:
        message: Such as "Your limit will reset at 2026-09-09 05:38:28" or "您的限额将在 … 重置".

    Returns:
        The time on Beijing's clock, with its zone; None where the message has none.
    """
    match = re.search(_RESET, message, REGEX_FLAGS)
    if match is None:
        return None
    zone = match["zone"] or "+08:00"
    try:
        moment = datetime.fromisoformat(f"{match['day']}T{match['time']}{'+00:00' if zone in 'Zz' else zone}")
        return moment.astimezone(BEIJING)
    except (ValueError, OverflowError):
        return None


def as_markdown() -> str:
    """Render the tables of codes for the documentation."""
    head = ("Zhipu", "HTTP", "type", "code", "retried after (s)", "meaning", "what to do", "source")
    lines = [_markdown_row(head), _markdown_row(["---"] * len(head))]
    for row in every_code():
        waits = ", ".join(f"{wait:g}" for wait in row.waits) or "no"
        lines.append(
            _markdown_row(
                (
                    f"`{row.code}`",
                    str(row.status),
                    f"`{row.type}`",
                    "null" if row.openai_code is None else f"`{row.openai_code}`",
                    waits,
                    f"{row.meaning_en} / {row.meaning_zh}",
                    row.advice_en,
                    f"{row.source} ({row.seen.isoformat()})",
                )
            )
        )
    return "\n".join(lines) + "\n"


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _row_for(failure: Failure, status: int) -> ErrorCode:
    code = failure.code
    for wording in WORDINGS:
        if code in wording.codes and re.search(wording.pattern, failure.message, REGEX_FLAGS):
            return CODES[wording.means]
    row = None if code is None else CODES.get(code) or STREAM_ENDINGS.get(code)
    if row is not None:
        return row
    if status < HTTPStatus.BAD_REQUEST:
        # Inside a success the code is all there is, and only one that is an HTTP status itself tells more.
        status = (
            int(code) if code is not None and re.fullmatch("[45][0-9]{2}", code) else HTTPStatus.BAD_REQUEST
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS and parse_reset(failure.message) is not None:
        # A code not known yet that says when its limit resets is a used-up plan, like its neighbours.
        return CODES["1308"]
    row = _row_of_status(status)
    is_word = code is not None and not code.lstrip("-").isdigit()
    return replace(row, openai_code=code) if is_word else row


def _row_of_status(status: int) -> ErrorCode:
    row = STATUSES.get(str(status))
    if row is not None:
        return row
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return replace(STATUSES["4xx"], status=status)
    if HTTPStatus.INTERNAL_SERVER_ERROR <= status < _END_OF_STATUSES:
        return replace(STATUSES["5xx"], status=status)
    return STATUSES["5xx"]


def _wait(
    waits: tuple[float, ...], attempt: int, asked: float | None, trace: str | None
) -> tuple[bool, float | None]:
    """Decide whether to retry, and after how many seconds."""
    if asked is not None and asked > LONGEST_WAIT:
        return False, asked
    if not waits:
        return False, None
    wait = waits[min(max(attempt, 0), len(waits) - 1)]
    if asked is not None and asked >= wait:
        return True, asked
    # openai keeps to the wait exactly, so requests refused together would come back together. Each has a log
    # id of its own, which spreads them over a further quarter of the wait.
    spread = 0.0 if trace is None else crc32(trace.encode("utf-8", "replace")) / 2**32 / 4
    return True, min(wait * (1 + spread), LONGEST_WAIT)


def _after(received_at: datetime | None, seconds: float | None) -> datetime | None:
    if received_at is None or seconds is None:
        return None
    try:
        return (received_at + timedelta(seconds=seconds)).astimezone(BEIJING)
    except (OverflowError, ValueError, OSError):
        return None


def _advice(row: ErrorCode, base_url: str | None) -> tuple[str, str]:
    host, path = _host_and_path(base_url)
    if host in SITES:
        other, region = SITES[host]
        other_base = f"https://{other}{path.rstrip('/')}"
        for advice in SITE_ADVICE:
            if row.code in advice.codes and advice.coding == ("/coding/" in path):
                names = {"host": host, "other": other, "region": region, "other_base": other_base}
                return advice.en.format_map(names), advice.zh.format_map(names)
    return row.advice_en, row.advice_zh


def _host_and_path(base_url: str | None) -> tuple[str, str]:
    try:
        url = urlsplit(base_url or "")
    except ValueError:
        return "", ""
    return url.hostname or "", url.path


def _openai_shaped(raw: object) -> dict[str, Any] | None:
    """Give the error object of a body that has OpenAI's shape already.

    OpenAI's errors have a type, and a code that is null or a word. So have those of Zhipu's Responses API,
    but they repeat the code as the type; those of its Anthropic surface have ``type`` beside ``error``, too.
    """
    error = raw.get("error") if isinstance(raw, dict) and raw.get("type") != "error" else None
    if not isinstance(error, dict) or not isinstance(error.get("message"), str) or not is_json(error):
        return None
    if isinstance(error.get("zhipu"), dict):
        return error
    code, kind = error.get("code"), error.get("type")
    if not isinstance(kind, str) or not kind or kind.isdigit() or kind == code:
        return None
    if code is None or (isinstance(code, str) and code and not code.isdigit()):
        return error
    return None


def _passed_through(error: dict[str, Any], status: int, attempt: int, asked: float | None) -> ErrorAnswer:
    zhipu = error.get("zhipu")
    ours = zhipu if isinstance(zhipu, dict) else {}
    row = _row_of_openai(error, ours)
    if not HTTPStatus.BAD_REQUEST <= status < _END_OF_STATUSES:
        status = row.status
    if ours:
        retry = ours.get("retry") is True
    elif row.code == error.get("code"):
        retry = row.retry
    else:
        retry = status in _RETRIED_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    waits = (row.waits or STATUSES["5xx"].waits) if retry else ()
    retry, wait = _wait(waits, attempt, asked, _text(ours.get("log_id")))
    return ErrorAnswer(status, {"error": dict(error)}, retry, wait)


_STATUS_OF_TYPE: Final[Mapping[str, int]] = {"server_error": 500, "requests": 429, "tokens": 429}


def _row_of_openai(error: dict[str, Any], zhipu: dict[str, Any]) -> ErrorCode:
    for code in (_text(zhipu.get("code")), _text(error.get("code"))):
        row = None if code is None else CODES.get(code) or STREAM_ENDINGS.get(code)
        if row is not None:
            return row
    return _row_of_status(_STATUS_OF_TYPE.get(_text(error.get("type")) or "", HTTPStatus.BAD_REQUEST))


def _sentence(text: str) -> str:
    """End a text like a sentence, in the manner of its script."""
    if text[-1:] in ".。!！?？…":
        return text
    return text + ("." if text[-1:].isascii() else "。")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=BEIJING)
