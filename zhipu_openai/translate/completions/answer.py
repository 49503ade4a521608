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
        "text": before + (message.get("content") or ""),
        "index": index,
        "logprobs": None,
        "finish_reason": choice.get("finish_reason"),
    }
