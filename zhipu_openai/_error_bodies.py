"""Recognises a failure in the body of a reply, in whichever of Zhipu's shapes it comes.

The shapes, as recorded: ``{"error": {"code", "message"}}``, the same with ``contentFilter`` beside it or with
``id`` and ``status`` around it (agents), ``{"code", "msg", "success": false}`` inside an HTTP 200 (Responses,
knowledge bases, file parser), ``{"error": "…"}``, the web framework's ``{"status", "error", "path"}``, the
Anthropic surface's ``{"type": "error", "error": {…}}``, and pages or texts from the edge.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from ._error_codes import CODES
from ._error_wordings import PARAM_SHAPES

REGEX_FLAGS: Final = re.IGNORECASE | re.ASCII

_SUCCESS_CODES: Final = frozenset({"0", "200", "ok", "success"})
_ENVELOPE_KEYS: Final = frozenset(
    {"code", "data", "error", "message", "msg", "param", "path", "request_id", "requestId", "sequence_number"}
    | {"status", "success", "timestamp", "traceId", "type"}
)
_TEXT_KEYS: Final = ("message", "msg", "detail", "error_description", "error_msg", "title")
_LONGEST_TEXT: Final = 300
_LONGEST_CODE: Final = 100
_LONGEST_SEARCH: Final = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as Zhipu reported it.

    Attributes:
        code: Zhipu's code as a string, or None where it sent none.
        message: Zhipu's words on one line; may be empty. A key in them is hidden.
        param: The parameter that the body or the message names.
        content_filter: Zhipu's content filter levels, one object per role.
        request_id: The request's id, where the body has it.
        raw: The decoded body.
    """

    code: str | None
    message: str
    param: str | None = None
    content_filter: list[Any] | None = None
    request_id: str | None = None
    raw: object = field(default=None, repr=False)


def read_failure(payload: object) -> Failure | None:
    """Recognise a failure in a decoded JSON body, whatever the HTTP status was.

    A result that tells of something failed is not a failure of the request: an OpenAI object (a response, a
    run, a job; they all carry ``object``), a completion with choices, the report on an asynchronous task.

    Args:
        payload: The decoded body; any value.

    Returns:
        The failure, or None for a success.
    """
    if not isinstance(payload, dict) or _is_result(payload):
        return None
    return _find_failure(payload)


def failure_in_success(content: bytes, content_type: str | None) -> Failure | None:
    """Look for a failure in the body of a reply whose HTTP status says success.

    Args:
        content: The body.
        content_type: Its content type, for the charset only: Zhipu does not always label JSON as such.

    Returns:
        The failure, or None for a success.
    """
    if not _may_be_failure(content):
        return None
    return read_failure(_parse(_decode(content, content_type)))


def failure_of(status: int, content: bytes, content_type: str | None) -> Failure:
    """Read the body of a reply whose HTTP status says failure; there is always something to say.

    Args:
        status: The HTTP status.
        content: The body: JSON of any shape, a page, a text, or nothing.
        content_type: Its content type.

    Returns:
        The failure.
    """
    text = _decode(content, content_type)
    payload = _parse(text)
    failure = _find_failure(payload) if isinstance(payload, dict) else None
    if failure is not None:
        return failure
    described = _describe_value(payload) or _describe_text(status, text, len(content), content_type)
    return Failure(None, described, param=_named_param(described), raw=payload)


def is_json(value: object) -> bool:
    """Whether a value can be sent as strict JSON, which has no NaN and no infinity."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _is_result(payload: dict[Any, Any]) -> bool:
    kind = payload.get("object")
    if isinstance(kind, str) and kind != "error":
        return True
    return bool(payload.get("choices")) or "task_status" in payload


def _find_failure(payload: dict[Any, Any]) -> Failure | None:
    error = payload.get("error")
    if isinstance(error, dict):
        return _from_error_object(error, payload)
    if isinstance(error, str) and error.strip():
        return _from_error_text(error, payload)
    if _is_envelope(payload):
        return _failure(payload, _code(payload.get("code")), _words(payload), param=payload.get("param"))
    return None


def _from_error_object(error: dict[Any, Any], payload: dict[Any, Any]) -> Failure | None:
    code = _code(error.get("code"))
    kind = _code(error.get("type"))
    message = _words(error)
    if code is None and kind is None and not message:
        return None
    # Some relays write the code where the type belongs.
    if code is None and kind is not None and (kind.isdigit() or kind in CODES):
        code = kind
    return _failure(payload, code, message, param=error.get("param"))


def _from_error_text(error: str, payload: dict[Any, Any]) -> Failure:
    path = payload.get("path")
    if isinstance(path, str) and isinstance(payload.get("status"), int):
        # The web framework's answer for a wrong path; its status is all the code there is.
        return _failure(payload, _code(payload["status"]), _clean(f"{error}: {path}"))
    return _failure(payload, _code(payload.get("code")), _clean(error))


def _is_envelope(payload: dict[Any, Any]) -> bool:
    """Whether a body is ``{"code", "msg" or "message", "success"}`` and reports a failure."""
    success, data = payload.get("success"), payload.get("data")
    if success is True or (data and isinstance(data, (dict, list))):
        return False
    if success is False or payload.get("type") == "error" or payload.get("object") == "error":
        return True
    code = _code(payload.get("code"))
    if code is None or code.lower() in _SUCCESS_CODES or not _words(payload):
        return False
    # A word may be any object's field; digits beside a message are Zhipu's envelope, whatever else is in it.
    return code.lstrip("-").isdigit() or payload.keys() <= _ENVELOPE_KEYS


_BRACKETED: Final = r"\A\[(?P<code>\d{3,6})\]\[(?P<message>.*?)\](?:\[(?P<request_id>\w*)\])?\Z"


def _failure(payload: dict[Any, Any], code: str | None, message: str, *, param: object = None) -> Failure:
    request_id = payload.get("request_id") or payload.get("requestId")
    # "[1308][Usage limit reached …][request id]" is how the Anthropic surface writes a message.
    bracketed = re.match(_BRACKETED, message)
    if bracketed is not None:
        code = code if code is not None and code.isdigit() else bracketed["code"]
        message = bracketed["message"]
        request_id = request_id or bracketed["request_id"]
    elif payload.get("status") == "failed":
        request_id = request_id or payload.get("id")
    return Failure(
        code=code,
        message=message,
        param=(_code(param) if isinstance(param, str) else None) or _named_param(message),
        content_filter=_content_filter(payload),
        request_id=_code(request_id),
        raw=payload,
    )


def _code(value: object) -> str | None:
    """Read a short word or number as a string."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12:
        return str(value)
    if isinstance(value, str):
        return _clean(value)[:_LONGEST_CODE] or None
    return None


def _words(body: dict[Any, Any]) -> str:
    for key in _TEXT_KEYS:
        value = body.get(key)
        if isinstance(value, str) and value.strip():
            return _clean(value)
        if value and isinstance(value, (dict, list)):
            return _shorten(_dump(value))
    return ""


def _content_filter(payload: dict[Any, Any]) -> list[Any] | None:
    error = payload.get("error")
    for holder in (payload, error) if isinstance(error, dict) else (payload,):
        # Errors spell it contentFilter, answers content_filter.
        for key in ("contentFilter", "content_filter"):
            levels = holder.get(key)
            if isinstance(levels, list) and is_json(levels):
                return levels
    return None


def _named_param(message: str) -> str | None:
    for shape in PARAM_SHAPES:
        match = re.search(shape.pattern, message[:_LONGEST_SEARCH], REGEX_FLAGS)
        if match is not None:
            return shape.param or match["param"]
    return None


def _may_be_failure(content: bytes) -> bool:
    """Whether a body is worth parsing; most successes are told apart without it."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and any(
        mark in content for mark in (b'"error"', b'"code"', b'"success"')
    )


def _decode(content: bytes, content_type: str | None) -> str:
    charset = re.search(r"charset=\"?([\w.-]+)", content_type or "", REGEX_FLAGS)
    try:
        return content.decode(charset[1] if charset else "utf-8-sig", "replace").lstrip("\ufeff")
    except (LookupError, ValueError):
        return content.decode("utf-8-sig", "replace")


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _describe_value(payload: object) -> str:
    """Say what a JSON value of no known shape holds."""
    if isinstance(payload, dict):
        return _words(payload) or _shorten(_dump(payload))
    if isinstance(payload, list):
        return _shorten(_dump(payload))
    return _shorten(_clean(payload)) if isinstance(payload, str) else ""


def _describe_text(status: int, text: str, size: int, content_type: str | None) -> str:
    """Say what a body holds that is not JSON."""
    try:
        heading = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        heading = f"HTTP status {status}"
    if not text.strip():
        return f"{heading} (empty body)"
    if "\ufffd" in text or "\0" in text:
        return f"{heading} (unreadable body of {size} bytes)"
    if "html" in (content_type or "").lower() or text.lstrip().startswith("<"):
        title = re.search(r"<title[^<>]*>([^<]*)", text, REGEX_FLAGS)
        name = _shorten(_clean(html.unescape(title[1]))) if title else ""
        return f"{heading} (HTML page from the edge, {f'title: {name}' if name else 'no title'})"
    return f"{heading}: {_shorten(_clean(text))}"


_KEY: Final = r"\b[0-9a-f]{32}\.[0-9a-z]{16}\b"


def _clean(text: str) -> str:
    """Fold white space, drop what cannot be printed or encoded, hide a key that was echoed."""
    # Lone surrogates count as unprintable, so what is left can be encoded.
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return re.sub(_KEY, "[key hidden]", line, flags=REGEX_FLAGS)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _dump(value: object) -> str:
    try:
        return _clean(json.dumps(value, ensure_ascii=False, default=str))
    except (ValueError, TypeError, RecursionError):
        return "an unreadable object"
