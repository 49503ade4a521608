"""A small slice of the load scripts: nothing lost, hollow or left over."""

from __future__ import annotations

import asyncio
import gc
import os
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from . import calls, processes, streams, threads
from .server import FAILING, LEFT, WEIGHTS, WHOLE, Play, served
from .state import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .server import Served

SEED = 3
EACH_KIND = 1


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """The server that plays faults."""
    with served(SEED) as running:
        yield running


def some_of_each_kind(beginning: int) -> list[int]:
    """Give the numbers of streams of every kind."""
    wanted = dict.fromkeys(WEIGHTS, EACH_KIND)
    numbers = []
    number = beginning
    while any(wanted.values()):
        kind = Play.of(SEED, number).kind
        if wanted[kind]:
            wanted[kind] -= 1
            numbers.append(number)
        number += 1
    return numbers


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SHORT", 0.5)
    monkeypatch.setattr(streams, "ROUND_SECONDS", 60.0)


def judged(tally: streams.Tally, numbers: list[int]) -> None:
    """Expect what the plan has."""
    assert tally.hung == 0
    assert not tally.wrong
    assert not tally.hollow
    assert sum(tally.started.values()) == len(numbers)
    assert {kind: count for kind, count in tally.whole.items() if count} == dict.fromkeys(WHOLE, EACH_KIND)
    assert {kind: count for kind, count in tally.failed.items() if count} == dict.fromkeys(FAILING, EACH_KIND)
    assert {kind: count for kind, count in tally.left.items() if count} == dict.fromkeys(LEFT, EACH_KIND)


async def let_go() -> None:
    """Collect what was dropped, and let the loop close it."""
    for _ in range(2):
        gc.collect()
        await asyncio.sleep(0.05)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("most", [None, 8])
def test_every_async_stream_ends_as_it_should(server: Served, most: int | None) -> None:
    numbers = some_of_each_kind(0 if most is None else 10_000)
    tally = streams.Tally()

    async def main() -> None:
        before = State.now()
        client = streams.make("zhipu_openai", sync=False, url=server.url, most=most)
        await streams.round_async(client, iter(numbers), 20, SEED, tally)
        await let_go()
        if most is not None:
            ways = streams.Ways(most=most)
            assert streams.places_missing(client, ways) == []
        await client.close()
        del client
        await let_go()
        after = State.now()
        assert after.beyond(before) == {}

    asyncio.run(main())
    judged(tally, numbers)
    assert streams.eventually(lambda: server.counts()["open"] == 0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_every_sync_stream_ends_as_it_should(server: Served) -> None:
    numbers = some_of_each_kind(20_000)
    tally = streams.Tally()
    before = State.now()
    client = streams.make("zhipu_openai", sync=True, url=server.url, most=6)
    streams.round_sync(client, iter(numbers), 12, SEED, tally)
    judged(tally, numbers)
    gc.collect()
    assert streams.eventually(lambda: streams.places_missing(client, streams.Ways(sync=True, most=6)) == [])
    client.close()
    assert streams.eventually(lambda: State.now().threads <= before.threads)
    assert State.now().files <= before.files
    assert streams.eventually(lambda: server.counts()["open"] == 0)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("sync", [True, False])
def test_calls_of_every_kind_leave_nothing_behind(server: Served, *, sync: bool) -> None:
    client = streams.make("zhipu_openai", sync=sync, url=server.url, most=None)
    connections = server.counts()["connections"]
    before = calls.tables()

    async def main() -> list[str]:
        found = []
        for number in range(150):
            kind = calls.KINDS[number % len(calls.KINDS)]
            if sync:
                found.append(calls.call_sync(client, kind, number))
            else:
                found.append(await calls.call_async(client, kind, number))
        await client.close() if not sync else client.close()
        return [one for one in found if one is not None]

    assert asyncio.run(main()) == []
    assert calls.overgrown(before) == []
    assert server.counts()["connections"] - connections <= 5


def test_no_cache_of_what_callers_say_is_without_a_bound() -> None:
    import zhipu_openai.cli
    import zhipu_openai.parameters
    import zhipu_openai.sound

    unbounded = {name for name, _, most in calls.caches() if most is None}
    allowed = {
        "zhipu_openai.routes._operator": "keyed by rows of the map",
        "zhipu_openai.routes._pattern": "keyed by rows of the map",
        "zhipu_openai.parameters._fields": "keyed by operations that have a table",
        "zhipu_openai._module_client.resources": "takes nothing",
        "zhipu_openai.sound.available": "takes nothing",
        "zhipu_openai.zero_lines.touched._owner": "keyed by rows of its table",
        "zhipu_openai.zhipu.operations._pattern": "keyed by rows of its table",
    }
    with_arguments = {
        name
        for name in unbounded
        if not name.startswith(("zhipu_openai.cli", "zhipu_openai.check", "zhipu_openai.standin"))
    }
    assert with_arguments <= allowed.keys()
    with pytest.raises(LookupError):
        zhipu_openai.parameters.fields("no.such.operation")
    assert len(list(calls.caches())) > 10


def test_eight_threads_share_a_client(server: Served) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = threads.mixed(server, 8, 10)
    assert (found["lost"], found["hung"], found["troubles"]) == (0, 0, [])


def test_loops_in_several_threads_share_no_places(server: Served) -> None:
    found = threads.limit_of_one_client(server, 4, 50)
    assert (found["lost"], found["hung"], found["troubles"]) == (0, 0, [])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_forked_processes_share_no_socket_and_wait_for_no_place(server: Served, tmp_path: Path) -> None:
    before: Any = server.counts()["connections"]
    program = processes.FORKS["fork with streams open"]
    code, _, said = processes.run(program, server, tmp_path)
    assert (code, said) == (0, "")
    assert server.counts()["connections"] - before >= 2 + 4, "each child has a connection of its own"
