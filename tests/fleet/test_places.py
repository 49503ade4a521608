"""What a process decides by itself: who goes, who waits, and what Redis is told."""

from __future__ import annotations

import pytest

from zhipu_openai.fleet.places import Outcome, Places, Round


def asked(*tokens: str, limit: int = 2, local_limit: int | None = None) -> Places:
    """Make places with requests that wait."""
    places = Places(limit, local_limit)
    for token in tokens:
        places.ask(token)
    return places


def granted(places: Places, *tokens: str, processes: int = 1) -> list[str]:
    """Tell Redis, and have it grant these."""
    return places.apply(places.round(), Outcome(tokens, processes=processes))


def test_a_granted_request_is_kept_until_it_is_given_back() -> None:
    places = asked("a")
    assert places.round() == Round(want=("a",))
    assert granted(places, "a") == ["a"]
    assert places.round() == Round(keep=("a",))
    places.give_back("a")
    assert places.round() == Round(back=("a",))
    assert not places.idle
    granted(places)
    assert places.idle


def test_what_redis_was_not_yet_told_is_told_again() -> None:
    places = asked("a")
    granted(places, "a")
    lost = places.round()
    places.give_back("a")
    places.apply(lost, Outcome())
    assert places.round().back == ("a",)


def test_no_more_queue_in_redis_than_can_go_and_they_queue_in_order() -> None:
    places = asked("a", "b", "c", "d")
    assert places.round().want == ("a", "b")
    assert not places.fresh
    granted(places, "a")
    assert places.fresh
    assert places.round().want == ("b", "c")


def test_a_wait_that_is_given_up_is_told_to_redis_where_it_knows_of_it() -> None:
    places = asked("a", "b", "c")
    places.round()
    places.give_back("b")
    places.give_back("c")
    assert places.round() == Round(back=("b",), want=("a",))


def test_a_place_granted_to_who_gave_up_meanwhile_is_given_back() -> None:
    places = asked("a")
    told = places.round()
    places.give_back("a")
    assert places.apply(told, Outcome(("a",))) == []
    assert places.round() == Round(back=("a",))


def test_a_request_is_over_once() -> None:
    places = asked("a")
    granted(places, "a")
    for _ in range(3):
        places.give_back("a")
    assert places.round() == Round(back=("a",))
    granted(places)
    places.give_back("a")
    assert places.idle


def test_nobody_goes_by_the_share_while_redis_answers() -> None:
    places = asked("a", local_limit=5)
    assert places.grant_locally() == []


@pytest.mark.parametrize(
    ("limit", "local_limit", "processes", "share"),
    [(8, None, None, 1), (8, None, 3, 2), (8, None, 20, 1), (8, None, 1, 8), (8, 5, 20, 5), (8, 5, None, 5)],
)
def test_the_share_is_the_limit_over_the_processes_last_seen(
    limit: int, local_limit: int | None, processes: int | None, share: int
) -> None:
    places = Places(limit, local_limit, processes=processes)
    assert places.share == share


def test_while_redis_is_away_the_share_goes_and_what_is_under_way_counts() -> None:
    places = asked("a", "b", "c", "d", limit=4)
    granted(places, "a", processes=2)
    places.away = True
    assert places.grant_locally() == ["b"]
    assert places.grant_locally() == []
    places.give_back("a")
    assert places.grant_locally() == ["c"]


def test_redis_is_told_of_what_began_without_it_when_it_is_back() -> None:
    places = asked("a", local_limit=1)
    late = places.round()
    places.away = True
    assert places.grant_locally() == ["a"]
    assert places.apply(late, Outcome(("a",))) == []
    assert not places.away
    assert places.round() == Round(keep=("a",))


def test_what_is_remembered_for_redis_has_an_end() -> None:
    places = Places(1, 1, away=True)
    for number in range(1500):
        places.ask(str(number))
        places.grant_locally()
        places.give_back(str(number))
    assert len(places.round().back) == 1000
    assert places.round().back[-1] == "1499"


def test_all_is_given_back_at_the_end() -> None:
    places = asked("a", "b", "c")
    granted(places, "a")
    places.round()
    places.give_all_back()
    assert set(places.round().back) == {"a", "b", "c"}
