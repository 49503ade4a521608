"""Many requests for one call go out a few at a time, and the first failure ends the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.errors import refusal
from zhipu_openai.exchange import Reply, Send, SendAll, error_reply, json_reply
from zhipu_openai.translate.rounds import gathered, in_rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SENDS = [Send("POST", f"/{number}") for number in range(10)]
FAILED = error_reply(refusal("no", param=None))


def answered(send: Send) -> Reply:
    """Answer a request with its own path."""
    return json_reply(send.path)


def run(work: Generator[Any, Any, Any], answer: Callable[[Send], Reply] = answered) -> tuple[Any, list[int]]:
    """Play the transport: give the result, and how many requests went out together each time."""
    sizes = []
    given = None
    try:
        while True:
            step = work.send(given)
            sends = step.sends if isinstance(step, SendAll) else (step,)
            sizes.append(len(sends))
            replies = [answer(send) for send in sends]
            failed = next((reply for reply in replies if reply.error is not None), None)
            given = failed or (replies if isinstance(step, SendAll) else replies[0])
    except StopIteration as end:
        return end.value, sizes


def fail_at(path: str) -> Callable[[Send], Reply]:
    """Answer all requests but one."""
    return lambda send: FAILED if send.path == path else answered(send)


def asking(*rounds: int) -> Generator[Any, Any, Reply]:
    """Make an operation that sends so many requests side by side, round after round; 1 means a plain one."""
    seen = []
    for number, size in enumerate(rounds):
        sends = tuple(Send("POST", f"/{size}/{number}/{place}") for place in range(size))
        replies = yield sends[0] if size == 1 else SendAll(sends)
        seen += [reply.json() for reply in (replies if size > 1 else [replies])]
    return json_reply(seen)


def test_a_few_go_out_at_a_time() -> None:
    replies, sizes = run(in_rounds(SENDS, side_by_side=4))
    assert sizes == [4, 4, 2]
    assert [reply.json() for reply in replies] == [send.path for send in SENDS]


def test_a_single_request_goes_out_by_itself() -> None:
    work = in_rounds(SENDS[:1], side_by_side=4)
    assert next(work) == SENDS[0]


def test_after_a_failure_nothing_more_goes_out() -> None:
    result, sizes = run(in_rounds(SENDS, side_by_side=4), fail_at("/5"))
    assert result is FAILED
    assert sizes == [4, 4]
    assert run(in_rounds(SENDS[:1], side_by_side=4), fail_at("/0")) == (FAILED, [1])


def test_operations_run_together_step_by_step() -> None:
    works = [asking(1), asking(2, 1), asking(1, 3)]
    replies, sizes = run(gathered(works, side_by_side=8))
    assert sizes == [4, 4]
    assert [reply.json() for reply in replies] == [
        ["/1/0/0"],
        ["/2/0/0", "/2/0/1", "/1/1/0"],
        ["/1/0/0", "/3/1/0", "/3/1/1", "/3/1/2"],
    ]


def test_operations_run_a_few_at_a_time() -> None:
    replies, sizes = run(gathered([asking(1) for _ in range(5)], side_by_side=2))
    assert sizes == [2, 2, 1]
    assert len(replies) == 5


def test_the_failure_of_one_operation_ends_all() -> None:
    result, sizes = run(gathered([asking(1), asking(2), asking(1)], side_by_side=2), fail_at("/2/0/1"))
    assert (result, sizes) == (FAILED, [3])


def test_an_operation_that_ends_with_an_error_of_its_own_ends_all() -> None:
    def refusing() -> Generator[Any, Any, Reply]:
        yield Send("POST", "/x")
        return FAILED

    result, sizes = run(gathered([asking(1, 1), refusing(), asking(1, 1)], side_by_side=3))
    assert (result, sizes) == (FAILED, [3])
