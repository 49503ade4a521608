"""OpenAI's secrets on the wire of every method there is, and Zhipu's in whatever a program may print of a client."""

from __future__ import annotations

import copy
import pprint
import warnings
from contextlib import suppress

import openai
import pytest
import sdk_walk
from conftest import KEY, SyncSide, Wire

from zhipu_openai import OpenAI

CANARIES = {
    "OPENAI_API_KEY": "sk-canary",
    "OPENAI_ADMIN_KEY": "sk-admin-canary",
    "OPENAI_ORG_ID": "org-canary",
    "OPENAI_PROJECT_ID": "proj-canary",
    "OPENAI_WEBHOOK_SECRET": "whsec-canary",
    "OPENAI_BASE_URL": "https://canary.example/v1",
    "OPENAI_CUSTOM_HEADERS": "X-Canary: canary\nAuthorization: Bearer sk-canary\nCookie: canary=1",
}


@pytest.mark.parametrize("auth", ["bearer", "jwt"])
def test_no_method_of_any_resource_sends_anything_of_openais(
    monkeypatch: pytest.MonkeyPatch, wire: Wire, auth: str
) -> None:
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)
    wire.reply({"error": {"message": "walked past", "code": "1210"}}, status=400)
    reached = set()
    with warnings.catch_warnings(), SyncSide(wire).client(auth=auth, max_retries=0) as client:
        warnings.simplefilter("ignore")
        for name, method in sdk_walk.methods(client):
            for arguments in sdk_walk.arguments(name, method):
                before = len(wire.sent)
                # The arguments are made up; what counts is what was sent.
                with suppress(
                    openai.OpenAIError, TypeError, ValueError, RuntimeError, OSError, AttributeError
                ):
                    method(**arguments)
                if len(wire.sent) > before:
                    reached.add(name)
                    break
    assert len(reached) > 50
    for sent in wire.sent:
        assert sent.url.startswith(("https://open.bigmodel.cn/api/", "https://bigmodel.cn/"))
        assert "canary" not in f"{sent.url} {sent.headers} {sent.content!r}".lower()
        if auth == "jwt":
            assert KEY.partition(".")[2] not in f"{sent.url} {sent.headers} {sent.content!r}"


def test_no_dump_of_a_clients_attributes_shows_the_key() -> None:
    with (
        OpenAI(api_key=KEY) as client,
        client.copy(timeout=1) as copied,
        client.with_options(max_retries=1) as other,
    ):
        for one in (client, copied, other):
            assert one.api_key == KEY
            for shown in (
                repr(vars(one)),
                pprint.pformat(vars(one)),
                repr(one),
                str(one.settings),
                repr(one.chat),
                repr(vars(one._client)),
                repr(vars(one._setup)) if hasattr(one._setup, "__dict__") else repr(one._setup),
                repr(copy.copy(one.settings)),
                repr(copy.deepcopy(one.settings)),
            ):
                assert KEY.partition(".")[2] not in shown


def test_the_key_of_an_attribute_is_a_text_like_any_other() -> None:
    with OpenAI(api_key=KEY) as client:
        assert f"{client.api_key}" == str(client.api_key) == KEY
        assert client.auth_headers == {"Authorization": f"Bearer {KEY}"}
