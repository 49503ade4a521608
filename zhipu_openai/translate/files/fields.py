"""The tables of file fields: what becomes of each one of OpenAI's on its way to Zhipu."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request, and what becomes of it."""

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date


SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))

FILE_FIELDS: Final = (
    Field("file", "translated", "A batch's lines in Zhipu's words; any other file as it is.", *SPEC),
    Field("purpose", "translated", "Zhipu's purpose; see the table of purposes.", *SPEC),
    Field(
        "expires_after", "dropped", "Zhipu keeps files for 30 days.", "bigmodel.cn guide", date(2026, 9, 11)
    ),
)
"""``files.create``. A form field in no row is sent as it is."""

LIST_FIELDS: Final = (
    Field("purpose", "emulated", "Zhipu lists one purpose at a time; without one, all are asked for.", *SPEC),
    Field("after", "same", "The id of the last file of the page before.", *SPEC),
    Field("limit", "emulated", "Zhipu's pages hold 100 at most; more are gathered.", *SPEC),
    Field("order", "emulated", "All files are gathered and sorted by created_at.", *SPEC),
)
"""``files.list``."""
