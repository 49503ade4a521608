"""A walk over the installed openai: every method of every resource is called, and what it sends is kept.

The arguments are made up; all that is looked at is the method and the path of the request, before anything that
the answer would do. Ids are ``x``, so that a path can be compared with one written with a placeholder.
"""

from __future__ import annotations

import asyncio
import inspect
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import openai
from openai._resource import AsyncAPIResource, SyncAPIResource

from zhipu_openai.library import openai_library

if TYPE_CHECKING:
    from collections.abc import Iterator

httpx = openai_library().module
BASE = "https://openai.invalid/v1"

WRAPPERS = frozenset({"with_raw_response", "with_streaming_response"})

SENDS_NO_REQUEST = {
    "connect": "opens a websocket",
    "unwrap": "reads what it is given",
    "verify_signature": "reads what it is given",
    "for_result": "keeps what it is given",
    "prepare": "reads local files, then calls files.create",
    "prepare_directory": "reads local files, then calls prepare",
}
"""Methods that make no HTTP request of their own, and why."""

BY_METHOD: dict[str, dict[str, Any]] = {
    "client.responses.stream": {"model": "x", "input": "x"},
    "client.beta.agents.environments.files.create": {
        "environment_id": "x",
        "file_id": "x",
        "path": "x",
        "type": "file_id",
    },
    "client.beta.agents.environments.files.upload": {
        "environment_id": "x",
        "file": b"x",
        "path": "/workspace/x",
    },
}
"""Arguments of methods that want some of their parameters and not others."""

OF_EVERY_METHOD = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})
"""Parameters that are about the request as such."""

BY_NAME: dict[str, Any] = {
    "file": b"x",
    "image": b"x",
    "recording": b"x",
    "video": b"x",
    "audio_sample": b"x",
    "data": b"x",
    "files": [b"x"],
    "file_ids": ["x"],
    "filename": "x",
    "bytes": 1,
    "poll_interval_ms": 1,
}
"""Values for parameters whose text would be looked at before it is sent; any other is given ``x``."""

Operation = tuple[str, str]


class Walk:
    """What was found on one client.

    Attributes:
        operations: Method and path of each request, and the methods of openai that send it.
        silent: Methods that were called and sent nothing, with what stopped them.
        sent: What the method that is being called has sent.
    """

    def __init__(self) -> None:
        self.operations: dict[Operation, set[str]] = {}
        self.silent: dict[str, str] = {}
        self.sent: list[Operation] = []

    def answer(self, request: Any) -> Any:
        """Keep what is sent, and refuse it, so that nothing follows."""
        path = unquote(request.url.raw_path.decode()).partition("?")[0].removeprefix("/v1")
        self.sent.append((request.method, path))
        return httpx.Response(400, json={"error": {"message": "walked past"}})

    async def answer_async(self, request: Any) -> Any:
        """Keep what an async client sends."""
        return self.answer(request)

    def note(self, name: str, stopped_by: BaseException | None) -> None:
        """Note what a method has sent since the last note."""
        for operation in self.sent:
            self.operations.setdefault(operation, set()).add(name)
        if not self.sent:
            self.silent[name] = repr(stopped_by)
        self.sent.clear()


def walk() -> Walk:
    """Walk over the sync client."""
    found = Walk()
    below = httpx.Client(transport=httpx.MockTransport(found.answer))
    with warnings.catch_warnings(), openai.OpenAI(**_settings(openai.OpenAI), http_client=below) as client:
        warnings.simplefilter("ignore")
        for name, method in methods(client):
            _call(found, name, method)
    return found


def walk_async() -> Walk:
    """Walk over the async client."""
    found = Walk()

    async def main() -> None:
        below = httpx.AsyncClient(transport=httpx.MockTransport(found.answer_async))
        async with openai.AsyncOpenAI(**_settings(openai.AsyncOpenAI), http_client=below) as client:
            for name, method in methods(client):
                await _call_async(found, name, method)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asyncio.run(main())
    return found


def methods(client: Any) -> Iterator[tuple[str, Any]]:
    """Give every public method of every resource below a client, with its dotted name."""
    for name, resource in resources(client):
        for attribute, value in inspect.getmembers(type(resource)):
            if not attribute.startswith("_") and attribute not in SENDS_NO_REQUEST and callable(value):
                yield f"{name}.{attribute}", getattr(resource, attribute)


def resources(parent: Any, name: str = "client") -> Iterator[tuple[str, Any]]:
    """Give every resource below a client or a resource, whatever it is reached through."""
    for attribute, value in inspect.getmembers(type(parent)):
        reached = isinstance(value, (property, cached_property)) and not attribute.startswith("_")
        if not reached or attribute in WRAPPERS:
            continue
        resource = getattr(parent, attribute)
        if isinstance(resource, (SyncAPIResource, AsyncAPIResource)):
            yield f"{name}.{attribute}", resource
            yield from resources(resource, f"{name}.{attribute}")


def arguments(name: str, method: Any) -> Iterator[dict[str, Any]]:
    """Make up arguments, in the order in which they are tried: what a method cannot do without, then all it has."""
    if name in BY_METHOD:
        yield BY_METHOD[name]
    parameters = inspect.signature(method).parameters.values()
    named = [one for one in parameters if one.name not in OF_EVERY_METHOD]
    needed = [one.name for one in named if one.default is one.empty]
    yield {one: BY_NAME.get(one, "x") for one in needed}
    yield dict.fromkeys(needed, "x")
    yield {one.name: BY_NAME.get(one.name, "x") for one in named}


def _settings(cls: Any) -> dict[str, Any]:
    known = inspect.signature(cls).parameters
    keys = {name: "x" for name in ("api_key", "admin_api_key") if name in known}
    return {"base_url": BASE, "max_retries": 0, **keys}


def _call(found: Walk, name: str, method: Any) -> None:
    stopped_by: Exception | None = None
    for given in arguments(name, method):
        try:
            result = method(**given)
            if hasattr(result, "__enter__"):
                with result:
                    pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it stands in the report if nothing was sent
            stopped_by = error
        if found.sent:
            break
    found.note(name, stopped_by)


async def _call_async(found: Walk, name: str, method: Any) -> None:
    stopped_by: Exception | None = None
    for given in arguments(name, method):
        try:
            result = method(**given)
            if hasattr(result, "__aenter__"):
                async with result:
                    pass
            elif inspect.isawaitable(result):
                await result
        except Exception as error:  # noqa: BLE001 - as above
            stopped_by = error
        if found.sent:
            break
    found.note(name, stopped_by)
