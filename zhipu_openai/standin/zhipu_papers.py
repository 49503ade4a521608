"""The stand-in's readers of documents: GLM-OCR, handwriting and the file parser.

They read no pictures. A file that is text in UTF-8 is given back; of another its kind and size are told.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from zhipu_openai.multipart import Form

from .fields import COMMON, Field, json_object, refusal
from .tokens import count
from .traffic import Reply, Request, json_reply
from .zhipu_texts import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.multipart import Part

    from .service import StandIn

SHELF: Final = "parsed files"

_MB: Final = 1024 * 1024
_KINDS: Final = ((b"%PDF", 50 * _MB), (b"\x89PNG", 10 * _MB), (b"\xff\xd8\xff", 10 * _MB))
"""How a file begins that GLM-OCR reads, and how large it may be. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_LAYOUT: Final = (
    Field("model", ("string",), required=True, choices=("glm-ocr",)),
    Field("file", ("string",), required=True, least=1),
    Field("return_crop_images", ("boolean",)),
    Field("need_layout_visualization", ("boolean",)),
    Field("start_page_id", ("integer",), least=1),
    Field("end_page_id", ("integer",), least=1),
    *COMMON,
)
_IMAGES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"BM")
_MOST_HANDWRITING: Final = 8 * _MB
_LANGUAGES: Final = [
    "CHN_ENG",
    "AUTO",
    "ENG",
    "JAP",
    "KOR",
    "FRE",
    "SPA",
    "POR",
    "GER",
    "ITA",
    "RUS",
    "DAN",
    "DUT",
    "MAL",
    "SWE",
    "IND",
    "POL",
    "ROM",
    "TUR",
    "GRE",
    "HUN",
    "THA",
    "VIE",
    "ARA",
    "HIN",
]
_OCR: Final = (
    Field("tool_type", ("string",), required=True, choices=("hand_write",)),
    Field("language_type", ("string",), choices=_LANGUAGES),
    Field("probability", ("string",), choices=("true", "false")),
)
_PRIME: Final = [
    "PDF",
    "DOCX",
    "DOC",
    "XLS",
    "XLSX",
    "PPT",
    "PPTX",
    "PNG",
    "JPG",
    "JPEG",
    "CSV",
    "TXT",
    "MD",
    "HTML",
    "BMP",
    "GIF",
    "WEBP",
    "HEIC",
    "EPS",
    "ICNS",
    "IM",
    "PCX",
    "PPM",
    "TIFF",
    "XBM",
    "HEIF",
    "JP2",
]
_LITE: Final = ["PDF", "DOCX", "DOC", "XLS", "XLSX", "PPT", "PPTX", "PNG", "JPG", "JPEG", "CSV", "TXT", "MD"]
_TOOLS: Final[Mapping[str, tuple[list[str], int]]] = {
    "lite": (_LITE, 50 * _MB),
    "expert": (["PDF"], 100 * _MB),
    "prime": (_PRIME, 100 * _MB),
}
"""The kinds of file that each tool reads, and how large. Source: bigmodel.cn OpenAPI, 2026-07-11."""


def layout_parsing(service: StandIn, request: Request) -> Reply:
    """Answer as GLM-OCR does, with one element on one page."""
    given = json_object(request)
    refused = refusal(service, request, given, _LAYOUT)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    content = _content(given["file"])
    if content is None:
        return service.error(request, "1214", message="file")
    most = next((most for sign, most in _KINDS if content.startswith(sign)), None)
    if content and (most is None or len(content) > most):
        return service.error(request, "1214", message="file")
    what = f"a file of {len(content)} bytes" if content else "the file at an address"
    text = f"[stand-in] Nothing was read of {what}."
    element = {
        "index": 0,
        "label": "text",
        "bbox_2d": [0.1, 0.1, 0.9, 0.2],
        "content": text,
        "height": 1000,
        "width": 800,
    }
    drawn = ["https://example.com/stand-in/layout.png"] if given.get("need_layout_visualization") else []
    tokens = count(text)
    return answer(
        request,
        given,
        {
            "model": "GLM-OCR",
            "md_results": text,
            "layout_details": [[element]],
            "layout_visualization": drawn,
            "data_info": {"num_pages": 1, "pages": [{"width": 800, "height": 1000}]},
            "usage": {"prompt_tokens": tokens, "completion_tokens": tokens, "total_tokens": 2 * tokens},
        },
    )


def handwriting(service: StandIn, request: Request) -> Reply:
    """Answer as the OCR of handwriting does; what is no image is a failure inside a success."""
    form = _form(request)
    file = None if form is None else form.file("file")
    if form is None or file is None:
        return service.error(request, "1213")
    refused = refusal(service, request, _texts(form), _OCR)
    if refused is not None:
        return refused
    if not file.data.startswith(_IMAGES) or len(file.data) > _MOST_HANDWRITING:
        failed = {
            "task_id": None,
            "message": "图片格式或大小不符合要求",
            "status": None,
            "words_result_num": 0,
        }
        return _plain(request, failed)
    words: dict[str, Any] = {
        "location": {"left": 10, "top": 10, "width": 200, "height": 30},
        "words": f"[stand-in] {len(file.data)} bytes of handwriting",
    }
    if form.get("probability") == "true":
        words["probability"] = {"average": 0.99, "variance": 0.0, "min": 0.98}
    body = {"task_id": request.id, "message": "成功", "status": "succeeded", "words_result_num": 1}
    return _plain(request, {**body, "words_result": [words]})


def parser_create(service: StandIn, request: Request) -> Reply:
    """Take a file to be parsed."""
    form = _form(request)
    file = None if form is None else form.file("file")
    if form is None or file is None:
        return service.error(request, "1213")
    tool = form.get("tool_type") or ""
    if tool not in _TOOLS:
        return service.error(request, "1214", message="tool_type")
    kinds, most = _TOOLS[tool]
    kind = (form.get("file_type") or _extension(file)).upper()
    if kind not in kinds or len(file.data) > most:
        return _plain(request, {"success": False, "message": "不支持的文件类型或大小", "task_id": None})
    with service.shelf(SHELF) as shelf:
        shelf[request.id] = {"text": _text_of(file, kind), "looks": 1}
    return _plain(request, {"success": True, "message": "任务创建成功", "task_id": request.id})


def parser_result(service: StandIn, request: Request) -> Reply:
    """Tell how far a task is: processing at the first look, succeeded at the second."""
    task_id = request.groups["id"]
    with service.shelf(SHELF) as shelf:
        task = shelf.get(task_id)
        working = task is not None and task["looks"] > 0
        if task is not None:
            task["looks"] -= working
    if task is None:
        return _result(request, task_id, "failed", "任务不存在")
    if working:
        return _result(request, task_id, "processing", "处理中")
    if request.groups["form"] == "download_link":
        return _result(
            request, task_id, "succeeded", "成功", link=f"https://example.com/stand-in/{task_id}.zip"
        )
    return _result(request, task_id, "succeeded", "成功", text=task["text"])


def parser_sync(service: StandIn, request: Request) -> Reply:
    """Parse a file at once."""
    form = _form(request)
    file = None if form is None else form.file("file")
    if form is None or file is None:
        return service.error(request, "1213")
    kind = form.get("file_type")
    if kind is None:
        # Recorded, 2026-07.
        words = "Required request parameter 'file_type' for method parameter type String is not present"
        return _plain(request, {"msg": words, "code": 500})
    if form.get("tool_type") != "prime-sync":
        return service.error(request, "1214", message="tool_type")
    if kind.upper() not in ("WPS", *_PRIME):
        return _result(request, request.id, "failed", "不支持的文件类型")
    return _result(request, request.id, "succeeded", "成功", text=_text_of(file, kind))


def _result(
    request: Request,
    task_id: str,
    status: str,
    message: str,
    *,
    text: str | None = None,
    link: str | None = None,
) -> Reply:
    body = {"status": status, "message": message, "task_id": task_id}
    return _plain(request, {**body, "content": text, "parsing_result_url": link})


def _plain(request: Request, body: Mapping[str, Any]) -> Reply:
    return json_reply(request, body)


def _form(request: Request) -> Form | None:
    try:
        return Form.parse(request.body, request.headers.get("content-type", ""))
    except ValueError:
        return None


def _texts(form: Form) -> dict[str, str]:
    return {part.name: part.text for part in form.parts if part.filename is None}


def _extension(file: Part) -> str:
    return (file.filename or "").rpartition(".")[2]


def _text_of(file: Part, kind: str) -> str:
    try:
        text = file.data.decode()
    except UnicodeDecodeError:
        text = ""
    return text if text and "\0" not in text else f"[stand-in] {len(file.data)} bytes of {kind.upper()}"


def _content(file: str) -> bytes | None:
    """Give the bytes of a file that is in the request, none of one that is elsewhere, None for neither."""
    if urlsplit(file).scheme in ("https", "http"):
        return b""
    try:
        return base64.b64decode(file.partition(",")[2] if file.startswith("data:") else file, validate=True)
    except (binascii.Error, ValueError):
        return None


ROWS: Final = (
    ("POST", r"/layout_parsing", layout_parsing),
    ("POST", r"/files/ocr", handwriting),
    ("POST", r"/files/parser/create", parser_create),
    ("GET", r"/files/parser/result/(?P<id>[^/]+)/(?P<form>text|download_link)", parser_result),
    ("POST", r"/files/parser/sync", parser_sync),
)
"""Method, path and answer of what is here."""
