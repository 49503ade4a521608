"""Leaving early: streams that are broken off, tasks that are cancelled, fan-outs of which one fails."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import openai
from cases import DONE, PLACES, chunked, good, stream_head
from client_side import CHAT, KEY, PATH, SETTLE
from operations import EVENTS, MESSAGES, OPERATIONS, Operation, completion, event
from server import Endless, FaultServer, Reset, Script, Stall, Until, chunk, deaf_port, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from client_side import Side

UNHURRIED: Final = openai.Timeout(connect=5.0, read=9.0, write=9.0, pool=9.0)
"""Longer than a scenario may take: nothing here ends because its time is up."""

ENDLESS: Final[Script] = (stream_head() + chunk(event(EVENTS[0])), Endless(chunk(event(EVENTS[1]))))
SILENT: Final[Script] = (stream_head() + chunk(event(EVENTS[0])), Stall())
FAILURE: Final = b'{"error":{"code":"1113","message":"no balance"}}'
TOOLS: Final[Any] = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way of leaving.

    Attributes:
        group: What it belongs to in the table of results.
        name: What is done.
        work: Does it, on a server and a side; raises AssertionError where something is wrong.
        sides: "sync", "async" or "both".
        sides: "sync", "async" or "both".
        unhurried: Whether a whole process is started, which takes as long as it takes.
    """

    group: str
    name: str
    work: Callable[[FaultServer, Side], Any]
    sides: str = "both"
    unhurried: bool = False

    def on(self, side: Side) -> bool:
        """Whether it is for a side."""
        return self.sides in ("both", "async" if side.is_async else "sync")


def check(holds: object, otherwise: str) -> None:
    """Insist on something."""
    if not holds:
        raise AssertionError(otherwise)


def _hung_up(server: FaultServer) -> None:
    """Insist that every connection that was used is closed by the client."""
    for seen in list(server.seen):
        check(seen.hung_up.wait(SETTLE), "the server saw no hanging up")


def _goes_on(server: FaultServer, client: Any) -> None:
    """Insist that the next request goes well: no place is lost."""
    server.play(good(CHAT))
    got: list[Any] = []
    CHAT.ask(client, got)
    check(got == CHAT.whole, f"the next request gave {got!r}")


async def _goes_on_async(server: FaultServer, client: Any) -> None:
    server.play(good(CHAT))
    got: list[Any] = []
    await asyncio.wait_for(CHAT.ask(client, got), SETTLE)
    check(got == CHAT.whole, f"the next request gave {got!r}")


async def _collected(server: FaultServer) -> None:
    """Collect garbage until it has closed the connections: a stream that is dropped is a cycle."""
    until = time.monotonic() + SETTLE
    while time.monotonic() < until and not all(seen.hung_up.is_set() for seen in server.seen):
        gc.collect()
        await asyncio.sleep(0.01)


async def _settle(what: Callable[[], Any]) -> None:
    """Wait, without holding the loop, for something that a thread of ours sees."""
    await asyncio.to_thread(what)


# Streams that are left early

_STREAMS: Final[dict[str, Callable[[Any], Any]]] = {
    "chat stream": lambda client: client.chat.completions.create(
        model="glm-5.2", messages=MESSAGES, stream=True
    ),
    "responses stream": lambda client: client.responses.create(
        model="glm-5.2", input="你好", store=False, stream=True
    ),
    "chat stream, n=3": lambda client: client.chat.completions.create(
        model="glm-5.2", messages=MESSAGES, stream=True, n=3
    ),
}


@dataclass(frozen=True, slots=True)
class _Leaving:
    """Begins a stream, reads a first piece, and leaves in one of several ways."""

    stream: str
    way: str
    script: Script

    def __call__(self, server: FaultServer, side: Side) -> Any:
        """Do it, on a side."""
        server.play(self.script)
        places = 3 if "n=3" in self.stream else 1
        client = side.client(server.origin, max_concurrency=places, timeout=UNHURRIED)
        return self._leave_async(server, client) if side.is_async else self._leave(server, client)

    def _leave(self, server: FaultServer, client: Any) -> None:
        with client:
            stream = _STREAMS[self.stream](client)
            if self.way != NEVER_BEGUN:
                next(iter(stream))
            if self.way == "the client is closed":
                client.close()
                _hung_up(server)
                stream.close()
                return
            if self.way == "with":
                with stream:
                    pass
            elif self.way != "dropped":
                stream.close()
            del stream
            gc.collect()
            _hung_up(server)
            _goes_on(server, client)

    async def _leave_async(self, server: FaultServer, client: Any) -> None:
        async with client:
            stream = await _STREAMS[self.stream](client)
            if self.way != NEVER_BEGUN:
                await stream.__aiter__().__anext__()
            if self.way == "the client is closed":
                await client.close()
                await stream.close()
                await _settle(lambda: _hung_up(server))
                return
            if self.way == "with":
                async with stream:
                    pass
            elif self.way != "dropped":
                await stream.close()
            del stream
            await _collected(server)
            await _settle(lambda: _hung_up(server))
            await _goes_on_async(server, client)


NEVER_BEGUN: Final = "never begun, closed"
_WAYS: Final = ("closed", "with", "dropped", "the client is closed", NEVER_BEGUN)


def _leavings() -> Iterator[Scenario]:
    for name in _STREAMS:
        for what, script in (("endless", ENDLESS), ("silent", SILENT)):
            for way in _WAYS:
                yield Scenario("streams left early", f"{name}, {what}: {way}", _Leaving(name, way, script))


def _helper_left(server: FaultServer, side: Side) -> Any:
    """Leave the block of ``.stream()`` in the middle."""
    server.play(ENDLESS)

    def manager(client: Any) -> Any:
        return client.chat.completions.stream(model="glm-5.2", messages=MESSAGES)

    if not side.is_async:
        with side.client(server.origin, timeout=UNHURRIED) as client:
            with manager(client) as stream:
                for _ in stream:
                    break
            _hung_up(server)
            _goes_on(server, client)
        return None

    async def run() -> None:
        async with side.client(server.origin, timeout=UNHURRIED) as client:
            async with manager(client) as stream:
                async for _ in stream:
                    break
            await _settle(lambda: _hung_up(server))
            await _goes_on_async(server, client)

    return run()


# Tasks that are cancelled


async def _cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    try:
        await asyncio.wait_for(task, SETTLE)
    except asyncio.CancelledError:
        return
    except openai.OpenAIError as error:
        raise AssertionError(f"cancelled, and {error!r} came") from error


def _cancel_in_silence(operation: Operation, begun: Callable[[Operation], bytes]) -> Callable[..., Any]:
    """Cancel while the client waits for what comes next."""

    async def work(server: FaultServer, side: Side) -> None:
        server.play((begun(operation), Stall()))
        async with side.client(server.origin, timeout=UNHURRIED) as client:
            task = asyncio.ensure_future(operation.ask(client, []))
            await _settle(lambda: server.wait_seen(1))
            await asyncio.sleep(0.01)
            await _cancelled(task)
            del task
            await _settle(lambda: _hung_up(server))
            await _goes_on_async(server, client)

    return work


def _cancel_after_turns(operation: Operation) -> Callable[..., Any]:
    """Cancel after so many turns of the event loop, one more each time, until the answer is there first."""

    async def work(server: FaultServer, side: Side) -> None:
        async with side.client(server.origin, timeout=UNHURRIED) as client:
            turns, finished = 1, False
            while not finished:
                server.play(good(operation))
                task = asyncio.ensure_future(operation.ask(client, []))
                for _ in range(turns):
                    await asyncio.sleep(0)
                finished = task.done()
                if not finished:
                    await _cancelled(task)
                turns += 1 if turns < _CLOSE_TOGETHER else turns // 4
            await _goes_on_async(server, client)

    return work


_CLOSE_TOGETHER: Final = 24
"""Turns that are tried one by one: those before the first byte is waited for. The later ones are waits alike."""


async def _cancel_in_connecting(_: FaultServer, side: Side) -> None:
    with deaf_port() as port:
        async with side.client(f"http://127.0.0.1:{port}", timeout=UNHURRIED) as client:
            task = asyncio.ensure_future(CHAT.ask(client, []))
            await asyncio.sleep(0.05)
            await _cancelled(task)


async def _cancel_in_the_queue(server: FaultServer, side: Side) -> None:
    """Cancel what waits for a place under the limit."""
    server.play(SILENT)
    async with side.client(server.origin, timeout=UNHURRIED) as client:
        stream = await _STREAMS["chat stream"](client)
        waiting = asyncio.ensure_future(CHAT.ask(client, []))
        await asyncio.sleep(0.01)
        await _cancelled(waiting)
        check(len(server.seen) == 1, "what waited for a place was sent")
        await stream.close()
        await _goes_on_async(server, client)


async def _out_of_time(server: FaultServer, side: Side) -> None:
    """Let a time of the caller's own run out over a silent stream."""
    server.play(SILENT)
    async with side.client(server.origin, timeout=UNHURRIED) as client:
        late = False
        try:
            await asyncio.wait_for(OPERATIONS[1].ask(client, []), 0.2)
        except asyncio.TimeoutError:
            late = True
        check(late, "the time did not run out")
        await _settle(lambda: _hung_up(server))
        await _goes_on_async(server, client)


def _cancellations() -> Iterator[Scenario]:
    for operation in OPERATIONS:
        yield Scenario(
            "cancelled tasks", f"{operation.name}: turn by turn", _cancel_after_turns(operation), "async"
        )
        for place in PLACES:
            if operation.kind in place.kinds and not place.complete:
                yield Scenario(
                    "cancelled tasks",
                    f"{operation.name}: {place.name}",
                    _cancel_in_silence(operation, place.begun),
                    "async",
                )
    yield Scenario("cancelled tasks", "in connecting", _cancel_in_connecting, "async")
    yield Scenario("cancelled tasks", "waiting for a place", _cancel_in_the_queue, "async")
    yield Scenario("cancelled tasks", "a time of the caller's own", _out_of_time, "async")


# Fan-outs

_FAN_OUTS: Final[dict[str, Callable[[Any], Any]]] = {
    "chat, n=3": lambda client: client.chat.completions.create(model="glm-5.2", messages=MESSAGES, n=3),
    "chat stream, n=3": _STREAMS["chat stream, n=3"],
    "embeddings in three requests": lambda client: client.embeddings.create(
        model="embedding-3", input=["文"] * 150
    ),
    "images, n=3": lambda client: client.images.generate(model="cogview-4", prompt="图", n=3),
}

_FAILING: Final[dict[str, Script]] = {
    "an error": (Until(3), reply(FAILURE, status=429)),
    "a reset": (Until(3), Reset()),
}


def _one_fails(name: str, how: str, others: Script) -> Callable[[FaultServer, Side], Any]:
    """Let one of three fail while the others are silent: they are given up at once."""

    def work(server: FaultServer, side: Side) -> Any:
        server.play(_FAILING[how], others)
        given = {"max_concurrency": 3, "max_retries": 0, "timeout": UNHURRIED}
        begun = time.monotonic()

        def judge(error: Exception | None) -> None:
            expected = openai.RateLimitError if how == "an error" else openai.APIConnectionError
            check(type(error) is expected, f"{error!r}, not {expected.__name__}")
            check(time.monotonic() - begun < SETTLE, "the failure was not told at once")
            check(len(server.seen) == 3, f"{len(server.seen)} requests")

        if not side.is_async:
            with side.client(server.origin, **given) as client:
                error: Exception | None = None
                try:
                    answer = _FAN_OUTS[name](client)
                    if "stream" in name:
                        list(answer)
                except openai.OpenAIError as raised:
                    error = raised
                judge(error)
                del error
                _hung_up_but_one(server, how)
                _goes_on(server, client)
            return None

        async def run() -> None:
            async with side.client(server.origin, **given) as client:
                error: Exception | None = None
                try:
                    answer = await _FAN_OUTS[name](client)
                    if "stream" in name:
                        async for _ in answer:
                            pass
                except openai.OpenAIError as raised:
                    error = raised
                judge(error)
                del error
                await _settle(lambda: _hung_up_but_one(server, how))
                await _goes_on_async(server, client)

        return run()

    return work


def _hung_up_but_one(server: FaultServer, how: str) -> None:
    """Insist that the others are closed; the connection of an error may be used again."""
    closed = [seen for seen in server.seen if seen.hung_up.wait(0)]
    until = time.monotonic() + SETTLE
    least = 2 if how == "an error" else 3
    while len(closed) < least and time.monotonic() < until:
        time.sleep(0.005)
        closed = [seen for seen in server.seen if seen.hung_up.is_set()]
    check(len(closed) >= least, f"{len(closed)} of {least} connections were closed")


async def _fan_out_cancelled(server: FaultServer, side: Side, begin: Callable[[Any], Any]) -> None:
    server.play((Stall(),))
    async with side.client(server.origin, max_concurrency=3, timeout=UNHURRIED) as client:
        task = asyncio.ensure_future(begin(client))
        await _settle(lambda: server.wait_seen(3))
        await _cancelled(task)
        del task
        await _settle(lambda: _hung_up(server))
        await _goes_on_async(server, client)


def _forced(client: Any, *, stream: bool) -> Any:
    return client.chat.completions.create(
        model="glm-5.2", messages=MESSAGES, tools=TOOLS, tool_choice="required", stream=stream
    )


def _second_try_fails(*, stream: bool) -> Callable[[FaultServer, Side], Any]:
    """Let the second request for a forced tool break: that is openai's exception, and nothing is left."""
    words = (chunked(*map(event, EVENTS), DONE),) if stream else (reply(_encoded(completion("no call"))),)

    def work(server: FaultServer, side: Side) -> Any:
        server.play(words, (Reset(),))
        given = {"max_retries": 0, "timeout": UNHURRIED, "on_adaptation": "ignore"}
        if not side.is_async:
            with side.client(server.origin, **given) as client:
                broke = False
                try:
                    answer = _forced(client, stream=stream)
                    if stream:
                        list(answer)
                except openai.APIConnectionError:
                    broke = True
                check(broke, "the failure of the second request was not told")
                check(len(server.seen) == 2, f"{len(server.seen)} requests")
                _goes_on(server, client)
            return None

        async def run() -> None:
            async with side.client(server.origin, **given) as client:
                broke = False
                try:
                    answer = await _forced(client, stream=stream)
                    if stream:
                        async for _ in answer:
                            pass
                except openai.APIConnectionError:
                    broke = True
                check(broke, "the failure of the second request was not told")
                check(len(server.seen) == 2, f"{len(server.seen)} requests")
                await _goes_on_async(server, client)

        return run()

    return work


async def _second_try_cancelled(server: FaultServer, side: Side) -> None:
    server.play((reply(_encoded(completion("no call"))),), (Stall(),))
    async with side.client(server.origin, timeout=UNHURRIED, on_adaptation="ignore") as client:
        task = asyncio.ensure_future(_forced(client, stream=False))
        await _settle(lambda: server.wait_seen(2))
        await _cancelled(task)
        del task
        await _settle(lambda: _hung_up(server))
        await _goes_on_async(server, client)


def _encoded(value: Any) -> bytes:
    import json

    return json.dumps(value).encode()


def _fanning() -> Iterator[Scenario]:
    for name in _FAN_OUTS:
        for how in _FAILING:
            yield Scenario(
                "fan-outs",
                f"{name}: one fails by {how}, the others are silent",
                _one_fails(name, how, (Stall(),)),
            )
        if "stream" in name:
            yield Scenario(
                "fan-outs",
                f"{name}: one fails by an error, the others have begun",
                _one_fails(name, "an error", SILENT),
            )

        async def cancelled(server: FaultServer, side: Side, name: str = name) -> None:
            await _fan_out_cancelled(server, side, _FAN_OUTS[name])

        yield Scenario("fan-outs", f"{name}: cancelled", cancelled, "async")
    for stream in (False, True):
        what = "stream, " if stream else ""
        yield Scenario(
            "fan-outs", f"{what}a forced tool: the second request breaks", _second_try_fails(stream=stream)
        )
    yield Scenario(
        "fan-outs", "a forced tool: the second request is cancelled", _second_try_cancelled, "async"
    )


# The end of the process

_PROGRAM: Final = """
import asyncio, sys, warnings
import openai
import zhipu_openai
origin, kind, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
given = dict(api_key={key!r}, base_url=origin, max_retries=0)
asked = dict(model="glm-5.2", messages=[{{"role": "user", "content": "hi"}}], stream=True, n=n)
if kind == "sync":
    client = zhipu_openai.OpenAI(**given)
    stream = client.chat.completions.create(**asked)
    next(iter(stream))
else:
    async def main():
        global client, stream
        if kind == "aiohttp":
            given["http_client"] = openai.DefaultAioHttpClient()
        client = zhipu_openai.AsyncOpenAI(**given)
        stream = await client.chat.completions.create(**asked)
        async for _ in stream:
            break
        if kind == "aiohttp":
            await client.close()
    asyncio.run(main())
print("left", flush=True)
"""


_RACE: Final = "aclose(): asynchronous generator is already running"
"""What asyncio prints of generators within generators that it closes all at once when a loop ends.

Bare openai 3.54 ends in it each time (25 of 25 runs with a stream open), ours on a busy machine now and then.
"""


def _process_ends(n: int) -> Callable[[FaultServer, Side], Any]:
    """Let a process end with a stream open: at once, and without a word."""

    def run(server: FaultServer, side: Side) -> None:
        server.play(SILENT)
        kind = ("aiohttp" if side.library == "aiohttp" else "async") if side.is_async else "sync"
        program = _PROGRAM.format(key=KEY)
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, server.origin + PATH, kind, str(n)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            said = process.stdout.readline() if process.stdout is not None else ""
            try:
                _, complaints = process.communicate(timeout=2 * SETTLE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError("the process does not end") from None
        check(said == "left\n", f"said {said!r}")
        check(process.returncode == 0, f"exit code {process.returncode}: {complaints[-300:]}")
        told = complaints.count("Traceback")
        check(
            not complaints or (side.is_async and told == complaints.count(_RACE) > 0),
            f"complained: {complaints[-300:]}",
        )

    def work(server: FaultServer, side: Side) -> Any:
        if not side.is_async:
            run(server, side)
            return None
        return asyncio.to_thread(run, server, side)

    return work


SCENARIOS: Final = (
    *_leavings(),
    Scenario("streams left early", "chat .stream(), endless: its block is left", _helper_left),
    *_cancellations(),
    *_fanning(),
    Scenario("the end of the process", "a stream is open", _process_ends(1), unhurried=True),
    Scenario("the end of the process", "a stream of n=3 is open", _process_ends(3), unhurried=True),
)
