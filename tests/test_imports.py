"""What is imported when: the rooms at their first use, and none of them by a chat call."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).parents[1] / "zhipu_openai"

OF_THE_PACKAGE: Final = frozenset({"", "_mirror", "_module_client", "forks"})

OF_A_CLIENT: Final = frozenset(
    {
        "_dotenv",
        "_error_bodies",
        "_error_codes",
        "_error_wordings",
        "_typed_client",
        "_variables",
        "adaptation",
        "below",
        "boundary",
        "breakage",
        "client",
        "client_settings",
        "connection",
        "cutting",
        "decoding",
        "drain",
        "endpoints",
        "errors",
        "exchange",
        "library",
        "limits",
        "memory",
        "multipart",
        "relay",
        "routes",
        "settings",
        "side_by_side",
        "signing",
        "transport",
        "transport_base",
    }
)

OF_A_CHAT_CALL: Final = frozenset(
    {
        "_aliases",
        "_catalogue",
        "building",
        "catalogue",
        "stream",
        "translate",
        "translate.fields",
        "translate.json_schema",
        "translate.sse",
        "translate.structured",
        "translate.text_filters",
        "translate.upstream",
    }
)
"""Beside ``translate.chat`` and what is below it."""

SCRIPT: Final = """
import json, sys

def ours():
    return sorted(name[len("zhipu_openai.") :] for name in sys.modules if name.partition(".")[0] == "zhipu_openai")

import zhipu_openai
found = [ours()]
from zhipu_openai import OpenAI
from zhipu_openai.library import openai_library
http = openai_library().module
message = {"role": "assistant", "content": "Hi"}
answer = {
    "id": "x", "created": 1, "object": "chat.completion", "model": "glm-5.2",
    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
below = http.Client(transport=http.MockTransport(lambda request: http.Response(200, json=answer)))
client = OpenAI(api_key="0123456789abcdef0123456789abcdef.ABCDEFGHIJKLMNOP", http_client=below)
found.append(ours())
client.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "Hi"}])
found.append(ours())
print(json.dumps(found))
"""


def test_a_chat_call_imports_none_of_the_other_rooms(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT]
    environment = {"PYTHONPATH": str(PACKAGE.parent), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    package, client, call = (set(names) for names in json.loads(done.stdout))
    assert package == OF_THE_PACKAGE
    assert client - package <= OF_A_CLIENT
    of_chat = {name for name in call if name.partition("translate.chat")[:2] == ("", "translate.chat")}
    assert of_chat
    assert call - client - of_chat <= OF_A_CHAT_CALL


FORBIDDEN: Final = ("openai", "httpx", "httpx2", "websockets", "socket", "asyncio", "requests")
"""What does I/O, or belongs above the boundary."""

MAY_BE_USED_BELOW: Final = frozenset(
    {
        "_aliases",
        "_catalogue",
        "adaptation",
        "catalogue",
        "endpoints",
        "errors",
        "exchange",
        "forks",
        "memory",
        "multipart",
        "settings",
        "sound",
        "translate",
    }
)
"""The modules of ours that translate/ may build on: data, words and pure functions."""


TABLES: Final = frozenset({"zhipu.operations"})
"""Tables in other rooms that can be read without openai."""


def imported(path: Path) -> set[str]:
    """Give the modules that a file imports when it runs; what is for type checkers alone does not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_checkers = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_checkers:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parts[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            names_modules = not node.module or module == "zhipu_openai"
            found |= {f"{module}.{alias.name}" for alias in node.names} if names_modules else {module}
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.glob("translate/**/*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_translation_is_pure(path: Path) -> None:
    for name in imported(path):
        top, _, rest = name.partition(".")
        assert top not in FORBIDDEN, name
        if top == "zhipu_openai" and rest not in TABLES:
            assert rest.partition(".")[0] in MAY_BE_USED_BELOW, name


@pytest.mark.parametrize("room", ["zhipu", "glm_realtime", "translate"])
def test_no_room_imports_the_standin_when_it_is_imported(room: str) -> None:
    for path in PACKAGE.glob(f"{room}/**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                assert "standin" not in (node.module or ""), path
