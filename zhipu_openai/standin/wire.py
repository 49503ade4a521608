"""Bytes as Zhipu writes them: JSON, events, ids and headers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from random import Random

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The clock of Zhipu's ids and of the times in its messages."""

DONE: Final = b"data: [DONE]\n\n"

Kind = Literal["json", "error", "stream"]

# Recorded traffic, open.bigmodel.cn, 2026-07-11 (json, error); api.z.ai, 2026-07-01 (stream).
_CONTENT_TYPES: Final[dict[Kind, str]] = {
    "json": "application/json; charset=UTF-8",
    "error": "application/json; charset=UTF-8",
    "stream": "text/event-stream;charset=UTF-8",
}
_VARY: Final = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers") * 2


def new_id(now: datetime, random: Random) -> str:
    """Make a request id: the time of day in Beijing to the second, then 16 hexadecimal digits."""
    return f"{now.astimezone(BEIJING):%Y%m%d%H%M%S}{random.getrandbits(64):016x}"


def call_ids(random: Random, count: int) -> list[str]:
    """Make tool call ids of a whole answer: ``call_-`` and consecutive 64-bit integers."""
    first = random.randrange(2**62, 2**63 - count)
    return [f"call_-{first - position}" for position in range(count)]


def streamed_call_id(random: Random) -> str:
    """Make a tool call id of a stream: ``call_`` and 24 hexadecimal digits."""
    return f"call_{random.getrandbits(96):024x}"


def json_bytes(value: Any, *, sort_keys: bool = False) -> bytes:
    """Encode as compact JSON in UTF-8.

    Zhipu's whole answers have their keys in alphabetical order, its events in an order of their own.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; as an escape it passes.
        return json.dumps(value, separators=(",", ":"), sort_keys=sort_keys).encode()


def event(value: Any) -> bytes:
    """Encode one event of a stream."""
    return b"data: " + json_bytes(value) + b"\n\n"


def headers(kind: Kind, log_id: str, now: datetime) -> list[tuple[str, str]]:
    """Make the headers of a reply.

    They are those of recorded replies but for the cookie that the load balancer sets, and ``server``,
    which says who really answers. That 200s of chat carry ``x-log-id`` is inferred from other resources.
    """
    vary = _VARY if kind == "error" else ("Accept-Encoding", *_VARY)
    return [
        ("content-type", _CONTENT_TYPES[kind]),
        ("date", format_datetime(now.astimezone(timezone.utc), usegmt=True)),
        ("server", "zhipu-openai-standin"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        *(("vary", name) for name in vary),
        ("x-log-id", log_id),
    ]
