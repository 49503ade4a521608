"""Vector stores: create, retrieve, update, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.exchange import json_reply

from . import fields, objects, upstream
from .attach import attach, held
from .draft import translate
from .paging import Cursor, page
from .upstream import knowledge, segment

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation, Step


@upstream.serving
def create_store(call: Call) -> Operation:
    """Serve ``POST /vector_stores``: a knowledge base, and a document for each file.

    If a file cannot be uploaded the new knowledge base is deleted again, so that a retry begins anew.
    """
    draft = translate(call.body, call.ledger, fields.CREATE_FIELDS)
    body = draft.body
    files = {one: held(call.memory, one) for one in body.pop("file_ids", None) or []}
    cutting: dict[str, Any] = {}
    for name in ("knowledge_type", "sentence_size"):
        if name in body:
            cutting[name] = body.pop(name)
    draft.default("name", fields.DEFAULT_NAME)
    model = body.get("embedding_model")
    draft.default(
        "embedding_id",
        fields.EMBEDDINGS.get(model, fields.DEFAULT_EMBEDDING)
        if isinstance(model, str)
        else fields.DEFAULT_EMBEDDING,
    )
    made = upstream.envelope((yield knowledge("POST", body=body)))
    data = made.get("data")
    if not isinstance(data, dict) or not data.get("id"):
        upstream.invalid("the knowledge base's id")
    name = str(data["id"])
    call.memory.keep(objects.TIMES, name, upstream.seconds(made))
    try:
        for file_id, file in files.items():
            yield from attach(call.memory, name, file_id, file, cutting)
    except upstream.Failed:
        yield knowledge("DELETE", name)
        raise
    described = {"id": name, "name": body["name"], "description": body.get("description")}
    return json_reply(objects.store(described, ["in_progress"] * len(files), call.memory))


@upstream.serving
def retrieve_store(call: Call) -> Operation:
    """Serve ``GET /vector_stores/{id}``; the documents are counted by their status."""
    return json_reply((yield from _retrieved(call, segment(call.path, 2))))


@upstream.serving
def update_store(call: Call) -> Operation:
    """Serve ``POST /vector_stores/{id}``."""
    body = translate(call.body, call.ledger, fields.UPDATE_FIELDS).body
    name = segment(call.path, 2)
    if body:
        upstream.envelope((yield knowledge("PUT", name, body)))
    return json_reply((yield from _retrieved(call, name)))


@upstream.serving
def delete_store(call: Call) -> Operation:
    """Serve ``DELETE /vector_stores/{id}``."""
    name = segment(call.path, 2)
    upstream.envelope((yield knowledge("DELETE", name)))
    call.memory.forget(objects.TIMES, name)
    return json_reply({"id": name, "object": "vector_store.deleted", "deleted": True})


@upstream.serving
def list_stores(call: Call) -> Operation:
    """Serve ``GET /vector_stores``; the documents of each one listed are counted by their status."""
    cursor = Cursor(call)
    found = yield from upstream.every("/knowledge", {}, "knowledge bases")
    shown, has_more = cursor.cut(found)
    documents = yield from upstream.every_of_each([(_query(one), _size(one)) for one in shown])
    stores = [
        objects.store(one, map(objects.status_of, documents_of_one), call.memory)
        for one, documents_of_one in zip(shown, documents, strict=True)
    ]
    return json_reply(page(stores, has_more=has_more))


def _retrieved(call: Call, name: str) -> Generator[Step, Any, dict[str, Any]]:
    found = upstream.data_of((yield knowledge("GET", name)))
    upstream.objects([found], "a knowledge base", "id")
    documents = yield from upstream.every_of_each([(_query(found), _size(found))])
    return objects.store(found, map(objects.status_of, documents[0]), call.memory)


def _query(found: dict[str, Any]) -> dict[str, str]:
    return {"knowledge_id": str(found["id"])}


def _size(found: dict[str, Any]) -> int:
    """Say how many documents a knowledge base holds, if it says so."""
    size = found.get("document_size")
    return size if isinstance(size, int) else upstream.PAGE
