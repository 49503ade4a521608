"""GET /models: the list in the shape and order in which it was recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from zhipu_openai import models as catalogue

from . import wire
from .traffic import Reply, Request

if TYPE_CHECKING:
    from .service import StandIn

# Ids: RarogCmex/pi-bigmodel evidence 2026-10-08. Stamps: recorded traffic, open.bigmodel.cn, 2026-07-11. Of the
# models that came later only the id is known; they get the day of that evidence.
_STAMP_NOT_RECORDED: Final = date(2026, 10, 8)


def list_models(_: StandIn, request: Request) -> Reply:
    """Answer with the models that Zhipu lists, which are fewer than it serves."""
    rows = sorted(
        (row for row in catalogue.MODELS.values() if row.status == "listed"), key=lambda row: row.id
    )
    data = [
        {
            "id": row.id,
            "object": "model",
            "created": _midnight(row.released or _STAMP_NOT_RECORDED),
            "owned_by": "z-ai",
        }
        for row in rows
    ]
    body = wire.json_bytes({"object": "list", "data": data})
    return Reply(200, wire.headers("json", request.id, request.now), [body])


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=wire.BEIJING).timestamp())
