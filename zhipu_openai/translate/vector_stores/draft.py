"""The tables' form, and the request while the rules of a table work on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.translate.fields import Field, apply_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from zhipu_openai.adaptation import Kind, Ledger
    from zhipu_openai.exchange import Body


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


def translate(body: Mapping[str, Any], ledger: Ledger, fields: Iterable[Field[Draft]]) -> Draft:
    """Apply a table to a request. A field in no row is Zhipu's own, or newer than the table, and stays.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    draft = Draft(dict(body), ledger)
    apply_fields(fields, draft)
    return draft
