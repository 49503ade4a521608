"""The module-level client: ``zhipu_openai.chat.completions.create(...)`` without making a client first.

Its settings are attributes of the package, as openai's are of ``openai``: ``zhipu_openai.api_key = "…"``.
They are looked at on every use. When one has changed, a new client is made from them, so that whatever the
constructor checks (which key may go to which address) is checked again. openai's own attributes are never
read: a key set on ``openai`` is OpenAI's.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from .forks import lock

if TYPE_CHECKING:
    from .client import OpenAI

PACKAGE: Final = __name__.rpartition(".")[0]

SETTINGS: Final = (
    "api_key",
    "admin_api_key",
    "organization",
    "project",
    "webhook_secret",
    "base_url",
    "timeout",
    "max_retries",
    "default_headers",
    "default_query",
    "http_client",
    "region",
    "endpoint",
    "on_adaptation",
    "max_concurrency",
    "model_aliases",
)
"""Attributes of the package that go to the constructor of the client under the same name."""

OTHER_SERVICES: Final = (
    "api_type",
    "api_version",
    "azure_endpoint",
    "azure_ad_token",
    "azure_ad_token_provider",
    "bedrock_token_provider",
)
"""Attributes with which openai's module-level client is turned to Azure or Bedrock."""

_OPENAI_DEFAULTS: Final = {"timeout": "DEFAULT_TIMEOUT", "max_retries": "DEFAULT_MAX_RETRIES"}


def default(name: str) -> Any:
    """Return what a setting reads as while nobody has set it."""
    if name == "http_client":
        # One name for two things: openai's setting, and our function that makes such a client.
        return import_module(f"{PACKAGE}.client").http_client
    constant = _OPENAI_DEFAULTS.get(name)
    return None if constant is None else getattr(import_module("openai"), constant)


@cache
def resources() -> Mapping[str, Any]:
    """Return a lazy proxy for each resource that the installed openai offers at module level."""
    originals = vars(import_module("openai._module_client"))
    lazy_proxy: Any = originals["LazyProxy"]

    class ResourceProxy(lazy_proxy):  # type: ignore[misc]  # openai's class is known at run time only
        """Stands for a resource of the module-level client as it is at the moment of use."""

        def __init__(self, resource: str) -> None:
            self._resource_name = resource

        def __load__(self) -> Any:
            return getattr(_load_client(), self._resource_name)

    # Not isinstance(): openai's proxies answer it with the class of what they stand for, which makes a client.
    return {
        name: ResourceProxy(name) for name, value in originals.items() if lazy_proxy in type(value).__mro__
    }


class _Loaded:
    """The client in use and the settings it was made from (a plain class: its repr shows no key)."""

    __slots__ = ("client", "settings")

    def __init__(self, settings: dict[str, Any]) -> None:
        from .client import OpenAI  # noqa: PLC0415 - imported when first used, as openai's is

        _refuse_other_services(settings)
        self.settings = settings
        self.client = OpenAI(**{name: value for name, value in settings.items() if name in SETTINGS})


_loaded: _Loaded | None = None
_lock = lock()


def _load_client() -> OpenAI:
    """Return the client for the settings as they are now, making it if there is none yet.

    A client that is no longer current is left to those who still use it.

    Raises:
        openai.OpenAIError: The settings are for another service, or no key is found.
    """
    global _loaded  # noqa: PLW0603 - one client for the process is the point of it
    settings = _settings()
    loaded = _loaded
    if loaded is None or loaded.settings != settings:
        with _lock:
            loaded = _loaded
            if loaded is None or loaded.settings != settings:
                loaded = _loaded = _Loaded(settings)
    return loaded.client


def _reset_client() -> None:
    """Forget the client, so that the next use searches for key and endpoint again."""
    global _loaded  # noqa: PLW0603 - see _load_client
    _loaded = None


def _settings() -> dict[str, Any]:
    """Return the settings that somebody has set. Mappings are copied, so that a change in one is seen."""
    namespace = vars(sys.modules[PACKAGE])
    return {
        name: dict(namespace[name]) if isinstance(namespace[name], Mapping) else namespace[name]
        for name in (*SETTINGS, *OTHER_SERVICES)
        if name in namespace and _is_set(name, namespace[name])
    }


def _is_set(name: str, value: Any) -> bool:
    if name in _OPENAI_DEFAULTS:
        return value is not default(name)  # a timeout of None is a setting: wait for ever
    if name == "http_client" and isinstance(value, FunctionType):
        return False  # our function put back, as monkeypatch does
    return value is not None


def _refuse_other_services(settings: Mapping[str, Any]) -> None:
    """Refuse to send what was set up for Azure or Bedrock, a key above all, to Zhipu."""
    others = [name for name in OTHER_SERVICES if name in settings and name != "api_version"]
    if settings.get("api_type") == "openai":
        others.remove("api_type")
    if others:
        from openai import OpenAIError  # noqa: PLC0415 - on the way to an error

        raise OpenAIError(
            f"{PACKAGE}.{others[0]} is set, but the module-level client of {PACKAGE} speaks to Zhipu only. "
            f"Unset it, or make a client of its own for the other service, e.g. {PACKAGE}.AzureOpenAI(...)."
        )
