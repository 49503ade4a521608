"""openai's models built by pydantic-core in one call, equal to those that openai builds field by field.

openai builds an answer without validating it, in Python, one call per field; that is most of what a stream
costs. Where a value is valid in the strictest sense, pydantic-core makes the same object from it at once. Every
other value, and every model that has something this module does not know, is left to openai.
"""

from __future__ import annotations

import inspect
from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

import openai
from pydantic_core import PydanticSerializationError

if TYPE_CHECKING:
    from collections.abc import Callable

_SCALARS: Final = (str, int, bool, object, Any)

_EXACT: Final = 2**53
"""From here on an integer need not have a float of the same value, and openai keeps the integer."""

Settle: TypeAlias = "Callable[[Any], None]"


class _Differs(Exception):  # noqa: N818 - a way out of a walk, seen by nobody
    """openai would have built something else."""


class Builder:
    """Builds one of openai's models from JSON or from what was decoded of it."""

    __slots__ = ("_from_json", "_from_python", "_settle", "names")

    def __init__(self, model: type[openai.BaseModel], settle: Settle | None) -> None:
        """Keep the model's validator; ``settle`` does to its objects what openai would have done otherwise."""
        validator = model.__pydantic_validator__
        self._from_json = validator.validate_json
        self._from_python = validator.validate_python
        self._settle = settle
        self.names = frozenset(model.model_fields)

    def from_json(self, data: bytes) -> Any:
        """Build from JSON in UTF-8; None where openai must do it."""
        try:
            made = self._from_json(data, strict=True)
            if self._settle is not None:
                self._settle(made)
        except (ValueError, RecursionError, _Differs):
            return None
        return made

    def from_python(self, data: Any) -> Any:
        """Build from decoded JSON; None where openai must do it."""
        try:
            made = self._from_python(data, strict=True)
            if self._settle is not None:
                self._settle(made)
        except (ValueError, RecursionError, _Differs):
            return None
        return made


class UnionBuilder:
    """Builds the one of several models whose ``type`` a value names.

    openai lets pydantic choose among all of them, which gives the same object where one alone has that type.
    """

    __slots__ = ("_builders",)

    def __init__(self, builders: dict[str, Builder]) -> None:
        """Keep the builders by their type."""
        self._builders = builders

    def without(self, field: str) -> UnionBuilder:
        """Leave the models that have this field to openai."""
        return UnionBuilder(
            {name: builder for name, builder in self._builders.items() if field not in builder.names}
        )

    def from_json(self, data: bytes) -> Any:
        """Build from JSON in UTF-8; None where openai must do it."""
        from pydantic_core import from_json  # noqa: PLC0415 - for unions alone

        try:
            return self.from_python(from_json(data))
        except (ValueError, RecursionError):
            return None

    def from_python(self, data: Any) -> Any:
        """Build from decoded JSON; None where openai must do it."""
        name = data.get("type") if isinstance(data, dict) else None
        builder = self._builders.get(name) if isinstance(name, str) else None
        return None if builder is None else builder.from_python(data)


@lru_cache(maxsize=512)
def builder_of(type_: Any) -> Builder | UnionBuilder | None:
    """Give the builder of a type that openai casts answers to; None where openai must build them."""
    value = getattr(type_, "__value__", None)  # of a type alias
    bare = type_ if value is None else value
    while hasattr(bare, "__metadata__"):  # of an Annotated type
        bare = get_args(bare)[0]
    if get_origin(bare) in (Union, UnionType):
        return _union_builder(bare)
    if not _is_model(bare):
        return None
    try:
        bare.model_rebuild()
        return Builder(bare, _settler(bare))
    except (_Differs, TypeError, AttributeError, NameError, PydanticSerializationError):
        return None


def _union_builder(union: Any) -> UnionBuilder | None:
    found: dict[str, Builder] = {}
    twice: set[str] = set()
    for member in get_args(union):
        while hasattr(member, "__metadata__"):
            member = get_args(member)[0]  # noqa: PLW2901 - unwrapped
        if not _is_model(member):
            return None
        field = member.model_fields.get("type")
        if field is None or field.alias is not None or get_origin(field.annotation) is not Literal:
            return None
        member.model_rebuild()
        for name in get_args(field.annotation):
            if name in found:
                twice.add(name)
            # What pydantic validates for openai needs no settling.
            found[name] = Builder(member, None)
    return UnionBuilder({name: builder for name, builder in found.items() if name not in twice})


def _is_model(type_: Any) -> bool:
    # A model that builds itself is openai's own affair, and so is one with parameters.
    return (
        inspect.isclass(type_)
        and issubclass(type_, openai.BaseModel)
        and not hasattr(type_, "build")
        and not getattr(type_, "__pydantic_generic_metadata__", {}).get("args")
    )


def _settler(model: type[openai.BaseModel]) -> Settle:
    """Make the function that settles what pydantic built of a model.

    Raises:
        _Differs: openai builds it in a way that is not known here.
    """
    _check(model)
    inner: list[tuple[str, Settle]] = []
    for name, field in model.model_fields.items():
        if field.metadata or field.alias is not None:
            raise _Differs
        settle = _field_settler(field.annotation)
        if settle is not None:
            inner.append((name, settle))
    return _settle_fields(tuple(inner)) if inner else _settle_extra


def _field_settler(annotation: Any) -> Settle | None:
    """Make the function for a field's value; None where pydantic's is as it should be."""
    (item,) = get_args(annotation) if get_origin(annotation) is list else (annotation,)
    listed = item is not annotation
    if _is_model(item):
        settle = _settler(item)
        return _settle_items(settle) if listed else settle
    if item is float:
        return _check_floats
    if not _is_plain(item):
        raise _Differs
    return None


def _settle_extra(made: Any) -> None:
    extra = made.__pydantic_extra__
    if extra:
        # openai does not count unknown fields among those that are set.
        made.__pydantic_fields_set__.difference_update(extra)


def _settle_fields(inner: tuple[tuple[str, Settle], ...]) -> Settle:
    def settle(made: Any) -> None:
        extra = made.__pydantic_extra__
        if extra:
            made.__pydantic_fields_set__.difference_update(extra)
        values = made.__dict__
        for name, settle_field in inner:
            settle_field(values[name])

    return settle


def _settle_items(settle: Settle) -> Settle:
    def settle_items(items: list[Any]) -> None:
        for item in items:
            settle(item)

    return settle_items


def _check(model: type[openai.BaseModel]) -> None:
    decorators = model.__pydantic_decorators__
    known = (
        not decorators.validators
        and not decorators.field_validators
        and not decorators.root_validators
        and not decorators.model_validators
        and not model.__private_attributes__
        and model.model_config.get("extra") == "allow"
        and model.construct.__func__ is openai.BaseModel.construct.__func__  # type: ignore[attr-defined]  # a class method
        and "__pydantic_extra__" not in inspect.get_annotations(model)
    )
    if not known:
        raise _Differs


def _is_plain(annotation: Any) -> bool:
    """Whether openai takes a valid value of a type as it is, or has pydantic validate it."""
    origin = get_origin(annotation)
    if origin in (Literal, Union, UnionType):
        return True
    if origin is dict:
        return all(_is_scalar(argument) for argument in get_args(annotation))
    return _is_scalar(annotation)


def _is_scalar(annotation: Any) -> bool:
    return any(annotation is scalar for scalar in _SCALARS) or get_origin(annotation) is Literal


def _check_floats(value: Any) -> None:
    values = value if isinstance(value, list) else (value,)
    if values and not (min(values) > -_EXACT and max(values) < _EXACT):
        raise _Differs
