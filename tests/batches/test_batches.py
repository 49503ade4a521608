"""``client.batches`` on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from scripts import collect, play

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

ROOT = "https://open.bigmodel.cn/api/paas/v4"
NEW: dict[str, Any] = {
    "id": "batch_2095408344001937408",
    "object": "batch",
    "endpoint": "/v4/chat/completions",
    "input_file_id": "1788419253_167220ae09214e3d8cd523adb7fed489",
    "completion_window": None,
    "status": "validating",
    "output_file_id": None,
    "error_file_id": None,
    "created_at": 1788419254671,
    "in_progress_at": None,
    "expires_at": None,
    "finalizing_at": None,
    "completed_at": None,
    "failed_at": None,
    "expired_at": None,
    "cancelling_at": None,
    "cancelled_at": None,
    "request_counts": {"total": 2, "completed": None, "failed": None},
    "metadata": None,
}
"""A new batch in the shape that was recorded in 2026-09."""

DONE: dict[str, Any] = {
    **NEW,
    "completion_window": "24h",
    "status": "completed",
    "output_file_id": "1716473500_874dd086fcc34f4fb56af30926ff959a",
    "error_file_id": "",
    "created_at": 1716468200000,
    "in_progress_at": 1716468310000,
    "finalizing_at": 1716473460000,
    "completed_at": 1716473500000,
    "request_counts": {"total": 3, "completed": 3, "failed": 0},
    "metadata": {"description": "Sentiment"},
}
"""A finished one in the shape that was recorded in 2024-05."""


def created(side: SyncSide, **arguments: Any) -> Any:
    given = {
        "completion_window": "24h",
        "endpoint": "/v1/chat/completions",
        "input_file_id": "f",
        **arguments,
    }

    def script(client: Any) -> Any:
        return (yield client.batches.create(**given))

    return play(side, script)


def retrieved(side: SyncSide) -> Any:
    def script(client: Any) -> Any:
        return (yield client.batches.retrieve(NEW["id"]))

    return play(side, script)


def test_a_batch_is_created_in_zhipus_words(side: SyncSide, wire: Wire) -> None:
    wire.reply(NEW)
    batch = created(side, metadata={"a": "b"})
    assert (wire.last.method, wire.last.url) == ("POST", f"{ROOT}/batches")
    assert wire.last.json == {
        "endpoint": "/v4/chat/completions",
        "input_file_id": "f",
        "metadata": {"a": "b"},
        "auto_delete_input_file": False,
    }
    assert batch.id == NEW["id"]
    assert (batch.endpoint, batch.completion_window, batch.status) == (
        "/v1/chat/completions",
        "24h",
        "validating",
    )
    assert batch.created_at == 1788419254
    assert batch.request_counts.to_dict() == {"total": 2, "completed": 0, "failed": 0}


def test_the_callers_word_on_the_input_file_wins(side: SyncSide, wire: Wire) -> None:
    wire.reply(NEW)
    created(side, extra_body={"auto_delete_input_file": True, "own": 1})
    assert wire.last.json["auto_delete_input_file"] is True
    assert wire.last.json["own"] == 1


@pytest.mark.parametrize("endpoint", ["/v4/chat/completions", "/v4/brand/new"])
def test_an_endpoint_of_zhipus_own_passes(side: SyncSide, wire: Wire, endpoint: str) -> None:
    wire.reply({**NEW, "endpoint": endpoint})
    created(side, endpoint=endpoint)
    assert wire.last.json["endpoint"] == endpoint


@pytest.mark.parametrize("endpoint", ["/v1/responses", "/v1/completions", "/v1/moderations", "/v1/videos"])
def test_an_endpoint_that_batches_do_not_have_is_refused(side: SyncSide, wire: Wire, endpoint: str) -> None:
    with pytest.raises(openai.BadRequestError, match="cannot be run in a batch") as caught:
        created(side, endpoint=endpoint)
    assert caught.value.param == "endpoint"
    assert wire.sent == []


def test_an_expiry_of_the_results_is_dropped_with_a_note(side: SyncSide, wire: Wire) -> None:
    wire.reply(NEW)
    with pytest.warns(UserWarning, match="30 days"):
        created(side, extra_body={"output_expires_after": {"anchor": "created_at", "seconds": 3600}})
    assert "output_expires_after" not in wire.last.json


def test_a_finished_batch_is_openais(side: SyncSide, wire: Wire) -> None:
    wire.reply(DONE)
    batch = retrieved(side)
    assert (wire.last.method, wire.last.url) == ("GET", f"{ROOT}/batches/{NEW['id']}")
    assert (batch.output_file_id, batch.error_file_id) == (DONE["output_file_id"], None)
    times = (batch.created_at, batch.in_progress_at, batch.finalizing_at, batch.completed_at)
    assert times == (1716468200, 1716468310, 1716473460, 1716473500)
    assert batch.metadata == {"description": "Sentiment"}
    assert batch.errors is None


def test_times_that_are_seconds_already_and_counts_beside_stay(side: SyncSide, wire: Wire) -> None:
    flat = {name: value for name, value in DONE.items() if name != "request_counts"}
    wire.reply({**flat, "created_at": 1716468200, "total": 3, "completed": 2, "failed": 1})
    batch = retrieved(side)
    assert batch.created_at == 1716468200
    assert batch.request_counts.to_dict() == {"total": 3, "completed": 2, "failed": 1}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"object": "list", "data": [{"code": "c", "line": 1, "message": "m", "param": None}]},
            [("c", "m", 1)],
        ),
        ([{"code": "c", "message": "m"}], [("c", "m", None)]),
        ("wrong", [(None, "wrong", None)]),
        ([], None),
    ],
)
def test_errors_are_openais_list(side: SyncSide, wire: Wire, given: Any, expected: Any) -> None:
    wire.reply({**DONE, "status": "failed", "errors": given})
    errors = retrieved(side).errors
    found = None if errors is None else [(one.code, one.message, one.line) for one in errors.data]
    assert found == expected


def test_a_batch_is_cancelled(side: SyncSide, wire: Wire) -> None:
    wire.reply({**NEW, "status": "cancelling", "cancelling_at": 1788419254671})

    def script(client: Any) -> Any:
        return (yield client.batches.cancel(NEW["id"]))

    batch = play(side, script)
    assert (batch.status, batch.cancelling_at) == ("cancelling", 1788419254)
    assert (wire.last.method, wire.last.url) == ("POST", f"{ROOT}/batches/{NEW['id']}/cancel")


def test_batches_are_listed_page_after_page(side: SyncSide, wire: Wire) -> None:
    wire.reply({"object": "list", "data": [{**DONE, "id": "batch_1"}], "has_more": True})
    wire.reply({"object": "list", "data": [{**DONE, "id": "batch_2"}], "has_more": False})

    def script(client: Any) -> Any:
        page = client.batches.list(limit=1)
        return (yield collect(page if hasattr(page, "__aiter__") else iter(page)))

    batches = play(side, script)
    assert [batch.id for batch in batches] == ["batch_1", "batch_2"]
    assert [batch.created_at for batch in batches] == [1716468200] * 2
    assert [sent.url for sent in wire.sent] == [
        f"{ROOT}/batches?limit=1",
        f"{ROOT}/batches?limit=1&after=batch_1",
    ]


@pytest.mark.parametrize(
    "answer", [{}, [], {**NEW, "id": None}, {**NEW, "status": ""}, {**NEW, "created_at": None}]
)
def test_an_answer_that_is_no_batch_is_an_error(side: SyncSide, wire: Wire, answer: Any) -> None:
    wire.reply(answer)
    for work in (retrieved, created):
        with pytest.raises(openai.InternalServerError) as caught:
            work(side)
        assert caught.value.code == "invalid_upstream_answer"


def test_a_refusal_of_zhipus_is_openais_error(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1214", "message": "input_file_id 参数非法"}}, status=400)
    for work in (retrieved, created, lambda one: play(one, lambda client: (yield client.batches.list()))):
        with pytest.raises(openai.BadRequestError, match="input_file_id"):
            work(side)


def test_the_request_id_of_zhipus_is_the_answers(side: SyncSide, wire: Wire) -> None:
    wire.reply(DONE, headers={"x-log-id": "log-1"})
    assert retrieved(side)._request_id == "log-1"
