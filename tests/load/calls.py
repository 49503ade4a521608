"""Ten thousand calls of every kind, one after the other, sync and async: ``python -m tests.load.calls``.

Chat, streams, embeddings, responses, files, refused and failing ones, with names and texts that are never the same
twice. Nothing may grow: not sockets, threads, memory, the registries of warnings, nor any cache or table of the package.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import io
import json
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

from .server import served
from .state import Run, State, arguments
from .streams import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .server import Served

KINDS = (
    "chat",
    "stream",
    "tools",
    "embedding",
    "response",
    "upload",
    "files",
    "refused",
    "failing",
    "unknown",
)

_BATCH = json.dumps(
    {
        "custom_id": "1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "glm-4.7", "messages": [{"role": "user", "content": "Hi"}]},
    }
).encode()

MOST_OF_A_TABLE = 1100
"""Entries that a cache or a table of the package may hold: the largest that is meant to grow holds 1024."""


def asked(kind: str, number: int) -> tuple[str, dict[str, Any]]:
    """Give the method and the arguments of a call; the number makes it differ from all before."""
    text = f"Say {number}."
    messages = [{"role": "user", "content": text}]
    model = ("glm-4.7", "gpt-4o", f"model-{number}")[number % 3]
    chat = {"model": model, "messages": messages}
    schema = {"type": "object", "properties": {f"p{number}": {"type": "string", "format": f"f{number}"}}}
    tool = {"type": "function", "function": {"name": f"f{number}", "parameters": schema}}
    return {
        "chat": ("chat.completions.create", chat),
        "stream": ("chat.completions.create", {**chat, "stream": True}),
        "tools": ("chat.completions.create", {**chat, "tools": [tool]}),
        "embedding": ("embeddings.create", {"model": model, "input": text}),
        "response": ("responses.create", {"model": model, "input": text}),
        "upload": ("files.create", {"file": (f"{number}.jsonl", io.BytesIO(_BATCH)), "purpose": "batch"}),
        "files": ("files.list", {}),
        "refused": ("fine_tuning.jobs.create", {"model": model, "training_file": f"file-{number}"}),
        "failing": (
            "chat.completions.create",
            {"model": model, "messages": [{"role": "user", "content": "fail"}]},
        ),
        "unknown": (
            "chat.completions.create",
            {**chat, "extra_headers": {f"X-{number}": "1"}, "extra_body": {f"field_{number}": 1}},
        ),
    }[kind]


def method(client: Any, path: str) -> Callable[..., Any]:
    """Give a method by its path."""
    return functools.reduce(getattr, path.split("."), client)  # type: ignore[return-value]  # by reduce


def _right(kind: str, answer: Any) -> bool:
    if kind == "stream":
        return "".join(one.choices[0].delta.content or "" for one in answer if one.choices).count("世界") == 5
    if kind in ("chat", "tools", "unknown"):
        return bool(answer.choices[0].message.content == "Hello.")
    if kind == "embedding":
        return len(answer.data[0].embedding) == 64
    if kind == "response":
        return bool(answer.output_text == "Hello.")
    return bool(answer.data[0].id if kind == "files" else answer.id)


def expected(kind: str) -> type[Exception] | None:
    """Give the exception that a kind must end with, None where it must succeed."""
    import openai

    return {"refused": openai.BadRequestError, "failing": openai.RateLimitError}.get(kind)


def call_sync(client: Any, kind: str, number: int) -> str | None:
    """Call; give what is wrong."""
    path, given = asked(kind, number)
    wanted = expected(kind)
    try:
        answer = method(client, path)(**given)
        right = wanted is None and _right(kind, list(answer) if kind == "stream" else answer)
    except Exception as error:  # noqa: BLE001 - judged
        return None if wanted is not None and isinstance(error, wanted) else f"{kind}: {error!r:.100}"
    return None if right else f"{kind}: hollow"


async def call_async(client: Any, kind: str, number: int) -> str | None:
    """Be the async twin."""
    path, given = asked(kind, number)
    wanted = expected(kind)
    try:
        answer = await method(client, path)(**given)
        answer = [one async for one in answer] if kind == "stream" else answer
        right = wanted is None and _right(kind, answer)
    except Exception as error:  # noqa: BLE001 - judged
        return None if wanted is not None and isinstance(error, wanted) else f"{kind}: {error!r:.100}"
    return None if right else f"{kind}: hollow"


def caches(package: str = "zhipu_openai") -> Iterator[tuple[str, int, int | None]]:
    """Give every ``functools`` cache of the package that is loaded: its name, its entries, and how many it may have."""
    seen: set[int] = set()
    for name, module in list(sys.modules.items()):
        if module is None or name.partition(".")[0] != package:
            continue
        for what in list(vars(module).values()):
            for one in (what, *(vars(what).values() if isinstance(what, type) else ())):
                bare = getattr(one, "__func__", one)
                info = getattr(bare, "cache_info", None)
                if (
                    info is not None
                    and callable(info)
                    and id(bare) not in seen
                    and hasattr(bare, "__wrapped__")
                ):
                    if bare.__wrapped__.__module__.partition(".")[0] != package:
                        continue
                    seen.add(id(bare))
                    found = info()
                    yield (
                        f"{bare.__wrapped__.__module__}.{bare.__wrapped__.__qualname__}",
                        found.currsize,
                        found.maxsize,
                    )


def tables(package: str = "zhipu_openai") -> dict[str, int]:
    """Give the sizes of every dict, list, set and registry that stands in a module or a class of the package."""
    found: dict[str, int] = {}
    for name, module in list(sys.modules.items()):
        if module is None or name.partition(".")[0] != package or "standin" in name:
            continue
        for key, value in list(vars(module).items()):
            if key == "__warningregistry__" or not key.startswith("__"):
                _measure(f"{name}.{key}", value, found)
            if isinstance(value, type) and value.__module__ == name:
                for inner, kept in list(vars(value).items()):
                    if not inner.startswith("__"):
                        _measure(f"{name}.{key}.{inner}", kept, found)
    return found


def _measure(name: str, value: Any, found: dict[str, int]) -> None:
    kinds = (dict, list, set)
    if isinstance(value, kinds) or type(value).__name__ in (
        "WeakSet",
        "WeakKeyDictionary",
        "OrderedDict",
        "deque",
    ):
        with contextlib.suppress(TypeError):
            found[name] = len(value)


def registries() -> int:
    """Count what Python keeps of warnings that were shown, in every module."""
    return sum(
        len(getattr(module, "__warningregistry__", ())) for module in list(sys.modules.values()) if module
    )


def overgrown(before: Mapping[str, int]) -> list[str]:
    """Name the caches and tables that are larger than any may be, and caches without a bound that grew beyond the package's own rows."""
    found = [
        f"{name} holds {size}"
        for name, size, most in caches()
        if size > MOST_OF_A_TABLE or (most is None and size > 400)
    ]
    for name, size in tables().items():
        if size > max(MOST_OF_A_TABLE, before.get(name, 0)):
            found.append(f"{name} holds {size}")
    return found


async def _run(package: str, count: int, server: Served, *, sync: bool, traced: bool) -> dict[str, Any]:
    import zhipu_openai.client  # noqa: F401 - so that its tables are there from the start

    client = make(package, sync=sync, url=server.url, most=None)
    kinds = [kind for kind in KINDS if package == "zhipu_openai" or kind not in ("refused", "response")]
    wrong: Counter[str] = Counter()
    states: list[State] = []
    memory: list[int] = []
    ends: Counter[str] = Counter()
    warm = count // 4
    before = tables()
    shown: list[int] = []
    began = cpu = 0.0
    start = State.now()
    if traced:
        tracemalloc.start()
    for number in range(count + warm):
        if number == warm:
            began, cpu = time.perf_counter(), time.process_time()
        kind = kinds[number % len(kinds)]
        trouble = call_sync(client, kind, number) if sync else await call_async(client, kind, number)
        ends[kind] += 1
        if trouble is not None:
            wrong[trouble] += 1
        if number >= warm and (number - warm) % (count // 4) == 0:
            states.append(State.now())
            memory.append(tracemalloc.get_traced_memory()[0])
            shown.append(registries())
    states.append(State.now())
    memory.append(tracemalloc.get_traced_memory()[0])
    shown.append(registries())
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    connections = server.counts()["connections"]
    troubles = [f"{what} ({times})" for what, times in wrong.items()]
    troubles += overgrown(before)
    if sync:
        client.close()
    else:
        await client.close()
    del client
    gc.collect()
    await asyncio.sleep(0.1)
    end = State.now()
    leaked = (
        max(0, end.files - start.files)
        + max(0, end.threads - start.threads)
        + max(0, end.tasks - start.tasks)
    )
    if leaked:
        troubles.append(f"left: {start} {end}")
    growth = states[-1].rss - states[1].rss
    if growth > 8 * 1024:
        troubles.append(f"memory grew by {growth} KiB")
    if traced and memory[-1] - memory[1] > 2 * 2**20:
        troubles.append(f"traced memory grew by {(memory[-1] - memory[1]) // 1024} KiB")
    return {
        "calls": count + warm,
        "wrong": sum(wrong.values()),
        "refused": ends["refused"],
        "failed": ends["failing"],
        "leaked": leaked,
        "growth": growth,
        "traced": (memory[-1] - memory[1]) // 1024 if traced else "",
        "objects": states[-1].objects - states[1].objects,
        "registry": f"{shown[0]} → {shown[-1]}",
        "connections": connections,
        "rss": states[-1].rss // 1024,
        "rate": f"{count / wall:.0f}",
        "cpu": f"{cpu / count * 1e3:.2f}",
        "troubles": troubles,
    }


def run(package: str, count: int, *, sync: bool, traced: bool = False) -> dict[str, Any]:
    """Run against a server of its own, with Python's usual warning filters, but nothing on the screen."""
    warnings.showwarning = lambda *_, **__: None  # type: ignore[assignment]  # shown to nobody, but registered
    with served() as server:
        return asyncio.run(_run(package, count, server, sync=sync, traced=traced))


def main() -> None:
    """Print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--child")
    given = parser.parse_args()
    if given.child:
        print(json.dumps(run(**json.loads(given.child))))
        return
    head = (
        "",
        "calls",
        "refused",
        "failed",
        "lost",
        "leaked",
        "connections",
        "calls/s",
        "CPU ms per call",
        "RSS MiB",
    )
    head = (*head, "growth KiB", "traced KiB", "objects more", "warnings registered")
    table = Run("Calls one after the other", head)
    for name, ways in {
        "sync": {"package": "zhipu_openai", "count": given.calls, "sync": True},
        "async": {"package": "zhipu_openai", "count": given.calls, "sync": False},
        "sync, traced": {"package": "zhipu_openai", "count": given.calls // 4, "sync": True, "traced": True},
        "bare openai, sync": {"package": "openai", "count": given.calls // 4, "sync": True},
    }.items():
        command = [sys.executable, "-m", "tests.load.calls", "--child", json.dumps(ways)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout)
        print(name, found, file=sys.stderr)
        cells = (
            "calls",
            "refused",
            "failed",
            "wrong",
            "leaked",
            "connections",
            "rate",
            "cpu",
            "rss",
            "growth",
        )
        table.row(name, *(found[cell] for cell in (*cells, "traced", "objects", "registry")))
        if ways["package"] == "zhipu_openai":
            for trouble in found["troubles"]:
                table.check(None, f"{name}: {trouble}")
    table.end(write=given.write)


if __name__ == "__main__":
    main()
