"""A table of request fields, and the draft of a request that its rows work on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from typing import NoReturn

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Body, Call

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped", "refused"]

USER_ID_LENGTH: Final = (6, 128)
"""Shortest and longest ``user_id``, in characters. Source: bigmodel.cn OpenAPI, 2026-07-11."""


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


D = TypeVar("D", bound=Draft)


@dataclass(frozen=True, slots=True)
class Field(Generic[D]):
    """One field of OpenAI's request.

    ``neutral`` lists the values that ask for nothing: they are left out without a word, as null is.
    ``rule`` changes the draft; without one, "same" changes nothing and "dropped" leaves the field out,
    with a note.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[D, Any], None] | None = None
    neutral: tuple[Any, ...] = ()


def apply_fields(fields: Iterable[Field[D]], draft: D) -> None:
    """Work through a table in its order; a field in no row stays as it is.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    for row in fields:
        if row.name not in draft.body:
            continue
        value = draft.body[row.name]
        if value is None or _is_neutral(value, row.neutral):
            del draft.body[row.name]
        elif row.rule is not None:
            row.rule(draft, value)
        elif row.verdict == "dropped":
            del draft.body[row.name]
            draft.note(row.name, "dropped", row.what)


def _is_neutral(value: Any, neutral: tuple[Any, ...]) -> bool:
    # False and 0 are equal in Python, but not to a reader of JSON.
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in neutral)


def name_end_user(draft: Draft, user: Any, *, name: str) -> None:
    """Say who the end user is as ``user_id``; one of the caller's own wins."""
    if not isinstance(user, str):
        draft.refuse(name, f"{name} must be a string.", code="invalid_type")
    del draft.body[name]
    if draft.body.get("user_id") is not None:
        return
    shortest, longest = USER_ID_LENGTH
    if len(user) > longest:
        user = hashlib.sha256(user.encode(errors="surrogatepass")).hexdigest()
    elif len(user) < shortest:
        user = f"user-{user}"
    draft.body["user_id"] = user
    draft.note(name, "translated", f"sent as user_id, in {shortest} to {longest} characters.")
