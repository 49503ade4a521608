"""What libraries do that watch openai's calls: they wrap its methods, before or after install()."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import text_stream
from openai.resources.chat.completions import AsyncCompletions, Completions

import zhipu_openai
from zhipu_openai.zero_lines import touched

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.usefixtures("openai_as_it_was")


def watch(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[Any]:
    """Wrap a method as tracing libraries do, and give the list in which each call is noted."""
    original = getattr(owner, name)
    seen: list[Any] = []

    @functools.wraps(original)
    def watched(self: Any, *args: Any, **given: Any) -> Any:
        seen.append((type(self), given))
        return original(self, *args, **given)

    monkeypatch.setattr(owner, name, watched)
    return seen


@pytest.mark.parametrize("watched_first", [True, False])
def test_a_wrapper_of_create_sees_the_calls(
    watched_first: bool, theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Completions if theirs.name == "sync" else AsyncCompletions
    steps: list[Callable[[], Any]] = [zhipu_openai.install, lambda: watch(monkeypatch, owner, "create")]
    made = [step() for step in (reversed(steps) if watched_first else steps)]
    seen = next(one for one in made if isinstance(one, list))
    theirs.create()
    assert [given["model"] for _, given in seen] == ["glm-5.2"]
    assert theirs.wire.last.url.startswith("https://open.bigmodel.cn/")


@pytest.mark.parametrize("watched_first", [True, False])
def test_a_wrapper_of_request_and_of_the_streams_iterator_see_the_calls(
    watched_first: bool, theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs.wire._replies.clear()
    theirs.wire.reply(text_stream("Hel", "lo."))
    client, read = (openai.Stream, "__iter__") if theirs.name == "sync" else (openai.AsyncStream, "__aiter__")
    if not watched_first:
        zhipu_openai.install()
    requests = watch(monkeypatch, theirs.cls, "request")
    streams = watch(monkeypatch, client, read)
    if watched_first:
        zhipu_openai.install()
    theirs.create(stream=True)
    assert (len(requests), len(streams)) == (1, 1)


@pytest.mark.parametrize("name", ["__init__", "copy"])
def test_a_wrapper_over_what_is_replaced_survives_and_ours_beneath_it_is_idle(
    name: str, theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = vars(theirs.cls)[name]
    zhipu_openai.install()
    seen = watch(monkeypatch, theirs.cls, name)
    wrapper = vars(theirs.cls)[name]
    assert isinstance(theirs.client(), (zhipu_openai.OpenAI, zhipu_openai.AsyncOpenAI))
    zhipu_openai.uninstall()
    assert vars(theirs.cls)[name] is wrapper
    client = theirs.client(api_key="sk-x")
    assert type(client) is type(client.copy()) is theirs.cls
    assert seen

    with zhipu_openai.install():
        assert isinstance(theirs.client(), (zhipu_openai.OpenAI, zhipu_openai.AsyncOpenAI))
        assert vars(theirs.cls)[name] is wrapper  # not wrapped a second time
    monkeypatch.undo()
    zhipu_openai.uninstall()
    assert vars(theirs.cls)[name] is original
    assert touched._replaced == {}


def test_a_wrapper_that_was_there_before_is_put_back(theirs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    seen = watch(monkeypatch, theirs.cls, "__init__")
    wrapper = vars(theirs.cls)["__init__"]
    with zhipu_openai.install():
        theirs.client()
    assert vars(theirs.cls)["__init__"] is wrapper
    theirs.client()
    assert len(seen) == 2
