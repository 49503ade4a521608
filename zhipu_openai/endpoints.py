"""Where Zhipu is reached: its addresses as dated rows, and pure functions over URLs.

No I/O. No message of this module quotes the URL it complains about, since a URL may carry a password.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Region: TypeAlias = Literal["cn", "intl"]
"""cn: the platform at bigmodel.cn. intl: the platform at z.ai."""

EndpointName: TypeAlias = Literal["general", "coding"]
"""general: pay as you go. coding: the GLM Coding Plan, a subscription with terms of its own."""

REGIONS: Final[tuple[Region, ...]] = get_args(Region)
ENDPOINT_NAMES: Final[tuple[EndpointName, ...]] = get_args(EndpointName)


@dataclass(frozen=True, slots=True)
class Address:
    """One address of Zhipu's, with where it is documented and when that was read."""

    url: str
    source: str
    seen: date


@dataclass(frozen=True, slots=True)
class Terms:
    """A condition of use, in one sentence, with where it is documented and when that was read."""

    sentence: str
    source: str
    seen: date


ENDPOINTS: Final[Mapping[tuple[Region, EndpointName], Address]] = MappingProxyType(
    {
        ("cn", "general"): Address(
            "https://open.bigmodel.cn/api/paas/v4/",
            "docs.bigmodel.cn OpenAI compatibility page",
            date(2026, 11, 23),
        ),
        ("cn", "coding"): Address(
            "https://open.bigmodel.cn/api/coding/paas/v4/",
            "docs.bigmodel.cn Coding Plan pages",
            date(2026, 11, 23),
        ),
        ("intl", "general"): Address("https://api.z.ai/api/paas/v4/", "docs.z.ai OpenAPI", date(2026, 8, 22)),
        ("intl", "coding"): Address(
            "https://api.z.ai/api/coding/paas/v4/", "docs.z.ai/devpack/quick-start", date(2026, 11, 23)
        ),
    }
)
"""The base URLs of chat and of everything else that the OpenAI SDK has a name for."""

RESPONSES_ROOTS: Final[Mapping[Region, Address]] = MappingProxyType(
    {
        "cn": Address(
            "https://open.bigmodel.cn/api/v1/",
            "docs.bigmodel.cn/cn/guide/develop/responses/introduction",
            date(2026, 11, 23),
        ),
        "intl": Address("https://api.z.ai/api/v1/", "docs.z.ai Coding Plan quick start", date(2026, 11, 23)),
    }
)
"""The base URLs of the Responses API; they serve nothing else (chat there is a 403)."""

RootName: TypeAlias = Literal["general", "responses", "agents", "application", "rag", "finance", "monitor"]
"""The parts of the platform that stand under a path of their own."""


@dataclass(frozen=True, slots=True)
class Root:
    """A path from the root of the host, what stands under it, with where it is documented and when that was read."""

    path: str
    what: str
    source: str
    seen: date


ROOTS: Final[Mapping[RootName, Root]] = MappingProxyType(
    {
        "general": Root(
            "/api/paas/v4", "Models, files, batches, tools.", "bigmodel.cn OpenAPI", date(2026, 7, 11)
        ),
        "responses": Root(
            "/api/v1",
            "The Responses API.",
            "docs.bigmodel.cn/cn/guide/develop/responses/introduction",
            date(2026, 11, 23),
        ),
        "agents": Root("/api/v1", "Agents, by agents/….", "bigmodel.cn OpenAPI", date(2026, 7, 11)),
        "application": Root(
            "/api/llm-application/open",
            "Knowledge bases, documents and applications.",
            "bigmodel.cn OpenAPI",
            date(2026, 7, 11),
        ),
        "rag": Root(
            "/api/zrag", "The newer retrieval, and its agent.", "bigmodel.cn OpenAPI", date(2026, 7, 11)
        ),
        "finance": Root(
            "/api/aico-saas/bm/v1",
            "FinAgent.",
            "bigmodel.cn/dev/api, the older pages; in no specification of 2026",
            date(2025, 10, 1),
        ),
        "monitor": Root(
            "/api/monitor/usage",
            "The Coding Plan's quota; undocumented.",
            "recorded traffic (fxp/skillify)",
            date(2026, 9, 11),
        ),
    }
)
"""Zhipu's roots. The base URL is the general one, or the Coding Plan's; the others stand beside it."""

KEY_PAGES: Final[Mapping[Region, Address]] = MappingProxyType(
    {
        "cn": Address(
            "https://bigmodel.cn/usercenter/proj-mgmt/apikeys", "docs.bigmodel.cn OpenAPI", date(2026, 7, 11)
        ),
        "intl": Address("https://z.ai/manage-apikey/apikey-list", "docs.z.ai OpenAPI", date(2026, 8, 22)),
    }
)
"""Where a key comes from. The two platforms sell separate keys."""

CODING_PLAN_TERMS: Final = Terms(
    "Zhipu limits the GLM Coding Plan to the tools it officially supports, and may restrict a subscription "
    "that is used from elsewhere, SDKs included.",
    "docs.z.ai/devpack/overview and docs.z.ai/devpack/tool/others",
    date(2026, 11, 23),
)

OPENAI_DOMAINS: Final = (
    "openai.com",
    "openai.azure.com",
    "openai.azure.us",
    "openai.azure.cn",
    "cognitiveservices.azure.com",
    "services.ai.azure.com",
)
"""Where OpenAI's models are served by OpenAI and by Azure, and where no key of Zhipu's may go."""

ZHIPU_DOMAINS: Final = ("bigmodel.cn", "z.ai")

_REGION_OF_HOST: Final[Mapping[str, Region]] = MappingProxyType(
    {"open.bigmodel.cn": "cn", "api.z.ai": "intl"}
)

_DEFAULT_PORTS: Final[Mapping[str, int]] = MappingProxyType({"http": 80, "https": 443, "ws": 80, "wss": 443})

_SPELLINGS: Final[Mapping[str, EndpointName]] = MappingProxyType(
    {
        "": "general",
        "/v1": "general",
        "/v4": "general",
        "/paas/v4": "general",
        "/api": "general",
        "/api/paas": "general",
        "/api/paas/v4": "general",
        # The root of the Responses API. It serves no chat, and responses go to it whatever the base URL is.
        "/api/v1": "general",
        "/api/v1/responses": "general",
        "/api/coding": "coding",
        "/api/coding/paas": "coding",
        "/api/coding/paas/v4": "coding",
    }
)
"""How people write the path of a base URL at Zhipu's hosts, and which endpoint each spelling means."""

# The split of RFC 3986, appendix B, which is also httpx's: what is compared here is where bytes would go.
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)")
_AUTHORITY = re.compile(
    r"(?P<userinfo>.*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::(?P<port>[0-9]{0,5}))?", re.DOTALL
)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_CHAT_SUFFIX = re.compile(r"/+chat/completions/*\Z")
_V1_AFTER_V4 = re.compile(r"(?<=/paas/v4)/+v1/*\Z")
_MAX_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    host: str
    port: int
    path: str
    has_userinfo: bool

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def base_url_of(region: Region, endpoint: EndpointName = "general") -> str:
    """Give the base URL of a region and endpoint, with a slash at its end."""
    return ENDPOINTS[region, endpoint].url


def root_url(base_url: str, root: RootName) -> str:
    """Give the URL of a root that stands beside a base URL, without a slash at its end.

    Where the base URL ends in one of Zhipu's own paths, that is replaced, so that a gateway's prefix stays;
    a base URL of another form is taken for its origin.
    """
    base = base_url.rstrip("/")
    for name in ENDPOINT_NAMES:
        path = _split(ENDPOINTS["cn", name].url).path.rstrip("/")
        if base.endswith(path):
            return base.removesuffix(path) + ROOTS[root].path
    scheme, rest = base.split("://", 1)
    return f"{scheme}://{rest.partition('/')[0]}{ROOTS[root].path}"


def origin_of(url: str) -> tuple[str, str, int]:
    """Give scheme, host and port of an absolute URL in the form in which they can be compared.

    Scheme and host are lower case, an internationalised host is in its ASCII form (as httpx sends it), an
    IPv6 host is compressed and without brackets, one final dot of a host is dropped, and the port is the
    scheme's own where none is given. Userinfo is no part of an origin.

    Raises:
        ValueError: The URL has no scheme or host, or cannot be read. The message does not quote it.
    """
    return _split(url).origin


def is_zhipu_origin(url: str) -> bool:
    """Whether a URL is at one of Zhipu's own API hosts, by https and on its usual port."""
    return region_of(url) is not None


def is_zhipu_domain(url: str) -> bool:
    """Whether a URL's host is anywhere below Zhipu's domains, by whatever scheme and port."""
    return _is_below(url, ZHIPU_DOMAINS)


def is_openai_origin(url: str) -> bool:
    """Whether a URL's host is OpenAI's, or one of those where Azure serves OpenAI's models."""
    return _is_below(url, OPENAI_DOMAINS)


def region_of(url: str) -> Region | None:
    """Give the region of a URL at one of Zhipu's API hosts; None elsewhere."""
    parts = _try_split(url)
    if parts is None or parts.scheme != "https" or parts.port != _DEFAULT_PORTS["https"]:
        return None
    return _REGION_OF_HOST.get(parts.host)


def endpoint_of(url: str) -> EndpointName | None:
    """Give the endpoint that a URL at one of Zhipu's API hosts is, or lies below; None elsewhere."""
    region = region_of(url)
    if region is None:
        return None
    path = _split(url).path.rstrip("/") + "/"
    for name in ENDPOINT_NAMES:
        if path.startswith(_split(ENDPOINTS[region, name].url).path):
            return name
    return None


def normalise_base_url(url: str) -> str:
    """Turn a base URL as people write it into the one to use, which ends with exactly one slash.

    Dropped: surrounding whitespace, query, fragment, a final ``/chat/completions``, a ``/v1`` after Zhipu's
    ``/v4``. A bare host of Zhipu's becomes its general endpoint. A gateway's own path, ``/v1`` included, is
    kept. The result is its own result.

    Args:
        url: An absolute URL: https, or http to this machine.

    Raises:
        ValueError: The URL cannot be used; the message says why and never quotes it.
    """
    parts = _split(url.strip())
    if parts.scheme not in ("https", "http"):
        raise ValueError("a base URL begins with https:// (or with http:// for a server on this machine)")
    if parts.has_userinfo:
        raise ValueError("a base URL carries no user name or password; pass the key as api_key instead")
    if parts.scheme == "http" and not is_loopback(parts.host):
        raise ValueError(
            "http:// would send the key unencrypted over the network; use https:// "
            "(http:// is for localhost, 127.0.0.0/8 and ::1 alone)"
        )
    region = _REGION_OF_HOST.get(parts.host)
    path = _zhipu_path(region, parts) if region is not None else _without_suffixes(parts.path)
    host = f"[{parts.host}]" if ":" in parts.host else parts.host
    port = "" if parts.port == _DEFAULT_PORTS[parts.scheme] else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{path}/"


def _zhipu_path(region: Region, parts: _Parts) -> str:
    if parts.port != _DEFAULT_PORTS["https"]:
        raise ValueError("Zhipu's documented addresses have no port; remove it from the base URL")
    path = _without_suffixes(re.sub("/+", "/", parts.path))
    known = path.lower()
    if known == "/api/anthropic" or known.startswith("/api/anthropic/"):
        raise ValueError(
            "/api/anthropic speaks Anthropic's protocol, not OpenAI's; "
            f"use {base_url_of(region)}, or leave the base URL out"
        )
    name = _SPELLINGS.get(known)
    return path if name is None else _split(base_url_of(region, name)).path.rstrip("/")


def _without_suffixes(path: str) -> str:
    before = None
    while path != before:
        before = path
        path = _V1_AFTER_V4.sub("", _CHAT_SUFFIX.sub("", path)).rstrip("/")
    return path


def _is_below(url: str, domains: tuple[str, ...]) -> bool:
    parts = _try_split(url)
    return parts is not None and any(
        parts.host == domain or parts.host.endswith(f".{domain}") for domain in domains
    )


def is_loopback(host: str) -> bool:
    """Whether a host, in lower case and without brackets, is this machine by name or by address."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return str(address) == "::1" or (isinstance(address, ipaddress.IPv4Address) and address.is_loopback)


def _try_split(url: str) -> _Parts | None:
    try:
        return _split(url)
    except ValueError:
        return None


def _split(url: str) -> _Parts:
    # Of all whitespace, the plain space alone counts as printable.
    if not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("a URL contains no whitespace, control characters or backslashes")
    split = _URL.match(url)
    if split is None:
        raise ValueError("a URL begins with a scheme and a host, such as https://open.bigmodel.cn")
    scheme = split["scheme"].lower()
    authority = _AUTHORITY.fullmatch(split["authority"])
    host = _ascii_host(authority["host"]) if authority is not None else None
    if authority is None or host is None:
        raise ValueError("the URL has no host, or one that cannot be read")
    port = int(authority["port"]) if authority["port"] else _DEFAULT_PORTS.get(scheme)
    if port is None or not 0 < port <= _MAX_PORT:
        raise ValueError("the URL has an unknown scheme, or a port that does not exist")
    return _Parts(scheme, host, port, split["path"], authority["userinfo"] is not None)


def _ascii_host(host: str) -> str | None:
    """Give a host in ASCII and lower case, None when it is no host."""
    if host.startswith("["):
        try:
            return ipaddress.IPv6Address(host[1:-1]).compressed
        except ValueError:
            return None
    lower = host.lower()
    if not lower.isascii():
        # httpx and httpx2 encode with this same library, so that both read one host in a name.
        import idna  # noqa: PLC0415 - needed for few URLs, and not light

        try:
            lower = idna.encode(lower).decode("ascii")
        except idna.IDNAError:
            return None
    lower = lower.removesuffix(".")
    return lower if _HOST.fullmatch(lower) else None
