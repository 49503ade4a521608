"""What both transports share: where a request may go, with which headers, and what answers it.

No I/O here. ``transport`` sends what this module decides.
"""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from . import routes
from .adaptation import HEADER, Ledger, Policy, Refused
from .endpoints import is_openai_origin, is_zhipu_domain, origin_of, root_url
from .errors import error_from_body, refusal
from .exchange import Call, Operation, Options, Reply, Result, Send, Step, error_reply
from .memory import Memory
from .settings import OPENAI_KEY_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import SecretStr

    from .errors import ErrorAnswer
    from .settings import ResponsesMode
    from .signing import TokenSigner

OPENAI_BASE: Final = "https://api.openai.com/v1/"

_DOTS_OF_A_JWT: Final = 2


_ABOUT_THE_CALL: Final = frozenset({"content-type", "x-stainless-raw-response", "x-stainless-retry-count"})


class Headers(list[tuple[str, str]]):
    """Headers on their way out. Their values stay out of reprs, and so out of tracebacks that show variables."""

    def __repr__(self) -> str:
        """Show the names alone."""
        return f"Headers({', '.join(name for name, _ in self)})"

    def about_the_call(self) -> dict[str, str]:
        """Give the few that say what the body is and which attempt this is, by lower-case name."""
        return {lower: value for name, value in self if (lower := name.lower()) in _ABOUT_THE_CALL}


_NEVER_SENT: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "keep-alive"})
_NEVER_SENT_PREFIXES: Final = ("openai-", "x-stainless-")
"""OpenAI's organisation, project and beta headers, and openai's own telemetry, mean nothing to Zhipu."""

CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"})

_SENT_ABROAD: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "user-agent",
    }
)
"""What another origin may be told: how to answer. Whatever else was set is meant for Zhipu."""

_NEVER_RETURNED: Final = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "set-cookie"}
)
"""Bodies are passed on decoded, and the client below keeps the cookies (the one above would send them twice)."""

HTTP_REDIRECT: Final = 300
HTTP_ERROR: Final = 400

PEEK: Final = 65536
"""Bytes of an unknown body that are looked at for a failure; no report of one is longer."""

_CUSTOM_HEADERS: Final = "OPENAI_CUSTOM_HEADERS"

_MOST_LOCATED: Final = 256
"""Addresses that are remembered; a client sends to few, again and again."""

_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})

Reading: TypeAlias = Literal["whole", "peek", "pass"]
"""How a body is read before it is passed on: to its end; PEEK bytes, for a failure in a success; not at all."""


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
    responses: ResponsesMode = "auto"
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: below the base URL (``path`` set), elsewhere on its origin, or abroad."""

    place: Literal["base", "origin", "abroad"]
    url: str
    path: str = ""
    query: str = ""


FETCHED: Final = Target("abroad", "")
"""Stands for the target of whatever an operation fetches by a URL of its own."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A request that an operation serves."""

    call: Call
    operation: Operation

    def advance(self, reply: Reply | list[Reply] | None) -> Step | Result:
        """Give the operation a reply (None at first); it gives what to send next, or its result."""
        try:
            return self.operation.send(reply)
        except StopIteration as end:
            result: Result = end.value
            return result
        except Refused as refusal:
            return error_reply(refusal.answer)


class Boundary:
    """The decisions of one client's boundary."""

    def __init__(self, config: Config) -> None:
        """Keep the configuration and work out the origin that the key belongs to."""
        self.config = config
        self._origin = origin_of(config.base_url)
        self._base_path = urlsplit(config.base_url).path
        self._root = config.base_url.removesuffix("/")
        self._at_zhipu = is_zhipu_domain(config.base_url)
        self._located: dict[str, Target] = {}
        self._ambient = _ambient_headers(os.environ.get(_CUSTOM_HEADERS, ""))
        self._options = Options(
            base_url=config.base_url, model_aliases=config.model_aliases, responses=config.responses
        )

    def locate(self, url: str) -> Target:
        """Find out where a request is going."""
        known = self._located.get(url)
        if known is None:
            known = self._locate(url)
            if len(self._located) >= _MOST_LOCATED:
                self._located.clear()
            self._located[url] = known
        return known

    def _locate(self, url: str) -> Target:
        try:
            origin = origin_of(url)
        except ValueError:
            return Target("abroad", url)  # a scheme that no key is sent by; the client below refuses it
        parts = urlsplit(url)
        if origin == self._origin:
            if not parts.path.startswith(self._base_path):
                return Target("origin", url)
            path = parts.path[len(self._base_path) :]
        elif self.config.takes_openai_urls and url.startswith(OPENAI_BASE):
            path = parts.path[len(urlsplit(OPENAI_BASE).path) :]
        else:
            return Target("abroad", url)
        path = "/" + path.lstrip("/")
        return Target("base", self.url(path, parts.query), path, parts.query)

    def url(self, path: str, query: str = "") -> str:
        """Make the URL of a path relative to the base URL."""
        return f"{self._root}{path}?{query}" if query else f"{self._root}{path}"

    def headers(self, given: Iterable[tuple[str, str]], target: Target, *, translated: bool) -> Headers:
        """Choose the headers that go out.

        Raises:
            Refused: The key is of OpenAI's form and the origin is Zhipu's, or it cannot be signed.
        """
        if target.place == "abroad":
            return Headers(pair for pair in given if pair[0].lower() in _SENT_ABROAD)
        kept = Headers(pair for pair in given if _is_sent(pair[0]))
        ambient = self._ambient | _ambient_headers(os.environ.get(_CUSTOM_HEADERS, ""))
        if ambient:
            kept = Headers(pair for pair in kept if (pair[0].lower(), pair[1]) not in ambient)
        if translated:
            kept = Headers(pair for pair in kept if pair[0].lower() != "content-type")
        if self.config.takes_openai_urls:
            # The framework's own credentials are OpenAI's.
            kept = Headers(pair for pair in kept if pair[0].lower() not in CREDENTIALS)
            if self.config.key is not None:
                kept.append(("Authorization", f"Bearer {self.config.key.get_secret_value()}"))
        return Headers((name, self._credential(name.lower(), value)) for name, value in kept)

    def _credential(self, name: str, value: str) -> str:
        """Check a header that may hold a credential, and sign the key where that is wanted."""
        if name not in CREDENTIALS:
            return value
        if self._at_zhipu and any(word.lower().startswith(OPENAI_KEY_PREFIX) for word in value.split()):
            raise Refused(
                refusal(
                    "This API key has the form of an OpenAI key (sk-…), so it was not sent to Zhipu. "
                    "Put a Zhipu key into ZAI_API_KEY or .env, and leave api_key out. "
                    "这是 OpenAI 的密钥格式，未发送给智谱；请改用智谱的 API Key。",
                    param=None,
                    code="invalid_api_key",
                    status=401,
                )
            )
        scheme, _, key = value.partition(" ")
        # A token of three parts is signed already.
        if name != "authorization" or self.config.signer is None or key.count(".") == _DOTS_OF_A_JWT:
            return value
        try:
            return f"{scheme} {self.config.signer.token(key)}"
        except ValueError as error:
            unusable = refusal(str(error), param=None, code="invalid_api_key", status=401)
        raise Refused(unusable)

    def refuse_abroad(self, method: str, target: Target) -> Reply | None:
        """Refuse to go to an origin that the key and the translation do not belong to.

        Reading there is allowed, without the key: the link to a file that Zhipu made is such an origin. OpenAI's
        own addresses are not read either, since what they say is not about Zhipu.
        """
        if target.place != "abroad" or (method in _SAFE_METHODS and not self._is_openais(target.url)):
            return None
        host = _host_of(target.url, "another place")
        return error_reply(
            refusal(
                f"This request was going to {host}, but the client's key and translation belong to "
                f"{self._origin[1]}; it was not sent. Make a client for that address: "
                f"OpenAI(base_url=..., api_key=...).{self._about_the_variable(target.url)}",
                param="base_url",
                code="foreign_origin",
            )
        )

    def _is_openais(self, url: str) -> bool:
        return is_openai_origin(url) or (self.config.takes_openai_urls and _is_openais_variable(url))

    def _about_the_variable(self, url: str) -> str:
        if not (self.config.takes_openai_urls and _is_openais_variable(url)):
            return ""
        return (
            f" The address comes from OPENAI_BASE_URL: unset it, or give base_url={self.config.base_url!r}."
        )

    def open(
        self, method: str, target: Target, content: bytes, headers: Mapping[str, str]
    ) -> Translation | Reply | None:
        """Decide who serves a request: an operation, an answer made here, or (None) Zhipu as it is."""
        route = _route(method, target)
        if route is None or route.verdict == "native":
            return None
        if route.verdict == "refused":
            return error_reply(refusal(route.note, param=None, code="unsupported_operation"))
        content_type = headers.get("content-type", "")
        is_form = content_type.lower().startswith("multipart/")
        body = {} if is_form else _decode(content)
        if body is None:
            return None
        call = Call(
            method=method,
            path=target.path.rstrip("/"),
            query=target.query,
            body=body,
            options=self._options,
            ledger=Ledger(self.config.policy),
            attempt=attempt_of(headers),
            content=content,
            content_type=content_type,
            memory=self.config.memory,
            streamed=headers.get("x-stainless-raw-response") == "stream",
        )
        return Translation(call, route.load()(call))

    def needs_body(self, method: str, target: Target) -> bool:
        """Whether the request's body must be read before it is known who serves it."""
        route = _route(method, target)
        return route is not None and route.verdict == "translated"

    def upstream(self, send: Send, call: Call) -> str:
        """Give the URL of something to be sent: with a query of its own, or else with the caller's."""
        query = send.query or call.query
        if send.root is None:
            return self.url(send.path, query)
        url = root_url(self.config.base_url, send.root) + send.path
        return f"{url}?{query}" if query else url

    def reading(
        self, method: str, status: int, headers: Mapping[str, str], *, whole: bool, target: Target | None
    ) -> Reading:
        """Say how much of a body must be read before it is passed on.

        Args:
            method: The request's.
            status: The reply's.
            headers: The reply's, with names in lower case.
            whole: Whether a whole reply is wanted, rather than a stream.
            target: Where a request went that is passed on as it is; None for one that was translated.
        """
        if whole or (target is FETCHED and status >= HTTP_REDIRECT):
            return "whole"
        if target is None:
            return "pass" if status < HTTP_REDIRECT and is_event_stream(headers) else "whole"
        if target.place == "abroad" or HTTP_REDIRECT <= status < HTTP_ERROR:
            return "pass"
        if status >= HTTP_ERROR:
            return "whole"
        route = _route(method, target)
        if route is not None and route.callers_own:
            return "pass"
        return "peek" if _may_hide_a_failure(headers) else "pass"

    def failure(
        self, status: int, headers: Mapping[str, str], content: bytes, attempt: int
    ) -> ErrorAnswer | None:
        """Look for a failure in a whole reply, whatever its status says."""
        if HTTP_REDIRECT <= status < HTTP_ERROR:
            return refusal(
                f"The base URL answered with a redirect (status {status}) to {_host_of(headers.get('location', ''), 'another path')}, "
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
            received_at=datetime.now(timezone.utc),
        )


def answer_headers(
    upstream: Mapping[str, str], extra: Mapping[str, str], ledger: Ledger | None
) -> list[tuple[bytes, bytes]]:
    """Make the headers of an answer: the upstream's, Zhipu's request id under OpenAI's name, the record."""
    headers = {name: value for name, value in upstream.items() if name not in _NEVER_RETURNED}
    headers.update(extra)
    if "x-request-id" not in headers and "x-log-id" in headers:
        headers["x-request-id"] = headers["x-log-id"]
    if ledger is not None and ledger.entries:
        headers[HEADER] = ledger.header()
    # A file's name in content-disposition need not be ASCII, which is all that text is encoded to by itself.
    return [(name.encode("ascii"), value.encode("utf-8", "replace")) for name, value in headers.items()]


def attempt_of(headers: Mapping[str, str]) -> int:
    """Read how often openai has retried a request; it says so in a header of its own."""
    count = headers.get("x-stainless-retry-count", "0")
    return int(count) if count.isdigit() else 0


def is_event_stream(headers: Mapping[str, str]) -> bool:
    """Whether a body is a stream of server-sent events."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "text/event-stream"


def _may_hide_a_failure(headers: Mapping[str, str]) -> bool:
    """Whether a body is JSON, or text, as which Zhipu's edge labels some JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return False
    return kind in ("", "application/json") or kind.endswith("+json") or kind.startswith("text/")


def _route(method: str, target: Target) -> routes.Route | None:
    return routes.match(method, target.path) if target.place == "base" else None


def _is_openais_variable(url: str) -> bool:
    """Whether a URL is at the address to which OPENAI_BASE_URL sends a client of OpenAI's."""
    try:
        return origin_of(os.environ.get("OPENAI_BASE_URL", "")) == origin_of(url)
    except ValueError:
        return False


def _host_of(url: str, otherwise: str) -> str:
    """Name the host of a URL that others have written, for a message."""
    try:
        return origin_of(url)[1]
    except ValueError:
        return otherwise


def _decode(content: bytes) -> dict[str, Any] | None:
    if not content:
        return {}
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


_LONGEST_ASKED: Final = 100 * 365 * 86400.0
"""Seconds: a longer wait that is asked for is told as this one, which dates and milliseconds can still hold."""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds to wait: milliseconds, seconds, or a date; None where it cannot be read."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            asked = float(headers[name])
        except (KeyError, ValueError):
            continue
        if math.isinf(asked) and not any(char.isdigit() for char in headers[name]):
            return None  # the word, not a number of too many digits
        return min(asked / divisor, _LONGEST_ASKED)
    try:
        asked = parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time()
    except (KeyError, ValueError, OverflowError):
        return None
    return min(max(asked, 0.0), _LONGEST_ASKED)


@lru_cache(maxsize=256)
def _is_sent(name: str) -> bool:
    """Whether a header of this name goes out at all."""
    lower = name.lower()
    return lower not in _NEVER_SENT and not lower.startswith(_NEVER_SENT_PREFIXES)


@lru_cache(maxsize=8)
def _ambient_headers(variable: str) -> frozenset[tuple[str, str]]:
    """Read the headers that openai takes from OPENAI_CUSTOM_HEADERS; they are meant for OpenAI alone."""
    pairs = (line.partition(":") for line in variable.split("\n"))
    return frozenset((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon)
