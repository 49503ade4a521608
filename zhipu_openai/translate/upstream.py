"""Zhipu's replies on their way back: which headers stay true, and what to say of a reply that is hollow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from zhipu_openai.exchange import Reply

OF_THE_BODY: Final = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding"})
"""Headers that describe the bytes of Zhipu's answer, not of the translated one."""


def kept_headers(reply: Reply, request_id: object = None) -> dict[str, str]:
    """Give the headers of a reply that are true of its translation too.

    Args:
        reply: Zhipu's.
        request_id: The id in its body, for a reply whose headers have none.
    """
    headers = {name: value for name, value in reply.headers.items() if name not in OF_THE_BODY}
    if "x-log-id" not in headers and isinstance(request_id, str) and _fits_a_header(request_id):
        headers.setdefault("x-request-id", request_id)
    return headers


def invalid(what: str, *, retry: bool = True, check: str = "the base URL and the model") -> Refused:
    """Make the error for an answer that lacks what OpenAI's type requires.

    Args:
        what: What is wrong, as the rest of a sentence about Zhipu's answer.
        retry: Whether openai tries again; not where the same would come back.
        check: What to look at if it stays so.
    """
    answer = refusal(
        f"Zhipu's answer {what}. Try again; if it stays so, check {check}.",
        param=None,
        code="invalid_upstream_answer",
        status=502,
        type="server_error",
    )
    return Refused(replace(answer, retry=retry))


def _fits_a_header(text: str) -> bool:
    return text.isascii() and text.isprintable() and bool(text.strip())
