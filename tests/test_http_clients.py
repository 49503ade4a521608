"""Whatever HTTP client is below: the caller's own keeps what it was set up with, and connections are used again."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import socket
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, text_stream
from local_server import CERTIFICATE, LocalServer, piece, reply, stream_head
from scripts import ask, collect, first, play, play_with, text_of, upload_natively

from zhipu_openai.client import AsyncOpenAI, OpenAI, http_client
from zhipu_openai.drain import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import ModuleType

    from local_server import Received

ANSWER = completion(content="Hello.")
STREAM = text_stream("Hel", "lo.")


def libraries() -> list[ModuleType]:
    """Give the HTTP libraries that are installed and whose clients the installed openai takes."""
    found = [httpx]
    for name in ("httpx", "httpx2"):
        if name == httpx.__name__ or importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        with module.Client() as client:
            try:
                openai.OpenAI(api_key=KEY, http_client=client)
            except TypeError:
                continue
        found.append(module)
    return found


def aiohttp_installed() -> bool:
    """Whether openai's DefaultAioHttpClient can be made."""

    async def make() -> bool:
        try:
            await openai.DefaultAioHttpClient().aclose()
        except (RuntimeError, AttributeError):
            return False
        return True

    return asyncio.run(make())


class Below:
    """A kind of HTTP client to be below ours."""

    def __init__(self, name: str, kind: str, make: Any, module: ModuleType) -> None:
        self.name, self.make, self.module = kind, make, module
        self.id = name

    def client(self, *, below: dict[str, Any] | None = None, **options: Any) -> Any:
        """Make a client of ours over one of this kind."""
        cls = {"sync": OpenAI, "async": AsyncOpenAI}[self.name]
        return cls(**{"api_key": KEY, "max_retries": 0, "http_client": self.make(**(below or {})), **options})


def kinds() -> Iterator[Below]:
    """Give every kind of client there is on this machine."""
    for module in libraries():
        yield Below(f"{module.__name__}.Client", "sync", module.Client, module)
        yield Below(f"{module.__name__}.AsyncClient", "async", module.AsyncClient, module)
    if aiohttp_installed():
        yield Below("aiohttp", "async", openai.DefaultAioHttpClient, httpx)


KINDS = list(kinds())


@pytest.fixture(params=KINDS, ids=[kind.id for kind in KINDS])
def below(request: pytest.FixtureRequest) -> Below:
    """Each kind of HTTP client in turn."""
    kind: Below = request.param
    return kind


OWN = [kind for kind in KINDS if kind.id != "aiohttp"]


@pytest.fixture(params=OWN, ids=[kind.id for kind in OWN])
def own(request: pytest.FixtureRequest) -> Below:
    """Each kind of HTTP client that is built on the library's own transports."""
    kind: Below = request.param
    return kind


class Default:
    """The clients over the HTTP client that they make for themselves."""

    def __init__(self, name: str) -> None:
        self.name = name

    def client(self, **options: Any) -> Any:
        """Make a client."""
        return {"sync": OpenAI, "async": AsyncOpenAI}[self.name](
            **{"api_key": KEY, "max_retries": 0, **options}
        )


@pytest.fixture(params=["sync", "async"])
def default(request: pytest.FixtureRequest) -> Default:
    """Each of the two clients in turn."""
    return Default(request.param)


def zhipu(request: Received) -> bytes:
    """Answer as Zhipu would, with the end of a stream right behind its last event."""
    if request.method == "CONNECT":
        return b"HTTP/1.1 200 Connection established\r\n\r\n"
    if b'"stream":true' in request.body:
        return stream_head() + piece(STREAM) + piece(b"")
    return reply(ANSWER)


@pytest.fixture(autouse=True)
def _no_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither hosts that need no proxy nor certificates of the machine change a test."""
    for name in ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


# Every kind


def test_every_kind_of_client_serves_a_call_a_stream_and_several_choices(below: Below) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield ask(client, user="somebody")
        assert answer.choices[0].message.content == "Hello."
        assert text_of((yield collect((yield ask(client, stream=True))))) == "Hello."
        answer = yield ask(client, n=2)
        assert [choice.message.content for choice in answer.choices] == ["Hello.", "Hello."]
        assert len((yield collect((yield ask(client, stream=True, n=2))))) > 3

    with LocalServer(zhipu) as server:
        play(below, script, base_url=server.url)
    assert len(server.received) == 6
    assert server.received[0].json["user_id"] == "somebody"
    assert {request.headers["authorization"] for request in server.received} == {f"Bearer {KEY}"}


def test_every_kind_of_client_reports_failures_as_openai_does(below: Below) -> None:
    said: Iterator[list[bytes | None]] = iter(
        [
            [reply({"error": {"code": "1113", "message": "余额不足"}}, status=429)],
            [reply({"error": {"code": "1305", "message": "busy"}})],
            [stream_head() + piece(STREAM[:150]), None],
            [None],
        ]
    )

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.RateLimitError) as caught:
            yield ask(client)
        assert caught.value.code == "insufficient_quota"
        with pytest.raises(openai.APIStatusError):
            yield ask(client)
        with pytest.raises(openai.APIConnectionError):
            yield collect((yield ask(client, stream=True)))
        with pytest.raises(openai.APIConnectionError):
            yield ask(client)

    with LocalServer(lambda _: next(said)) as server:
        play(below, script, base_url=server.url)


def test_every_kind_of_client_times_out_as_openai_does(below: Below) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.APITimeoutError):
            yield ask(client)
        stream = yield ask(client, stream=True)
        assert (yield first(stream)).choices[0].delta.content == "Hel"
        with pytest.raises(openai.APITimeoutError):
            yield collect(stream)
        yield stream.close()

    def answer(request: Received) -> Iterator[bytes | float]:
        if b'"stream":true' in request.body:
            yield stream_head() + piece(STREAM[: STREAM.index(b"\n\n") + 2])
        yield 3.0

    with LocalServer(answer) as server:
        play(below, script, base_url=server.url, timeout=0.4)


# The caller's own client


def test_headers_cookies_and_parameters_of_the_callers_client_are_sent(own: Below) -> None:
    setup = {
        "headers": {"X-Gateway": "blue", "User-Agent": "mine", "Accept-Encoding": "identity"},
        "cookies": {"session": "s-1"},
        "params": {"tenant": "t-1", "both": "client"},
    }

    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client, extra_query={"both": "call"})
        yield upload_natively(client, params={"both": "call"})
        client._client.boundary.inner.headers["X-Later"] = "1"
        yield ask(client)

    with LocalServer(zhipu) as server:
        play(own, script, base_url=server.url, below=setup)
        with openai.OpenAI(api_key=KEY, base_url=server.url, http_client=httpx.Client(**setup)) as bare:
            ask(bare, extra_query={"both": "call"})
    *mine, theirs = server.received
    for request in mine:
        for name in ("x-gateway", "cookie", "accept-encoding"):
            assert request.headers[name] == theirs.headers[name]
    for request in mine[:2]:
        assert httpx.URL(request.target).params == httpx.URL(theirs.target).params
        assert dict(httpx.URL(request.target).params) == {"tenant": "t-1", "both": "call"}
    assert httpx.URL(mine[2].target).params["both"] == "client"
    assert mine[2].headers["x-later"] == "1"
    assert mine[0].headers["user-agent"].endswith(theirs.headers["user-agent"])


def test_event_hooks_of_the_callers_client_see_what_zhipu_sees(own: Below) -> None:
    seen: list[Any] = []

    def on_request(request: Any) -> None:
        seen.append((request.method, str(request.url), request.content, request.headers["authorization"]))
        request.headers["X-Hook"] = "1"

    async def on_request_async(request: Any) -> None:
        await request.aread()
        on_request(request)

    def on_response(response: Any) -> None:
        seen.append(response.status_code)

    async def on_response_async(response: Any) -> None:
        await response.aread()
        on_response(response)

    hooks = (
        {"request": [on_request], "response": [on_response]}
        if own.name == "sync"
        else {"request": [on_request_async], "response": [on_response_async]}
    )

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield ask(client, max_completion_tokens=5)
        assert answer.choices[0].message.content == "Hello."
        yield client.post("/knowledge", body={"a": 1}, cast_to=object)

    with LocalServer(zhipu) as server:
        play(own, script, base_url=server.url, below={"event_hooks": hooks})
        chat, status, native, _ = seen
    assert chat[:2] == ("POST", f"{server.url}/chat/completions")
    assert b'"max_tokens":5' in chat[2]
    assert chat[3] == f"Bearer {KEY}"
    assert status == 200
    assert native[1:3] == (f"{server.url}/knowledge", b'{"a":1}')
    assert [request.headers["x-hook"] for request in server.received] == ["1", "1"]


def test_the_auth_of_the_callers_client_wins_as_it_does_with_openai(own: Below) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client)
        yield client.post("/knowledge", body={"a": 1}, cast_to=object)

    with LocalServer(zhipu) as server:
        play(own, script, base_url=server.url, below={"auth": ("me", "password")})
        with openai.OpenAI(
            api_key=KEY, base_url=server.url, http_client=httpx.Client(auth=("me", "password"))
        ) as bare:
            ask(bare)
    assert [request.headers["authorization"] for request in server.received] == ["Basic bWU6cGFzc3dvcmQ="] * 3


def test_an_auth_that_signs_bodies_signs_what_is_sent(own: Below) -> None:
    class Signs(own.module.Auth):  # type: ignore[misc, name-defined]  # the base is known at run time
        requires_request_body = True
        requires_response_body = True

        def auth_flow(self, request: Any) -> Any:
            request.headers["X-Signed"] = str(len(request.content))
            response = yield request
            assert response.content

    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client, max_completion_tokens=5)
        yield client.post("/knowledge", body={"a": 1}, cast_to=object)
        yield upload_natively(client)

    with LocalServer(zhipu) as server:
        play(own, script, base_url=server.url, below={"auth": Signs()})
    for request in server.received:
        assert request.headers["x-signed"] == str(len(request.body)) == request.headers["content-length"]


def test_mounts_of_the_callers_client_are_used(own: Below) -> None:
    seen: list[str] = []

    def answer(request: Any) -> Any:
        seen.append(str(request.url))
        return own.module.Response(200, json=ANSWER)

    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client)

    mounts = {"https://open.bigmodel.cn": own.module.MockTransport(answer)}
    play(own, script, below={"mounts": mounts})
    assert seen == ["https://open.bigmodel.cn/api/paas/v4/chat/completions"]


def test_limits_of_the_callers_client_are_kept(own: Below) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        stream = yield ask(client, stream=True)
        yield first(stream)
        with pytest.raises(openai.APITimeoutError):
            yield ask(client)
        yield stream.close()
        yield ask(client)

    def answer(request: Received) -> Iterator[bytes | float]:
        if b'"stream":true' in request.body:
            yield stream_head() + piece(STREAM[: STREAM.index(b"\n\n") + 2])
            yield 3.0
        else:
            yield reply(ANSWER)

    with LocalServer(answer) as server:
        limits = own.module.Limits(max_connections=1)
        play(own, script, base_url=server.url, timeout=0.4, below={"limits": limits})


@pytest.mark.parametrize("follow", [False, True])
def test_redirects_are_followed_only_if_the_callers_client_follows_them(own: Below, *, follow: bool) -> None:
    def answer(request: Received) -> bytes:
        if request.target.endswith("/elsewhere"):
            return reply(ANSWER)
        return reply(b"", status=307, location="/elsewhere")

    def script(client: Any) -> Generator[Any, Any, None]:
        for call in (lambda: ask(client), lambda: client.post("/knowledge", body={"a": 1}, cast_to=object)):
            if follow:
                yield call()
                continue
            with pytest.raises(openai.APIStatusError):
                yield call()

    with LocalServer(answer) as server:
        play(own, script, base_url=server.url, below={"follow_redirects": follow})
    assert len(server.received) == (4 if follow else 2)
    if follow:
        assert server.received[2].body == server.received[3].body == b'{"a":1}'


def test_the_proxy_of_the_callers_client_is_used(below: Below) -> None:
    with LocalServer(zhipu) as proxy, LocalServer(zhipu) as target:

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client, max_completion_tokens=5)

        play(below, script, base_url=target.url, below={"proxy": proxy.url})
    assert target.received == []
    assert proxy.received[0].target == f"{target.url}/chat/completions"
    assert proxy.received[0].json["max_tokens"] == 5


# Proxies, certificates and the environment


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_gets_the_translated_request(
    default: Default, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with LocalServer(zhipu) as proxy, LocalServer(zhipu) as target:
        monkeypatch.setenv(variable, proxy.url)

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client, max_completion_tokens=5)
            yield client.post("/knowledge", body={"a": 1}, cast_to=object)

        play(default, script, base_url=target.url)
    assert target.received == []
    assert [request.target for request in proxy.received] == [
        f"{target.url}/chat/completions",
        f"{target.url}/knowledge",
    ]
    assert proxy.received[0].json["max_tokens"] == 5


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_tunnel_of_the_environment_carries_the_translated_request_to_zhipu(
    default: Default, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with LocalServer(zhipu) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client, max_completion_tokens=5)
            yield collect((yield ask(client, stream=True)))

        play(default, script)
    assert [request.method for request in proxy.received] == ["CONNECT", "POST", "POST"]
    assert proxy.received[0].target == "open.bigmodel.cn:443"
    assert "authorization" not in proxy.received[0].headers
    assert proxy.received[1].target == "/api/paas/v4/chat/completions"
    assert proxy.received[1].json["max_tokens"] == 5


def test_a_framework_goes_through_the_proxy_of_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalServer(zhipu) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with openai.OpenAI(api_key="sk-x", http_client=http_client(api_key=KEY)) as client:
            ask(client, max_completion_tokens=5)
    assert [request.method for request in proxy.received] == ["CONNECT", "POST"]
    assert proxy.received[0].target == "open.bigmodel.cn:443"
    assert proxy.received[1].json["max_tokens"] == 5
    assert proxy.received[1].headers["authorization"] == f"Bearer {KEY}"


def test_a_host_that_is_excepted_is_reached_without_the_proxy(
    default: Default, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer(zhipu) as proxy, LocalServer(zhipu) as target:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client)

        play(default, script, base_url=target.url)
    assert proxy.received == []
    assert len(target.received) == 1


def test_the_environment_is_left_alone_by_a_client_that_does_not_trust_it(
    own: Below, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer(zhipu) as proxy, LocalServer(zhipu) as target:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client)

        play(own, script, base_url=target.url, below={"trust_env": False})
    assert proxy.received == []


def test_certificates_are_checked_and_those_of_the_environment_are_trusted(
    default: Default, monkeypatch: pytest.MonkeyPatch
) -> None:
    def distrusted(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.APIConnectionError):
            yield ask(client)

    def trusted(client: Any) -> Generator[Any, Any, None]:
        assert (yield ask(client)).choices[0].message.content == "Hello."

    with LocalServer(zhipu, tls=True) as server:
        play(default, distrusted, base_url=server.url)
        assert server.received == []
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        play(default, trusted, base_url=server.url)


# Connections


def test_calls_one_after_the_other_share_a_connection(below: Below) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        for _ in range(5):
            yield ask(client)
        yield client.post("/knowledge", body={"a": 1}, cast_to=object)
        yield ask(client.with_options(timeout=3.0))
        with pytest.raises(openai.NotFoundError):
            yield ask(client, model="refused")
        yield ask(client)

    def answer(request: Received) -> bytes:
        if b"refused" in request.body:
            return reply({"error": {"code": "1211", "message": "no such model"}}, status=400)
        return zhipu(request)

    with LocalServer(answer) as server:
        play(below, script, base_url=server.url)
    assert len(server.received) == 9
    assert server.connections == 1


@pytest.mark.parametrize("pause", [0.0, 0.01], ids=["at-once", "later"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_streams_one_after_the_other_share_a_connection(
    below: Below, monkeypatch: pytest.MonkeyPatch, pause: float, *, tls: bool
) -> None:
    def answer(_: Received) -> Iterator[bytes | float]:
        yield stream_head() + piece(STREAM[:300])
        yield piece(STREAM[300:])
        if pause:
            yield pause
        yield piece(b"")

    def script(client: Any) -> Generator[Any, Any, None]:
        for _ in range(5):
            assert text_of((yield collect((yield ask(client, stream=True))))) == "Hello."

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with LocalServer(answer, tls=tls) as server:
        play(below, script, base_url=server.url)
    assert len(server.received) == 5
    assert server.connections == 1


def test_streams_of_other_shapes_share_a_connection_too(below: Below) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        for _ in range(3):
            raw = yield client.chat.completions.with_raw_response.create(
                model="glm-5.2", messages=[{"role": "user", "content": "Hi"}], stream=True
            )
            yield collect(raw.parse())

    with LocalServer(zhipu) as server:
        play(below, script, base_url=server.url)
    assert server.connections == 1


@pytest.mark.parametrize("close", [True, False], ids=["the-server-closes", "the-server-keeps-it-open"])
def test_a_body_that_stays_open_after_its_last_event_does_not_hold_the_caller_up(
    below: Below, *, close: bool
) -> None:
    def answer(_: Received) -> Iterator[bytes | float | None]:
        yield stream_head() + piece(STREAM)
        yield None if close else 5.0

    taken: list[float] = []

    def script(client: Any) -> Generator[Any, Any, None]:
        for _ in range(2):
            stream = yield ask(client, stream=True)
            yield first(stream)
            began = time.monotonic()
            assert text_of((yield collect(stream))) == "lo."
            taken.append(time.monotonic() - began)

    with LocalServer(answer) as server:
        play(below, script, base_url=server.url)
        assert max(taken) < 0.2
        wait_until(lambda: server.open == 0)
    wait_until(lambda: not drains())


def test_a_body_that_goes_on_and_on_after_its_last_event_does_not_hold_the_caller_up(below: Below) -> None:
    def answer(_: Received) -> Iterator[bytes | float]:
        yield stream_head() + piece(STREAM)
        while True:
            yield piece(b": ping\n\n")
            yield 0.005

    taken: list[float] = []

    def script(client: Any) -> Generator[Any, Any, None]:
        stream = yield ask(client, stream=True)
        yield first(stream)
        began = time.monotonic()
        yield collect(stream)
        taken.append(time.monotonic() - began)

    with LocalServer(answer) as server:
        play(below, script, base_url=server.url)
    assert taken[0] < 4 * PATIENCE
    wait_until(lambda: not drains())


def test_a_stream_that_is_left_early_closes_its_connection(below: Below) -> None:
    def answer(_: Received) -> Iterator[bytes | float]:
        yield stream_head() + piece(STREAM[: STREAM.index(b"\n\n") + 2])
        yield 30.0

    def script(client: Any) -> Generator[Any, Any, None]:
        began = time.monotonic()
        stream = yield ask(client, stream=True)
        yield first(stream)
        yield stream.close()
        assert time.monotonic() - began < 20

    with LocalServer(answer) as server:
        client = below.client(base_url=server.url)
        play_with(client, script)
        wait_until(lambda: server.open == 0)
        play_with(client, closing)


def closing(client: Any) -> Generator[Any, Any, None]:
    """Close a client."""
    yield client.close()


def wait_until(fulfilled: Any) -> None:
    """Wait for something, two seconds at most."""
    until = time.monotonic() + 2
    while not fulfilled():
        assert time.monotonic() < until
        time.sleep(0.01)


def drains() -> list[str]:
    """Give the threads of ours that still read."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("zhipu-openai")]


# The end


def test_a_default_client_that_is_dropped_leaves_no_connection_open() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with LocalServer(zhipu) as server:
            client = OpenAI(api_key=KEY, base_url=server.url)
            ask(client)
            collect(ask(client, stream=True))
            assert server.open == 1
            del client
            gc.collect()
            wait_until(lambda: server.open == 0)


def test_a_default_async_client_that_is_dropped_leaves_no_connection_open() -> None:
    async def main(url: str) -> None:
        client = AsyncOpenAI(api_key=KEY, base_url=url)
        await ask(client)
        await collect(await ask(client, stream=True))
        del client
        await asyncio.sleep(0.01)  # the loop closes the generators that openai leaves behind
        gc.collect()
        await asyncio.sleep(0.05)

    with LocalServer(zhipu) as server:
        asyncio.run(main(server.url))
        wait_until(lambda: server.open == 0)


def test_openais_own_default_clients_may_be_given(default: Default) -> None:
    cls = openai.DefaultHttpxClient if default.name == "sync" else openai.DefaultAsyncHttpxClient

    def script(client: Any) -> Generator[Any, Any, None]:
        assert client.timeout == openai.DEFAULT_TIMEOUT
        yield ask(client)

    with LocalServer(zhipu) as server:
        play(default, script, base_url=server.url, http_client=cls())


def test_nobody_listening_is_a_connection_error(below: Below) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.APIConnectionError):
            yield ask(client)

    play(below, script, base_url=f"http://127.0.0.1:{port}")
