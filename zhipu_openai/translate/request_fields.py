"""A request while the rows of a table of fields work on it, for the resources on texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.translate.fields import Field, apply_fields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Body, Call


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


def translate_fields(call: Call, fields: Iterable[Field[Request]]) -> Request:
    """Apply the rows in order; a field in no row is sent as it is.

    Raises:
        Refused: A row cannot be honoured, and a guess could hurt.
    """
    request = Request(call, dict(call.body))
    apply_fields(fields, request)
    return request


def refuse(name: str, message: str, *, code: str = "invalid_value") -> NoReturn:
    """Refuse a request for one of its fields.

    Raises:
        Refused: Always.
    """
    raise Refused(refusal(message, param=name, code=code))
