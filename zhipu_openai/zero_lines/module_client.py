"""openai's module-level client, ``openai.chat.completions.create(...)``, on Zhipu.

openai keeps the key and the HTTP client of its module-level client in its own globals. Ours is a client beside
it, made from the settings that the program has put there, and made anew when one of them has changed. openai's
own is not touched: it serves again after ``uninstall()``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import openai

from .choice import is_for_zhipu
from .clients import OpenAI
from .state import Installation, in_effect

if TYPE_CHECKING:
    from collections.abc import Callable

_SETTINGS: Final = (
    "api_key",
    "organization",
    "project",
    "webhook_secret",
    "base_url",
    "timeout",
    "max_retries",
    "default_headers",
    "default_query",
    "http_client",
)
"""The settings of openai's that go to the constructor under the same name."""

_AZURE: Final = ("_has_azure_credentials", "_has_azure_ad_credentials")


class _Made:
    """A client and what it was made from (a plain class: its repr shows no key)."""

    __slots__ = ("client", "installation", "settings")

    def __init__(self, installation: Installation, settings: dict[str, Any]) -> None:
        self.installation = installation
        self.settings = settings
        self.client = OpenAI(**settings)

    def is_of(self, installation: Installation, settings: dict[str, Any]) -> bool:
        return self.installation is installation and self.settings == settings


_made: _Made | None = None
_lock = Lock()


def loading(original: Callable[[], Any]) -> Callable[[], Any]:
    """Make the function that gives the client behind ``openai.chat`` and the others."""

    @functools.wraps(original)
    def _load_client() -> Any:
        installation = in_effect()
        if installation is None or not _is_for_zhipu():
            return original()
        return _client(installation)

    return _load_client


def forget() -> None:
    """Let go of the client."""
    global _made  # noqa: PLW0603 - one client for the process is the point of it
    _made = None


def _client(installation: Installation) -> Any:
    global _made  # noqa: PLW0603 - see above
    settings = {name: _value(name) for name in _SETTINGS}
    made = _made
    if made is None or not made.is_of(installation, settings):
        with _lock:
            made = _made
            if made is None or not made.is_of(installation, settings):
                made = _made = _Made(installation, settings)
    return made.client


def _value(name: str) -> Any:
    value = getattr(openai, name, None)
    return dict(value) if isinstance(value, Mapping) else value


def _is_for_zhipu() -> bool:
    """Whether openai's module-level client would go to OpenAI; where that is unclear, openai says so itself."""
    kind = openai.api_type
    if kind is None and (
        os.environ.get("AZURE_OPENAI_ENDPOINT") or any(getattr(openai, name)() for name in _AZURE)
    ):
        return False
    if kind not in (None, "openai"):
        return False
    return is_for_zhipu(None, {"base_url": openai.base_url, "http_client": openai.http_client})
