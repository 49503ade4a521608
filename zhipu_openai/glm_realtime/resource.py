"""openai's realtime resources and connection managers, made to open connections to Zhipu.

The seam is the manager that ``connect()`` returns: it is openai's own, with the one step replaced that opens
the websocket. Releases that have that step as a method (``_connect_ws``) keep everything around it: queued
messages, handlers, reconnecting. In the others the manager is entered and left here. An openai that works in
neither way is refused, rather than let speak OpenAI's protocol to Zhipu.
"""

from __future__ import annotations

import sys
from functools import cached_property, lru_cache
from inspect import iscoroutinefunction, signature
from typing import TYPE_CHECKING, Any

import openai

from zhipu_openai._no_sockets import NO_TRANSLATIONS, without_sockets

from .opening import Opening

if TYPE_CHECKING:
    from .state import Dialect


@lru_cache(maxsize=4)
def resource_class(base: Any, dialect: Dialect) -> Any:
    """Make the resource for one of openai's four.

    Args:
        base: openai's Realtime or AsyncRealtime, of GA or of the beta.
        dialect: Which of the two protocols it speaks.
    """
    module = sys.modules[base.__module__]
    prefix = "Async" if base.__name__.startswith("Async") else ""
    manager = manager_class(
        getattr(module, f"{prefix}RealtimeConnectionManager", None),
        getattr(module, f"{prefix}RealtimeConnection", None),
    )
    other = getattr(module, f"{prefix}Translations", None)
    known = signature(base.connect)

    class Realtime(base):  # type: ignore[misc]  # the base is chosen at run time
        """openai's resource, connected to Zhipu."""

        def connect(self, **given: Any) -> Any:
            """Open a session with GLM-Realtime; takes what openai's own takes.

            Returns:
                openai's connection manager: enter it by ``with``, or by ``enter()``.

            Raises:
                openai.BadRequestError: Zhipu has no realtime where this client goes, or no such session.
                openai.OpenAIError: The installed openai works in a way that is not known here.
            """
            bound = known.bind(self, **given)
            bound.apply_defaults()
            arguments = {name: value for name, value in bound.arguments.items() if name != "self"}
            if manager is None:
                raise openai.OpenAIError(
                    f"openai {openai.__version__} opens realtime connections in a way that this release of "
                    "zhipu_openai does not know; install one of 1.99 to 3.54."
                )
            opening = Opening(self._client, dialect, arguments)
            return manager(opening, {"client": self._client, **arguments})

        if other is not None:

            @cached_property
            def translations(self) -> Any:
                """Realtime translation, which Zhipu has not."""
                return without_sockets(other(self._client), NO_TRANSLATIONS)

    Realtime.connect.__signature__ = known  # type: ignore[attr-defined]  # what tools show of it
    return Realtime


def manager_class(base: Any, connection: Any) -> Any:
    """Make the manager for one of openai's; None when it works in a way that is not known."""
    if base is None or connection is None:
        return None
    opens = getattr(base, "_connect_ws", None)
    if opens is not None:
        if list(signature(opens).parameters) != ["self", "extra_query", "extra_headers"]:
            return None
        return _replacing_async(base) if iscoroutinefunction(opens) else _replacing(base)
    if list(signature(connection.__init__).parameters) != ["self", "connection"]:
        return None
    is_async = hasattr(base, "__aenter__")
    return _entering_async(base, connection) if is_async else _entering(base, connection)


def _replacing(base: Any) -> Any:
    class Manager(base):  # type: ignore[misc]  # the base is chosen at run time
        """openai's manager; its websocket goes to Zhipu."""

        def __init__(self, opening: Opening, given: dict[str, Any]) -> None:
            super().__init__(**given)
            self._opening = opening
            self._socket: Any = None

        def _connect_ws(self, extra_query: Any, extra_headers: Any) -> Any:
            self._socket = self._opening.open(extra_query, extra_headers)
            return self._socket

        def __enter__(self) -> Any:
            """Connect; a message queued before that Zhipu cannot honour is raised here, where openai logs it."""
            connection = super().__enter__()
            if self._socket.refusal is not None:
                connection.close()
                raise self._socket.refusal
            return connection

        enter = __enter__

    return Manager


def _replacing_async(base: Any) -> Any:
    class Manager(base):  # type: ignore[misc]  # the base is chosen at run time
        """openai's async manager; its websocket goes to Zhipu."""

        def __init__(self, opening: Opening, given: dict[str, Any]) -> None:
            super().__init__(**given)
            self._opening = opening
            self._socket: Any = None

        async def _connect_ws(self, extra_query: Any, extra_headers: Any) -> Any:
            self._socket = await self._opening.open_async(extra_query, extra_headers)
            return self._socket

        async def __aenter__(self) -> Any:
            """Connect; see the sync twin."""
            connection = await super().__aenter__()
            if self._socket.refusal is not None:
                await connection.close()
                raise self._socket.refusal
            return connection

        enter = __aenter__

    return Manager


def _entering(base: Any, connection: Any) -> Any:
    class Manager(base):  # type: ignore[misc]  # the base is chosen at run time
        """openai's manager, entered and left here."""

        def __init__(self, opening: Opening, given: dict[str, Any]) -> None:
            super().__init__(**given)
            self._opening = opening
            self._given = given
            self._entered: Any = None

        def __enter__(self) -> Any:
            """Connect."""
            socket = self._opening.open(self._given["extra_query"], self._given["extra_headers"])
            self._entered = connection(socket)
            return self._entered

        enter = __enter__

        def __exit__(self, *_: object) -> None:
            """Close what was connected."""
            if self._entered is not None:
                self._entered.close()

    return Manager


def _entering_async(base: Any, connection: Any) -> Any:
    class Manager(base):  # type: ignore[misc]  # the base is chosen at run time
        """openai's async manager, entered and left here."""

        def __init__(self, opening: Opening, given: dict[str, Any]) -> None:
            super().__init__(**given)
            self._opening = opening
            self._given = given
            self._entered: Any = None

        async def __aenter__(self) -> Any:
            """Connect."""
            socket = await self._opening.open_async(self._given["extra_query"], self._given["extra_headers"])
            self._entered = connection(socket)
            return self._entered

        enter = __aenter__

        async def __aexit__(self, *_: object) -> None:
            """Close what was connected."""
            if self._entered is not None:
                await self._entered.close()

    return Manager
