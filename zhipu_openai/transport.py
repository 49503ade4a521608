"""The boundary's I/O: one transport for sync, one for async.

A transport takes OpenAI's request from the client above it, lets ``boundary`` and ``translate`` decide,
sends through the client below it (the user's own, or the default one) and answers as OpenAI would. It
never replaces parts of the client below, so its proxies, mounts, limits, certificates and hooks apply.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn

import openai

from .adaptation import Refused
from .boundary import Boundary, Config, Headers, Target, Translation, answer_headers
from .exchange import Branch, Reply, Send, SendAll, StreamFailure, StreamPlan, error_reply
from .library import Library, default_async_client, default_client, library_of
from .limits import AsyncLimit, SyncLimit
from .side_by_side import AsyncMergedRelay, MergedRelay, send_all, send_all_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from .adaptation import Ledger, Policy


_MAX_REDIRECTS: Final = 4


class _Transport:
    """What both transports keep."""

    def __init__(self, inner: Any, config: Config, limit: Any) -> None:
        self.inner = inner
        self.library: Library = library_of(inner)
        self.core = Boundary(config)
        self.limit = limit

    def build(self, method: str, url: str, headers: Headers, content: Any, extensions: dict[str, Any]) -> Any:
        """Make the request to Zhipu, with the lower client's own headers, cookies and parameters beneath."""
        return self.inner.build_request(method, url, headers=headers, content=content, extensions=extensions)

    def build_send(self, send: Send, headers: Headers, extensions: dict[str, Any]) -> Any:
        content = send.content()
        if content is not None:
            headers = [*headers, ("Content-Type", "application/json")]
        return self.build(send.method, self.core.upstream(send), headers, content, extensions)

    def build_forward(self, request: Any, target: Target, headers: Headers) -> Any:
        """Make the request to Zhipu with the body of OpenAI's as it is, and its length."""
        upstream = self.build(request.method, target.url, headers, None, request.extensions)
        for name in ("content-length", "transfer-encoding"):
            if name in request.headers:
                upstream.headers[name] = request.headers[name]
        upstream.stream = request.stream
        return upstream

    def redirected(self, response: Any, *, forwarded: bool) -> Any:
        """Follow a redirect that keeps method, body and origin; another one is the caller's (or an error)."""
        following = response.next_request
        if following is None or forwarded or response.status_code not in (307, 308):
            return None
        return following if self.core.locate(str(following.url)).place != "abroad" else None

    def response(self, reply: Reply, request: Any, ledger: Ledger | None) -> Any:
        return self.library.module.Response(
            reply.status,
            headers=answer_headers(reply.headers, {}, ledger),
            content=reply.content,
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )

    def stream_response(self, relay: Any, body: Any, request: Any, ledger: Ledger | None) -> Any:
        return self.library.module.Response(
            200,
            headers=answer_headers(relay.headers, {"content-type": "text/event-stream; charset=utf-8"}, ledger),
            stream=body,
            request=request,
            extensions={"http_version": relay.http_version},
        )

    def cut(self, failure: StreamFailure, request: Any) -> NoReturn:
        """Report a connection that broke before anything was delivered, so that openai may retry."""
        raise self.library.module.RemoteProtocolError(failure.message, request=request)


class SyncTransport(_Transport):
    """The boundary of a sync client."""

    inner: Any
    limit: SyncLimit

    def handle_request(self, request: Any) -> Any:
        """Answer OpenAI's request."""
        target = self.core.locate(str(request.url))
        refused = self.core.refuse_abroad(request.method, target)
        if refused is not None:
            return self.response(refused, request, None)
        try:
            if not self.core.needs_body(request.method, target):
                opened = self.core.open(request.method, target, b"", request.headers)
                if isinstance(opened, Reply):
                    return self.response(opened, request, None)
                return self._forward(request, target)
            opened = self.core.open(request.method, target, request.read(), request.headers)
            if isinstance(opened, Translation):
                return self._translate(request, target, opened)
            return self._forward(request, target)
        except Refused as refusal:
            return self.response(error_reply(refusal.answer), request, None)

    def _translate(self, request: Any, target: Target, work: Translation) -> Any:
        headers = self.core.headers(request.headers.multi_items(), target, translated=True)
        attempt = work.call.attempt

        def send(one: Send) -> Reply:
            return self._send(self.build_send(one, headers, request.extensions), attempt)

        def connect(one: Send) -> Connection:
            return self._connect(self.build_send(one, headers, request.extensions), attempt)

        try:
            step = next(work.operation)
            while True:
                reply = send_all(send, step.sends) if isinstance(step, SendAll) else send(step)
                step = work.operation.send(reply)
        except StopIteration as end:
            result = end.value
        except Refused as refusal:
            result = error_reply(refusal.answer)
        if isinstance(result, Reply):
            return self.response(result, request, work.call.ledger)
        return self._stream(request, result, connect, work.call.ledger)

    def _stream(self, request: Any, plan: StreamPlan, connect: Callable[[Send], Connection], ledger: Ledger) -> Any:
        relays = [Relay(branch, connect, request, self.library) for branch in plan.branches]
        relay: Any = relays[0] if plan.merger is None else MergedRelay(relays, plan.merger)
        try:
            failure = relay.open()
        except BaseException:
            relay.close()
            raise
        if failure is not None:
            relay.close()
            if failure.answer is None:
                self.cut(failure, request)
            return self.response(error_reply(failure.answer), request, ledger)
        return self.stream_response(relay, self.library.SyncBody(relay), request, ledger)

    def _forward(self, request: Any, target: Target) -> Any:
        """Send a request that needs no translation, and look at the answer all the same."""
        headers = self.core.headers(request.headers.multi_items(), target, translated=False)
        upstream = self.build_forward(request, target, headers)
        connection = self._connect(upstream, 0, target=target)
        if connection.reply is not None:
            reply = connection.reply
            return self.response(reply if reply.error is None else error_reply(reply.error), request, None)
        return self.library.module.Response(
            connection.status,
            headers=answer_headers(connection.headers, {}, None),
            stream=self.library.SyncBody(connection),
            request=request,
            extensions={"http_version": connection.http_version},
        )

    def _send(self, upstream: Any, attempt: int) -> Reply:
        connection = self._connect(upstream, attempt, whole=True)
        if connection.reply is None:
            raise TypeError("a whole reply was asked for")
        return connection.reply

    def _connect(self, upstream: Any, attempt: int, *, whole: bool = False, target: Target | None = None) -> Connection:
        """Send; read the body where it is an error, or no stream. The limit is held until all is closed.

        A ``target`` means that the request is forwarded: redirects and other bodies then pass as they are.
        """
        self.limit.acquire()
        try:
            for _ in range(_MAX_REDIRECTS):
                response = self.inner.send(upstream, stream=True, follow_redirects=False)
                following = self.redirected(response, forwarded=target is not None)
                if following is None:
                    break
                response.close()
                upstream = following
            headers = _lower(response.headers)
            if not self.core.reads_whole(response.status_code, headers, whole=whole, target=target):
                return Connection(response, headers, None, self.limit.release)
            try:
                content = response.read()
            finally:
                response.close()
            error = self.core.failure(response.status_code, headers, content, attempt)
            connection = Connection(response, headers, Reply(response.status_code, headers, content, error), None)
        except BaseException:
            self.limit.release()
            raise
        self.limit.release()
        return connection

    def close(self) -> None:
        """Close the client below."""
        self.inner.close()

    def __enter__(self) -> SyncTransport:
        """Open nothing: the client below is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client below."""
        self.close()


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

    def __init__(self, branch: Branch, connect: Callable[[Send], Connection], request: Any, library: Library) -> None:
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


class AsyncTransport(_Transport):
    """The boundary of an async client."""

    inner: Any
    limit: AsyncLimit

    async def handle_async_request(self, request: Any) -> Any:
        """Answer OpenAI's request."""
        target = self.core.locate(str(request.url))
        refused = self.core.refuse_abroad(request.method, target)
        if refused is not None:
            return self.response(refused, request, None)
        try:
            if not self.core.needs_body(request.method, target):
                opened = self.core.open(request.method, target, b"", request.headers)
                if isinstance(opened, Reply):
                    return self.response(opened, request, None)
                return await self._forward(request, target)
            opened = self.core.open(request.method, target, await request.aread(), request.headers)
            if isinstance(opened, Translation):
                return await self._translate(request, target, opened)
            return await self._forward(request, target)
        except Refused as refusal:
            return self.response(error_reply(refusal.answer), request, None)

    async def _translate(self, request: Any, target: Target, work: Translation) -> Any:
        headers = self.core.headers(request.headers.multi_items(), target, translated=True)
        attempt = work.call.attempt

        async def send(one: Send) -> Reply:
            return await self._send(self.build_send(one, headers, request.extensions), attempt)

        async def connect(one: Send) -> AsyncConnection:
            return await self._connect(self.build_send(one, headers, request.extensions), attempt)

        try:
            step = next(work.operation)
            while True:
                reply = await send_all_async(send, step.sends) if isinstance(step, SendAll) else await send(step)
                step = work.operation.send(reply)
        except StopIteration as end:
            result = end.value
        except Refused as refusal:
            result = error_reply(refusal.answer)
        if isinstance(result, Reply):
            return self.response(result, request, work.call.ledger)
        return await self._stream(request, result, connect, work.call.ledger)

    async def _stream(self, request: Any, plan: StreamPlan, connect: Any, ledger: Ledger) -> Any:
        relays = [AsyncRelay(branch, connect, request, self.library) for branch in plan.branches]
        relay: Any = relays[0] if plan.merger is None else AsyncMergedRelay(relays, plan.merger)
        try:
            failure = await relay.open()
        except BaseException:
            await relay.aclose()
            raise
        if failure is not None:
            await relay.aclose()
            if failure.answer is None:
                self.cut(failure, request)
            return self.response(error_reply(failure.answer), request, ledger)
        return self.stream_response(relay, self.library.AsyncBody(relay), request, ledger)

    async def _forward(self, request: Any, target: Target) -> Any:
        headers = self.core.headers(request.headers.multi_items(), target, translated=False)
        upstream = self.build_forward(request, target, headers)
        connection = await self._connect(upstream, 0, target=target)
        if connection.reply is not None:
            reply = connection.reply
            return self.response(reply if reply.error is None else error_reply(reply.error), request, None)
        return self.library.module.Response(
            connection.status,
            headers=answer_headers(connection.headers, {}, None),
            stream=self.library.AsyncBody(connection),
            request=request,
            extensions={"http_version": connection.http_version},
        )

    async def _send(self, upstream: Any, attempt: int) -> Reply:
        connection = await self._connect(upstream, attempt, whole=True)
        if connection.reply is None:
            raise TypeError("a whole reply was asked for")
        return connection.reply

    async def _connect(
        self, upstream: Any, attempt: int, *, whole: bool = False, target: Target | None = None
    ) -> AsyncConnection:
        release = await self.limit.acquire()
        try:
            for _ in range(_MAX_REDIRECTS):
                response = await self.inner.send(upstream, stream=True, follow_redirects=False)
                following = self.redirected(response, forwarded=target is not None)
                if following is None:
                    break
                await response.aclose()
                upstream = following
            headers = _lower(response.headers)
            if not self.core.reads_whole(response.status_code, headers, whole=whole, target=target):
                return AsyncConnection(response, headers, None, release)
            try:
                content = await response.aread()
            finally:
                await response.aclose()
            error = self.core.failure(response.status_code, headers, content, attempt)
            connection = AsyncConnection(response, headers, Reply(response.status_code, headers, content, error), None)
        except BaseException:
            release()
            raise
        release()
        return connection

    async def aclose(self) -> None:
        """Close the client below."""
        await self.inner.aclose()

    async def __aenter__(self) -> AsyncTransport:
        """Open nothing: the client below is open already."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the client below."""
        await self.aclose()


class AsyncRelay:
    """The async twin of Relay."""

    def __init__(self, branch: Branch, connect: Any, request: Any, library: Library) -> None:
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
    from .errors import refusal  # noqa: PLC0415 - only on this rare path

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
        cls = openai.InternalServerError if failure.answer.status >= 500 else openai.APIStatusError
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
            message=f"The connection to Zhipu broke while the stream was read ({type(error).__name__}).", request=request
        ) from error


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def boundary_client(inner: Any, config: Config, limit: SyncLimit) -> Any:
    """Put the boundary over a client; what comes out is a client of the same library."""
    library = library_of(inner)
    transport = SyncTransport(inner, config, limit)
    client = library.SyncClient(
        transport=transport,
        timeout=inner.timeout,
        follow_redirects=inner.follow_redirects,
        max_redirects=inner.max_redirects,
        # Proxies of the environment would become mounts here and slip past the boundary; the client below reads them.
        trust_env=False,
    )
    client.boundary = transport
    return client


def async_boundary_client(inner: Any, config: Config, limit: AsyncLimit) -> Any:
    """Put the boundary over an async client."""
    library = library_of(inner)
    transport = AsyncTransport(inner, config, limit)
    client = library.AsyncClient(
        transport=transport,
        timeout=inner.timeout,
        follow_redirects=inner.follow_redirects,
        max_redirects=inner.max_redirects,
        trust_env=False,
    )
    client.boundary = transport
    return client
