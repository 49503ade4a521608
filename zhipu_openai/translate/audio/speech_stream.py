"""Streamed speech: Zhipu's events with PCM become sound of any format, as bytes or as OpenAI's events.

The shape of Zhipu's events is that of its own SDK's types and of three clients that work; no recording of the
raw bytes was found. So a chunk may or may not name its sample rate, and the last may or may not have a reason.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final, Protocol

from zhipu_openai import errors, sound
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Send, StreamFailure, encode_json
from zhipu_openai.translate import sse

from .answers import event_of, unusable
from .clips import read_wave, wave_header
from .speech_fields import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

_END: Final = b"[DONE]"
_FILTERED: Final = "sensitive"
_FILTER_CODE: Final = "1301"


class Writer(Protocol):
    """Makes sound of a format from samples, piece by piece."""

    def feed(self, samples: bytes) -> bytes:
        """Take whole samples; give the bytes that are complete."""
        ...

    def end(self) -> bytes:
        """Give what was held back."""
        ...


class Plain:
    """PCM as it is, or behind the head of a WAV file whose length nobody knows yet."""

    def __init__(self, head: bytes = b"") -> None:
        """Keep what comes first."""
        self._head = head

    def feed(self, samples: bytes) -> bytes:
        """Give the samples."""
        head, self._head = self._head, b""
        return head + samples

    def end(self) -> bytes:
        """Give nothing more."""
        return b""


def writer_for(name: str, rate: int) -> Writer:
    """Make what writes a format: wav, or one of ``sound.CODECS``; any other is PCM."""
    if name in sound.CODECS:
        return sound.Encoder(name, rate)
    return Plain(wave_header(rate)) if name == "wav" else Plain()


class SpeechStreamDecoder:
    """Reads the streams of a text's parts, one after the other, and gives the sound of the whole."""

    def __init__(
        self,
        form: str,
        *,
        events: bool,
        following: Sequence[Send] = (),
        attempt: int = 0,
        base_url: str = "",
    ) -> None:
        """Begin with the first part's stream.

        Args:
            form: The format of the sound.
            events: Whether it is given as OpenAI's events, rather than as bytes.
            following: The requests for the other parts of the text.
            attempt: How often openai has tried before.
            base_url: The base URL, for advice in errors.
        """
        self.failure: StreamFailure | None = None
        self.done = False
        self._form = form
        self._events = events
        self._following = list(following)
        self._attempt = attempt
        self._base_url = base_url
        self._writer: Writer | None = None
        self._again: Send | None = None
        self._begin()

    def _begin(self) -> None:
        self._frames = sse.Frames()
        self._held = b""
        self._spoke = self._ended = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the sound that is complete."""
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
        """Give the request for the next part, if there is one."""
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
            self._ended = True
            self._close(out)
            return
        try:
            self._take(event_of(data), out)
        except Refused as refused:
            self.failure = StreamFailure("Zhipu reported a failure within the stream", refused.answer)

    def _take(self, chunk: dict[str, Any], out: list[bytes]) -> None:
        choices = chunk.get("choices")
        if not isinstance(choices, list) or chunk.get("error"):
            failure = errors.read_failure({name: value for name, value in chunk.items() if name != "choices"})
            if failure is not None:
                raise Refused(self._error(failure))
            raise Refused(unusable("holds an event that is no chunk of speech"))
        for choice in choices:
            if not isinstance(choice, dict):
                raise Refused(unusable("holds a choice that is no object"))
            delta = choice.get("delta")
            if isinstance(delta, dict):
                self._take_delta(delta, out)
            reason = choice.get("finish_reason")
            if reason:
                self._look_at(str(reason))
                self._ended = True

    def _take_delta(self, delta: dict[str, Any], out: list[bytes]) -> None:
        content = delta.get("content")
        if not isinstance(content, str) or not content:
            return
        try:
            samples = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise Refused(unusable("holds speech that is no base64")) from None
        if not self._spoke:
            wave = read_wave(samples)
            samples = samples if wave is None else wave.data
        self._spoke = True
        if self._writer is None:
            rate = delta.get("return_sample_rate")
            self._writer = writer_for(self._form, rate if isinstance(rate, int) and rate > 0 else RATE)
        samples = self._held + samples
        whole = len(samples) - len(samples) % sound.SAMPLE_BYTES
        self._held = samples[whole:]
        self._give(self._writer.feed(samples[:whole]), out)

    def _look_at(self, reason: str) -> None:
        """Look whether the reason for the end is a failure."""
        answer = errors.stream_failure(reason, attempt=self._attempt)
        if answer is None and reason == _FILTERED:
            answer = self._error(errors.Failure(_FILTER_CODE, f"finish_reason: {reason}"))
        if answer is not None:
            raise Refused(answer)

    def _error(self, failure: errors.Failure) -> errors.ErrorAnswer:
        return errors.openai_error(failure, status=200, attempt=self._attempt, base_url=self._base_url)

    def _give(self, data: bytes, out: list[bytes]) -> None:
        if data and self._events:
            event = {"type": "speech.audio.delta", "audio": base64.b64encode(data).decode()}
            data = sse.encode_event(encode_json(event))
        if data:
            out.append(data)

    def _close(self, out: list[bytes]) -> None:
        """End a part: go on to the next, or finish the sound."""
        if not self._ended:
            self.failure = StreamFailure(
                "The stream ended before the speech did. What came was delivered; send the request again."
            )
            return
        if not self._spoke or self._writer is None:
            self.failure = StreamFailure("no speech", unusable("holds no speech"))
            return
        self.done = True
        if self._following:
            self._again = self._following.pop(0)
            return
        self._give(self._writer.end(), out)
        if self._events:
            # Zhipu counts no tokens for speech, so there is no usage to tell.
            out.append(sse.encode_event(encode_json({"type": "speech.audio.done"})))
