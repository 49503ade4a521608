"""The client below the boundary: the caller's own, the one that a copy shares, or one that is made here."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakSet, finalize

import openai

from .library import openai_library

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .settings import Settings

log = logging.getLogger("zhipu_openai")


class Below:
    """A client to send through, shared by all that send through it.

    One that was made here is closed when nobody shares it any more, as openai's own is.
    """

    def __init__(
        self,
        client: Any,
        *,
        stands_in: bool = False,
        callers: bool = False,
        closes: Callable[[Any], None] | None = None,
    ) -> None:
        """Keep the client, and whether it is the caller's own; ``closes`` is given one of ours at the end."""
        self.client = client
        self.stands_in = stands_in
        # Streams that threads of ours read: closing a client does not wake a thread that waits for its next byte.
        self.read_by_threads: WeakSet[Any] = WeakSet()
        self.made_here = closes is not None
        self.callers = callers
        if closes is not None:
            # Unlike a __del__ of the client, this keeps its connections whole until they are closed.
            finalize(self, closes, client).atexit = closes is _close


def sync_below(http_client: Any, settings: Settings, given: Mapping[str, Any]) -> Below:
    """Find or make the client for a sync client with these settings and arguments."""
    found = _found(http_client, settings)
    if found is not None:
        return found
    if settings.region == "standin":
        from . import standin  # noqa: PLC0415 - a room of its own

        return _standing_in(standin.client)
    return Below(openai.DefaultHttpxClient(**_timeout(given)), closes=_close)


def async_below(http_client: Any, settings: Settings, given: Mapping[str, Any]) -> Below:
    """Find or make the client for an async client with these settings and arguments."""
    found = _found(http_client, settings)
    if found is not None:
        return found
    if settings.region == "standin":
        from . import standin  # noqa: PLC0415 - a room of its own

        return _standing_in(standin.async_client)
    return Below(openai.DefaultAsyncHttpxClient(**_timeout(given)), closes=_close_async)


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
