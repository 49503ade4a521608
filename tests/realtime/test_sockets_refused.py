"""Every websocket that the installed openai can open: to Zhipu's realtime service, or refused before it is opened."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import socket
from functools import cached_property
from typing import TYPE_CHECKING, Any

import openai
import pytest
from openai._resource import AsyncAPIResource, SyncAPIResource

from zhipu_openai import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "0123456789abcdef0123456789abcdef.ABCDEFGHIJKLMNOP"
SERVED = frozenset({"realtime", "beta.realtime"})
WRAPPERS = frozenset({"with_raw_response", "with_streaming_response"})


def resources(owner: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walk over the resources of a client, with their paths."""
    for name in sorted(
        name
        for name, member in inspect.getmembers(type(owner))
        if isinstance(member, cached_property) and name not in WRAPPERS and not name.startswith("_")
    ):
        try:
            found = getattr(owner, name)
        except AttributeError:
            continue  # newer than the installed openai
        if isinstance(found, (SyncAPIResource, AsyncAPIResource)):
            yield f"{path}{name}", found
            yield from resources(found, f"{path}{name}.")


def paths_of_sockets(client: Any) -> set[str]:
    return {path for path, found in resources(client) if hasattr(found, "connect")}


def arguments_of(connect: Any) -> dict[str, str]:
    """Make up what a call needs."""
    return {
        name: "x"
        for name, one in inspect.signature(connect).parameters.items()
        if one.default is inspect.Parameter.empty and one.kind is not inspect.Parameter.VAR_KEYWORD
    }


def resource_of(client: Any, path: str) -> Any:
    for name in path.split("."):
        client = getattr(client, name)
    return client


REFUSED = sorted(paths_of_sockets(openai.OpenAI(api_key="sk-x")) - SERVED)


@pytest.fixture(params=[OpenAI, AsyncOpenAI])
def client(request: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client that cannot open a socket."""

    def deny(*_: Any, **__: Any) -> Any:
        raise AssertionError("a socket was opened")

    made = request.param(api_key=KEY)
    monkeypatch.setattr(socket, "create_connection", deny)
    monkeypatch.setattr(socket.socket, "connect", deny)
    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", deny)
    return made


def test_the_walk_finds_what_openai_has() -> None:
    assert paths_of_sockets(OpenAI(api_key=KEY)) == paths_of_sockets(openai.OpenAI(api_key="sk-x"))
    assert paths_of_sockets(AsyncOpenAI(api_key=KEY)) == paths_of_sockets(openai.AsyncOpenAI(api_key="sk-x"))
    assert "beta.realtime" in paths_of_sockets(OpenAI(api_key=KEY))


def test_no_connect_in_openais_modules_is_missed_by_the_walk() -> None:
    reached = {
        base
        for plain in (openai.OpenAI(api_key="sk-x"), openai.AsyncOpenAI(api_key="sk-x"))
        for _, found in resources(plain)
        for base in type(found).__mro__
    }
    defined = {
        member
        for module in pkgutil.walk_packages(openai.resources.__path__, "openai.resources.")
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        if "connect" in vars(member)
    }
    assert defined
    assert defined <= reached


@pytest.mark.parametrize("path", REFUSED)
def test_a_websocket_that_zhipu_does_not_serve_is_refused_with_a_reason(client: Any, path: str) -> None:
    resource = resource_of(client, path)
    with pytest.raises(openai.BadRequestError, match="Zhipu") as caught:
        resource.connect(**arguments_of(resource.connect))
    assert caught.value.code == "unsupported_operation"
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value.request.headers)


@pytest.mark.parametrize("path", REFUSED)
def test_a_copy_of_the_client_refuses_too(client: Any, path: str) -> None:
    resource = resource_of(client.with_options(timeout=1), path)
    with pytest.raises(openai.BadRequestError):
        resource.connect(**arguments_of(resource.connect))


@pytest.mark.parametrize("path", REFUSED)
def test_the_refusing_resource_is_openais_own_in_all_else(client: Any, path: str) -> None:
    plain_client = openai.OpenAI if isinstance(client, OpenAI) else openai.AsyncOpenAI
    plain = resource_of(plain_client(api_key="sk-x"), path)
    made = resource_of(client, path)
    assert isinstance(made, type(plain))
    assert inspect.signature(made.connect) == inspect.signature(plain.connect)
    assert made is resource_of(client, path)
    with pytest.raises(TypeError, match="modell"):
        made.connect(**arguments_of(made.connect), modell="x")


def test_responses_over_http_are_served_as_before() -> None:
    client = OpenAI(region="standin")
    assert client.responses.create(model="glm-5.2", input="Hi").output_text
    assert client.responses.with_raw_response.create(model="glm-5.2", input="Hi").parse().output_text


@pytest.mark.skipif(hasattr(openai.OpenAI, "live"), reason="this openai has live sessions")
def test_a_release_without_live_sessions_has_no_such_attribute() -> None:
    assert not hasattr(OpenAI(api_key=KEY), "live")
