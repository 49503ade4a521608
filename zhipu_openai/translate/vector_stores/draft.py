"""The tables' form, and the request while the rules of a table work on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from zhipu_openai.adaptation import Kind, Ledger
    from zhipu_openai.exchange import Body

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped", "refused"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request.

    ``neutral`` lists the values that ask for nothing: they are left out without a word, as null is. ``rule``
    changes the draft; without one, "same" changes nothing, "dropped" leaves the field out with a note and
    "refused" refuses the request with ``what`` as its message.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Draft, Any], None] | None = None
    neutral: tuple[Any, ...] = ()


@dataclass(slots=True)
class Draft:
    """The request while the field rules work on it; what the caller gave is never changed itself."""

    body: Body
    ledger: Ledger

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation; the detail quotes no values, since each detail warns once."""
        self.ledger.add(name, kind, detail)

    def refuse(self, name: str, message: str, *, code: str = "unsupported_parameter") -> NoReturn:
        """Refuse the request.

        Raises:
            Refused: Always.
        """
        raise Refused(refusal(message, param=name, code=code))

    def default(self, name: str, value: Any) -> None:
        """Set one of Zhipu's fields, unless the caller has."""
        if self.body.get(name) is None:
            self.body[name] = value


def translate(body: Mapping[str, Any], ledger: Ledger, fields: Iterable[Field]) -> Draft:
    """Apply a table to a request. A field in no row is Zhipu's own, or newer than the table, and stays.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    draft = Draft(dict(body), ledger)
    for row in fields:
        if row.name not in draft.body:
            continue
        value = draft.body[row.name]
        if value is None or _is_neutral(value, row.neutral):
            del draft.body[row.name]
        elif row.rule is not None:
            row.rule(draft, value)
        elif row.verdict == "refused":
            draft.refuse(row.name, row.what)
        elif row.verdict == "dropped":
            del draft.body[row.name]
            draft.note(row.name, "dropped", row.what)
    return draft


def _is_neutral(value: Any, neutral: tuple[Any, ...]) -> bool:
    # False and 0 are equal in Python, but not to a reader of JSON.
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in neutral)
