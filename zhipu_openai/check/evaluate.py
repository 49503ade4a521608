"""What the expressions of a module come to: constants, clients and what is reached through them.

Nothing is run. A name counts as known where one value alone can reach it; whatever else there is, is unknown.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, Final

from . import libraries
from .scopes import Site
from .values import REST, UNKNOWN, Class, Client, Connection, Function, Instance, Name, Resource, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .scopes import Binding, Block, Module, Mutation, Scope
    from .values import Family

_DEEPEST: Final = 40
"""Steps from name to name, and from function to function, that are followed."""

_LONGEST: Final = 1 << 20
"""Characters or elements of a value that is computed."""

_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}

_OMITTED: Final = frozenset({"NOT_GIVEN", "NotGiven", "omit", "Omit", "not_given"})

_WRAPPERS: Final = frozenset({"Optional", "Union", "Annotated", "ClassVar", "Final", "Awaitable", "Callable"})


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
        read = getattr(self, f"_{type(node).__name__}", None)
        if read is None:
            return UNKNOWN
        self._depth += 1
        try:
            return read(node, site)
        finally:
            self._depth -= 1

    # Literals.

    def _Constant(self, node: ast.Constant, _: Site) -> Any:
        return UNKNOWN if node.value is Ellipsis or isinstance(node.value, complex) else node.value

    def _elements(self, nodes: list[ast.expr], site: Site) -> list[Any]:
        made: list[Any] = []
        for one in nodes:
            if not isinstance(one, ast.Starred):
                made.append(self.value(one, site))
                continue
            more = self.value(one.value, site)
            made += more if isinstance(more, (list, tuple)) else [REST]
        return made

    def _List(self, node: ast.List, site: Site) -> Any:
        return self._elements(node.elts, site)

    def _Tuple(self, node: ast.Tuple, site: Site) -> Any:
        return tuple(self._elements(node.elts, site))

    def _Dict(self, node: ast.Dict, site: Site) -> Any:
        made: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                more = self.value(value, site)
                made.update(more if isinstance(more, dict) else {REST: UNKNOWN})
                continue
            name = self.value(key, site)
            if isinstance(name, (str, int, float)):
                made[name] = self.value(value, site)
            else:
                made[REST] = UNKNOWN
        return made

    def _JoinedStr(self, node: ast.JoinedStr, site: Site) -> Any:
        pieces = []
        for one in node.values:
            plain = isinstance(one, ast.Constant) or (
                isinstance(one, ast.FormattedValue) and one.format_spec is None and one.conversion == -1
            )
            value = self.value(one.value if isinstance(one, ast.FormattedValue) else one, site)
            if not plain or not isinstance(value, (str, int)):
                return UNKNOWN
            pieces.append(str(value))
        return "".join(pieces)

    def _UnaryOp(self, node: ast.UnaryOp, site: Site) -> Any:
        value = self.value(node.operand, site)
        if isinstance(node.op, ast.USub) and isinstance(value, (int, float)):
            return -value
        if isinstance(node.op, ast.Not) and is_plain(value):
            return not value
        return UNKNOWN

    def _BinOp(self, node: ast.BinOp, site: Site) -> Any:
        left, right = self.value(node.left, site), self.value(node.right, site)
        if isinstance(node.op, ast.Add) and isinstance(left, list) != isinstance(right, list):
            # Messages with more of them behind or before.
            known = left if isinstance(left, list) else right
            other = right if isinstance(left, list) else left
            if other is not UNKNOWN:
                return UNKNOWN
            return [*known, REST] if known is left else [REST, *known]
        compute = _OPERATORS.get(type(node.op))
        if compute is None or not (is_plain(left) and is_plain(right) or isinstance(node.op, ast.Add)):
            return UNKNOWN
        if isinstance(node.op, ast.Mult) and any(
            isinstance(one, int) and abs(one) > _LONGEST for one in (left, right)
        ):
            return UNKNOWN
        try:
            made = compute(left, right)
        except (TypeError, ValueError, ArithmeticError):
            return UNKNOWN
        return UNKNOWN if isinstance(made, (str, list)) and len(made) > _LONGEST else made

    def _IfExp(self, node: ast.IfExp, site: Site) -> Any:
        return _agreed([self.value(node.body, site), self.value(node.orelse, site)])

    def _BoolOp(self, node: ast.BoolOp, site: Site) -> Any:
        # ``client or OpenAI()``, which is a client either way.
        values = [self.value(one, site) for one in node.values]
        made = next((one for one in values if isinstance(one, Client)), None)
        return UNKNOWN if made is None else made

    def _NamedExpr(self, node: ast.NamedExpr, site: Site) -> Any:
        return self.value(node.value, site)

    def _Await(self, node: ast.Await, site: Site) -> Any:
        return self.value(node.value, site)

    # Names.

    def _Name(self, node: ast.Name, site: Site) -> Any:
        scope: Scope | None = site.scope
        flows = True
        while scope is not None:
            visible = scope.kind != "class" or scope is site.scope
            if visible and node.id in scope.bindings:
                return self._bound(node.id, scope, site if flows else None)
            # What stands around a comprehension is seen as it is at that place.
            flows = flows and scope.inline
            scope = scope.parent
        return UNKNOWN

    def _bound(self, name: str, scope: Scope, site: Site | None) -> Any:
        bindings = scope.bindings[name]
        reaching = bindings if site is None else _reaching(bindings, site)
        value = _agreed([self._of_binding(one) for one in reaching])
        mutations = scope.mutations.get(name)
        if mutations and isinstance(value, (dict, list)):
            value = self._mutated(value, mutations, reaching, scope, site)
        return value

    def _mutated(
        self,
        value: dict[Any, Any] | list[Any],
        mutations: list[Mutation],
        reaching: list[Binding],
        scope: Scope,
        site: Site | None,
    ) -> Any:
        since = min(one.index for one in reaching)
        relevant = [one for one in mutations if one.index > since and _may_come_before(one, site)]
        if not relevant:
            return value
        if isinstance(value, list):
            return [*value, REST]
        made = dict(value)
        for one in relevant:
            at = Site(scope, one.index, one.block)
            key = UNKNOWN if one.key is None else self.value(one.key, at)
            if not isinstance(key, str):
                made[REST] = UNKNOWN
                continue
            always = site is not None and one.index < site.index and _leads_to(one.block, site.block)
            made[key] = self.value(one.value, at) if always else UNKNOWN
        return made

    def _of_binding(self, binding: Binding) -> Any:
        number = id(binding)
        if number in self._known:
            return self._known[number]
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
        value: Any = UNKNOWN
        if binding.kind == "imported":
            return Name(binding.full)
        if binding.kind == "function":
            return Function(binding.node, binding.scope)  # type: ignore[arg-type]  # as the reader makes it
        if binding.kind == "class":
            return Class(binding.node, binding.scope)  # type: ignore[arg-type]  # likewise
        if binding.expression is not None:
            value = self.value(binding.expression, site)
        if binding.kind == "entered":
            return value if isinstance(value, (Client, Connection)) else UNKNOWN
        if value is UNKNOWN and binding.annotation is not None:
            return self.annotated(binding.annotation, site)
        return value

    # What is reached.

    def _Attribute(self, node: ast.Attribute, site: Site) -> Any:
        of = self.value(node.value, site)
        if isinstance(of, Client):
            return Resource(of, (node.attr,))
        if isinstance(of, Resource):
            return Resource(of.client, (*of.path, node.attr))
        if isinstance(of, Connection):
            return Connection(of.client, (*of.path, node.attr))
        if isinstance(of, Name):
            return Name(f"{of.full}.{node.attr}")
        if isinstance(of, Instance):
            return self._attribute_of(of.cls, node.attr, bound=True)
        if isinstance(of, Class):
            return self._attribute_of(of, node.attr, bound=False)
        if isinstance(node.value, ast.Name) and of is UNKNOWN:
            return self._own_attribute(node, site)
        # The member of an enumeration.
        return of if node.attr == "value" and isinstance(of, (str, int, float)) else UNKNOWN

    def _own_attribute(self, node: ast.Attribute, site: Site) -> Any:
        """Find what a method's own object has."""
        scope: Scope | None = site.scope
        while scope is not None:
            if isinstance(node.value, ast.Name) and scope.me == node.value.id and scope.owner is not None:
                owner = scope.owner
                if isinstance(owner.node, ast.ClassDef) and owner.parent is not None:
                    return self._attribute_of(Class(owner.node, owner.parent), node.attr, bound=True)
            scope = scope.parent
        return UNKNOWN

    def _attribute_of(self, cls: Class, name: str, *, bound: bool, depth: int = 0) -> Any:
        scope = self.module.scopes[cls.node]
        found = [*scope.bindings.get(name, ()), *scope.attributes.get(name, ())]
        if found:
            value = _agreed([self._of_binding(one) for one in found])
            if isinstance(value, Function) and bound and _is_property(value.node):
                return self._given_by(value)
            return value
        if depth < _DEEPEST:
            site = Site(cls.scope, 1 << 60, ())
            for base in cls.node.bases:
                parent = self.value(base, site)
                if isinstance(parent, Class) and parent.node is not cls.node:
                    value = self._attribute_of(parent, name, bound=bound, depth=depth + 1)
                    if value is not UNKNOWN:
                        return value
        return UNKNOWN

    def _Subscript(self, node: ast.Subscript, site: Site) -> Any:
        of, key = self.value(node.value, site), self.value(node.slice, site)
        if isinstance(of, dict) and isinstance(key, (str, int)):
            return of.get(key, UNKNOWN)
        if isinstance(of, (list, tuple)) and isinstance(key, int) and REST not in of:
            return of[key] if -len(of) <= key < len(of) else UNKNOWN
        return UNKNOWN

    # Calls.

    def _Call(self, node: ast.Call, site: Site) -> Any:
        called = self.value(node.func, site)
        if isinstance(called, Name):
            return self._of_name(called.full, node, site)
        if isinstance(called, Function):
            return self._given_by(called)
        if isinstance(called, Class):
            return Instance(called)
        if isinstance(called, Resource):
            return self._of_resource(called, node, site)
        if isinstance(node.func, ast.Name) and called is UNKNOWN:
            return self._of_builtin(node.func.id, node, site)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
            value = self.value(node.func.value, site)
            return value if isinstance(value, (dict, list)) else UNKNOWN
        return UNKNOWN

    def _of_name(self, full: str, node: ast.Call, site: Site) -> Any:
        family = client_family(full)
        if family is not None:
            return Client(family, self.arguments(node, site))
        if full in libraries.GIVES_THE_CLIENT and node.args:
            return self.value(node.args[0], site)
        if libraries.is_another_provider(full):
            return Client("elsewhere")
        return UNKNOWN

    def _of_resource(self, called: Resource, node: ast.Call, site: Site) -> Any:
        if called.path[-1] in ("with_options", "copy") and len(called.path) == 1 and called.client is not None:
            more = {name: one for name, one in self.arguments(node, site).items() if one is not None}
            return Client(called.client.family, {**called.client.arguments, **more})
        if called.path[-2:] == ("realtime", "connect"):
            return Connection(called.client)
        return UNKNOWN

    def _of_builtin(self, name: str, node: ast.Call, site: Site) -> Any:
        if name == "dict" and len(node.args) <= 1:
            made = self.value(node.args[0], site) if node.args else {}
            if not isinstance(made, dict):
                made = {REST: UNKNOWN}
            return {**made, **self.arguments(node, site)}
        if name in ("list", "tuple", "str", "float", "int") and len(node.args) == 1 and not node.keywords:
            value = self.value(node.args[0], site)
            if name in ("list", "tuple"):
                return list(value) if isinstance(value, (list, tuple)) else UNKNOWN
            return value if type(value).__name__ == name else UNKNOWN
        return UNKNOWN

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
        """Give what a function returns, where that is a client or a value that does not depend on the call."""
        number = id(function.node)
        if number in self._busy:
            return UNKNOWN
        self._busy.add(number)
        try:
            scope = self.module.scopes[function.node]
            values = [
                self.value(node, Site(scope, index, block)) for node, index, block in scope.returns
            ]
            value = _agreed([one for one in values if one is not None]) if values else UNKNOWN
            if value is UNKNOWN and function.node.returns is not None:
                return self.annotated(function.node.returns, Site(function.scope, 1 << 60, ()))
            return value
        finally:
            self._busy.discard(number)

    def annotated(self, node: ast.expr, site: Site) -> Any:
        """Give the client, or the object of a class that is read here, that an annotation names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError):
                return UNKNOWN
        if isinstance(node, ast.BinOp):
            return _agreed([self.annotated(node.left, site), self.annotated(node.right, site)], loosely=True)
        if isinstance(node, ast.Subscript):
            head = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if head not in _WRAPPERS:
                return UNKNOWN
            inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return _agreed([self.annotated(one, site) for one in inner], loosely=True)
        value = self.value(node, site)
        if isinstance(value, Name):
            family = client_family(value.full)
            return UNKNOWN if family is None else Client(family)
        return Instance(value) if isinstance(value, Class) else UNKNOWN


def client_family(full: str) -> Family | None:
    """Say what a class makes: None if it is no client of OpenAI's API."""
    package, _, name = full.rpartition(".")
    top = package.partition(".")[0]
    if full in libraries.DROP_IN:
        return "openai"
    if top not in ("openai", "zhipu_openai"):
        return None
    if name in ("OpenAI", "AsyncOpenAI", "Client", "AsyncClient") or (
        top == "zhipu_openai" and name in ("create_client", "create_async_client")
    ):
        return "zhipu" if top == "zhipu_openai" else "openai"
    return "elsewhere" if name.endswith("OpenAI") else None


def _is_omitted(value: Any) -> bool:
    return isinstance(value, Name) and value.full.rpartition(".")[2] in _OMITTED


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        getattr(one, "id", getattr(one, "attr", "")) in ("property", "cached_property")
        for one in node.decorator_list
    )


def _agreed(values: Iterable[Any], *, loosely: bool = False) -> Any:
    """Give the one value that all are; of clients the one that would be ours, whatever else there is."""
    given = list(values)
    clients = [one for one in given if isinstance(one, Client)]
    if clients and (loosely or all(isinstance(one, Client) or one is None for one in given)):
        return next((one for one in clients if one.family != "elsewhere"), clients[0])
    if loosely:
        return next((one for one in given if one is not UNKNOWN and one is not None), UNKNOWN)
    if not given:
        return UNKNOWN
    first = given[0]
    same = all(type(one) is type(first) and one == first for one in given[1:])
    return first if same else UNKNOWN


def _leads_to(block: Block, inner: Block) -> bool:
    """Whether what stands in one block has always run before what stands, further down, in the other."""
    return inner[: len(block)] == block


def _excludes(block: Block, other: Block) -> bool:
    """Whether two blocks are different branches of the same statement."""
    places = {one[0]: one[1] for one in other}
    return any(places.get(place, branch) != branch for place, branch, _ in block)


def _shares_a_loop(block: Block, other: Block) -> bool:
    return any(one[2] and one in other for one in block)


def _reaching(bindings: list[Binding], site: Site) -> list[Binding]:
    """Give the bindings whose value a place in the text may see."""
    found: list[Binding] = []
    for one in reversed(bindings):
        if one.index > site.index:
            if _shares_a_loop(one.block, site.block):
                found.append(one)
            continue
        if _excludes(one.block, site.block) and not _shares_a_loop(one.block, site.block):
            continue
        found.append(one)
        if _leads_to(one.block, site.block):
            break
    return found or list(bindings)


def _may_come_before(mutation: Mutation, site: Site | None) -> bool:
    if site is None or mutation.index < site.index:
        return True
    return _shares_a_loop(mutation.block, site.block)
