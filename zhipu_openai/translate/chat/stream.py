"""A streamed chat answer: Zhipu's events become OpenAI's, one by one, as they come.

What the wire really does is in the recorded traffic of 2025-03 to 2026-10: the role on every delta, no
finish reason until the last chunk, the usage in that chunk, tool calls whole in one delta, and at times no
``object``, an index of -1, a choice index that counts phases, two finish reasons.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import StreamFailure, encode_json
from zhipu_openai.translate import sse, text_filters
from zhipu_openai.translate.json_schema import repair_arguments
from zhipu_openai.translate.structured import UnfenceStream

from .answer import tool_call_id
from .finish import openai_reason
from .parts import arguments_text, citations, finish_error, hollow

if TYPE_CHECKING:
    from zhipu_openai.exchange import Send

    from .draft import AnswerPlan, Draft

_DONE: Final = b"[DONE]"
_CHUNK: Final = "chat.completion.chunk"
_CHOICE_FIELDS: Final = frozenset({"index", "delta", "finish_reason", "native_finish_reason"})

_STRING: Final = rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
_USUAL_DELTA: Final = re.compile(
    rb'(\{"id":"[^"\\\x00-\x1f]*","created":\d+,"object":"chat\.completion\.chunk","model":"[^"\\\x00-\x1f]*",'
    rb'"choices":\[\{"index":0,"delta":\{)"role":"assistant",("content"|"reasoning_content")(:'
    + _STRING
    + rb"\}\}\]\})"
)
"""The delta of nearly every event: one piece of text, and a role to drop."""


class _Text:
    """The way of the streamed text through the filters that the plan asks for."""

    def __init__(self, plan: AnswerPlan) -> None:
        self._think = text_filters.ThinkSplitter() if plan.think_tags else None
        self._box = text_filters.BoxStripper() if plan.box_tokens else None
        self._fence = UnfenceStream() if plan.json_schema is not None else None
        self._stop = text_filters.StopScanner(plan.stops) if plan.stops else None
        self.active = any((self._think, self._box, self._fence, self._stop))

    @property
    def stopped(self) -> bool:
        """Whether a stop word was met."""
        return self._stop is not None and self._stop.hit is not None

    def feed(self, text: str) -> tuple[str, str]:
        """Give the reasoning and the content that are certain by now."""
        reasoning = ""
        if self._think is not None:
            reasoning, text = self._think.feed(text)
        return reasoning, self._through(text, end=False)

    def end(self) -> tuple[str, str]:
        """Give what was held back."""
        reasoning, text = self._think.end() if self._think is not None else ("", "")
        return reasoning, self._through(text, end=True)

    def _through(self, text: str, *, end: bool) -> str:
        for machine in (self._box, self._fence, self._stop):
            if machine is not None:
                text = machine.feed(text) + (machine.end() if end else "")
        return text


class ChatStreamDecoder:
    """Reads one of Zhipu's chat streams and gives OpenAI's bytes."""

    def __init__(self, draft: Draft, *, attempt: int = 0, choice: int = 0) -> None:
        """Keep what the request demands of the answer; ``choice`` is the index the chunks are given."""
        self.failure: StreamFailure | None = None
        self.done = False
        self._draft = draft
        self._plan = draft.plan
        self._attempt = attempt
        self._choice = choice
        self._asked_again = False
        self._usage: dict[str, Any] | None = None
        self._role_sent = False
        self._begin()

    def _begin(self) -> None:
        """Set out to read a stream; what was delivered before stays delivered."""
        plan = self._plan
        self._frames = sse.Frames()
        self._text = _Text(plan)
        self._head: dict[str, Any] = {}
        self._last_extras: dict[str, Any] = {}
        self._reason: str | None = None
        self._produced = False
        self._content: list[str] = []
        self._withheld: list[dict[str, Any]] = []
        self._calls: list[dict[str, Any]] = []
        self._again: Send | None = None
        self._collects = bool(plan.json_schema or plan.forced_tools)
        self._plain = not (self._text.active or self._collects or self._choice)

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that are complete, translated."""
        out: list[bytes] = []
        for event in self._frames.feed(data):
            if self.done or self.failure is not None:
                break
            self._event(event, out)
        return b"".join(out)

    def end(self) -> bytes:
        """Take the end of the body.

        An end without ``[DONE]`` is an end if a finish reason came before it; otherwise the stream was cut.
        """
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
        """Give the request that asks once more, if the stream lacked a call that was forced."""
        again, self._again = self._again, None
        if again is not None:
            self._begin()
            self.done = False
        return again

    def _event(self, event: bytes, out: list[bytes]) -> None:
        data = sse.event_data(event)
        if data is None:
            return
        if self._plain and self._role_sent:
            usual = _USUAL_DELTA.fullmatch(data)
            if usual is not None:
                self._produced = True
                if usual[2] == b'"content"':
                    out.append(b'data: %b"reasoning_content":null,%b%b\n\n' % usual.groups())
                else:
                    out.append(b"data: %b%b%b\n\n" % usual.groups())
                return
        if data.startswith(_DONE):
            self._close(out)
            return
        try:
            chunk = json.loads(data)
        except ValueError:
            self._fail(
                "An event of the stream was cut off or run into the next; what came before it was delivered, "
                "the rest is lost. Send the request again."
            )
            return
        try:
            self._chunk(chunk, out)
        except Refused as refused:
            self.failure = StreamFailure("Zhipu reported a failure within the stream", refused.answer)

    def _chunk(self, chunk: Any, out: list[bytes]) -> None:
        if not isinstance(chunk, dict):
            raise Refused(hollow("holds an event that is no object"))
        choices = chunk.get("choices")
        if not isinstance(choices, list):
            self._look_for_failure(chunk)
            choices = []
        if not self._head:
            self._head = {
                "id": str(chunk.get("id") or chunk.get("request_id") or ""),
                "created": chunk.get("created") or 0,
                "object": _CHUNK,
                "model": chunk.get("model") or "",
            }
        if isinstance(chunk.get("usage"), dict):
            self._usage = chunk["usage"]
        extras = {
            name: value for name, value in chunk.items() if name not in ("choices", "usage", *self._head)
        }
        cited = citations(extras.get("web_search"), "".join(self._content))
        beside = {"annotations": cited} if cited else {}
        if not choices and extras:
            self._emit(beside, out, extras)
        for choice in choices:
            if isinstance(choice, dict):
                self._choice_of(choice, beside, extras, out)

    def _choice_of(
        self, choice: dict[str, Any], beside: dict[str, Any], extras: dict[str, Any], out: list[bytes]
    ) -> None:
        given = choice.get("delta")
        delta = {**self._delta(given if isinstance(given, dict) else {}), **beside}
        more = {
            name: value for name, value in choice.items() if name not in _CHOICE_FIELDS and value is not None
        }
        reason = choice.get("native_finish_reason") or choice.get("finish_reason")
        if reason:
            # GLM-4 said so twice: beside the tool call, and again at the end. The last word counts, once.
            self._reason = str(reason)
        if delta or more or (extras and not reason):
            self._emit(delta, out, extras, more)
        else:
            self._last_extras.update(extras)

    def _delta(self, given: dict[str, Any]) -> dict[str, Any]:
        """Translate a delta; empty texts beside nothing else vanish."""
        delta = {
            name: value
            for name, value in given.items()
            if name not in ("role", "content", "reasoning_content", "tool_calls")
        }
        reasoning = given.get("reasoning_content")
        content = given.get("content")
        if isinstance(content, str) and content:
            thought, content = self._text.feed(content)
            if thought:
                reasoning = (reasoning or "") + thought
        if reasoning:
            delta["reasoning_content"] = reasoning
            self._produced = True
        if content:
            delta["content"] = content
            self._produced = True
            if self._collects:
                self._content.append(content)
        calls = given.get("tool_calls")
        if isinstance(calls, list):
            self._tool_calls(calls, delta)
        return delta

    def _tool_calls(self, calls: list[Any], delta: dict[str, Any]) -> None:
        translated = []
        for call in calls:
            if not isinstance(call, dict):
                continue
            place, fragment = self._tool_call(call)
            if place == 0 or not self._plan.single_tool_call:
                translated.append(fragment)
        if translated:
            self._produced = True
        if translated and self._plan.legacy_functions:
            if translated[0]["index"] == 0:
                delta["function_call"] = translated[0].get("function")
        elif translated:
            delta["tool_calls"] = translated

    def _tool_call(self, call: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Find the call that a fragment belongs to, and give the fragment as OpenAI would send it."""
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        known = self._known_call(call, function)
        if known is not None:
            arguments = arguments_text(function.get("arguments"))
            known["arguments"] = known["arguments"] or bool(arguments)
            return known["place"], {"index": known["place"], "function": {"arguments": arguments}}
        place = len(self._calls)
        call_id = call.get("id") or tool_call_id(str(self._head.get("id")), place)
        kind = call.get("type") or "function"
        name = str(function.get("name") or "")
        arguments = arguments_text(function.get("arguments"))
        self._calls.append(
            {
                "place": place,
                "id": call_id,
                "index": call.get("index"),
                "type": kind,
                "arguments": bool(arguments),
            }
        )
        schema = self._plan.parameters.get(name)
        if schema is not None and arguments:
            arguments = repair_arguments(arguments, schema)
        rest = {key: value for key, value in call.items() if key not in ("index", "id", "type", "function")}
        fragment = {"index": place, "id": call_id, "type": kind, **rest}
        if function or kind == "function":
            fragment["function"] = {"name": name, "arguments": arguments}
        return place, fragment

    def _known_call(self, call: dict[str, Any], function: dict[str, Any]) -> dict[str, Any] | None:
        """Find a call that has begun: by its id; without one, by its index, or as the one under way."""
        if call.get("id"):
            return next((known for known in self._calls if known["id"] == call["id"]), None)
        index = call.get("index")
        if isinstance(index, int) and index >= 0:
            return next((known for known in self._calls if known["index"] == index), None)
        return self._calls[-1] if self._calls and not function.get("name") else None

    def _emit(
        self,
        delta: dict[str, Any],
        out: list[bytes],
        extras: dict[str, Any] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        # The attribute is promised to be there, for those who ask whether the model thought.
        delta.setdefault("reasoning_content", None)
        if not self._role_sent:
            self._role_sent = True
            delta = {"role": "assistant", **delta}
        choice = {"index": self._choice, "delta": delta, "finish_reason": None, **(more or {})}
        chunk = {**self._head, **(extras or {}), "choices": [choice]}
        if self._plan.forced_tools and not self._calls and delta.get("content"):
            # Whether this text precedes a call or stands in place of one is not known yet.
            self._withheld.append(chunk)
            return
        self._release(out)
        out.append(sse.encode_event(encode_json(chunk)))

    def _release(self, out: list[bytes]) -> None:
        withheld, self._withheld = self._withheld, []
        out.extend(sse.encode_event(encode_json(chunk)) for chunk in withheld)

    def _close(self, out: list[bytes]) -> None:
        """Bring the stream to its end: what was held back, the finish reason, the usage, ``[DONE]``."""
        reason = "stop" if self._text.stopped else self._reason
        if reason is None:
            self._fail(
                "The stream ended before the answer did: there was no finish reason. What came was delivered; "
                "send the request again."
            )
            return
        error = finish_error(
            reason,
            produced=self._produced,
            log_id=self._head.get("id"),
            base_url=self._draft.base_url,
            attempt=self._attempt,
        )
        if error is not None:
            self.failure = StreamFailure("Zhipu broke the answer off", error)
            return
        reasoning, content = self._text.end()
        rest = {name: text for name, text in (("reasoning_content", reasoning), ("content", content)) if text}
        if rest:
            self._content.append(content)
            self._emit(rest, out)
        if not self._satisfied(openai_reason(reason)):
            return
        self._finish(reason, out)

    def _satisfied(self, reason: str) -> bool:
        """Look whether the answer holds what was asked for; if not, ask again or fail."""
        if not self._collects:
            return True
        from .operation import check, second_request  # noqa: PLC0415 - operation builds on this module

        content, called = "".join(self._content), bool(self._calls)
        # Text that was delivered cannot be taken back, so only an unanswered forced call is asked for again.
        if self._plan.forced_tools and not called and not self._asked_again:
            self._again = second_request(self._draft, content, finished=reason, called=called)
            if self._again is not None:
                self._asked_again = True
                self.done = True
                return False
        try:
            check(self._draft, content, finished=reason, called=called)
        except Refused as refused:
            self.failure = StreamFailure("the answer is not what was asked for", refused.answer)
            return False
        return True

    def _finish(self, reason: str, out: list[bytes]) -> None:
        self._release(out)
        self._complete_arguments(out)
        final = openai_reason(reason)
        if self._plan.legacy_functions and final == "tool_calls":
            final = "function_call"
        delta: dict[str, Any] = {"reasoning_content": None}
        if not self._role_sent:
            self._role_sent = True
            delta = {"role": "assistant", **delta}
        choice: dict[str, Any] = {"index": self._choice, "delta": delta, "finish_reason": final}
        if final not in (reason, "function_call"):
            choice["native_finish_reason"] = reason
        out.append(sse.encode_event(encode_json({**self._head, **self._last_extras, "choices": [choice]})))
        if self._plan.include_usage and self._usage is not None:
            out.append(sse.encode_event(encode_json({**self._head, "choices": [], "usage": self._usage})))
        out.append(sse.encode_event(_DONE))
        self.done = True

    def _complete_arguments(self, out: list[bytes]) -> None:
        """Give calls without arguments an empty object: OpenAI's arguments are always JSON."""
        calls = self._calls[:1] if self._plan.single_tool_call else self._calls
        empty = [
            {"index": call["place"], "function": {"arguments": "{}"}}
            for call in calls
            if not call["arguments"] and call["type"] == "function"
        ]
        if empty:
            legacy = self._plan.legacy_functions
            self._emit({"function_call": empty[0]["function"]} if legacy else {"tool_calls": empty}, out)

    def _fail(self, message: str) -> None:
        self.failure = StreamFailure(message)

    def _look_for_failure(self, event: dict[str, Any]) -> None:
        failure = errors.read_failure(event)
        if failure is None and not event.keys() & {"id", "object", "usage", "web_search"}:
            raise Refused(hollow("holds an event that is no chunk"))
        if failure is not None:
            raise Refused(
                errors.openai_error(
                    failure,
                    status=200,
                    attempt=self._attempt,
                    base_url=self._draft.base_url,
                    log_id=self._head.get("id"),
                )
            )
