"""A table of request fields, and how its rows are applied: the form that most resources share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Protocol, TypeVar

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Body

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped", "refused"]

USER_ID_LENGTH: Final = (6, 128)
"""Shortest and longest ``user_id``, in characters. Source: bigmodel.cn OpenAPI, 2026-07-11."""

USER_ID_NOTE: Final = "sent as user_id, in 6 to 128 characters."


class Draft(Protocol):
    """A request while the rows of a table work on it.

    ``body`` is what will be sent. Rows replace its values and never change an object inside: what the caller
    gave stays as it is.
    """

    body: Body

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation; the detail must not quote values that vary from call to call."""
        ...


D = TypeVar("D", bound=Draft)


@dataclass(frozen=True, slots=True)
class Field(Generic[D]):
    """One field of OpenAI's request.

    ``neutral`` lists the values that ask for nothing: they are left out without a word, as null is.
    ``rule`` changes the draft; without one, "dropped" leaves the field out, with a note unless ``silent`` (for
    fields without which the answer is the same), "refused" refuses the request with ``what`` as its message, and any
    other verdict changes nothing.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[D, Any], None] | None = None
    neutral: tuple[Any, ...] = ()
    silent: bool = False


def apply_fields(fields: Iterable[Field[D]], draft: D) -> None:
    """Work through a table in its order; a field in no row stays as it is.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    for row in fields:
        if row.name in draft.body:
            apply_field(row, draft)


def apply_field(row: Field[D], draft: D) -> None:
    """Apply the row of a field that the request has; see ``apply_fields``."""
    value = draft.body[row.name]
    if value is None or _is_neutral(value, row.neutral):
        del draft.body[row.name]
    elif row.rule is not None:
        row.rule(draft, value)
    elif row.verdict == "refused":
        raise Refused(refusal(row.what, param=row.name))
    elif row.verdict == "dropped":
        del draft.body[row.name]
        if not row.silent:
            draft.note(row.name, "dropped", row.what)


def _is_neutral(value: Any, neutral: tuple[Any, ...]) -> bool:
    # False and 0 are equal in Python, but not to a reader of JSON.
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in neutral)


def user_id_of(user: str) -> str:
    """Give a name for the end user that is as long as Zhipu wants a ``user_id`` to be: the same for the same user."""
    shortest, longest = USER_ID_LENGTH
    if len(user) > longest:
        return hashlib.sha256(user.encode(errors="surrogatepass")).hexdigest()
    return f"user-{user}" if len(user) < shortest else user


def name_end_user(draft: Draft, user: Any, *, name: str) -> None:
    """Say who the end user is as ``user_id``; one of the caller's own wins.

    Raises:
        Refused: It is no string.
    """
    if not isinstance(user, str):
        raise Refused(refusal(f"{name} must be a string.", param=name, code="invalid_type"))
    del draft.body[name]
    if draft.body.get("user_id") is None:
        draft.body["user_id"] = user_id_of(user)
        draft.note(name, "translated", USER_ID_NOTE)
