"""The client below the boundary: the caller's own, the one that a copy shares, or one that is made here."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakSet, finalize

import openai

from .forks import begins_anew, lock
from .library import openai_library

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .settings import Settings

log = logging.getLogger("zhipu_openai")


class Below:
    """A client to send through, shared by all that send through it."""

    made_here = False

    def __init__(self, client: Any, *, stands_in: bool = False, callers: bool = False) -> None:
        """Keep the client, and whether it is the caller's own."""
        self._client = client
        self.stands_in = stands_in
        self.callers = callers
        # Streams that threads of ours read: closing a client does not wake a thread that waits for its next byte.
        self.read_by_threads: WeakSet[Any] = WeakSet()

    @property
    def client(self) -> Any:
        """The client to send through."""
        return self._client


class OwnBelow(Below):
    """A client that is made here, and closed when nobody shares it any more, as openai's own is.

    A forked process makes another, since its parent goes on using the sockets of this one.
    """

    made_here = True

    def __init__(self, make: Callable[[], Any], close: Callable[[Any], None]) -> None:
        """Make the client; ``close`` is given it at the end."""
        super().__init__(None)
        self._make = make
        self._close = close
        self._lock = lock()
        self._client = self._made()
        begins_anew(self)

    @property
    def client(self) -> Any:
        """The client to send through, made when a forked process first needs it."""
        if self._client is None:
            with self._lock:
                self._client = self._client or self._made()
        return self._client

    def begin_anew(self) -> None:
        """Let go of the parent's client."""
        if self._client is not None and not self._client.is_closed:
            self._finalizer.detach()
            # Kept as it is: whatever closed it here might wait for the parent's threads, or speak on its sockets.
            _parents.append(self._client)
            self._client = None
            self.read_by_threads = WeakSet()

    def _made(self) -> Any:
        client = self._make()
        # Unlike a __del__ of the client, this keeps its connections whole until they are closed.
        self._finalizer = finalize(self, self._close, client)
        self._finalizer.atexit = self._close is _close
        return client


_parents: list[Any] = []
"""Clients of the process that this one was forked from."""


def sync_below(http_client: Any, settings: Settings, given: Mapping[str, Any]) -> Below:
    """Find or make the client for a sync client with these settings and arguments."""
    found = _found(http_client, settings)
    if found is not None:
        return found
    if settings.region == "standin":
        from . import standin  # noqa: PLC0415 - a room of its own

        return _standing_in(standin.client)
    return OwnBelow(partial(openai.DefaultHttpxClient, **_timeout(given)), _close)


def async_below(http_client: Any, settings: Settings, given: Mapping[str, Any]) -> Below:
    """Find or make the client for an async client with these settings and arguments."""
    found = _found(http_client, settings)
    if found is not None:
        return found
    if settings.region == "standin":
        from . import standin  # noqa: PLC0415 - a room of its own

        return _standing_in(standin.async_client)
    return OwnBelow(partial(openai.DefaultAsyncHttpxClient, **_timeout(given)), _close_async)


def _found(http_client: Any, settings: Settings) -> Below | None:
    """Take the caller's client, or the one below the boundary that it carries.

    None when one is to be made: nothing was given, a copy enters or leaves the stand-in, or the stand-in is
    asked for, which is reached through no network and so through no client of the caller's but its own.
    """
    stands_in = settings.region == "standin"
    boundary = getattr(http_client, "boundary", None)
    if boundary is not None:
        below: Below = boundary.below
        return below if below.stands_in == stands_in else None
    if http_client is None or (stands_in and not getattr(http_client, "stands_in", False)):
        return None
    return Below(http_client, stands_in=stands_in, callers=True)


def _standing_in(make: Callable[[Any, Any], Any]) -> Below:
    from . import standin  # noqa: PLC0415 - a room of its own

    if "standin" not in _announced:
        _announced.add("standin")
        log.warning("Running on the embedded stand-in: no model answers, and nothing leaves this process.")
    return Below(make(standin.default_service(), openai_library().module), stands_in=True)


_announced: set[str] = set()


def _timeout(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the lower client the timeout that openai would give its own."""
    timeout = given.get("timeout", openai.NOT_GIVEN)
    if hasattr(timeout, "as_dict"):
        # openai 3 takes a timeout of httpx too.
        timeout = openai.Timeout(**timeout.as_dict())
    usable = timeout is None or isinstance(timeout, (int, float)) or hasattr(timeout, "read")
    return {"timeout": timeout} if usable else {}


def _close(client: Any) -> None:
    with suppress(Exception):
        client.close()


_closing: set[asyncio.Task[None]] = set()


def _close_async(client: Any) -> None:
    """Close on the running loop; without one there is no closing, as with openai's own client."""
    with suppress(RuntimeError):
        task = asyncio.get_running_loop().create_task(client.aclose())
        _closing.add(task)
        task.add_done_callback(_closing.discard)
