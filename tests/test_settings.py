"""Which key, endpoint and options win, and what is told of the others."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import time
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai import _dotenv
from zhipu_openai._variables import (
    BASE_URL_VARIABLES,
    KEY_VARIABLES,
    NAMES,
    OPTION_VARIABLES,
)
from zhipu_openai.settings import Settings, Source, missing_key_message, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]

CN = "https://open.bigmodel.cn/api/paas/v4/"
CN_CODING = "https://open.bigmodel.cn/api/coding/paas/v4/"
INTL = "https://api.z.ai/api/paas/v4/"
INTL_CODING = "https://api.z.ai/api/coding/paas/v4/"
GATEWAY = "https://gateway.example/v1/"

KEY = "0123456789abcdef0123456789abcdef.AbCdEfGhIjKlMnOp"
OTHER = "fedcba9876543210fedcba9876543210.qRsTuVwXyZaBcDeF"
THIRD = "00000000000000001111111111111111.gHiJkLmNoPqRsTuV"
OPENAI = "sk-proj-0123456789abcdefghijklmnop"


@pytest.fixture(autouse=True)
def _forget_dotenv_files() -> None:
    _dotenv._cache.clear()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A working directory with an empty .env, so that none above it is found."""
    (tmp_path / ".env").touch()
    return tmp_path


@pytest.fixture
def look(room: Path) -> Callable[..., Settings]:
    """Resolve with exactly this environment and this content of the .env file."""

    def look(environ: dict[str, str] | None = None, dotenv: str = "", **arguments: Any) -> Settings:
        (room / ".env").write_text(dotenv, encoding="utf-8")
        return resolve(environ=environ or {}, directory=room, **arguments)

    return look


def key_of(settings: Settings) -> str | None:
    return settings.api_key.get_secret_value() if settings.api_key is not None else None


def notes_on(settings: Settings, word: str) -> list[str]:
    return [note for note in settings.notes if word in note]


# The key.


def test_an_argument_comes_before_the_environment_and_that_before_a_dotenv(
    look: Callable[..., Settings],
) -> None:
    dotenv = f"ZAI_API_KEY={THIRD}"
    environ = {"GLM_API_KEY": OTHER}
    assert key_of(look(environ, dotenv, api_key=KEY)) == KEY
    assert key_of(look(environ, dotenv)) == OTHER
    assert key_of(look({}, dotenv)) == THIRD
    assert key_of(look({}, "")) is None


def test_it_is_said_where_a_key_comes_from(look: Callable[..., Settings], room: Path) -> None:
    assert look(api_key=KEY).api_key_source == Source("argument", "api_key")
    assert look({"ZHIPUAI_API_KEY": KEY}).api_key_source == Source("environment", "ZHIPUAI_API_KEY")
    assert look({}, f"GLM_API_KEY={KEY}").api_key_source == Source(
        "dotenv", "GLM_API_KEY", str(room / ".env")
    )
    assert look().api_key_source is None


def test_a_source_reads_as_a_phrase() -> None:
    assert str(Source("argument", "api_key")) == "the api_key argument"
    assert str(Source("environment", "ZAI_API_KEY")) == "environment variable ZAI_API_KEY"
    assert str(Source("dotenv", "ZAI_API_KEY", "/x/.env")) == "ZAI_API_KEY in /x/.env"
    assert str(Source("default")) == "default"


@pytest.mark.parametrize("as_dotenv", [False, True])
def test_the_names_in_use_are_tried_in_one_order(look: Callable[..., Settings], *, as_dotenv: bool) -> None:
    names = [
        "ZAI_API_KEY",
        "ZHIPUAI_API_KEY",
        "ZHIPU_API_KEY",
        "BIGMODEL_API_KEY",
        "GLM_API_KEY",
        "Z_AI_API_KEY",
    ]
    while names:
        environ = {name: f"{name.lower()}.secret" for name in reversed(names)}
        if as_dotenv:
            found = look({}, "\n".join(f"{name}={value}" for name, value in environ.items()))
        else:
            found = look(environ)
        first = names.pop(0)
        assert key_of(found) == f"{first.lower()}.secret"


@pytest.mark.parametrize("nothing", ["", "   ", "\n", '""', "' '"])
def test_an_empty_value_counts_as_unset(look: Callable[..., Settings], nothing: str) -> None:
    found = look(
        {"ZAI_API_KEY": nothing, "ZHIPU_API_KEY": KEY, "ZHIPU_BASE_URL": nothing, "ZHIPU_REGION": nothing},
        api_key=nothing,
        base_url=nothing,
        region=nothing,
    )
    assert key_of(found) == KEY
    assert found.base_url == CN


@pytest.mark.parametrize("written", [f" {KEY}\n", f'"{KEY}"', f"' {KEY} '", f"\t{KEY}\r\n"])
def test_whitespace_and_quotes_around_a_key_are_dropped(look: Callable[..., Settings], written: str) -> None:
    assert key_of(look(api_key=written)) == KEY
    assert key_of(look({"ZAI_API_KEY": written})) == KEY


@pytest.mark.parametrize(
    "bad", ["hun ter2", "hunter2\x00x", "hunter2\nx: y", "hunter2é", "“hunter2”", "${hunter2}", "a.${hunter2"]
)
@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_key_that_cannot_be_one_is_refused_without_being_quoted(
    look: Callable[..., Settings], bad: str, how: str
) -> None:
    with pytest.raises(
        ValueError, match="ZAI_API_KEY" if how == "environment" else "the api_key argument"
    ) as caught:
        look({"ZAI_API_KEY": bad}) if how == "environment" else look(api_key=bad)
    assert "ter2" not in "".join(traceback.format_exception_only(caught.value))


def test_a_reference_in_a_dotenv_is_literal_and_refused_as_a_key(
    look: Callable[..., Settings], room: Path
) -> None:
    with pytest.raises(ValueError, match="taken literally") as caught:
        look({"SECRET": "hunter2"}, "ZAI_API_KEY=${SECRET}")
    assert str(room / ".env") in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_dotenv_cannot_splice_a_secret_into_a_url(look: Callable[..., Settings]) -> None:
    dotenv = f"ZHIPU_API_KEY={KEY}\nZHIPU_BASE_URL=https://${{SECRET}}.example/v1"
    with pytest.raises(ValueError, match="ZHIPU_BASE_URL") as caught:
        look({"SECRET": "hunter2"}, dotenv)
    assert "hunter2" not in str(caught.value)


def test_other_keys_are_told_of_by_name(look: Callable[..., Settings], room: Path) -> None:
    found = look(
        {"ZHIPU_API_KEY": OTHER, "ZAI_API_KEY": KEY, "GLM_API_KEY": KEY}, f"BIGMODEL_API_KEY={THIRD}"
    )
    others = f"environment variable ZHIPU_API_KEY, BIGMODEL_API_KEY in {room / '.env'}"
    assert notes_on(found, "another key") == [
        f"Set to another key and not used: {others}, because environment variable ZAI_API_KEY comes first."
    ]


def test_a_callable_key_ends_the_search(look: Callable[..., Settings]) -> None:
    found = look({"ZAI_API_KEY": KEY, "ZAI_BASE_URL": INTL}, has_key_provider=True)
    assert found.api_key is None
    assert found.api_key_source == Source("argument", "api_key")
    assert found.base_url == CN
    assert "ZAI_API_KEY" not in found.looked_at


def test_the_environment_is_never_written(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (room / ".env").write_text(f"ZAI_API_KEY={KEY}\nZHIPU_MODEL_ALIASES=a=b", encoding="utf-8")
    monkeypatch.chdir(room)
    before = dict(os.environ)
    found = resolve()
    assert key_of(found) == KEY
    assert found.model_aliases == {"a": "b"}
    assert dict(os.environ) == before


# A key of OpenAI's.


@pytest.mark.parametrize(
    "address", [{}, {"region": "intl"}, {"base_url": CN_CODING}, {"base_url": "https://bigmodel.cn/v9"}]
)
def test_a_key_of_openais_is_set_aside_at_zhipu_and_the_search_goes_on(
    look: Callable[..., Settings], address: dict[str, str]
) -> None:
    found = look({"ZHIPU_API_KEY": KEY}, api_key=OPENAI, **address)
    assert key_of(found) == KEY
    assert found.api_key_source == Source("environment", "ZHIPU_API_KEY")
    assert found.key_set_aside
    (note,) = notes_on(found, "Set aside")
    assert note.startswith("Set aside: the key in the api_key argument, because it begins with sk-")


def test_the_search_goes_on_into_the_dotenv_and_may_end_with_no_key(look: Callable[..., Settings]) -> None:
    assert key_of(look({}, f"ZHIPU_API_KEY={KEY}", api_key=OPENAI)) == KEY
    found = look({}, "", api_key=OPENAI)
    assert found.api_key is None
    assert found.key_set_aside


def test_a_key_of_openais_in_a_variable_is_passed_over_as_well(look: Callable[..., Settings]) -> None:
    found = look({"ZAI_API_KEY": OPENAI, "GLM_API_KEY": KEY})
    assert key_of(found) == KEY
    assert not found.key_set_aside
    assert len(notes_on(found, "ZAI_API_KEY")) == 1


def test_a_gateway_gets_the_key_it_issued_whatever_its_form(look: Callable[..., Settings]) -> None:
    assert key_of(look(api_key=OPENAI, base_url=GATEWAY)) == OPENAI
    assert key_of(look({"ZHIPU_BASE_URL": GATEWAY}, api_key=OPENAI)) == OPENAI
    assert key_of(look({"ZAI_API_KEY": OPENAI, "ZAI_BASE_URL": GATEWAY})) == OPENAI
    assert key_of(look({}, f"ZAI_API_KEY={OPENAI}\nZAI_BASE_URL={GATEWAY}")) == OPENAI
    assert not look(api_key=OPENAI, base_url=GATEWAY).key_set_aside


def test_a_gateway_of_another_family_does_not_save_a_key_of_openais(look: Callable[..., Settings]) -> None:
    found = look({"ZAI_API_KEY": KEY, "ZAI_BASE_URL": GATEWAY}, api_key=OPENAI)
    assert key_of(found) == KEY
    assert found.base_url == GATEWAY
    assert found.key_set_aside


def test_openais_own_variables_are_never_used_and_said_to_be_there(look: Callable[..., Settings]) -> None:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": GATEWAY}
    for found in (look(environ), look({}, f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL={GATEWAY}")):
        assert found.api_key is None
        assert found.base_url == CN
        assert len(notes_on(found, "OPENAI_API_KEY")) == 1
        assert len(notes_on(found, "OPENAI_BASE_URL")) == 1
        assert KEY not in "".join(found.notes)
        assert "gateway.example" not in "".join(found.notes)


# The base URL.


def test_region_and_endpoint_choose_among_zhipus_own(look: Callable[..., Settings]) -> None:
    assert look().base_url == CN
    assert look(region="intl").base_url == INTL
    assert look(endpoint="coding").base_url == CN_CODING
    assert look({"ZHIPU_REGION": "INTL", "ZHIPU_ENDPOINT": "coding"}).base_url == INTL_CODING
    assert look({"ZHIPU_REGION": "intl"}, region="cn").base_url == CN
    found = look({}, f"ZHIPU_REGION=intl\nZHIPU_ENDPOINT=coding\nZAI_API_KEY={OTHER}", api_key=KEY)
    assert (found.base_url, found.region, found.endpoint) == (INTL_CODING, "intl", "coding")


def test_it_is_said_where_a_base_url_comes_from(look: Callable[..., Settings]) -> None:
    assert look().base_url_source == Source("default")
    assert look(endpoint="coding").base_url_source == Source("argument", "endpoint")
    assert look({"ZHIPU_REGION": "intl"}).base_url_source == Source("environment", "ZHIPU_REGION")
    assert look({"ZHIPU_BASE_URL": GATEWAY}).base_url_source == Source("environment", "ZHIPU_BASE_URL")
    assert look(base_url=GATEWAY).base_url_source == Source("argument", "base_url")


def test_a_base_url_argument_comes_before_the_environment_and_that_before_a_dotenv(
    look: Callable[..., Settings],
) -> None:
    dotenv = f"ZAI_API_KEY={KEY}\nZHIPU_BASE_URL=https://dotenv.example"
    environ = {"ZHIPU_BASE_URL": "https://environ.example", "ZHIPU_REGION": "intl"}
    assert look(environ, dotenv, base_url="https://argument.example").base_url == "https://argument.example/"
    assert look(environ, dotenv).base_url == "https://environ.example/"
    assert look({"ZHIPU_REGION": "intl"}, dotenv).base_url == "https://dotenv.example/"


def test_a_base_url_is_normalised_and_tells_region_and_endpoint(look: Callable[..., Settings]) -> None:
    found = look(base_url=" https://api.z.ai/api/coding/paas/v4/v1/chat/completions ")
    assert (found.base_url, found.region, found.endpoint) == (INTL_CODING, "intl", "coding")
    found = look(base_url="http://127.0.0.1:8080/v1")
    assert (found.base_url, found.region, found.endpoint) == ("http://127.0.0.1:8080/v1/", "custom", "custom")
    found = look(base_url="https://api.z.ai/api/paas/v9")
    assert (found.base_url, found.region, found.endpoint) == (
        "https://api.z.ai/api/paas/v9/",
        "intl",
        "custom",
    )


@pytest.mark.parametrize(
    ("url", "arguments"),
    [
        (CN, {"region": "intl"}),
        (CN, {"endpoint": "coding"}),
        (INTL_CODING, {"region": "intl", "endpoint": "general"}),
        (GATEWAY, {"region": "standin"}),
    ],
)
def test_a_base_url_argument_that_contradicts_another_is_refused(
    look: Callable[..., Settings], url: str, arguments: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="base_url argument"):
        look(base_url=url, **arguments)


def test_a_base_url_argument_that_agrees_or_is_a_gateways_wins(look: Callable[..., Settings]) -> None:
    assert look(base_url=INTL_CODING, region="intl", endpoint="coding").base_url == INTL_CODING
    found = look(base_url=GATEWAY, region="intl")
    assert (found.base_url, found.region) == (GATEWAY, "custom")
    assert notes_on(found, "region") == [
        "Not used: the region argument, because the base_url argument comes first."
    ]


def test_a_region_or_endpoint_argument_corrects_a_variables_base_url_at_zhipu(
    look: Callable[..., Settings],
) -> None:
    found = look({"ZHIPU_BASE_URL": INTL}, endpoint="coding")
    assert (found.base_url, found.base_url_source) == (INTL_CODING, Source("argument", "endpoint"))
    assert len(notes_on(found, "ZHIPU_BASE_URL")) == 1
    assert look({"ZHIPU_BASE_URL": INTL_CODING}, region="cn").base_url == CN_CODING
    assert look({"ZHIPU_BASE_URL": GATEWAY}, region="cn").base_url == GATEWAY


def test_a_variables_region_does_not_correct_a_base_url_and_is_told_of(look: Callable[..., Settings]) -> None:
    found = look({"ZHIPU_BASE_URL": INTL, "ZHIPU_REGION": "cn", "ZHIPU_ENDPOINT": "general"})
    assert found.base_url == INTL
    assert notes_on(found, "Not used") == [
        "Not used: environment variable ZHIPU_REGION, because environment variable ZHIPU_BASE_URL comes first."
    ]


@pytest.mark.parametrize("url", ["https://api.openai.com/v1", "https://me.openai.azure.com/openai/v1/"])
def test_openais_base_url_is_refused_wherever_it_stands(look: Callable[..., Settings], url: str) -> None:
    with pytest.raises(ValueError, match=r"the base_url argument is OpenAI's.*remove"):
        look(base_url=url)
    with pytest.raises(ValueError, match=r"ZHIPU_BASE_URL is OpenAI's.*remove"):
        look({"ZHIPU_BASE_URL": url})
    with pytest.raises(ValueError, match=r"ZAI_BASE_URL in .*remove"):
        look({}, f"ZAI_API_KEY={KEY}\nZAI_BASE_URL={url}")


@pytest.mark.parametrize(
    "url", ["https://me:hunter2@gateway.example", "http://gateway.example/hunter2", "hunter2"]
)
def test_a_base_url_that_cannot_be_used_is_refused_without_being_quoted(
    look: Callable[..., Settings], url: str
) -> None:
    for name, resolving in (
        ("the base_url argument", partial(look, base_url=url)),
        ("ZHIPU_BASE_URL", partial(look, {"ZHIPU_BASE_URL": url})),
    ):
        with pytest.raises(ValueError, match=name) as caught:
            resolving()
        assert "hunter2" not in "".join(traceback.format_exception(caught.value)[-1])


# Base URLs under other libraries' names.


@pytest.mark.parametrize(
    ("key_name", "url_name"),
    [
        ("ZAI_API_KEY", "ZAI_BASE_URL"),
        ("ZAI_API_KEY", "ZAI_API_BASE"),
        ("Z_AI_API_KEY", "ZAI_BASE_URL"),
        ("ZHIPUAI_API_KEY", "ZHIPUAI_BASE_URL"),
        ("ZHIPUAI_API_KEY", "ZHIPUAI_API_BASE"),
        ("BIGMODEL_API_KEY", "BIGMODEL_BASE_URL"),
        ("BIGMODEL_API_KEY", "BIGMODEL_API_BASE"),
        ("GLM_API_KEY", "GLM_BASE_URL"),
    ],
)
def test_a_vendors_base_url_goes_with_a_key_of_its_family(
    look: Callable[..., Settings], key_name: str, url_name: str
) -> None:
    environ = {key_name: KEY, url_name: GATEWAY}
    assert look(environ).base_url == GATEWAY
    # A key given as an argument belongs where the same value is.
    assert look(environ, api_key=KEY).base_url == GATEWAY
    assert look({}, "\n".join(f"{name}={value}" for name, value in environ.items())).base_url == GATEWAY
    assert look({url_name: GATEWAY}, f"{key_name}={KEY}").base_url == GATEWAY


@pytest.mark.parametrize(
    "url_name", [variable.name for variable in BASE_URL_VARIABLES if variable.family is not None]
)
def test_a_vendors_base_url_goes_with_no_other_key(look: Callable[..., Settings], url_name: str) -> None:
    found = look({"ZHIPU_API_KEY": KEY, url_name: GATEWAY})
    assert found.base_url == CN
    assert len(notes_on(found, url_name)) == 1
    assert look({url_name: GATEWAY}, api_key=KEY).base_url == CN
    assert look({url_name: GATEWAY}).base_url == CN


def test_a_chinese_key_is_not_sent_to_the_international_host_by_anothers_variable(
    look: Callable[..., Settings],
) -> None:
    found = look({"ZHIPUAI_API_KEY": KEY, "Z_AI_API_KEY": OTHER, "ZAI_BASE_URL": INTL})
    assert (key_of(found), found.base_url) == (KEY, CN)
    assert notes_on(found, "ZAI_BASE_URL") == [
        "Not used: environment variable ZAI_BASE_URL, because it goes only with a key from ZAI_API_KEY or Z_AI_API_KEY."
    ]


def test_our_own_base_url_variable_goes_with_any_key_and_comes_first(look: Callable[..., Settings]) -> None:
    environ = {"ZHIPU_BASE_URL": GATEWAY, "ZAI_BASE_URL": INTL, "ZAI_API_KEY": KEY}
    found = look(environ)
    assert found.base_url == GATEWAY
    assert notes_on(found, "ZAI_BASE_URL") == [
        "Not used: environment variable ZAI_BASE_URL, because environment variable ZHIPU_BASE_URL comes first."
    ]
    assert look({"ZHIPU_BASE_URL": GATEWAY}, api_key=KEY).base_url == GATEWAY


# A .env and the key of another place.


@pytest.mark.parametrize("name", ["ZHIPU_BASE_URL", "ZAI_BASE_URL"])
def test_a_dotenv_cannot_carry_off_a_key_it_does_not_hold(look: Callable[..., Settings], name: str) -> None:
    dotenv = f"{name}=https://thief.example/v1\nZAI_API_KEY={OTHER}"
    for found in (
        look({"ZAI_API_KEY": KEY}, dotenv),
        look({}, dotenv, api_key=KEY),
        look({}, dotenv, has_key_provider=True),
        look({"ZAI_API_KEY": KEY}, f"{name}=https://thief.example/v1"),
    ):
        assert found.base_url == CN
        assert len(notes_on(found, "that same file")) == 1


def test_a_dotenvs_base_url_goes_with_its_own_key(look: Callable[..., Settings], room: Path) -> None:
    dotenv = f"ZHIPU_BASE_URL={GATEWAY}\nZHIPU_API_KEY={KEY}"
    found = look({}, dotenv)
    assert found.base_url == GATEWAY
    assert found.base_url_source == Source("dotenv", "ZHIPU_BASE_URL", str(room / ".env"))
    # The same key, put into the environment by whoever loaded the file.
    assert look({"ZAI_API_KEY": KEY}, dotenv).base_url == GATEWAY


def test_the_environments_base_url_goes_with_a_dotenvs_key(look: Callable[..., Settings]) -> None:
    found = look({"ZHIPU_BASE_URL": GATEWAY}, f"ZAI_API_KEY={KEY}")
    assert (key_of(found), found.base_url) == (KEY, GATEWAY)


_PLACES = ("argument", "environment", "dotenv")


@given(
    keys=st.dictionaries(st.sampled_from(_PLACES), st.sampled_from([KEY, OTHER, OPENAI]), max_size=3),
    key_name=st.sampled_from([variable.name for variable in KEY_VARIABLES]),
    url_name=st.sampled_from([variable.name for variable in BASE_URL_VARIABLES]),
    region=st.sampled_from([None, "cn", "intl", "standin"]),
)
def test_no_key_but_its_own_ever_goes_where_a_dotenv_says(
    tmp_path_factory: pytest.TempPathFactory,
    keys: dict[str, str],
    key_name: str,
    url_name: str,
    region: str | None,
) -> None:
    room = tmp_path_factory.mktemp("room")
    own = f"{key_name}={keys['dotenv']}\n" if "dotenv" in keys else ""
    (room / ".env").write_text(f"{own}{url_name}=https://thief.example/v1\n", encoding="utf-8")
    environ = {"ZAI_API_KEY": keys["environment"]} if "environment" in keys else {}
    found = resolve(api_key=keys.get("argument"), region=region, environ=environ, directory=room)
    if found.base_url == "https://thief.example/v1/":
        assert key_of(found) == keys["dotenv"]
    else:
        assert found.base_url == (INTL if region == "intl" else CN)
        assert key_of(found) != OPENAI


# The embedded stand-in.


def test_the_standin_needs_no_key_and_loads_none(look: Callable[..., Settings]) -> None:
    environ = {"ZAI_API_KEY": KEY, "ZHIPU_BASE_URL": GATEWAY}
    for found in (
        look(environ, region="standin"),
        look({**environ, "ZHIPU_REGION": "standin"}),
        look(environ, "ZHIPU_REGION=standin\nGLM_API_KEY=" + OTHER),
    ):
        assert key_of(found) == "standin.standin"
        assert found.api_key_source == Source("default")
        assert (found.base_url, found.region, found.endpoint) == (CN, "standin", "general")
        assert len(notes_on(found, "ZAI_API_KEY")) == 1
        assert "ZAI_API_KEY" not in found.looked_at


def test_the_standin_takes_a_key_that_is_given_but_not_openais(look: Callable[..., Settings]) -> None:
    assert key_of(look(region="standin", api_key=KEY)) == KEY
    found = look({"ZAI_API_KEY": KEY}, region="standin", api_key=OPENAI)
    assert key_of(found) == "standin.standin"
    assert found.key_set_aside
    assert look(region="standin", has_key_provider=True).api_key is None


def test_the_standin_keeps_zhipus_address_as_a_matter_of_form(look: Callable[..., Settings]) -> None:
    found = look({"ZHIPU_REGION": "standin"}, base_url=INTL_CODING)
    assert (found.base_url, found.region, found.endpoint) == (INTL_CODING, "standin", "coding")
    assert found.notes == ()
    assert look(region="standin", endpoint="coding").base_url == CN_CODING


def test_the_standin_and_a_gateway_argument_exclude_each_other(look: Callable[..., Settings]) -> None:
    with pytest.raises(ValueError, match="environment variable ZHIPU_REGION chooses the embedded stand-in"):
        look({"ZHIPU_REGION": "standin"}, base_url=GATEWAY)


# Other options.


def test_the_options_have_defaults(look: Callable[..., Settings]) -> None:
    found = look()
    assert (found.auth, found.on_adaptation, found.max_concurrency, found.model_aliases) == (
        "bearer",
        "warn",
        None,
        {},
    )


def test_options_come_from_argument_then_environment_then_dotenv(look: Callable[..., Settings]) -> None:
    dotenv = "ZHIPU_AUTH=jwt\nZHIPU_ON_ADAPTATION=error\nZHIPU_MAX_CONCURRENCY=2\nZHIPU_MODEL_ALIASES=a=x"
    environ = {
        "ZHIPU_AUTH": "Bearer",
        "ZHIPU_ON_ADAPTATION": "ignore",
        "ZHIPU_MAX_CONCURRENCY": " 3 ",
        "ZHIPU_MODEL_ALIASES": "a=y, b = z,",
    }

    def options(found: Settings) -> tuple[str, str, int | None, dict[str, str]]:
        return found.auth, found.on_adaptation, found.max_concurrency, dict(found.model_aliases)

    assert options(look({}, dotenv)) == ("jwt", "error", 2, {"a": "x"})
    assert options(look(environ, dotenv)) == ("bearer", "ignore", 3, {"a": "y", "b": "z"})
    assert options(
        look(
            environ,
            dotenv,
            auth="jwt",
            on_adaptation="warn",
            max_concurrency=4,
            model_aliases={"b": "w", "c": "v"},
        )
    ) == ("jwt", "warn", 4, {"a": "y", "b": "w", "c": "v"})


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ZHIPU_REGION", "hunter2", "'cn', 'intl', 'standin'"),
        ("ZHIPU_ENDPOINT", "hunter2", "'general', 'coding'"),
        ("ZHIPU_AUTH", "hunter2", "'bearer', 'jwt'"),
        ("ZHIPU_ON_ADAPTATION", "hunter2", "'warn', 'error', 'ignore'"),
        ("ZHIPU_MAX_CONCURRENCY", "0", "at least 1"),
        ("ZHIPU_MAX_CONCURRENCY", "-1", "at least 1"),
        ("ZHIPU_MAX_CONCURRENCY", "2.5", "at least 1"),
        ("ZHIPU_MAX_CONCURRENCY", "٣", "at least 1"),
        ("ZHIPU_MAX_CONCURRENCY", "9" * 5000, "at least 1"),
        ("ZHIPU_MODEL_ALIASES", "hunter2", "name=model"),
        ("ZHIPU_MODEL_ALIASES", "a=b,=hunter2", "name=model"),
        ("ZHIPU_MODEL_ALIASES", "a=b=hunter2", "name=model"),
        ("ZHIPU_MODEL_ALIASES", "a=${hunter2}", "literally"),
    ],
)
def test_a_bad_option_is_refused_by_name_with_what_is_allowed(
    look: Callable[..., Settings], name: str, value: str, allowed: str
) -> None:
    for resolving in (partial(look, {name: value}), partial(look, {}, f"{name}={value}")):
        with pytest.raises(ValueError, match=f"{name}.*{allowed}") as caught:
            resolving()
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"region": "us"}, "the region argument is none of 'cn', 'intl', 'standin'"),
        ({"endpoint": "code"}, "the endpoint argument is none of 'general', 'coding'"),
        ({"auth": "basic"}, "the auth argument is none of 'bearer', 'jwt'"),
        ({"on_adaptation": "raise"}, "the on_adaptation argument is none of 'warn', 'error', 'ignore'"),
        ({"max_concurrency": 0}, "the max_concurrency argument is no whole number"),
        ({"max_concurrency": True}, "the max_concurrency argument is no whole number"),
        ({"max_concurrency": 1.5}, "the max_concurrency argument is no whole number"),
    ],
)
def test_a_bad_argument_is_refused_likewise(
    look: Callable[..., Settings], arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        look(**arguments)


def test_jwt_needs_a_key_that_can_sign(look: Callable[..., Settings]) -> None:
    assert look(api_key=KEY, auth="jwt").auth == "jwt"
    with pytest.raises(ValueError, match=r"id\.secret") as caught:
        look(api_key="hunter2", auth="jwt")
    assert "hunter2" not in str(caught.value)


# The .env file.


def test_the_nearest_dotenv_upwards_is_read(room: Path) -> None:
    (room / ".env").write_text(f"ZAI_API_KEY={KEY}", encoding="utf-8")
    below = room / "a" / "b"
    below.mkdir(parents=True)
    assert key_of(resolve(environ={}, directory=below)) == KEY
    (room / "a" / ".env").write_text(f"ZAI_API_KEY={OTHER}", encoding="utf-8")
    found = resolve(environ={}, directory=str(below))
    assert key_of(found) == OTHER
    assert found.looked_at[-1] == str(room / "a" / ".env")


def test_a_directory_named_dotenv_is_passed_over(room: Path) -> None:
    (room / ".env").write_text(f"ZAI_API_KEY={KEY}", encoding="utf-8")
    (room / "a" / ".env").mkdir(parents=True)
    found = resolve(environ={}, directory=room / "a")
    assert key_of(found) == KEY
    assert notes_on(found, "not a regular file") == [
        f"{room / 'a' / '.env'} is not a regular file and was passed over."
    ]


def test_a_pipe_named_dotenv_does_not_hang(room: Path) -> None:
    (room / "a").mkdir()
    os.mkfifo(room / "a" / ".env")
    assert len(notes_on(resolve(environ={}, directory=room / "a"), "not a regular file")) == 1


def test_a_link_to_a_regular_file_is_followed(room: Path) -> None:
    (room / "real").write_text(f"ZAI_API_KEY={KEY}", encoding="utf-8")
    (room / ".env").unlink()
    (room / ".env").symlink_to("real")
    assert key_of(resolve(environ={}, directory=room)) == KEY


@pytest.mark.parametrize("target", ["nowhere", ".env"])
def test_a_link_that_leads_nowhere_counts_as_absent(room: Path, target: str) -> None:
    (room / ".env").write_text(f"ZAI_API_KEY={KEY}", encoding="utf-8")
    (room / "a").mkdir()
    (room / "a" / ".env").symlink_to(target)
    assert key_of(resolve(environ={}, directory=room / "a")) == KEY


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"ZAI_API_KEY=a.b\n" + b"#" * 1024 * 1024, "larger than 1 MiB"),
        (b"ZAI_API_KEY=a.b\n#\xff\xfe", "not UTF-8"),
    ],
)
def test_a_dotenv_that_cannot_be_used_is_told_of_and_none_above_takes_its_place(
    room: Path, content: bytes, reason: str
) -> None:
    (room / ".env").write_text(f"ZAI_API_KEY={KEY}", encoding="utf-8")
    (room / "a").mkdir()
    (room / "a" / ".env").write_bytes(content)
    found = resolve(environ={}, directory=room / "a")
    assert found.api_key is None
    assert notes_on(found, "was not used") == [f"{room / 'a' / '.env'} was not used: it is {reason}."]


def test_a_dotenv_that_cannot_be_opened_is_told_of(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied", path, flags)

    monkeypatch.setattr(_dotenv, "_open_without_waiting", refuse)
    found = resolve(environ={}, directory=room)
    assert notes_on(found, "was not used") == [
        f"{room / '.env'} was not used: it cannot be read (Permission denied)."
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_read(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # python-dotenv drops the mark itself from some release on; ours must not depend on that.
    texts: list[str] = []
    parse = _dotenv._parse

    def keep(path: str, text: str) -> _dotenv.Dotenv:
        texts.append(text)
        return parse(path, text)

    monkeypatch.setattr(_dotenv, "_parse", keep)
    (room / ".env").write_bytes(b"\xef\xbb\xbfZAI_API_KEY=" + KEY.encode() + b"\r\nZHIPU_REGION=intl\r\n")
    found = resolve(environ={}, directory=room)
    assert (key_of(found), found.region) == (KEY, "intl")
    assert texts[0].startswith("ZAI_API_KEY=")


def test_a_dotenv_is_written_as_people_write_it(look: Callable[..., Settings]) -> None:
    found = look(
        {}, f"# a comment\nexport ZAI_API_KEY='{KEY}'  # mine\nZHIPU_REGION = \"intl\"\nGLM_API_KEY\n"
    )
    assert (key_of(found), found.region) == (KEY, "intl")


def test_without_a_dotenv_it_is_said_where_one_was_sought(tmp_path: Path) -> None:
    root = tmp_path.anchor
    found = resolve(environ={}, directory=root)
    assert found.notes == (f"There is no .env file in {root} or above it.",)


def test_a_working_directory_that_is_gone_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(Path, "cwd", gone)
    found = resolve(environ={"ZAI_API_KEY": KEY})
    assert key_of(found) == KEY
    assert found.notes == ("The working directory does not exist, so no .env was looked for.",)


def test_a_file_is_parsed_once_until_it_changes(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = _dotenv._parse

    def count(path: str, text: str) -> _dotenv.Dotenv:
        parsed.append(path)
        return parse(path, text)

    monkeypatch.setattr(_dotenv, "_parse", count)
    file = room / ".env"
    file.write_text(f"ZAI_API_KEY={KEY}", encoding="utf-8")
    an_hour_ago = time.time() - 3600
    os.utime(file, (an_hour_ago, an_hour_ago))
    for _ in range(3):
        assert key_of(resolve(environ={}, directory=room)) == KEY
    assert len(parsed) == 1
    file.write_text(f"ZAI_API_KEY={OTHER}", encoding="utf-8")
    os.utime(file, (an_hour_ago + 1, an_hour_ago + 1))
    assert key_of(resolve(environ={}, directory=room)) == OTHER
    assert len(parsed) == 2


def test_two_writes_in_one_tick_of_the_clock_are_told_apart(room: Path) -> None:
    now = time.time_ns()
    for key in (KEY, OTHER):
        (room / ".env").write_text(f"ZAI_API_KEY={key}", encoding="utf-8")
        os.utime(room / ".env", ns=(now, now))
        assert key_of(resolve(environ={}, directory=room)) == key


def test_the_cache_stays_small_and_holds_no_other_secrets(room: Path) -> None:
    long_ago = time.time() - 3600
    for number in range(20):
        folder = room / str(number)
        folder.mkdir()
        (folder / ".env").write_text("DATABASE_PASSWORD=hunter2\nOPENAI_API_KEY=hunter2", encoding="utf-8")
        os.utime(folder / ".env", (long_ago, long_ago))
        resolve(environ={}, directory=folder)
    assert 0 < len(_dotenv._cache) <= 8
    assert all("hunter2" not in str(dict(known.values)) for known in _dotenv._cache.values())


# What is said, and what is not.


def test_the_missing_key_message_says_where_one_was_sought_and_how_to_do_without(
    look: Callable[..., Settings], room: Path
) -> None:
    message = missing_key_message(look({"OPENAI_API_KEY": OPENAI}))
    for variable in KEY_VARIABLES:
        assert variable.name in message
    for part in (
        str(room / ".env"),
        "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
        "https://z.ai/manage-apikey/apikey-list",
        "OPENAI_API_KEY",
        'OpenAI(region="standin")',
        "ZHIPU_REGION=standin",
    ):
        assert part in message
    assert OPENAI not in message
    assert "OPENAI_API_KEY" not in missing_key_message(look())


def test_nothing_that_is_said_shows_a_key_or_a_gateways_token(look: Callable[..., Settings]) -> None:
    found = look(
        {"ZHIPU_API_KEY": OTHER, "OPENAI_API_KEY": OPENAI, "GLM_BASE_URL": "https://x:hunter2@y.example"},
        f"BIGMODEL_API_KEY={THIRD}",
        api_key=KEY,
        base_url="https://gateway.example/hunter2/v1?token=hunter2",
    )
    said = " ".join([repr(found), str(found), *found.notes, missing_key_message(found), str(found.api_key)])
    for secret in (KEY, OTHER, THIRD, OPENAI, "hunter2"):
        assert secret not in said
    assert "https://gateway.example:443/…" in repr(found)
    assert f"base_url='{CN}'" in repr(look(api_key=KEY))


def test_settings_are_compared_hashed_copied_and_pickled(look: Callable[..., Settings]) -> None:
    found = look(api_key=KEY, model_aliases={"a": "b"})
    same = look(api_key=KEY, model_aliases={"a": "b"})
    assert found == same
    assert hash(found) == hash(same)
    assert copy.deepcopy(found) == found
    assert copy.copy(found) == found
    pickled = pickle.dumps(found)
    assert KEY.encode() not in pickled
    without_key = replace(found, api_key=None, api_key_source=None)
    assert pickle.loads(pickled) == without_key  # noqa: S301 - made three lines above
    assert found != look(api_key=OTHER, model_aliases={"a": "b"})


def test_the_callers_alias_map_is_not_shared(look: Callable[..., Settings]) -> None:
    aliases = {"a": "b"}
    found = look(model_aliases=aliases)
    aliases["a"] = "c"
    assert found.model_aliases == {"a": "b"}


def test_the_example_file_has_every_variable_and_sets_none(room: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = {line[1:].partition("=")[0] for line in example.splitlines() if line[1:2].isupper()}
    assert named == NAMES
    assert {variable.name for variable in (*KEY_VARIABLES, *BASE_URL_VARIABLES, *OPTION_VARIABLES)} == named
    (room / ".env").write_text(example, encoding="utf-8")
    found = resolve(environ={}, directory=room)
    assert (found.api_key, found.base_url_source, found.notes) == (None, Source("default"), ())


def test_resolving_imports_no_http_library_and_reads_dotenv_only_where_there_is_a_file(
    tmp_path: Path,
) -> None:
    script = (
        "import sys, types\n"
        "package = types.ModuleType('zhipu_openai')\n"
        f"package.__path__ = [{str(ROOT / 'zhipu_openai')!r}]\n"
        "sys.modules['zhipu_openai'] = package\n"
        "from zhipu_openai.settings import resolve\n"
        f"resolve(environ={{}}, directory={tmp_path.anchor!r})\n"
        "print(*sorted({'openai', 'httpx', 'httpx2', 'dotenv', 'idna'} & set(sys.modules)))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.split() == []
