"""POST /chat/completions: what is asked is checked, decided and written down, whole or as a stream."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.catalogue import MODELS

from . import checks, tones, wire
from .answers import Answer, default_answer, quirky, within_limits
from .chunks import Envelope, stream
from .codes import CONTENT_FILTER
from .given import Given
from .refusals import refused_by_quirk
from .script import Failure, Recording
from .traffic import Reply, Request
from .usage import usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .service import StandIn
    from .switches import ActiveQuirks

_AUDIO_LASTS: Final = 3600
"""Seconds for which a spoken answer may be referred to; how long it really is is not documented."""


def complete(service: StandIn, request: Request) -> Reply:
    """Answer a chat completion.

    Quirks that refuse come first, then the checks, then what a test has told the stand-in to say, then its
    default.
    """
    refused = refused_by_quirk(service, request)
    if refused is not None:
        return refused
    given = _given(service, request)
    if isinstance(given, Reply):
        return given
    delay, line = service.take_line()
    reply = _answered(service, request, given, line)
    reply.delay += delay
    return reply


def answer_line(service: StandIn, request: Request) -> Reply:
    """Answer a line of a batch: checked like a call of its own, but with no script."""
    given = _given(service, request)
    return given if isinstance(given, Reply) else _answered(service, request, given, None)


def _given(service: StandIn, request: Request) -> Given | Reply:
    """Read and check the body; give the refusal of one that is refused."""
    try:
        fields = request.json()
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return service.error(request, "1210")
    # Null is taken for absent; how the service takes it is not established.
    fields = {name: value for name, value in fields.items() if value is not None}
    name = fields.get("model")
    given = Given(fields, MODELS.get(name) if isinstance(name, str) else None)
    broken = checks.refusal(given, request.language)
    return given if broken is None else service.error(request, broken[0], message=broken[1])


def _answered(
    service: StandIn, request: Request, given: Given, line: Answer | Failure | Recording | None
) -> Reply:
    if isinstance(line, Failure):
        return service.error(
            request, line.code, status=line.status, message=line.message, headers=line.headers
        )
    if isinstance(line, Recording):
        return _replayed(service, request, line)
    answer = within_limits(default_answer(given), given.fields) if line is None else line
    streams = given.fields.get("stream", False)
    quirks = service.take_quirks("answer", "stream") if streams else service.take_quirks("answer")
    counted = usage(given, answer)
    tagged = given.model is not None and given.model.thinking == "tagged"
    turn = _Turn(service, request, given, quirky(answer, quirks, tagged=tagged), counted, quirks)
    return turn.streamed() if streams and "json_instead_of_stream" not in quirks else turn.whole()


@dataclass(frozen=True, slots=True)
class _Turn:
    """An answer that is decided, and all that is needed to write it down."""

    service: StandIn
    request: Request
    given: Given
    answer: Answer
    usage: Mapping[str, Any]
    quirks: ActiveQuirks

    def streamed(self) -> Reply:
        """Write the answer as a stream of events."""
        request, model = self.request, self.given.model
        envelope = Envelope(
            request.id,
            self.service.new_id(request.now),
            int(request.now.timestamp()),
            self.given.fields["model"],
        )
        with self.service.random() as random:
            body = stream(
                envelope,
                self.answer,
                self.usage,
                self.quirks,
                random,
                tool_stream=bool(self.given.fields.get("tool_stream") and model and model.tool_stream),
                web_search=_searched(self.given),
                audio=self._audio(),
            )
        return Reply(
            200,
            wire.headers("stream", request.id, request.now),
            body,
            streams=True,
            lead=self.quirks.slow_start,
            pace=self.service.pace,
        )

    def whole(self) -> Reply:
        """Write the answer as one JSON document."""
        request, fields = self.request, self.given.fields
        finish_reason = self.answer.finish_reason
        body: dict[str, Any] = {
            "id": request.id,
            "request_id": fields.get("request_id", request.id),
            "created": int(request.now.timestamp()),
            "model": fields["model"],
            "choices": [{"index": 0, "finish_reason": finish_reason, "message": self._message()}],
            "usage": self.usage,
        }
        if "missing_object" not in self.quirks:
            body["object"] = "chat.completion"
        if finish_reason == "sensitive":
            body["content_filter"] = CONTENT_FILTER
        if results := _searched(self.given):
            body["web_search"] = results
        content = wire.json_bytes(body, sort_keys=True)
        return Reply(200, wire.headers("json", request.id, request.now), [content])

    def _audio(self) -> dict[str, Any] | None:
        """Give what glm-4-voice says, as docs.bigmodel.cn shows it (2025-07-23), in the stand-in's tone."""
        if self.given.model is None or self.given.model.kind != "audio" or not self.answer.content:
            return None
        expires_at = int(self.request.now.timestamp()) + _AUDIO_LASTS
        data = base64.b64encode(tones.wav(tones.tone(self.answer.content))).decode()
        return {"id": f"audio_{self.request.id}", "data": data, "expires_at": expires_at}

    def _message(self) -> dict[str, Any]:
        answer = self.answer
        message: dict[str, Any] = {"role": "assistant"}
        if not (answer.calls and "missing_content" in self.quirks):
            message["content"] = answer.content
        audio = self._audio()
        if audio is not None:
            message["audio"] = audio
        if answer.reasoning is not None:
            message["reasoning_content"] = answer.reasoning
        if answer.calls:
            with self.service.random() as random:
                ids = wire.call_ids(random, len(answer.calls))
            message["tool_calls"] = [
                {
                    "id": call_id,
                    "index": index,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for index, (call_id, call) in enumerate(zip(ids, answer.calls, strict=True))
            ]
        return message


def _searched(given: Given) -> list[dict[str, str]]:
    """Return the results of the web search that was asked for, if it was and its results are wanted.

    Kinds of tool exclude each other and functions go first (docs.bigmodel.cn FAQ, 2025-07); the fields are
    those of a recorded answer (RarogCmex/pi-bigmodel evidence 2026-10-10).
    """
    searches = [tool["web_search"] for tool in given.tools if tool["type"] == "web_search"]
    wanted = any(search.get("enable") is True and search.get("search_result") is True for search in searches)
    if not wanted or given.functions:
        return []
    return [
        {
            "content": "[stand-in] Nothing was searched: this result comes from the zhipu-openai stand-in.",
            "icon": "https://example.com/icon.png",
            "link": "https://example.com/stand-in",
            "media": "stand-in",
            "publish_date": "2026-01-01",
            "refer": "ref_1",
            "title": "The zhipu-openai stand-in",
        }
    ]


def _replayed(service: StandIn, request: Request, recording: Recording) -> Reply:
    streams = recording.content_type.startswith("text/event-stream")
    headers = [
        (name, value)
        for name, value in wire.headers("json", request.id, request.now)
        if name != "content-type"
    ]
    return Reply(
        recording.status,
        [("content-type", recording.content_type), *headers],
        recording.pieces(),
        streams=streams,
        pace=service.pace if streams else 0.0,
    )
