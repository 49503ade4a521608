"""A vector store's files: create, retrieve, list, delete, content.

A file's id is that of its document, which Zhipu keeps. The id of the upload it was made of is understood as
well, by the client that made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Fetch, json_reply

from . import fields, objects, upstream
from .attach import attach, held
from .draft import translate
from .paging import Cursor, page
from .upstream import document, segment

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation, Step

TEXT_FORMATS: Final = frozenset({"txt", "md", "csv"})
"""Of the formats that a knowledge base takes, those that are plain text."""


@upstream.serving
def create_file(call: Call) -> Operation:
    """Serve ``POST /vector_stores/{id}/files``: the held bytes of the file are uploaded as a document."""
    body = translate(call.body, call.ledger, fields.FILE_FIELDS).body
    file_id = body.pop("file_id", None)
    store = segment(call.path, 2)
    made = yield from attach(call.memory, store, file_id, held(call.memory, file_id), body)
    return json_reply(objects.store_file(made, store, call.memory))


@upstream.serving
def retrieve_file(call: Call) -> Operation:
    """Serve ``GET /vector_stores/{id}/files/{id}``."""
    found = yield from _document(call)
    return json_reply(objects.store_file(found, segment(call.path, 2), call.memory))


@upstream.serving
def list_files(call: Call) -> Operation:
    """Serve ``GET /vector_stores/{id}/files``."""
    cursor = Cursor(call)
    store = segment(call.path, 2)
    found = yield from upstream.every("/document", {"knowledge_id": store}, "documents")
    files = [objects.store_file(one, store, call.memory) for one in found]
    wanted = [one for one in files if cursor.filter in (None, one["status"])]
    shown, has_more = cursor.cut(wanted)
    return json_reply(page(shown, has_more=has_more))


@upstream.serving
def delete_file(call: Call) -> Operation:
    """Serve ``DELETE /vector_stores/{id}/files/{id}``."""
    store, file_id = segment(call.path, 2), segment(call.path, 4)
    name = objects.document_id(call.memory, store, file_id)
    upstream.envelope((yield document("DELETE", name)))
    call.memory.forget(objects.DOCUMENTS, f"{store}/{file_id}")
    call.memory.forget(objects.TIMES, name)
    return json_reply({"id": file_id, "object": "vector_store.file.deleted", "deleted": True})


@upstream.serving
def file_content(call: Call) -> Operation:
    """Serve ``GET /vector_stores/{id}/files/{id}/content``: the text of a plain text file, by its link."""
    found = yield from _document(call)
    name, url = str(found.get("name") or ""), found.get("url")
    if name.rpartition(".")[2].lower() not in TEXT_FORMATS or not isinstance(url, str) or not url:
        raise Refused(
            refusal(
                "Zhipu gives out no parsed text of a document, and this one is no plain text file (txt, md, csv) "
                "with a link. Search in the vector store instead.",
                param="file_id",
                code="unsupported_file",
            )
        )
    reply = yield Fetch(url)
    if reply.error is not None:
        raise upstream.Failed(reply)
    call.ledger.add("content", "approximated", "the file as it was uploaded, not the text that Zhipu parsed.")
    text = reply.content.decode("utf-8-sig", "replace")
    return json_reply(
        {
            "object": "vector_store.file_content.page",
            "data": [{"type": "text", "text": text}],
            "has_more": False,
            "next_page": None,
        }
    )


def _document(call: Call) -> Generator[Step, Any, dict[str, Any]]:
    name = objects.document_id(call.memory, segment(call.path, 2), segment(call.path, 4))
    found = upstream.data_of((yield document("GET", name)))
    return upstream.objects([found], "a document", "id")[0]
