"""openai's own clients on the wire, with a key of Zhipu's in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest

import zhipu_openai
from tests.conftest import KEY, AsyncSide, SyncSide, Wire, completion, httpx

if TYPE_CHECKING:
    from collections.abc import Iterator


class OpenAISide(SyncSide):
    """openai.OpenAI, looked up when it is made."""

    cls: Any = openai.OpenAI

    def client(self, **options: Any) -> Any:
        below = httpx.Client(transport=httpx.MockTransport(self.wire.handle), follow_redirects=True)
        return options.pop("cls", self.cls)(**{"http_client": below, **options})


class AsyncOpenAISide(AsyncSide):
    cls: Any = openai.AsyncOpenAI

    def client(self, **options: Any) -> Any:
        below = httpx.AsyncClient(
            transport=httpx.MockTransport(self.wire.handle_async), follow_redirects=True
        )
        return options.pop("cls", self.cls)(**{"http_client": below, **options})


@pytest.fixture(params=["sync", "async"])
def theirs(request: pytest.FixtureRequest, wire: Wire) -> OpenAISide | AsyncOpenAISide:
    """Each of openai's two clients in turn, on the wire, which answers with a completion."""
    wire.reply(completion(content="Hello."))
    return OpenAISide(wire) if request.param == "sync" else AsyncOpenAISide(wire)


@pytest.fixture(autouse=True)
def _zhipu_key_and_openai_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZAI_API_KEY", KEY)
    yield
    zhipu_openai.uninstall()
    openai._reset_client()


@pytest.fixture
def installed() -> Any:
    """Openai's clients are served by Zhipu."""
    return zhipu_openai.install()
