"""Holds both places, cancels fifty tasks that wait, gives the places back, says so, and lives on until it is told."""

from __future__ import annotations

import asyncio
import sys

from zhipu_openai.fleet import RedisLimiter


async def main(url: str, name: str) -> None:
    """Do so."""
    limiter = RedisLimiter(url, limit=2, name=name, lease=6)
    held = [await limiter.acquire_async() for _ in range(2)]
    waiting = [asyncio.create_task(limiter.acquire_async()) for _ in range(50)]
    await asyncio.sleep(0.5)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for place in held:
        place.give_back()
    await asyncio.sleep(0.2)
    print("cancelled", flush=True)
    await asyncio.to_thread(sys.stdin.readline)


asyncio.run(main(sys.argv[1], sys.argv[2]))
