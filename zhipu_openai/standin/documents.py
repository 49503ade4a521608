"""Documents of knowledge bases: uploaded, embedded by the second time that somebody looks, and linked to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.multipart import Form

from . import wire
from .envelopes import BAD_REQUEST, NO_KNOWLEDGE, ROOT, failure, refusal, success
from .fields import Field, json_object
from .traffic import Reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

_CUSTOM: Final = 5
_TEXTS: Final = frozenset({"txt", "doc", "pdf", "docx", "ppt", "pptx", "md"})
_TABLES: Final = frozenset({"xls", "xlsx", "csv"})
_FORMATS: Final = {
    1: _TEXTS,
    2: _TEXTS,
    3: _TABLES,
    _CUSTOM: _TEXTS,
    6: frozenset({"pdf", "ppt", "pptx"}),
    7: _TABLES,
}
"""The file name endings that each knowledge type takes. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_CUT: Final = (
    Field("knowledge_type", ("integer",), choices=tuple(_FORMATS)),
    Field("sentence_size", ("integer",), least=20, most=2000),
    Field("word_num_limit", ("string",)),
    Field("req_id", ("string",)),
)
_UPLOAD_URL: Final = (
    Field("upload_detail", ("array",), required=True, least=1),
    Field("knowledge_id", ("string",), required=True),
)
_DETAIL: Final = (
    Field("url", ("string",), required=True, least=1),
    Field("knowledge_type", ("integer",), required=True, choices=tuple(_FORMATS)),
    *_CUT,
    Field("custom_separator", ("array",)),
    Field("callback_url", ("string",)),
    Field("callback_header", ("object",)),
)
_EMBED: Final = (Field("callback_url", ("string",)), Field("callback_header", ("object",)))


@dataclass(slots=True)
class Document:
    """A document: what Zhipu shows of it, its knowledge base, its text, and how often it was looked at."""

    shown: dict[str, Any]
    knowledge: str
    text: str
    data: bytes = field(default=b"", repr=False)
    looked_at: int = 0

    @property
    def ready(self) -> bool:
        """Whether it can be found by a search."""
        return bool(self.shown["embedding_stat"] == 1)

    def look(self) -> dict[str, Any]:
        """Show the document; from the second look on it is embedded, or has failed if it is empty."""
        self.looked_at += 1
        if self.looked_at > 1 and self.shown["embedding_stat"] == 0:
            if self.text.strip():
                self.shown["embedding_stat"] = 1
            else:
                self.shown["embedding_stat"] = 2
                self.shown["failInfo"] = {"embedding_code": 10001, "embedding_msg": "文档内容为空"}
        return dict(self.shown)


def held(service: StandIn, knowledge: str | None = None) -> list[Document]:
    """Give all documents, or those of one knowledge base."""
    with service.shelf("documents") as shelf:
        return [one for one in shelf.values() if knowledge in (None, one.knowledge)]


def forget_all(service: StandIn, knowledge: str) -> None:
    """Forget the documents of a knowledge base."""
    with service.shelf("documents") as shelf:
        for name in [name for name, one in shelf.items() if one.knowledge == knowledge]:
            del shelf[name]


def page_of(request: Request, found: list[dict[str, Any]]) -> Reply:
    """Answer with one page of a list."""
    numbers = [request.query.get("page", "1"), request.query.get("size", "10")]
    if not all(one.isdecimal() and int(one) > 0 for one in numbers):
        return failure(request, BAD_REQUEST, "分页参数非法")
    number, size = map(int, numbers)
    return success(request, {"list": found[(number - 1) * size : number * size], "total": len(found)})


def upload(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /document/upload_document/{id}``."""
    try:
        form = Form.parse(request.body, request.headers.get("content-type", ""))
    except ValueError:
        return failure(request, BAD_REQUEST, "请求不是 multipart/form-data")
    files = [part for part in form.parts if part.name == "files" and part.filename is not None]
    if not files:
        return failure(request, BAD_REQUEST, "files 不能为空")
    given: dict[str, Any] = {part.name: part.text for part in form.parts if part.filename is None}
    for name in ("knowledge_type", "sentence_size"):
        if given.get(name, "").isdecimal():
            given[name] = int(given[name])
    refused = refusal(request, given, _CUT) or _no_knowledge(service, request, request.groups["id"])
    if refused is not None:
        return refused
    made: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for part in files:
        name = part.filename or ""
        kind = given.get("knowledge_type")
        if _ending(name) not in (_FORMATS[kind] if kind else _TEXTS | _TABLES):
            failed.append({"fileName": name, "failReason": "文件格式不支持"})
            continue
        text = (
            part.data.decode("utf-8", "ignore")
            if part.data.isascii() or _is_text(part.data)
            else f"[stand-in] {name}"
        )
        document = _keep(service, request, request.groups["id"], name, text, part.data, given)
        made.append({"documentId": document.shown["id"], "fileName": name})
    return success(request, {"successInfos": made, "failedInfos": failed})


def upload_url(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /document/upload_url``; the stand-in fetches nothing, the text is about the link."""
    given = json_object(request)
    refused = refusal(request, given, _UPLOAD_URL)
    if given is None or refused is not None:
        return refused or _unknown(request)
    refused = _no_knowledge(service, request, given["knowledge_id"])
    for detail in given["upload_detail"]:
        refused = refused or refusal(request, detail if isinstance(detail, dict) else None, _DETAIL)
    if refused is not None:
        return refused
    made = []
    failed = []
    for detail in given["upload_detail"]:
        url = detail["url"]
        if not url.startswith(("http://", "https://")):
            failed.append({"url": url, "failReason": "url 格式错误"})
            continue
        document = _keep(service, request, given["knowledge_id"], url, f"[stand-in] {url}", b"", detail)
        document.shown["url"] = url
        made.append({"documentId": document.shown["id"], "url": url})
    return success(request, {"successInfos": made, "failedInfos": failed})


def list_all(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /document``."""
    name = request.query.get("knowledge_id", "")
    refused = _no_knowledge(service, request, name)
    if refused is not None:
        return refused
    word = request.query.get("word", "")
    with service.shelf("documents") as shelf:
        found = [one.look() for one in shelf.values() if one.knowledge == name and word in one.shown["name"]]
    return page_of(request, found)


def retrieve(service: StandIn, request: Request) -> Reply:
    """Answer ``GET /document/{id}``."""
    with service.shelf("documents") as shelf:
        found = shelf.get(request.groups["id"])
        return _unknown(request) if found is None else success(request, found.look())


def delete(service: StandIn, request: Request) -> Reply:
    """Answer ``DELETE /document/{id}``."""
    with service.shelf("documents") as shelf:
        found = shelf.pop(request.groups["id"], None)
    return _unknown(request) if found is None else success(request)


def embed(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /document/embedding/{id}``: it is embedded again."""
    refused = refusal(request, json_object(request) if request.body else {}, _EMBED)
    with service.shelf("documents") as shelf:
        found = shelf.get(request.groups["id"])
        if refused is None and found is not None:
            found.looked_at, found.shown["embedding_stat"] = 0, 0
            found.shown.pop("failInfo", None)
    return refused or (_unknown(request) if found is None else success(request))


def images(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /document/slice/image_list/{id}``: one image, which is not there to be fetched."""
    with service.shelf("documents") as shelf:
        found = shelf.get(request.groups["id"])
    if found is None:
        return _unknown(request)
    image = {"text": "【示意图序号_1】", "cos_url": "https://standin.invalid/image-1.png"}
    return success(request, {"images": [image]})


def link(service: StandIn, request: Request) -> Reply:
    """Answer a document's link with the file."""
    with service.shelf("documents") as shelf:
        found = shelf.get(request.groups["id"])
    if found is None:
        return service.error(request, "1222", status=404)
    headers = [
        ("content-type", "application/octet-stream"),
        *wire.headers("json", request.id, request.now)[1:],
    ]
    return Reply(200, headers, [found.data])


def _keep(
    service: StandIn,
    request: Request,
    knowledge: str,
    name: str,
    text: str,
    data: bytes,
    cut: dict[str, Any],
) -> Document:
    with service.random() as random:
        made = str(random.randrange(10**18, 2 * 10**18))
    host = request.headers.get("host", "open.bigmodel.cn")
    local = host.partition(":")[0] in ("127.0.0.1", "localhost")
    shown = {
        "id": made,
        "knowledge_type": cut.get("knowledge_type", 1),
        "custom_separator": cut.get("custom_separator")
        if isinstance(cut.get("custom_separator"), list)
        else ["\n"],
        "sentence_size": cut.get("sentence_size", 300),
        "length": len(data or text.encode()),
        "word_num": len(text),
        "name": name,
        "url": f"{'http' if local else 'https'}://{host}{ROOT}/standin/{made}",
        "embedding_stat": 0,
    }
    document = Document(shown, knowledge, text, data)
    with service.shelf("documents") as shelf:
        shelf[made] = document
    return document


def _no_knowledge(service: StandIn, request: Request, name: str) -> Reply | None:
    with service.shelf("knowledge") as shelf:
        return None if name in shelf else failure(request, NO_KNOWLEDGE, "知识库不存在")


def _unknown(request: Request) -> Reply:
    return failure(request, BAD_REQUEST, "文档不存在")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
