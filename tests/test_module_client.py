"""`zhipu_openai.chat.completions.create(...)`: the client made from the package's own attributes."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx

import zhipu_openai
from zhipu_openai import _module_client
from zhipu_openai.client import OpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Wire

OTHER_KEY = "fedcba9876543210fedcba9876543210.OtherSecretOther"

QUESTION: Any = [{"role": "user", "content": "Hi"}]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin without settings and without a client; forget both afterwards."""
    for name in (*_module_client.SETTINGS, *_module_client.OTHER_SERVICES):
        monkeypatch.delitem(vars(zhipu_openai), name, raising=False)
    zhipu_openai._reset_client()
    yield
    for name in (*_module_client.SETTINGS, *_module_client.OTHER_SERVICES):
        vars(zhipu_openai).pop(name, None)
    zhipu_openai._reset_client()


@pytest.fixture
def below(wire: Wire) -> Iterator[Any]:
    """An HTTP client that answers from the wire."""
    wire.reply(completion(content="Hello."))
    with httpx.Client(transport=httpx.MockTransport(wire.handle)) as client:
        yield client


@pytest.fixture
def ready(below: Any) -> Any:
    """The settings for a call: a key, and the wire to send it over."""
    zhipu_openai.api_key = KEY
    zhipu_openai.http_client = below
    return zhipu_openai


def ask(client: Any = zhipu_openai) -> Any:
    return client.chat.completions.create(model="glm-5.2", messages=QUESTION)


@pytest.mark.usefixtures("ready")
def test_a_question_needs_no_more_than_a_key(wire: Wire) -> None:
    answer = ask()
    assert answer.choices[0].message.content == "Hello."
    assert answer.choices[0].message.reasoning_content is None
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/chat/completions"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.usefixtures("ready")
def test_the_client_is_one_of_ours_and_stays_the_same() -> None:
    client = zhipu_openai._load_client()
    assert type(client) is OpenAI
    assert zhipu_openai._load_client() is client
    ask()
    assert zhipu_openai._load_client() is client


@pytest.mark.usefixtures("ready")
def test_models_can_be_listed_beside_the_catalogue(wire: Wire) -> None:
    from zhipu_openai import catalogue

    wire._replies.clear()
    wire.reply(
        {"object": "list", "data": [{"id": "glm-5.2", "object": "model", "created": 1, "owned_by": "z-ai"}]}
    )
    assert "glm-5.2" in {model.id for model in zhipu_openai.models.list()}
    assert catalogue.__name__ == "zhipu_openai.catalogue"


def test_the_key_may_change_between_two_calls(ready: Any, wire: Wire) -> None:
    ask()
    ready.api_key = OTHER_KEY
    ask()
    assert [sent.headers["authorization"] for sent in wire.sent] == [f"Bearer {KEY}", f"Bearer {OTHER_KEY}"]


def test_the_base_url_may_change_between_two_calls(ready: Any, wire: Wire) -> None:
    ask()
    ready.base_url = "https://api.z.ai/api/paas/v4"
    ask()
    assert wire.last.url == "https://api.z.ai/api/paas/v4/chat/completions"


def test_a_setting_that_is_taken_back_no_longer_counts(ready: Any, wire: Wire) -> None:
    ready.base_url = "https://api.z.ai/api/paas/v4"
    ready.base_url = None
    ask()
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/chat/completions"


def test_headers_for_every_call_are_sent(ready: Any, wire: Wire) -> None:
    ready.default_headers = {"x-trace": "1"}
    ask()
    assert wire.last.headers["x-trace"] == "1"


def test_parameters_for_every_call_are_sent(ready: Any, wire: Wire) -> None:
    ready.default_query = {"trace": "2"}
    ask()
    assert wire.last.url.endswith("/chat/completions?trace=2")


def test_a_change_inside_the_default_headers_is_seen(ready: Any, wire: Wire) -> None:
    ready.default_headers = {"x-trace": "1"}
    ask()
    ready.default_headers["x-trace"] = "2"
    ask()
    assert wire.last.headers["x-trace"] == "2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout", 7.5),
        ("timeout", None),
        ("max_retries", 0),
        ("max_retries", 9),
        ("webhook_secret", "whsec"),
    ],
)
def test_an_option_reaches_the_client(ready: Any, name: str, value: object) -> None:
    ask()
    setattr(ready, name, value)
    assert getattr(zhipu_openai._load_client(), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("region", "intl"), ("endpoint", "coding"), ("on_adaptation", "error"), ("max_concurrency", 3)],
)
@pytest.mark.filterwarnings("ignore::zhipu_openai.ZhipuAdaptationWarning")
def test_an_option_of_ours_reaches_the_client(ready: Any, name: str, value: object) -> None:
    setattr(ready, name, value)
    assert getattr(zhipu_openai._load_client().settings, name) == value


def test_model_aliases_reach_the_wire(ready: Any, wire: Wire) -> None:
    ready.model_aliases = {"my-model": "glm-5.2"}
    ready.chat.completions.create(model="my-model", messages=QUESTION)
    assert wire.last.json["model"] == "glm-5.2"


def test_settings_read_as_openais_do_while_nothing_is_set() -> None:
    assert zhipu_openai.api_key is None
    assert zhipu_openai.base_url is None
    assert zhipu_openai.default_headers is None
    assert zhipu_openai.timeout is openai.DEFAULT_TIMEOUT
    assert zhipu_openai.max_retries == openai.DEFAULT_MAX_RETRIES
    assert zhipu_openai.api_type is None


@pytest.mark.usefixtures("ready")
def test_http_client_is_our_function_until_it_is_set(below: Any) -> None:
    from zhipu_openai.client import http_client

    assert zhipu_openai.http_client is below
    del zhipu_openai.http_client
    assert zhipu_openai.http_client is http_client


def test_http_client_put_back_as_it_was_is_not_taken_for_a_client() -> None:
    zhipu_openai.api_key = KEY
    before = zhipu_openai.http_client
    zhipu_openai.http_client = None
    zhipu_openai.http_client = before
    assert "http_client" in vars(zhipu_openai)
    assert zhipu_openai._load_client().api_key == KEY


def test_every_setting_of_openais_is_known() -> None:
    theirs = {name for name in openai.__annotations__ if not name.startswith("_")}
    assert theirs <= {*_module_client.SETTINGS, *_module_client.OTHER_SERVICES}


def test_a_proxy_stands_for_each_of_openais_resources() -> None:
    assert {
        "chat",
        "models",
        "embeddings",
        "files",
        "images",
        "audio",
        "beta",
    } <= _module_client.resources().keys()
    module = importlib.import_module("openai._module_client")
    lazy = {name for name, value in vars(module).items() if module.LazyProxy in type(value).__mro__}
    assert _module_client.resources().keys() == lazy
    for name, proxy in _module_client.resources().items():
        assert getattr(zhipu_openai, name) is proxy
        assert proxy is not getattr(openai, name)


@pytest.mark.usefixtures("ready")
def test_a_proxy_is_what_it_stands_for() -> None:
    assert isinstance(zhipu_openai.chat, openai.resources.chat.Chat)
    assert zhipu_openai.chat.completions._client is zhipu_openai._load_client()
    assert "completions" in dir(zhipu_openai.chat)


def test_nothing_is_loaded_before_it_is_used() -> None:
    assert type(zhipu_openai.chat).__name__ == "ResourceProxy"
    assert _module_client._loaded is None


def test_without_a_key_the_first_use_says_so() -> None:
    with pytest.raises(openai.OpenAIError, match="ZAI_API_KEY"):
        ask()


def test_the_key_is_searched_in_the_environment_when_none_is_set(
    below: Any, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    zhipu_openai.http_client = below
    ask()
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


def test_after_a_reset_the_environment_is_searched_again(
    below: Any, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    zhipu_openai.http_client = below
    ask()
    monkeypatch.setenv("ZAI_API_KEY", OTHER_KEY)
    ask()
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    zhipu_openai._reset_client()
    ask()
    assert wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"


@pytest.mark.usefixtures("ready")
def test_what_is_set_on_openai_goes_nowhere(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "api_key", "sk-openai")
    monkeypatch.setattr(openai, "base_url", "https://api.openai.com/v1")
    monkeypatch.setattr(openai, "organization", "org-openai")
    monkeypatch.setattr(openai, "default_headers", {"x-openai": "1"})
    ask()
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/chat/completions"
    assert (
        "openai"
        not in " ".join(f"{k}={v}" for k, v in wire.last.headers.items() if not k.startswith("user")).lower()
    )


def test_our_settings_leave_openai_alone(ready: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "_client", None)
    ready.timeout = 3
    ask()
    assert openai.api_key is None
    assert openai.http_client is None
    assert openai.timeout is openai.DEFAULT_TIMEOUT
    assert openai._client is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_type", "azure"),
        ("api_type", "amazon-bedrock"),
        ("azure_endpoint", "https://example.openai.azure.com"),
        ("azure_ad_token", "token"),
        ("azure_ad_token_provider", lambda: "token"),
        ("bedrock_token_provider", lambda: "token"),
    ],
)
def test_what_is_set_up_for_another_service_is_not_sent_to_zhipu(
    ready: Any, wire: Wire, name: str, value: object
) -> None:
    ask()
    setattr(ready, name, value)
    with pytest.raises(openai.OpenAIError, match=f"^zhipu_openai.{name} is set, but .* speaks to Zhipu only"):
        ask()
    assert len(wire.sent) == 1


@pytest.mark.parametrize("name", ["api_type", "azure_endpoint", "base_url", "default_headers", "region"])
def test_a_setting_of_none_is_as_good_as_unset(ready: Any, name: str) -> None:
    client = zhipu_openai._load_client()
    setattr(ready, name, None)
    assert zhipu_openai._load_client() is client


def test_naming_openai_as_the_service_is_fine(ready: Any, wire: Wire) -> None:
    ready.api_type = "openai"
    ready.api_version = "2024-06-01"
    ask()
    assert len(wire.sent) == 1


@pytest.mark.usefixtures("ready")
def test_variables_for_azure_do_not_turn_the_client_to_azure(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_TYPE", "azure")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://example.openai.azure.com")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure")
    ask()
    assert wire.last.url.startswith("https://open.bigmodel.cn/")


@pytest.mark.usefixtures("ready")
def test_threads_that_begin_at_once_share_one_client() -> None:
    barrier = threading.Barrier(8)
    found = []

    def work() -> None:
        barrier.wait()
        found.append(zhipu_openai._load_client())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


@pytest.mark.usefixtures("ready")
def test_what_is_kept_shows_no_key() -> None:
    ask()
    assert KEY not in repr(_module_client._loaded)
    assert KEY not in str(vars(_module_client))


@pytest.mark.usefixtures("ready")
def test_answers_stream(wire: Wire) -> None:
    from conftest import text_stream

    wire._replies.clear()
    wire.reply(text_stream("Hel", "lo.", reasoning=["Hm."]))
    stream = zhipu_openai.chat.completions.create(model="glm-5.2", messages=QUESTION, stream=True)
    deltas = [chunk.choices[0].delta for chunk in stream if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == "Hello."
    assert "".join(delta.reasoning_content or "" for delta in deltas) == "Hm."
