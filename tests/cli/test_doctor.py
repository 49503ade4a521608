"""The doctor: every code at every endpoint, clocks, proxies, certificates, versions, files, and the try of all."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from cli_helpers import KEY
from conftest import COMPLETION, httpx
from local_server import CERTIFICATE, LocalServer

from zhipu_openai import errors
from zhipu_openai.cli import main
from zhipu_openai.cli.doctor import attempts, everywhere, machine
from zhipu_openai.cli.doctor.explanations import CERTIFICATE_ERRORS, EXPLANATIONS, explain
from zhipu_openai.endpoints import ENDPOINT_NAMES, REGIONS, base_url_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODELS = {"object": "list", "data": [{"id": "glm-5.2", "object": "model", "created": 1, "owned_by": "z-ai"}]}


class Sites:
    """Both sites of Zhipu's on a fake wire: what each endpoint answers, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.codes: dict[tuple[str, str], str | None] = {}
        self.headers: dict[str, str] = {}

    def handle(self, request: Any) -> Any:
        self.asked.append(request)
        url = str(request.url)
        where = next(
            (region, endpoint)
            for region in REGIONS
            for endpoint in ENDPOINT_NAMES
            if url.startswith(base_url_of(region, endpoint))
        )
        code = self.codes.get(where)
        if code is None:
            answer = MODELS if url.endswith("/models") else COMPLETION
            return httpx.Response(200, json=answer, headers=self.headers)
        row = errors.lookup(code)
        body = {"error": {"code": code, "message": row.meaning_en}}
        return httpx.Response(row.status, json=body, headers=self.headers)

    @property
    def hosts(self) -> list[str]:
        return [request.url.host for request in self.asked]


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Sites:
    made = Sites()
    monkeypatch.setattr(
        attempts,
        "below",
        lambda: httpx.Client(transport=httpx.MockTransport(made.handle), follow_redirects=True),
    )
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    for name in (
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    return made


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*words: str) -> tuple[int, str]:
        code = main(["doctor", *words])
        out, err = capsys.readouterr()
        assert "topsecret" not in out + err
        assert "someid" not in out + err
        return code, out

    return run


def test_every_code_is_explained_at_every_endpoint_in_both_languages(sites: Sites) -> None:
    for region in REGIONS:
        for endpoint in ENDPOINT_NAMES:
            options = {"api_key": KEY, "base_url": base_url_of(region, endpoint)}
            for code in (
                "1000",
                "1003",
                "1113",
                "1211",
                "1220",
                "1302",
                "1308",
                "1309",
                "1311",
                "1313",
                "1315",
                "500",
            ):
                sites.codes[region, endpoint] = code
                found = attempts.say_one_token(region, endpoint, options)
                row = errors.lookup(code)
                en, zh = explain(code, endpoint, region) or (row.advice_en, row.advice_zh)
                assert (found.worked, found.code, found.en, found.zh) == (False, code, en, zh)


@pytest.mark.parametrize(
    ("code", "endpoint", "says", "says_zh"),
    [
        ("1000", "general", 'of the other site (region="intl"', "另一站点"),
        ("1113", "general", 'endpoint="coding"', 'endpoint="coding"'),
        ("1113", "coding", "No plan covers this", "没有套餐覆盖此调用"),
        ("1211", "coding", "the plan's models alone", "套餐内的模型"),
        ("1220", "general", "may not use this API", "无权使用此接口"),
        ("1308", "coding", "Key and address are right", "Key 与地址都正确"),
        ("1313", "coding", "fair usage policy", "公平使用策略"),
        ("1315", "general", 'use endpoint="coding"', 'endpoint="coding"'),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_failure_is_explained_by_the_endpoint_in_use(
    sites: Sites,
    doctor: Callable[..., tuple[int, str]],
    code: str,
    endpoint: str,
    says: str,
    says_zh: str,
    lang: str,
) -> None:
    sites.codes["cn", endpoint] = code
    ended, out = doctor("--endpoint", endpoint, *(["--lang", "zh"] if lang == "zh" else []))
    assert ended == 1
    assert code in out
    assert (says if lang == "en" else says_zh) in out


def test_the_rows_are_dated_and_of_known_codes_and_none_hides_another() -> None:
    for row in EXPLANATIONS:
        assert row.codes - {"expired"} <= errors.CODES.keys() | {"unknown_url"}
        assert all((row.en, row.zh, row.source, row.seen))
        for code in row.codes & errors.CODES.keys():
            endpoint = row.endpoint or "coding"
            region = row.region or "intl"
            assert any(
                explain(code, one, two) == (row.en, row.zh)
                for one in (endpoint, "general")
                for two in (region, "cn")
            )
    assert all((row.en, row.zh, row.source) for row in CERTIFICATE_ERRORS)


def test_what_works_is_said_in_either_language(sites: Sites, doctor: Callable[..., tuple[int, str]]) -> None:
    ended, out = doctor()
    assert ended == 0
    assert "GET /models answered with" in out
    assert "GET /models 成功" in doctor("--lang", "zh")[1]
    assert sites.hosts == ["open.bigmodel.cn"] * 2


def test_a_gateway_that_quotes_the_key_does_not_have_it_printed(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def quote(request: Any) -> Any:
        quoted = request.headers["authorization"]
        return httpx.Response(401, json={"error": {"message": f"Incorrect API key provided: {quoted}"}})

    monkeypatch.setattr(attempts, "below", lambda: httpx.Client(transport=httpx.MockTransport(quote)))
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    for form in ([], ["--json"]):
        ended, out = doctor("--base-url", "https://gateway.example/v1", *form)
        assert ended == 1
        assert "Incorrect API key provided: Bearer …" in out


# Trying all


def test_all_of_zhipus_addresses_are_tried_with_one_token_each_and_that_is_said_first(
    sites: Sites, doctor: Callable[..., tuple[int, str]]
) -> None:
    ended, out = doctor("--try-all")
    assert ended == 0
    assert out.index("this sends the key to open.bigmodel.cn and to api.z.ai") < out.index("cn general")
    assert sites.hosts == ["open.bigmodel.cn", "open.bigmodel.cn", "api.z.ai", "api.z.ai"]
    for request in sites.asked:
        body = json.loads(request.content)
        assert (body["model"], body["max_tokens"]) == (attempts.CHAT_MODEL, 1)
        assert request.headers["authorization"] == f"Bearer {KEY}"


def test_without_being_asked_the_key_goes_to_its_own_site_alone(
    sites: Sites, doctor: Callable[..., tuple[int, str]]
) -> None:
    sites.codes["cn", "general"] = "1000"
    doctor()
    assert sites.hosts == ["open.bigmodel.cn"]


@pytest.mark.parametrize(
    ("codes", "says", "ended"),
    [
        ({}, "nothing needs to change", 0),
        ({"cn general": "1113"}, 'use endpoint="coding" (Zhipu limits', 1),
        ({"cn general": "1000", "cn coding": "1000"}, 'use region="intl"', 1),
        (
            {"cn general": "1000", "cn coding": "1000", "intl general": "1113"},
            'use region="intl", endpoint="coding"',
            1,
        ),
        (
            dict.fromkeys(("cn general", "cn coding", "intl general", "intl coding"), "1000"),
            "no site accepts",
            1,
        ),
        (
            {"cn general": "1113", "cn coding": "1113", "intl general": "1000", "intl coding": "1000"},
            "the key is right (region cn), but neither",
            1,
        ),
        (
            {"cn general": "1113", "cn coding": "1308", "intl general": "1000", "intl coding": "1000"},
            'the key is right for endpoint="coding", but',
            1,
        ),
    ],
)
def test_the_attempts_come_to_one_piece_of_advice(
    sites: Sites, doctor: Callable[..., tuple[int, str]], codes: dict[str, str], says: str, ended: int
) -> None:
    for where, code in codes.items():
        region, _, endpoint = where.partition(" ")
        sites.codes[region, endpoint] = code
    code, out = doctor("--try-all")
    assert says in out.splitlines()[-1]
    assert code == ended


@pytest.mark.parametrize(
    "environment",
    [{"ZHIPU_REGION": "standin"}, {"ZHIPU_BASE_URL": "https://gateway.example/v1"}],
)
def test_a_key_of_another_address_is_never_sent_to_zhipus_sites(
    sites: Sites,
    doctor: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ended, out = doctor("--try-all")
    assert ended == 1
    assert "not sent to Zhipu's sites" in out
    assert sites.asked == []


def test_a_base_url_of_the_environment_takes_no_attempt_elsewhere(
    sites: Sites, doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_BASE_URL", "https://api.z.ai/api/coding/paas/v4")
    doctor("--try-all")
    assert sorted(set(sites.hosts)) == ["api.z.ai", "open.bigmodel.cn"]
    assert "key is right" not in everywhere.WARNING.en


@pytest.mark.parametrize("other", [["--offline"], ["--base-url", "https://api.z.ai"]])
def test_trying_all_goes_with_nothing_that_contradicts_it(other: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--try-all", *other])
    assert ended.value.code == 2


def test_json_is_json_alone_and_the_warning_goes_to_standard_error(
    sites: Sites, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--try-all", "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert [(one["region"], one["endpoint"]) for one in report["attempts"]] == [
        (region, endpoint) for region in REGIONS for endpoint in ENDPOINT_NAMES
    ]
    assert {"name", "level", "text", "text_zh", "data"} == set(report["findings"][0])
    assert "api.z.ai" in err
    assert len(sites.asked) == 4


# Clocks


@pytest.mark.parametrize(
    ("ahead", "auth", "says"),
    [
        (0, "bearer", "clock         agrees"),
        (600, "bearer", "behind the service's; it matters for auth=jwt alone"),
        (-600, "bearer", "ahead of the service's"),
        (600, "jwt", "problem: "),
    ],
)
def test_a_clock_that_differs_is_told_and_is_a_problem_for_signed_tokens(
    sites: Sites,
    doctor: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
    ahead: int,
    auth: str,
    says: str,
) -> None:
    monkeypatch.setenv("ZHIPU_AUTH", auth)
    sites.headers["date"] = formatdate(time.time() + ahead, usegmt=True)
    line = next(line for line in doctor()[1].splitlines() if line.startswith("clock"))
    assert says in line


@pytest.mark.parametrize("said", [None, "yesterday", ""])
def test_an_answer_without_a_time_says_nothing_of_clocks(
    sites: Sites, doctor: Callable[..., tuple[int, str]], said: str | None
) -> None:
    if said is not None:
        sites.headers["date"] = said
    assert "clock" not in doctor()[1]


# The machine


@pytest.mark.usefixtures("sites")
def test_proxies_are_named_and_never_shown(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://walter:hunter2@proxy.example:3128")
    out = doctor("--offline")[1]
    assert "proxies       HTTPS_PROXY set" in out
    assert "hunter2" not in out
    assert "walter" not in out
    assert "proxy.example" not in out
    monkeypatch.setenv("NO_PROXY", "open.bigmodel.cn")
    assert "open.bigmodel.cn is reached without, by NO_PROXY" in doctor("--offline")[1]


@pytest.mark.usefixtures("sites")
def test_a_socks_proxy_without_its_package_is_a_problem(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setattr(machine, "find_spec", lambda _: None)
    assert "pip install socksio" in doctor("--offline")[1]


@pytest.mark.usefixtures("sites")
def test_a_message_that_quotes_a_proxys_address_loses_its_user(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Any:
        raise ValueError("Unknown scheme for proxy URL 'foo://walter:hunter2@proxy.example'")

    monkeypatch.setattr(attempts, "below", fail)
    ended, out = doctor()
    assert ended == 1
    assert "//…@proxy.example" in out
    assert "hunter2" not in out


@pytest.mark.parametrize(
    ("name", "there", "says"),
    [
        ("SSL_CERT_FILE", True, "from SSL_CERT_FILE"),
        ("SSL_CERT_FILE", False, "problem: SSL_CERT_FILE names no file"),
        ("SSL_CERT_DIR", False, "problem: SSL_CERT_DIR names no folder"),
        ("REQUESTS_CA_BUNDLE", True, "REQUESTS_CA_BUNDLE set, which openai's HTTP library does not read"),
    ],
)
@pytest.mark.usefixtures("sites")
def test_variables_that_name_certificates_are_looked_at(
    doctor: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    there: bool,
    says: str,
) -> None:
    monkeypatch.setenv(name, str(CERTIFICATE) if there else "/nowhere/at/all")
    assert says in doctor("--offline")[1]


def test_a_certificate_that_nobody_signed_is_explained(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", KEY)
    with LocalServer(lambda _: [b""], tls=True) as server:
        ended, out = doctor("--base-url", f"https://localhost:{server.port}/api/paas/v4")
    assert ended == 1
    assert "SSL_CERT_FILE" in out
    assert "signed by nobody that this machine trusts" in out


@pytest.mark.usefixtures("sites")
def test_supported_versions_come_from_the_packages_own_metadata(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "supported", lambda: {"openai": ">=99", "pydantic": ">=2.7,<99"})
    lines = doctor("--offline")[1].splitlines()
    assert next(line for line in lines if line.startswith("openai")).endswith("supported is >=99")
    assert "problem" not in next(line for line in lines if line.startswith("pydantic"))


@pytest.mark.parametrize(
    ("found", "spec", "holds"),
    [
        ("1.99.9", ">=1.99,<4", True),
        ("3.54.0", "<4,>=1.99", True),
        ("4.0.0", ">=1.99,<4", False),
        ("1.98", ">=1.99", False),
        ("2.0rc1", ">=2", True),
        ("1.0.0", "==1.0", True),
        ("1.0.1", "!=1.0.1", False),
        ("?", "", True),
    ],
)
def test_ranges_of_versions(found: str, spec: str, holds: bool) -> None:
    assert machine.within(found, spec) is holds


def test_extras_are_those_of_the_metadata_and_what_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Package:
        def __init__(self, *requires: str, extras: tuple[str, ...] = ()) -> None:
            self.requires = list(requires)
            self.metadata = self
            self.extras = extras

        def get_all(self, name: str) -> list[str]:
            return list(self.extras) if name == "Provides-Extra" else []

    packages = {
        "zhipu-openai": Package(
            "openai<4,>=1.99",
            "openai[realtime]; extra == 'realtime'",
            'av>=13; extra == "audio"',
            extras=("realtime", "audio"),
        ),
        "openai": Package("websockets<17,>=13; extra == 'realtime'"),
    }

    def find(name: str) -> Package:
        if name not in packages:
            raise machine.PackageNotFoundError(name)
        return packages[name]

    monkeypatch.setattr(machine, "distribution", find)
    monkeypatch.setattr(machine, "_requires", machine._requires.__wrapped__)
    told = {one.name: one.data["missing"] for one in machine.extras()}
    assert told == {"extra audio": ["av"], "extra realtime": ["websockets"]}
    assert machine.supported()["openai"] == "<4,>=1.99"


# Settings


@pytest.mark.usefixtures("sites")
def test_a_dotenv_is_told_by_its_names_alone(doctor: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "ZAI_API_KEY=abc.defsecret\nOPENAI_API_KEY=sk-foreign\nOTHER=1\n", encoding="utf-8"
    )
    out = doctor("--offline")[1]
    assert f".env          {tmp_path / '.env'} sets ZAI_API_KEY" in out
    assert "ignored       OPENAI_API_KEY: OpenAI's own" in out
    assert "defsecret" not in out
    assert "sk-foreign" not in out
    assert "OTHER" not in out


@pytest.mark.usefixtures("sites")
def test_a_dotenv_that_cannot_be_read_is_a_problem(
    doctor: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes("ZAI_API_KEY=é".encode("latin-1"))
    assert "problem: " in next(
        line for line in doctor("--offline")[1].splitlines() if "it is not UTF-8" in line
    )


@pytest.mark.usefixtures("sites")
def test_variables_that_have_no_effect_are_named(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://example.com/v1")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-foreign")
    monkeypatch.setenv("OPENAI_LOG", "info")
    monkeypatch.setenv("ZHIPU_APIKEY", "misspelt")
    out = doctor("--offline")[1]
    assert "OPENAI_BASE_URL, OPENAI_ORG_ID: OpenAI's own" in out
    assert "OPENAI_LOG" not in out
    assert "ZHIPU_APIKEY: read by nothing here" in out
    assert "org-foreign" not in out
    assert "misspelt" not in out


@pytest.mark.usefixtures("sites")
def test_a_key_of_another_form_is_told_without_being_shown(
    doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIPU_API_KEY", "halfakey")
    out = doctor("--offline")[1]
    assert "not of the form id.secret" in out
    assert "halfakey" not in out


def test_help_documents_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", "--help"])
    assert "Exit codes: 0" in " ".join(capsys.readouterr().out.split())
