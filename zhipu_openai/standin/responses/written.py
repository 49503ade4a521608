"""An answer as a response: whole, or as the events of a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.standin.tokens import tokens
from zhipu_openai.standin.traffic import Cut
from zhipu_openai.standin.wire import DONE

from .failures import error_object, event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from zhipu_openai.standin.answers import Answer
    from zhipu_openai.standin.switches import ActiveQuirks

_CAUSES: Final = {"length": "max_output_tokens", "sensitive": "content_filter"}


@dataclass(frozen=True, slots=True)
class Written:
    """An answer and what surrounds it.

    ``call_ids`` has one id for each call; ``namespaces`` says to which namespace a function belongs.
    """

    request_id: str
    created: int
    asked: Mapping[str, Any]
    answer: Answer
    usage: Mapping[str, Any]
    call_ids: Sequence[str]
    namespaces: Mapping[str, str]
    searched: bool

    @property
    def id(self) -> str:
        """The id of the response."""
        return f"resp_{self.request_id}"

    def whole(self) -> dict[str, Any]:
        """Write the response as it is at its end."""
        cause = _CAUSES.get(self.answer.finish_reason)
        return {
            **self._head(),
            "conversation_id": "",
            "error": None,
            "incomplete_details": None if cause is None else {"reason": cause},
            "instructions": self.asked.get("instructions", ""),
            "metadata": None,
            "output": self.items(self.request_id),
            "parallel_tool_calls": True,
            "previous_response_id": self.asked.get("previous_response_id", ""),
            "status": "completed" if cause is None else "incomplete",
            "usage": self._counted(),
        }

    def items(self, suffix: str) -> list[dict[str, Any]]:
        """Write the output items: what was thought, searched and said, and then the calls."""
        answer = self.answer
        items: list[dict[str, Any]] = []
        if answer.reasoning:
            thought = {
                "content": [{"text": answer.reasoning, "type": "reasoning_text"}],
                "encrypted_content": None,
            }
            items.append(
                {**thought, "id": f"rs_{suffix}", "status": "completed", "summary": [], "type": "reasoning"}
            )
        if self.searched:
            source = [{"type": "url", "url": "https://example.com/stand-in"}]
            action = {"queries": ["stand-in"], "source": source, "type": "search"}
            search = {
                "action": action,
                "id": f"ws_{suffix}",
                "status": "completed",
                "type": "web_search_call",
            }
            items.append({**search, "result": []})
        if answer.content:
            part = {"annotations": [], "text": answer.content, "type": "output_text"}
            said = {"content": [part], "id": f"msg_{suffix}", "role": "assistant", "status": "completed"}
            items.append({**said, "type": "message"})
        for call_id, call in zip(self.call_ids, answer.calls, strict=True):
            made = {"arguments": call.arguments, "call_id": call_id, "id": f"fc_{call_id}", "name": call.name}
            made |= {
                "namespace": self.namespaces.get(call.name, ""),
                "status": "completed",
                "type": "function_call",
            }
            items.append(made)
        return items

    def events(self, quirks: ActiveQuirks) -> Iterator[bytes]:
        """Write the response as a stream, cut where a quirk that is on cuts it."""
        frames = [event({**given, "sequence_number": number}) for number, given in enumerate(self._events())]
        middle = len(frames) // 2
        breaks = "broken_connection" in quirks
        if "cut_stream" in quirks or breaks:
            frames = [*frames[:middle], frames[middle][: len(frames[middle]) // 2]]
        elif "cut_before_finish" in quirks:
            frames = frames[:-1]
        elif "error_event" in quirks:
            failed = {**error_object("overloaded", "该模型当前访问量过大，请您稍后再试"), "type": "error"}
            frames = [*frames[:middle], event({**failed, "sequence_number": middle})]
        elif "no_done" not in quirks:
            frames.append(DONE)
        return _given(frames, breaks=breaks)

    def _events(self) -> Iterator[dict[str, Any]]:
        begun = {**self._head(), "output": [], "status": "in_progress"}
        yield {"response": begun, "type": "response.created"}
        yield {"response": begun, "type": "response.in_progress"}
        items = self.items(f"resp_{self.request_id}")
        for index, item in enumerate(items):
            for one in _item_events(item):
                yield {**one, "output_index": index}
        whole = {**self.whole(), "output": items}
        yield {"response": whole, "type": f"response.{whole['status']}"}

    def _head(self) -> dict[str, Any]:
        head = {"created_at": self.created, "id": self.id, "model": self.asked["model"], "object": "response"}
        if "prompt_cache_key" in self.asked:
            head["prompt_cache_key"] = self.asked["prompt_cache_key"]
        return head

    def _counted(self) -> dict[str, Any]:
        usage = self.usage
        thought = usage.get("completion_tokens_details", {}).get("reasoning_tokens", 0)
        return {
            "input_tokens": usage["prompt_tokens"],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": usage["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": thought},
            "total_tokens": usage["total_tokens"],
        }


def _given(frames: Sequence[bytes], *, breaks: bool) -> Iterator[bytes]:
    yield from frames
    if breaks:
        raise Cut


def _item_events(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kind = item["type"]
    begun = {name: value for name, value in item.items() if name not in ("encrypted_content", "result")}
    begun["status"] = "in_progress"
    if "content" in item:
        begun["content"] = []
    if kind == "function_call":
        begun["arguments"] = ""
    yield {"item": begun, "type": "response.output_item.added"}
    place: dict[str, Any] = {"item_id": item["id"]}
    if kind == "function_call":
        for token in tokens(item["arguments"]):
            yield {**place, "delta": token, "type": "response.function_call_arguments.delta"}
        yield {**place, "arguments": item["arguments"], "type": "response.function_call_arguments.done"}
    elif kind == "web_search_call":
        for stage in ("in_progress", "searching", "completed"):
            yield {**place, "type": f"response.web_search_call.{stage}"}
    else:
        yield from _text_events({**place, "content_index": 0}, item["content"][0])
    yield {"item": item, "type": "response.output_item.done"}


def _text_events(place: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = f"response.{part['type']}"
    yield {**place, "part": {**part, "text": ""}, "type": "response.content_part.added"}
    more: dict[str, Any] = {"logprobs": []} if part["type"] == "output_text" else {}
    for token in tokens(part["text"]):
        yield {**place, "delta": token, **more, "type": f"{name}.delta"}
    yield {**place, "text": part["text"], "type": f"{name}.done"}
    yield {**place, "part": part, "type": "response.content_part.done"}
