"""What breaks on the way to Zhipu, in the words of the HTTP library, and in openai's.

openai tries again, and raises its own exceptions, for what its HTTP library raises. Some failures come in other
words: TLS lets those of the ssl module through, and the transport over aiohttp lets aiohttp's own through, or
calls a connection that was refused or cut a timeout.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import openai
from anyio import EndOfStream

if TYPE_CHECKING:
    from types import ModuleType

    from .errors import ErrorAnswer
    from .exchange import StreamFailure

_SERVER_ERROR: Final = 500

Exceptions: TypeAlias = tuple[type[Exception], ...]

BROKEN: Final[Exceptions] = (OSError, EndOfStream)
"""What may come while a body is read, beside the HTTP library's own exceptions."""

_BROKEN_BEFORE: Final[Exceptions] = (ssl.SSLError, ConnectionError, EndOfStream)
"""The same while a request is sent, where an OSError may be about a file that the caller uploads."""


def breaking(module: Any) -> Exceptions:
    """Give the exceptions of a connection that breaks while a request is sent and answered.

    Args:
        module: The HTTP library.
    """
    return (module.RequestError, *_BROKEN_BEFORE, *_aiohttps())


def breaking_in_body(module: Any) -> Exceptions:
    """Give the exceptions of a connection that breaks while a body is read."""
    return (module.RequestError, *BROKEN, *_aiohttps())


def in_the_librarys_words(error: Exception, request: Any, module: Any) -> Exception:
    """Give the HTTP library's exception for one that broke a connection; itself, where it is the right one.

    Args:
        error: One of ``breaking``.
        request: The request that it is about.
        module: The HTTP library.
    """
    if isinstance(error, module.TimeoutException):
        right = not _is_no_timeout(error.__cause__)
    else:
        right = isinstance(error, module.RequestError)
    made: Exception = error if right else module.NetworkError(_words(error), request=request)
    return made


def in_openais_words(error: Exception, request: Any, module: Any) -> openai.APIConnectionError:
    """Make openai's exception for a connection that broke, or fell silent, while a body was read."""
    if isinstance(in_the_librarys_words(error, request, module), module.TimeoutException):
        return openai.APITimeoutError(request=request)
    return openai.APIConnectionError(
        message=f"The connection to Zhipu broke while the answer was read ({type(error).__name__}).",
        request=request,
    )


def stream_error(failure: StreamFailure, request: Any, module: Any) -> openai.APIError:
    """Make the exception for a failure after a stream began."""
    if failure.answer is None:
        return openai.APIConnectionError(message=failure.message, request=request)
    return status_error(failure.answer, request, module)


def status_error(answer: ErrorAnswer, request: Any, module: Any) -> openai.APIStatusError:
    """Make the exception for a failure that comes too late for a status: openai's own class for the same one."""
    error = answer.body["error"]
    response = module.Response(answer.status, headers=answer.headers(), json=answer.body, request=request)
    cls = _STATUS_ERRORS.get(answer.status)
    if cls is None:
        cls = openai.InternalServerError if answer.status >= _SERVER_ERROR else openai.APIStatusError
    return cls(error["message"], response=response, body=error)


_STATUS_ERRORS: Final[dict[int, type[openai.APIStatusError]]] = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
}


def _aiohttps() -> Exceptions:
    aiohttp = _aiohttp()
    return () if aiohttp is None else (aiohttp.ClientError,)


def _aiohttp() -> ModuleType | None:
    return sys.modules.get("aiohttp")


def _is_no_timeout(cause: BaseException | None) -> bool:
    """Whether what a timeout was made of is a failure of aiohttp's that has nothing to do with time."""
    aiohttp = _aiohttp()
    return (
        aiohttp is not None
        and isinstance(cause, aiohttp.ClientError)
        and not isinstance(cause, (TimeoutError, asyncio.TimeoutError))
    )


def _words(error: Exception) -> str:
    return f"The connection broke ({type(error).__name__}): {error}" if str(error) else "The connection broke"
