"""The pytest fixture, the names of the package, and what importing them costs."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from standin_helpers import ADD, imported_by, python

import zhipu_openai.standin
from zhipu_openai.standin import StandIn, pytest_plugin
from zhipu_openai.standin.harness import ZhipuStandIn

if TYPE_CHECKING:
    from pathlib import Path as PathType

# The fixture as an installed package registers it.
zhipu_standin = pytest_plugin.zhipu_standin

HEAVY = ("openai", "httpx", "httpx2", "pydantic", "starlette", "uvicorn", "anyio", "asyncio")
QUESTION: Any = [{"role": "user", "content": "hi"}]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_a_client_of_the_fixture_speaks_with_the_stand_in(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.say("Hello!")
    client = zhipu_standin.client()
    answer = client.chat.completions.create(model="glm-4.6", messages=QUESTION)
    assert answer.choices[0].message.content == "Hello!"
    [request] = zhipu_standin.requests
    assert request.path == "/api/paas/v4/chat/completions"
    assert (request.headers["authorization"], request.authorized) == ("Bearer ***", True)
    assert request.json["messages"] == QUESTION


def test_without_a_script_the_client_calls_the_offered_tool(zhipu_standin: ZhipuStandIn) -> None:
    tools: Any = [ADD]
    answer = zhipu_standin.client().chat.completions.create(
        model="glm-4.6",
        messages=QUESTION,
        tools=tools,
    )
    [call] = answer.choices[0].message.tool_calls or []
    assert call.to_dict()["function"] == {"arguments": '{"a":2,"b":3}', "name": "add"}


def test_the_fixture_scripts_failures_and_quirks(zhipu_standin: ZhipuStandIn) -> None:
    import openai

    client = zhipu_standin.client(max_retries=0)
    zhipu_standin.fail("1113")
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="glm-4.6", messages=QUESTION)
    zhipu_standin.switch_on("overload:1")
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="glm-4.6", messages=QUESTION)
    assert zhipu_standin.service.quirks == ()
    assert len(zhipu_standin.requests) == 2


@pytest.mark.anyio
async def test_an_async_client_of_the_fixture_streams(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.say("one two")
    client = zhipu_standin.async_client()
    stream: Any = await client.chat.completions.create(model="glm-4.6", messages=QUESTION, stream=True)
    pieces = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
    assert "".join(piece or "" for piece in pieces) == "one two"


def test_clients_are_closed_in_the_end() -> None:
    harness = ZhipuStandIn()
    client, twin = harness.client(), harness.async_client()
    harness.close()
    assert client.is_closed()
    assert twin.is_closed()
    harness.close()


@pytest.mark.anyio
async def test_clients_can_be_closed_while_a_loop_is_running() -> None:
    harness = ZhipuStandIn()
    client = harness.async_client()
    harness.close()
    assert client.is_closed()


def test_the_harness_takes_a_stand_in_of_the_callers() -> None:
    service = StandIn(quirks=["arrears"])
    assert ZhipuStandIn(service).service is service


def test_a_test_suite_of_a_users_gets_the_fixture_from_the_plugin(tmp_path: PathType) -> None:
    (tmp_path / "test_mine.py").write_text(
        "clients = []\n"
        "def test_mine(zhipu_standin):\n"
        "    zhipu_standin.say('Hello!')\n"
        "    clients.append(zhipu_standin.client())\n"
        "    create = clients[0].chat.completions.create\n"
        "    answer = create(model='glm-4.6', messages=[{'role': 'user', 'content': 'hi'}])\n"
        "    assert answer.choices[0].message.content == 'Hello!'\n"
        "def test_afterwards():\n"
        "    assert clients[0].is_closed()\n"
    )
    loaded = ["-p", "zhipu_openai.standin.pytest_plugin"]
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", *loaded, "test_mine.py", cwd=tmp_path)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_plugin_is_registered_with_pytest() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    table = re.search(r"^\[project\.entry-points\.pytest11\]\n(.+)$", project, re.MULTILINE)
    assert table is not None
    assert table[1] == 'zhipu_openai = "zhipu_openai.standin.pytest_plugin"'


@pytest.mark.parametrize(
    "code",
    [
        "import zhipu_openai.standin",
        "from zhipu_openai.standin import StandIn, client; StandIn(quirks=['arrears'])",
        "import zhipu_openai.standin.server",
    ],
)
def test_the_core_imports_nothing_heavy(code: str) -> None:
    assert imported_by(code, *HEAVY) == []


def test_the_plugin_imports_nothing_heavy_beside_pytest() -> None:
    alone = imported_by("import pytest", *HEAVY)
    assert imported_by("import zhipu_openai.standin.pytest_plugin", *HEAVY) == alone


def test_every_public_name_can_be_had_and_no_other() -> None:
    package = zhipu_openai.standin
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        package.__getattr__("nothing")


def test_the_homes_of_names_are_those_that_type_checkers_see() -> None:
    package = zhipu_openai.standin
    assert package.__file__ is not None
    source = Path(package.__file__).read_text()
    declared = re.findall(r"^    from \.(\w+) import (.+)$", source, re.MULTILINE)
    seen = {name: home for home, names in declared for name in names.split(", ")}
    assert seen == package._HOMES
    assert set(package._HOMES) == set(package.__all__)


def test_no_warning_is_given_by_a_plain_turn(zhipu_standin: ZhipuStandIn) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        zhipu_standin.client().chat.completions.create(model="glm-4.6", messages=QUESTION)
