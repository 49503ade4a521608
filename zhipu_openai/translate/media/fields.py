"""The draft of a request that the rows of a table of fields work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from typing import NoReturn

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Body, Call


@dataclass(slots=True)
class Draft:
    """A request while the rows of a table work on it.

    ``body`` is what will be sent. Rows replace its values and never change an object inside: what the
    caller gave stays as it is.
    """

    body: Body
    call: Call

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation; the detail must not vary from call to call, since each warns once."""
        self.call.ledger.add(name, kind, detail)

    def refuse(self, name: str, message: str, *, code: str = "unsupported_value") -> NoReturn:
        """Refuse the request.

        Raises:
            Refused: Always.
        """
        raise Refused(refusal(message, param=name, code=code))
