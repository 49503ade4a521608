"""The resource table: which path is answered by whom. A new resource is one module and one row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import chat, models, responses, tokenizer
from .traffic import Resource

if TYPE_CHECKING:
    from .traffic import Answerer

# The roots under which Zhipu serves (docs.bigmodel.cn, 2026): pay as you go, and the Coding Plan.
GENERAL: Final = "/api/paas/v4"
CODING: Final = "/api/coding/paas/v4"
RESPONSES: Final = "/api/v1"


def _response(method: str, pattern: str, answer: Answerer) -> Resource:
    return Resource(method, (RESPONSES,), re.compile(pattern), answer, door=responses.unauthorized)


RESOURCES: Final = (
    Resource("POST", (GENERAL, CODING), re.compile(r"/chat/completions"), chat.complete),
    Resource("GET", (GENERAL, CODING), re.compile(r"/models"), models.list_models),
    Resource("POST", (GENERAL,), re.compile(r"/tokenizer"), tokenizer.tokenize),
    _response("POST", r"/responses", responses.create),
    _response("GET", r"/responses/(?P<id>[^/]+)", responses.retrieve),
    _response("DELETE", r"/responses/(?P<id>[^/]+)", responses.delete),
    _response("GET", r"/responses/(?P<id>[^/]+)/input_items", responses.list_input_items),
)
"""Every resource, matched in this order; a pattern matches the whole path below the root."""

ROOTS: Final = sorted({root for row in RESOURCES for root in row.roots}, key=len, reverse=True)
"""Every root, longer ones first, so that none hides behind another."""
