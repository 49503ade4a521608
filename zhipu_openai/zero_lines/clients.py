"""openai's clients that become Zhipu's, and the replacements of their constructor and of ``copy``.

A client that is for Zhipu changes its class while it is being made: from ``openai.OpenAI`` to a subclass of it,
which is zhipu_openai.OpenAI under openai's name. From a caller's own subclass it changes to one in which ours
stands right above openai's, so that what the caller has overridden still comes first. The class is what marks the
client; nothing has to be asked later.
"""

from __future__ import annotations

import functools
import logging
import types
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

import openai

from zhipu_openai import client as zhipu_client
from zhipu_openai.client_settings import Arguments, url_given
from zhipu_openai.endpoints import is_zhipu_domain

from .choice import is_default, is_for_zhipu, is_openai_key, zhipu_arguments
from .state import in_effect

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("zhipu_openai")


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a copy takes over, beside openai's own arguments: a caller's subclass need not know of it."""

    cls: type
    arguments: Arguments


_carried: ContextVar[_Carried | None] = ContextVar("zhipu_openai.zero_lines.carried", default=None)

_left_alone: ContextVar[type | None] = ContextVar("zhipu_openai.zero_lines.left_alone", default=None)
"""The class of a client that was left alone, while a copy of it is made."""


class _Served:
    """What the sync and the async client have in common."""

    _plain: type
    """The class of openai's, or of the caller's, that the client was made as."""

    if not TYPE_CHECKING:

        def __init__(self, **given: Any) -> None:
            """Make a client of Zhipu's; one that is for another host after all is made as openai makes it."""
            given = Arguments(given)
            carried = _take(type(self))
            if carried is None:
                if not is_for_zhipu(self, given):
                    self._become_plain(given)
                    return
                current = in_effect()
                given = zhipu_arguments(given, current.options if current is not None else {})
            else:
                before = carried["_inherited"].settings
                url = url_given(given)
                if url is not None and is_default(url):
                    given["base_url"] = before.base_url
                elif url is not None and not _stays(url, before.base_url):
                    self._become_plain(_for_elsewhere(given, carried, before.base_url))
                    return
                given.update(carried)
            super().__init__(**given)

        def _become_plain(self, given: Arguments) -> None:
            self.__class__ = self._plain
            _openais(self).__init__(self, **given)

        def copy(self, **given: Any) -> Any:
            """Make a client like this one, with some options changed."""
            token = _carried.set(None)
            try:
                return super().copy(**given)
            finally:
                _carried.reset(token)

        with_options = copy

        def _copy_arguments(self, given: Arguments) -> Arguments:
            callers = dict(given.get("_extra_kwargs") or {})
            given = super()._copy_arguments(given)
            extra = Arguments(given["_extra_kwargs"])
            _carried.set(
                _Carried(type(self), Arguments({n: v for n, v in extra.items() if n not in callers}))
            )
            given["_extra_kwargs"] = callers
            return given

        @property
        def api_key(self) -> str:
            """The key of the requests. One of OpenAI's that is assigned later is left out, as in the constructor."""
            return self.__dict__.get("api_key", "")

        @api_key.setter
        def api_key(self, key: Any) -> None:
            if is_openai_key(key) and is_zhipu_domain(self._setup.settings.base_url):
                log.info("An api_key of OpenAI's form was assigned to a client of Zhipu's; it keeps its key.")
                return
            self.__dict__["api_key"] = key


class _ServedOpenAI(_Served, zhipu_client.OpenAI):
    """What stands above openai.OpenAI in a served client's class."""


class _ServedAsyncOpenAI(_Served, zhipu_client.AsyncOpenAI):
    """What stands above openai.AsyncOpenAI in a served client's class."""


# Python lets an object change its class if both descend from one class by their first bases alone.


class _First(openai.OpenAI):
    """A first base."""


class _FirstAsync(openai.AsyncOpenAI):
    """A first base."""


class OpenAI(_First, _ServedOpenAI):
    """openai.OpenAI, served by Zhipu."""

    _plain = openai.OpenAI


class AsyncOpenAI(_FirstAsync, _ServedAsyncOpenAI):
    """openai.AsyncOpenAI, served by Zhipu."""

    _plain = openai.AsyncOpenAI


for _cls in (OpenAI, AsyncOpenAI):
    # Some libraries look at the name of a client's class and of its module.
    _cls.__module__ = "openai"


def deciding(original: Callable[..., None]) -> Callable[..., None]:
    """Make the constructor of openai.OpenAI that decides."""
    return _deciding(original, openai.OpenAI, OpenAI, _ServedOpenAI)


def deciding_async(original: Callable[..., None]) -> Callable[..., None]:
    """Make the constructor of openai.AsyncOpenAI that decides."""
    return _deciding(original, openai.AsyncOpenAI, AsyncOpenAI, _ServedAsyncOpenAI)


def _deciding(original: Callable[..., None], plain: type, served: type, above: type) -> Callable[..., None]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **given: Any) -> None:  # noqa: N807 - it becomes that method
        ours = isinstance(self, (zhipu_client.OpenAI, zhipu_client.AsyncOpenAI))
        if ours or args or in_effect() is None or _is_copy_of_another(self) or not is_for_zhipu(self, given):
            original(self, *args, **given)
            return
        cls: Any = type(self)
        self.__class__ = served if cls is plain else _with_above(cls, above)
        above.__init__(self, **given)  # type: ignore[misc]  # its constructor is for type checkers openai's

    return __init__


def copying(original: Callable[..., Any]) -> Callable[..., Any]:
    """Make the ``copy`` of openai's clients that leaves alone what was left alone."""

    @functools.wraps(original)
    def copy(self: Any, *args: Any, **given: Any) -> Any:
        ours = isinstance(self, (zhipu_client.OpenAI, zhipu_client.AsyncOpenAI))
        if ours or in_effect() is None or is_zhipu_domain(url_given(given) or ""):
            return original(self, *args, **given)
        token = _left_alone.set(type(self))
        try:
            return original(self, *args, **given)
        finally:
            _left_alone.reset(token)

    return copy


def _is_copy_of_another(client: object) -> bool:
    """Whether this is the copy of a client that was left alone; clients of other classes are decided anew."""
    return _left_alone.get() is type(client)


def _take(cls: type) -> Arguments | None:
    carried = _carried.get()
    if carried is None or carried.cls is not cls:
        return None
    _carried.set(None)
    return carried.arguments


def _stays(url: str, before: str) -> bool:
    return url.rstrip("/") == before.rstrip("/") or is_zhipu_domain(url)


def _for_elsewhere(given: Arguments, carried: Arguments, before: str) -> Arguments:
    """Make the arguments of a copy that goes to another host than Zhipu's.

    Raises:
        openai.OpenAIError: No key was given for it.
    """
    if not carried["_key_given"]:
        _refuse_elsewhere(before)
    boundary = getattr(given.get("http_client"), "boundary", None)
    if boundary is None:
        return given
    below = boundary.below
    return Arguments(given, http_client=None if below.stands_in or below.made_here else below.client)


def _refuse_elsewhere(before: str) -> NoReturn:
    raise openai.OpenAIError(
        f"The key of this client belongs to {before}, and is not sent elsewhere; to copy the client for another "
        "address, give the key for that address too: copy(base_url=..., api_key=...)."
    )


def _openais(client: object) -> Any:
    return openai.OpenAI if isinstance(client, openai.OpenAI) else openai.AsyncOpenAI


@lru_cache(maxsize=256)
def _with_above(cls: type, above: type) -> Any:
    """Make the class that a client of a caller's own class becomes."""

    def body(namespace: dict[str, Any]) -> None:
        namespace.update({name: getattr(cls, name) for name in _DESCRIPTION}, _plain=cls)

    return types.new_class(cls.__name__, (cls, above), exec_body=body)


_DESCRIPTION: Final = ("__module__", "__qualname__", "__doc__")
