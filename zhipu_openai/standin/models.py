"""GET /models: the list in the shape and order in which it was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zhipu_openai.catalogue import MODELS

from . import wire
from .traffic import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .service import StandIn

_OWNER: Final = "z-ai"
_STAMPS: Final[Mapping[str, int]] = {
    "glm-4.5": 1753632000,
    "glm-4.5-air": 1753632000,
    "glm-4.6": 1759276800,
    "glm-4.7": 1766332800,
    "glm-5": 1770739200,
    "glm-5-turbo": 1773504000,
    "glm-5.1": 1774620000,
    "glm-5.2": 1781625600,
}
"""``created`` as recorded on open.bigmodel.cn and api.z.ai, 2026-07-11."""

# Of models that were listed later (RarogCmex/pi-bigmodel evidence 2026-10-08) only the id is known: they get
# the day of that evidence.
_STAMP_NOT_RECORDED: Final = 1791388800


def list_models(_: StandIn, request: Request) -> Reply:
    """Answer with the models that Zhipu lists, which are fewer than it serves."""
    rows = sorted((row for row in MODELS.values() if row.status == "listed"), key=lambda row: row.id)
    data = [
        {
            "id": row.id,
            "object": "model",
            "created": _STAMPS.get(row.id, _STAMP_NOT_RECORDED),
            "owned_by": _OWNER,
        }
        for row in rows
    ]
    body = wire.json_bytes({"object": "list", "data": data})
    return Reply(200, wire.headers("json", request.id, request.now), [body])
