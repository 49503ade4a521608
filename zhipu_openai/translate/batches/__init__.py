"""Batches: a file of requests in OpenAI's words, run by Zhipu, its results in OpenAI's words again."""

from __future__ import annotations

from .operation import cancel, create, list_batches, retrieve

__all__ = ["cancel", "create", "list_batches", "retrieve"]
