"""What annotations say of a value: that it is a client, or an object of a class that is read too."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from . import libraries
from .values import UNKNOWN, Class, Client, Instance, Name

if TYPE_CHECKING:
    from collections.abc import Callable

_WRAPPERS: Final = frozenset({"Annotated", "ClassVar", "Final", "Optional", "Union"})
"""What may stand around a type, and leaves the value as it is."""


def annotated(node: ast.expr, value: Callable[[ast.expr], Any]) -> Any:
    """Give the client or the object that an annotation names, whatever else it allows; else ``UNKNOWN``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError):
            return UNKNOWN
    if isinstance(node, ast.BinOp):
        return _first(annotated(one, value) for one in (node.left, node.right))
    if isinstance(node, ast.Subscript):
        head = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _first(annotated(one, value) for one in inner) if head in _WRAPPERS else UNKNOWN
    named = value(node)
    if isinstance(named, Name):
        family = libraries.client_family(named.full)
        return UNKNOWN if family is None else Client(family)
    return Instance(named) if isinstance(named, Class) else UNKNOWN


def _first(given: Any) -> Any:
    return next((one for one in given if one is not UNKNOWN), UNKNOWN)
