"""One case at a time: a client meets a fault, and what became of it is compared with what must."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import openai
from cases import WHOLE, Fault, Outcome, every, good
from operations import OPERATIONS, Operation
from server import FaultServer, closed_port, deaf_port

from zhipu_openai.client import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

KEY: Final = "0123456789abcdef0123456789abcdef.SecretSecretSecr"
"""A made-up key of the form that Zhipu's have."""

SHORT: Final = 0.6
"""Seconds for which silence is borne where it is the fault."""

LONG: Final = 8.0
"""The same everywhere else, where a busy machine may need some."""

HANG: Final = 40.0
"""Seconds after which a case counts as hung, and half of which it may take; it needs one, unless the machine is busy."""

SETTLE: Final = 3.0
"""Seconds in which everything must be closed and ended; it ends at once, unless the machine is busy."""

PATH: Final = "/api/paas/v4"

CHAT: Final = OPERATIONS[0]


def unhurried() -> Any:
    """Make the timeout of whatever is not about time."""
    return openai.Timeout(connect=LONG, read=LONG, write=LONG, pool=LONG)


@dataclass(frozen=True, slots=True)
class Side:
    """A client over an HTTP library: "httpx2", "httpx" or "aiohttp", sync or async."""

    library: str
    is_async: bool

    @property
    def name(self) -> str:
        """The name in the tables."""
        return f"{self.library} {'async' if self.is_async else 'sync'}"

    def client(self, origin: str, **options: Any) -> Any:
        """Make a client that retries once and may have one request under way."""
        timeout = unhurried()
        given = {
            "api_key": KEY,
            "base_url": origin + PATH,
            "max_retries": 1,
            "max_concurrency": 1,
            "timeout": timeout,
            **options,
        }
        # Nothing here is encrypted, so no certificates need to be read.
        if not self.is_async:
            return OpenAI(http_client=openai.DefaultHttpxClient(verify=False, timeout=timeout), **given)
        make = openai.DefaultAioHttpClient if self.library == "aiohttp" else openai.DefaultAsyncHttpxClient
        return AsyncOpenAI(http_client=make(verify=False, timeout=timeout), **given)

    def run(self, work: Callable[[], Any]) -> None:
        """Run some work, sync or on a new event loop; what is left behind on that is a leak."""
        if self.is_async:
            asyncio.run(_alone(work))
        else:
            work()


class LeakError(AssertionError):
    """Something was left behind."""


async def _alone(work: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    trouble: list[str] = []
    loop.set_exception_handler(lambda _, context: trouble.append(str(context.get("message"))))
    before = asyncio.all_tasks()
    try:
        await work()
    finally:
        until = time.monotonic() + SETTLE
        while (left := asyncio.all_tasks() - before) and time.monotonic() < until:  # noqa: ASYNC110 - tasks tell nobody
            await asyncio.sleep(0.001)
        if left:
            trouble += [f"task left: {task.get_coro()}" for task in left]
    gc.collect()
    await asyncio.sleep(0)
    if trouble:
        raise LeakError("; ".join(trouble))


def sides(library: str) -> list[Side]:
    """Give the sides of a library: aiohttp serves the async client alone."""
    return [Side(library, is_async) for is_async in ((True,) if library == "aiohttp" else (False, True))]


# What is left behind


@dataclass(slots=True)
class Watch:
    """Collects what destructors and threads complain of, and counts what is open."""

    complaints: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Begin to listen; warnings are errors from here on."""
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", module="asyncio.events")
        sys.unraisablehook = self._unraisable
        threading.excepthook = self._in_thread

    def _unraisable(self, what: Any) -> None:
        self.complaints.append(f"{type(what.exc_value).__name__}: {what.exc_value} ({what.object!r:.120})")

    def _in_thread(self, what: Any) -> None:
        self.complaints.append(f"in a thread: {what.exc_type.__name__}: {what.exc_value}")

    def take(self) -> list[str]:
        """Give the complaints so far."""
        complaints, self.complaints = self.complaints, []
        return complaints


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count of names, often


def _settled(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + SETTLE
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.001)
    return True


class Hung(BaseException):
    """A case took too long. No exception that a library would catch."""


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Interrupt what hangs."""

    def ring(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# One case

_READS: Final = ("files content", "files streamed", "models")
"""The operations that only read."""

_NO_FAULT: Final = Fault("", "none", good, every(WHOLE))


@dataclass(slots=True)
class Result:
    """What became of a case: what was wrong about it, sorted by how bad that is."""

    group: str
    fault: str
    operation: str
    side: str
    mode: str
    seen: str = ""
    requests: int = 0
    delivered: int = 0
    lost: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def deviations(self) -> list[str]:
        """All that was wrong."""
        return [*self.lost, *self.hung, *self.leaked, *self.other]


class Bench:
    """Runs cases against one server in this process, one after the other."""

    def __init__(self, server: FaultServer, elsewhere: FaultServer, watch: Watch) -> None:
        """Keep the servers, and record the waits before retries instead of waiting."""
        self.server = server
        self.elsewhere = elsewhere
        server.elsewhere = elsewhere.origin
        self.watch = watch
        self.waits: list[float] = []
        base: Any = openai._base_client.BaseClient
        calculate = base._calculate_retry_timeout

        def record(this: Any, *args: Any, **kwargs: Any) -> float:
            self.waits.append(calculate(this, *args, **kwargs))
            return 0.0

        self._patched = (base, calculate)
        base._calculate_retry_timeout = record

    def close(self) -> None:
        """Let openai wait again."""
        base, calculate = self._patched
        base._calculate_retry_timeout = calculate

    def warm_up(self, some: Iterable[Side], operations: Iterable[Operation] = OPERATIONS) -> None:
        """Have everything imported and built, so that looking for leaks is quick: what exists then is none."""
        for side in some:
            for operation in operations:
                self.run(_NO_FAULT, operation, side, "always")
        gc.collect()
        gc.freeze()

    def run(self, fault: Fault, operation: Operation, side: Side, mode: str) -> Result:
        """Run a case: "always" shows the fault to every request, "once" to the first alone."""
        expected = fault.outcome(operation, side.library)
        if expected is None:
            raise LookupError("nothing is expected")
        result = Result(fault.group, fault.name, operation.name, side.name, mode)
        if fault.repeated_by_aiohttp and side.library == "aiohttp" and operation.name in _READS:
            expected = replace(expected, requests=expected.requests * 2)
        script = fault.script(operation)
        if mode == "once":
            expected = Outcome(requests=2, connection="any")
            self.server.play(script, good(operation))
        else:
            self.server.play(script)
        self.elsewhere.play(good(operation))
        self.waits.clear()
        with _origin(fault, self.server) as origin:
            self.guard(result, side, _Case(self, fault, operation, side, expected, result, origin).work)
        return result

    def guard(self, result: Result, side: Side, work: Callable[[], Any], *, seconds: float = HANG) -> None:
        """Run some work, and put down what hung, what it left behind and what it raised."""
        before = (_descriptors(), set(threading.enumerate()))
        begun = time.monotonic()
        try:
            with no_longer_than(seconds):
                side.run(work)
        except Hung:
            result.hung.append("hung")
        except LeakError as leak:
            result.leaked.append(str(leak))
        except AssertionError as wrong:
            result.other.append(str(wrong))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            result.other.append(f"broke: {type(error).__name__}: {error}")
        took = time.monotonic() - begun
        if took > seconds / 2:
            result.hung.append(f"took {took:.1f} s")
        self._look_for_leaks(before, result)

    def _look_for_leaks(self, before: tuple[int, set[threading.Thread]], result: Result) -> None:
        descriptors, threads = before
        if not (self.server.wait_idle(SETTLE) and self.elsewhere.wait_idle(SETTLE)):
            result.leaked.append("a connection stays open at the server")
        gc.collect()
        if not _settled(lambda: not set(threading.enumerate()) - threads):
            result.leaked.append(f"threads: {set(threading.enumerate()) - threads}")
        if not _settled(lambda: _descriptors() <= descriptors):
            result.leaked.append(f"{_descriptors() - descriptors} descriptors")
        result.leaked += self.watch.take()


@contextmanager
def _origin(fault: Fault, server: FaultServer) -> Iterator[str]:
    if fault.place == "deaf":
        with deaf_port() as port:
            yield f"http://127.0.0.1:{port}"
    elif fault.place == "absent":
        yield f"http://127.0.0.1:{closed_port()}"
    else:
        yield server.origin


class _Case:
    """A client's work in one case."""

    def __init__(
        self,
        bench: Bench,
        fault: Fault,
        operation: Operation,
        side: Side,
        expected: Outcome,
        result: Result,
        origin: str,
    ) -> None:
        self.bench, self.fault, self.operation, self.side = bench, fault, operation, side
        self.expected, self.result, self.origin = expected, result, origin
        self.got: list[Any] = []
        self.late = (fault.outcome(operation, side.library) or WHOLE).error == "APITimeoutError"

    def work(self) -> Any:
        """Meet the fault, then ask for something that goes well."""
        return self._work_async() if self.side.is_async else self._work()

    def _hurried(self, client: Any) -> Any:
        """Give the client that meets the fault: impatient, if that is what it is about."""
        if not self.late:
            return client
        return client.with_options(timeout=openai.Timeout(connect=SHORT, read=SHORT, write=LONG, pool=LONG))

    def _work(self) -> None:
        error: BaseException | None = None
        with self.side.client(self.origin) as client:
            try:
                self.operation.ask(self._hurried(client), self.got)
            except Exception as raised:  # noqa: BLE001 - judged below
                error = raised
            self._judge(error)
            del error
            if self.fault.place == "listening":
                last = self._before_another()
                again: list[Any] = []
                CHAT.ask(client, again)
                self._judge_another(again, last)

    async def _work_async(self) -> None:
        error: BaseException | None = None
        async with self.side.client(self.origin) as client:
            try:
                await self.operation.ask(self._hurried(client), self.got)
            except Exception as raised:  # noqa: BLE001 - judged below
                error = raised
            self._judge(error)
            del error
            if self.fault.place == "listening":
                last = await asyncio.to_thread(self._before_another)
                again: list[Any] = []
                await CHAT.ask(client, again)
                self._judge_another(again, last)

    def _whole(self) -> list[Any]:
        if self.expected.verbatim:
            return [self.fault.content]
        if not self.fault.says:
            return self.operation.whole

        def said(value: Any) -> Any:
            if isinstance(value, tuple):
                return tuple(map(said, value))
            return value.replace("，世界", self.fault.says) if isinstance(value, str) else value

        return [said(value) for value in self.operation.whole]

    def _judge(self, error: BaseException | None) -> None:
        expected, result = self.expected, self.result
        result.requests = len(self.bench.server.seen)
        result.seen = _described(error)
        if error is not None and self.operation.kind == "stream":
            result.delivered = len(self.got)
        if error is None:
            if self.got != self._whole():
                result.lost.append(f"not whole: {self.got!r:.300}")
            elif expected.error:
                result.other.append(f"whole, where {expected.error} was due")
        else:
            self._judge_error(error)
        if result.requests != expected.requests:
            result.other.append(f"{result.requests} requests, not {expected.requests}")
        abroad = self.bench.elsewhere.seen
        if len(abroad) != expected.abroad:
            result.other.append(f"{len(abroad)} requests elsewhere, not {expected.abroad}")
        if any(b"authorization" in one.head.lower() or KEY.encode() in one.head for one in abroad):
            result.other.append("the key went elsewhere")
        if expected.waits is not None:
            least, most = expected.waits
            waits = self.bench.waits
            if len(waits) != 1 or not least <= waits[0] <= most:
                result.other.append(f"waits {waits}, not {least} to {most}")

    def _judge_error(self, error: BaseException) -> None:
        expected, result = self.expected, self.result
        if not isinstance(error, openai.OpenAIError):
            result.other.append(f"raw {type(error).__module__}.{type(error).__name__}: {error}")
        elif type(error).__name__ != (expected.error or None):
            result.other.append(f"{_described(error)}, not {expected.error or 'whole'}")
        elif expected.status is not None and getattr(error, "status_code", None) != expected.status:
            result.other.append(f"{_described(error)}, not status {expected.status}")
        elif expected.code is not None and getattr(error, "code", None) != expected.code:
            result.other.append(f"{_described(error)}, not code {expected.code}")
        if not str(error).strip():
            result.other.append("an exception without a word")
        if KEY.split(".")[1] in f"{error} {error!r}":
            result.other.append("the key stands in the exception")
        if self.operation.kind == "stream":
            if self.got != self._whole()[: expected.delivered]:
                result.lost.append(f"delivered before the exception: {self.got!r:.300}")
        elif self.got:
            result.other.append(f"an answer and an exception: {self.got!r:.200}")

    def _before_another(self) -> int | None:
        """Note the connection that served last; where it should be closed, wait until it is."""
        seen = self.bench.server.seen
        last = seen[-1] if seen else None
        if last is not None and self.expected.connection == "closed" and not last.hung_up.wait(SETTLE):
            self.result.leaked.append("the connection was not closed")
        self.bench.server.play(good(CHAT))
        return None if last is None else last.connection

    def _judge_another(self, again: list[Any], last: int | None) -> None:
        seen = self.bench.server.seen
        if again != CHAT.whole:
            self.result.other.append(f"the next request gave {again!r:.200}")
        if len(seen) != self.expected.another:
            self.result.other.append(f"the next request was sent {len(seen)} times")
        if last is not None:
            became = "kept" if seen and seen[-1].connection == last else "closed"
            if self.expected.connection not in ("any", became):
                self.result.other.append(f"connection {became}, not {self.expected.connection}")


def _described(error: BaseException | None) -> str:
    if error is None:
        return "whole"
    status, code = getattr(error, "status_code", None), getattr(error, "code", None)
    return " ".join(str(part) for part in (type(error).__name__, status, code) if part is not None)
