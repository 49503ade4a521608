"""Where OpenAI's API is used in a module: the calls, the clients that are made, and what openai no longer has."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from . import clients, libraries
from .evaluate import Evaluator
from .findings import Call, Finding
from .reader import read
from .values import UNKNOWN, Client, Connection, Name, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .clients import Defaults
    from .scopes import Site

_OURS: Final = ("openai", "zhipu_openai")

_LONGEST: Final = 6
"""Names in a row that are looked up as a method of openai's."""

_FEW: Final = 2
"""Names in a row that other libraries have too."""

_NO_REQUEST: Final = frozenset({"unwrap", "verify_signature"})
"""Methods of openai's that make no HTTP request."""


def find(tree: ast.Module, defaults: Defaults) -> list[Call]:
    """Find out what is used in a module, and what becomes of it, in the order of the text."""
    finder = _Finder(tree, defaults)
    found = [*finder.calls(), *finder.gone()]
    return sorted(found, key=lambda one: (one.line, one.column, one.operation))


class _Finder:
    def __init__(self, tree: ast.Module, defaults: Defaults) -> None:
        self.module = read(tree)
        self.evaluator = Evaluator(self.module)
        self.defaults = defaults
        self.speaks_openai = not self.module.packages.isdisjoint(_OURS)
        self._module_client: Client | None = None

    def calls(self) -> Iterator[Call]:
        """Give the calls."""
        self._module_client = self._of_module()
        for node, site in self.module.calls:
            value = self.evaluator.value(node.func, site)
            if isinstance(value, Name):
                yield from self._named(node, site, value)
            elif isinstance(value, Resource):
                yield from self._api(node, site, value.path, value.client)
            elif isinstance(value, Connection):
                yield from self._event(node, site, value)
            elif value is UNKNOWN and isinstance(node.func, ast.Attribute):
                yield from self._looks_like_one(node, site)

    def _of_module(self) -> Client:
        """Give openai's module-level client, as far as the module sets it up."""
        arguments: dict[Any, Any] = {}
        family = "zhipu" if "zhipu_openai" in self.module.packages else "openai"
        for target, value, site in self.module.assigned:
            of = self.evaluator.value(target.value, site)
            if isinstance(of, Name) and of.full in _OURS:
                arguments[target.attr] = self.evaluator.value(value, site)
        return Client("elsewhere" if arguments.get("api_type") == "azure" else family, arguments)  # type: ignore[arg-type]  # one of them

    # What is called.

    def _named(self, node: ast.Call, site: Site, value: Name) -> Iterator[Call]:
        family = libraries.client_family(value.full)
        if family is not None:
            made = self.evaluator.value(node, site)
            said = clients.said_of(value.full, made, self.defaults) if isinstance(made, Client) else []
            if said:
                yield _call(node, f"{value.full.rpartition('.')[2]}(...)", said)
            return
        row = libraries.framework(value.full)
        if row is not None:
            yield _call(node, f"{value.full.rpartition('.')[2]}(...)", [Finding("note", "", row.advice)])
            return
        package, _, rest = value.full.partition(".")
        path = tuple(rest.split("."))
        if package in _OURS and clients.is_resource(path[0]):
            yield from self._api(node, site, path, self._module_client)
        elif package not in _OURS and not libraries.is_another_provider(value.full):
            yield from self._looks_like_one(node, site)

    def _api(
        self,
        node: ast.Call,
        site: Site,
        path: tuple[str, ...],
        client: Client | None,
        *,
        certain: bool = True,
    ) -> Iterator[Call]:
        own = path[0] == "zhipu" or any(name.startswith("_") for name in path)
        if len(path) == 1 or own or path[-1] in _NO_REQUEST:
            return
        client = client or Client("openai")
        if clients.is_elsewhere(client, self.defaults):
            return
        if path[-1] == "connect":
            yield from self._connection(node, site, path, client)
            return
        from . import rules  # noqa: PLC0415 - the tables are read for the first call

        verdict = rules.judge(
            clients.where(client, self.defaults),
            path,
            self.evaluator.arguments(node, site),
            self.evaluator.positional(node, site),
        )
        if not certain and len(path) == _FEW and any(one.kind == "absent" for one in verdict.findings):
            return  # a method of the same name of something else
        made = _call(node, ".".join(path), verdict.findings)
        made.route, made.model, made.certain = verdict.route, verdict.model, certain
        if not certain:
            made.findings = [_unsure(one) for one in made.findings]
        yield made

    def _connection(
        self, node: ast.Call, site: Site, path: tuple[str, ...], client: Client
    ) -> Iterator[Call]:
        if path[-2:] != ("realtime", "connect"):
            return
        from . import realtime  # noqa: PLC0415 - for realtime alone

        where = clients.where(client, self.defaults)
        said = realtime.connecting(where, path, self.evaluator.arguments(node, site))
        if said:
            yield _call(node, ".".join(path), said)

    def _event(self, node: ast.Call, site: Site, sent: Connection) -> Iterator[Call]:
        client = sent.client or Client("openai")
        if not sent.path or clients.is_elsewhere(client, self.defaults):
            return
        from . import realtime  # noqa: PLC0415 - for realtime alone

        where = clients.where(client, self.defaults)
        said = realtime.sending(where, sent.path, self.evaluator.arguments(node, site))
        if said:
            yield _call(node, ".".join(("realtime", *sent.path)), said)

    def _looks_like_one(self, node: ast.Call, site: Site) -> Iterator[Call]:
        """Take the call of a method of openai's on something unknown for one, and say so."""
        names: list[str] = []
        inner: ast.expr = node.func
        while isinstance(inner, ast.Attribute):
            names.insert(0, inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            names.insert(0, inner.id)
        if "zhipu" in names:
            return
        for length in range(min(len(names), _LONGEST), 1, -1):
            path = tuple(names[-length:])
            if not clients.is_resource(path[0]) or not clients.is_method(path):
                continue
            before = names[-length - 1] if len(names) > length else ""
            named = "client" in before.lower() or "openai" in before.lower()
            if length > _FEW or self.speaks_openai or named:
                yield from self._api(node, site, path, None, certain=False)
            return

    # What openai no longer has.

    def gone(self) -> Iterator[Call]:
        """Give the uses of what openai had before 1.0, and the settings of its module-level client."""
        for target, _, site in self.module.assigned:
            of = self.evaluator.value(target.value, site)
            if self._module_client is not None and isinstance(of, Name) and of.full in _OURS:
                given = {target.attr: self._module_client.arguments.get(target.attr)}
                said = clients.said_of("OpenAI", Client(self._module_client.family, given), self.defaults)
                if said and target.attr != "api_type":
                    yield _call(target, f"openai.{target.attr}", said)
        targets = ((target, site) for target, _, site in self.module.assigned)
        for node, site in (*self.module.used, *targets):
            of = self.evaluator.value(node.value, site)
            if isinstance(of, Name) and of.full == "openai" and clients.is_gone(node.attr):
                instead = libraries.BEFORE_1_0.get(node.attr)
                advice = f" Use {instead}." if instead else ""
                detail = f"openai has no {node.attr} since 1.0.{advice}"
                yield _call(node, f"openai.{node.attr}", [Finding("absent", "", detail)])


def _call(node: ast.expr, operation: str, findings: list[Finding]) -> Call:
    """Make the report of a place; a chain over several lines is where its last name is."""
    line, column = node.lineno, node.col_offset
    return Call(line, column + 1, node.end_lineno or line, operation, findings=findings)


def _unsure(one: Finding) -> Finding:
    return Finding(one.kind, one.field, one.detail, certain=False, depends_on=one.depends_on or "receiver")
