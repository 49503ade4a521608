"""Which table of request fields belongs to which operation: for arguments whose values are not known.

The rows are the translation's own. What is here is only where they are.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Final

TABLES: Final[dict[str, str]] = {
    "chat:create": "chat.fields:FIELDS",
    "zhipu:create_chat": "chat.fields:FIELDS",
    "completions:create": "completions.fields:FIELDS",
    "responses.operation:create": "responses.fields:FIELDS",
    "embeddings:create": "embeddings:FIELDS",
    "moderations:create": "moderations:FIELDS",
    "images.operation:generate": "images.fields:FIELDS",
    "videos.operation:create": "videos.fields:FIELDS",
    "audio.speech:create": "audio.speech_fields:FIELDS",
    "audio.transcriptions:create": "audio.transcription_fields:FIELDS",
    "audio.translations:create": "audio.transcription_fields:FIELDS",
    "audio.voices:create": "audio.voices:FIELDS",
    "files:create": "files.fields:FILE_FIELDS",
    "files:list_files": "files.fields:LIST_FIELDS",
    "uploads:create": "uploads:UPLOAD_FIELDS",
    "uploads:complete": "uploads:UPLOAD_FIELDS",
    "batches:create": "batches.fields:BATCH_FIELDS",
    "vector_stores.stores:create_store": "vector_stores.fields:CREATE_FIELDS",
    "vector_stores.stores:update_store": "vector_stores.fields:UPDATE_FIELDS",
    "vector_stores.search:search": "vector_stores.fields:SEARCH_FIELDS",
    "vector_stores.files:create_file": "vector_stores.fields:FILE_FIELDS",
    "vector_stores.batches:create_batch": "vector_stores.fields:BATCH_FIELDS",
}
"""The table of an operation, each below ``translate``."""


@cache
def rows(operation: str | None) -> dict[str, Any]:
    """Give the rows of an operation's table by the names of their fields; none if it has no table."""
    if operation not in TABLES:
        return {}
    module, _, name = TABLES[operation].partition(":")
    table = getattr(import_module(f"zhipu_openai.translate.{module}"), name)
    return {row.name: row for row in table}
