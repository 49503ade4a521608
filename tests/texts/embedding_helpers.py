"""Embeddings on the fake wire: answers in Zhipu's shape, and calls of either client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conftest import httpx
from scripts import play

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from conftest import SyncSide, Wire

VECTOR = [-0.0021513698, 0.0056886184, -0.04387432, 0.028451975]
"""Decimals as recorded: those of 32-bit floats."""


def answer(*vectors: Any, **top: Any) -> dict[str, Any]:
    """Make an answer with these vectors, in order."""
    data = [
        {"embedding": vector, "index": place, "object": "embedding"} for place, vector in enumerate(vectors)
    ]
    usage = {"completion_tokens": 0, "prompt_tokens": 5, "total_tokens": 5}
    return {"data": data, "model": "embedding-3", "object": "list", "usage": usage, **top}


def numbered(text: str) -> list[float]:
    """Make a vector that tells which text it is of; the texts are numbers."""
    return [float(text), 1.0]


def answer_each(
    wire: Wire, change: Callable[[dict[str, Any]], dict[str, Any]] = lambda made: made, **headers: str
) -> None:
    """Answer every request with the vectors of its own texts."""

    def reply(request: Any) -> Any:
        given = json.loads(request.content)["input"]
        texts = given if isinstance(given, list) else [given]
        return httpx.Response(200, json=change(answer(*map(numbered, texts))), headers=headers)

    wire.reply_with(reply)


def embed(
    side: SyncSide, given: Any = "hello", *, client: dict[str, Any] | None = None, **fields: Any
) -> Any:
    """Embed with a client of this side."""

    def script(made: Any) -> Generator[Any, Any, Any]:
        return (yield made.embeddings.create(**{"model": "embedding-3", "input": given, **fields}))

    return play(side, script, **(client or {}))


def record_of(side: SyncSide, given: Any = "hello", **fields: Any) -> str:
    """Embed, and give the record of what was adapted."""

    def script(made: Any) -> Generator[Any, Any, Any]:
        raw = yield made.embeddings.with_raw_response.create(
            **{"model": "embedding-3", "input": given, **fields}
        )
        return raw.headers.get("x-zhipu-adaptations", "")

    recorded: str = play(side, script)
    return recorded
