"""The rows of knowledge bases, documents, retrieval, agents, assistants and applications."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import agents, applications, assistants, documents, finance, knowledge, rag
from .envelopes import ROOT
from .traffic import Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from .service import StandIn
    from .traffic import Reply, Request


RAG: Final = "/api/zrag"
GENERAL: Final = "/api/paas/v4"


def _row(
    method: str,
    path: str,
    answer: Callable[[StandIn, Request], Reply],
    *,
    root: str = ROOT,
    public: bool = False,
) -> Resource:
    """Make a row; ``{id}`` stands for one segment."""
    pattern = re.compile(path.replace("{id}", "(?P<id>[^/]+)"))
    return Resource(method, (root,), pattern, answer, public=public)


ROWS: Final = (
    _row("POST", "/knowledge", knowledge.create),
    _row("GET", "/knowledge", knowledge.list_all),
    _row("GET", "/knowledge/capacity", knowledge.capacity),
    _row("POST", "/knowledge/retrieve", knowledge.search),
    _row("GET", "/knowledge/{id}", knowledge.retrieve),
    _row("PUT", "/knowledge/{id}", knowledge.update),
    _row("DELETE", "/knowledge/{id}", knowledge.delete),
    _row("POST", "/document/upload_document/{id}", documents.upload),
    _row("POST", "/document/upload_url", documents.upload_url),
    _row("GET", "/document", documents.list_all),
    _row("GET", "/document/{id}", documents.retrieve),
    _row("DELETE", "/document/{id}", documents.delete),
    _row("POST", "/document/embedding/{id}", documents.embed),
    _row("POST", "/document/slice/image_list/{id}", documents.images),
    _row("POST", "/retrieval/retrieve", rag.retrieve, root=RAG),
    _row("POST", "/agent/chat", rag.chat, root=RAG),
    _row("POST", "/agents", agents.invoke, root=agents.ROOT),
    _row("POST", "/agents/async-result", agents.async_result, root=agents.ROOT),
    _row("POST", "/agents/conversation", agents.conversation, root=agents.ROOT),
    _row("POST", "/assistant/list", assistants.list_all, root=GENERAL),
    _row("POST", "/assistant/conversation/list", assistants.conversations, root=GENERAL),
    _row("POST", "/v3/application/invoke", applications.invoke),
    _row("POST", "/v2/application/file_upload", applications.upload),
    _row("POST", "/v2/application/file_stat", applications.file_stat),
    _row("POST", "/v2/application/slice_info", applications.slice_info),
    _row("POST", "/v2/application/generate_request_id", applications.generate_request_id),
    _row("GET", "/v2/application/{id}/variables", applications.variables),
    _row("POST", "/v2/application/{id}/conversation", applications.create_conversation),
    _row("POST", "/v2/model-api/{id}/sse-invoke", applications.sse_invoke),
    _row("GET", "/history_session_record/[^/]+/[^/]+", applications.suggested_questions),
    *(_row("POST", f"/{name}", finance.answer, root=finance.ROOT) for name in finance.NAMES),
    _row("GET", "/standin/{id}", documents.link, public=True),
)
"""Every row, matched in this order. The last is the stand-in's own: the link to a document's file."""
