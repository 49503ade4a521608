"""What Zhipu has and OpenAI has no name for: ``client.zhipu``.

Each group is a resource in openai's own style: keyword arguments, typed results, ``with_raw_response``, the
client's errors and retries. ``operations`` lists every entry of the platform's API and the call that serves it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from . import operations as operations
    from . import tools as tools
    from ._room import AsyncZhipu as AsyncZhipu
    from ._room import Zhipu as Zhipu

__all__ = ["AsyncZhipu", "Zhipu", "operations", "tools"]

_MODULES: Final = frozenset({"operations", "tools"})


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is, so that the tables here can be read without openai."""
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("._room", __name__), name)
