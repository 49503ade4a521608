"""The threads of a limiter, with a Redis that answers, fails and hangs as a test says."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

import pytest

from zhipu_openai.fleet.keeper import Keeper, Ticket
from zhipu_openai.fleet.places import Outcome, Places, Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 5.0


class Link:
    """Grants what is wanted, as far as it is let; or fails; or hangs."""

    def __init__(self) -> None:
        self.rounds: deque[tuple[Round, int]] = deque(maxlen=200)
        self.error: Exception | None = None
        self.free = 100
        self.settling = False
        self.answers = threading.Event()
        self.answers.set()
        self.closed = threading.Event()

    def round(self, told: Round, settle: int) -> Outcome:
        self.answers.wait(PATIENCE)
        self.rounds.append((told, settle))
        if self.error is not None:
            raise self.error
        self.free += len(told.back)
        granted = () if self.settling else told.want[: self.free]
        self.free -= len(granted)
        return Outcome(granted, rank=3, processes=2, settling=self.settling)

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def keeper(link: Link) -> Iterator[Keeper]:
    keeper = Keeper(Places(4), link, timeout=0.3, renewal=0.05)
    yield keeper
    link.answers.set()
    link.error = None
    keeper.close()


def asking(keeper: Keeper, token: str) -> tuple[Ticket, threading.Event]:
    """Ask for a place."""
    woken = threading.Event()
    ticket = Ticket(token, woken.set)
    keeper.ask(ticket)
    return ticket, woken


def eventually(fulfilled: Callable[[], object]) -> None:
    """Wait for something to become true."""
    until = time.monotonic() + PATIENCE
    while not fulfilled():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_what_is_under_way_is_renewed_until_it_is_over(keeper: Keeper, link: Link) -> None:
    ticket, woken = asking(keeper, "a")
    assert woken.wait(PATIENCE)
    assert not ticket.by_share
    eventually(lambda: sum(told.keep == ("a",) for told, _ in link.rounds) > 3)
    keeper.give_back("a")
    eventually(lambda: link.rounds[-1][0] == Round(back=("a",)))
    quiet = len(link.rounds)
    time.sleep(0.2)
    assert len(link.rounds) == quiet


def test_a_process_that_waits_asks_again_until_there_is_a_place(keeper: Keeper, link: Link) -> None:
    link.free = 0
    _, woken = asking(keeper, "a")
    eventually(lambda: len(link.rounds) > 3)
    assert not woken.is_set()
    link.free = 1
    assert woken.wait(PATIENCE)


def test_only_the_first_round_asks_when_redis_started(keeper: Keeper, link: Link) -> None:
    _, woken = asking(keeper, "a")
    assert woken.wait(PATIENCE)
    eventually(lambda: len(link.rounds) > 2)
    assert [settle > 0 for _, settle in list(link.rounds)[:3]] == [True, False, False]


def test_a_redis_that_has_just_started_is_asked_until_it_has_settled(keeper: Keeper, link: Link) -> None:
    link.settling = True
    _, woken = asking(keeper, "a")
    eventually(lambda: len(link.rounds) > 2)
    assert all(settle > 0 for _, settle in link.rounds)
    link.settling = False
    assert woken.wait(PATIENCE)


@pytest.mark.parametrize("kind", ["fails", "hangs"])
def test_a_redis_that_is_away_is_done_without_and_comes_back(keeper: Keeper, link: Link, kind: str) -> None:
    if kind == "fails":
        link.error = ConnectionError("nobody")
    else:
        link.answers.clear()
    tickets = [asking(keeper, token) for token in "abc"]
    assert tickets[0][1].wait(PATIENCE)
    assert tickets[0][0].by_share
    assert keeper.news()
    assert not keeper.news()
    assert not tickets[1][1].is_set()
    keeper.give_back("a")
    assert tickets[1][1].wait(PATIENCE)
    link.error = None
    link.answers.set()
    assert tickets[2][1].wait(PATIENCE)
    assert not tickets[2][0].by_share
    eventually(lambda: "b" in link.rounds[-1][0].keep)


def test_a_failure_that_is_over_within_the_timeout_lets_nobody_go(keeper: Keeper, link: Link) -> None:
    link.error = ConnectionError("restarting")
    ticket, woken = asking(keeper, "a")
    eventually(lambda: link.rounds)
    link.error = None
    assert woken.wait(PATIENCE)
    assert not ticket.by_share
    assert link.rounds[-1][1] > 0


def test_a_wake_that_finds_its_loop_closed_gives_the_place_back(keeper: Keeper, link: Link) -> None:
    def closed() -> None:
        raise RuntimeError("Event loop is closed")

    keeper.ask(Ticket("a", closed))
    eventually(lambda: any(told.back == ("a",) for told, _ in link.rounds))


def test_an_end_gives_everything_back_and_closes_the_connection(keeper: Keeper, link: Link) -> None:
    link.free = 1
    _, woken = asking(keeper, "a")
    assert woken.wait(PATIENCE)
    asking(keeper, "b")
    eventually(lambda: any(told.want == ("b",) for told, _ in link.rounds))
    keeper.close()
    assert set(link.rounds[-1][0].back) == {"a", "b"}
    assert link.closed.wait(PATIENCE)


def test_a_fork_gives_back_nothing_of_its_parents(keeper: Keeper, link: Link) -> None:
    _, woken = asking(keeper, "a")
    assert woken.wait(PATIENCE)
    keeper.pid += 1
    keeper.give_back("a")
    keeper.pid -= 1
    rounds = len(link.rounds)
    eventually(lambda: len(link.rounds) > rounds + 2)
    assert link.rounds[-1][0].keep == ("a",)
