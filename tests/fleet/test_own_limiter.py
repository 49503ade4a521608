"""A limiter that a user brings: two methods, and places with one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY
from local_server import LocalServer, reply
from scripts import ask, collect

from zhipu_openai import AsyncOpenAI, OpenAI
from zhipu_openai.limits import Limiter

if TYPE_CHECKING:
    import threading


class Counted:
    """A limiter that only counts."""

    def __init__(self) -> None:
        self.now = self.most = self.taken = 0

    def acquire(self, unwanted: threading.Event | None = None) -> Counted:  # noqa: ARG002 - a limiter is given it
        self.now, self.taken = self.now + 1, self.taken + 1
        self.most = max(self.most, self.now)
        return self

    async def acquire_async(self) -> Counted:
        return self.acquire()

    def give_back(self) -> None:
        self.now -= 1


@pytest.mark.parametrize("stream", [False, True])
def test_every_request_takes_a_place_and_gives_it_back(*, stream: bool) -> None:
    limiter = Counted()
    assert isinstance(limiter, Limiter)

    async def main() -> None:
        async with AsyncOpenAI(region="standin", max_concurrency=limiter) as client:
            answer = await ask(client, stream=stream, n=2)
            if stream:
                await collect(answer)

    with OpenAI(region="standin", max_concurrency=limiter) as client:
        answer = ask(client, stream=stream, n=2)
        if stream:
            collect(answer)
        assert (limiter.now, limiter.taken) == (0, 2)
        assert client.with_options(timeout=1).settings.max_concurrency is limiter
        assert "Counted" in repr(client.settings)
    asyncio.run(main())
    assert (limiter.now, limiter.taken) == (0, 4)


def test_a_failure_gives_the_place_back() -> None:
    limiter = Counted()
    with (
        LocalServer(lambda _: reply({"error": {"code": "1302", "message": "busy"}}, status=429)) as server,
        OpenAI(api_key=KEY, base_url=server.url, max_concurrency=limiter, max_retries=0) as client,
        pytest.raises(openai.RateLimitError),
    ):
        ask(client)
    assert (limiter.now, limiter.taken) == (0, 1)


def test_a_limiter_may_choose_by_account_which_is_no_key() -> None:
    seen: list[Any] = []

    class Choosing(Counted):
        def for_account(self, account: str | None) -> Counted:
            seen.append(account)
            return Counted()

    OpenAI(api_key=KEY, max_concurrency=Choosing())
    OpenAI(api_key=KEY, max_concurrency=Choosing())
    AsyncOpenAI(api_key=KEY[::-1], max_concurrency=Choosing())
    assert seen[0] == seen[1] != seen[2]
    assert len(seen[0]) == 16
    assert seen[0] not in KEY


@pytest.mark.parametrize("wrong", ["3", object(), 1.5])
def test_what_is_neither_a_number_nor_a_limiter_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="max_concurrency"):
        OpenAI(api_key=KEY, max_concurrency=wrong)
