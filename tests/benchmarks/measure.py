"""What the benchmarks share: traffic in the shape of GLM's, and measuring in turns.

Things are measured in turns within one run and the best of each counts: other work on the machine only adds
time, and what it adds falls on all of them. Ratios hold from machine to machine; times do not.
"""

from __future__ import annotations

import json
import platform
import sys
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KEY = "0123456789abcdef0123456789abcdef.SecretSecretSecr"
BASE_URL = "https://open.bigmodel.cn/api/paas/v4/"
MESSAGES: Any = [{"role": "user", "content": "Hi"}]
HEAD = {
    "id": "20260701114301aabbccddeeff0011",
    "created": 1782877381,
    "object": "chat.completion.chunk",
    "model": "glm-4.7",
}
USAGE = {
    "prompt_tokens": 7,
    "completion_tokens": 900,
    "total_tokens": 907,
    "prompt_tokens_details": {"cached_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 300},
}


def event(value: Any) -> bytes:
    """Write an event as GLM does."""
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


@cache
def glm_stream(count: int) -> tuple[bytes, ...]:
    """Make the events of an answer that thinks for a third of its chunks and then speaks.

    The shape is that of recorded streams (api.z.ai, glm-4.7, 2026-07-01): a role on every delta, no finish reason
    until the last chunk, the usage in that chunk.
    """
    words = ("Hello", "世界", " the", " quick", "\n\n", ' "fox"', ".")
    events = []
    for place in range(count - 1):
        field = "reasoning_content" if place < count // 3 else "content"
        delta = {"role": "assistant", field: words[place % len(words)]}
        events.append(event({**HEAD, "choices": [{"index": 0, "delta": delta}]}))
    last = {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": ""}}
    events.append(event({**HEAD, "choices": [last], "usage": USAGE}))
    return (*events, b"data: [DONE]\n\n")


def in_reads(events: Iterable[bytes], size: int | None) -> list[bytes]:
    """Cut a stream into reads of so many bytes; None is an event at a time."""
    if size is None:
        return list(events)
    body = b"".join(events)
    return [body[start : start + size] for start in range(0, len(body), size)]


def in_turns(work: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Do each piece of work in turn, several times; give the least that each returned."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, do in work.items():
            best[name] = min(do(), best.get(name, float("inf")))
    return best


def machine() -> str:
    """Name what this was measured on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("openai", "pydantic"))
    return f"Python {platform.python_version()}, {libraries}, {platform.machine()}, {sys.platform}"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Render rows as a GitHub table."""
    head = list(head)
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
