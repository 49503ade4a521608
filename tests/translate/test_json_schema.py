"""Schemas become flat without losing what they say; arguments are repaired only where that is certain."""

from __future__ import annotations

import copy
import json
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from zhipu_openai.translate.json_schema import (
    compact_json,
    inline_refs,
    parse_json,
    repair_arguments,
    simplify,
)


class Unit(Enum):
    KELVIN = "K"
    CELSIUS = "C"


class Place(BaseModel):
    """A point on earth."""

    title: str
    lat: float = Field(ge=-90, le=90)


class Node(BaseModel):
    """A tree."""

    value: int
    children: list[Node] = []
    parent: Node | None = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: list[int]


class Dog(BaseModel):
    kind: Literal["dog"]
    lives: str


class Folder(BaseModel):
    files: dict[str, File]


class File(BaseModel):
    """Something in a folder."""

    folder: Folder | None = None


class Weather(BaseModel):
    """What to look up."""

    place: Place = Field(description="Where to look")
    backup: Place | None = Field(default=None, description="If the first is closed")
    unit: Unit | None = None
    stations: dict[str, Place] = {}
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    when: int | str | None = None
    tree: Node | None = None
    note: str | None = None
    anything: Any = None


MODELS = (Place, Node, Cat, Folder, File, Weather)


def ref_free(schema: object) -> bool:
    """No reference, anywhere; for schemas without a property of that name."""
    return '"$ref"' not in json.dumps(schema)


# inline_refs


@pytest.mark.parametrize("model", MODELS)
def test_schemas_of_pydantic_models_are_inlined_to_finite_ones(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    before = copy.deepcopy(schema)
    inlined = inline_refs(schema)
    assert ref_free(inlined)
    assert '"$defs"' not in json.dumps(inlined)
    assert "#/" not in json.dumps(inlined)
    assert schema == before
    assert inline_refs(inlined) == inlined


def test_keywords_beside_a_reference_win_over_those_of_its_target() -> None:
    place = inline_refs(Weather.model_json_schema())["properties"]["place"]
    assert place == {
        "description": "Where to look",
        "properties": {
            "title": {"title": "Title", "type": "string"},
            "lat": {"maximum": 90, "minimum": -90, "title": "Lat", "type": "number"},
        },
        "required": ["title", "lat"],
        "title": "Place",
        "type": "object",
    }


def test_recursive_reference_is_cut_to_type_and_description_at_its_second_appearance() -> None:
    assert inline_refs(Node.model_json_schema()) == {
        "description": "A tree.",
        "properties": {
            "value": {"title": "Value", "type": "integer"},
            "children": {
                "default": [],
                "items": {"type": "object", "description": "A tree."},
                "title": "Children",
                "type": "array",
            },
            "parent": {
                "anyOf": [{"type": "object", "description": "A tree."}, {"type": "null"}],
                "default": None,
            },
        },
        "required": ["value"],
        "title": "Node",
        "type": "object",
    }


@pytest.mark.parametrize(
    ("target", "outline"),
    [
        ({"type": "array", "items": {"$ref": "#/$defs/T"}}, {"type": "array"}),
        (
            {"type": ["object", "null"], "properties": {"x": {"$ref": "#/$defs/T"}}},
            {"type": ["object", "null"]},
        ),
        ({"properties": {"x": {"$ref": "#/$defs/T"}}}, {}),
        ({"not": {"$ref": "#/$defs/T"}, "description": "odd"}, {"description": "odd"}),
        (
            {"anyOf": [{"type": "number"}, {"type": "array", "items": {"$ref": "#/$defs/T"}}]},
            {"type": ["array", "number"]},
        ),
        (
            {"allOf": [{"type": "integer"}, {"type": "number"}, {"not": {"$ref": "#/$defs/T"}}]},
            {"type": "integer"},
        ),
        ({"enum": [{}], "allOf": [{"not": {"$ref": "#/$defs/T"}}]}, {"type": "object"}),
    ],
)
def test_a_cut_reference_keeps_the_type_of_its_target(
    target: dict[str, Any], outline: dict[str, Any]
) -> None:
    inlined = json.dumps(inline_refs({"$defs": {"T": target}, "$ref": "#/$defs/T"}))
    assert inlined == json.dumps(target).replace('{"$ref": "#/$defs/T"}', json.dumps(outline))


def test_reference_to_the_root_is_cut_where_it_stands() -> None:
    schema = {"type": "object", "properties": {"next": {"$ref": "#", "description": "The next one"}}}
    assert inline_refs(schema) == {
        "type": "object",
        "properties": {"next": {"type": "object", "description": "The next one"}},
    }


def test_any_json_pointer_into_the_schema_is_resolved() -> None:
    schema = {
        "definitions": {"a/b ~c": {"type": "string"}, "yes": True, "no": False},
        "properties": {
            "escaped": {"$ref": "#/definitions/a~1b%20~0c"},
            "sibling": {"$ref": "#/properties/escaped"},
            "listed": {"$ref": "#/allOf/0"},
            "yes": {"$ref": "#/definitions/yes", "description": "d"},
            "no": {"$ref": "#/definitions/no"},
        },
        "allOf": [{"minProperties": 1}],
    }
    assert inline_refs(schema)["properties"] == {
        "escaped": {"type": "string"},
        "sibling": {"type": "string"},
        "listed": {"minProperties": 1},
        "yes": {"description": "d"},
        "no": {"not": {}},
    }


@pytest.mark.parametrize("ref", ["#/$defs/Gone", "other.json#/a", "#anchor", "#/allOf/7", "#/type", 3])
def test_reference_that_leads_nowhere_is_left_and_noted(ref: object) -> None:
    schema = {"type": "object", "properties": {"x": {"$ref": ref, "description": "d"}}, "allOf": [{}]}
    assert inline_refs(schema) == schema
    assert simplify(schema)[1] == [f"#/properties/x: the reference {ref!r} leads nowhere and was left"]


def test_constraints_that_cannot_be_poured_together_are_joined_with_all_of() -> None:
    target = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    schema = {
        "$defs": {"T": target},
        "properties": {
            "closed": {"$ref": "#/$defs/T", "additionalProperties": False},
            "more": {"$ref": "#/$defs/T", "required": ["b"], "allOf": [{"minProperties": 2}]},
            "size": {"$ref": "#/$defs/T", "maxProperties": 3},
        },
    }
    assert inline_refs(schema)["properties"] == {
        "closed": {"additionalProperties": False, "allOf": [target]},
        "more": {"required": ["b"], "allOf": [{"minProperties": 2}, target]},
        "size": {**target, "maxProperties": 3},
    }


def test_names_and_data_that_look_like_keywords_are_not_touched() -> None:
    schema = {
        "$defs": {"T": {"type": "string"}},
        "type": "object",
        "properties": {
            "$ref": {"type": "string"},
            "$defs": {"$ref": "#/$defs/T"},
            "title": {"type": "string"},
            "const": {"type": "integer"},
            "strict": {"type": "boolean"},
            "data": {
                "type": "object",
                "default": {"$ref": "#/$defs/T", "$defs": 1, "title": "t", "type": "x", "strict": True},
                "enum": [{"const": 1, "anyOf": [{}]}],
                "examples": [{"$ref": "#"}],
            },
        },
    }
    expected = {key: value for key, value in copy.deepcopy(schema).items() if key != "$defs"}
    expected["properties"]["$defs"] = {"type": "string"}  # type: ignore[index]  # a dict of schemas
    assert inline_refs(schema) == expected
    assert simplify(schema) == (expected, [])


def test_references_are_found_wherever_a_schema_may_stand() -> None:
    ref, text = {"$ref": "#/$defs/T"}, {"type": "string"}

    def with_member(member: dict[str, Any]) -> dict[str, Any]:
        maps = {key: {"k": member} for key in ("patternProperties", "dependentSchemas")}
        lists = {key: [member, member] for key in ("allOf", "anyOf", "oneOf", "prefixItems")}
        single = dict.fromkeys(("additionalProperties", "if", "then", "else", "not", "contains"), member)
        old = {"items": [member], "additionalItems": member, "dependencies": {"a": member, "b": ["a"]}}
        return {**maps, **lists, **single, **old, "propertyNames": {"items": member}}

    assert inline_refs({"$defs": {"T": text}, **with_member(ref)}) == with_member(text)


def test_nothing_in_the_result_is_shared_with_the_input() -> None:
    schema = {
        "$defs": {"T": {"enum": [["a"]]}},
        "anyOf": [{"$ref": "#/$defs/T"}],
        "default": {"x": []},
        "dependencies": {"a": ["b"]},
    }
    before = copy.deepcopy(schema)
    inlined = inline_refs(schema)
    inlined["default"]["x"].append(1)
    inlined["dependencies"]["a"].append("c")
    inlined["anyOf"][0]["enum"][0].append(1)
    assert schema == before


def test_types_that_all_refer_to_each_other_do_not_explode() -> None:
    names = [f"T{index}" for index in range(12)]
    fields = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    schema = {
        "$defs": {name: {"type": "object", "properties": fields} for name in names},
        "$ref": "#/$defs/T0",
    }
    simplified, notes = simplify(schema)
    assert ref_free(simplified)
    assert len(json.dumps(simplified)) < 200_000
    assert simplified["properties"]["T1"]["properties"]["T2"]["type"] == "object"
    assert any(note.endswith("was cut to its type to limit the size") for note in notes)


def test_a_schema_too_large_even_at_two_levels_is_inlined_one_level_deep() -> None:
    fields = {f"f{index}": {"$ref": "#/$defs/Many"} for index in range(90)}
    many = {"type": "object", "properties": {f"m{index}": {"$ref": "#/$defs/Leaf"} for index in range(90)}}
    schema = {"$defs": {"Many": many, "Leaf": {"type": "string", "maxLength": 3}}, "properties": fields}
    assert inline_refs(schema)["properties"]["f7"]["properties"]["m7"] == {"type": "string"}


# simplify

CUT_NODE = "the recursive reference '#/$defs/Node' was cut to its type"
NULL_IN_WORDS = "that it may be null is said in the description only"


def test_optional_fields_become_plain_and_say_so_in_words() -> None:
    simplified, notes = simplify(Weather.model_json_schema())
    place = {
        "properties": {"title": {"type": "string"}, "lat": {"maximum": 90, "minimum": -90, "type": "number"}},
        "required": ["title", "lat"],
        "type": "object",
    }
    fields = simplified["properties"]
    assert fields["place"] == {**place, "description": "Where to look"}
    assert fields["backup"] == {
        **place,
        "description": "If the first is closed (may be null)",
        "default": None,
    }
    assert fields["unit"] == {
        "enum": ["K", "C"],
        "type": "string",
        "default": None,
        "description": "(may be null)",
    }
    assert fields["stations"] == {
        "additionalProperties": {**place, "description": "A point on earth."},
        "default": {},
        "type": "object",
    }
    assert fields["note"] == {"type": "string", "default": None, "description": "(may be null)"}
    assert fields["tree"]["description"] == "A tree. (may be null)"
    assert fields["anything"] == {"default": None, "title": "Anything"}
    assert "title" not in simplified
    assert [tuple(note.split(": ", 1)) for note in notes] == [
        ("#/properties/tree/anyOf/0/properties/children/items", CUT_NODE),
        ("#/properties/tree/anyOf/0/properties/parent/anyOf/0", CUT_NODE),
        ("#/properties/backup", NULL_IN_WORDS),
        ("#/properties/unit", NULL_IN_WORDS),
        ("#/properties/tree/anyOf/0/properties/parent", NULL_IN_WORDS),
        ("#/properties/tree", NULL_IN_WORDS),
        ("#/properties/note", NULL_IN_WORDS),
    ]


def test_real_unions_stay_unions() -> None:
    fields = simplify(Weather.model_json_schema())[0]["properties"]
    assert fields["when"] == {
        "anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}],
        "default": None,
        "title": "When",
    }
    assert fields["pet"] == {
        "discriminator": {"propertyName": "kind"},
        "oneOf": [
            {
                "properties": {
                    "kind": {"enum": ["cat"], "type": "string"},
                    "lives": {"items": {"type": "integer"}, "type": "array"},
                },
                "required": ["kind", "lives"],
                "type": "object",
            },
            {
                "properties": {"kind": {"enum": ["dog"], "type": "string"}, "lives": {"type": "string"}},
                "required": ["kind", "lives"],
                "type": "object",
            },
        ],
        "title": "Pet",
    }


@pytest.mark.parametrize(
    ("schema", "simplified"),
    [
        ({"allOf": [{"type": "string"}], "description": "d"}, {"type": "string", "description": "d"}),
        ({"anyOf": [{"type": "string"}]}, {"type": "string"}),
        ({"oneOf": [{"anyOf": [{"allOf": [{"type": "string"}]}]}]}, {"type": "string"}),
        ({"allOf": [True], "minLength": 1}, {"minLength": 1}),
        ({"allOf": [False]}, {"allOf": [False]}),
        (
            {"allOf": [{"type": "null"}, {"type": "string"}]},
            {"allOf": [{"type": "null"}, {"type": "string"}]},
        ),
        ({"anyOf": [{"type": "null"}]}, {"type": "null"}),
        ({"const": None}, {"enum": [None]}),
        ({"const": "a", "enum": ["a", "b"]}, {"const": "a", "enum": ["a", "b"]}),
        ({"type": "object", "strict": True}, {"type": "object"}),
        ({"type": "string", "title": "T"}, {"type": "string"}),
        ({"title": "T"}, {"title": "T"}),
        ({"type": "object", "title": {"type": "string"}}, {"type": "object", "title": {"type": "string"}}),
        (
            {"oneOf": [{"type": "null", "description": "nothing"}, {"type": "integer", "description": "n"}]},
            {"type": "integer", "description": "n (may be null)"},
        ),
        (
            {"anyOf": [{"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"const": None}]},
            {"type": "integer", "description": "(may be null)"},
        ),
        (
            {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "minimum": 2},
            {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "minimum": 2},
        ),
        (
            {"allOf": [{"properties": {"a": {}}}], "additionalProperties": False},
            {"allOf": [{"properties": {"a": {}}}], "additionalProperties": False},
        ),
        (
            {"anyOf": [{"oneOf": [{"type": "integer"}, {"type": "string"}]}, {"type": "null"}]},
            {"oneOf": [{"type": "integer"}, {"type": "string"}], "description": "(may be null)"},
        ),
        ({"properties": {"x": True, "y": False}}, {"properties": {"x": True, "y": False}}),
        ({}, {}),
    ],
)
def test_simplified_forms(schema: dict[str, Any], simplified: dict[str, Any]) -> None:
    before = copy.deepcopy(schema)
    assert simplify(schema)[0] == simplified
    assert schema == before


@pytest.mark.parametrize("schema", [True, False])
def test_boolean_schemas_pass(schema: bool) -> None:
    assert simplify(schema) == (schema, [])


NAMES = st.sampled_from(["a", "b", "title", "$ref", "type"])
DEFINITIONS = ("A", "B", "C")
REFS = st.sampled_from(["#/$defs/A", "#/$defs/B", "#/$defs/C", "#", "#/$defs/Gone"])
LEAVES = st.one_of(
    st.booleans(),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "integer", "null", "object", "array", ["array", "null"]]),
            "title": st.just("Title"),
            "description": st.just("words"),
            "const": st.sampled_from([None, "x", 1]),
            "enum": st.just([None, "x", {"const": 1}]),
            "strict": st.booleans(),
            "default": st.just({"$ref": "#/$defs/A"}),
            "$ref": REFS,
        },
    ),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda leaf, more: {**leaf, **more} if isinstance(leaf, dict) else more,
        LEAVES,
        st.fixed_dictionaries(
            {},
            optional={
                "properties": st.dictionaries(NAMES, inner, max_size=3),
                "additionalProperties": inner,
                "items": inner,
                "prefixItems": st.lists(inner, max_size=2),
                "required": st.lists(NAMES, max_size=2),
                "anyOf": st.lists(inner, max_size=3),
                "oneOf": st.lists(inner, max_size=2),
                "allOf": st.lists(inner, max_size=2),
            },
        ),
    ),
    max_leaves=8,
)
ROOTS = st.builds(
    lambda root, targets: {
        **(root if isinstance(root, dict) else {}),
        "$defs": dict(zip(DEFINITIONS, targets, strict=True)),
    },
    SCHEMAS,
    st.lists(SCHEMAS, min_size=3, max_size=3),
)


def references_in(schema: Any) -> list[Any]:
    """Every ``$ref`` at a place where a schema stands."""
    if not isinstance(schema, dict):
        return []
    members = [schema.get("additionalProperties"), schema.get("items"), schema.get("not")]
    members += schema.get("properties", {}).values()
    for keyword in ("prefixItems", "anyOf", "oneOf", "allOf"):
        members += schema.get(keyword, [])
    own = [schema["$ref"]] if "$ref" in schema else []
    return own + [ref for member in members for ref in references_in(member)]


@given(ROOTS)
def test_no_reference_that_could_be_resolved_is_left(schema: dict[str, Any]) -> None:
    before = copy.deepcopy(schema)
    inlined = inline_refs(schema)
    assert schema == before
    assert set(references_in(inlined)) <= {"#/$defs/Gone"}
    assert inline_refs(inlined) == inlined


@given(ROOTS)
def test_simplify_is_idempotent(schema: dict[str, Any]) -> None:
    before = copy.deepcopy(schema)
    simplified, _ = simplify(schema)
    assert schema == before
    assert simplify(simplified)[0] == simplified


FIELD_TYPES = st.recursive(
    st.sampled_from([int, str, bool, Place, Node, Unit, Cat, None, Literal["x", "y"]]),
    lambda inner: st.one_of(
        inner.map(lambda kind: list[kind]),  # type: ignore[valid-type]  # built at run time
        inner.map(lambda kind: dict[str, kind]),  # type: ignore[valid-type]  # built at run time
        inner.map(lambda kind: kind | None if kind is not None else None),
        st.tuples(inner, inner).map(lambda kinds: tuple[kinds]),  # type: ignore[valid-type]  # likewise
    ),
    max_leaves=4,
)


@given(st.lists(FIELD_TYPES, min_size=1, max_size=4))
def test_schemas_of_arbitrary_models_become_flat(kinds: list[Any]) -> None:
    fields: dict[str, Any] = {f"field_{index}": (kind, ...) for index, kind in enumerate(kinds)}
    schema = create_model("Arguments", **fields).model_json_schema()
    simplified, _ = simplify(schema)
    assert ref_free(simplified)
    assert simplified["required"] == list(fields)
    assert simplify(simplified)[0] == simplified


# repair_arguments

NESTED: dict[str, Any] = {"place": {"title": "Rome", "lat": 41.9}, "pet": {"kind": "cat", "lives": [9]}}


def quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("simplified", [False, True])
def test_objects_and_arrays_that_came_back_as_strings_are_parsed_at_any_depth(simplified: bool) -> None:
    schema = Weather.model_json_schema()
    if simplified:
        schema = simplify(schema)[0]
    arguments = {
        "place": quoted(NESTED["place"]),
        "backup": " " + quoted(NESTED["place"]),
        "stations": {"x": quoted(NESTED["place"])},
        "pet": quoted({"kind": "cat", "lives": "[9]"}),
        "note": '{"kept": "as it is"}',
    }
    repaired = parse_json(repair_arguments(json.dumps(arguments), schema))
    assert repaired == {
        "place": NESTED["place"],
        "backup": NESTED["place"],
        "stations": {"x": NESTED["place"]},
        "pet": NESTED["pet"],
        "note": '{"kept": "as it is"}',
    }
    Weather.model_validate(repaired)


def test_recursive_schema_is_followed_to_the_depth_of_the_value() -> None:
    leaf = {"value": 3, "children": "[]"}
    arguments = json.dumps({"value": 1, "children": quoted([{"value": 2, "children": [quoted(leaf)]}])})
    assert repair_arguments(arguments, Node.model_json_schema()) == (
        '{"value":1,"children":[{"value":2,"children":[{"value":3,"children":[]}]}]}'
    )


def test_arguments_quoted_as_a_whole_are_unquoted() -> None:
    assert repair_arguments(quoted('{"title":"Rome","lat":1}'), Place.model_json_schema()) == (
        '{"title":"Rome","lat":1}'
    )


OBJECT = {"type": "object"}


@pytest.mark.parametrize(
    ("schema", "value", "repaired"),
    [
        ({"type": "object"}, "{}", {}),
        ({"type": ["array", "null"]}, "[1]", [1]),
        ({"type": ["array", "object"]}, '{"a":1}', {"a": 1}),
        ({"anyOf": [{"type": "array"}, {"type": "null"}]}, "[]", []),
        ({"allOf": [{"type": ["array", "string"]}, {"type": ["array", "object"]}]}, "[]", []),
        ({"enum": [[1], [2]]}, "[1]", [1]),
        ({"const": {"a": 1}}, '{"a": 1}', {"a": 1}),
        ({"type": "array", "prefixItems": [OBJECT], "items": {"type": "string"}}, ["{}", "{}"], [{}, "{}"]),
        ({"type": "array", "items": [OBJECT], "additionalItems": OBJECT}, ["{}", "{}"], [{}, {}]),
        ({"type": "object", "additionalProperties": OBJECT}, {"any": "{}"}, {"any": {}}),
        ({"oneOf": [{"required": ["k"]}, {"properties": {"b": OBJECT}}]}, {"b": "{}"}, {"b": {}}),
        ({"anyOf": [{"type": "string"}, {"properties": {"b": OBJECT}}]}, {"b": "{}"}, {"b": {}}),
        (
            {"type": "array", "items": {"properties": {"城": OBJECT}}},
            [{"城": '{"a":"北京"}'}],
            [{"城": {"a": "北京"}}],
        ),
    ],
)
def test_a_string_is_parsed_where_the_schema_leaves_no_doubt(schema: Any, value: Any, repaired: Any) -> None:
    root = {"type": "object", "properties": {"x": schema}}
    assert repair_arguments(quoted({"x": value}), root) == compact_json({"x": repaired})


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (True, "{}"),
        (False, "{}"),
        ({}, "{}"),
        ({"properties": {"a": {}}}, "{}"),
        ({"type": "string"}, "{}"),
        ({"type": ["object", "string"]}, "{}"),
        ({"type": "object"}, "[]"),
        ({"type": "array"}, "{}"),
        ({"type": "array"}, "1, 2"),
        ({"type": "object"}, "{'a': 1}"),
        ({"type": "object"}, '{"a": NaN}'),
        ({"type": "object"}, '{"a": 1e999}'),
        ({"type": "object"}, '{"a": 1}x'),
        ({"type": "object"}, ""),
        ({"type": ["object", "null"]}, "null"),
        ({"type": "integer"}, "10"),
        ({"type": "boolean"}, "true"),
        ({"type": "table"}, "{}"),
        ({"anyOf": [{"type": "object"}, {"type": "string"}]}, "{}"),
        ({"anyOf": [{"type": "object"}, {"$ref": "#/$defs/Gone"}]}, "{}"),
        ({"enum": [{}, "{}"]}, "{}"),
        ({"$ref": "#/properties/x"}, "{}"),
        ({"patternProperties": {"^b": OBJECT}, "additionalProperties": OBJECT}, {"b": "{}"}),
        ({"anyOf": [{"properties": {"b": OBJECT}}, {"properties": {"c": OBJECT}}]}, {"b": "{}"}),
        (
            {"anyOf": [{"properties": {"k": {"const": 1}}}, {"properties": {"b": OBJECT}}]},
            {"k": 1, "b": "{}"},
        ),
    ],
)
def test_a_string_stays_where_the_schema_leaves_doubt(schema: Any, value: Any) -> None:
    arguments = json.dumps({"x": value})
    assert repair_arguments(arguments, {"type": "object", "properties": {"x": schema}}) is arguments


def test_no_arguments_become_an_empty_object() -> None:
    assert repair_arguments("", Place.model_json_schema()) == "{}"


@pytest.mark.parametrize(
    "arguments", [" ", "{", "[1,]", "{'a': 1}", '{"a": Infinity}', "[" * 100_000, "9" * 5000]
)
def test_what_is_not_json_stays_the_same_object(arguments: str) -> None:
    assert repair_arguments(arguments, {"type": "object"}) is arguments


def test_compact_json_keeps_text_readable_on_one_line() -> None:
    assert compact_json({"城": ["a\nb", 1.5, None]}) == '{"城":["a\\nb",1.5,null]}'


def test_half_a_surrogate_pair_stays_escaped() -> None:
    schema = {"type": "object", "properties": {"x": OBJECT}}
    assert repair_arguments('{"x":"{}","y":"\\ud83d 城"}', schema) == '{"x":{},"y":"\\ud83d \\u57ce"}'


def test_shared_and_circular_combinators_are_read_in_linear_time() -> None:
    definitions: dict[str, Any] = {
        f"T{index}": {"anyOf": [{"$ref": f"#/$defs/T{index + 1}"}] * 2} for index in range(40)
    }
    definitions["T40"] = {"type": "object", "properties": {"x": OBJECT}}
    definitions["Loop"] = {"allOf": [{"$ref": "#/$defs/Loop"}, {"$ref": "#/$defs/T0"}]}
    schema = {"$defs": definitions, "$ref": "#/$defs/Loop"}
    assert repair_arguments('{"x":"{}"}', schema) == '{"x":{}}'


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.sampled_from(["", "{}", "[]", '{"a":"[]"}', "null"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)


def unquote_fully(value: Any) -> Any:
    """Parse every string that is an object or array, whatever a schema may say."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return unquote_fully(json.loads(value))
    if isinstance(value, list):
        return [unquote_fully(item) for item in value]
    if isinstance(value, dict):
        return {name: unquote_fully(item) for name, item in value.items()}
    return value


@given(VALUES, ROOTS)
def test_a_repair_changes_nothing_but_quotes_and_is_done_once(value: Any, schema: dict[str, Any]) -> None:
    arguments = json.dumps(value)
    repaired = repair_arguments(arguments, schema)
    assert unquote_fully(json.loads(repaired)) == unquote_fully(value)
    assert repair_arguments(repaired, schema) is repaired


@st.composite
def fitting_places(draw: st.DrawFn) -> dict[str, Any]:
    texts = st.sampled_from(["Rome", "{}", "[1]", '{"title":"x","lat":1}'])
    place = st.fixed_dictionaries({"title": texts, "lat": st.integers(-90, 90)})
    trees: st.SearchStrategy[Any] = st.recursive(
        st.fixed_dictionaries({"value": st.integers()}),
        lambda inner: st.fixed_dictionaries(
            {"value": st.integers(), "children": st.lists(inner, max_size=2)}, optional={"parent": inner}
        ),
        max_leaves=4,
    )
    pets = st.one_of(
        st.fixed_dictionaries({"kind": st.just("cat"), "lives": st.lists(st.integers(), max_size=2)}),
        st.fixed_dictionaries({"kind": st.just("dog"), "lives": texts}),
    )
    return draw(
        st.fixed_dictionaries(
            {"place": place, "pet": pets},
            optional={
                "backup": st.none() | place,
                "stations": st.dictionaries(texts, place, max_size=2),
                "when": st.none() | st.integers() | texts,
                "tree": st.none() | trees,
                "note": st.none() | texts,
                "anything": VALUES,
                "unknown": texts,
            },
        )
    )


@given(fitting_places())
def test_arguments_that_fit_are_never_changed(value: dict[str, Any]) -> None:
    Weather.model_validate(value)
    arguments = json.dumps(value)
    schema = Weather.model_json_schema()
    for form in (schema, inline_refs(schema), simplify(schema)[0]):
        assert repair_arguments(arguments, form) is arguments


@given(fitting_places(), st.data())
def test_arguments_quoted_anywhere_are_restored(value: dict[str, Any], data: st.DataObject) -> None:
    expected = Weather.model_validate(value)
    names = [name for name in ("place", "pet", "backup", "stations", "tree") if value.get(name) is not None]
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1))
    broken = {name: quoted(field) if name in chosen else field for name, field in value.items()}
    repaired = repair_arguments(json.dumps(broken), Weather.model_json_schema())
    assert json.loads(repaired) == value
    assert Weather.model_validate_json(repaired) == expected


STRINGS = st.sampled_from(["", "{}", "[]", '["a"]', '{"a":[1]}'])


@given(
    st.fixed_dictionaries(
        {"a": STRINGS | st.lists(STRINGS)},
        optional={"b": st.none() | st.dictionaries(STRINGS, st.lists(st.integers()))},
    )
)
def test_a_union_with_a_string_is_never_repaired(value: Any) -> None:
    fields: dict[str, Any] = {"a": (list[str] | str, ...), "b": (dict[str, list[int]] | None, None)}
    model = create_model("Loose", **fields)
    model.model_validate(value, strict=True)
    arguments = json.dumps(value)
    assert repair_arguments(arguments, model.model_json_schema()) is arguments
