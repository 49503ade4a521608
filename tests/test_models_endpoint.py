"""``client.models``: Zhipu's own list, completed, and a model found in it by any of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import httpx
from scripts import play

from zhipu_openai import catalogue

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

LISTED: dict[str, Any] = {
    "object": "list",
    "data": [
        {"id": "glm-5.2", "object": "model", "created": 1767196800, "owned_by": "z-ai"},
        {"id": "glm-brand-new", "object": "model", "created": 1790000000, "owned_by": "z-ai"},
        {"id": "glm-bare"},
    ],
}


def models_of(client: Any) -> Any:
    """List the models; to be yielded like a call."""
    listed = client.models.list()
    if not hasattr(listed, "__aiter__"):
        return list(listed)

    async def items() -> list[Any]:
        return [model async for model in listed]

    return items()


def listed_by(side: SyncSide) -> list[Any]:
    """List the models with a client of this side."""

    def script(client: Any) -> Generator[Any, Any, Any]:
        return (yield models_of(client))

    models: list[Any] = play(side, script)
    return models


def retrieved_by(side: SyncSide, name: str, **options: Any) -> Any:
    """Retrieve one model with a client of this side."""

    def script(client: Any) -> Generator[Any, Any, Any]:
        return (yield client.models.retrieve(name))

    return play(side, script, **options)


def test_the_list_is_zhipus_with_what_it_serves_and_does_not_list(side: SyncSide, wire: Wire) -> None:
    wire.reply(LISTED)
    models = listed_by(side)
    ids = [model.id for model in models]
    assert ids[:3] == ["glm-5.2", "glm-brand-new", "glm-bare"]
    served = {one.id for one in catalogue.MODELS.values() if one.status in ("listed", "callable")}
    assert served <= set(ids)
    assert len(ids) == len(set(ids))
    assert {(model.object, model.owned_by) for model in models} == {("model", "z-ai")}
    assert models[0].created == 1767196800
    assert wire.last.method == "GET"
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/models"
    assert wire.last.content == b""


def test_a_listed_model_is_retrieved_as_it_is_listed(side: SyncSide, wire: Wire) -> None:
    wire.reply(LISTED)
    model = retrieved_by(side, "glm-brand-new")
    assert (model.id, model.created, model.owned_by) == ("glm-brand-new", 1790000000, "z-ai")
    assert [sent.url for sent in wire.sent] == ["https://open.bigmodel.cn/api/paas/v4/models"]


def test_the_headers_of_the_list_stay(side: SyncSide, wire: Wire) -> None:
    wire.reply(
        LISTED,
        headers={"x-log-id": "20260711070015aabbccddeeff0011", "date": "Sat, 11 Jul 2026 00:00:00 GMT"},
    )
    raw = side.run(lambda client: client.models.with_raw_response.list())
    assert raw.headers["x-request-id"] == "20260711070015aabbccddeeff0011"
    assert raw.headers["date"] == "Sat, 11 Jul 2026 00:00:00 GMT"
    assert raw.headers["content-type"] == "application/json"


def test_case_does_not_matter(side: SyncSide, wire: Wire) -> None:
    wire.reply(LISTED)
    assert retrieved_by(side, "GLM-5.2").id == "glm-5.2"


def test_a_model_that_is_served_but_not_listed_is_found(side: SyncSide, wire: Wire) -> None:
    wire.reply({"object": "list", "data": []})
    served = next(one for one in catalogue.MODELS.values() if one.status == "callable")
    assert retrieved_by(side, served.id).id == served.id


def test_an_alias_gives_the_model_behind_it(side: SyncSide, wire: Wire) -> None:
    wire.reply(LISTED)
    model = retrieved_by(side, "house-model", model_aliases={"house-model": "glm-5.2"})
    assert model.id == "glm-5.2"


def test_openais_names_give_the_model_that_serves_them(side: SyncSide, wire: Wire) -> None:
    wire.reply(LISTED)
    expected = catalogue.resolve("gpt-4o").id
    assert retrieved_by(side, "gpt-4o").id == expected


def test_a_model_that_does_not_exist_is_not_found(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply(LISTED)
    with pytest.raises(openai.NotFoundError, match="glm-nonsense") as caught:
        retrieved_by(side, "glm-nonsense")
    assert caught.value.code == "model_not_found"
    assert caught.value.param == "model"
    assert waits == []


def test_a_failure_of_the_list_is_the_callers(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1000", "message": "身份验证失败"}}, status=401)
    for work in (lambda: listed_by(side), lambda: retrieved_by(side, "glm-5.2")):
        with pytest.raises(openai.AuthenticationError):
            work()


def test_a_failure_inside_a_success_is_tried_again(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}})
    wire.reply(LISTED)
    assert retrieved_by(side, "glm-5.2").id == "glm-5.2"
    assert len(waits) == 1


@pytest.mark.parametrize("body", [{"models": []}, [], {"data": None}, {"data": "none"}])
def test_a_list_of_another_form_is_an_error_that_says_so(
    side: SyncSide, wire: Wire, waits: list[float], body: Any
) -> None:
    wire.reply(body)
    with pytest.raises(openai.APIStatusError, match="no list of models") as caught:
        listed_by(side)
    assert (caught.value.status_code, caught.value.code) == (502, "invalid_upstream_answer")
    # Asking again costs nothing.
    assert len(wire.sent) == 3
    assert len(waits) == 2


def test_a_list_nested_without_end_is_such_an_error_too(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply_with(lambda _: httpx.Response(200, content=b'{"data":' + b"[" * 100_000))
    with pytest.raises(openai.APIStatusError, match="no list of models"):
        listed_by(side)
    assert len(waits) == 2


def test_a_redirect_within_the_origin_is_followed(side: SyncSide, wire: Wire) -> None:
    wire.reply({}, status=301, headers={"location": "/api/paas/v4/models/"})
    wire.reply(LISTED)
    assert listed_by(side)[0].id == "glm-5.2"
    assert [sent.url.removeprefix("https://open.bigmodel.cn") for sent in wire.sent] == [
        "/api/paas/v4/models",
        "/api/paas/v4/models/",
    ]
