"""Which key, endpoint and options win, and why.

Arguments come before the environment, the environment before a ``.env``, a ``.env`` before the defaults. What
was seen and not used is told in ``Settings.notes``. No value of a key is in any note, message or repr.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar, get_args

from pydantic import SecretStr

from . import _dotenv
from ._variables import BASE_URL_VARIABLES, KEY_VARIABLES, NAMES, OPENAI_VARIABLES
from .adaptation import Policy
from .endpoints import (
    ENDPOINT_NAMES,
    KEY_PAGES,
    REGIONS,
    EndpointName,
    Region,
    base_url_of,
    endpoint_of,
    is_openai_origin,
    is_zhipu_domain,
    normalise_base_url,
    origin_of,
    region_of,
)
from .limits import Limiter
from .signing import split_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._dotenv import Dotenv
    from ._variables import Family, Variable
    from .limits import MaxConcurrency

Auth: TypeAlias = Literal["bearer", "jwt"]
RegionChoice: TypeAlias = Literal[Region, "standin"]
ResponsesMode: TypeAlias = Literal["auto", "native", "translate"]
"""How client.responses is served: by Zhipu's own Responses API, by chat completions, or by what fits the call."""

AUTHS: Final[tuple[Auth, ...]] = get_args(Auth)
POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)
RESPONSES_MODES: Final[tuple[ResponsesMode, ...]] = get_args(ResponsesMode)
REGION_CHOICES: Final[tuple[RegionChoice, ...]] = (*REGIONS, "standin")

STANDIN_KEY: Final = "standin.standin"
"""Made up; the embedded stand-in takes any key."""

OPENAI_KEY_PREFIX: Final = "sk-"
"""How OpenAI's keys begin. Zhipu's are 32 hexadecimal digits, a dot and 16 characters."""

_ZHIPU_KEY: Final = re.compile(r"[0-9A-Fa-f]{32}\.[0-9A-Za-z]{8,64}")
"""The form of Zhipu's keys, with some room for the length of the second part."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a setting comes from: the name of an argument or a variable, and the path of its ``.env``."""

    kind: Literal["argument", "environment", "dotenv", "default"]
    name: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        """Say it for a human."""
        match self.kind:
            case "argument":
                return f"the {self.name} argument"
            case "environment":
                return f"environment variable {self.name}"
            case "dotenv":
                return f"{self.name} in {self.path}"
            case "default":
                return "default"


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """What one client is to use, and where each part comes from.

    ``api_key`` is None when none was found (``api_key_source`` is None too) and when a callable provides it.
    ``base_url`` ends with a slash and carries no userinfo or query. ``region`` is "custom" for a base URL that
    is not Zhipu's, ``endpoint`` for one whose path is neither endpoint's. ``key_set_aside`` says that the
    ``api_key`` argument looked like a key of OpenAI's and was not used. ``looked_at`` has the names of the
    variables in which a key was sought and the paths of the ``.env`` files looked at; ``notes`` are sentences
    on what was seen and not used.
    """

    api_key: SecretStr | None
    api_key_source: Source | None
    base_url: str
    base_url_source: Source
    region: Literal[RegionChoice, "custom"]
    endpoint: Literal[EndpointName, "custom"]
    auth: Auth = "bearer"
    on_adaptation: Policy = "warn"
    max_concurrency: MaxConcurrency = None
    model_aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    responses: ResponsesMode = "auto"
    fast_streams: bool = True
    key_set_aside: bool = False
    looked_at: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all but the key: what finds its way into a queue or a cache is to hold none."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return _unpickled, ({**kept, "api_key": None, "api_key_source": None},)

    def __deepcopy__(self, memo: object) -> Settings:
        """Make a copy with the key, within this process."""
        return replace(self, model_aliases=dict(self.model_aliases))

    def __copy__(self) -> Settings:
        """Make a copy with the key, within this process."""
        return replace(self)

    def __repr__(self) -> str:
        """Show all but the key, and of a base URL that is not Zhipu's no path, which may hold a token."""
        base_url = self.base_url
        if region_of(base_url) is None:
            scheme, host, port = origin_of(base_url)
            base_url = f"{scheme}://{host}:{port}/…"
        key = f"set, from {self.api_key_source}" if self.api_key is not None else "not set"
        return (
            f"Settings(api_key=<{key}>, base_url={base_url!r} from {self.base_url_source}, region={self.region!r}, "
            f"endpoint={self.endpoint!r}, auth={self.auth!r}, on_adaptation={self.on_adaptation!r}, "
            f"max_concurrency={self.max_concurrency!r}, model_aliases={dict(self.model_aliases)!r}, "
            f"responses={self.responses!r}, fast_streams={self.fast_streams!r})"
        )


def _unpickled(values: dict[str, Any]) -> Settings:
    return Settings(**values)


@dataclass(frozen=True, slots=True)
class _Found(Generic[_T]):
    value: _T = field(repr=False)
    source: Source


@dataclass(frozen=True, slots=True)
class _Place:
    """One place in which variables are set."""

    kind: Literal["environment", "dotenv"]
    values: Mapping[str, str] = field(repr=False)
    path: str | None = None

    def raw(self, name: str) -> str | None:
        """Give a variable without surrounding whitespace and quotes; empty counts as unset."""
        return _trimmed(self.values.get(name))

    def get(self, name: str) -> str | None:
        """Give a variable that is to be used.

        Raises:
            ValueError: It contains ``${``.
        """
        value = self.raw(name)
        if value is not None:
            _check_literal(value, self.source(name))
        return value

    def source(self, name: str) -> Source:
        return Source(self.kind, name, self.path)


_Places: TypeAlias = tuple[_Place, ...]


def resolve(
    *,
    api_key: str | None = None,
    has_key_provider: bool = False,
    base_url: str | None = None,
    region: str | None = None,
    endpoint: str | None = None,
    auth: str | None = None,
    on_adaptation: str | None = None,
    max_concurrency: MaxConcurrency = None,
    model_aliases: Mapping[str, str] | None = None,
    responses: str | None = None,
    fast_streams: bool | None = None,
    environ: Mapping[str, str] | None = None,
    directory: str | os.PathLike[str] | None = None,
) -> Settings:
    """Find out what a client is to use. None and empty text mean "not given".

    Args:
        api_key: A key, which wins over any variable. One that begins with ``sk-`` is set aside when the base
            URL is Zhipu's.
        has_key_provider: Whether a callable gives the key with each request, so that none is sought.
        base_url: Where to send; wins over ``region`` and ``endpoint``, which must not contradict it.
        region: "cn" (default), "intl", or "standin" for the embedded stand-in, which needs no key.
        endpoint: "general" (default) or "coding", which is never chosen unless asked for.
        auth: "bearer" (default), or "jwt" for signed tokens of the older form.
        on_adaptation: "warn" (default), "error" or "ignore".
        max_concurrency: Requests at a time, at least 1, or a limiter; by default as many as come.
        model_aliases: Names of models and what to send instead; added to those of ZHIPU_MODEL_ALIASES.
        responses: "auto" (default), "native" or "translate"; see ResponsesMode.
        fast_streams: Whether streams are read by the fast path, which they are unless this is False.
        environ: The environment; by default the process's. It is never written.
        directory: Where the search for a ``.env`` begins; by default the working directory.

    Raises:
        ValueError: A setting is unusable or contradicts another. The message names it and never its value.
    """
    environment = os.environ if environ is None else environ
    search = _dotenv.search(directory)
    ours = {name: environment[name] for name in NAMES if name in environment}
    places: _Places = (_Place("environment", ours),)
    if search.dotenv is not None:
        places += (_Place("dotenv", search.dotenv.values, search.dotenv.path),)

    where = _Whereabouts(
        places,
        base_url=_given_base_url(base_url),
        region=_choose(
            places, REGION_CHOICES, argument="region", given=region, variable="ZHIPU_REGION", default="cn"
        ),
        endpoint=_choose(
            places,
            ENDPOINT_NAMES,
            argument="endpoint",
            given=endpoint,
            variable="ZHIPU_ENDPOINT",
            default="general",
        ),
    )
    key, set_aside = (None, ()) if has_key_provider else _find_key(_trimmed(api_key), where)
    base = where.base_url(key.value if key is not None else None)
    notes = [
        *search.notes,
        *_notes_on_keys(key, set_aside, where),
        *where.notes(key.value if key is not None else None, base),
        *_notes_on_openai(environment, search.dotenv),
    ]

    chosen_auth: _Found[Auth] = _choose(
        places, AUTHS, argument="auth", given=auth, variable="ZHIPU_AUTH", default="bearer"
    )
    policy: _Found[Policy] = _choose(
        places,
        POLICIES,
        argument="on_adaptation",
        given=on_adaptation,
        variable="ZHIPU_ON_ADAPTATION",
        default="warn",
    )
    mode: _Found[ResponsesMode] = _choose(
        places,
        RESPONSES_MODES,
        argument="responses",
        given=responses,
        variable="ZHIPU_RESPONSES",
        default="auto",
    )
    if chosen_auth.value == "jwt" and key is not None:
        split_key(key.value)
    provided = Source("argument", "api_key") if has_key_provider else None
    sought = () if has_key_provider or where.standin else tuple(variable.name for variable in KEY_VARIABLES)
    return Settings(
        api_key=SecretStr(key.value) if key is not None else None,
        api_key_source=key.source if key is not None else provided,
        base_url=base.value,
        base_url_source=base.source,
        region="standin" if where.standin else region_of(base.value) or "custom",
        endpoint=endpoint_of(base.value) or "custom",
        auth=chosen_auth.value,
        on_adaptation=policy.value,
        max_concurrency=_max_concurrency(max_concurrency, places),
        model_aliases=_model_aliases(model_aliases, places),
        responses=mode.value,
        fast_streams=fast_streams is not False,
        key_set_aside=any(source.kind == "argument" for source in set_aside),
        looked_at=(*sought, *search.looked_at),
        notes=tuple(notes),
    )


def has_zhipu_form(key: object) -> bool:
    """Whether something has the form of a key of Zhipu's, which no key of OpenAI's has."""
    return isinstance(key, str) and _ZHIPU_KEY.fullmatch(key.strip()) is not None


def missing_key_message(settings: Settings) -> str:
    """Say that there is no key, where one was sought, where one comes from, and how to do without."""
    pages = " or ".join(f'{page.url} (region="{region}")' for region, page in KEY_PAGES.items())
    lines = (
        "No API key for Zhipu was found. 没有找到智谱的 API Key。",
        f"Looked at: {', '.join(('the api_key argument', *settings.looked_at))}.",
        *settings.notes,
        f"A key comes from {pages}. Pass it as api_key, or set ZAI_API_KEY in the environment or in a .env file.",
        'To try without a key, use the embedded stand-in: OpenAI(region="standin"), or set ZHIPU_REGION=standin.',
        "请在上述页面获取 API Key，作为 api_key 传入，或在环境变量或 .env 文件中设置 ZAI_API_KEY。",
        '没有 Key 时可用内置替身：OpenAI(region="standin")，或设置 ZHIPU_REGION=standin。',
    )
    return "\n".join(lines)


class _Whereabouts:
    """Where requests go, which may depend on the key."""

    def __init__(
        self,
        places: _Places,
        *,
        base_url: str | None,
        region: _Found[RegionChoice],
        endpoint: _Found[EndpointName],
    ) -> None:
        self.places = places
        self.standin = region.value == "standin"
        self._given = base_url
        self._region = region
        self._endpoint = endpoint
        if base_url is not None:
            self._refuse_contradiction(base_url)

    def base_url(self, key: str | None) -> _Found[str]:
        """Choose the base URL for a key.

        Raises:
            ValueError: The one that applies cannot be used.
        """
        if self._given is not None:
            return _Found(self._given, Source("argument", "base_url"))
        for place, variable in self._set_variables():
            if self._reason_against(place, variable, key) is None:
                source = place.source(variable.name)
                url = _usable_base_url(place.get(variable.name) or "", source)
                names = self._contradictions(url)
                if not names:
                    return _Found(url, source)
                return _Found(self._official(region_of(url), endpoint_of(url)), Source("argument", names[0]))
        chosen = [found.source for found in (self._region, self._endpoint) if found.source.kind != "default"]
        return _Found(self._official(), chosen[0] if chosen else Source("default"))

    def notes(self, key: str | None, base: _Found[str]) -> Iterator[str]:
        """Tell of the base URLs, regions and endpoints that are set and not used."""
        for place, variable in self._set_variables():
            source = place.source(variable.name)
            if source != base.source:
                reason = self._reason_against(place, variable, key) or f"{base.source} comes first"
                yield f"Not used: {source}, because {reason}."
        if base.source in (self._region.source, self._endpoint.source):
            return
        pairs = ((self._region, region_of(base.value)), (self._endpoint, endpoint_of(base.value)))
        for found, used in pairs:
            if found.source.kind != "default" and found.value not in (used, "standin"):
                yield f"Not used: {found.source}, because {base.source} comes first."

    def _official(self, region: Region | None = None, endpoint: EndpointName | None = None) -> str:
        """Give Zhipu's base URL: region and endpoint as given here, but an argument of the caller's goes before."""
        if region is None or self._region.source.kind == "argument":
            # With the stand-in the address is a matter of form: no request leaves the process.
            region = "cn" if self._region.value == "standin" else self._region.value
        if endpoint is None or self._endpoint.source.kind == "argument":
            endpoint = self._endpoint.value
        return base_url_of(region, endpoint)

    def _set_variables(self) -> Iterator[tuple[_Place, Variable]]:
        for place in self.places:
            for variable in BASE_URL_VARIABLES:
                if place.raw(variable.name) is not None:
                    yield place, variable

    def _reason_against(self, place: _Place, variable: Variable, key: str | None) -> str | None:
        """Say why a variable's base URL does not apply to a key; None when it does."""
        if self.standin:
            return "the embedded stand-in is chosen"
        # A stray .env in a working directory must not carry off a key that it does not hold itself.
        families = _families(key, self.places if place.kind == "environment" else (place,))
        if place.kind == "dotenv" and not families:
            return "a base URL in a .env file goes only with a key from that same file"
        if variable.family is not None and variable.family not in families:
            names = " or ".join(v.name for v in KEY_VARIABLES if v.family == variable.family)
            return f"it goes only with a key from {names}"
        return None

    def _contradictions(self, url: str) -> list[str]:
        """Name the arguments that say another of Zhipu's addresses than a URL."""
        pairs = ((self._region, region_of(url)), (self._endpoint, endpoint_of(url)))
        return [
            found.source.name or ""
            for found, said in pairs
            if found.source.kind == "argument" and said is not None and found.value not in (said, "standin")
        ]

    def _refuse_contradiction(self, url: str) -> None:
        if self.standin and region_of(url) is None:
            raise ValueError(
                f"The base_url argument names a server that is not Zhipu's, and {self._region.source} chooses the "
                "embedded stand-in, which no request leaves. Give one of the two."
            )
        names = self._contradictions(url)
        if names:
            raise ValueError(
                f"The base_url argument contradicts {' and '.join(names)}. Give base_url alone, or region and "
                "endpoint without base_url."
            )


def _given_base_url(base_url: str | None) -> str | None:
    value = _trimmed(base_url)
    source = Source("argument", "base_url")
    if value is None:
        return None
    _check_literal(value, source)
    return _usable_base_url(value, source)


def _usable_base_url(url: str, source: Source) -> str:
    if is_openai_origin(url):
        raise ValueError(
            f"The base URL in {source} is OpenAI's, or Azure's for OpenAI's models. This client is for Zhipu: remove "
            "that base URL (Zhipu's own is the default), or use the openai package for OpenAI."
        )
    try:
        return normalise_base_url(url)
    except ValueError as error:
        raise ValueError(f"The base URL in {source} cannot be used: {error}.") from None


def _find_key(given: str | None, where: _Whereabouts) -> tuple[_Found[str] | None, tuple[Source, ...]]:
    """Find the key, and the sources of those set aside because they look like OpenAI's."""
    set_aside: list[Source] = []
    for candidate in _candidates(given, where):
        _check_key(candidate)
        # OPENAI_API_KEY is often passed by hand, and a key of OpenAI's must never reach Zhipu. A gateway
        # may issue keys of that form, and gets them.
        is_openais = candidate.value.lower().startswith(OPENAI_KEY_PREFIX)
        if not (is_openais and is_zhipu_domain(where.base_url(candidate.value).value)):
            return candidate, tuple(set_aside)
        set_aside.append(candidate.source)
    return (_Found(STANDIN_KEY, Source("default")) if where.standin else None), tuple(set_aside)


def _candidates(given: str | None, where: _Whereabouts) -> Iterator[_Found[str]]:
    if given is not None:
        yield _Found(given, Source("argument", "api_key"))
    # The stand-in gets no real key.
    if not where.standin:
        yield from _set_keys(where.places)


def _set_keys(places: _Places) -> Iterator[_Found[str]]:
    for place in places:
        for variable in KEY_VARIABLES:
            value = place.raw(variable.name)
            if value is not None:
                yield _Found(value, place.source(variable.name))


def _families(key: str | None, places: _Places) -> frozenset[Family]:
    """Give the families of the variables that hold a key."""
    return frozenset(
        variable.family
        for place in places
        for variable in KEY_VARIABLES
        if key is not None and variable.family is not None and place.raw(variable.name) == key
    )


def _check_key(key: _Found[str]) -> None:
    _check_literal(key.value, key.source)
    if not key.value.isascii() or not key.value.isprintable() or " " in key.value:
        raise ValueError(
            f"The API key in {key.source} contains whitespace, control characters or characters outside ASCII, "
            "which no key has. Copy it again."
        )


def _notes_on_keys(
    key: _Found[str] | None, set_aside: tuple[Source, ...], where: _Whereabouts
) -> Iterator[str]:
    for source in set_aside:
        yield (
            f"Set aside: the key in {source}, because it begins with {OPENAI_KEY_PREFIX}, as OpenAI's do; "
            "it is not sent to Zhipu."
        )
    if key is None:
        return
    others = [
        str(found.source)
        for found in _set_keys(where.places)
        if found.value != key.value and found.source not in set_aside
    ]
    if others:
        reason = "the embedded stand-in needs no key" if where.standin else f"{key.source} comes first"
        yield f"Set to another key and not used: {', '.join(others)}, because {reason}."


def _notes_on_openai(environ: Mapping[str, str], dotenv: Dotenv | None) -> Iterator[str]:
    for name in OPENAI_VARIABLES:
        if _trimmed(environ.get(name)) is not None or (dotenv is not None and name in dotenv.openai_names):
            misplaced = name == "OPENAI_API_KEY" and has_zhipu_form(environ.get(name))
            yield f"Not used: {name}, because it is OpenAI's and this client is for Zhipu." + (
                " It holds what has the form of a Zhipu key: put that into ZAI_API_KEY." if misplaced else ""
            )


def _choose(
    places: _Places, allowed: tuple[_T, ...], *, argument: str, given: str | None, variable: str, default: _T
) -> _Found[_T]:
    """Find an option that is one of a few words, in whatever case."""
    value = _trimmed(given)
    found = _Found(value, Source("argument", argument)) if value is not None else _first(variable, places)
    if found is None:
        return _Found(default, Source("default"))
    for word in allowed:
        if word == found.value.lower():
            return _Found(word, found.source)
    raise ValueError(f"The value of {found.source} is none of {', '.join(map(repr, allowed))}.")


def _first(variable: str, places: _Places) -> _Found[str] | None:
    for place in places:
        value = place.get(variable)
        if value is not None:
            return _Found(value, place.source(variable))
    return None


def _max_concurrency(given: MaxConcurrency, places: _Places) -> MaxConcurrency:
    if isinstance(given, Limiter):
        return given
    source = Source("argument", "max_concurrency")
    number: object = given
    if given is None:
        found = _first("ZHIPU_MAX_CONCURRENCY", places)
        if found is None:
            return None
        source = found.source
        number = int(found.value) if re.fullmatch("[0-9]{1,9}", found.value) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"The value of {source} is no whole number of at least 1.")
    return number


def _model_aliases(given: Mapping[str, str] | None, places: _Places) -> dict[str, str]:
    found = _first("ZHIPU_MODEL_ALIASES", places)
    return {**(_parse_aliases(found) if found is not None else {}), **(given or {})}


def _parse_aliases(found: _Found[str]) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for item in filter(str.strip, found.value.split(",")):
        name, _, model = (part.strip() for part in item.partition("="))
        if not name or not model or "=" in model:
            raise ValueError(f"The value of {found.source} is not of the form name=model,name=model.")
        aliases[name] = model
    return aliases


def _check_literal(value: str, source: Source) -> None:
    if "${" in value:
        raise ValueError(f"The value of {source} contains ${{, but values are taken literally: write it out.")


def _trimmed(value: str | None) -> str | None:
    """Strip whitespace and one pair of quotes; nothing left means not given."""
    if value is None:
        return None
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].strip()
    return value or None
