"""The table of transcription fields: what becomes of each one of OpenAI's on its way to Zhipu.

The rows are applied in order. A field in no row is Zhipu's own, or newer than this table, and is sent as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from zhipu_openai.multipart import Form, Part
from zhipu_openai.translate.fields import USER_ID_NOTE, user_id_of

from .answers import refuse
from .names import model_for
from .recordings import Piece, prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Call

    from .recordings import Limit

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped", "refused"]
Format = Literal["json", "text", "verbose_json", "srt", "vtt"]

FORMATS: Final[tuple[Format, ...]] = ("json", "text", "verbose_json", "srt", "vtt")
TIMED: Final = frozenset({"verbose_json", "srt", "vtt"})
"""Formats that tell when something was said."""

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))
_CLIENTS: Final = ("working clients (AnlangA/zai-rs, SamyRai/go-z-ai)", date(2026, 7, 11))

MOST_HOTWORDS: Final = 100
"""Source: bigmodel.cn OpenAPI, 2026-07-11."""


@dataclass(slots=True)
class Draft:
    """A transcription request on its way to Zhipu.

    ``form`` holds the text fields that will be sent; the pieces of the recording are sent beside them.
    """

    call: Call
    form: Form
    pieces: tuple[Piece, ...] = ()
    model: str = ""
    format: Format = "json"
    stream: bool = False
    language: str | None = None

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation."""
        self.call.ledger.add(name, kind, detail)

    def drop(self, name: str) -> None:
        """Leave a field out, in whichever form of it openai writes lists and objects."""
        self.form = Form(tuple(part for part in self.form.parts if base_name(part.name) != name))

    def put(self, name: str, *values: str) -> None:
        """Put values in place of a field."""
        self.drop(name)
        self.form = self.form.add(*(Part(name, value.encode()) for value in values))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request.

    ``neutral`` lists the values that ask for nothing. ``rule`` changes the draft; without one, "same" changes
    nothing and "dropped" leaves the field out, with a note.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Draft, tuple[str, ...]], None] | None = None
    neutral: tuple[str, ...] = ()


def base_name(name: str) -> str:
    """Give a form field's name without the brackets in which openai writes lists and objects."""
    return name.partition("[")[0]


def _model(draft: Draft, values: tuple[str, ...]) -> None:
    draft.model = model_for(draft.call, values[0])
    draft.put("model", draft.model)


def _stream(draft: Draft, values: tuple[str, ...]) -> None:
    draft.stream = values[0].lower() == "true"


def _format(draft: Draft, values: tuple[str, ...]) -> None:
    draft.drop("response_format")
    wanted = values[0]
    if wanted == "diarized_json":
        refuse(
            "response_format",
            "Zhipu does not tell speakers apart; ask for 'json', 'text', 'verbose_json', 'srt' or 'vtt'.",
        )
    found = next((one for one in FORMATS if one == wanted), None)
    if found is None:
        refuse("response_format", f"response_format is one of {', '.join(FORMATS)}.", code="invalid_value")
    draft.format = found


def _granularities(draft: Draft, values: tuple[str, ...]) -> None:
    draft.drop("timestamp_granularities")
    if "word" in values:
        refuse(
            "timestamp_granularities",
            "Zhipu does not say when a word was spoken; ask for 'segment', or leave the field out.",
        )


def _language(draft: Draft, values: tuple[str, ...]) -> None:
    draft.language = values[0]
    draft.drop("language")
    draft.note("language", "dropped", "Zhipu recognises the language by itself.")


def _keywords(draft: Draft, values: tuple[str, ...]) -> None:
    draft.drop("keywords")
    _put_hotwords(draft, "keywords", (*_values(draft, "hotwords"), *values))
    draft.note("keywords", "translated", "sent as hotwords.")


def _hotwords(draft: Draft, values: tuple[str, ...]) -> None:
    _put_hotwords(draft, "hotwords", values)


def _put_hotwords(draft: Draft, name: str, words: tuple[str, ...]) -> None:
    words = tuple(dict.fromkeys(words))
    if len(words) > MOST_HOTWORDS:
        draft.note(name, "approximated", f"Zhipu takes {MOST_HOTWORDS} hotwords; the first ones are sent.")
    draft.put("hotwords", *words[:MOST_HOTWORDS])


def _user(draft: Draft, values: tuple[str, ...]) -> None:
    """Say who the end user is as ``user_id``; one of the caller's own wins."""
    user = values[0]
    draft.drop("user")
    if draft.form.get("user_id") is not None:
        return
    draft.put("user_id", user_id_of(user))
    draft.note("user", "translated", USER_ID_NOTE)


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date],
    rule: Callable[[Draft, tuple[str, ...]], None] | None = None,
    *,
    neutral: tuple[str, ...] = (),
) -> Field:
    return Field(name, verdict, what, *origin, rule, neutral)


FIELDS: Final[tuple[Field, ...]] = (
    _field("model", "translated", "OpenAI's names stand for glm-asr-2512; others pass.", _SPEC, _model),
    _field(
        "file",
        "emulated",
        "WAV and MP3 up to 25 MB; other formats are converted (extra `audio`), and what lasts longer than 30 "
        "seconds is cut at quiet places and sent piece by piece.",
        _SPEC,
    ),
    _field("file_base64", "same", "Zhipu's own; passes unchecked.", _SPEC),
    _field("stream", "same", "Passes.", _SPEC, _stream),
    _field(
        "response_format",
        "emulated",
        "json and text; verbose_json, srt and vtt with the times of the pieces. diarized_json is refused.",
        _SPEC,
        _format,
    ),
    _field(
        "timestamp_granularities",
        "refused",
        "Segments have the times of the pieces; words have none.",
        _SPEC,
        _granularities,
    ),
    _field("prompt", "same", "Passes: what was said before. Zhipu advises up to 8000 characters.", _SPEC),
    _field(
        "hotwords",
        "same",
        "Zhipu's own: the field repeated for each word, which is how clients that work write the list.",
        _CLIENTS,
        _hotwords,
    ),
    _field("keywords", "translated", "Sent as hotwords, up to 100.", _SPEC, _keywords),
    _field("language", "dropped", "Zhipu recognises the language by itself.", _ABSENT, _language),
    _field("languages", "dropped", "Zhipu recognises the language by itself.", _ABSENT),
    _field(
        "temperature", "dropped", "Zhipu's recognition has no temperature.", _ABSENT, neutral=("0", "0.0")
    ),
    _field("include", "dropped", "Zhipu returns no log probabilities.", _ABSENT),
    _field(
        "chunking_strategy",
        "dropped",
        "Zhipu finds the places to divide at by itself.",
        _ABSENT,
        neutral=("auto",),
    ),
    _field("known_speaker_names", "dropped", "Zhipu does not tell speakers apart.", _ABSENT),
    _field("known_speaker_references", "dropped", "Zhipu does not tell speakers apart.", _ABSENT),
    _field("user", "translated", "Sent as user_id, 6 to 128 characters.", _SPEC, _user),
)


def translate_request(call: Call, *, limit: Limit) -> Draft:
    """Translate a transcription request, and make its recording ready to be sent.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    try:
        given = call.form()
    except ValueError:
        refuse("file", "A transcription is asked for with a multipart form and a file.", code="invalid_type")
    texts = Form(tuple(part for part in given.parts if part.filename is None))
    draft = Draft(call, texts)
    for row in FIELDS:
        values = _values(draft, row.name)
        if not any(base_name(part.name) == row.name for part in draft.form.parts):
            continue
        if all(value in row.neutral for value in values):
            draft.drop(row.name)
        elif row.rule is not None:
            row.rule(draft, values)
        elif row.verdict == "dropped":
            draft.drop(row.name)
            draft.note(row.name, "dropped", row.what)
    if draft.stream and draft.format not in ("json", "text"):
        refuse(
            "response_format", "A streamed transcription comes as events, not as srt, vtt or verbose_json."
        )
    file = given.file("file")
    others = tuple(part for part in given.parts if part.filename is not None and part is not file)
    draft.form = draft.form.add(*others)
    if file is not None:
        cuts = draft.model == limit.what
        draft.pieces = prepare(file, call.ledger, limit=limit, cuts=cuts)
    return draft


def _values(draft: Draft, name: str) -> tuple[str, ...]:
    """Give what a field holds, without blanks, which is how a null arrives."""
    return tuple(part.text for part in draft.form.parts if base_name(part.name) == name and part.text)
