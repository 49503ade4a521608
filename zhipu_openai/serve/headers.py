"""Which headers pass: to Zhipu a few that say how to answer, to the client what Zhipu said of the answer. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    RawHeaders = Iterable[tuple[bytes, bytes]]

PASSED_ON: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-type",
        b"idempotency-key",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"range",
        b"user-agent",
        b"x-request-id",
        b"x-stainless-retry-count",
    }
)
"""The boundary takes out of these what Zhipu is not told. Whatever else a tool sends stays here: keys, cookies,
organisations, the addresses of browsers' pages, headers that are meant for other gateways."""

AS_IT_COMES: Final = ("x-stainless-raw-response", "stream")
"""Tells the boundary, which alone reads it, that the answer is read while it comes."""

KEPT_BACK: Final = frozenset(
    {
        b"alt-svc",
        b"connection",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-connection",
        b"server",
        b"set-cookie",
        b"strict-transport-security",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"vary",
    }
)
"""What an answer says of a connection or a host that is not this one."""

_ABOUT_ORIGINS: Final = b"access-control-"
"""Zhipu's word on which pages may read its answers does not hold for this machine."""

EXPOSED: Final = "retry-after, retry-after-ms, x-request-id, x-should-retry, x-zhipu-adaptations"
"""What a page of another origin may read beside the body, where it may read at all."""


def to_zhipu(given: RawHeaders) -> list[tuple[str, str]]:
    """Choose the headers of a request that go on."""
    kept = [(name.decode("ascii"), value.decode("latin-1")) for name, value in given if name in PASSED_ON]
    kept.append(AS_IT_COMES)
    return kept


def to_client(given: RawHeaders) -> list[tuple[bytes, bytes]]:
    """Choose the headers of an answer that go on."""
    kept = []
    for name, value in given:
        lower = name.lower()
        if lower not in KEPT_BACK and not lower.startswith(_ABOUT_ORIGINS):
            kept.append((lower, value))
    return kept


def values(given: RawHeaders, name: bytes) -> list[str]:
    """Give the values of a header, whose name is in lower case."""
    return [value.decode("latin-1") for one, value in given if one == name]
