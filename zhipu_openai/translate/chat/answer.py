"""A whole chat answer: Zhipu's completion becomes OpenAI's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.translate import text_filters
from zhipu_openai.translate.json_schema import repair_arguments
from zhipu_openai.translate.structured import unfence

from .finish import openai_reason
from .parts import arguments_text, citations, finish_error, hollow

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Reply

    from .draft import AnswerPlan


def translate_answer(reply: Reply, plan: AnswerPlan, *, base_url: str, attempt: int = 0) -> Body:
    """Translate one completion.

    Raises:
        Refused: The answer reports a failure, or is hollow.
    """
    try:
        body = reply.json()
    except ValueError:
        raise Refused(hollow("is not JSON")) from None
    choices = body.get("choices") if isinstance(body, dict) else None
    if (
        not isinstance(choices, list)
        or not choices
        or not all(isinstance(choice, dict) for choice in choices)
    ):
        raise Refused(hollow("holds no choices"))
    out = {
        **body,
        "object": "chat.completion",
        "id": str(body.get("id") or body.get("request_id") or reply.headers.get("x-log-id") or ""),
        "created": body.get("created") or 0,
        "model": body.get("model") or "",
    }
    translated = [_choice(choice, place, plan, out["id"]) for place, choice in enumerate(choices)]
    for choice in translated:
        error = finish_error(
            str(choice.get("native_finish_reason") or choice["finish_reason"]),
            produced=_produced(choice["message"]),
            log_id=reply.headers.get("x-log-id") or out["id"],
            base_url=base_url,
            attempt=attempt,
        )
        if error is not None:
            raise Refused(error)
    cited = citations(body.get("web_search"), str(translated[0]["message"].get("content") or ""))
    if cited:
        translated[0]["message"].setdefault("annotations", cited)
    out["choices"] = translated
    return out


def _choice(choice: dict[str, Any], place: int, plan: AnswerPlan, answer_id: str) -> dict[str, Any]:
    given = choice.get("message")
    message = _message(given if isinstance(given, dict) else {}, plan, answer_id)
    reason = str(choice.get("finish_reason") or "stop")
    out = {**choice, "index": place, "message": message, "finish_reason": openai_reason(reason)}
    out.setdefault("logprobs", None)
    if out["finish_reason"] != reason:
        out["native_finish_reason"] = reason
    if plan.stops:
        scanner = text_filters.StopScanner(plan.stops)
        content = message.get("content")
        if isinstance(content, str):
            message["content"] = scanner.feed(content) + scanner.end()
            if scanner.hit is not None:
                out["finish_reason"] = "stop"
    if plan.legacy_functions and message.get("tool_calls"):
        message["function_call"] = message.pop("tool_calls")[0]["function"]
        if out["finish_reason"] == "tool_calls":
            out["finish_reason"] = "function_call"
    return out


def _message(given: dict[str, Any], plan: AnswerPlan, answer_id: str) -> dict[str, Any]:
    message = {**given, "role": "assistant"}
    content = message.get("content")
    reasoning = message.get("reasoning_content")
    if isinstance(content, str):
        if plan.think_tags:
            thought, content = text_filters.split_think(content)
            if thought:
                reasoning = (reasoning or "") + thought
        if plan.box_tokens:
            content = text_filters.strip_box(content)
        if plan.json_schema is not None:
            content = unfence(content)
    # The attribute is promised to be there, for those who ask whether the model thought.
    message["reasoning_content"] = reasoning
    message["content"] = content
    message.setdefault("refusal", None)
    calls = message.pop("tool_calls", None)
    if isinstance(calls, list) and calls:
        translated = [_tool_call(call, place, plan, answer_id) for place, call in enumerate(calls)]
        message["tool_calls"] = translated[:1] if plan.single_tool_call else translated
    return message


def _tool_call(call: Any, place: int, plan: AnswerPlan, answer_id: str) -> Any:
    if not isinstance(call, dict):
        return call
    out = {name: value for name, value in call.items() if name != "index"}
    out["id"] = call.get("id") or tool_call_id(answer_id, place)
    out.setdefault("type", "function")
    function = call.get("function")
    if isinstance(function, dict):
        name = str(function.get("name") or "")
        arguments = arguments_text(function.get("arguments"))
        schema = plan.parameters.get(name)
        out["function"] = {
            **function,
            "name": name,
            "arguments": repair_arguments(arguments, schema) if schema is not None else arguments or "{}",
        }
    return out


def tool_call_id(answer_id: str, place: int) -> str:
    """Make an id for a call that came without one: the same for the same answer, however often it is read."""
    return "call_" + hashlib.sha256(f"{answer_id}/{place}".encode()).hexdigest()[:24]


def _produced(message: dict[str, Any]) -> bool:
    return bool(message.get("content") or message.get("tool_calls") or message.get("function_call"))
