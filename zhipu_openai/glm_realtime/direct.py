"""The websockets library's async connect, which follows no redirect: a key is not taken to where one points."""

from __future__ import annotations

from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import SecurityError


class connect_directly(connect):  # noqa: N801 - used as the function that it extends
    """Connect to the address given and to no other."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Let a redirect be the error that it is."""
        return exc

    def handle_redirect(self, _uri: str) -> Any:
        """Follow none; what websockets 13 asks."""
        raise SecurityError("redirects are not followed with a key")
