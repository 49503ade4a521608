"""Responses that are read while they are passed on.

A connection is Zhipu's open response. A relay reads one through its decoder, so that OpenAI's bytes come
out; what breaks on the way is raised as openai's own exception.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import openai

from .errors import refusal
from .exchange import StreamFailure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from .exchange import Branch, Reply, Send
    from .library import Library

_SERVER_ERROR: Final = 500


class Connection:
    """An open response of Zhipu's, or a whole one in ``reply``."""

    def __init__(
        self, response: Any, headers: dict[str, str], reply: Reply | None, release: Callable[[], None] | None
    ) -> None:
        """Keep the response; ``release`` frees its place under the limit."""
        self.response = response
        self.headers = headers
        self.status: int = response.status_code
        self.reply = reply
        self.http_version: bytes = response.extensions.get("http_version", b"HTTP/1.1")
        self._release = release

    def __iter__(self) -> Iterator[bytes]:
        """Yield the decoded bytes as they come."""
        return iter(self.response.iter_bytes())

    def _free(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()

    def close(self) -> None:
        """Close the response and give back its place under the limit."""
        try:
            self.response.close()
        finally:
            self._free()


class AsyncConnection(Connection):
    """The async twin."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the decoded bytes as they come."""
        iterator: AsyncIterator[bytes] = self.response.aiter_bytes().__aiter__()
        return iterator

    async def aclose(self) -> None:
        """Close the response and give back its place under the limit."""
        try:
            await self.response.aclose()
        finally:
            self._free()


class Relay:
    """One of Zhipu's streams, read through its decoder: OpenAI's bytes come out."""

    def __init__(
        self, branch: Branch, connect: Callable[[Send], Connection], request: Any, library: Library
    ) -> None:
        """Keep what is needed to open the stream, and to open its continuation."""
        self.decoder = branch.decoder
        self.headers: dict[str, str] = {}
        self.http_version = b"HTTP/1.1"
        self._send = branch.send
        self._connect = connect
        self._request = request
        self._library = library
        self._connection: Connection | None = None
        self._source: Iterator[bytes] = iter(())
        self._first = b""
        self._closed = False

    def open(self) -> StreamFailure | None:
        """Connect and read until there is something to deliver, so that an early failure has its status."""
        failure = self._open_connection(self._send)
        while failure is None and not self._first and not self.decoder.done:
            self._first, more = self._step()
            failure = None if self._first else self.decoder.failure
            if not more:
                break
        return failure

    def _open_connection(self, send: Send) -> StreamFailure | None:
        connection = self._connect(send)
        self._connection = connection
        self.headers = self.headers or connection.headers
        self.http_version = connection.http_version
        if connection.reply is not None:
            return unstreamed(connection.reply)
        self._source = iter(connection)
        return None

    def _step(self) -> tuple[bytes, bool]:
        """Read once; give what can be delivered, and whether there is more to read."""
        data = next(self._source, None)
        out = self.decoder.end() if data is None else self.decoder.feed(data)
        if self.decoder.failure is not None:
            return out, False
        if data is not None and not self.decoder.done:
            return out, True
        following = self.decoder.follow_up()
        if following is None:
            return out, False
        self._close_connection()
        self.decoder.failure = self._open_connection(following)
        return out, self.decoder.failure is None

    def __iter__(self) -> Iterator[bytes]:
        """Deliver the stream.

        Raises:
            openai.APIError: Zhipu reported a failure within the stream, or the connection broke.
        """
        first, self._first = self._first, b""
        if first:
            yield first
        more = not self.decoder.done and self.decoder.failure is None and not self._closed
        while more:
            with _network_errors(self._library, self._request):
                out, more = self._step()
            if out:
                yield out
        if self.decoder.failure is not None:
            raise self.error(self.decoder.failure)

    def error(self, failure: StreamFailure) -> openai.APIError:
        """Make the exception for a failure that comes too late for a status."""
        return stream_error(failure, self._request, self._library)

    def _close_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def close(self) -> None:
        """Close the upstream response."""
        self._closed = True
        self._close_connection()


class AsyncRelay:
    """The async twin of Relay."""

    def __init__(
        self,
        branch: Branch,
        connect: Callable[[Send], Awaitable[AsyncConnection]],
        request: Any,
        library: Library,
    ) -> None:
        """Keep what is needed to open the stream, and to open its continuation."""
        self.decoder = branch.decoder
        self.headers: dict[str, str] = {}
        self.http_version = b"HTTP/1.1"
        self._send = branch.send
        self._connect = connect
        self._request = request
        self._library = library
        self._connection: AsyncConnection | None = None
        self._source: AsyncIterator[bytes] | None = None
        self._first = b""
        self._closed = False

    async def open(self) -> StreamFailure | None:
        """Connect and read until there is something to deliver, so that an early failure has its status."""
        failure = await self._open_connection(self._send)
        while failure is None and not self._first and not self.decoder.done:
            self._first, more = await self._step()
            failure = None if self._first else self.decoder.failure
            if not more:
                break
        return failure

    async def _open_connection(self, send: Send) -> StreamFailure | None:
        connection = await self._connect(send)
        self._connection = connection
        self.headers = self.headers or connection.headers
        self.http_version = connection.http_version
        if connection.reply is not None:
            return unstreamed(connection.reply)
        self._source = connection.__aiter__()
        return None

    async def _step(self) -> tuple[bytes, bool]:
        data: bytes | None = None
        if self._source is not None:
            try:
                data = await self._source.__anext__()
            except StopAsyncIteration:
                data = None
        out = self.decoder.end() if data is None else self.decoder.feed(data)
        if self.decoder.failure is not None:
            return out, False
        if data is not None and not self.decoder.done:
            return out, True
        following = self.decoder.follow_up()
        if following is None:
            return out, False
        await self._close_connection()
        self.decoder.failure = await self._open_connection(following)
        return out, self.decoder.failure is None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Deliver the stream.

        Raises:
            openai.APIError: Zhipu reported a failure within the stream, or the connection broke.
        """
        first, self._first = self._first, b""
        if first:
            yield first
        more = not self.decoder.done and self.decoder.failure is None and not self._closed
        while more:
            with _network_errors(self._library, self._request):
                out, more = await self._step()
            if out:
                yield out
        if self.decoder.failure is not None:
            raise self.error(self.decoder.failure)

    def error(self, failure: StreamFailure) -> openai.APIError:
        """Make the exception for a failure that comes too late for a status."""
        return stream_error(failure, self._request, self._library)

    async def _close_connection(self) -> None:
        if self._connection is not None:
            await self._connection.aclose()

    async def aclose(self) -> None:
        """Close the upstream response."""
        self._closed = True
        await self._close_connection()


def unstreamed(reply: Reply) -> StreamFailure:
    """Make the failure of a request that asked for a stream and was given something else."""
    if reply.error is not None:
        return StreamFailure("Zhipu answered with an error", reply.error)
    return StreamFailure(
        "no stream",
        refusal(
            f"A stream was asked for, but the answer (status {reply.status}, content type "
            f"{reply.headers.get('content-type') or 'none'}) is not one. Ask again without stream=True.",
            param="stream",
            code="not_a_stream",
            status=502,
            type="server_error",
        ),
    )


def stream_error(failure: StreamFailure, request: Any, library: Library) -> openai.APIError:
    """Make the exception for a failure after the stream began: openai's own class for the same status."""
    if failure.answer is None:
        return openai.APIConnectionError(message=failure.message, request=request)
    error = failure.answer.body["error"]
    response = library.module.Response(
        failure.answer.status, headers=failure.answer.headers(), json=failure.answer.body, request=request
    )
    cls = _STATUS_ERRORS.get(failure.answer.status)
    if cls is None:
        cls = openai.InternalServerError if failure.answer.status >= _SERVER_ERROR else openai.APIStatusError
    return cls(error["message"], response=response, body=error)


_STATUS_ERRORS: dict[int, type[openai.APIStatusError]] = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
}


@contextmanager
def _network_errors(library: Library, request: Any) -> Iterator[None]:
    """Raise openai's exceptions for a connection that breaks while a body is read, as for one at the start."""
    try:
        yield
    except library.module.TimeoutException as error:
        raise openai.APITimeoutError(request=request) from error
    except library.module.RequestError as error:
        raise openai.APIConnectionError(
            message=f"The connection to Zhipu broke while the stream was read ({type(error).__name__}).",
            request=request,
        ) from error
