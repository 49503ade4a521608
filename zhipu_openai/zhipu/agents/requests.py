"""What is sent to an agent: messages and custom variables, made of a helper's keywords by the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

from openai._types import NotGiven, Omit

from zhipu_openai.zhipu._retired import refuse_retired

from .catalogue import AGENTS, BY_ID, CORRECTION_ANALYSIS, CORRECTION_RESULT, SLIDES, Agent

if TYPE_CHECKING:
    from .types import AgentResponse

_URL: Final = "https://open.bigmodel.cn/api/v1/agents"
_OWN: Final = ("force",)
_EXPORT: Final = ("include_pdf", "pages", "custom_variables")
_EXERCISE: Final = ("question", "image_id", "uuid", "trace_id")


def of_helper(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Make the keywords of ``invoke`` or ``stream`` from those of a helper.

    Raises:
        openai.BadRequestError: The agent is retired, and ``force`` was not given; nothing is sent.
        ValueError: The message would be empty, or hold two things where the agent takes one.
    """
    row = AGENTS[name]
    parts = [{"type": one, one: given[one]} for one in row.content if is_given(given.get(one))]
    if not parts or (row.one_of and len(parts) > 1):
        raise ValueError(f"{name}() needs {'one of ' if row.one_of else ''}{', '.join(row.content)}")
    content: Any = parts[0]["text"] if row.bare else parts
    variables = _variables(row, given)
    own = {*row.content, *(one.partition("=")[0] for one in row.variables)}
    kept = {key: value for key, value in given.items() if key not in own}
    kept |= {"agent_id": row.agent_id, "messages": [{"role": "user", "content": content}]}
    further = given.get("custom_variables")
    if isinstance(further, Mapping):
        variables |= further
    if variables:
        kept["custom_variables"] = variables
    return checked(kept)


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the keywords of a request, unless its agent is retired.

    Raises:
        openai.BadRequestError: It is, and ``force`` was not given; nothing is sent.
    """
    row = BY_ID.get(str(given.get("agent_id")))
    if row is not None and row.state == "retired" and given.get("force") is not True:
        _refuse(row)
    return {name: value for name, value in given.items() if name not in _OWN}


def conversation_of(conversation_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Make the keywords of a request for a conversation."""
    kept = {name: value for name, value in given.items() if name not in _EXPORT}
    variables = {name: given[name] for name in _EXPORT[:2] if is_given(given.get(name))}
    further = given.get("custom_variables")
    if isinstance(further, Mapping):
        variables |= further
    kept |= {"agent_id": given.get("agent_id") or SLIDES, "conversation_id": conversation_id}
    return {**kept, "custom_variables": variables} if variables else kept


def correction_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Make the keywords of a request for corrections.

    Raises:
        openai.BadRequestError: The agent is retired, and ``force`` was not given; nothing is sent.
    """
    _insist_on_correction(given)
    kept = {name: value for name, value in given.items() if name not in ("force", "trace_id", "images")}
    variables = {"trace_id": given["trace_id"], "images": given["images"]}
    # The trace stands for the job: what async_id is besides is not documented.
    return {
        **kept,
        "agent_id": CORRECTION_RESULT,
        "async_id": given["trace_id"],
        "custom_variables": variables,
    }


def analysis_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Make the keywords of a request for the explanation of a corrected exercise.

    Raises:
        openai.BadRequestError: The agent is retired, and ``force`` was not given; nothing is sent.
    """
    _insist_on_correction(given)
    kept = {name: value for name, value in given.items() if name not in ("force", *_EXERCISE)}
    return {
        **kept,
        "agent_id": CORRECTION_ANALYSIS,
        "custom_variables": {name: given[name] for name in _EXERCISE},
    }


def has_come(answer: AgentResponse) -> bool:
    """Whether an answer that comes later is there."""
    return answer.status != "pending"


def is_given(value: object) -> bool:
    """Whether a keyword was given a value."""
    return value is not None and not isinstance(value, (NotGiven, Omit))


def _variables(row: Agent, given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in row.variables:
        keyword, _, path = entry.partition("=")
        value = given.get(keyword)
        if not is_given(value):
            continue
        *above, last = (path or keyword).split(".")
        place = made
        for one in above:
            place = place.setdefault(one, {})
        place[last] = value
    return made


def _refuse(row: Agent) -> NoReturn:
    refuse_retired(row.agent_id, row.last_listed or row.seen, param="agent_id", url=_URL)


def _insist_on_correction(given: Mapping[str, Any]) -> None:
    if given.get("force") is not True:
        _refuse(AGENTS["education_correction"])
