"""Responses under way: the output items that Zhipu leaves unsaid, opened and closed as OpenAI does.

Zhipu sends the pieces (text, audio, transcript, whole function calls) and the end of a response. OpenAI tells
of the item and the content part that a piece belongs to before it comes, and closes both before
``response.done``. Where Zhipu does tell of the items itself, nothing is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from . import items
from .failures import incomplete
from .state import OutputItem, Part, Response

if TYPE_CHECKING:
    from .state import Event, State

_KINDS: Final[dict[str, Literal["text", "audio"]]] = {
    "response.text": "text",
    "response.audio": "audio",
    "response.audio_transcript": "audio",
}
_TEXT_FIELD: Final = {"response.text.done": "text", "response.audio_transcript.done": "transcript"}


def created(state: State, event: Event) -> list[Event]:
    """Begin a response."""
    response = event["response"]
    response_id = response.get("id") if isinstance(response, dict) else None
    if not isinstance(response_id, str):
        return [incomplete(state, "response.created", ["response.id"])]
    state.finished = False
    state.responses[response_id] = Response(response_id, message_id=state.waiting_item)
    state.waiting_item = None
    return [{**event, "response": _described(response, "in_progress", [])}]


def expect(state: State, item_id: Any) -> None:
    """Remember the id under which Zhipu announced the message that is being made."""
    if not isinstance(item_id, str):
        return
    for response in state.responses.values():
        if response.message is None:
            response.message_id = item_id
            return
    state.waiting_item = item_id


def speech_item(state: State, *, starts: bool) -> str:
    """Give the id of the item that is being spoken; made up, and the same for start and stop."""
    if starts or state.spoken_item is None:
        state.spoken_item = state.new_id("item")
    return state.spoken_item


def native_item(state: State, event: Event) -> list[Event]:
    """Pass on what Zhipu itself tells of an item."""
    _response(state, event["response_id"]).native = True
    return [{"output_index": 0, **event, "item": items.to_openai(state, event["item"])}]


def delta(state: State, event: Event) -> list[Event]:
    """Pass on a piece of text, audio or transcript, with what it belongs to."""
    name = event["type"].removesuffix(".delta")
    before, item, part = _opened(state, event, _KINDS[name])
    if name != "response.audio":
        part.text += str(event["delta"])
    return [*before, _placed(event, item, part)]


def done(state: State, event: Event) -> list[Event]:
    """Pass on the end of the text, the audio or the transcript; the whole of it is added where it is missing."""
    name = event["type"].removesuffix(".done")
    before, item, part = _opened(state, event, _KINDS[name])
    field = _TEXT_FIELD.get(event["type"])
    if field is not None:
        part.text = event[field] if isinstance(event.get(field), str) else part.text
        event = {**event, field: part.text}
    return [*before, _placed(event, item, part)]


def called(state: State, event: Event) -> list[Event]:
    """Pass on a function call, which Zhipu sends whole and without an id."""
    response = _response(state, event["response_id"])
    taken = {one.output_index for one in response.items}
    index = event.get("output_index", 0)
    if not isinstance(index, int) or index in taken:
        index = max(taken, default=-1) + 1
    call_id = event.get("call_id") or items.made_call_id(state)
    call = {"name": event["name"], "call_id": call_id, "arguments": event["arguments"]}
    item = OutputItem(event.get("item_id") or state.new_id("item"), index, call=call)
    response.items.append(item)
    place = {"response_id": response.id, "item_id": item.id, "output_index": index}
    made = {**event, **place, "call_id": call_id}
    if response.native:
        return [made]
    piece = {
        "type": "response.function_call_arguments.delta",
        **place,
        "call_id": call_id,
        "delta": event["arguments"],
    }
    return [*_announced(state, response, item), piece, made, *_closed(state, response, item, "completed")]


def finished(state: State, event: Event) -> list[Event]:
    """End a response, once: Zhipu may say of a cancelled one that it was cancelled, and then that it is done."""
    given = event["response"]
    response_id = given.get("id") if isinstance(given, dict) else None
    if not isinstance(response_id, str):
        return [incomplete(state, event["type"], ["response.id"])]
    if response_id == state.over:
        return []
    response = state.responses.pop(response_id, None) or Response(response_id)
    cancelled = event["type"] == "response.cancelled"
    status = "cancelled" if cancelled else given.get("status") or "completed"
    ended = "completed" if status == "completed" else "incomplete"
    closing: list[Event] = []
    if response.message is not None and not response.native:
        closing = _closed(state, response, response.message, ended)
    own = given.get("output")
    output = (
        [items.to_openai(state, one) for one in own if isinstance(one, dict)]
        if isinstance(own, list) and own
        else [
            one.payload(state.dialect, "completed" if one.call else ended)
            for one in sorted(response.items, key=lambda one: one.output_index)
        ]
    )
    made = _described({**given, "status": status}, status, output)
    if status == "cancelled" and not made.get("status_details"):
        reason = "client_cancelled" if state.cancelled else "turn_detected"
        made["status_details"] = {"type": "cancelled", "reason": reason}
    state.over, state.finished, state.cancelled = response_id, not state.responses, False
    return [*closing, {**event, "type": "response.done", "response": made}]


def _described(response: Event, status: str, output: list[Any]) -> Event:
    kept = {name: value for name, value in response.items() if value is not None}
    return {"object": "realtime.response", "status": status, "status_details": None, **kept, "output": output}


def _response(state: State, response_id: str) -> Response:
    return state.responses.setdefault(response_id, Response(response_id))


def _opened(
    state: State, event: Event, kind: Literal["text", "audio"]
) -> tuple[list[Event], OutputItem, Part]:
    """Find the item and the part that a piece belongs to; tell of them where they are new."""
    response = _response(state, event["response_id"])
    before: list[Event] = []
    item = response.message
    if item is None:
        # Zhipu gives the id of the item with some events and not with others: the first decides.
        item_id = event.get("item_id") or response.message_id or state.new_id("item")
        item = response.message = OutputItem(item_id, _index(event, "output_index"))
        response.items.append(item)
        before += [] if response.native else _announced(state, response, item)
    part = item.parts.get(kind)
    if part is None:
        part = item.parts[kind] = Part(kind, event.get("content_index", len(item.parts)))
        if not response.native:
            place = {"response_id": response.id, "item_id": item.id, "output_index": item.output_index}
            before.append(
                {
                    "type": "response.content_part.added",
                    **place,
                    "content_index": part.index,
                    "part": part.payload(whole=False),
                }
            )
    return before, item, part


def _placed(event: Event, item: OutputItem, part: Part) -> Event:
    return {**event, "item_id": item.id, "output_index": item.output_index, "content_index": part.index}


def _announced(state: State, response: Response, item: OutputItem) -> list[Event]:
    payload = item.payload(state.dialect, "in_progress")
    if item.call is not None:
        payload["arguments"] = ""
    state.announced.add(item.id)
    told = "conversation.item.added" if state.dialect == "ga" else "conversation.item.created"
    return [
        {
            "type": "response.output_item.added",
            "response_id": response.id,
            "output_index": item.output_index,
            "item": payload,
        },
        {"type": told, "previous_item_id": None, "item": payload},
    ]


def _closed(state: State, response: Response, item: OutputItem, status: str) -> list[Event]:
    place = {"response_id": response.id, "output_index": item.output_index}
    payload = item.payload(state.dialect, status)
    made: list[Event] = [
        {
            "type": "response.content_part.done",
            **place,
            "item_id": item.id,
            "content_index": part.index,
            "part": part.payload(whole=True),
        }
        for part in item.parts.values()
    ]
    made.append({"type": "response.output_item.done", **place, "item": payload})
    if state.dialect == "ga":
        made.append({"type": "conversation.item.done", "previous_item_id": None, "item": payload})
    return made


def _index(event: Event, name: str) -> int:
    index = event.get(name, 0)
    return index if isinstance(index, int) else 0
