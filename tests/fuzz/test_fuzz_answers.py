"""Whatever a service answers, a call gives an object of openai's with all that it must hold, or openai's error."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import fuzz_answers
import openai
from fuzz_budget import examples
from fuzz_calls import PLAIN, STREAMED, every_call
from fuzz_json import bent, encoded
from fuzz_replies import Given, check, events, replies, service
from hypothesis import given
from hypothesis import strategies as st

JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream"}

almost_right = bent(fuzz_answers.ALL).map(encoded).map(lambda body: Given(content=body, headers=JSON))
streams = st.lists(bent(fuzz_answers.CHUNKS) | st.just(b"[DONE]"), max_size=6).map(events)


@examples(12)
@given(st.data(), st.lists(replies, min_size=1, max_size=3))
def test_any_reply_to_any_call_is_an_answer_or_an_error(
    data: st.DataObject, given_replies: list[Given]
) -> None:
    name, arguments = data.draw(st.sampled_from(every_call()))
    check(service().play(name, given_replies, arguments))


@examples(60)
@given(st.sampled_from(PLAIN), st.lists(almost_right, min_size=1, max_size=2))
def test_an_answer_that_is_not_quite_right_is_put_right_or_an_error(
    asked: tuple[str, dict[str, Any]], given_replies: list[Given]
) -> None:
    check(service().play(asked[0], given_replies, asked[1]))


@examples(60)
@given(st.sampled_from(STREAMED), st.lists(streams, min_size=1, max_size=2))
def test_a_stream_that_is_not_quite_right_is_put_right_or_an_error(
    asked: tuple[str, dict[str, Any]], bodies: list[bytes]
) -> None:
    check(service().play(asked[0], [Given(content=body, headers=EVENTS) for body in bodies], asked[1]))


@examples(40)
@given(
    st.sampled_from([one for one in STREAMED if "n" not in one[1] and "prompt" not in one[1]]),
    streams | st.binary(max_size=60),
    st.lists(st.integers(0, 3000), max_size=8),
)
def test_how_a_stream_is_cut_makes_no_difference(
    asked: tuple[str, dict[str, Any]], body: bytes, places: list[int]
) -> None:
    whole = service().play(asked[0], [Given(content=body, headers=EVENTS)], asked[1])
    bounds = [0, *sorted(place for place in places if place < len(body)), len(body)]
    pieces = [body[start:end] for start, end in pairwise(bounds)]
    cut = service().play(asked[0], [Given(pieces=tuple(pieces), headers=EVENTS)], asked[1])
    assert told(cut) == told(whole)


def told(answer: Any) -> Any:
    """Give what can be compared of an answer: not the times and ids that are made here."""
    if isinstance(answer, openai.APIStatusError):
        return type(answer), answer.status_code, answer.code
    if isinstance(answer, BaseException):
        return type(answer), str(answer)
    made_here = {"id", "created", "created_at", "completed_at", "item_id", "response", "item"}
    items = answer if isinstance(answer, list) else [answer]
    return [
        {name: repr(value) for name, value in one if name not in made_here}
        if hasattr(one, "to_dict")
        else one
        for one in items
    ]
