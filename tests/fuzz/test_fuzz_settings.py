"""Whatever stands in a .env, in a base URL or in a link, a key goes to the place that is meant or nowhere."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import openai
from conftest import KEY, httpx
from fuzz_budget import examples
from fuzz_json import ODD_TEXTS
from fuzz_replies import Given, service
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai import _dotenv
from zhipu_openai._variables import NAMES
from zhipu_openai.endpoints import normalise_base_url, origin_of
from zhipu_openai.settings import resolve

if TYPE_CHECKING:
    from pathlib import Path

ZHIPU = "https://open.bigmodel.cn/api/paas/v4/"
OTHER = "fedcba9876543210fedcba9876543210.qRsTuVwXyZaBcDeF"
EVIL = "https://evil.example/v1"

hosts = st.sampled_from(
    [
        "open.bigmodel.cn",
        "evil.example",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "api.z.ai",
        "OPEN.BIGMODEL.CN.",
        "ⅽn.example",
    ]
)
urls = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "//", "ftp://", "https:/", "https:\\\\"]),
    st.sampled_from(["", "user@", "open.bigmodel.cn@", "a:b@", "@"]),
    hosts,
    st.sampled_from(
        ["", ":443", ":80", ":0", ":99999", ":", "\\@evil.example", "#@evil.example", "?@evil.example"]
    ),
    st.sampled_from(
        ["", "/", "/api/paas/v4", "/v1/chat/completions", "/../..", "/%2e%2e", "?a=1", "#b", "//evil.example"]
    ),
)
lines = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "export ", " ", "#"]),
    st.sampled_from([*sorted(NAMES), "HTTPS_PROXY", "OPENAI_API_KEY", "ZHIPU_X", "\x1b[31m"]),
    st.sampled_from(["=", " = ", "", "=="]),
    urls | st.sampled_from([KEY, OTHER, EVIL, "intl", "jwt", "${HOME}", '"', "'", "a=b", *ODD_TEXTS[:8]]),
)
files = st.lists(lines, max_size=6).map(lambda some: "\n".join(some).encode("utf-8", "replace")) | st.binary(
    max_size=80
)


@examples(120)
@given(files)
def test_no_dotenv_takes_a_key_of_the_environment_anywhere(tmp_path_factory: Any, content: bytes) -> None:
    folder: Path = tmp_path_factory.mktemp("settings")
    (folder / ".env").write_bytes(content)
    _dotenv._cache.clear()
    try:
        found = resolve(environ={"ZAI_API_KEY": OTHER}, directory=folder)
    except ValueError as error:
        refused = str(error)
    else:
        refused = ""
    assert OTHER not in refused
    assert KEY not in refused
    if refused:
        return
    assert OTHER not in f"{found!r} {found.notes}"
    assert KEY not in f"{found!r} {found.notes}"
    if (
        found.api_key is not None
        and found.api_key.get_secret_value() == OTHER
        and OTHER.encode() not in content
    ):
        assert found.region in ("cn", "intl")
    assert all(note.isprintable() for note in found.notes)


@examples(150)
@given(urls | st.text(max_size=30))
def test_a_base_url_is_its_own_result_and_where_the_http_library_goes(url: str) -> None:
    try:
        made = normalise_base_url(url)
    except ValueError:
        return
    assert normalise_base_url(made) == made
    assert made.endswith("/")
    assert origin_of(made) == origin_of(url.strip())


@examples(120)
@given(urls, st.sampled_from(["get", "post"]), st.sampled_from([200, 301, 302, 303, 307, 308]), urls)
def test_no_address_and_no_redirect_takes_a_key_to_another_origin(
    url: str, method: str, status: int, location: str
) -> None:
    made = service(auth="jwt")
    made.replies = [
        Given(status, b"{}", {"content-type": "application/json", "location": location}),
        Given(200, b"{}", {"content-type": "application/json"}),
    ]
    made.sent = []
    with suppress(openai.OpenAIError, ValueError, TypeError, httpx.InvalidURL, httpx.UnsupportedProtocol):
        getattr(made.client, method)(url, cast_to=object)
    for sent in made.sent:
        if (sent.url.scheme, sent.url.host.rstrip("."), sent.url.port or 443) != (
            "https",
            "open.bigmodel.cn",
            443,
        ):
            told = f"{sent.url} {sent.headers.multi_items()}"
            # Names that stand in the address itself are its own.
            assert sent.headers.get("authorization", "Basic").startswith("Basic")
            assert KEY.partition(".")[2] not in told
            assert KEY.partition(".")[0] not in told
