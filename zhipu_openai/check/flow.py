"""Which of several bindings a place in the text sees, and what several values come to together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .values import REST, UNKNOWN, Client, Either

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .scopes import Binding, Block, Mutation, Site

_MOST_ALTERNATIVES: Final = 4
"""Values that a name may have."""


def reaching(bindings: list[Binding], site: Site) -> list[Binding]:
    """Give the bindings whose value a place in the text may see."""
    found: list[Binding] = []
    for one in reversed(bindings):
        if one.index > site.index:
            if _shares_a_loop(one.block, site.block):
                found.append(one)
            continue
        if _excludes(one.block, site.block) and not _shares_a_loop(one.block, site.block):
            continue
        found.append(one)
        if leads_to(one.block, site.block):
            break
    return found or list(bindings)


def may_come_before(mutation: Mutation, site: Site | None) -> bool:
    """Whether a change may be made before a place is reached; any may, where the place is in another function."""
    if site is None or mutation.index < site.index:
        return True
    return _shares_a_loop(mutation.block, site.block)


def leads_to(block: Block, inner: Block) -> bool:
    """Whether what stands in one block has always run before what stands, further down, in the other."""
    return inner[: len(block)] == block


def _excludes(block: Block, other: Block) -> bool:
    """Whether two blocks are different branches of the same statement."""
    places = {one[0]: one[1] for one in other}
    return any(places.get(place, branch) != branch for place, branch, _ in block)


def _shares_a_loop(block: Block, other: Block) -> bool:
    return any(one[2] and one in other for one in block)


def agreed(values: Iterable[Any]) -> Any:
    """Give the value that all are, or one of the few that they are.

    Of clients it is the one that would be ours, whatever else there is.
    """
    given = list(values)
    if not given:
        return UNKNOWN
    clients = [one for one in given if isinstance(one, Client)]
    if clients and all(isinstance(one, Client) or one is None for one in given):
        return next((one for one in clients if one.family != "elsewhere"), clients[0])
    first = given[0]
    if all(type(one) is type(first) and one == first for one in given[1:]):
        return first
    return either(given)


def either(given: list[Any]) -> Any:
    """Give a few plain values as one that is any of them."""
    few: list[Any] = []
    for value in given:
        for one in value.values if isinstance(value, Either) else (value,):
            if one is not None and not isinstance(one, (str, bool, int, float)):
                return UNKNOWN
            if all(type(one) is not type(other) or one != other for other in few):
                few.append(one)
    return Either(tuple(few)) if len(few) <= _MOST_ALTERNATIVES else UNKNOWN


def loosened(value: Any) -> Any:
    """Give a value in which there may be more, or something else."""
    if isinstance(value, list):
        return [*value, REST]
    return {**value, REST: UNKNOWN} if isinstance(value, dict) else UNKNOWN
