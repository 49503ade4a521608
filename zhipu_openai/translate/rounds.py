"""Many requests for one call: some side by side, then the next, so that an account's limit is not overrun."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from zhipu_openai.exchange import Reply, Send, SendAll

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence


def in_rounds(
    sends: Sequence[Send], *, side_by_side: int
) -> Generator[Send | SendAll, Any, list[Reply] | Reply]:
    """Send all, a few at a time.

    Args:
        sends: The requests.
        side_by_side: How many go out together, 1 or more.

    Returns:
        The replies in the order of the requests, or the first that reports a failure.
    """
    replies: list[Reply] = []
    for start in range(0, len(sends), side_by_side):
        some = tuple(sends[start : start + side_by_side])
        if len(some) == 1:
            given: Any = yield some[0]
            given = given if given.error is not None else [given]
        else:
            given = yield SendAll(some)
        if isinstance(given, Reply):
            return given
        replies += given
    return replies


def gathered(
    works: Iterable[Generator[Any, Any, Any]], *, side_by_side: int
) -> Generator[SendAll, Any, list[Any] | Reply]:
    """Run operations, a few at a time: the requests that they make in one step are sent together.

    Args:
        works: Operations, of which each ends with a reply.
        side_by_side: How many run together, 1 or more.

    Returns:
        Their replies in order, or the first that reports a failure.
    """
    rest = iter(works)
    results: list[Any] = []
    while some := list(islice(rest, side_by_side)):
        ended = yield from _together(some)
        if isinstance(ended, Reply):
            return ended
        results += ended
    return results


def _together(works: list[Generator[Any, Any, Any]]) -> Generator[SendAll, Any, list[Any] | Reply]:
    results: list[Any] = [None] * len(works)
    waiting: dict[int, Send | SendAll] = {place: next(work) for place, work in enumerate(works)}
    while waiting:
        sends = [one for step in waiting.values() for one in _sends(step)]
        replies = yield SendAll(tuple(sends))
        if isinstance(replies, Reply):
            return replies
        left = iter(replies)
        after: dict[int, Send | SendAll] = {}
        for place, step in waiting.items():
            given = list(islice(left, len(_sends(step))))
            try:
                after[place] = works[place].send(given if isinstance(step, SendAll) else given[0])
            except StopIteration as end:
                if end.value.error is not None:
                    failed: Reply = end.value
                    return failed
                results[place] = end.value
        waiting = after
    return results


def _sends(step: Send | SendAll) -> tuple[Any, ...]:
    return step.sends if isinstance(step, SendAll) else (step,)
