"""Speech to text: ``POST /audio/transcriptions``."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Branch, Reply, Send, StreamPlan

from .answers import json_of, unusable
from .recordings import TRANSCRIBED
from .transcript import Segment, Transcript, answer, check_times, joined
from .transcription_fields import TIMED, translate_request
from .transcription_stream import TranscriptionStreamDecoder

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation

    from .recordings import Piece
    from .transcription_fields import Draft

PATH: Final = "/audio/transcriptions"

_CONTEXT: Final = 400
"""Characters of what was said before that go with a piece; the number is ours. Zhipu's ``prompt`` is for that."""

_SHELF: Final = "transcribed"


def create(call: Call) -> Operation:
    """Serve ``POST /audio/transcriptions``."""
    draft = translate_request(call, limit=TRANSCRIBED)
    if draft.format in TIMED:
        check_times(draft)
    if draft.stream:
        decoder = TranscriptionStreamDecoder(
            max(len(draft.pieces), 1),
            lambda place, before: request(draft, place, before),
            attempt=call.attempt,
            base_url=call.options.base_url,
        )
        return StreamPlan((Branch(request(draft, 0, ""), decoder),))
    heard = yield from transcribe(draft)
    return heard if isinstance(heard, Reply) else answer(draft, heard)


def request(draft: Draft, place: int, before: str) -> Send:
    """Make the request for one piece of a recording, with what was heard before it."""
    form = draft.form
    if before:
        prompt = f"{form.get('prompt') or ''}\n{before[-_CONTEXT:]}".strip()
        form = form.put("prompt", prompt)
    if draft.pieces:
        form = form.add(draft.pieces[place].part)
    return Send("POST", PATH, form=form)


def transcribe(draft: Draft) -> Generator[Send, Reply, Transcript | Reply]:
    """Have a recording transcribed, piece after piece; give a failure as the reply that reports it.

    When openai tries again after a failure, the pieces that were heard before are not sent again.
    """
    heard = Transcript(seconds=draft.pieces[-1].end if draft.pieces else None)
    known = _Known(draft)
    texts: list[str] = []
    for place in range(max(len(draft.pieces), 1)):
        send = request(draft, place, joined(texts))
        reply = known.recall(place)
        if reply is None:
            reply = yield send
            if reply.error is not None:
                return reply
        body = json_of(reply)
        texts.append(_text_of(body))
        known.keep(place, reply)
        segments = body.pop("segments", None)
        if not place:
            heard.body, heard.headers = body, reply.headers
        if draft.pieces:
            heard.segments += _segments(segments, draft.pieces[place], texts[-1])
    known.forget()
    heard.text = joined(texts)
    return heard


class _Known:
    """The pieces of a long recording that were heard already, for the case that openai must try again."""

    def __init__(self, draft: Draft) -> None:
        self._memory = draft.call.memory
        self._again = draft.call.attempt > 0
        self._keys: list[str] = []
        if len(draft.pieces) > 1:
            digest = hashlib.sha256(repr(draft.form.parts).encode(errors="surrogatepass"))
            for piece in draft.pieces:
                digest.update(piece.part.data)
                self._keys.append(digest.hexdigest())

    def recall(self, place: int) -> Reply | None:
        if not self._again or not self._keys:
            return None
        found: Reply | None = self._memory.recall(_SHELF, self._keys[place])
        return found

    def keep(self, place: int, reply: Reply) -> None:
        if self._keys:
            self._memory.keep(_SHELF, self._keys[place], reply, size=len(reply.content))

    def forget(self) -> None:
        for key in self._keys:
            self._memory.forget(_SHELF, key)


def _text_of(body: dict[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        raise Refused(unusable("holds no text"))
    return text


def _segments(given: Any, piece: Piece, text: str) -> list[Segment]:
    """Take the segments that Zhipu gave, as its older models did, or make one of the piece."""
    found = [
        Segment(piece.start + one["start"], piece.start + one["end"], one["text"])
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, dict)
        and isinstance(one.get("text"), str)
        and isinstance(one.get("start"), (int, float))
        and isinstance(one.get("end"), (int, float))
    ]
    return found or ([] if piece.end is None else [Segment(piece.start, piece.end, text)])
