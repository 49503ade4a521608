"""A whole chat answer: Zhipu's completion becomes OpenAI's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.translate import text_filters
from zhipu_openai.translate.json_schema import repair_arguments
from zhipu_openai.translate.structured import unfence, violations

from .demands import Outcome
from .finish import openai_reason, reason_of
from .parts import arguments_text, citations, decode, finish_error, head_of, hollow
from .voice import openai_audio

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Reply

    from .draft import AnswerPlan


def translate_answer(reply: Reply, plan: AnswerPlan, *, base_url: str, attempt: int = 0) -> Body:
    """Translate one completion.

    Raises:
        Refused: The answer reports a failure, or is hollow.
    """
    try:
        body = decode(reply.content)
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
        **head_of(body, "chat.completion", otherwise=reply.headers.get("x-log-id") or ""),
    }
    if not isinstance(out.get("usage", {}), dict):
        out["usage"] = None
    log_id = reply.headers.get("x-log-id") or out["id"]
    translated = []
    for place, choice in enumerate(choices):
        made = _choice(choice, place, plan, out["id"])
        error = finish_error(
            reason_of(made) or "",
            produced=_produced(made["message"]),
            log_id=log_id,
            base_url=base_url,
            attempt=attempt,
        )
        if error is not None:
            raise Refused(error)
        translated.append(made)
    cited = citations(body.get("web_search"), str(translated[0]["message"].get("content") or ""))
    if cited:
        translated[0]["message"].setdefault("annotations", cited)
    out["choices"] = translated
    return out


def outcome_of(answer: Body) -> Outcome:
    """Read from a translated answer what the request's demands are measured against."""
    choice = answer["choices"][0]
    message = choice["message"]
    calls = [call.get("function") for call in message.get("tool_calls") or () if isinstance(call, dict)]
    functions = [*calls, message.get("function_call")]
    return Outcome(
        str(message.get("content") or ""),
        str(choice["finish_reason"]),
        tuple(str(function.get("name")) for function in functions if isinstance(function, dict)),
    )


def _choice(choice: dict[str, Any], place: int, plan: AnswerPlan, answer_id: str) -> dict[str, Any]:
    given = choice.get("message")
    if not isinstance(choice.get("finish_reason") or "", str):
        raise Refused(hollow("holds a finish reason that is no text"))
    reason = reason_of(choice)
    if not isinstance(given, dict) and reason is None:
        raise Refused(hollow("holds a choice without a message"))
    message = _message(given if isinstance(given, dict) else {}, plan, answer_id)
    calls = message.get("tool_calls")
    if reason is None:
        reason = "tool_calls" if calls else "stop"
    out = {"logprobs": None, **choice, "index": place, "message": message}
    if _cut(message, plan) and not calls:
        reason = "stop"
        out.pop("native_finish_reason", None)
    out["finish_reason"] = openai_reason(reason)
    if out["finish_reason"] != reason:
        out["native_finish_reason"] = reason
    if plan.legacy_functions and calls:
        first = message.pop("tool_calls")[0]
        message["function_call"] = first.get("function") if isinstance(first, dict) else None
        if out["finish_reason"] == "tool_calls":
            out["finish_reason"] = "function_call"
    return out


def _cut(message: dict[str, Any], plan: AnswerPlan) -> bool:
    """End the content before the first stop word; say whether there was one."""
    content = message["content"]
    if not plan.stops or not isinstance(content, str):
        return False
    message["content"], word = text_filters.cut_at_stop(content, plan.stops)
    return word is not None


def _message(given: dict[str, Any], plan: AnswerPlan, answer_id: str) -> dict[str, Any]:
    # The reasoning is promised to be there, for those who ask whether the model thought.
    message = {**given, "role": "assistant", "reasoning_content": given.get("reasoning_content")}
    content = given.get("content")
    if isinstance(content, str):
        if plan.think_tags:
            thought, content = text_filters.split_think(content)
            if thought:
                before = message["reasoning_content"]
                message["reasoning_content"] = (before if isinstance(before, str) else "") + thought
        if plan.box_tokens:
            content = text_filters.strip_box(content)
        if plan.json_schema is not None:
            content = unfence(content)
    message.setdefault("refusal", None)
    if isinstance(given.get("audio"), dict):
        message["audio"] = openai_audio(given["audio"], content)
    calls = message.pop("tool_calls", None)
    if isinstance(calls, list) and calls:
        translated = [_tool_call(call, place, plan, answer_id) for place, call in enumerate(calls)]
        message["tool_calls"] = translated[:1] if plan.single_tool_call else translated
    called = bool(message.get("tool_calls") or message.get("function_call"))
    if (
        called
        and isinstance(content, str)
        and content
        and plan.json_schema is not None
        and violations(content, plan.json_schema.schema)
    ):
        # Words beside a call are not the answer that has a schema; openai would try to parse them.
        message["native_content"], content = content, None
    # OpenAI has null beside a call, and a text otherwise, if only an empty one.
    message["content"] = content or (None if called else "")
    return message


def _tool_call(call: Any, place: int, plan: AnswerPlan, answer_id: str) -> Any:
    if not isinstance(call, dict):
        return call
    out = {name: value for name, value in call.items() if name != "index"}
    out["id"] = str(call.get("id") or tool_call_id(answer_id, place))
    out["type"] = call.get("type") or "function"
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
    """Whether the model got anywhere: a call, or a text or thought that is more than white space."""
    texts = (message.get("content"), message.get("reasoning_content"))
    return any(isinstance(text, str) and not text.isspace() and text for text in texts) or bool(
        message.get("tool_calls") or message.get("function_call")
    )
