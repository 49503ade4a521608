"""A response of chat completions: the answer, or the stream, that ``translate/chat`` gives, told as OpenAI's."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zhipu_openai.translate.sse import event_data

from .answer import envelope, keep, translated_id, usage_of
from .events import Course
from .ledger import renamed

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Send, StreamDecoder, StreamFailure

    from .asked import Asked


class Teller:
    """Tells of a completion, in one piece or in chunks."""

    def __init__(self, asked: Asked) -> None:
        """Keep what was asked for."""
        self._asked = asked
        self._searched = False
        self._reason = "stop"
        self._usage: Body | None = None
        self.course: Course | None = None

    def take(self, part: Body, name: str) -> None:
        """Take a chunk (``name`` is delta) or a whole completion (message)."""
        if self.course is None:
            head = envelope(
                self._asked.body,
                response_id=translated_id(part.get("id")),
                created_at=int(part.get("created") or 0),
                model=str(part.get("model") or ""),
            )
            self.course = Course(head, summarises=self._asked.summarises)
        self._usage = usage_of(part.get("usage")) or self._usage
        results = part.get("web_search")
        if isinstance(results, list) and results and not self._searched:
            self._searched = True
            self.course.search(results)
        for choice in part.get("choices") or ():
            self._reason = choice.get("finish_reason") or self._reason
            self._said(self.course, choice.get(name) or {})

    def end(self) -> Body:
        """Bring the response to its end, and keep it."""
        if self.course is None:
            raise LookupError("nothing was said")
        response = self.course.finish(self._reason, self._usage)
        keep(self._asked, response)
        return response

    def _said(self, course: Course, said: Body) -> None:
        thought, text = said.get("reasoning_content"), said.get("content")
        if isinstance(thought, str) and thought:
            course.think(thought)
        if isinstance(text, str) and text:
            course.say(text)
        for annotation in said.get("annotations") or ():
            course.cite(_annotation(annotation))
        for place, call in enumerate(said.get("tool_calls") or ()):
            key = call.get("index", place)
            function = call.get("function") or {}
            if call.get("id") is not None:
                course.call(key, str(call["id"]), self._asked.tools.of(str(function.get("name") or "")))
            course.argue(key, str(function.get("arguments") or ""))


def whole(completion: Body, asked: Asked) -> Body:
    """Make the response of a completion."""
    teller = Teller(asked)
    teller.take(completion, "message")
    return teller.end()


class ResponseStreamDecoder:
    """Reads a chat stream through the decoder of chat completions, and gives the events of a response."""

    def __init__(self, inner: StreamDecoder, asked: Asked) -> None:
        """Keep the decoder of the chat."""
        self.failure: StreamFailure | None = None
        self.done = False
        self._inner = inner
        self._asked = asked
        self._teller = Teller(asked)

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that they complete."""
        return self._told(self._inner.feed(data))

    def end(self) -> bytes:
        """Take the end of the body."""
        return self._told(self._inner.end())

    def follow_up(self) -> Send | None:
        """Give the request that asks once more, if the answer was not what was asked for."""
        again = self._inner.follow_up()
        self.done = self._inner.done
        return again

    def _told(self, chunks: bytes) -> bytes:
        teller = self._teller
        for event in chunks.split(b"\n\n"):
            data = event_data(event)
            if data == b"[DONE]":
                teller.end()
            elif data is not None:
                teller.take(json.loads(data), "delta")
        self.done = self._inner.done
        failure = self._inner.failure
        if failure is not None and failure.answer is not None:
            failure = replace(failure, answer=renamed(failure.answer, self._asked.places))
            if teller.course is not None and failure.answer is not None:
                teller.course.fail(failure.answer.body["error"])
        self.failure = failure
        return b"" if teller.course is None else teller.course.take()


def _annotation(given: Any) -> Body:
    """Say a citation as responses do: what chat completions nest stands beside its type."""
    if isinstance(given, dict) and isinstance(given.get("url_citation"), dict):
        return {"type": "url_citation", **given["url_citation"]}
    return given if isinstance(given, dict) else {"type": "url_citation", "url": str(given)}
