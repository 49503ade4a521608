"""Chat completions as jobs: the request and the answer of a chat, with Zhipu's asynchronous paths between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from zhipu_openai import catalogue
from zhipu_openai.adaptation import Ledger, Refused
from zhipu_openai.exchange import Reply, Send, encode_json, error_reply, json_reply
from zhipu_openai.translate.chat.answer import outcome_of, translate_answer
from zhipu_openai.translate.chat.demands import check
from zhipu_openai.translate.chat.draft import AnswerPlan, Draft
from zhipu_openai.translate.chat.fields import translate_request
from zhipu_openai.translate.chat.parts import decode, hollow
from zhipu_openai.translate.upstream import kept_headers

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Call, Operation

_SHELF: Final = "chat jobs"
_SUCCESS: Final = "SUCCESS"
_STATES: Final = frozenset({"PROCESSING", _SUCCESS, "FAIL"})


def create_chat(call: Call) -> Operation:
    """Serve ``POST /zhipu/base/async/chat/completions``: the request of a chat, of which a job is made."""
    draft = translate_request(call)
    if draft.plan.choices > 1:
        draft.refuse("n", "A job gives one answer; create as many jobs as answers are wanted, without n.")
    if draft.plan.stream:
        draft.refuse("stream", "A job gives no stream; use client.chat.completions for that.")
    reply: Reply = yield Send("POST", "/async/chat/completions", draft.body)
    if reply.error is not None:
        return reply
    body = _body(reply)
    if not isinstance(body.get("id"), str) or str(body.get("task_status")) not in _STATES:
        return error_reply(hollow("is no job"), reply.headers)
    # What the answer must become is known here alone: another process will read it by its model.
    kept = Draft({"model": draft.body.get("model")}, Ledger("ignore"), {}, plan=draft.plan)
    call.memory.keep(_SHELF, body["id"], kept, size=len(encode_json(draft.body)))
    return json_reply({**body, "completion": None}, headers=kept_headers(reply))


def retrieve_chat(call: Call) -> Operation:
    """Serve ``GET /zhipu/base/async/chat/{id}``: the job, with the answer of a chat when there is one."""
    job_id = call.path.rpartition("/")[2]
    reply: Reply = yield Send("GET", f"/async-result/{job_id}", query=call.query)
    if reply.error is not None:
        return reply
    body = _body(reply)
    state = body.get("task_status") or (_SUCCESS if body.get("choices") else None)
    if state not in _STATES:
        return error_reply(hollow("says nothing of the job"), reply.headers)
    job = {
        "id": unquote(job_id),
        "task_status": state,
        "model": body.get("model"),
        "request_id": body.get("request_id"),
        "completion": None,
    }
    if state == _SUCCESS:
        try:
            job["completion"] = _completion(call, unquote(job_id), body, reply)
        except Refused as refused:
            return error_reply(refused.answer, reply.headers)
    return json_reply(job, headers=kept_headers(reply))


def _completion(call: Call, job_id: str, body: Body, reply: Reply) -> Body:
    kept: Draft | None = call.memory.recall(_SHELF, job_id)
    plan = kept.plan if kept is not None else _plan_by_model(body.get("model"))
    content = {name: value for name, value in body.items() if name != "task_status"}
    content.setdefault("id", job_id)
    answer = translate_answer(
        replace(reply, content=encode_json(content)),
        plan,
        base_url=call.options.base_url,
        attempt=call.attempt,
    )
    if kept is not None:
        check(kept, outcome_of(answer))
    return answer


def _plan_by_model(name: Any) -> AnswerPlan:
    model = catalogue.resolve(name).model if isinstance(name, str) else None
    if model is None:
        return AnswerPlan()
    return AnswerPlan(think_tags=model.think_tags, box_tokens=model.box_tokens)


def _body(reply: Reply) -> Body:
    try:
        body = decode(reply.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
