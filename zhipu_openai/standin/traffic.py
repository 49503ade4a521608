"""What goes in and out of the stand-in: requests, replies and the record of what was asked."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from . import wire

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from .service import StandIn

Language: TypeAlias = Literal["zh", "en"]
"""The language of error messages."""

_SECRET_HEADERS = frozenset({"api-key", "x-api-key", "cookie", "proxy-authorization"})


class Cut(Exception):  # noqa: N818 - a marker for transports, not an error of the caller's
    """Raised by a reply's body where the connection breaks without a proper end."""


@dataclass(slots=True)
class Reply:
    """An answer on the wire.

    ``body`` gives the bytes piece by piece: one event of a stream per piece. The pauses are data, so that
    a transport can sleep in its own way: ``delay`` seconds before the head, ``lead`` seconds before the
    first piece, ``pace`` seconds between pieces.
    """

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes]
    streams: bool = False
    delay: float = 0.0
    lead: float = 0.0
    pace: float = 0.0

    def read(self) -> bytes:
        """Return the whole body at once, without pauses.

        Raises:
            Cut: The connection breaks before the end.
        """
        return b"".join(self.body)

    def pieces(self, sleep: Callable[[float], None] = time.sleep) -> Iterator[bytes]:
        """Give the body piece by piece with its pauses."""
        for pause, piece in self._timed():
            if pause:
                sleep(pause)
            yield piece

    async def apieces(self, sleep: Callable[[float], Awaitable[None]]) -> AsyncIterator[bytes]:
        """Give the body piece by piece; ``sleep`` is awaited before each, so that other tasks may run."""
        for pause, piece in self._timed():
            await sleep(pause)
            yield piece

    def _timed(self) -> Iterator[tuple[float, bytes]]:
        pause = self.lead
        for piece in self.body:
            yield pause, piece
            pause = self.pace


def json_reply(request: Request, body: Any, *, sort_keys: bool = False) -> Reply:
    """Make an answer of JSON, with the headers that Zhipu's have."""
    content = wire.json_bytes(body, sort_keys=sort_keys)
    return Reply(200, wire.headers("json", request.id, request.now), [content])


@dataclass(frozen=True, slots=True)
class Request:
    """A request that has passed the door: its path is known and its key has the right shape.

    ``path`` is relative to ``root`` (``/api/paas/v4`` and the like) and ``groups`` holds the named groups
    of the resource's pattern. Header names are lower case; the key is not among them.
    """

    method: str
    root: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    id: str
    now: datetime
    language: Language
    groups: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Decode the body.

        Raises:
            ValueError: The body is not JSON in UTF-8.
        """
        return json.loads(self.body)


Answerer: TypeAlias = "Callable[[StandIn, Request], Reply]"
"""Who answers a resource."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A row of the resource table: what is asked for, and who answers.

    ``public`` says that no key is needed, as for the links to files that the service made. ``door`` refuses a
    call without a usable key, by its business code, where that is not done as in chat.
    """

    method: str
    roots: tuple[str, ...]
    pattern: re.Pattern[str]
    answer: Answerer
    public: bool = False
    door: Callable[[StandIn, Request, str], Reply] | None = None


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as the stand-in saw it, without its key.

    ``headers`` have lower-case names; of ``authorization`` only the scheme is kept (``Bearer ***``), and
    ``authorized`` says whether the key was accepted. ``json`` is None if the body is no JSON.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    authorized: bool
    json: Any
    time: datetime


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower the names of headers and blank the values that may hold a key."""
    kept: dict[str, str] = {}
    for name, value in headers.items():
        lowered = name.lower()
        if lowered == "authorization":
            scheme, _, rest = value.partition(" ")
            kept[lowered] = f"{scheme} ***" if rest else "***"
        else:
            kept[lowered] = "***" if lowered in _SECRET_HEADERS else value
    return kept
