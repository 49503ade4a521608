"""``client.batches``: jobs created, asked about, listed and cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Send, json_reply
from zhipu_openai.translate.files.answer import failed, object_of, page_of
from zhipu_openai.translate.upstream import kept_headers

from .answer import batch_object
from .endpoints import ENDPOINTS

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation, Reply


def create(call: Call) -> Operation:
    """Serve ``POST /batches``."""
    reply = yield Send("POST", "/batches", translate_job(call))
    return _batch(call, reply)


def retrieve(call: Call) -> Operation:
    """Serve ``GET /batches/{id}``."""
    reply = yield Send("GET", call.path)
    return _batch(call, reply)


def cancel(call: Call) -> Operation:
    """Serve ``POST /batches/{id}/cancel``."""
    reply = yield Send("POST", call.path)
    return _batch(call, reply)


def list_batches(call: Call) -> Operation:
    """Serve ``GET /batches``; Zhipu's cursor and limit are OpenAI's."""
    reply: Reply = yield Send("GET", call.path)
    if reply.error is not None:
        return failed(call, reply, "batches")
    given, page = page_of(reply, "batches")
    data = [batch_object(one) for one in given]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
    body = {"object": "list", "data": data, **ends, "has_more": bool(page.get("has_more"))}
    return json_reply(body, headers=kept_headers(reply))


def translate_job(call: Call) -> dict[str, Any]:
    """Translate the body of a new batch.

    Raises:
        Refused: Its endpoint is none that Zhipu's batches have.
    """
    body = {name: value for name, value in call.body.items() if value is not None}
    endpoint = body.get("endpoint")
    row = ENDPOINTS.get(endpoint) if isinstance(endpoint, str) else None
    if row is not None:
        if row.zhipu is None:
            raise Refused(
                refusal(
                    f"{endpoint} cannot be run in a batch. {row.note}", param="endpoint", code="invalid_value"
                )
            )
        body["endpoint"] = row.zhipu
        call.ledger.add("endpoint", "translated", f"sent as {row.zhipu}.")
    if body.pop("completion_window", None) is not None:
        call.ledger.add(
            "completion_window",
            "translated",
            "left out: Zhipu aims at 24 hours and ends a batch after 7 days.",
        )
    if body.pop("output_expires_after", None) is not None:
        call.ledger.add("output_expires_after", "dropped", "Zhipu keeps results for 30 days.")
    if "auto_delete_input_file" not in body:
        body["auto_delete_input_file"] = False
        call.ledger.add("auto_delete_input_file", "translated", "false: OpenAI keeps the input file.")
    return body


def _batch(call: Call, reply: Reply) -> Reply:
    if reply.error is not None:
        return failed(call, reply, "batches")
    return json_reply(batch_object(object_of(reply, "batch")), headers=kept_headers(reply))
