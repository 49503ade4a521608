"""openai.chat and the others: the module-level client on Zhipu, with the settings that the code puts on openai."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, Wire, completion, httpx

import zhipu_openai

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("openai_as_it_was")

CN = "https://open.bigmodel.cn/api/paas/v4/"
OPENAI_KEY = "sk-proj-not-for-zhipu"
OTHER_KEY = "fedcba9876543210fedcba9876543210.AnotherSecretKey"
LOCAL = "http://localhost:8000/v1/"
UNSET = ("api_type", "api_key", "base_url", "api_version", "azure_endpoint", "azure_ad_token")


@pytest.fixture(autouse=True)
def _settings(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    wire.reply(completion(content="Hello."))
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    for name in openai.__annotations__:
        if not name.startswith("_"):
            monkeypatch.setattr(
                openai, name, getattr(openai, name)
            )  # put back afterwards, whatever openai sets
    for name in UNSET:  # openai's loader writes into them, in other tests too
        monkeypatch.setattr(openai, name, None)
    monkeypatch.setattr(openai, "http_client", below)
    openai._reset_client()
    yield
    openai._reset_client()


def ask() -> Any:
    return openai.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "Hi"}])


@pytest.mark.usefixtures("installed")
def test_it_is_served_and_its_settings_stay_what_the_code_made_them(wire: Wire) -> None:
    openai.api_key = OPENAI_KEY
    assert ask().choices[0].message.content == "Hello."
    assert wire.last.url == f"{CN}chat/completions"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    assert openai.api_key == OPENAI_KEY
    assert openai._client is None
    assert OPENAI_KEY not in f"{wire.last.headers} {wire.last.content!r}"


@pytest.mark.usefixtures("installed")
def test_it_is_made_once_and_anew_when_a_setting_has_changed(wire: Wire) -> None:
    first = openai._load_client()
    assert openai._load_client() is first
    openai.api_key = OTHER_KEY
    ask()
    assert wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"
    openai.default_headers = {"x-mine": "1"}
    ask()
    assert wire.last.headers["x-mine"] == "1"


def test_with_another_base_url_it_is_openais_own(wire: Wire) -> None:
    openai.base_url, openai.api_key = LOCAL, "EMPTY"
    with zhipu_openai.install():
        ask()
        assert type(openai._load_client()) is openai._ModuleClient
    assert wire.last.url == f"{LOCAL}chat/completions"
    assert wire.last.headers["authorization"] == "Bearer EMPTY"


@pytest.mark.parametrize("variable", ["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"])
@pytest.mark.usefixtures("installed")
def test_azure_is_left_to_openai(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "x")
    openai.api_version, openai.azure_endpoint = "1", "https://x.example"
    assert isinstance(openai._load_client(), openai.AzureOpenAI)


@pytest.mark.usefixtures("installed")
def test_a_named_api_type_decides() -> None:
    openai.api_type, openai.api_key = "azure", "x"
    openai.api_version, openai.azure_endpoint = "1", "https://x.example"
    assert isinstance(openai._load_client(), openai.AzureOpenAI)
    openai.api_type, openai.api_key = "openai", OPENAI_KEY
    assert isinstance(openai._load_client(), zhipu_openai.OpenAI)


def test_the_one_that_existed_serves_again_afterwards(wire: Wire) -> None:
    openai.api_key = OPENAI_KEY
    before = openai._load_client()
    with zhipu_openai.install():
        ask()
        assert wire.last.url.startswith(CN)
        assert openai._load_client() is not before
    assert openai._load_client() is before
    assert openai.api_key == OPENAI_KEY


def test_other_options_make_another(wire: Wire) -> None:
    assert wire.sent == []
    zhipu_openai.install()
    first = openai._load_client()
    zhipu_openai.install(region="intl")
    assert openai._load_client() is not first
    assert str(openai._load_client().base_url) == "https://api.z.ai/api/paas/v4/"
