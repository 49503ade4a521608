"""The websockets library's connect, sync and async, following no redirect: a key is not taken to where one points."""

from __future__ import annotations

from inspect import signature
from typing import Any

from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import SecurityError
from websockets.sync import client as sync_client


class _Direct:
    """Connects to the address given and to no other."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Let a redirect be the error that it is."""
        return exc

    def handle_redirect(self, _uri: str) -> Any:
        """Follow none; what websockets 13 asks."""
        raise SecurityError("redirects are not followed with a key")


class AsyncDirect(_Direct, connect_async):
    """The async connect; to be awaited."""


def connect_directly(url: str, **options: Any) -> Any:
    """Connect with the sync client."""
    # From 17 on the sync client follows redirects too, and has a class in which that is decided.
    base: Any = getattr(sync_client, "reconnect", None)
    if base is None:
        if "max_queue" not in signature(sync_client.connect).parameters:
            options.pop("max_queue", None)  # of websockets 14
        return sync_client.connect(url, **options)
    connecting: Any = type("SyncDirect", (_Direct, base), {})(url, **options)
    return connecting.__enter__()
