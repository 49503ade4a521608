"""What a request looked like on the wire, and what was said about its changes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import completion, text_stream

from zhipu_openai.adaptation import ZhipuAdaptationWarning

if TYPE_CHECKING:
    from conftest import SyncSide

HI = [{"role": "user", "content": "Hi"}]
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PIXEL = "data:image/png;base64,iVBORw0KGgo="


@dataclass(frozen=True)
class Asked:
    """The body that was sent, the record in the answer's header, and the texts of the warnings."""

    json: dict[str, Any]
    record: str
    warned: list[str]


def ask(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Asked:
    """Ask for a completion, once; a stream is read to its end and has no record."""
    asked = {"model": "glm-5.2", "messages": HI, **arguments}
    streams = arguments.get("stream") is True
    side.wire.reply(text_stream("Hello.") if streams else _answer(asked))
    record = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ZhipuAdaptationWarning)
        if streams:
            side.create(client=client, **asked)
        else:
            raw = side.run(
                lambda made: made.chat.completions.with_raw_response.create(**asked), **(client or {})
            )
            record = raw.headers.get("x-zhipu-adaptations", "")
    return Asked(side.wire.last.json, record, [str(warning.message) for warning in caught])


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Make an answer that meets the demands a test may make: a forced call, or JSON."""
    if asked.get("tool_choice") or asked.get("function_call"):
        names = [tool["function"]["name"] for tool in asked.get("tools") or () if "function" in tool]
        names += [function["name"] for function in asked.get("functions") or ()]
        choice = asked.get("tool_choice") or asked.get("function_call")
        if isinstance(choice, dict) and "allowed_tools" not in choice:
            names = [choice.get("function", choice)["name"]]
        elif isinstance(choice, dict):
            names = [choice["allowed_tools"]["tools"][0]["function"]["name"]]
        if names and choice != "none":
            call = {"id": "call_1", "type": "function", "function": {"name": names[0], "arguments": "{}"}}
            return completion(tool_calls=[call])
    return completion(content='{"city": "Paris"}' if asked.get("response_format") else "Hello.")


def refused(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Ask for what is refused before anything is sent, and give the error."""
    with pytest.raises(openai.BadRequestError) as caught:
        side.create(client=client, **arguments)
    assert side.wire.sent == []
    return caught.value


def function_tool(name: str = "get_weather", **function: Any) -> dict[str, Any]:
    """Make a function tool."""
    return {"type": "function", "function": {"name": name, "parameters": WEATHER, **function}}


def user(*parts: Any) -> list[dict[str, Any]]:
    """Make a conversation of one user message of these parts."""
    return [{"role": "user", "content": list(parts)}]


def image(url: str = PIXEL, **image_url: Any) -> dict[str, Any]:
    """Make a part that shows an image."""
    return {"type": "image_url", "image_url": {"url": url, **image_url}}
