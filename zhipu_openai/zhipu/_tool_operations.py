"""Rows of ``operations``: texts, pages and documents."""

from __future__ import annotations

from datetime import date
from typing import Final

from ._operation import Operation

_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)

TOOLS: Final = (
    Operation(
        "Rerank",
        "POST",
        "/rerank",
        "client.zhipu.rerank.create",
        ("cn",),
        "live",
        "official",
        _SPEC,
        _SPEC_SEEN,
        needs=("results",),
    ),
)
