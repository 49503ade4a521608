"""Recorded answers and streams, replayed byte for byte.

The files in ``recorded`` are written in the shapes that the wire was seen to have; their names say which
model and when. Recordings kept beside the repository are replayed as well, where there are any.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openai
import pytest
from answer_helpers import STREAM_HEADERS, USAGE_CHUNK, call_chunks, cut, in_pieces, text_of

HERE = Path(__file__).parent
FOLDERS = (HERE / "recorded", HERE.parents[1].parent / "shared" / "captures" / "chat")
STREAMS = sorted(path for folder in FOLDERS for path in folder.glob("*.sse"))
ANSWERS = sorted(path for folder in FOLDERS for path in folder.glob("nonstream-*.json"))

SIZES = {"whole": 1 << 30, "1 byte": 1, "37 bytes": 37}

OPENAIS_REASON = {"sensitive": "content_filter", "model_context_window_exceeded": "length"}
BROKEN_OFF = frozenset({"network_error", "abort"})


@dataclass
class Expected:
    """What a recording says, read from its JSON with nothing of the package's."""

    id: str = ""
    model: str = ""
    text: str = ""
    reasoning: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    usage: dict[str, Any] | None = None

    @property
    def error(self) -> type[openai.APIError] | None:
        """What is raised in place of the answer."""
        if self.reason in BROKEN_OFF:
            return openai.InternalServerError
        empty = not (self.text.strip() or self.reasoning.strip() or self.calls)
        return openai.BadRequestError if self.reason == "model_context_window_exceeded" and empty else None

    @property
    def openais_reason(self) -> str:
        return OPENAIS_REASON.get(self.reason, self.reason)

    def add(self, message: dict[str, Any], choice: dict[str, Any], top: dict[str, Any]) -> None:
        """Take in a whole message or a delta; every recorded call is whole."""
        self.text += message.get("content") or ""
        self.reasoning += message.get("reasoning_content") or ""
        for call in message.get("tool_calls") or ():
            function = call["function"]
            self.calls.append(
                {
                    "id": call["id"],
                    "type": "function",
                    "name": function["name"],
                    "arguments": function["arguments"],
                }
            )
        self.reason = choice.get("finish_reason") or self.reason
        self.usage = top.get("usage") or self.usage
        self.id, self.model = top["id"], top["model"]


def expected_stream(body: bytes) -> Expected:
    said = Expected()
    for line in body.decode().splitlines():
        if line.startswith("data: {"):
            event = json.loads(line.removeprefix("data: "))
            (choice,) = event["choices"]
            said.add(choice["delta"], choice, event)
    return said


def body_of(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Read an answer; some recordings have the exchange around it."""
    whole = json.loads(path.read_bytes())
    if "response" in whole:
        return json.dumps(whole["response"], ensure_ascii=False).encode(), whole["response"]
    return path.read_bytes(), whole


def named(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("path", paths, ids=[f"{path.parent.name}/{path.stem}" for path in paths])


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def size(request: pytest.FixtureRequest) -> int:
    return request.param


def test_there_are_recordings_of_every_shape():
    own = {path.stem for path in (HERE / "recorded").iterdir()}
    for shape in (
        "stream-thinking",
        "stream-2-tools",
        "stream-double-finish",
        "stream-tool-index-minus-1",
        "stream-finish-length",
        "stream-error-terminal-network_error",
        "stream-choice-index-by-phase",
        "stream-sensitive",
        "nonstream-simple",
        "nonstream-2-tools",
        "nonstream-web-search",
    ):
        assert any(name.startswith(shape) for name in own), shape


@named(STREAMS)
def test_a_recorded_stream_says_what_it_said(side, wire, path, size):
    body = path.read_bytes()
    said = expected_stream(body)
    wire.reply_with(in_pieces(cut(body, size)))
    asked = {"stream": True, "stream_options": USAGE_CHUNK, "client": {"max_retries": 0}}
    if said.error is not None:
        with pytest.raises(said.error):
            side.create(**asked)
        return
    chunks = side.create(**asked)
    assert text_of(chunks) == said.text
    assert text_of(chunks, "reasoning_content") == said.reasoning
    assert call_chunks(chunks) == said.calls
    reasons = [one.choices[0].finish_reason for one in chunks if one.choices]
    assert reasons == [None] * (len(reasons) - 1) + [said.openais_reason]
    assert [one.usage.to_dict() for one in chunks if one.usage] == ([said.usage] if said.usage else [])
    assert {(one.id, one.model, one.object) for one in chunks} == {
        (said.id, said.model, "chat.completion.chunk")
    }
    assert {choice.index for one in chunks for choice in one.choices} == {0}


@named(STREAMS)
def test_a_recorded_stream_has_no_usage_unless_asked_for(side, wire, path):
    body = path.read_bytes()
    wire.reply_with(in_pieces([body]))
    if expected_stream(body).error is None:
        assert all(one.usage is None for one in side.create(stream=True))


@named(STREAMS)
def test_a_recorded_stream_is_whole_through_stream(side, wire, path, size):
    body = path.read_bytes()
    said = expected_stream(body)
    wire.reply_with(in_pieces(cut(body, size)))
    asked = {"stream_options": USAGE_CHUNK, "client": {"max_retries": 0}}
    if said.error is not None:
        with pytest.raises(said.error):
            side.final(**asked)
        return
    if said.openais_reason in ("length", "content_filter"):
        with pytest.raises((openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError)):
            side.final(**asked)
        return
    final = side.final(**asked)
    message = final.choices[0].message
    assert len(final.choices) == 1
    assert message.role == "assistant"
    assert message.content == (said.text or (None if said.calls else ""))
    assert (message.reasoning_content or "") == said.reasoning
    assert calls_of(message) == said.calls
    assert final.choices[0].finish_reason == said.openais_reason
    assert (final.usage and final.usage.to_dict()) == said.usage


@named(ANSWERS)
def test_a_recorded_answer_says_what_it_said(side, wire, path, size):
    body, whole = body_of(path)
    said = Expected()
    (choice,) = whole["choices"]
    said.add(choice["message"], choice, whole)
    headers = {**STREAM_HEADERS, "content-type": "application/json; charset=UTF-8"}
    wire.reply_with(in_pieces(cut(body, size), headers=headers))
    answer = side.create()
    message = answer.choices[0].message
    assert (answer.id, answer.model, answer.object) == (said.id, said.model, "chat.completion")
    assert message.role == "assistant"
    assert message.content == (said.text or (None if said.calls else ""))
    assert (message.reasoning_content or "") == said.reasoning
    assert calls_of(message) == said.calls
    assert answer.choices[0].finish_reason == said.openais_reason
    assert answer.usage.to_dict() == said.usage
    assert answer.request_id == whole["request_id"]
    assert getattr(answer, "web_search", None) == whole.get("web_search")


def calls_of(message: Any) -> list[dict[str, Any]]:
    return [
        {"id": call.id, "type": call.type, "name": call.function.name, "arguments": call.function.arguments}
        for call in message.tool_calls or ()
    ]
