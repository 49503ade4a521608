"""A thousand streams at once over loopback: ``python -m tests.benchmarks.many_streams``.

Each client has a process of its own, in turns, so that memory can be told apart. Printed are the time until all
have ended, its CPU share, the memory they took while open, and the time to the first chunk of a stream.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time
from statistics import quantiles
from typing import Any

from .measure import KEY, MESSAGES, machine, table
from .server import served

CLIENTS = {"bare openai": "openai", "zhipu_openai": "zhipu_openai"}


async def _read(client: Any, streams: int, chunks: int) -> dict[str, float]:
    firsts: list[float] = []
    open_ones = 0
    peak = asyncio.Event()

    async def one() -> int:
        nonlocal open_ones
        began = time.perf_counter()
        count = 0
        stream = await client.chat.completions.create(model="glm-4.7", messages=MESSAGES, stream=True)
        async for _ in stream:
            if not count:
                firsts.append(time.perf_counter() - began)
                open_ones += 1
                if open_ones == streams:
                    peak.set()
            count += 1
        return count

    await one()
    firsts.clear()
    open_ones = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    counts = await asyncio.gather(*(one() for _ in range(streams)))
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert all(count == counts[0] and count >= chunks - 1 for count in counts), "something was lost"
    cuts = quantiles(firsts, n=100)
    return {
        "wall": wall,
        "cpu": cpu,
        "kib": (after - before) / streams,
        "p50": cuts[49],
        "p99": cuts[98],
        "chunks": sum(counts),
    }


def child(package: str, url: str, streams: int, chunks: int) -> None:
    """Measure one client, and print what was found."""
    if package == "openai":
        from openai import AsyncOpenAI
    else:
        from zhipu_openai import AsyncOpenAI  # type: ignore[assignment]  # the other one's subclass

    async def run() -> dict[str, float]:
        async with AsyncOpenAI(api_key=KEY, base_url=url, timeout=600, max_retries=0) as client:
            return await _read(client, streams, chunks)

    print(json.dumps(asyncio.run(run())))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--chunks", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between the chunks of a stream")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("PACKAGE", "URL"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(*given.child, given.streams, given.chunks)
        return
    best: dict[str, dict[str, float]] = {}
    with served(given.chunks, given.pause) as url:
        for _ in range(given.rounds):
            for name, package in CLIENTS.items():
                command = [sys.executable, "-m", "tests.benchmarks.many_streams", "--child", package, url]
                command += ["--streams", str(given.streams), "--chunks", str(given.chunks)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                found = json.loads(done.stdout)
                kept = best.setdefault(name, found)
                best[name] = {what: min(kept[what], value) for what, value in found.items()}
    bare = best["bare openai"]
    rows = [
        (
            name,
            f"{found['wall']:.2f}",
            f"{found['cpu']:.2f}",
            f"{found['p50'] * 1e3:.0f}",
            f"{found['p99'] * 1e3:.0f}",
            f"{found['kib']:.0f}",
            f"{found['chunks']:.0f}",
            f"{bare['wall'] / found['wall']:.2f}",
            f"{bare['cpu'] / found['cpu']:.2f}",
        )
        for name, found in best.items()
    ]
    print(machine())
    print(
        f"\n{given.streams} streams at once, {given.chunks} chunks each, {given.pause} s apart, best of {given.rounds}\n"
    )
    head = ("", "s until all ended", "s of CPU", "first chunk p50, ms", "p99, ms", "KiB per stream", "chunks")
    print(*table((*head, "x as fast", "x less CPU"), rows), sep="\n")


if __name__ == "__main__":
    main()
