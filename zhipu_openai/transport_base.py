"""What both transports of the boundary share: how requests to Zhipu and answers to OpenAI's client are made.

No I/O here. The objects are those of the HTTP library in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from .boundary import Boundary, Config, Headers, Target, answer_headers
from .exchange import Reply, error_reply

if TYPE_CHECKING:
    from .adaptation import Ledger
    from .below import Below
    from .exchange import Call, Send, StreamFailure
    from .library import Library
    from .relay import AsyncConnection, Connection

MAX_REDIRECTS: Final = 4


class BoundaryTransport:
    """What both transports keep, and what they do without I/O."""

    def __init__(self, below: Below, library: Library, config: Config, limit: Any) -> None:
        """Keep the client below and its library, the limit, and the decisions of a boundary so configured."""
        self.below = below
        self.inner = below.client
        self.library = library
        self.core = Boundary(config)
        self.limit = limit

    def build(self, method: str, url: str, headers: Headers, content: Any, extensions: dict[str, Any]) -> Any:
        """Make the request to Zhipu, with the lower client's own headers, cookies and parameters beneath."""
        bare, _, query = url.partition("?")
        # The lower client's parameters would otherwise win over those of the request.
        params = self.library.module.QueryParams(query) if self.inner.params and query else None
        return self.inner.build_request(
            method,
            bare if params else url,
            params=params,
            headers=headers,
            content=content,
            extensions=extensions,
        )

    def build_send(self, send: Send, call: Call, headers: Headers, extensions: dict[str, Any]) -> Any:
        """Make the request for a step of an operation."""
        content = send.content()
        if content is not None:
            headers = Headers([*headers, ("Content-Type", "application/json")])
        return self.build(send.method, self.core.upstream(send, call), headers, content, extensions)

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

    def redirected(self, response: Any, sent: Any) -> Any:
        """Follow a redirect of a translated request that keeps method, body and origin; None for another."""
        following = response.next_request
        if following is None or not self.inner.follow_redirects or following.method != sent.method:
            return None
        return following if self.core.locate(str(following.url)).place != "abroad" else None

    def response(self, reply: Reply, request: Any, ledger: Ledger | None) -> Any:
        """Answer with what was read, or with the error that was found in it."""
        if reply.error is not None:
            reply = error_reply(reply.error, reply.headers)
        return self.library.module.Response(
            reply.status,
            headers=answer_headers(reply.headers, {}, ledger),
            content=reply.content,
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )

    def open_response(self, connection: Connection | AsyncConnection, body: Any, request: Any) -> Any:
        """Answer with a body that is read while it is passed on."""
        return self.library.module.Response(
            connection.status,
            headers=answer_headers(connection.headers, {}, None),
            stream=body,
            request=request,
            extensions={"http_version": connection.http_version},
        )

    def stream_response(self, relay: Any, body: Any, request: Any, ledger: Ledger | None) -> Any:
        """Answer with a translated stream."""
        kind = {"content-type": "text/event-stream; charset=utf-8"}
        return self.library.module.Response(
            200,
            headers=answer_headers(relay.headers, kind, ledger),
            stream=body,
            request=request,
            extensions={"http_version": relay.http_version},
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
