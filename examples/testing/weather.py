"""A small program as a user writes it: it answers questions about the weather, with a tool and a second try."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from zhipu_openai import BadRequestError, OpenAI, RateLimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODEL = "glm-5.2"
TOOL: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city, now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


class BusyError(Exception):
    """The service has no room for us at the moment."""


def answer(client: OpenAI, question: str, weather: Callable[[str], str]) -> str:
    """Answer a question, and look the weather up where the model asks for it.

    Raises:
        BusyError: There were too many requests, even after the client's own retries.
    """
    messages: list[Any] = [{"role": "user", "content": question}]
    try:
        while True:
            reply = client.chat.completions.create(model=MODEL, messages=messages, tools=[TOOL])
            message = reply.choices[0].message
            if not message.tool_calls:
                return message.content or ""
            messages.append(message)
            for call in message.tool_calls:
                city = json.loads(call.function.arguments)["city"]
                messages.append({"role": "tool", "tool_call_id": call.id, "content": weather(city)})
    except RateLimitError as error:
        raise BusyError(str(error)) from error
    except BadRequestError as error:
        if error.code != "content_filter":
            raise
        return "I cannot talk about that."


def read_aloud(client: OpenAI, question: str) -> Iterator[str]:
    """Give an answer word by word."""
    stream = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": question}], stream=True
    )
    for chunk in stream:
        for choice in chunk.choices:
            if choice.delta.content:
                yield choice.delta.content
