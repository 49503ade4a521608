"""Zhipu's own operations, in Zhipu's own form: sent to the root that is meant, and checked."""

from __future__ import annotations

from .chat_jobs import create_chat, retrieve_chat
from .serve import serve

__all__ = ["create_chat", "retrieve_chat", "serve"]
