"""How many requests may be under way, and several of them for one call: held, given back, given up."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, text_stream
from local_server import LocalServer, piece, reply, stream_head
from scripts import ask, collect, first, text_of

from zhipu_openai.client import AsyncOpenAI, OpenAI
from zhipu_openai.limits import AsyncLimit, GivenUp, Place, SyncLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Wire
    from local_server import Received

ANSWER = completion(content="Hello.")
STREAM = text_stream("Hel", "lo.")
START = STREAM[: STREAM.index(b"\n\n") + 2]
BUSY = {"error": {"code": "1302", "message": "busy"}}

PATIENCE = 5.0
"""Seconds after which something that should have happened has not."""


def eventually(fulfilled: Callable[[], object]) -> None:
    """Wait for something to become true."""
    until = time.monotonic() + PATIENCE
    while not fulfilled():
        assert time.monotonic() < until
        time.sleep(0.005)


async def eventually_async(fulfilled: Callable[[], object]) -> None:
    """Wait for something to become true, and let the loop run meanwhile."""
    until = time.monotonic() + PATIENCE
    while not fulfilled():
        assert time.monotonic() < until
        await asyncio.sleep(0.005)


def our_threads() -> list[str]:
    """Name the threads of ours that run."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("zhipu-openai")]


class Counter:
    """Answers after a short while, and counts how many requests are under way at once."""

    def __init__(self, seconds: float = 0.03) -> None:
        self.seconds = seconds
        self.now = 0
        self.most = 0
        self.served = 0
        self._lock = threading.Lock()

    def __call__(self, request: Received) -> Iterator[bytes | float]:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            if b'"stream":true' in request.body:
                yield stream_head() + piece(START)
                yield self.seconds
                yield piece(STREAM[len(START) :])
            else:
                yield self.seconds
        finally:
            with self._lock:
                self.now -= 1
                self.served += 1
        yield piece(b"") if b'"stream":true' in request.body else reply(ANSWER)


def sync_client(url: str, most: int | None, **options: Any) -> OpenAI:
    """Make a client with a limit."""
    return OpenAI(**{"api_key": KEY, "base_url": url, "max_concurrency": most, "max_retries": 0, **options})


def async_client(url: str, most: int | None, **options: Any) -> AsyncOpenAI:
    """Make an async client with a limit."""
    return AsyncOpenAI(
        **{"api_key": KEY, "base_url": url, "max_concurrency": most, "max_retries": 0, **options}
    )


# The limits alone


def test_a_place_is_given_back_once() -> None:
    limit = SyncLimit(1)
    place = limit.acquire()
    for _ in range(3):
        place.give_back()
    again = limit.acquire()
    assert limit._places is not None
    assert limit._places.qsize() == 0
    del again
    gc.collect()
    assert limit._places.qsize() == 1


def test_without_a_limit_places_are_endless() -> None:
    limit = SyncLimit(None)
    assert all(isinstance(limit.acquire(), Place) for _ in range(100))


def test_a_wait_that_nobody_wants_any_more_ends() -> None:
    limit = SyncLimit(1)
    held = limit.acquire()
    unwanted = threading.Event()
    threading.Timer(0.05, unwanted.set).start()
    with pytest.raises(GivenUp):
        limit.acquire(unwanted)
    held.give_back()
    with pytest.raises(GivenUp):
        limit.acquire(unwanted)
    assert limit._places is not None
    assert limit._places.qsize() == 1


def test_an_async_place_that_is_dropped_in_another_thread_is_given_back_on_its_loop() -> None:
    async def main() -> None:
        limit = AsyncLimit(1)
        kept = [await limit.acquire()]
        thread = threading.Thread(target=kept.clear)
        thread.start()
        await asyncio.to_thread(thread.join)
        place = await asyncio.wait_for(limit.acquire(), PATIENCE)
        place.give_back()

    asyncio.run(main())


def test_an_async_place_that_outlives_its_loop_is_dropped_in_silence() -> None:
    async def main() -> Place:
        return await AsyncLimit(1).acquire()

    place = asyncio.run(main())
    del place
    gc.collect()


# Never more than the limit


@pytest.mark.parametrize("most", [1, 2])
@pytest.mark.parametrize("stream", [False, True])
def test_no_more_threads_than_allowed_are_served_at_once(most: int, *, stream: bool) -> None:
    counter = Counter()
    with LocalServer(counter) as server, sync_client(server.url, most) as client:
        copied = client.with_options(timeout=9.0)

        def work(which: OpenAI) -> None:
            answer = ask(which, stream=stream)
            if stream:
                collect(answer)

        threads = [threading.Thread(target=work, args=(one,)) for one in (client, copied) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert counter.served == 8
    assert counter.most == most


@pytest.mark.parametrize("most", [1, 2])
@pytest.mark.parametrize("stream", [False, True])
def test_no_more_tasks_than_allowed_are_served_at_once(most: int, *, stream: bool) -> None:
    counter = Counter()

    async def main(url: str) -> None:
        async with async_client(url, most) as client:
            copied = client.with_options(timeout=9.0)

            async def work(which: AsyncOpenAI) -> None:
                answer = await ask(which, stream=stream)
                if stream:
                    await collect(answer)

            await asyncio.gather(*(work(one) for one in (client, copied) * 4))

    with LocalServer(counter) as server:
        asyncio.run(main(server.url))
    assert counter.served == 8
    assert counter.most == most


def test_without_a_limit_all_are_served_at_once() -> None:
    counter = Counter(0.2)

    async def main(url: str) -> None:
        async with async_client(url, None) as client:
            await asyncio.gather(*(ask(client) for _ in range(6)))

    with LocalServer(counter) as server:
        asyncio.run(main(server.url))
    assert counter.most == 6


def test_the_environment_may_set_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIPU_MAX_CONCURRENCY", "1")
    counter = Counter()

    async def main(url: str) -> None:
        async with async_client(url, None) as client:
            await asyncio.gather(*(ask(client) for _ in range(4)))

    with LocalServer(counter) as server:
        asyncio.run(main(server.url))
    assert counter.most == 1


def test_native_paths_count_too() -> None:
    counter = Counter()
    with LocalServer(counter) as server, sync_client(server.url, 1) as client:
        threads = [
            threading.Thread(target=lambda: client.post("/knowledge", body={"a": 1}, cast_to=object))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert (counter.served, counter.most) == (4, 1)


def test_each_event_loop_has_places_of_its_own() -> None:
    counter = Counter(0.01)
    with LocalServer(counter) as server:
        client = async_client(server.url, 1)

        async def work() -> None:
            await asyncio.gather(*(ask(client) for _ in range(3)))

        async def end() -> None:
            await work()
            await client.close()

        for _ in range(2):
            asyncio.run(ask_and_forget(client, work))
        asyncio.run(end())
    assert counter.served == 9
    assert counter.most == 1


async def ask_and_forget(client: AsyncOpenAI, work: Any) -> None:
    """Work on this loop, and let its connections go: a connection belongs to a loop."""
    await work()
    await client._client.boundary.inner._transport.aclose()


# Given back


def test_a_stream_holds_its_place_until_it_is_closed_or_read() -> None:
    def slow(request: Received) -> Iterator[bytes | float]:
        if b'"stream":true' not in request.body:
            yield reply(ANSWER)
            return
        yield stream_head() + piece(START)
        yield 5.0

    with LocalServer(slow) as server, sync_client(server.url, 1) as client:
        stream = ask(client, stream=True)
        first(stream)
        done = threading.Event()
        thread = threading.Thread(target=lambda: (ask(client), done.set()))
        thread.start()
        assert not done.wait(0.15)
        stream.close()
        assert done.wait(PATIENCE)
        thread.join(PATIENCE)


def one_stream(ending: str) -> Any:
    """Answer a stream in two halves, of which the second comes as the ending needs it; all else at once."""

    def answer(request: Received) -> Iterator[bytes | float | None]:
        if b'"stream":true' not in request.body:
            yield reply(ANSWER)
            return
        yield stream_head() + piece(START)
        if ending == "error":
            yield None
        if ending != "read":
            yield 0.3
        yield piece(STREAM[len(START) :]) + piece(b"")

    return answer


def leave(stream: Any) -> None:
    """Leave a stream within a with block."""
    with stream:
        for _ in stream:
            break


def fail(stream: Any) -> None:
    """Read a stream that breaks."""
    with pytest.raises(openai.APIConnectionError):
        collect(stream)


ENDINGS: dict[str, Any] = {
    "read": collect,
    "close": lambda stream: stream.close(),
    "with": leave,
    "error": fail,
    "dropped": lambda _: None,
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("n", [1, 2])
def test_a_place_is_given_back_however_a_stream_ends(ending: str, n: int) -> None:
    with LocalServer(one_stream(ending)) as server, sync_client(server.url, n) as client:
        stream = ask(client, stream=True, n=n)
        first(stream)
        ENDINGS[ending](stream)
        del stream
        gc.collect()
        limit = client._client.boundary.limit
        eventually(lambda: limit._places.qsize() == n)
        assert ask(client).choices[0].message.content == "Hello."
        eventually(lambda: our_threads() == [])


async def leave_async(stream: Any) -> None:
    """Leave a stream within an async with block."""
    async with stream:
        async for _ in stream:
            break


async def fail_async(stream: Any) -> None:
    """Read a stream that breaks."""
    with pytest.raises(openai.APIConnectionError):
        await collect(stream)


async def cancel(stream: Any) -> None:
    """Cancel the task that reads a stream."""
    task = asyncio.create_task(collect(stream))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def drop(_: Any) -> None:
    """Do nothing with a stream."""


ASYNC_ENDINGS: dict[str, Any] = {
    "read": collect,
    "close": lambda stream: stream.close(),
    "with": leave_async,
    "error": fail_async,
    "dropped": drop,
    "cancel": cancel,
}


@pytest.mark.parametrize("ending", ASYNC_ENDINGS)
@pytest.mark.parametrize("n", [1, 2])
def test_a_place_is_given_back_however_an_async_stream_ends(ending: str, n: int) -> None:
    async def main(url: str) -> None:
        async with async_client(url, n) as client:
            stream = await ask(client, stream=True, n=n)
            await first(stream)
            await ASYNC_ENDINGS[ending](stream)
            del stream
            await asyncio.sleep(0.01)  # the loop closes the generators that openai leaves behind
            gc.collect()
            answers = await asyncio.wait_for(asyncio.gather(*(ask(client) for _ in range(n))), PATIENCE)
            assert [one.choices[0].message.content for one in answers] == ["Hello."] * n
            await eventually_async(lambda: len(asyncio.all_tasks()) == 1)

    with LocalServer(one_stream(ending)) as server:
        asyncio.run(main(server.url))


@pytest.mark.parametrize("n", [1, 2])
def test_a_place_is_given_back_at_once_when_the_reading_task_is_cancelled(n: int) -> None:
    async def main(url: str) -> None:
        async with async_client(url, n) as client:
            stream = await ask(client, stream=True, n=n)
            await first(stream)
            await cancel(stream)
            await asyncio.wait_for(ask(client), PATIENCE)
            await stream.close()

    with LocalServer(one_stream("cancel")) as server:
        asyncio.run(main(server.url))


def test_a_stream_that_is_never_begun_gives_its_place_back_when_it_is_dropped() -> None:
    def answer(_: Received) -> Iterator[bytes | float]:
        yield stream_head() + piece(START)
        yield 3.0

    with LocalServer(answer) as server, sync_client(server.url, 1, timeout=2.0) as client:
        limit = client._client.boundary.limit
        for _ in range(3):
            stream = ask(client, stream=True)
            assert limit._places.qsize() == 0
            del stream
            gc.collect()
            assert limit._places.qsize() == 1


def test_a_place_is_given_back_after_every_kind_of_failure(wire: Wire) -> None:
    def broken(request: Any) -> Any:
        raise httpx.ConnectError("broken", request=request)

    wire.reply(BUSY, status=429)
    wire.reply({}, status=307, headers={"location": "https://evil.example/"})
    wire.reply_with(broken)
    wire.reply(b"", headers={"content-type": "text/event-stream"})
    wire.reply(b"not json", headers={"content-type": "application/json"})
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    with OpenAI(api_key=KEY, http_client=below, max_concurrency=1, max_retries=0) as client:
        for stream in (False, False, False, True, False):
            with pytest.raises(openai.APIError):
                ask(client, stream=stream)
        limit = client._client.boundary.limit
        assert limit._places.qsize() == 1
        with pytest.raises(openai.BadRequestError):
            client.fine_tuning.jobs.list()
        assert limit._places.qsize() == 1


def test_a_place_is_given_back_while_a_retry_is_waited_for(wire: Wire, waits: list[float]) -> None:
    wire.reply(BUSY, status=429)
    wire.reply(ANSWER)
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    with OpenAI(api_key=KEY, http_client=below, max_concurrency=1) as client:
        assert ask(client).choices[0].message.content == "Hello."
    assert len(waits) == 1


def test_a_task_that_is_cancelled_while_it_waits_takes_no_place() -> None:
    counter = Counter(0.1)

    async def main(url: str) -> None:
        async with async_client(url, 1) as client:
            tasks = [asyncio.create_task(ask(client)) for _ in range(3)]
            await asyncio.sleep(0.05)
            tasks[0].cancel()
            tasks[1].cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert [type(one) for one in done[:2]] == [asyncio.CancelledError] * 2
            assert done[2].choices[0].message.content == "Hello."
            await asyncio.wait_for(ask(client), PATIENCE)

    with LocalServer(counter) as server:
        asyncio.run(main(server.url))


# Several choices


@pytest.mark.parametrize("most", [1, 2, None])
@pytest.mark.parametrize("stream", [False, True])
def test_several_choices_do_not_wait_for_one_another(most: int | None, *, stream: bool) -> None:
    counter = Counter(0.15)
    with LocalServer(counter) as server, sync_client(server.url, most) as client:
        answer = ask(client, stream=stream, n=4)
        indices = (
            {choice.index for chunk in collect(answer) for choice in chunk.choices}
            if stream
            else {choice.index for choice in answer.choices}
        )
    assert indices == {0, 1, 2, 3}
    assert counter.most == (most or 4)
    eventually(lambda: our_threads() == [])


@pytest.mark.parametrize("most", [1, 2, None])
@pytest.mark.parametrize("stream", [False, True])
def test_several_choices_do_not_wait_for_one_another_in_async_code(most: int | None, *, stream: bool) -> None:
    counter = Counter(0.15)

    async def main(url: str) -> set[int]:
        async with async_client(url, most) as client:
            answer = await asyncio.wait_for(ask(client, stream=stream, n=4), PATIENCE)
            if stream:
                return {choice.index for chunk in await collect(answer) for choice in chunk.choices}
            return {choice.index for choice in answer.choices}

    with LocalServer(counter) as server:
        assert asyncio.run(main(server.url)) == {0, 1, 2, 3}
    assert counter.most == (most or 4)


def choices(calls: list[int], fails: int, *, stream: bool) -> Any:
    """Answer slowly, but fail at one of the requests at once."""
    lock = threading.Lock()

    def answer(_: Received) -> Iterator[bytes | float]:
        with lock:
            calls.append(len(calls))
            mine = calls[-1]
        if mine == fails:
            yield reply(BUSY, status=429)
            return
        yield 3.0
        yield stream_head() + piece(STREAM) + piece(b"") if stream else reply(ANSWER)

    return answer


@pytest.mark.parametrize("stream", [False, True])
def test_when_one_choice_fails_the_others_are_given_up(*, stream: bool) -> None:
    calls: list[int] = []
    with LocalServer(choices(calls, 0, stream=stream)) as server, sync_client(server.url, None) as client:
        began = time.monotonic()
        with pytest.raises(openai.RateLimitError):
            ask(client, stream=stream, n=3)
        assert time.monotonic() - began < 2.5
        eventually(lambda: our_threads() == [])


@pytest.mark.parametrize("stream", [False, True])
def test_when_one_choice_fails_those_that_wait_for_a_place_are_never_sent(*, stream: bool) -> None:
    calls: list[int] = []
    with LocalServer(choices(calls, 0, stream=stream)) as server, sync_client(server.url, 1) as client:
        with pytest.raises(openai.RateLimitError):
            ask(client, stream=stream, n=8)
        eventually(lambda: our_threads() == [])
        assert len(calls) <= 2
        assert client._client.boundary.limit._places.qsize() == 1


@pytest.mark.parametrize("stream", [False, True])
def test_when_one_choice_fails_the_other_tasks_are_cancelled(*, stream: bool) -> None:
    calls: list[int] = []

    async def main(url: str) -> None:
        async with async_client(url, None) as client:
            began = time.monotonic()
            with pytest.raises(openai.RateLimitError):
                await ask(client, stream=stream, n=3)
            assert time.monotonic() - began < 2.5
            assert len(asyncio.all_tasks()) == 1

    with LocalServer(choices(calls, 0, stream=stream)) as server:
        asyncio.run(main(server.url))


def endless(_: Received) -> Iterator[bytes | float]:
    """Answer with a stream that falls silent after its first word."""
    yield stream_head() + piece(START)
    yield 30.0


@pytest.mark.parametrize("ending", ["close", "dropped"])
def test_the_threads_of_a_silent_stream_end_with_it(ending: str) -> None:
    with LocalServer(endless) as server, sync_client(server.url, None) as client:
        stream = ask(client, stream=True, n=3)
        first(stream)
        assert len(our_threads()) == 3
        if ending == "close":
            stream.close()
        else:
            del stream
            gc.collect()
        eventually(lambda: our_threads() == [])
        eventually(lambda: server.open == 0)


@pytest.mark.parametrize("ending", ["close", "dropped", "cancel"])
def test_the_tasks_of_a_silent_stream_end_with_it(ending: str) -> None:
    async def main(url: str) -> None:
        async with async_client(url, None) as client:
            stream = await ask(client, stream=True, n=3)
            await first(stream)
            assert len(asyncio.all_tasks()) == 4
            if ending == "close":
                await stream.close()
                assert len(asyncio.all_tasks()) == 1
            elif ending == "cancel":
                reader = asyncio.create_task(collect(stream))
                await asyncio.sleep(0.05)
                reader.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await reader
                await stream.close()
            else:
                del stream
                await asyncio.sleep(0.01)
                gc.collect()
            await eventually_async(lambda: len(asyncio.all_tasks()) == 1)

    with LocalServer(endless) as server, warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(main(server.url))
        eventually(lambda: server.open == 0)


def test_a_reader_in_another_thread_is_woken_when_the_stream_is_closed() -> None:
    with LocalServer(endless) as server, sync_client(server.url, None) as client:
        stream = ask(client, stream=True, n=2)
        read = threading.Event()

        def reading() -> None:
            try:
                collect(stream)
            except openai.OpenAIError:
                pass
            finally:
                read.set()

        thread = threading.Thread(target=reading)
        thread.start()
        time.sleep(0.1)
        stream.response.close()
        assert read.wait(PATIENCE)
        thread.join(PATIENCE)
        eventually(lambda: our_threads() == [])


def test_a_slow_reader_holds_the_streams_back() -> None:
    sent: list[int] = []

    def answer(_: Received) -> Iterator[bytes | float]:
        yield stream_head()
        for number in range(3000):
            sent.append(number)
            yield piece(START * 20)
        yield piece(STREAM[len(START) :]) + piece(b"")

    with LocalServer(answer) as server, sync_client(server.url, None) as client:
        stream = ask(client, stream=True, n=2)
        first(stream)
        eventually(lambda: stands_still(sent))
        assert len(sent) < 6000
        stream.close()
        eventually(lambda: our_threads() == [])


def stands_still(items: list[int]) -> bool:
    """Whether nothing is added for a while."""
    before = len(items)
    time.sleep(0.2)
    return len(items) == before


def test_what_is_below_sees_the_callers_context() -> None:
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="nobody")
    seen: list[str] = []

    def answer(request: Any) -> Any:
        seen.append(name.get())
        stream = b'"stream":true' in request.read()
        kind = {"content-type": "text/event-stream"} if stream else {"content-type": "application/json"}
        return (
            httpx.Response(200, headers=kind, content=STREAM if stream else b"")
            if stream
            else httpx.Response(200, json=ANSWER)
        )

    async def answer_async(request: Any) -> Any:
        return answer(request)

    async def main() -> None:
        below = httpx.AsyncClient(transport=httpx.MockTransport(answer_async))
        async with AsyncOpenAI(api_key=KEY, http_client=below) as client:
            await ask(client, n=2)
            await collect(await ask(client, n=2, stream=True))

    name.set("caller")
    with OpenAI(api_key=KEY, http_client=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        ask(client, n=2)
        assert text_of(collect(ask(client, n=2, stream=True)))
    asyncio.run(main())
    assert seen == ["caller"] * 8
