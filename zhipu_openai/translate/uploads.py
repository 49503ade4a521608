"""Uploads in parts, which Zhipu does not have: the parts are kept here, and sent whole at the end.

They are kept in the client's memory: for this process, this client and its copies, and no longer than there is
room. What a process that ended had of an upload is gone; nothing of it was sent.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Reply, json_reply
from zhipu_openai.multipart import Form, Part

from .files import local, purposes
from .files.create import stays_here, upload
from .files.fields import ABSENT, SPEC, Field

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation

MOST_BYTES: Final = 32 * 1024 * 1024
"""Bytes of an upload: half of what a client remembers, so that not everything else is forgotten over it."""

LIFE: Final = 3600
"""Seconds after which an upload is over, as with OpenAI."""

UPLOAD_FIELDS: Final = (
    Field("bytes", "emulated", "The parts must come to it; 32 MiB at most.", *ABSENT),
    Field("filename", "same", "Passes.", *SPEC),
    Field("purpose", "translated", "Zhipu's purpose; see the table of purposes.", *SPEC),
    Field("mime_type", "same", "The content type of the file.", *SPEC),
    Field(
        "expires_after", "dropped", "Zhipu keeps files for 30 days.", "bigmodel.cn guide", date(2026, 9, 11)
    ),
    Field("part_ids", "emulated", "The parts are put together here.", *ABSENT),
    Field("md5", "emulated", "Checked here.", *ABSENT),
)
"""``uploads.create`` and ``uploads.complete``."""

_SHELF: Final = "uploads"
_PARTS: Final = "uploads.parts"

_Status = Literal["pending", "completed", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload under way, or at its end."""

    id: str
    bytes: int
    created_at: int
    filename: str
    mime_type: str
    purpose: str
    expires: bool
    status: _Status = "pending"
    file: dict[str, Any] | None = None

    def as_openai(self) -> dict[str, Any]:
        """Give OpenAI's object."""
        return {
            "id": self.id,
            "object": "upload",
            "bytes": self.bytes,
            "created_at": self.created_at,
            "expires_at": self.created_at + LIFE,
            "filename": self.filename,
            "purpose": self.purpose,
            "status": self.status,
            "file": self.file,
        }


def create(call: Call) -> Operation:
    """Serve ``POST /uploads``."""
    yield from ()
    given = call.body
    size = given.get("bytes")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        _refuse("bytes must be the size of the file.", "bytes", "invalid_value")
    if size > MOST_BYTES:
        _refuse(
            f"Zhipu takes files whole, so the parts are kept in this client's memory: {MOST_BYTES} bytes at "
            "most. Send the file with client.files.create, which takes up to 100 MB for a batch.",
            "bytes",
            "file_too_large",
        )
    texts = {name: given.get(name) for name in ("filename", "mime_type", "purpose")}
    for name, value in texts.items():
        if not isinstance(value, str) or not value:
            _refuse(f"{name} is missing.", name, "missing_required_parameter")
    made = Upload(
        id=f"upload_{secrets.token_hex(16)}",
        bytes=size,
        created_at=int(time.time()),
        filename=str(texts["filename"]),
        mime_type=str(texts["mime_type"]),
        purpose=str(texts["purpose"]),
        expires=given.get("expires_after") is not None,
    )
    # What Zhipu would refuse at the end is better refused at the beginning.
    purpose = purposes.to_zhipu(made.purpose, call.ledger)
    if stays_here(call, made.purpose, made.filename):
        local.announce(call, made.filename, made.bytes)
    else:
        purposes.check(purpose, made.filename, made.bytes, call.options.base_url)
    call.ledger.add(
        "uploads",
        "emulated",
        "the parts are kept in this process until the upload is completed, and sent whole.",
    )
    _keep(call, made)
    return json_reply(made.as_openai())


def add_part(call: Call) -> Operation:
    """Serve ``POST /uploads/{id}/parts``."""
    yield from ()
    made = _pending(call, call.path.split("/")[2])
    try:
        data = call.form().file("data")
    except ValueError:
        data = None
    if data is None:
        _refuse("data is missing.", "data", "missing_required_parameter")
    if len(data.data) > made.bytes:
        _refuse("The part is larger than the upload was said to be.", "data", "invalid_value")
    part_id = f"part_{secrets.token_hex(16)}"
    call.memory.keep(_PARTS, part_id, (made.id, data.data), size=len(data.data))
    return json_reply(
        {"id": part_id, "object": "upload.part", "created_at": int(time.time()), "upload_id": made.id}
    )


def complete(call: Call) -> Operation:
    """Serve ``POST /uploads/{id}/complete``: put the parts together and send the file."""
    made = _pending(call, call.path.split("/")[2])
    part_ids = call.body.get("part_ids")
    if not isinstance(part_ids, list) or not part_ids:
        _refuse("part_ids must list the parts in their order.", "part_ids", "missing_required_parameter")
    data = b"".join(_part(call, made, part_id) for part_id in part_ids)
    if len(data) != made.bytes:
        _refuse(
            f"The parts come to {len(data)} bytes; {made.bytes} were announced.", "part_ids", "invalid_value"
        )
    md5 = call.body.get("md5")
    if md5 is not None and md5 != hashlib.md5(data, usedforsecurity=False).hexdigest():
        _refuse("The parts have another md5.", "md5", "invalid_value")
    fields = [Part("purpose", made.purpose.encode())]
    if made.expires:
        fields.append(Part("expires_after[anchor]", b"created_at"))
    form = Form((*fields, Part("file", data, made.filename, made.mime_type)))
    answer = yield from upload(call, form)
    if isinstance(answer, Reply):
        return answer  # the parts are kept: the call may be tried again
    file, headers = answer
    done = replace(made, status="completed", file=file)
    _keep(call, done)
    for part_id in part_ids:
        call.memory.forget(_PARTS, part_id)
    return json_reply(done.as_openai(), headers=headers)


def cancel(call: Call) -> Operation:
    """Serve ``POST /uploads/{id}/cancel``."""
    yield from ()
    done = replace(_pending(call, call.path.split("/")[2]), status="cancelled")
    _keep(call, done)
    return json_reply(done.as_openai())


def _keep(call: Call, made: Upload) -> None:
    call.memory.keep(_SHELF, made.id, made, size=len(made.filename))


def _pending(call: Call, upload_id: str) -> Upload:
    """Find an upload that is under way.

    Raises:
        Refused: It is not known here, or is over.
    """
    made: Upload | None = call.memory.recall(_SHELF, upload_id)
    if made is None:
        raise Refused(
            refusal(
                f"No such upload: {upload_id}. Uploads are kept by the client that began them, in its process, "
                "and only while there is room.",
                param="upload_id",
                code="not_found",
                status=404,
            )
        )
    if made.status == "pending" and time.time() > made.created_at + LIFE:
        made = replace(made, status="expired")
    if made.status != "pending":
        _refuse(f"The upload is {made.status}.", "upload_id", "invalid_value")
    return made


def _part(call: Call, made: Upload, part_id: object) -> bytes:
    found = call.memory.recall(_PARTS, part_id) if isinstance(part_id, str) else None
    if found is None or found[0] != made.id:
        _refuse(
            f"The part {part_id} is not kept: it is of another upload, or had to make room. Upload it again, or "
            "send the file with client.files.create.",
            "part_ids",
            "invalid_value",
        )
    data: bytes = found[1]
    return data


def _refuse(message: str, param: str, code: str) -> NoReturn:
    raise Refused(refusal(message, param=param, code=code))
