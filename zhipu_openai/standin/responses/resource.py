"""POST, GET and DELETE of responses, as Zhipu's own Responses API has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhipu_openai.standin import checks, wire
from zhipu_openai.standin.answers import Answer, default_answer, quirky, within_limits
from zhipu_openai.standin.fields import json_object
from zhipu_openai.standin.script import Failure
from zhipu_openai.standin.traffic import Reply, Request, json_reply
from zhipu_openai.standin.usage import usage

from . import failures, question
from .written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.standin.given import Given
    from zhipu_openai.standin.quirks import QuirkName
    from zhipu_openai.standin.script import Line
    from zhipu_openai.standin.service import StandIn

_REFUSALS: dict[QuirkName, str] = {
    "arrears": "1113",
    "business_error_in_200": "1000",
    "error_in_200": "1305",
    "overload": "1305",
    "rate_limit": "1302",
    "reset_window": "1308",
}
"""The quirks that refuse a call, by the business code they stand for; others are not known of this API."""

_BUSY = "1305"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A response that is stored: as it was given, its input items, and all that was said before its end."""

    response: dict[str, Any]
    items: list[dict[str, Any]]
    history: list[Mapping[str, Any]]


def unauthorized(_: StandIn, request: Request, code: str) -> Reply:
    """Refuse a call at the door: with HTTP 200, as the gateway does."""
    return failures.error(request, code)


def create(service: StandIn, request: Request) -> Reply:
    """Answer a request for a response.

    Quirks that refuse come first, then the checks, then what a test has told the stand-in to say, then its
    default, as in chat.
    """
    fields = json_object(request)
    streams = fields is not None and fields.get("stream") is True
    quirk = service.take_refusal()
    if quirk is not None:
        return _fail(request, _REFUSALS.get(quirk, "500"), fields, streams=streams)
    if fields is None:
        return failures.error(request, "1210")
    wrong = question.flaw(fields)
    if wrong is not None:
        return failures.error(request, "1214", f"{wrong} 参数非法。请检查文档。")
    before = _history(service, fields)
    if before is None:
        return failures.error(request, "1214", "previous_response_id 不存在或已过期")
    given = question.as_chat(fields, before)
    broken = checks.refusal(given, request.language)
    if broken is not None:
        return failures.error(request, broken[0], broken[1])
    delay, line = service.take_line()
    reply = _answered(service, request, fields, given, before, line)
    reply.delay += delay
    return reply


def retrieve(service: StandIn, request: Request) -> Reply:
    """Give a response that was stored."""
    kept = _kept(service, request)
    return _no_such(request) if kept is None else json_reply(request, kept.response, sort_keys=True)


def delete(service: StandIn, request: Request) -> Reply:
    """Forget a response that was stored."""
    with service.shelf("responses") as shelf:
        kept = shelf.pop(request.groups["id"], None)
    body = {"deleted": True, "id": request.groups["id"], "object": "response"}
    return _no_such(request) if kept is None else json_reply(request, body, sort_keys=True)


def list_input_items(service: StandIn, request: Request) -> Reply:
    """List what the request of a stored response gave; newest first unless ``order`` says otherwise."""
    kept = _kept(service, request)
    if kept is None:
        return _no_such(request)
    items = kept.items if request.query.get("order") == "asc" else kept.items[::-1]
    ends = {"first_id": items[0]["id"], "last_id": items[-1]["id"]} if items else {}
    return json_reply(request, {"data": items, "has_more": False, "object": "list", **ends}, sort_keys=True)


def _answered(
    service: StandIn,
    request: Request,
    fields: dict[str, Any],
    given: Given,
    before: list[Mapping[str, Any]],
    line: Line | None,
) -> Reply:
    streams = fields.get("stream") is True
    if isinstance(line, Failure):
        return _fail(request, line.code, fields, streams=streams, line=line)
    if line is not None and not isinstance(line, Answer):
        kind = [("content-type", line.content_type)]
        return Reply(
            line.status, kind, line.pieces(), streams=line.content_type.startswith("text/event-stream")
        )
    answer = within_limits(default_answer(given), given.fields) if line is None else line
    quirks = service.take_quirks("answer", "stream") if streams else service.take_quirks("answer")
    answer = quirky(answer, quirks, tagged=False)
    with service.random() as random:
        ids = [wire.streamed_call_id(random) for _ in answer.calls]
    written = Written(
        request.id,
        int(request.now.timestamp()),
        fields,
        answer,
        usage(given, answer),
        ids,
        _namespaces(fields),
        question.searches(fields),
    )
    if fields.get("store") is True:
        _store(service, request, fields, written, before)
    if not streams:
        return json_reply(request, written.whole(), sort_keys=True)
    return Reply(
        200,
        wire.headers("stream", request.id, request.now),
        written.events(quirks),
        streams=True,
        lead=quirks.slow_start,
        pace=service.pace,
    )


def _fail(
    request: Request,
    code: str,
    fields: Mapping[str, Any] | None,
    *,
    streams: bool,
    line: Failure | None = None,
) -> Reply:
    if streams and code == _BUSY:
        body = failures.failed_first(request, code, model=str((fields or {}).get("model")))
        return Reply(200, wire.headers("stream", request.id, request.now), body, streams=True)
    return failures.error(request, code, line.message if line is not None else None)


def _history(service: StandIn, fields: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    previous = fields.get("previous_response_id")
    if not previous:
        return []
    with service.shelf("responses") as shelf:
        kept: _Kept | None = shelf.get(previous)
    return None if kept is None else kept.history


def _store(
    service: StandIn,
    request: Request,
    fields: Mapping[str, Any],
    written: Written,
    before: list[Mapping[str, Any]],
) -> None:
    response = written.whole()
    given = question.items_of(fields)
    items = [{"id": f"item_{request.id}_{place}", **item} for place, item in enumerate(given)]
    said = [item for item in response["output"] if item["type"] != "web_search_call"]
    with service.shelf("responses") as shelf:
        shelf[written.id] = _Kept(response, items, [*before, *given, *said])


def _namespaces(fields: Mapping[str, Any]) -> dict[str, str]:
    return {
        inner["name"]: tool["name"]
        for tool in fields.get("tools", ())
        if tool["type"] == "namespace"
        for inner in tool.get("tools", ())
    }


def _kept(service: StandIn, request: Request) -> _Kept | None:
    with service.shelf("responses") as shelf:
        kept: _Kept | None = shelf.get(request.groups["id"])
    return kept


def _no_such(request: Request) -> Reply:
    # How a response that is not stored is refused is not established.
    body = wire.json_bytes({"error": failures.error_object("invalid_request", "response 不存在")})
    return Reply(404, wire.headers("error", request.id, request.now), [body])
