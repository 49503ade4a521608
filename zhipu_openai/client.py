"""OpenAI and AsyncOpenAI: thin subclasses of openai's own clients, and the factory that makes them.

A client here is openai's client over a transport that makes Zhipu look like OpenAI. Nothing else of
openai's is overridden: its resources, its retries, its types and what patches them stay as they are.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NoReturn, SupportsIndex

import openai
from pydantic import SecretStr

from ._typed_client import AsyncOpenAIBase, OpenAIBase
from .below import async_below, sync_below
from .client_settings import (
    OWN,
    Arguments,
    check_same_origin,
    check_websocket,
    derived_settings,
    explicit,
    new_settings,
    refuse_openais,
    take_own,
    url_given,
)
from .limits import async_limit, sync_limit
from .memory import Memory
from .settings import Source, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .boundary import Config
    from .limits import AnyAsyncLimit, AnyLimit
    from .settings import Settings

StandInUse = Literal["never", "without_key", "always"]


@dataclass(frozen=True, slots=True)
class _Setup:
    """What a client was set up with; a copy begins from it."""

    settings: Settings
    limit: Any
    memory: Memory
    arguments: Arguments
    """What the caller gave, but the key: a pickled client is made again from it."""

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        """End what would copy a key and connections.

        Raises:
            TypeError: Always.
        """
        raise TypeError("cannot pickle what a client was set up with: it holds a key")


class _Client:
    """What the sync and the async client have in common."""

    _setup: _Setup

    def _prepare(self, limit: Callable[[Any, str | None], Any], given: Arguments) -> Arguments:
        """Take our own arguments out and settle key and address."""
        inherited: _Setup | None = given.pop("_inherited", None)
        key_given: bool = given.pop("_key_given", True)
        own = take_own(given)
        refuse_openais(given)
        if callable(given.get("api_key")) and not hasattr(openai.OpenAI, "_refresh_api_key"):
            raise openai.OpenAIError("A callable api_key needs openai 1.106 or newer; give the key itself.")
        if inherited is None:
            settings = new_settings(given, own)
        else:
            settings = derived_settings(inherited.settings, given, own)
            if not key_given:
                check_same_origin(inherited.settings, settings)
        held = inherited.limit if inherited is not None and not own["max_concurrency"] else None
        memory = Memory()
        if inherited is not None and (
            not key_given
            or (settings.api_key == inherited.settings.api_key and not callable(given.get("api_key")))
        ):
            # What was answered to one key is not for the holder of another.
            memory = inherited.memory
        if inherited is None:
            arguments = explicit(Arguments(), given, own)
        else:
            address = inherited.settings.base_url
            arguments = explicit(inherited.arguments, given, own, address=address)
        self._setup = _Setup(settings, held or _limit_of(settings, limit), memory, arguments)
        given["base_url"] = settings.base_url
        if not callable(given.get("api_key")):
            given["api_key"] = settings.api_key.get_secret_value() if settings.api_key is not None else ""
        given["default_headers"] = dict(given.get("default_headers") or {})
        return given

    def _forget_openai(self, given: Mapping[str, Any]) -> None:
        """Undo what openai's constructor read from OPENAI_* variables: it is meant for OpenAI alone."""
        client: Any = self
        client._custom_headers = given["default_headers"]  # noqa: SLF001 - openai merges OPENAI_CUSTOM_HEADERS in
        client.organization = given.get("organization")
        client.project = given.get("project")
        client.webhook_secret = given.get("webhook_secret")
        if hasattr(client, "admin_api_key"):
            client.admin_api_key = given.get("admin_api_key")

    @property
    def settings(self) -> Settings:
        """Which key, address and options are in use, and where each came from; the key itself stays hidden."""
        settings = self._setup.settings
        key = getattr(self, "api_key", None)
        if settings.api_key is None or not key or key == settings.api_key.get_secret_value():
            return settings
        return replace(settings, api_key=SecretStr(key), api_key_source=Source("argument", "api_key"))

    def _copy_arguments(self, given: Arguments) -> Arguments:
        """Let a copy begin from this client's setup, and know whether it was given a key of its own."""
        refuse_openais(given)
        extra = {**(given.pop("_extra_kwargs", None) or {}), "_inherited": self._setup}
        extra["_key_given"] = given.get("api_key") is not None
        extra.update({name: given.pop(name) for name in OWN if name in given})
        given["_extra_kwargs"] = extra
        return given

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the client without its key: where it is unpickled it is made again, with the key found there.

        What was given as an argument goes along; what came from the environment is looked up there too.

        Raises:
            TypeError: The client has something that cannot go to another process, such as an http_client.
        """
        from .fleet.travelling import reduced  # noqa: PLC0415 - a room of its own

        return reduced(self)

    def __copy__(self) -> Any:
        """Make another object on the same key and connections."""
        copied = type(self).__new__(type(self))
        copied.__dict__.update(self.__dict__)
        return copied

    def __deepcopy__(self, memo: object) -> NoReturn:
        """End deep copying, as openai's own clients end it.

        Raises:
            TypeError: Always.
        """
        raise TypeError("cannot deep-copy a client: it holds connections; use copy()")

    if not TYPE_CHECKING:

        @property
        def base_url(self) -> Any:
            """Where requests go. Another address of the same origin may be set; the key belongs to that origin."""
            return super().base_url

        @base_url.setter
        def base_url(self, url: Any) -> None:
            settings = derived_settings(self._setup.settings, Arguments(base_url=url), Arguments())
            check_same_origin(self._setup.settings, settings)
            arguments = explicit(self._setup.arguments, Arguments(base_url=url), Arguments())
            self._setup = replace(self._setup, settings=settings, arguments=arguments)
            transport = self._client.boundary
            from .boundary import Boundary  # noqa: PLC0415 - see _config

            transport.core = Boundary(replace(transport.core.config, base_url=settings.base_url))
            super(_Client, type(self)).base_url.fset(self, settings.base_url)

        @property
        def websocket_base_url(self) -> Any:
            """Where websockets go: the same origin, since they pass by the boundary with the key."""
            return self._websocket_base_url

        @websocket_base_url.setter
        def websocket_base_url(self, url: Any) -> None:
            check_websocket(url, self._setup.settings)
            self._websocket_base_url = url

        def _process_response(self, *, stream_cls: Any = None, **given: Any) -> Any:
            """Read streams by our class, unless the client was told not to."""
            if stream_cls is not None and self._setup.settings.fast_streams:
                from .stream import fast  # noqa: PLC0415 - for the first stream

                stream_cls = fast(stream_cls)
            return super()._process_response(stream_cls=stream_cls, **given)

        def _process_response_data(self, *, data: Any, cast_to: Any, response: Any) -> Any:
            """Build openai's object by pydantic-core where that makes the same one."""
            if isinstance(data, dict) and self._setup.settings.fast_streams:
                from .building import builder_of  # noqa: PLC0415 - for the first answer

                builder = None if self._strict_response_validation else builder_of(cast_to)
                made = None if builder is None else builder.from_python(data)
                if made is not None:
                    return made
            return super()._process_response_data(data=data, cast_to=cast_to, response=response)

        @cached_property
        def zhipu(self) -> Any:
            """What Zhipu has and OpenAI has no name for: rerank, web search, OCR, jobs and more."""
            from . import zhipu  # noqa: PLC0415 - imported when it is first used

            return zhipu.Zhipu(self) if isinstance(self, OpenAI) else zhipu.AsyncZhipu(self)

        @property
        def default_headers(self) -> dict[str, Any]:
            """The headers of every request, without the organisation and project, which OpenAI alone knows."""
            headers = super().default_headers
            return {name: value for name, value in headers.items() if name.lower() not in _ORGANISATION}

        # Websockets pass by the boundary; these two open them. The room is imported when one is asked for.

        @cached_property
        def realtime(self) -> Any:
            """GLM-Realtime by OpenAI's realtime API."""
            from . import glm_realtime  # noqa: PLC0415 - as said

            return glm_realtime.realtime(self)

        @cached_property
        def responses(self) -> Any:
            """OpenAI's Responses API, over HTTP alone."""
            from . import _no_sockets  # noqa: PLC0415 - as said

            return _no_sockets.responses(super().responses)

        @cached_property
        def live(self) -> Any:
            """OpenAI's live sessions, which Zhipu has not."""
            from . import _no_sockets  # noqa: PLC0415 - as said

            # An AttributeError here where the installed openai has none, as with openai's own client.
            return _no_sockets.live(super().live)

        @cached_property
        def beta(self) -> Any:
            """What openai has in beta; its ``realtime`` speaks to GLM-Realtime too."""
            from . import glm_realtime  # noqa: PLC0415 - as said

            return glm_realtime.beta(self)


_ORGANISATION = frozenset({"openai-organization", "openai-project"})


class OpenAI(_Client, OpenAIBase):
    """openai.OpenAI on Zhipu's GLM models.

    Takes every argument of ``openai.OpenAI``. Without ``api_key`` the key is searched in the environment and
    in ``.env``, from the working directory upwards, under ``ZAI_API_KEY``, ``ZHIPUAI_API_KEY``,
    ``ZHIPU_API_KEY``, ``BIGMODEL_API_KEY`` and ``GLM_API_KEY``; no ``OPENAI_*`` variable is used.

    Args:
        region: ``"cn"`` (bigmodel.cn, the default), ``"intl"`` (z.ai) or ``"standin"`` (the embedded
            stand-in, which needs no key). Else ``ZHIPU_REGION``.
        endpoint: ``"general"`` (the default) or ``"coding"``, the Coding Plan's. Else ``ZHIPU_ENDPOINT``.
        auth: ``"bearer"`` (the default), or ``"jwt"`` to sign keys of the form id.secret as the older SDKs do.
        on_adaptation: what to do about a change of meaning: ``"warn"`` once (the default), ``"error"``, ``"ignore"``.
        max_concurrency: requests that may be under way at once, 1 or more; a stream counts until it ends. Or
            a limiter that clients share, such as ``zhipu_openai.fleet.RedisLimiter``.
        model_aliases: GLM models to use for other names, e.g. ``{"gpt-4o": "glm-5.3"}``.
        responses: how ``client.responses`` is served: ``"auto"`` (the default), ``"native"`` by Zhipu's own
            Responses API, ``"translate"`` by chat completions, which accounts that ever had a Coding Plan need.
        fast_streams: ``False`` reads streams by openai's own code alone, which is slower.

    Raises:
        openai.OpenAIError: No key is found, or an argument would send something to OpenAI.
        ValueError: The base URL or an option is not usable.
    """

    if not TYPE_CHECKING:

        def __init__(self, **given: Any) -> None:
            """Make a client; see the class for the arguments."""
            given = Arguments(given)
            given = self._prepare(sync_limit, given)
            below = sync_below(given.get("http_client"), self._setup.settings, given)
            given["http_client"] = boundary_client(
                below, _config(self._setup.settings, self._setup.memory), self._setup.limit
            )
            super().__init__(**given)
            self._forget_openai(given)

        __init__.__signature__ = inspect.signature(openai.OpenAI.__init__)

        def copy(self, **given: Any) -> OpenAI:
            """Make a client like this one, with some options changed."""
            given = Arguments(given)
            return super().copy(**self._copy_arguments(given))

        copy.__signature__ = inspect.signature(openai.OpenAI.copy)
        with_options = copy


class AsyncOpenAI(_Client, AsyncOpenAIBase):
    """openai.AsyncOpenAI on Zhipu's GLM models; the arguments are those of OpenAI."""

    if not TYPE_CHECKING:

        def __init__(self, **given: Any) -> None:
            """Make a client; see OpenAI for the arguments."""
            given = Arguments(given)
            given = self._prepare(async_limit, given)
            below = async_below(given.get("http_client"), self._setup.settings, given)
            given["http_client"] = async_boundary_client(
                below, _config(self._setup.settings, self._setup.memory), self._setup.limit
            )
            super().__init__(**given)
            self._forget_openai(given)

        __init__.__signature__ = inspect.signature(openai.AsyncOpenAI.__init__)

        def copy(self, **given: Any) -> AsyncOpenAI:
            """Make a client like this one, with some options changed."""
            given = Arguments(given)
            return super().copy(**self._copy_arguments(given))

        copy.__signature__ = inspect.signature(openai.AsyncOpenAI.copy)
        with_options = copy


def create_client(*, standin: StandInUse = "never", **options: Any) -> OpenAI:
    """Make a client from ``.env``, the environment and these options, which are those of OpenAI.

    Args:
        standin: When to use the embedded stand-in: ``"never"``, ``"without_key"`` (where no key is found)
            or ``"always"``. Its answers say that they come from it.
        options: Any argument of OpenAI.

    Raises:
        openai.OpenAIError: No key is found, and the stand-in may not be used.
    """
    options = Arguments(options)
    return OpenAI(**_with_standin(standin, options))


def create_async_client(*, standin: StandInUse = "never", **options: Any) -> AsyncOpenAI:
    """Make an async client; see create_client."""
    options = Arguments(options)
    return AsyncOpenAI(**_with_standin(standin, options))


def http_client(*, http_client: Any = None, standin: StandInUse = "never", **options: Any) -> Any:
    """Make an HTTP client for what takes only that: ``ChatOpenAI(http_client=...)``, ``openai.OpenAI(http_client=...)``.

    Requests meant for ``api.openai.com`` (or for the base URL here) go to Zhipu, with the key found as OpenAI
    finds it; whatever key the framework sends is left out.

    Args:
        http_client: Your own client of httpx or httpx2, to send through; by default one like openai's own.
        standin: When to use the embedded stand-in; see create_client.
        options: ``api_key``, ``base_url``, ``region``, ``endpoint``, ``auth``, ``on_adaptation``,
            ``max_concurrency``, ``model_aliases``, ``responses``.

    Raises:
        openai.OpenAIError: No key is found.
        TypeError: An option is none of these, or the key is a callable.
        ValueError: The base URL or an option is not usable.
    """
    options = Arguments(options)
    settings = _framework_settings(standin, options)
    below = sync_below(http_client, settings, {})
    return boundary_client(below, _config(settings, Memory(), signs=True), _limit_of(settings, sync_limit))


def async_http_client(*, http_client: Any = None, standin: StandInUse = "never", **options: Any) -> Any:
    """Make an async HTTP client; see http_client."""
    options = Arguments(options)
    settings = _framework_settings(standin, options)
    below = async_below(http_client, settings, {})
    return async_boundary_client(
        below, _config(settings, Memory(), signs=True), _limit_of(settings, async_limit)
    )


def _framework_settings(standin: StandInUse, options: Arguments) -> Settings:
    given = _with_standin(standin, options)
    own = take_own(given)
    unknown = given.keys() - {"api_key", "base_url"}
    if unknown:
        raise TypeError(f"http_client() got unexpected arguments: {', '.join(sorted(unknown))}")
    if callable(given.get("api_key")):
        raise TypeError(
            "http_client() takes a key, not a callable that gives one; make a client of OpenAI for that."
        )
    return new_settings(given, own)


def _limit_of(settings: Settings, make: Callable[[Any, str | None], Any]) -> Any:
    key = None if settings.api_key is None else settings.api_key.get_secret_value()
    return make(settings.max_concurrency, key)


def _with_standin(standin: StandInUse, options: Arguments) -> Arguments:
    if standin == "always":
        return Arguments(options, region="standin")
    if standin == "without_key" and options.get("api_key") is None and options.get("region") is None:
        names = ("base_url", "endpoint", "auth")
        found = resolve(
            base_url=url_given(options), endpoint=options.get("endpoint"), auth=options.get("auth")
        )
        if found.api_key is None:
            kept = Arguments({name: value for name, value in options.items() if name not in names})
            return Arguments(kept, region="standin")
    return options


def boundary_client(below: Any, config: Config, limit: AnyLimit) -> Any:
    """Put the boundary over a client."""
    from . import transport  # noqa: PLC0415 - see _config

    return transport.boundary_client(below, config, limit)


def async_boundary_client(below: Any, config: Config, limit: AnyAsyncLimit) -> Any:
    """Put the boundary over an async client."""
    from . import transport  # noqa: PLC0415 - see _config

    return transport.async_boundary_client(below, config, limit)


def _config(settings: Settings, memory: Memory, *, signs: bool = False) -> Config:
    # The boundary and its tables are imported with the first client, so that our name costs no more to
    # import than openai's.
    from .boundary import Config  # noqa: PLC0415 - as said

    signer = None
    if settings.auth == "jwt":
        from .signing import TokenSigner  # noqa: PLC0415 - for the older form of authentication alone

        signer = TokenSigner()
    return Config(
        base_url=settings.base_url,
        policy=settings.on_adaptation,
        model_aliases=settings.model_aliases,
        key=settings.api_key if signs else None,
        takes_openai_urls=signs,
        signer=signer,
        responses=settings.responses,
        memory=memory,
    )
