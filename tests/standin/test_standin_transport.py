"""The stand-in behind a client of the HTTP library that openai uses, in process."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from standin_helpers import KEY

from zhipu_openai.library import openai_library
from zhipu_openai.standin import StandIn, async_client, client

LIBRARY = openai_library().module
URL = "https://open.bigmodel.cn/api/paas/v4"
CHAT = f"{URL}/chat/completions"
BODY: dict[str, Any] = {"model": "glm-4-flash-250414", "messages": [{"role": "user", "content": "hi"}]}
STREAM = {**BODY, "stream": True}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_a_client_of_the_library_gets_status_headers_and_body() -> None:
    service = StandIn()
    service.say("Hello!")
    with client(service, LIBRARY, headers=KEY, base_url=URL) as http:
        assert type(http) is LIBRARY.Client
        reply = http.post("/chat/completions", json=BODY)
    assert reply.status_code == 200
    assert reply.json()["choices"][0]["message"]["content"] == "Hello!"
    assert reply.headers["content-type"] == "application/json; charset=UTF-8"
    assert reply.headers.get_list("vary").count("Origin") == 2
    assert reply.headers["content-length"] == str(len(reply.content))
    assert service.requests[0].path == "/api/paas/v4/chat/completions"


def test_the_query_reaches_the_stand_in_as_it_was_written() -> None:
    service = StandIn()
    with client(service, LIBRARY, headers=KEY) as http:
        assert http.get(f"{URL}/models", params={"a": "1 2"}).status_code == 200
    assert service.requests[0].path in {"/api/paas/v4/models?a=1+2", "/api/paas/v4/models?a=1%202"}


def test_a_stream_comes_event_by_event() -> None:
    service = StandIn()
    service.say("one two")
    with (
        client(service, LIBRARY, headers=KEY) as http,
        http.stream("POST", CHAT, json=STREAM) as reply,
    ):
        pieces = list(reply.iter_raw())
    assert len(pieces) == 4
    assert pieces[-1] == b"data: [DONE]\n\n"


def test_a_broken_connection_is_the_librarys_protocol_error() -> None:
    service = StandIn(quirks=["broken_connection"])
    received: list[bytes] = []
    with (
        client(service, LIBRARY, headers=KEY) as http,
        http.stream("POST", CHAT, json=STREAM) as reply,
        pytest.raises(LIBRARY.RemoteProtocolError, match="peer closed connection"),
    ):
        received.extend(reply.iter_raw())
    assert received[-1].endswith(b'"delta":{"role')


def test_a_delay_longer_than_the_read_timeout_times_out() -> None:
    service = StandIn()
    service.delay(30)
    began = time.monotonic()
    with (
        client(service, LIBRARY, headers=KEY, timeout=0.05) as http,
        pytest.raises(LIBRARY.ReadTimeout, match="read operation timed out"),
    ):
        http.post(CHAT, json=BODY)
    assert time.monotonic() - began < 5


def test_a_slow_start_longer_than_the_read_timeout_times_out_after_the_head() -> None:
    service = StandIn(quirks=["slow_start:30"])
    with (
        client(service, LIBRARY, headers=KEY, timeout=0.05) as http,
        http.stream("POST", CHAT, json=STREAM) as reply,
    ):
        assert reply.status_code == 200
        with pytest.raises(LIBRARY.ReadTimeout):
            reply.read()


def test_without_a_timeout_a_delay_is_waited() -> None:
    service = StandIn()
    service.delay(0.1)
    began = time.monotonic()
    with client(service, LIBRARY, headers=KEY, timeout=None) as http:
        assert http.post(CHAT, json=BODY).status_code == 200
    assert time.monotonic() - began >= 0.1


@pytest.mark.anyio
async def test_an_async_client_of_the_library_gets_status_headers_and_body() -> None:
    service = StandIn()
    service.say("Hello!")
    async with async_client(service, LIBRARY, headers=KEY) as http:
        assert type(http) is LIBRARY.AsyncClient
        reply = await http.post(CHAT, json=BODY)
    assert reply.json()["choices"][0]["message"]["content"] == "Hello!"
    assert reply.headers.get_list("vary").count("Origin") == 2


@pytest.mark.anyio
async def test_two_async_streams_run_side_by_side() -> None:
    service = StandIn()
    service.say("one two three")
    service.say("one two three")
    order: list[int] = []

    async def read(number: int, http: Any) -> None:
        async with http.stream("POST", CHAT, json=STREAM) as reply:
            async for piece in reply.aiter_raw():
                assert piece
                order.append(number)

    async with async_client(service, LIBRARY, headers=KEY) as http:
        await asyncio.gather(read(1, http), read(2, http))
    assert sorted(order) == [1] * 5 + [2] * 5
    assert order != sorted(order)


@pytest.mark.anyio
async def test_an_async_broken_connection_is_the_librarys_protocol_error() -> None:
    service = StandIn(quirks=["broken_connection"])
    async with (
        async_client(service, LIBRARY, headers=KEY) as http,
        http.stream("POST", CHAT, json=STREAM) as reply,
    ):
        with pytest.raises(LIBRARY.RemoteProtocolError, match="peer closed connection"):
            await reply.aread()


@pytest.mark.anyio
async def test_an_async_delay_times_out_and_lets_other_tasks_run() -> None:
    service = StandIn()
    service.delay(30)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    async with async_client(service, LIBRARY, headers=KEY, timeout=0.1) as http:
        with pytest.raises(LIBRARY.ReadTimeout):
            await http.post(CHAT, json=BODY)
    ticking.cancel()
    assert ticks >= 3
