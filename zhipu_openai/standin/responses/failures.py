"""How the Responses API reports failures: words in place of business codes, and some of them inside an HTTP 200.

Source: recorded traffic, open.bigmodel.cn, 2026-10-09; docs.bigmodel.cn, Responses error codes, 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.standin import wire
from zhipu_openai.standin.codes import CODES
from zhipu_openai.standin.traffic import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.standin.traffic import Request

WORDS: Final[Mapping[str, tuple[int, str]]] = {
    "500": (500, "server_error"),
    "1113": (429, "insufficient_quota"),
    "1210": (400, "invalid_request"),
    "1211": (400, "model_not_found"),
    "1213": (400, "invalid_request"),
    "1214": (400, "invalid_request"),
    "1261": (400, "context_length_exceeded"),
    "1301": (400, "content_filter"),
    "1302": (429, "rate_limit_exceeded"),
    "1305": (429, "overloaded"),
}
"""Status and word for each business code; other codes leak as they are (reported of 1302)."""

_ON_THE_DOORSTEP: Final = ("1000", "1001", "401")
"""The key is looked at by the gateway, which answers with HTTP 200."""


def error(request: Request, code: str, message: str | None = None, *, status: int | None = None) -> Reply:
    """Make the reply that reports an error, by its business code."""
    row = CODES.get(code)
    text = message or (row.text(request.language) if row else "")
    if code in _ON_THE_DOORSTEP:
        return in_200(request, 1001 if code == "1001" else 1000, text)
    own, word = WORDS.get(code, (row.status if row else 500, code))
    body = wire.json_bytes({"error": error_object(word, text)})
    return Reply(status or own, wire.headers("error", request.id, request.now), [body])


def error_object(word: str, message: str) -> dict[str, Any]:
    """Make the object that says what is wrong; the type repeats the code."""
    return {"code": word, "message": message, "param": None, "type": word}


def in_200(request: Request, code: int, message: str) -> Reply:
    """Make the gateway's own reply: a failure inside an HTTP 200, also where a stream was asked for."""
    body = wire.json_bytes({"code": code, "msg": message, "success": False})
    return Reply(200, wire.headers("json", request.id, request.now), [body])


def failed_first(request: Request, code: str, *, model: str) -> list[bytes]:
    """Make the stream of a model that is busy: ``response.failed`` as the first event, then an error."""
    _, word = WORDS[code]
    message = f"{CODES[code].text(request.language)} [{request.id}]"
    failed = {
        "created_at": 0,
        "error": {"code": word, "message": message},
        "id": f"resp_{request.id}",
        "model": model,
        "object": "response",
        "output": [],
        "status": "failed",
        "usage": None,
    }
    return [
        event({"response": failed, "sequence_number": 0, "type": "response.failed"}),
        event({"code": word, "message": message, "param": None, "sequence_number": 1, "type": "error"}),
        wire.DONE,
    ]


def event(value: Mapping[str, Any]) -> bytes:
    """Encode an event; its type stands in a line of its own as well, keys in alphabetical order."""
    return (
        b"event: "
        + str(value["type"]).encode()
        + b"\ndata: "
        + wire.json_bytes(value, sort_keys=True)
        + b"\n\n"
    )
