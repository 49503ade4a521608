"""Who may ask: the token, the name by which the server was reached, and the page that a browser asks for. No I/O.

A browser lets any page send requests to this machine, and a page whose name was made to resolve to this
machine (DNS rebinding) may read the answers too. The checks of host and origin keep both out.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from zhipu_openai.endpoints import is_loopback

from .headers import EXPOSED, values
from .refusals import bad_request, refused

if TYPE_CHECKING:
    from pydantic import SecretStr

    from zhipu_openai.errors import ErrorAnswer

    from .headers import RawHeaders

_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\s]+")
_TOKENS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1024}")
"""Names of headers, as a browser lists them."""

ANY_ORIGIN: Final = "*"

KEY_IN_SUBPROTOCOL: Final = "openai-insecure-api-key."
"""How OpenAI's JavaScript client hands a key to a websocket from a page, which can set no headers."""

PREFLIGHT_SECONDS: Final = "600"


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one server.

    Attributes:
        token: What a client must send as its key; None where any key will do, which is then thrown away.
        any_host: Whether the name by which a request reaches the server is left unchecked.
        hosts: Names that are allowed beside those of this machine, in lower case.
        origins: Origins whose pages may ask, such as ``https://app.example``; ``*`` is any.
    """

    token: SecretStr | None = None
    any_host: bool = False
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Check the rules.

        Raises:
            ValueError: An origin is none, or any page may ask without a token.
        """
        for origin in self.origins - {ANY_ORIGIN}:
            if _ORIGIN.fullmatch(origin) is None:
                raise ValueError(
                    f"{origin!r} is no origin; write scheme and host, such as https://app.example"
                )
        if ANY_ORIGIN in self.origins and self.token is None:
            raise ValueError("with any origin allowed, every web page could use your key: set a token too")

    def refuse(self, headers: RawHeaders) -> ErrorAnswer | None:
        """Refuse a request by the name it came to or the page that sent it; None if both will do."""
        return self._refuse_host(values(headers, b"host")) or self._refuse_page(headers)

    def _refuse_host(self, hosts: list[str]) -> ErrorAnswer | None:
        if self.any_host:
            return None
        parts = _AUTHORITY.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if parts is None:
            return bad_request("The request has no Host header that can be read.")
        host = parts["host"].strip("[]").lower().removesuffix(".")
        if is_loopback(host) or host in self.hosts:
            return None
        return refused(
            HTTPStatus.FORBIDDEN,
            "host_not_allowed",
            "This server answers to localhost, 127.0.0.1 and [::1] alone; start it with --allow-host to add a name.",
        )

    def _refuse_page(self, headers: RawHeaders) -> ErrorAnswer | None:
        origins = values(headers, b"origin")
        if not origins:
            # An image or a form of a foreign page has no origin, but a browser of today says that it is foreign.
            foreign = values(headers, b"sec-fetch-site") in (["cross-site"], ["same-site"])
        else:
            foreign = len(origins) > 1 or not self.allows(origins[0])
        if not foreign:
            return None
        return refused(
            HTTPStatus.FORBIDDEN,
            "origin_not_allowed",
            "Pages of other origins may not use this server; start it with --cors ORIGIN to allow one.",
        )

    def allows(self, origin: str) -> bool:
        """Whether the pages of an origin may ask."""
        return origin in self.origins or (ANY_ORIGIN in self.origins and origin != "null")

    def refuse_key(self, headers: RawHeaders) -> ErrorAnswer | None:
        """Refuse a request without the token, if one is set."""
        if self.token is None:
            return None
        given = values(headers, b"authorization")
        scheme, _, credentials = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() == "bearer" and self._is_token(credentials.strip(" ")):
            return None
        return refused(
            HTTPStatus.UNAUTHORIZED,
            "invalid_api_key",
            "This server wants its own token as the API key (ZHIPU_OPENAI_SERVE_TOKEN), not a key of Zhipu's or OpenAI's.",
        )

    def refuse_socket(self, headers: RawHeaders, subprotocols: list[str]) -> ErrorAnswer | None:
        """Refuse a websocket without the token, which a page can give by a subprotocol alone."""
        prefix = len(KEY_IN_SUBPROTOCOL)
        keys = [one[prefix:] for one in subprotocols if one.startswith(KEY_IN_SUBPROTOCOL)]
        if self.token is not None and len(keys) == 1 and self._is_token(keys[0]):
            return None
        return self.refuse_key(headers)

    def _is_token(self, given: str) -> bool:
        token = self.token.get_secret_value() if self.token is not None else ""
        return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())

    def cors(self, headers: RawHeaders) -> list[tuple[bytes, bytes]]:
        """Make the headers that let an allowed page read an answer; none where no page asked."""
        if not self.origins:
            return []
        varies = (b"vary", b"Origin")
        origins = values(headers, b"origin")
        if len(origins) != 1 or not self.allows(origins[0]):
            return [varies]
        return [
            varies,
            (b"access-control-allow-origin", origins[0].encode("latin-1")),
            (b"access-control-expose-headers", EXPOSED.encode()),
        ]

    def preflight(self, headers: RawHeaders, methods: str) -> list[tuple[bytes, bytes]] | None:
        """Make the headers that answer a browser's question whether a page may ask; None if it is none."""
        if not values(headers, b"origin") or not values(headers, b"access-control-request-method"):
            return None
        made = [
            *self.cors(headers),
            (b"access-control-allow-methods", methods.encode()),
            (b"access-control-max-age", PREFLIGHT_SECONDS.encode()),
        ]
        wanted = values(headers, b"access-control-request-headers")
        if len(wanted) == 1 and _TOKENS.fullmatch(wanted[0]):
            made.append((b"access-control-allow-headers", wanted[0].encode("ascii")))
        if values(headers, b"access-control-request-private-network") == ["true"]:
            made.append((b"access-control-allow-private-network", b"true"))
        return made
