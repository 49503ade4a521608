"""What ``python -m zhipu_openai serve`` adds to a call: ``python -m tests.benchmarks.serve``.

The same service on loopback is asked directly by our client, and by openai's own client through a server of ours in a
process of its own. Wall time, since two processes work; ratios hold from machine to machine, times do not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

import openai

import zhipu_openai
from zhipu_openai.library import openai_library

from .measure import KEY, MESSAGES, in_turns, machine, table
from .server import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

httpx = openai_library().module
BODY = {"model": "glm-4.7", "messages": MESSAGES}


@contextmanager
def through_serve(upstream: str) -> Iterator[str]:
    """Serve the boundary over a service; give the base URL."""
    command = [sys.executable, "-m", "zhipu_openai", "serve", "--base-url", upstream, "--port", "0"]
    environment = {**os.environ, "ZAI_API_KEY": KEY}
    with subprocess.Popen(
        [*command, "--no-access-log"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()


def call(client: Any, times: int) -> float:
    """Call so many times; give the median of the seconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        client.chat.completions.create(**BODY)
        took.append(time.perf_counter() - began)
    return median(took)


def stream(client: Any, chunks: int) -> float:
    """Read a stream; give the seconds per chunk."""
    began = time.perf_counter()
    count = sum(1 for _ in client.chat.completions.create(**BODY, stream=True))
    assert count >= chunks
    return (time.perf_counter() - began) / count


def read(client: Any, base_url: str, chunks: int) -> float:
    """Read the bytes of a stream; give the seconds per event."""
    began = time.perf_counter()
    with client.stream("POST", f"{base_url}chat/completions", json={**BODY, "stream": True}) as answer:
        size = sum(len(part) for part in answer.iter_bytes())
    assert size > chunks
    return (time.perf_counter() - began) / chunks


def first(client: Any) -> float:
    """Give the seconds to the first chunk of a stream whose chunks come one by one."""
    began = time.perf_counter()
    with client.chat.completions.create(**BODY, stream=True) as answer:
        next(iter(answer))
        took = time.perf_counter() - began
        for _ in answer:
            pass
    return took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--chunks", type=int, default=3000)
    arguments = parser.parse_args()
    rounds, chunks = arguments.rounds, arguments.chunks
    print(machine())
    rows: list[tuple[str, ...]] = []

    def row(name: str, scale: float, unit: str, work: dict[str, Callable[[], float]]) -> None:
        best = in_turns(work, rounds)
        shown = [f"{best[which] * scale:.2f} {unit}" for which in ("direct", "served")]
        rows.append((name, *shown, f"{best['served'] / best['direct']:.2f}"))

    with served(chunks) as upstream, through_serve(upstream) as base_url:
        ours = zhipu_openai.OpenAI(api_key=KEY, base_url=upstream)
        bare = openai.OpenAI(api_key="unused", base_url=base_url)
        row("a small call", 1e3, "ms", {"direct": lambda: call(ours, 100), "served": lambda: call(bare, 100)})
        row(
            "a streamed chunk, as objects",
            1e6,
            "µs",
            {"direct": lambda: stream(ours, chunks), "served": lambda: stream(bare, chunks)},
        )
        plain = httpx.Client(trust_env=False)
        boundary = zhipu_openai.http_client(api_key=KEY, base_url=upstream)
        row(
            "a streamed chunk, as bytes",
            1e6,
            "µs",
            {
                "direct": lambda: read(boundary, upstream, chunks),
                "served": lambda: read(plain, f"{base_url}/", chunks),
            },
        )
    with served(20, pause=0.002) as upstream, through_serve(upstream) as base_url:
        ours = zhipu_openai.OpenAI(api_key=KEY, base_url=upstream)
        bare = openai.OpenAI(api_key="unused", base_url=base_url)
        row("the first chunk", 1e3, "ms", {"direct": lambda: first(ours), "served": lambda: first(bare)})
    print(f"\nbest of {rounds}; {chunks} chunks\n")
    print(*table(("", "our client, directly", "through serve", "served / direct"), rows), sep="\n")


if __name__ == "__main__":
    main()
