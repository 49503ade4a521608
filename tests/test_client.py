"""The clients: what their constructors take, which key and address they use, and how they end."""

from __future__ import annotations

import asyncio
import copy
import gc
import inspect
import logging
import warnings
import weakref
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, text_stream
from scripts import QUESTION, ask, collect, play, text_of

from zhipu_openai import client_settings
from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.client import AsyncOpenAI, OpenAI, create_async_client, create_client

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

ZHIPU = "https://open.bigmodel.cn/api/paas/v4/"

OTHER_KEY = "fedcba9876543210fedcba9876543210.OtherSecretOther"

BOTH = pytest.mark.parametrize(
    ("ours", "openais"), [(OpenAI, openai.OpenAI), (AsyncOpenAI, openai.AsyncOpenAI)], ids=["sync", "async"]
)

CALLABLE_KEYS = hasattr(openai.OpenAI, "_refresh_api_key")
"""Whether the installed openai takes a callable for a key: from 1.106 on."""

NOT_OURS = ("provider", "data_residency", "workload_identity")


def close(client: Any) -> None:
    """Close a client of either kind."""
    closing = client.close()
    if inspect.iscoroutine(closing):
        asyncio.run(closing)


@pytest.fixture
def _terms_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_settings, "_announced", set())


# What the constructor takes


@BOTH
def test_the_signature_is_that_of_the_installed_openai(ours: Any, openais: Any) -> None:
    assert inspect.signature(ours.__init__) == inspect.signature(openais.__init__)
    assert inspect.signature(ours) == inspect.signature(openais)
    assert inspect.signature(ours.copy) == inspect.signature(openais.copy)
    assert inspect.signature(ours.with_options) == inspect.signature(openais.with_options)


@BOTH
def test_a_client_is_one_of_openais(ours: Any, openais: Any) -> None:
    client = ours(api_key=KEY)
    assert isinstance(client, openais)
    close(client)


GIVEN: dict[str, Any] = {
    "api_key": KEY,
    "admin_api_key": "sk-admin-canary",
    "organization": "org-canary",
    "project": "proj-canary",
    "webhook_secret": "whsec",
    "base_url": "https://gateway.example/v1",
    "websocket_base_url": "wss://gateway.example/v1",
    "timeout": 7.5,
    "max_retries": 5,
    "default_headers": {"X-Team": "blue"},
    "default_query": {"team": "blue"},
    "http_client": None,
    "_strict_response_validation": True,
    "_enforce_credentials": True,
}
"""A value for each argument of openai's constructors; one that is missing here is new."""


@BOTH
def test_every_argument_of_the_installed_openai_is_taken_or_refused_with_a_reason(
    ours: Any, openais: Any
) -> None:
    taken = set(inspect.signature(openais.__init__).parameters) - {"self"}
    assert taken <= {*GIVEN, *NOT_OURS}
    client = ours(**{name: value for name, value in GIVEN.items() if name in taken})
    assert client.api_key == KEY
    assert client.organization == "org-canary"
    assert client.project == "proj-canary"
    assert client.webhook_secret == "whsec"
    assert str(client.base_url) == "https://gateway.example/v1/"
    assert client.websocket_base_url == "wss://gateway.example/v1"
    assert client.timeout == 7.5
    assert client.max_retries == 5
    assert client.default_headers["X-Team"] == "blue"
    assert client.default_query == {"team": "blue"}
    close(client)


@BOTH
@pytest.mark.parametrize("name", NOT_OURS)
def test_what_would_go_to_openai_is_refused(ours: Any, openais: Any, name: str) -> None:
    if name in inspect.signature(openais.__init__).parameters:
        with pytest.raises(openai.OpenAIError, match=f"`{name}` cannot be used with Zhipu"):
            ours(**{"api_key": KEY, name: "eu"})
    else:
        with pytest.raises((openai.OpenAIError, TypeError)):
            ours(**{"api_key": KEY, name: "eu"})


@BOTH
def test_an_unknown_argument_is_a_type_error_as_it_is_openais(ours: Any, openais: Any) -> None:
    for cls in (ours, openais):
        with pytest.raises(TypeError, match="no_such_argument"):
            cls(api_key=KEY, no_such_argument=1)


@BOTH
@pytest.mark.parametrize("wrong", [object(), "client"])
@pytest.mark.usefixtures("openais")
def test_an_http_client_of_no_known_library_is_refused(ours: Any, wrong: Any) -> None:
    with pytest.raises(TypeError, match="Invalid `http_client` argument"):
        ours(api_key=KEY, http_client=wrong)


def test_a_client_of_the_other_kind_is_refused() -> None:
    below = httpx.AsyncClient()
    with pytest.raises(TypeError, match="http_client"):
        OpenAI(api_key=KEY, http_client=below)
    with httpx.Client() as sync, pytest.raises(TypeError, match="http_client"):
        AsyncOpenAI(api_key=KEY, http_client=sync)
    asyncio.run(below.aclose())


@pytest.mark.parametrize(
    "option", [{"on_adaptation": "sometimes"}, {"max_concurrency": 0}, {"auth": "basic"}, {"region": "eu"}]
)
def test_an_option_of_ours_that_makes_no_sense_is_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(option))):
        OpenAI(api_key=KEY, **option)


# Address


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (None, ZHIPU),
        (openai.NOT_GIVEN, ZHIPU),
        ("", ZHIPU),
        ("https://open.bigmodel.cn", ZHIPU),
        ("https://open.bigmodel.cn/api/paas/v4", ZHIPU),
        ("https://open.bigmodel.cn/api/paas/v4/", ZHIPU),
        ("https://open.bigmodel.cn/api/paas/v4/v1", ZHIPU),
        ("https://open.bigmodel.cn/api/paas/v4/chat/completions", ZHIPU),
        ("HTTPS://OPEN.BIGMODEL.CN:443/api/paas/v4", ZHIPU),
        (httpx.URL("https://api.z.ai/api/paas/v4"), "https://api.z.ai/api/paas/v4/"),
        ("https://gateway.example/v1", "https://gateway.example/v1/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
    ],
)
def test_a_base_url_is_taken_as_people_write_it(side: SyncSide, wire: Wire, given: Any, used: str) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        assert str(client.base_url) == used
        yield ask(client)

    play(side, script, base_url=given)
    assert wire.last.url == f"{used}chat/completions"
    assert wire.last.headers["host"] == httpx.URL(used).netloc.decode()


@BOTH
@pytest.mark.parametrize(
    "url",
    [
        "http://open.bigmodel.cn/api/paas/v4",
        "http://gateway.example/v1",
        "ftp://open.bigmodel.cn/",
        "ws://127.0.0.1/",
        "open.bigmodel.cn",
        "https://api.openai.com/v1",
        "https://name.openai.azure.com/",
        "https://me:hunter2@gateway.example/v1",
    ],
)
@pytest.mark.usefixtures("openais")
def test_a_base_url_that_cannot_be_used_is_refused_without_being_quoted(ours: Any, url: str) -> None:
    with pytest.raises(ValueError, match="base URL") as caught:
        ours(api_key=KEY, base_url=url)
    assert "hunter2" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"region": "intl"}, "https://api.z.ai/api/paas/v4/"),
        ({"region": "cn"}, ZHIPU),
        ({"endpoint": "general"}, ZHIPU),
    ],
)
def test_region_and_endpoint_choose_the_address(
    side: SyncSide, wire: Wire, options: dict[str, Any], url: str
) -> None:
    wire.reply(completion(content="Hello."))
    side.create(client=options)
    assert wire.last.url == f"{url}chat/completions"


@BOTH
@pytest.mark.usefixtures("_terms_unsaid", "openais")
def test_the_coding_plan_says_its_terms_once_at_the_callers_line(ours: Any) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        clients = [ours(api_key=KEY, endpoint="coding") for _ in range(3)]
    assert [str(client.base_url) for client in clients] == [
        "https://open.bigmodel.cn/api/coding/paas/v4/"
    ] * 3
    assert [warning.category for warning in caught] == [ZhipuAdaptationWarning]
    assert "officially supports" in str(caught[0].message)
    assert caught[0].filename == __file__
    for client in clients:
        close(client)


def test_setting_the_base_url_of_the_same_origin_moves_the_client(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        client.base_url = "https://gateway.example/glm"
        assert str(client.base_url) == "https://gateway.example/glm/"
        assert client.settings.base_url == "https://gateway.example/glm/"
        yield ask(client, user="somebody")

    play(side, script, base_url="https://gateway.example/v1")
    assert wire.last.url == "https://gateway.example/glm/chat/completions"
    assert wire.last.json["user_id"] == "somebody", "it is still translated"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


# Key


@BOTH
def test_without_a_key_the_error_tells_where_it_was_sought_and_where_one_comes_from(
    ours: Any, openais: Any
) -> None:
    with pytest.raises(openai.OpenAIError) as caught:
        ours()
    assert not isinstance(caught.value, openai.APIError)
    assert openais is not ours
    text = str(caught.value)
    for told in (
        "ZAI_API_KEY",
        "ZHIPUAI_API_KEY",
        "ZHIPU_API_KEY",
        "BIGMODEL_API_KEY",
        "GLM_API_KEY",
        ".env",
        "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
        "https://z.ai/manage-apikey/apikey-list",
        'region="standin"',
    ):
        assert told in text


def test_the_key_of_the_environment_is_used(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPUAI_API_KEY", OTHER_KEY)
    wire.reply(completion(content="Hello."))
    side.create(client={"api_key": None})
    assert wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"


@BOTH
def test_a_key_of_openais_is_refused_where_there_is_no_other(ours: Any, openais: Any) -> None:
    with pytest.raises(openai.OpenAIError) as caught:
        ours(api_key="sk-canary")
    assert "Set aside: the key in the api_key argument" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert openais is not ours


def test_a_key_of_openais_is_set_aside_for_the_one_that_is_found(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    wire.reply(completion(content="Hello."))
    with pytest.warns(ZhipuAdaptationWarning, match="form of an OpenAI key") as caught:
        side.create(client={"api_key": "sk-canary"})
    assert "canary" not in str(caught[0].message)
    assert "conftest" in caught[0].filename, "the line that makes the client"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    assert "canary" not in str(wire.last.headers)


def test_a_gateway_may_have_keys_of_that_form(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    side.create(client={"api_key": "sk-gateway", "base_url": "https://gateway.example/v1"})
    assert wire.last.headers["authorization"] == "Bearer sk-gateway"


def test_a_key_that_is_set_later_is_the_one_that_is_sent(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        client.api_key = OTHER_KEY
        yield ask(client)
        assert client.settings.api_key.get_secret_value() == OTHER_KEY
        assert str(client.settings.api_key_source) == "the api_key argument"

    play(side, script)
    assert wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"


@pytest.mark.parametrize("key", ["sk-canary", "SK-canary"])
def test_a_key_of_openais_that_is_set_later_is_not_sent(side: SyncSide, wire: Wire, key: str) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        client.api_key = key
        with pytest.raises(openai.AuthenticationError, match="not sent to Zhipu") as caught:
            yield ask(client)
        assert "canary" not in str(caught.value)

    play(side, script)
    assert wire.sent == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer sk-canary"},
        {"Authorization": "sk-canary"},
        {"authorization": "bearer  sk-canary"},
        {"api-key": "sk-canary"},
        {"X-Api-Key": "sk-canary"},
    ],
)
def test_a_key_of_openais_in_a_header_is_not_sent(
    side: SyncSide, wire: Wire, headers: dict[str, str]
) -> None:
    with pytest.raises(openai.AuthenticationError, match="not sent to Zhipu"):
        side.create(extra_headers=headers)
    assert wire.sent == []


if CALLABLE_KEYS:

    def test_a_callable_gives_the_key_of_each_request(side: SyncSide, wire: Wire) -> None:
        keys = iter([KEY, OTHER_KEY])
        wire.reply(completion(content="Hello."))

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client)
            yield ask(client)
            assert str(client.settings.api_key_source) == "the api_key argument"

        play(side, script, api_key=callable_of(side, lambda: next(keys)))
        assert [sent.headers["authorization"] for sent in wire.sent] == [
            f"Bearer {KEY}",
            f"Bearer {OTHER_KEY}",
        ]

    def test_a_callable_that_gives_a_key_of_openais_sends_nothing(side: SyncSide, wire: Wire) -> None:
        with pytest.raises(openai.AuthenticationError) as caught:
            side.create(client={"api_key": callable_of(side, lambda: "sk-canary")})
        assert caught.value.code == "invalid_api_key"
        assert wire.sent == []

    def callable_of(side: SyncSide, give: Any) -> Any:
        async def give_async() -> str:
            return str(give())

        return give if side.name == "sync" else give_async

else:

    def test_a_callable_key_needs_a_newer_openai(side: SyncSide) -> None:
        with pytest.raises(openai.OpenAIError, match=r"openai 1\.106 or newer"):
            side.client(api_key=lambda: KEY)


@BOTH
def test_credentials_need_not_be_enforced_where_openai_leaves_it_open(ours: Any, openais: Any) -> None:
    if "_enforce_credentials" in inspect.signature(openais.__init__).parameters:
        client = ours(_enforce_credentials=False)
        assert client.api_key == ""
        close(client)
    else:
        with pytest.raises(openai.OpenAIError, match="No API key"):
            ours()


# What reaches the wire


def test_headers_and_query_of_client_and_call_reach_the_wire(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    side.create(
        client={
            "default_headers": {"X-Team": "blue", "X-Both": "client"},
            "default_query": {"team": "blue", "both": "client"},
        },
        extra_headers={"X-Call": "1", "X-Both": "call"},
        extra_query={"call": "1", "both": "call"},
        extra_body={"request_id": "r-1"},
    )
    sent = wire.last
    assert {name: sent.headers[name] for name in ("x-team", "x-both", "x-call")} == {
        "x-team": "blue",
        "x-both": "call",
        "x-call": "1",
    }
    assert dict(httpx.URL(sent.url).params) == {"team": "blue", "both": "call", "call": "1"}
    assert sent.json["request_id"] == "r-1"


def test_the_body_is_labelled_and_measured_anew(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    side.create(max_completion_tokens=5, messages=[{"role": "user", "content": "你好"}])
    sent = wire.last
    assert sent.headers["content-length"] == str(len(sent.content))
    assert sent.headers["content-type"] == "application/json"
    assert sent.json["max_tokens"] == 5
    assert "你好".encode() in sent.content


def test_what_openai_says_about_itself_stays_here(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    side.create(client={"organization": "org-canary", "project": "proj-canary"})
    names = wire.last.headers.keys()
    assert [name for name in names if name.startswith(("x-stainless", "openai-"))] == []
    assert "canary" not in str(wire.last.headers)
    assert "OpenAI/Python" in wire.last.headers["user-agent"]


def test_the_organisation_is_in_no_header_that_a_websocket_would_send() -> None:
    with OpenAI(api_key=KEY, organization="org-canary", project="proj-canary") as client:
        assert "canary" not in str(client.default_headers)


TIMEOUTS = [
    ({}, {}, {"connect": 5.0, "read": 600, "write": 600, "pool": 600}),
    ({"timeout": 3.0}, {}, {"connect": 3.0, "read": 3.0, "write": 3.0, "pool": 3.0}),
    ({"timeout": None}, {}, {"connect": None, "read": None, "write": None, "pool": None}),
    ({"timeout": 3.0}, {"timeout": 9.0}, {"connect": 9.0, "read": 9.0, "write": 9.0, "pool": 9.0}),
    (
        {"timeout": openai.Timeout(8.0, connect=2.0)},
        {},
        {"connect": 2.0, "read": 8.0, "write": 8.0, "pool": 8.0},
    ),
]


@pytest.mark.parametrize(("client", "call", "expected"), TIMEOUTS)
def test_the_timeout_of_client_or_call_reaches_the_wire(
    side: SyncSide, wire: Wire, client: dict[str, Any], call: dict[str, Any], expected: dict[str, Any]
) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, json=completion(content="Hello."))

    wire.reply_with(answer)
    side.create(client=client, **call)
    assert seen == [expected]


@BOTH
def test_the_http_clients_own_timeout_wins_as_it_does_in_openai(ours: Any, openais: Any) -> None:
    cls = httpx.Client if ours is OpenAI else httpx.AsyncClient
    for below in (cls(timeout=17.0), cls(), cls(timeout=None)):
        mine, theirs = ours(api_key=KEY, http_client=below), openais(api_key=KEY, http_client=below)
        assert mine.timeout == theirs.timeout
        close(mine)


@BOTH
def test_the_default_timeout_is_openais(ours: Any, openais: Any) -> None:
    mine, theirs = ours(api_key=KEY), openais(api_key=KEY)
    assert mine.timeout == theirs.timeout == openai.DEFAULT_TIMEOUT
    assert mine.max_retries == theirs.max_retries
    close(mine)
    close(theirs)


def test_the_number_of_retries_is_the_callers(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    with pytest.raises(openai.RateLimitError):
        side.create(client={"max_retries": 4})
    assert len(wire.sent) == 5
    assert len(waits) == 4


# The end


@BOTH
def test_closing_closes_the_http_client_as_openai_does(ours: Any, openais: Any) -> None:
    for cls in (ours, openais):
        below = (httpx.Client if ours is OpenAI else httpx.AsyncClient)()
        client = cls(api_key=KEY, http_client=below)
        assert client.is_closed() is False
        close(client)
        assert client.is_closed() is True
        assert below.is_closed is True
        close(client)


def test_a_client_whose_http_client_was_closed_by_its_owner_is_closed(wire: Wire) -> None:
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    mine, theirs = (cls(api_key=KEY, http_client=below, max_retries=0) for cls in (OpenAI, openai.OpenAI))
    below.close()
    assert mine.is_closed() is True
    assert error_of(ask, mine) is error_of(ask, theirs)


def test_a_with_block_closes(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    made: list[Any] = []

    def script(client: Any) -> Generator[Any, Any, None]:
        made.append(client)
        assert not client.is_closed()
        yield ask(client)

    play(side, script)
    assert made[0].is_closed()


def test_a_default_client_that_is_dropped_is_closed_with_its_last_copy() -> None:
    client = OpenAI(api_key=KEY)
    copied = client.with_options(timeout=3.0)
    below = client._client.boundary.inner
    gone = weakref.ref(client)
    del client
    gc.collect()
    assert gone() is None
    assert below.is_closed is False
    del copied
    gc.collect()
    assert below.is_closed is True


def test_a_default_async_client_that_is_dropped_closes_itself_on_the_loop() -> None:
    async def main() -> bool:
        client = AsyncOpenAI(api_key=KEY)
        below = client._client.boundary.inner
        del client
        gc.collect()
        await asyncio.sleep(0.01)
        return bool(below.is_closed)

    assert asyncio.run(main()) is True


def test_a_client_of_the_callers_is_the_callers_to_close() -> None:
    with httpx.Client() as below:
        client = OpenAI(api_key=KEY, http_client=below)
        del client
        gc.collect()
        assert below.is_closed is False


def test_a_default_async_client_may_be_dropped_where_no_loop_runs() -> None:
    client = AsyncOpenAI(api_key=KEY)
    del client
    gc.collect()


@BOTH
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openai's half-made copies
def test_deep_copying_ends_as_it_does_with_openai(ours: Any, openais: Any) -> None:
    mine, theirs = ours(api_key=KEY), openais(api_key=KEY)
    assert error_of(copy.deepcopy, mine) is error_of(copy.deepcopy, theirs)
    gc.collect()
    close(mine)
    close(theirs)


def error_of(work: Any, *arguments: Any) -> type[BaseException]:
    """Give the type of the exception that some work ends with."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one, is the question
        work(*arguments)
    assert KEY not in str(caught.value)
    return caught.type


def test_a_subclass_with_its_own_constructor_works(wire: Wire) -> None:
    class Mine(OpenAI):
        def __init__(self, **options: Any) -> None:
            super().__init__(
                max_retries=0, **{name: v for name, v in options.items() if name != "max_retries"}
            )
            self.mine = True

    wire.reply(completion(content="Hello."))
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    with Mine(api_key=KEY, http_client=below) as client:
        copied = client.with_options(timeout=3.0)
        assert isinstance(copied, Mine)
        assert copied.mine is True
        assert ask(copied).choices[0].message.content == "Hello."


# The factories


def test_the_factories_make_clients_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    sync, other = create_client(timeout=3.0), create_async_client(timeout=3.0)
    assert (type(sync), type(other)) == (OpenAI, AsyncOpenAI)
    assert sync.timeout == other.timeout == 3.0
    assert str(sync.settings.api_key_source) == "environment variable ZAI_API_KEY"
    close(sync)
    close(other)


def test_without_a_key_a_factory_may_use_the_standin_and_says_so(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhipu_openai import below as module

    monkeypatch.setattr(module, "_announced", set())
    with pytest.raises(openai.OpenAIError, match="No API key"):
        create_client()
    with caplog.at_level(logging.WARNING, "zhipu_openai"), create_client(standin="without_key") as client:
        assert client.settings.region == "standin"
        answer = client.chat.completions.create(model="glm-5.2", messages=QUESTION)
        assert answer.choices[0].message.content
    assert [record.getMessage() for record in caplog.records] == [
        "Running on the embedded stand-in: no model answers, and nothing leaves this process."
    ]


def test_with_a_key_the_standin_is_used_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    with create_client(standin="without_key") as client:
        assert client.settings.region == "cn"
    with create_client(standin="always") as client:
        assert client.settings.region == "standin"
        assert client.api_key != KEY


def test_the_standin_answers_the_async_client_too() -> None:
    async def main() -> str:
        async with create_async_client(standin="always") as client:
            stream = await client.chat.completions.create(model="glm-5.2", messages=QUESTION, stream=True)
            return text_of([chunk async for chunk in stream])

    assert asyncio.run(main())


def test_nothing_goes_to_the_network_when_the_standin_is_asked_for(wire: Wire, side: SyncSide) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client)
        yield collect((yield ask(client, stream=True)))

    play(side, script, region="standin")
    assert wire.sent == []


# What is read


def test_the_models_words_arrive_by_every_way_of_asking(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    wire.reply(completion(content="Hello."))
    wire.reply(completion(content="Hello."))
    wire.reply(text_stream("Hel", "lo."))

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield ask(client)
        assert answer.choices[0].message.content == "Hello."
        assert answer._request_id == "20260529043320logloglog00"
        raw = yield client.chat.completions.with_raw_response.create(model="glm-5.2", messages=QUESTION)
        assert raw.parse().choices[0].message.content == "Hello."
        assert raw.headers["x-request-id"] == "20260529043320logloglog00"
        assert raw.http_response.is_closed
        parsed = yield client.post(
            "/chat/completions",
            body={"model": "glm-5.2", "messages": QUESTION},
            cast_to=openai.types.chat.ChatCompletion,
        )
        assert parsed.choices[0].message.content == "Hello."
        chunks = yield collect((yield ask(client, stream=True)))
        assert text_of(chunks) == "Hello."

    play(side, script)
    assert [sent.url for sent in wire.sent] == [f"{ZHIPU}chat/completions"] * 4
