"""Zhipu's addresses, and what is made of a base URL as people write it."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import openai  # noqa: F401 - brings the HTTP library under test
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from zhipu_openai.endpoints import (
    CODING_PLAN_TERMS,
    ENDPOINTS,
    KEY_PAGES,
    RESPONSES_ROOTS,
    base_url_of,
    endpoint_of,
    is_openai_origin,
    is_zhipu_domain,
    is_zhipu_origin,
    normalise_base_url,
    origin_of,
    region_of,
)

HTTP: Any = next(sys.modules[name] for name in ("httpx2", "httpx") if name in sys.modules)
"""The library that the installed openai sends with."""


GENERAL = "https://open.bigmodel.cn/api/paas/v4/"
CODING = "https://open.bigmodel.cn/api/coding/paas/v4/"
INTL = "https://api.z.ai/api/paas/v4/"
INTL_CODING = "https://api.z.ai/api/coding/paas/v4/"


def test_the_four_endpoints_are_the_documented_ones() -> None:
    assert {pair: address.url for pair, address in ENDPOINTS.items()} == {
        ("cn", "general"): GENERAL,
        ("cn", "coding"): CODING,
        ("intl", "general"): INTL,
        ("intl", "coding"): INTL_CODING,
    }


def test_the_responses_api_has_a_root_of_its_own() -> None:
    assert RESPONSES_ROOTS["cn"].url == "https://open.bigmodel.cn/api/v1/"
    assert RESPONSES_ROOTS["intl"].url == "https://api.z.ai/api/v1/"


def test_keys_come_from_each_platforms_own_page() -> None:
    assert KEY_PAGES["cn"].url == "https://bigmodel.cn/usercenter/proj-mgmt/apikeys"
    assert KEY_PAGES["intl"].url == "https://z.ai/manage-apikey/apikey-list"


def test_every_row_has_a_source_and_a_date() -> None:
    addresses = [*ENDPOINTS.values(), *RESPONSES_ROOTS.values(), *KEY_PAGES.values()]
    assert all(row.source and row.seen > date(2026, 1, 1) for row in addresses)
    assert CODING_PLAN_TERMS.source
    assert CODING_PLAN_TERMS.seen > date(2026, 1, 1)


def test_the_plans_terms_are_one_sentence() -> None:
    assert CODING_PLAN_TERMS.sentence.endswith(".")
    assert CODING_PLAN_TERMS.sentence.count(".") == 1


def test_a_region_alone_means_the_general_endpoint() -> None:
    assert base_url_of("intl") == INTL
    assert base_url_of("intl", "coding") == INTL_CODING


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://open.bigmodel.cn", GENERAL),
        ("https://open.bigmodel.cn/", GENERAL),
        ("HTTPS://Open.BigModel.CN", GENERAL),
        ("https://open.bigmodel.cn.", GENERAL),
        ("https://open.bigmodel.cn:443", GENERAL),
        ("https://open.bigmodel.cn:", GENERAL),
        ("https://open。bigmodel。cn", GENERAL),
        ("  https://open.bigmodel.cn/api/paas/v4\n", GENERAL),
        ("https://open.bigmodel.cn/api/paas/v4//", GENERAL),
        ("https://open.bigmodel.cn//api//paas/v4", GENERAL),
        ("https://open.bigmodel.cn/API/PaaS/v4", GENERAL),
        ("https://open.bigmodel.cn/api/paas/v4?key=abc#top", GENERAL),
        ("https://open.bigmodel.cn/api/paas/v4/chat/completions", GENERAL),
        ("https://open.bigmodel.cn/api/paas/v4/chat/completions/", GENERAL),
        ("https://open.bigmodel.cn/api/paas/v4/v1", GENERAL),
        ("https://open.bigmodel.cn/api/paas/v4/v1/chat/completions", GENERAL),
        ("https://open.bigmodel.cn/v1", GENERAL),
        ("https://open.bigmodel.cn/api/v1", GENERAL),
        ("https://open.bigmodel.cn/api/v1/responses", GENERAL),
        ("https://open.bigmodel.cn/api/coding/paas/v4/v1/", CODING),
        ("https://open.bigmodel.cn/api/coding", CODING),
        ("https://api.z.ai", INTL),
        ("https://api.z.ai/api/coding/paas/v4/chat/completions", INTL_CODING),
        ("https://open.bigmodel.cn/api/paas/v5", "https://open.bigmodel.cn/api/paas/v5/"),
    ],
)
def test_a_base_url_at_zhipu_becomes_the_right_one(written: str, meant: str) -> None:
    assert normalise_base_url(written) == meant


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/"),
        ("http://127.9.9.9/v1/", "http://127.9.9.9/v1/"),
        ("http://LOCALHOST:8000", "http://localhost:8000/"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/"),
        ("http://[0:0:0:0:0:0:0:1]:80/v1", "http://[::1]/v1/"),
        ("https://gateway.example/v1", "https://gateway.example/v1/"),
        ("https://Gateway.Example:8443/v1/chat/completions", "https://gateway.example:8443/v1/"),
        ("https://gateway.example/zhipu/api/paas/v4/v1", "https://gateway.example/zhipu/api/paas/v4/"),
        ("https://gateway.example/v4/v1", "https://gateway.example/v4/v1/"),
        ("https://gateway.example/Tenant/v1?token=abc", "https://gateway.example/Tenant/v1/"),
        ("https://Bücher.example/v1", "https://xn--bcher-kva.example/v1/"),
        ("https://my_gateway.local/v1", "https://my_gateway.local/v1/"),
    ],
)
def test_a_gateways_own_path_is_kept(written: str, kept: str) -> None:
    assert normalise_base_url(written) == kept


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("open.bigmodel.cn/api/paas/v4", "begins with a scheme"),
        ("localhost:8080/v1", "begins with a scheme"),
        ("", "begins with a scheme"),
        ("ftp://gateway.example/v1:secret", "unknown scheme"),
        ("wss://open.bigmodel.cn/api/paas/v4", "begins with https://"),
        ("https://", "no host"),
        ("https:///api/paas/v4", "no host"),
        ("https://..", "no host"),
        ("https://open%2Ebigmodel.cn", "no host"),
        ("https://[::1]evil.example/", "no host"),
        ("https://[gateway]/", "no host"),
        ("https://-­.example/", "no whitespace"),
        ("https://gateway.example:99999/", "a port that does not exist"),
        ("https://gateway.example:0/", "a port that does not exist"),
        ("https://user:secret@gateway.example/v1", "no user name or password"),
        ("https://secret@open.bigmodel.cn/api/paas/v4", "no user name or password"),
        ("https://user:sec/ret@gateway.example/v1", "no host"),
        ("http://open.bigmodel.cn/api/paas/v4", "unencrypted"),
        ("http://192.168.1.5:8080/v1", "unencrypted"),
        ("http://localhost.example/v1", "unencrypted"),
        ("http://127.0.0.1.example/v1", "unencrypted"),
        ("http://[::2]/v1", "unencrypted"),
        ("https://open.bigmodel.cn/api/paas /v4", "no whitespace"),
        ("https://open.bigmodel.cn/api\t/paas/v4", "no whitespace"),
        ("https://open.bigmodel.cn\\@gateway.example/v1", "no whitespace"),
        ("https://open.bigmodel.cn/\x00", "no whitespace"),
        ("https://open.bigmodel.cn:8443/api/paas/v4", "no port"),
        ("https://open.bigmodel.cn/api/anthropic", "Anthropic's protocol"),
        ("https://open.bigmodel.cn//api/Anthropic/", "Anthropic's protocol"),
        ("https://api.z.ai/api/anthropic/v1/messages", r"api\.z\.ai/api/paas/v4"),
    ],
)
def test_a_base_url_that_cannot_be_meant_is_refused_with_a_reason(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        normalise_base_url(written)
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_origin_is_compared_without_case_default_port_or_final_dot() -> None:
    assert origin_of("HTTPS://Open.BigModel.cn./api?x#y") == ("https", "open.bigmodel.cn", 443)
    assert origin_of("http://user:pw@[0::1]/x") == ("http", "::1", 80)
    assert origin_of("wss://api.z.ai/realtime") == ("wss", "api.z.ai", 443)
    assert origin_of("https://gateway.example:8443") == ("https", "gateway.example", 8443)


def test_an_international_host_is_the_same_in_both_of_its_forms() -> None:
    assert origin_of("https://Bücher.example") == origin_of("https://xn--bcher-kva.example")
    # To a sloppier mapping these two would be one host.
    assert origin_of("https://straße.example") != origin_of("https://strasse.example")


@pytest.mark.parametrize(
    "url", [GENERAL, CODING, INTL, "https://api.z.ai/anything", "https://OPEN.bigmodel.cn:443"]
)
def test_zhipus_hosts_are_recognised(url: str) -> None:
    assert is_zhipu_origin(url)
    assert is_zhipu_domain(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://open.bigmodel.cn/api/paas/v4",
        "http://open.bigmodel.cn:443/",
        "wss://open.bigmodel.cn/",
        "https://open.bigmodel.cn:8443/",
        "https://open.bigmodel.cn.example/",
        "https://evil-open.bigmodel.cn.example/",
        "https://open.bigmodel.cn@gateway.example/",
        "https://docs.bigmodel.cn/",
        "open.bigmodel.cn",
        "",
    ],
)
def test_no_other_origin_passes_for_zhipus(url: str) -> None:
    assert not is_zhipu_origin(url)
    assert region_of(url) is None
    assert endpoint_of(url) is None


def test_zhipus_domains_end_at_a_dot() -> None:
    assert is_zhipu_domain("https://agent-api.bigmodel.cn/")
    assert is_zhipu_domain("https://bigmodel.cn:8443/")
    assert not is_zhipu_domain("https://notbigmodel.cn/")
    assert not is_zhipu_domain("https://xyz.ai/")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "https://eu.api.openai.com/v1",
        "http://API.OpenAI.com.:8080/",
        "https://user:pw@api.openai.com/v1",
        "https://me.openai.azure.com/openai/v1",
        "https://me.cognitiveservices.azure.com/",
        "https://me.services.ai.azure.com/openai/v1",
    ],
)
def test_openais_hosts_are_recognised(url: str) -> None:
    assert is_openai_origin(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://notopenai.com/v1",
        "https://api.openai.com.example/v1",
        "https://gateway.example/api.openai.com/v1",
        "https://me.eastus.cloudapp.azure.com/v1",
        "api.openai.com",
        GENERAL,
    ],
)
def test_no_other_host_passes_for_openais(url: str) -> None:
    assert not is_openai_origin(url)


def test_region_and_endpoint_are_read_from_a_url() -> None:
    assert [region_of(url) for url in (GENERAL, CODING, INTL, INTL_CODING)] == ["cn", "cn", "intl", "intl"]
    assert [endpoint_of(url) for url in (GENERAL, CODING, INTL, INTL_CODING)] == [
        "general",
        "coding",
        "general",
        "coding",
    ]
    assert endpoint_of(GENERAL + "chat/completions") == "general"
    assert endpoint_of("https://open.bigmodel.cn/api/paas/v4") == "general"
    assert endpoint_of("https://open.bigmodel.cn/api/paas/v40") is None


_HOSTS = st.sampled_from(
    [
        "open.bigmodel.cn",
        "api.z.ai",
        "gateway.example",
        "127.0.0.1:8080",
        "localhost",
        "[::1]:9",
        "Bücher.example",
    ]
)
_PATHS = st.lists(
    st.sampled_from(
        ["", "api", "paas", "coding", "v4", "v1", "chat", "completions", "chat/completions", "x"]
    ),
    max_size=8,
).map(lambda segments: "".join(f"/{segment}" for segment in segments))


@given(st.sampled_from(["https://", "http://", "HTTPS://"]), _HOSTS, _PATHS)
def test_a_normalised_base_url_is_its_own_result_at_the_same_origin(
    scheme: str, host: str, path: str
) -> None:
    url = f"{scheme}{host}{path}"
    try:
        result = normalise_base_url(url)
    except ValueError:
        reject()
    assert normalise_base_url(result) == result
    assert origin_of(result) == origin_of(url)
    assert result.endswith("/")
    assert not result.endswith("//")


_AUTHORITIES = st.text(st.sampled_from("aZ0.-_@:[]%/\\?#üß。．é１ſ"), max_size=14)


@given(st.sampled_from(["https://", "http://", "Https://"]), _AUTHORITIES | _HOSTS, _PATHS)
def test_an_origin_is_where_the_http_library_would_go(scheme: str, authority: str, path: str) -> None:
    url = f"{scheme}{authority}{path}"
    try:
        origin = origin_of(url)
    except ValueError:
        reject()
    theirs = HTTP.URL(url)
    host = theirs.raw_host.decode().removesuffix(".")
    port = theirs.port or {"https": 443, "http": 80}[theirs.scheme]
    assert origin == (theirs.scheme, host if ":" not in host else origin[1], port)


@given(st.text(max_size=40))
def test_any_text_is_either_a_base_url_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://open.bigmodel.cn/{text}"):
        try:
            result = normalise_base_url(url)
        except ValueError:
            continue
        assert result.isprintable()
        assert "@" not in result.partition("://")[2].partition("/")[0]
