"""`import zhipu_openai as openai`: the same names, the same objects, the same modules; only the clients are ours."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openai
import pytest

import zhipu_openai
from zhipu_openai import _mirror, _module_client
from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.client import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = {"OpenAI", "AsyncOpenAI", "Client", "AsyncClient"}

STATE = {name for name in openai.__annotations__ if not name.startswith("_")}
"""openai's settings, which it keeps as annotated attributes of the module."""

MIRRORED = sorted(
    name
    for name in {*dir(openai), *openai.__all__}
    if not name.startswith("_") and name not in CLIENTS | STATE | set(_module_client.resources())
)

MODULES = (
    "types",
    "types.chat",
    "types.chat.chat_completion",
    "types.chat.chat_completion_role",
    "types.shared_params.metadata",
    "resources",
    "resources.chat.completions",
    "lib.azure",
    "lib.streaming.chat",
    "pagination",
    "version",
    "_types",
    "_base_client",
)


def run(code: str) -> str:
    """Run code in a fresh interpreter and return what it prints."""
    root = str(Path(zhipu_openai.__file__).parents[1])
    arguments = [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r})\n{code}"]
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make a module be imported anew under our name, as if for the first time."""

    def forget(name: str) -> None:
        monkeypatch.delitem(sys.modules, f"zhipu_openai.{name}", raising=False)

    return forget


@pytest.mark.parametrize("name", MIRRORED)
def test_a_public_name_of_openai_is_the_same_object(name: str) -> None:
    assert getattr(zhipu_openai, name) is getattr(openai, name)


def test_more_than_the_names_of_a_star_import_are_mirrored() -> None:
    assert {"AzureOpenAI", "APIResponse", "pydantic_function_tool", "LengthFinishReasonError"} <= set(
        MIRRORED
    )
    assert {"AssistantEventHandler", "ChatCompletion", "lib", "resources", "types"} <= set(MIRRORED)


@pytest.mark.parametrize("name", ["OpenAI", "Client", "ZhipuOpenAI"])
def test_the_client_is_ours_under_every_name(name: str) -> None:
    assert getattr(zhipu_openai, name) is OpenAI
    assert issubclass(OpenAI, openai.OpenAI)


@pytest.mark.parametrize("name", ["AsyncOpenAI", "AsyncClient", "AsyncZhipuOpenAI"])
def test_the_async_client_is_ours_under_every_name(name: str) -> None:
    assert getattr(zhipu_openai, name) is AsyncOpenAI
    assert issubclass(AsyncOpenAI, openai.AsyncOpenAI)


@pytest.mark.parametrize(("name", "where"), _mirror.PUBLIC.items())
def test_each_of_our_own_names_can_be_had(name: str, where: tuple[str, str]) -> None:
    module, original = where
    assert getattr(zhipu_openai, name) is getattr(importlib.import_module(f"zhipu_openai.{module}"), original)


def test_a_star_import_gives_what_openais_gives_and_ours() -> None:
    theirs: dict[str, object] = {}
    ours: dict[str, object] = {}
    exec("from openai import *", theirs)  # noqa: S102 - a star import is possible at module level only
    exec("from zhipu_openai import *", ours)  # noqa: S102 - likewise
    assert ours.keys() - theirs.keys() == _mirror.PUBLIC.keys() - CLIENTS
    assert theirs.keys() - ours.keys() == set()
    assert {name for name in theirs if ours[name] is not theirs[name]} == {*CLIENTS, "__version__"}
    assert ours["OpenAI"] is OpenAI
    assert ours["ZhipuAdaptationWarning"] is ZhipuAdaptationWarning


def test_the_version_in_lower_case_is_our_own_and_in_upper_case_openais(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.metadata.version", {"zhipu-openai": "1.2.3"}.__getitem__)
    assert zhipu_openai.__version__ == "1.2.3"
    assert zhipu_openai.VERSION is openai.VERSION


def test_a_source_tree_that_is_not_installed_has_an_unknown_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert zhipu_openai.__version__ == "0+unknown"


def test_no_module_of_ours_has_the_name_of_something_public_in_openai() -> None:
    root = Path(zhipu_openai.__file__).parent
    ours = {path.stem for path in root.glob("[!_]*.py")} | {
        path.parent.name for path in root.glob("[!_]*/__init__.py")
    }
    assert {"client", "catalogue", "errors", "settings", "standin", "translate"} <= ours
    assert ours & {*dir(openai), *openai.__all__} == set()


@pytest.mark.parametrize("name", ["NoSuchName", "_ModuleClient", "_os", "__wrapped__", "_client"])
def test_what_neither_has_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"^module 'zhipu_openai' has no attribute '{name}'$"):
        getattr(zhipu_openai, name)


def test_dir_lists_openais_public_names_and_ours() -> None:
    listed = dir(zhipu_openai)
    assert {*MIRRORED, *_mirror.PUBLIC, *_module_client.SETTINGS, *_module_client.resources()} <= set(listed)
    assert listed == sorted(listed)


def test_a_module_of_ours_is_an_attribute_without_an_import() -> None:
    assert run("import zhipu_openai; print(zhipu_openai.endpoints.__name__)") == "zhipu_openai.endpoints"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_openai_is_the_same_module_under_our_name(
    name: str, forget: Callable[[str], None]
) -> None:
    forget(name)
    assert importlib.import_module(f"zhipu_openai.{name}") is importlib.import_module(f"openai.{name}")


@pytest.mark.parametrize("name", MODULES)
def test_a_mirrored_module_still_says_that_it_is_openais(name: str, forget: Callable[[str], None]) -> None:
    module = importlib.import_module(f"openai.{name}")
    before = {
        key: getattr(module, key, None)
        for key in ("__spec__", "__name__", "__package__", "__loader__", "__file__")
    }
    forget(name)
    importlib.import_module(f"zhipu_openai.{name}")
    assert {key: getattr(module, key, None) for key in before} == before
    assert module.__spec__ is not None
    assert module.__spec__.name == f"openai.{name}"


def test_every_form_of_import_reaches_the_same_class() -> None:
    import zhipu_openai.types.chat.chat_completion
    from zhipu_openai import types
    from zhipu_openai.types import chat
    from zhipu_openai.types.chat import ChatCompletion

    assert ChatCompletion is openai.types.chat.ChatCompletion
    assert chat is openai.types.chat
    assert types is openai.types
    assert zhipu_openai.types.chat.chat_completion.ChatCompletion is ChatCompletion


def test_importing_under_our_name_loads_nothing_twice() -> None:
    code = """
import zhipu_openai.types.chat.chat_completion, zhipu_openai.resources.chat, zhipu_openai.lib.streaming.chat
files = [m.__file__ for n, m in sys.modules.items() if n.startswith("openai") and getattr(m, "__file__", None)]
ours = {id(m) for n, m in sys.modules.items() if n.startswith("zhipu_openai.types")}
print(len(files) == len(set(files)), ours <= {id(m) for n, m in sys.modules.items() if n.startswith("openai.")})
"""
    assert run(code) == "True True"


def test_threads_that_import_at_once_get_the_same_whole_module() -> None:
    code = """
import threading
barrier, found = threading.Barrier(8), []
def work() -> None:
    barrier.wait()
    from zhipu_openai.types.chat import ChatCompletion
    found.append(ChatCompletion)
threads = [threading.Thread(target=work) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
import openai.types.chat
print(len(found), set(found) == {openai.types.chat.ChatCompletion}, openai.types.chat.__spec__.name)
"""
    assert run(code) == "8 True openai.types.chat"


def test_find_spec_works_before_and_after_the_import(forget: Callable[[str], None]) -> None:
    forget("lib.azure")
    original = importlib.import_module("openai.lib.azure")
    before = importlib.util.find_spec("zhipu_openai.lib.azure")
    assert before is not None
    assert (before.name, before.origin) == ("zhipu_openai.lib.azure", original.__file__)
    importlib.import_module("zhipu_openai.lib.azure")
    assert importlib.util.find_spec("zhipu_openai.lib.azure") is original.__spec__
    assert importlib.util.find_spec("zhipu_openai.types.no_such_module") is None
    assert importlib.util.find_spec("zhipu_openai.no_such_module") is None


def test_a_spec_of_a_package_says_so(forget: Callable[[str], None]) -> None:
    forget("types")
    spec = importlib.util.find_spec("zhipu_openai.types")
    assert spec is not None
    assert spec.submodule_search_locations == openai.types.__path__
    assert spec.parent == "zhipu_openai.types"


def test_loading_from_a_spec_by_hand_leaves_the_module_as_it_was(forget: Callable[[str], None]) -> None:
    forget("version")
    spec = importlib.util.find_spec("zhipu_openai.version")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module is openai.version
    assert module.__spec__ is not None
    assert module.__spec__.name == "openai.version"


def test_a_mirrored_module_can_be_reloaded() -> None:
    module = importlib.import_module("zhipu_openai.version")
    assert importlib.reload(module) is openai.version


def test_mirrored_classes_pickle_and_show_their_source() -> None:
    from zhipu_openai.types import CompletionUsage

    usage = CompletionUsage(completion_tokens=1, prompt_tokens=2, total_tokens=3)
    assert pickle.loads(pickle.dumps(usage)) == usage  # noqa: S301 - made here
    assert inspect.getsource(CompletionUsage).startswith("class CompletionUsage")
    assert inspect.getmodule(CompletionUsage) is sys.modules["openai.types.completion_usage"]


@pytest.mark.parametrize("name", ["no_such_module", "types.no_such_module", "types.chat.chat_completion.x"])
def test_a_module_that_openai_does_not_have_is_not_found_under_our_name(name: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=f"No module named 'zhipu_openai.{name}'"):
        importlib.import_module(f"zhipu_openai.{name}")


@pytest.mark.parametrize("name", ["client", "_module_client", "translate.chat", "errors"])
def test_our_own_modules_stay_ours(name: str) -> None:
    assert importlib.import_module(f"zhipu_openai.{name}").__name__ == f"zhipu_openai.{name}"
    assert _mirror.MirrorFinder.find_spec(f"zhipu_openai.{name}") is None


@pytest.mark.parametrize("name", ["json", "openai", "openai.types", "zhipu_openai", "zhipu_openai_x.types"])
def test_other_packages_are_none_of_the_finders_business(name: str) -> None:
    assert _mirror.MirrorFinder.find_spec(name) is None


def test_running_the_package_never_means_running_openais_command_line() -> None:
    assert _mirror.MirrorFinder.find_spec("zhipu_openai.__main__") is None


def test_openais_client_module_is_not_reached_under_our_name() -> None:
    module = importlib.import_module("zhipu_openai._client")
    vars(zhipu_openai).pop("_client", None)
    assert module.OpenAI is OpenAI


def test_there_is_one_finder_however_often_the_package_is_loaded() -> None:
    before = list(sys.meta_path)
    importlib.reload(zhipu_openai)
    _mirror.install()
    assert sys.meta_path == before
    assert (
        run(
            "import importlib, zhipu_openai; from zhipu_openai import _mirror; importlib.reload(_mirror)\n"
            "importlib.reload(zhipu_openai)\n"
            "print([getattr(f, '__name__', '') for f in sys.meta_path].count('MirrorFinder'), "
            "sys.meta_path[0] is _mirror.MirrorFinder)"
        )
        == "1 True"
    )


def test_importing_the_package_imports_neither_openai_nor_anything_heavy() -> None:
    code = "import zhipu_openai; print([m for m in ('openai', 'pydantic', 'httpx', 'httpx2') if m in sys.modules])"
    assert run(code) == "[]"


def test_modules_that_need_no_openai_do_not_load_it_by_way_of_the_package() -> None:
    code = "from zhipu_openai import endpoints, adaptation; print('openai' in sys.modules)"
    assert run(code) == "False"


@pytest.mark.parametrize("name", sorted(STATE))
def test_what_is_set_on_openai_is_never_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, name, "sk-set-on-openai")
    assert getattr(zhipu_openai, name) != "sk-set-on-openai"


def test_a_setting_that_openai_adds_is_not_mistaken_for_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(openai.__annotations__, "next_key", "str | None")
    monkeypatch.setattr(openai, "next_key", "sk-set-on-openai", raising=False)
    with pytest.raises(AttributeError, match="next_key"):
        getattr(zhipu_openai, "next_key")  # noqa: B009 - the name is not declared
