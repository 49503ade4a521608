"""What the expressions of a module come to: constants, clients and what is reached through them.

Nothing is run. A name counts as known where one value alone, or one of a few, can reach it; whatever else there is,
is unknown.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from . import libraries, literals
from .annotations import annotated
from .flow import agreed, either, leads_to, loosened, may_come_before, reaching
from .scopes import Site
from .values import (
    REST,
    UNKNOWN,
    Class,
    Client,
    Connection,
    Function,
    FunctionTool,
    Instance,
    Name,
    Resource,
)

if TYPE_CHECKING:
    from .scopes import Binding, Module, Mutation, Scope

_DEEPEST: Final = 40
"""Steps from name to name, and from function to function, that are followed."""

_BEHIND_ALL: Final = 1 << 60
"""The place behind everything in a scope."""

_OMITTED: Final = frozenset({"NOT_GIVEN", "NotGiven", "omit", "Omit", "not_given"})

_TOOL: Final = "openai.pydantic_function_tool"


class Evaluator:
    """Finds out what the expressions of one module come to."""

    def __init__(self, module: Module) -> None:
        """Keep the module."""
        self.module = module
        self._known: dict[int, Any] = {}
        self._busy: set[int] = set()
        self._depth = 0

    def value(self, node: ast.expr | None, site: Site) -> Any:
        """Give what an expression comes to where it stands; ``UNKNOWN`` if reading does not tell."""
        if node is None or self._depth > _DEEPEST:
            return UNKNOWN
        self._depth += 1
        try:
            reader = literals.READERS.get(type(node))
            if reader is not None:
                return reader(node, lambda one: self.value(one, site))
            return self._other(node, site)
        finally:
            self._depth -= 1

    def _other(self, node: ast.expr, site: Site) -> Any:
        value: Any = UNKNOWN
        if isinstance(node, ast.Name):
            value = self._name(node.id, site)
        elif isinstance(node, ast.Attribute):
            value = self._attribute(node, site)
        elif isinstance(node, ast.Call):
            value = self._call(node, site)
        elif isinstance(node, (ast.NamedExpr, ast.Await)):
            value = self.value(node.value, site)
        elif isinstance(node, ast.IfExp):
            value = agreed([self.value(node.body, site), self.value(node.orelse, site)])
        elif isinstance(node, ast.BoolOp):
            # ``client or OpenAI()``, which is a client either way.
            values = [self.value(one, site) for one in node.values]
            value = next((one for one in values if isinstance(one, Client)), UNKNOWN)
        return value

    # Names.

    def _name(self, name: str, site: Site) -> Any:
        scope: Scope | None = site.scope
        flows = True
        while scope is not None:
            visible = scope.kind != "class" or scope is site.scope
            if visible and name in scope.bindings:
                return self._bound(name, scope, site if flows else None)
            # What stands around a comprehension is seen as it is at that place.
            flows = flows and scope.inline
            scope = scope.parent
        return UNKNOWN

    def _bound(self, name: str, scope: Scope, site: Site | None) -> Any:
        bindings = scope.bindings[name]
        seen = bindings if site is None else reaching(bindings, site)
        value = agreed([self._of_binding(one) for one in seen])
        if isinstance(value, (dict, list)) and name in scope.mutations:
            since = min(one.index for one in seen)
            changes = [
                one for one in scope.mutations[name] if one.index > since and may_come_before(one, site)
            ]
            value = self._changed(value, changes, scope, site)
        return value

    def _changed(
        self, value: dict[Any, Any] | list[Any], changes: list[Mutation], scope: Scope, site: Site | None
    ) -> Any:
        if isinstance(value, list):
            return loosened(value) if changes else value
        made = dict(value)
        for one in changes:
            at = Site(scope, one.index, one.block)
            key = UNKNOWN if one.key is None else self.value(one.key, at)
            if not isinstance(key, str):
                made[REST] = UNKNOWN
            elif one.inside:
                made[key] = loosened(made.get(key, UNKNOWN))
            else:
                always = site is not None and one.index < site.index and leads_to(one.block, site.block)
                made[key] = self.value(one.value, at) if always else UNKNOWN
        return made

    def _of_binding(self, binding: Binding) -> Any:
        number = id(binding)
        if number not in self._known:
            if number in self._busy:
                return UNKNOWN
            self._busy.add(number)
            try:
                self._known[number] = self._compute(binding)
            finally:
                self._busy.discard(number)
        return self._known[number]

    def _compute(self, binding: Binding) -> Any:
        site = Site(binding.scope, binding.index, binding.block)
        if binding.kind == "imported":
            return Name(binding.full)
        if isinstance(binding.node, ast.ClassDef):
            return Class(binding.node, binding.scope)
        if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return Function(binding.node, binding.scope)
        value = self.value(binding.expression, site)
        if binding.kind == "each":
            given = list(value) if isinstance(value, (list, tuple)) else [REST]
            value = UNKNOWN if REST in given else either(given)
        elif binding.kind == "entered" and not isinstance(value, (Client, Connection)):
            value = UNKNOWN
        elif value is UNKNOWN and binding.annotation is not None:
            value = annotated(binding.annotation, lambda one: self.value(one, site))
        return value

    # What is reached.

    def _attribute(self, node: ast.Attribute, site: Site) -> Any:
        of = self.value(node.value, site)
        value: Any = UNKNOWN
        if isinstance(of, Client):
            value = Resource(of, (node.attr,))
        elif isinstance(of, Resource):
            value = Resource(of.client, (*of.path, node.attr))
        elif isinstance(of, Connection):
            value = Connection(of.client, (*of.path, node.attr))
        elif isinstance(of, Name):
            value = Name(f"{of.full}.{node.attr}")
        elif isinstance(of, Instance):
            value = self._attribute_of(of.cls, node.attr, bound=True)
        elif isinstance(of, Class):
            value = self._attribute_of(of, node.attr, bound=False)
        elif of is UNKNOWN and isinstance(node.value, ast.Name):
            value = self._own_attribute(node.value.id, node.attr, site)
        elif node.attr == "value" and isinstance(of, (str, int, float)):
            value = of  # the member of an enumeration
        return value

    def _own_attribute(self, me: str, name: str, site: Site) -> Any:
        """Find what a method's own object has."""
        scope: Scope | None = site.scope
        while scope is not None:
            owner = scope.owner
            if scope.me == me and owner is not None and isinstance(owner.node, ast.ClassDef):
                return self._attribute_of(Class(owner.node, owner.parent or owner), name, bound=True)
            scope = scope.parent
        return UNKNOWN

    def _attribute_of(self, cls: Class, name: str, *, bound: bool, depth: int = 0) -> Any:
        scope = self.module.scopes[cls.node]
        found = [*scope.bindings.get(name, ()), *scope.attributes.get(name, ())]
        if found:
            value = agreed([self._of_binding(one) for one in found])
            if isinstance(value, Function) and bound and _is_property(value.node):
                return self._given_by(value)
            return value
        site = Site(cls.scope, _BEHIND_ALL, ())
        for base in cls.node.bases if depth < _DEEPEST else ():
            parent = self.value(base, site)
            if isinstance(parent, Class) and parent.node is not cls.node:
                value = self._attribute_of(parent, name, bound=bound, depth=depth + 1)
                if value is not UNKNOWN:
                    return value
        return UNKNOWN

    # Calls.

    def _call(self, node: ast.Call, site: Site) -> Any:
        called = self.value(node.func, site)
        value: Any = UNKNOWN
        if isinstance(called, Name):
            value = self._of_name(called.full, node, site)
        elif isinstance(called, Function):
            value = self._given_by(called)
        elif isinstance(called, Class):
            value = Instance(called)
        elif isinstance(called, Resource):
            value = self._of_resource(called, node, site)
        elif isinstance(node.func, ast.Name):
            value = self._of_builtin(node.func.id, node, site)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
            copied = self.value(node.func.value, site)
            value = copied if isinstance(copied, (dict, list)) else UNKNOWN
        return value

    def _of_name(self, full: str, node: ast.Call, site: Site) -> Any:
        family = libraries.client_family(full)
        if family is not None:
            return Client(family, self.arguments(node, site))
        if full.endswith(_TOOL):
            named = self.arguments(node, site).get("name")
            of = self.value(node.args[0], site) if node.args else UNKNOWN
            default = of.node.name if isinstance(of, Class) else None
            return FunctionTool(named if isinstance(named, str) else default)
        if full in libraries.GIVES_THE_CLIENT and node.args:
            return self.value(node.args[0], site)
        return Client("elsewhere") if libraries.is_another_provider(full) else UNKNOWN

    def _of_resource(self, called: Resource, node: ast.Call, site: Site) -> Any:
        if called.path in (("with_options",), ("copy",)) and called.client is not None:
            more = {name: one for name, one in self.arguments(node, site).items() if one is not None}
            return Client(called.client.family, {**called.client.arguments, **more})
        return Connection(called.client) if called.path == ("realtime", "connect") else UNKNOWN

    def _of_builtin(self, name: str, node: ast.Call, site: Site) -> Any:
        if len(node.args) > 1:
            return UNKNOWN
        value = self.value(node.args[0], site) if node.args else UNKNOWN
        if name == "dict":
            known = value if isinstance(value, dict) else {REST: UNKNOWN} if node.args else {}
            return {**known, **self.arguments(node, site)}
        if name in ("list", "tuple") and isinstance(value, (list, tuple)):
            return list(value)
        return value if type(value).__name__ == name and name in ("str", "float", "int") else UNKNOWN

    def positional(self, node: ast.Call, site: Site) -> list[Any]:
        """Give the arguments that a call does not name."""
        return literals.elements(list(node.args), lambda one: self.value(one, site))

    def arguments(self, node: ast.Call, site: Site) -> dict[Any, Any]:
        """Give the arguments that a call names; ``REST`` is among them where there may be others."""
        made: dict[Any, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, site)
            if keyword.arg is not None:
                made[keyword.arg] = value
            else:
                made.update(value if isinstance(value, dict) else {REST: UNKNOWN})
        return {name: value for name, value in made.items() if not _is_omitted(value)}

    def _given_by(self, function: Function) -> Any:
        """Give what a function returns, as far as its body or its annotation tells."""
        number = id(function.node)
        if number in self._busy:
            return UNKNOWN
        self._busy.add(number)
        try:
            scope = self.module.scopes[function.node]
            values = [self.value(node, Site(scope, index, block)) for node, index, block in scope.returns]
            value = agreed([one for one in values if one is not None])
            if value is UNKNOWN and function.node.returns is not None:
                around = Site(function.scope, _BEHIND_ALL, ())
                return annotated(function.node.returns, lambda one: self.value(one, around))
            return value
        finally:
            self._busy.discard(number)


def _is_omitted(value: Any) -> bool:
    return isinstance(value, Name) and value.full.rpartition(".")[2] in _OMITTED


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        getattr(one, "id", getattr(one, "attr", "")) in ("property", "cached_property")
        for one in node.decorator_list
    )
