"""What the stubs declare is what the installed openai has; that checkers understand it, tests/typing/check.py says."""

from __future__ import annotations

import ast
import importlib
import inspect
import runpy
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.chat import completion_create_params

import zhipu_openai
from zhipu_openai import _mirror, _module_client

PACKAGE = Path(zhipu_openai.__file__).parent

STUB_TREE = runpy.run_path(str(Path(__file__).parent / "typing" / "stub_tree.py"))

REMOVED_API = set(importlib.import_module("openai.lib._old_api").__all__)
"""Names from before openai 1, whose objects only say that they are gone; checkers do not see them in openai either."""

LEAKED = {"annotations", "override"}
"""What openai imports for itself under a public name."""


def declared(path: Path) -> set[str]:
    """Name what a stub declares or re-exports, apart from star imports."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            names.update(alias.asname for alias in node.names if alias.asname is not None)
        elif isinstance(node, ast.AnnAssign):
            names.add(node.target.id)  # type: ignore[union-attr]  # a module annotates names only
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
    return names


def keys(path: Path, *classes: str) -> set[str]:
    """Name the keys of TypedDicts, wherever in a file they are."""
    found = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    bodies = [line for node in found if node.name in classes for line in node.body]
    return {
        line.target.id
        for line in bodies
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }


def exported(path: Path) -> list[str]:
    """Give the literal ``__all__`` of a stub."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "__all__"
        ):
            return list(ast.literal_eval(node.value))
    raise AssertionError(f"{path} has no __all__")


def test_every_public_name_of_openai_is_declared() -> None:
    named = {name for name in {*dir(openai), *openai.__all__} if not name.startswith("_")}
    theirs = {name for name in named if not inspect.ismodule(getattr(openai, name))}
    assert theirs - REMOVED_API - LEAKED <= declared(PACKAGE / "__init__.pyi")


def test_every_name_of_ours_is_declared() -> None:
    assert _mirror.PUBLIC.keys() <= declared(PACKAGE / "__init__.pyi")
    assert {*_module_client.SETTINGS, *_module_client.OTHER_SERVICES} <= declared(PACKAGE / "__init__.pyi")


def test_every_name_of_a_star_import_is_declared_as_such() -> None:
    assert set(_mirror.exported()) <= set(exported(PACKAGE / "__init__.pyi"))
    assert _mirror.PUBLIC.keys() <= set(exported(PACKAGE / "__init__.pyi"))


def test_every_parameter_of_a_chat_completion_is_declared() -> None:
    stub = PACKAGE / "resources/chat/completions/__init__.pyi"
    ours = keys(stub, "CompletionParams", "CompletionCreateParams")
    theirs: Any = completion_create_params
    parameters = {
        *theirs.CompletionCreateParamsStreaming.__annotations__,
        *theirs.CompletionCreateParamsNonStreaming.__annotations__,
    }
    assert parameters - {"stream"} <= ours
    create = inspect.signature(openai.resources.chat.completions.Completions.create)
    assert create.parameters.keys() - {"self", "stream"} <= ours


@pytest.mark.parametrize("client", [openai.OpenAI, openai.AsyncOpenAI])
def test_every_argument_of_openais_client_is_declared(client: Any) -> None:
    ours = keys(PACKAGE / "_typed_client.py", "_Options", "ClientOptions")
    missing = inspect.signature(client).parameters.keys() - ours
    assert missing == set()


@pytest.mark.parametrize("client", [openai.OpenAI, openai.AsyncOpenAI])
def test_every_argument_of_openais_copy_is_declared(client: Any) -> None:
    ours = keys(PACKAGE / "_typed_client.py", "_Options", "ClientOptions", "_CopyOptions")
    assert inspect.signature(client.copy).parameters.keys() - {"self", "_extra_kwargs"} <= ours


def test_every_module_that_is_to_be_covered_has_a_stub() -> None:
    assert STUB_TREE["missing"]() == []


def test_the_stubs_in_which_nothing_differs_are_one_line() -> None:
    by_hand = {
        name for name, path in STUB_TREE["stubs"]().items() if path.read_text() != STUB_TREE["one_line"](name)
    }
    assert by_hand == {
        "lib.streaming.chat",
        "resources.beta",
        "resources.chat",
        "resources.chat.completions",
        "types",
        "types.chat",
        "types.chat.chat_completion",
        "types.chat.chat_completion_chunk",
        "types.chat.chat_completion_message",
        "types.chat.parsed_chat_completion",
    }


@pytest.mark.parametrize(
    "name",
    [
        "lib.streaming.chat",
        "resources.chat",
        "resources.chat.completions",
        "types.chat",
        "types.chat.chat_completion",
        "types.chat.chat_completion_chunk",
        "types.chat.chat_completion_message",
    ],
)
def test_a_stub_written_by_hand_declares_all_that_the_module_exports(name: str) -> None:
    module = importlib.import_module(f"openai.{name}")
    public = getattr(module, "__all__", None) or [
        each
        for each, value in vars(module).items()
        if not each.startswith("_") and not inspect.ismodule(value)
    ]
    assert set(public) - LEAKED <= declared(STUB_TREE["stub"](name))


def test_no_stub_stands_at_the_top_for_what_some_supported_openai_lacks() -> None:
    # Where the import finder finds nothing, such a folder would pass for an empty package at run time.
    tops = {path.relative_to(PACKAGE).parts[0] for path in STUB_TREE["stubs"]().values()}
    assert tops == {"_types", "lib", "pagination", "resources", "types"}
    for top in tops:
        importlib.import_module(f"openai.{top}")


def test_reasoning_content_is_declared_where_the_answer_carries_it() -> None:
    for name, cls in (
        ("chat_completion_message", "ChatCompletionMessage"),
        ("chat_completion_chunk", "ChoiceDelta"),
    ):
        assert keys(STUB_TREE["stub"](f"types.chat.{name}"), cls) == {"reasoning_content"}
