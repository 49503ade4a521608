"""Zhipu's file objects become OpenAI's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.endpoints import region_of
from zhipu_openai.errors import refusal
from zhipu_openai.exchange import error_reply
from zhipu_openai.translate import upstream

from .purposes import to_openai

if TYPE_CHECKING:
    from zhipu_openai.adaptation import Refused
    from zhipu_openai.exchange import Call, Reply

NOT_FOUND: Final = 404

_STATUSES: Final = frozenset({"uploaded", "processed", "error"})

_LATEST_SECOND: Final = 10**11
"""A time beyond this (the year 5138) is in milliseconds."""

_STAMPED_ID: Final = re.compile(r"(?:file-local-)?(\d{10})_[0-9a-f]{32}")
"""An id that begins with the second in which it was made. Source: recorded ids of 2024-05 and 2026-09."""


def invalid(what: str) -> Refused:
    """Make the error for an answer that lacks what OpenAI's type requires."""
    return upstream.invalid(what, retry=False, check="the base URL")


def failed(call: Call, reply: Reply, what: str) -> Reply:
    """Give back a reply that reports a failure; a path that z.ai does not have is said to be bigmodel.cn's.

    The specification of z.ai (2026-08-22) has uploads alone of all that concerns files and batches.
    """
    error = reply.error
    if error is None or error.status != NOT_FOUND or region_of(call.options.base_url) != "intl":
        return reply
    return error_reply(
        refusal(
            f"z.ai has no {what}; bigmodel.cn has: OpenAI(region='cn') with a key of that site.",
            param=None,
            code="unsupported_operation",
            status=NOT_FOUND,
        ),
        reply.headers,
    )


def object_of(reply: Reply, what: str) -> dict[str, Any]:
    """Decode a reply that must be a JSON object.

    Raises:
        Refused: It is none.
    """
    try:
        body = reply.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise invalid(f"is no {what}")
    return body


def page_of(reply: Reply, what: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Decode a reply that must be a page of a list; give its entries and the whole.

    Raises:
        Refused: It is none.
    """
    page = object_of(reply, f"list of {what}")
    data = page.get("data")
    # A list without entries has been seen to be null on other resources.
    if data is None and "data" in page:
        data = []
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise invalid(f"is no list of {what}")
    return data, page


def seconds(value: object) -> int | None:
    """Give a time in seconds, whether it came in seconds or in milliseconds; None for none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        return None
    return int(value) // 1000 if value > _LATEST_SECOND else int(value)


def stamp_of(file_id: str) -> int | None:
    """Read from an id in which second the file was made; None where the id does not say."""
    stamp = _STAMPED_ID.fullmatch(file_id)
    return int(stamp[1]) if stamp else None


def file_object(given: dict[str, Any], *, name: str | None = None, size: int | None = None) -> dict[str, Any]:
    """Make OpenAI's file object of Zhipu's.

    Args:
        given: Zhipu's object. An upload of 2024 came back with ``filename`` null and ``fileName`` beside it,
            and with ``status`` null; there is no ``status`` in the specification.
        name: The name it was uploaded under, if that is known.
        size: How many bytes were uploaded, if that is known.

    Raises:
        Refused: It lacks its id, its size or its time.
    """
    file_id = given.get("id")
    if not isinstance(file_id, str) or not file_id:
        raise invalid("holds a file without an id")
    created_at = seconds(given.get("created_at")) or stamp_of(file_id)
    length = given.get("bytes")
    if isinstance(length, bool) or not isinstance(length, int):
        length = size
    if created_at is None or length is None:
        raise invalid("holds a file without its size or its time")
    status = given.get("status")
    return {
        **given,
        "id": file_id,
        "object": "file",
        "bytes": length,
        "created_at": created_at,
        "filename": str(given.get("filename") or given.get("fileName") or name or ""),
        "purpose": to_openai(given.get("purpose")),
        # A file that Zhipu has taken can be used; wait_for_processing asks until it is told so.
        "status": status if status in _STATUSES else "processed",
    }
