"""Walks over a module, and finds its scopes, bindings and calls.

Nothing is decided here about values; `evaluate` does that.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .scopes import Binding, Module, Mutation, Scope, Site

if TYPE_CHECKING:
    from .scopes import BindingKind, Block


class _Reader(ast.NodeVisitor):
    """Walks over a module in the order in which it runs, as far as there is one."""

    def __init__(self, tree: ast.Module) -> None:
        self.scope = Scope("module", None, tree)
        self.module = Module(self.scope)
        self.module.scopes[tree] = self.scope
        self.index = 0
        self.block: Block = ()
        self._inner: list[tuple[Scope, list[ast.stmt]]] = []

    def read(self, tree: ast.Module) -> Module:
        self._all(tree.body)
        # Functions run later than the text around them, so their bodies are read behind it.
        while self._inner:
            self.scope, body = self._inner.pop(0)
            self.block = ()
            self._all(body)
        return self.module

    # What is bound.

    def _bind(self, name: str, kind: BindingKind, **more: object) -> None:
        self.index += 1
        home = self.scope.elsewhere.get(name, self.scope)
        block = self.block if home is self.scope else ((-1, 0, False),)
        binding = Binding(kind, self.scope, self.index, block, **more)  # type: ignore[arg-type]  # by name
        home.bindings.setdefault(name, []).append(binding)

    def _assign(self, target: ast.expr, value: ast.expr | None, annotation: ast.expr | None = None) -> None:
        if isinstance(target, ast.Name):
            kind: BindingKind = "value" if value is not None or annotation is not None else "other"
            self._bind(target.id, kind, expression=value, annotation=annotation)
        elif isinstance(target, (ast.Tuple, ast.List)):
            paired = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
            starred = any(isinstance(one, ast.Starred) for one in target.elts)
            for place, one in enumerate(target.elts):
                inner = one.value if isinstance(one, ast.Starred) else one
                known = value.elts[place] if paired and not starred else None  # type: ignore[union-attr]  # paired
                self._assign(inner, known)
        elif isinstance(target, ast.Attribute):
            self._assign_attribute(target, value, annotation)
        elif isinstance(target, ast.Subscript):
            self.visit(target.slice)
            self._mutate(target.value, key=target.slice, value=value)

    def _assign_attribute(
        self, target: ast.Attribute, value: ast.expr | None, annotation: ast.expr | None
    ) -> None:
        self.visit(target.value)
        self.index += 1
        method = self._method()
        if method is not None and isinstance(target.value, ast.Name) and target.value.id == method.me:
            kind: BindingKind = "value" if value is not None or annotation is not None else "other"
            binding = Binding(kind, self.scope, self.index, self.block, value, annotation=annotation)
            if method.owner is not None:
                method.owner.attributes.setdefault(target.attr, []).append(binding)
        elif isinstance(target.value, ast.Name):
            self.module.assigned.append((target, value, Site(self.scope, self.index, self.block)))

    def _method(self) -> Scope | None:
        """Find the method inside which the text stands."""
        scope: Scope | None = self.scope
        while scope is not None and scope.me is None:
            scope = scope.parent
        return scope

    def _mutate(self, target: ast.expr, key: ast.expr | None = None, value: ast.expr | None = None) -> None:
        root = target
        inside = False
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            key = root.slice if isinstance(root, ast.Subscript) else None
            root, value, inside = root.value, None, True
        if isinstance(root, ast.Name):
            self.index += 1
            home: Scope | None = self.scope
            while home is not None and root.id not in home.bindings:
                home = home.parent
            mutation = Mutation(self.index, self.block, key, value, inside)
            (home or self.scope).mutations.setdefault(root.id, []).append(mutation)

    # Blocks.

    def _all(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            self.visit(node)

    def _branch(self, nodes: list[ast.stmt], place: int, *, loop: bool = False) -> None:
        outer = self.block
        self.block = (*outer, (place, len(nodes) and nodes[0].lineno, loop))
        self._all(nodes)
        self.block = outer

    def visit_If(self, node: ast.If) -> None:
        """Read both branches."""
        self.visit(node.test)
        self._branch(node.body, id(node))
        self._branch(node.orelse, id(node))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        outer = self.block
        self.block = (*outer, (id(node), node.lineno, True))
        if not isinstance(node, ast.While):
            self._each(node.target, node.iter)
        else:
            self.visit(node.test)
        self._all(node.body)
        self.block = outer
        self._branch(node.orelse, id(node))

    def _each(self, target: ast.expr, values: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, "each", expression=values)
        else:
            self._unknown(target)

    def visit_For(self, node: ast.For) -> None:
        """Read what is gone through, then the body."""
        self.visit(node.iter)
        self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        """Read it like any other loop."""
        self.visit(node.iter)
        self._loop(node)

    def visit_While(self, node: ast.While) -> None:
        """Read the body."""
        self._loop(node)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        """Read the body as if it always ran to its end, the handlers as branches."""
        self._all(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.visit(handler.type)
            outer = self.block
            self.block = (*outer, (id(node), handler.lineno, False))
            if handler.name is not None:
                self._bind(handler.name, "other")
            self._all(handler.body)
            self.block = outer
        self._branch(node.orelse, id(node))
        self._all(node.finalbody)

    def visit_Try(self, node: ast.Try) -> None:
        """Read the body and the handlers."""
        self._try(node)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        """Read it like any other try."""
        self._try(node)

    def visit_Match(self, node: ast.Match) -> None:
        """Read the cases as branches."""
        self.visit(node.subject)
        for case in node.cases:
            outer = self.block
            self.block = (*outer, (id(node), case.body[0].lineno, False))
            for inner in ast.walk(case.pattern):
                name = getattr(inner, "name", None) or getattr(inner, "rest", None)
                if isinstance(name, str):
                    self._bind(name, "other")
            if case.guard is not None:
                self.visit(case.guard)
            self._all(case.body)
            self.block = outer

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if isinstance(item.optional_vars, ast.Name):
                self._bind(item.optional_vars.id, "entered", expression=item.context_expr)
            elif item.optional_vars is not None:
                self._unknown(item.optional_vars)
        self._all(node.body)

    def visit_With(self, node: ast.With) -> None:
        """Read what is entered, then the body."""
        self._with(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        """Read it like any other with."""
        self._with(node)

    def _unknown(self, target: ast.expr) -> None:
        for inner in ast.walk(target):
            if isinstance(inner, ast.Name):
                self._bind(inner.id, "other")

    # Statements that bind.

    def visit_Assign(self, node: ast.Assign) -> None:
        """Read the value, then bind the names."""
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Read the value, then bind the name, which the annotation says more of."""
        if node.value is not None:
            self.visit(node.value)
        self._assign(node.target, node.value, node.annotation)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Take the name as changed."""
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._bind(node.target.id, "other")
        else:
            self._mutate(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Read the value, then bind the name."""
        self.visit(node.value)
        self._assign(node.target, node.value)

    def visit_Delete(self, node: ast.Delete) -> None:
        """Take what is deleted as changed."""
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._bind(target.id, "other")
            else:
                self._mutate(target)

    def visit_Import(self, node: ast.Import) -> None:
        """Bind the modules."""
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self.module.packages.add(top)
            self._bind(alias.asname or top, "imported", full=alias.name if alias.asname else top)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Bind the names."""
        module = "." * node.level + (node.module or "")
        self.module.packages.add(module.partition(".")[0])
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias.asname or alias.name, "imported", full=f"{module}.{alias.name}")
            elif module in ("openai", "zhipu_openai"):
                for name in ("OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI"):
                    self._bind(name, "imported", full=f"{module}.{name}")

    def _elsewhere(self, names: list[str], home: Scope | None) -> None:
        if home is not None:
            self.scope.elsewhere.update(dict.fromkeys(names, home))

    def visit_Global(self, node: ast.Global) -> None:
        """Bind these names in the module from here on."""
        self._elsewhere(node.names, self.module.scope)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        """Bind these names around this function from here on."""
        home = self.scope.parent
        while home is not None and (home.kind != "function" or node.names[0] not in home.bindings):
            home = home.parent
        self._elsewhere(node.names, home)

    # Scopes.

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for one in node.decorator_list:
            self.visit(one)
        self._defaults(node.args)
        self._bind(node.name, "function", node=node)
        owner = self.scope if self.scope.kind == "class" else None
        scope = Scope("function", self.scope, node, owner=owner)
        self.module.scopes[node] = scope
        self._parameters(scope, node.args)
        self._inner.append((scope, node.body))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Bind the name; the body is read later."""
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Bind the name; the body is read later."""
        self._function(node)

    def _defaults(self, args: ast.arguments) -> None:
        for one in (*args.defaults, *args.kw_defaults):
            if one is not None:
                self.visit(one)

    def _parameters(self, scope: Scope, args: ast.arguments) -> None:
        for one in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if one is not None:
                self.index += 1
                binding = Binding("parameter", scope, self.index, (), annotation=one.annotation)
                scope.bindings[one.arg] = [binding]

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Read the body in a scope of its own, then bind the name."""
        for one in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(one)
        outer, self.scope = self.scope, Scope("class", self.scope, node)
        self.module.scopes[node] = self.scope
        self._all(node.body)
        self.scope = outer
        self._bind(node.name, "class", node=node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Read the body where it stands."""
        self._defaults(node.args)
        outer, self.scope = self.scope, Scope("function", self.scope, node)
        self._parameters(self.scope, node.args)
        self.visit(node.body)
        self.scope = outer

    def _comprehension(self, node: ast.expr, generators: list[ast.comprehension], *values: ast.expr) -> None:
        outer, self.scope = self.scope, Scope("function", self.scope, node, inline=True)
        for one in generators:
            self.visit(one.iter)
            self._each(one.target, one.iter)
            for test in one.ifs:
                self.visit(test)
        for value in values:
            self.visit(value)
        self.scope = outer

    def visit_ListComp(self, node: ast.ListComp) -> None:
        """Read it in a scope of its own."""
        self._comprehension(node, node.generators, node.elt)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        """Read it in a scope of its own."""
        self._comprehension(node, node.generators, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        """Read it in a scope of its own."""
        self._comprehension(node, node.generators, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        """Read it in a scope of its own."""
        self._comprehension(node, node.generators, node.key, node.value)

    # What is used.

    def visit_Return(self, node: ast.Return) -> None:
        """Keep what a function gives."""
        if node.value is not None:
            self.visit(node.value)
            self.index += 1
            self.scope.returns.append((node.value, self.index, self.block))

    def visit_Call(self, node: ast.Call) -> None:
        """Keep the call, and what it may change."""
        self.generic_visit(node)
        self.index += 1
        self.module.calls.append((node, Site(self.scope, self.index, self.block)))
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
            self._mutate(node.func.value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Keep what is taken from a name."""
        if isinstance(node.value, ast.Name):
            self.module.used.append((node, Site(self.scope, self.index, self.block)))
        self.generic_visit(node)


_CHANGES = frozenset(
    {"append", "extend", "insert", "update", "setdefault", "pop", "clear", "remove", "popitem"}
)
"""Methods that change a list or a dict."""


def read(tree: ast.Module) -> Module:
    """Find the scopes, bindings and calls of a module."""
    return _Reader(tree).read(tree)
