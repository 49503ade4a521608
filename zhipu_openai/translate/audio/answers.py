"""Answers that are made in one way for all of audio: refusals, and Zhipu's replies that cannot be used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.translate.json_schema import parse_json
from zhipu_openai.translate.upstream import OF_THE_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.errors import ErrorAnswer
    from zhipu_openai.exchange import Reply


def refuse(param: str, message: str, *, code: str = "unsupported_parameter") -> NoReturn:
    """Refuse a request before anything is sent.

    Raises:
        Refused: Always.
    """
    raise Refused(refusal(message, param=param, code=code))


def unusable(what: str) -> ErrorAnswer:
    """Make the error for an answer of Zhipu's that holds nothing to pass on; openai tries again."""
    answer = refusal(
        f"Zhipu's answer {what}. Try again; if it stays so, check the base URL and the model.",
        param=None,
        code="invalid_upstream_answer",
        status=502,
        type="server_error",
    )
    return replace(answer, retry=True)


def json_of(reply: Reply) -> dict[str, Any]:
    """Decode a reply that must be a JSON object.

    Raises:
        Refused: It is none.
    """
    try:
        body = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(unusable("is not a JSON object"))
    return body


def event_of(data: bytes) -> dict[str, Any]:
    """Decode the data of an event, which must be a JSON object.

    Raises:
        Refused: It is none.
    """
    try:
        event = parse_json(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise Refused(unusable("holds an event that is cut off, or is none"))
    return event


def kept(headers: Mapping[str, str], **more: str) -> dict[str, str]:
    """Keep a reply's headers but for those that describe its body, and add others."""
    return {name: value for name, value in headers.items() if name not in OF_THE_BODY} | more
