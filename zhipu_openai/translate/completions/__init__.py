"""Legacy completions, served by chat: the request, the answer and the stream."""

from __future__ import annotations

from .operation import create

__all__ = ["create"]
