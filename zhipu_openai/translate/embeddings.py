"""Embeddings: many texts in requests that Zhipu takes, and vectors in the form that the caller asked for."""

from __future__ import annotations

import base64
import struct
from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json, to_json

from zhipu_openai import catalogue
from zhipu_openai.exchange import Reply, Send

from .fields import Field
from .request_fields import Request, refuse, translate_fields
from .rounds import in_rounds
from .token_arrays import decode_tokens, is_tokens
from .upstream import invalid, kept_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zhipu_openai.exchange import Call, Operation

PATH: Final = "/embeddings"

SIDE_BY_SIDE: Final = 4
"""How many requests of one call are under way at once. Ours: enough to hide the way there and back."""


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What one of Zhipu's embedding models takes.

    Attributes:
        id: The name on the wire.
        default_dimensions: Numbers in a vector when none are asked for.
        largest: The most that may be asked for; None where the size is fixed.
        most_items: Texts in one request.
        item_tokens: Tokens of one text. Zhipu counts them, and says so when there are too many.
        most_tokens: Tokens of all texts of one request; None where only the texts are counted.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    id: str
    default_dimensions: int
    largest: int | None
    most_items: int
    item_tokens: int
    most_tokens: int | None
    source: str
    seen: date


_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)

# The specification lists 256, 512, 1024 and 2048 dimensions and gives 1 as the least beside it, its own example
# has 2, and 16 was reported to work: what is not in the list is sent, and the answer measured.
# An older page gives embedding-3 2048 tokens for a text.
_EMBEDDING_3: Final = EmbeddingModel("embedding-3", 2048, 2048, 64, 3072, None, _SPEC, _SPEC_SEEN)
# How many texts embedding-2 takes is not said: 64 is known to be right for the other. "8K" of tokens may be 8000
# or 8192, the smaller is right either way.
_EMBEDDING_2: Final = EmbeddingModel("embedding-2", 1024, None, 64, 512, 8000, _SPEC, _SPEC_SEEN)
MODELS: Final = {row.id: row for row in (_EMBEDDING_3, _EMBEDDING_2)}
"""A model in no row is treated as embedding-3, but may have any dimensions."""

_TOKENS_AROUND: Final = 4
"""Tokens that Zhipu counts beyond those of the text: "hello world" was billed as 5 (glm-cookbook, 2025-09)."""


@dataclass(frozen=True, slots=True)
class EmbeddingAlias:
    """Which of Zhipu's models stands for one of OpenAI's, and how long OpenAI's vectors are by default."""

    name: str
    model: str
    dimensions: int
    source: str
    seen: date


_OPENAI: Final = "openai-python 3.54, model names; OpenAI's embeddings guide, dimensions"
_OPENAI_SEEN: Final = date(2026, 11, 23)
ALIASES: Final = (
    EmbeddingAlias("text-embedding-3-small", "embedding-3", 1536, _OPENAI, _OPENAI_SEEN),
    EmbeddingAlias("text-embedding-3-large", "embedding-3", 3072, _OPENAI, _OPENAI_SEEN),
    EmbeddingAlias("text-embedding-ada-002", "embedding-3", 1536, _OPENAI, _OPENAI_SEEN),
)
_ALIASES: Final = {row.name: row for row in ALIASES}


def _model(request: Request, name: Any) -> None:
    if not isinstance(name, str):
        return
    found = catalogue.resolve(name, overrides=request.call.options.model_aliases)
    if found.overridden:
        request.body["model"] = found.id
        request.note("model", "translated", f"{name} is served by {found.id}.")
        return
    # A chat model's name stays as it is written, so that the error is about what the caller asked for.
    asked = name if found.alias is not None else found.id
    asked = asked if asked.lower() not in _ALIASES.keys() | MODELS.keys() else asked.lower()
    alias = _ALIASES.get(asked)
    request.body["model"] = asked if alias is None else alias.model
    if alias is None:
        return
    detail = f"{name} is served by {alias.model}, whose vectors cannot be compared with OpenAI's"
    if request.body.get("dimensions") is None:
        size = MODELS[alias.model].default_dimensions
        detail += f" and have {size} numbers rather than {alias.dimensions}; dimensions=1024 or less makes them shorter"
    request.note("model", "approximated", f"{detail}.")


def _input(request: Request, given: Any) -> None:
    """Check what is to be embedded, as OpenAI does, and decode tokens."""
    model = str(request.call.body.get("model"))
    if is_tokens(given):
        request.body["input"] = decode_tokens(request, "input", [given], model)[0]
        return
    if isinstance(given, list) and given and all(map(is_tokens, given)):
        request.body["input"] = decode_tokens(request, "input", given, model)
        return
    items = given if isinstance(given, list) else [given]
    if not items:
        refuse("input", "input is an empty list: there is nothing to embed.")
    for item in items:
        if item == "":
            refuse("input", "input holds an empty string, which has no embedding; leave it out.")
        # An object is no form that is known; a later model may take it.
        if not isinstance(item, str | dict):
            refuse("input", "input must be a string or a list of strings.", code="invalid_type")


def _dimensions(request: Request, size: Any) -> None:
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        refuse("dimensions", "dimensions must be a whole number from 1.")
    model = MODELS.get(str(request.body.get("model")))
    if model is None:
        return
    if model.largest is None:
        if size != model.default_dimensions:
            refuse(
                "dimensions",
                f"The vectors of {model.id} always have {model.default_dimensions} numbers; embedding-3 lets you choose.",
                code="unsupported_parameter",
            )
        del request.body["dimensions"]
        request.note("dimensions", "translated", f"left out: {model.id} has no others.")
    elif size > model.largest:
        refuse(
            "dimensions",
            f"{model.id} makes vectors of {model.largest} numbers at most. Ask for 256, 512, 1024 or 2048.",
        )


def _encoding_format(request: Request, form: Any) -> None:
    """Leave the format out: Zhipu has no such field, and answers with numbers whatever it says."""
    if form not in ("float", "base64"):
        refuse("encoding_format", 'encoding_format must be "float" or "base64".')
    del request.body["encoding_format"]


FIELDS: Final[tuple[Field[Request], ...]] = (
    Field(
        "model",
        "translated",
        "OpenAI's names stand for embedding-3; others pass.",
        _SPEC,
        _SPEC_SEEN,
        _model,
    ),
    Field(
        "input",
        "translated",
        "Split into requests of 64 texts; token arrays are decoded with tiktoken.",
        _SPEC,
        _SPEC_SEEN,
        _input,
    ),
    Field(
        "dimensions",
        "same",
        "Up to 2048 for embedding-3; embedding-2 has 1024 alone. The answer is measured.",
        _SPEC,
        _SPEC_SEEN,
        _dimensions,
    ),
    Field(
        "encoding_format",
        "translated",
        "Zhipu answers with numbers; base64 is made here.",
        "glm-cookbook, glm_openai_sdk.ipynb",
        date(2025, 9, 4),
        _encoding_format,
    ),
    Field(
        "user",
        "dropped",
        "Zhipu's embeddings know no end user.",
        _SPEC,
        _SPEC_SEEN,
        silent=True,
    ),
)


def create(call: Call) -> Operation:
    """Serve ``POST /embeddings``."""
    request = translate_fields(call, FIELDS)
    body = request.body
    if "input" not in body:
        refuse(
            "input",
            "input is missing: give a string or a list of strings.",
            code="missing_required_parameter",
        )
    given = body["input"]
    model = MODELS.get(str(body.get("model")), _EMBEDDING_3)
    # One text is sent as it was given, not as a list.
    batches = list(_batches(given, model)) if isinstance(given, list) else [given]
    if len(batches) > 1:
        request.note("input", "translated", "sent in several requests: one takes fewer texts.")
    sends = [Send("POST", PATH, {**body, "input": batch}) for batch in batches]
    replies = yield from in_rounds(sends, side_by_side=SIDE_BY_SIDE)
    if isinstance(replies, Reply):
        return replies
    merged = _Merged(
        encode=call.body.get("encoding_format") == "base64", dimensions=call.body.get("dimensions")
    )
    for reply, batch in zip(replies, batches, strict=True):
        merged.take(reply, len(batch) if isinstance(batch, list) else 1)
    if merged.usage is None:
        request.note("usage", "repaired", "Zhipu gave none; it is filled in with 0.")
    answer = {
        **merged.head,
        "object": "list",
        "model": merged.head.get("model") or body.get("model"),
        "data": merged.data,
        "usage": {"prompt_tokens": 0, "total_tokens": 0, **(merged.usage or {})},
    }
    headers = {**kept_headers(replies[0], merged.head.get("request_id")), "content-type": "application/json"}
    # Not the usual encoder: Python's takes ten times as long for a list of numbers.
    return Reply(200, headers, to_json(answer))


def _batches(items: list[Any], model: EmbeddingModel) -> Iterator[list[Any]]:
    """Cut a list into the lists that one request each may carry."""
    batch: list[Any] = []
    room = model.most_tokens
    for item in items:
        # No text has more tokens than bytes; one that is too long by itself is refused whatever goes with it.
        size = min(len(str(item).encode("utf-8", "surrogatepass")) + _TOKENS_AROUND, model.item_tokens)
        if batch and (len(batch) == model.most_items or (room is not None and size > room)):
            yield batch
            batch, room = [], model.most_tokens
        batch.append(item)
        room = None if room is None else room - size
    if batch:
        yield batch


class _Merged:
    """The answers to the parts of one request, put together in order."""

    def __init__(self, *, encode: bool, dimensions: int | None) -> None:
        self.head: dict[str, Any] = {}
        self.data: list[dict[str, Any]] = []
        self.usage: dict[str, Any] | None = None
        self._encode = encode
        self._asked = dimensions
        self._dimensions = dimensions

    def take(self, reply: Reply, count: int) -> None:
        """Add the answer to a part with that many texts.

        Raises:
            Refused: The answer is not one vector for each text.
        """
        try:
            body = from_json(reply.content.removeprefix(BOM_UTF8), allow_inf_nan=False)
        except ValueError:
            raise invalid("is not JSON") from None
        found = body.get("data") if isinstance(body, dict) else None
        if not isinstance(found, list) or len(found) != count:
            raise invalid(f"does not hold one embedding for each of {count} texts")
        for place, entry in enumerate(_in_order(found), start=len(self.data)):
            vector = self._vector(entry.get("embedding"))
            self.data.append({**entry, "object": "embedding", "index": place, "embedding": vector})
        self.head = self.head or {
            name: value for name, value in body.items() if name not in ("data", "usage")
        }
        usage = body.get("usage")
        if isinstance(usage, dict):
            self.usage = _sum(self.usage or {}, usage)

    def _vector(self, given: Any) -> Any:
        """Give a vector in the form that was asked for.

        Zhipu's decimals are those of 32-bit floats, which base64 carries exactly.
        """
        if isinstance(given, str):
            numbers: Any = _decoded(given)
        elif isinstance(given, list) and {float, int}.issuperset(map(type, given)):
            numbers = given
        else:
            raise invalid("holds an embedding that is no list of numbers")
        if not numbers:
            raise invalid("holds an embedding without numbers")
        self._dimensions = self._dimensions or len(numbers)
        if len(numbers) != self._dimensions:
            wanted = "were asked for" if self._asked else "came before"
            raise invalid(
                f"holds an embedding of {len(numbers)} numbers where {self._dimensions} {wanted}", retry=False
            )
        if not self._encode:
            return numbers
        try:
            packed = struct.pack(f"<{len(numbers)}f", *numbers)
        except (struct.error, OverflowError):
            raise invalid("holds a number that is too large for an embedding") from None
        return base64.b64encode(packed).decode()


def _decoded(given: str) -> tuple[float, ...]:
    """Decode a vector that came as base64 already."""
    try:
        data = base64.b64decode(given, validate=True)
        return struct.unpack(f"<{len(data) // 4}f", data)
    except (ValueError, struct.error):
        raise invalid("holds an embedding that is neither numbers nor base64") from None


def _in_order(found: list[Any]) -> Iterable[dict[str, Any]]:
    """Give the entries in the order of the texts: by their index, or as they stand where none has one."""
    if not all(isinstance(entry, dict) for entry in found):
        raise invalid("holds an embedding that is no object")
    places = [entry.get("index") for entry in found]
    if all(place is None for place in places):
        return found
    try:
        by_place = dict(zip(places, found, strict=True))
        return [by_place[place] for place in range(len(found))]
    except (KeyError, TypeError):
        raise invalid("numbers its embeddings so that they cannot be matched to the texts") from None


def _sum(total: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    counts = {
        name: total.get(name, 0) + value
        for name, value in more.items()
        if isinstance(value, int) and isinstance(total.get(name, 0), int)
    }
    return {**more, **total, **counts}
