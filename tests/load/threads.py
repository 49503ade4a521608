"""One client in many threads: ``python -m tests.load.threads``.

Mixed calls, streams, copies and a close in the middle; one async client on an event loop in each of several threads;
rooms that are imported when first used, first used by all at once; and the warning that is given once.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

from .calls import KINDS, call_async, call_sync
from .server import served
from .state import Run, State, arguments
from .streams import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from .server import Served

PATIENCE = 120.0
"""Seconds after which a thread hangs."""


def together(work: Callable[[int], object], count: int) -> tuple[list[BaseException], int]:
    """Do some work in threads that begin at once; give what they raised and how many hang."""
    gate = threading.Barrier(count)
    raised: list[BaseException] = []

    def one(number: int) -> None:
        try:
            gate.wait(PATIENCE)
            work(number)
        except BaseException as error:  # noqa: BLE001 - given to the caller
            raised.append(error)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return raised, sum(thread.is_alive() for thread in threads)


def mixed(server: Served, threads: int, each: int) -> dict[str, Any]:
    """Have all kinds of calls by one client and its copies in all threads."""
    client = make("zhipu_openai", sync=True, url=server.url, most=threads // 2)
    wrong: Counter[str] = Counter()

    def work(thread: int) -> None:
        for place in range(each):
            number = thread * each + place
            which = client.with_options(timeout=50.0) if number % 3 == 0 else client
            trouble = call_sync(which, KINDS[number % len(KINDS)], number)
            if trouble is not None:
                wrong[trouble] += 1

    raised, hung = together(work, threads)
    places = client._client.boundary.limit._places.qsize()
    client.close()
    troubles = [*wrong, *map(repr, raised)]
    if places != threads // 2:
        troubles.append(f"{places} of {threads // 2} places are back")
    return {"calls": threads * each, "lost": sum(wrong.values()), "hung": hung, "troubles": troubles}


def closed_in_the_middle(server: Served, threads: int, each: int) -> dict[str, Any]:
    """Close the client while all threads call: a call ends well or by an exception, and none hangs."""
    import openai

    # A socket that is closed under its reader wakes nobody, as with openai's own client: the timeout ends the wait.
    client = make("zhipu_openai", sync=True, url=server.url, most=None).with_options(timeout=10.0)
    ends: Counter[str] = Counter()
    closing = threading.Event()

    def work(thread: int) -> None:
        if thread == 0:
            closing.wait(PATIENCE)
            client.close()
            return
        for place in range(each):
            if place == each // 2:
                closing.set()
            try:
                answer = client.chat.completions.create(
                    model="glm-4.7", messages=[{"role": "user", "content": "Hi"}], stream=bool(place % 2)
                )
                said = (
                    "".join(one.choices[0].delta.content or "" for one in answer) if place % 2 else "Hello."
                )
                ends["whole" if said.count("世界") == 5 or said == "Hello." else "hollow"] += 1
            except openai.OpenAIError:
                ends["failed"] += 1
            except RuntimeError:
                # The HTTP library's word for a client that is closed; openai lets it through.
                ends["closed"] += 1

    raised, hung = together(work, threads)
    troubles = [repr(error) for error in raised] + ([f"hollow {ends['hollow']}"] if ends["hollow"] else [])
    lost = (threads - 1) * each - sum(ends.values())
    return {
        "calls": (threads - 1) * each,
        "lost": lost,
        "hung": hung,
        "troubles": troubles,
        "ends": dict(ends),
    }


def loops(server: Served, threads: int, each: int) -> dict[str, Any]:
    """Have an async client for each loop, all in threads, and their copies; all share the package's tables."""
    wrong: Counter[str] = Counter()

    async def on_a_loop(thread: int) -> None:
        async with make("zhipu_openai", sync=False, url=server.url, most=2) as client:

            async def one(number: int) -> None:
                trouble = await call_async(
                    client.with_options(timeout=50.0), KINDS[number % len(KINDS)], number
                )
                if trouble is not None:
                    wrong[trouble] += 1

            await asyncio.gather(*(one(thread * each + place) for place in range(each)))

    raised, hung = together(lambda thread: asyncio.run(on_a_loop(thread)), threads)
    troubles = [*wrong, *map(repr, raised)]
    return {"calls": threads * each, "lost": sum(wrong.values()), "hung": hung, "troubles": troubles}


def limit_of_one_client(server: Served, threads: int, each: int) -> dict[str, Any]:
    """Take places of one async client's limit on a loop in each thread: they are apart, and all come back."""
    client = make("zhipu_openai", sync=False, url=server.url, most=2)
    limit = client._client.boundary.limit
    taken: list[int] = []

    async def on_a_loop() -> None:
        async def one() -> None:
            place = await limit.acquire()
            await asyncio.sleep(0)
            place.give_back()
            taken.append(1)

        await asyncio.gather(*(one() for _ in range(each)))

    raised, hung = together(lambda _: asyncio.run(on_a_loop()), threads)
    return {
        "calls": threads * each,
        "lost": threads * each - len(taken),
        "hung": hung,
        "troubles": list(map(repr, raised)),
    }


def once(server: Served, threads: int, each: int) -> dict[str, Any]:
    """Have the same change of meaning in all threads: one warning."""
    from zhipu_openai import adaptation

    adaptation.reset_announcements()
    client = make("zhipu_openai", sync=True, url=server.url, most=None)
    shown: list[str] = []

    def work(_: int) -> None:
        for _ in range(each):
            client.chat.completions.create(
                model="glm-4.7", messages=[{"role": "user", "content": "Hi"}], presence_penalty=1.5
            )

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_, **__: shown.append(str(message))  # type: ignore[assignment]
        raised, hung = together(work, threads)
    client.close()
    troubles = list(map(repr, raised))
    if len(shown) != len(set(shown)) or not shown:
        troubles.append(f"warned {len(shown)} times of {len(set(shown))} things")
    return {"calls": threads * each, "lost": len(raised), "hung": hung, "troubles": troubles}


FIRST_USE = """
import sys, threading
import zhipu_openai
from zhipu_openai import AsyncOpenAI, OpenAI
client = OpenAI(api_key="0123456789abcdef0123456789abcdef.SecretSecretSecr", base_url=sys.argv[1], max_retries=0)
gate, wrong = threading.Barrier(32), []
ways = [
    lambda: client.chat.completions.create(model="glm-4.7", messages=[{"role": "user", "content": "Hi"}]),
    lambda: client.embeddings.create(model="embedding-3", input="Hi"),
    lambda: client.responses.create(model="glm-4.7", input="Hi"),
    lambda: client.files.list(),
    lambda: [getattr(client.zhipu, name) for name in dir(type(client.zhipu)) if not name.startswith("_")],
    lambda: client.audio.speech, lambda: client.beta.realtime if hasattr(client.beta, "realtime") else None,
    lambda: zhipu_openai.AsyncOpenAI(api_key="0123456789abcdef0123456789abcdef.SecretSecretSecr"),
]
def work(number):
    gate.wait()
    try:
        ways[number % len(ways)]()
    except BaseException as error:
        wrong.append(repr(error))
threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
for one in threads: one.start()
for one in threads: one.join()
assert not wrong, wrong
"""


def first_use(server: Served, times: int) -> dict[str, Any]:
    """Use every room for the first time in 32 threads at once, in fresh interpreters."""
    troubles, hung = [], 0
    for _ in range(times):
        command = [sys.executable, "-W", "ignore", "-c", FIRST_USE, server.url]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            hung += 1
            continue
        if done.returncode or done.stderr:
            troubles.append(done.stderr[-400:])
    return {"calls": 32 * times, "lost": len(troubles), "hung": hung, "troubles": troubles}


def main() -> None:
    """Run all, print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--each", type=int, default=60, help="calls of a thread")
    given = parser.parse_args()
    table = Run("Threads", ("", "threads", "calls", "lost", "hung", "leaked", "seconds", ""))
    many, each = given.threads, given.each
    with served() as server, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = State.now()
        for name, threads, work in (
            ("rooms first used by all at once, five interpreters", 32, lambda: first_use(server, 5)),
            ("mixed calls by one client and its copies", many, lambda: mixed(server, many, each)),
            ("the client is closed in the middle", many, lambda: closed_in_the_middle(server, many, each)),
            ("an async client on each of several loops", 8, lambda: loops(server, 8, each)),
            ("one async client's places on several loops", 8, lambda: limit_of_one_client(server, 8, 200)),
            ("the same warning from all", many, lambda: once(server, many, 10)),
        ):
            began = time.perf_counter()
            found = work()
            seconds = time.perf_counter() - began
            end = State.now()
            leaked = max(0, end.threads - start.threads) + max(0, end.files - start.files)
            table.row(
                name,
                threads,
                found["calls"],
                found["lost"],
                found["hung"],
                leaked,
                f"{seconds:.1f}",
                found.get("ends", ""),
            )
            table.check(not found["hung"] and not leaked, f"{name}: hung {found['hung']}, leaked {leaked}")
            for trouble in found["troubles"][:5]:
                table.check(None, f"{name}: {trouble}")
    table.end(write=given.write)


if __name__ == "__main__":
    main()
