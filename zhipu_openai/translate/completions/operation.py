"""The course of a legacy completion: a chat completion for each prompt, and their answers put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.exchange import Branch, Reply, StreamPlan, json_reply
from zhipu_openai.translate import chat
from zhipu_openai.translate.request_fields import refuse
from zhipu_openai.translate.rounds import gathered
from zhipu_openai.translate.upstream import kept_headers

from .answer import completion
from .fields import translate_request
from .stream import TextDecoder, TextMerger

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation

    from .fields import Plan

SIDE_BY_SIDE: Final = 4
"""How many prompts are under way at once. Ours; ``n`` multiplies it."""

MOST_STREAMS: Final = 128
"""Choices of one stream: OpenAI's bound on ``n``, held here for all prompts together."""

_CHAT: Final = "/chat/completions"


def create(call: Call) -> Operation:
    """Serve ``POST /completions``."""
    plan = translate_request(call)
    calls = [replace(call, path=_CHAT, body=body) for body in plan.bodies]
    if plan.stream:
        return _stream_plan(plan, calls)
    if len(calls) == 1:
        only: Any = yield from chat.create(calls[0])
        replies = only if only.error is not None else [only]
    else:
        replies = yield from gathered(map(chat.create, calls), side_by_side=SIDE_BY_SIDE)
    if isinstance(replies, Reply):
        return replies
    echoed = [prompt if plan.echo else "" for prompt in plan.prompts]
    body = completion([reply.json() for reply in replies], echoed)
    return json_reply(body, headers=kept_headers(replies[0]))


def _stream_plan(plan: Plan, calls: list[Call]) -> StreamPlan:
    if len(calls) * plan.choices > MOST_STREAMS:
        refuse("prompt", f"A stream of more than {MOST_STREAMS} choices is not served; ask in several calls.")
    branches = []
    for place, (call, prompt) in enumerate(zip(calls, plan.prompts, strict=True)):
        branches += [
            Branch(
                branch.send,
                TextDecoder(branch.decoder, offset=place * plan.choices, echoed=prompt if plan.echo else ""),
            )
            for branch in _planned(call).branches
        ]
    return StreamPlan(tuple(branches), TextMerger() if len(branches) > 1 else None)


def _planned(call: Call) -> StreamPlan:
    """Give the plan of a chat completion that is streamed: chat sends nothing before it is made."""
    try:
        next(chat.create(call))
    except StopIteration as end:
        if isinstance(end.value, StreamPlan):
            return end.value
    raise TypeError("chat was asked for a stream and has begun to send")
