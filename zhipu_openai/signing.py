"""Tokens of Zhipu's older authentication: a short-lived JWT made from a key of the form ``id.secret``.

Zhipu takes the whole key as a bearer token, which is the usual way. The JWT form keeps the secret itself
off the wire and is still documented.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Final

from .forks import lock

if TYPE_CHECKING:
    from collections.abc import Callable

REUSE: Final = 180.0
"""Seconds that a token is given out again. Source: Zhipu's own SDKs reuse one for about 3 minutes (2026-11-23)."""

LIFETIME: Final = 210.0
"""Seconds that a token is valid: 30 more than it is reused, for a request on its way and clocks that differ."""

_CACHE_LIMIT: Final = 64


def split_key(key: str) -> tuple[str, str]:
    """Split a key into its id and its secret.

    Raises:
        ValueError: The key is not of the form ``id.secret``. The message does not quote it.
    """
    key_id, _, secret = key.partition(".")
    if not key_id or not secret or "." in secret or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError(
            'A key of the form id.secret is needed to sign a JWT; this one is not. Use auth="bearer" for other keys.'
        )
    return key_id, secret


def sign(key: str, *, lifetime: float = LIFETIME, now: float | None = None) -> str:
    """Make a token from a key, in the form that Zhipu documents for its HTTP API (read 2026-11-23).

    HS256 over the header ``{"alg":"HS256","sign_type":"SIGN"}`` and the claims ``api_key`` (the id), ``exp``
    and ``timestamp``, both in milliseconds since 1970.

    Args:
        key: ``id.secret``.
        lifetime: Seconds until the token expires, greater than 0.
        now: Seconds since 1970; by default the present.

    Raises:
        ValueError: The key is not of that form, or the lifetime is not positive.
    """
    key_id, secret = split_key(key)
    if not lifetime > 0:
        raise ValueError("lifetime is a number of seconds greater than 0")
    issued = time.time() if now is None else now
    header = {"alg": "HS256", "sign_type": "SIGN"}
    claims = {"api_key": key_id, "exp": round((issued + lifetime) * 1000), "timestamp": round(issued * 1000)}
    signed = f"{_segment(_json(header))}.{_segment(_json(claims))}"
    signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_segment(signature)}"


class TokenSigner:
    """Signs keys and reuses each token for about three minutes; may be shared between threads."""

    def __init__(
        self, *, lifetime: float = LIFETIME, reuse: float = REUSE, clock: Callable[[], float] = time.time
    ) -> None:
        """Make a signer.

        Args:
            lifetime: Seconds until a token expires, greater than 0.
            reuse: Seconds that a token is given out again; less than ``lifetime``.
            clock: Gives the seconds since 1970.

        Raises:
            ValueError: ``reuse`` is not below ``lifetime``, or one of them is out of range.
        """
        if not 0 <= reuse < lifetime:
            raise ValueError("reuse is at least 0 and less than lifetime, both in seconds")
        self._lifetime = lifetime
        self._reuse = reuse
        self._clock = clock
        self._lock = lock()
        self._tokens: dict[str, tuple[float, str]] = {}

    def token(self, key: str) -> str:
        """Give a token for a key that is valid for at least ``lifetime - reuse`` seconds more.

        Raises:
            ValueError: The key is not of the form ``id.secret``. The message does not quote it.
        """
        with self._lock:
            now = self._clock()
            issued, token = self._tokens.get(key, (0.0, ""))
            if token and self._fresh(issued, now):
                return token
            token = sign(key, lifetime=self._lifetime, now=now)
            # Keys from a callable may change for ever; only those still of use are kept.
            self._tokens = {k: v for k, v in self._tokens.items() if self._fresh(v[0], now)}
            if len(self._tokens) >= _CACHE_LIMIT:
                self._tokens.clear()
            self._tokens[key] = (now, token)
            return token

    def _fresh(self, issued: float, now: float) -> bool:
        # A clock that was set back makes an age negative: such a token may be refused as from the future.
        return 0 <= now - issued < self._reuse


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
