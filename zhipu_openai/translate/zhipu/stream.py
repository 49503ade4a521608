"""A stream of Zhipu's own events: passed on as it is, but its failures and its end are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import errors
from zhipu_openai.exchange import StreamFailure
from zhipu_openai.translate import sse
from zhipu_openai.translate.chat.parts import decode, hollow

if TYPE_CHECKING:
    from zhipu_openai.errors import ErrorAnswer
    from zhipu_openai.exchange import Send
    from zhipu_openai.zhipu.operations import Ends

_DONE: Final = b"[DONE]"
_WORDS: Final = ("message", "msg", "error", "error_msg", "data", "output")
"""Where an event that reports a failure has its words."""


class CheckedStream:
    """Passes events on. An event that reports a failure, and an end that comes too early, are failures."""

    def __init__(self, ends: Ends, *, base_url: str, attempt: int = 0) -> None:
        """Keep how the stream ends."""
        self.failure: StreamFailure | None = None
        self.done = False
        self._ends = ends
        self._base_url = base_url
        self._attempt = attempt
        self._frames = sse.Frames()
        self._ended = False
        self._log_id: str | None = None

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that are complete."""
        out: list[bytes] = []
        for event in self._frames.feed(data):
            if self.done or self.failure is not None:
                break
            self._event(event, out)
        return b"".join(out)

    def end(self) -> bytes:
        """Take the end of the body: one that nothing announced is a cut."""
        if self.done or self.failure is not None:
            return b""
        out: list[bytes] = []
        rest = self._frames.rest()
        if rest.strip():
            self._event(rest, out)
        if not self.done and self.failure is None:
            if self._ended:
                self._close(out)
            else:
                self.failure = StreamFailure("The stream ended before it was complete; it was cut off.")
        return b"".join(out)

    def follow_up(self) -> Send | None:
        """Ask for nothing more."""
        return None

    def _event(self, event: bytes, out: list[bytes]) -> None:
        data = sse.event_data(event)
        if data is None:
            if not event.lstrip().startswith(b"{"):
                return
            data = event  # a whole body under a stream's content type
        if data.startswith(_DONE):
            self._close(out)
            return
        try:
            value = decode(data)
        except ValueError:
            if self._word(event, None) is None:
                self.failure = StreamFailure("An event of the stream was cut off; the rest is lost.")
                return
            value = None
        answer = self._failure_in(event, value)
        if answer is not None:
            self.failure = StreamFailure("Zhipu reported a failure within the stream", answer)
            return
        self._ended = self._ended or self._word(event, value) in self._ends.done
        if value is not None:
            out.append(event + b"\n\n")

    def _close(self, out: list[bytes]) -> None:
        self.done = True
        out.append(sse.encode_event(_DONE))

    def _word(self, event: bytes, value: Any) -> str | None:
        """Give the word by which an event says how far the work is."""
        if self._ends.field:
            found = at(value, self._ends.field)
            if isinstance(found, str):
                return found
        lines = (line.partition(b":") for line in event.split(b"\n"))
        return next(
            (text.strip().decode("utf-8", "replace") for name, _, text in lines if name == b"event"), None
        )

    def _failure_in(self, event: bytes, value: Any) -> ErrorAnswer | None:
        if isinstance(value, dict):
            named = value.get("request_id") or value.get("id")
            self._log_id = self._log_id or (named if isinstance(named, str) else None)
            # What an event calls itself does not make an error a result.
            failure = errors.read_failure(
                {name: one for name, one in value.items() if name not in ("object", "choices", "task_status")}
            )
            if failure is not None:
                return self._answer(failure)
        if self._word(event, value) in self._ends.failed:
            message = said(value, self._ends.field)
            if not message:
                return hollow("reports within the stream that the work has failed")
            return self._answer(errors.Failure(None, message, raw=value))
        return None

    def _answer(self, failure: errors.Failure) -> ErrorAnswer:
        return errors.openai_error(
            failure, status=200, attempt=self._attempt, base_url=self._base_url, log_id=self._log_id
        )


def at(value: Any, path: str) -> Any:
    """Give what stands in JSON at a path such as ``choices.0.finish_reason``, None where nothing does."""
    for name in path.split("."):
        if isinstance(value, list) and name.isdecimal():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def said(value: Any, field: str) -> str:
    """Find what JSON that reports a failure says in words: beside the field that reports it, or one level below."""
    place = at(value, field.rpartition(".")[0]) if "." in field else value
    for name in _WORDS if isinstance(place, dict) else ():
        found = place.get(name)
        if isinstance(found, dict):
            found = next((found[one] for one in _WORDS if isinstance(found.get(one), str)), None)
        if isinstance(found, str) and found:
            return found
    return ""
