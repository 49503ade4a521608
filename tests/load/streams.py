"""A thousand streams at once with random faults, for minutes: ``python -m tests.load.streams``.

Every stream must end whole, by an exception of openai's, or because the reader left it, as the plan of ``server``
has it; the counts of client and server must add up; and what the process holds must not grow. Each client has a
process of its own. The bare openai client goes the same way for comparison; what it takes for whole and is not,
is counted as hollow there and is no trouble of ours.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import random
import subprocess
import sys
import threading
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .server import FAILING, LEFT, REQUESTS, UNCERTAIN, WHOLE, Play, served
from .state import Run, State, arguments, eventually, more_files, rss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .server import Served

KEY = "0123456789abcdef0123456789abcdef.SecretSecretSecr"

SHORT = 2.0
"""Seconds after which a stream that the plan makes fall silent is given up; all others have a minute."""

ROUND_SECONDS = 300.0
"""Seconds after which what has not ended in a round hangs."""


@dataclass
class Tally:
    """What the client saw, by kind."""

    started: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    hollow: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    chunks: int = 0
    hung: int = 0

    def judge(self, play: Play, said: list[str], error: BaseException | None, *, complete: bool) -> None:
        """Count an outcome, and whether the plan has it."""
        import openai

        kind = play.kind
        if kind in LEFT and not isinstance(error, Exception):
            self.left[kind] += 1
            if not play.text.startswith(said[0]):
                self.wrong[f"{kind}: other text"] += 1
        elif error is not None:
            self.failed[kind] += 1
            if not isinstance(error, openai.APIError):
                self.wrong[f"{kind}: {type(error).__name__}"] += 1
            elif kind in WHOLE or kind in LEFT:
                self.wrong[f"{kind}: failed by {type(error).__name__}"] += 1
        elif complete and all(one == play.text for one in said):
            self.whole[kind] += 1
            if kind in FAILING:
                self.wrong[f"{kind}: whole"] += 1
        else:
            self.hollow[kind] += 1

    def trouble_with(self, served: Served) -> list[str]:
        """Compare with the server's count."""
        seen = served.counts()["seen"]
        found = [f"{what} ({count})" for what, count in self.wrong.items()]
        ended = self.whole + self.failed + self.left + self.hollow
        for kind, started in self.started.items():
            due = started * REQUESTS.get(kind, 1)
            if ended[kind] != started:
                found.append(f"{kind}: {started} started, {ended[kind]} ended")
            if kind in UNCERTAIN:
                if seen.get(kind, 0) > 2 * started:
                    found.append(f"{kind}: the server saw {seen.get(kind)} of {started}")
            elif seen.get(kind, 0) != due:
                found.append(f"{kind}: the server saw {seen.get(kind, 0)}, and {due} were due")
        return found


class _Reader:
    """What a stream said so far."""

    def __init__(self, play: Play) -> None:
        self.n = 2 if play.kind.startswith("double") else 1
        self.said = [""] * self.n
        self.ends = 0
        self.chunks = 0

    def take(self, chunk: Any) -> None:
        """Take a chunk."""
        self.chunks += 1
        for choice in chunk.choices:
            self.said[choice.index] += choice.delta.content or ""
            self.ends += choice.finish_reason is not None

    @property
    def complete(self) -> bool:
        return self.ends == self.n


def _asked(client: Any, play: Play) -> tuple[Any, dict[str, Any]]:
    """Give the client and the arguments for a play."""
    options: dict[str, Any] = {}
    if play.kind in ("stall", "silent"):
        options["timeout"] = SHORT
    if play.kind == "busy_once":
        options["max_retries"] = 1
    messages = [{"role": "user", "content": f"play {play.number}"}]
    asked: dict[str, Any] = {"model": "glm-4.7", "messages": messages, "stream": True}
    if play.kind.startswith("double"):
        asked["n"] = 2
    return (client.with_options(**options) if options else client), asked


def one_sync(client: Any, play: Play, tally: Tally, lock: threading.Lock) -> None:
    """Read one stream as the plan has it."""
    reader = _Reader(play)
    error: BaseException | None = None
    try:
        which, asked = _asked(client, play)
        stream = which.chat.completions.create(**asked)
        if play.kind == "left_by_close":
            reader.take(next(stream))
            stream.close()
        elif play.kind in ("left_by_break", "cancelled"):
            with stream:
                for chunk in stream:
                    reader.take(chunk)
                    if reader.chunks == play.at:
                        break
        else:
            for chunk in stream:
                reader.take(chunk)
                if play.kind == "dropped" and reader.chunks == play.at:
                    break
    except Exception as raised:  # noqa: BLE001 - judged below
        error = raised
    with lock:
        tally.chunks += reader.chunks
        tally.judge(play, reader.said, error, complete=reader.complete)


async def one_async(client: Any, play: Play, tally: Tally, chance: random.Random) -> None:
    """Read one stream as the plan has it."""
    reader = _Reader(play)
    error: BaseException | None = None
    try:
        if play.kind == "cancelled":
            task = asyncio.create_task(_read(client, play, reader))
            await asyncio.sleep(chance.random() * 0.3)
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.result()
        else:
            await _read(client, play, reader)
    except Exception as raised:  # noqa: BLE001 - judged below
        error = raised
    tally.chunks += reader.chunks
    tally.judge(play, reader.said, error, complete=reader.complete)


async def _read(client: Any, play: Play, reader: _Reader) -> None:
    which, asked = _asked(client, play)
    stream = await which.chat.completions.create(**asked)
    if play.kind == "left_by_close":
        reader.take(await anext_(stream))
        await stream.close()
    elif play.kind == "left_by_break":
        async with stream:
            async for chunk in stream:
                reader.take(chunk)
                if reader.chunks == play.at:
                    break
    else:
        async for chunk in stream:
            reader.take(chunk)
            if play.kind == "dropped" and reader.chunks == play.at:
                break


async def anext_(stream: Any) -> Any:
    """Give the next item (``anext`` of Python 3.10)."""
    return await stream.__anext__()


async def round_async(client: Any, numbers: Iterator[int], workers: int, seed: int, tally: Tally) -> None:
    """Read the streams of these numbers, so many at once."""
    chance = random.Random(seed)  # noqa: S311 - a plan, no secret

    async def work() -> None:
        for number in numbers:
            play = Play.of(seed, number)
            tally.started[play.kind] += 1
            await one_async(client, play, tally, chance)

    tasks = [asyncio.create_task(work()) for _ in range(workers)]
    done, hanging = await asyncio.wait(tasks, timeout=ROUND_SECONDS)
    tally.hung += len(hanging)
    for task in done:
        task.result()


def round_sync(client: Any, numbers: Iterator[int], workers: int, seed: int, tally: Tally) -> None:
    """Read the streams of these numbers in so many threads."""
    lock = threading.Lock()
    taking = threading.Lock()

    def work() -> None:
        while True:
            with taking:
                number = next(numbers, None)
                if number is None:
                    return
                play = Play.of(seed, number)
                tally.started[play.kind] += 1
            one_sync(client, play, tally, lock)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    until = time.monotonic() + ROUND_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        tally.hung += thread.is_alive()


def make(package: str, *, sync: bool, url: str, most: int | None) -> Any:
    """Make a client of one of the packages."""
    options: dict[str, Any] = {"api_key": KEY, "base_url": url, "timeout": 60.0, "max_retries": 0}
    if package == "openai":
        import openai as module
    else:
        import zhipu_openai as module  # type: ignore[no-redef]

        options["max_concurrency"] = most
    return (module.OpenAI if sync else module.AsyncOpenAI)(**options)


@dataclass
class Ways:
    """How a run goes."""

    package: str = "zhipu_openai"
    sync: bool = False
    workers: int = 1000
    most: int | None = None
    seed: int = 1
    seconds: float = 60.0
    per_round: int = 2000
    traced: bool = False


@dataclass
class Seen:
    """What was seen of the process while a run went on."""

    states: list[State] = field(default_factory=list)
    traced: list[int] = field(default_factory=list)
    peak: int = 0

    @property
    def growth(self) -> int:
        """KiB of memory from the second round to the last; the first fills pools and caches."""
        return self.states[-1].rss - self.states[1].rss

    @property
    def objects(self) -> int:
        """Objects from the second round to the last."""
        return self.states[-1].objects - self.states[1].objects

    @property
    def more_traced(self) -> int:
        """KiB that tracemalloc counts from the second round to the last."""
        return (self.traced[-1] - self.traced[1]) // 1024

    def troubles(self) -> list[str]:
        """Say what grew."""
        found = []
        if self.growth > max(8 * 1024, self.states[1].rss * 0.1):
            found.append(f"memory grew by {self.growth} KiB")
        if self.objects > self.states[1].objects * 0.02:
            found.append(f"{self.objects} objects more")
        if self.more_traced > 1024:
            found.append(f"traced memory grew by {self.more_traced} KiB")
        return found


async def _rounds(ways: Ways, client: Any, tally: Tally) -> Seen:
    """Go through rounds until the time is over, three at least."""
    seen = Seen()
    numbers = itertools.count()
    began = time.perf_counter()
    while time.perf_counter() - began < ways.seconds or len(seen.states) < 3:
        some = itertools.islice(numbers, ways.per_round)
        if ways.sync:
            round_sync(client, some, ways.workers, ways.seed, tally)
        else:
            watch = asyncio.create_task(_watch(seen))
            await round_async(client, some, ways.workers, ways.seed, tally)
            watch.cancel()
        seen.peak = max(seen.peak, rss())
        await asyncio.sleep(0.3)  # the loop closes the generators that were left behind
        gc.collect()
        await asyncio.sleep(0.3)
        seen.states.append(State.now())
        seen.traced.append(tracemalloc.get_traced_memory()[0])
        if tally.hung:
            break
    return seen


async def _watch(seen: Seen) -> None:
    while True:
        seen.peak = max(seen.peak, rss())
        await asyncio.sleep(0.2)


async def _run(ways: Ways, server: Served) -> dict[str, Any]:
    """Run; on a loop for the sync client too, so that tasks can be counted."""
    tally = Tally()
    # Errors that a loop would only log are troubles too.
    logged: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: logged.append(str(context.get("message")))
    )
    client = make(ways.package, sync=ways.sync, url=server.url, most=ways.most)
    start = State.now()
    if ways.traced:
        tracemalloc.start()
    began, cpu = time.perf_counter(), time.process_time()
    seen = await _rounds(ways, client, tally)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    troubles = tally.trouble_with(server) + seen.troubles()
    if not eventually(lambda: server.counts()["busy"] == 0):
        troubles.append(f"{server.counts()['busy']} answers still under way at the server")
    if ways.most is not None:
        troubles += places_missing(client, ways)
    if ways.sync:
        client.close()
    else:
        await client.close()
    del client
    gc.collect()
    await asyncio.sleep(0.1)
    if not eventually(lambda: server.counts()["open"] == 0):
        troubles.append(f"{server.counts()['open']} connections still open at the server")
    end = State.now()
    left = end.beyond(start)
    troubles += [f"left: {what} {count}" for what, count in left.items()]
    troubles += [f"the loop logged: {what}" for what in dict.fromkeys(logged)]
    return {
        "tally": {
            name: dict(value) if isinstance(value, Counter) else value for name, value in vars(tally).items()
        },
        "troubles": troubles,
        "wall": wall,
        "cpu": cpu,
        "rounds": len(seen.states),
        "peak": seen.peak,
        "start": start.rss,
        "growth": seen.growth,
        "objects": seen.objects,
        "traced": seen.more_traced if ways.traced else None,
        "leaked": sum(left.values()),
        "connections": server.counts()["connections"],
    }


def places_missing(client: Any, ways: Ways) -> list[str]:
    """Say if places under the limit have not come back."""
    limit = client._client.boundary.limit
    back = limit._places.qsize() if ways.sync else next(iter(limit._semaphores.values())).value
    return [] if back == ways.most else [f"{back} of {ways.most} places are back"]


def run(ways: Ways) -> dict[str, Any]:
    """Run against a server of its own."""
    more_files()
    with served(ways.seed) as server:
        return asyncio.run(_run(ways, server))


def _child(ways: Ways) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.load.streams", "--child", json.dumps(vars(ways))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


HEAD = (
    "",
    "streams",
    "whole",
    "failed",
    "left",
    "hollow",
    "lost",
    "hung",
    "leaked",
    "rounds",
    "streams/s",
    "chunks/s",
    "CPU ms per stream",
    "peak MiB",
    "KiB per stream at once",
    "growth KiB after round 2",
    "objects more",
)


def main() -> None:
    """Run all, print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=4.0, help="for all the runs together")
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child")
    given = parser.parse_args()
    if given.child:
        print(json.dumps(run(Ways(**json.loads(given.child)))))
        return
    many, few = given.streams, given.threads
    seconds = given.minutes * 60 / 6
    share: dict[str, Any] = {"seed": given.seed, "seconds": seconds, "per_round": many}
    runs = {
        f"async, {many} at once": Ways(workers=many, **share),
        f"async, {many} at once, max_concurrency={many // 5}": Ways(workers=many, most=many // 5, **share),
        f"async, {many // 5} at once, traced": Ways(
            workers=many // 5, traced=True, **{**share, "per_round": many // 5}
        ),
        f"sync, {few} threads": Ways(sync=True, workers=few, **{**share, "per_round": 8 * few}),
        f"sync, {few} threads, max_concurrency={few // 4}": Ways(
            sync=True, workers=few, most=few // 4, **{**share, "per_round": 8 * few}
        ),
        f"bare openai, async, {many} at once": Ways(package="openai", workers=many, **share),
    }
    table = Run("Streams with faults", HEAD)
    kinds: Counter[str] = Counter()
    for name, ways in runs.items():
        found = _child(ways)
        tally = found["tally"]
        started, whole, failed, left, hollow = (
            sum(tally[what].values()) for what in ("started", "whole", "failed", "left", "hollow")
        )
        bare = ways.package == "openai"
        if not bare:
            kinds.update(tally["failed"])
            table.check(not hollow, f"{name}: hollow {tally['hollow']}")
            for trouble in found["troubles"]:
                table.check(None, f"{name}: {trouble}")
        else:
            table.notes.append(
                f"The bare client took for whole what is not: {tally['hollow']} (`double` asks for two answers, of "
                "which Zhipu gives one)."
            )
        table.row(
            name,
            started,
            whole,
            failed,
            left,
            hollow,
            started - whole - failed - left - hollow,
            tally["hung"],
            found["leaked"],
            found["rounds"],
            f"{started / found['wall']:.0f}",
            f"{tally['chunks'] / found['wall']:.0f}",
            f"{found['cpu'] / started * 1e3:.1f}",
            f"{found['peak'] / 1024:.0f}",
            f"{(found['peak'] - found['start']) / ways.workers:.0f}",
            found["growth"] if found["traced"] is None else f"{found['growth']} (traced {found['traced']})",
            found["objects"],
        )
        print(name, found, file=sys.stderr)
    table.notes.append(
        "Failed, all of our runs together: " + ", ".join(f"{k} {n}" for k, n in kinds.items()) + "."
    )
    table.notes.append(f"Seed {given.seed}; {seconds:.0f} s or three rounds for each row.")
    table.end(write=given.write)


if __name__ == "__main__":
    main()
