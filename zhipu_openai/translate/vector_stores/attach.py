"""A file becomes a document: the bytes that were uploaded are sent again, into a knowledge base.

What uploads a file for this (``client.files.create``) lets the client remember it by ``keep``: on the shelf
"knowledge_uploads", by the file's id, as ``(filename, content_type, bytes)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import error_reply

from . import chunking, objects, upstream

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from zhipu_openai.exchange import Step
    from zhipu_openai.memory import Memory

Upload: TypeAlias = tuple[str, str | None, bytes]
"""A file's name, content type and bytes."""


UPLOADS: Final = "knowledge_uploads"

LARGEST_KEPT: Final = 20 * 1024 * 1024
"""Bytes of an upload that is remembered; what a client remembers is bounded as a whole, too."""


def keep(memory: Memory, file_id: str, upload: Upload) -> None:
    """Remember an upload, so that it can be attached to a vector store; not one that is too large."""
    size = len(upload[2])
    if size <= LARGEST_KEPT:
        memory.keep(UPLOADS, file_id, upload, size=size)


def held(memory: Memory, file_id: Any) -> Upload:
    """Find an upload of this client.

    Raises:
        Refused: It is not there: Zhipu has no way to put a file that it keeps into a knowledge base.
    """
    found = memory.recall(UPLOADS, file_id) if isinstance(file_id, str) else None
    if found is None:
        raise Refused(
            refusal(
                "Zhipu's knowledge bases take a file's bytes, not the id of a file, and this client does not hold "
                "the bytes of that file (any more). Upload and attach it with one client, "
                "client.vector_stores.files.upload_and_poll(vector_store_id=..., file=...); or put it into the "
                "knowledge base directly, client.zhipu.knowledge.documents.upload(...).",
                param="file_id",
                code="file_not_held",
            )
        )
    upload: Upload = found
    return upload


def attach(
    memory: Memory, store_id: str, file_id: str, file: Upload, fields: Mapping[str, Any]
) -> Generator[Step, Any, dict[str, Any]]:
    """Put a file into a knowledge base; give the document as far as it is known, and remember it.

    Raises:
        Failed: Zhipu did not take it.
    """
    sent = chunking.fit_to_file(dict(fields), file[0])
    reply = yield upstream.upload(store_id, file, sent)
    body = upstream.envelope(reply)
    data = body.get("data")
    made = data.get("successInfos") if isinstance(data, dict) else None
    if not made:
        refused = data.get("failedInfos") if isinstance(data, dict) else None
        raise upstream.Failed(error_reply(_not_taken(refused), reply.headers))
    document = str(upstream.objects(made, "the document's id", "documentId")[0]["documentId"])
    memory.keep(objects.DOCUMENTS, f"{store_id}/{file_id}", document)
    memory.keep(objects.TIMES, document, upstream.seconds(body))
    cut = {name: sent.get(name) for name in ("knowledge_type", "sentence_size")}
    return {"id": document, "name": file[0], "embedding_stat": 0, **cut}


def _not_taken(refused: Any) -> Any:
    """Make the error for a file that Zhipu says it did not take."""
    first = refused[0] if isinstance(refused, list) and refused else {}
    reason = first.get("failReason") if isinstance(first, dict) else None
    return refusal(
        f"Zhipu did not take the file: {reason or 'it gives no reason'}.",
        param="file_id",
        code="unsupported_file",
    )
