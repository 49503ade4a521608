"""What files are for: OpenAI's purposes beside Zhipu's, and what Zhipu takes under each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.endpoints import region_of
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from zhipu_openai.adaptation import Ledger
    from zhipu_openai.endpoints import Region

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_LIVE: Final = ("fxp/skillify, tried with a key", date(2026, 9, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))


@dataclass(frozen=True, slots=True)
class Purpose:
    """One of OpenAI's purposes.

    ``zhipu`` is what is sent; None where Zhipu has nothing like it, and ``note`` says what to do instead.
    """

    openai: str
    zhipu: str | None
    note: str
    source: str
    seen: date


PURPOSES: Final[dict[str, Purpose]] = {
    row.openai: row
    for row in (
        Purpose("batch", "batch", "The lines are translated.", *_SPEC),
        Purpose("user_data", "user_data", "For file parts in chat.", *_LIVE),
        Purpose(
            "assistants",
            "agent",
            "For vector stores: this client keeps the bytes, too. What the agent purpose does not take and a "
            "knowledge base does is kept by the client alone. OpenAI's assistants do not exist there.",
            *_SPEC,
        ),
        Purpose(
            "vision",
            None,
            "Zhipu keeps no images for fine-tuning; show an image in a message, as image_url.",
            *_ABSENT,
        ),
        Purpose(
            "fine-tune",
            None,
            "Fine-tuning has left Zhipu's API; upload training data in the console of bigmodel.cn.",
            *_ABSENT,
        ),
        Purpose("evals", None, "Evals run on OpenAI's servers alone.", *_ABSENT),
    )
}
"""A purpose in no row is Zhipu's own (code-interpreter, agent, voice-clone-input, …) and is sent as it is."""

LISTED: Final = ("batch", "code-interpreter", "agent")
"""The purposes that files can be listed by. Source: bigmodel.cn OpenAPI, 2026-07-11."""

UNLISTED: Final = ("user_data", "voice-clone-input")
"""Purposes that files are uploaded with, but that the list's specification does not name. Whether they can
be listed is not established; they are asked for only where a file is found nowhere else."""

_OPENAIS_WORD: Final[dict[str, str]] = {
    row.zhipu: row.openai for row in PURPOSES.values() if row.zhipu is not None
}

_MIB: Final = 1024 * 1024
_DOCUMENTS: Final = frozenset({"pdf", "docx", "doc", "xls", "xlsx", "txt", "png", "jpg", "jpeg", "csv"})
_IMAGES: Final = frozenset({"png", "jpg", "jpeg"})


@dataclass(frozen=True, slots=True)
class Limit:
    """What one of Zhipu's sites takes under a purpose.

    Attributes:
        purpose: Zhipu's word.
        region: The site.
        extensions: How the file's name may end.
        most: Largest size in bytes. Zhipu writes MB; the larger reading, 1024 × 1024, is held against.
        most_image: Largest size of an image, in bytes.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    purpose: str
    region: Region
    extensions: frozenset[str]
    most: int
    most_image: int
    source: str
    seen: date


LIMITS: Final = (
    Limit("batch", "cn", frozenset({"jsonl"}), 100 * _MIB, 100 * _MIB, *_SPEC),
    Limit("code-interpreter", "cn", _DOCUMENTS, 20 * _MIB, 5 * _MIB, *_SPEC),
    Limit("agent", "cn", _DOCUMENTS, 20 * _MIB, 5 * _MIB, *_SPEC),
    Limit("voice-clone-input", "cn", frozenset({"mp3", "wav"}), 10 * _MIB, 10 * _MIB, *_SPEC),
    # The list of z.ai names pdf, doc, xlsx, ppt, txt, jpg and png; their siblings are let through.
    Limit(
        "agent",
        "intl",
        _DOCUMENTS | {"ppt", "pptx"},
        100 * _MIB,
        100 * _MIB,
        "docs.z.ai OpenAPI",
        date(2026, 8, 22),
    ),
)
"""What is in no row is sent, and Zhipu decides."""


def to_zhipu(purpose: str, ledger: Ledger) -> str:
    """Give Zhipu's word for a purpose.

    Raises:
        Refused: Zhipu has nothing like it.
    """
    row = PURPOSES.get(purpose)
    if row is None:
        return purpose
    if row.zhipu is None:
        raise Refused(
            refusal(f"purpose={purpose!r} is not possible: {row.note}", param="purpose", code="invalid_value")
        )
    if row.zhipu != purpose:
        ledger.add("purpose", "translated", f"{purpose} is sent as {row.zhipu}.")
    return row.zhipu


def for_listing(purpose: str) -> str:
    """Give Zhipu's word for a purpose to list by; one without a counterpart passes, and Zhipu answers."""
    row = PURPOSES.get(purpose)
    return purpose if row is None or row.zhipu is None else row.zhipu


def to_openai(purpose: object) -> str:
    """Give OpenAI's word for one of Zhipu's purposes; one without is given as it is."""
    word = str(purpose or "")
    return _OPENAIS_WORD.get(word, word)


def takes(purpose: str, filename: str, base_url: str) -> bool:
    """Say whether Zhipu takes files of this name under a purpose, in Zhipu's word."""
    limit = _limit(purpose, base_url)
    return limit is None or _extension(filename) in limit.extensions


def _limit(purpose: str, base_url: str) -> Limit | None:
    region = region_of(base_url)
    return next((row for row in LIMITS if (row.purpose, row.region) == (purpose, region)), None)


def _extension(filename: str) -> str:
    stem, dot, extension = filename.rpartition(".")
    return extension.lower() if dot and stem else ""


def check(purpose: str, filename: str, size: int, base_url: str) -> None:
    """Hold a file against what Zhipu takes under its purpose.

    Args:
        purpose: Zhipu's word.
        filename: The file's name.
        size: Its size in bytes.
        base_url: The base URL in use, whose site decides.

    Raises:
        Refused: It is of another type, or too large.
    """
    limit = _limit(purpose, base_url)
    if limit is None:
        return
    extension = _extension(filename)
    if extension not in limit.extensions:
        raise Refused(
            refusal(
                f"Zhipu takes files for {purpose} whose names end in {', '.join(sorted(limit.extensions))}. "
                "Give a name with the content: file=('name.ext', content).",
                param="file",
                code="invalid_file_format",
            )
        )
    most = limit.most_image if extension in _IMAGES else limit.most
    if size > most:
        raise Refused(
            refusal(
                f"The file has {size} bytes; Zhipu takes {most // _MIB} MB for {purpose}. Split it.",
                param="file",
                code="file_too_large",
                status=413,
            )
        )
