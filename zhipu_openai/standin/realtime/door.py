"""Who may open a realtime connection, and where."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from zhipu_openai.standin import auth
from zhipu_openai.standin.codes import CODES, error_body

from .conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.standin.service import StandIn

PATH: Final = "/api/paas/v4/realtime"
"""Where connections are opened, at open.bigmodel.cn alone. Source: bigmodel.cn AsyncAPI, 2026-07-11."""


class ShutError(Exception):
    """A connection that is not opened, with the HTTP answer to it."""

    def __init__(self, status: int, body: bytes) -> None:
        """Keep the answer."""
        super().__init__(status)
        self.status = status
        self.body = body


def enter(service: StandIn, path: str, headers: Mapping[str, str]) -> Conversation:
    """Open a connection.

    Args:
        service: The stand-in; it remembers the request.
        path: The path from the root of the host, with the query.
        headers: The headers, names in any case.

    Raises:
        ShutError: The path is another, or the key is none.
    """
    refused = auth.refusal({name.lower(): value for name, value in headers.items()})
    service.record("GET", path, headers, b"", authorized=refused is None, now=datetime.now(timezone.utc))
    if urlsplit(path).path != PATH or service.region != "cn":
        raise ShutError(404, json.dumps({"status": 404, "error": "Not Found", "path": path}).encode())
    if refused is not None:
        row = CODES[refused]
        raise ShutError(row.status, json.dumps(error_body(refused, row.text("zh"))).encode())
    return Conversation(service, path)
