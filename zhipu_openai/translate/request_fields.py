"""The table of a resource's request fields, and how its rows are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from typing import NoReturn

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Body, Call

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped"]


@dataclass(slots=True)
class Request:
    """A request while the rows of a table work on it.

    ``body`` is what will be sent. Rows replace its values and never change an object inside: what the caller
    gave stays as it is.
    """

    call: Call
    body: Body

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation; the detail must not quote values that vary from call to call."""
        self.call.ledger.add(name, kind, detail)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request.

    ``neutral`` lists the values that ask for nothing: they are left out without a word, as null is.
    ``rule`` changes the request; without one, "dropped" leaves the field out, with a note unless ``silent``
    (for fields without which the answer is the same), and any other verdict changes nothing.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Request, Any], None] | None = None
    neutral: tuple[Any, ...] = ()
    silent: bool = False


def translate_fields(call: Call, fields: Iterable[Field]) -> Request:
    """Apply the rows in order; a field in no row is sent as it is.

    Raises:
        Refused: A row cannot be honoured, and a guess could hurt.
    """
    request = Request(call, dict(call.body))
    for row in fields:
        if row.name not in request.body:
            continue
        value = request.body[row.name]
        # False and 0 are equal in Python, but not to a reader of JSON.
        neutral = any(
            value == one and isinstance(value, bool) == isinstance(one, bool) for one in row.neutral
        )
        if value is None or neutral:
            del request.body[row.name]
        elif row.rule is not None:
            row.rule(request, value)
        elif row.verdict == "dropped":
            del request.body[row.name]
            if not row.silent:
                request.note(row.name, "dropped", row.what)
    return request


def refuse(name: str, message: str, *, code: str = "invalid_value") -> NoReturn:
    """Refuse a request for one of its fields.

    Raises:
        Refused: Always.
    """
    raise Refused(refusal(message, param=name, code=code))
