"""An instance of a JSON schema: the arguments and objects with which the stand-in answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

_PARTS: Final = 2000  # a schema whose parts refer to each other in every way would never end otherwise
_LARGEST: Final = 1e15
_TEXT: Final = "stand-in"
_FORMATS: Final = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "duration": "P1D",
    "email": "stand-in@example.com",
    "hostname": "example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "time": "00:00:00Z",
    "uri": "https://example.com/stand-in",
    "uuid": "00000000-0000-4000-8000-000000000000",
}

Schema = Mapping[str, Any]


def instance_of(schema: Any) -> Any:
    """Make an instance of a JSON schema, the same one each time.

    It heeds ``examples``, ``default``, ``const``, ``enum``, bounds of numbers, lengths and common formats
    of strings, nested objects with all their properties, arrays of as many items as they need and at least
    one, unions (the first member that is not null) and local references. Recursion ends where the schema
    allows it to: an optional property is left out, an array is empty, a union is null. ``pattern``,
    ``uniqueItems`` and conditional keywords are not heeded.

    Args:
        schema: A JSON schema; True or anything that is no object stands for any value.

    Returns:
        The instance; an empty object for a schema that no finite instance fits.
    """
    root: Schema = schema if isinstance(schema, Mapping) else {}
    try:
        return _Maker(root).make(root, ())
    except _EndlessError:
        return {}


class _EndlessError(Exception):
    """A required part of the schema contains itself."""


class _Maker:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = _PARTS

    def make(self, schema: Any, path: tuple[str, ...]) -> Any:
        """Make an instance; ``path`` holds the references that led here."""
        self._left -= 1
        if self._left < 0:
            raise _EndlessError
        if not isinstance(schema, Mapping):
            return _TEXT
        schema, path = self._resolved(schema, path)
        given = _given(schema)
        if given:
            return given[0]
        for key in ("anyOf", "oneOf"):
            if isinstance(schema.get(key), list) and schema[key]:
                return self._union(schema, key, path)
        return self._of_type(schema, path)

    def _resolved(self, schema: Schema, path: tuple[str, ...]) -> tuple[Schema, tuple[str, ...]]:
        """Follow references and merge ``allOf``; what stands beside them goes before them."""
        merged: dict[str, Any] = dict(schema)
        while "$ref" in merged or "allOf" in merged:
            reference = merged.pop("$ref", None)
            parts = merged.pop("allOf", None)
            inherited = (
                [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
            )
            if isinstance(reference, str):
                if reference in path:
                    raise _EndlessError
                path = (*path, reference)
                inherited.append(self._target(reference))
            for part in inherited:
                merged = _merged(merged, part)
        return merged, path

    def _target(self, reference: str) -> Schema:
        """Find a local reference; one that leads nowhere stands for any value."""
        if not reference.startswith("#"):
            return {}
        found: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and name.isdigit() and int(name) < len(found):
                found = found[int(name)]
            elif isinstance(found, Mapping):
                found = found.get(name)
            else:
                return {}
        return found if isinstance(found, Mapping) else {}

    def _union(self, schema: Schema, key: str, path: tuple[str, ...]) -> Any:
        rest = {name: value for name, value in schema.items() if name != key}
        members = [member for member in schema[key] if isinstance(member, Mapping)]
        nulls = [member for member in members if member.get("type") == "null"]
        for member in [member for member in members if member not in nulls]:
            possible, made = self._attempt(_merged(rest, member), path)
            if possible:
                return made
        if nulls:
            return None
        raise _EndlessError

    def _of_type(self, schema: Schema, path: tuple[str, ...]) -> Any:
        kind = _type(schema)
        if kind == "object":
            return self._object(schema, path)
        if kind == "array":
            return self._array(schema, path)
        if kind in {"integer", "number"}:
            return _number(schema, whole=kind == "integer")
        if kind == "string":
            return _string(schema)
        return {"boolean": True, "null": None}.get(kind, _TEXT)

    def _attempt(self, schema: Any, path: tuple[str, ...]) -> tuple[bool, Any]:
        """Make an instance, or say that none is possible without recursion."""
        try:
            return True, self.make(schema, path)
        except _EndlessError:
            return False, None

    def _object(self, schema: Schema, path: tuple[str, ...]) -> dict[str, Any]:
        properties = schema.get("properties")
        required = schema.get("required")
        needed = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        made: dict[str, Any] = {}
        for name, part in (properties if isinstance(properties, Mapping) else {}).items():
            possible, value = self._attempt(part, path)
            if possible:
                made[name] = value
            elif name in needed:
                raise _EndlessError
        for name in needed:
            made.setdefault(name, _TEXT)
        return made

    def _array(self, schema: Schema, path: tuple[str, ...]) -> list[Any]:
        first = schema.get("prefixItems")
        if isinstance(first, list):
            return [self.make(part, path) for part in first]
        least = schema.get("minItems")
        wanted = max(1, least) if isinstance(least, int) else 1
        if schema.get("maxItems") == 0:
            return []
        possible, item = self._attempt(schema.get("items", {}), path)
        if not possible and isinstance(least, int) and least > 0:
            raise _EndlessError
        return [item] * wanted if possible else []


def _merged(over: Schema, under: Schema) -> dict[str, Any]:
    """Lay one schema over another; properties and required names add up."""
    merged = {**under, **over}
    for key in ("properties", "$defs", "definitions"):
        if isinstance(over.get(key), Mapping) and isinstance(under.get(key), Mapping):
            merged[key] = {**under[key], **over[key]}
    if isinstance(over.get("required"), list) and isinstance(under.get("required"), list):
        merged["required"] = [*under["required"], *over["required"]]
    return merged


def _given(schema: Schema) -> list[Any]:
    """Return a value that the schema itself names, as a list of at most one."""
    if "const" in schema:
        return [schema["const"]]
    examples, enum = schema.get("examples"), schema.get("enum")
    if isinstance(examples, list) and examples:
        return examples[:1]
    if "default" in schema:
        return [schema["default"]]
    return enum[:1] if isinstance(enum, list) else []


def _type(schema: Schema) -> str:
    named = schema.get("type")
    if isinstance(named, list):
        named = next((name for name in named if name != "null"), "null")
    if isinstance(named, str):
        return named
    if "properties" in schema or "required" in schema:
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else ""


def _string(schema: Schema) -> str:
    text = _FORMATS.get(str(schema.get("format")), _TEXT)
    least, most = schema.get("minLength"), schema.get("maxLength")
    if isinstance(least, int) and len(text) < least:
        text = (text * math.ceil(least / len(text)))[:least]
    return text[:most] if isinstance(most, int) and most >= 0 else text


def _number(schema: Schema, *, whole: bool) -> int | float:
    """Take the smallest number that the bounds allow, or the one nearest to 1 where there is no lower one."""
    step = _bound(schema, "multipleOf")
    size = step if step is not None and step > 0 else (1.0 if whole else None)
    low, above = _bound(schema, "minimum"), _bound(schema, "exclusiveMinimum")
    high, below = _bound(schema, "maximum"), _bound(schema, "exclusiveMaximum")
    value = 1.0
    if low is not None:
        value = low
    elif above is not None:
        value = _above(above, below if below is not None else high, size)
    elif high is not None:
        value = min(value, high)
    elif below is not None and below <= value:
        value = below - (size or 1)
    if size is not None:
        value = math.ceil(value / size) * size
        if high is not None and value > high:
            value = math.floor(high / size) * size
    return int(value) if whole or value.is_integer() else value


def _above(bound: float, limit: float | None, step: float | None) -> float:
    """Take a number above a bound: a step further, or half-way to the limit."""
    if step is not None:
        return (math.floor(bound / step) + 1) * step
    return bound + 1 if limit is None else (bound + min(limit, bound + 2)) / 2


def _bound(schema: Schema, key: str) -> float | None:
    value = schema.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _LARGEST:
        return None
    return float(value)
