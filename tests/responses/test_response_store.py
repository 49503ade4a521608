"""What is kept of responses: chains, reading back, references, bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, completion, text_stream
from response_helpers import respond
from scripts import collect, play

from zhipu_openai.memory import Memory
from zhipu_openai.translate.responses.store import Record, Store

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

THOUGHT = completion(content="Four.", reasoning_content="Hm.")


def of(name: str) -> dict[str, Any]:
    """Make a completion with an id of its own."""
    return {**THOUGHT, "id": name}


@pytest.mark.parametrize("stream", [False, True])
def test_a_chain_holds_what_was_said_before(side: SyncSide, wire: Wire, stream: bool) -> None:
    wire.reply(text_stream("Four.", reasoning=["Hm."]) if stream else of("a"))
    wire.reply(of("b"))
    wire.reply(of("c"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(
            model="glm-5.2", input="2+2?", instructions="Be brief.", stream=stream
        )
        if stream:
            first = (yield collect(first))[-1].response
        second = yield client.responses.create(model="glm-5.2", input="Sure?", previous_response_id=first.id)
        yield client.responses.create(model="glm-5.2", input="Really?", previous_response_id=second.id)
        return second, first

    second, first = play(side, script)
    assert second.previous_response_id == first.id
    answer = {"role": "assistant", "content": "Four.", "reasoning_content": "Hm."}
    assert wire.last.json["messages"] == [
        {"role": "user", "content": "2+2?"},
        answer,
        {"role": "user", "content": "Sure?"},
        answer,
        {"role": "user", "content": "Really?"},
    ]
    assert "previous_response_id" not in wire.last.json


def test_a_tool_loop_needs_only_the_outputs(side: SyncSide, wire: Wire) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    wire.reply({**completion(tool_calls=[call]), "id": "a"})
    wire.reply(of("b"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Add")
        output = {"type": "function_call_output", "call_id": first.output[0].call_id, "output": "4"}
        yield client.responses.create(model="glm-5.2", input=[output], previous_response_id=first.id)

    play(side, script)
    assert [message["role"] for message in wire.last.json["messages"]] == ["user", "assistant", "tool"]


def test_a_response_is_read_back_and_deleted(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi", metadata={"k": "v"})
        again = yield client.responses.retrieve(first.id)
        assert again.to_dict() == first.to_dict()
        assert (yield client.responses.delete(first.id)) is None
        with pytest.raises(openai.NotFoundError) as caught:
            yield client.responses.retrieve(first.id)
        assert "this process" in caught.value.message
        with pytest.raises(openai.NotFoundError):
            yield client.responses.delete(first.id)

    play(side, script)
    assert len(wire.sent) == 1


def test_the_input_items_are_listed_in_pages(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))
    items = [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "two"},
        {"role": "user", "content": [{"type": "input_text", "text": "three"}]},
    ]

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input=items)
        newest = yield client.responses.input_items.list(first.id)
        page = yield client.responses.input_items.list(first.id, order="asc", limit=2)
        assert page.has_more
        rest = yield page.get_next_page()
        with pytest.raises(openai.BadRequestError):
            yield client.responses.input_items.list(first.id, limit=500)
        return newest.data, [*page.data, *rest.data]

    newest, oldest = play(side, script)
    assert [item.content[0].text for item in oldest] == ["one", "two", "three"]
    assert [item.id for item in newest] == [item.id for item in reversed(oldest)]
    assert [item.role for item in oldest] == ["user", "assistant", "user"]


def test_a_response_that_is_not_to_be_stored_is_not(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi", store=False)
        assert first.store is False or first.to_dict()["store"] is False
        with pytest.raises(openai.NotFoundError):
            yield client.responses.retrieve(first.id)

    play(side, script)


def test_an_unknown_response_is_not_followed(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))
    with pytest.raises(openai.NotFoundError) as caught:
        respond(side, previous_response_id="resp_openai")
    assert (caught.value.code, caught.value.param) == ("previous_response_not_found", "previous_response_id")
    assert "restart" in caught.value.message
    assert wire.sent == []


def test_a_reference_is_looked_up(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi")
        references = [{"type": "item_reference", "id": item.id} for item in first.output]
        yield client.responses.create(
            model="glm-5.2", input=[*references, {"role": "user", "content": "Sure?"}]
        )
        with pytest.raises(openai.NotFoundError) as caught:
            yield client.responses.create(
                model="glm-5.2", input=[{"type": "item_reference", "id": "msg_none"}]
            )
        assert caught.value.param == "input[0]"

    play(side, script)
    assert wire.last.json["messages"][0] == {
        "role": "assistant",
        "content": "Four.",
        "reasoning_content": "Hm.",
    }


@pytest.mark.parametrize("known", [True, False])
def test_thoughts_that_come_back_by_their_id_alone_are_looked_up(
    side: SyncSide, wire: Wire, known: bool
) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi")
        bare = {"type": "reasoning", "id": first.output[0].id if known else "rs_none", "summary": []}
        items = [bare, {"role": "assistant", "content": "Four."}, {"role": "user", "content": "Sure?"}]
        yield client.responses.create(model="glm-5.2", input=items)

    play(side, script)
    assert wire.last.json["messages"][0].get("reasoning_content") == ("Hm." if known else None)


def test_copies_of_a_client_share_what_is_kept(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi")
        return (yield client.with_options(timeout=5).responses.retrieve(first.id)).id == first.id

    assert play(side, script)


def test_a_copy_with_another_key_knows_nothing_of_it(side: SyncSide, wire: Wire) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi")
        same = client.with_options(api_key=client.api_key)
        assert (yield same.responses.retrieve(first.id)).id == first.id
        other = client.with_options(api_key="fedcba9876543210fedcba9876543210.SecretSecretSecr")
        with pytest.raises(openai.NotFoundError):
            yield other.responses.retrieve(first.id)

    play(side, script)


@pytest.mark.parametrize("path", ["retrieve", "cancel", "compact"])
def test_what_is_not_served_is_refused_with_a_reason(side: SyncSide, wire: Wire, path: str) -> None:
    wire.reply(of("a"))

    def script(client: Any) -> Generator[Any, Any, Any]:
        first = yield client.responses.create(model="glm-5.2", input="Hi")
        if path == "retrieve":
            yield client.responses.retrieve(first.id, stream=True)
        elif path == "cancel":
            yield client.responses.cancel(first.id)
        else:
            yield client.post("/responses/compact", body={"model": "glm-5.2"}, cast_to=object)

    with pytest.raises(openai.BadRequestError) as caught:
        play(side, script)
    assert caught.value.message
    assert len(wire.sent) == 1


def record(name: str, before: Record | None = None, **fields: Any) -> Record:
    """Make a record that says its name."""
    said = {"type": "message", "id": f"msg_{name}", "role": "assistant", "content": name}
    return Record(
        {"id": name, "output": [said]}, ({"role": "user", "content": f"?{name}"},), before, **fields
    )


def test_a_chain_outlives_what_is_forgotten_of_it() -> None:
    memory = Memory()
    store = Store(memory)
    first = record("a")
    store.keep(first)
    store.keep(record("b", first))
    assert store.forget("a")
    assert store.item("msg_a") is None
    kept = Store(memory).find("b")
    assert kept is not None
    assert [item["content"] for item in kept.history()] == ["?a", "a", "?b", "b"]


def test_a_long_chain_is_walked() -> None:
    last = record("0")
    for number in range(3000):
        last = record(str(number), last)
    assert len(last.history()) == 6002


def test_what_zhipu_keeps_need_not_be_sent() -> None:
    first = record("a", at_zhipu=True)
    third = record("c", record("b", first))
    name, rest = third.since_zhipu()
    assert name == "a"
    assert [item["content"] for item in rest] == ["?b", "b", "?c", "c"]
    assert record("z", follows="resp_1").since_zhipu()[0] == "resp_1"
    assert record("z").since_zhipu()[0] is None


def test_no_content_is_in_the_repr_of_the_store() -> None:
    memory = Memory()
    Store(memory).keep(record("secret"))
    assert "secret" not in repr(memory)


def test_many_responses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhipu_openai.translate.responses.store.MOST_KEPT", 10)
    store = Store(Memory())
    for number in range(50):
        store.keep(record(str(number)))
    assert store.find("0") is None
    assert store.find("49") is not None


def test_a_call_that_is_tried_again_is_kept_once(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1305", "message": "busy"}}, status=429)
    wire.reply(COMPLETION)
    assert respond(side).status == "completed"
    assert len(waits) == 1
