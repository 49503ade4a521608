"""A wire that answers what a test says, and both sides of the client on it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any

import hypothesis
import openai
import pytest
from live import options

from zhipu_openai import adaptation
from zhipu_openai.client import AsyncOpenAI, OpenAI
from zhipu_openai.library import openai_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    options.configure(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    options.choose(config, items)


@pytest.fixture(scope="session")
def live(request: pytest.FixtureRequest) -> Any:
    """The run that ``--live`` began; see ``live.options.Live``."""
    return request.config.pluginmanager.get_plugin(options.PLUGIN)


KEY = "0123456789abcdef0123456789abcdef.SecretSecretSecr"
"""A made-up key of the form that Zhipu's have."""

httpx = openai_library().module
"""httpx or httpx2, whichever the installed openai is built on."""

COMPLETION: dict[str, Any] = {
    "choices": [
        {"finish_reason": "stop", "index": 0, "message": {"content": "Hello.", "role": "assistant"}},
    ],
    "created": 1780000000,
    "id": "20260529043320aabbccddeeff0011",
    "model": "glm-5.2",
    "object": "chat.completion",
    "request_id": "20260529043320aabbccddeeff0011",
    "usage": {
        "completion_tokens": 3,
        "completion_tokens_details": {"reasoning_tokens": 0},
        "prompt_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 0},
        "total_tokens": 10,
    },
}
"""A completion in the shape of the recorded ones."""


def completion(**message: Any) -> dict[str, Any]:
    """Make a completion with this message; ``finish_reason`` may be among the arguments."""
    reason = message.pop("finish_reason", "tool_calls" if "tool_calls" in message else "stop")
    choice = {"finish_reason": reason, "index": 0, "message": {"role": "assistant", **message}}
    return {**COMPLETION, "choices": [choice]}


def chunk(delta: dict[str, Any], finish_reason: str | None = None, **top: Any) -> dict[str, Any]:
    """Make a chunk as Zhipu sends it: no finish_reason key until the last."""
    choice: dict[str, Any] = {"index": 0, "delta": delta}
    if finish_reason is not None:
        choice = {"index": 0, "finish_reason": finish_reason, "delta": delta}
    head = {"id": COMPLETION["id"], "created": COMPLETION["created"], "object": "chat.completion.chunk"}
    return {**head, "model": "glm-5.2", "choices": [choice], **top}


def sse(*events: Any, done: bool = True) -> bytes:
    """Encode events as Zhipu does; bytes and text pass as the data of an event."""
    lines = [event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events]
    if done:
        lines.append("[DONE]")
    return "".join(f"data: {line}\n\n" for line in lines).encode()


def text_stream(*pieces: str, reasoning: Iterable[str] = (), finish_reason: str = "stop") -> bytes:
    """Make the stream of an answer that thinks, if it does, and then speaks."""
    return sse(
        *(chunk({"role": "assistant", "reasoning_content": piece}) for piece in reasoning),
        *(chunk({"role": "assistant", "content": piece}) for piece in pieces),
        chunk({"role": "assistant", "content": ""}, finish_reason, usage=COMPLETION["usage"]),
    )


class Sent:
    """A request as it went out."""

    def __init__(self, request: Any) -> None:
        self.method: str = request.method
        self.url = str(request.url)
        self.headers: dict[str, str] = dict(request.headers)
        self.content: bytes = request.content

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.content)


class Wire:
    """What stands where Zhipu would: gives the replies a test has laid out, and keeps what was sent.

    The last reply is given again and again.
    """

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self._replies: deque[Callable[[Any], Any]] = deque()

    def reply(self, body: Any = None, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Lay out a reply: JSON for a dict or list, an event stream for bytes (unless headers say otherwise)."""
        kind = (
            "text/event-stream;charset=UTF-8"
            if isinstance(body, bytes)
            else "application/json; charset=UTF-8"
        )
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        merged = {"content-type": kind, "x-log-id": "20260529043320logloglog00", **(headers or {})}
        self._replies.append(lambda _: httpx.Response(status, headers=merged, content=content))

    def reply_with(self, make: Callable[[Any], Any]) -> None:
        """Lay out a reply that a function makes of the request."""
        self._replies.append(make)

    def handle(self, request: Any) -> Any:
        """Answer a request."""
        request.read()
        return self._answer(request)

    async def handle_async(self, request: Any) -> Any:
        """Answer a request of the async client."""
        await request.aread()
        return self._answer(request)

    def _answer(self, request: Any) -> Any:
        self.sent.append(Sent(request))
        make = self._replies.popleft() if len(self._replies) > 1 else self._replies[0]
        return make(request)

    @property
    def last(self) -> Sent:
        """The latest request."""
        return self.sent[-1]


class SyncSide:
    """The sync client on the wire."""

    name = "sync"

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def client(self, **options: Any) -> OpenAI:
        """Make a client on the wire."""
        below = httpx.Client(transport=httpx.MockTransport(self.wire.handle), follow_redirects=True)
        return OpenAI(**{"api_key": KEY, "http_client": below, **options})

    def run(self, work: Callable[[Any], Any], **options: Any) -> Any:
        """Run some work with a client, and close it."""
        with self.client(**options) as client:
            return work(client)

    def create(self, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
        """Ask for a completion; with stream=True, give the list of its chunks."""

        def work(made: Any) -> Any:
            answer = made.chat.completions.create(**_asked(arguments))
            return list(answer) if arguments.get("stream") else answer

        return self.run(work, **(client or {}))

    def final(self, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
        """Ask through ``.stream()`` and give the final completion."""

        def work(made: Any) -> Any:
            with made.chat.completions.stream(**_asked(arguments)) as stream:
                return stream.get_final_completion()

        return self.run(work, **(client or {}))

    def parse(self, **arguments: Any) -> Any:
        """Ask through ``.parse()``."""
        return self.run(lambda made: made.chat.completions.parse(**_asked(arguments)))


class AsyncSide(SyncSide):
    """The async client on the wire, driven from tests that are not async."""

    name = "async"

    def client(self, **options: Any) -> Any:
        """Make a client on the wire."""
        below = httpx.AsyncClient(
            transport=httpx.MockTransport(self.wire.handle_async), follow_redirects=True
        )
        return AsyncOpenAI(**{"api_key": KEY, "http_client": below, **options})

    def run(self, work: Callable[[Any], Any], **options: Any) -> Any:
        """Run some work, awaiting what it gives, and close the client."""

        async def main() -> Any:
            async with self.client(**options) as client:
                return await work(client)

        return asyncio.run(main())

    def create(self, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
        async def work(made: Any) -> Any:
            answer = await made.chat.completions.create(**_asked(arguments))
            return [piece async for piece in answer] if arguments.get("stream") else answer

        return self.run(work, **(client or {}))

    def final(self, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
        async def work(made: Any) -> Any:
            async with made.chat.completions.stream(**_asked(arguments)) as stream:
                return await stream.get_final_completion()

        return self.run(work, **(client or {}))


def _asked(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"model": "glm-5.2", "messages": [{"role": "user", "content": "Hi"}], **arguments}


@pytest.fixture
def wire() -> Wire:
    """A wire with nothing laid out."""
    return Wire()


@pytest.fixture(params=["sync", "async"])
def side(request: pytest.FixtureRequest, wire: Wire) -> SyncSide:
    """Each of the two clients in turn, on the wire."""
    return SyncSide(wire) if request.param == "sync" else AsyncSide(wire)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds openai would have waited before its retries; it does not wait."""
    recorded: list[float] = []
    calculate = openai._base_client.BaseClient._calculate_retry_timeout

    def record(self: Any, *args: Any, **kwargs: Any) -> float:
        recorded.append(calculate(self, *args, **kwargs))
        return 0.0

    monkeypatch.setattr(openai._base_client.BaseClient, "_calculate_retry_timeout", record)
    return recorded


@pytest.fixture(autouse=True)
def _clean_slate(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
    """No key, no proxy and no .env of the machine reaches a test; every adaptation may warn again."""
    import os

    for name in list(os.environ):
        if name.startswith(("OPENAI_", "AZURE_OPENAI", "ZHIPU", "ZAI_", "Z_AI_", "BIGMODEL_", "GLM_")):
            monkeypatch.delenv(name)
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    adaptation.reset_announcements()
    yield
    adaptation.reset_announcements()


@pytest.fixture
def quietly(recwarn: pytest.WarningsRecorder) -> pytest.WarningsRecorder:
    """Collect warnings rather than fail on them."""
    import warnings

    warnings.simplefilter("always", adaptation.ZhipuAdaptationWarning)
    return recwarn


@pytest.fixture(params=["sync", "async"])
def theirs(request: pytest.FixtureRequest, wire: Wire) -> Any:
    """Each of openai's own two clients in turn, on the wire, which answers with a completion."""
    from zero_lines.openai_sides import AsyncOpenAISide, OpenAISide

    wire.reply(completion(content="Hello."))
    return OpenAISide(wire) if request.param == "sync" else AsyncOpenAISide(wire)


@pytest.fixture
def openai_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A key of Zhipu's in the environment, and openai as it was when the test ends."""
    import zhipu_openai

    monkeypatch.setenv("ZAI_API_KEY", KEY)
    yield
    zhipu_openai.uninstall()
    openai._reset_client()


@pytest.fixture
def installed(request: pytest.FixtureRequest) -> Any:
    """Openai's clients are served by Zhipu."""
    import zhipu_openai

    request.getfixturevalue("openai_as_it_was")
    return zhipu_openai.install()
