"""Reading pieces of code in tests."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import TYPE_CHECKING

from zhipu_openai.check.calls import find
from zhipu_openai.check.clients import Defaults

if TYPE_CHECKING:
    from zhipu_openai.check.findings import Call

HI = 'messages=[{"role": "user", "content": "Hi"}]'


def read(code: str, **defaults: object) -> list[Call]:
    """Read a piece of code; ``$HI`` in it is a message."""
    text = dedent(code).replace("$HI", HI)
    return find(ast.parse(text), Defaults(**defaults))  # type: ignore[arg-type]  # by name


def one(code: str, **defaults: object) -> Call:
    """Read a piece of code that uses the API once."""
    calls = [call for call in read(code, **defaults) if call.route is not None]
    assert len(calls) == 1, [call.operation for call in calls]
    return calls[0]


def kinds(call: Call) -> dict[str, str]:
    """Give the kind of what is said of each field; in capitals if it is not certain."""
    return {f.field: f.kind if f.certain else f.kind.upper() for f in call.findings}


def sent(code: str, **defaults: object) -> str | None:
    """Give the model that Zhipu is asked for by the one call of a piece of code."""
    model = one(code, **defaults).model
    return None if model is None else model.sent
