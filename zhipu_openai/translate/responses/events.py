"""The course of a response: its output items as they come, and OpenAI's events that tell of them.

Reasoning has both of OpenAI's forms: the thoughts are ``reasoning_text`` in the item's ``content``, as OpenAI
has it for open models; where the caller asks for a summary (``reasoning.summary``) the same text is the
item's ``summary`` too, for clients that read nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.exchange import encode_json

from .tools import Called, custom_input

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body

_REASONS: Final = {"length": "max_output_tokens", "content_filter": "content_filter"}
"""Why an answer is incomplete, by the finish reason of the chat."""

_NO_ANSWER: Final = frozenset({"reasoning", "web_search_call"})
"""Items that answer nothing by themselves."""


def encode(kind: str, number: int, **fields: Any) -> bytes:
    """Write an event: its type stands in a line of its own as well."""
    data = encode_json({"type": kind, "sequence_number": number, **fields})
    return b"event: " + kind.encode() + b"\ndata: " + data + b"\n\n"


@dataclass(slots=True)
class _Item:
    """An item under way: ``text`` is its reasoning, words or arguments so far."""

    index: int
    item: Body
    text: list[str] = field(default_factory=list)
    annotations: list[Body] = field(default_factory=list)
    called: Called | None = None

    @property
    def id(self) -> str:
        return str(self.item["id"])

    @property
    def whole(self) -> str:
        return "".join(self.text)


class Course:
    """Builds a response item by item. The events are bytes in ``out``, numbered without gaps."""

    def __init__(self, envelope: Body, *, summarises: bool = False) -> None:
        """Begin a response.

        Args:
            envelope: The response in progress.
            summarises: Whether the reasoning is given as its summary, too.
        """
        self.response = envelope
        self.out: list[bytes] = []
        self._summarises = summarises
        self._number = 0
        self._tail = str(envelope["id"]).removeprefix("resp_")
        self._items: list[_Item] = []
        self._thought: _Item | None = None
        self._message: _Item | None = None
        self._calls: dict[Any, _Item] = {}
        self._open_call: _Item | None = None
        self._emit("response.created", response=envelope)
        self._emit("response.in_progress", response=envelope)

    def take(self) -> bytes:
        """Give the events since the last time."""
        out, self.out = b"".join(self.out), []
        return out

    # What the answer says

    def think(self, text: str) -> None:
        """Add to the reasoning."""
        if self._thought is None:
            self._close_message()
            self._close_call()
            self._thought = self._add("rs", {"type": "reasoning", "summary": [], "content": []})
            part = {"type": "reasoning_text", "text": ""}
            self._emit("response.content_part.added", **self._at(self._thought, content_index=0), part=part)
            if self._summarises:
                part = {"type": "summary_text", "text": ""}
                self._emit(
                    "response.reasoning_summary_part.added",
                    **self._at(self._thought, summary_index=0),
                    part=part,
                )
        thought = self._thought
        thought.text.append(text)
        self._emit("response.reasoning_text.delta", **self._at(thought, content_index=0), delta=text)
        if self._summarises:
            self._emit(
                "response.reasoning_summary_text.delta", **self._at(thought, summary_index=0), delta=text
            )

    def say(self, text: str) -> None:
        """Add to the message."""
        message = self._speaking()
        message.text.append(text)
        self._emit(
            "response.output_text.delta", **self._at(message, content_index=0), delta=text, logprobs=[]
        )

    def cite(self, annotation: Body) -> None:
        """Add a citation to the message."""
        message = self._speaking()
        message.annotations.append(annotation)
        self._emit(
            "response.output_text.annotation.added",
            **self._at(message, content_index=0),
            annotation_index=len(message.annotations) - 1,
            annotation=annotation,
        )

    def search(self, results: list[Any]) -> None:
        """Tell of a web search that Zhipu has made; what it looked for is not told."""
        links = [result.get("link") for result in results if isinstance(result, dict)]
        sources = [{"type": "url", "url": str(link)} for link in links if link]
        action = {"type": "search", "query": "", "sources": sources}
        one = self._add("ws", {"type": "web_search_call", "action": action})
        for stage in ("in_progress", "searching", "completed"):
            self._emit(f"response.web_search_call.{stage}", **self._at(one))
        self._done(one)

    def call(self, key: Any, call_id: str, called: Called) -> None:
        """Begin a call; ``key`` is what its arguments will be added by."""
        self._close_thought()
        self._close_message()
        self._close_call()
        given: Body = {"type": f"{called.kind}_call", "call_id": call_id, "name": called.name}
        if called.kind == "custom":
            given["type"] = "custom_tool_call"
        if called.namespace is not None:
            given["namespace"] = called.namespace
        name = "input" if called.kind == "custom" else "arguments"
        one = self._add("ctc" if called.kind == "custom" else "fc", {**given, name: ""})
        one.called = called
        self._calls[key] = self._open_call = one

    def argue(self, key: Any, arguments: str) -> None:
        """Add to the arguments of a call."""
        one = self._calls.get(key)
        if one is None or not arguments:
            return
        one.text.append(arguments)
        if one.called is not None and one.called.kind == "function":
            self._emit("response.function_call_arguments.delta", **self._at(one), delta=arguments)

    # How it ends

    def finish(self, reason: str, usage: Body | None) -> Body:
        """End the response for a finish reason of chat completions."""
        why = _REASONS.get(reason)
        status = "completed" if why is None else "incomplete"
        if why is None and all(one.item["type"] in _NO_ANSWER for one in self._items):
            # OpenAI's answer is a message wherever nothing was called, if only an empty one.
            self._speaking()
        self._close_thought(status)
        self._close_message(status)
        self._close_call(status)
        self.response = {
            **self.response,
            "status": status,
            "incomplete_details": None if why is None else {"reason": why},
            "output": [one.item for one in self._items],
            "usage": usage,
        }
        self._emit(f"response.{status}", response=self.response)
        return self.response

    def fail(self, error: Body) -> None:
        """Tell that the response has failed; what was under way stays as it is."""
        code = error.get("code") or "server_error"
        self.response = {
            **self.response,
            "status": "failed",
            "error": {"code": code, "message": str(error.get("message") or "")},
            "output": [one.item for one in self._items if one.item.get("status") == "completed"],
        }
        self._emit("response.failed", response=self.response)

    # Items

    def _add(self, prefix: str, given: Body) -> _Item:
        index = len(self._items)
        item = {"id": f"{prefix}_{self._tail}_{index}", **given, "status": "in_progress"}
        one = _Item(index, item)
        self._items.append(one)
        self._emit("response.output_item.added", output_index=index, item=item)
        return one

    def _done(self, one: _Item, status: str = "completed", **changed: Any) -> None:
        one.item = {**one.item, **changed, "status": status}
        self._emit("response.output_item.done", output_index=one.index, item=one.item)

    def _speaking(self) -> _Item:
        if self._message is None:
            self._close_thought()
            self._close_call()
            self._message = self._add("msg", {"type": "message", "role": "assistant", "content": []})
            part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
            self._emit("response.content_part.added", **self._at(self._message, content_index=0), part=part)
        return self._message

    def _close_thought(self, status: str = "completed") -> None:
        one, self._thought = self._thought, None
        if one is None:
            return
        part = {"type": "reasoning_text", "text": one.whole}
        self._emit("response.reasoning_text.done", **self._at(one, content_index=0), text=one.whole)
        self._emit("response.content_part.done", **self._at(one, content_index=0), part=part)
        summary = []
        if self._summarises:
            summary = [{"type": "summary_text", "text": one.whole}]
            self._emit(
                "response.reasoning_summary_text.done", **self._at(one, summary_index=0), text=one.whole
            )
            self._emit(
                "response.reasoning_summary_part.done", **self._at(one, summary_index=0), part=summary[0]
            )
        self._done(one, status, content=[part], summary=summary, encrypted_content=None)

    def _close_message(self, status: str = "completed") -> None:
        one, self._message = self._message, None
        if one is None:
            return
        part = {"type": "output_text", "text": one.whole, "annotations": one.annotations, "logprobs": []}
        place = self._at(one, content_index=0)
        self._emit("response.output_text.done", **place, text=one.whole, logprobs=[])
        self._emit("response.content_part.done", **place, part=part)
        self._done(one, status, content=[part])

    def _close_call(self, status: str = "completed") -> None:
        one, self._open_call = self._open_call, None
        if one is None or one.called is None:
            return
        if one.called.kind == "custom":
            text = custom_input(one.whole)
            self._emit("response.custom_tool_call_input.delta", **self._at(one), delta=text)
            self._emit("response.custom_tool_call_input.done", **self._at(one), input=text)
            self._done(one, status, input=text)
            return
        self._emit(
            "response.function_call_arguments.done",
            **self._at(one),
            name=one.called.name,
            arguments=one.whole,
        )
        self._done(one, status, arguments=one.whole)

    def _at(self, one: _Item, **index: int) -> dict[str, Any]:
        return {"item_id": one.id, "output_index": one.index, **index}

    def _emit(self, kind: str, **fields: Any) -> None:
        self.out.append(encode(kind, self._number, **fields))
        self._number += 1
