# /// script
# requires-python = ">=3.10"
# dependencies = ["instructor>=1.17", "openai>=2,<4"]
# ///
"""Instructor on Zhipu: from_openai on our clients, in its modes for OpenAI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import instructor
import openai
from handle import raises
from instructor import Mode
from instructor.core import InstructorRetryException
from pydantic import BaseModel, field_validator

if TYPE_CHECKING:
    from handle import Standin

TITLE = "Instructor"
PACKAGES = ("instructor",)
NOT_OFFERED = {
    "embeddings": "Instructor is about answers in a shape; our client beside it makes embeddings",
}

ASKED: Any = [{"role": "user", "content": "Plan a trip."}]
ROME = {"city": "Rome", "days": 3}


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


class Weather(BaseModel):
    """The weather in a city is wanted."""

    city: str


class Short(Trip):
    """A trip of a week at most."""

    @field_validator("days")
    @classmethod
    def _at_most_a_week(cls, days: int) -> int:
        if days > 7:
            raise ValueError("a week at most")
        return days


def is_rome(made: Any, kind: type[Trip] = Trip) -> bool:
    """Whether this is the trip; Instructor makes it of a subclass of what was asked for."""
    return isinstance(made, kind) and made.model_dump() == ROME


def on(standin: Standin, mode: Mode = Mode.TOOLS, **options: Any) -> Any:
    """Make an Instructor over our client, as the page does."""
    return instructor.from_openai(standin.client(**options), mode=mode)


def async_on(standin: Standin, mode: Mode = Mode.TOOLS, **options: Any) -> Any:
    """Make an async Instructor over our client."""
    return instructor.from_openai(standin.async_client(**options), mode=mode)


def chat(standin: Standin) -> None:
    """Create without a shape, and create_with_completion."""
    standin.say("Hello.", reasoning="A greeting.")
    answer = on(standin).create(model="gpt-4o", messages=ASKED, response_model=None, temperature=0.5)
    assert answer.choices[0].message.content == "Hello."
    assert answer.choices[0].message.reasoning_content == "A greeting."
    assert (standin.last["model"], standin.last["temperature"]) == ("glm-5.2", 0.5)
    assert standin.last["thinking"] == {"type": "disabled"}
    standin.call("Trip", ROME)
    trip, completion = on(standin).create_with_completion(model="gpt-4o", messages=ASKED, response_model=Trip)
    assert is_rome(trip)
    assert completion.usage.total_tokens > 0


def stream(standin: Standin) -> None:
    """create_partial in Mode.TOOLS and Mode.JSON, create_iterable, and plain pieces, on chunks without object."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.call("PartialTrip", ROME)
    partial = list(on(standin).create_partial(model="gpt-4o", messages=ASKED, response_model=Trip))
    assert partial[-1].model_dump() == ROME
    assert len(partial) > 3
    assert standin.last["tool_stream"] is True
    standin.say('{"city": "Rome", "days": 3}')
    partial = list(on(standin, Mode.JSON).create_partial(model="gpt-4o", messages=ASKED, response_model=Trip))
    assert partial[-1].model_dump() == ROME
    assert len(partial) > 3
    standin.call("IterableTrip", {"tasks": [ROME, {"city": "Oslo", "days": 1}]})
    trips = list(on(standin).create_iterable(model="gpt-4o", messages=ASKED, response_model=Trip))
    assert [trip.city for trip in trips] == ["Rome", "Oslo"]
    standin.say("One, two, three.")
    pieces = on(standin).create(model="gpt-4o", messages=ASKED, response_model=None, stream=True)
    assert (
        "".join(choice.delta.content or "" for piece in pieces for choice in piece.choices)
        == "One, two, three."
    )


async def async_chat(standin: Standin) -> None:
    """The async create, in a shape and without."""
    standin.say("Hello.")
    answer = await async_on(standin).create(model="glm-5.2", messages=ASKED, response_model=None)
    assert answer.choices[0].message.content == "Hello."
    standin.call("Trip", ROME)
    trip = await async_on(standin).create(model="glm-5.2", messages=ASKED, response_model=Trip)
    assert is_rome(trip)


async def async_stream(standin: Standin) -> None:
    """The async create_partial and create_iterable."""
    standin.call("PartialTrip", ROME)
    made = async_on(standin).create_partial(model="gpt-4o", messages=ASKED, response_model=Trip)
    partial = [trip async for trip in made]
    assert partial[-1].model_dump() == ROME
    assert len(partial) > 3
    standin.call("IterableTrip", {"tasks": [ROME, {"city": "Oslo", "days": 1}]})
    trips = [
        trip
        async for trip in async_on(standin).create_iterable(
            model="gpt-4o", messages=ASKED, response_model=Trip
        )
    ]
    assert [trip.city for trip in trips] == ["Rome", "Oslo"]


def tools(standin: Standin) -> None:
    """Mode.TOOLS and a second try with what was wrong as the tool's result; Mode.PARALLEL_TOOLS with two calls."""
    standin.call("Short", {"city": "Rome", "days": 30})
    standin.call("Short", ROME)
    trip = on(standin).create(model="gpt-4o", messages=ASKED, response_model=Short, max_retries=2)
    assert is_rome(trip, Short)
    assert standin.offered() == ["Short"]
    assert standin.last.get("tool_choice", "auto") == "auto"
    assert "tool" in standin.roles()
    assert "a week at most" in standin.told()[0]
    standin.calls(("Trip", ROME), ("Weather", {"city": "Rome"}))
    made = on(standin, Mode.PARALLEL_TOOLS).create(
        model="gpt-4o", messages=ASKED, response_model=Iterable[Trip | Weather]
    )
    trip, weather = list(made)
    assert is_rome(trip)
    assert isinstance(weather, Weather)
    assert standin.offered() == ["Trip", "Weather"]


def streamed_tools(standin: Standin) -> None:
    """create_partial by tools: fragments, no ids, every index -1, names repeated, a second finish."""
    for quirk in (None, "missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish"):
        if quirk:
            standin.switch_on(quirk)
        standin.call("PartialTrip", ROME)
        partial = list(on(standin).create_partial(model="gpt-4o", messages=ASKED, response_model=Trip))
        assert partial[-1].model_dump() == ROME
        standin.switch_off()


def structured_output(standin: Standin) -> None:
    """Mode.TOOLS, TOOLS_STRICT, JSON, MD_JSON and JSON_SCHEMA; a second try; answers in a fence where a schema is asked for."""
    for mode in (Mode.TOOLS, Mode.TOOLS_STRICT):
        standin.call("Trip", ROME)
        assert is_rome(on(standin, mode).create(model="gpt-4o", messages=ASKED, response_model=Trip))
        assert standin.offered() == ["Trip"]
    for mode in (Mode.JSON, Mode.MD_JSON, Mode.JSON_SCHEMA):
        if mode is not Mode.JSON:
            standin.switch_on("fenced_json")
        standin.say('{"city": "Rome", "days": 3}')
        assert is_rome(on(standin, mode).create(model="gpt-4o", messages=ASKED, response_model=Trip))
        assert "days" in str(standin.last["messages"])
        asked = None if mode is Mode.MD_JSON else {"type": "json_object"}
        assert standin.last.get("response_format") == asked
    standin.switch_off()
    before = len(standin.requests)
    standin.say('{"city": "Rome", "days": 30}')
    standin.say('{"city": "Rome", "days": 3}')
    trip = on(standin, Mode.JSON).create(model="gpt-4o", messages=ASKED, response_model=Short, max_retries=2)
    assert is_rome(trip, Short)
    assert len(standin.requests) == before + 2
    assert "a week at most" in str(standin.last["messages"])


async def responses(standin: Standin) -> None:
    """Mode.RESPONSES_TOOLS by chat, sync, async and in parts."""
    mode = Mode.RESPONSES_TOOLS
    standin.call("Trip", ROME)
    assert is_rome(on(standin, mode).create(model="gpt-4o", messages=ASKED, response_model=Trip))
    assert standin.paths[-1].endswith("/chat/completions")
    assert standin.offered() == ["Trip"]
    standin.call("Trip", ROME)
    made = await async_on(standin, mode).create(model="gpt-4o", messages=ASKED, response_model=Trip)
    assert is_rome(made)
    standin.call("PartialTrip", ROME)
    partial = list(on(standin, mode).create_partial(model="gpt-4o", messages=ASKED, response_model=Trip))
    assert partial[-1].model_dump() == ROME


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and an error in a stream are errors."""
    standin.fail("1113")
    with raises(InstructorRetryException) as caught:
        on(standin).create(model="gpt-4o", messages=ASKED, response_model=Trip, max_retries=1)
    assert isinstance(caught.error.__cause__, openai.RateLimitError)
    assert caught.error.__cause__.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1113")
    with raises(InstructorRetryException):
        on(standin).create(model="gpt-4o", messages=ASKED, response_model=Trip, max_retries=3)
    assert len(standin.requests) == 2  # Instructor's own tries are for answers that do not fit
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.call("Trip", ROME)
    assert is_rome(on(standin).create(model="gpt-4o", messages=ASKED, response_model=Trip))
    standin.fail("1301")
    with raises(InstructorRetryException) as caught:
        on(standin).create(model="gpt-4o", messages=ASKED, response_model=Trip, max_retries=1)
    assert caught.error.__cause__.code == "content_filter"
    standin.switch_on("error_event")
    with raises(InstructorRetryException) as caught:
        list(on(standin).create_partial(model="gpt-4o", messages=ASKED, response_model=Trip))
    assert isinstance(caught.error.__cause__, openai.APIError)
