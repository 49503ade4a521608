"""Where a connection goes, what it carries, and when there is none to open."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, AsyncSide, SyncSide, Wire
from local_server import LocalServer, reply
from realtime_helpers import realtime_of
from scripts import play

from zhipu_openai.client import AsyncOpenAI, OpenAI
from zhipu_openai.glm_realtime import resource
from zhipu_openai.standin import BackgroundServer, StandIn

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

pytest.importorskip("websockets")

GA = hasattr(openai.OpenAI, "realtime")
DIALECTS = ["ga", "beta"] if GA else ["beta"]
OTHER_KEY = "fedcba9876543210fedcba9876543210.OtherOtherOtherO"


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundServer]:
    with BackgroundServer(StandIn()) as running:
        yield running


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest) -> Any:
    """Each of the two clients in turn."""
    return SyncSide(Wire()) if request.param == "sync" else AsyncSide(Wire())


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def connects(side: Any, dialect: str, client: dict[str, Any], **arguments: Any) -> Any:
    """Open a connection, receive the first event, and close it."""

    def script(made: Any) -> Generator[Any, Any, Any]:
        connection = (
            yield realtime_of(made, dialect).connect(**{"model": "glm-realtime", **arguments}).enter()
        )
        event = yield connection.recv()
        yield connection.close()
        return event

    return play(side, script, **client)


def head_of(side: Any, dialect: str, client: dict[str, Any], **arguments: Any) -> tuple[str, dict[str, str]]:
    """Give path and headers of the handshake, as a server sees them that then hangs up."""
    from websockets.exceptions import InvalidStatus

    with LocalServer(lambda _: reply({"error": {"code": "1113", "message": "余额不足"}}, status=429)) as bare:
        with pytest.raises(InvalidStatus) as caught:
            connects(side, dialect, {"base_url": f"{bare.url}/api/paas/v4", **client}, **arguments)
        [received] = bare.received
    if sys.version_info >= (3, 11):
        assert "余额不足" in "".join(caught.value.__notes__)
    return received.target, received.headers


def test_the_handshake_has_our_key_and_nothing_of_openais(
    either: Any, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "sk-canary")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Canary: canary\nAuthorization: Bearer sk-canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://canary.example/v1")
    target, headers = head_of(either, dialect, {"organization": "canary", "project": "canary"})
    assert target == "/api/paas/v4/realtime"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "canary" not in f"{target} {headers}"
    assert not [
        name for name in headers if name.startswith(("openai", "x-stainless", "content-type", "accept"))
    ]


def test_the_callers_own_headers_and_query_go_along(either: Any, dialect: str) -> None:
    target, headers = head_of(
        either,
        dialect,
        {"default_headers": {"X-Mine": "1"}, "default_query": {"a": "1"}},
        extra_headers={"X-Yours": "2", "OpenAI-Beta": "realtime=v1"},
        extra_query={"b": "2", "model": "glm-realtime-air"},
    )
    assert target == "/api/paas/v4/realtime?a=1&b=2"
    assert (headers["x-mine"], headers["x-yours"]) == ("1", "2")
    assert "openai-beta" not in headers


def test_a_redirect_is_not_followed(either: Any, dialect: str) -> None:
    from websockets.exceptions import InvalidStatus

    with LocalServer(lambda _: reply(b"")) as elsewhere:
        away = f"{elsewhere.url}/api/paas/v4/realtime"
        with LocalServer(lambda _: reply(b"", status=302, location=away)) as first:
            with pytest.raises(InvalidStatus):
                connects(either, dialect, {"base_url": f"{first.url}/api/paas/v4"})
            assert len(first.received) == 1
        assert elsewhere.received == []


def test_a_key_is_signed_where_that_is_wanted(either: Any, dialect: str) -> None:
    _, headers = head_of(either, dialect, {"auth": "jwt"})
    head, claims, signature = headers["authorization"].removeprefix("Bearer ").split(".")
    key_id, _, secret = KEY.partition(".")
    expected = hmac.digest(secret.encode(), f"{head}.{claims}".encode(), "sha256")
    assert base64.urlsafe_b64decode(signature + "==") == expected
    assert json.loads(base64.urlsafe_b64decode(claims + "=="))["api_key"] == key_id


if hasattr(openai.OpenAI, "_refresh_api_key"):

    def test_a_callable_key_is_asked_for(either: Any, dialect: str) -> None:
        async def give() -> str:
            return OTHER_KEY

        key = give if either.name == "async" else (lambda: OTHER_KEY)
        _, headers = head_of(either, dialect, {"api_key": key})
        assert headers["authorization"] == f"Bearer {OTHER_KEY}"


def test_a_websocket_base_url_is_used(either: Any, dialect: str, server: BackgroundServer) -> None:
    url = server.base_url.replace("http:", "ws:")
    event = connects(either, dialect, {"base_url": f"{server.origin}/elsewhere", "websocket_base_url": url})
    assert event.type == "session.created"


def test_the_key_goes_to_its_own_origin_alone_however_the_address_was_set(either: Any, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        client._websocket_base_url = "wss://evil.example/api/paas/v4"
        with pytest.raises(openai.OpenAIError, match=r"goes to evil\.example"):
            yield realtime_of(client, dialect).connect(model="glm-realtime").enter()

    play(either, script)


def test_a_key_of_openais_form_is_not_sent_to_zhipu(either: Any, dialect: str) -> None:
    def script(client: Any) -> Generator[Any, Any, Any]:
        client.api_key = "sk-canary"
        with pytest.raises(openai.AuthenticationError, match="form of an OpenAI key"):
            yield realtime_of(client, dialect).connect(model="glm-realtime").enter()

    play(either, script)


@pytest.mark.parametrize(
    ("client", "arguments", "reason"),
    [
        ({"region": "intl"}, {}, "open.bigmodel.cn alone"),
        ({"region": "intl", "endpoint": "coding"}, {}, "open.bigmodel.cn alone"),
        ({"region": "cn", "endpoint": "coding"}, {}, "documented nowhere"),
        ({}, {"extra_query": {"intent": "transcription"}}, "transcription alone"),
        ({}, {"extra_query": {"call_id": "rtc_1"}}, "call_id"),
    ],
)
@pytest.mark.filterwarnings("ignore:Zhipu limits the GLM Coding Plan")
def test_what_zhipu_does_not_serve_is_refused_before_connecting(
    either: Any, dialect: str, client: dict[str, Any], arguments: dict[str, Any], reason: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=reason) as caught:
        connects(either, dialect, client, **arguments)
    assert caught.value.code in ("unsupported_operation", "unsupported_parameter")
    assert KEY not in str(caught.value)


def test_an_argument_that_connect_does_not_have_is_a_type_error(either: Any, dialect: str) -> None:
    with pytest.raises(TypeError, match="modell"):
        connects(either, dialect, {}, modell="glm-realtime")


def test_the_objects_are_openais_own(dialect: str) -> None:
    client = OpenAI(api_key=KEY)
    made = realtime_of(client, dialect)
    plain = realtime_of(openai.OpenAI(api_key="sk-x"), dialect)
    assert isinstance(made, type(plain))
    assert isinstance(made.connect(model="m"), type(plain.connect(model="m")))
    assert made is realtime_of(client, dialect)
    aclient = AsyncOpenAI(api_key=KEY)
    aplain = realtime_of(openai.AsyncOpenAI(api_key="sk-x"), dialect)
    assert isinstance(realtime_of(aclient, dialect).connect(model="m"), type(aplain.connect(model="m")))


if GA:
    CALL_ID = "call_id" in OpenAI(api_key=KEY).realtime.connect.__signature__.parameters

    @pytest.mark.skipif(not CALL_ID, reason="this openai joins no calls")
    def test_a_call_cannot_be_joined() -> None:
        with pytest.raises(openai.BadRequestError, match="call_id"):
            OpenAI(api_key=KEY).realtime.connect(call_id="rtc_1")

    @pytest.mark.skipif(
        not hasattr(OpenAI(api_key=KEY).realtime, "translations"), reason="this openai translates nothing"
    )
    def test_realtime_translation_is_refused() -> None:
        for client in (OpenAI(api_key=KEY), AsyncOpenAI(api_key=KEY)):
            with pytest.raises(openai.BadRequestError, match="no realtime translation"):
                client.realtime.translations.connect(model="gpt-realtime-translate")

    def test_the_module_level_client_connects_too(monkeypatch: pytest.MonkeyPatch) -> None:
        import zhipu_openai

        monkeypatch.setenv("ZHIPU_REGION", "standin")
        zhipu_openai._reset_client()
        with zhipu_openai.realtime.connect(model="glm-realtime") as connection:
            assert connection.recv().type == "session.created"
        zhipu_openai._reset_client()

else:

    def test_a_release_without_ga_realtime_has_no_such_attribute() -> None:
        assert not hasattr(OpenAI(api_key=KEY), "realtime")


def test_the_rest_of_beta_is_as_it_was() -> None:
    assert type(OpenAI(api_key=KEY).beta.chat) is type(openai.OpenAI(api_key="x").beta.chat)


def test_an_openai_that_works_in_another_way_is_refused() -> None:
    class Manager:
        def _connect_ws(self, everything: Any) -> None: ...

    class Connection:
        def __init__(self, connection: Any, more: Any) -> None: ...

    assert resource.manager_class(Manager, Connection) is None
    assert resource.manager_class(type("Other", (), {}), Connection) is None
    assert resource.manager_class(None, Connection) is None


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("region", ["cn", "standin"])
def test_without_the_websockets_library_the_error_names_the_extra(
    dialect: str, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "websockets"]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("zhipu_openai.standin.realtime.memory", "zhipu_openai.glm_realtime.direct"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "websockets", None)
    with pytest.raises(openai.OpenAIError, match=r"openai\[realtime\]"):
        realtime_of(OpenAI(api_key=KEY, region=region), dialect).connect(model="m").enter()

    async def main() -> None:
        with pytest.raises(openai.OpenAIError, match=r"openai\[realtime\]"):
            await realtime_of(AsyncOpenAI(api_key=KEY, region=region), dialect).connect(model="m").enter()

    asyncio.run(main())


def test_nothing_is_imported_before_a_connection_is_asked_for() -> None:
    code = (
        "import sys; from zhipu_openai import OpenAI\n"
        "client = OpenAI(region='standin')\n"
        "client.chat.completions.create(model='glm-5.2', messages=[{'role': 'user', 'content': 'Hi'}])\n"
        "print(sorted(name for name in sys.modules if 'realtime' in name or name == 'websockets'"
        " if not name.startswith('openai.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
