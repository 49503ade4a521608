"""OpenAI's objects, made of Zhipu's knowledge bases and documents, and what the client remembers of them.

Zhipu tells no time of creation, so the times of what this client made itself are remembered, on the shelf
"knowledge_times" by id; the others have 0. OpenAI's file ids are remembered with the documents made of them,
on the shelf "knowledge_documents" by vector store and file id.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from .chunking import strategy_of
from .upstream import invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhipu_openai.memory import Memory

TIMES: Final = "knowledge_times"
DOCUMENTS: Final = "knowledge_documents"

STATUSES: Final = {"0": "in_progress", "1": "completed", "2": "failed"}
"""OpenAI's word for each ``embedding_stat``. Source: recorded traffic (fxp/skillify), 2026-09-11."""

COUNTED: Final = ("cancelled", "completed", "failed", "in_progress")


def counts(statuses: Iterable[str]) -> dict[str, int]:
    """Count files by their status."""
    found = Counter(statuses)
    return {**{name: found[name] for name in COUNTED}, "total": sum(found.values())}


def store(knowledge: dict[str, Any], statuses: Iterable[str], memory: Memory) -> dict[str, Any]:
    """Make a vector store.

    Args:
        knowledge: The knowledge base, with its ``id``.
        statuses: The status of each document in it, in OpenAI's words.
        memory: What the client remembers.
    """
    counted = counts(statuses)
    created = memory.recall(TIMES, str(knowledge["id"])) or 0
    return {
        "id": str(knowledge["id"]),
        "object": "vector_store",
        "created_at": created,
        "name": knowledge.get("name") or "",
        "description": knowledge.get("description"),
        # Zhipu counts the text after it was cut; that is what it has kept of the files.
        "usage_bytes": _number(knowledge.get("length")),
        "file_counts": counted,
        "status": "in_progress" if counted["in_progress"] else "completed",
        "expires_after": None,
        "expires_at": None,
        "last_active_at": created or None,
        "metadata": {},
        "zhipu": knowledge,
    }


def store_file(document: dict[str, Any], store_id: str, memory: Memory) -> dict[str, Any]:
    """Make a vector store's file.

    Args:
        document: The document, with its ``id`` and ``embedding_stat``.
        store_id: The vector store.
        memory: What the client remembers.
    """
    status = status_of(document)
    return {
        "id": str(document["id"]),
        "object": "vector_store.file",
        "created_at": memory.recall(TIMES, str(document["id"])) or 0,
        "vector_store_id": store_id,
        "status": status,
        "last_error": _last_error(document) if status == "failed" else None,
        "usage_bytes": _number(document.get("length")),
        "attributes": {},
        "chunking_strategy": strategy_of(document),
        "zhipu": document,
    }


def status_of(document: dict[str, Any]) -> str:
    """Say in OpenAI's word how far a document is."""
    status = STATUSES.get(str(document.get("embedding_stat")))
    if status is None:
        invalid("an embedding_stat of 0, 1 or 2")
    return status


def document_id(memory: Memory, store_id: str, file_id: str) -> str:
    """Find the document that a file of OpenAI's became; a document's own id stands for itself."""
    return memory.recall(DOCUMENTS, f"{store_id}/{file_id}") or file_id


def _last_error(document: dict[str, Any]) -> dict[str, str]:
    info = document.get("failInfo")
    info = info if isinstance(info, dict) else {}
    words = str(info.get("embedding_msg") or "the document could not be embedded")
    code = info.get("embedding_code")
    return {"code": "server_error", "message": words if code is None else f"{words} (Zhipu code {code})"}


def _number(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) else 0
