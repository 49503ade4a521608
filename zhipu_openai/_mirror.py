"""The openai package under this package's name, so that ``import zhipu_openai as openai`` is a drop-in.

Every public name of the installed openai is here as the very same object, and every module of openai can
be imported under our name as the very same module: ``zhipu_openai.types.chat is openai.types.chat``. Ours
are the clients, the module-level client with its settings, and what OpenAI has no name for. Nothing is
imported before it is asked for, openai itself included.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from . import _module_client

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE: Final = __name__.rpartition(".")[0]
ORIGINAL: Final = "openai"

PUBLIC: Final[dict[str, tuple[str, str]]] = {
    "OpenAI": ("client", "OpenAI"),
    "AsyncOpenAI": ("client", "AsyncOpenAI"),
    "Client": ("client", "OpenAI"),
    "AsyncClient": ("client", "AsyncOpenAI"),
    "ZhipuOpenAI": ("client", "OpenAI"),
    "AsyncZhipuOpenAI": ("client", "AsyncOpenAI"),
    "create_client": ("client", "create_client"),
    "create_async_client": ("client", "create_async_client"),
    "http_client": ("client", "http_client"),
    "async_http_client": ("client", "async_http_client"),
    "install": ("zero_lines", "install"),
    "uninstall": ("zero_lines", "uninstall"),
    "ZhipuAdaptationWarning": ("adaptation", "ZhipuAdaptationWarning"),
    "ErrorDetails": ("errors", "ErrorDetails"),
    "error_details": ("errors", "details"),
    "cost": ("pricing", "cost"),
    "Cost": ("pricing", "Cost"),
    "PriceNotFoundError": ("pricing", "PriceNotFoundError"),
}
"""Our own public names, and those of openai's that are ours here: the module and the name in it."""

_PRIVATE: Final = {
    "_load_client": ("_module_client", "_load_client"),
    "_reset_client": ("_module_client", "_reset_client"),
}

_INSTEAD: Final = {f"{ORIGINAL}._client": f"{PACKAGE}.client"}
"""Modules of openai that must not be had under our name: the client in them would speak to OpenAI."""


@lru_cache(maxsize=256)
def own_module(name: str) -> bool:
    """Tell whether this package has a module of that name itself, so that it does not mean openai's."""
    spec = PathFinder.find_spec(f"{PACKAGE}.{name}", sys.modules[PACKAGE].__path__)
    # A folder without __init__.py (types, resources, lib) holds stubs for type checkers, no module.
    return spec is not None and spec.origin is not None


class AliasLoader:
    """Loads a module by giving the one that is loaded under its original name."""

    def __init__(self, original: str) -> None:
        """Keep the original name."""
        self.original = original
        self._spec: ModuleSpec | None = None

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        """Import the original and remember its spec, since its attributes must go on naming it."""
        module = import_module(self.original)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back, which the import system has just overwritten."""
        module.__spec__ = self._spec


class MirrorFinder:
    """Finds ``zhipu_openai.x.y`` as ``openai.x.y``, unless ``x`` is a module of ours."""

    @staticmethod
    def find_spec(
        fullname: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return a spec whose loader gives openai's module; None for every other module."""
        package, _, name = fullname.partition(".")
        if package != PACKAGE or not name or own_module(name.partition(".")[0]):
            return None
        original = f"{ORIGINAL}.{name}"
        original = _INSTEAD.get(original, original)
        found = find_spec(original)
        if found is None:
            return None
        loader: Any = AliasLoader(original)  # a loader by what it does; importlib.abc would cost an import
        spec = ModuleSpec(fullname, loader, origin=found.origin)
        spec.submodule_search_locations = found.submodule_search_locations
        return spec


def install() -> None:
    """Put the finder before all others; once, however often it is called.

    Behind the path finder it would be too late: that one would find openai's files through the mirrored
    package's ``__path__`` and load every module a second time.
    """
    others = [finder for finder in sys.meta_path if not _is_mirror(finder)]
    sys.meta_path[:] = [MirrorFinder, *others]


def _is_mirror(finder: object) -> bool:
    # By name, since a reload of this module makes the class anew.
    return isinstance(finder, type) and (finder.__module__, finder.__name__) == (
        __name__,
        MirrorFinder.__name__,
    )


def exported() -> list[str]:
    """List what a star import gives: what openai's gives, and our own public names."""
    return list(dict.fromkeys([*import_module(ORIGINAL).__all__, *PUBLIC]))


def version() -> str:
    """Return the version of this package (that of openai is ``VERSION``)."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - seldom asked for

    try:
        return version("zhipu-openai")
    except PackageNotFoundError:  # a source tree that is on sys.path without being installed
        return "0+unknown"


_COMPUTED: Final = {"__all__": exported, "__version__": version}


def attribute(name: str) -> Any:
    """Return an attribute that the package does not have in its own namespace.

    Raises:
        AttributeError: Neither we nor the installed openai have it, or it is state of openai's own, such
            as ``openai.api_key``, which never becomes ours.
    """
    if ours := PUBLIC.get(name) or _PRIVATE.get(name):
        return getattr(import_module(f"{PACKAGE}.{ours[0]}"), ours[1])
    if name in _COMPUTED:
        return _COMPUTED[name]()
    if name in _module_client.SETTINGS or name in _module_client.OTHER_SERVICES:
        return _module_client.default(name)
    if not name.startswith("__") and own_module(name):
        return import_module(f"{PACKAGE}.{name}")
    return _mirrored(name)


def _mirrored(name: str) -> Any:
    if not name.startswith("__") or name == "__title__":
        openai = import_module(ORIGINAL)
        proxies = _module_client.resources()
        if name in proxies:
            return proxies[name]
        if not _is_private(openai, name) and hasattr(openai, name):
            return getattr(openai, name)
    raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}", name=name)


def listed() -> list[str]:
    """List the attributes for ``dir()``: the package's own, our public names, openai's public ones."""
    openai = import_module(ORIGINAL)
    mirrored = (name for name in dir(openai) if not name.startswith("_") and not _is_private(openai, name))
    return sorted({*vars(sys.modules[PACKAGE]), *exported(), *_module_client.SETTINGS, *mirrored})


def _is_private(openai: ModuleType, name: str) -> bool:
    """Tell whether a name of openai's is for itself alone: its user's settings, and what is private.

    At module level openai annotates its settings and nothing else. Private modules are shared all the same:
    people import from them.
    """
    if not name.startswith("_") or name == "__title__":
        return name in openai.__annotations__
    value = vars(openai).get(name)
    return not isinstance(value, ModuleType) or not value.__name__.startswith(f"{ORIGINAL}.")
