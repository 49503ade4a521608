"""What the stand-in accepts in a request's fields, as rows: a resource lists its own and asks for the refusal.

The codes are those of docs.bigmodel.cn (2026-07-11): 1213 for a field that is missing, 1214 for one whose value
is none that may be given, 1210 for a body that is no object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .service import StandIn
    from .traffic import Reply, Request

Kind: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object"]

_PYTHON: Final[Mapping[Kind, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a request body.

    Attributes:
        name: The field.
        kinds: The JSON types it may have; none means any.
        required: Whether it must be there and not null.
        choices: The values it may have; empty means any.
        least: The smallest number, or the shortest length of a text or list.
        most: The largest number, or the greatest length.
    """

    name: str
    kinds: tuple[Kind, ...] = ()
    required: bool = False
    choices: Collection[Any] = ()
    least: float | None = None
    most: float | None = None

    def allows(self, value: Any) -> bool:
        """Say whether the service takes a value."""
        if self.kinds and not any(_is(value, kind) for kind in self.kinds):
            return False
        if self.choices and value not in self.choices:
            return False
        measure = len(value) if isinstance(value, (str, list)) else value
        if isinstance(measure, bool) or not isinstance(measure, (int, float)):
            return True
        return (self.least is None or measure >= self.least) and (self.most is None or measure <= self.most)


COMMON: Final = (
    Field("request_id", ("string",), least=6, most=64),
    Field("user_id", ("string",), least=6, most=128),
)
"""What nearly every resource takes. Source: docs.bigmodel.cn OpenAPI, 2026-07-11."""


def json_object(request: Request) -> dict[str, Any] | None:
    """Decode a body that is a JSON object, without its nulls; None for another."""
    try:
        body = request.json()
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    return {name: value for name, value in body.items() if value is not None}


def refusal(
    service: StandIn, request: Request, given: Mapping[str, Any] | None, fields: Collection[Field]
) -> Reply | None:
    """Make the reply that refuses a request by the first field that is wrong; None if all may pass.

    Fields in no row are ignored, as the service does.
    """
    if given is None:
        return service.error(request, "1210")
    zh = request.language == "zh"
    for field in fields:
        value = given.get(field.name)
        if value is None:
            if field.required:
                text = (
                    f"未正常接收到 {field.name} 参数" if zh else f"Parameter {field.name} was not received."
                )
                return service.error(request, "1213", message=text)
        elif not field.allows(value):
            text = (
                f"{field.name} 参数非法。请检查文档。"
                if zh
                else f"Parameter {field.name} is invalid. Please check the documentation."
            )
            return service.error(request, "1214", message=text)
    return None


def _is(value: Any, kind: Kind) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _PYTHON[kind])
