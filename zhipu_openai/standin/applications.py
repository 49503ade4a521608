"""Applications of Zhipu's platform: every id is one that repeats what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.multipart import Form

from . import wire
from .envelopes import BAD_REQUEST, failure, refusal, success
from .fields import Field, json_object
from .tokens import count
from .traffic import Reply, json_reply

if TYPE_CHECKING:
    from .service import StandIn
    from .traffic import Request

_INVOKE: Final = (
    Field("app_id", ("string",), required=True),
    Field("messages", ("array",), required=True, least=1),
    Field("conversation_id", ("string",)),
    Field("third_request_id", ("string",)),
    Field("stream", ("boolean",)),
    Field("send_log_event", ("boolean",)),
)
_STAT: Final = (
    Field("app_id", ("string",), required=True),
    Field("file_ids", ("array",), required=True, least=1),
)
_SLICES: Final = (
    Field("request_id", ("string",), required=True),
    Field("node_id", ("string",), required=True),
)
_PREPARE: Final = (Field("app_id", ("string",), required=True),)
"""What each operation takes. Source: bigmodel.cn OpenAPI, 2026-07-11; the last, developer pages of 2025."""

_TYPES: Final = ("input", "selection_list", "upload_file", "upload_image", "upload_video")


def invoke(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /v3/application/invoke``: with a stream, unless ``stream`` is false."""
    given = json_object(request)
    refused = refusal(request, given, _INVOKE)
    if given is None or refused is not None:
        return refused or failure(request, BAD_REQUEST, "")
    inputs = [
        one
        for message in given["messages"]
        if isinstance(message, dict)
        for one in message.get("content") or []
    ]
    if not inputs or not all(
        isinstance(one, dict) and one.get("type") in _TYPES and "value" in one for one in inputs
    ):
        return failure(request, BAD_REQUEST, "messages 参数非法")
    said = f"[stand-in] {' '.join(str(one['value']) for one in inputs)}"
    head = {"request_id": request.id, "conversation_id": given.get("conversation_id") or request.id}
    tokens = count(said)
    usage = [
        {
            "model": "standin",
            "nodeName": "LLM",
            "inputTokenCount": tokens,
            "outputTokenCount": tokens,
            "totalTokenCount": 2 * tokens,
        }
    ]
    if given.get("stream", True):
        events = [
            {**head, "choices": [{"index": 0, "delta": {"content": {"type": "text", "msg": f"{word} "}}}]}
            for word in said.split(" ")
        ]
        last = {**head, "choices": [{"index": 0, "finish_reason": "stop"}], "usage": usage}
        return _stream(service, request, [*map(wire.event, [*events, last]), wire.DONE])
    choice = {"index": 0, "finish_reason": "stop", "messages": {"content": {"type": "text", "msg": said}}}
    body = {**head, "app_id": given["app_id"], "choices": [choice], "usage": usage}
    return json_reply(request, body)


def variables(_: StandIn, request: Request) -> Reply:
    """Answer ``GET /v2/application/{id}/variables``."""
    variable = {
        "id": "1",
        "name": "question",
        "type": "Input",
        "tips": "[stand-in] What is to be repeated.",
        "allowed_values": [],
        "input_template": {"options": []},
    }
    return success(request, [variable])


def create_conversation(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /v2/application/{id}/conversation``."""
    return success(request, {"conversation_id": service.new_id(request.now)})


def upload(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /v2/application/file_upload``."""
    try:
        form = Form.parse(request.body, request.headers.get("content-type", ""))
    except ValueError:
        return failure(request, BAD_REQUEST, "请求不是 multipart/form-data")
    files = [part for part in form.parts if part.name == "files" and part.filename is not None]
    if not files or not form.get("app_id"):
        return failure(request, BAD_REQUEST, "app_id 与 files 不能为空")
    taken = []
    for part in files:
        name = service.new_id(request.now)
        with service.shelf("application files") as shelf:
            shelf[name] = 0
        taken.append({"file_id": name, "file_name": part.filename})
    return success(request, {"success_info": taken, "fail_info": []})


def file_stat(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /v2/application/file_stat``: 0 at the first look, 1 at the second."""
    given = json_object(request)
    refused = refusal(request, given, _STAT)
    if given is None or refused is not None:
        return refused or failure(request, BAD_REQUEST, "")
    stats = []
    with service.shelf("application files") as shelf:
        for name in given["file_ids"]:
            code = shelf.get(name, 11000)
            stats.append({"file_id": name, "code": code, "msg": {0: "处理中", 1: "成功"}.get(code, "失败")})
            if code == 0:
                shelf[name] = 1
    return success(request, stats)


def slice_info(_: StandIn, request: Request) -> Reply:
    """Answer ``POST /v2/application/slice_info``: nothing was quoted."""
    given = json_object(request)
    refused = refusal(request, given, _SLICES)
    return refused or success(request, {"document_slices": [], "has_old_document": False})


def suggested_questions(_: StandIn, request: Request) -> Reply:
    """Answer ``GET /history_session_record/{app}/{conversation}``."""
    return success(request, {"problems": ["[stand-in] And then?"]})


def generate_request_id(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /v2/application/generate_request_id``."""
    given = json_object(request)
    refused = refusal(request, given, _PREPARE)
    if given is None or refused is not None:
        return refused or failure(request, BAD_REQUEST, "")
    name = service.new_id(request.now)
    with service.shelf("application runs") as shelf:
        shelf[name] = given
    return success(request, {"id": name})


def sse_invoke(service: StandIn, request: Request) -> Reply:
    """Answer ``POST /v2/model-api/{id}/sse-invoke``: events with names, the last without data."""
    with service.shelf("application runs") as shelf:
        given = shelf.get(request.groups["id"])
    if given is None:
        return failure(request, BAD_REQUEST, "请求不存在")
    pairs: list[dict[str, Any]] = [one for one in given.get("key_value_pairs") or [] if isinstance(one, dict)]
    words = ["[stand-in] ", *(str(one.get("value", "")) for one in pairs)]
    name = request.groups["id"]
    body = [
        f"event:add\nid:{name}\ndata:".encode() + wire.json_bytes({"msg": word}) + b"\n\n" for word in words
    ]
    return _stream(service, request, [*body, f"event:finish\nid:{name}\ndata:\n\n".encode()])


def _stream(service: StandIn, request: Request, body: list[bytes]) -> Reply:
    return Reply(200, wire.headers("stream", request.id, request.now), body, streams=True, pace=service.pace)
