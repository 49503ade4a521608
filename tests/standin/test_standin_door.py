"""The door: paths, keys, and the record of who came."""

from __future__ import annotations

import time

import pytest
from standin_helpers import CHAT, KEY, NOON, ask, body_of, standin

from zhipu_openai.standin import StandIn
from zhipu_openai.standin.service import default_service

SECRET = "0123456789abcdef.topsecret"


@pytest.mark.parametrize("root", ["/api/paas/v4", "/api/coding/paas/v4"])
def test_chat_and_models_are_served_under_both_roots(root: str) -> None:
    assert ask(standin(), path=f"{root}/chat/completions").status == 200
    assert standin().handle("GET", f"{root}/models", KEY, b"").status == 200


def test_models_are_listed_in_zhipus_shape() -> None:
    reply = standin().handle("GET", "/api/paas/v4/models?limit=3", KEY, b"")
    body = body_of(reply)
    assert list(body) == ["object", "data"]
    assert body["object"] == "list"
    assert [model["id"] for model in body["data"]] == [
        "glm-4.5", "glm-4.5-air", "glm-4.6", "glm-4.7", "glm-5", "glm-5-turbo", "glm-5.1", "glm-5.2",
        "glm-5.3", "glm-5.3-flash", "glm-5.3-flashx",
    ]  # fmt: skip
    assert body["data"][2] == {
        "id": "glm-4.6",
        "object": "model",
        "created": 1759276800,
        "owned_by": "z-ai",
    }
    assert list(body["data"][2]) == ["id", "object", "created", "owned_by"]
    assert all(isinstance(model["created"], int) for model in body["data"])


@pytest.mark.parametrize(
    ("method", "path", "shown"),
    [
        ("POST", "/api/paas/v4/v1/chat/completions", "/v4/v1/chat/completions"),
        ("POST", "/api/coding/paas/v4/v1/chat/completions", "/v4/v1/chat/completions"),
        ("POST", "/v1/chat/completions", "/v1/chat/completions"),
        ("GET", "/api/paas/v4/models/glm-4.6", "/v4/models/glm-4.6"),
        ("GET", CHAT, "/v4/chat/completions"),
        ("POST", CHAT + "/", "/v4/chat/completions/"),
        ("GET", "/", "/"),
    ],
)
@pytest.mark.parametrize("headers", [KEY, {}])
def test_an_unknown_path_is_404_in_the_form_of_zhipus_framework(
    method: str, path: str, shown: str, headers: dict[str, str]
) -> None:
    reply = standin().handle(method, path, headers, b"")
    assert (reply.status, body_of(reply)) == (
        404,
        {
            "timestamp": "2026-10-09T04:30:05.678+00:00",
            "status": 404,
            "error": "Not Found",
            "path": shown,
        },
    )


def test_without_a_key_the_code_is_1001() -> None:
    reply = standin().handle("POST", CHAT, {}, b"{}")
    text = "Header 中未收到 Authentication 参数，无法进行身份验证"
    assert (reply.status, body_of(reply)) == (401, {"error": {"code": "1001", "message": text}})
    reply = standin().handle("POST", CHAT, {"accept-language": "en-US,en"}, b"{}")
    assert body_of(reply)["error"]["message"] == "Authorization Token Missing"


@pytest.mark.parametrize(
    "given",
    [
        "Bearer half",
        "Bearer sk-0123456789.abc",
        "Bearer a.b.c.d",
        "Bearer .b",
        "Bearer a.",
        "Bearer ",
        "Basic a.b",
        "a.b",
        "Bearer a.b ",
        "Bearer 钥.匙",
    ],
)
def test_a_key_that_is_not_of_zhipus_form_is_refused(given: str) -> None:
    reply = standin().handle("POST", CHAT, {"AUTHORIZATION": given}, b"{}")
    assert (reply.status, body_of(reply)) == (
        401,
        {"error": {"code": "401", "message": "令牌已过期或验证不正确"}},
    )


@pytest.mark.parametrize(
    "given", ["Bearer a.b", f"Bearer {SECRET}", "Bearer eyJh-_.eyJi.c2ln", "Bearer standin.standin"]
)
def test_any_key_of_zhipus_form_and_any_token_is_let_in(given: str) -> None:
    assert standin().handle("GET", "/api/paas/v4/models", {"authorization": given}, b"").status == 200


def test_errors_have_the_recorded_headers() -> None:
    reply = standin().handle("POST", CHAT, {}, b"{}")
    vary = [value for name, value in reply.headers if name == "vary"]
    assert vary == ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"] * 2
    assert dict(reply.headers)["content-type"] == "application/json; charset=UTF-8"
    assert dict(reply.headers)["x-log-id"].startswith("20261009123005")


def test_every_request_is_recorded_without_its_key() -> None:
    service = standin()
    headers = {"Authorization": f"Bearer {SECRET}", "X-Api-Key": SECRET, "Cookie": SECRET, "Accept": "*/*"}
    service.handle("POST", CHAT + "?a=1", headers, b'{"model": "x"}')
    service.handle("GET", "/nowhere", {"Authorization": SECRET}, b"\x00")
    first, second = service.requests
    assert (first.method, first.path, first.authorized, first.json, first.time) == (
        "POST", CHAT + "?a=1", True, {"model": "x"}, NOON,
    )  # fmt: skip
    assert first.headers == {
        "authorization": "Bearer ***",
        "x-api-key": "***",
        "cookie": "***",
        "accept": "*/*",
    }
    assert (second.authorized, second.headers, second.json) == (False, {"authorization": "***"}, None)
    assert "topsecret" not in repr(service.requests) + repr(service) + repr(vars(service))


@pytest.mark.parametrize(
    ("keep", "kept"), [(0, []), (2, ["/1", "/2"]), (3, ["/0", "/1", "/2"]), (9, ["/0", "/1", "/2"])]
)
def test_only_the_latest_requests_are_remembered(keep: int, kept: list[str]) -> None:
    service = standin(keep=keep)
    for number in range(3):
        service.handle("GET", f"/{number}", KEY, b"")
    assert [request.path for request in service.requests] == kept
    with pytest.raises(ValueError, match="keep is a number of requests"):
        standin(keep=-1)


def test_the_repr_shows_region_and_quirks() -> None:
    assert repr(standin("arrears")) == "StandIn(region='cn', quirks=['arrears'])"


def test_the_clock_of_a_stand_in_is_the_machines_unless_given() -> None:
    service = StandIn()
    ask(service).read()
    assert abs(service.requests[0].time.timestamp() - time.time()) < 60


def test_a_process_has_one_default_stand_in() -> None:
    assert default_service() is default_service()
    assert default_service() is not StandIn()
