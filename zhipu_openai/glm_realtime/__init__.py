"""GLM-Realtime as OpenAI's realtime API: ``client.realtime.connect`` and ``client.beta.realtime.connect``.

Websockets do not pass by the boundary, so they have a translation of their own: ``translator`` (pure, over the
tables in ``client_events``, ``server_events`` and ``session_fields``) between openai's connection objects and
the one adapter that does I/O, ``sockets``. Nothing of it is imported before a connection is asked for.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any


def realtime(client: Any) -> Any:
    """Give what ``client.realtime`` is: openai's resource, whose connections speak to Zhipu.

    Raises:
        AttributeError: The installed openai has no such resource.
    """
    try:
        module = import_module("openai.resources.realtime")
    except ModuleNotFoundError:
        raise AttributeError(
            f"{type(client).__name__!r} object has no attribute 'realtime': this release of openai has "
            "client.beta.realtime alone",
            name="realtime",
            obj=client,
        ) from None
    from .resource import resource_class  # noqa: PLC0415 - at the first use

    return resource_class(getattr(module, f"{_prefix(client)}Realtime"), "ga")(client)


def beta(client: Any) -> Any:
    """Give what ``client.beta`` is: openai's resource, whose ``realtime`` speaks to Zhipu."""
    return _beta_class(getattr(import_module("openai.resources.beta"), f"{_prefix(client)}Beta"))(client)


def _prefix(client: Any) -> str:
    from openai import AsyncOpenAI  # noqa: PLC0415 - the client is one, so it is imported

    return "Async" if isinstance(client, AsyncOpenAI) else ""


@lru_cache(maxsize=2)
def _beta_class(base: Any) -> Any:
    class Beta(base):  # type: ignore[misc]  # the base is chosen at run time
        """openai's client.beta."""

        @cached_property
        def realtime(self) -> Any:
            """GLM-Realtime in OpenAI's beta protocol."""
            from .resource import resource_class  # noqa: PLC0415 - at the first use

            module = import_module("openai.resources.beta.realtime")
            return resource_class(getattr(module, f"{_prefix(self._client)}Realtime"), "beta")(self._client)

        if hasattr(base, "responses"):

            @cached_property
            def responses(self) -> Any:
                """The beta of OpenAI's Responses API, over HTTP alone."""
                from zhipu_openai import _no_sockets  # noqa: PLC0415 - at the first use

                return _no_sockets.responses(super().responses)

    return Beta
