"""CPU time per streamed chunk: ``python -m tests.benchmarks.streams``.

Both clients read the same GLM-shaped bytes from an in-process transport, bare openai as they are, ours with all
of the translation. The upper bound splits the bytes and parses each event, and builds nothing.

    --zai PYTHON   also measure zai-sdk, by a Python that has it
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import time
from typing import TYPE_CHECKING, Any

import openai
from pydantic_core import from_json

import zhipu_openai
from zhipu_openai.library import openai_library

from .measure import BASE_URL, KEY, MESSAGES, glm_stream, in_reads, in_turns, machine, table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

httpx = openai_library().module

STREAM = {"content-type": "text/event-stream;charset=UTF-8"}
READS = {"one event per read": None, "64 KiB per read": 65536}


def sync_client(cls: Any, reads: list[bytes], **options: Any) -> Any:
    """Make a client whose every request is answered by this stream."""

    def body() -> Iterator[bytes]:
        yield from reads

    def answer(_: Any) -> Any:
        return httpx.Response(200, headers=STREAM, content=body())

    below = httpx.Client(transport=httpx.MockTransport(answer))
    return cls(api_key=KEY, base_url=BASE_URL, http_client=below, **options)


def async_client(cls: Any, reads: list[bytes], **options: Any) -> Any:
    """Make the async twin."""

    async def body() -> AsyncIterator[bytes]:
        for data in reads:
            yield data

    async def answer(_: Any) -> Any:
        return httpx.Response(200, headers=STREAM, content=body())

    below = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return cls(api_key=KEY, base_url=BASE_URL, http_client=below, **options)


def read_sync(client: Any) -> float:
    """Read a stream; give the CPU seconds per chunk."""
    count = 0
    began = time.process_time()
    for _ in client.chat.completions.create(model="glm-4.7", messages=MESSAGES, stream=True):
        count += 1
    return (time.process_time() - began) / count


async def read_async(client: Any) -> float:
    """Read a stream; give the CPU seconds per chunk."""
    count = 0
    began = time.process_time()
    async for _ in await client.chat.completions.create(model="glm-4.7", messages=MESSAGES, stream=True):
        count += 1
    return (time.process_time() - began) / count


def upper_bound(reads: list[bytes]) -> float:
    """Split and parse, and build nothing."""
    count, held = 0, b""
    began = time.process_time()
    for data in reads:
        *events, held = (held + data).split(b"\n\n")
        for one in events:
            if one[6:7] == b"{":
                from_json(one[6:])
                count += 1
    return (time.process_time() - began) / count


ZAI = """
import json, sys, time, httpx
from zai import ZhipuAiClient
reads = [part.encode() for part in json.loads(sys.stdin.read())]
def body():
    yield from reads
def answer(_):
    return httpx.Response(200, headers={"content-type": "text/event-stream;charset=UTF-8"}, content=body())
client = ZhipuAiClient(api_key="a.b", http_client=httpx.Client(transport=httpx.MockTransport(answer)))
best = 1e9
for _ in range(3):
    count, began = 0, time.process_time()
    for _ in client.chat.completions.create(model="glm-4.7", messages=[{"role": "user", "content": "Hi"}], stream=True):
        count += 1
    best = min(best, (time.process_time() - began) / count)
print(best)
"""


def zai(python: str, events: list[bytes]) -> float:
    """Measure zai-sdk by a Python of its own."""
    import json

    given = json.dumps([one.decode() for one in events])
    done = subprocess.run([python, "-c", ZAI], input=given, capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure(count: int, rounds: int, size: int | None) -> dict[str, float]:
    """Measure all for one size of reads."""
    reads = in_reads(glm_stream(count), size)
    bare, ours = sync_client(openai.OpenAI, reads), sync_client(zhipu_openai.OpenAI, reads)
    slow = sync_client(zhipu_openai.OpenAI, reads, fast_streams=False)
    bare_async = async_client(openai.AsyncOpenAI, reads)
    ours_async = async_client(zhipu_openai.AsyncOpenAI, reads)
    with asyncio.Runner() if hasattr(asyncio, "Runner") else _Loop() as runner:
        return in_turns(
            {
                "bare openai, sync": lambda: read_sync(bare),
                "zhipu_openai, sync": lambda: read_sync(ours),
                "zhipu_openai, sync, fast_streams=False": lambda: read_sync(slow),
                "bare openai, async": lambda: runner.run(read_async(bare_async)),
                "zhipu_openai, async": lambda: runner.run(read_async(ours_async)),
                "upper bound": lambda: upper_bound(reads),
            },
            rounds,
        )


class _Loop:
    """asyncio.Runner for Python 3.10."""

    def __enter__(self) -> Any:
        self._loop = asyncio.new_event_loop()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.close()

    def run(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chunks", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--zai", metavar="PYTHON")
    given = parser.parse_args()
    print(machine())
    for name, size in READS.items():
        found = measure(given.chunks, given.rounds, size)
        if given.zai and size is None:
            found["zai-sdk, sync"] = zai(given.zai, list(glm_stream(given.chunks // 4)))
        rows = []
        for who, seconds in found.items():
            against = found["bare openai, async" if "async" in who else "bare openai, sync"]
            rows.append((who, f"{seconds * 1e6:.1f}", f"{1 / seconds:,.0f}", f"{against / seconds:.2f}"))
        print(f"\n{name}, {given.chunks:,} chunks, best of {given.rounds}\n")
        print(*table(("", "µs of CPU per chunk", "chunks per CPU second", "x bare openai"), rows), sep="\n")


if __name__ == "__main__":
    main()
