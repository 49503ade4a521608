"""The resource table: which path is answered by whom. A new resource is one module and one row."""

from __future__ import annotations

import re
from typing import Final

from . import application, chat, models, zhipu_texts
from .traffic import Resource

# The roots under which Zhipu serves (docs.bigmodel.cn, 2026): pay as you go, and the Coding Plan.
GENERAL: Final = "/api/paas/v4"
CODING: Final = "/api/coding/paas/v4"
RESOURCES: Final = (
    Resource("POST", (GENERAL, CODING), re.compile(r"/chat/completions"), chat.complete),
    Resource("GET", (GENERAL, CODING), re.compile(r"/models"), models.list_models),
    Resource("POST", (GENERAL, CODING), re.compile(r"/rerank"), zhipu_texts.rerank),
    *application.ROWS,
)
"""Every resource, matched in this order; a pattern matches the whole path below the root."""

ROOTS: Final = sorted({root for row in RESOURCES for root in row.roots}, key=len, reverse=True)
"""Every root, longer ones first, so that none hides behind another."""
