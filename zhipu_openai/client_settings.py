"""How a client's arguments become its settings: for a new client, and for one that begins from another.

The arguments hold a key as text, so they are kept where no repr and no traceback shows them.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import openai
from pydantic import SecretStr

from .adaptation import ZhipuAdaptationWarning, callers_level
from .endpoints import CODING_PLAN_TERMS, is_zhipu_domain, origin_of
from .settings import OPENAI_KEY_PREFIX, Settings, Source, missing_key_message, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN: Final = (
    "region",
    "endpoint",
    "auth",
    "on_adaptation",
    "max_concurrency",
    "model_aliases",
    "responses",
    "fast_streams",
)
"""The options that openai's constructor does not have."""

NOT_OURS: Final = {
    "provider": "it selects a provider of OpenAI's",
    "data_residency": "it selects a region of OpenAI's; Zhipu's are chosen with region=",
    "workload_identity": "it is exchanged for a token at OpenAI",
}
"""Arguments of openai's constructor that would send the request, or a credential, to OpenAI."""

_SCHEMES: Final = {"wss": "https", "ws": "http"}


class Arguments(dict[str, Any]):
    """A client's arguments. Their values stay out of reprs, and so out of tracebacks that show variables."""

    def __repr__(self) -> str:
        """Show the names alone."""
        return f"Arguments({', '.join(self)})"


def take_own(given: Arguments) -> Arguments:
    """Take our own options out of a client's arguments."""
    return Arguments({name: given.pop(name, None) for name in OWN})


def refuse_openais(given: Mapping[str, Any]) -> None:
    """Refuse what would send the request, or a credential, to OpenAI.

    Raises:
        openai.OpenAIError: Such an argument is given.
    """
    for name, why in NOT_OURS.items():
        if given.get(name) is not None and not isinstance(given[name], openai.NotGiven):
            raise openai.OpenAIError(f"`{name}` cannot be used with Zhipu: {why}.")


def new_settings(given: Arguments, own: Arguments) -> Settings:
    """Settle key and address from the arguments, the environment and .env.

    Raises:
        openai.OpenAIError: No key is found.
        ValueError: A setting is unusable or contradicts another.
    """
    return _resolved(given, own)


def derived_settings(before: Settings, given: Arguments, own: Arguments) -> Settings:
    """Change a client's settings by what a copy was given; what it was not given stays.

    Raises:
        openai.OpenAIError: The key given is OpenAI's, and there is no other.
        ValueError: A setting is unusable or contradicts another.
    """
    changes = Arguments({name: value for name, value in own.items() if value is not None})
    if "model_aliases" in changes:
        changes["model_aliases"] = {**before.model_aliases, **changes["model_aliases"]}
    url = url_given(given)
    stays = url is None or url.rstrip("/") == before.base_url.rstrip("/")
    moves = changes.keys() & {"region", "endpoint"}
    if stays and not changes and not _needs_checking(before, given):
        return replace(before, **_new_key(before, given))
    return _resolved(
        Arguments(
            given,
            api_key=_key_for(before, given, changes),
            base_url=None if stays and moves else url or before.base_url,
        ),
        Arguments(
            auth=changes.get("auth", before.auth),
            on_adaptation=changes.get("on_adaptation", before.on_adaptation),
            max_concurrency=changes.get("max_concurrency", before.max_concurrency),
            model_aliases=changes.get("model_aliases", before.model_aliases),
            responses=changes.get("responses", before.responses),
            fast_streams=changes.get("fast_streams", before.fast_streams),
            region=changes.get("region") or _known(before.region, keeps=stays or before.region == "standin"),
            endpoint=changes.get("endpoint") or _known(before.endpoint, keeps=stays),
        ),
    )


def url_given(given: Mapping[str, Any]) -> str | None:
    """Give the base URL among the arguments as text, None for one left out or not given in openai's sense."""
    url = given.get("base_url")
    # A URL may be httpx's or httpx2's.
    return str(url) if isinstance(url, str) or hasattr(url, "host") else None


def explicit(
    before: Arguments, given: Mapping[str, Any], own: Mapping[str, Any], *, address: str | None = None
) -> Arguments:
    """Add to the arguments that a client was made with those of a copy of it; no key is among them.

    Args:
        before: The client's.
        given: The copy's, of openai's constructor. openai gives a copy the client's own address too.
        own: The copy's, of ours.
        address: The client's base URL.
    """
    new = {name: value for name, value in own.items() if value is not None}
    url = url_given(given)
    if url is not None and address is not None and url.rstrip("/") == address.rstrip("/"):
        url = None
    if url is not None:
        new["base_url"] = url
    placing = {"base_url", "region", "endpoint"}
    # An address and the words for one may contradict each other, and the later ones count.
    outdated = placing if url is not None else {"base_url"} & before.keys() if new.keys() & placing else set()
    kept = {name: value for name, value in before.items() if name not in outdated}
    if "model_aliases" in new:
        new["model_aliases"] = {**(before.get("model_aliases") or {}), **new["model_aliases"]}
    return Arguments({**kept, **new})


def check_same_origin(before: Settings, after: Settings) -> None:
    """Keep a key at the origin it belongs to.

    Raises:
        openai.OpenAIError: A client goes to another origin, and no key was given for it.
    """
    old, new = origin_of(before.base_url), origin_of(after.base_url)
    if old != new and "standin" not in (before.region, after.region):
        raise openai.OpenAIError(
            f"The key of this client belongs to {old[1]}; to copy the client for {new[1]}, "
            "give the key for that address too: copy(base_url=..., api_key=...)."
        )


def check_websocket(url: object, settings: Settings) -> None:
    """Keep the key at its origin for websockets too, which pass by the boundary.

    Raises:
        openai.OpenAIError: The URL is at another origin than the base URL.
    """
    if url is None:
        return
    try:
        scheme, host, port = origin_of(str(url))
    except ValueError:
        scheme, host, port = "", "an address that cannot be read", 0
    if (_SCHEMES.get(scheme, scheme), host, port) != origin_of(settings.base_url):
        raise openai.OpenAIError(
            f"websocket_base_url goes to {host}, but the key belongs to {urlsplit(settings.base_url).hostname} "
            "(by wss:// and the same port); it would be sent there."
        )


def _resolved(given: Arguments, own: Arguments) -> Settings:
    provided = callable(given.get("api_key"))
    try:
        settings = resolve(
            api_key=None if provided else given.get("api_key"),
            has_key_provider=provided,
            base_url=url_given(given),
            **own,
        )
    except ValueError as error:
        # Its frames hold the key as text; a traceback that shows variables must not.
        raise error.with_traceback(None) from None
    if settings.api_key is None and not provided and given.get("_enforce_credentials") is not False:
        raise openai.OpenAIError(missing_key_message(settings))
    if settings.key_set_aside and settings.api_key is not None:
        warnings.warn(
            "api_key has the form of an OpenAI key (sk-…): it is not sent to Zhipu. The key found in the "
            "environment or .env is used instead; leave api_key out.",
            ZhipuAdaptationWarning,
            stacklevel=callers_level(),
        )
    if settings.endpoint == "coding":
        _announce_terms()
    return settings


def _needs_checking(before: Settings, given: Arguments) -> bool:
    """Whether a copy at the same address has a key of OpenAI's form where that must not go."""
    key = given.get("api_key")
    return (
        isinstance(key, str)
        and key.lower().startswith(OPENAI_KEY_PREFIX)
        and is_zhipu_domain(before.base_url)
    )


def _new_key(before: Settings, given: Arguments) -> Arguments:
    """Give the fields of Settings that another key changes."""
    key = given.get("api_key")
    if callable(key):
        return Arguments(api_key=None, api_key_source=Source("argument", "api_key"))
    if not key or (before.api_key is not None and key == before.api_key.get_secret_value()):
        return Arguments()
    return Arguments(api_key=SecretStr(key), api_key_source=Source("argument", "api_key"))


def _key_for(before: Settings, given: Arguments, changes: Arguments) -> Any:
    key = given.get("api_key")
    if callable(key):
        return key
    old = None if before.api_key is None else before.api_key.get_secret_value()
    if before.region == "standin" and changes.get("region") not in (None, "standin") and key in (None, old):
        return None  # the stand-in's made-up key is of no use elsewhere
    return key or old


def _known(name: str, *, keeps: bool) -> str | None:
    return name if keeps and name != "custom" else None


_announced: set[str] = set()


def _announce_terms() -> None:
    """Say once per process on what terms the Coding Plan is sold."""
    if "terms" not in _announced:
        _announced.add("terms")
        warnings.warn(CODING_PLAN_TERMS.sentence, ZhipuAdaptationWarning, stacklevel=callers_level())
