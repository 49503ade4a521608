"""Streams of Zhipu's that are read through a decoder, so that OpenAI's bytes come out.

What breaks on the way is raised as openai's own exception.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from .breakage import breaking_in_body, in_openais_words, stream_error
from .errors import refusal
from .exchange import Reply, StreamFailure
from .limits import GivenUp

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator

    import openai

    from .connection import AsyncConnection, Connection
    from .cutting import GivingUp
    from .exchange import Branch, Event, Send
    from .library import Library


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
        given_up: GivingUp | None = None,
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
        try:
            while more:
                out, more = self._step()
                if out:
                    yield out
        except GeneratorExit:
            raise  # the reader has gone: what holds the body closes it
        except breaking_in_body(self._library.module) as error:
            self.close()
            raise in_openais_words(error, self._request, self._library.module) from error
        except BaseException:
            self.close()
            raise
        if self.decoder.failure is not None:
            self.close()
            raise self.error(self.decoder.failure)

    def error(self, failure: StreamFailure) -> openai.APIError:
        """Make the exception for a failure that comes too late for a status."""
        return stream_error(failure, self._request, self._library.module)

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
        try:
            while more:
                out, more = await self._step()
                if out:
                    yield out
        except GeneratorExit:
            raise  # the reader has gone: what holds the body closes it
        except breaking_in_body(self._library.module) as error:
            await self.aclose()
            raise in_openais_words(error, self._request, self._library.module) from error
        except BaseException:
            # Cancelled, above all: openai's older streams leave the body open then.
            await self.aclose()
            raise
        if self.decoder.failure is not None:
            await self.aclose()
            raise self.error(self.decoder.failure)

    def error(self, failure: StreamFailure) -> openai.APIError:
        """Make the exception for a failure that comes too late for a status."""
        return stream_error(failure, self._request, self._library.module)

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
