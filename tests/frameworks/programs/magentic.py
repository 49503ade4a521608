# /// script
# requires-python = ">=3.10"
# dependencies = ["magentic>=0.41.1", "openai>=1.108"]
# ///
"""magentic on Zhipu: its OpenaiChatModel makes openai's clients and takes none, so ours are put in their place."""

# No annotations from __future__: magentic reads them.
from collections.abc import AsyncIterable, Iterable
from typing import Any

import openai
from handle import Standin, raises
from magentic import (
    AsyncStreamedStr,
    Chat,
    FunctionCall,
    OpenaiChatModel,
    ParallelFunctionCall,
    StreamedResponse,
    StreamedStr,
    UserMessage,
    prompt,
    prompt_chain,
)
from pydantic import BaseModel, Field

import zhipu_openai

TITLE = "magentic"
PACKAGES = ("magentic",)
NOT_OFFERED = {
    "embeddings": "magentic makes no embeddings",
    "responses": "magentic knows chat completions alone",
}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def hotel(city: str, nights: int) -> str:
    """Book a hotel."""
    return f"{nights} nights in {city}."


def model(standin: Standin, *, client_options: Any = None, **options: Any) -> OpenaiChatModel:
    """Put our clients in, as the page does."""
    made = OpenaiChatModel("gpt-4o", api_key="unused", **options)
    made._client = standin.client(**(client_options or {}))
    made._async_client = standin.async_client(**(client_options or {}))
    return made


def chat(standin: Standin) -> None:
    """A prompt function, a Chat, settings and usage; by install()."""
    on = model(standin, temperature=0.5, max_completion_tokens=50)

    @prompt("What is the capital of {country}?", model=on, stop=["END"])
    def capital(country: str) -> str: ...

    standin.say("Rome.", reasoning="Easy.")
    assert capital("Italy") == "Rome."
    body = standin.last
    assert body["model"] == "glm-5.2"
    assert body["thinking"] == {"type": "disabled"}
    assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
    assert body["messages"] == [{"role": "user", "content": "What is the capital of Italy?"}]
    standin.say("Hello.")
    talk = Chat([UserMessage("Hi")], model=on).submit()
    assert talk.last_message.content == "Hello."
    assert talk.last_message.usage.output_tokens > 0
    standin.say("Bye.")
    assert talk.add_user_message("Bye").submit().last_message.content == "Bye."
    assert standin.roles() == ["user", "assistant", "user"]
    with zhipu_openai.install(region="standin", on_adaptation="ignore"):
        by_itself = OpenaiChatModel("gpt-4o", api_key="sk-unused")
    assert isinstance(by_itself._client, zhipu_openai.OpenAI)
    assert isinstance(by_itself._async_client, zhipu_openai.AsyncOpenAI)
    assert "[stand-in]" in Chat([UserMessage("Hi")], model=by_itself).submit().last_message.content


def stream(standin: Standin) -> None:
    """StreamedStr, on chunks without object and with counted choices."""

    @prompt("Count.", model=model(standin))
    def count() -> StreamedStr: ...

    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    pieces = list(count())
    assert "".join(pieces) == "One, two, three."
    assert len(pieces) > 3
    assert standin.last["stream"] is True


async def async_chat(standin: Standin) -> None:
    """An asynchronous prompt function."""

    @prompt("What is the capital of {country}?", model=model(standin))
    async def capital(country: str) -> str: ...

    standin.say("Rome.")
    assert await capital("Italy") == "Rome."
    assert standin.last["model"] == "glm-5.2"


async def async_stream(standin: Standin) -> None:
    """AsyncStreamedStr."""

    @prompt("Count.", model=model(standin))
    async def count() -> AsyncStreamedStr: ...

    standin.say("One, two, three.")
    pieces = [piece async for piece in await count()]
    assert "".join(pieces) == "One, two, three."
    assert len(pieces) > 3


async def tools(standin: Standin) -> None:
    """prompt_chain runs the whole loop, sync and async; several calls at once; a call that must be made."""
    on = model(standin)

    @prompt_chain("How is the weather in Rome?", functions=[weather], model=on)
    def report() -> str: ...

    @prompt_chain("How is the weather in Rome?", functions=[weather], model=on)
    async def areport() -> str: ...

    for way in ("sync", "async"):
        standin.call("weather", {"city": "Rome"})
        standin.say("Sunny.")
        assert (await areport() if way == "async" else report()) == "Sunny."
        assert standin.offered() == ["weather"]
        assert standin.roles() == ["user", "assistant", "tool"]
        assert standin.told() == ["Sunny in Rome."]

    @prompt("Rome and Oslo?", functions=[weather], model=on)
    def several() -> ParallelFunctionCall[str]: ...

    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    assert several()() == ("Sunny in Rome.", "Sunny in Oslo.")

    @prompt("Plan.", functions=[weather, hotel], model=on)
    def one_of_two() -> FunctionCall[str]: ...

    standin.say("I would rather talk.")
    standin.call("hotel", {"city": "Rome", "nights": 2})
    assert one_of_two()() == "2 nights in Rome."
    assert standin.last.get("tool_choice", "auto") == "auto"
    assert set(standin.offered()) == {"weather", "hotel"}


def streamed_tools(standin: Standin) -> None:
    """Text and calls in one stream: fragments, no ids, every index -1, repeated names."""

    @prompt("Rome and Oslo?", functions=[weather], model=model(standin))
    def both() -> StreamedResponse: ...

    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}), content="I look.")
        said = ["".join(part) if isinstance(part, StreamedStr) else part() for part in both()]
        assert said == ["I look.", "Sunny in Rome.", "Sunny in Oslo."]
        assert standin.last["tool_stream"] is True
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """Pydantic models, lists of them as they come, numbers and choices, sync and async."""
    on = model(standin)
    wanted = Trip(city="Rome", days=3)

    @prompt("Plan.", model=on)
    def plan() -> Trip: ...

    @prompt("Plan.", model=on)
    async def aplan() -> Trip: ...

    for way in ("sync", "async"):
        standin.call("return_trip", {"city": "Rome", "days": 3})
        assert (await aplan() if way == "async" else plan()) == wanted
        assert standin.offered() == ["return_trip"]
        assert standin.last.get("tool_choice", "auto") == "auto"

    @prompt("Plan several.", model=on)
    def plans() -> Iterable[Trip]: ...

    @prompt("Plan several.", model=on)
    async def aplans() -> AsyncIterable[Trip]: ...

    several = {"value": [{"city": "Rome", "days": 3}, {"city": "Oslo", "days": 2}]}
    standin.calls(("return_iterable_of_trip", several))
    assert list(plans()) == [wanted, Trip(city="Oslo", days=2)]
    standin.calls(("return_asynciterable_of_trip", several))
    assert [trip async for trip in await aplans()] == [wanted, Trip(city="Oslo", days=2)]

    @prompt("Plan, or say no.", model=on)
    def maybe() -> Trip | str: ...

    standin.say("No.")
    assert maybe() == "No."


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and a cut stream are errors."""
    on = model(standin, client_options={"max_retries": 3})

    @prompt("Hi", model=on)
    def hello() -> str: ...

    standin.fail("1113")
    with raises(openai.RateLimitError) as caught:
        hello()
    assert caught.error.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert hello() == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(openai.BadRequestError) as caught:
        hello()
    assert caught.error.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        hello()
