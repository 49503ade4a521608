"""A streamed transcription: Zhipu's events, which are OpenAI's but for the text that the last one lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Send, StreamFailure, encode_json
from zhipu_openai.translate import sse

from .answers import event_of, unusable
from .transcript import joint

if TYPE_CHECKING:
    from collections.abc import Callable

DELTA: Final = "transcript.text.delta"
DONE: Final = "transcript.text.done"
_END: Final = b"[DONE]"


class TranscriptionStreamDecoder:
    """Reads the streams of a recording's pieces, one after the other, and gives OpenAI's events of the whole.

    The specification of 2026-07-11 has no ``text`` in the last event, the one of 2025-07-23 has; OpenAI's type
    requires it, so it is made of the deltas where it is missing.
    """

    def __init__(
        self, pieces: int, request: Callable[[int, str], Send], *, attempt: int = 0, base_url: str = ""
    ) -> None:
        """Begin with the first piece's stream.

        Args:
            pieces: How many pieces there are.
            request: Makes the request for a piece, given what was heard before it.
            attempt: How often openai has tried before.
            base_url: The base URL, for advice in errors.
        """
        self.failure: StreamFailure | None = None
        self.done = False
        self._pieces = pieces
        self._request = request
        self._attempt = attempt
        self._base_url = base_url
        self._place = 0
        self._text = ""
        self._again: Send | None = None
        self._begin()

    def _begin(self) -> None:
        self._frames = sse.Frames()
        self._heard = ""
        self._last: dict[str, Any] | None = None

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that are complete."""
        out: list[bytes] = []
        for event in self._frames.feed(data):
            if self.done or self.failure is not None:
                break
            self._event(event, out)
        return b"".join(out)

    def end(self) -> bytes:
        """Take the end of the body: a stream that has not said that it is done was cut."""
        if self.done or self.failure is not None:
            return b""
        out: list[bytes] = []
        rest = self._frames.rest()
        if rest.strip():
            self._event(rest, out)
        if not self.done and self.failure is None:
            self._close(out)
        return b"".join(out)

    def follow_up(self) -> Send | None:
        """Give the request for the next piece, if there is one."""
        again, self._again = self._again, None
        if again is not None:
            self.done = False
            self._begin()
        return again

    def _event(self, event: bytes, out: list[bytes]) -> None:
        data = sse.event_data(event)
        if data is None:
            if event.lstrip()[:1] != b"{":
                return
            data = event
        if not data.strip():
            return
        if data.startswith(_END):
            self._close(out, ended=True)
            return
        try:
            self._take(event_of(data), out)
        except Refused as refused:
            self.failure = StreamFailure("Zhipu reported a failure within the stream", refused.answer)

    def _take(self, event: dict[str, Any], out: list[bytes]) -> None:
        failure = errors.read_failure(event)
        if failure is not None:
            raise Refused(
                errors.openai_error(failure, status=200, attempt=self._attempt, base_url=self._base_url)
            )
        kind = event.get("type")
        if kind == DELTA:
            delta = event.get("delta")
            if not isinstance(delta, str):
                raise Refused(unusable("holds a delta without text"))
            if delta:
                self._say(event, delta, out)
        elif kind == DONE:
            self._last = event
        elif isinstance(kind, str) and kind:
            out.append(sse.encode_event(encode_json(event)))
        else:
            raise Refused(unusable("holds an event of no type"))

    def _say(self, event: dict[str, Any], text: str, out: list[bytes]) -> None:
        # What separates this piece from the one before comes with its first words.
        lead = "" if self._heard else joint(self._text, text)
        self._heard += text
        out.append(sse.encode_event(encode_json({**event, "type": DELTA, "delta": lead + text})))

    def _close(self, out: list[bytes], *, ended: bool = False) -> None:
        """End a piece: go on to the next, or give the last event."""
        if self._last is None and not ended:
            self.failure = StreamFailure(
                "The stream ended before the transcription did. What came was delivered; send the request again."
            )
            return
        last = self._last or {}
        whole = last.get("text")
        if isinstance(whole, str) and whole and not self._heard:
            head = {name: value for name, value in last.items() if name not in ("text", "delta")}
            self._say(head, whole, out)
        heard = whole if isinstance(whole, str) and whole else self._heard
        self._text += joint(self._text, heard) + heard
        self._place += 1
        self.done = True
        if self._place < self._pieces:
            self._again = self._request(self._place, self._text)
            return
        out.append(sse.encode_event(encode_json({**last, "type": DONE, "text": self._text})))
        out.append(sse.encode_event(_END))
