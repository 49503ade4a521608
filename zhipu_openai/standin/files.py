"""/files: what is uploaded is checked, kept, listed by purpose, deleted, and (a batch's alone) given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.multipart import Form
from zhipu_openai.translate.files.purposes import LIMITS, LISTED, UNLISTED

from . import batch_lines, wire
from .fields import Field, refusal
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .service import StandIn

SHELF: Final = "files"

_PURPOSES: Final = {"cn": (*LISTED, *UNLISTED), "intl": ("agent",)}
"""bigmodel.cn OpenAPI, 2026-07-11, and what was seen to work beside it; docs.z.ai OpenAPI, 2026-08-22."""

_IMAGES: Final = ("png", "jpg", "jpeg")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that the stand-in keeps."""

    id: str
    purpose: str
    filename: str
    data: bytes
    created_at: int

    def as_json(self) -> dict[str, Any]:
        """Give the object of the specification; it has neither ``status`` nor ``expires_at``."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.data),
            "created_at": self.created_at,
            "filename": self.filename,
            "purpose": self.purpose,
        }


def upload(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /files``."""
    try:
        form = Form.parse(request.body, request.headers.get("content-type", ""))
    except ValueError:
        return service.error(request, "1210")
    file = form.file("file")
    given = {"purpose": form.get("purpose"), "file": None if file is None else "file"}
    purposes = _PURPOSES[service.region]
    refused = refusal(
        service,
        request,
        {name: value for name, value in given.items() if value is not None},
        (Field("file", required=True), Field("purpose", ("string",), required=True, choices=purposes)),
    )
    if refused is not None or file is None:
        return refused or service.error(request, "1213")
    purpose, name = str(given["purpose"]), file.filename or ""
    wrong = _wrong(service, purpose, name, file.data)
    if wrong is not None:
        return service.error(request, "1210", message=wrong)
    return json_reply(request, keep(service, request, purpose, name, file.data).as_json())


def keep(service: StandIn, request: Request, purpose: str, filename: str, data: bytes) -> StoredFile:
    """Keep a file."""
    second = int(request.now.timestamp())
    with service.random() as random:
        file_id = f"{second}_{random.getrandbits(128):032x}"
    stored = StoredFile(file_id, purpose, filename, data, second)
    with service.shelf(SHELF) as shelf:
        shelf[file_id] = stored
    return stored


def _wrong(service: StandIn, purpose: str, name: str, data: bytes) -> str | None:
    """Say what is wrong with a file."""
    limit = next((row for row in LIMITS if (row.purpose, row.region) == (purpose, service.region)), None)
    if limit is not None:
        extension = name.rpartition(".")[2].lower()
        if "." not in name or extension not in limit.extensions:
            return f"文件格式错误，支持的格式：{'、'.join(sorted(limit.extensions))}"
        if len(data) > (limit.most_image if extension in _IMAGES else limit.most):
            return "文件大小超过限制"
    return batch_lines.wrong(data) if purpose == "batch" else None


def list_files(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /files``: one purpose, the newest first."""
    fields = (
        Field("purpose", ("string",), required=True, choices=LISTED),
        Field("order", ("string",), choices=("created_at",)),
        LIMIT,
    )
    given = query(request)
    refused = refusal(service, request, given, fields)
    if refused is not None:
        return refused
    with service.shelf(SHELF) as shelf:
        files = [file.as_json() for file in reversed(shelf.values()) if file.purpose == given["purpose"]]
    data, more = page(files, given)
    return json_reply(request, {"object": "list", "data": data, "has_more": more})


LIMIT: Final = Field("limit", ("integer",), least=1, most=100)


def query(request: Request) -> dict[str, Any]:
    """Read a query, its limit as a number if it is one."""
    given: dict[str, Any] = dict(request.query)
    if given.get("limit", "").isdecimal():
        given["limit"] = int(given["limit"])
    return given


def page(entries: list[dict[str, Any]], given: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """Cut a page out of a list, behind the cursor; say whether there is more."""
    places = [place for place, entry in enumerate(entries) if entry["id"] == given.get("after")]
    rest = entries[places[0] + 1 :] if places else entries
    limit = given.get("limit", 20)
    return rest[:limit], len(rest) > limit


def delete(service: StandIn, request: Request) -> Reply:
    """Answer ``DELETE /files/{id}``."""
    file_id = request.groups["id"]
    with service.shelf(SHELF) as shelf:
        known = shelf.pop(file_id, None)
    if known is None:
        return unknown(service, request)
    return json_reply(request, {"id": file_id, "object": "file", "deleted": True})


def content(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /files/{id}/content``, which serves files of batches alone."""
    with service.shelf(SHELF) as shelf:
        stored: StoredFile | None = shelf.get(request.groups["id"])
    if stored is None:
        return unknown(service, request)
    if stored.purpose != "batch":
        return service.error(request, "1214", message="只支持 batch 文件类型")
    headers = [
        (name, value)
        for name, value in wire.headers("json", request.id, request.now)
        if name != "content-type"
    ]
    return Reply(200, [("content-type", "application/octet-stream"), *headers], [stored.data])


def unknown(service: StandIn, request: Request) -> Reply:
    """Refuse an id that is not known; how Zhipu words it is not established."""
    return service.error(request, "1214", message="id 参数非法。请检查文档。")
