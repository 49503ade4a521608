"""What both transports of the boundary share: how requests to Zhipu and answers to OpenAI's client are made.

No I/O here. The objects are those of the HTTP library in use.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from .adaptation import Refused
from .boundary import FETCHED, Boundary, Config, Headers, Target, answer_headers, is_event_stream
from .endpoints import origin_of
from .errors import refusal
from .exchange import Fetch, Reply, error_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .adaptation import Ledger
    from .below import Below
    from .connection import AsyncConnection, Connection
    from .errors import ErrorAnswer
    from .exchange import BodyDecoder, Call, Send, StreamFailure
    from .library import Library

    Opened = TypeVar("Opened", Connection, AsyncConnection)

MAX_REDIRECTS: Final = 4

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests say how long their body is even where they have none."""

RELAY: Final = "zhipu_openai.relay"
"""The extension of a response in which a reader that needs no bytes finds the events themselves."""


class BoundaryTransport:
    """What both transports keep, and what they do without I/O."""

    def __init__(self, below: Below, library: Library, config: Config, limit: Any) -> None:
        """Keep the client below and its library, the limit, and the decisions of a boundary so configured."""
        self.below = below
        self.library = library
        cls = library.module.Client if hasattr(self.inner, "close") else library.module.AsyncClient
        self._builds_plainly = type(self.inner).build_request is cls.build_request
        self.core = Boundary(config)
        self.limit = limit

    @property
    def inner(self) -> Any:
        """The client below; another one in a forked process."""
        return self.below.client

    def build(self, method: str, url: str, headers: Headers, content: Any, extensions: dict[str, Any]) -> Any:
        """Make the request to Zhipu, with the lower client's own headers, cookies and parameters beneath."""
        inner = self.inner
        if inner.params or inner.cookies or not self._builds_plainly or "timeout" not in extensions:
            bare, _, query = url.partition("?")
            # The lower client's parameters would otherwise win over those of the request.
            params = self.library.module.QueryParams(query) if inner.params and query else None
            return inner.build_request(
                method,
                bare if params else url,
                params=params,
                headers=headers,
                content=content,
                extensions=extensions,
            )
        # The same as the library's build_request makes of these, in a quarter of the time.
        module = self.library.module
        address = parsed_url(module, url)
        own = {name.lower() for name, _ in headers}
        beneath = Headers(pair for pair in inner.headers.multi_items() if pair[0] not in own)
        host = [] if "host" in inner.headers else [("Host", address.netloc.decode("ascii"))]
        bodied = content is not None or method in _WITH_BODY
        length = [("Content-Length", str(len(content or b"")))] if bodied else []
        made = module.Request(
            method,
            address,
            headers=Headers([*host, *length, *beneath, *headers]),
            stream=module.ByteStream(content or b""),
            extensions=extensions,
        )
        made.read()
        return made

    def build_send(self, send: Send, call: Call, headers: Headers, extensions: dict[str, Any]) -> Any:
        """Make the request for a step of an operation."""
        made = send.content()
        content = None
        if made is not None:
            content, kind = made
            headers = Headers([*headers, ("Content-Type", kind)])
        return self.build(send.method, self.core.upstream(send, call), headers, content, extensions)

    def build_step(self, step: Send | Fetch, call: Call, headers: Headers, extensions: dict[str, Any]) -> Any:
        """Make the request for a step of an operation, whichever kind it is."""
        if isinstance(step, Fetch):
            return self.build_fetch(step, headers, extensions)
        return self.build_send(step, call, headers, extensions)

    def build_fetch(self, fetch: Fetch, headers: Headers, extensions: dict[str, Any]) -> Any:
        """Make the request for something that is read by its own URL, without the key.

        Raises:
            Refused: The URL is none that can be read.
        """
        target = Target("abroad", fetch.url)
        try:
            scheme = origin_of(fetch.url)[0]
        except ValueError:
            scheme = ""
        if scheme not in ("https", "http"):
            raise Refused(unreadable_link())
        told = Headers(
            pair
            for pair in self.core.headers(headers, target, translated=True)
            if pair[0].lower() != "accept"
        )
        try:
            return self.library.module.Request("GET", fetch.url, headers=told, extensions=extensions)
        except self.library.module.InvalidURL:
            raise Refused(unreadable_link()) from None

    def build_forward(self, request: Any, target: Target) -> Any:
        """Make the request to Zhipu with the body of OpenAI's as it is, and its length."""
        headers = self.core.headers(request.headers.multi_items(), target, translated=False)
        if target.place == "abroad":
            # Nothing of the lower client's own goes there either.
            return self.library.module.Request(
                request.method, target.url, headers=headers, extensions=request.extensions
            )
        try:
            content = request.content
        except self.library.module.RequestNotRead:
            return self._build_streamed(request, target, headers)
        return self.build(request.method, target.url, headers, content or None, request.extensions)

    def _build_streamed(self, request: Any, target: Target, headers: Headers) -> Any:
        """Make a request whose body, an upload's, is read while it is sent."""
        made = self.build(request.method, target.url, headers, None, request.extensions)
        for name in ("content-length", "transfer-encoding"):
            made.headers.pop(name, None)
            if name in request.headers:
                made.headers[name] = request.headers[name]
        # A request that is made with a stream reads its content from it, for whoever must sign or log it.
        return self.library.module.Request(
            made.method, made.url, headers=made.headers, stream=request.stream, extensions=made.extensions
        )

    def sending(self, target: Target | None) -> dict[str, Any]:
        """Give the arguments with which the lower client sends; its own credentials stay at the origin."""
        abroad = target is not None and target.place == "abroad"
        return {"stream": True, "follow_redirects": False, **({"auth": None} if abroad else {})}

    def redirected(self, response: Any, sent: Any, target: Target | None) -> Any:
        """Follow a redirect of a translated request that keeps method, body and origin; None for another.

        One of something that is fetched is followed to wherever it leads; a request that is passed on as it
        is leaves its redirects to the caller.
        """
        following = response.next_request
        if target is not None:
            return following if target is FETCHED else None
        if following is None or not self.inner.follow_redirects or following.method != sent.method:
            return None
        return following if self.core.locate(str(following.url)).place != "abroad" else None

    def body_decoders(
        self, response: Any, headers: Mapping[str, str], most: int | None
    ) -> tuple[bool, list[BodyDecoder]]:
        """Say how a body is to be read: whether its raw bytes, and through which decoders.

        Args:
            response: The lower client's response.
            headers: Its headers, with names in lower case.
            most: Bytes that the body may have.

        Raises:
            Refused: It says that it has more.
        """
        decoders: list[BodyDecoder] = []
        encoding = headers.get("content-encoding")
        # A body that was read already, by a hook of the client below, is only to be had decoded.
        raw = not response.is_stream_consumed
        if raw and encoding is not None:
            from .unpacking import unpacker_for  # noqa: PLC0415 - for the bodies that are packed

            unpacker = unpacker_for(encoding, partial(self._damaged, response.request))
            raw = unpacker is not None
            if unpacker is not None:
                decoders.append(unpacker)
        if most is not None:
            from .measure import Measure  # noqa: PLC0415 - for what is read from a link

            decoders.append(Measure(most, headers))
        return raw, decoders

    def _damaged(self, request: Any, what: str) -> Exception:
        return self.library.module.DecodingError(what, request=request)  # type: ignore[no-any-return]  # of the library

    def hand_over(self, connection: Connection | AsyncConnection, request: Any) -> None:
        """Say who reads a body that is passed on: the caller, who reads what is a stream to openai, or openai."""
        asked = request.headers.get("x-stainless-raw-response") == "stream"
        connection.pass_to(request, self.library, caller_reads=asked or is_event_stream(connection.headers))

    def response(self, reply: Reply, request: Any, ledger: Ledger | None) -> Any:
        """Answer with what was read, or with the error that was found in it."""
        if reply.error is not None:
            reply = error_reply(reply.error, reply.headers)
        made = self.library.Answer(
            reply.status,
            headers=[
                *answer_headers(reply.headers, {}, ledger),
                (b"Content-Length", b"%d" % len(reply.content)),
            ],
            stream=self.library.module.ByteStream(reply.content),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )
        made.read()
        made.decoded = reply.decoded
        return made

    def open_response(
        self,
        connection: Connection | AsyncConnection,
        body: Any,
        request: Any,
        ledger: Ledger | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Any:
        """Answer with a body that is read while it is passed on."""
        return self.library.module.Response(
            connection.status,
            headers=answer_headers(connection.headers, extra or {}, ledger),
            stream=body,
            request=request,
            extensions={"http_version": connection.http_version},
        )

    def stream_response(
        self, relay: Any, body: Any, request: Any, ledger: Ledger | None, content_type: str
    ) -> Any:
        """Answer with a translated stream."""
        return self.library.module.Response(
            200,
            headers=answer_headers(relay.headers, {"content-type": content_type}, ledger),
            stream=body,
            request=request,
            extensions={
                "http_version": relay.http_version,
                **({RELAY: relay} if getattr(relay, "has_events", False) else {}),
            },
        )

    def failed_stream(self, failure: StreamFailure, request: Any, ledger: Ledger) -> Any:
        """Answer for a stream that failed before anything was delivered, so that openai may retry."""
        if failure.answer is None:
            self.cut(failure, request)
        return self.response(error_reply(failure.answer), request, ledger)

    def cut(self, failure: StreamFailure, request: Any) -> NoReturn:
        """Report a broken connection as the HTTP library does."""
        raise self.library.module.RemoteProtocolError(failure.message, request=request)

    def whole(self, response: Any, headers: dict[str, str], content: bytes, attempt: int) -> Reply:
        """Make the reply whose body was read, and find the failure in it, if there is one."""
        status = response.status_code
        return Reply(status, headers, content, self.core.failure(status, headers, content, attempt))


@lru_cache(maxsize=256)
def parsed_url(module: Any, url: str) -> Any:
    """Parse a URL as the HTTP library does; a client sends to few of them, again and again."""
    return module.URL(url)


def decoded(answer: Opened | Reply, decoder: BodyDecoder | None) -> Opened | Reply:
    """Have the body of a success changed by a decoder, if there is one."""
    if decoder is None:
        return answer
    if not isinstance(answer, Reply):
        answer.decode(decoder)
    elif answer.error is None:
        return replace(answer, content=decoder.feed(answer.content) + decoder.end())
    return answer


def unreadable_link() -> ErrorAnswer:
    """Make the error for a link that Zhipu gave and that is no address on the web."""
    return refusal(
        "Zhipu answered with a link that cannot be read. Ask again; if it comes again, ask for the link itself "
        "(response_format='url') and look at it.",
        param=None,
        code="invalid_upstream_answer",
        status=502,
        type="server_error",
    )
