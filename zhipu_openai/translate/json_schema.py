"""Tool and answer schemas in a plain form that GLM follows, and tool arguments put right afterwards.

Frameworks derive their schemas from typed models, so these are full of ``$ref``/``$defs`` and of
``anyOf`` with a null branch. With such a tool GLM has returned nested arguments as JSON *strings*
(vllm-project/vllm#46924 and pydantic-ai's note on its #10243, both 2026), and one unconfirmed report has
the parser answer HTTP 500. So a schema is flattened before it is sent (``simplify``), and arguments are
held against the schema when they come back (``repair_arguments``).

Only places where JSON Schema expects a schema are touched: a property that happens to be named ``title``
or ``$ref``, and data under ``default``, ``examples`` or ``enum``, stay as they are.
"""

from __future__ import annotations

import copy
import json
import math
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias, overload
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

JsonSchema: TypeAlias = "dict[str, Any] | bool"

_DEFINITIONS: Final = frozenset({"$defs", "definitions"})
_MAPS_OF_SCHEMAS: Final = frozenset({"properties", "patternProperties", "dependentSchemas", "dependencies"})
_LISTS_OF_SCHEMAS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "items"})
_SCHEMAS: Final = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)

# Keywords that say nothing about validity; the ones beside a reference win over those of its target.
_ANNOTATIONS: Final = frozenset(
    {
        "$comment",
        "default",
        "deprecated",
        "description",
        "example",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    }
)

# Keywords whose meaning depends on their neighbours, so that two schemas that both hold some of them
# cannot be poured into one.
_INTERDEPENDENT: Final = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "dependencies",
        "dependentSchemas",
        "else",
        "if",
        "items",
        "maxContains",
        "minContains",
        "patternProperties",
        "prefixItems",
        "properties",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)

_TYPES: Final = ("object", "array", "string", "number", "integer", "boolean", "null")
_ANY_TYPE: Final = frozenset(_TYPES)

# A schema that grows beyond this many nodes when inlined (many types that all refer to each other) is
# inlined again, to fewer levels of references, until it fits. A tool's real schema has tens of nodes.
_MAX_NODES: Final = 5_000
_REFERENCE_DEPTHS: Final = (math.inf, 8, 5, 3, 2)
_LEAST_REFERENCE_DEPTH: Final = 1

_MAY_BE_NULL: Final = "(may be null)"


def parse_json(text: str) -> Any:
    """Parse JSON as RFC 8259 has it: no ``NaN`` or ``Infinity``, nor a number too large for a float.

    Raises:
        ValueError: if the text is not JSON in that sense.
        RecursionError: if it is nested too deeply to be parsed.
    """
    return _STRICT.decode(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _finite_float(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise ValueError(f"the number {literal[:40]} is too large")
    return number


_STRICT: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite_float)


def compact_json(value: Any) -> str:
    """Serialise a JSON value on one line without spaces, non-ASCII text as it is.

    Half a surrogate pair cannot be sent as UTF-8; a value that contains one is escaped to ASCII.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def inline_refs(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with its local references replaced by what they refer to.

    Every ``$ref`` that is a JSON pointer into the same schema (``#/$defs/…``, ``#/definitions/…``, ``#``
    or any other) is replaced, ``$defs`` and ``definitions`` are dropped. Keywords beside a ``$ref`` are
    kept: annotations such as ``description`` and ``default`` win over the target's own; constraints that
    cannot be poured into the target are joined with ``allOf``. A recursive reference is replaced once
    and, where it appears again on the same path, cut to the target's ``type`` and ``description``. A
    schema that would still explode (many types that refer to each other) is cut in the same way after
    fewer levels. References that lead nowhere or elsewhere stay as they are. The ``mapping`` of an
    OpenAPI ``discriminator`` goes with the definitions that it points at.

    Args:
        schema: a JSON Schema; it is not changed, and nothing in the result is shared with it.

    Returns:
        A new schema, finite and without a reference that could be resolved.
    """
    return _inlined(schema)[0]


@overload
def simplify(schema: dict[str, Any]) -> tuple[dict[str, Any], list[str]]: ...
@overload
def simplify(schema: bool) -> tuple[bool, list[str]]: ...
def simplify(schema: JsonSchema) -> tuple[JsonSchema, list[str]]:
    """Return the schema in the plainest form that still says the same, for a model to follow.

    References are inlined (see ``inline_refs``). A union of one schema with null becomes that schema, its
    description ending in "(may be null)"; real unions stay ``anyOf``. Combinators with a single element
    are merged into their parent, ``const`` becomes an ``enum`` of one, a ``title`` beside a ``type`` is
    dropped (generators repeat the name there), and so is ``strict``, which is no JSON Schema keyword.
    Doing it twice changes nothing more.

    Validate against the original schema, not against this one: null is only said in words here.

    Args:
        schema: a JSON Schema, ``True`` or ``False``; it is not changed.

    Returns:
        The new schema, and a note for each place where something is now said less exactly or where a
        reference could not be resolved, each beginning with the place as a JSON pointer.
    """
    if not isinstance(schema, dict):
        return schema, []
    inlined, notes = _inlined(schema)
    return _simplified(inlined, "#", notes), notes


def repair_arguments(arguments: str, schema: JsonSchema) -> str:
    """Turn nested tool arguments that GLM returned as JSON strings back into objects and arrays.

    A string is replaced, at any depth, only where the schema admits an object or an array and no string,
    and only if it parses to exactly such a value. Nothing is guessed: a place about which the schema is
    silent, or a string that does not parse, stays as it is.

    Args:
        arguments: the ``arguments`` of a tool call as received. An empty text means no arguments.
        schema: the tool's ``parameters``, preferably as the caller gave them; references are followed, so
            that recursive schemas are seen to their full depth.

    Returns:
        The repaired JSON text, ``"{}"`` for an empty one, or the very same string if there is nothing to
        repair or it is not JSON.
    """
    if not arguments:
        return "{}"
    try:
        value = parse_json(arguments)
        repaired = _Reader(schema).repaired(value, schema)
    except (ValueError, RecursionError):
        return arguments
    return arguments if repaired is value else compact_json(repaired)


def _inlined(schema: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    for depth in _REFERENCE_DEPTHS:
        inliner = _Inliner(schema, depth, _MAX_NODES)
        inlined = inliner.run()
        if inlined is not None:
            return inlined, inliner.notes
    inliner = _Inliner(schema, _LEAST_REFERENCE_DEPTH, math.inf)
    return inliner.run() or {}, inliner.notes


class _TooLargeError(Exception):
    """The inlined schema has outgrown its limit."""


class _Inliner:
    """One attempt at inlining a schema, down to ``max_depth`` nested references."""

    def __init__(self, root: dict[str, Any], max_depth: float, max_nodes: float) -> None:
        self.notes: list[str] = []
        self._root = root
        self._reader = _Reader(root)
        self._max_depth = max_depth
        self._nodes_left = max_nodes

    def run(self) -> dict[str, Any] | None:
        """Return the inlined schema, or None if it would be too large."""
        try:
            return self._expand(self._root, "#", frozenset(), 0)
        except _TooLargeError:
            return None

    def _expand(self, node: dict[str, Any], place: str, path: frozenset[int], depth: int) -> dict[str, Any]:
        self._nodes_left -= 1
        if self._nodes_left < 0:
            raise _TooLargeError
        inside = path | {id(node)}

        def expand_member(member: Any, at: str) -> Any:
            if isinstance(member, dict):
                return self._expand(member, f"{place}/{at}", inside, depth)
            return copy.deepcopy(member)

        target = self._reader.target(node)
        if target is None and "$ref" in node:
            self.notes.append(f"{place}: the reference {node['$ref']!r} leads nowhere and was left")
        kept = {
            key: value
            for key, value in node.items()
            if key not in _DEFINITIONS and not (key == "$ref" and target is not None)
        }
        siblings = _rebuilt(kept, expand_member)
        discriminator = siblings.get("discriminator")
        if isinstance(discriminator, dict):
            discriminator.pop("mapping", None)
        if target is None:
            return siblings
        return _joined(self._substitute(node, target, place, inside, depth), siblings)

    def _substitute(
        self, node: dict[str, Any], target: JsonSchema, place: str, inside: frozenset[int], depth: int
    ) -> dict[str, Any]:
        """Return what stands for the reference in node, apart from the keywords beside it."""
        if not isinstance(target, dict):
            return {} if target else {"not": {}}
        if id(target) in inside:
            self.notes.append(f"{place}: the recursive reference {node['$ref']!r} was cut to its type")
        elif depth >= self._max_depth:
            self.notes.append(
                f"{place}: the reference {node['$ref']!r} was cut to its type to limit the size"
            )
        else:
            return self._expand(target, place, inside, depth + 1)
        return self._reader.outline(target)


def _rebuilt(node: dict[str, Any], change: Callable[[Any, str], Any]) -> dict[str, Any]:
    """Copy a schema, with ``change(member, its place within node)`` for each schema directly inside it."""

    def rebuilt_value(key: str, value: Any) -> Any:
        if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
            return {name: change(member, f"{key}/{name}") for name, member in value.items()}
        if key in _LISTS_OF_SCHEMAS and isinstance(value, list):
            return [change(member, f"{key}/{index}") for index, member in enumerate(value)]
        if key in _SCHEMAS:
            return change(value, key)
        return copy.deepcopy(value)

    return {key: rebuilt_value(key, value) for key, value in node.items()}


def _poured(inner: dict[str, Any], outer: dict[str, Any]) -> dict[str, Any] | None:
    """Return one flat schema that demands both, the outer's annotations winning, or None if there is none."""
    for key in inner.keys() & outer.keys() - _ANNOTATIONS:
        if inner[key] != outer[key]:
            return None
    if inner.keys() & _INTERDEPENDENT and outer.keys() & _INTERDEPENDENT:
        return None
    return {**inner, **outer}


def _joined(inner: dict[str, Any], outer: dict[str, Any]) -> dict[str, Any]:
    poured = _poured(inner, outer)
    if poured is not None:
        return poured
    others = outer.get("allOf")
    return {**outer, "allOf": [*(others if isinstance(others, list) else ()), inner]}


def _simplified(node: Any, place: str, notes: list[str]) -> Any:
    if not isinstance(node, dict):
        return node
    plain = _rebuilt(node, lambda member, at: _simplified(member, f"{place}/{at}", notes))
    if "const" in plain and "enum" not in plain:
        plain = {
            "enum" if key == "const" else key: [value] if key == "const" else value
            for key, value in plain.items()
        }
    # One keyword resolved can free the way for another; each round removes one level of combinators.
    while (resolved := _with_one_combinator_less(plain, place, notes)) is not None:
        plain = resolved
    if "type" in plain and isinstance(plain.get("title"), str):
        del plain["title"]
    if isinstance(plain.get("strict"), bool):
        del plain["strict"]
    return plain


def _with_one_combinator_less(node: dict[str, Any], place: str, notes: list[str]) -> dict[str, Any] | None:
    """Merge the first ``anyOf``, ``oneOf`` or ``allOf`` that leaves no choice; None if there is none."""
    for keyword in ("anyOf", "oneOf", "allOf"):
        branches = node.get(keyword)
        if not isinstance(branches, list):
            continue
        optional = keyword != "allOf" and len(branches) > 1
        choices = [branch for branch in branches if not _is_null(branch)] if optional else branches
        if len(choices) != 1:
            continue
        choice = {} if choices[0] is True else choices[0]
        if not isinstance(choice, dict):
            continue
        merged = _poured(choice, {key: value for key, value in node.items() if key != keyword})
        if merged is None:
            continue
        if optional:
            merged["description"] = _said_nullable(merged.get("description"))
            notes.append(f"{place}: that it may be null is said in the description only")
        return merged
    return None


def _is_null(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    constraints = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
    return bool(constraints) and constraints in (
        {"type": "null"},
        {"enum": [None]},
        {"type": "null", "enum": [None]},
    )


def _said_nullable(description: Any) -> str:
    if not isinstance(description, str) or not description.strip():
        return _MAY_BE_NULL
    return description if description.endswith(_MAY_BE_NULL) else f"{description} {_MAY_BE_NULL}"


class _Reader:
    """What a schema says about types, its references followed but never expanded.

    All answers err on the side of admitting too much, so a repair that relies on them is never a guess.
    """

    def __init__(self, root: JsonSchema) -> None:
        self._root = root
        # By identity; the schema is kept beside its answer so that its id cannot be given to another.
        self._known_types: dict[int, tuple[Any, frozenset[str]]] = {}

    def target(self, node: dict[str, Any]) -> JsonSchema | None:
        """Return the schema that the node's ``$ref`` points at within this root, if it does."""
        ref = node.get("$ref")
        if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
            return None
        found: Any = self._root
        for token in unquote(ref).split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                return None
        return found if isinstance(found, (dict, bool)) else None

    def types(self, schema: Any) -> frozenset[str]:
        """Return the JSON types that a valid value can have; all of them where the schema is silent."""
        if schema is False:
            return frozenset()
        if not isinstance(schema, dict):
            return _ANY_TYPE
        if id(schema) not in self._known_types:
            # What the way back to itself adds is unknown while it is being worked out.
            self._known_types[id(schema)] = (schema, _ANY_TYPE)
            self._known_types[id(schema)] = (schema, self._types(schema))
        return self._known_types[id(schema)][1]

    def _types(self, schema: dict[str, Any]) -> frozenset[str]:
        admitted = _declared_types(schema.get("type"))
        target = self.target(schema)
        if target is not None:
            admitted &= self.types(target)
        for part in _listed(schema, "allOf"):
            admitted &= self.types(part)
        for keyword in ("anyOf", "oneOf"):
            if isinstance(schema.get(keyword), list):
                admitted &= frozenset().union(*map(self.types, schema[keyword]))
        if isinstance(schema.get("enum"), list):
            admitted &= frozenset().union(*map(_types_of, schema["enum"]))
        if "const" in schema:
            admitted &= _types_of(schema["const"])
        return admitted

    def outline(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return no more than the schema's type and description."""
        admitted = self.types(schema)
        names = [name for name in _TYPES if name in admitted]
        if "number" in names and "integer" in names:
            names.remove("integer")
        outline: dict[str, Any] = {}
        if admitted != _ANY_TYPE and names:
            outline["type"] = names[0] if len(names) == 1 else names
        if "description" in schema:
            outline["description"] = copy.deepcopy(schema["description"])
        return outline

    def repaired(self, value: Any, schema: Any) -> Any:
        """Return value with stringified objects and arrays parsed; the same object if there are none."""
        if isinstance(value, str):
            return self._unquoted(value, schema)
        if isinstance(value, dict):
            fields = {
                name: self.repaired(field, self._member(schema, value, name, {}))
                for name, field in value.items()
            }
            return fields if any(fields[name] is not field for name, field in value.items()) else value
        if isinstance(value, list):
            items = [
                self.repaired(item, self._member(schema, value, index, {}))
                for index, item in enumerate(value)
            ]
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        return value

    def _unquoted(self, value: str, schema: Any) -> Any:
        admitted = self.types(schema)
        if "string" in admitted or not admitted & {"object", "array"}:
            return value
        try:
            parsed = parse_json(value)
        except ValueError:
            return value
        if not isinstance(parsed, (dict, list)) or not admitted & _types_of(parsed):
            return value
        return self.repaired(parsed, schema)

    def _member(self, schema: Any, parent: Any, key: str | int, seen: dict[int, Any]) -> Any:
        """Return a schema for ``parent[key]``, where schema is the one for parent.

        ``seen`` holds the answers for this parent and key: schemas may share parts, or lead back to
        themselves.
        """
        if not isinstance(schema, dict):
            return schema is not False
        if id(schema) in seen:
            return seen[id(schema)]
        seen[id(schema)] = True
        target = self.target(schema)
        demands = [
            _own_member(schema, key),
            True if target is None else self._member(target, parent, key, seen),
            *(self._member(part, parent, key, seen) for part in _listed(schema, "allOf")),
        ]
        for keyword in ("anyOf", "oneOf"):
            if isinstance(schema.get(keyword), list):
                open_branches = (branch for branch in schema[keyword] if not self._excludes(branch, parent))
                demands.append(
                    {"anyOf": [self._member(branch, parent, key, seen) for branch in open_branches]}
                )
        demands = [demand for demand in demands if demand is not True]
        seen[id(schema)] = demands[0] if len(demands) == 1 else {"allOf": demands}
        return seen[id(schema)]

    def _excludes(self, branch: Any, value: Any) -> bool:
        """Tell whether value, an object or array, certainly does not fit this branch of a union."""
        if not self.types(branch) & _types_of(value):
            return True
        if not isinstance(value, dict):
            return False
        passed: set[int] = set()
        while isinstance(branch, dict) and id(branch) not in passed:
            passed.add(id(branch))
            target = self.target(branch)
            branch = branch if target is None else target
        if not isinstance(branch, dict):
            return False
        required = branch.get("required")
        if isinstance(required, list) and any(
            isinstance(name, str) and name not in value for name in required
        ):
            return True
        properties = branch.get("properties")
        return isinstance(properties, dict) and any(
            name in value and _differs(value[name], member) for name, member in properties.items()
        )


def _declared_types(declared: Any) -> frozenset[str]:
    names = declared if isinstance(declared, list) else [declared]
    if not all(isinstance(name, str) and name in _ANY_TYPE for name in names):
        return _ANY_TYPE
    return frozenset(names) | ({"integer"} if "number" in names else frozenset())


def _types_of(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset({"null"})
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, (int, float)):
        return frozenset({"integer", "number"})
    if isinstance(value, str):
        return frozenset({"string"})
    return frozenset({"array" if isinstance(value, list) else "object"})


def _listed(schema: dict[str, Any], keyword: str) -> list[Any]:
    parts = schema.get(keyword)
    return parts if isinstance(parts, list) else []


def _own_member(schema: dict[str, Any], key: str | int) -> Any:
    """Return what the schema's own keywords, combinators aside, demand of the member at key."""
    if isinstance(key, str):
        properties = schema.get("properties")
        if isinstance(properties, dict) and key in properties:
            return properties[key]
        # Which pattern a name matches is left open: regular expressions differ between languages.
        return True if schema.get("patternProperties") else schema.get("additionalProperties", True)
    items = schema.get("items", True)
    # Before JSON Schema 2020-12 a list under "items" was what "prefixItems" is now.
    prefix, rest = (
        (items, schema.get("additionalItems", True))
        if isinstance(items, list)
        else (_listed(schema, "prefixItems"), items)
    )
    return prefix[key] if key < len(prefix) else rest


def _differs(value: Any, schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    if "const" in schema:
        return bool(schema["const"] != value)
    return isinstance(schema.get("enum"), list) and value not in schema["enum"]
