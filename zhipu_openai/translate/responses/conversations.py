"""Conversations: kept in this process, as responses are, since Zhipu has none."""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import json_reply

from .asked import query_of, refuse
from .store import Conversation, Store, new_id, not_kept, page, with_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from zhipu_openai.exchange import Call, Operator, Reply

    from .store import Item

_ROOT: Final = "/conversations"
_MOST_ITEMS: Final = 20
"""Items in one request; OpenAI's own bound."""


def _at_once(work: Callable[[Call], Reply]) -> Operator:
    """Make an operation of what answers without asking Zhipu."""

    @wraps(work)
    def serve(call: Call) -> Generator[Any, Any, Reply]:
        yield from ()
        return work(call)

    return serve


@_at_once
def create(call: Call) -> Reply:
    """Serve ``POST /conversations``."""
    call.ledger.add("conversation", "emulated", "conversations are kept in this process, and end with it.")
    items = _items(call.body.get("items"))
    made = Conversation(new_id("conv"), int(time.time()), _metadata(call.body), items)
    Store(call.memory).keep_conversation(made)
    return json_reply(made.resource())


@_at_once
def retrieve(call: Call) -> Reply:
    """Serve ``GET /conversations/{id}``."""
    return json_reply(Store(call.memory).conversation(_named(call)).resource())


@_at_once
def update(call: Call) -> Reply:
    """Serve ``POST /conversations/{id}``."""
    changed = Store(call.memory).replace_conversation(_named(call), metadata=_metadata(call.body))
    return json_reply(changed.resource())


@_at_once
def delete(call: Call) -> Reply:
    """Serve ``DELETE /conversations/{id}``."""
    name = _named(call)
    Store(call.memory).forget_conversation(name)
    return json_reply({"id": name, "object": "conversation.deleted", "deleted": True})


@_at_once
def create_items(call: Call) -> Reply:
    """Serve ``POST /conversations/{id}/items``."""
    name, store = _named(call), Store(call.memory)
    store.conversation(name)
    items = _items(call.body.get("items"))
    store.extend(name, items)
    return json_reply(page(items, {"limit": "100"}, default_order="asc"))


@_at_once
def list_items(call: Call) -> Reply:
    """Serve ``GET /conversations/{id}/items``."""
    return json_reply(page(Store(call.memory).conversation(_named(call)).items, query_of(call)))


@_at_once
def retrieve_item(call: Call) -> Reply:
    """Serve ``GET /conversations/{id}/items/{item_id}``."""
    wanted = _parts(call)[2]
    for item in Store(call.memory).conversation(_named(call)).items:
        if item.get("id") == wanted:
            return json_reply(item)
    raise Refused(not_kept("item", wanted, param="item_id"))


@_at_once
def delete_item(call: Call) -> Reply:
    """Serve ``DELETE /conversations/{id}/items/{item_id}``."""
    changed = Store(call.memory).replace_conversation(_named(call), without=_parts(call)[2])
    return json_reply(changed.resource())


def _parts(call: Call) -> list[str]:
    return call.path.removeprefix(_ROOT).strip("/").split("/")


def _named(call: Call) -> str:
    return _parts(call)[0]


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    given = body.get("metadata")
    if given is not None and not isinstance(given, dict):
        refuse("metadata", "metadata must be an object.", code="invalid_type")
    return given or {}


def _items(given: Any) -> tuple[Item, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        refuse("items", "items must be a list of objects.", code="invalid_type")
    if len(given) > _MOST_ITEMS:
        refuse("items", f"At most {_MOST_ITEMS} items may be added at a time.", code="invalid_value")
    return with_ids(given)
