"""Zhipu's envelopes, and uploads that a client holds."""

from __future__ import annotations

from typing import Any

from zhipu_openai.translate.vector_stores.attach import keep

ROOT = "https://open.bigmodel.cn/api/llm-application/open"
STAMP = 1780000000123
NOTES = "Cats sleep most of the day.\n\nDogs like long walks in the rain."


def envelope(data: Any = None, **top: Any) -> dict[str, Any]:
    """Make the envelope of a success."""
    body = {} if data is None else {"data": data}
    return {**body, "code": 200, "message": "请求成功", "timestamp": STAMP, **top}


def listed(*items: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    """Make the envelope of a list."""
    return envelope({"list": list(items), "total": len(items) if total is None else total})


def base(name: str = "kb1", **fields: Any) -> dict[str, Any]:
    """Make a knowledge base."""
    return {
        "id": name,
        "embedding_id": 11,
        "name": "notes",
        "description": "",
        "document_size": 0,
        "length": 0,
        "word_num": 0,
        **fields,
    }


def document(ident: str = "d1", stat: int = 1, **fields: Any) -> dict[str, Any]:
    """Make a document."""
    return {
        "id": ident,
        "knowledge_type": 1,
        "custom_separator": ["\n"],
        "sentence_size": 300,
        "length": 62,
        "word_num": 62,
        "name": "notes.txt",
        "url": "https://files.example/notes.txt",
        "embedding_stat": stat,
        **fields,
    }


def uploaded(name: str = "d1") -> dict[str, Any]:
    """Make the envelope of an upload that was taken."""
    return envelope({"successInfos": [{"documentId": name, "fileName": "notes.txt"}], "failedInfos": []})


def piece(text: str, score: float, name: str = "p1", document_id: str = "d1") -> dict[str, Any]:
    """Make a search result."""
    about = {
        "_id": name,
        "knowledge_id": "kb1",
        "doc_id": document_id,
        "doc_name": "notes.txt",
        "doc_url": "",
    }
    return {"text": text, "score": score, "metadata": about}


def hold(client: Any, file_id: str = "f1", filename: str = "notes.txt", data: bytes = NOTES.encode()) -> None:
    """Let a client hold an upload, as the files resource does."""
    keep(client._client.boundary.core.config.memory, file_id, (filename, "text/plain", data))
