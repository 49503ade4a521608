"""All that is known of one model, brought together from the tables of the rooms that call it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from . import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .catalogue import EffortMapping, Model
    from .pricing import TokenPrice, UnitPrice


class ModelNotFoundError(LookupError):
    """Nothing is known of the model here; a call with its name is sent all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What is known of a model.

    Attributes:
        requested: The name that was looked up.
        id: The model that answers for it.
        why: Why this model answers for a name of OpenAI's; empty for a model's own name.
        kind: What it is for: that of `catalogue.Kind`, or "embedding", "image", "video", "speech",
            "transcription", "ocr", "rerank", "moderation" or "search".
        context: The context window in tokens; None if it has none or none is published.
        max_output: The most tokens it writes; None likewise.
        default_output: What `max_tokens` is when none is sent; None likewise.
        inputs: What it takes: "text", "image", "video", "file", "audio".
        outputs: What it gives: "text", "audio", "image", "video", "vector", "scores" or "verdict".
        thinking: How its thinking is controlled, see `catalogue.Thinking`; None where there is no such thing.
        can_stop_thinking: Whether it answers without thinking, or can be told to.
        efforts: What is sent for each of OpenAI's words for reasoning effort.
        ranges: Which values parameters may have, in words.
        tools: Whether it calls functions.
        json_mode: Whether it has JSON mode.
        prices: The rows of prices at both sites; none where no price is known.
        status: How sure it is that it can be called; None outside the catalogue of chat models.
        successor: The model to move to; None for none.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    requested: str
    id: str
    why: str = ""
    kind: str
    context: int | None = None
    max_output: int | None = None
    default_output: int | None = None
    inputs: frozenset[str]
    outputs: frozenset[str]
    thinking: str | None = None
    can_stop_thinking: bool = True
    efforts: Mapping[str, EffortMapping] = field(default_factory=dict, hash=False)
    ranges: Mapping[str, str] = field(default_factory=dict, hash=False)
    tools: bool = False
    json_mode: bool = False
    prices: tuple[TokenPrice | UnitPrice, ...] = ()
    status: str | None = None
    successor: str | None = None
    source: str
    seen: date


_WORDS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_TEXT: Final = frozenset({"text"})
_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_SEARCH: Final = ("search", frozenset({"text"}), frozenset({"text"}))
_OTHERS: Final[dict[str, tuple[str, frozenset[str], frozenset[str]]]] = {
    "glm-tts": ("speech", _TEXT, frozenset({"audio"})),
    "glm-tts-clone": ("speech", frozenset({"text", "audio"}), frozenset({"audio"})),
    "glm-asr-2512": ("transcription", frozenset({"audio"}), _TEXT),
    "glm-ocr": ("ocr", frozenset({"image", "file"}), _TEXT),
    "moderation": ("moderation", frozenset({"text", "image", "video", "audio"}), frozenset({"verdict"})),
    "rerank": ("rerank", _TEXT, frozenset({"scores"})),
    "search_std": _SEARCH,
    "search_pro": _SEARCH,
    "search_pro_sogou": _SEARCH,
    "search_pro_quark": _SEARCH,
}
"""What has no table of its own: what it is for, what it takes, and what it gives. All from `_SPEC`."""


def facts(name: str) -> ModelFacts:
    """Bring together what is known of a model.

    Raises:
        ModelNotFoundError: Nothing is known of it.
    """
    found = catalogue.resolve(name)
    if found.model is not None:
        return _of_chat(name, found.model, found.alias.reason if found.alias is not None else "")
    other = _other(name)
    if other is not None:
        return other
    raise ModelNotFoundError(
        f"Nothing is known here of a model {name}. A call with that name is sent as it is, and Zhipu answers."
    )


def _of_chat(name: str, row: Model, why: str) -> ModelFacts:
    return ModelFacts(
        requested=name,
        id=row.id,
        why=why,
        kind=row.kind,
        context=row.context,
        max_output=row.max_output,
        default_output=row.default_output,
        inputs=row.inputs,
        outputs=frozenset({"text", "audio"}) if row.kind == "audio" else _TEXT,
        thinking=row.thinking,
        can_stop_thinking=row.can_stop_thinking,
        efforts=MappingProxyType({word: catalogue.effort_for(row, word) for word in _WORDS}),
        ranges=MappingProxyType(dict(_ranges(row))),
        tools=row.tools,
        json_mode=row.json_mode,
        prices=_prices(row.id),
        status=row.status,
        successor=row.successor,
        source=row.source,
        seen=row.seen,
    )


def _ranges(row: Model) -> Iterator[tuple[str, str]]:
    from .translate.chat import sampling  # noqa: PLC0415 - wanted by a look-up alone

    highest = 1 if row.zero_temperature else sampling.LARGEST_BELOW_ONE
    yield "temperature", f"0 to {highest:g}" + ("" if row.zero_temperature else " (0 as do_sample: false)")
    yield "top_p", f"{sampling.LEAST_TOP_P:g} to 1"
    if row.max_output is not None:
        yield "max_tokens", f"1 to {row.max_output}"
    words = sampling.STOPS_IN_ROLEPLAY if row.kind == "roleplay" else sampling.STOPS_SENT["cn"]
    yield "stop", f"at most {words} words" if words > 1 else "at most 1 word"


def _other(name: str) -> ModelFacts | None:
    """Give the facts of a model that is not for chat, from its own table, or from the prices alone."""
    from .pricing.model_names import model_id  # noqa: PLC0415 - likewise
    from .translate import embeddings  # noqa: PLC0415 - likewise
    from .translate.images.models import IMAGE_MODELS  # noqa: PLC0415 - likewise
    from .translate.videos.models import VIDEO_MODELS  # noqa: PLC0415 - likewise

    wanted = model_id(name)
    known: dict[str, Any] = {"requested": name, "id": wanted, "prices": _prices(wanted)}
    embedding = embeddings.MODELS.get(wanted)
    if embedding is not None:
        sizes = f"1 to {embedding.largest}" if embedding.largest else f"{embedding.default_dimensions} alone"
        ranges = {
            "dimensions": sizes,
            "input": f"{embedding.item_tokens} tokens a text, {embedding.most_items} texts a request",
        }
        known |= {"kind": "embedding", "inputs": _TEXT, "outputs": frozenset({"vector"}), "ranges": ranges}
        return ModelFacts(**known, source=embedding.source, seen=embedding.seen)
    image = next((row for row in IMAGE_MODELS if row.id == wanted), None)
    if image is not None:
        ranges = {
            "size": f"{', '.join(image.sizes.listed)} and others",
            "quality": ", ".join(image.qualities),
        }
        known |= {"kind": "image", "inputs": _TEXT, "outputs": frozenset({"image"}), "ranges": ranges}
        return ModelFacts(**known, source=image.source, seen=image.seen)
    video = next((row for row in VIDEO_MODELS if row.id == wanted), None)
    if video is not None:
        inputs = frozenset({"text", "image"}) if video.pictures.most else _TEXT
        ranges = {
            "size": ", ".join(video.sizes.listed),
            "seconds": ", ".join(map(str, video.durations)) or "not to be chosen",
        }
        known |= {"kind": "video", "inputs": inputs, "outputs": frozenset({"video"}), "ranges": ranges}
        return ModelFacts(**known, source=video.source, seen=video.seen)
    if wanted not in _OTHERS:
        return None
    kind, takes, gives = _OTHERS[wanted]
    source, seen = _SPEC
    return ModelFacts(**known, kind=kind, inputs=takes, outputs=gives, source=source, seen=seen)


def _prices(model: str) -> tuple[TokenPrice | UnitPrice, ...]:
    from .pricing import PriceNotFoundError, prices_of  # noqa: PLC0415 - likewise

    try:
        return prices_of(model)
    except PriceNotFoundError:
        return ()
