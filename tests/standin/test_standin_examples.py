"""Instances of JSON schemas, from which the stand-in makes arguments and objects."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipu_openai.standin.examples import instance_of

NODE = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "n": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("schema", "instance"),
    [
        ({"type": "string"}, "stand-in"),
        ({"type": "string", "minLength": 10}, "stand-inst"),
        ({"type": "string", "maxLength": 3}, "sta"),
        ({"type": "string", "format": "date"}, "2026-01-01"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
        ({"type": "string", "format": "unheard-of"}, "stand-in"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 2.5}, 3),
        ({"type": "integer", "exclusiveMinimum": 2}, 3),
        ({"type": "integer", "maximum": -4}, -4),
        ({"type": "integer", "exclusiveMaximum": 1}, 0),
        ({"type": "integer", "minimum": 1, "multipleOf": 5}, 5),
        ({"type": "integer", "maximum": 3, "multipleOf": 5}, 0),
        ({"type": "number"}, 1),
        ({"type": "number", "minimum": 0.5}, 0.5),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
        ({"type": "number", "exclusiveMinimum": 7}, 8),
        ({"type": "integer", "minimum": float("inf"), "maximum": True}, 1),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": ["null", "integer"]}, 1),
        ({"type": ["null"]}, None),
        ({}, "stand-in"),
        (True, "stand-in"),
        ({"const": 5}, 5),
        ({"type": "string", "enum": ["b", "a"]}, "b"),
        ({"type": "string", "enum": ["b", "a"], "default": "a"}, "a"),
        ({"type": "string", "default": "a", "examples": ["x", "y"]}, "x"),
        ({"type": "string", "examples": []}, "stand-in"),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"items": {"type": "boolean"}, "minItems": 3}, [True, True, True]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": "b"}]}, [1, "b"]),
        ({"type": "object"}, {}),
        ({"required": ["a"]}, {"a": "stand-in"}),
        (
            {"properties": {"b": {"type": "boolean"}, "a": {"properties": {"c": {"const": 1}}}}},
            {"b": True, "a": {"c": 1}},
        ),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"oneOf": [{"type": "string", "maxLength": 2}, {"type": "integer"}]}, "st"),
        ({"anyOf": [{"type": "null"}]}, None),
        ({"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}}]}, {"a": 1, "b": 2}),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"const": 3}}}, 3),
        ({"$ref": "#/definitions/a~1b", "definitions": {"a/b": {"const": 3}}}, 3),
        ({"$ref": "#/$defs/l/1", "$defs": {"l": [{}, {"const": 3}]}}, 3),
        ({"$ref": "#/$defs/missing"}, "stand-in"),
        ({"$ref": "https://example.com/schema#/x"}, "stand-in"),
        ({"$ref": "#/$defs/x", "default": 9, "$defs": {"x": {"type": "integer"}}}, 9),
        ({"$ref": "#/$defs/node", "$defs": {"node": NODE}}, {"n": 1}),
        (
            {"type": "object", "properties": {"all": {"type": "array", "items": {"$ref": "#"}}}},
            {"all": [{"all": []}]},
        ),
        (
            {
                "$ref": "#/$defs/n",
                "$defs": {
                    "n": {
                        "properties": {"up": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]}},
                        "required": ["up"],
                    }
                },
            },
            {"up": None},
        ),
        # No finite instance fits: it contains itself.
        ({"$ref": "#/$defs/n", "$defs": {"n": {"properties": {"n": {"$ref": "#/$defs/n"}}, "required": ["n"]}}}, {}),
        ({"type": "array", "minItems": 1, "items": {"$ref": "#"}}, {}),
    ],
)  # fmt: skip
def test_an_instance_is_made_of_what_the_schema_says(schema: Any, instance: Any) -> None:
    made = instance_of(schema)
    assert made == instance
    assert type(made) is type(instance) or isinstance(instance, (int, float))


def test_parts_that_all_refer_to_each_other_come_to_an_end() -> None:
    names = [f"d{number}" for number in range(30)]
    everything = {"type": "object", "properties": {name: {"$ref": f"#/$defs/{name}"} for name in names}}
    assert set(instance_of({"$ref": "#/$defs/d0", "$defs": dict.fromkeys(names, everything)})) <= set(names)


LEAF = st.one_of(
    st.builds(
        lambda low, size: {"type": "integer", "minimum": low, "maximum": low + size},
        st.integers(-99, 99),
        st.integers(0, 9),
    ),
    st.builds(
        lambda low: {"type": "number", "exclusiveMinimum": low, "exclusiveMaximum": low + 1},
        st.integers(-9, 9),
    ),
    st.builds(lambda high: {"type": "integer", "exclusiveMaximum": high}, st.integers(-9, 9)),
    st.builds(
        lambda least, more: {"type": "string", "minLength": least, "maxLength": least + more},
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    st.builds(lambda values: {"enum": values}, st.lists(st.integers() | st.text(), min_size=1)),
    st.sampled_from(
        [{"type": "boolean"}, {"type": "null"}, {"type": ["string", "null"]}, {"$ref": "#/$defs/top"}]
    ),
)
SCHEMAS = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(lambda items, least: {"type": "array", "items": items, "minItems": least}, inner, st.integers(0, 3)),
        st.builds(lambda members: {"anyOf": members}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"type": "object", "properties": parts, "required": list(parts)[:1]},
                  st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    ),
    max_leaves=12,
)  # fmt: skip


@given(SCHEMAS)
def test_an_instance_is_valid_against_its_schema(schema: Any) -> None:
    whole = {
        "type": "object",
        "properties": {"it": schema},
        "$defs": {"top": {"type": "integer", "minimum": 4}},
    }
    jsonschema.validate(instance_of(whole), whole)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "properties", "items", "enum", "$ref", "anyOf", "allOf", "minimum", "required", "x",
                         "minLength", "maxLength", "multipleOf", "minItems", "exclusiveMinimum", "format"]),
        inner | st.sampled_from(["object", "array", "string", "integer", "#", "#/items"]),
        max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip


@given(JSON)
def test_anything_in_place_of_a_schema_is_tolerated(schema: Any) -> None:
    instance_of(schema)
