"""The output and error files of a batch: every line becomes OpenAI's, while the file is read.

Nobody remembers which file is a batch's, and a download names no purpose. So the first line decides: a JSON
object with a ``custom_id`` and a ``response`` or an ``error``, which a line of an input file has not. The test
is safe, since Zhipu serves the content of batch files alone; any other file passes byte for byte, and so does
a line that is no result.
"""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from typing import Any, Final

from zhipu_openai import catalogue
from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import ErrorAnswer, error_from_body
from zhipu_openai.exchange import Reply, encode_json
from zhipu_openai.translate.chat.answer import translate_answer
from zhipu_openai.translate.chat.draft import AnswerPlan
from zhipu_openai.translate.chat.parts import hollow
from zhipu_openai.translate.json_schema import parse_json

from .custom_ids import restore

_FIELDS: Final = tuple(b'{"' + name + b'":' for name in (b"response", b"custom_id", b"id", b"error"))
"""How a result begins, white space apart: with any of its own fields. Recorded ones of 2024 begin with ``response``."""

_LONGEST_BEGINNING: Final = 64
"""Bytes that are looked at before a file is taken for something else; a result has hardly white space there."""

_OK: Final = 200
_BAD_REQUEST: Final = 400
_OWN_ID: Final = "batch_req_"


class ResultDecoder:
    """Reads a file while it is passed on."""

    def __init__(self, base_url: str) -> None:
        """Begin undecided; the base URL decides the advice in errors."""
        self._base_url = base_url
        self._held: list[bytes] = []
        self._beginning: bytes | None = b""
        self._is_result: bool | None = None

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give what can be passed on."""
        if self._is_result is False:
            return data
        return self._hold(data)

    def _hold(self, data: bytes) -> bytes:
        self._held.append(data)
        if self._beginning is not None and not self._begins_well(data):
            return self._pass_all()
        if b"\n" not in data:
            return b""
        *lines, rest = b"".join(self._held).split(b"\n")
        self._held = [rest]
        out = b"".join(self._line(line) + b"\n" for line in lines)
        return out + self._pass_all() if self._is_result is False else out

    def end(self) -> bytes:
        """Take the end of the file; give what was held."""
        rest = b"".join(self._held)
        self._held = []
        return self._line(rest)

    def _begins_well(self, data: bytes) -> bool:
        """Look at the first bytes that are no white space, until they are known to begin a result or not."""
        begun = self._beginning or b""
        begun = b"".join((begun + (data if begun else data.lstrip())[:_LONGEST_BEGINNING]).split())
        self._beginning = begun
        head = begun.removeprefix(BOM_UTF8)
        if head.startswith(_FIELDS):
            self._beginning = None
            return True
        return BOM_UTF8.startswith(begun) or any(field.startswith(head) for field in _FIELDS)

    def _pass_all(self) -> bytes:
        self._is_result = False
        held, self._held = b"".join(self._held), []
        return held

    def _line(self, raw: bytes) -> bytes:
        if self._is_result is False or not raw.removeprefix(BOM_UTF8).strip():
            return raw
        line = _result(raw)
        if self._is_result is None:
            self._is_result = line is not None
        return raw if line is None else encode_json(translate_result(line, base_url=self._base_url))


def _result(raw: bytes) -> dict[str, Any] | None:
    """Read a line that is a result; None for any other."""
    try:
        line = parse_json(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict) or not isinstance(line.get("custom_id"), str):
        return None
    return line if "response" in line or "error" in line else None


def translate_result(line: dict[str, Any], *, base_url: str) -> dict[str, Any]:
    """Make OpenAI's line of one of Zhipu's.

    Args:
        line: A result: a line with a ``custom_id`` and a ``response`` or an ``error``.
        base_url: The base URL in use.

    Returns:
        ``id`` (unique, where Zhipu writes the batch's), ``custom_id`` as it was given, ``response`` with
        ``status_code``, ``request_id`` and ``body``, and ``error``; what else was in the line comes last.
    """
    sent_id = line["custom_id"]
    custom_id = restore(sent_id)
    given, error = line.get("response"), line.get("error")
    response = _response(given, sent_id, custom_id, base_url) if isinstance(given, dict) else None
    rest = {
        name: value for name, value in line.items() if name not in ("id", "custom_id", "response", "error")
    }
    return {
        "id": _line_id(line.get("id"), custom_id),
        "custom_id": custom_id,
        "response": response,
        "error": _error(error, base_url) if error or response is None else None,
        **rest,
    }


def _line_id(given: object, custom_id: str) -> str:
    if isinstance(given, str) and given.startswith(_OWN_ID):
        return given
    return _OWN_ID + hashlib.sha256(f"{given}/{custom_id}".encode(errors="surrogatepass")).hexdigest()[:32]


def _response(given: dict[str, Any], sent_id: str, custom_id: str, base_url: str) -> dict[str, Any]:
    body = given.get("body")
    code = given.get("status_code")
    status = code if isinstance(code, int) and not isinstance(code, bool) else _OK
    request_id = given.get("request_id") or (body.get("id") if isinstance(body, dict) else None) or custom_id
    if isinstance(body, dict) and body.get("request_id") == sent_id:
        body = {**body, "request_id": custom_id}
    try:
        body = _body(body, status, base_url)
    except Refused as refused:
        status, body = refused.answer.status, refused.answer.body
    return {**given, "status_code": status, "request_id": str(request_id), "body": body}


def _body(body: Any, status: int, base_url: str) -> Any:
    """Translate the answer of one request.

    Raises:
        Refused: It reports a failure, or is hollow.
    """
    content = encode_json(body)
    failure = error_from_body(status, content, content_type="application/json", base_url=base_url)
    if failure is not None:
        raise Refused(failure)
    if not isinstance(body, dict):
        raise Refused(hollow("holds no result"))
    if "choices" in body:
        model = catalogue.find(str(body.get("model")))
        plan = AnswerPlan()
        if model is not None:
            plan.think_tags, plan.box_tokens = model.think_tags, model.box_tokens
        return translate_answer(Reply(status, {}, content), plan, base_url=base_url)
    return {"object": "list", **body} if isinstance(body.get("data"), list) else body


def _error(given: Any, base_url: str) -> Any:
    """Make the error of a request that was not run, or whose answer is missing."""
    if _is_openais(given):
        return given
    answer: ErrorAnswer | None = None
    if isinstance(given, dict | str) and given:
        content = encode_json({"error": given})
        answer = error_from_body(_BAD_REQUEST, content, content_type="application/json", base_url=base_url)
    if answer is None:
        answer = hollow("holds no result")
    error = answer.body["error"]
    return {"code": error["code"], "message": error["message"], **_details(error)}


def _is_openais(error: Any) -> bool:
    """Whether an error has OpenAI's form: a word for its code, where Zhipu has digits."""
    if not isinstance(error, dict) or not isinstance(error.get("message"), str) or not error["message"]:
        return False
    code = error.get("code")
    return "zhipu" in error or (isinstance(code, str) and bool(code) and not code.lstrip("-").isdigit())


def _details(error: dict[str, Any]) -> dict[str, Any]:
    return {"zhipu": error["zhipu"]} if "zhipu" in error else {}
