"""What Zhipu has and OpenAI has no name for: ``client.zhipu``.

Each group is a resource in openai's own style: keyword arguments, typed results, ``with_raw_response``, the
client's errors and retries. ``operations`` lists every entry of the platform's API and the call that serves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._room import AsyncZhipu as AsyncZhipu
    from ._room import Zhipu as Zhipu

__all__ = ["AsyncZhipu", "Zhipu"]


def __getattr__(name: str) -> Any:
    """Import the classes when they are asked for, so that the tables here can be read without openai."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _room  # noqa: PLC0415 - as said

    return getattr(_room, name)
