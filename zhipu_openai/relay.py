"""Responses that are read while they are passed on.

A connection is Zhipu's open response. A relay reads one through its decoder, so that OpenAI's bytes come
out; what breaks on the way is raised as openai's own exception.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

import openai
from anyio import EndOfStream

from .decoding import decode_pieces, decode_pieces_async
from .drain import cut, drain, drain_async
from .errors import refusal
from .exchange import Reply, StreamFailure
from .limits import GivenUp

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator

    from .exchange import BodyDecoder, Branch, Event, Send
    from .library import Library
    from .limits import Place

_SERVER_ERROR: Final = 500

BROKEN: Final = (OSError, EndOfStream)
"""What the HTTP libraries let through for a connection that breaks under TLS, where an error of theirs is due."""


class _Opened:
    """What both kinds of connection keep."""

    def __init__(self, response: Any, headers: dict[str, str], place: Place) -> None:
        """Keep the response, its headers (names in lower case), and its place under the limit."""
        self.response = response
        self.headers = headers
        self.status: int = response.status_code
        self.http_version: bytes = response.extensions.get("http_version", b"HTTP/1.1")
        self.place = place


class Connection(_Opened):
    """An open response of Zhipu's, of whose body the ``head`` may have been read already."""

    def __init__(
        self, response: Any, headers: dict[str, str], place: Place, source: Iterator[bytes], head: bytes = b""
    ) -> None:
        """Keep the response and the iterator over the rest of its body."""
        super().__init__(response, headers, place)
        self.source = source
        self._head = head

    def __iter__(self) -> Iterator[bytes]:
        """Yield the decoded bytes as they come."""
        if self._head:
            yield self._head
            self._head = b""
        yield from self.source

    def decode(self, decoder: BodyDecoder) -> None:
        """Have the body changed by a decoder while it is read."""
        self._head, self.source = b"", decode_pieces(self._head, self.source, decoder)

    def drain(self) -> None:
        """Read what is left after the last event, briefly."""
        drain(self.response, self.source)

    def cut(self) -> None:
        """Wake the thread that reads: nobody waits for the rest."""
        cut(self.response)

    def close(self) -> None:
        """Close the response and give back its place under the limit."""
        try:
            self.response.close()
        finally:
            self.place.give_back()


class AsyncConnection(_Opened):
    """The async twin."""

    def __init__(
        self,
        response: Any,
        headers: dict[str, str],
        place: Place,
        source: AsyncIterator[bytes],
        head: bytes = b"",
    ) -> None:
        """Keep the response and the iterator over the rest of its body."""
        super().__init__(response, headers, place)
        self.source = source
        self._head = head

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the decoded bytes as they come."""
        if self._head:
            yield self._head
            self._head = b""
        async for data in self.source:
            yield data

    def decode(self, decoder: BodyDecoder) -> None:
        """Have the body changed by a decoder while it is read."""
        self._head, self.source = b"", decode_pieces_async(self._head, self.source, decoder)

    async def drain(self) -> None:
        """Read what is left after the last event, briefly."""
        await drain_async(self.response, self.source)

    async def aclose(self) -> None:
        """Close the response and give back its place under the limit."""
        try:
            await self.response.aclose()
        finally:
            self.place.give_back()


class _Pieces:
    """What a decoder gives, piece by piece: events where it has them, else bytes."""

    def __init__(self, decoder: Any) -> None:
        self.are_events = hasattr(decoder, "take")
        self._decoder = decoder

    def take(self, data: bytes | None) -> list[Event]:
        """Give the pieces that a read completes, or (None) the end of the body."""
        if self.are_events:
            pieces: list[Event] = self._decoder.finish() if data is None else self._decoder.take(data)
            return pieces
        out = self._decoder.end() if data is None else self._decoder.feed(data)
        return [out] if out else []

    def join(self, pieces: list[Event]) -> bytes:
        """Write pieces as a server sends them."""
        if not self.are_events:
            return b"".join(pieces)  # type: ignore[arg-type]  # bytes, all of them
        return b"".join(map(self._decoder.encode, pieces))


class Relay:
    """One of Zhipu's streams, read through its decoder: OpenAI's bytes come out."""

    def __init__(
        self,
        branch: Branch,
        connect: Callable[[Send], Connection | Reply],
        request: Any,
        library: Library,
        *,
        given_up: threading.Event | None = None,
    ) -> None:
        """Keep what is needed to open the stream, and to open its continuation.

        Args:
            branch: The request and the decoder.
            connect: Sends a request, and opens its answer if that is a stream.
            request: OpenAI's request, for exceptions.
            library: The HTTP library in use.
            given_up: Set when nobody wants the stream any more, where a thread of its own reads it.
        """
        self._given_up = given_up
        self.decoder = branch.decoder
        self.headers: dict[str, str] = {}
        self.http_version = b"HTTP/1.1"
        self._send = branch.send
        self._connect = connect
        self._request = request
        self._library = library
        self._connection: Connection | None = None
        self._first: list[Event] = []
        self._pieces = _Pieces(branch.decoder)
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
        opened = self._connect(send)
        self.headers = self.headers or dict(opened.headers)
        if isinstance(opened, Reply):
            return unstreamed(opened)
        self._connection = opened
        self.http_version = opened.http_version
        if self._given_up is not None and self._given_up.is_set():
            raise GivenUp  # too late to be cut
        return None

    def _step(self) -> tuple[list[Event], bool]:
        """Read once; give what can be delivered, and whether there is more to read."""
        data = None if self._connection is None else next(self._connection.source, None)
        out = self._pieces.take(data)
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

    @property
    def has_events(self) -> bool:
        """Whether the stream can be read by ``events``."""
        return self._pieces.are_events

    def __iter__(self) -> Iterator[bytes]:
        """Deliver the stream as bytes.

        Raises:
            openai.APIError: Zhipu reported a failure within the stream, or the connection broke.
        """
        return map(self._pieces.join, self.events())

    def events(self) -> Iterator[list[Event]]:
        """Deliver the stream as events, those of one read at a time.

        Raises:
            openai.APIError: Zhipu reported a failure within the stream, or the connection broke.
        """
        first, self._first = self._first, []
        if first:
            yield first
        more = not self.decoder.done and self.decoder.failure is None and not self._closed
        module = self._library.module
        try:
            while more:
                out, more = self._step()
                if out:
                    yield out
        except GeneratorExit:
            raise  # the reader has gone: what holds the body closes it
        except (module.RequestError, *BROKEN) as error:
            self.close()
            raise broken_connection(error, self._request, self._library) from error
        except BaseException:
            self.close()
            raise
        if self.decoder.failure is not None:
            self.close()
            raise self.error(self.decoder.failure)

    def error(self, failure: StreamFailure) -> openai.APIError:
        """Make the exception for a failure that comes too late for a status."""
        return stream_error(failure, self._request, self._library)

    def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if self.decoder.done:
                connection.drain()
            connection.close()

    def cut(self) -> None:
        """Wake the thread that reads this stream: nobody waits for the rest of it."""
        connection = self._connection
        if connection is not None:
            connection.cut()

    def close(self) -> None:
        """Close the upstream response."""
        self._closed = True
        self._close_connection()


class AsyncRelay:
    """The async twin of Relay."""

    def __init__(
        self,
        branch: Branch,
        connect: Callable[[Send], Awaitable[AsyncConnection | Reply]],
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
        self._first: list[Event] = []
        self._pieces = _Pieces(branch.decoder)
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
        opened = await self._connect(send)
        self.headers = self.headers or dict(opened.headers)
        if isinstance(opened, Reply):
            return unstreamed(opened)
        self._connection = opened
        self.http_version = opened.http_version
        return None

    async def _step(self) -> tuple[list[Event], bool]:
        data: bytes | None = None
        if self._connection is not None:
            try:
                data = await self._connection.source.__anext__()
            except StopAsyncIteration:
                data = None
        out = self._pieces.take(data)
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

    @property
    def has_events(self) -> bool:
        """Whether the stream can be read by ``events``."""
        return self._pieces.are_events

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Deliver the stream as bytes.

        Raises:
            openai.APIError: Zhipu reported a failure within the stream, or the connection broke.
        """
        async with aclosing(self.events()) as pieces:
            async for some in pieces:
                yield self._pieces.join(some)

    async def events(self) -> AsyncGenerator[list[Event]]:
        """Deliver the stream as events, those of one read at a time.

        Raises:
            openai.APIError: Zhipu reported a failure within the stream, or the connection broke.
        """
        first, self._first = self._first, []
        if first:
            yield first
        more = not self.decoder.done and self.decoder.failure is None and not self._closed
        module = self._library.module
        try:
            while more:
                out, more = await self._step()
                if out:
                    yield out
        except GeneratorExit:
            raise  # the reader has gone: what holds the body closes it
        except (module.RequestError, *BROKEN) as error:
            await self.aclose()
            raise broken_connection(error, self._request, self._library) from error
        except BaseException:
            # Cancelled, above all: openai's older streams leave the body open then.
            await self.aclose()
            raise
        if self.decoder.failure is not None:
            await self.aclose()
            raise self.error(self.decoder.failure)

    def error(self, failure: StreamFailure) -> openai.APIError:
        """Make the exception for a failure that comes too late for a status."""
        return stream_error(failure, self._request, self._library)

    async def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self.decoder.done:
                await connection.drain()
        finally:
            await connection.aclose()

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


def broken_connection(error: Exception, request: Any, library: Library) -> openai.APIConnectionError:
    """Make openai's exception for a connection that broke, or fell silent, while a stream was read."""
    if isinstance(error, library.module.TimeoutException):
        return openai.APITimeoutError(request=request)
    return openai.APIConnectionError(
        message=f"The connection to Zhipu broke while the stream was read ({type(error).__name__}).",
        request=request,
    )


_STATUS_ERRORS: Final[dict[int, type[openai.APIStatusError]]] = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
}
