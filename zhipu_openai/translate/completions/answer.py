"""A whole legacy completion, made of whole chat completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.chat.parts import add_usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zhipu_openai.exchange import Body

OBJECT: Final = "text_completion"

_MESSAGE: Final = frozenset({"role", "content", "refusal"})
_CHOICE: Final = frozenset({"index", "message", "logprobs", "finish_reason"})


_OF_CHAT: Final = frozenset({"tool_calls", "function_call"})
"""Reasons that a legacy completion cannot have: it calls no tools, so it has simply ended."""


def text_of(content: object) -> str:
    """Give the content of a message or a delta as the text of a choice."""
    return content if isinstance(content, str) else ""


def reason_of(choice: Body) -> Any:
    """Give the finish reason of a choice of chat in the words of a legacy completion."""
    reason = choice.get("finish_reason")
    return "stop" if reason in _OF_CHAT else reason


def completion(answers: Sequence[Body], echoed: Iterable[str]) -> Body:
    """Put the chat completions of several prompts together.

    Args:
        answers: OpenAI's chat completions, one for each prompt, with as many choices as were asked for.
        echoed: What goes before the texts of each prompt.
    """
    usage: dict[str, Any] | None = None
    choices: list[Body] = []
    for answer, before in zip(answers, echoed, strict=True):
        usage = add_usage(usage, answer.get("usage"))
        for choice in answer["choices"]:
            choices.append(_choice(choice, len(choices), before))
    return {**answers[0], "object": OBJECT, "choices": choices, "usage": usage}


def _choice(choice: Body, index: int, before: str) -> Body:
    message = choice["message"]
    # What else a chat answer holds, thoughts above all, has no place in OpenAI's type and stays beside it.
    rest = {name: value for name, value in message.items() if name not in _MESSAGE and value is not None}
    return {
        **{name: value for name, value in choice.items() if name not in _CHOICE},
        **rest,
        "text": before + text_of(message.get("content")),
        "index": index,
        "logprobs": None,
        "finish_reason": reason_of(choice),
    }
