"""What Zhipu sends: the table of its server events, and what each becomes in OpenAI's two protocols.

Zhipu speaks OpenAI's beta with fewer events and fewer ids. What is missing and can be known is added: the
ids of items and calls, the events that open and close an output item, the output of a finished response.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from . import items, outputs, session
from .failures import error_event, incomplete

if TYPE_CHECKING:
    from collections.abc import Callable

    from .state import Event, State

_ASPEC: Final = ("bigmodel.cn AsyncAPI", date(2026, 7, 11))
_PAGE: Final = ("MetaGLM/glm-realtime-sdk, event reference", date(2025, 2, 1))
_SDK: Final = ("MetaGLM/glm-realtime-sdk, Go events", date(2025, 5, 23))
_RECORDED: Final = ("recorded handshake (fxp/skillify)", date(2026, 9, 11))


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One of Zhipu's server events.

    Attributes:
        name: Zhipu's name, which is the beta's.
        ga: The GA protocol's name; None for an event that is not passed on.
        needs: Fields without which the event says nothing; it becomes an error then.
        rule: What to make of it; without one it is passed on under its name.
    """

    name: str
    ga: str | None
    needs: tuple[str, ...]
    source: str
    seen: date
    rule: Callable[[State, Event], list[Event]] | None = None


_OBJECTS: Final = frozenset({"session", "response", "item", "part", "error"})
"""Fields that hold an object; of another type they are as good as absent."""


def incoming(state: State, event: Event) -> list[Event]:
    """Give what the caller receives for one of Zhipu's events: none, one or several."""
    row = _BY_NAME.get(event.get("type", ""))
    event.pop("client_timestamp", None)
    if row is None:
        return [_stamped(state, event)]
    missing = [name for name in row.needs if not _is_there(event, name)]
    if missing:
        return [incomplete(state, row.name, missing)]
    if row.ga is None and row.rule is None:
        return []
    made = [event] if row.rule is None else row.rule(state, event)
    for one in made:
        if state.dialect == "ga":
            named = _BY_NAME.get(one["type"])
            one["type"] = named.ga if named is not None and named.ga is not None else one["type"]
        _stamped(state, one)
    return made


def _is_there(event: Event, name: str) -> bool:
    value = event.get(name)
    return isinstance(value, dict) if name in _OBJECTS else value is not None


def _stamped(state: State, event: Event) -> Event:
    if not event.get("event_id"):
        event["event_id"] = state.new_id("event")
    return event


def _session_created(state: State, event: Event) -> list[Event]:
    return [{**event, "session": session.to_openai(state, event["session"])}]


def _session_updated(state: State, event: Event) -> list[Event]:
    if state.updates and state.updates.popleft():
        return []
    return [{**event, "session": session.to_openai(state, event["session"])}]


def _error(state: State, event: Event) -> list[Event]:
    # An update of our own that was refused is not answered any more.
    state.updates.clear()
    return [error_event(state, event)]


def _item_created(state: State, event: Event) -> list[Event]:
    item = items.to_openai(state, event["item"])
    item_id = item.get("id")
    made = {**event, "item": item, "previous_item_id": event.get("previous_item_id")}
    if item.get("role") == "assistant" and item.get("type") == "message" and not state.finished:
        # It is told of by the events of its response.
        outputs.expect(state, item_id)
        return []
    if item_id in state.announced:
        return []
    if isinstance(item_id, str):
        state.announced.add(item_id)
    if state.dialect == "beta":
        return [made]
    return [
        {**made, "type": "conversation.item.added"},
        {**made, "type": "conversation.item.done", "event_id": None},
    ]


def _item_retrieved(state: State, event: Event) -> list[Event]:
    return [{**event, "item": items.to_openai(state, event["item"])}]


def _transcribed(_: State, event: Event) -> list[Event]:
    # The usage is required by OpenAI's types; Zhipu counts no tokens for this.
    usage = {"type": "tokens", "input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    return [{"content_index": 0, "usage": usage, **event}]


def _transcription_failed(_: State, event: Event) -> list[Event]:
    error = event.get("error")
    return [{"content_index": 0, **event, "error": error if isinstance(error, dict) else {}}]


def _committed(_: State, event: Event) -> list[Event]:
    return [{"previous_item_id": None, **event}]


def _speech(state: State, event: Event) -> list[Event]:
    """Add where in the audio it is: what the caller has sent so far, since Zhipu need not say."""
    field = "audio_start_ms" if event["type"].endswith("started") else "audio_end_ms"
    made = {field: round(state.buffered), **event}
    if not made.get("item_id"):
        made["item_id"] = outputs.speech_item(state, starts=field == "audio_start_ms")
    return [made]


SERVER_EVENTS: Final[tuple[ServerEvent, ...]] = (
    ServerEvent("heartbeat", None, (), *_RECORDED),
    ServerEvent("error", "error", (), *_ASPEC, _error),
    ServerEvent("session.created", "session.created", ("session",), *_RECORDED, _session_created),
    ServerEvent("session.updated", "session.updated", ("session",), *_ASPEC, _session_updated),
    ServerEvent("conversation.created", "conversation.created", ("conversation",), *_ASPEC),
    ServerEvent("conversation.item.created", "conversation.item.added", ("item",), *_ASPEC, _item_created),
    ServerEvent(
        "conversation.item.retrieved", "conversation.item.retrieved", ("item",), *_SDK, _item_retrieved
    ),
    ServerEvent("conversation.item.deleted", "conversation.item.deleted", ("item_id",), *_SDK),
    ServerEvent(
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.input_audio_transcription.completed",
        ("item_id", "transcript"),
        *_PAGE,
        _transcribed,
    ),
    ServerEvent(
        "conversation.item.input_audio_transcription.failed",
        "conversation.item.input_audio_transcription.failed",
        ("item_id",),
        *_PAGE,
        _transcription_failed,
    ),
    ServerEvent(
        "input_audio_buffer.committed", "input_audio_buffer.committed", ("item_id",), *_ASPEC, _committed
    ),
    ServerEvent("input_audio_buffer.cleared", "input_audio_buffer.cleared", (), *_ASPEC),
    ServerEvent(
        "input_audio_buffer.speech_started", "input_audio_buffer.speech_started", (), *_ASPEC, _speech
    ),
    ServerEvent(
        "input_audio_buffer.speech_stopped", "input_audio_buffer.speech_stopped", (), *_ASPEC, _speech
    ),
    ServerEvent("response.created", "response.created", ("response",), *_ASPEC, outputs.created),
    ServerEvent(
        "response.output_item.added",
        "response.output_item.added",
        ("response_id", "item"),
        *_SDK,
        outputs.native_item,
    ),
    ServerEvent(
        "response.output_item.done",
        "response.output_item.done",
        ("response_id", "item"),
        *_SDK,
        outputs.native_item,
    ),
    ServerEvent(
        "response.text.delta", "response.output_text.delta", ("response_id", "delta"), *_ASPEC, outputs.delta
    ),
    ServerEvent("response.text.done", "response.output_text.done", ("response_id",), *_ASPEC, outputs.done),
    ServerEvent(
        "response.audio.delta",
        "response.output_audio.delta",
        ("response_id", "delta"),
        *_ASPEC,
        outputs.delta,
    ),
    ServerEvent("response.audio.done", "response.output_audio.done", ("response_id",), *_ASPEC, outputs.done),
    ServerEvent(
        "response.audio_transcript.delta",
        "response.output_audio_transcript.delta",
        ("response_id", "delta"),
        *_ASPEC,
        outputs.delta,
    ),
    ServerEvent(
        "response.audio_transcript.done",
        "response.output_audio_transcript.done",
        ("response_id",),
        *_ASPEC,
        outputs.done,
    ),
    ServerEvent(
        "response.function_call_arguments.done",
        "response.function_call_arguments.done",
        ("response_id", "name", "arguments"),
        *_ASPEC,
        outputs.called,
    ),
    # OpenAI says so by response.done alone.
    ServerEvent("response.cancelled", "response.done", ("response",), *_ASPEC, outputs.finished),
    ServerEvent("response.done", "response.done", ("response",), *_ASPEC, outputs.finished),
)
"""An event in no row is passed on as it is: response.function_call.simple_browser, which is Zhipu's own, say."""

_BY_NAME: Final = {row.name: row for row in SERVER_EVENTS}
