"""The keywords of the calls of ``client.zhipu``: declared once as TypedDicts, checked, and picked apart."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from openai._types import NOT_GIVEN
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openai import Timeout
    from openai._types import NotGiven, Omit

F = TypeVar("F", bound="Callable[..., Any]")


class Options(TypedDict, total=False):
    """What every call takes beside its own keywords, as openai's calls do.

    Attributes:
        extra_headers: Further headers.
        extra_query: Further parameters of the URL.
        extra_body: Further fields of the body; they win over keywords of the same name.
        timeout: Seconds for this request, in place of the client's; None for no limit.
    """

    extra_headers: Mapping[str, str | Omit] | None
    extra_query: Mapping[str, object] | None
    extra_body: object | None
    timeout: float | Timeout | NotGiven | None


class PollOptions(Options, total=False):
    """What calls that wait for a job take.

    Attributes:
        poll_interval: Seconds between two looks, above 0.
        max_wait_seconds: Seconds after which waiting is given up, with PollTimeoutError; the job goes on.
    """

    poll_interval: float
    max_wait_seconds: float


OPTIONS: Final = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})


def takes(keywords: type[Any]) -> Callable[[F], F]:
    """Let a method whose ``**given`` is an unpacked TypedDict check its keywords, and show them in help().

    The method raises TypeError for a keyword that is unknown or missing, as one with a written-out signature
    would.
    """
    return _checks(_parameters(keywords))


def takes_as(
    function: Callable[..., Any], *, without: tuple[str, ...] = (), more: type[Any] | None = None
) -> Callable[[F], F]:
    """Let a method take the keywords of one of openai's own, but for some, and perhaps those of a TypedDict."""
    theirs = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.kind is one.KEYWORD_ONLY and one.name not in without
    ]
    ours = () if more is None else _parameters(more)
    named = {one.name: one for one in (*theirs, *ours)}
    return _checks(tuple(named.values()))


def _checks(parameters: tuple[inspect.Parameter, ...]) -> Callable[[F], F]:
    known = frozenset(one.name for one in parameters)
    required = [one.name for one in parameters if one.default is one.empty]

    def decorate(function: F) -> F:
        name = function.__qualname__

        def check(given: Mapping[str, Any]) -> None:
            for one in given:
                if one not in known:
                    raise TypeError(f"{name}() got an unexpected keyword argument {one!r}")
            missing = [one for one in required if one not in given]
            if missing:
                raise TypeError(f"{name}() is missing the keyword arguments: {', '.join(missing)}")

        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: Any, **given: Any) -> Any:
                check(given)
                return await function(*args, **given)

            made: Any = awaited
        else:

            @wraps(function)
            def called(*args: Any, **given: Any) -> Any:
                check(given)
                return function(*args, **given)

            made = called
        plain = inspect.signature(function)
        positional = [one for one in plain.parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD]
        made.__signature__ = plain.replace(parameters=[*positional, *parameters])
        return cast("F", made)

    return decorate


def _parameters(keywords: type[Any]) -> tuple[inspect.Parameter, ...]:
    """Give the keys of a TypedDict as parameters: those that every call has come last."""
    required = keywords.__required_keys__
    ordered = sorted(keywords.__annotations__.items(), key=lambda one: one[0] in OPTIONS)
    return tuple(
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if name in required else NOT_GIVEN,
            annotation=getattr(kind, "__forward_arg__", kind),
        )
        for name, kind in ordered
    )


def request_options(given: Mapping[str, Any]) -> Any:
    """Pick from a call's keywords those that are for every request it makes; a body is the first one's alone."""
    return {name: value for name, value in given.items() if name in OPTIONS - {"extra_body"}}


def part_of(given: Mapping[str, Any], keywords: type[Any]) -> dict[str, Any]:
    """Pick from a call's keywords those that another call takes."""
    return {name: value for name, value in given.items() if name in keywords.__annotations__}
