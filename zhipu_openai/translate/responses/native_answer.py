"""What Zhipu's own Responses API answers, completed to what OpenAI's types require.

Recorded traffic of open.bigmodel.cn (2026-10-09) lacks tools, text, sampling and more in the response, has ""
where OpenAI has null, fails with ``response.failed`` as the first event of an HTTP 200, and ends streams with
``[DONE]`` although the documentation says that it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from zhipu_openai import errors
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import StreamFailure
from zhipu_openai.translate import sse
from zhipu_openai.translate.chat.parts import decode, hollow

from .answer import envelope, keep, usage_of
from .events import encode
from .ledger import renamed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.errors import ErrorAnswer
    from zhipu_openai.exchange import Body, Reply, Send

    from .asked import Asked

_ENDS: Final = frozenset({"response.completed", "response.incomplete"})
_LIFE: Final = frozenset({"response.created", "response.in_progress", "response.queued", *_ENDS})
_CUT: Final = (
    "The stream ended before the response did: there was no response.completed. What came was delivered; send the "
    "request again."
)


def read_response(reply: Reply, asked: Asked | None, *, base_url: str, attempt: int) -> Body:
    """Read a whole response.

    Raises:
        Refused: It reports a failure, or is none.
    """
    try:
        given = decode(reply.content)
    except ValueError:
        raise Refused(hollow("is not JSON")) from None
    if not isinstance(given, dict) or given.get("object") != "response" or not given.get("id"):
        raise Refused(hollow("is no response"))
    if given.get("status") == "failed":
        raise Refused(
            failure_of(given, base_url=base_url, attempt=attempt, log_id=reply.headers.get("x-log-id"))
        )
    if not isinstance(given.get("output"), list):
        raise Refused(hollow("holds no output"))
    return complete(
        given, {} if asked is None else asked.body, summarises=asked is not None and asked.summarises
    )


def complete(given: Mapping[str, Any], asked: Mapping[str, Any], *, summarises: bool = False) -> Body:
    """Complete a response of Zhipu's: what it lacks, or has empty, is what was asked for."""
    whole = envelope(
        asked,
        response_id=str(given.get("id") or ""),
        created_at=int(given.get("created_at") or 0),
        model=str(given.get("model") or ""),
    )
    own = {
        name: value
        for name, value in given.items()
        if value not in (None, "")
        and name not in ("conversation_id", "store", "metadata", "previous_response_id")
    }
    for name in ("text", "reasoning"):
        if isinstance(own.get(name), dict):
            own[name] = {**whole[name], **own[name]}
    whole.update(own)
    if not asked:
        whole["metadata"] = given.get("metadata") or {}
        whole["previous_response_id"] = given.get("previous_response_id") or None
    output = given.get("output")
    whole["output"] = [
        complete_item(item, f"{whole['id']}_{place}", summarises=summarises)
        for place, item in enumerate(output if isinstance(output, list) else ())
        if isinstance(item, dict)
    ]
    whole["usage"] = usage_of(given.get("usage"))
    return whole


def complete_item(item: Body, made_id: str, *, summarises: bool = False) -> Body:
    """Complete an output item: one part of content becomes a list, sources have OpenAI's name.

    Source: docs.bigmodel.cn, whose example shows the single part and ``action.source`` (2026-11-23).
    """
    out = {**item, "id": item.get("id") or made_id}
    content = item.get("content")
    if isinstance(content, dict):
        content = [content]
    if isinstance(content, list):
        out["content"] = [complete_part(part) for part in content]
    kind = item.get("type")
    if kind == "reasoning":
        out["summary"] = item.get("summary") or []
        if summarises and not out["summary"] and out.get("content"):
            out["summary"] = [
                {"type": "summary_text", "text": part.get("text", "")} for part in out["content"]
            ]
    elif kind == "message":
        out.setdefault("role", "assistant")
        out.setdefault("content", [])
    elif kind == "function_call" and not item.get("namespace"):
        out.pop("namespace", None)
    action = item.get("action")
    if kind == "web_search_call" and isinstance(action, dict):
        queries = action.get("queries") or []
        named = {"query": str(queries[0]) if queries else "", **action}
        sources = named.pop("source", None) or named.get("sources") or []
        named["sources"] = [
            {"type": "url", **one} if isinstance(one, dict) else {"type": "url", "url": str(one)}
            for one in sources
        ]
        out["action"] = named
    return out


def complete_part(part: Any) -> Any:
    """Complete a part of content."""
    if isinstance(part, dict) and part.get("type") == "output_text":
        return {**part, "annotations": part.get("annotations") or [], "logprobs": part.get("logprobs") or []}
    return part


def failure_of(given: Mapping[str, Any], *, base_url: str, attempt: int, log_id: str | None) -> ErrorAnswer:
    """Make the error of a response that has failed, or of an event of the type error."""
    error = given.get("error")
    failure = errors.read_failure({"error": error if isinstance(error, dict) else dict(given)})
    if failure is None:
        return hollow("reports a failure without a word about it")
    return errors.openai_error(failure, status=200, attempt=attempt, base_url=base_url, log_id=log_id)


class NativeStreamDecoder:
    """Reads one of Zhipu's response streams and gives OpenAI's events, numbered without gaps."""

    def __init__(self, asked: Asked, *, at_zhipu: bool = False) -> None:
        """Keep what was asked for; ``at_zhipu`` says that Zhipu keeps the response."""
        self.failure: StreamFailure | None = None
        self.done = False
        self._asked = asked
        self._at_zhipu = at_zhipu
        self._frames = sse.Frames()
        self._number = 0
        self._response: Body | None = None
        self._items: dict[int, Body] = {}

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give the events that they complete."""
        out: list[bytes] = []
        for event in self._frames.feed(data):
            if self.done or self.failure is not None:
                break
            self._event(event, out)
        return b"".join(out)

    def end(self) -> bytes:
        """Take the end of the body."""
        out: list[bytes] = []
        rest = self._frames.rest()
        if self.done or self.failure is not None:
            return b""
        if rest.strip():
            self._event(rest, out)
        if not self.done and self.failure is None:
            self.failure = StreamFailure(_CUT)
        return b"".join(out)

    def follow_up(self) -> Send | None:
        """Nothing is asked twice."""
        return None

    def _event(self, event: bytes, out: list[bytes]) -> None:
        data = sse.event_data(event)
        if data is None or not data.strip():
            return
        if data.startswith(b"[DONE]"):
            self.failure = StreamFailure(_CUT)
            return
        try:
            given = decode(data)
        except ValueError:
            self.failure = StreamFailure(_CUT)
            return
        try:
            self._take(given, out)
        except Refused as refused:
            self.failure = StreamFailure("Zhipu reported a failure within the stream", refused.answer)

    def _take(self, given: Any, out: list[bytes]) -> None:
        kind = given.get("type") if isinstance(given, dict) else None
        if not isinstance(kind, str):
            if errors.read_failure(given) is None:
                raise Refused(hollow("holds an event without a type"))
            self._failed(given, out)
        fields = {name: value for name, value in given.items() if name not in ("type", "sequence_number")}
        if kind in ("error", "response.failed"):
            self._failed(fields if kind == "error" else fields.get("response"), out)
        if kind in _LIFE:
            begun = self._response is not None or kind == "response.created"
            fields["response"] = self._lifecycle(kind, fields.get("response"))
            if not begun:
                # openai's .stream() wants a response to be created before anything else.
                first = {**fields["response"], "status": "in_progress", "output": [], "usage": None}
                self._emit("response.created", {"response": first}, out)
        elif self._response is None:
            raise Refused(hollow("does not begin with response.created"))
        else:
            fields = self._completed(kind, fields, out)
        self._emit(kind, fields, out)
        if kind in _ENDS:
            keep(self._asked, fields["response"], at_zhipu=self._at_zhipu)
            self.done = True

    def _lifecycle(self, kind: str, given: Any) -> Body:
        if not isinstance(given, dict) or not (given.get("id") or self._response):
            raise Refused(hollow("holds an event without its response"))
        if kind in _ENDS and not given.get("output"):
            given = {**given, "output": [self._items[index] for index in sorted(self._items)]}
        if self._response is not None:
            # One response: openai's .stream() holds its id to be the same throughout.
            given = {**given, "id": self._response["id"]}
            given["created_at"] = given.get("created_at") or self._response["created_at"]
        made = complete(given, self._asked.body, summarises=self._asked.summarises)
        made["status"] = given.get("status") or kind.partition(".")[2]
        self._response = made
        return made

    def _completed(self, kind: str, fields: Body, out: list[bytes]) -> Body:
        index = fields.get("output_index")
        place = index if isinstance(index, int) else len(self._items)
        item = fields.get("item")
        if isinstance(item, dict):
            made_id = f"{(self._response or {}).get('id')}_{place}"
            summarises = self._asked.summarises and kind.endswith(".done")
            fields = {**fields, "item": complete_item(item, made_id, summarises=summarises)}
            if kind == "response.output_item.done":
                self._items[place] = fields["item"]
                if summarises and item.get("type") == "reasoning":
                    self._summarise(fields["item"], place, out)
        if isinstance(fields.get("part"), dict):
            fields = {**fields, "part": complete_part(fields["part"])}
        if kind in ("response.output_text.delta", "response.output_text.done"):
            fields = {**fields, "logprobs": fields.get("logprobs") or []}
        return fields

    def _summarise(self, item: Body, place: int, out: list[bytes]) -> None:
        """Tell the thoughts as a summary, for who asked for one."""
        for index, part in enumerate(item["summary"]):
            at = {"item_id": item["id"], "output_index": place, "summary_index": index}
            text = part["text"]
            empty = {**part, "text": ""}
            self._emit("response.reasoning_summary_part.added", {**at, "part": empty}, out)
            self._emit("response.reasoning_summary_text.delta", {**at, "delta": text}, out)
            self._emit("response.reasoning_summary_text.done", {**at, "text": text}, out)
            self._emit("response.reasoning_summary_part.done", {**at, "part": part}, out)

    def _failed(self, given: Any, out: list[bytes]) -> NoReturn:
        """Tell of a failure what was begun has come to, and raise it."""
        answer = self._error(given if isinstance(given, dict) else {})
        if self._response is not None:
            error = answer.body["error"]
            failed = {
                **self._response,
                "status": "failed",
                "error": {"code": error.get("code") or "server_error", "message": error["message"]},
                "output": [self._items[index] for index in sorted(self._items)],
            }
            self._emit("response.failed", {"response": failed}, out)
        raise Refused(answer)

    def _error(self, given: Mapping[str, Any]) -> ErrorAnswer:
        call = self._asked.call
        log_id = str((self._response or given).get("id") or "") or None
        return renamed(failure_of(given, base_url=call.options.base_url, attempt=call.attempt, log_id=log_id))

    def _emit(self, kind: str, fields: Mapping[str, Any], out: list[bytes]) -> None:
        out.append(encode(kind, self._number, **fields))
        self._number += 1
