"""The boundary's I/O: one transport for sync, one for async.

A transport takes OpenAI's request from the client above it, lets ``boundary`` and ``translate`` decide,
sends through the client below it (the user's own, or the default one) and answers as OpenAI would. It
never replaces parts of the client below, so its proxies, mounts, limits, certificates and hooks apply.
"""

from __future__ import annotations

import time
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

from .adaptation import Refused
from .boundary import FETCHED, PEEK, Headers, Translation, attempt_of
from .breakage import breaking, in_the_librarys_words
from .connection import AsyncConnection, Connection
from .cutting import GivingUp
from .decoding import decode_pieces, decode_pieces_async
from .exchange import STEPS, Fetch, Passage, Pause, Reply, Send, SendAll, error_reply
from .library import library_of
from .relay import AsyncRelay, Relay
from .side_by_side import AsyncMergedRelay, MergedRelay, send_all, send_all_async
from .transport_base import MAX_REDIRECTS, BoundaryTransport, decoded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from typing_extensions import Self

    from .adaptation import Ledger
    from .below import Below
    from .boundary import Config, Target
    from .exchange import Step, StreamPlan
    from .limits import AnyAsyncLimit, AnyLimit, Place


class SyncTransport(BoundaryTransport):
    """The boundary of a sync client."""

    limit: AnyLimit

    def handle_request(self, request: Any) -> Any:
        """Answer OpenAI's request.

        Raises:
            Exception: The HTTP library's own, for a connection that breaks.
        """
        try:
            return self._answer(request)
        except breaking(self.library.module) as error:
            told = in_the_librarys_words(error, request, self.library.module)
            if told is error:
                raise
            raise told from error

    def _answer(self, request: Any) -> Any:
        target = self.core.locate(str(request.url))
        refused = self.core.refuse_abroad(request.method, target)
        if refused is not None:
            return self.response(refused, request, None)
        try:
            content = request.read() if self.core.needs_body(request.method, target) else b""
            headers = Headers(request.headers.multi_items())
            opened = self.core.open(request.method, target, content, headers.about_the_call())
            if isinstance(opened, Translation):
                return self._translate(request, target, opened, headers)
            if isinstance(opened, Reply):
                return self.response(opened, request, None)
            return self._forward(request, target)
        except Refused as refusal:
            return self.response(error_reply(refusal.answer), request, None)

    def _translate(self, request: Any, target: Target, work: Translation, given: Headers) -> Any:
        headers = self.core.headers(given, target, translated=True)
        call = work.call

        def build(one: Send | Fetch) -> Any:
            return self.build_step(one, call, headers, request.extensions)

        def send(one: Send | Fetch, unwanted: GivingUp | None = None) -> Reply:
            place, most = (FETCHED, one.most) if isinstance(one, Fetch) else (None, None)
            made = build(one)
            try:
                answer = self._connect(
                    made, call.attempt, whole=True, target=place, most=most, unwanted=unwanted
                )
            except Refused as refusal:
                return error_reply(refusal.answer)
            if isinstance(answer, Reply):
                return answer
            raise TypeError("a whole reply was asked for")

        def connect(one: Send, unwanted: GivingUp | None = None) -> Connection | Reply:
            return self._connect(build(one), call.attempt, unwanted=unwanted)

        # An operation whose request does not come through is told so.
        with closing(work.operation):
            step = work.advance(None)
            while isinstance(step, STEPS):
                step = work.advance(_take(step, send))
        if isinstance(step, Reply):
            return self.response(step, request, call.ledger)
        if isinstance(step, Passage):
            sent = step.send
            place, most = (FETCHED, sent.most) if isinstance(sent, Fetch) else (target, None)
            answer = self._connect(build(sent), call.attempt, target=place, most=most)
            return self._opened(decoded(answer, step.decoder), request, call.ledger, step.headers)
        return self._stream(request, step, connect, call.ledger)

    def _stream(
        self,
        request: Any,
        plan: StreamPlan,
        connect: Callable[[Send, GivingUp | None], Connection | Reply],
        ledger: Ledger,
    ) -> Any:
        given_up = None if plan.merger is None else GivingUp()
        relays = [
            Relay(branch, lambda one: connect(one, given_up), request, self.library, given_up=given_up)
            for branch in plan.branches
        ]
        relay: Any = relays[0]
        if plan.merger is not None and given_up is not None:
            relay = MergedRelay(relays, plan.merger, given_up)
            self.below.read_by_threads.add(relay)
        try:
            failure = relay.open()
        except BaseException:
            relay.close()
            raise
        if failure is not None:
            relay.close()
            return self.failed_stream(failure, request, ledger)
        return self.stream_response(relay, self.library.SyncBody(relay), request, ledger, plan.content_type)

    def _forward(self, request: Any, target: Target) -> Any:
        """Send a request that needs no translation, and look at the answer all the same."""
        answer = self._connect(
            self.build_forward(request, target), attempt_of(request.headers), target=target
        )
        return self._opened(answer, request, None, {})

    def _opened(
        self, answer: Connection | Reply, request: Any, ledger: Ledger | None, extra: Mapping[str, str]
    ) -> Any:
        """Answer with a body that is passed on as it comes, or with the failure that was found in it."""
        if isinstance(answer, Reply):
            return self.response(answer, request, ledger)
        self.hand_over(answer, request)
        return self.open_response(answer, self.library.SyncBody(answer), request, ledger, extra)

    def _connect(
        self,
        upstream: Any,
        attempt: int,
        *,
        whole: bool = False,
        target: Target | None = None,
        most: int | None = None,
        unwanted: GivingUp | None = None,
    ) -> Connection | Reply:
        """Send, and read as much of the body as must be known. The limit is held until all is closed.

        A ``target`` means that the request is passed on as it is: redirects are then the caller's. ``most`` is
        how many bytes the body may have.
        """
        place = self.limit.acquire(unwanted)
        try:
            with nullcontext() if unwanted is None else unwanted.watching(self.inner, upstream):
                response = self._send(upstream, target)
                try:
                    return self._read(response, place, attempt, whole=whole, target=target, most=most)
                except BaseException:
                    response.close()
                    raise
        except BaseException:
            place.give_back()
            raise

    def _send(self, upstream: Any, target: Target | None) -> Any:
        response = self.inner.send(upstream, **self.sending(target))
        for _ in range(MAX_REDIRECTS):
            following = self.redirected(response, upstream, target)
            if following is None:
                break
            response.close()
            upstream = following
            response = self.inner.send(upstream, **self.sending(target))
        return response

    def _read(
        self,
        response: Any,
        place: Place,
        attempt: int,
        *,
        whole: bool,
        target: Target | None,
        most: int | None,
    ) -> Connection | Reply:
        headers = _lower(response.headers)
        reading = self.core.reading(
            response.request.method, response.status_code, headers, whole=whole, target=target
        )
        raw, decoders = self.body_decoders(response, headers, most)
        source: Iterator[bytes] = response.iter_raw() if raw else response.iter_bytes()
        for decoder in decoders:
            source = decode_pieces(b"", source, decoder)
        head, ended = b"", False
        if reading != "pass":
            head, ended = _read_up_to(source, None if reading == "whole" else PEEK)
        if not ended:
            return Connection(response, headers, place, source, head)
        response.close()
        place.give_back()
        return self.whole(response, headers, head, attempt)

    def close(self) -> None:
        """Close the client below, and the streams that threads read through it."""
        for relay in list(self.below.read_by_threads):
            relay.close()
        self.inner.close()

    def __enter__(self) -> Self:
        """Open nothing: the client below is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client below."""
        self.close()


class AsyncTransport(BoundaryTransport):
    """The boundary of an async client."""

    limit: AnyAsyncLimit

    async def handle_async_request(self, request: Any) -> Any:
        """Answer OpenAI's request.

        Raises:
            Exception: The HTTP library's own, for a connection that breaks.
        """
        try:
            return await self._answer(request)
        except breaking(self.library.module) as error:
            told = in_the_librarys_words(error, request, self.library.module)
            if told is error:
                raise
            raise told from error

    async def _answer(self, request: Any) -> Any:
        target = self.core.locate(str(request.url))
        refused = self.core.refuse_abroad(request.method, target)
        if refused is not None:
            return self.response(refused, request, None)
        try:
            content = await request.aread() if self.core.needs_body(request.method, target) else b""
            headers = Headers(request.headers.multi_items())
            opened = self.core.open(request.method, target, content, headers.about_the_call())
            if isinstance(opened, Translation):
                return await self._translate(request, target, opened, headers)
            if isinstance(opened, Reply):
                return self.response(opened, request, None)
            return await self._forward(request, target)
        except Refused as refusal:
            return self.response(error_reply(refusal.answer), request, None)

    async def _translate(self, request: Any, target: Target, work: Translation, given: Headers) -> Any:
        headers = self.core.headers(given, target, translated=True)
        call = work.call

        def build(one: Send | Fetch) -> Any:
            return self.build_step(one, call, headers, request.extensions)

        async def send(one: Send | Fetch) -> Reply:
            place, most = (FETCHED, one.most) if isinstance(one, Fetch) else (None, None)
            made = build(one)
            try:
                answer = await self._connect(made, call.attempt, whole=True, target=place, most=most)
            except Refused as refusal:
                return error_reply(refusal.answer)
            if isinstance(answer, Reply):
                return answer
            raise TypeError("a whole reply was asked for")

        async def connect(one: Send) -> AsyncConnection | Reply:
            return await self._connect(build(one), call.attempt)

        with closing(work.operation):
            step = work.advance(None)
            while isinstance(step, STEPS):
                step = work.advance(await _take_async(step, send))
        if isinstance(step, Reply):
            return self.response(step, request, call.ledger)
        if isinstance(step, Passage):
            sent = step.send
            place, most = (FETCHED, sent.most) if isinstance(sent, Fetch) else (target, None)
            answer = await self._connect(build(sent), call.attempt, target=place, most=most)
            return self._opened(decoded(answer, step.decoder), request, call.ledger, step.headers)
        return await self._stream(request, step, connect, call.ledger)

    async def _stream(
        self,
        request: Any,
        plan: StreamPlan,
        connect: Callable[[Send], Awaitable[AsyncConnection | Reply]],
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
            return self.failed_stream(failure, request, ledger)
        return self.stream_response(relay, self.library.AsyncBody(relay), request, ledger, plan.content_type)

    async def _forward(self, request: Any, target: Target) -> Any:
        answer = await self._connect(
            self.build_forward(request, target), attempt_of(request.headers), target=target
        )
        return self._opened(answer, request, None, {})

    def _opened(
        self, answer: AsyncConnection | Reply, request: Any, ledger: Ledger | None, extra: Mapping[str, str]
    ) -> Any:
        if isinstance(answer, Reply):
            return self.response(answer, request, ledger)
        self.hand_over(answer, request)
        return self.open_response(answer, self.library.AsyncBody(answer), request, ledger, extra)

    async def _connect(
        self,
        upstream: Any,
        attempt: int,
        *,
        whole: bool = False,
        target: Target | None = None,
        most: int | None = None,
    ) -> AsyncConnection | Reply:
        place = await self.limit.acquire()
        try:
            response = await self._send(upstream, target)
            try:
                return await self._read(response, place, attempt, whole=whole, target=target, most=most)
            except BaseException:
                await response.aclose()
                raise
        except BaseException:
            place.give_back()
            raise

    async def _send(self, upstream: Any, target: Target | None) -> Any:
        response = await self.inner.send(upstream, **self.sending(target))
        for _ in range(MAX_REDIRECTS):
            following = self.redirected(response, upstream, target)
            if following is None:
                break
            await response.aclose()
            upstream = following
            response = await self.inner.send(upstream, **self.sending(target))
        return response

    async def _read(
        self,
        response: Any,
        place: Place,
        attempt: int,
        *,
        whole: bool,
        target: Target | None,
        most: int | None,
    ) -> AsyncConnection | Reply:
        headers = _lower(response.headers)
        reading = self.core.reading(
            response.request.method, response.status_code, headers, whole=whole, target=target
        )
        raw, decoders = self.body_decoders(response, headers, most)
        source: AsyncGenerator[bytes] = response.aiter_raw() if raw else response.aiter_bytes()
        for decoder in decoders:
            source = decode_pieces_async(b"", source, decoder)
        head, ended = b"", False
        if reading != "pass":
            head, ended = await _read_up_to_async(source, None if reading == "whole" else PEEK)
        if not ended:
            return AsyncConnection(response, headers, place, source, head)
        await response.aclose()
        place.give_back()
        return self.whole(response, headers, head, attempt)

    async def aclose(self) -> None:
        """Close the client below."""
        await self.inner.aclose()

    async def __aenter__(self) -> Self:
        """Open nothing: the client below is open already."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the client below."""
        await self.aclose()


def _take(step: Step, send: Callable[..., Reply]) -> Reply | list[Reply] | None:
    """Take one step of an operation, and give what it is to be told."""
    if isinstance(step, Pause):
        time.sleep(step.seconds)
        return None
    return send_all(send, step.sends) if isinstance(step, SendAll) else send(step)


async def _take_async(
    step: Step, send: Callable[[Send | Fetch], Awaitable[Reply]]
) -> Reply | list[Reply] | None:
    if isinstance(step, Pause):
        from anyio import sleep  # noqa: PLC0415 - openai brings it; needed only here

        await sleep(step.seconds)
        return None
    return await send_all_async(send, step.sends) if isinstance(step, SendAll) else await send(step)


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _read_up_to(source: Iterator[bytes], most: int | None) -> tuple[bytes, bool]:
    """Read a body to its end, or until more than ``most`` bytes have come; say whether it ended."""
    pieces, size = [], 0
    for piece in source:
        pieces.append(piece)
        size += len(piece)
        if most is not None and size > most:
            return b"".join(pieces), False
    return b"".join(pieces), True


async def _read_up_to_async(source: AsyncIterator[bytes], most: int | None) -> tuple[bytes, bool]:
    pieces, size = [], 0
    async for piece in source:
        pieces.append(piece)
        size += len(piece)
        if most is not None and size > most:
            return b"".join(pieces), False
    return b"".join(pieces), True


def boundary_client(below: Below, config: Config, limit: AnyLimit) -> Any:
    """Put the boundary over a client; what comes out is a client of the same library."""
    library = library_of(below.client, "Client")
    return _over(library.SyncClient, SyncTransport(below, library, config, limit))


def async_boundary_client(below: Below, config: Config, limit: AnyAsyncLimit) -> Any:
    """Put the boundary over an async client."""
    library = library_of(below.client, "AsyncClient")
    return _over(library.AsyncClient, AsyncTransport(below, library, config, limit))


def _over(cls: Any, transport: BoundaryTransport) -> Any:
    client = cls(
        transport=transport,
        timeout=transport.inner.timeout,
        follow_redirects=transport.inner.follow_redirects,
        max_redirects=transport.inner.max_redirects,
        # Proxies of the environment would become mounts here and slip past the boundary; the client below reads them.
        trust_env=False,
    )
    # Its own user agent and accepted encodings would hide those of the client below.
    client.headers.clear()
    client.boundary = transport
    return client
