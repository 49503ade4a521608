"""The boundary's I/O: one transport for sync, one for async.

A transport takes OpenAI's request from the client above it, lets ``boundary`` and ``translate`` decide,
sends through the client below it (the user's own, or the default one) and answers as OpenAI would. It
never replaces parts of the client below, so its proxies, mounts, limits, certificates and hooks apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from .adaptation import Refused
from .boundary import Boundary, Config, Headers, Target, Translation, answer_headers
from .exchange import Reply, Send, SendAll, StreamFailure, StreamPlan, error_reply
from .library import Library, library_of
from .relay import AsyncConnection, AsyncRelay, Connection, Relay
from .side_by_side import AsyncMergedRelay, MergedRelay, send_all, send_all_async

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from typing_extensions import Self

    from .adaptation import Ledger
    from .limits import AsyncLimit, SyncLimit


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
        if reply.error is not None:
            reply = error_reply(reply.error, reply.headers)
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
            headers=answer_headers(
                relay.headers, {"content-type": "text/event-stream; charset=utf-8"}, ledger
            ),
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

    def _stream(
        self, request: Any, plan: StreamPlan, connect: Callable[[Send], Connection], ledger: Ledger
    ) -> Any:
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

    def _connect(
        self, upstream: Any, attempt: int, *, whole: bool = False, target: Target | None = None
    ) -> Connection:
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
            connection = Connection(
                response, headers, Reply(response.status_code, headers, content, error), None
            )
        except BaseException:
            self.limit.release()
            raise
        self.limit.release()
        return connection

    def close(self) -> None:
        """Close the client below."""
        self.inner.close()

    def __enter__(self) -> Self:
        """Open nothing: the client below is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client below."""
        self.close()


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
                reply = (
                    await send_all_async(send, step.sends) if isinstance(step, SendAll) else await send(step)
                )
                step = work.operation.send(reply)
        except StopIteration as end:
            result = end.value
        except Refused as refusal:
            result = error_reply(refusal.answer)
        if isinstance(result, Reply):
            return self.response(result, request, work.call.ledger)
        return await self._stream(request, result, connect, work.call.ledger)

    async def _stream(
        self,
        request: Any,
        plan: StreamPlan,
        connect: Callable[[Send], Awaitable[AsyncConnection]],
        ledger: Ledger,
    ) -> Any:
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
            connection = AsyncConnection(
                response, headers, Reply(response.status_code, headers, content, error), None
            )
        except BaseException:
            release()
            raise
        release()
        return connection

    async def aclose(self) -> None:
        """Close the client below."""
        await self.inner.aclose()

    async def __aenter__(self) -> Self:
        """Open nothing: the client below is open already."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the client below."""
        await self.aclose()


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
