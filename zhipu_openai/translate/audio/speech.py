"""Text to speech: ``POST /audio/speech``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import sound
from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Branch, Passage, Reply, Send, SendAll, StreamPlan

from .answers import kept, unusable
from .clips import Wave, read_wave
from .speech_fields import CONTENT_TYPES, RATE, translate_request
from .speech_stream import SpeechStreamDecoder, writer_for

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Call, Operation

    from .speech_fields import Draft

PATH: Final = "/audio/speech"

_NO_SOUND: Final = ("application/json", "text/")
_UNKNOWN: Final = "application/octet-stream"


def create(call: Call) -> Operation:
    """Serve ``POST /audio/speech``.

    A caller who reads the answer as it comes (``with_streaming_response``, or ``stream_format="sse"``) gets it
    while it is spoken, in every format that can be made; for that Zhipu's own stream is asked for. Anyone else
    gets it whole, when it has been looked at.
    """
    draft = translate_request(call)
    if draft.native:
        return Passage(Send("POST", PATH, draft.body))
    if not draft.parts or draft.format not in CONTENT_TYPES:
        # Something is missing or unknown: Zhipu is to say so, or to know better.
        answer = yield Send("POST", PATH, draft.body)
        return answer if answer.error is not None else _checked(answer)
    # Streamed WAV does not tell its length. Who asked for it knows; who asked for another format may not.
    if draft.events or (call.streamed and not draft.fallen_back):
        return _stream(draft)
    replies = yield from _spoken(draft)
    if isinstance(replies, Reply):
        return replies
    return _joined(draft, replies)


def _requests(draft: Draft, **more: Any) -> list[Send]:
    return [Send("POST", PATH, {**draft.body, "input": part, **more}) for part in draft.parts]


def _stream(draft: Draft) -> StreamPlan:
    # Zhipu streams pcm alone.
    first, *following = _requests(draft, response_format="pcm", stream=True, encode_format="base64")
    decoder = SpeechStreamDecoder(
        draft.format,
        events=draft.events,
        following=following,
        attempt=draft.call.attempt,
        base_url=draft.call.options.base_url,
    )
    branch = (Branch(first, decoder),)
    return (
        StreamPlan(branch) if draft.events else StreamPlan(branch, content_type=CONTENT_TYPES[draft.format])
    )


def _spoken(draft: Draft) -> Generator[Any, Any, list[Reply] | Reply]:
    """Have the parts spoken, side by side if there are several."""
    # Of WAV the sample rate is known, whatever is made of it.
    sends = _requests(draft, response_format="pcm" if draft.format == "pcm" else "wav")
    if len(sends) == 1:
        reply = yield sends[0]
        return reply if reply.error is not None else [reply]
    replies: list[Reply] | Reply = yield SendAll(tuple(sends))
    return replies


def _joined(draft: Draft, replies: list[Reply]) -> Reply:
    headers = kept(replies[0].headers, **{"content-type": CONTENT_TYPES[draft.format]})
    if len(replies) == 1 and draft.format == "wav":
        # As it is, with whatever else its head may tell.
        _wave(replies[0])
        return Reply(200, headers, replies[0].content)
    waves = [_wave(reply, plain=draft.format == "pcm") for reply in replies]
    first = waves[0]
    form = (first.rate, first.channels, first.width, first.pcm)
    if any((one.rate, one.channels, one.width, one.pcm) != form for one in waves):
        raise Refused(unusable("holds parts of sound that do not fit together"))
    samples = b"".join(one.data for one in waves)
    if draft.format == "wav":
        return Reply(200, headers, first.encode(samples))
    if draft.format == "pcm":
        return Reply(200, headers, samples)
    if form[1:] != (1, sound.SAMPLE_BYTES, True):
        samples, rate = sound.decode(first.encode(samples), rate=RATE, most=float("inf")), RATE
    else:
        rate = first.rate
    writer = writer_for(draft.format, rate)
    return Reply(200, headers, writer.feed(samples) + writer.end())


def _wave(reply: Reply, *, plain: bool = False) -> Wave:
    """Read the sound of a reply; ``plain`` means that samples without a head are right."""
    _checked(reply)
    wave = read_wave(reply.content)
    if wave is None and plain:
        return Wave(RATE, 1, sound.SAMPLE_BYTES, pcm=True, data=reply.content)
    if wave is None or not wave.data:
        raise Refused(unusable("is no WAV file"))
    return wave


def _checked(reply: Reply) -> Reply:
    """Make sure that a reply may be sound.

    Raises:
        Refused: It is empty, or JSON or text.
    """
    kind = reply.headers.get("content-type", _UNKNOWN)
    if not reply.content or kind.startswith(_NO_SOUND):
        raise Refused(unusable("is no sound" if reply.content else "is empty"))
    return reply
