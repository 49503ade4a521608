"""What a client sends: the table of OpenAI's client events, and the rule of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from . import items, session
from .state import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from .state import Event, State

Verdict = Literal["same", "translated", "dropped", "refused"]

_ASPEC: Final = ("bigmodel.cn AsyncAPI", date(2026, 7, 11))
_ABSENT: Final = ("not in bigmodel.cn's AsyncAPI", date(2026, 7, 11))

_BYTES_PER_MS: Final = {"pcm24": 48, "pcm16": 32, "pcm": 32, "wav": 32}
"""Two bytes a sample; wav and pcm are 16 kHz by default (event reference, 2025-02)."""


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """One of OpenAI's client events. Without a rule it is sent as it is, left out, or refused with ``what``."""

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[State, Event], list[Event]] | None = None


def outgoing(state: State, event: Event) -> list[Event]:
    """Give what to send to Zhipu for one of the caller's events.

    Raises:
        Refused: The event cannot be honoured and must not be guessed.
    """
    row = _BY_NAME.get(event.get("type", ""))
    if row is None:
        made = [event]
    elif row.rule is not None:
        made = row.rule(state, event)
    elif row.verdict == "refused":
        refuse("type", row.what, code="unsupported_operation")
    elif row.verdict == "dropped":
        state.note(row.name, "dropped", row.what)
        made = []
    else:
        made = [event]
    if not made or made[0]["type"] == "session.update":
        return made
    if not state.configured or (state.overridden and state.finished):
        # Zhipu's session needs fields that OpenAI's need not name, the model above all.
        state.overridden = False
        return [_update(state, state.wanted, own=True), *made]
    return made


def _update(state: State, wanted: Event, *, own: bool) -> Event:
    """Make an update of Zhipu's session; one of our own is answered without the caller's knowing."""
    made = session.to_zhipu(state, wanted)
    state.configured = True
    state.audio_format = str(made.get("input_audio_format"))
    state.updates.append(own)
    return {"type": "session.update", "session": made}


def _session_update(state: State, event: Event) -> list[Event]:
    given = event.get("session")
    if not isinstance(given, Mapping):
        return [event]
    wanted = {**state.wanted, **session.flatten(given)}
    made = {**event, **_update(state, wanted, own=False)}
    # Kept only when it could be translated: a session that is refused changes nothing.
    state.wanted = wanted
    state.overridden = False
    return [made]


def _append(state: State, event: Event) -> list[Event]:
    audio = event.get("audio")
    if isinstance(audio, str):
        state.buffered += len(audio) * 3 / 4 / _BYTES_PER_MS.get(state.audio_format, 48)
    return [event]


def _item_create(state: State, event: Event) -> list[Event]:
    given = event.get("item")
    if not isinstance(given, Mapping):
        return [event]
    made = {**event, "item": items.to_zhipu(state, given)}
    if made.pop("previous_item_id", None) is not None:
        state.note("previous_item_id", "dropped", "Zhipu puts a new item at the end of the conversation.")
    return [made]


def _response_create(state: State, event: Event) -> list[Event]:
    """Ask for a response. Its own settings, which Zhipu's event lacks, stand in the session until it has ended."""
    given = event.get("response")
    asked = (
        {name: value for name, value in given.items() if value is not None}
        if isinstance(given, Mapping)
        else {}
    )
    made = {name: value for name, value in event.items() if name != "response"}
    if asked.pop("input", None) is not None or asked.pop("conversation", "auto") == "none":
        refuse(
            "response.conversation",
            "Zhipu answers within its one conversation alone. Create the items and leave `input` and `conversation` "
            "out, or ask by client.chat.completions.",
        )
    if asked.pop("metadata", None):
        state.note("response.metadata", "dropped", "Zhipu's realtime service keeps no metadata.")
    own = session.flatten(asked)
    before: list[Event] = []
    if own:
        state.note(
            "response", "emulated", f"{', '.join(sorted(own))}: set in the session until the response ends."
        )
        before = [_update(state, {**state.wanted, **own}, own=True)]
        state.overridden = True
    elif not state.configured or (state.overridden and state.finished):
        before = [_update(state, state.wanted, own=True)]
        state.overridden = False
    state.finished = False
    return [*before, made]


def _response_cancel(state: State, event: Event) -> list[Event]:
    state.cancelled = True
    return [{name: value for name, value in event.items() if name != "response_id"}]


CLIENT_EVENTS: Final[tuple[ClientEvent, ...]] = (
    ClientEvent(
        "session.update",
        "translated",
        "The session in Zhipu's shape, whole each time; the first one carries connect()'s model.",
        *_ASPEC,
        _session_update,
    ),
    ClientEvent("input_audio_buffer.append", "same", "The audio as it is.", *_ASPEC, _append),
    ClientEvent("input_audio_buffer.commit", "same", "As it is.", *_ASPEC),
    ClientEvent("input_audio_buffer.clear", "same", "As it is.", *_ASPEC),
    ClientEvent(
        "conversation.item.create", "translated", "The item in Zhipu's shape.", *_ASPEC, _item_create
    ),
    ClientEvent("conversation.item.delete", "same", "As it is.", *_ASPEC),
    ClientEvent("conversation.item.retrieve", "same", "As it is.", *_ASPEC),
    ClientEvent(
        "conversation.item.truncate",
        "dropped",
        "Zhipu cannot be told how much of its speech was heard; it remembers all of it.",
        *_ABSENT,
    ),
    ClientEvent(
        "response.create",
        "translated",
        "A response's own settings are set in the session until it ends.",
        *_ASPEC,
        _response_create,
    ),
    ClientEvent(
        "response.cancel", "translated", "Zhipu cancels the response under way.", *_ASPEC, _response_cancel
    ),
    ClientEvent(
        "output_audio_buffer.clear",
        "refused",
        "output_audio_buffer.clear is for WebRTC and SIP; cancel the response and stop to play.",
        *_ABSENT,
    ),
    ClientEvent(
        "transcription_session.update",
        "refused",
        "Zhipu's realtime service has no sessions for transcription alone; use client.audio.transcriptions.",
        *_ABSENT,
    ),
)
"""An event in no row is Zhipu's own, such as input_audio_buffer.append_video_frame, and is sent as it is."""

_BY_NAME: Final = {row.name: row for row in CLIENT_EVENTS}
