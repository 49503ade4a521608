"""Files: uploaded with OpenAI's purposes, listed over Zhipu's, downloaded with batch results translated."""

from __future__ import annotations

from .content import content
from .create import create
from .listing import delete, list_files, retrieve

__all__ = ["content", "create", "delete", "list_files", "retrieve"]
