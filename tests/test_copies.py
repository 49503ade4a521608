"""``copy()`` and ``with_options()``: what a copy keeps, shares and may change."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx
from scripts import ask, play

from zhipu_openai import client_settings
from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.client import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from conftest import SyncSide, Wire

OTHER_KEY = "fedcba9876543210fedcba9876543210.OtherSecretOther"

OPTIONS: dict[str, Any] = {
    "region": "intl",
    "auth": "jwt",
    "on_adaptation": "ignore",
    "max_concurrency": 3,
    "model_aliases": {"house-model": "glm-5.2"},
}


@pytest.fixture(params=[OpenAI, AsyncOpenAI], ids=["sync", "async"])
def original(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client of each kind with every option of ours set."""
    client = request.param(api_key=KEY, **OPTIONS)
    yield client
    closing = client.close()
    if inspect.iscoroutine(closing):
        asyncio.run(closing)


@pytest.mark.parametrize("way", ["copy", "with_options"])
def test_a_copy_keeps_what_it_is_not_told_to_change(original: Any, way: str) -> None:
    copied = getattr(original, way)(timeout=3.0, max_retries=7)
    assert type(copied) is type(original)
    assert copied.settings == original.settings
    assert (copied.timeout, copied.max_retries) == (3.0, 7)
    assert str(copied.base_url) == str(original.base_url) == "https://api.z.ai/api/paas/v4/"


def test_a_copy_shares_the_pool_and_the_limit(original: Any) -> None:
    copied = original.with_options(timeout=3.0)
    again = copied.with_options(max_retries=1)
    assert copied._client.boundary.inner is again._client.boundary.inner is original._client.boundary.inner
    assert copied._setup.limit is again._setup.limit is original._setup.limit
    assert again._client.boundary.limit is original._client.boundary.limit


def test_a_copy_with_a_limit_of_its_own_counts_for_itself(original: Any) -> None:
    copied = original.with_options(max_concurrency=1)
    assert copied.settings.max_concurrency == 1
    assert original.settings.max_concurrency == 3
    assert copied._setup.limit is not original._setup.limit


def test_the_boundary_is_put_over_a_client_only_once(original: Any) -> None:
    copied = original
    for _ in range(5):
        copied = copied.copy()
    assert not hasattr(copied._client.boundary.inner, "boundary")


def test_closing_a_copy_closes_the_original_as_it_does_with_openai() -> None:
    for cls in (OpenAI, openai.OpenAI):
        client = cls(api_key=KEY)
        client.with_options(timeout=3.0).close()
        assert client.is_closed() is True


def test_options_of_ours_may_be_changed_in_a_copy(original: Any) -> None:
    copied = original.copy(on_adaptation="error", model_aliases={"other": "glm-4.6"}, auth="bearer")
    assert copied.settings.on_adaptation == "error"
    assert copied.settings.auth == "bearer"
    assert copied.settings.model_aliases == {"house-model": "glm-5.2", "other": "glm-4.6"}
    assert copied.settings.region == "intl"
    assert original.settings.on_adaptation == "ignore"
    assert original.settings.model_aliases == {"house-model": "glm-5.2"}


def test_an_option_that_makes_no_sense_is_refused_in_a_copy_too(original: Any) -> None:
    for option in ({"on_adaptation": "sometimes"}, {"max_concurrency": 0}, {"auth": "basic"}):
        with pytest.raises(ValueError, match=next(iter(option))):
            original.copy(**option)


def test_aliases_work_in_a_copy(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        copied = client.with_options(model_aliases={"other": "glm-4.6"})
        yield ask(copied, model="house-model")
        yield ask(copied, model="other")

    play(side, script, model_aliases={"house-model": "glm-5.2"}, on_adaptation="ignore")
    assert [sent.json["model"] for sent in wire.sent] == ["glm-5.2", "glm-4.6"]


def test_headers_are_added_to_or_replaced(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client.with_options(default_headers={"X-Two": "2"}))
        yield ask(client.with_options(set_default_headers={"X-Two": "2"}))

    play(side, script, default_headers={"X-One": "1"})
    assert [(sent.headers.get("x-one"), sent.headers["x-two"]) for sent in wire.sent] == [
        ("1", "2"),
        (None, "2"),
    ]


def test_a_copy_with_another_key_sends_that_key(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        copied = client.copy(api_key=OTHER_KEY)
        assert copied.settings.api_key.get_secret_value() == OTHER_KEY
        yield ask(copied)
        yield ask(client)

    play(side, script)
    assert [sent.headers["authorization"] for sent in wire.sent] == [f"Bearer {OTHER_KEY}", f"Bearer {KEY}"]


def test_a_key_that_was_set_later_goes_with_the_copy(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        client.api_key = OTHER_KEY
        yield ask(client.with_options(timeout=3.0))

    play(side, script)
    assert wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"


def test_a_copy_with_a_key_of_openais_keeps_to_the_key_that_is_found(
    original: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(openai.OpenAIError, match="Set aside"):
        original.copy(api_key="sk-canary")
    monkeypatch.setenv("ZAI_API_KEY", OTHER_KEY)
    with pytest.warns(ZhipuAdaptationWarning, match="form of an OpenAI key") as caught:
        copied = original.copy(api_key="sk-canary")
    assert caught[0].filename == __file__
    assert copied.api_key == OTHER_KEY


if hasattr(openai.OpenAI, "_refresh_api_key"):

    def test_a_callable_key_goes_with_the_copy(side: SyncSide, wire: Wire) -> None:
        wire.reply(completion(content="Hello."))

        async def give() -> str:
            return OTHER_KEY

        def script(client: Any) -> Generator[Any, Any, None]:
            yield ask(client.with_options(timeout=3.0))

        play(side, script, api_key=(lambda: OTHER_KEY) if side.name == "sync" else give)
        assert wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"

    def test_a_callable_key_is_not_carried_to_another_origin(side: SyncSide) -> None:
        def script(client: Any) -> Generator[Any, Any, None]:
            with pytest.raises(openai.OpenAIError, match="belongs to"):
                client.copy(base_url="https://gateway.example/v1")
            yield

        play(side, script, api_key=lambda: KEY)


# Another address


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"base_url": "https://gateway.example/v1"},
        {"base_url": "https://open.bigmodel.cn.evil.example/api/paas/v4"},
        {"base_url": "https://open.bigmodel.cn/api/paas/v4"},
        {"base_url": "http://127.0.0.1:8000"},
        {"base_url": httpx.URL("https://gateway.example/v1")},
        {"region": "cn"},
    ],
)
def test_the_key_is_not_carried_to_another_origin(original: Any, elsewhere: dict[str, Any]) -> None:
    with pytest.raises(openai.OpenAIError, match=r"belongs to api\.z\.ai"):
        original.copy(**elsewhere)
    copied = original.copy(api_key=OTHER_KEY, **elsewhere)
    assert copied.api_key == OTHER_KEY


def test_the_base_url_cannot_be_set_to_another_origin(original: Any) -> None:
    for url in ("https://gateway.example/v1", httpx.URL("https://gateway.example/v1")):
        with pytest.raises(openai.OpenAIError, match=r"belongs to api\.z\.ai"):
            original.base_url = url
    with pytest.raises(ValueError, match="OpenAI's"):
        original.base_url = "https://api.openai.com/v1"
    with pytest.raises(ValueError, match="base URL"):
        original.base_url = "http://api.z.ai/api/paas/v4"
    assert str(original.base_url) == "https://api.z.ai/api/paas/v4/"


@pytest.mark.parametrize(
    "url",
    [
        "wss://evil.example/realtime",
        "wss://api.z.ai:444/realtime",
        "ws://api.z.ai/realtime",
        "wss://api.openai.com/v1",
        "nonsense",
    ],
)
def test_a_websocket_is_not_opened_elsewhere_with_the_key(original: Any, url: str) -> None:
    for refused in (
        lambda: original.copy(websocket_base_url=url),
        lambda: type(original)(api_key=KEY, region="intl", websocket_base_url=url),
        lambda: setattr(original, "websocket_base_url", url),
    ):
        with pytest.raises(openai.OpenAIError, match="websocket_base_url goes to"):
            refused()
    assert original.websocket_base_url is None


def test_a_websocket_may_be_opened_at_the_same_origin(original: Any) -> None:
    original.websocket_base_url = "wss://api.z.ai/api/paas/v4"
    assert original.copy().websocket_base_url == "wss://api.z.ai/api/paas/v4"


@pytest.mark.parametrize("name", ["provider", "data_residency", "workload_identity"])
def test_what_would_go_to_openai_is_refused_in_a_copy(original: Any, name: str) -> None:
    with pytest.raises(openai.OpenAIError, match=f"`{name}` cannot be used with Zhipu"):
        original.copy(**{name: "eu"})


def test_arguments_that_are_not_given_in_openais_sense_change_nothing(original: Any) -> None:
    copied = original.copy(api_key=None, base_url=None, http_client=None, timeout=openai.NOT_GIVEN)
    assert copied.settings == original.settings
    assert copied.timeout == original.timeout


@pytest.mark.usefixtures("_terms_unsaid")
def test_the_endpoint_may_be_changed_and_keeps_the_region(original: Any) -> None:
    with pytest.warns(ZhipuAdaptationWarning, match="Coding Plan"):
        copied = original.copy(endpoint="coding")
    assert str(copied.base_url) == "https://api.z.ai/api/coding/paas/v4/"
    assert str(copied.copy(endpoint="general").base_url) == "https://api.z.ai/api/paas/v4/"


@pytest.fixture
def _terms_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_settings, "_announced", set())


def test_the_environment_of_a_later_moment_changes_no_copy(
    original: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "ZHIPU_REGION": "standin",
        "ZHIPU_ENDPOINT": "coding",
        "ZAI_API_KEY": OTHER_KEY,
        "ZHIPU_AUTH": "bearer",
        "ZHIPU_ON_ADAPTATION": "error",
        "ZHIPU_MAX_CONCURRENCY": "1",
        "OPENAI_BASE_URL": "https://canary.example",
        "OPENAI_ORG_ID": "org-canary",
        "OPENAI_CUSTOM_HEADERS": "X-Canary: canary",
    }.items():
        monkeypatch.setenv(name, value)
    for copied in (original.copy(), original.copy(api_key=KEY), original.copy(max_concurrency=3)):
        assert (copied.settings.region, copied.settings.endpoint) == ("intl", "general")
        assert copied.settings.auth == "jwt"
        assert copied.settings.on_adaptation == "ignore"
        assert copied.settings.max_concurrency == 3
        assert copied.api_key == KEY
        assert copied.organization is None
        assert "X-Canary" not in copied.default_headers


def test_a_copy_costs_no_search_for_a_dotenv(original: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def search(*_: object, **__: object) -> None:
        raise AssertionError("it searched")

    monkeypatch.setattr(client_settings, "resolve", search)
    original.api_key = OTHER_KEY
    assert original.with_options(timeout=3.0).api_key == OTHER_KEY


# The stand-in and other clients below


def test_a_copy_may_leave_the_standin_only_with_a_key() -> None:
    with OpenAI(region="standin") as client:
        with pytest.raises(openai.OpenAIError, match="No API key"):
            client.copy(region="cn")
        copied = client.copy(region="cn", api_key=KEY)
        assert str(copied.base_url) == "https://open.bigmodel.cn/api/paas/v4/"
        assert copied._client.boundary.inner is not client._client.boundary.inner
        copied.close()


def test_a_copy_may_enter_the_standin_and_leaves_the_key_behind(side: SyncSide, wire: Wire) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        copied = client.copy(region="standin")
        yield ask(copied)

    play(side, script)
    assert wire.sent == []


def test_a_copy_may_be_given_another_http_client(wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    with (
        OpenAI(api_key=KEY) as client,
        httpx.Client(transport=httpx.MockTransport(wire.handle)) as below,
    ):
        ask(client.copy(http_client=below), user="somebody")
    assert wire.last.json["user_id"] == "somebody"
