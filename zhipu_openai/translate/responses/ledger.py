"""What chat completions say of a request, in the words of the Responses API."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.errors import ErrorAnswer

NAMES: Final[Mapping[str, str]] = {
    "max_completion_tokens": "max_output_tokens",
    "max_tokens": "max_output_tokens",
    "messages": "input",
    "messages.role": "input.role",
    "messages.content.image_url.detail": "input.content.detail",
    "reasoning_effort": "reasoning.effort",
    "response_format": "text.format",
    "thinking": "reasoning.effort",
    "tool_choice.allowed_tools.tools": "tool_choice.tools",
    "tools.function.strict": "tools.strict",
    "verbosity": "text.verbosity",
    "web_search_options": "tools.web_search",
    "web_search_options.user_location": "tools.web_search.user_location",
}
"""The fields of a chat request by their names in a request for a response."""

_MESSAGE: Final = re.compile(r"messages\.\[(\d+)\](.*)")


class ResponseLedger(Ledger):
    """Records what is done to a chat request under the names that the caller has used."""

    def __init__(self, ledger: Ledger) -> None:
        """Write into the ledger of the call."""
        super().__init__(ledger.policy, ledger.entries)
        self._ledger = ledger

    def add(self, name: str, kind: Kind, detail: str) -> None:
        """Record a change; see ``Ledger.add``."""
        self._ledger.add(NAMES.get(name, name), kind, detail)


def renamed(answer: ErrorAnswer, places: Sequence[int] = ()) -> ErrorAnswer:
    """Name the field that an error is about as the caller has named it.

    Args:
        answer: The error of a chat request.
        places: For each message, the place of the input item that it was made of.
    """
    error = answer.body["error"]
    name = _name(error.get("param"), places)
    if name == error.get("param"):
        return answer
    return replace(answer, body={**answer.body, "error": {**error, "param": name}})


def _name(param: Any, places: Sequence[int]) -> Any:
    if not isinstance(param, str):
        return param
    message = _MESSAGE.fullmatch(param)
    if message is None:
        return NAMES.get(param, param)
    place = int(message[1])
    return f"input[{places[place]}]{message[2]}" if place < len(places) and places[place] >= 0 else "input"
