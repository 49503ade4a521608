"""Which paths there are, and that none leads to another place than Zhipu's base URL."""

from __future__ import annotations

import pytest
from conftest import COMPLETION, Wire
from serve_helpers import ZHIPU, error_of, head, raw, served

from zhipu_openai.serve.paths import below_root
from zhipu_openai.serve.refusals import RefusedHere


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/v1/models", "/models"),
        ("/v1//models", "/models"),
        ("/v1/models/", "/models"),
        ("/v1/models/org%2Fname", "/models/org%2Fname"),
        ("/v1/files/file-1/content", "/files/file-1/content"),
        ("/v1/models/a..b", "/models/a..b"),
        ("/v1/models/%E6%99%BA", "/models/%E6%99%BA"),
        ("/v1/v1/models", "/v1/models"),
    ],
)
def test_what_is_below_v1_keeps_its_writing(path: str, below: str) -> None:
    assert below_root(path, "a=1&b=%20") == (below, "a=1&b=%20")


NOT_FOUND = [
    "/",
    "/v1",
    "/v1/",
    "/v1/v2/..",
    "/v2/models",
    "/v1x/models",
    "/models",
    "//evil.example/v1",
    "/V1/models",
]
HOSTILE = [
    "http://evil.example/v1/models",
    "https://open.bigmodel.cn/v1/models",
    "*",
    "evil.example:443",
    "/v1/../admin",
    "/v1/./models",
    "/v1/a/../../b",
    "/v1/%2e%2e/admin",
    "/v1/%2E./admin",
    "/v1/%252e%252e/admin",
    "/v1/%25252e%25252e%25252f",
    "/v1/..%2fadmin",
    "/v1/a%2f..%2f..%2fb",
    "/v1/..%5cadmin",
    "/v1/..;/admin",
    "/v1/..;a=b/admin",
    "/v1/a//evil.example",
    "/v1/a%2f%2fb",
    "/v1/%00",
    "/v1/a%0d%0aHost:evil.example",
    "/v1/%20",
    "/v1/a\\..\\b",
    "/v1/a#b",
    "/v1/a%zz",
    "/v1/a%",
    "/v1/é",
    "/v1/file:///etc/passwd",
    "/v1/%2525252525252e",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_what_may_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(RefusedHere) as refused:
        below_root(path, "")
    assert refused.value.answer.status == 400


@pytest.mark.parametrize("path", [path for path in NOT_FOUND if ".." not in path])
def test_what_is_not_below_v1_is_not_there(path: str) -> None:
    with pytest.raises(RefusedHere) as refused:
        below_root(path, "")
    assert refused.value.answer.status == 404
    assert "/v1" in refused.value.answer.body["error"]["message"]


@pytest.mark.parametrize("query", ["a=b#c", "a= b", "a=\x7f", "a=%zz", "é"])
def test_a_query_that_is_none_is_refused(query: str) -> None:
    with pytest.raises(RefusedHere):
        below_root("/v1/models", query)


def test_over_a_socket_nothing_but_the_base_url_is_ever_asked(wire: Wire) -> None:
    wire.reply(COMPLETION)
    with served(wire) as server:
        for path in [*HOSTILE, *NOT_FOUND]:
            for method in ("GET", "POST", "DELETE", "CONNECT"):
                status, _ = error_of(raw(server, head(method, path, "Content-Length: 0")))
                assert status in (400, 404, 405), (method, path)
        assert wire.sent == []
        for path in [
            "/v1/rerank",
            "/v1/models/org%2Fname",
            "/v1//x@evil.example",
            "/v1/http:/evil.example",
            "/v1/:80",
        ]:
            raw(server, head("GET", path))
        raw(server, head("GET", "/v1/rerank?u=http://evil.example/", "X-Forwarded-Host: evil.example"))
    assert wire.sent
    assert all(sent.url.startswith(f"{ZHIPU}/") for sent in wire.sent), [sent.url for sent in wire.sent]
    assert all(sent.headers["host"] == "open.bigmodel.cn" for sent in wire.sent)
