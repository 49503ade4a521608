"""The envelope of Zhipu's application platform: knowledge bases, documents and applications.

Success and failure both come with HTTP 200; ``code`` tells them apart (recorded by fxp/skillify, 2026-09-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .traffic import Reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .fields import Field
    from .traffic import Request

ROOT: Final = "/api/llm-application/open"

SUCCESS: Final = 200
NO_KNOWLEDGE: Final = 100013
"""Recorded with the text 知识库不存在 (fxp/skillify, 2026-09-11)."""

BAD_REQUEST: Final = 400
"""Recorded for zrag. Which code the others have, and an unknown document, is not known: it is this one here."""


def success(request: Request, data: Any = None, *, message: str = "请求成功") -> Reply:
    """Make the envelope of a success; without data the key is absent."""
    body = {} if data is None else {"data": data}
    return _envelope(request, {**body, "code": SUCCESS, "message": message})


def failure(request: Request, code: int, message: str) -> Reply:
    """Make the envelope of a failure."""
    return _envelope(request, {"code": code, "message": message})


def refusal(request: Request, given: Mapping[str, Any] | None, fields: Collection[Field]) -> Reply | None:
    """Refuse a request by the first field that is wrong; None if all may pass."""
    if given is None:
        return failure(request, BAD_REQUEST, "请求体不是 JSON 对象")
    for field in fields:
        value = given.get(field.name)
        if value is None:
            if field.required:
                return failure(request, BAD_REQUEST, f"{field.name} 不能为空")
        elif not field.allows(value):
            return failure(request, BAD_REQUEST, f"{field.name} 参数非法")
    return None


def _envelope(request: Request, body: dict[str, Any]) -> Reply:
    stamped = {**body, "timestamp": int(request.now.timestamp() * 1000)}
    return json_reply(request, stamped)
