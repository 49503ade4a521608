"""What every tracer is put through: calls of our clients, and what is seen of each.

A program gives ``seen``, which tells what its tracer has recorded since it was last asked, one ``Seen`` a call.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openai
from handle import raises
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from handle import Standin

MODEL = "gpt-4o"
SERVED = "glm-5.2"
HI: Any = [{"role": "user", "content": "Hi"}]
COUNT: Any = [{"role": "user", "content": "Count."}]
WITH_USAGE: Any = {"include_usage": True}
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tell the weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


@dataclass(frozen=True)
class Seen:
    """A call as a tracer has recorded it.

    Attributes:
        model: The model that answered; of a call that failed, the one that was asked for.
        asked: The messages, as text.
        answered: The answer, as text or as JSON.
        tokens: Tokens in and out; None where they are not told.
        failed: What is said of the failure; None for none.
    """

    model: str
    asked: str
    answered: str
    tokens: tuple[int, int] | None
    failed: str | None


def check(call: Seen, asked: str, answered: str, usage: Any) -> None:
    """Compare what was seen with what was sent and received."""
    assert call.model == SERVED
    assert asked in call.asked
    assert answered in call.answered
    assert call.tokens == (None if usage is None else (usage.prompt_tokens, usage.completion_tokens))
    assert call.failed is None


def text_of(chunks: list[Any]) -> str:
    """Put a stream together."""
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def chat(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Call once for one answer, once for three; our client, and openai's own over our HTTP client."""
    for client in (
        standin.client(),
        openai.OpenAI(api_key="unused", http_client=standin.http_client()),
    ):
        standin.say("Hello.", reasoning="A greeting.")
        answer = client.chat.completions.create(model=MODEL, messages=HI)
        assert answer.choices[0].message.content == "Hello."
        assert standin.last["model"] == SERVED
        [call] = seen()
        check(call, "Hi", "Hello.", answer.usage)
        assert answer.usage.completion_tokens > 0
    before = len(standin.requests)
    three = standin.client().chat.completions.create(model=MODEL, messages=HI, n=3)
    assert len(three.choices) == 3
    assert len(standin.requests) == before + 3
    [call] = seen()
    check(call, "Hi", "[stand-in]", three.usage)


def stream(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Stream with usage and without, by the fast way and by openai's, by .stream(), and only in part."""
    for options in ({}, {"fast_streams": False}):
        client = standin.client(**options)
        for wanted in ({"stream_options": WITH_USAGE}, {}):
            standin.say("One, two, three.", reasoning="I count.")
            chunks = list(client.chat.completions.create(model=MODEL, messages=COUNT, stream=True, **wanted))
            assert text_of(chunks) == "One, two, three."
            assert len(chunks) > 3
            [call] = seen()
            check(call, "Count.", "One, two, three.", chunks[-1].usage)
            assert (call.tokens is not None) == bool(wanted)
    standin.say("One, two, three.")
    with standin.client().chat.completions.stream(model=MODEL, messages=COUNT) as events:
        told = [event.delta for event in events if event.type == "content.delta"]
    assert "".join(told) == "One, two, three."
    [call] = seen()
    check(call, "Count.", "One, two, three.", None)
    standin.say("One, two, three.")
    made = standin.client().chat.completions.create(model=MODEL, messages=COUNT, stream=True)
    with closing(made):
        for chunk in made:
            if chunk.choices and chunk.choices[0].delta.content:
                break
    assert standin.last["stream"] is True


async def async_chat(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Call several times at once."""
    client = standin.async_client()
    asked = [[{"role": "user", "content": f"Number {number}"}] for number in range(3)]
    answers = await asyncio.gather(
        *(client.chat.completions.create(model=MODEL, messages=messages) for messages in asked)
    )
    calls = sorted(seen(), key=lambda call: call.asked)
    assert len(calls) == 3
    for number, (call, answer) in enumerate(zip(calls, answers, strict=True)):
        check(call, f"Number {number}", f"Number {number}", answer.usage)


async def async_stream(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Stream, by the fast way and by openai's."""
    for options in ({}, {"fast_streams": False}):
        standin.say("One, two, three.")
        made = await standin.async_client(**options).chat.completions.create(
            model=MODEL, messages=COUNT, stream=True, stream_options=WITH_USAGE
        )
        chunks = [chunk async for chunk in made]
        assert text_of(chunks) == "One, two, three."
        [call] = seen()
        check(call, "Count.", "One, two, three.", chunks[-1].usage)
        assert call.tokens is not None


def tools(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Go through a whole loop; force a tool after talk, which Zhipu is asked for twice."""
    client = standin.client()
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    messages: list[Any] = [*HI]
    answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    [call] = seen()
    check(call, "Hi", "Rome", answer.usage)
    assert "Oslo" in call.answered
    messages.append(answer.choices[0].message)
    for made in answer.choices[0].message.tool_calls:
        city = json.loads(made.function.arguments)["city"]
        messages.append({"role": "tool", "tool_call_id": made.id, "content": f"Sunny in {city}."})
    standin.say("Both are sunny.")
    answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    [call] = seen()
    check(call, "Sunny in Oslo.", "Both are sunny.", answer.usage)
    standin.say("I would rather talk.")
    standin.call("weather", {"city": "Bern"})
    before = len(standin.requests)
    answer = client.chat.completions.create(model=MODEL, messages=HI, tools=[WEATHER], tool_choice="required")
    assert len(standin.requests) == before + 2
    [call] = seen()
    check(call, "Hi", "Bern", answer.usage)
    assert "I would rather talk." not in call.answered


def streamed_tools(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Stream calls: fragments, no ids, every index -1, repeated names."""
    client = standin.client()
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        made = client.chat.completions.create(model=MODEL, messages=HI, tools=[WEATHER], stream=True)
        choices = [choice for chunk in made for choice in chunk.choices]
        assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["tool_calls"]
        fragments = [fragment for choice in choices for fragment in choice.delta.tool_calls or ()]
        assert {fragment.index for fragment in fragments} == {0, 1}
        assert [fragment.function.name for fragment in fragments if fragment.function.name] == ["weather"] * 2
        assert len({fragment.id for fragment in fragments if fragment.id}) == 2
        [call] = seen()
        check(call, "Hi", "Rome", None)
        assert call.answered.count("Oslo") == 1
        assert "weatherweather" not in call.answered
        standin.switch_off()


def structured_output(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Parse a fenced answer; correct one that is no JSON, for which Zhipu is asked twice."""
    client = standin.client()
    standin.switch_on("fenced_json")
    standin.say("It depends.")
    standin.say('{"city": "Rome", "days": 3}')
    answer = client.chat.completions.parse(model=MODEL, messages=HI, response_format=Trip)
    assert answer.choices[0].message.parsed == Trip(city="Rome", days=3)
    assert len(standin.requests) == 2
    [call] = seen()
    check(call, "Hi", "Rome", answer.usage)
    assert "It depends." not in call.answered
    assert "```" not in call.answered


async def embeddings(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Ask for embeddings, sync and async."""
    asked: Any = {"model": "embedding-3", "input": ["one", "two"], "dimensions": 256}
    for answer in (
        standin.client().embeddings.create(**asked),
        await standin.async_client().embeddings.create(**asked),
    ):
        assert [len(row.embedding) for row in answer.data] == [256, 256]
    calls = seen()
    assert len(calls) == 2
    for call in calls:
        assert call.model == "embedding-3"
        assert call.tokens == (answer.usage.prompt_tokens, 0)
        assert call.failed is None


async def responses(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """Ask for responses, whole and streamed, sync and async, by chat and by Zhipu's own Responses API."""
    for way in ("translate", "native"):
        client, async_client = standin.client(responses=way), standin.async_client(responses=way)
        asked: Any = {"model": SERVED, "input": "Hi"}
        standin.say("Hello.")
        whole = client.responses.create(**asked)
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.say("Hello.")
        events = list(client.responses.create(**asked, stream=True))
        standin.say("Hello.")
        awaited = await async_client.responses.create(**asked)
        standin.say("Hello.")
        made = await async_client.responses.create(**asked, stream=True)
        streamed = [event async for event in made]
        told = [whole, events[-1].response, awaited, streamed[-1].response]
        calls = seen()
        assert len(calls) == len(told)
        for call, answer in zip(calls, told, strict=True):
            assert answer.output_text == "Hello."
            assert call.model == SERVED
            assert "Hi" in call.asked
            assert "Hello." in call.answered
            assert call.tokens == (answer.usage.input_tokens, answer.usage.output_tokens)


def errors(standin: Standin, seen: Callable[[], list[Seen]]) -> None:
    """An empty account, an overloaded model that answers the second time, a stream that breaks."""
    client = standin.client(max_retries=3)
    standin.fail("1113")
    with raises(openai.RateLimitError) as caught:
        client.chat.completions.create(model=MODEL, messages=HI)
    assert caught.error.code == "insufficient_quota"
    [call] = seen()
    assert call.failed is not None
    assert "RateLimitError" in call.failed or "1113" in call.failed
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    answer = client.chat.completions.create(model=MODEL, messages=HI)
    [call] = seen()
    check(call, "Hi", "Here I am.", answer.usage)
    assert len(standin.requests) == 3
