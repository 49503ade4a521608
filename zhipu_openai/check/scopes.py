"""The scopes of a module: which names are bound where, in the order of the text, and which calls are made."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Block: TypeAlias = tuple[tuple[int, int, bool], ...]
"""The branches inside which something stands, outermost first: a number for the statement, which of its branches,
and whether it is a loop."""

BindingKind = Literal["value", "imported", "function", "class", "parameter", "entered", "each", "other"]
"""How a name is bound. entered: by ``with … as``. each: by ``for … in``. other: in a way that says nothing about the value."""


@dataclass(slots=True, eq=False)
class Binding:
    """One place where a name, or an attribute of a class, is given a value."""

    kind: BindingKind
    scope: Scope
    index: int
    block: Block
    expression: ast.expr | None = None
    full: str = ""
    node: ast.AST | None = None
    annotation: ast.expr | None = None


@dataclass(slots=True, eq=False)
class Mutation:
    """One place where something in a list or a dict is changed.

    ``key`` is None where it is not said which. ``inside`` says that not the value under it is another, but something
    in that value.
    """

    index: int
    block: Block
    key: ast.expr | None = None
    value: ast.expr | None = None
    inside: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, class or function.

    ``inline`` marks a comprehension, which runs where it stands; ``owner`` is the class whose method this is.
    """

    kind: Literal["module", "class", "function"]
    parent: Scope | None
    node: ast.AST
    inline: bool = False
    owner: Scope | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    mutations: dict[str, list[Mutation]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    returns: list[tuple[ast.expr, int, Block]] = field(default_factory=list)
    elsewhere: dict[str, Scope] = field(default_factory=dict)

    @property
    def me(self) -> str | None:
        """The name by which a method calls its own object."""
        if self.owner is None or not isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        given = [*self.node.args.posonlyargs, *self.node.args.args]
        static = any(
            isinstance(one, ast.Name) and one.id == "staticmethod" for one in self.node.decorator_list
        )
        return given[0].arg if given and not static else None


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place in the text from which names are seen."""

    scope: Scope
    index: int
    block: Block


@dataclass(slots=True, eq=False)
class Module:
    """A module that was read: its scopes by their nodes, its calls, and the attributes of modules that it uses."""

    scope: Scope
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    calls: list[tuple[ast.Call, Site]] = field(default_factory=list)
    used: list[tuple[ast.Attribute, Site]] = field(default_factory=list)
    assigned: list[tuple[ast.Attribute, ast.expr | None, Site]] = field(default_factory=list)
    packages: set[str] = field(default_factory=set)
