"""Forks with a place in its hands; the child drops its copy of the place and works under the same limit."""

from __future__ import annotations

import gc
import os
import sys
import time
from typing import Any

import redis

from zhipu_openai import OpenAI
from zhipu_openai.fleet import RedisLimiter

KEY = "0123456789abcdef0123456789abcdef.SecretSecretSecr"


def main(url: str, name: str, base_url: str) -> None:
    """Do so, and say what came of it."""
    limiter = RedisLimiter(url, limit=2, name=name, lease=6)
    client = OpenAI(api_key=KEY, base_url=base_url, max_concurrency=limiter, max_retries=0)
    kept: list[Any] = [limiter.acquire()]
    child = os.fork()
    if child == 0:
        kept[0].give_back()
        kept.clear()
        gc.collect()
        client.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "id 0"}])
        own = limiter.acquire()
        time.sleep(0.1)
        own.give_back()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    time.sleep(8)  # longer than the lease
    holders = redis.Redis.from_url(url).zcard(f"zhipu-openai:{{{name}}}:holders")
    print(
        f"parent kept its place, child asked and ended with {status}"
        if (status, holders) == (0, 1)
        else f"status {status}, {holders} holders"
    )


main(*sys.argv[1:])
