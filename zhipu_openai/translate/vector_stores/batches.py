"""Batches of files, emulated: each file is uploaded by itself, and the client remembers which belong together.

They are on the shelf "knowledge_batches" by the batch's id: ``(vector store, time, document ids, how many failed)``.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import json_reply

from . import fields, objects, upstream
from .attach import attach, held
from .draft import Draft, translate
from .paging import Cursor, page
from .upstream import document, segment

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation, Step

BATCHES: Final = "knowledge_batches"


@upstream.serving
def create_batch(call: Call) -> Operation:
    """Serve ``POST /vector_stores/{id}/file_batches``.

    A file that Zhipu does not take counts as failed, unless it is the first one: then its error is the answer.
    """
    draft = translate(call.body, call.ledger, fields.BATCH_FIELDS)
    store = segment(call.path, 2)
    wanted = _wanted(draft)
    uploads = [(file_id, held(call.memory, file_id), cutting) for file_id, cutting in wanted]
    names: list[str] = []
    failed = 0
    for file_id, file, cutting in uploads:
        try:
            made = yield from attach(call.memory, store, file_id, file, cutting)
        except upstream.Failed:
            if not names:
                raise
            failed += 1
        else:
            names.append(made["id"])
    draft.note(
        "file_batches", "emulated", "each file is uploaded by itself, and this client alone knows the batch."
    )
    batch = f"vsfb_{sha256('/'.join([store, *names]).encode()).hexdigest()[:32]}"
    created = call.memory.recall(objects.TIMES, names[0]) or 0
    kept = (store, created, tuple(names), failed)
    call.memory.keep(BATCHES, batch, kept)
    return json_reply(_batch(batch, kept, ["in_progress"] * len(names)))


@upstream.serving
def retrieve_batch(call: Call) -> Operation:
    """Serve ``GET /vector_stores/{id}/file_batches/{id}``."""
    kept = _kept(call)
    found = yield from _documents(kept)
    return json_reply(_batch(segment(call.path, 4), kept, [objects.status_of(one) for one in found]))


@upstream.serving
def list_batch_files(call: Call) -> Operation:
    """Serve ``GET /vector_stores/{id}/file_batches/{id}/files``."""
    cursor = Cursor(call)
    kept = _kept(call)
    found = yield from _documents(kept)
    files = [objects.store_file(one, kept[0], call.memory) for one in found]
    shown, has_more = cursor.cut([one for one in files if cursor.filter in (None, one["status"])])
    return json_reply(page(shown, has_more=has_more))


def _wanted(draft: Draft) -> list[tuple[Any, dict[str, Any]]]:
    """Give the files and, for each, Zhipu's fields of its upload."""
    body = dict(draft.body)
    ids, files = body.pop("file_ids", None) or [], body.pop("files", None) or []
    if bool(ids) == bool(files):
        draft.refuse("file_ids", "Give either file_ids or files, and at least one.", code="invalid_value")
    if ids:
        return [(one, body) for one in ids]
    wanted = []
    for one in files:
        fields_of_one = translate(one, draft.ledger, fields.FILE_FIELDS).body
        wanted.append((fields_of_one.pop("file_id", None), fields_of_one))
    return wanted


def _kept(call: Call) -> tuple[str, int, tuple[str, ...], int]:
    kept: tuple[str, int, tuple[str, ...], int] | None = call.memory.recall(BATCHES, segment(call.path, 4))
    if kept is None or kept[0] != segment(call.path, 2):
        raise Refused(
            refusal(
                "This client knows no such batch: Zhipu has none, and only the client that made one remembers it. "
                "List the files of the vector store instead.",
                param="batch_id",
                code="batch_not_found",
                status=404,
            )
        )
    return kept


def _documents(kept: tuple[str, int, tuple[str, ...], int]) -> Generator[Step, Any, list[dict[str, Any]]]:
    replies = yield from upstream.one_by_one(document("GET", name) for name in kept[2])
    return upstream.objects([upstream.data_of(one) for one in replies], "documents", "id")


def _batch(name: str, kept: tuple[str, int, tuple[str, ...], int], statuses: list[str]) -> dict[str, Any]:
    store, created, _, failed = kept
    counted = objects.counts([*statuses, *["failed"] * failed])
    return {
        "id": name,
        "object": "vector_store.files_batch",
        "created_at": created,
        "vector_store_id": store,
        "status": "in_progress" if counted["in_progress"] else "completed",
        "file_counts": counted,
    }
