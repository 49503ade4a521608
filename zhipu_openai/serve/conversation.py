"""Realtime: a websocket at ``/v1/realtime``, translated to GLM-Realtime and back while it lasts."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import openai

from zhipu_openai.errors import error_from_body

from . import paths, refusals
from .headers import values
from .refusals import RefusedHere

if TYPE_CHECKING:
    from zhipu_openai.errors import ErrorAnswer

    from .application import Application, Receive, Scope, Send

_PATH: Final = "/realtime"
_SUBPROTOCOL: Final = "realtime"
_BETA: Final = "realtime=v1"
_BETA_SUBPROTOCOL: Final = "openai-beta.realtime-v1"

_NORMAL: Final = 1000
_WENT_WRONG: Final = 1011
_MADE_HERE: Final = frozenset({1005, 1006, 1015})
"""Codes that tell of a connection and are never sent."""


async def converse(app: Application, scope: Scope, receive: Receive, send: Send) -> None:
    """Hold a conversation until one side leaves."""
    from .application import note, raw_path_of  # noqa: PLC0415 - which imports this module when it is used

    began = time.monotonic()
    raw_path = raw_path_of(scope)
    status = HTTPStatus.SWITCHING_PROTOCOLS.value
    await receive()  # the request to connect
    try:
        socket = await _opened(app, scope, raw_path)
    except RefusedHere as refusal:
        status = refusal.answer.status
        await _deny(refusal.answer, scope, send)
    else:
        await _between(socket, scope, receive, send)
    finally:
        note(scope, raw_path, status, began, 0)


async def _opened(app: Application, scope: Scope, raw_path: str) -> Any:
    """Check who asks and for what, and connect to Zhipu.

    Raises:
        RefusedHere: It is refused, here or there.
    """
    headers, offered = scope["headers"], list(scope.get("subprotocols") or ())
    answer = app.access.refuse(headers) or app.access.refuse_socket(headers, offered)
    if answer is not None:
        raise RefusedHere(answer)
    path, query = paths.below_root(raw_path, scope["query_string"].decode("latin-1"))
    if path != _PATH:
        raise RefusedHere(
            refusals.refused(
                HTTPStatus.NOT_FOUND, "not_found", "Of OpenAI's websockets, /v1/realtime alone is served."
            )
        )
    # The rooms of realtime need the websockets library, which the extra brings.
    from zhipu_openai.glm_realtime.opening import Opening  # noqa: PLC0415 - as said

    is_beta = _BETA_SUBPROTOCOL in offered or any(_BETA in one for one in values(headers, b"openai-beta"))
    given = dict(parse_qsl(query, keep_blank_values=True))
    try:
        opening = Opening(app.realtime_client(), "beta" if is_beta else "ga", given)
        return await opening.open_async(given, {})
    except openai.APIStatusError as error:
        raise RefusedHere(_answer_of(error)) from None
    except openai.OpenAIError:
        raise RefusedHere(refusals.internal("OpenAIError")) from None
    except Exception as error:  # noqa: BLE001 - of whatever library connects
        raise RefusedHere(_refused_there(error, app)) from None


def _answer_of(error: openai.APIStatusError) -> ErrorAnswer:
    body = error.body if isinstance(error.body, dict) else {}
    answer = refusals.refused(error.status_code, str(body.get("code")), error.message)
    answer.body["error"].update(body)
    return answer


def _refused_there(error: Exception, app: Application) -> ErrorAnswer:
    """Make the answer for a connection that Zhipu refuses, or that does not come about."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(status, int) and status >= HTTPStatus.BAD_REQUEST:
        base_url = app.client.boundary.core.config.base_url
        with suppress(ValueError, TypeError):
            answer = error_from_body(status, getattr(response, "body", None) or b"", base_url=base_url)
            if answer is not None:
                return answer
    return refusals.unreachable(type(error).__name__)


async def _deny(answer: ErrorAnswer, scope: Scope, send: Send) -> None:
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": _NORMAL})
        return
    content = json.dumps(answer.body).encode()
    headers = [(name.encode(), value.encode()) for name, value in answer.headers().items()]
    headers.append((b"content-length", b"%d" % len(content)))
    start = {"type": "websocket.http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": content, "more_body": False})


async def _between(socket: Any, scope: Scope, receive: Receive, send: Send) -> None:
    """Pass messages both ways until one side ends; then end the other."""
    offered = scope.get("subprotocols") or ()
    await send({"type": "websocket.accept", "subprotocol": _SUBPROTOCOL if _SUBPROTOCOL in offered else None})
    ways = [
        asyncio.ensure_future(_to_zhipu(socket, receive, send)),
        asyncio.ensure_future(_to_client(socket, send)),
    ]
    code: int | None = None
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        code = next(iter(done)).result()
    except Exception as error:  # noqa: BLE001 - the websockets library's, and the server's own
        code = _code_of(error)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        with suppress(Exception):
            await socket.close()
    if code is not None:
        with suppress(Exception):
            await send({"type": "websocket.close", "code": code})


async def _to_zhipu(socket: Any, receive: Receive, send: Send) -> None:
    """Pass on what the client says; an event that is refused is answered with one that says so."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        said = message.get("text")
        try:
            await socket.send(said if said is not None else message.get("bytes") or b"")
        except openai.APIStatusError as error:
            await send({"type": "websocket.send", "text": _error_event(error, said)})


async def _to_client(socket: Any, send: Send) -> None:
    while True:
        message = await socket.recv()
        text = message if isinstance(message, str) else message.decode("utf-8", "replace")
        await send({"type": "websocket.send", "text": text})


def _error_event(error: openai.APIStatusError, said: Any) -> str:
    event_id = None
    with suppress(ValueError, TypeError):
        event = json.loads(said)
        event_id = event.get("event_id") if isinstance(event, dict) else None
    details = {**_answer_of(error).body["error"], "event_id": event_id}
    made = {"type": "error", "event_id": f"event_{time.monotonic_ns():x}", "error": details}
    return json.dumps(made, ensure_ascii=False)


def _code_of(error: Exception) -> int:
    """Give the code with which Zhipu closed, if it did and it can be said again."""
    code = getattr(getattr(error, "rcvd", None), "code", None)
    return code if isinstance(code, int) and code not in _MADE_HERE else _WENT_WRONG
