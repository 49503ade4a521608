"""The ASGI application: a request under ``/v1`` goes through our client, and its answer comes back as it comes."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

import openai

from zhipu_openai.breakage import BROKEN
from zhipu_openai.client import AsyncOpenAI, async_http_client
from zhipu_openai.library import library_of

from . import paths, refusals
from .access import Access
from .body import ClientGone, linger, read_body
from .headers import to_client, to_zhipu
from .limits import Limits
from .outlet import Outlet
from .refusals import RefusedHere

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from zhipu_openai.errors import ErrorAnswer

    Scope = Mapping[str, Any]
    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]

log = logging.getLogger("zhipu_openai.serve")

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ALLOWED: Final = ", ".join(METHODS)
_HEALTHY: Final = b'{"status":"ok"}'
_JSON: Final = (b"content-type", b"application/json")
_LAST_WORD_SECONDS: Final = 1.0
_LONGEST_PATH: Final = 200


class Application:
    """OpenAI's API on this machine, served by Zhipu through one client of ours."""

    def __init__(self, *, access: Access | None = None, limits: Limits | None = None, **options: Any) -> None:
        """Make the application and its client.

        Args:
            access: Who may ask; by default anybody on this machine, and no page of a browser.
            limits: How much and how slowly.
            options: Those of ``zhipu_openai.async_http_client``.

        Raises:
            openai.OpenAIError: No key is found.
            ValueError: An option is not usable.
        """
        self.access = access or Access()
        self.limits = limits or Limits()
        self._options = options
        self.client = async_http_client(**options)
        self._library = library_of(self.client, "AsyncClient").module
        self._base = self.client.boundary.core.config.base_url.removesuffix("/")
        self._realtime_client: AsyncOpenAI | None = None
        self._running: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a websocket, or the server's own start and end."""
        match scope["type"]:
            case "lifespan":
                await self._live(receive, send)
            case "websocket":
                from .conversation import converse  # noqa: PLC0415 - for realtime alone

                await converse(self, scope, receive, send)
            case _:
                await self._http(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
                continue
            # Those that were cancelled say a last word.
            if self._running:
                await asyncio.wait(self._running, timeout=_LAST_WORD_SECONDS)
            await self.aclose()
            await send({"type": "lifespan.shutdown.complete"})
            return

    async def aclose(self) -> None:
        """Close the client."""
        await self.client.aclose()

    def realtime_client(self) -> AsyncOpenAI:
        """Give the client whose realtime connections go where this server's requests go."""
        if self._realtime_client is None:
            options = {name: value for name, value in self._options.items() if name != "http_client"}
            if options.pop("standin", "never") == "always":
                options["region"] = "standin"
            self._realtime_client = AsyncOpenAI(http_client=self.client, **options)
        return self._realtime_client

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.monotonic()
        raw_path = raw_path_of(scope)
        outlet = Outlet(send, raw_path.removeprefix(paths.ROOT), head_alone=scope["method"] == "HEAD")
        outlet.extra += self.access.cors(scope["headers"])
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            await self._answer(scope, raw_path, receive, outlet)
        except RefusedHere as refusal:
            ended = refusal.body_ended
            if ended is None:
                ended = await linger(receive, scope["headers"])
            closing = [] if ended else [(b"connection", b"close")]
            await outlet.error(refusal.answer, *closing, *_about(refusal.answer))
        except ClientGone:
            pass
        except Exception as error:  # noqa: BLE001 - the client is told, whatever it was
            log.error("a request failed with %s", type(error).__name__)  # noqa: TRY400 - a traceback may show content
            await outlet.error(refusals.internal(type(error).__name__))
        finally:
            note(scope, raw_path, outlet.status, began, outlet.size)

    async def _answer(self, scope: Scope, raw_path: str, receive: Receive, outlet: Outlet) -> None:
        headers, method = scope["headers"], scope["method"]
        _raise(self.access.refuse(headers))
        if raw_path == paths.HEALTH and method in ("GET", "HEAD"):
            await outlet.whole(HTTPStatus.OK, [_JSON], _HEALTHY)
            return
        if method == "OPTIONS" and self.access.origins:
            allowed = self.access.preflight(headers, _ALLOWED)
            if allowed is not None:
                outlet.extra = []
                await outlet.start(HTTPStatus.NO_CONTENT, allowed)
                await outlet.write(b"", more=False)
                return
        _raise(self.access.refuse_key(headers))
        path, query = paths.below_root(raw_path, scope["query_string"].decode("latin-1"))
        if method not in METHODS:
            raise RefusedHere(
                refusals.refused(
                    HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", f"This server takes {_ALLOWED}."
                )
            )
        body = await read_body(receive, headers, self.limits)
        url = f"{self._base}{path}?{query}" if query else f"{self._base}{path}"
        await self._while_wanted(self._pass_on(method, url, headers, body, outlet), receive, outlet)

    async def _while_wanted(self, passing: Any, receive: Receive, outlet: Outlet) -> None:
        """Pass the answer on until it ends or the client leaves, which ends the request to Zhipu at once."""
        work = asyncio.ensure_future(passing)
        gone = asyncio.ensure_future(_leaving(receive))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
        except asyncio.CancelledError:
            # The server ends, and its grace is over.
            await _cancelled(work)
            with suppress(asyncio.TimeoutError):
                answer = refusals.stopping()
                await asyncio.wait_for(outlet.error(answer, *_about(answer)), _LAST_WORD_SECONDS)
        finally:
            await _cancelled(gone)
            await _cancelled(work)

    async def _pass_on(self, method: str, url: str, headers: Any, body: bytes, outlet: Outlet) -> None:
        """Ask Zhipu, and pass the answer on; a failure is told in the way that is still open."""
        module = self._library
        try:
            request = self.client.build_request(method, url, headers=to_zhipu(headers), content=body or None)
            # A redirect is the client's to follow or not: nobody else's word leads this server anywhere.
            response = await self.client.send(request, stream=True, follow_redirects=False)
            try:
                await self._relay(response, outlet)
            finally:
                await response.aclose()
        except openai.APIError as error:
            await outlet.error(_failure_in_stream(error))
        except module.InvalidURL:
            await outlet.error(refusals.bad_request("The path or the query cannot be read."))
        except module.TimeoutException as error:
            await outlet.error(refusals.timed_out(type(error).__name__))
        except (module.RequestError, *BROKEN) as error:
            await outlet.error(refusals.unreachable(type(error).__name__))

    async def _relay(self, response: Any, outlet: Outlet) -> None:
        headers = [
            (name, _absolute(value, response) if name == b"location" else value)
            for name, value in to_client(response.headers.raw)
        ]
        if response.is_stream_consumed:
            await outlet.whole(response.status_code, headers, response.content)
            return
        await outlet.start(response.status_code, headers)
        async for piece in response.aiter_bytes():
            if piece:
                await outlet.write(piece)
        await outlet.write(b"", more=False)


def raw_path_of(scope: Scope) -> str:
    """Give the path as it came, still percent-encoded."""
    raw: bytes | None = scope.get("raw_path")
    if raw is None:
        path: str = scope["path"]
        return path
    return raw.partition(b"?")[0].decode("latin-1")


def note(scope: Scope, raw_path: str, status: int | None, began: float, size: int) -> None:
    """Write the line of the access log: no query, no header, nothing of a body."""
    if not log.isEnabledFor(logging.INFO):
        return
    client = scope.get("client")
    # What is no path may be a URL, and that may hold a password.
    path = ascii(raw_path[:_LONGEST_PATH])[1:-1] if raw_path.startswith("/") else "-"
    log.info(
        "%s %s %s %s %.0f ms %d bytes",
        client[0] if client else "-",
        scope.get("method", "WEBSOCKET"),
        path,
        status if status is not None else "gone",
        (time.monotonic() - began) * 1000,
        size,
    )


def _absolute(location: bytes, response: Any) -> bytes:
    """Make a redirect say its host, which is not this one."""
    return urljoin(str(response.request.url), location.decode("latin-1")).encode("latin-1", "replace")


def _raise(answer: ErrorAnswer | None) -> None:
    if answer is not None:
        raise RefusedHere(answer)


def _about(answer: ErrorAnswer) -> list[tuple[bytes, bytes]]:
    """Make the headers that HTTP wants with a status."""
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return [(b"www-authenticate", b'Bearer realm="zhipu-openai"')]
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return [(b"allow", _ALLOWED.encode())]
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return [(b"retry-after", b"1")]
    return []


async def _leaving(receive: Receive) -> None:
    """Wait until the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cancelled(task: asyncio.Future[Any]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    await asyncio.wait((task,))
    if not task.cancelled():
        task.exception()  # told already; asked for, lest asyncio complain


def _failure_in_stream(error: openai.APIError) -> ErrorAnswer:
    """Make the answer for a stream that broke off."""
    body = error.body if isinstance(error.body, dict) else {}
    status = getattr(error, "status_code", HTTPStatus.BAD_GATEWAY)
    made = refusals.refused(status, str(body.get("code") or "connection_error"), error.message)
    made.body["error"].update(body)
    return made
