"""The course of a response: read, routed, asked for, told as OpenAI would, and kept."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Branch, Call, Reply, Send, StreamPlan, error_reply, json_reply
from zhipu_openai.translate import chat
from zhipu_openai.translate.chat.parts import hollow
from zhipu_openai.translate.upstream import kept_headers

from . import native_answer, route_choice
from .answer import keep
from .asked import query_of, read, refuse, refuse_beta, refuse_unknown
from .chat_answer import ResponseStreamDecoder, whole
from .fields import chat_body
from .ledger import ResponseLedger, renamed
from .native import native_body
from .store import Store, not_kept, page

if TYPE_CHECKING:
    from zhipu_openai.exchange import Operation

    from .asked import Asked
    from .store import Record

PATH: Final = "/responses"


def create(call: Call) -> Operation:
    """Serve ``POST /responses``."""
    asked = read(call)
    if route_choice.choose(asked) == "native":
        return (yield from _native(asked))
    refuse_unknown(asked)
    return (yield from _translated(asked))


def _translated(asked: Asked) -> Operation:
    """Have chat completions answer."""
    call = asked.call
    try:
        body = chat_body(asked)
        result = yield from chat.create(
            replace(
                call,
                path="/chat/completions",
                query="",
                body=body,
                ledger=ResponseLedger(call.ledger),
                content=b"",
            )
        )
    except Refused as refused:
        return error_reply(renamed(refused.answer, asked.places))
    if isinstance(result, StreamPlan):
        branch = result.branches[0]
        return StreamPlan((Branch(branch.send, ResponseStreamDecoder(branch.decoder, asked)),))
    if not isinstance(result, Reply):
        raise TypeError("chat completions answer with a reply or a stream")
    if result.error is not None:
        return replace(result, error=renamed(result.error, asked.places))
    return json_reply(whole(result.json(), asked), headers=kept_headers(result))


def _native(asked: Asked) -> Operation:
    """Have Zhipu's own Responses API answer."""
    call = asked.call
    try:
        body = native_body(asked)
    except Refused as refused:
        return error_reply(renamed(refused.answer, asked.places))
    send = Send("POST", PATH, body, root="responses")
    at_zhipu = body.get("store") is True
    if asked.stream:
        return StreamPlan((Branch(send, native_answer.NativeStreamDecoder(asked, at_zhipu=at_zhipu)),))
    reply: Reply = yield send
    if reply.error is not None:
        return replace(reply, error=renamed(reply.error))
    response = native_answer.read_response(reply, asked, base_url=call.options.base_url, attempt=call.attempt)
    keep(asked, response, at_zhipu=at_zhipu)
    return json_reply(response, headers=kept_headers(reply))


def retrieve(call: Call) -> Operation:
    """Serve ``GET /responses/{id}``."""
    refuse_beta(call)
    if query_of(call).get("stream") == "true":
        refuse(
            "stream",
            "A response is kept when it is complete, and its events are not; retrieve it without stream=True.",
        )
    response_id, record = _find(call)
    if record is not None:
        return json_reply(record.response)
    reply: Reply = yield Send("GET", f"{PATH}/{response_id}", root="responses")
    if reply.error is not None:
        return _not_found(reply, response_id)
    response = native_answer.read_response(reply, None, base_url=call.options.base_url, attempt=call.attempt)
    return json_reply({**response, "store": True}, headers=kept_headers(reply))


def delete(call: Call) -> Operation:
    """Serve ``DELETE /responses/{id}``."""
    refuse_beta(call)
    response_id, record = _find(call)
    if record is None or record.at_zhipu:
        reply: Reply = yield Send("DELETE", f"{PATH}/{response_id}", root="responses")
        if reply.error is not None:
            return _not_found(reply, response_id)
    Store(call.memory).forget(response_id)
    return json_reply({"id": response_id, "object": "response", "deleted": True})


def list_input_items(call: Call) -> Operation:
    """Serve ``GET /responses/{id}/input_items``: what the request of that response gave itself."""
    refuse_beta(call)
    response_id, record = _find(call)
    if record is not None:
        return json_reply(page(record.items, query_of(call)))
    reply: Reply = yield Send("GET", f"{PATH}/{response_id}/input_items", root="responses")
    if reply.error is not None:
        return _not_found(reply, response_id)
    try:
        body = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        raise Refused(hollow("is no list of items"))
    return json_reply({"object": "list", "has_more": False, **body}, headers=kept_headers(reply))


def _find(call: Call) -> tuple[str, Record | None]:
    """Find the response that a path names; None where Zhipu may keep it.

    Raises:
        Refused: It is kept nowhere.
    """
    response_id = call.path.removeprefix(PATH).split("/")[1]
    record = Store(call.memory).find(response_id)
    if record is None and not route_choice.may_be_at_zhipu(call, response_id):
        raise Refused(not_kept("response", response_id, param="response_id"))
    return response_id, record


def _not_found(reply: Reply, response_id: str) -> Reply:
    """Say of an unknown response what OpenAI says; the word with which Zhipu's 404 comes is not established."""
    if reply.status != HTTPStatus.NOT_FOUND:
        return reply
    return error_reply(not_kept("response", response_id, param="response_id"), kept_headers(reply))
