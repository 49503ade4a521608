"""openai's websockets that Zhipu does not serve: refused before one is opened.

A websocket passes by the boundary, and would carry the key to an address that is none of Zhipu's. What Zhipu
does serve, realtime, has its own room: glm_realtime.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import openai

from .errors import refusal
from .library import openai_library

if TYPE_CHECKING:
    from .errors import ErrorAnswer

NO_RESPONSES: Final = (
    "Zhipu serves no responses over a websocket; use client.responses.create, with stream=True."
)
NO_LIVE: Final = (
    "OpenAI's live sessions do not exist on Zhipu; talk with GLM-Realtime: client.realtime.connect."
)
NO_TRANSLATIONS: Final = "Zhipu has no realtime translation; connect with client.realtime and ask for a translation in the instructions."

_PARTS: Final = ("sideband", "forks")
"""What has connections of its own below a resource. Source: openai 3.54, client.live."""


def responses(resource: Any) -> Any:
    """Give openai's ``client.responses``, or that of its beta, without the websocket."""
    return without_sockets(resource, NO_RESPONSES)


def live(resource: Any) -> Any:
    """Give openai's ``client.live`` without the websockets."""
    return without_sockets(resource, NO_LIVE)


def without_sockets(resource: Any, reason: str) -> Any:
    """Give one of openai's resources anew; what opened a websocket refuses.

    Args:
        resource: The resource, which is given back as it is if the installed openai opens none by it.
        reason: What the caller is told.
    """
    base: Any = type(resource)
    if not hasattr(base, "connect") and not any(hasattr(base, part) for part in _PARTS):
        return resource
    return _refusing(base, reason)(resource._client)  # noqa: SLF001 - where openai keeps a resource's client


def bad_request(answer: ErrorAnswer, url: str) -> openai.APIStatusError:
    """Make openai's exception of an answer of ours to a websocket that is not opened.

    Args:
        answer: The answer.
        url: Where the websocket would have gone.
    """
    library = openai_library().module
    response = library.Response(answer.status, json=answer.body, request=library.Request("GET", url))
    kind = openai.AuthenticationError if answer.status == 401 else openai.BadRequestError  # noqa: PLR2004 - HTTP's
    return kind(f"Error code: {answer.status} - {answer.body}", response=response, body=answer.body["error"])


@lru_cache(maxsize=16)
def _refusing(base: Any, reason: str) -> Any:
    members: dict[str, Any] = {"__doc__": base.__doc__, "__module__": __name__}
    if hasattr(base, "connect"):
        members["connect"] = _connect(base, reason)
    for part in _PARTS:
        if hasattr(base, part):
            members[part] = _part(base, part, reason)
    return type(base.__name__, (base,), members)


def _connect(base: Any, reason: str) -> Any:
    known = signature(base.connect)

    def connect(self: Any, *given: Any, **named: Any) -> Any:
        """Refuse.

        Raises:
            openai.BadRequestError: Always.
        """
        known.bind(self, *given, **named)
        answer = refusal(reason, param=None, code="unsupported_operation")
        raise bad_request(answer, str(self._client.base_url))

    connect.__signature__ = known  # type: ignore[attr-defined]  # what tools show of it
    return connect


def _part(base: Any, name: str, reason: str) -> Any:
    def part(self: Any) -> Any:
        return without_sockets(getattr(super(type(self), self), name), reason)

    made = cached_property(part)
    made.__set_name__(base, name)
    return made
