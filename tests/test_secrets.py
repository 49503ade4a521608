"""Nothing of OpenAI's reaches Zhipu, the key reaches nobody but its own origin, and it is never shown."""

from __future__ import annotations

import logging
import pickle
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, sse, text_stream
from scripts import QUESTION, ask, collect, first, play, text_of, upload_natively

import zhipu_openai
from zhipu_openai.client import OpenAI, async_http_client, http_client

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from conftest import Sent, SyncSide, Wire

ZHIPU = "https://open.bigmodel.cn/api/paas/v4/"
OPENAI = "https://api.openai.com/v1"
SECRET = KEY.partition(".")[2]

MODELS = {"object": "list", "data": [{"id": "glm-5.2", "object": "model", "created": 1, "owned_by": "z-ai"}]}

CUSTOM_HEADERS = "Authorization: Bearer sk-canary\nX-Canary: canary\nCookie: canary=1\nOpenAI-Beta: canary"


def names_openai_reads() -> set[str]:
    """Find every variable of OpenAI's that the installed release reads, by its source."""
    reads = re.compile(
        r"""(?:environ\.get\(|environ\[|getenv\()\s*["']((?:OPENAI|AZURE_OPENAI)_[A-Z_]+)["']"""
    )
    root = Path(openai.__file__).parent
    return {name for path in root.rglob("*.py") for name in reads.findall(path.read_text("utf-8"))}


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which all that is OpenAI's is a canary."""
    for name in names_openai_reads() | {"OPENAI_CUSTOM_HEADERS"}:
        monkeypatch.setenv(name, "sk-canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://canary.example/v1")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://canary.example")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", CUSTOM_HEADERS)


def test_the_scan_finds_what_openai_reads() -> None:
    assert {"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"} <= names_openai_reads()


def check_all(sent: list[Sent], count: int) -> None:
    """Check that all that was sent went to Zhipu with its key, and that there is no canary in it."""
    assert len(sent) == count
    for request in sent:
        assert request.url.startswith(ZHIPU)
        assert request.headers["authorization"] == f"Bearer {KEY}"
        told = f"{request.method} {request.url} {request.headers} {request.content!r}"
        assert "canary" not in told.lower()


def every_way(client: Any) -> Generator[Any, Any, None]:
    """Use a client in every way there is: seven requests."""
    yield ask(client)
    yield collect((yield ask(client, stream=True)))
    yield client.post("/chat/completions", body={"model": "glm-5.2", "messages": QUESTION}, cast_to=object)
    yield client.post("/rerank", body={"query": "q", "documents": ["d"]}, cast_to=object)
    yield client.chat.completions.with_raw_response.create(model="glm-5.2", messages=QUESTION)
    yield client.models.list()
    yield client.files.create(file=("notes.txt", b"hello"), purpose="user_data")


def lay_out(wire: Wire) -> None:
    """Lay out the replies for that."""
    wire.reply(completion(content="Hello."))
    wire.reply(text_stream("Hello."))
    wire.reply(completion(content="Hello."))
    wire.reply({"results": []})
    wire.reply(completion(content="Hello."))
    wire.reply(MODELS)
    wire.reply(
        {"id": "f", "object": "file", "bytes": 5, "created_at": 1, "filename": "n", "purpose": "batch"}
    )


@pytest.mark.usefixtures("hostile")
def test_nothing_of_openais_environment_reaches_the_wire(side: SyncSide, wire: Wire) -> None:
    lay_out(wire)
    play(side, every_way)
    check_all(wire.sent, 7)


@pytest.mark.usefixtures("hostile")
def test_nothing_of_it_reaches_the_wire_through_copies(side: SyncSide, wire: Wire) -> None:
    lay_out(wire)

    def script(client: Any) -> Generator[Any, Any, None]:
        yield from every_way(client.copy().with_options(timeout=3.0).copy(max_retries=1))

    play(side, script)
    check_all(wire.sent, 7)


@pytest.mark.usefixtures("hostile")
def test_nothing_of_it_reaches_the_wire_from_openais_own_client(side: SyncSide, wire: Wire) -> None:
    lay_out(wire)
    make, cls = (
        (http_client, openai.OpenAI) if side.name == "sync" else (async_http_client, openai.AsyncOpenAI)
    )

    def script(client: Any) -> Generator[Any, Any, None]:
        over = make(api_key=KEY, http_client=client._client.boundary.inner)
        yield from every_way(cls(api_key="sk-canary", base_url=OPENAI, http_client=over))

    play(side, script)
    check_all(wire.sent, 7)


def test_headers_that_the_environment_held_when_the_client_was_made_stay_out_later(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, cls = (
        (http_client, openai.OpenAI) if side.name == "sync" else (async_http_client, openai.AsyncOpenAI)
    )
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", CUSTOM_HEADERS)
        over = make(api_key=KEY, http_client=client._client.boundary.inner)
        bare = cls(api_key="sk-canary", base_url=OPENAI, http_client=over)
        monkeypatch.delenv("OPENAI_CUSTOM_HEADERS")
        yield ask(bare)

    play(side, script)
    check_all(wire.sent, 1)


def test_organisation_and_project_do_not_reach_zhipu(side: SyncSide, wire: Wire) -> None:
    lay_out(wire)
    play(side, every_way, organization="org-canary", project="proj-canary")
    check_all(wire.sent, 7)


# The key and other origins


REDIRECTS = [301, 302, 303, 307, 308]


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("location", ["https://evil.example/api", "http://open.bigmodel.cn/api/paas/v4/chat"])
def test_a_redirect_takes_neither_key_nor_body_to_another_origin(
    side: SyncSide, wire: Wire, status: int, stream: bool, location: str
) -> None:
    wire.reply({}, status=status, headers={"location": location})
    with pytest.raises(openai.APIStatusError, match="answered with a redirect") as caught:
        side.create(stream=stream)
    assert caught.value.status_code == 502
    assert caught.value.code == "unexpected_redirect"
    assert [sent.url for sent in wire.sent] == [f"{ZHIPU}chat/completions"], "and it is not tried again"


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("stream", [False, True])
def test_a_redirect_within_the_origin_that_keeps_the_body_is_followed(
    side: SyncSide, wire: Wire, status: int, stream: bool
) -> None:
    wire.reply({}, status=status, headers={"location": "/api/paas/v4/elsewhere"})
    wire.reply(text_stream("Hello.") if stream else completion(content="Hello."))
    answer = side.create(stream=stream)
    said = text_of(answer) if stream else answer.choices[0].message.content
    assert said == "Hello."
    assert [sent.url for sent in wire.sent] == [f"{ZHIPU}chat/completions", f"{ZHIPU}elsewhere"]
    assert wire.sent[0].content == wire.sent[1].content
    assert wire.last.method == "POST"
    check_all(wire.sent, 2)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_would_lose_the_body_is_not_followed(side: SyncSide, wire: Wire, status: int) -> None:
    wire.reply({}, status=status, headers={"location": "/api/paas/v4/elsewhere"})
    with pytest.raises(openai.APIStatusError, match="answered with a redirect"):
        side.create()
    assert len(wire.sent) == 1


def test_redirects_that_never_end_are_an_error(side: SyncSide, wire: Wire) -> None:
    wire.reply({}, status=307, headers={"location": "/api/paas/v4/round"})
    with pytest.raises(openai.APIStatusError, match="answered with a redirect"):
        side.create()
    assert len(wire.sent) == 5


@pytest.mark.parametrize("location", ["ftp://open.bigmodel.cn/", "https://[bad/", "//evil.example/x"])
def test_a_redirect_to_an_odd_address_is_not_followed(side: SyncSide, wire: Wire, location: str) -> None:
    wire.reply({}, status=307, headers={"location": location})
    with pytest.raises(openai.APIError):
        side.create(client={"max_retries": 0})
    assert len(wire.sent) == 1


@pytest.mark.parametrize("status", REDIRECTS)
def test_reading_follows_a_redirect_abroad_without_key_cookie_or_secret(
    side: SyncSide, wire: Wire, status: int
) -> None:
    wire.reply(
        {}, status=status, headers={"location": "https://files.example/f?sign=1", "set-cookie": "a=secret"}
    )
    wire.reply(b"bytes", headers={"content-type": "application/octet-stream"})

    def script(client: Any) -> Generator[Any, Any, None]:
        inner = client._client.boundary.inner
        inner.cookies.set("own", "secret")
        inner.headers["X-Gateway-Token"] = "secret"
        inner.params = {"access": "secret"}
        inner.auth = ("me", "secret")
        content = yield client.files.content("f")
        assert content.read() == b"bytes"

    play(side, script, default_headers={"X-House-Token": "secret", "Cookie": "b=secret"})
    assert wire.last.url == "https://files.example/f?sign=1"
    told = str(wire.last.headers) + wire.last.url
    assert "secret" not in told
    assert SECRET not in told
    assert "authorization" not in wire.last.headers
    assert "cookie" not in wire.last.headers


@pytest.mark.parametrize("status", [307, 308])
def test_an_upload_is_not_redirected_abroad(side: SyncSide, wire: Wire, status: int) -> None:
    wire.reply({}, status=status, headers={"location": "https://evil.example/f"})

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError, match=r"going to evil\.example") as caught:
            yield upload_natively(client)
        assert caught.value.code == "foreign_origin"

    play(side, script)
    assert [sent.url for sent in wire.sent] == [f"{ZHIPU}files/parser/create"]


def test_reading_an_absolute_url_elsewhere_sends_no_key(side: SyncSide, wire: Wire) -> None:
    wire.reply({"hello": 1})

    def script(client: Any) -> Generator[Any, Any, None]:
        yield client.get("https://elsewhere.example/x?a=1", cast_to=object)

    play(side, script)
    assert wire.last.url == "https://elsewhere.example/x?a=1"
    assert "authorization" not in wire.last.headers
    assert SECRET not in str(wire.last.headers)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_to_an_absolute_url_elsewhere_is_refused(side: SyncSide, wire: Wire, method: str) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError, match=r"belong to open\.bigmodel\.cn") as caught:
            yield getattr(client, method)("https://elsewhere.example/x", body={"a": 1}, cast_to=object)
        assert caught.value.param == "base_url"

    play(side, script)
    assert wire.sent == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1/models",
        "https://eu.api.openai.com/v1/models",
        "https://x.openai.azure.com/openai/models",
    ],
)
def test_openais_own_addresses_are_not_even_read(side: SyncSide, wire: Wire, url: str) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError, match="was not sent"):
            yield client.get(url, cast_to=object)

    play(side, script)
    assert wire.sent == []


@pytest.mark.parametrize(
    "url",
    [
        "https://open.bigmodel.cn.evil.example/api/paas/v4/chat/completions",
        "https://open.bigmodel.cn@evil.example/api/paas/v4/chat/completions",
        "https://evil.example/api/paas/v4/chat/completions",
        "http://open.bigmodel.cn/api/paas/v4/chat/completions",
        "https://open.bigmodel.cn:444/api/paas/v4/chat/completions",
    ],
)
def test_an_address_that_only_looks_like_zhipus_is_elsewhere(side: SyncSide, wire: Wire, url: str) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError, match="was not sent"):
            yield client.post(url, body={"model": "glm-5.2", "messages": QUESTION}, cast_to=object)

    play(side, script)
    assert wire.sent == []


def test_another_path_of_the_same_origin_is_reached_with_the_key(side: SyncSide, wire: Wire) -> None:
    wire.reply({"ok": True})

    def script(client: Any) -> Generator[Any, Any, None]:
        yield client.get("https://open.bigmodel.cn/api/monitor/usage", cast_to=object)

    play(side, script)
    assert wire.last.url == "https://open.bigmodel.cn/api/monitor/usage"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


# The key and what is shown


def shown_in(error: BaseException | None) -> Iterator[str]:
    """Give all that a traceback with variables would show of our frames, and every text of the exceptions."""
    root = str(Path(zhipu_openai.__file__).parent)
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        yield f"{one!s} {one!r} {one.args!r}"
        trace = one.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.startswith(root):
                yield from (f"{name}={value!r}" for name, value in trace.tb_frame.f_locals.items())
            trace = trace.tb_next


def check_hidden(error: BaseException) -> None:
    """Check that an exception shows nothing of the key."""
    for shown in shown_in(error):
        assert SECRET not in shown


def test_no_repr_shows_the_key(side: SyncSide) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        boundary = client._client.boundary
        for thing in (
            client,
            client.settings,
            client._setup,
            boundary,
            boundary.core.config,
            vars(boundary.core),
        ):
            assert SECRET not in f"{thing!r} {thing!s}"
        yield

    play(side, script)
    for made in (http_client(api_key=KEY), async_http_client(api_key=KEY)):
        assert SECRET not in repr(vars(made.boundary.core))


def test_no_pickle_holds_the_key() -> None:
    with OpenAI(api_key=KEY) as client:
        for thing in (client, client._setup, client._client):
            try:
                assert SECRET.encode() not in pickle.dumps(thing)
            except (TypeError, AttributeError, pickle.PicklingError):
                assert thing is not client


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": f"{KEY} and more"},
        {"api_key": f"{KEY}密"},
        {"api_key": f"no-dot-{SECRET}", "auth": "jwt"},
        {"base_url": "http://gateway.example"},
        {"region": "intl", "base_url": ZHIPU},
        {"on_adaptation": "sometimes"},
        {"http_client": object()},
        {"provider": "eu"},
        {"websocket_base_url": "wss://evil.example"},
        {"no_such_argument": 1},
    ],
)
@pytest.mark.parametrize("make", [OpenAI, http_client])
def test_an_error_at_the_making_of_a_client_does_not_show_the_key(make: Any, options: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, openai.OpenAIError)) as caught:
        make(**{"api_key": KEY, **options})
    check_hidden(caught.value)


def test_an_error_at_the_making_of_a_copy_does_not_show_the_key() -> None:
    with OpenAI(api_key=KEY) as client:
        for options in ({"base_url": "https://gateway.example"}, {"api_key": f"{KEY} ", "region": "eu"}):
            with pytest.raises((ValueError, openai.OpenAIError)) as caught:
                client.copy(**options)
            check_hidden(caught.value)


def refuse_connections(side: SyncSide, **options: Any) -> Any:
    """Make a client of this side for a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    below = (httpx.Client if side.name == "sync" else httpx.AsyncClient)()
    return side.client(http_client=below, base_url=f"http://127.0.0.1:{port}", max_retries=0, **options)


@pytest.mark.parametrize("auth", ["bearer", "jwt"])
def test_a_failed_connection_does_not_show_the_key(
    side: SyncSide, monkeypatch: pytest.MonkeyPatch, auth: str
) -> None:
    client = refuse_connections(side, auth=auth)
    monkeypatch.setattr(side, "client", lambda **_: client)

    def script(client: Any) -> Generator[Any, Any, None]:
        for call in (
            lambda: ask(client),
            lambda: ask(client, n=2),
            lambda: ask(client, stream=True),
            lambda: ask(client, stream=True, n=2),
            lambda: client.models.list() if side.name == "sync" else first(aiter(client.models.list())),
            lambda: client.files.create(file=("notes.txt", b"hello"), purpose="user_data"),
        ):
            with pytest.raises(openai.APIConnectionError) as caught:
                yield call()
            check_hidden(caught.value)

    play(side, script)


def broken_stream(_: Any) -> Any:
    """Answer with a stream that breaks off."""

    class Sync(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield text_stream("Hel", "lo.")[:200]
            raise httpx.ReadError("cut")

    class Both(Sync, httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield text_stream("Hel", "lo.")[:200]
            raise httpx.ReadError("cut")

    return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Both())


def test_a_broken_stream_does_not_show_the_key(side: SyncSide, wire: Wire) -> None:
    wire.reply_with(broken_stream)
    for arguments in ({}, {"n": 2}):
        with pytest.raises(openai.APIConnectionError) as caught:
            side.create(stream=True, client={"max_retries": 0}, **arguments)
        check_hidden(caught.value)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("auth", ["bearer", "jwt"])
@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_no_log_and_no_error_shows_the_key(
    side: SyncSide, wire: Wire, status: int, auth: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "zhipu_openai"):
        caplog.set_level(logging.DEBUG, name)
    wire.reply(
        completion(content="Hello.")
        if status == 200
        else {"error": {"code": "1302", "message": f"key {KEY}"}},
        status=status,
    )
    try:
        side.create(client={"auth": auth}, user="somebody")
    except openai.APIStatusError as error:
        for shown in shown_in(error):
            assert SECRET not in shown
    assert caplog.records
    for record in caplog.records:
        assert SECRET not in f"{record.getMessage()} {record.args!r}"


def test_a_key_in_the_words_of_an_error_is_hidden(side: SyncSide, wire: Wire) -> None:
    wire.reply(sse({"error": {"code": "1000", "message": f"身份验证失败 {KEY}"}}))
    with pytest.raises(openai.AuthenticationError) as caught:
        side.create(stream=True)
    check_hidden(caught.value)
