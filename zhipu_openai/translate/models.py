"""The list of models, and one model of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from zhipu_openai import catalogue
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Reply, Send, error_reply, json_reply

from .upstream import invalid, kept_headers

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation

_BEIJING: Final = timezone(timedelta(hours=8))
_OWNER: Final = "z-ai"
"""What Zhipu's own list says in ``owned_by``. Source: recorded traffic, open.bigmodel.cn, 2026-07-11."""

_SERVED: Final = frozenset({"listed", "callable"})


def list_models(call: Call) -> Operation:
    """Serve ``GET /models``: Zhipu's list, and behind it the ids that it serves but does not list."""
    listed, headers = yield from _listed(call)
    if isinstance(listed, Reply):
        return listed
    known = {model.get("id") for model in listed}
    unlisted = [
        _entry(model)
        for model in catalogue.MODELS.values()
        if model.status in _SERVED and model.id not in known
    ]
    return json_reply({"object": "list", "data": [*listed, *unlisted]}, headers=headers)


def retrieve_model(call: Call) -> Operation:
    """Serve ``GET /models/{id}``, for GLM's ids and for OpenAI's names."""
    name = unquote(call.path.rpartition("/")[2])
    found = catalogue.resolve(name, overrides=call.options.model_aliases)
    listed, headers = yield from _listed(call)
    if isinstance(listed, Reply):
        return listed
    for model in listed:
        if str(model.get("id", "")).lower() == found.id.lower():
            return json_reply(model, headers=headers)
    if found.model is not None and found.model.status in _SERVED:
        return json_reply(_entry(found.model), headers=headers)
    return error_reply(
        refusal(
            f"The model {name!r} does not exist: it is neither in Zhipu's list nor known to be served. "
            "See client.models.list().",
            param="model",
            code="model_not_found",
            status=404,
        )
    )


def _listed(call: Call) -> Generator[Send, Reply, tuple[list[dict[str, Any]] | Reply, dict[str, str]]]:
    """Give Zhipu's list, or the reply that reports a failure, and the headers that stay true."""
    reply = yield Send("GET", "/models", query=call.query)
    if reply.error is not None:
        return reply, {}
    try:
        body = reply.json()
        entries = body["data"]
    except (ValueError, KeyError, TypeError):
        entries = None
    if not isinstance(entries, list):
        raise invalid("is no list of models", check="the base URL")
    listed = [
        {"object": "model", "created": 0, "owned_by": _OWNER, **entry}
        for entry in entries
        if isinstance(entry, dict)
    ]
    return listed, kept_headers(reply)


def _entry(model: catalogue.Model) -> dict[str, Any]:
    day = model.released
    created = int(datetime(day.year, day.month, day.day, tzinfo=_BEIJING).timestamp()) if day else 0
    return {"id": model.id, "object": "model", "created": created, "owned_by": _OWNER}
