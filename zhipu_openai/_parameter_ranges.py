"""Which values a request field may have on Zhipu. Data: the bounds are those that the translation itself uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from .translate import embeddings, moderation_tables
from .translate.audio import speech_fields, transcription_fields
from .translate.chat import sampling
from .translate.fields import USER_ID_LENGTH
from .translate.images import fields as images
from .translate.vector_stores import fields as vector_stores
from .translate.vector_stores.chunking import SENTENCE_SIZE
from .translate.vector_stores.ranking import MOST_RESULTS
from .translate.videos.models import LONGEST_PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The values that one field may have.

    Attributes:
        operation: The method of the client, such as "chat.completions.create".
        name: The field.
        least: The smallest value, or the least of `of`; None where there is no such bound.
        most: The largest value, or the most of `of`; None where there is no such bound.
        of: What is counted, such as "characters"; empty where the value itself is meant.
        note: What to know beside it, in English.
        note_zh: The same in Chinese.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    operation: str
    name: str
    least: float | None
    most: float | None
    of: str = ""
    note: str = ""
    note_zh: str = ""
    source: str
    seen: date

    def __str__(self) -> str:
        """Say it in English."""
        return self.text("en")

    def text(self, lang: str) -> str:
        """Say it in "en" or "zh"."""
        counted = _COUNTED_ZH.get(self.of, "") if lang == "zh" else self.of
        note = self.note_zh if lang == "zh" else self.note
        span = _span(self.least, self.most, zh=lang == "zh")
        head = f"{span} {counted}".strip()
        return f"{head}{'；' if lang == 'zh' else '; '}{note}" if head and note else head or note


_COUNTED_ZH: Final = {
    "characters": "个字符",
    "texts": "条文本",
    "words": "个词",
    "functions": "个函数",
    "tokens": "个 token",
}


def _span(least: float | None, most: float | None, *, zh: bool) -> str:
    if least is not None and most is not None:
        return f"{least:g} 至 {most:g}" if zh else f"{least:g} to {most:g}"
    if most is not None:
        return f"至多 {most:g}" if zh else f"at most {most:g}"
    if least is not None:
        return f"至少 {least:g}" if zh else f"at least {least:g}"
    return ""


class _Origin(NamedTuple):
    source: str
    seen: date


_SPEC: Final = _Origin("bigmodel.cn OpenAPI", date(2026, 7, 11))
_OURS: Final = _Origin("this package, where one call is served by several", date(2026, 11, 24))
_PROBED: Final = _Origin("RarogCmex/pi-bigmodel evidence", date(2026, 10, 9))


def _range(
    operations: str | Iterable[str],
    name: str,
    least: float | None,
    most: float | None,
    origin: _Origin,
    *,
    of: str = "",
    note: tuple[str, str] = ("", ""),
) -> tuple[Range, ...]:
    return tuple(
        Range(
            operation=operation,
            name=name,
            least=least,
            most=most,
            of=of,
            note=note[0],
            note_zh=note[1],
            source=origin.source,
            seen=origin.seen,
        )
        for operation in ([operations] if isinstance(operations, str) else operations)
    )


_CHAT: Final = "chat.completions.create"
_RESPONSES: Final = "responses.create"
_BY_MODEL: Final = (
    "the model's own limit (catalogue.lookup); more is lowered to it",
    "以模型上限为准（catalogue.lookup），超出则降到上限",
)

RANGES: Final[tuple[Range, ...]] = (
    *_range(
        (_CHAT, _RESPONSES),
        "temperature",
        0,
        1,
        _SPEC,
        note=(
            "two decimals; for the GLM-4 line 0 is sent as do_sample: false, and 1 as 0.99",
            "保留两位小数；GLM-4 系列的 0 以 do_sample: false 发送，1 以 0.99 发送",
        ),
    ),
    *_range(
        (_CHAT, _RESPONSES), "top_p", sampling.LEAST_TOP_P, 1, _SPEC, note=("two decimals", "保留两位小数")
    ),
    *_range(_CHAT, "n", 1, sampling.MOST_CHOICES, _OURS, note=("each is billed", "每一个都计费")),
    *_range(_CHAT, "max_tokens", 1, None, _PROBED, of="tokens", note=_BY_MODEL),
    *_range(_CHAT, "max_completion_tokens", 1, None, _PROBED, of="tokens", note=_BY_MODEL),
    *_range(_RESPONSES, "max_output_tokens", 1, None, _PROBED, of="tokens", note=_BY_MODEL),
    *_range(
        _CHAT,
        "stop",
        None,
        sampling.STOPS_SENT["cn"],
        _SPEC,
        of="words",
        note=(
            "1 at z.ai and for charglm-4 and emohaa; further ones are looked for in the answer",
            "z.ai 以及 charglm-4、emohaa 为 1；其余在回答中查找",
        ),
    ),
    *_range(_CHAT, "tools", None, 128, _SPEC, of="functions"),
    *_range(
        (_CHAT, _RESPONSES, "images.generate", "videos.create"),
        "user",
        *USER_ID_LENGTH,
        _SPEC,
        of="characters",
        note=("shorter and longer names are made to fit", "过短或过长会自动调整"),
    ),
    *_range(
        (_CHAT, _RESPONSES, "images.generate", "videos.create"),
        "safety_identifier",
        *USER_ID_LENGTH,
        _SPEC,
        of="characters",
        note=("shorter and longer names are made to fit", "过短或过长会自动调整"),
    ),
    *_range(
        "embeddings.create",
        "dimensions",
        1,
        embeddings.MODELS["embedding-3"].largest,
        _SPEC,
        note=("embedding-2 has 1024 alone", "embedding-2 固定为 1024"),
    ),
    *_range(
        "embeddings.create",
        "input",
        1,
        None,
        _SPEC,
        of="texts",
        note=(
            f"{embeddings.MODELS['embedding-3'].most_items} in one request; more are split",
            f"每次请求 {embeddings.MODELS['embedding-3'].most_items} 条，更多则拆分",
        ),
    ),
    *_range(
        "moderations.create",
        "input",
        None,
        moderation_tables.LONGEST_TEXT,
        _SPEC,
        of="characters",
        note=("longer texts are judged in pieces", "更长的文本分段审核"),
    ),
    *_range("images.generate", "n", 1, images.MOST_IMAGES, _OURS, note=("each is billed", "每一张都计费")),
    *_range("videos.create", "prompt", None, LONGEST_PROMPT, _SPEC, of="characters"),
    *_range(
        "audio.transcriptions.create",
        "keywords",
        None,
        transcription_fields.MOST_HOTWORDS,
        _SPEC,
        of="words",
    ),
    *_range("audio.speech.create", "speed", *speech_fields.SPEEDS, _SPEC),
    *_range(
        "audio.speech.create",
        "input",
        1,
        speech_fields.OPENAI_CHARACTERS,
        _SPEC,
        of="characters",
        note=("1024 in one request; more are spoken in parts", "每次请求 1024 个，更多则分段合成"),
    ),
    *_range("vector_stores.search", "query", 1, vector_stores.LONGEST_QUERY, _SPEC, of="characters"),
    *_range("vector_stores.search", "max_num_results", 1, MOST_RESULTS, _SPEC),
    *_range(
        ("vector_stores.create", "vector_stores.files.create", "vector_stores.file_batches.create"),
        "chunking_strategy",
        *SENTENCE_SIZE,
        _SPEC,
        of="characters",
        note=("the size of a static piece", "static 分段的大小"),
    ),
    *_range("realtime.connect", "temperature", 0, 1, _SPEC),
    *_range("realtime.connect", "max_response_output_tokens", 1, 1024, _SPEC, of="tokens"),
)
"""A field in no row has no numeric bound that is known."""
