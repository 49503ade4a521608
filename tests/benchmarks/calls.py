"""CPU time of a call that is not streamed: ``python -m tests.benchmarks.calls``.

In process, where the HTTP library costs least and ours is seen most, and over a real loopback connection.
"""

from __future__ import annotations

import argparse
import base64
import json
import time
import tracemalloc
from typing import Any

import openai

import zhipu_openai
from zhipu_openai.library import openai_library

from .measure import BASE_URL, KEY, MESSAGES, in_turns, machine, table
from .server import ANSWER, served

httpx = openai_library().module

TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather somewhere.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city"],
        },
    },
}
LONG: Any = [
    {"role": ("user", "assistant")[place % 2], "content": f"Message {place} of a long history. " * 5}
    for place in range(199)
]
CALLS: dict[str, dict[str, Any]] = {
    "1 message": {"messages": MESSAGES},
    "200 messages": {"messages": [*LONG, {"role": "user", "content": "And now?"}]},
    "1 message, 20 tools": {"messages": MESSAGES, "tools": [TOOL] * 20},
}


def in_process(body: bytes) -> Any:
    """Make a client below that answers everything with this body."""
    headers = {"content-type": "application/json; charset=UTF-8"}
    return httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=body))
    )


def cpu(client: Any, times: int, arguments: dict[str, Any]) -> float:
    """Call so many times; give the CPU seconds per call."""
    began = time.process_time()
    for _ in range(times):
        client.chat.completions.create(model="glm-4.7", **arguments)
    return (time.process_time() - began) / times


def rows_of(bare: Any, ours: Any, rounds: int) -> list[tuple[str, ...]]:
    """Measure each kind of call on both clients."""
    rows = []
    for name, arguments in CALLS.items():
        times = 10 if "200" in name else 200

        def work(client: Any, times: int = times, arguments: dict[str, Any] = arguments) -> float:
            return cpu(client, times, arguments)

        found = in_turns({"bare": lambda work=work: work(bare), "ours": lambda work=work: work(ours)}, rounds)
        ratio = found["ours"] / found["bare"]
        rows.append((name, f"{found['bare'] * 1e3:.2f}", f"{found['ours'] * 1e3:.2f}", f"{ratio:.2f}"))
    return rows


def embeddings(rounds: int) -> tuple[str, ...]:
    """Measure an answer of 64 vectors of 2,048 numbers."""
    vector = [round(number * 1e-5 - 0.01, 8) for number in range(2048)]
    data = [{"object": "embedding", "index": place, "embedding": vector} for place in range(64)]
    body = {
        "object": "list",
        "model": "embedding-3",
        "data": data,
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }
    below = in_process(json.dumps(body).encode())
    bare = openai.OpenAI(api_key=KEY, base_url=BASE_URL, http_client=below)
    ours = zhipu_openai.OpenAI(api_key=KEY, http_client=below)

    def ask(client: Any) -> float:
        began = time.process_time()
        answer = client.embeddings.create(model="embedding-3", input=["x"] * 64)
        assert len(answer.data) == 64
        return time.process_time() - began

    found = in_turns({"bare": lambda: ask(bare), "ours": lambda: ask(ours)}, rounds)
    ratio = found["ours"] / found["bare"]
    return (
        "64 embeddings of 2,048",
        f"{found['bare'] * 1e3:.1f}",
        f"{found['ours'] * 1e3:.1f}",
        f"{ratio:.2f}",
    )


def picture(megabytes: int) -> list[tuple[str, ...]]:
    """Send a large picture; give the most memory that Python held meanwhile, against the body's size."""
    url = "data:image/png;base64," + base64.b64encode(bytes(megabytes * 1_000_000)).decode()
    content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    messages: Any = [{"role": "user", "content": content}]
    rows = []
    clients = {"bare openai": openai.OpenAI, "zhipu_openai": zhipu_openai.OpenAI}
    for name, cls in clients.items():
        client: Any = cls(api_key=KEY, base_url=BASE_URL, http_client=in_process(ANSWER))
        client.chat.completions.create(model="glm-4.6v", messages=MESSAGES)
        tracemalloc.start()
        client.chat.completions.create(model="glm-4.6v", messages=messages)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        rows.append((name, f"{peak / len(url):.2f}"))
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(machine())
    head = ("", "bare, ms of CPU", "ours, ms of CPU", "ours / bare")
    below = in_process(ANSWER)
    bare = openai.OpenAI(api_key=KEY, base_url=BASE_URL, http_client=below)
    ours = zhipu_openai.OpenAI(api_key=KEY, http_client=below)
    print(f"\nin process, best of {rounds}\n")
    print(*table(head, [*rows_of(bare, ours, rounds), embeddings(rounds)]), sep="\n")
    with served(1) as url:
        bare = openai.OpenAI(api_key=KEY, base_url=url)
        ours = zhipu_openai.OpenAI(api_key=KEY, base_url=url)
        print(f"\nover loopback, best of {rounds}\n")
        print(*table(head, rows_of(bare, ours, rounds)), sep="\n")
    print("\na picture of 10 MB, most memory held at once\n")
    print(*table(("", "x the request's size"), picture(10)), sep="\n")


if __name__ == "__main__":
    main()
