"""``python -m zhipu_openai doctor``: which key, file and address are in use, and whether they work.

The key itself is never printed, nor any part of it.
"""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import openai

from zhipu_openai.client import OpenAI
from zhipu_openai.errors import details
from zhipu_openai.library import openai_library
from zhipu_openai.settings import missing_key_message, resolve

from . import add_connection_options, command_parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from zhipu_openai.settings import Settings

_EXTRAS: Final = {"schema": ("jsonschema",), "server": ("starlette", "uvicorn")}
_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_WIDTH: Final = 14


def run(arguments: Sequence[str]) -> int:
    """Report; 0 when a key was found and the request (if one was sent) succeeded."""
    parser = command_parser("doctor")
    parser.add_argument("--offline", action="store_true", help="send nothing")
    add_connection_options(parser)
    options = parser.parse_args(arguments)
    for line in _machine():
        print(line)
    try:
        settings = resolve(region=options.region, endpoint=options.endpoint, base_url=options.base_url)
    except (ValueError, openai.OpenAIError) as error:
        print(_line("settings", f"unusable: {error}"))
        return 1
    for line in _chosen(settings):
        print(line)
    if settings.api_key is None:
        print()
        print(missing_key_message(settings))
        return 1
    return 0 if options.offline else _try(options)


def _machine() -> Iterator[str]:
    library = openai_library().module
    yield _line("python", f"{platform.python_version()} on {platform.system()}")
    yield _line("zhipu-openai", _version("zhipu-openai"))
    yield _line("openai", f"{openai.__version__} over {library.__name__} {library.__version__}")
    yield _line("pydantic", _version("pydantic"))
    for extra, modules in _EXTRAS.items():
        there = all(find_spec(module) is not None for module in modules)
        yield _line(
            f"extra {extra}", "installed" if there else f'not installed: pip install "zhipu-openai[{extra}]"'
        )
    proxies = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    yield _line("proxies", ", ".join(proxies) + " set" if proxies else "none set")


def _chosen(settings: Settings) -> Iterator[str]:
    yield _line("key", _key(settings))
    yield _line("address", f"{settings.base_url} (from {settings.base_url_source})")
    yield _line("region", settings.region)
    yield _line("endpoint", settings.endpoint)
    yield _line("signing", settings.auth)
    yield _line("adaptations", settings.on_adaptation)
    yield _line(
        "concurrency", f"at most {settings.max_concurrency}" if settings.max_concurrency else "no limit"
    )
    if settings.model_aliases:
        yield _line(
            "aliases", ", ".join(f"{name} = {model}" for name, model in settings.model_aliases.items())
        )
    if settings.looked_at:
        yield _line("looked at", ", ".join(settings.looked_at))
    for note in settings.notes:
        yield _line("note", note)


def _key(settings: Settings) -> str:
    if settings.region == "standin":
        return "made up: the stand-in needs none"
    return f"from {settings.api_key_source}" if settings.api_key_source is not None else "none"


def _try(options: argparse.Namespace) -> int:
    """List the models: the cheapest request there is, free of charge."""
    began = time.perf_counter()
    try:
        with OpenAI(
            region=options.region,
            endpoint=options.endpoint,
            base_url=options.base_url,
            max_retries=0,
            timeout=20,
        ) as client:
            count = len(list(client.models.list()))
    except openai.APIStatusError as error:
        known = details(error)
        print(_line("request", f"failed with status {error.status_code}"))
        print(_line("", known.message if known is not None else error.message))
        return 1
    except openai.OpenAIError as error:
        cause = (
            f" ({type(error.__cause__).__name__}: {error.__cause__})" if error.__cause__ is not None else ""
        )
        print(_line("request", f"failed: {error}{cause}"))
        return 1
    print(
        _line("request", f"GET /models answered with {count} models in {time.perf_counter() - began:.2f} s")
    )
    return 0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"


def _line(name: str, text: str) -> str:
    return f"{name:{_WIDTH}}{text}"
