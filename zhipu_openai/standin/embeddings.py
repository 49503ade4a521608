"""POST /embeddings: unit vectors made of the words of a text, the same for the same text and in any process.

Texts that share words lie near each other, so that a search among them finds something. Nothing else is meant.
"""

from __future__ import annotations

import math
from functools import lru_cache
from hashlib import shake_256
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.embeddings import MODELS, EmbeddingModel

from .fields import Field, json_object, refusal
from .tokens import count, tokens
from .traffic import Reply, Request, json_reply

if TYPE_CHECKING:
    from .service import StandIn

NOTICE: Final = "[stand-in] These vectors come from the zhipu-openai stand-in, not from a model."

_LARGEST: Final = 2048
_FIELDS: Final = (
    Field("model", ("string",), required=True),
    Field("input", ("string", "array"), required=True, least=1),
    Field("dimensions", ("integer",), least=1, most=_LARGEST),
)
"""Source: docs.bigmodel.cn OpenAPI, 2026-07-11. It lists four dimensions; any up to the largest are taken, as its own
example and reports have it."""

_DECIMALS: Final = 8


def embed(service: StandIn, request: Request) -> Reply:
    """Answer with one vector for each text."""
    given = json_object(request)
    refused = refusal(service, request, given, _FIELDS)
    if refused is not None or given is None:
        return refused or service.error(request, "1210")
    model = MODELS.get(given["model"])
    # Recorded traffic of api.z.ai, 2026-07-11: embeddings are served in China alone.
    if model is None or service.region == "intl":
        return service.error(request, "1211")
    texts = given["input"] if isinstance(given["input"], list) else [given["input"]]
    problem = _problem(texts, given.get("dimensions"), model)
    if problem:
        return service.error(request, "1214", message=problem)
    size = given.get("dimensions", model.default_dimensions)
    data = [
        {"embedding": vector(text, size), "index": place, "object": "embedding"}
        for place, text in enumerate(texts)
    ]
    counted = sum(count(text) for text in texts)
    body = {
        "data": data,
        "model": given["model"],
        "object": "list",
        "standin": NOTICE,
        "usage": {"completion_tokens": 0, "prompt_tokens": counted, "total_tokens": counted},
    }
    return json_reply(request, body)


def _problem(texts: list[Any], dimensions: int | None, model: EmbeddingModel) -> str:
    """Say what is wrong with the texts or the size; that code 1214 answers is inferred."""
    if not all(isinstance(text, str) and text for text in texts):
        return "input 参数非法。请检查文档。"
    if len(texts) > model.most_items:
        return f"input 数组最大不得超过 {model.most_items} 条"
    counts = [count(text) for text in texts]
    if max(counts) > model.item_tokens:
        return f"input 单条请求最多支持 {model.item_tokens} 个 Tokens"
    if model.most_tokens is not None and sum(counts) > model.most_tokens:
        return f"input 数组总长度不得超过 {model.most_tokens} 个 Tokens"
    if model.largest is None and dimensions not in (None, model.default_dimensions):
        return "dimensions 参数非法。请检查文档。"
    return ""


def vector(text: str, size: int) -> list[float]:
    """Make the vector of a text: the sum of those of its words, of length 1.

    Args:
        text: The text.
        size: How many numbers, 1 or more. A shorter vector points where the beginning of a longer one does.
    """
    words = [token.strip().lower() for token in tokens(text)]
    summed = [sum(column) for column in zip(*(_direction(word, size) for word in words), strict=True)]
    length = math.hypot(*summed) or 1.0
    return [round(number / length, _DECIMALS) for number in summed]


@lru_cache(maxsize=1024)
def _direction(word: str, size: int) -> tuple[float, ...]:
    """Give the direction of a word: a byte of its hash for each number, spread around 0."""
    return tuple(byte - 127.5 for byte in shake_256(word.encode("utf-8", "surrogatepass")).digest(size))
