"""One script for both clients: a generator that yields what the async client would have awaited."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from conftest import SyncSide

    Script = Callable[[Any], Generator[Any, Any, Any]]

QUESTION: Any = [{"role": "user", "content": "Hi"}]


def play(side: SyncSide, script: Script, **options: Any) -> Any:
    """Run a script with a client of this side, close the client, and give what the script returns."""
    if side.name == "sync":
        with side.client(**options) as client:
            return _advance(script(client))

    async def main() -> Any:
        async with side.client(**options) as client:
            return await _advance_async(script(client))

    return asyncio.run(main())


def play_with(client: Any, script: Script) -> Any:
    """Run a script with a client that the test has made, on a loop of its own if it is async; leave it open."""
    if not inspect.iscoroutinefunction(client.close):
        return _advance(script(client))
    return asyncio.run(_advance_async(script(client)))


def ask(client: Any, **arguments: Any) -> Any:
    """Ask for a completion."""
    return client.chat.completions.create(**{"model": "glm-5.2", "messages": QUESTION, **arguments})


def upload_natively(client: Any, **options: Any) -> Any:
    """Upload to a path of Zhipu's own, which passes as it is."""
    return client.post(
        "/files/parser/create",
        body={"tool_type": "lite"},
        files=[("file", ("notes.txt", b"hello"))],
        options={"headers": {"Content-Type": "multipart/form-data"}, **options},
        cast_to=object,
    )


def collect(stream: Any) -> Any:
    """Give the items of a stream as a list; to be yielded like a call."""
    if not hasattr(stream, "__aiter__"):
        return list(stream)

    async def items() -> list[Any]:
        return [item async for item in stream]

    return items()


def first(stream: Any) -> Any:
    """Give the first item of a stream."""
    return stream.__anext__() if hasattr(stream, "__anext__") else next(stream)


def text_of(chunks: list[Any]) -> str:
    """Join what the chunks of a stream say."""
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def _advance(steps: Generator[Any, Any, Any]) -> Any:
    value: Any = None
    try:
        while True:
            value = steps.send(value)
    except StopIteration as end:
        return end.value


async def _advance_async(steps: Generator[Any, Any, Any]) -> Any:
    value: Any = None
    error: BaseException | None = None
    try:
        while True:
            step = steps.send(value) if error is None else steps.throw(error)
            value, error = None, None
            try:
                value = await step if inspect.isawaitable(step) else step
            except Exception as raised:  # noqa: BLE001 - thrown into the script
                error = raised
    except StopIteration as end:
        return end.value
