"""Clients: where they send, what is to be said of their arguments, and what openai's own client has."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from zhipu_openai.endpoints import (
    ENDPOINT_NAMES,
    REGIONS,
    base_url_of,
    is_openai_origin,
    is_zhipu_domain,
    normalise_base_url,
)

from .findings import Finding
from .values import UNKNOWN, is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .probe import Where
    from .values import Client

_NEVER_SENT: Final = ("organization", "project")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for clients that are not told otherwise."""

    region: str = "cn"
    endpoint: str = "general"
    model_aliases: Mapping[str, str] = field(default_factory=dict)


def where(client: Client, defaults: Defaults) -> Where:
    """Say where a client sends, once it is ours."""
    from .probe import Where  # noqa: PLC0415 - openai is imported for the first call

    own = client.arguments if client.family == "zhipu" else {}
    region, endpoint = own.get("region"), own.get("endpoint")
    aliases = own.get("model_aliases")
    responses = own.get("responses")
    return Where(
        _own_base_url(client)
        or base_url_of(
            region if region in REGIONS else defaults.region,  # type: ignore[arg-type]  # one of them
            endpoint if endpoint in ENDPOINT_NAMES else defaults.endpoint,  # type: ignore[arg-type]  # likewise
        ),
        {**defaults.model_aliases, **(_texts(aliases) if isinstance(aliases, dict) else {})},
        responses if responses in ("native", "translate") else "auto",
    )


def _texts(given: Mapping[Any, Any]) -> dict[str, str]:
    return {name: to for name, to in given.items() if isinstance(name, str) and isinstance(to, str)}


def _own_base_url(client: Client) -> str | None:
    url = client.arguments.get("base_url")
    if not isinstance(url, str) or (client.family != "zhipu" and not is_zhipu_domain(url)):
        return None
    try:
        return normalise_base_url(url)
    except ValueError:
        return None


def is_elsewhere(client: Client, defaults: Defaults) -> bool:
    """Whether a client speaks with something that is neither OpenAI's nor Zhipu's, and is left alone."""
    del defaults
    if client.family != "openai":
        return client.family == "elsewhere"
    url = client.arguments.get("base_url")
    return isinstance(url, str) and bool(url) and not is_openai_origin(url) and not is_zhipu_domain(url)


def said_of(full: str, client: Client, defaults: Defaults) -> list[Finding]:
    """Give what is to be said of a constructor's arguments."""
    name = full.rpartition(".")[2]
    if client.family == "elsewhere":
        detail = f"{name} does not go through zhipu_openai; calls of this client are left alone."
        return [Finding("elsewhere", "", detail)]
    found = list(_about_base_url(client, defaults))
    for argument, value in client.arguments.items():
        if isinstance(argument, str) and value is not None:
            found += _about_argument(argument)
    key = client.arguments.get("api_key")
    if isinstance(key, str) and key.startswith("sk-"):
        found.append(
            Finding(
                "note",
                "api_key",
                "A key of OpenAI's form is never sent to Zhipu; leave api_key out, or give Zhipu's.",
            )
        )
    return found


def _about_base_url(client: Client, defaults: Defaults) -> list[Finding]:
    url = client.arguments.get("base_url")
    if url is None:
        return []
    if is_unknown(url):
        detail = "The address is not known here; calls are judged as if they went to Zhipu."
        return [Finding("unknown", "base_url", detail, certain=False, depends_on="value")]
    if not isinstance(url, str):
        return []
    if is_elsewhere(client, defaults):
        host = urlsplit(url).hostname or "another place"
        return [Finding("elsewhere", "base_url", f"It goes to {host}; calls of this client are left alone.")]
    if is_openai_origin(url):
        detail = "The base URL is OpenAI's, and refused: leave it out, Zhipu's own is the default."
        return [Finding("refused", "base_url", detail)]
    return []


def _about_argument(name: str) -> list[Finding]:
    import openai  # noqa: PLC0415 - for the first client

    from zhipu_openai.client_settings import refuse_openais  # noqa: PLC0415 - likewise

    if name in _NEVER_SENT:
        return [
            Finding("note", name, f"OpenAI's {name} means nothing to Zhipu and is not sent; leave it out.")
        ]
    try:
        refuse_openais({name: UNKNOWN})
    except openai.OpenAIError as error:
        return [Finding("refused", name, str(error))]
    return []


@cache
def is_resource(name: str) -> bool:
    """Whether openai's client has a resource of this name."""
    import openai  # noqa: PLC0415 - asked for the first call

    return not name.startswith("_") and not callable(getattr(openai.OpenAI, name, len))


@cache
def is_method(path: tuple[str, ...]) -> bool:
    """Whether openai's client has this method."""
    from .rules import key_of, probe  # noqa: PLC0415 - likewise

    return probe(key_of(_anywhere())).method(path) is not None


def _anywhere() -> Where:
    from .probe import Where  # noqa: PLC0415 - likewise

    return Where(base_url_of("cn", "general"))


@cache
def is_gone(name: str) -> bool:
    """Whether the installed openai has no such name, or has it only to say that it is gone."""
    from importlib.util import find_spec  # noqa: PLC0415 - seldom needed

    import openai  # noqa: PLC0415 - likewise

    if name.startswith("__"):
        return False
    if not hasattr(openai, name):
        return find_spec(f"openai.{name}") is None
    return type(vars(openai).get(name)).__name__ == "APIRemovedInV1Proxy"
