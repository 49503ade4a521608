"""What a request demands of its answer beyond the wire: a forced call, a JSON schema.

Zhipu promises neither (the facts are with the fields that ask for them), so the answer is looked at, asked
for once more where that can help, and refused where it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.exchange import Send
from zhipu_openai.translate.structured import repair_messages, violations

from .parts import unmet
from .tools import force_instruction

if TYPE_CHECKING:
    from .draft import Draft

PATH: Final = "/chat/completions"

FINISHED: Final = frozenset({"stop", "tool_calls", "function_call"})
"""The reasons after which an answer must hold what was asked for; one cut short never can."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer came to: its text, why it ended in OpenAI's word, and the functions it calls."""

    content: str
    reason: str
    called: tuple[str, ...] = ()


def second_request(draft: Draft, outcome: Outcome) -> Send | None:
    """Make the request that asks again, if the answer lacks a forced call or does not fit its schema."""
    if outcome.reason not in FINISHED:
        return None
    forced = draft.plan.forced_tools
    if forced and forced.isdisjoint(outcome.called):
        # Whether Zhipu takes an assistant turn without content is not established; two user turns it takes.
        said = [{"role": "assistant", "content": outcome.content}] if outcome.content.strip() else []
        asked = {"role": "user", "content": force_instruction(forced)}
        draft.note("tool_choice", "emulated", "an answer without the call was asked for once more.")
        return Send("POST", PATH, {**draft.body, "messages": [*draft.messages, *said, asked]})
    problems = _problems(draft, outcome)
    if not problems:
        return None
    body = {**draft.body, "messages": [*draft.messages, *repair_messages(outcome.content, problems)]}
    if draft.model is None or draft.model.json_mode:
        body["response_format"] = {"type": "json_object"}
    for name in ("tools", "tool_choice", "tool_stream"):
        body.pop(name, None)
    draft.note(
        "response_format", "emulated", "an answer that did not fit the schema was asked for once more."
    )
    return Send("POST", PATH, body)


def check(draft: Draft, outcome: Outcome) -> None:
    """Look at the last answer there will be.

    Raises:
        Refused: It lacks the forced call, or does not fit its schema.
    """
    if outcome.reason not in FINISHED:
        return
    plan, model = draft.plan, draft.body.get("model")
    if plan.forced_tools and plan.forced_tools.isdisjoint(outcome.called):
        raise Refused(
            unmet(
                f"{model} was asked twice to call {', '.join(sorted(plan.forced_tools))} and did not. "
                'Use tool_choice="auto", or say in the prompt when the function is to be called.',
                code="tool_choice_not_followed",
                param="tool_choice",
                content=outcome.content,
            )
        )
    problems = _problems(draft, outcome)
    if problems and plan.json_schema is not None:
        raise Refused(
            unmet(
                f"The answer of {model} does not fit the JSON schema {plan.json_schema.name!r}: "
                f"{'; '.join(problems)}. Simplify the schema or choose a larger model.",
                code="json_schema_not_followed",
                param="response_format",
                content=outcome.content,
            )
        )


def _problems(draft: Draft, outcome: Outcome) -> list[str]:
    """Say what is wrong with the text; an answer that calls is not held to the schema, as OpenAI has it."""
    asked = draft.plan.json_schema
    return [] if asked is None or outcome.called else violations(outcome.content, asked.schema)
