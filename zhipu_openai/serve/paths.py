"""From the path of a request to one below the base URL; what could lead elsewhere is refused. No I/O.

The host never comes from the request: a path that passes here is put behind the base URL of the settings.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from .refusals import RefusedHere, bad_request, refused

if TYPE_CHECKING:
    from zhipu_openai.errors import ErrorAnswer

ROOT: Final = "/v1"
HEALTH: Final = "/healthz"

_PATH: Final = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*")
"""A path as RFC 3986 has it, section 3.3."""
_QUERY: Final = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]|^{}\"`]|%[0-9A-Fa-f]{2})*")
"""A query: as RFC 3986 has it, and what JavaScript's URL leaves as it is."""

_MOST_LAYERS: Final = 4
"""Layers of percent-encoding that are looked through; nobody honest has more than two."""


def below_root(raw_path: str, query: str) -> tuple[str, str]:
    """Give the path below ``/v1`` and the query, as they were written.

    Args:
        raw_path: The path as it came, still percent-encoded.
        query: What stands behind the question mark.

    Raises:
        RefusedHere: It is not below ``/v1``, or may mean another place than it seems to.
    """
    if not raw_path.startswith("/"):
        raise RefusedHere(
            bad_request("The request names a host of its own; this server is no proxy and asks Zhipu alone.")
        )
    if _PATH.fullmatch(raw_path) is None or _QUERY.fullmatch(query) is None:
        raise RefusedHere(bad_request("The path or the query holds characters that must be percent-encoded."))
    if raw_path != ROOT and not raw_path.startswith(f"{ROOT}/"):
        raise RefusedHere(_not_here())
    # A base URL written with a slash at its end makes two of them.
    rest = raw_path[len(ROOT) :].strip("/")
    if not rest:
        raise RefusedHere(_not_here())
    if _leads_elsewhere(rest):
        raise RefusedHere(bad_request("The path holds an empty segment, a dot segment, or a hidden one."))
    return f"/{rest}", query


def _not_here() -> ErrorAnswer:
    return refused(
        HTTPStatus.NOT_FOUND,
        "not_found",
        f"Nothing is served here. OpenAI's API is below {ROOT}: the base URL of a client ends in {ROOT}.",
    )


def _leads_elsewhere(rest: str) -> bool:
    """Whether a path, read by anyone in any of the usual ways, leaves the place where it begins."""
    for _ in range(_MOST_LAYERS):
        # Servers differ on backslashes and on what stands behind a semicolon.
        segments = [segment.partition(";")[0] for segment in rest.replace("\\", "/").split("/")]
        if any(segment.strip(" ") in ("", ".", "..") for segment in segments) or not rest.isprintable():
            return True
        decoded = unquote(rest, errors="replace")
        if decoded == rest:
            return False
        rest = decoded
    return True
