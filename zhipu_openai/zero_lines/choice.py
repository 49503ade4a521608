"""Which of openai's clients are for Zhipu, and what becomes of their arguments.

A program that was written for OpenAI says nothing about Zhipu, but it may say where else it goes; that is kept.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import openai

from zhipu_openai.adaptation import ZhipuAdaptationWarning, callers_level
from zhipu_openai.boundary import CREDENTIALS
from zhipu_openai.client_settings import NOT_OURS, Arguments, url_given
from zhipu_openai.endpoints import is_openai_origin, is_zhipu_domain, origin_of
from zhipu_openai.settings import OPENAI_KEY_PREFIX, has_zhipu_form

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger("zhipu_openai")

OPENAI_HOST: Final = "api.openai.com"
"""Where openai goes by default. OpenAI's hosts for one region are other hosts: who names one has a reason."""


@dataclass(frozen=True, slots=True)
class OtherClient:
    """A class of openai's whose clients go elsewhere, and where."""

    name: str
    where: str
    seen: date


_SEEN: Final = date(2026, 11, 24)

OTHER_CLIENTS: Final = (
    OtherClient("AzureOpenAI", "Azure", _SEEN),
    OtherClient("AsyncAzureOpenAI", "Azure", _SEEN),
    OtherClient("BedrockOpenAI", "Amazon Bedrock", _SEEN),
    OtherClient("AsyncBedrockOpenAI", "Amazon Bedrock", _SEEN),
    # It keeps its key and its HTTP client in the module's globals, where a key of Zhipu's must not lie.
    OtherClient("_ModuleClient", "where openai.base_url says; see module_client", _SEEN),
)
"""Read in openai 1.99.9, 1.109.1, 2.54.0, 3.0.0 and 3.54.0; the older have no Bedrock."""


def is_for_zhipu(client: object, given: Mapping[str, Any]) -> bool:
    """Decide whether a client with these arguments is to be served by Zhipu.

    Args:
        client: The client that is being made.
        given: The arguments of openai's constructor.
    """
    if isinstance(client, _other_classes()) or any(_is_given(given.get(name)) for name in NOT_OURS):
        return False
    boundary = getattr(given.get("http_client"), "boundary", None)
    if boundary is not None and boundary.core.config.takes_openai_urls:
        return False  # a client of zhipu_openai.http_client() knows its key and address itself
    url = url_given(given)
    return not url or is_default(url) or is_zhipu_domain(url)


def is_default(url: str) -> bool:
    """Whether a base URL is at the host to which openai goes by default."""
    try:
        return origin_of(url)[1] == OPENAI_HOST
    except ValueError:
        return False


def zhipu_arguments(given: Mapping[str, Any], options: Mapping[str, Any]) -> Arguments:
    """Make the arguments of our client from those of openai's: what is OpenAI's own is left out.

    Args:
        given: The arguments of openai's constructor.
        options: Those of the installation, which apply where the arguments say nothing.
    """
    made = Arguments(given)
    made.pop("admin_api_key", None)
    url = url_given(given)
    at_zhipu = bool(url) and is_zhipu_domain(url or "")
    settled = ("region", "endpoint") if at_zhipu and options.get("region") != "standin" else ()
    for name, value in options.items():
        if made.get(name) is None and name not in settled:
            made[name] = value
    if at_zhipu:
        return made  # written for Zhipu: the key that is given is meant for it
    made["base_url"] = None
    sockets = made.get("websocket_base_url")
    if sockets is not None and is_openai_origin(str(sockets)):
        del made["websocket_base_url"]
    if not _is_usable(made.get("api_key")):
        made["api_key"] = None
    headers = made.get("default_headers")
    if headers:
        made["default_headers"] = {
            name: value for name, value in headers.items() if str(name).lower() not in CREDENTIALS
        }
    return made


def forget_warnings() -> None:
    """Let each warning be given once more."""
    _announced.clear()


def is_openai_key(key: object) -> bool:
    """Whether something has the form of OpenAI's keys."""
    return isinstance(key, str) and key.strip().lower().startswith(OPENAI_KEY_PREFIX)


def _is_usable(key: object) -> bool:
    """Whether a key that was given to a client of OpenAI's may go to Zhipu; if it is no known key, say so."""
    if key is None or has_zhipu_form(key):
        return True
    if is_openai_key(key):
        log.info(
            "An api_key of OpenAI's form is not sent to Zhipu; the key of the environment or .env is used."
        )
    elif key:
        _warn_once(
            "The api_key that this client of openai's was given has not the form of a Zhipu key (id.secret), so it is "
            "not sent to Zhipu: without a base_url it was meant for OpenAI. The key in the environment or .env is used "
            "instead. Put a Zhipu key of another form into ZAI_API_KEY."
        )
    return False


_announced: set[str] = set()


def _warn_once(text: str) -> None:
    if text not in _announced:
        _announced.add(text)
        warnings.warn(text, ZhipuAdaptationWarning, stacklevel=callers_level())


def _is_given(value: object) -> bool:
    return value is not None and not isinstance(value, openai.NotGiven)


def _other_classes() -> tuple[type, ...]:
    found = (getattr(openai, other.name, None) for other in OTHER_CLIENTS)
    return tuple(cls for cls in found if isinstance(cls, type))
