"""``auth="jwt"``: what stands in the Authorization header, and that it is a token Zhipu would take."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, completion, text_stream
from scripts import ask, collect, play

from zhipu_openai.client import OpenAI, http_client
from zhipu_openai.signing import LIFETIME, sign

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import Sent, SyncSide, Wire

KEY_ID, SECRET = KEY.split(".")
OTHER_KEY = "fedcba9876543210fedcba9876543210.OtherSecretOther"


def decoded(segment: str) -> Any:
    """Decode one part of a token."""
    return json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))


def check_token(sent: Sent, key: str = KEY) -> dict[str, Any]:
    """Check the signature and the form of the token that was sent, and give its claims."""
    scheme, _, token = sent.headers["authorization"].partition(" ")
    key_id, secret = key.split(".")
    assert scheme == "Bearer"
    header, claims, signature = token.split(".")
    expected = hmac.new(secret.encode(), f"{header}.{claims}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(expected).rstrip(b"=").decode() == signature
    assert decoded(header) == {"alg": "HS256", "sign_type": "SIGN"}
    told: dict[str, Any] = decoded(claims)
    assert told["api_key"] == key_id
    assert secret not in str(sent.headers)
    return told


def test_a_signed_token_goes_out_instead_of_the_key(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    before = time.time() * 1000
    side.create(client={"auth": "jwt"})
    claims = check_token(wire.last)
    after = time.time() * 1000
    assert before - 1 <= claims["timestamp"] <= after + 1
    assert claims["exp"] - claims["timestamp"] == LIFETIME * 1000


def test_the_environment_may_ask_for_it(side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIPU_AUTH", "jwt")
    wire.reply(completion(content="Hello."))
    side.create()
    check_token(wire.last)


def test_every_kind_of_request_is_signed_and_a_token_is_used_again(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))
    wire.reply(text_stream("Hello."))
    wire.reply({"done": True})

    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client)
        yield collect((yield ask(client, stream=True)))
        yield client.post("/knowledge", body={"a": 1}, cast_to=object)

    play(side, script, auth="jwt")
    for sent in wire.sent:
        check_token(sent)
    assert len({sent.headers["authorization"] for sent in wire.sent}) == 1


def test_a_copy_signs_too_and_another_key_has_another_token(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        yield ask(client.with_options(timeout=3.0))
        client.api_key = OTHER_KEY
        yield ask(client)

    play(side, script, auth="jwt")
    check_token(wire.sent[0])
    check_token(wire.sent[1], OTHER_KEY)


def test_a_token_that_is_signed_already_goes_out_as_it_is(side: SyncSide, wire: Wire) -> None:
    token = sign(KEY)
    wire.reply(completion(content="Hello."))

    def script(client: Any) -> Generator[Any, Any, None]:
        client.api_key = token
        yield ask(client)

    play(side, script, auth="jwt")
    assert wire.last.headers["authorization"] == f"Bearer {token}"


def test_an_http_client_for_frameworks_signs_too(wire: Wire) -> None:
    from conftest import httpx

    wire.reply(completion(content="Hello."))
    below = httpx.Client(transport=httpx.MockTransport(wire.handle))
    made = http_client(api_key=KEY, auth="jwt", http_client=below)
    with openai.OpenAI(api_key="sk-canary", http_client=made) as client:
        ask(client)
    check_token(wire.last)


def test_a_key_of_another_form_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"id\.secret"):
        OpenAI(api_key="no-dot-in-it", auth="jwt")


@pytest.mark.parametrize("key", ["no-dot-in-it", "only-an-id."])
def test_a_key_of_another_form_that_is_set_later_sends_nothing(
    side: SyncSide, wire: Wire, waits: list[float], key: str
) -> None:
    def script(client: Any) -> Generator[Any, Any, None]:
        client.api_key = key
        with pytest.raises(openai.AuthenticationError, match=r"id\.secret") as caught:
            yield ask(client)
        assert key not in str(caught.value)

    play(side, script, auth="jwt")
    assert wire.sent == []
    assert waits == []
