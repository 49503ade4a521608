"""Python imports this before a program that ``python -m zhipu_openai run`` starts, and before every Python below it.

It asks for one thing: that openai, if the program ever imports it, be served by Zhipu from then on. Then it gives way
to the sitecustomize that would have been imported in its place. Nothing of zhipu_openai is imported before openai is.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs every Python its import
TOLD = os.environ.get("ZHIPU_OPENAI_RUN")


class AtImport:
    """Finds openai as the other finders do, and has it served by Zhipu as soon as it is loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give the spec of openai; None for every other module."""
        if fullname != "openai":
            return None
        for finder in sys.meta_path:
            find: Any = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if finder is self or find is None else find(fullname, path, target)
            if spec is not None:
                self._watch(spec.loader)
                return spec
        return None

    def _watch(self, loader: Any) -> None:
        """Replace the loader's method, on this loader alone; the loader stays what the module says it is."""
        load = getattr(loader, "exec_module", None)
        if load is None:
            return

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module
            load(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
                install()

        loader.exec_module = exec_module


def install() -> None:
    """Have openai served by Zhipu, as the command was told."""
    import json  # noqa: PLC0415 - for the programs that import openai

    told: dict[str, Any] = json.loads(TOLD or "{}")
    if told["python"] == [sys.prefix, *sys.version_info[:2]] and told["root"] not in sys.path:
        # The same Python, but the package lies in a directory that only the command's own process had on its path.
        sys.path.append(told["root"])
    try:
        zero_lines = import_module("zhipu_openai.zero_lines")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "zhipu_openai":
            raise
        import warnings  # noqa: PLC0415 - on the way to a warning

        warnings.warn(
            f"zhipu_openai is not installed for {sys.executable}: what this Python does with openai goes where it "
            "always went. 此 Python 环境未安装 zhipu_openai，openai 的请求仍发往原处。",
            RuntimeWarning,
            stacklevel=2,
        )
        return
    zero_lines.install(**told["options"])


def give_way() -> None:
    """Take this folder off the path, and import the sitecustomize that it stands before, if there is one."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != HERE]  # noqa: PTH100 - as above
    ours = sys.modules.pop("sitecustomize", None)
    try:
        import_module("sitecustomize")
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        if ours is not None:
            sys.modules["sitecustomize"] = ours


if TOLD is not None:
    if "openai" in sys.modules:
        install()
    else:
        sys.meta_path.insert(0, AtImport())
give_way()
