"""One worker of the proof: it asks each of its questions once, and writes down what came of it.

Its plan is JSON on the command line: ``base_url``, ``redis``, ``name``, ``limit``, ``lease``, ``ids``, ``kind`` ("sync"
or "async"), ``stream``, ``wide`` (requests at a time), ``out``, and what a case needs of ``skew``, ``block``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

PLAN: dict[str, Any] = json.loads(sys.argv[1])

if PLAN.get("skew"):
    # A clock that is wrong from the first import on.
    right, right_ns = time.time, time.time_ns
    time.time = lambda: right() + PLAN["skew"]
    time.time_ns = lambda: right_ns() + int(PLAN["skew"] * 1e9)

from zhipu_openai import AsyncOpenAI, OpenAI  # noqa: E402 - after the clock
from zhipu_openai.fleet import RedisLimiter, SharedLimitWarning  # noqa: E402 - likewise

KEY = "0123456789abcdef0123456789abcdef.SecretSecretSecr"


def limiter() -> RedisLimiter:
    """Make the limiter of this worker."""
    return RedisLimiter(PLAN["redis"], limit=PLAN["limit"], name=PLAN["name"], lease=PLAN["lease"])


def options() -> dict[str, Any]:
    """Give the arguments of a client."""
    return {
        "api_key": KEY,
        "base_url": PLAN["base_url"],
        "max_retries": 0,
        "timeout": 120,
        "max_concurrency": limiter(),
    }


def question(number: int) -> dict[str, Any]:
    """Ask a question that the counting server knows again."""
    return {
        "model": "glm-5.2",
        "messages": [{"role": "user", "content": f"id {number}"}],
        "stream": PLAN["stream"],
    }


def note(out: Any, number: int, began: float) -> None:
    """Write down that a question is answered, and when; a line is written whole."""
    out.write(json.dumps({"id": number, "took": time.monotonic() - began}) + "\n")
    out.flush()


def work_sync(out: Any) -> None:
    """Ask from threads."""
    with OpenAI(**options()) as client, ThreadPoolExecutor(PLAN["wide"]) as pool:

        def one(number: int) -> None:
            began = time.monotonic()
            answer: Any = client.chat.completions.create(**question(number))
            if PLAN["stream"]:
                for _ in answer:
                    pass
            note(out, number, began)

        for done in [pool.submit(one, number) for number in PLAN["ids"]]:
            done.result()


async def work_async(out: Any) -> None:
    """Ask from tasks."""
    gate = asyncio.Semaphore(PLAN["wide"])
    async with AsyncOpenAI(**options()) as client:

        async def one(number: int) -> None:
            async with gate:
                began = time.monotonic()
                answer: Any = await client.chat.completions.create(**question(number))
                if PLAN["stream"]:
                    async for _ in answer:
                        if PLAN.get("block"):
                            time.sleep(PLAN.pop("block"))  # noqa: ASYNC251 - a loop that is blocked is the case
                note(out, number, began)

        await asyncio.gather(*(one(number) for number in PLAN["ids"]))


def main(path: Path) -> None:
    """Ask all, and write at the end how often it was warned of Redis."""
    with path.open("a", encoding="utf-8") as out, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if PLAN["kind"] == "sync":
            work_sync(out)
        else:
            asyncio.run(work_async(out))
        told = sum(issubclass(one.category, SharedLimitWarning) for one in said)
        out.write(json.dumps({"warned": told}) + "\n")


if __name__ == "__main__":
    main(Path(PLAN["out"]))
