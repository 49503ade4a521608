"""``client.conversations``: kept in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, completion
from scripts import play

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

QUIET = {"on_adaptation": "ignore"}

pytestmark = pytest.mark.skipif(
    not hasattr(openai.OpenAI, "conversations"), reason="this release of openai has no conversations"
)


def test_a_conversation_is_made_read_changed_and_deleted(side: SyncSide, wire: Wire) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        made = yield client.conversations.create(metadata={"a": "b"})
        assert (made.object, made.metadata) == ("conversation", {"a": "b"})
        assert made.created_at > 0
        changed = yield client.conversations.update(made.id, metadata={"c": "d"})
        assert changed.metadata == {"c": "d"}
        assert (yield client.conversations.retrieve(made.id)).metadata == {"c": "d"}
        gone = yield client.conversations.delete(made.id)
        assert (gone.id, gone.deleted) == (made.id, True)
        for work in (client.conversations.retrieve, client.conversations.delete):
            with pytest.raises(openai.NotFoundError) as caught:
                yield work(made.id)
            assert "this process" in caught.value.message

    play(side, script, **QUIET)
    assert wire.sent == []


def test_items_are_added_listed_read_and_deleted(side: SyncSide) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        made = yield client.conversations.create(items=[{"role": "user", "content": "one"}])
        added = yield client.conversations.items.create(made.id, items=[{"role": "user", "content": "two"}])
        assert [item.content[0].text for item in added.data] == ["two"]
        listed = yield client.conversations.items.list(made.id, order="asc")
        assert [item.content[0].text for item in listed.data] == ["one", "two"]
        first = listed.data[0]
        assert (yield client.conversations.items.retrieve(first.id, conversation_id=made.id)).id == first.id
        yield client.conversations.items.delete(first.id, conversation_id=made.id)
        with pytest.raises(openai.NotFoundError):
            yield client.conversations.items.retrieve(first.id, conversation_id=made.id)
        listed = yield client.conversations.items.list(made.id)
        return [item.content[0].text for item in listed.data]

    assert play(side, script, **QUIET) == ["two"]


def test_a_response_goes_on_with_its_conversation(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Four."))

    def script(client: Any) -> Generator[Any, Any, Any]:
        made = yield client.conversations.create()
        first = yield client.responses.create(model="glm-5.2", input="2+2?", conversation=made.id)
        assert first.conversation.id == made.id
        yield client.responses.create(model="glm-5.2", input="Sure?", conversation={"id": made.id})
        listed = yield client.conversations.items.list(made.id, order="asc")
        return [item.content[0].text for item in listed.data]

    assert play(side, script, **QUIET) == ["2+2?", "Four.", "Sure?", "Four."]
    assert [message["content"] for message in wire.last.json["messages"]] == ["2+2?", "Four.", "Sure?"]


def test_an_unknown_conversation_is_not_found(side: SyncSide, wire: Wire) -> None:
    wire.reply(COMPLETION)

    def script(client: Any) -> Generator[Any, Any, Any]:
        yield client.responses.create(model="glm-5.2", input="Hi", conversation="conv_none")

    with pytest.raises(openai.NotFoundError):
        play(side, script)
    assert wire.sent == []


def test_that_conversations_end_with_the_process_is_said(
    side: SyncSide, quietly: pytest.WarningsRecorder
) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        yield client.conversations.create()

    play(side, script)
    assert any("this process" in str(one.message) for one in quietly.list)


@pytest.mark.parametrize("items", ["text", [1], [{"role": "user", "content": "x"}] * 21])
def test_items_of_another_form_are_refused(side: SyncSide, items: Any) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        yield client.post("/conversations", body={"items": items}, cast_to=object)

    with pytest.raises(openai.BadRequestError) as caught:
        play(side, script, **QUIET)
    assert caught.value.param == "items"
