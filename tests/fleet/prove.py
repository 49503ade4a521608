"""A proof by trial: several processes, one limit, a real Redis, and a server that counts what is under way.

Run it with ``python tests/fleet/prove.py [case …]``: it starts redis-server by itself, prints a row for each
case, and ends with 1 where one does not hold. It takes some two minutes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent), str(Path(__file__).parent)]

from conftest import completion, text_stream  # noqa: E402 - found by the lines above
from local_server import LocalServer, Received, piece, reply, stream_head  # noqa: E402 - likewise
from redis_server import RedisServer, missing  # noqa: E402 - likewise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEASE = 6.0
ANSWER = completion(content="Hello.")
STREAM = text_stream("Hel", "lo.")
START = STREAM[: STREAM.index(b"\n\n") + 2]


class CountingServer:
    """Answers after a while, and counts what is under way; a stream counts until it ends or is cut."""

    def __init__(self) -> None:
        self.seconds = 0.15
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.asked: Counter[int] = Counter()
        self.peaks: list[tuple[float, int]] = []

    def __call__(self, request: Received) -> Iterator[bytes | float]:
        number = int(request.json["messages"][0]["content"].split()[-1])
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.asked[number] += 1
            self.peaks.append((time.monotonic(), self.now))
        try:
            if request.json.get("stream"):
                yield stream_head() + piece(START)
                yield self.seconds
                yield piece(STREAM[len(START) :])
            else:
                yield self.seconds
        finally:
            with self.lock:
                self.now -= 1
                self.peaks.append((time.monotonic(), self.now))
        yield piece(b"") if request.json.get("stream") else reply(ANSWER)

    def reset(self, seconds: float) -> None:
        """Count from the beginning."""
        with self.lock:
            self.seconds, self.most = seconds, self.now
            self.asked.clear()
            self.peaks.clear()

    def most_between(self, began: float, ended: float) -> int:
        """Give the most that was under way in a span of time."""
        with self.lock:
            return max((now for when, now in self.peaks if began <= when <= ended), default=0)


@dataclass
class Worker:
    """A process that asks questions."""

    process: subprocess.Popen[bytes]
    ids: range
    out: Path

    def lines(self) -> list[dict[str, Any]]:
        """Give what it wrote; a line that a kill cut short does not count."""
        found = []
        for line in self.out.read_text("utf-8").splitlines() if self.out.exists() else []:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def answered(self) -> list[int]:
        """Name the questions that it has an answer to."""
        return [line["id"] for line in self.lines() if "id" in line]

    def took(self) -> list[float]:
        """Give how long each took, the wait included."""
        return [line["took"] for line in self.lines() if "id" in line]

    def warned(self) -> int:
        """Say how often it was warned."""
        return sum(line.get("warned", 0) for line in self.lines())

    def kill(self) -> None:
        """Kill it as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait()

    def join(self) -> None:
        """Wait for its end, which must be a good one."""
        code = self.process.wait(120)
        if code:
            raise RuntimeError(f"a worker ended with {code}")


@dataclass
class Trial:
    """One case under way."""

    server: CountingServer
    url: str
    redis: RedisServer
    folder: Path
    name: str
    workers: list[Worker] = field(default_factory=list)
    next_id: int = 0

    def start(
        self,
        count: int,
        questions: int,
        *,
        limit: int,
        kind: str = "sync",
        stream: bool = False,
        wide: int = 6,
        **more: Any,
    ) -> list[Worker]:
        """Start workers that ask so many questions each."""
        begun = []
        for _ in range(count):
            ids = range(self.next_id, self.next_id + questions)
            self.next_id += questions
            begun.append(self.start_with(ids, limit=limit, kind=kind, stream=stream, wide=wide, **more))
        return begun

    def start_with(self, ids: range | list[int], **plan: Any) -> Worker:
        """Start one worker that asks these questions."""
        out = self.folder / f"{self.name}-{len(self.workers)}"
        plan |= {"base_url": self.url, "redis": self.redis.url, "name": self.name, "ids": list(ids)}
        plan |= {"out": str(out), "lease": plan.get("lease", LEASE)}
        command = [sys.executable, str(Path(__file__).with_name("worker.py")), json.dumps(plan)]
        environment = {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTHONWARNINGS": "ignore"}
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        self.workers.append(Worker(process, range(0) if isinstance(ids, list) else ids, out))
        return self.workers[-1]

    def wait_for(self, fulfilled: Callable[[], object], seconds: float = 60) -> float:
        """Wait until something is so, and say how long it took."""
        began = time.monotonic()
        while not fulfilled():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"{self.name}: waited for {seconds} s")
            time.sleep(0.02)
        return time.monotonic() - began

    def queued(self) -> int:
        """Count the requests that wait in Redis."""
        import redis

        with redis.Redis.from_url(self.redis.url) as client:
            return int(client.zcard(f"zhipu-openai:{{{self.name}}}:queue"))

    def at_work(self) -> None:
        """Wait until the workers have begun."""
        self.wait_for(lambda: len(self.server.asked) >= 4)

    def join(self) -> None:
        """Wait for all workers that were not killed."""
        for worker in self.workers:
            if worker.process.returncode is None:
                worker.join()

    def row(self, limit: int, *, bound: int | None = None, more: str = "", holds: bool = True) -> Row:
        """Sum up."""
        answered = Counter(number for worker in self.workers for number in worker.answered())
        took = sorted(seconds for worker in self.workers for seconds in worker.took())
        warned = sum(worker.warned() for worker in self.workers)
        more += f"{'; ' if more else ''}{warned} warnings" if warned else ""
        return Row(
            self.name,
            limit,
            bound or limit,
            self.next_id,
            self.server.most,
            self.next_id - len(answered),
            sum(times - 1 for times in answered.values()),
            statistics.median(took) if took else 0.0,
            took[-1] if took else 0.0,
            more,
            holds,
        )


@dataclass
class Row:
    """What came of a case."""

    case: str
    limit: int
    bound: int
    questions: int
    most: int
    lost: int
    twice: int
    median: float
    longest: float
    more: str
    expected: bool

    @property
    def holds(self) -> bool:
        """Whether all that was promised is so."""
        return self.expected and self.most <= self.bound and not self.lost and not self.twice

    def __str__(self) -> str:
        bound = str(self.limit) if self.bound == self.limit else f"{self.limit} ({self.bound})"
        return (
            f"{self.case:<18} {bound:>8} {self.questions:>9} {self.most:>8} {self.lost:>5} {self.twice:>10} "
            f"{self.median:>7.2f} {self.longest:>8.2f}  {'yes' if self.holds else 'NO ':<5} {self.more}"
        )


HEAD = (
    f"{'case':<18} {'limit':>8} {'requests':>9} {'observed':>8} {'lost':>5} {'duplicates':>10} "
    f"{'median':>7} {'longest':>8}  {'holds':<5} notes"
)


def threads(trial: Trial) -> Row:
    """Four processes with threads."""
    trial.start(4, 25, limit=5)
    trial.join()
    return trial.row(5, holds=trial.server.most == 5)


def tasks(trial: Trial) -> Row:
    """Four processes with tasks and streams."""
    trial.start(4, 25, limit=5, kind="async", stream=True, wide=25)
    trial.join()
    return trial.row(5, holds=trial.server.most == 5)


def mixed(trial: Trial) -> Row:
    """Threads here, tasks there, clocks that are an hour off."""
    trial.start(2, 25, limit=4, skew=3600.0)
    trial.start(2, 25, limit=4, kind="async", stream=True, skew=-3600.0)
    trial.join()
    return trial.row(4, more="clocks +1 h and -1 h")


def killed(trial: Trial) -> Row:
    """A worker is killed with all places in its hands; another asks what it left."""
    trial.server.seconds = 60.0
    (first,) = trial.start(1, 3, limit=3, wide=3)
    trial.wait_for(lambda: trial.server.now == 3)
    trial.server.seconds = 0.1
    trial.start(1, 6, limit=3)
    trial.wait_for(lambda: trial.queued() > 0)
    first.kill()
    ended = time.monotonic()
    trial.wait_for(lambda: len(trial.server.asked) > 3)
    came_back = time.monotonic() - ended
    trial.start_with([number for number in first.ids if number not in first.answered()], **_plan(3))
    trial.join()
    return trial.row(
        3, more=f"places back after {came_back:.1f} s (lease {LEASE:g} s)", holds=came_back < LEASE + 2
    )


def long_stream(trial: Trial) -> Row:
    """Streams that outlast the lease, one of them in an event loop that is blocked for longer than the lease."""
    trial.server.seconds = 2 * LEASE
    trial.start(1, 1, limit=2, kind="async", stream=True, block=LEASE + 2)
    trial.start(1, 1, limit=2, stream=True)
    trial.wait_for(lambda: trial.server.now == 2)
    trial.server.seconds = 0.1
    trial.start(2, 4, limit=2)
    trial.join()
    return trial.row(2, more=f"streams of {2 * LEASE:g} s, lease {LEASE:g} s")


def restarted(trial: Trial) -> Row:
    """Redis crashes and is back at once, with nothing in it."""
    trial.server.seconds = 1.5
    trial.start(3, 12, limit=5)
    trial.at_work()
    began = time.monotonic()
    trial.redis.stop()
    trial.redis.start()
    gone = time.monotonic() - began
    trial.join()
    return trial.row(5, more=f"gone for {gone:.1f} s, all forgotten")


def away(trial: Trial) -> Row:
    """Redis is away for a while; each process goes by its share, and Redis takes over again."""
    trial.server.seconds = 0.5
    trial.start(3, 60, limit=6)
    trial.wait_for(lambda: all(worker.answered() for worker in trial.workers))
    time.sleep(1.0)  # each has seen the others
    trial.redis.stop()
    stopped = time.monotonic()
    time.sleep(7.0)
    trial.redis.start()
    back = time.monotonic()
    trial.join()
    meanwhile = trial.server.most_between(stopped + 3.5, back)
    after = trial.server.most_between(back + 3, time.monotonic())
    warned = [worker.warned() for worker in trial.workers]
    return trial.row(
        6,
        bound=12,
        more=f"{meanwhile} meanwhile by share, {after} afterwards, warnings {warned}",
        holds=0 < meanwhile <= 6 and after <= 6 and warned == [1, 1, 1],
    )


def hanging(trial: Trial) -> Row:
    """Redis takes connections and answers nothing; then it goes on."""
    trial.server.seconds = 0.3
    trial.start(2, 30, limit=4, wide=4)
    trial.at_work()
    trial.redis.freeze()
    frozen = time.monotonic()
    before = len(trial.server.asked)
    trial.wait_for(lambda: len(trial.server.asked) > before + 4)
    resumed = time.monotonic() - frozen
    time.sleep(2.0)
    trial.redis.thaw()
    trial.join()
    return trial.row(4, bound=8, more=f"by share after {resumed:.1f} s (timeout 2 s)", holds=resumed < 4)


def cancelled(trial: Trial) -> Row:
    """Fifty tasks that wait are cancelled; who comes next does not wait for them."""
    script = Path(__file__).with_name("worker.py").with_name("cancelling.py")
    trial.server.seconds = 0.1
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    command = [sys.executable, str(script), trial.redis.url, trial.name]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # all are cancelled; the process lives on
        (worker,) = trial.start(1, 10, limit=2, wide=2)
        worker.join()
        process.communicate(b"end\n", 30)
    return trial.row(
        2, more="after 50 cancelled waits of a process that lives on", holds=len(worker.took()) == 10
    )


def forked(trial: Trial) -> Row:
    """A fork neither gives back nor renews what its parent has, and takes places of its own."""
    script = Path(__file__).with_name("forking.py")
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    command = [sys.executable, str(script), trial.redis.url, trial.name, trial.url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return trial.row(
        2, more=done.stdout.strip() or done.stderr[-200:], holds=done.stdout.startswith("parent kept")
    )


def fair(trial: Trial) -> Row:
    """One process with many requests, another that comes later with few."""
    trial.server.seconds = 0.2
    trial.start(1, 150, limit=4, wide=150, kind="async")
    trial.at_work()
    (late,) = trial.start(1, 8, limit=4, wide=1)
    trial.join()
    longest, of_all = max(late.took()), max(trial.workers[0].took())
    return trial.row(4, more=f"the late one waited {longest:.2f} s at most", holds=longest < of_all / 2)


def _plan(limit: int) -> dict[str, Any]:
    return {"limit": limit, "kind": "sync", "stream": False, "wide": 3}


CASES = (threads, tasks, mixed, fair, cancelled, forked, killed, long_stream, hanging, restarted, away)


def main(names: list[str]) -> int:
    """Run the cases named, or all."""
    lacking = missing()
    if lacking is not None:
        print(f"Not run: {lacking}.")
        return 2
    print(HEAD, flush=True)
    rows = []
    counter = CountingServer()
    with tempfile.TemporaryDirectory() as folder, LocalServer(counter) as server, RedisServer() as redis:
        for case in CASES:
            if names and case.__name__ not in names:
                continue
            counter.reset(0.15)
            began = time.monotonic()
            rows.append(case(Trial(counter, server.url, redis, Path(folder), case.__name__)))
            print(f"{rows[-1]} [{time.monotonic() - began:.0f} s]", flush=True)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
