"""An HTTP client for what takes only that: openai's own client, and the frameworks built on it, on Zhipu."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, httpx, text_stream
from local_server import LocalServer, reply
from scripts import ask, collect, first, play, text_of

from zhipu_openai.client import async_http_client, http_client

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import Wire

ZHIPU = "https://open.bigmodel.cn/api/paas/v4/"
OPENAI = "https://api.openai.com/v1"
MODELS = {"object": "list", "data": [{"id": "glm-5.2", "object": "model", "created": 1, "owned_by": "z-ai"}]}


class Framework:
    """A framework that makes openai's own client, over an HTTP client of ours on the wire."""

    def __init__(self, name: str, wire: Wire) -> None:
        self.name = name
        self.wire = wire

    def client(self, *, ours: dict[str, Any] | None = None, **options: Any) -> Any:
        """Make openai's client as a framework would: with a key of OpenAI's."""
        given = {"api_key": "sk-canary", "max_retries": 0, **options}
        mine = {"api_key": KEY, **(ours or {})}
        if self.name == "sync":
            below = httpx.Client(transport=httpx.MockTransport(self.wire.handle))
            return openai.OpenAI(http_client=http_client(http_client=below, **mine), **given)
        below_async = httpx.AsyncClient(transport=httpx.MockTransport(self.wire.handle_async))
        return openai.AsyncOpenAI(http_client=async_http_client(http_client=below_async, **mine), **given)


@pytest.fixture(params=["sync", "async"])
def framework(request: pytest.FixtureRequest, wire: Wire) -> Framework:
    """Each kind of framework in turn."""
    return Framework(request.param, wire)


def calling(**arguments: Any) -> Any:
    """Make a script of one call."""

    def script(client: Any) -> Generator[Any, Any, Any]:
        return (yield ask(client, **arguments))

    return script


@pytest.mark.parametrize("base_url", [None, OPENAI, f"{OPENAI}/", ZHIPU, ZHIPU.rstrip("/")])
def test_what_is_meant_for_openai_goes_to_zhipu_with_its_key_and_in_its_words(
    framework: Framework, wire: Wire, base_url: str | None
) -> None:
    wire.reply(completion(content="Hello."))
    answer = play(framework, calling(max_completion_tokens=5, user="somebody"), base_url=base_url)
    assert answer.choices[0].message.content == "Hello."
    assert wire.last.url == f"{ZHIPU}chat/completions"
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"
    assert wire.last.headers["host"] == "open.bigmodel.cn"
    assert wire.last.json["max_tokens"] == 5
    assert wire.last.json["user_id"] == "somebody"
    assert "canary" not in str(wire.last.headers)


def test_streams_choices_models_and_native_paths_are_served_too(framework: Framework, wire: Wire) -> None:
    wire.reply(text_stream("Hel", "lo."))
    wire.reply(completion(content="Hello."))
    wire.reply(completion(content="Hello."))
    wire.reply(MODELS)
    wire.reply(
        {
            "data": [{"embedding": [0.5], "index": 0, "object": "embedding"}],
            "model": "embedding-3",
            "object": "list",
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
    )

    def script(client: Any) -> Generator[Any, Any, None]:
        assert text_of((yield collect((yield ask(client, stream=True))))) == "Hello."
        assert len((yield ask(client, n=2)).choices) == 2
        models = yield client.models.list()
        assert "glm-5.2" in {model.id for model in models.data}
        vectors = yield client.embeddings.create(model="embedding-3", input="Hi", encoding_format="float")
        assert vectors.data[0].embedding == [0.5]

    play(framework, script)
    assert {sent.headers["authorization"] for sent in wire.sent} == {f"Bearer {KEY}"}
    assert wire.last.url == f"{ZHIPU}embeddings"


def test_the_key_is_found_as_the_client_finds_it(
    framework: Framework, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    wire.reply(completion(content="Hello."))
    play(framework, calling(), ours={"api_key": None})
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("make", [http_client, async_http_client])
def test_without_a_key_there_is_no_client(make: Any) -> None:
    with pytest.raises(openai.OpenAIError, match="No API key for Zhipu"):
        make()
    with pytest.raises(openai.OpenAIError, match="Set aside"):
        make(api_key="sk-canary")


@pytest.mark.parametrize("make", [http_client, async_http_client])
def test_what_is_no_option_of_ours_is_a_type_error(make: Any) -> None:
    with pytest.raises(TypeError, match="timeout"):
        make(api_key=KEY, timeout=3.0)
    with pytest.raises(TypeError, match="not a callable"):
        make(api_key=lambda: KEY)
    with pytest.raises(TypeError, match="http_client"):
        make(api_key=KEY, http_client=object())


def test_region_endpoint_and_options_are_kept(framework: Framework, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    ours = {"region": "intl", "model_aliases": {"gpt-house": "glm-5.2"}, "on_adaptation": "ignore"}
    play(framework, calling(model="gpt-house"), ours=ours)
    assert wire.last.url == "https://api.z.ai/api/paas/v4/chat/completions"
    assert wire.last.json["model"] == "glm-5.2"


def test_the_strict_policy_is_kept(framework: Framework, wire: Wire) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError) as caught:
            yield ask(client, logit_bias={"1": 1})
        assert caught.value.param == "logit_bias"

    play(framework, script, ours={"on_adaptation": "error"})
    assert wire.sent == []


def test_failures_are_openais_own(framework: Framework, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1113", "message": "余额不足"}})

    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.RateLimitError) as caught:
            yield ask(client)
        assert caught.value.code == "insufficient_quota"

    play(framework, script, max_retries=3)
    assert len(wire.sent) == 1
    assert waits == []


@pytest.mark.parametrize(
    "base_url",
    ["https://elsewhere.example/v1", "https://eu.api.openai.com/v1", "https://x.openai.azure.com/v1"],
)
def test_what_is_meant_for_another_host_is_refused(framework: Framework, wire: Wire, base_url: str) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        with pytest.raises(openai.BadRequestError, match="was not sent") as caught:
            yield ask(client)
        assert caught.value.code == "foreign_origin"

    play(framework, script, base_url=base_url)
    assert wire.sent == []


def test_an_address_of_the_environment_is_named_in_the_refusal(
    framework: Framework, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")

    def script(client: Any) -> Generator[Any, Any, None]:
        for call in (lambda: ask(client), lambda: models_of(client)):
            with pytest.raises(openai.BadRequestError, match="comes from OPENAI_BASE_URL"):
                yield call()

    play(framework, script)
    assert wire.sent == []


def models_of(client: Any) -> Any:
    """List models; to be yielded like a call."""
    listed = client.models.list()
    return first(aiter(listed)) if hasattr(listed, "__aiter__") else listed


def test_credentials_of_every_kind_that_a_framework_sends_are_left_out(
    framework: Framework, wire: Wire
) -> None:
    wire.reply(completion(content="Hello."))
    headers = {
        "Authorization": "Bearer canary",
        "api-key": "canary",
        "X-Api-Key": "canary",
        "Cookie": "canary=1",
        "OpenAI-Organization": "canary",
        "OpenAI-Beta": "canary",
    }
    play(framework, calling(extra_headers=headers), organization="org-canary", project="proj-canary")
    assert "canary" not in str(wire.last.headers)
    assert wire.last.headers["authorization"] == f"Bearer {KEY}"


def test_a_limit_is_shared_by_all_that_use_the_http_client() -> None:
    client = http_client(api_key=KEY, max_concurrency=2, base_url="http://127.0.0.1:1")
    assert client.boundary.limit._places.qsize() == 2
    client.close()


def test_the_http_client_may_be_used_by_itself(framework: Framework, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    body = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], "user": "somebody"}

    def script(client: Any) -> Generator[Any, Any, None]:
        answer = yield client._client.post(f"{OPENAI}/chat/completions", json=body)
        assert answer.json()["choices"][0]["message"]["content"] == "Hello."

    play(framework, script)
    assert wire.last.json["user_id"] == "somebody"


def test_closing_it_closes_what_is_below() -> None:
    below = httpx.Client()
    made = http_client(api_key=KEY, http_client=below)
    with made:
        assert made.is_closed is False
    assert below.is_closed is True
    assert made.is_closed is True

    async def main() -> None:
        below_async = httpx.AsyncClient()
        async with async_http_client(api_key=KEY, http_client=below_async) as made_async:
            assert made_async.is_closed is False
        assert below_async.is_closed is True

    asyncio.run(main())


def test_it_is_made_over_a_client_of_ours_only_once() -> None:
    with http_client(api_key=KEY) as made, http_client(api_key=KEY, http_client=made) as again:
        assert again.boundary.inner is made.boundary.inner


@pytest.mark.parametrize("name", ["sync", "async"])
def test_the_standin_may_serve_a_framework(name: str, wire: Wire) -> None:
    framework = Framework(name, wire)
    answer = play(framework, calling(), ours={"api_key": None, "standin": "without_key"})
    assert answer.choices[0].message.content
    assert wire.sent == []


def test_the_default_http_client_below_is_openais_own() -> None:
    with LocalServer(lambda _: reply(completion(content="Hello."))) as server:
        made = http_client(api_key=KEY, base_url=server.url)
        assert made.timeout == openai.DEFAULT_TIMEOUT
        assert made.follow_redirects is True
        with openai.OpenAI(api_key="sk-canary", http_client=made) as client:
            assert client.timeout == openai.DEFAULT_TIMEOUT
            ask(client)
    assert server.received[0].target == "/chat/completions"
    assert server.received[0].headers["authorization"] == f"Bearer {KEY}"
