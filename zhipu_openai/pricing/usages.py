"""Read how much was used, from openai's objects and from plain dicts, whatever resource they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .tables import Unit

_SECONDS_IN_A_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Used:
    """What was used.

    Attributes:
        model: The model that the answer names; None where a usage stands alone.
        input: Tokens of input, those from the cache included.
        cached: Those of them that came from the cache.
        output: Tokens of output, thoughts included.
        reasoning: Those of them that are thoughts.
        count: How many of another unit, such as pictures; None where tokens were counted.
        unit: Which unit, where the object says it; None for a bare number.
    """

    model: str | None
    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0
    count: Decimal | None = None
    unit: Unit | None = None


def read(given: Any) -> Used:
    """Read what was used.

    Args:
        given: An answer of openai's (a chat completion, a response, embeddings, the last chunk of a stream,
            pictures, a video), its ``usage``, either of them as a dict, or a number of what the price is for.

    Raises:
        ValueError: There are no numbers in it, or they make no sense.
    """
    if isinstance(given, (int, float, Decimal)) and not isinstance(given, bool):
        return _counted(None, given, None)
    model = _get(given, "model")
    name = model if isinstance(model, str) else None
    pictures = _get(given, "data")
    if isinstance(pictures, list) and _get(given, "object") is None:
        return _counted(name, len(pictures), "image")
    usage = _get(given, "usage")
    if usage is not None:
        return _tokens(name, usage)
    if _get(given, "object") == "video":
        return _counted(name, 1, "video")
    return _tokens(name, given)


def _tokens(model: str | None, usage: Any) -> Used:
    seconds = _get(usage, "seconds")
    if seconds is not None and _first(usage, "prompt_tokens", "input_tokens") is None:
        return _counted(model, Decimal(str(seconds)) / _SECONDS_IN_A_MINUTE, "minute")
    fresh = _number(usage, "prompt_tokens", "input_tokens")
    if fresh is None:
        raise ValueError(
            "There are no counts of tokens in this: give an answer, its usage, or a dict with prompt_tokens and "
            "completion_tokens. A stream has its usage in the last chunk, with stream_options={'include_usage': True}."
        )
    output = _number(usage, "completion_tokens", "output_tokens") or 0
    cached = _number(_first(usage, "prompt_tokens_details", "input_tokens_details"), "cached_tokens")
    thoughts = _number(
        _first(usage, "completion_tokens_details", "output_tokens_details"), "reasoning_tokens"
    )
    # A part cannot be larger than the whole; a gateway that says so must not make a cost negative.
    return Used(model, fresh, min(cached or 0, fresh), output, min(thoughts or 0, output))


def _counted(model: str | None, count: float | Decimal, unit: Unit | None) -> Used:
    number = Decimal(str(count))
    if not number.is_finite() or number < 0:
        raise ValueError("A count is a number of at least 0.")
    return Used(model, count=number, unit=unit)


def _number(usage: Any, *names: str) -> int | None:
    value = _first(usage, *names)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{names[0]} is no whole number of at least 0.")
    return value


def _first(given: Any, *names: str) -> Any:
    return next((value for name in names if (value := _get(given, name)) is not None), None)


def _get(given: Any, name: str) -> Any:
    return given.get(name) if isinstance(given, Mapping) else getattr(given, name, None)
