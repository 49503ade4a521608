"""The course of a chat completion: one request, or several for ``n``, a forced tool or a JSON schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Branch, Reply, Send, SendAll, StreamPlan, error_reply, json_reply
from zhipu_openai.translate.structured import repair_messages, violations

from .answer import translate_answer
from .fields import translate_request
from .merge import ChoiceMerger
from .parts import add_usage, unmet
from .stream import ChatStreamDecoder
from .tools import force_instruction

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.exchange import Body, Call, Operation

    from .draft import Draft

PATH = "/chat/completions"

FINISHED = frozenset({"stop", "tool_calls", "function_call"})
"""The reasons after which an answer must hold what was asked for; one cut short never can."""


def create(call: Call) -> Operation:
    """Serve ``POST /chat/completions``."""
    draft = translate_request(call)
    if draft.plan.stream:
        return _stream_plan(call, draft)
    answers: Any
    if draft.plan.choices == 1:
        answers = [(yield from _one(call, draft))]
    else:
        answers = yield from _gather([_one(call, draft) for _ in range(draft.plan.choices)])
    if isinstance(answers, Reply):
        return answers
    failed = next((answer for answer in answers if isinstance(answer, Reply)), None)
    if failed is not None:
        return failed
    body, headers = _merge(answers)
    return json_reply(body, headers=headers)


def _stream_plan(call: Call, draft: Draft) -> StreamPlan:
    send = Send("POST", PATH, draft.body)
    many = draft.plan.choices
    branches = tuple(
        Branch(send, ChatStreamDecoder(draft, attempt=call.attempt, choice=choice)) for choice in range(many)
    )
    return StreamPlan(branches, ChoiceMerger(include_usage=draft.plan.include_usage) if many > 1 else None)


def _one(call: Call, draft: Draft) -> Generator[Send, Reply, tuple[Body, dict[str, str]] | Reply]:
    """Get one choice: a request, and at most one more where the answer is not what was asked for."""
    reply = yield Send("POST", PATH, draft.body)
    if reply.error is not None:
        return reply
    try:
        answer = translate_answer(reply, draft.plan, base_url=call.options.base_url, attempt=call.attempt)
        again = second_request(draft, _content(answer), finished=_finish(answer), called=_called(answer))
        if again is not None:
            usage = answer.get("usage")
            reply = yield again
            if reply.error is not None:
                return reply
            answer = translate_answer(reply, draft.plan, base_url=call.options.base_url, attempt=call.attempt)
            answer["usage"] = add_usage(usage, answer.get("usage"))
            check(draft, _content(answer), finished=_finish(answer), called=_called(answer))
    except Refused as refused:
        return error_reply(refused.answer)
    return answer, dict(reply.headers)


def second_request(draft: Draft, content: str, *, finished: str, called: bool) -> Send | None:
    """Make the request that asks again, if the answer lacks a forced call or does not fit its schema."""
    plan = draft.plan
    if finished not in FINISHED:
        return None
    if plan.forced_tools and not called:
        turns = [
            {"role": "assistant", "content": content},
            {"role": "user", "content": force_instruction(plan.forced_tools)},
        ]
        return Send("POST", PATH, {**draft.body, "messages": [*draft.messages, *turns]})
    if plan.json_schema is None or called:
        return None
    problems = violations(content, plan.json_schema.schema)
    if not problems:
        return None
    body = {**draft.body, "messages": [*draft.messages, *repair_messages(content, problems)]}
    if draft.model is None or draft.model.json_mode:
        body["response_format"] = {"type": "json_object"}
    for name in ("tools", "tool_choice", "tool_stream"):
        body.pop(name, None)
    draft.note(
        "response_format", "emulated", "an answer that did not fit the schema was asked for once more."
    )
    return Send("POST", PATH, body)


def check(draft: Draft, content: str, *, finished: str, called: bool) -> None:
    """Look at the last answer there will be.

    Raises:
        Refused: It lacks the forced call, or does not fit its schema.
    """
    plan = draft.plan
    if finished not in FINISHED:
        return
    if plan.forced_tools and not called:
        raise Refused(
            unmet(
                f"{draft.body.get('model')} was asked twice to call {', '.join(sorted(plan.forced_tools))} and answered in "
                'text. Use tool_choice="auto", or say in the prompt when the function is to be called.',
                code="tool_choice_not_followed",
                param="tool_choice",
                content=content,
            )
        )
    if plan.json_schema is not None and not called:
        problems = violations(content, plan.json_schema.schema)
        if problems:
            raise Refused(
                unmet(
                    f"The answer of {draft.body.get('model')} does not fit the JSON schema {plan.json_schema.name!r}: "
                    f"{'; '.join(problems)}. Simplify the schema or choose a larger model.",
                    code="json_schema_not_followed",
                    param="response_format",
                    content=content,
                )
            )


def _gather(works: list[Any]) -> Generator[SendAll, Any, list[Any] | Reply]:
    """Run generators side by side: their requests of one round are sent together."""
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
                results[place] = end.value
    return results


def _merge(answers: list[tuple[Body, dict[str, str]]]) -> tuple[Body, dict[str, str]]:
    first, headers = answers[0]
    if len(answers) == 1:
        return first, headers
    usage: dict[str, Any] | None = None
    choices = []
    for place, (answer, _) in enumerate(answers):
        usage = add_usage(usage, answer.get("usage"))
        choices.append({**answer["choices"][0], "index": place})
    return {**first, "choices": choices, "usage": usage}, headers


def _content(answer: Body) -> str:
    return str(answer["choices"][0]["message"].get("content") or "")


def _finish(answer: Body) -> str:
    return str(answer["choices"][0]["finish_reason"])


def _called(answer: Body) -> bool:
    message = answer["choices"][0]["message"]
    return bool(message.get("tool_calls") or message.get("function_call"))
