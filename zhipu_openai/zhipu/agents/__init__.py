"""``client.zhipu.agents``: Zhipu's ready-made agents, for translation, slides, pictures, receipts and more.

``catalogue`` is the table of them. Each has a helper with keywords of its own; ``invoke`` and ``stream`` take any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .async_calls import AsyncAgents as AsyncAgents
    from .calls import Agents as Agents

__all__ = ["Agents", "AsyncAgents"]


def __getattr__(name: str) -> Any:
    """Import the classes when they are asked for, so that the catalogue can be read without openai."""
    if name == "Agents":
        from .calls import Agents  # noqa: PLC0415 - as said

        return Agents
    if name == "AsyncAgents":
        from .async_calls import AsyncAgents  # noqa: PLC0415 - as said

        return AsyncAgents
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
