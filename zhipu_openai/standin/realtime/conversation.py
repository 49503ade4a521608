"""One realtime connection as the stand-in holds it: client events in, server events out, no socket.

The events are those of bigmodel.cn's AsyncAPI (2026-07-11) and of the event reference of
MetaGLM/glm-realtime-sdk (2025-02); their order is OpenAI's, since Zhipu documents none but that a response
lies between ``response.created`` and ``response.done``. No model answers.
"""

from __future__ import annotations

import json
from collections import deque
from datetime import datetime, timezone
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.standin import tokens
from zhipu_openai.standin.answers import Answer, default_answer
from zhipu_openai.standin.codes import CODES
from zhipu_openai.standin.given import Given
from zhipu_openai.standin.script import Failure

from . import checks, speech

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zhipu_openai.standin.service import StandIn

Event = dict[str, Any]

_SESSION: Final[Mapping[str, Any]] = {
    "model": "glm-realtime",
    "modalities": ["text", "audio"],
    "voice": "tongtong",
    "input_audio_format": "wav",
    "output_audio_format": "pcm",
    "turn_detection": {"type": "client_vad"},
    "beta_fields": {"chat_mode": "audio", "tts_source": "e2e", "auto_search": True},
}
"""The session before it is told otherwise: the specification's defaults, and the recorded model."""

_SECONDS_PER_TOKEN: Final = 0.02
_LONGEST: Final = 0.5


class Conversation:
    """One connection. May be used from several threads."""

    def __init__(self, service: StandIn, path: str) -> None:
        """Begin: a heartbeat and ``session.created`` are the first to come, as recorded (2026-09-11).

        The stand-in remembers each client event as a request by the method ``WEBSOCKET``.
        """
        self._service = service
        self._path = path
        self._lock = RLock()
        self._out: deque[Event] = deque()
        self._answer: Iterator[Event] | None = None
        self._answering: str | None = None
        self._session: Event = {"id": self._id("sess"), "object": "realtime.session", **_SESSION}
        self._items: dict[str, Event] = {}
        self._buffer = bytearray()
        self._rate = 1
        self._speaking = False
        self._silence = 0
        self._say("heartbeat", event_id=None)
        self._say("session.created", session=dict(self._session))

    def beat(self) -> None:
        """Say that the connection is alive."""
        with self._lock:
            self._say("heartbeat", event_id=None)

    def next(self) -> str | None:
        """Give the next event to send; None when there is none for now.

        An answer is made piece by piece as it is taken, so that it can be cancelled in between.
        """
        with self._lock:
            while not self._out and self._answer is not None:
                event = next(self._answer, None)
                if event is None:
                    self._answer = self._answering = None
                else:
                    self._out.append(event)
            return json.dumps(self._out.popleft(), ensure_ascii=False) if self._out else None

    def receive(self, message: str | bytes) -> None:
        """Take a client event."""
        with self._lock:
            try:
                event = json.loads(message)
            except (ValueError, RecursionError):
                event = None
            content = message if isinstance(message, bytes) else message.encode()
            self._service.record(
                "WEBSOCKET", self._path, {}, content, authorized=True, now=datetime.now(timezone.utc)
            )
            fault = checks.fault_of(event)
            if fault is not None:
                self._fail("invalid_event", fault)
                return
            handler = getattr(self, f"_on_{event['type'].replace('.', '_')}")
            handler(event)

    # Client events

    def _on_session_update(self, event: Event) -> None:
        self._session.update({name: one for name, one in event["session"].items() if one is not None})
        self._say("session.updated", session=dict(self._session))
        self._say("heartbeat", event_id=None)

    def _on_input_audio_buffer_append(self, event: Event) -> None:
        try:
            samples, self._rate = speech.heard(event["audio"], self._session["input_audio_format"])
        except ValueError as error:
            self._fail("invalid_audio", str(error))
            return
        self._buffer += samples
        if self._session["turn_detection"]["type"] == "server_vad":
            for loud in speech.frames(samples, self._rate):
                self._listen(loud=loud)

    def _on_input_audio_buffer_append_video_frame(self, _: Event) -> None:
        """Take a frame; only the audio is answered."""

    def _on_input_audio_buffer_commit(self, _: Event) -> None:
        if not self._buffer:
            self._fail("input_audio_buffer_empty", "The audio buffer is empty.")
            return
        self._commit()

    def _on_input_audio_buffer_clear(self, _: Event) -> None:
        self._buffer.clear()
        self._say("input_audio_buffer.cleared")

    def _on_conversation_item_create(self, event: Event) -> None:
        given = event["item"]
        item = {"id": self._id("item"), "status": "completed", **given}
        self._items[item["id"]] = item
        self._say("conversation.item.created", item=item)

    def _on_conversation_item_delete(self, event: Event) -> None:
        if self._items.pop(event["item_id"], None) is None:
            self._fail("item_not_found", f"No item {event['item_id']}.")
        else:
            self._say("conversation.item.deleted", item_id=event["item_id"])

    def _on_conversation_item_retrieve(self, event: Event) -> None:
        item = self._items.get(event["item_id"])
        if item is None:
            self._fail("item_not_found", f"No item {event['item_id']}.")
        else:
            self._say("conversation.item.retrieved", item=item)

    def _on_response_create(self, _: Event) -> None:
        self._respond()

    def _on_response_cancel(self, _: Event) -> None:
        if self._answering is None:
            self._fail("response_not_found", "There is no response to cancel.")
            return
        response = {"id": self._answering, "object": "realtime.response", "status": "cancelled"}
        self._answer = self._answering = None
        self._out = deque(event for event in self._out if not event["type"].startswith("response."))
        self._say("response.cancelled", response=response)
        self._say("response.done", response=response)

    # Turns

    def _listen(self, *, loud: bool) -> None:
        if loud:
            self._silence = 0
            if not self._speaking:
                self._speaking = True
                self._say("input_audio_buffer.speech_started")
        elif self._speaking:
            self._silence += 1
            if self._silence >= speech.SILENCE:
                self._speaking, self._silence = False, 0
                self._say("input_audio_buffer.speech_stopped")
                self._commit()
                self._respond()

    def _commit(self) -> None:
        item_id = self._id("item")
        said = f"[stand-in] {len(self._buffer) / 2 / self._rate:.1f} s of audio"
        self._buffer.clear()
        item = {
            "id": item_id,
            "object": "realtime.item",
            "type": "message",
            "status": "completed",
            "role": "user",
            "content": [{"type": "input_audio", "transcript": None}],
        }
        self._items[item_id] = {**item, "content": [{"type": "input_audio", "transcript": said}]}
        self._say("input_audio_buffer.committed", item_id=item_id)
        self._say("conversation.item.created", item=item)
        name = "conversation.item.input_audio_transcription.completed"
        self._say(name, item_id=item_id, transcript=said)

    def _respond(self) -> None:
        _, line = self._service.take_line()
        if isinstance(line, Failure):
            row = CODES.get(line.code)
            self._fail(line.code, line.message or (row.text("zh") if row else ""), kind="server_error")
            return
        answer = line if isinstance(line, Answer) else default_answer(self._given())
        self._answering = self._id("resp")
        self._answer = self._spoken(self._answering, answer)

    def _given(self) -> Given:
        """Put the conversation into the words of chat, which the stand-in answers."""
        messages: list[Event] = []
        for item in self._items.values():
            if item["type"] == "message":
                said = [part.get("text") or part.get("transcript") or "" for part in item["content"]]
                messages.append({"role": item.get("role", "user"), "content": "\n".join(said)})
            elif item["type"] == "function_call_output":
                messages.append({"role": "tool", "content": item["output"]})
        tools = [
            {
                "type": "function",
                "function": {
                    "name": tool["name"],
                    "description": tool["description"],
                    "parameters": tool.get("parameters") or {"type": "object"},
                },
            }
            for tool in self._session.get("tools") or ()
        ]
        return Given({"messages": messages or [{"role": "user", "content": ""}], "tools": tools}, None)

    def _spoken(self, response_id: str, answer: Answer) -> Iterator[Event]:
        shape = {"id": response_id, "object": "realtime.response"}
        yield self._event("response.created", response={**shape, "status": "in_progress", "usage": _usage()})
        item_id = self._id("item")
        place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        pcm = b""
        if answer.content:
            if "audio" in self._session["modalities"]:
                pcm = speech.tone(min(_LONGEST, _SECONDS_PER_TOKEN * tokens.count(answer.content)))
                yield from self._voiced(place, answer.content, pcm)
            else:
                for word in tokens.tokens(answer.content):
                    yield self._event("response.text.delta", **place, delta=word)
                yield self._event("response.text.done", **place, text=answer.content)
            self._items[item_id] = _assistant(item_id, answer.content)
        for index, call in enumerate(answer.calls, start=1 if answer.content else 0):
            # Neither the id of the call nor that of its item is sent (event reference, 2025-02).
            yield self._event(
                "response.function_call_arguments.done",
                response_id=response_id,
                output_index=index,
                name=call.name,
                arguments=call.arguments,
            )
        usage = _usage(tokens.count(answer.content), len(pcm) // (2 * speech.RATE // 10))
        yield self._event("response.done", response={**shape, "status": "completed", "usage": usage})

    def _voiced(self, place: Event, text: str, pcm: bytes) -> Iterator[Event]:
        for word in tokens.tokens(text):
            yield self._event("response.audio_transcript.delta", **place, delta=word)
        for delta in speech.deltas(pcm):
            yield self._event("response.audio.delta", **place, delta=delta)
        yield self._event("response.audio.done", **place)
        yield self._event("response.audio_transcript.done", **place, transcript=text)

    # Server events

    def _say(self, kind: str, **fields: Any) -> None:
        self._out.append(self._event(kind, **fields))

    def _fail(self, code: str, message: str, *, kind: str = "invalid_request_error") -> None:
        self._say("error", error={"type": kind, "code": code, "message": message})

    def _event(self, kind: str, **fields: Any) -> Event:
        event = {"event_id": self._id("event"), "type": kind, **fields}
        return {name: one for name, one in event.items() if name != "event_id" or one is not None}

    def _id(self, kind: str) -> str:
        # Without an underscore, as in the event reference.
        with self._service.random() as random:
            return f"{kind}{random.getrandbits(128):032x}"


def _usage(text: int = 0, audio: int = 0) -> Event:
    return {
        "total_tokens": text + audio,
        "input_tokens": 0,
        "output_tokens": text + audio,
        "input_token_details": {"text_tokens": 0, "audio_tokens": 0},
        "output_token_details": {"text_tokens": text, "audio_tokens": audio},
    }


def _assistant(item_id: str, text: str) -> Event:
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "text", "text": text}],
    }
