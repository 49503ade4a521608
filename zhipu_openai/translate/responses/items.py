"""Input items as the messages of a chat: what belongs to one turn of the model becomes one message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .asked import refuse
from .tools import custom_arguments, wire_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .store import Item


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input item, and what becomes of it in a chat."""

    type: str
    what: str
    source: str
    seen: date


_OPENAI: Final = ("openai 3.54, types/responses", date(2026, 11, 23))

KINDS: Final[Mapping[str, Kind]] = {
    row.type: row
    for row in (
        Kind("message", "A message of its role; developer becomes system.", *_OPENAI),
        Kind("reasoning", "reasoning_content of the turn that it belongs to.", *_OPENAI),
        Kind("function_call", "A tool call of the turn that it belongs to.", *_OPENAI),
        Kind("function_call_output", "A message of the role tool.", *_OPENAI),
        Kind("custom_tool_call", "A call of the function that stands for the tool.", *_OPENAI),
        Kind("custom_tool_call_output", "A message of the role tool.", *_OPENAI),
        Kind("item_reference", "The item, if it is kept in this process.", *_OPENAI),
        Kind("web_search_call", "Nothing: what was found is in the answer that follows it.", *_OPENAI),
        Kind("file_search_call", "Nothing: what was found is in the answer that follows it.", *_OPENAI),
    )
}
"""Items of other kinds belong to tools that run at OpenAI and are refused."""

_SILENT: Final = frozenset({"web_search_call", "file_search_call"})
_TEXTS: Final = frozenset({"input_text", "output_text", "text", "summary_text", "reasoning_text"})
_CHAT_PARTS: Final = frozenset({"image_url", "video_url", "file_url", "file", "input_audio", "refusal"})
"""Parts in the form of chat completions, or of Zhipu's own, which pass as they are."""


@dataclass(slots=True)
class _Turn:
    """A turn of the model under way."""

    place: int
    reasoning: list[str] = field(default_factory=list)
    content: list[Any] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)


class Messages:
    """Makes messages of items, one after the other."""

    def __init__(self, instructions: Any = None) -> None:
        """Begin with the instructions, if there are any."""
        self.made: list[dict[str, Any]] = []
        self.places: list[int] = []
        self._turn: _Turn | None = None
        self._shown: list[Any] = []
        self._shown_at = -1
        if instructions:
            self._add(-1, {"role": "system", "content": instructions})

    def take(self, items: Sequence[Item], *, counted: bool) -> None:
        """Take items; ``counted`` ones are the caller's own, and an error may name their place."""
        for number, item in enumerate(items):
            self._item(number if counted else -1, item)

    def end(self) -> None:
        """Finish the turn under way."""
        self._close_turn()
        self._show()

    def _item(self, place: int, item: Item) -> None:
        kind = item.get("type", "message")
        if kind == "message":
            self._message(place, item)
        elif kind == "reasoning":
            self._close_said()
            self._open(place).reasoning.append(_thoughts(item))
        elif kind == "function_call":
            self._call(place, item, item.get("arguments"))
        elif kind == "custom_tool_call":
            self._call(place, item, custom_arguments(str(item.get("input", ""))))
        elif kind in ("function_call_output", "custom_tool_call_output"):
            self._result(place, item)
        elif kind not in _SILENT:
            refuse(
                f"input[{place}].type" if place >= 0 else "input",
                f"Items of the type {kind!r} belong to a tool that runs at OpenAI; leave them out, or say in a "
                "message what they held.",
                code="unsupported_content",
            )

    def _message(self, place: int, item: Item) -> None:
        content = _content(place, item.get("content"))
        if item.get("role") != "assistant":
            self._close_turn()
            self._show()
            self._add(place, {"role": item.get("role"), "content": content})
            return
        self._close_said()
        self._open(place).content.append(content)

    def _close_said(self) -> None:
        """Finish a turn that has spoken; one that has called goes on, as its results are still to come."""
        if self._turn is not None and self._turn.content and not self._turn.calls:
            self._close_turn()

    def _open(self, place: int) -> _Turn:
        if self._turn is None:
            self._show()
            self._turn = _Turn(place)
        return self._turn

    def _call(self, place: int, item: Item, arguments: Any) -> None:
        name = wire_name(str(item.get("name") or ""), item.get("namespace"))
        function = {"name": name, "arguments": arguments}
        self._open(place).calls.append({"id": item.get("call_id"), "type": "function", "function": function})

    def _result(self, place: int, item: Item) -> None:
        self._close_turn()
        output = item.get("output")
        if isinstance(output, list):
            content = _content(place, output)
            parts = content if isinstance(content, list) else []
            shown = [part for part in parts if part.get("type") != "text"]
            output = "\n".join(str(part["text"]) for part in parts if part.get("type") == "text")
            if shown:
                # Results of tools are text on Zhipu: what they show follows as the user's.
                output = output or "The result is shown in the next message."
                self._shown += shown
                self._shown_at = place
        self._add(place, {"role": "tool", "tool_call_id": item.get("call_id"), "content": output})

    def _show(self) -> None:
        """Show what tools have returned besides text, after the last of their results."""
        shown, self._shown = self._shown, []
        if shown:
            said = {"type": "text", "text": "This is what the tool returned:"}
            self._add(self._shown_at, {"role": "user", "content": [said, *shown]})

    def _close_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is None or not (turn.content or turn.calls):
            # Thoughts that led to nothing belong to no message.
            return
        message: dict[str, Any] = {"role": "assistant"}
        thought = "".join(turn.reasoning)
        if thought:
            message["reasoning_content"] = thought
        message["content"] = _joined(turn.content)
        if turn.calls:
            message["tool_calls"] = turn.calls
        self._add(turn.place, message)

    def _add(self, place: int, message: dict[str, Any]) -> None:
        self.made.append(message)
        self.places.append(place)


def _joined(contents: list[Any]) -> Any:
    if len(contents) == 1:
        return contents[0]
    parts: list[Any] = []
    for content in contents:
        parts += content if isinstance(content, list) else [{"type": "text", "text": content}]
    return parts or None


def _thoughts(item: Item) -> str:
    """Read what a model thought: the text itself, or the summary where nothing else was brought back."""
    for name in ("content", "summary"):
        parts = item.get(name)
        if isinstance(parts, list) and parts:
            return "".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))
    return ""


def _content(place: int, content: Any) -> Any:
    if not isinstance(content, list):
        return [content] if isinstance(content, dict) else content
    return [_part(f"input[{place}].content[{number}]", part) for number, part in enumerate(content)]


def _part(place: str, part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    kind = part.get("type")
    if kind in _TEXTS:
        return {"type": "text", "text": part.get("text")}
    if kind == "input_image":
        return _image(place, part)
    if kind == "input_file":
        held = {
            name: part[name]
            for name in ("file_id", "file_url", "file_data", "filename")
            if part.get(name) is not None
        }
        return {"type": "file", "file": held}
    if kind not in _CHAT_PARTS:
        refuse(place, f"Zhipu takes no content of the type {kind!r}.", code="unsupported_content")
    return part


def _image(place: str, part: dict[str, Any]) -> dict[str, Any]:
    url = part.get("image_url")
    if url is None:
        refuse(
            place,
            "Zhipu takes images by URL or as data, not by a file's id; give image_url.",
            code="unsupported_content",
        )
    image = dict(url) if isinstance(url, dict) else {"url": url}
    if part.get("detail") is not None:
        image["detail"] = part["detail"]
    return {"type": "image_url", "image_url": image}
