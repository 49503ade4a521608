"""OpenAI's calls, made by our client, answered by Zhipu itself."""

from __future__ import annotations

import asyncio
import warnings
from typing import TYPE_CHECKING, Any

import pydantic
import pytest
from live.asking import CHEAP
from live.facts import TOOL

import zhipu_openai

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.options import Live

pytestmark = pytest.mark.live

HELLO: Any = [{"role": "user", "content": "Say hello."}]


@pytest.fixture
def client(live: Live) -> Iterator[zhipu_openai.OpenAI]:
    """Our client, over the recorder."""
    live.budget.check()
    before = len(live.made.recorder.exchanges)
    client = zhipu_openai.OpenAI(**live.made.connection, http_client=live.made.client, max_retries=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", zhipu_openai.ZhipuAdaptationWarning)
        yield client
    for exchange in live.made.recorder.exchanges[before:]:
        live.budget.charge(exchange)


def test_a_chat_is_answered(client: Any) -> None:
    answer = client.chat.completions.create(model="gpt-4o-mini", messages=HELLO, max_completion_tokens=32)
    assert answer.object == "chat.completion"
    assert answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer._request_id


def test_a_stream_is_whole(client: Any) -> None:
    stream = client.chat.completions.create(
        model=CHEAP, messages=HELLO, max_tokens=32, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert all(chunk.object == "chat.completion.chunk" for chunk in chunks)
    assert chunks[-1].usage is not None
    assert chunks[-1].choices == []
    assert [c.finish_reason for chunk in chunks for c in chunk.choices if c.finish_reason] in (
        ["stop"],
        ["length"],
    )


def test_the_stream_helper_gives_a_final_completion(client: Any) -> None:
    with client.chat.completions.stream(model=CHEAP, messages=HELLO, reasoning_effort="none") as stream:
        for _ in stream:
            pass
    assert stream.get_final_completion().choices[0].message.content


def test_thinking_is_shown_and_can_be_switched_off(client: Any) -> None:
    question: Any = [{"role": "user", "content": "Is 97 a prime number? Answer yes or no."}]
    thinks = client.chat.completions.create(model=CHEAP, messages=question, max_tokens=512)
    silent = client.chat.completions.create(model=CHEAP, messages=question, reasoning_effort="none")
    assert thinks.choices[0].message.reasoning_content
    assert not silent.choices[0].message.reasoning_content


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_weather"}}])
def test_a_tool_that_is_forced_is_called(client: Any, choice: Any) -> None:
    answer = client.chat.completions.create(
        model=CHEAP, messages=HELLO, tools=[TOOL], tool_choice=choice, reasoning_effort="none"
    )
    (call, *_) = answer.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert answer.choices[0].finish_reason in ("tool_calls", "stop")


def test_the_tools_loop_comes_to_its_end(client: Any) -> None:
    question: Any = {"role": "user", "content": "What is the weather in Beijing? Call the tool."}
    asked = client.chat.completions.create(
        model=CHEAP, messages=[question], tools=[TOOL], reasoning_effort="none"
    )
    message = asked.choices[0].message
    if not message.tool_calls:
        pytest.skip("the model did not call the tool")
    results = [
        {"role": "tool", "tool_call_id": call.id, "content": "sunny, 25 degrees"}
        for call in message.tool_calls
    ]
    told = client.chat.completions.create(
        model=CHEAP, messages=[question, message, *results], tools=[TOOL], reasoning_effort="none"
    )
    assert told.choices[0].message.content


class Colour(pydantic.BaseModel):
    """A colour."""

    name: str
    red: int


def test_an_answer_is_parsed_by_a_schema(client: Any) -> None:
    answer = client.chat.completions.parse(
        model=CHEAP,
        messages=[{"role": "user", "content": "Describe pure red in RGB."}],
        response_format=Colour,
        reasoning_effort="none",
    )
    assert isinstance(answer.choices[0].message.parsed, Colour)


def test_two_choices_are_two_answers(client: Any) -> None:
    answer = client.chat.completions.create(
        model=CHEAP, messages=HELLO, n=2, max_tokens=16, reasoning_effort="none"
    )
    assert [choice.index for choice in answer.choices] == [0, 1]


def test_a_model_that_does_not_exist_is_not_found(client: Any) -> None:
    with pytest.raises(zhipu_openai.NotFoundError) as caught:
        client.chat.completions.create(model="glm-0-nothing", messages=HELLO)
    assert caught.value.code == "model_not_found"


def test_models_are_listed(client: Any) -> None:
    assert CHEAP in {model.id for model in client.models.list()}


def test_texts_have_vectors(client: Any) -> None:
    answer = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"], dimensions=256)
    assert [len(one.embedding) for one in answer.data] == [256, 256]


def test_a_response_is_translated_from_chat(client: Any) -> None:
    response = client.responses.create(model=CHEAP, input="Say hello.", reasoning={"effort": "none"})
    assert response.output_text


def test_the_async_client_streams(live: Live) -> None:
    """Over its own connection: the recorder is a sync one, so this is not recorded, and counted at a flat rate."""
    live.budget.check()

    async def ask() -> str:
        async with zhipu_openai.AsyncOpenAI(**live.made.connection, max_retries=1) as client:
            stream = await client.chat.completions.create(
                model=CHEAP, messages=HELLO, max_tokens=32, stream=True
            )
            return "".join([c.delta.content or "" async for chunk in stream for c in chunk.choices])

    assert asyncio.run(ask()) is not None
