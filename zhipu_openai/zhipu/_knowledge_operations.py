"""Rows of ``operations``: knowledge bases, documents and retrieval."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from ._operation import Ends, Operation

if TYPE_CHECKING:
    from ._operation import Proof

_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_DATA: Final = ("data",)
_CODE: Final = ("code",)


def _row(
    name: str,
    method: str,
    path: str,
    call: str,
    needs: tuple[str, ...] = _DATA,
    *,
    proof: Proof = "official",
    note: str = "",
) -> Operation:
    return Operation(
        name,
        method,
        path,
        f"client.zhipu.knowledge.{call}",
        ("cn",),
        "live",
        proof,
        _SPEC,
        _SPEC_SEEN,
        root="application",
        needs=needs,
        note=note,
    )


KNOWLEDGE: Final = (
    _row("Create a knowledge base", "POST", "/knowledge", "create"),
    _row("List knowledge bases", "GET", "/knowledge", "list"),
    _row("Capacity of knowledge bases", "GET", "/knowledge/capacity", "capacity"),
    _row(
        "Search knowledge bases",
        "POST",
        "/knowledge/retrieve",
        "search",
        note="Documents that are not embedded yet give nothing.",
    ),
    _row("Retrieve a knowledge base", "GET", "/knowledge/{id}", "retrieve"),
    _row("Update a knowledge base", "PUT", "/knowledge/{id}", "update", _CODE),
    _row("Delete a knowledge base", "DELETE", "/knowledge/{id}", "delete", _CODE),
    _row(
        "Upload a document",
        "POST",
        "/document/upload_document/{id}",
        "documents.upload",
        note="Not ready until its embedding_stat is 1.",
    ),
    _row("Upload documents by links", "POST", "/document/upload_url", "documents.upload_url"),
    _row("List documents", "GET", "/document", "documents.list"),
    _row("Retrieve a document", "GET", "/document/{id}", "documents.retrieve"),
    _row("Delete a document", "DELETE", "/document/{id}", "documents.delete", _CODE),
    _row("Embed a document again", "POST", "/document/embedding/{id}", "documents.embed", _CODE),
    _row("Pictures of a document", "POST", "/document/slice/image_list/{id}", "documents.images"),
    Operation(
        "Multimodal retrieval",
        "POST",
        "/retrieval/retrieve",
        "client.zhipu.rag.retrieve",
        ("cn",),
        "live",
        "official",
        _SPEC,
        _SPEC_SEEN,
        root="rag",
        needs=_DATA,
    ),
    Operation(
        "Question-answering agent",
        "POST",
        "/agent/chat",
        "client.zhipu.rag.chat",
        ("cn",),
        "live",
        "official",
        _SPEC,
        _SPEC_SEEN,
        root="rag",
        ends=Ends("type", done=("done",), failed=("error",)),
        streams=True,
    ),
)
