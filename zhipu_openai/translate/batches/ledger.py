"""What a batch's lines record: once for the whole file, and in words that hold where nobody sees the answers.

A request of its own has its answer looked at, cut, and asked for again. A line of a batch is one request, and
its answer comes back without the request beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zhipu_openai.adaptation import Adaptation, Ledger

if TYPE_CHECKING:
    from zhipu_openai.adaptation import Kind, Policy

_UNSEEN: Final[dict[tuple[str, str], str]] = {
    ("tool_choice", "emulated"): (
        "only what may be called is offered, and the model is told to call it; in a batch the answer is not checked."
    ),
    ("function_call", "emulated"): (
        "only what may be called is offered, and the model is told to call it; in a batch the answer is not checked."
    ),
    ("response_format", "emulated"): (
        "the form is asked for in the prompt; in a batch the answer is not checked."
    ),
    ("parallel_tool_calls", "emulated"): "in a batch an answer may hold several tool calls.",
    (
        "stop",
        "emulated",
    ): "in a batch the answer is not cut at the stop words that do not fit into a request.",
    ("functions", "translated"): (
        "sent as tools; in a batch the answer comes back as tool_calls, not as function_call."
    ),
}
"""What to say instead of what holds for a request of its own."""


class LineLedger(Ledger):
    """Gathers what the lines record, to be announced when the whole file is translated."""

    def __init__(self, policy: Policy) -> None:
        """Begin with nothing recorded."""
        super().__init__(policy)
        self._seen: set[tuple[str, str, str]] = set()

    def add(self, name: str, kind: Kind, detail: str) -> None:
        """Record a change, or refuse it where changes of meaning are errors.

        Raises:
            Refused: The meaning changes, and the policy makes that an error.
        """
        if (name, kind, detail) in self._seen:
            return
        self._seen.add((name, kind, detail))
        unseen = _UNSEEN.get((name, kind))
        entry = Adaptation(name, kind, detail) if unseen is None else Adaptation(name, "approximated", unseen)
        if entry in self.entries:
            return
        if self.policy == "error" and entry.changes_meaning:
            super().add(entry.field, entry.kind, entry.detail)
        self.entries.append(entry)

    def announce(self, ledger: Ledger) -> None:
        """Record everything with the ledger of the call."""
        for entry in self.entries:
            ledger.add(entry.field, entry.kind, entry.detail)
