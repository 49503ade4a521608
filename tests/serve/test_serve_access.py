"""Who may ask: tokens, names of this machine, and pages of browsers."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import COMPLETION, Wire
from pydantic import SecretStr
from serve_helpers import QUESTION, ask, error_of, head, raw, served

from zhipu_openai.serve import Access
from zhipu_openai.serve.access import KEY_IN_SUBPROTOCOL

TOKEN = "a-token-of-twenty-two"
WITH_TOKEN = Access(token=SecretStr(TOKEN))
PAGE = "https://app.example"


def headers(**given: str) -> list[tuple[bytes, bytes]]:
    """Write headers as ASGI has them, with a Host of this machine."""
    pairs = {"host": "localhost:8787", **{name.replace("_", "-"): value for name, value in given.items()}}
    return [(name.encode(), value.encode()) for name, value in pairs.items()]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8787",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.9.9.9",
        "[::1]",
        "[::1]:8787",
    ],
)
def test_names_of_this_machine_will_do(host: str) -> None:
    assert Access().refuse(headers(host=host)) is None


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 403),
        ("evil.example:8787", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("192.168.1.7", 403),
        ("0.0.0.0", 403),  # noqa: S104 - the point of the test
        ("[::]", 403),
        ("[::ffff:192.168.1.7]", 403),
        ("127.0.0.1@evil.example", 400),
        ("localhost, evil.example", 400),
        ("", 400),
    ],
)
def test_other_names_are_refused(host: str, status: int) -> None:
    answer = Access().refuse(headers(host=host))
    assert answer is not None
    assert answer.status == status


def test_a_request_without_a_name_or_with_two_is_refused() -> None:
    for given in ([], [*headers(), *headers()]):
        answer = Access().refuse(given)
        assert answer is not None
        assert answer.status == 400


def test_a_name_can_be_allowed_and_the_check_left_out() -> None:
    named = Access(hosts=frozenset({"desk.lan"}))
    assert named.refuse(headers(host="Desk.lan:8787")) is None
    assert named.refuse(headers(host="other.lan")) is not None
    assert Access(any_host=True).refuse(headers(host="other.lan")) is None


@pytest.mark.parametrize(
    "given",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": f"{PAGE}.evil.example"},
        {"origin": f"{PAGE}:444"},
        {"origin": f"{PAGE}, https://evil.example"},
    ],
)
def test_pages_of_other_origins_are_refused(given: dict[str, str]) -> None:
    for access in (Access(), Access(origins=frozenset({PAGE}))):
        answer = access.refuse(headers(**given))
        assert answer is not None
        assert (answer.status, answer.body["error"]["code"]) == (403, "origin_not_allowed")


def test_a_page_may_be_allowed_and_a_person_needs_no_leave() -> None:
    assert Access(origins=frozenset({PAGE})).refuse(headers(origin=PAGE, sec_fetch_site="cross-site")) is None
    assert Access().refuse(headers(sec_fetch_site="none")) is None
    everyone = Access(token=SecretStr(TOKEN), origins=frozenset({"*"}))
    assert everyone.refuse(headers(origin=PAGE)) is None
    assert everyone.refuse(headers(origin="null")) is not None


@pytest.mark.parametrize(
    "origin", ["app.example", "https://app.example/", "https://", "", "https://a b", "null"]
)
def test_what_is_no_origin_cannot_be_allowed(origin: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        Access(origins=frozenset({origin}))


def test_every_page_may_ask_only_with_a_token() -> None:
    with pytest.raises(ValueError, match="token"):
        Access(origins=frozenset({"*"}))


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer ü",
    ],
)
def test_without_the_token_nothing_is_served(credentials: str | None) -> None:
    given = headers() if credentials is None else headers(authorization=credentials)
    answer = WITH_TOKEN.refuse_key(given)
    assert answer is not None
    assert (answer.status, answer.body["error"]["code"]) == (401, "invalid_api_key")
    assert TOKEN not in str(answer)


def test_with_the_token_once_it_is_and_without_one_any_key_will_do() -> None:
    assert WITH_TOKEN.refuse_key(headers(authorization=f"bearer {TOKEN}")) is None
    twice = [*headers(authorization=f"Bearer {TOKEN}"), (b"authorization", b"Bearer other")]
    assert WITH_TOKEN.refuse_key(twice) is not None
    assert Access().refuse_key(headers(authorization="Bearer anything")) is None
    assert Access().refuse_key(headers()) is None


def test_a_websocket_gives_the_token_by_header_or_by_subprotocol() -> None:
    assert WITH_TOKEN.refuse_socket(headers(), ["realtime", f"{KEY_IN_SUBPROTOCOL}{TOKEN}"]) is None
    assert WITH_TOKEN.refuse_socket(headers(authorization=f"Bearer {TOKEN}"), ["realtime"]) is None
    assert WITH_TOKEN.refuse_socket(headers(), ["realtime", f"{KEY_IN_SUBPROTOCOL}x"]) is not None
    assert WITH_TOKEN.refuse_socket(headers(), []) is not None


def test_rules_do_not_show_their_token() -> None:
    assert TOKEN not in repr(WITH_TOKEN)


def test_over_a_socket_the_rules_hold_and_zhipu_is_not_asked(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire, access=WITH_TOKEN) as server:
        assert ask(server, body=QUESTION).headers["www-authenticate"].startswith("Bearer")
        assert ask(server, "GET", "/elsewhere").status_code == 401
        assert ask(server, body=QUESTION, headers={"Origin": "https://evil.example"}).status_code == 403
        assert error_of(raw(server, head("GET", "/v1/models", host="evil.example")))[0] == 403
        assert error_of(raw(server, head("GET", "/healthz", host="evil.example")))[0] == 403
        assert wire.sent == []
        right = {"Authorization": f"Bearer {TOKEN}"}
        assert ask(server, body=QUESTION, headers=right).status_code == 200
    assert TOKEN not in str(wire.last.headers)


def test_an_allowed_page_gets_its_leave_on_every_answer(wire: Wire) -> None:
    wire.reply(COMPLETION)
    access = Access(token=SecretStr(TOKEN), origins=frozenset({PAGE}))
    asking = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
        "Access-Control-Request-Private-Network": "true",
    }
    with served(wire, access=access) as server:
        preflight = ask(server, "OPTIONS", "/v1/chat/completions", headers=asking)
        refused = ask(server, body=QUESTION, headers={"Origin": PAGE})
        answered = ask(server, body=QUESTION, headers={"Origin": PAGE, "Authorization": f"Bearer {TOKEN}"})
        foreign = ask(server, "OPTIONS", "/v1/models", headers={**asking, "Origin": "https://evil.example"})
        plain = ask(server, body=QUESTION, headers={"Authorization": f"Bearer {TOKEN}"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == asking["Access-Control-Request-Headers"]
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-private-network"] == "true"
    for answer, status in ((preflight, 204), (refused, 401), (answered, 200)):
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "Origin" in answer.headers["vary"]
    assert "x-zhipu-adaptations" in answered.headers["access-control-expose-headers"]
    for other in (foreign, plain):
        assert not [name for name in other.headers if name.startswith("access-control-")]
    assert foreign.status_code == 403
    assert plain.headers["vary"] == "Origin"


def test_without_cors_there_is_no_leave_at_all(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire) as server:
        answers: list[Any] = [ask(server, body=QUESTION), ask(server, "OPTIONS", "/v1/models")]
    assert [answer.status_code for answer in answers] == [200, 405]
    assert not [name for one in answers for name in one.headers if name.startswith("access-control-")]
