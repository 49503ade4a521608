"""What the server itself refuses, in OpenAI's shape. No message says anything of a key or a token."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from zhipu_openai.errors import ErrorAnswer


_RETRIED: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""What another try may cure. The try is the client's: this server makes none of its own."""


class RefusedHere(Exception):  # noqa: N818 - it is an answer on its way out, not an error of ours
    """A request that goes no further; carries the answer.

    Attributes:
        answer: The answer.
        body_ended: Whether the body was read to its end; None where more of it may come.
    """

    def __init__(self, answer: ErrorAnswer, *, body_ended: bool | None = None) -> None:
        """Keep the answer."""
        super().__init__(answer.status)
        self.answer = answer
        self.body_ended = body_ended


def refused(status: int, code: str, message: str) -> ErrorAnswer:
    """Make an answer of the server's own.

    Args:
        status: The HTTP status.
        code: A code in OpenAI's style.
        message: What is refused, and the way out.
    """
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    answer = refusal(message, param=None, code=code, status=status, type=kind)
    return replace(answer, retry=status in _RETRIED)


def bad_request(message: str) -> ErrorAnswer:
    """Refuse a request that cannot be read."""
    return refused(HTTPStatus.BAD_REQUEST, "invalid_request", message)


def too_large(most: int) -> ErrorAnswer:
    """Refuse a body for its size."""
    return refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "request_too_large",
        f"The body is larger than the {most} bytes that this server takes; start it with a larger --max-body.",
    )


def too_slow() -> ErrorAnswer:
    """Give up a request that does not arrive."""
    return refused(HTTPStatus.REQUEST_TIMEOUT, "request_timeout", "The request did not arrive in time.")


def too_many_connections() -> ErrorAnswer:
    """Refuse a connection beyond the limit."""
    return refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too_many_connections",
        "This server has as many connections as it may have (--limit-connections); try again.",
    )


def stopping() -> ErrorAnswer:
    """End an answer because the server ends."""
    return refused(HTTPStatus.SERVICE_UNAVAILABLE, "server_stopping", "This server is being stopped.")


def unreachable(name: str) -> ErrorAnswer:
    """Report that Zhipu could not be reached; ``name`` is the failure's."""
    return refused(
        HTTPStatus.BAD_GATEWAY,
        "connection_error",
        f"The connection to Zhipu failed before an answer ({name}).",
    )


def timed_out(name: str) -> ErrorAnswer:
    """Report that Zhipu did not answer in time; ``name`` is the failure's."""
    return refused(HTTPStatus.GATEWAY_TIMEOUT, "timeout", f"Zhipu did not answer in time ({name}).")


def internal(name: str) -> ErrorAnswer:
    """Report a failure of this server; ``name`` is the failure's."""
    return refused(
        HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", f"This server failed on the request ({name})."
    )
