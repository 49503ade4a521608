"""Quirks that answer a call with a failure, whatever it asks: the ways in which Zhipu fails before it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import wire
from .codes import CODES
from .traffic import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .quirks import QuirkName
    from .service import StandIn


def refused_by_quirk(service: StandIn, request: Request) -> Reply | None:
    """Answer with the failure of the first refusing quirk that is on, and count it; None if none is on."""
    name = service.take_refusal()
    return None if name is None else _REFUSALS[name](service, request)


def _error_in_200(service: StandIn, request: Request) -> Reply:
    return service.error(request, "1305", status=200)


def _business_error_in_200(_: StandIn, request: Request) -> Reply:
    body = wire.json_bytes({"code": 1000, "msg": CODES["1000"].text(request.language), "success": False})
    return Reply(200, wire.headers("json", request.id, request.now), [body])


def _overload(service: StandIn, request: Request) -> Reply:
    reply = service.error(request, "1305")
    reply.headers = [(name, value) for name, value in reply.headers if name != "content-type"]
    return reply


def _rate_limit(service: StandIn, request: Request) -> Reply:
    return service.error(request, "1302")


def _arrears(service: StandIn, request: Request) -> Reply:
    return service.error(request, "1113")


def _reset_window(service: StandIn, request: Request) -> Reply:
    return service.error(request, "1308")


def _bare_string_error(_: StandIn, request: Request) -> Reply:
    body = wire.json_bytes({"error": "Too many requests, please try again later"})
    return Reply(429, wire.headers("error", request.id, request.now), [body])


def _html_502(_: StandIn, request: Request) -> Reply:
    headers = wire.headers("error", request.id, request.now)
    body = b"<html><head><title>502 Bad Gateway ZS</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return Reply(502, [("content-type", "text/html"), *headers[1:]], [body])


_REFUSALS: Final[Mapping[QuirkName, Callable[[StandIn, Request], Reply]]] = {
    "arrears": _arrears,
    "bare_string_error": _bare_string_error,
    "business_error_in_200": _business_error_in_200,
    "error_in_200": _error_in_200,
    "html_502": _html_502,
    "overload": _overload,
    "rate_limit": _rate_limit,
    "reset_window": _reset_window,
}
