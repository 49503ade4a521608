"""A stand-in for Zhipu's service, for trying things without a key and for tests.

It speaks Zhipu's wire as it is documented and recorded, refuses what Zhipu refuses, and has Zhipu's quirks
to be switched on by name. It is no model and says so in every answer.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .quirks import QUIRKS, Quirk, QuirkName
    from .server import BackgroundServer, create_app, serve
    from .service import Region, StandIn, default_service
    from .traffic import Cut, RecordedRequest, Reply
    from .transport import async_client, client

__all__ = [
    "QUIRKS",
    "BackgroundServer",
    "Cut",
    "Quirk",
    "QuirkName",
    "RecordedRequest",
    "Region",
    "Reply",
    "StandIn",
    "async_client",
    "client",
    "create_app",
    "default_service",
    "serve",
]

# Where each name lives: nothing is imported before it is asked for, so that pytest may start quickly.
_HOMES = {
    "QUIRKS": "quirks",
    "BackgroundServer": "server",
    "Cut": "traffic",
    "Quirk": "quirks",
    "QuirkName": "quirks",
    "RecordedRequest": "traffic",
    "Region": "service",
    "Reply": "traffic",
    "StandIn": "service",
    "async_client": "transport",
    "client": "transport",
    "create_app": "server",
    "default_service": "service",
    "serve": "server",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    """List the public names too."""
    return sorted({*globals(), *__all__})
