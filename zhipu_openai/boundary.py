"""What both transports share: where a request may go, with which headers, and what answers it.

No I/O here. ``transport`` sends what this module decides.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from . import routes
from .adaptation import HEADER, Ledger, Policy, Refused
from .endpoints import is_zhipu_origin, origin_of
from .errors import error_from_body, refusal
from .exchange import Call, Operation, Options, Reply, Send, error_reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import SecretStr

    from .errors import ErrorAnswer
    from .signing import TokenSigner

OPENAI_BASE: Final = "https://api.openai.com/v1/"

Headers = list[tuple[str, str]]

_NEVER_SENT: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "keep-alive"})
_NEVER_SENT_PREFIXES: Final = ("openai-", "x-stainless-")
"""OpenAI's organisation, project and beta headers, and openai's own telemetry, mean nothing to Zhipu."""

_SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"})
_NEVER_RETURNED: Final = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection"})
HTTP_REDIRECT: Final = 300
HTTP_ERROR: Final = 400

_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


@dataclass(slots=True)
class Config:
    """How one client is set up, as far as the boundary needs to know.

    ``key`` is set when the boundary itself signs the requests (a client made for frameworks); otherwise
    the request brings its own ``Authorization``. ``signer`` turns keys into tokens of the older JWT form.
    """

    base_url: str
    policy: Policy = "warn"
    model_aliases: Mapping[str, str] = field(default_factory=dict)
    key: SecretStr | None = None
    takes_openai_urls: bool = False
    signer: TokenSigner | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: below the base URL (``path`` set), elsewhere on its origin, or abroad."""

    place: Literal["base", "origin", "abroad"]
    url: str
    path: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A request that an operation serves."""

    call: Call
    operation: Operation


class Boundary:
    """The decisions of one client's boundary."""

    def __init__(self, config: Config) -> None:
        """Keep the configuration and work out the origin that the key belongs to."""
        self.config = config
        self._origin = origin_of(config.base_url)
        self._base_path = urlsplit(config.base_url).path
        self._root = config.base_url.removesuffix("/")
        self._official = is_zhipu_origin(config.base_url)
        self._options = Options(base_url=config.base_url, model_aliases=config.model_aliases)

    def locate(self, url: str) -> Target:
        """Find out where a request is going."""
        parts = urlsplit(url)
        if origin_of(url) == self._origin:
            if parts.path.startswith(self._base_path):
                path = "/" + parts.path[len(self._base_path) :].lstrip("/")
                return Target("base", self.url(path, parts.query), path, parts.query)
            return Target("origin", url)
        if self.config.takes_openai_urls and url.startswith(OPENAI_BASE):
            path = "/" + parts.path[len(urlsplit(OPENAI_BASE).path) :].lstrip("/")
            return Target("base", self.url(path, parts.query), path, parts.query)
        return Target("abroad", url)

    def url(self, path: str, query: str = "") -> str:
        """Make the URL of a path relative to the base URL."""
        return f"{self._root}{path}?{query}" if query else f"{self._root}{path}"

    def headers(self, given: Iterable[tuple[str, str]], target: Target, *, translated: bool) -> Headers:
        """Choose the headers that go out.

        Raises:
            Refused: The key is of OpenAI's form and the origin is Zhipu's.
        """
        ambient = _ambient_headers(os.environ)
        kept = [
            (name, value)
            for name, value in given
            if (lower := name.lower()) not in _NEVER_SENT
            and not lower.startswith(_NEVER_SENT_PREFIXES)
            and (lower, value) not in ambient
            and not (translated and lower in ("content-type", "accept-encoding"))
        ]
        if target.place == "abroad":
            return [(name, value) for name, value in kept if name.lower() not in _SECRET_HEADERS]
        if self.config.key is not None:
            kept = [(name, value) for name, value in kept if name.lower() != "authorization"]
            kept.append(("Authorization", f"Bearer {self.config.key.get_secret_value()}"))
        return [
            (name, self._authorization(value) if name.lower() == "authorization" else value)
            for name, value in kept
        ]

    def _authorization(self, value: str) -> str:
        scheme, _, token = value.partition(" ")
        if self._official and scheme.lower() == "bearer" and token.startswith("sk-"):
            raise Refused(
                refusal(
                    "This API key has the form of an OpenAI key (sk-…), so it was not sent to Zhipu. "
                    "Put a Zhipu key into ZHIPU_API_KEY or .env, and leave api_key out. "
                    "这是 OpenAI 的密钥格式，未发送给智谱；请改用智谱的 API Key。",
                    param=None,
                    code="invalid_api_key",
                    status=401,
                )
            )
        # A token of three parts is signed already.
        if self.config.signer is not None and token.count(".") == 1:
            return f"{scheme} {self.config.signer.token(token)}"
        return value

    def refuse_abroad(self, method: str, target: Target) -> Reply | None:
        """Refuse to send a body to an origin the key does not belong to; reading is allowed, without key."""
        if target.place != "abroad" or method in _SAFE_METHODS:
            return None
        host = urlsplit(target.url).hostname
        return error_reply(
            refusal(
                f"This request was going to {host}, but the client's key and translation belong to "
                f"{self._origin[1]}; it was not sent. Make a client for that address: "
                "OpenAI(base_url=..., api_key=...).",
                param="base_url",
                code="foreign_origin",
            )
        )

    def open(
        self, method: str, target: Target, content: bytes, headers: Mapping[str, str]
    ) -> Translation | Reply | None:
        """Decide who serves a request: an operation, an answer made here, or (None) Zhipu as it is."""
        if target.place != "base":
            return None
        route = routes.match(method, target.path)
        if route is None or route.verdict == "native":
            return None
        if route.verdict == "refused":
            return error_reply(refusal(route.note, param=None, code="unsupported_operation"))
        body = _decode(content)
        if body is None:
            return None
        call = Call(
            method=method,
            path=target.path,
            query=target.query,
            body=body,
            options=self._options,
            ledger=Ledger(self.config.policy),
            attempt=_attempt(headers),
        )
        return Translation(call, route.load()(call))

    def needs_body(self, method: str, target: Target) -> bool:
        """Whether the request's body must be read before it is known who serves it."""
        if target.place != "base":
            return False
        route = routes.match(method, target.path)
        return route is not None and route.verdict == "translated"

    def upstream(self, send: Send) -> str:
        """Give the URL of something to be sent."""
        return self.url(send.path, send.query)

    def reads_whole(
        self, status: int, headers: Mapping[str, str], *, whole: bool, target: Target | None
    ) -> bool:
        """Whether a body must be read before it is passed on: an error, or JSON that may hide one."""
        if target is None:
            return whole or status >= HTTP_REDIRECT or not is_event_stream(headers)
        if target.place == "abroad" or HTTP_REDIRECT <= status < HTTP_ERROR:
            return False
        return status >= HTTP_ERROR or is_json(headers)

    def failure(
        self, status: int, headers: Mapping[str, str], content: bytes, attempt: int
    ) -> ErrorAnswer | None:
        """Look for a failure in a whole reply, whatever its status says."""
        if HTTP_REDIRECT <= status < HTTP_ERROR:
            return refusal(
                f"The base URL answered with a redirect (status {status}) to {_origin_name(headers.get('location'))}, "
                "which is not followed with a key and a body. Check base_url.",
                param="base_url",
                code="unexpected_redirect",
                status=502,
                type="server_error",
            )
        return error_from_body(
            status,
            content,
            content_type=headers.get("content-type"),
            attempt=attempt,
            retry_after=_retry_after(headers),
            base_url=self.config.base_url,
            log_id=headers.get("x-log-id"),
        )


def answer_headers(
    upstream: Mapping[str, str], extra: Mapping[str, str], ledger: Ledger | None
) -> dict[str, str]:
    """Make the headers of an answer: the upstream's, Zhipu's request id under OpenAI's name, the record."""
    headers = {name: value for name, value in upstream.items() if name not in _NEVER_RETURNED}
    headers.update(extra)
    if "x-request-id" not in headers and "x-log-id" in headers:
        headers["x-request-id"] = headers["x-log-id"]
    if ledger is not None and ledger.entries:
        headers[HEADER] = ledger.header()
    return headers


def is_event_stream(headers: Mapping[str, str]) -> bool:
    """Whether a body is a stream of server-sent events."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "text/event-stream"


def is_json(headers: Mapping[str, str]) -> bool:
    """Whether a body says that it is JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _origin_name(location: str | None) -> str:
    parts = urlsplit(location or "")
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else "another path"


def _decode(content: bytes) -> dict[str, Any] | None:
    if not content:
        return {}
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _attempt(headers: Mapping[str, str]) -> int:
    """Read how often openai has retried; it says so in a header of its own."""
    count = headers.get("x-stainless-retry-count", "0")
    return int(count) if count.isdigit() else 0


def _retry_after(headers: Mapping[str, str]) -> float | None:
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return float(headers[name]) / divisor
        except (KeyError, ValueError):
            continue
    return None


def _ambient_headers(environ: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Read the headers that openai takes from OPENAI_CUSTOM_HEADERS; they are meant for OpenAI alone."""
    lines = environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n")
    pairs = (line.partition(":") for line in lines)
    return frozenset((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon)
