"""Requests and answers held against Zhipu's official specification, where a copy of it lies beside the repository.

``violations`` lists what a JSON value breaks; a spec that is not there makes the test that asks be skipped.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SPECIFICATION = Path(__file__).parents[2] / "shared" / "openapi" / "bigmodel-openapi-2026-07-11.json"


@cache
def specification() -> dict[str, Any]:
    """Read the specification, or skip the test."""
    if not SPECIFICATION.exists():
        pytest.skip("the official specification does not lie beside this repository")
    loaded: dict[str, Any] = json.loads(SPECIFICATION.read_text("utf-8"))
    return loaded


def request_violations(method: str, path: str, body: Any, *, kind: str = "application/json") -> list[str]:
    """List what a request body breaks.

    Args:
        method: The HTTP method.
        path: The path as the specification writes it, such as ``/paas/v4/rerank`` or ``/paas/v4/files/{file_id}``.
        body: The decoded body; for a form, its text fields by name and a text for each file.
        kind: The content type under which the body is specified.
    """
    operation = specification()["paths"][path][method.lower()]
    return _violations(operation["requestBody"]["content"][kind]["schema"], body)


def answer_violations(method: str, path: str, body: Any, *, kind: str = "application/json") -> list[str]:
    """List what the body of a successful answer breaks."""
    operation = specification()["paths"][path][method.lower()]
    return _violations(operation["responses"]["200"]["content"][kind]["schema"], body)


def query_violations(method: str, path: str, query: dict[str, str]) -> list[str]:
    """List the query parameters that the specification requires and that are missing, and those it does not know."""
    operation = specification()["paths"][path][method.lower()]
    known = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    missing = [name for name, one in known.items() if one.get("required") and name not in query]
    return [f"{name} is missing" for name in missing] + [
        f"{name} is unknown" for name in query.keys() - known
    ]


def _violations(schema: dict[str, Any], value: Any) -> list[str]:
    import jsonschema

    whole = {**_plain(schema), "components": _components()}
    validator = jsonschema.Draft4Validator(whole)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@cache
def _components() -> dict[str, Any]:
    components: dict[str, Any] = _plain(specification()["components"])
    return components


def _plain(schema: Any) -> Any:
    """Turn OpenAPI 3.0's ``nullable`` into JSON Schema's own word for it.

    ``oneOf`` counts as ``anyOf``: the specification writes it where several of its choices hold at once.
    """
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    renamed = {"oneOf": "anyOf"}
    made = {renamed.get(name, name): _plain(value) for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        made["type"] = [schema["type"], "null"]
    return made
