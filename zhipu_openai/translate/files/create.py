"""Uploads: ``POST /files``, and whatever else ends in a file that is sent whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Reply, Send, json_reply
from zhipu_openai.multipart import Form
from zhipu_openai.translate.upstream import kept_headers
from zhipu_openai.translate.vector_stores.attach import keep

from . import local, purposes
from .answer import file_object, object_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation, Pause
    from zhipu_openai.memory import Memory
    from zhipu_openai.multipart import Part

SHELF: Final = "files"
"""Where a client remembers the objects of the files that it has uploaded."""

VECTOR_STORES: Final = "assistants"
"""OpenAI's purpose for what is put into vector stores. Zhipu wants the bytes again for that, so they are kept."""

_EXPIRES: Final = "expires_after"


def create(call: Call) -> Operation:
    """Serve ``POST /files``."""
    try:
        form = call.form()
    except ValueError:
        raise Refused(
            refusal(
                "A file is uploaded as a form: client.files.create(file=..., purpose=...).",
                param="file",
                code="invalid_type",
            )
        ) from None
    made = yield from upload(call, form)
    return made if isinstance(made, Reply) else json_reply(made[0], headers=made[1])


def upload(
    call: Call, form: Form
) -> Generator[Send | Pause, Any, tuple[dict[str, Any], dict[str, str]] | Reply]:
    """Send a file with OpenAI's fields to Zhipu; give OpenAI's file object and the reply's headers.

    A reply that reports a failure is given back as it is.

    Raises:
        Refused: The file or its purpose is none that Zhipu takes, or the answer is none.
    """
    file = form.file("file")
    if file is None:
        raise Refused(refusal("file is missing.", param="file", code="missing_required_parameter"))
    given = form.get("purpose")
    if not given:
        raise Refused(refusal("purpose is missing.", param="purpose", code="missing_required_parameter"))
    purpose = purposes.to_zhipu(given, call.ledger)
    if any(part.name.partition("[")[0] == _EXPIRES for part in form.parts):
        call.ledger.add(_EXPIRES, "dropped", "Zhipu keeps files for 30 days.")
    sent = _named(file, purpose)
    if stays_here(call, given, sent.filename or ""):
        made = local.create(call, sent)
        return made, {}
    purposes.check(purpose, sent.filename or "", len(sent.data), call.options.base_url)
    if purpose == "batch":
        sent = yield from _translated(call, sent)
    reply: Reply = yield Send("POST", "/files", form=_replaced(form, purpose, file, sent))
    if reply.error is not None:
        return reply
    made = file_object(object_of(reply, "file"), name=sent.filename, size=len(sent.data))
    if not made["purpose"]:
        made["purpose"] = purposes.to_openai(purpose)
    remember(call.memory, made)
    if given == VECTOR_STORES:
        keep(call.memory, made["id"], (sent.filename or "upload", sent.content_type, sent.data))
    return made, kept_headers(reply)


def stays_here(call: Call, purpose: str, filename: str) -> bool:
    """Say whether a file is kept by the client alone: for vector stores, of a type that Zhipu takes there only.

    Args:
        call: The upload.
        purpose: OpenAI's word.
        filename: The file's name.
    """
    return (
        purpose == VECTOR_STORES
        and local.is_for_knowledge(filename)
        and not purposes.takes(purposes.PURPOSES[purpose].zhipu or "", filename, call.options.base_url)
    )


def _named(file: Part, purpose: str) -> Part:
    """Name a batch file as Zhipu wants it; openai calls content without a name "upload"."""
    name = file.filename or "upload"
    if purpose == "batch" and not name.lower().endswith(".jsonl"):
        name += ".jsonl"
    return replace(file, filename=name)


def _translated(call: Call, file: Part) -> Generator[Pause, None, Part]:
    from zhipu_openai.translate.batches.request_file import (  # noqa: PLC0415 - other files need none of it
        translate_requests,
    )

    data = yield from translate_requests(file.data, call)
    purposes.check("batch", file.filename or "", len(data), call.options.base_url)
    return replace(file, data=data)


def _replaced(form: Form, purpose: str, file: Part, sent: Part) -> Form:
    """Put the translated purpose and file where OpenAI's stood."""
    parts = []
    for part in form.parts:
        if part is file:
            parts.append(sent)
        elif part.name == "purpose":
            parts.append(replace(part, data=purpose.encode()))
        elif part.name.partition("[")[0] != _EXPIRES:
            parts.append(part)
    return Form(tuple(parts))


def remember(memory: Memory, made: dict[str, Any]) -> None:
    """Remember a file that was uploaded: some purposes cannot be listed, and files are found in lists alone."""
    memory.keep(SHELF, made["id"], made, size=len(str(made)))
