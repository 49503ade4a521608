"""Whether the cost of a stream grows with its length alone: ``python -m tests.benchmarks.growth``.

A stream ten times as long, or an event a hundred times as large, must cost no more per chunk or byte.
"""

from __future__ import annotations

import time
from typing import Any

import zhipu_openai

from .measure import HEAD, MESSAGES, event, glm_stream, in_reads, in_turns, machine, table
from .streams import sync_client

TOOLS: Any = [
    {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
]


def per_chunk(count: int, **arguments: Any) -> float:
    """Read a stream of so many chunks; give the CPU seconds per chunk."""
    client = sync_client(zhipu_openai.OpenAI, in_reads(glm_stream(count), None))
    began = time.process_time()
    seen = sum(
        1
        for _ in client.chat.completions.create(model="glm-4.7", messages=MESSAGES, stream=True, **arguments)
    )
    assert seen >= count - 1
    return (time.process_time() - began) / count


def per_megabyte(size: int) -> float:
    """Read a stream whose one event holds a text of so many bytes, in reads of 4 KiB; give the CPU seconds per MB."""
    big = event({**HEAD, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "x" * size}}]})
    last = event({**HEAD, "choices": [{"index": 0, "finish_reason": "stop", "delta": {"content": ""}}]})
    client = sync_client(zhipu_openai.OpenAI, in_reads((big, last, b"data: [DONE]\n\n"), 4096))
    began = time.process_time()
    stream = client.chat.completions.create(model="glm-4.7", messages=MESSAGES, stream=True)
    assert sum(len(chunk.choices[0].delta.content or "") for chunk in stream) == size
    return (time.process_time() - began) / size * 1e6


def main() -> None:
    """Print the table."""
    found = in_turns(
        {
            "10,000 chunks": lambda: per_chunk(10_000),
            "100,000 chunks": lambda: per_chunk(100_000),
            "10,000 chunks, tools": lambda: per_chunk(10_000, tools=TOOLS),
            "100,000 chunks, tools": lambda: per_chunk(100_000, tools=TOOLS),
            "an event of 50 kB": lambda: per_megabyte(50_000),
            "an event of 5 MB": lambda: per_megabyte(5_000_000),
        },
        2,
    )
    print(machine(), "\n")
    units = ("µs per chunk", "µs per chunk", "µs per chunk", "µs per chunk", "µs per MB", "µs per MB")
    rows = [
        (name, f"{seconds * 1e6:.1f}", unit)
        for (name, seconds), unit in zip(found.items(), units, strict=True)
    ]
    print(*table(("", "CPU", ""), rows), sep="\n")


if __name__ == "__main__":
    main()
