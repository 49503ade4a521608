"""The resource table: which path is answered by whom. A new resource is one module and one row."""

from __future__ import annotations

import re
from typing import Final

from . import application, chat, jobs, models, zhipu_jobs, zhipu_papers, zhipu_texts
from .traffic import Resource

# The roots under which Zhipu serves (docs.bigmodel.cn, 2026): pay as you go, and the Coding Plan.
GENERAL: Final = "/api/paas/v4"
CODING: Final = "/api/coding/paas/v4"
RESOURCES: Final = (
    Resource("POST", (GENERAL, CODING), re.compile(r"/chat/completions"), chat.complete),
    Resource("GET", (GENERAL, CODING), re.compile(r"/models"), models.list_models),
    Resource("GET", (GENERAL, CODING), re.compile(r"/async-result/(?P<id>[^/]+)"), jobs.look),
    *(
        Resource(method, (GENERAL, CODING), re.compile(path), answer)
        for method, path, answer in (*zhipu_texts.ROWS, *zhipu_papers.ROWS, *zhipu_jobs.ROWS)
    ),
    *(
        Resource(method, (zhipu_jobs.MONITOR,), re.compile(path), answer)
        for method, path, answer in zhipu_jobs.MONITOR_ROWS
    ),
    *application.ROWS,
)
"""Every resource, matched in this order; a pattern matches the whole path below the root."""

ROOTS: Final = sorted({root for row in RESOURCES for root in row.roots}, key=len, reverse=True)
"""Every root, longer ones first, so that none hides behind another."""
