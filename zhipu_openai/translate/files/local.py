"""Files that this client alone keeps, for the vector stores that they are to be put into.

OpenAI's purpose "assistants" is Zhipu's "agent", which takes fewer types than Zhipu's knowledge bases do: no
Markdown, no slides. Such a file is not sent before it is attached to a vector store; until then its bytes are in the
client's memory, and gone with it. Its id says so.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Reply, json_reply
from zhipu_openai.translate.vector_stores.attach import LARGEST_KEPT, UPLOADS, keep

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call
    from zhipu_openai.memory import Memory
    from zhipu_openai.multipart import Part

PREFIX: Final = "file-local-"

SHELF: Final = "files.local"
"""Where a client remembers the objects of these files."""

KNOWLEDGE_FORMATS: Final = frozenset({"txt", "doc", "docx", "pdf", "ppt", "pptx", "md", "xls", "xlsx", "csv"})
"""File name endings that a knowledge base takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""


def is_for_knowledge(filename: str) -> bool:
    """Say whether a knowledge base takes a file of this name."""
    stem, _, extension = filename.rpartition(".")
    return bool(stem) and extension.lower() in KNOWLEDGE_FORMATS


def is_local(file_id: str) -> bool:
    """Say whether an id is one of a file that was never sent."""
    return file_id.startswith(PREFIX)


def announce(call: Call, filename: str, size: int) -> None:
    """Record that a file will be kept here.

    Args:
        call: The upload.
        filename: The file's name.
        size: Its size in bytes.

    Raises:
        Refused: It is too large to be kept.
    """
    if size > LARGEST_KEPT:
        raise Refused(
            refusal(
                f"The file has {size} bytes. Zhipu's agents do not take its type, and this client keeps "
                f"{LARGEST_KEPT} bytes at most for a vector store. Put it into the knowledge base directly, "
                "client.zhipu.knowledge.documents.upload(...).",
                param="file",
                code="file_too_large",
                status=413,
            )
        )
    call.ledger.add(
        "file",
        "emulated",
        f"{filename.rpartition('.')[2].lower()} files are no type that Zhipu keeps for assistants; the file is kept "
        "by this client, in memory, until it is attached to a vector store.",
    )


def create(call: Call, file: Part) -> dict[str, Any]:
    """Keep a file; give OpenAI's object for it."""
    name = file.filename or "upload"
    announce(call, name, len(file.data))
    second = int(time.time())
    made: dict[str, Any] = {
        "id": f"{PREFIX}{second}_{secrets.token_hex(16)}",
        "object": "file",
        "bytes": len(file.data),
        "created_at": second,
        "filename": name,
        "purpose": "assistants",
        "status": "processed",
    }
    keep(call.memory, made["id"], (name, file.content_type, file.data))
    call.memory.keep(SHELF, made["id"], made)
    return made


def listed(memory: Memory) -> list[dict[str, Any]]:
    """Give the files that are kept, as far as their bytes are."""
    return [one for one in memory.shelf(SHELF) if memory.recall(UPLOADS, one["id"]) is not None]


def retrieve(memory: Memory, file_id: str) -> Reply:
    """Give the object of a file.

    Raises:
        Refused: It is not kept (any more).
    """
    _bytes_of(memory, file_id)
    return json_reply(memory.recall(SHELF, file_id))


def content(memory: Memory, file_id: str) -> Reply:
    """Give a file's bytes.

    Raises:
        Refused: It is not kept (any more).
    """
    return Reply(200, {"content-type": "application/octet-stream"}, _bytes_of(memory, file_id))


def delete(memory: Memory, file_id: str) -> Reply:
    """Forget a file.

    Raises:
        Refused: It is not kept (any more).
    """
    _bytes_of(memory, file_id)
    memory.forget(UPLOADS, file_id)
    memory.forget(SHELF, file_id)
    return json_reply({"id": file_id, "object": "file", "deleted": True})


def _bytes_of(memory: Memory, file_id: str) -> bytes:
    upload = memory.recall(UPLOADS, file_id)
    if upload is None or memory.recall(SHELF, file_id) is None:
        raise Refused(
            refusal(
                f"No such file: {file_id}. It was kept by the client that uploaded it, in its memory, and only while "
                "there was room. Upload it again.",
                param="id",
                code="file_not_found",
                status=404,
            )
        )
    data: bytes = upload[2]
    return data
