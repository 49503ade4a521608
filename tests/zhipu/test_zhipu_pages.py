"""Lists in pages that are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openai import BaseModel
from scripts import collect, play

from zhipu_openai.zhipu._pages import AsyncNumberPage, SyncNumberPage

if TYPE_CHECKING:
    from collections.abc import Iterator


class Item(BaseModel):
    id: int


def items(side: Any, **given: Any) -> list[int]:
    page: Any = SyncNumberPage[Item] if side.name == "sync" else AsyncNumberPage[Item]

    def script(client: Any) -> Iterator[Any]:
        pages = client.zhipu._pages("/novel", page=page, model=Item, given=given, root="application")
        return (yield collect(pages))

    return [item.id for item in play(side, script)]


def page_of(*ids: int, total: int) -> dict[str, Any]:
    return {"code": 200, "message": "ok", "data": {"list": [{"id": one} for one in ids], "total": total}}


def test_pages_are_gone_through_to_the_total(side: Any, wire: Any) -> None:
    wire.reply(page_of(1, 2, total=3))
    wire.reply(page_of(3, total=3))
    assert items(side, size=2, extra_headers={"x-mine": "1"}) == [1, 2, 3]
    root = "https://open.bigmodel.cn/api/llm-application/open/novel"
    assert [sent.url for sent in wire.sent] == [f"{root}?size=2", f"{root}?size=2&page=2"]
    assert wire.last.headers["x-mine"] == "1"


def test_a_page_in_the_middle_is_gone_on_from(side: Any, wire: Any) -> None:
    wire.reply(page_of(3, total=3))
    assert items(side, size=2, page=2) == [3]
    assert len(wire.sent) == 1


@pytest.mark.parametrize("body", [{"code": 200, "data": None}, page_of(total=0), page_of(total=99)])
def test_an_empty_page_is_the_last(side: Any, wire: Any, body: Any) -> None:
    wire.reply(body)
    assert items(side) == []
    assert len(wire.sent) == 1
