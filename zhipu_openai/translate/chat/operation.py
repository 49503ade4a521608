"""The course of a chat completion: one request, or several for ``n``, a forced tool or a JSON schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Branch, Reply, Send, SendAll, StreamPlan, error_reply, json_reply
from zhipu_openai.translate.upstream import kept_headers

from .answer import outcome_of, translate_answer
from .demands import PATH, check, second_request
from .fields import translate_request
from .merge import ChoiceMerger
from .parts import add_usage
from .stream import ChatStreamDecoder

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Body, Call, Operation

    from .draft import Draft

_Headers = dict[str, str]
_Answer = tuple["Body", _Headers]


def create(call: Call) -> Operation:
    """Serve ``POST /chat/completions``."""
    draft = translate_request(call)
    if draft.plan.stream:
        return _stream_plan(call, draft)
    if draft.plan.choices == 1:
        answer = yield from _one(call, draft)
        answers: Any = answer if isinstance(answer, Reply) else [answer]
    else:
        answers = yield from _gather([_one(call, draft) for _ in range(draft.plan.choices)])
    if isinstance(answers, Reply):
        return answers
    body, headers = _merge(answers)
    return json_reply(body, headers=headers)


def _stream_plan(call: Call, draft: Draft) -> StreamPlan:
    send = Send("POST", PATH, draft.body)
    many = draft.plan.choices
    branches = tuple(
        Branch(send, ChatStreamDecoder(draft, attempt=call.attempt, choice=choice)) for choice in range(many)
    )
    return StreamPlan(branches, ChoiceMerger(many) if many > 1 else None)


def _one(call: Call, draft: Draft) -> Generator[Send, Reply, _Answer | Reply]:
    """Get one choice: a request, and at most one more where the answer is not what was asked for."""
    reply = yield Send("POST", PATH, draft.body)
    if reply.error is not None:
        return reply
    try:
        answer = translate_answer(reply, draft.plan, base_url=call.options.base_url, attempt=call.attempt)
        again = second_request(draft, outcome_of(answer))
        if again is not None:
            usage = answer.get("usage")
            reply = yield again
            if reply.error is not None:
                return reply
            answer = translate_answer(reply, draft.plan, base_url=call.options.base_url, attempt=call.attempt)
            answer["usage"] = add_usage(usage, answer.get("usage"))
            check(draft, outcome_of(answer))
    except Refused as refused:
        return error_reply(refused.answer)
    # An id for a reply whose headers have none.
    return answer, kept_headers(reply, answer.get("request_id") or answer["id"])


def _gather(works: list[Any]) -> Generator[SendAll, Any, list[_Answer] | Reply]:
    """Run generators side by side: their requests of one round are sent together, and a failure ends all."""
    results: list[Any] = [None] * len(works)
    waiting = {place: next(work) for place, work in enumerate(works)}
    while waiting:
        places = sorted(waiting)
        replies = yield SendAll(tuple(waiting[place] for place in places))
        if isinstance(replies, Reply):
            return replies
        waiting = {}
        for place, reply in zip(places, replies, strict=True):
            try:
                waiting[place] = works[place].send(reply)
            except StopIteration as end:
                if isinstance(end.value, Reply):
                    return end.value
                results[place] = end.value
    return results


def _merge(answers: list[_Answer]) -> _Answer:
    first, headers = answers[0]
    if len(answers) == 1:
        return first, headers
    usage: dict[str, Any] | None = None
    choices = []
    for place, (answer, _) in enumerate(answers):
        usage = add_usage(usage, answer.get("usage"))
        choices.append({**answer["choices"][0], "index": place})
    return {**first, "choices": choices, "usage": usage}, headers
