"""What is kept of responses and conversations: in this process, bounded, shared by a client's copies.

OpenAI keeps responses on its servers. Zhipu does so for seven days where ``store`` is true (its documentation,
2026-11; no live evidence), and only for what its own Responses API has served. So they are kept here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import encode_json
from zhipu_openai.forks import lock
from zhipu_openai.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhipu_openai.errors import ErrorAnswer
    from zhipu_openai.exchange import Body

Item = dict[str, Any]

MOST_KEPT: Final = 2000
"""Responses, their items and conversations; those go first that were used longest ago."""

MOST_BYTES: Final = 64 * 1024 * 1024

_PREFIXES: Final = {
    "message": "msg",
    "reasoning": "rs",
    "function_call": "fc",
    "function_call_output": "fco",
    "custom_tool_call": "ctc",
    "custom_tool_call_output": "ctco",
}

_lock = lock()
"""Held while something kept is replaced by what it becomes."""


@dataclass(frozen=True, slots=True)
class Record:
    """A response that was given, and what it answered.

    Attributes:
        response: The response as the caller got it.
        items: The input items of its own request, each with an id.
        before: The response that it follows, None for the first; its items stand in front.
        context: Items of a conversation that stood in front.
        at_zhipu: Whether Zhipu was told to store it.
        follows: The id of the response that it follows, where Zhipu alone keeps that.
    """

    response: Body
    items: tuple[Item, ...]
    before: Record | None = None
    context: tuple[Item, ...] = ()
    at_zhipu: bool = False
    follows: str | None = None

    def history(self) -> list[Item]:
        """Give everything that was said up to the end of this response, oldest first, as far as it is kept here."""
        return _items_of(self._chain())

    @property
    def beginning(self) -> str | None:
        """The id of a response that all of this follows and that Zhipu alone keeps, None if there is none."""
        return self._chain()[0].follows

    def since_zhipu(self) -> tuple[str | None, list[Item]]:
        """Give the latest response of the chain that Zhipu keeps, None if there is none, and what was said since."""
        chain = self._chain()
        for place in range(len(chain) - 1, -1, -1):
            if chain[place].at_zhipu:
                return str(chain[place].response["id"]), _items_of(chain[place + 1 :])
        return chain[0].follows, _items_of(chain)

    def _chain(self) -> list[Record]:
        chain: list[Record] = []
        record: Record | None = self
        while record is not None:
            chain.append(record)
            record = record.before
        return chain[::-1]


def _items_of(chain: Sequence[Record]) -> list[Item]:
    return [item for one in chain for item in (*one.context, *one.items, *one.response.get("output", ()))]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation: what was said in it so far."""

    id: str
    created_at: int
    metadata: dict[str, Any]
    items: tuple[Item, ...] = ()

    def resource(self) -> Body:
        """Write it as OpenAI does."""
        return {
            "id": self.id,
            "object": "conversation",
            "created_at": self.created_at,
            "metadata": self.metadata,
        }


class Store:
    """The responses and conversations of one client and its copies."""

    def __init__(self, memory: Memory) -> None:
        """Find what the memory keeps, or begin."""
        with _lock:
            kept = memory.recall("responses", "store")
            if kept is None:
                kept = Memory(entries=MOST_KEPT, size=MOST_BYTES)
                memory.keep("responses", "store", kept)
        self._kept: Memory = kept

    def keep(self, record: Record) -> None:
        """Keep a response and its output items."""
        size = len(encode_json([record.response, *record.items]))
        self._kept.keep("response", record.response["id"], record, size=size)
        for item in record.response.get("output", ()):
            if isinstance(item.get("id"), str):
                self._kept.keep("item", item["id"], item)

    def find(self, response_id: str) -> Record | None:
        """Give the record of a response, None if it is not kept."""
        record: Record | None = self._kept.recall("response", response_id)
        return record

    def forget(self, response_id: str) -> bool:
        """Forget a response and its items; say whether it was kept."""
        record = self.find(response_id)
        if record is None:
            return False
        for item in record.response.get("output", ()):
            self._kept.forget("item", str(item.get("id")))
        return self._kept.forget("response", response_id)

    def item(self, item_id: str) -> Item | None:
        """Give an output item of a response that is kept."""
        item: Item | None = self._kept.recall("item", item_id)
        return item

    def keep_conversation(self, conversation: Conversation) -> None:
        """Keep a conversation."""
        size = len(encode_json([conversation.metadata, *conversation.items]))
        self._kept.keep("conversation", conversation.id, conversation, size=size)

    def conversation(self, conversation_id: str) -> Conversation:
        """Give a conversation.

        Raises:
            Refused: It is not kept.
        """
        conversation: Conversation | None = self._kept.recall("conversation", conversation_id)
        if conversation is None:
            raise Refused(not_kept("conversation", conversation_id, param="conversation"))
        return conversation

    def extend(self, conversation_id: str, items: Sequence[Item]) -> None:
        """Add items to a conversation, if it is still kept."""
        with _lock:
            found: Conversation | None = self._kept.recall("conversation", conversation_id)
            if found is not None:
                self.keep_conversation(replace(found, items=(*found.items, *items)))

    def replace_conversation(
        self,
        conversation_id: str,
        *,
        metadata: dict[str, Any] | None = None,
        without: str | None = None,
    ) -> Conversation:
        """Change the metadata of a conversation, or take an item out of it.

        Raises:
            Refused: It is not kept, or has no such item.
        """
        with _lock:
            found = self.conversation(conversation_id)
            if metadata is not None:
                found = replace(found, metadata=metadata)
            if without is not None:
                left = tuple(item for item in found.items if item.get("id") != without)
                if len(left) == len(found.items):
                    raise Refused(not_kept("item", without, param="item_id"))
                found = replace(found, items=left)
            self.keep_conversation(found)
        return found

    def forget_conversation(self, conversation_id: str) -> None:
        """Forget a conversation.

        Raises:
            Refused: It is not kept.
        """
        if not self._kept.forget("conversation", conversation_id):
            raise Refused(not_kept("conversation", conversation_id, param="conversation_id"))


def not_kept(what: str, name: str, *, param: str | None, code: str = "not_found") -> ErrorAnswer:
    """Make the error for something that is not kept, which says what does not survive."""
    return refusal(
        f"{what.capitalize()} with id '{name}' not found. Responses and conversations are kept in this process, for "
        f"this client and its copies, and of them the {MOST_KEPT} used last: an id of another process, or one made "
        "before a restart, is not known. Keep the items yourself and send them as input.",
        param=param,
        code=code,
        status=404,
    )


def new_id(prefix: str) -> str:
    """Make an id."""
    return f"{prefix}_{uuid.uuid4().hex}"


def with_ids(items: Sequence[Item]) -> tuple[Item, ...]:
    """Give items the form in which they are listed: with an id, and messages with parts."""
    return tuple(_listed(item) for item in items)


def _listed(item: Item) -> Item:
    kind = str(item.get("type", "message"))
    out = {"type": kind, **item}
    out["id"] = item.get("id") or new_id(_PREFIXES.get(kind, "item"))
    if kind == "message":
        out.setdefault("status", "completed")
        if isinstance(item.get("content"), str):
            said = item.get("role") == "assistant"
            text = {"type": "output_text" if said else "input_text", "text": item["content"]}
            out["content"] = [{**text, "annotations": []} if said else text]
    return out


def page(items: Sequence[Item], query: dict[str, str], *, default_order: str = "desc") -> Body:
    """Cut a page of a list: ``after``, ``limit`` (1 to 100, 20 by default) and ``order`` as OpenAI has them.

    Raises:
        Refused: A value is none that OpenAI takes.
    """
    order = query.get("order", default_order)
    limit = query.get("limit", "20")
    if order not in ("asc", "desc"):
        raise Refused(refusal("order must be asc or desc.", param="order", code="invalid_value"))
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:  # noqa: PLR2004 - OpenAI's own bound, said above
        raise Refused(
            refusal("limit must be a whole number from 1 to 100.", param="limit", code="invalid_value")
        )
    listed = list(items) if order == "asc" else list(reversed(items))
    after = query.get("after")
    if after is not None:
        places = [place for place, item in enumerate(listed) if item.get("id") == after]
        if not places:
            raise Refused(not_kept("item", after, param="after"))
        listed = listed[places[0] + 1 :]
    data = listed[: int(limit)]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0].get("id") if data else None,
        "last_id": data[-1].get("id") if data else None,
        "has_more": len(listed) > len(data),
    }
