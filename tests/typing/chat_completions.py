"""Chat completions as users type-check them: read by mypy and pyright, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel
from typing_extensions import assert_type

import zhipu_openai
from zhipu_openai import NOT_GIVEN, AsyncOpenAI, OpenAI, Stream, omit
from zhipu_openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    ChatCompletionMessageParam,
    ParsedChatCompletion,
    ParsedChatCompletionMessage,
)
from zhipu_openai.types.chat.chat_completion import Choice

if TYPE_CHECKING:
    import openai
    import openai.types.chat
    from openai.types.chat import ChatCompletionChunk as OpenAIChunk

MESSAGES: list[ChatCompletionMessageParam] = [{"role": "user", "content": "你好"}]


class Answer(BaseModel):
    value: int


def create(client: OpenAI) -> None:
    completion = client.chat.completions.create(
        model="glm-5.2",
        messages=MESSAGES,
        temperature=0.5,
        tools=[{"type": "function", "function": {"name": "now", "parameters": {"type": "object"}}}],
        response_format={"type": "json_object"},
        stop=["。"],
        seed=None,
        top_p=omit,
        max_tokens=NOT_GIVEN,
        extra_headers={"x-request-id": "1"},
        extra_query={"trace": "1"},
        extra_body={"thinking": {"type": "enabled"}},
        timeout=10,
    )
    assert_type(completion, ChatCompletion)
    assert_type(completion.choices, list[Choice])
    assert_type(completion.choices[0].message, ChatCompletionMessage)
    assert_type(completion.choices[0].message.reasoning_content, str | None)
    assert_type(completion.choices[0].message.content, str | None)


def create_stream(client: OpenAI, *, either: bool) -> None:
    stream = client.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=True)
    for chunk in stream:
        assert_type(chunk, ChatCompletionChunk)
        assert_type(chunk.choices[0].delta.reasoning_content, str | None)
    with client.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=True) as events:
        assert_type(next(events).choices[0].delta.content, str | None)
    result = client.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=either)
    if isinstance(result, Stream):
        assert_type(next(result).choices[0].delta.reasoning_content, str | None)
    else:
        assert_type(result, ChatCompletion)


def parse(client: OpenAI) -> None:
    parsed = client.chat.completions.parse(model="glm-5.2", messages=MESSAGES, response_format=Answer)
    assert_type(parsed, ParsedChatCompletion[Answer])
    assert_type(parsed.choices[0].message, ParsedChatCompletionMessage[Answer])
    assert_type(parsed.choices[0].message.parsed, Answer | None)
    assert_type(parsed.choices[0].message.reasoning_content, str | None)
    beta = client.beta.chat.completions.parse(model="glm-5.2", messages=MESSAGES, response_format=Answer)
    assert_type(beta, ParsedChatCompletion[Answer])


def stream_events(client: OpenAI) -> None:
    with client.chat.completions.stream(model="glm-5.2", messages=MESSAGES, response_format=Answer) as stream:
        for event in stream:
            if event.type == "chunk":
                assert_type(event.chunk.choices[0].delta.reasoning_content, str | None)
                assert_type(event.snapshot.choices[0].message.reasoning_content, str | None)
            elif event.type == "content.delta":
                assert_type(event.delta, str)
            elif event.type == "content.done":
                assert_type(event.parsed, Answer | None)
        completion = stream.get_final_completion()
    assert_type(completion, ParsedChatCompletion[Answer])
    assert_type(completion.choices[0].message.reasoning_content, str | None)


def other_methods(client: OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(model="glm-5.2", messages=MESSAGES)
    assert_type(raw.request_id, str | None)
    with client.chat.completions.with_streaming_response.create(
        model="glm-5.2", messages=MESSAGES
    ) as response:
        assert_type(response.status_code, int)
    client.chat.completions.delete("id")


async def asynchronous(client: AsyncOpenAI) -> None:
    completion = await client.chat.completions.create(model="glm-5.2", messages=MESSAGES)
    assert_type(completion.choices[0].message.reasoning_content, str | None)
    stream = await client.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=True)
    async for chunk in stream:
        assert_type(chunk.choices[0].delta.reasoning_content, str | None)
    parsed = await client.chat.completions.parse(model="glm-5.2", messages=MESSAGES, response_format=Answer)
    assert_type(parsed.choices[0].message.parsed, Answer | None)
    async with client.chat.completions.stream(model="glm-5.2", messages=MESSAGES) as events:
        async for event in events:
            if event.type == "chunk":
                assert_type(event.chunk.choices[0].delta.reasoning_content, str | None)
        final = await events.get_final_completion()
        assert_type(final.choices[0].message.reasoning_content, str | None)


def module_level() -> None:
    completion = zhipu_openai.chat.completions.create(model="glm-5.2", messages=MESSAGES)
    assert_type(completion.choices[0].message.reasoning_content, str | None)
    for chunk in zhipu_openai.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=True):
        assert_type(chunk.choices[0].delta.reasoning_content, str | None)


def takes_openai_types(
    client: openai.OpenAI,
    completion: openai.types.chat.ChatCompletion,
    stream: openai.Stream[OpenAIChunk],
) -> None:
    """Code that is annotated with openai's own types."""
    del client, completion, stream


def takes_our_types(completion: ChatCompletion, stream: Stream[ChatCompletionChunk]) -> None:
    """Code that is annotated with the types under our name."""
    del completion, stream


def answers_pass_wherever_their_type_is_asked_for(client: OpenAI) -> None:
    completion = client.chat.completions.create(model="glm-5.2", messages=MESSAGES)
    parsed = client.chat.completions.parse(model="glm-5.2", messages=MESSAGES, response_format=Answer)
    stream = client.chat.completions.create(model="glm-5.2", messages=MESSAGES, stream=True)
    takes_openai_types(client, completion, stream)
    takes_openai_types(client, parsed, stream)
    takes_our_types(completion, stream)
    takes_our_types(parsed, stream)


def fakes_for_tests_need_no_reasoning_content() -> None:
    message = ChatCompletionMessage(role="assistant", content="你好")
    choice = Choice(index=0, finish_reason="stop", message=message)
    ChatCompletion(id="1", created=0, model="glm-5.2", object="chat.completion", choices=[choice])
