"""Text, numbers, lists and dicts as they are written, and what operators make of them."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, Final

from .values import REST, UNKNOWN, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Callable[[ast.expr], Any]

_LONGEST: Final = 1 << 20
"""Characters or elements of a value that is computed."""

_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def constant(node: ast.Constant, _: Value) -> Any:
    """Read a constant."""
    return UNKNOWN if node.value is Ellipsis or isinstance(node.value, complex) else node.value


def elements(nodes: list[ast.expr], value: Value) -> list[Any]:
    """Read the elements of a list, or the arguments of a call; ``REST`` stands for what is not known of them."""
    made: list[Any] = []
    for one in nodes:
        if not isinstance(one, ast.Starred):
            made.append(value(one))
            continue
        more = value(one.value)
        made += more if isinstance(more, (list, tuple)) else [REST]
    return made


def a_list(node: ast.List, value: Value) -> Any:
    """Read a list."""
    return elements(node.elts, value)


def a_tuple(node: ast.Tuple, value: Value) -> Any:
    """Read a tuple."""
    return tuple(elements(node.elts, value))


def a_dict(node: ast.Dict, value: Value) -> Any:
    """Read a dict."""
    made: dict[Any, Any] = {}
    for key, one in zip(node.keys, node.values, strict=True):
        if key is None:
            more = value(one)
            made.update(more if isinstance(more, dict) else {REST: UNKNOWN})
            continue
        name = value(key)
        if isinstance(name, (str, int, float)):
            made[name] = value(one)
        else:
            made[REST] = UNKNOWN
    return made


def f_string(node: ast.JoinedStr, value: Value) -> Any:
    """Read an f-string, if all that is put into it is known."""
    pieces = []
    for one in node.values:
        plain = isinstance(one, ast.Constant) or (
            isinstance(one, ast.FormattedValue) and one.format_spec is None and one.conversion == -1
        )
        piece = value(one.value if isinstance(one, ast.FormattedValue) else one)
        if not plain or not isinstance(piece, (str, int)):
            return UNKNOWN
        pieces.append(str(piece))
    return "".join(pieces)


def unary(node: ast.UnaryOp, value: Value) -> Any:
    """Read a negative number, or a negation."""
    operand = value(node.operand)
    if isinstance(node.op, ast.USub) and isinstance(operand, (int, float)):
        return -operand
    if isinstance(node.op, ast.Not) and is_plain(operand):
        return not operand
    return UNKNOWN


def binary(node: ast.BinOp, value: Value) -> Any:
    """Compute what can be; a list to which something unknown is added has more behind or before it."""
    left, right = value(node.left), value(node.right)
    adds = isinstance(node.op, ast.Add)
    if adds and isinstance(left, list) and right is UNKNOWN:
        return [*left, REST]
    if adds and isinstance(right, list) and left is UNKNOWN:
        return [REST, *right]
    both_lists = adds and isinstance(left, list) and isinstance(right, list)
    compute = _OPERATORS.get(type(node.op))
    if compute is None or not (both_lists or (is_plain(left) and is_plain(right))):
        return UNKNOWN
    if isinstance(node.op, ast.Mult) and any(
        isinstance(one, int) and abs(one) > _LONGEST for one in (left, right)
    ):
        return UNKNOWN
    try:
        made = compute(left, right)
    except (TypeError, ValueError, ArithmeticError):
        return UNKNOWN
    return UNKNOWN if isinstance(made, (str, bytes, list)) and len(made) > _LONGEST else made


def item(node: ast.Subscript, value: Value) -> Any:
    """Take something out of a list or a dict."""
    of, key = value(node.value), value(node.slice)
    if isinstance(of, dict) and isinstance(key, (str, int)):
        return of.get(key, UNKNOWN)
    if isinstance(of, (list, tuple)) and isinstance(key, int) and REST not in of:
        return of[key] if -len(of) <= key < len(of) else UNKNOWN
    return UNKNOWN


READERS: Final[dict[type[ast.expr], Callable[[Any, Value], Any]]] = {
    ast.Constant: constant,
    ast.List: a_list,
    ast.Tuple: a_tuple,
    ast.Dict: a_dict,
    ast.JoinedStr: f_string,
    ast.UnaryOp: unary,
    ast.BinOp: binary,
    ast.Subscript: item,
}
"""How each kind of expression is read that is about plain values alone."""
