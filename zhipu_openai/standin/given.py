"""A chat request as the checks and the answers look at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from zhipu_openai.catalogue import Model

_MOST_OUTPUT: Final = 131072
"""The largest ``max_tokens`` in the specification (docs.bigmodel.cn, 2026-07-11)."""


@dataclass(frozen=True, slots=True)
class Given:
    """A request under test: its fields, without those that are null, and the model it names."""

    fields: Mapping[str, Any]
    model: Model | None

    @property
    def cap(self) -> int:
        """The largest ``max_tokens`` of the model, or of the specification where that is not known."""
        return (self.model.max_output if self.model else None) or _MOST_OUTPUT

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """The messages that are objects."""
        messages = self.fields.get("messages")
        return [each for each in messages if isinstance(each, Mapping)] if isinstance(messages, list) else []

    @property
    def tools(self) -> list[Any]:
        """The tools as given."""
        tools = self.fields.get("tools")
        return tools if isinstance(tools, list) else []

    @property
    def functions(self) -> list[Any]:
        """What stands under ``function`` in the function tools."""
        return [
            tool.get("function")
            for tool in self.tools
            if isinstance(tool, Mapping) and tool.get("type") == "function"
        ]

    def parts(self, kind: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Give the content parts of all messages, or those of one type."""
        for message in self.messages:
            content = message.get("content")
            for part in content if isinstance(content, list) else ():
                if isinstance(part, Mapping) and kind in (None, part.get("type")):
                    yield part

    def calls(self) -> Iterator[Any]:
        """Give the tool calls of the history as given."""
        for message in self.messages:
            calls = message.get("tool_calls")
            yield from calls if isinstance(calls, list) else ()

    def prompt(self) -> str:
        """Return all text of an accepted request: what is counted as its prompt."""
        texts = [message["content"] for message in self.messages if isinstance(message.get("content"), str)]
        texts.extend(part["text"] for part in self.parts("text"))
        texts.extend(
            call["function"]["arguments"]
            for call in self.calls()
            if isinstance(call.get("function"), Mapping)
        )
        texts.extend(str(tool) for tool in self.tools)
        return "\n".join(texts)
