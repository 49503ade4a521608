"""A streamed chat answer: Zhipu's events become OpenAI's, one by one, as they come.

What the wire really does is in the recorded traffic of 2025-03 to 2026-10: the role on every delta, no
finish reason until the last chunk, the usage in that chunk, tool calls whole in one delta, and at times no
``object``, an index of -1, a choice index that counts phases, two finish reasons.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import StreamFailure, encode_json
from zhipu_openai.translate import sse, text_filters
from zhipu_openai.translate.structured import UnfenceStream, unfence

from .calls import ToolCalls
from .demands import FINISHED, Outcome, check, second_request
from .finish import failing, openai_reason, reason_of
from .json_scan import JsonGate
from .parts import add_usage, citations, decode, finish_error, head_of, hollow
from .voice import SpokenDeltas

if TYPE_CHECKING:
    from zhipu_openai.exchange import Event, Send

    from .draft import AnswerPlan, Draft

_DONE: Final = b"[DONE]"
_CHUNK: Final = "chat.completion.chunk"
_HEAD: Final = ("id", "created", "object", "model")
_NO_EXTRA: Final = frozenset({*_HEAD, "choices", "usage"})
_CHOICE_FIELDS: Final = frozenset({"index", "delta", "finish_reason", "native_finish_reason"})
_DELTA_FIELDS: Final = frozenset({"role", "content", "reasoning_content", "tool_calls", "function_call"})

_STRING: Final = rb'"(?!")[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
_USUAL_EVENT: Final = re.compile(
    rb'data: (\{"id":"[^"\\\x00-\x1f]*","created":\d+,"object":"chat\.completion\.chunk","model":"[^"\\\x00-\x1f]*",'
    rb'"choices":\[\{"index":0,"delta":\{)(?:"role":"assistant",)?'
    rb'(?:"reasoning_content":null,(?="content"))?("content"|"reasoning_content"):('
    + _STRING
    + rb')\}(?:,"finish_reason":null)?\}\]\}'
)
"""Nearly every event: one piece of text and a role to drop, or the same after translation."""

_LONGEST_USUAL: Final = 65536
"""Bytes. The expression remembers every escape of a string it reads; longer events are parsed instead."""


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
        self._head: dict[str, Any] = {}
        self._role_sent = False
        self._asked_again = False
        self._billed: dict[str, Any] | None = None
        self._usage: dict[str, Any] | None = None
        self._searches = _offers_search(draft.body.get("tools"))
        self._begin()

    def _begin(self) -> None:
        """Set out to read a stream; what was delivered before stays delivered."""
        plan = self._plan
        self._frames = sse.Frames()
        self._text = _Text(plan)
        self._gate = None if plan.json_schema is None else JsonGate(plan.json_schema.schema)
        self._calls = ToolCalls(plan)
        self._spoken = SpokenDeltas()
        self._searched: list[Any] = []
        self._annotated = False
        self._last_extras: dict[str, Any] = {}
        self._reason: str | None = None
        self._native: Any = None
        # Whether the model got anywhere, and whether the caller has seen any of the answer itself.
        self._produced = self._answered = False
        self._content: list[str] = []
        self._withheld: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = []
        self._again: Send | None = None
        self._collects = bool(plan.json_schema or plan.forced_tools or self._searches)
        self._plain = not (self._text.active or self._collects or self._choice)
        self._usual = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that are complete, translated."""
        return b"".join(map(self.encode, self.take(data)))

    def end(self) -> bytes:
        """Take the end of the body; see ``finish``."""
        return b"".join(map(self.encode, self.finish()))

    @staticmethod
    def encode(event: Event) -> bytes:
        """Write an event as a server sends it."""
        return sse.encode_event(event if isinstance(event, bytes) else encode_json(event))

    def take(self, data: bytes) -> list[Event]:
        """Take bytes as they come; give the events that are complete, translated."""
        out: list[Event] = []
        for event in self._frames.feed(data):
            if self.done or self.failure is not None:
                break
            usual = self._translate_usual(event) if self._usual else None
            if usual is None:
                self._event(event, out)
            else:
                out.append(usual)
        return out

    def finish(self) -> list[Event]:
        """Take the end of the body.

        An end without ``[DONE]`` is an end if a finish reason came before it; otherwise the stream was cut.
        """
        if self.done or self.failure is not None:
            return []
        out: list[Event] = []
        rest = self._frames.rest()
        if rest.strip() and not _DONE.startswith(sse.event_data(rest) or b"-"):
            self._event(rest, out)
        if not self.done and self.failure is None:
            self._close(out)
        return out

    def follow_up(self) -> Send | None:
        """Give the request that asks once more, if the answer was not what was asked for."""
        again, self._again = self._again, None
        if again is not None:
            self._billed, self._usage = add_usage(self._billed, self._usage), None
            self._begin()
            self.done = False
        return again

    def _translate_usual(self, event: bytes) -> bytes | None:
        """Translate a piece of text without parsing it, if the event is nothing but that."""
        usual = _USUAL_EVENT.fullmatch(event) if len(event) < _LONGEST_USUAL else None
        if usual is None or not (event.isascii() or _is_utf8(event)):
            return None
        if usual[2] == b'"reasoning_content"':
            return b'%b%b:%b},"finish_reason":null}]}' % usual.groups()
        self._answered = True
        return b'%b"reasoning_content":null,%b:%b},"finish_reason":null}]}' % usual.groups()

    def _event(self, event: bytes, out: list[Event]) -> None:
        data = sse.event_data(event)
        if data is None:
            # No event at all, unless it is a body that should have come without a stream's content type.
            if event.lstrip()[:1] != b"{":
                return
            data = event
        if not data.strip():
            return
        if data.startswith(_DONE):
            self._close(out)
            return
        try:
            self._chunk(decode(data), out)
        except ValueError:
            self._fail(
                "An event of the stream was cut off or run into the next; what came before it was delivered, "
                "the rest is lost. Send the request again."
            )
        except Refused as refused:
            self.failure = StreamFailure("Zhipu reported a failure within the stream", refused.answer)

    def _chunk(self, chunk: Any, out: list[Event]) -> None:
        if not isinstance(chunk, dict):
            raise Refused(hollow("holds an event that is no object"))
        choices = chunk.get("choices")
        choices = choices if isinstance(choices, list) else []
        if not choices or chunk.get("error"):
            self._look_for_failure(chunk)
        if not self._head.get("id"):
            self._head = head_of(chunk, _CHUNK)
        if isinstance(chunk.get("usage"), dict):
            self._usage = chunk["usage"]
        extras = {name: value for name, value in chunk.items() if name not in _NO_EXTRA}
        found = extras.get("web_search")
        if isinstance(found, list):
            self._searched += [result for result in found if result not in self._searched]
        if not choices and extras:
            self._emit({}, out, extras)
        for choice in choices:
            if not isinstance(choice, dict):
                raise Refused(hollow("holds a choice that is no object"))
            self._take_choice(choice, extras, out)

    def _take_choice(self, choice: dict[str, Any], extras: dict[str, Any], out: list[Event]) -> None:
        given = choice.get("delta")
        if not isinstance(choice.get("finish_reason") or "", str):
            raise Refused(hollow("holds a finish reason that is no text"))
        reason = reason_of(choice)
        if not isinstance(given, dict):
            if reason is None or "message" in choice:
                raise Refused(hollow("holds a choice without a delta, where a stream was asked for"))
            given = {}
        fragments = _fragments(given)
        # No text follows a call, so what was held back of it comes before the first.
        text_ends = bool(fragments) and not self._calls
        delta = self._texts(given, end=text_ends)
        if text_ends and delta:
            self._emit(delta, out)
            delta = {}
        delta.update({name: value for name, value in given.items() if name not in _DELTA_FIELDS})
        if isinstance(given.get("audio"), dict):
            delta["audio"] = self._spoken.take(given["audio"], given.get("content"))
        delta.update(self._calls_delta(self._calls.take(fragments, str(self._head.get("id")))))
        self._annotated = self._annotated or bool(given.get("annotations"))
        more = {
            name: value for name, value in choice.items() if name not in _CHOICE_FIELDS and value is not None
        }
        if reason is not None and not failing(self._reason or "", produced=True):
            # GLM-4 said so twice: beside the tool call, and again at the end. The last word counts, once.
            self._reason = reason
            self._native = choice.get("native_finish_reason")
        if delta or more or (extras and reason is None):
            self._emit(delta, out, extras, more)
        else:
            self._last_extras.update(extras)

    def _texts(self, given: dict[str, Any], *, end: bool = False) -> dict[str, Any]:
        """Give the reasoning and the content that a delta adds; empty ones vanish."""
        reasoning, content = given.get("reasoning_content"), given.get("content")
        thoughts = [reasoning] if isinstance(reasoning, str) else []
        texts = []
        if isinstance(content, str) and content:
            thought, text = self._text.feed(content)
            thoughts.append(thought)
            texts.append(text)
        if end:
            thought, text = self._text.end()
            thoughts.append(thought)
            texts.append(text)
        found = {"reasoning_content": "".join(thoughts), "content": "".join(texts)}
        self._produced = self._produced or any(text and not text.isspace() for text in found.values())
        found["content"] = self._admitted(found["content"])
        delta = {name: text for name, text in found.items() if text}
        # What is no text is not understood here, and for that very reason passed on.
        return delta | {name: given[name] for name in found if isinstance(given.get(name), (dict, list))}

    def _admitted(self, content: str) -> str:
        """Hold back what is no part of the JSON that was asked for."""
        if self._gate is not None:
            content = self._gate.feed(content)
        if self._collects and content:
            self._content.append(content)
        return content

    def _calls_delta(self, fragments: list[dict[str, Any]]) -> dict[str, Any]:
        if not fragments:
            return {}
        self._produced = True
        if not self._plan.legacy_functions:
            return {"tool_calls": fragments}
        functions = [fragment.get("function", {}) for fragment in fragments]
        arguments = "".join(function.get("arguments", "") for function in functions)
        return {"function_call": {**functions[0], "arguments": arguments}}

    def _emit(
        self,
        delta: dict[str, Any],
        out: list[Event],
        extras: dict[str, Any] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        if self._plan.forced_tools and not self._calls and (delta.get("content") or self._withheld):
            # Whether this text precedes a call or stands in place of one is not known yet.
            reasoning = delta.pop("reasoning_content", None)
            if reasoning:
                self._write({"reasoning_content": reasoning}, out)
            if delta or extras or more:
                self._withheld.append((delta, extras or {}, more or {}))
            return
        self._release(out)
        self._write(delta, out, extras, more)

    def _release(self, out: list[Event]) -> None:
        withheld, self._withheld = self._withheld, []
        for delta, extras, more in withheld:
            self._write(delta, out, extras, more)

    def _write(
        self,
        delta: dict[str, Any],
        out: list[Event],
        extras: dict[str, Any] | None = None,
        more: dict[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        # The reasoning is promised to be there, for those who ask whether the model thought.
        whole: dict[str, Any] = {"reasoning_content": None, **delta}
        if not self._role_sent:
            self._role_sent = True
            whole = {"role": "assistant", **whole}
        if not self._answered:
            self._answered = bool(
                delta.get("content") or delta.get("tool_calls") or delta.get("function_call")
            )
        choice = {"index": self._choice, "delta": whole, "finish_reason": reason, **(more or {})}
        out.append({**self._head, **(extras or {}), "choices": [choice]})
        self._usual = self._plain and self._produced

    def _close(self, out: list[Event]) -> None:
        """Bring the stream to its end: what was held back, the finish reason, the usage, ``[DONE]``."""
        reason = "stop" if self._text.stopped and not self._calls else self._reason
        if reason is None:
            self._fail(
                "The stream ended before the answer did: there was no finish reason. What came was delivered; "
                "send the request again."
            )
            return
        rest = self._texts({}, end=True)
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
        final = openai_reason(reason)
        last: dict[str, Any] = {}
        held = "" if self._gate is None else self._gate.end()
        if held and not held.isspace():
            if final not in FINISHED:
                # Beside the reason, and not first: then openai looks at that before it parses the text.
                last["content"] = held
                if not self._role_sent:
                    self._write({}, out)
            elif self._calls:
                # Words beside a call are not the answer that has a schema.
                rest["native_content"] = held
            else:
                held = held if self._content else unfence(held)
                self._content.append(held)
                rest["content"] = rest.get("content", "") + held
        if self._satisfied(Outcome("".join(self._content), final, self._calls.names)):
            self._finish(reason, rest, last, out)

    def _satisfied(self, outcome: Outcome) -> bool:
        """Look whether the answer holds what was asked for; if not, ask again or fail."""
        if self._plan.json_schema is None and not self._plan.forced_tools:
            return True
        try:
            # What was delivered cannot be taken back.
            if not self._answered and not self._asked_again:
                self._again = second_request(self._draft, outcome)
            if self._again is not None:
                self._asked_again = self.done = True
                return False
            check(self._draft, outcome)
        except Refused as refused:
            self.failure = StreamFailure("The answer is not what was asked for", refused.answer)
            return False
        return True

    def _finish(self, reason: str, rest: dict[str, Any], last: dict[str, Any], out: list[Event]) -> None:
        self._release(out)
        if rest:
            self._write(rest, out)
        cited = [] if self._annotated else citations(self._searched, "".join(self._content))
        if cited:
            self._write({"annotations": cited}, out)
        fragments = self._calls.end()
        if fragments:
            self._write(self._calls_delta(fragments), out)
        final = openai_reason(reason)
        native = reason if final != reason else self._native
        if self._plan.legacy_functions and final == "tool_calls":
            final = "function_call"
        if not self._answered:
            # OpenAI's content is a text wherever nothing was called, if only an empty one.
            last = {"content": "", **last}
        more = {} if native is None else {"native_finish_reason": native}
        self._write(last, out, self._last_extras, more, final)
        usage = add_usage(self._billed, self._usage)
        if self._plan.include_usage and usage is not None:
            out.append({**self._head, "choices": [], "usage": usage})
        out.append(_DONE)
        self.done = True

    def _fail(self, message: str) -> None:
        self.failure = StreamFailure(message)

    def _look_for_failure(self, event: dict[str, Any]) -> None:
        # An error counts whatever it calls itself.
        failure = errors.read_failure(
            {name: value for name, value in event.items() if name not in ("object", "choices")}
        )
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
        if not event.keys() & {"id", "object", "usage", "web_search"}:
            raise Refused(hollow("holds an event that is no chunk"))


def _fragments(delta: dict[str, Any]) -> list[Any]:
    """Give the fragments of tool calls in a delta."""
    if isinstance(delta.get("function_call"), dict):
        # Passing a second time, in OpenAI's older form.
        return [{"index": 0, "function": delta["function_call"]}]
    fragments = delta.get("tool_calls")
    return fragments if isinstance(fragments, list) else []


def _offers_search(tools: Any) -> bool:
    return isinstance(tools, list) and any(
        isinstance(tool, dict) and tool.get("type") == "web_search" for tool in tools
    )


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
