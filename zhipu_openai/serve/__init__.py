"""The boundary as a local endpoint that speaks OpenAI's API: for other languages, other processes and tools.

``application`` is the ASGI application: it takes what comes under ``/v1``, checks who asks (``access``) and
what for (``paths``, ``headers``, ``body``), hands it to one async client of ours and passes the answer on as it
comes (``outlet``). ``connections`` guards the sockets, ``server`` runs it all, ``conversation`` is for realtime.
Needs the extra ``server``. Nothing here translates: that is the client's.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .access import Access
    from .application import Application
    from .limits import Limits
    from .server import ServedBoundary, serve

__all__ = ["Access", "Application", "Limits", "ServedBoundary", "serve"]

_HOMES = {
    "Access": "access",
    "Application": "application",
    "Limits": "limits",
    "ServedBoundary": "server",
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
