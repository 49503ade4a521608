"""What becomes of each request field of OpenAI's: a look-up over the tables by which requests are translated.

``lookup("chat.completions.create", "temperature")`` says what Zhipu gets, in which range, and how that is known.
The tables are the very ones that translate; nothing is written down twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import date

    from ._parameter_ranges import Range

__all__ = ["OPERATIONS", "Parameter", "ParameterNotFoundError", "every", "fields", "lookup"]

_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "chat.completions.create": ("chat.fields:FIELDS",),
    "chat.completions.create:messages": ("chat.messages:MESSAGE_FIELDS",),
    "completions.create": ("completions.fields:FIELDS", "chat.fields:FIELDS"),
    "responses.create": ("responses.fields:FIELDS",),
    "responses.create:native": ("responses.native:NATIVE_FIELDS",),
    "embeddings.create": ("embeddings:FIELDS",),
    "moderations.create": ("moderations:FIELDS",),
    "images.generate": ("images.fields:FIELDS",),
    "videos.create": ("videos.fields:FIELDS",),
    "audio.transcriptions.create": ("audio.transcription_fields:FIELDS",),
    "audio.translations.create": ("audio.transcription_fields:FIELDS",),
    "audio.speech.create": ("audio.speech_fields:FIELDS",),
    "audio.voices.create": ("audio.voices:FIELDS",),
    "files.create": ("files.fields:FILE_FIELDS",),
    "files.list": ("files.fields:LIST_FIELDS",),
    "uploads.create": ("uploads:UPLOAD_FIELDS",),
    "batches.create": ("batches.fields:BATCH_FIELDS",),
    "batches.create:lines": ("batches.fields:LINE_FIELDS",),
    "vector_stores.create": ("vector_stores.fields:CREATE_FIELDS",),
    "vector_stores.update": ("vector_stores.fields:UPDATE_FIELDS",),
    "vector_stores.search": ("vector_stores.fields:SEARCH_FIELDS",),
    "vector_stores.files.create": ("vector_stores.fields:FILE_FIELDS",),
    "vector_stores.file_batches.create": ("vector_stores.fields:BATCH_FIELDS",),
    "realtime.connect": ("..glm_realtime.session_fields:FIELDS",),
}
"""By operation, the tables that apply: a field is looked for in the first, then in the next."""

OPERATIONS: Final[tuple[str, ...]] = tuple(_TABLES)
"""The operations whose fields can be looked up: the methods of the client. What stands behind a colon are parts of
one: the fields of a message or of a batch's line, and the request to Zhipu's own Responses API."""

_SAME: Final = (".stream", ".parse")
"""Ways to call ``create`` that take the same fields."""


class ParameterNotFoundError(LookupError):
    """There is no such operation, or no row for the field; the message says what happens to such a field."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What becomes of one field of a request.

    Attributes:
        operation: The method of the client.
        name: The field, in OpenAI's word.
        verdict: "same", "translated", "emulated", "approximated", "dropped" or "refused".
        what: What Zhipu gets, or why it gets nothing, in English.
        what_zh: The same in Chinese.
        range: Which values it may have; None where no numeric bound is known.
        source: Where the fact is from.
        seen: Day on which the source was true.
    """

    operation: str
    name: str
    verdict: str
    what: str
    what_zh: str
    range: Range | None
    source: str
    seen: date


def lookup(operation: str, name: str) -> Parameter:
    """Look up one field of one operation.

    Args:
        operation: A method of the client, with or without ``client.``; see OPERATIONS.
        name: The field.

    Raises:
        ParameterNotFoundError: No row is there for it.
    """
    found = next((row for row in fields(operation) if row.name == name), None)
    if found is None:
        raise ParameterNotFoundError(
            f"{_known(operation)} has no row for {name}. A field in no row is Zhipu's own, or newer than the table: "
            "chat, images, videos and realtime send it as it is."
        )
    return found


def fields(operation: str) -> tuple[Parameter, ...]:
    """Give every field of one operation, in the order in which they are translated.

    Raises:
        ParameterNotFoundError: No operation of that name has a table.
    """
    return _fields(_known(operation))


@cache
def _fields(known: str) -> tuple[Parameter, ...]:
    from ._parameter_ranges import RANGES  # noqa: PLC0415 - imports the rooms it takes its bounds from
    from ._parameters_zh import FIELDS as CHINESE  # noqa: PLC0415 - wanted by a look-up alone

    ranges = {row.name: row for row in RANGES if row.operation == known}
    if known == "completions.create":
        chats = {row.name: row for row in RANGES if row.operation == "chat.completions.create"}
        ranges = {**chats, **ranges}
    rows: dict[str, Any] = {}
    for table in _TABLES[known]:
        for row in _rows(table):
            rows.setdefault(row.name, row)
    return tuple(
        Parameter(
            operation=known,
            name=row.name,
            verdict=row.verdict,
            what=row.what,
            what_zh=CHINESE.get(row.what, row.what),
            range=ranges.get(row.name),
            source=row.source,
            seen=row.seen,
        )
        for row in rows.values()
    )


def every() -> tuple[Parameter, ...]:
    """Give every field of every operation."""
    return tuple(row for operation in OPERATIONS for row in fields(operation))


def _rows(table: str) -> tuple[Any, ...]:
    module, _, name = table.partition(":")
    package = f"{__package__}.translate"
    full = f"{__package__}{module[1:]}" if module.startswith("..") else f"{package}.{module}"
    rows: tuple[Any, ...] = getattr(import_module(full), name)
    return rows


def _known(operation: str) -> str:
    name = operation.removeprefix("client.").removesuffix("()")
    for suffix in _SAME:
        if name.endswith(suffix):
            name = f"{name.removesuffix(suffix)}.create"
    if name not in _TABLES:
        raise ParameterNotFoundError(
            f"No operation {operation!r} has a table of fields. Those that have one: {', '.join(OPERATIONS)}."
        )
    return name
