"""The limiter on a real Redis; what several processes make of it, prove.py shows."""

from __future__ import annotations

import asyncio
import gc
import itertools
import pickle
import threading
import time
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion
from hypothesis import given, settings
from hypothesis import strategies as st
from local_server import LocalServer, reply
from redis_server import RedisServer, free_port, missing

from zhipu_openai import AsyncOpenAI, OpenAI, http_client
from zhipu_openai.fleet.places import Round
from zhipu_openai.fleet.redis_link import RedisLink
from zhipu_openai.limits import GivenUp, Limiter, account_of

redis = pytest.importorskip("redis", reason="redis-py is not installed")

from zhipu_openai.fleet import RedisLimiter, SharedLimitWarning, redis_limiter  # noqa: E402 - after the look for redis-py

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 5.0
NOWHERE = "redis://127.0.0.1:1/0"
QUESTION: dict[str, Any] = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}]}

_lacking = missing()

_SETTLED = 5.0
"""Seconds after its start in which a Redis grants nothing, with the default timeout."""


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis that has been up for a while."""
    if _lacking is not None:
        pytest.skip(_lacking)
    with RedisServer() as server:
        time.sleep(_SETTLED)
        yield server


@pytest.fixture(autouse=True)
def _no_limiter_outlives_its_test() -> Iterator[None]:
    """Their threads would go on looking for a Redis that is gone."""
    yield
    redis_limiter._close_all()
    redis_limiter._keepers.clear()


_names = (f"test-{number}" for number in itertools.count())


@pytest.fixture
def name() -> str:
    return next(_names)


def eventually(fulfilled: Callable[[], object]) -> None:
    """Wait for something to become true."""
    until = time.monotonic() + PATIENCE
    while not fulfilled():
        assert time.monotonic() < until
        time.sleep(0.005)


def link(server: RedisServer, name: str, process: str = "p", *, limit: int = 2, **times: float) -> RedisLink:
    """Speak to Redis as one process does."""
    given = {"lease": 30.0, "patience": 30.0, "timeout": 5.0, **times}
    return RedisLink(server.url, name=name, process=process, limit=limit, **given)


# The rule in Redis


def test_there_are_as_many_places_as_the_limit_and_they_come_back(
    redis_server: RedisServer, name: str
) -> None:
    here, there = link(redis_server, name, "here"), link(redis_server, name, "there")
    assert here.round(Round(want=("a", "b", "c")), 0).granted == ("a", "b")
    refused = there.round(Round(want=("d",)), 0)
    assert (refused.granted, refused.rank, refused.processes) == ((), 1, 2)
    assert here.round(Round(keep=("b",), back=("a",), want=("c",)), 0).granted == ("c",)
    assert there.round(Round(want=("d",)), 0).rank == 0


def test_places_go_first_come_first_served_across_processes(redis_server: RedisServer, name: str) -> None:
    here, there = link(redis_server, name, "here", limit=1), link(redis_server, name, "there", limit=1)
    here.round(Round(want=("a",)), 0)
    there.round(Round(want=("b",)), 0)
    assert here.round(Round(back=("a",), want=("c",)), 0).granted == ()
    assert there.round(Round(want=("b",)), 0).granted == ("b",)


def test_an_answer_that_was_lost_costs_no_place(redis_server: RedisServer, name: str) -> None:
    one = link(redis_server, name, limit=1)
    for _ in range(3):
        assert one.round(Round(want=("a",)), 0).granted == ("a",)
    one.round(Round(back=("a",)), 0)
    assert one.round(Round(want=("b",)), 0).granted == ("b",)


def test_a_lease_that_nobody_renews_ends(redis_server: RedisServer, name: str) -> None:
    dead, living = link(redis_server, name, "dead", limit=1, lease=0.2), link(redis_server, name, limit=1)
    assert dead.round(Round(want=("a",)), 0).granted == ("a",)
    assert living.round(Round(want=("b",)), 0).granted == ()
    eventually(lambda: living.round(Round(want=("b",)), 0).granted == ("b",))


def test_a_lease_that_is_renewed_does_not_end(redis_server: RedisServer, name: str) -> None:
    holding, other = link(redis_server, name, "h", limit=1, lease=0.5), link(redis_server, name, limit=1)
    holding.round(Round(want=("a",)), 0)
    until = time.monotonic() + 1.2
    while time.monotonic() < until:
        holding.round(Round(keep=("a",)), 0)
        assert other.round(Round(want=("b",)), 0).granted == ()
        time.sleep(0.02)


def test_who_stops_asking_loses_its_turn(redis_server: RedisServer, name: str) -> None:
    holding, gone = (
        link(redis_server, name, "h", limit=1),
        link(redis_server, name, "g", limit=1, patience=0.2),
    )
    waiting = link(redis_server, name, "w", limit=1)
    holding.round(Round(want=("a",)), 0)
    gone.round(Round(want=("b",)), 0)
    waiting.round(Round(want=("c",)), 0)
    holding.round(Round(back=("a",)), 0)
    eventually(lambda: waiting.round(Round(want=("c",)), 0).granted == ("c",))


def test_what_redis_forgot_counts_again_as_soon_as_it_is_told(redis_server: RedisServer, name: str) -> None:
    holding, other = link(redis_server, name, "h", limit=1), link(redis_server, name, "o", limit=1)
    holding.round(Round(want=("a",)), 0)
    redis.Redis.from_url(redis_server.url).delete(f"zhipu-openai:{{{name}}}:holders")
    holding.round(Round(keep=("a",)), 0)
    assert other.round(Round(want=("b",)), 0).granted == ()


def test_a_redis_that_has_just_started_listens_and_grants_nothing(
    redis_server: RedisServer, name: str
) -> None:
    one = link(redis_server, name, limit=2)
    outcome = one.round(Round(keep=("a",), want=("b",)), 10**6)
    assert (outcome.settling, outcome.granted) == (True, ())
    outcome = one.round(Round(keep=("a",), want=("b", "c")), 1)
    assert (outcome.settling, outcome.granted) == (False, ("b",))


@settings(max_examples=20)
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), max_size=30),
    limit=st.integers(1, 4),
)
def test_whatever_processes_do_there_are_never_more_places_than_the_limit(
    redis_server: RedisServer, steps: list[tuple[int, int, int]], limit: int
) -> None:
    name, tokens = next(_names), (f"t{number}" for number in itertools.count())
    links = [link(redis_server, name, str(number), limit=limit) for number in range(3)]
    held: list[list[str]] = [[], [], []]
    waiting: list[list[str]] = [[], [], []]
    for process, ending, asking in steps:
        back, keep = held[process][:ending], held[process][ending:]
        want = waiting[process] + [next(tokens) for _ in range(asking)]
        outcome = links[process].round(Round(tuple(keep), tuple(back), tuple(want)), 0)
        held[process] = [*keep, *outcome.granted]
        waiting[process] = [token for token in want if token not in outcome.granted]
        assert sum(map(len, held)) <= limit
        free = limit - sum(map(len, held))
        assert not (free > 0 and waiting[process] and outcome.rank < free)
    for one in links:
        one.close()


# The limiter


def test_threads_and_tasks_count_under_one_limit(redis_server: RedisServer, name: str) -> None:
    limiter = RedisLimiter(redis_server.url, limit=2, name=name)
    assert isinstance(limiter, Limiter)
    held = limiter.acquire()

    async def main() -> None:
        mine = await limiter.acquire_async()
        waiting = asyncio.create_task(limiter.acquire_async())
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        held.give_back()
        (await asyncio.wait_for(waiting, PATIENCE)).give_back()
        mine.give_back()

    asyncio.run(main())


def test_a_wait_that_is_cancelled_leaves_nothing_behind(redis_server: RedisServer, name: str) -> None:
    limiter = RedisLimiter(redis_server.url, limit=1, name=name)
    queue = f"zhipu-openai:{{{name}}}:queue"
    client = redis.Redis.from_url(redis_server.url)

    async def main() -> None:
        held = await limiter.acquire_async()
        waiting = [asyncio.create_task(limiter.acquire_async()) for _ in range(3)]
        await asyncio.to_thread(eventually, lambda: client.zcard(queue))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        held.give_back()
        (await asyncio.wait_for(limiter.acquire_async(), PATIENCE)).give_back()

    asyncio.run(main())
    assert client.zcard(queue) == 0


def test_a_wait_that_nobody_wants_any_more_ends(redis_server: RedisServer, name: str) -> None:
    limiter = RedisLimiter(redis_server.url, limit=1, name=name)
    held = limiter.acquire()
    unwanted = threading.Event()
    threading.Timer(0.05, unwanted.set).start()
    with pytest.raises(GivenUp):
        limiter.acquire(unwanted)
    held.give_back()
    limiter.acquire(threading.Event()).give_back()


def test_equal_limiters_are_one_and_other_names_are_others(redis_server: RedisServer, name: str) -> None:
    limiter = RedisLimiter(redis_server.url, limit=1, name=name)
    again = pickle.loads(pickle.dumps(limiter))  # noqa: S301 - made here
    assert again == limiter
    assert again._keeper() is limiter._keeper()
    held = limiter.acquire()
    other = RedisLimiter(redis_server.url, limit=1, name=f"{name}-other").acquire()
    other.give_back()
    held.give_back()


def test_a_client_counts_by_its_key_and_redis_sees_nothing_of_the_key(
    redis_server: RedisServer,
) -> None:
    client = redis.Redis.from_url(redis_server.url)
    seen: set[bytes] = set()

    def answer(_: object) -> bytes:
        seen.update(client.keys("zhipu-openai:*"))
        return reply(completion(content="Hello."))

    with LocalServer(answer) as server:
        options: dict[str, Any] = {"api_key": KEY, "base_url": server.url, "max_retries": 0}
        options["max_concurrency"] = RedisLimiter(redis_server.url, limit=1)

        async def main() -> None:
            async with AsyncOpenAI(**options) as async_client:
                await async_client.chat.completions.create(**QUESTION)

        with OpenAI(**options) as sync_client:
            sync_client.chat.completions.create(**QUESTION)
            sync_client.with_options(timeout=9).chat.completions.create(**QUESTION)
        asyncio.run(main())
    account = account_of(KEY)
    assert account is not None
    assert f"zhipu-openai:{{{account}}}:holders".encode() in seen
    written = b" ".join(seen) + client.dump(f"zhipu-openai:{{{account}}}:processes")
    for part in KEY.split("."):
        assert part.encode() not in written
    eventually(lambda: not client.zcard(f"zhipu-openai:{{{account}}}:holders"))


def test_a_stream_that_is_dropped_gives_its_place_back(redis_server: RedisServer, name: str) -> None:
    limiter = RedisLimiter(redis_server.url, limit=1, name=name)
    with OpenAI(region="standin", max_concurrency=limiter) as client:
        stream = client.chat.completions.create(**QUESTION, stream=True)
        next(iter(stream))
        del stream
        gc.collect()
        assert client.chat.completions.create(**QUESTION).choices


@pytest.mark.parametrize("key", ["sk-short", lambda: KEY], ids=["short", "callable"])
def test_without_a_key_to_hash_a_name_is_asked_for(key: Any) -> None:
    if callable(key) and not hasattr(openai.OpenAI, "_refresh_api_key"):
        pytest.skip("this openai takes no callable")
    with pytest.raises(ValueError, match="needs a name="):
        OpenAI(
            api_key=key, base_url="https://gateway.example/v1", max_concurrency=RedisLimiter(NOWHERE, limit=1)
        )
    OpenAI(
        api_key=key,
        base_url="https://gateway.example/v1",
        max_concurrency=RedisLimiter(NOWHERE, limit=1, name="team"),
    )


def test_a_limiter_without_a_name_needs_a_client() -> None:
    with pytest.raises(ValueError, match="needs a name="):
        RedisLimiter(NOWHERE, limit=1).acquire()


def test_http_clients_for_frameworks_take_a_limiter() -> None:
    limiter = RedisLimiter(NOWHERE, limit=1, name="team")
    made = http_client(api_key=KEY, max_concurrency=limiter)
    assert made.boundary.limit._limiter == limiter


# Without Redis


@pytest.fixture
def nowhere() -> Iterator[RedisLimiter]:
    """A limiter whose Redis is not there."""
    url = f"redis://127.0.0.1:{free_port()}/0"
    return RedisLimiter(url, limit=3, name="nowhere", timeout=0.1, local_limit=2)


def test_without_redis_the_share_goes_and_it_is_said_once(nowhere: RedisLimiter) -> None:
    with pytest.warns(SharedLimitWarning, match="ConnectionError") as said:
        held = [nowhere.acquire(), nowhere.acquire()]
    assert len(said) == 1
    assert said[0].filename == __file__
    unwanted = threading.Event()
    threading.Timer(0.1, unwanted.set).start()
    with pytest.raises(GivenUp):
        nowhere.acquire(unwanted)
    for place in held:
        place.give_back()


def test_a_warning_that_is_made_an_error_costs_no_place(nowhere: RedisLimiter) -> None:
    with pytest.raises(SharedLimitWarning):
        nowhere.acquire()
    held = [nowhere.acquire(), nowhere.acquire()]
    for place in held:
        place.give_back()


# Arguments


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"limit": 0}, "limit is no whole number"),
        ({"limit": True}, "limit is no whole number"),
        ({"limit": 1, "local_limit": 0}, "local_limit is no whole number"),
        ({"limit": 1, "lease": 4.9}, "lease is less than 5"),
        ({"limit": 1, "timeout": 0}, "timeout is not more than 0"),
        ({"limit": 1, "lease": 6, "timeout": 2.1}, "at most a third of the lease"),
        ({"limit": 1, "name": "a b"}, "name has other characters"),
        ({"limit": 1, "name": "{x}"}, "name has other characters"),
    ],
)
def test_an_argument_out_of_its_range_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RedisLimiter(NOWHERE, **options)


def test_without_redis_py_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhipu_openai.fleet.redis_limiter.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"zhipu-openai\[redis\]"):
        RedisLimiter(NOWHERE, limit=1)


def test_the_url_comes_from_the_environment_or_the_dotenv(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIPU_REDIS_URL", raising=False)
    limiter = RedisLimiter(limit=1, name="team")
    with pytest.raises(ValueError, match="ZHIPU_REDIS_URL"):
        OpenAI(api_key=KEY, max_concurrency=limiter)
    (tmp_path / ".env").write_text("ZHIPU_REDIS_URL=redis://dotenv.example/0\n")
    OpenAI(api_key=KEY, max_concurrency=limiter)
    monkeypatch.setenv("ZHIPU_REDIS_URL", "redis://environment.example/0")
    OpenAI(api_key=KEY, max_concurrency=limiter)


@pytest.mark.parametrize(
    "url", ["redis://user:hunter2@host/0", "rediss://:hunter2@host", "unix://@/s?password=hunter2"]
)
def test_a_password_is_neither_shown_nor_pickled(url: str) -> None:
    limiter = RedisLimiter(url, limit=1, name="team")
    assert "hunter2" not in repr(limiter)
    with pytest.raises(TypeError, match="ZHIPU_REDIS_URL") as caught:
        pickle.dumps(limiter)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(OpenAI(api_key=KEY, max_concurrency=limiter).settings)
