"""What clients are made with on every machine of a fleet; never a key."""

from __future__ import annotations

import os
import threading
from dataclasses import InitVar, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from .travelling import check_headers, usable_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    import openai

    from zhipu_openai.adaptation import Policy
    from zhipu_openai.client import AsyncOpenAI, OpenAI, StandInUse
    from zhipu_openai.endpoints import EndpointName
    from zhipu_openai.limits import Limiter
    from zhipu_openai.settings import Auth, RegionChoice, ResponsesMode


@dataclass(frozen=True, eq=False)
class ClientSettings:
    """What clients are to be made with, on whichever machine they are used.

    It is made once, pickled to the workers (by pickle, cloudpickle, multiprocessing, Dask …), and makes a client
    there. It carries no key: each process finds its own, in its environment or in its ``.env``. What is not
    given here is found there too.

    Args:
        region: See OpenAI; so are all that have the names of its arguments.
        standin: When to use the embedded stand-in: ``"never"``, ``"without_key"`` or ``"always"``.
        default_headers: Headers of every request. They travel as they are, so none that holds a credential is taken.
        api_key: Not taken.

    Raises:
        TypeError: A key is given.
        ValueError: A header is one for credentials.
    """

    region: RegionChoice | None = None
    endpoint: EndpointName | None = None
    base_url: str | None = None
    auth: Auth | None = None
    on_adaptation: Policy | None = None
    max_concurrency: int | Limiter | None = None
    model_aliases: Mapping[str, str] | None = None
    responses: ResponsesMode | None = None
    fast_streams: bool | None = None
    timeout: float | openai.Timeout | None = None
    max_retries: int | None = None
    default_headers: Mapping[str, str] | None = None
    default_query: Mapping[str, object] | None = None
    standin: StandInUse = "never"
    api_key: InitVar[None] = None

    def __post_init__(self, api_key: object) -> None:
        """Check the arguments."""
        if api_key is not None:
            raise TypeError(
                "ClientSettings takes no api_key: it is pickled, and a key in it would lie in queues, caches and "
                "logs. Set ZAI_API_KEY in the environment or the .env of each worker."
            )
        check_headers(self.default_headers)

    def client(self) -> OpenAI:
        """Give this process's client with these settings, made at the first use; its threads may share it.

        Raises:
            openai.OpenAIError: This process finds no key.
        """
        made = _clients.get(self._identity())
        if made is None:
            with _lock:
                made = _clients.get(self._identity())
                if made is None:
                    made = _clients[self._identity()] = self.create_client()
        return made

    def create_client(self) -> OpenAI:
        """Make a client of one's own.

        Raises:
            openai.OpenAIError: This process finds no key.
        """
        from zhipu_openai.client import create_client  # noqa: PLC0415 - where a client is made

        return create_client(**self._options())

    def create_async_client(self) -> AsyncOpenAI:
        """Make an async client; its connections belong to the event loop that it is used on.

        Raises:
            openai.OpenAIError: This process finds no key.
        """
        from zhipu_openai.client import create_async_client  # noqa: PLC0415 - where a client is made

        return create_async_client(**self._options())

    def _options(self) -> dict[str, Any]:
        return usable_options({one.name: getattr(self, one.name) for one in fields(self)})

    def _identity(self) -> tuple[object, ...]:
        """Give what settings that are equal have in common, after pickling too."""
        return tuple(
            (name, value if isinstance(value, (str, int, float)) else repr(value))
            for name, value in self._options().items()
        )


_clients: Final[dict[tuple[object, ...], OpenAI]] = {}
_lock = threading.Lock()


def _begin_anew() -> None:
    """Leave the clients of a process to it: their connections are no place for two."""
    global _lock  # noqa: PLW0603 - the parent's may be held by a thread that a fork has not
    _lock = threading.Lock()
    _inherited.extend(_clients.values())
    _clients.clear()


_inherited: Final[list[OpenAI]] = []
"""Kept, so that no fork closes a connection of its parent's."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
