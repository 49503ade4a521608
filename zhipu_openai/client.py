"""OpenAI and AsyncOpenAI: thin subclasses of openai's own clients, and the factory that makes them.

A client here is openai's client over a transport that makes Zhipu look like OpenAI. Nothing else of
openai's is overridden: its resources, its retries, its types and what patches them stay as they are.
"""

from __future__ import annotations

import inspect
import logging
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

import openai

from . import library
from ._typed_client import AsyncOpenAIBase, OpenAIBase
from .adaptation import ZhipuAdaptationWarning
from .boundary import Config
from .endpoints import CODING_PLAN_TERMS, is_openai_origin, origin_of
from .limits import AsyncLimit, SyncLimit
from .settings import Settings, missing_key_message, resolve
from .transport import async_boundary_client, boundary_client

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger("zhipu_openai")

StandInUse = Literal["never", "without_key", "always"]

_NOT_OURS: Final = {
    "provider": "it selects a provider of OpenAI's",
    "data_residency": "it selects a region of OpenAI's; Zhipu's are chosen with region=",
    "workload_identity": "it is exchanged for a token at OpenAI",
}
"""Arguments of openai's constructor that would send the request, or a credential, to OpenAI."""

_OWN: Final = ("region", "endpoint", "auth", "on_adaptation", "max_concurrency", "model_aliases")


@dataclass(frozen=True, slots=True)
class _Setup:
    """What a client was set up with; a copy begins from it."""

    settings: Settings
    limit: Any


class _Client:
    """What the sync and the async client have in common."""

    _setup: _Setup

    def _prepare(self, limit: Callable[[int | None], Any], given: dict[str, Any]) -> dict[str, Any]:
        """Take our own arguments out, settle key and address, and put the boundary under the client."""
        inherited: _Setup | None = given.pop("_inherited", None)
        key_given: bool = given.pop("_key_given", True)
        own = {name: given.pop(name, None) for name in _OWN}
        for name, why in _NOT_OURS.items():
            if given.get(name) is not None:
                raise openai.OpenAIError(f"`{name}` cannot be used with Zhipu: {why}.")
        key, url = given.get("api_key"), given.get("base_url")
        if callable(key) and not hasattr(openai.OpenAI, "_refresh_api_key"):
            raise openai.OpenAIError("A callable api_key needs openai 1.106 or newer; give the key itself.")
        url = str(url) if isinstance(url, str) or hasattr(url, "host") else None
        settings = (
            _settings(key, url, own)
            if inherited is None
            else _inherited_settings(inherited.settings, key, url, own)
        )
        if inherited is not None and not key_given:
            _check_same_origin(inherited.settings, settings)
        if settings.key_set_aside:
            warnings.warn(
                "api_key has the form of an OpenAI key (sk-…): it is not sent to Zhipu. The key found in "
                "the environment or .env is used instead; leave api_key out.",
                ZhipuAdaptationWarning,
                stacklevel=4,
            )
        _check_websocket(given.get("websocket_base_url"), settings)
        held = (
            limit(settings.max_concurrency)
            if inherited is None or own["max_concurrency"]
            else inherited.limit
        )
        self._setup = _Setup(settings, held)
        given["base_url"] = settings.base_url
        if not callable(key):
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
        return self._setup.settings

    def _copy_arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """Let a copy begin from this client's setup, and know whether it was given a key of its own."""
        extra = {**(given.pop("_extra_kwargs", None) or {}), "_inherited": self._setup}
        extra["_key_given"] = given.get("api_key") is not None
        extra.update({name: given.pop(name) for name in _OWN if name in given})
        given["_extra_kwargs"] = extra
        return given


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
        max_concurrency: requests that may be under way at once, 1 or more; a stream counts until it ends.
        model_aliases: GLM models to use for other names, e.g. ``{"gpt-4o": "glm-5.3"}``.

    Raises:
        openai.OpenAIError: No key is found, or an argument would send something to OpenAI.
        ValueError: The base URL or an option is not usable.
    """

    if not TYPE_CHECKING:

        def __init__(self, **given: Any) -> None:
            """Make a client; see the class for the arguments."""
            given = self._prepare(SyncLimit, given)
            inner = _below(given.get("http_client"), self._setup.settings)
            if inner is None:
                inner = _inner_client(self._setup.settings, given)
            given["http_client"] = boundary_client(inner, _config(self._setup.settings), self._setup.limit)
            super().__init__(**given)
            self._forget_openai(given)

        __init__.__signature__ = inspect.signature(openai.OpenAI.__init__)

        def copy(self, **given: Any) -> OpenAI:
            """Make a client like this one, with some options changed."""
            return super().copy(**self._copy_arguments(given))

        with_options = copy


class AsyncOpenAI(_Client, AsyncOpenAIBase):
    """openai.AsyncOpenAI on Zhipu's GLM models; the arguments are those of OpenAI."""

    if not TYPE_CHECKING:

        def __init__(self, **given: Any) -> None:
            """Make a client; see OpenAI for the arguments."""
            given = self._prepare(AsyncLimit, given)
            inner = _below(given.get("http_client"), self._setup.settings)
            if inner is None:
                inner = _inner_async_client(self._setup.settings, given)
            given["http_client"] = async_boundary_client(
                inner, _config(self._setup.settings), self._setup.limit
            )
            super().__init__(**given)
            self._forget_openai(given)

        __init__.__signature__ = inspect.signature(openai.AsyncOpenAI.__init__)

        def copy(self, **given: Any) -> AsyncOpenAI:
            """Make a client like this one, with some options changed."""
            return super().copy(**self._copy_arguments(given))

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
    return OpenAI(**_with_standin(standin, options))


def create_async_client(*, standin: StandInUse = "never", **options: Any) -> AsyncOpenAI:
    """Make an async client; see create_client."""
    return AsyncOpenAI(**_with_standin(standin, options))


def http_client(*, http_client: Any = None, standin: StandInUse = "never", **options: Any) -> Any:
    """Make an HTTP client for what takes only that: ``ChatOpenAI(http_client=...)``, ``openai.OpenAI(http_client=...)``.

    Requests meant for ``api.openai.com`` (or for the base URL here) go to Zhipu, with the key found as OpenAI
    finds it; whatever key the framework sends is left out.

    Args:
        http_client: Your own client of httpx or httpx2, to send through; by default one like openai's own.
        standin: When to use the embedded stand-in; see create_client.
        options: ``api_key``, ``base_url``, ``region``, ``endpoint``, ``auth``, ``on_adaptation``,
            ``max_concurrency``, ``model_aliases``.
    """
    settings = _framework_settings(standin, options)
    inner = _inner_client(settings, options) if http_client is None else http_client
    return boundary_client(inner, _config(settings, signs=True), SyncLimit(settings.max_concurrency))


def async_http_client(*, http_client: Any = None, standin: StandInUse = "never", **options: Any) -> Any:
    """Make an async HTTP client; see http_client."""
    settings = _framework_settings(standin, options)
    inner = _inner_async_client(settings, options) if http_client is None else http_client
    return async_boundary_client(inner, _config(settings, signs=True), AsyncLimit(settings.max_concurrency))


def _settings(key: str | Callable[[], Any] | None, url: str | None, own: Mapping[str, Any]) -> Settings:
    """Settle key and address from the arguments, the environment and .env.

    Raises:
        openai.OpenAIError: No key is found.
    """
    provided = callable(key)
    settings = resolve(api_key=None if provided else key, has_key_provider=provided, base_url=url, **own)  # type: ignore[arg-type]
    if settings.api_key is None and not provided:
        raise openai.OpenAIError(missing_key_message(settings))
    if settings.endpoint == "coding":
        _announce_terms()
    return settings


def _inherited_settings(
    before: Settings, key: str | Callable[[], Any] | None, url: str | None, own: Mapping[str, Any]
) -> Settings:
    """Change a client's settings by what a copy was given; what it was not given stays."""
    changes: dict[str, Any] = {name: value for name, value in own.items() if value is not None}
    old_key = before.api_key.get_secret_value() if before.api_key is not None else None
    same_url = url is None or url.rstrip("/") == before.base_url.rstrip("/")
    same_key = not callable(key) and key == old_key
    moved = changes.keys() & {"region", "endpoint"}
    if same_url and not moved:
        kept = {
            name: value
            for name, value in changes.items()
            if name in ("auth", "on_adaptation", "max_concurrency")
        }
        if "model_aliases" in changes:
            kept["model_aliases"] = {**before.model_aliases, **changes["model_aliases"]}
        if same_key:
            return replace(before, **kept)
    leaves_standin = before.region == "standin" and changes.get("region") not in (None, "standin")
    return resolve(
        api_key=None if callable(key) or leaves_standin else key or old_key,
        has_key_provider=callable(key),
        base_url=None if moved and same_url else url or before.base_url,
        region=changes.get("region") or (before.region if before.region == "standin" else None),
        endpoint=changes.get("endpoint"),
        auth=changes.get("auth", before.auth),
        on_adaptation=changes.get("on_adaptation", before.on_adaptation),
        max_concurrency=changes.get("max_concurrency", before.max_concurrency),
        model_aliases={**before.model_aliases, **changes.get("model_aliases", {})},
    )


def _check_same_origin(before: Settings, after: Settings) -> None:
    """Keep a key at the origin it belongs to.

    Raises:
        openai.OpenAIError: A copy goes to another origin, and no key was given for it.
    """
    old, new = origin_of(before.base_url), origin_of(after.base_url)
    if old != new and "standin" not in (before.region, after.region):
        raise openai.OpenAIError(
            f"The key of this client belongs to {old[1]}; to copy the client for {new[1]}, "
            "give the key for that address too: copy(base_url=..., api_key=...)."
        )


def _below(http_client: Any, settings: Settings) -> Any:
    """Find the client to send through: the caller's own, or the one below the boundary that it carries.

    None when one is to be made: nothing was given, or a copy enters or leaves the stand-in.
    """
    boundary = getattr(http_client, "boundary", None)
    if boundary is None:
        return http_client
    stands_in = getattr(boundary.inner, "stands_in", False)
    return boundary.inner if stands_in == (settings.region == "standin") else None


def _framework_settings(standin: StandInUse, options: Mapping[str, Any]) -> Settings:
    given = _with_standin(standin, dict(options))
    unknown = given.keys() - {"api_key", "base_url", *_OWN}
    if unknown:
        raise TypeError(f"http_client() got unexpected arguments: {', '.join(sorted(unknown))}")
    own = {name: given.get(name) for name in _OWN}
    return _settings(given.get("api_key"), given.get("base_url"), own)


def _with_standin(standin: StandInUse, options: dict[str, Any]) -> dict[str, Any]:
    if standin == "always":
        return {**options, "region": "standin"}
    if standin == "without_key" and options.get("api_key") is None and options.get("region") is None:
        names = ("base_url", "endpoint", "auth")
        found = resolve(**{name: options.get(name) for name in names})
        if found.api_key is None:
            return {
                **{name: value for name, value in options.items() if name not in names},
                "region": "standin",
            }
    return options


def _config(settings: Settings, *, signs: bool = False) -> Config:
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
    )


def _inner_client(settings: Settings, given: Mapping[str, Any]) -> Any:
    if settings.region == "standin":
        from . import standin  # noqa: PLC0415 - a room of its own

        _announce_standin()
        made = standin.client(standin.default_service(), library.openai_library().module)
        made.stands_in = True
        return made
    return library.default_client(**_timeout(given))


def _inner_async_client(settings: Settings, given: Mapping[str, Any]) -> Any:
    if settings.region == "standin":
        from . import standin  # noqa: PLC0415 - a room of its own

        _announce_standin()
        made = standin.async_client(standin.default_service(), library.openai_library().module)
        made.stands_in = True
        return made
    return library.default_async_client(**_timeout(given))


def _timeout(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the lower client the timeout that openai would give its own."""
    timeout = given.get("timeout", openai.NOT_GIVEN)
    usable = timeout is None or isinstance(timeout, (int, float)) or hasattr(timeout, "read")
    return {"timeout": timeout} if usable else {}


def _check_websocket(url: object, settings: Settings) -> None:
    if url is None:
        return
    host = urlsplit(str(url)).hostname
    if host != urlsplit(settings.base_url).hostname or is_openai_origin(str(url)):
        raise openai.OpenAIError(
            f"websocket_base_url goes to {host}, but the key belongs to {urlsplit(settings.base_url).hostname}; "
            "it would be sent there."
        )


def _announce_standin() -> None:
    if "standin" not in _announced:
        _announced.add("standin")
        log.warning("Running on the embedded stand-in: no model answers, and nothing leaves this process.")


def _announce_terms() -> None:
    if "terms" not in _announced:
        _announced.add("terms")
        warnings.warn(CODING_PLAN_TERMS.sentence, ZhipuAdaptationWarning, stacklevel=6)


_announced: set[str] = set()
