"""The HTTP library that openai uses: httpx below openai 3, httpx2 from 3 on.

Both have the same shapes. Which one serves a call is decided by the client in use, never by what can be
imported: with openai 2.54 both may be installed, and openai 3 still takes a client of httpx.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import openai

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

_NAMES: Final = ("httpx2", "httpx")

Kind: TypeAlias = Literal["Client", "AsyncClient"]
"""The libraries' own names for their sync and their async client."""


@dataclass(frozen=True, slots=True)
class Library:
    """One HTTP library and the few classes that the boundary needs built on it."""

    module: Any
    SyncClient: Any
    AsyncClient: Any
    SyncBody: Any
    AsyncBody: Any
    Answer: Any


def openai_library() -> Library:
    """Return the library that the installed openai builds its own clients on."""
    return _library(module_of(openai.DefaultHttpxClient))


def library_of(client: object, kind: Kind) -> Library:
    """Return the library a client comes from.

    Raises:
        TypeError: The object is no client of httpx or httpx2, or one of the other kind.
    """
    module = module_of(type(client))
    if not isinstance(client, getattr(module, kind, ())):
        raise TypeError(_unusable(type(client), f"a {module.__name__}.{kind}"))
    return _library(module)


def module_of(cls: type) -> ModuleType:
    """Give the library that a class comes from.

    Raises:
        TypeError: It comes from neither.
    """
    for base in cls.__mro__:
        name = base.__module__.partition(".")[0]
        if name in _NAMES:
            return sys.modules[name]
    raise TypeError(_unusable(cls, "a client of httpx or httpx2"))


def _unusable(cls: type, expected: str) -> str:
    return f"Invalid `http_client` argument; expected {expected} but got {cls.__module__}.{cls.__qualname__}"


@lru_cache(maxsize=2)
def _library(module: Any) -> Library:
    class SyncClient(module.Client):  # type: ignore[misc]  # the base is chosen at run time
        """A client whose transport is the boundary; closed when the client below it is."""

        boundary: Any = None

        @property
        def is_closed(self) -> bool:
            """Whether this client or the one below it was closed."""
            return bool(super().is_closed or self.boundary.inner.is_closed)

    class AsyncClient(module.AsyncClient):  # type: ignore[misc]  # the base is chosen at run time
        """The async twin."""

        boundary: Any = None

        @property
        def is_closed(self) -> bool:
            """Whether this client or the one below it was closed."""
            return bool(super().is_closed or self.boundary.inner.is_closed)

    class SyncBody(module.SyncByteStream):  # type: ignore[misc]  # the base is chosen at run time
        """A response body that comes from a relay."""

        def __init__(self, relay: Any) -> None:
            self._relay = relay

        def __iter__(self) -> Iterator[bytes]:
            return iter(self._relay)

        def close(self) -> None:
            """Close the relay, and with it the upstream response."""
            self._relay.close()

    class AsyncBody(module.AsyncByteStream):  # type: ignore[misc]  # the base is chosen at run time
        """The async twin."""

        def __init__(self, relay: Any) -> None:
            self._relay = relay

        def __aiter__(self) -> AsyncIterator[bytes]:
            iterator: AsyncIterator[bytes] = self._relay.__aiter__()
            return iterator

        async def aclose(self) -> None:
            """Close the relay, and with it the upstream response."""
            await self._relay.aclose()

    class Answer(module.Response):  # type: ignore[misc]  # the base is chosen at run time
        """A response whose JSON was decoded already: the first who asks for it gets that."""

        decoded: Any = None

        def json(self, **options: Any) -> Any:
            """Decode the content."""
            decoded, self.decoded = self.decoded, None
            return super().json(**options) if decoded is None or options else decoded

    return Library(module, SyncClient, AsyncClient, SyncBody, AsyncBody, Answer)
