"""Requests under way in threads that nobody waits for any more: they are cut, so that their threads end."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from .limits import GivenUp

if TYPE_CHECKING:
    from collections.abc import Iterator


class GivingUp(threading.Event):
    """Set when nobody waits for some requests any more; what is then under way is cut."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        super().__init__()
        self._under_way: list[tuple[Any, Any]] = []
        # Entered again if the garbage collector ends a stream in the thread that holds it.
        self._lock = threading.RLock()

    @contextmanager
    def watching(self, client: Any, request: Any) -> Iterator[None]:
        """Have a request cut, if need be, while it is sent and answered.

        Args:
            client: The client that sends it.
            request: The request.

        Raises:
            GivenUp: It is not wanted any more.
        """
        entry = (client, request)
        with self._lock:
            self._under_way.append(entry)
        try:
            if self.is_set():
                raise GivenUp
            yield
        finally:
            with self._lock:
                self._under_way = [one for one in self._under_way if one is not entry]

    def set(self) -> None:
        """Give up: cut what is under way."""
        super().set()
        with self._lock:
            under_way = list(self._under_way)
        for client, request in under_way:
            cut_request(client, request)


def cut_request(client: Any, request: Any) -> None:
    """End the wait for the answer to a request that another thread has sent.

    The connection is found by private names of httpx and httpcore, since no public one leads from a request to
    it. Where they are not as known, and where other requests share the connection, nothing happens.
    """
    with suppress(Exception):
        pool = client._transport_for_url(request.url)._pool  # noqa: SLF001 - see above
        for pending in list(pool._requests):  # noqa: SLF001 - see above
            if pending.request.extensions is not request.extensions or pending.connection is None:
                continue
            connection = pending.connection
            while not hasattr(connection, "_h11_state"):
                connection = connection._connection  # noqa: SLF001 - see above
            sock = connection._network_stream.get_extra_info("socket")  # noqa: SLF001 - see above
            if isinstance(sock, socket.socket):
                # The plain socket's method: that of a TLS socket takes its state away from under the reader.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
