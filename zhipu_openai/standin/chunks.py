"""An answer as a stream of chunks, in the shape of recorded streams and of the quirks that are on.

Recorded (api.z.ai and open.bigmodel.cn, 2026-01 to 2026-09): ``role`` on every delta of text, none on tool
calls; no ``finish_reason`` key before the last chunk, which carries ``usage`` too; each tool call whole in
one chunk; ``data: [DONE]`` at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from .codes import CODES, CONTENT_FILTER, error_body
from .tokens import tokens
from .traffic import Cut
from .wire import DONE, event, streamed_call_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from .answers import Answer, FunctionCall
    from .quirks import QuirkName
    from .switches import ActiveQuirks

_FAILED: Final = ("network_error", "model_context_window_exceeded")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all chunks of a stream share; ``other_id`` is the id of the generation behind a glued frame."""

    id: str
    other_id: str
    created: int
    model: str


@dataclass(frozen=True, slots=True)
class _Step:
    """One chunk before it has its envelope."""

    phase: Literal["reasoning", "content", "tool", "end"]
    delta: Mapping[str, Any]
    finish_reason: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def stream(
    envelope: Envelope,
    answer: Answer,
    usage: Mapping[str, Any],
    quirks: ActiveQuirks,
    random: Random,
    *,
    tool_stream: bool,
    web_search: Sequence[Mapping[str, Any]] = (),
    audio: Mapping[str, Any] | None = None,
) -> Iterator[bytes]:
    """Give the events of a stream.

    Args:
        envelope: Id, time and model of every chunk.
        answer: What to say.
        usage: The usage of the last chunk.
        quirks: The quirks that are on.
        random: Where tool call ids come from.
        tool_stream: Send the arguments of tool calls in fragments.
        web_search: Search results for the last chunk: where they stand is shown by documentation samples
            only, not recorded.
        audio: What glm-4-voice says, after its words.

    Returns:
        One event per item. Nothing is drawn from ``random`` while the stream is read.

    Raises:
        Cut: When reading reaches the place where the connection breaks.
    """
    extra = {"web_search": list(web_search)} if web_search else {}
    steps = [
        *_texts(answer, quirks),
        *([_Step("content", {"role": "assistant", "content": "", "audio": audio})] if audio else []),
        *_tool_steps(envelope, answer.calls, quirks, random, tool_stream=tool_stream),
        _end(answer, usage, extra),
    ]
    frames = [event(chunk) for chunk in _chunks(envelope, steps, quirks)]
    breaks = "broken_connection" in quirks
    cut = next((cut for quirk, cut in _CUTS.items() if quirk in quirks), _whole)
    return _given(cut(frames, envelope), breaks=breaks)


def _given(frames: Sequence[bytes], *, breaks: bool) -> Iterator[bytes]:
    yield from frames
    if breaks:
        raise Cut


def _texts(answer: Answer, quirks: ActiveQuirks) -> Iterator[_Step]:
    if "newline_before_reasoning" in quirks:
        yield _Step("content", {"role": "assistant", "content": "\n"})
    for token in tokens(answer.reasoning or ""):
        yield _Step("reasoning", {"role": "assistant", "reasoning_content": token})
    content = answer.content
    if "leading_newline" in quirks and content.startswith("\n"):
        yield _Step("content", {"role": "assistant", "content": "\n"})
        content = content[1:]
    for token in tokens(content):
        yield _Step("content", {"role": "assistant", "content": token})


def _tool_steps(
    envelope: Envelope,
    calls: Sequence[FunctionCall],
    quirks: ActiveQuirks,
    random: Random,
    *,
    tool_stream: bool,
) -> Iterator[_Step]:
    old_line = "double_finish" in quirks
    finish_reason = "tool_calls" if old_line or "finish_on_tool_chunk" in quirks else None
    role = {"role": "assistant"} if old_line else {}
    for position, call in enumerate(calls):
        call_id = f"call_{envelope.id}_{position}" if old_line else streamed_call_id(random)
        head: dict[str, Any] = {} if "missing_tool_id" in quirks else {"id": call_id}
        index = -1 if "index_minus_one" in quirks else position
        for delta in _fragments(call, head, index, quirks, tool_stream=tool_stream):
            yield _Step("tool", {**role, "tool_calls": [delta]}, finish_reason)


def _fragments(
    call: FunctionCall, head: Mapping[str, Any], index: int, quirks: ActiveQuirks, *, tool_stream: bool
) -> Iterator[dict[str, Any]]:
    """Give a call whole, or with ``tool_stream`` its name first and its arguments after it.

    No raw fragments are recorded. The documentation appends ``function.arguments`` by ``index``; whether
    later fragments repeat id, type and name is not established. They do not here, unless the quirk
    ``repeated_tool_names`` says so.
    """
    if not tool_stream:
        yield {
            **head,
            "index": index,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        return
    first = {**head, "index": index, "type": "function", "function": {"name": call.name, "arguments": ""}}
    yield first
    for token in tokens(call.arguments):
        if "repeated_tool_names" in quirks:
            yield {**first, "function": {"name": call.name, "arguments": token}}
        else:
            yield {"index": index, "function": {"arguments": token}}


def _end(answer: Answer, usage: Mapping[str, Any], extra: Mapping[str, Any]) -> _Step:
    if answer.finish_reason in _FAILED:
        return _Step("end", {"role": "assistant", "content": ""}, answer.finish_reason)
    if answer.finish_reason == "sensitive":
        # As the GLM-4 sample of docs.bigmodel.cn prints it; no raw chunk of 2026 is recorded.
        blocked = {"content_filter": CONTENT_FILTER}
        return _Step("end", {"role": "user", "content": ""}, "sensitive", blocked)
    return _Step("end", {"role": "assistant", "content": ""}, answer.finish_reason, {"usage": usage, **extra})


def _chunks(envelope: Envelope, steps: Sequence[_Step], quirks: ActiveQuirks) -> Iterator[dict[str, Any]]:
    phases = list(dict.fromkeys(step.phase for step in steps))
    for step in steps:
        choice: dict[str, Any] = {"index": 0}
        if "phase_counted_choice_index" in quirks:
            choice["index"] = phases.index(step.phase)
        if step.finish_reason is not None:
            choice["finish_reason"] = step.finish_reason
        choice["delta"] = step.delta
        chunk: dict[str, Any] = {"id": envelope.id, "created": envelope.created}
        # The last chunk of a failure lacks object (stream fixtures of 2026-07).
        if "missing_object" not in quirks and step.finish_reason not in _FAILED:
            chunk["object"] = "chat.completion.chunk"
        yield {**chunk, "model": envelope.model, "choices": [choice], **step.extra}


_Frames = list[bytes]


def _whole(frames: _Frames, _: Envelope) -> _Frames:
    return [*frames, DONE]


def _without_done(frames: _Frames, _: Envelope) -> _Frames:
    return frames


def _without_end(frames: _Frames, _: Envelope) -> _Frames:
    return frames[:-1]


def _cut_in_frame(frames: _Frames, _: Envelope) -> _Frames:
    middle = len(frames) // 2
    return [*frames[:middle], _torn(frames[middle])]


def _error_in_stream(frames: _Frames, _: Envelope) -> _Frames:
    row = CODES["1305"]
    return [*frames[: len(frames) // 2], event(error_body(row.code, row.zh))]


def _glued(frames: _Frames, envelope: Envelope) -> _Frames:
    frames = [*frames, DONE]
    middle = len(frames) // 2
    rest = [frame.replace(envelope.id.encode(), envelope.other_id.encode()) for frame in frames[middle:]]
    return [*frames[: middle - 1], _torn(frames[middle - 1]) + rest[0], *rest[1:]]


def _torn(frame: bytes) -> bytes:
    """Cut a frame inside its JSON, where reported buffers break: after ``"delta":{"role``."""
    mark = b'"delta":{"'
    return frame[: frame.index(mark) + len(mark) + len("role")]


# The first of these that is on decides how the stream ends.
_CUTS: Final[Mapping[QuirkName, Callable[[_Frames, Envelope], _Frames]]] = {
    "broken_connection": _cut_in_frame,
    "cut_stream": _cut_in_frame,
    "cut_before_finish": _without_end,
    "error_event": _error_in_stream,
    "glued_frames": _glued,
    "no_done": _without_done,
}
