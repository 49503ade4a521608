"""The stubs through which type checkers see openai's modules under our name.

At run time ``zhipu_openai.types.chat`` is openai's own module; a checker needs a file. Most are one line,
``from openai.… import *``; the few in which our types differ are written by hand. Each lies in a folder of its
own, since pyright warns about a stub that has neither a source file nor a folder.

    python tests/typing/stub_tree.py          say what is missing for the openai installed
    python tests/typing/stub_tree.py --write  write it
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "zhipu_openai"

PACKAGES = ("types",)
"""Packages of openai that are covered with all packages below them."""

MODULES = ("types.chat", "types.shared")
"""Packages of openai whose modules are covered one by one."""

SINGLE = (
    "_types",
    "lib",
    "lib.azure",
    "lib.streaming",
    "lib.streaming.chat",
    "lib.streaming.responses",
    "pagination",
    "resources",
    "resources.beta",
    "resources.chat",
    "resources.chat.completions",
    "resources.responses",
)
"""Further modules that are often imported from, in every supported openai."""

OF_SERVED_RESOURCES = (
    "batch",
    "completion",
    "create_embedding",
    "embedding",
    "file",
    "image",
    "model",
    "moderation",
    "video",
)
"""What the names of the modules in ``openai.types`` begin with whose resources Zhipu has."""


def wanted() -> set[str]:
    """Name the modules of the installed openai, relative to it, that have to be covered."""
    found = find_spec("openai")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("openai is not installed")
    root = Path(found.submodule_search_locations[0])
    names: set[str] = set(SINGLE)
    for package in PACKAGES:
        folder = root.joinpath(*package.split("."))
        names.update(_dotted(init.parent, root) for init in folder.rglob("__init__.py"))
    for package in MODULES:
        folder = root.joinpath(*package.split("."))
        names.update(_dotted(file.with_suffix(""), root) for file in folder.glob("[!_]*.py"))
    for prefix in OF_SERVED_RESOURCES:
        names.update(_dotted(file.with_suffix(""), root) for file in (root / "types").glob(f"{prefix}*.py"))
    return names


def stub(name: str) -> Path:
    """Say where the stub of a module is."""
    return PACKAGE.joinpath(*name.split("."), "__init__.pyi")


def missing() -> list[str]:
    """Name the modules of the installed openai that have no stub."""
    return sorted(name for name in wanted() if not stub(name).is_file())


def stubs() -> dict[str, Path]:
    """Give every stub there is by the name of the module it stands for."""
    tops = {name.partition(".")[0] for name in (*PACKAGES, *SINGLE)}
    return {_dotted(path.parent, PACKAGE): path for top in tops for path in (PACKAGE / top).rglob("*.pyi")}


def one_line(name: str) -> str:
    """Give the text of a stub in which nothing differs from openai's module."""
    return f"from openai.{name} import *\n"


def main(arguments: list[str]) -> int:
    """Report what is missing, or write it."""
    names = missing()
    if "--write" in arguments:
        for name in names:
            stub(name).parent.mkdir(parents=True, exist_ok=True)
            stub(name).write_text(one_line(name), encoding="utf-8")
    for name in names:
        sys.stdout.write(f"openai.{name}\n")
    return 1 if names and "--write" not in arguments else 0


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).parts)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
