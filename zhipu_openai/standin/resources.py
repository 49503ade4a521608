"""The resource table: which path is answered by whom. A new resource is one module and one row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import (
    application,
    audio,
    batches,
    chat,
    embeddings,
    files,
    images,
    jobs,
    links,
    models,
    moderations,
    responses,
    tokenizer,
    videos,
    voices,
    zhipu_jobs,
    zhipu_papers,
    zhipu_texts,
)
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
    Resource("POST", (GENERAL, CODING), re.compile(r"/embeddings"), embeddings.embed),
    Resource("POST", (GENERAL, CODING), re.compile(r"/moderations"), moderations.moderate),
    Resource("POST", (GENERAL, CODING), re.compile(r"/files"), files.upload),
    Resource("GET", (GENERAL, CODING), re.compile(r"/files"), files.list_files),
    Resource("DELETE", (GENERAL, CODING), re.compile(r"/files/(?P<id>[^/]+)"), files.delete),
    Resource("GET", (GENERAL, CODING), re.compile(r"/files/(?P<id>[^/]+)/content"), files.content),
    Resource("POST", (GENERAL, CODING), re.compile(r"/batches"), batches.create),
    Resource("GET", (GENERAL, CODING), re.compile(r"/batches"), batches.list_batches),
    Resource("GET", (GENERAL, CODING), re.compile(r"/batches/(?P<id>[^/]+)"), batches.retrieve),
    Resource("POST", (GENERAL, CODING), re.compile(r"/batches/(?P<id>[^/]+)/cancel"), batches.cancel),
    Resource("POST", (GENERAL, CODING), re.compile(r"/images/generations"), images.generate),
    Resource("POST", (GENERAL, CODING), re.compile(r"/async/images/generations"), images.begin),
    Resource("POST", (GENERAL, CODING), re.compile(r"/videos/generations"), videos.begin),
    Resource("GET", (GENERAL, CODING), re.compile(r"/async-result/(?P<id>[^/]+)"), jobs.look),
    Resource("GET", (links.ROOT,), links.PATTERN, links.serve, public=True),
    Resource("POST", (GENERAL,), re.compile(r"/audio/transcriptions"), audio.transcribe),
    Resource("POST", (GENERAL,), re.compile(r"/audio/speech"), audio.speak),
    Resource("POST", (GENERAL,), re.compile(r"/voice/clone"), voices.clone),
    Resource("GET", (GENERAL,), re.compile(r"/voice/list"), voices.list_voices),
    Resource("POST", (GENERAL,), re.compile(r"/voice/delete"), voices.delete),
    *(
        Resource(method, (GENERAL, CODING), re.compile(path), answer)
        for method, path, answer in (*zhipu_texts.ROWS, *zhipu_papers.ROWS, *zhipu_jobs.ROWS)
    ),
    *(
        Resource(method, (zhipu_jobs.MONITOR,), re.compile(path), answer)
        for method, path, answer in zhipu_jobs.MONITOR_ROWS
    ),
    *application.ROWS,
    Resource("POST", (GENERAL, CODING), re.compile(r"/tokenizer"), tokenizer.tokenize),
    _response("POST", r"/responses", responses.create),
    _response("GET", r"/responses/(?P<id>[^/]+)", responses.retrieve),
    _response("DELETE", r"/responses/(?P<id>[^/]+)", responses.delete),
    _response("GET", r"/responses/(?P<id>[^/]+)/input_items", responses.list_input_items),
)
"""Every resource, matched in this order; a pattern matches the whole path below the root."""

ROOTS: Final = sorted({root for row in RESOURCES for root in row.roots}, key=len, reverse=True)
"""Every root, longer ones first, so that none hides behind another."""
