"""Zhipu's Responses API, at its root ``/api/v1``: what it takes, refuses and answers.

The shapes are those of recorded traffic (open.bigmodel.cn, 2026-10-09) and, for calls and searches, whose bytes
are not recorded, of docs.bigmodel.cn (2026-11-23). What is said is what chat completions would say.
"""

from __future__ import annotations

from .resource import create, delete, list_input_items, retrieve, unauthorized

__all__ = ["create", "delete", "list_input_items", "retrieve", "unauthorized"]
