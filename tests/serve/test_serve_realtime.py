"""Realtime over the server: openai's own client speaks with GLM-Realtime."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import httpx
from pydantic import SecretStr
from serve_helpers import application
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from zhipu_openai.serve import Access, ServedBoundary
from zhipu_openai.standin import StandIn, async_client

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "a-token-of-twenty-two"
HELLO: Any = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}


def served(**options: Any) -> ServedBoundary:
    """Serve on a stand-in of its own."""
    below = async_client(StandIn(), httpx)
    return ServedBoundary(application(**{"region": "standin", "http_client": below, **options}))


@pytest.fixture(scope="module")
def server() -> Iterator[ServedBoundary]:
    with served(on_adaptation="ignore") as running:
        yield running


def address(server: ServedBoundary, path: str = "/v1/realtime?model=glm-realtime") -> str:
    return server.origin.replace("http://", "ws://") + path


# openai opens its connection in a way that websockets has come to deprecate.
@pytest.mark.filterwarnings("ignore:connect.. must be used as a context manager:DeprecationWarning")
@pytest.mark.parametrize("dialect", ["ga", "beta"])
def test_openais_own_client_holds_a_conversation(server: ServedBoundary, dialect: str) -> None:
    sockets = address(server, "/v1")
    with openai.OpenAI(base_url=server.base_url, websocket_base_url=sockets, api_key="unused") as client:
        if dialect == "ga" and not hasattr(client, "realtime"):
            pytest.skip("this release of openai has the beta alone")
        if dialect == "beta" and not hasattr(client.beta, "realtime"):
            pytest.skip("this release of openai has no beta")
        resource: Any = client.realtime if dialect == "ga" else client.beta.realtime
        with resource.connect(model="gpt-realtime") as connection:
            connection.conversation.item.create(item=HELLO)
            connection.response.create()
            kinds = []
            for event in connection:
                kinds.append(event.type)
                if event.type == "response.done":
                    break
    assert kinds[0] == "session.created"
    spoken = (
        "response.output_audio_transcript.delta" if dialect == "ga" else "response.audio_transcript.delta"
    )
    assert spoken in kinds


def test_an_event_that_is_refused_is_answered_and_the_conversation_goes_on() -> None:
    with served(on_adaptation="error") as server, connect(address(server)) as socket:
        assert json.loads(socket.recv(10))["type"] == "session.created"
        prompt = {"type": "session.update", "event_id": "e1", "session": {"prompt": {"id": "pmpt_1"}}}
        socket.send(json.dumps(prompt))
        answers: list[Any] = [json.loads(socket.recv(10))]
        assert answers[-1]["type"] == "error", answers
        assert answers[-1]["error"]["event_id"] == "e1"
        socket.send(json.dumps({"type": "conversation.item.create", "item": HELLO}))
        assert json.loads(socket.recv(10))["type"].startswith("conversation.item.")


def refused(server: ServedBoundary, path: str = "/v1/realtime?model=a", **options: Any) -> tuple[int, Any]:
    with pytest.raises(InvalidStatus) as raised, connect(address(server, path), **options):
        pass
    response = raised.value.response
    assert response.body is not None
    return response.status_code, json.loads(response.body)["error"]["code"]


@pytest.mark.parametrize("path", ["/v1/responses", "/realtime", "/v1/realtime/../x", "/v1/realtime/calls"])
def test_other_websockets_are_refused(server: ServedBoundary, path: str) -> None:
    status, _ = refused(server, path)
    assert status in (400, 404)


def test_pages_and_other_hosts_are_refused(server: ServedBoundary) -> None:
    assert refused(server, origin="https://evil.example") == (403, "origin_not_allowed")
    assert refused(server, additional_headers={"Sec-Fetch-Site": "cross-site"}) == (403, "origin_not_allowed")


def test_what_zhipu_has_not_is_refused_before_the_connection(server: ServedBoundary) -> None:
    assert refused(server, "/v1/realtime?call_id=x")[0] == 400
    assert refused(server, "/v1/realtime?model=a&intent=transcription")[0] == 400


def test_with_a_token_a_page_gives_it_by_subprotocol() -> None:
    access = Access(token=SecretStr(TOKEN), origins=frozenset({"https://app.example"}))
    with served(access=access, on_adaptation="ignore") as server:
        assert refused(server) == (401, "invalid_api_key")
        offered: Any = ["realtime", f"openai-insecure-api-key.{TOKEN}", "openai-beta.realtime-v1"]
        with connect(address(server), origin="https://app.example", subprotocols=offered) as socket:  # type: ignore[arg-type]  # a name of its own for a text
            assert socket.subprotocol == "realtime"
            assert json.loads(socket.recv(10))["type"] == "session.created"
