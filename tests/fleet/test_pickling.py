"""Clients and settings go to other processes without their key."""

from __future__ import annotations

import copy
import importlib
import multiprocessing
import os
import pickle
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, httpx
from scripts import ask

from zhipu_openai import AsyncOpenAI, OpenAI
from zhipu_openai.fleet import ClientSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OTHER = "fedcba9876543210fedcba9876543210.OtherOtherOtherO"

BOTH = pytest.mark.parametrize("cls", [OpenAI, AsyncOpenAI], ids=["sync", "async"])


def _dumpers() -> list[Any]:
    """Find what pickles here: pickle, and cloudpickle and Dask where they are."""
    found: list[Any] = [pytest.param(pickle.dumps, id="pickle")]
    if find_spec("cloudpickle") is not None:
        found.append(pytest.param(importlib.import_module("cloudpickle").dumps, id="cloudpickle"))
    if find_spec("distributed") is not None:
        dask = importlib.import_module("distributed.protocol.pickle")
        found.append(pytest.param(dask.dumps, id="dask"))
    return found


WAYS = pytest.mark.parametrize("dumps", _dumpers())


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Another machine: no variable, no .env."""
    for name in list(os.environ):
        if name.startswith(("ZHIPU", "ZAI", "Z_AI", "BIGMODEL", "GLM", "OPENAI")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def there(pickled: bytes, monkeypatch: pytest.MonkeyPatch, key: str = OTHER) -> Any:
    """Unpickle on a machine with a key of its own."""
    monkeypatch.setenv("ZHIPU_API_KEY", key)
    return pickle.loads(pickled)  # noqa: S301 - made by the test


def no_key_in(pickled: bytes) -> bool:
    """Whether no part of the key is in some bytes."""
    return not any(part.encode() in pickled for part in (*KEY.split("."), KEY[:12], KEY[-8:]))


@WAYS
@BOTH
@pytest.mark.parametrize("origin", ["argument", "environment", "dotenv", "copy", "assigned", "callable"])
def test_no_pickle_has_the_key_wherever_it_came_from(
    cls: Any, dumps: Callable[[Any], bytes], origin: str, worker: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if origin == "callable" and not hasattr(openai.OpenAI, "_refresh_api_key"):
        pytest.skip("this openai takes no callable")
    if origin == "environment":
        worker.setenv("ZAI_API_KEY", KEY)
    elif origin == "dotenv":
        (tmp_path / ".env").write_text(f"ZAI_API_KEY={KEY}\n")
    given = {"argument": KEY, "assigned": OTHER, "copy": OTHER, "callable": lambda: KEY}
    client = cls(api_key=given.get(origin))
    if origin == "copy":
        client = client.copy(api_key=KEY)
    if origin == "assigned":
        client.api_key = KEY
    for thing in (client, client.chat.completions, client.settings):
        assert no_key_in(dumps(thing)), thing


@BOTH
def test_a_pickled_client_takes_the_key_of_the_machine_it_comes_to(
    cls: Any, worker: pytest.MonkeyPatch
) -> None:
    client = cls(
        api_key=KEY,
        region="intl",
        model_aliases={"gpt-4o": "glm-4.6"},
        on_adaptation="error",
        max_concurrency=3,
        timeout=12.5,
        max_retries=7,
        default_headers={"x-trace": "1"},
        default_query={"trace": "1"},
    )
    arrived = there(pickle.dumps(client), worker)
    assert type(arrived) is cls
    assert arrived.api_key == OTHER
    assert str(arrived.base_url) == str(client.base_url) == "https://api.z.ai/api/paas/v4/"
    assert (arrived.timeout, arrived.max_retries) == (12.5, 7)
    assert arrived.default_headers["x-trace"] == "1"
    assert arrived.default_query["trace"] == "1"
    for name in ("region", "endpoint", "on_adaptation", "max_concurrency", "model_aliases"):
        assert getattr(arrived.settings, name) == getattr(client.settings, name)


def test_what_came_from_the_environment_is_looked_up_anew(worker: pytest.MonkeyPatch) -> None:
    worker.setenv("ZHIPU_REGION", "intl")
    worker.setenv("ZHIPU_MAX_CONCURRENCY", "9")
    client = OpenAI(api_key=KEY, responses="translate")
    pickled, copied = pickle.dumps(client), pickle.dumps(client.copy(max_retries=4))
    worker.delenv("ZHIPU_REGION")
    worker.setenv("ZHIPU_MAX_CONCURRENCY", "2")
    arrived = there(pickled, worker)
    assert arrived.settings.region == "cn"
    assert there(copied, worker).settings.region == "cn"
    assert (arrived.settings.max_concurrency, arrived.settings.responses) == (2, "translate")


def test_the_last_address_given_is_the_one_that_travels(worker: pytest.MonkeyPatch) -> None:
    client = OpenAI(api_key=KEY, base_url="https://gateway.example/a")
    client.base_url = "https://gateway.example/b"
    assert str(there(pickle.dumps(client), worker).base_url) == str(client.base_url)
    back = OpenAI(api_key=KEY, base_url="https://open.bigmodel.cn/api/paas/v4").copy(
        region="intl", api_key=KEY
    )
    assert there(pickle.dumps(back), worker).settings.region == "intl"


def test_without_a_key_there_the_error_says_why() -> None:
    pickled = pickle.dumps(OpenAI(api_key=KEY))
    with pytest.raises(openai.OpenAIError, match="a pickled client carries no key") as caught:
        pickle.loads(pickled)  # noqa: S301 - made one line above
    assert "ZAI_API_KEY" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"http_client": "…"}, "http_client"),
        ({"default_headers": {"X-Api-Key": "hunter2"}}, "X-Api-Key"),
        ({"default_query": {"access_token": "hunter2"}}, "access_token"),
    ],
)
def test_what_cannot_travel_is_refused_with_the_way_out(options: dict[str, Any], said: str) -> None:
    if "http_client" in options:
        options = {"http_client": httpx.Client()}
    client = OpenAI(api_key=KEY, **options)
    for one in (client, client.with_options(timeout=1)):
        with pytest.raises(TypeError, match=said) as caught:
            pickle.dumps(one)
        assert "ClientSettings" in str(caught.value)
        assert "hunter2" not in str(caught.value)


@BOTH
def test_a_shallow_copy_within_the_process_keeps_the_key(cls: Any) -> None:
    client = cls(api_key=KEY)
    copied = copy.copy(client)
    assert type(copied) is cls
    assert copied.api_key == KEY
    assert copied._client is client._client


# ClientSettings


@WAYS
def test_settings_make_clients_where_they_come_to(
    dumps: Callable[[Any], bytes], worker: pytest.MonkeyPatch
) -> None:
    settings = ClientSettings(region="intl", max_concurrency=2, timeout=5, default_headers={"x-trace": "1"})
    arrived = there(dumps(settings), worker)
    client = arrived.client()
    assert client.api_key == OTHER
    assert (client.settings.region, client.settings.max_concurrency, client.timeout) == ("intl", 2, 5)
    assert client is settings.client()
    assert client is not arrived.create_client()
    assert isinstance(arrived.create_async_client(), AsyncOpenAI)
    assert client is not ClientSettings(region="intl").client()


def test_settings_take_no_key_and_no_credentials() -> None:
    with pytest.raises(TypeError, match="takes no api_key") as caught:
        ClientSettings(api_key=KEY)  # type: ignore[arg-type]  # it is refused
    assert KEY not in str(caught.value)
    with pytest.raises(ValueError, match="Authorization"):
        ClientSettings(default_headers={"Authorization": "Bearer hunter2"})


def test_settings_may_fall_back_to_the_standin() -> None:
    client = ClientSettings(standin="without_key").client()
    assert client.settings.region == "standin"
    with pytest.raises(openai.OpenAIError, match="No API key"):
        ClientSettings().client()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_makes_a_client_of_its_own() -> None:
    settings = ClientSettings(region="standin")
    mine = settings.client()
    here, there_ = multiprocessing.Pipe()
    child = os.fork()
    if child == 0:
        own = settings.client()
        there_.send((own is not mine, bool(ask(own).choices)))
        os._exit(0)
    os.waitpid(child, 0)
    assert here.recv() == (True, True)
