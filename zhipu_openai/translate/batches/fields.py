"""The tables of batch fields: what becomes of each one of OpenAI's on its way to Zhipu."""

from __future__ import annotations

from datetime import date
from typing import Final

from zhipu_openai.translate.files.fields import ABSENT, SPEC, Field

_LIVE: Final = ("fxp/skillify, tried with a key", date(2026, 9, 11))

BATCH_FIELDS: Final = (
    Field("input_file_id", "same", "Passes.", *SPEC),
    Field("endpoint", "translated", "Zhipu's path; see the table of endpoints.", *SPEC),
    Field(
        "completion_window",
        "translated",
        "Left out: Zhipu has no choice of window; 24 hours are its aim, 7 days its end.",
        *_LIVE,
    ),
    Field("metadata", "same", "Passes.", *SPEC),
    Field("output_expires_after", "dropped", "Zhipu keeps results for 30 days.", *ABSENT),
    Field(
        "auto_delete_input_file",
        "translated",
        "Zhipu's own; false unless given, since OpenAI keeps the input file.",
        *SPEC,
    ),
)
"""``batches.create``. A field in no row is Zhipu's own, and is sent as it is."""

LINE_FIELDS: Final = (
    Field(
        "custom_id", "translated", "Made longer where it has less than 6 characters, and restored.", *_LIVE
    ),
    Field("method", "same", "POST.", *SPEC),
    Field("url", "translated", "Zhipu's path, the same in every line.", *SPEC),
    Field("body", "translated", "As a request of its own would be, as far as one request goes.", *SPEC),
    Field("body.model", "approximated", "OpenAI's names stand for models that batches take.", *_LIVE),
    Field("body.n", "same", "1; more is refused, since it needs as many requests.", *ABSENT),
    Field("body.tool_choice", "approximated", "Asked for in words; the answer is not checked.", *ABSENT),
    Field(
        "body.response_format", "approximated", "A schema is asked for; the answer is not checked.", *ABSENT
    ),
    Field("body.stream", "same", "False; a batch has no streams.", *ABSENT),
)
"""A line of an input file."""
