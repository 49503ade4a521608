"""What a forked process begins anew: the client below, places under a limit, and locks that somebody held."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from conftest import KEY, httpx

from zhipu_openai import forks
from zhipu_openai.client import AsyncOpenAI, OpenAI
from zhipu_openai.limits import SyncLimit
from zhipu_openai.memory import Memory


@pytest.fixture
def in_child(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Do in this process what is done in a child, to what is made within the test alone."""
    from weakref import WeakSet

    monkeypatch.setattr(forks, "_inherited", WeakSet())
    monkeypatch.setattr(forks, "_locks", WeakSet())
    return forks._in_child


@pytest.mark.parametrize("make", [OpenAI, AsyncOpenAI])
def test_a_forked_process_sends_through_a_client_of_its_own(make: Any, in_child: Any) -> None:
    client = make(api_key=KEY, timeout=7.0)
    copied = client.with_options(max_retries=5)
    of_the_parent = client._client.boundary.inner
    in_child()
    assert not of_the_parent.is_closed
    own = client._client.boundary.inner
    assert own is not of_the_parent
    assert own is copied._client.boundary.inner is client._client.boundary.inner
    assert own.timeout == of_the_parent.timeout
    assert type(own) is type(of_the_parent)


def test_the_client_of_a_forked_process_is_closed_with_what_holds_it(in_child: Any) -> None:
    client = OpenAI(api_key=KEY)
    of_the_parent = client._client.boundary.inner
    in_child()
    own = client._client.boundary.inner
    del client
    gc.collect()
    assert own.is_closed
    assert not of_the_parent.is_closed
    of_the_parent.close()


def test_a_client_that_was_closed_stays_so_in_a_forked_process(in_child: Any) -> None:
    client = OpenAI(api_key=KEY)
    client.close()
    in_child()
    assert client.is_closed()


def test_the_callers_own_client_stays_in_a_forked_process(in_child: Any) -> None:
    with httpx.Client() as below:
        client = OpenAI(api_key=KEY, http_client=below)
        in_child()
        assert client._client.boundary.inner is below


def test_a_forked_process_has_all_places_whoever_held_them(in_child: Any) -> None:
    limit = SyncLimit(2)
    held = [limit.acquire(), limit.acquire()]
    in_child()
    again = [limit.acquire(), limit.acquire()]
    held.clear()
    gc.collect()
    assert limit._places is not None
    assert limit._places.qsize() == 0, "a place of the parent's is none of the child's"
    again.clear()
    gc.collect()
    assert limit._places.qsize() == 2


def test_a_lock_that_was_held_is_free_in_a_forked_process(in_child: Any) -> None:
    memory = Memory()
    memory._lock.acquire()
    in_child()
    memory.keep("shelf", "key", 1)
    assert memory.recall("shelf", "key") == 1
