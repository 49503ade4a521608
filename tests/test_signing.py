"""Tokens of the older form."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai import signing
from zhipu_openai.signing import TokenSigner, sign, split_key

KEY = "0123456789abcdef0123456789abcdef.AbCdEfGhIjKlMnOp"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """RFC 2104, written out, so as not to check hmac with itself."""
    if len(key) > 64:
        key = hashlib.sha256(key).digest()
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()


def decode(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def test_header_and_claims_are_those_that_zhipu_documents() -> None:
    header, claims, _ = sign(KEY, now=1_700_000_000.25).split(".")
    assert decode(header) == b'{"alg":"HS256","sign_type":"SIGN"}'
    assert json.loads(decode(claims)) == {
        "api_key": "0123456789abcdef0123456789abcdef",
        "exp": 1_700_000_210_250,
        "timestamp": 1_700_000_000_250,
    }


def test_the_lifetime_is_in_seconds() -> None:
    claims = json.loads(decode(sign(KEY, now=0.0, lifetime=1.5).split(".")[1]))
    assert claims["exp"] - claims["timestamp"] == 1500


@given(st.from_regex(r"[0-9a-f]{1,32}\.[A-Za-z0-9]{1,100}", fullmatch=True))
def test_the_signature_is_an_hmac_of_header_and_claims_by_the_secret(key: str) -> None:
    token = sign(key, now=1_700_000_000.0)
    signed, _, signature = token.rpartition(".")
    secret = key.partition(".")[2]
    assert decode(signature) == hmac_sha256(secret.encode(), signed.encode())
    assert "=" not in token
    assert secret not in token or len(secret) < 8


def test_a_token_is_signed_with_the_present_by_default() -> None:
    first = json.loads(decode(sign(KEY).split(".")[1]))["timestamp"]
    second = json.loads(decode(sign(KEY).split(".")[1]))["timestamp"]
    assert 1_700_000_000_000 < first <= second


@pytest.mark.parametrize(
    "key", ["", "hunter2", "hunter2.", ".hunter2", "a.hunter2.b", "a.hunter 2", "a.hunter2\n", "é.hunter2"]
)
def test_another_form_of_key_is_refused_without_being_quoted(key: str) -> None:
    for use in (split_key, sign, TokenSigner().token):
        with pytest.raises(ValueError, match=r"id\.secret") as caught:
            use(key)
        assert "hunter2" not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize("lifetime", [0.0, -1.0, float("nan")])
def test_a_lifetime_must_be_positive(lifetime: float) -> None:
    with pytest.raises(ValueError, match="lifetime"):
        sign(KEY, lifetime=lifetime)


def test_a_signer_gives_the_same_token_for_three_minutes_and_then_another() -> None:
    clock = Clock()
    signer = TokenSigner(clock=clock)
    first = signer.token(KEY)
    assert first == sign(KEY, now=clock.now)
    clock.now += 179.9
    assert signer.token(KEY) == first
    clock.now += 0.2
    second = signer.token(KEY)
    assert second == sign(KEY, now=clock.now)
    assert second != first


def test_a_signer_signs_anew_when_the_clock_is_set_back() -> None:
    clock = Clock()
    signer = TokenSigner(clock=clock)
    first = signer.token(KEY)
    clock.now -= 60
    assert signer.token(KEY) != first


def test_a_signer_keeps_keys_apart_and_forgets_those_of_no_use() -> None:
    clock = Clock()
    signer = TokenSigner(clock=clock)
    tokens = {signer.token(f"{number}.secret") for number in range(200)}
    assert len(tokens) == 200
    assert len(signer._tokens) <= 64
    clock.now += 1000
    signer.token(KEY)
    assert list(signer._tokens) == [KEY]


def test_a_signer_reuses_for_less_than_the_lifetime() -> None:
    with pytest.raises(ValueError, match="reuse"):
        TokenSigner(lifetime=10.0, reuse=10.0)
    with pytest.raises(ValueError, match="reuse"):
        TokenSigner(reuse=-1.0)


def test_threads_that_come_at_once_share_one_token(monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[str] = []

    def sign_slowly(key: str, *, lifetime: float, now: float) -> str:
        # Long enough for the other threads to come in, were they let.
        time.sleep(0.02)
        signed.append(sign(key, lifetime=lifetime, now=now))
        return signed[-1]

    monkeypatch.setattr(signing, "sign", sign_slowly)
    signer = TokenSigner(clock=Clock())
    tokens: list[str] = []
    threads = [threading.Thread(target=lambda: tokens.append(signer.token(KEY))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(signed) == 1
    assert tokens == signed * 8


def test_a_signers_repr_shows_no_key() -> None:
    signer = TokenSigner()
    signer.token(KEY)
    assert "AbCdEfGhIjKlMnOp" not in repr(signer)
