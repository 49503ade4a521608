# /// script
# requires-python = ">=3.10"
# dependencies = ["semantic-kernel>=1.45"]
# ///
"""Semantic Kernel on Zhipu: its OpenAI services take our async client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import openai
from handle import raises
from pydantic import BaseModel, Field
from semantic_kernel import Kernel
from semantic_kernel.agents import ChatCompletionAgent, OpenAIResponsesAgent
from semantic_kernel.connectors.ai import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.open_ai import (
    OpenAIChatCompletion,
    OpenAIChatPromptExecutionSettings,
    OpenAIEmbeddingPromptExecutionSettings,
    OpenAITextEmbedding,
)
from semantic_kernel.connectors.ai.open_ai.exceptions.content_filter_ai_exception import (
    ContentFilterAIException,
)
from semantic_kernel.contents import ChatHistory
from semantic_kernel.exceptions import ServiceResponseException
from semantic_kernel.functions import KernelArguments, kernel_function

if TYPE_CHECKING:
    from handle import Standin

TITLE = "Semantic Kernel"
PACKAGES = ("semantic-kernel",)
NOT_OFFERED = {
    "chat": "Semantic Kernel is for async code alone",
    "stream": "Semantic Kernel is for async code alone",
}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


class Weather:
    """A plugin."""

    @kernel_function
    def weather(self, city: Annotated[str, "The city."]) -> str:
        """Tell the weather in a city."""
        return f"Sunny in {city}."


def service(standin: Standin, **options: Any) -> OpenAIChatCompletion:
    """Hand our client over, as the page does."""
    return OpenAIChatCompletion(
        ai_model_id="gpt-4o", service_id="glm", async_client=standin.async_client(**options)
    )


def with_plugin(llm: OpenAIChatCompletion) -> Kernel:
    """Make a kernel with the service and the plugin."""
    kernel = Kernel(services=[llm])
    kernel.add_plugin(Weather(), "sky")
    return kernel


def asked(text: str) -> ChatHistory:
    """Begin a history."""
    history = ChatHistory(system_message="Be brief.")
    history.add_user_message(text)
    return history


async def async_chat(standin: Standin) -> None:
    """get_chat_message_content with settings and several answers; kernel.invoke_prompt; ChatCompletionAgent."""
    settings = OpenAIChatPromptExecutionSettings(
        temperature=0.5, max_completion_tokens=50, stop=["END"], number_of_responses=2
    )
    standin.say("Hello.", reasoning="A greeting.")
    standin.say("Good day.")
    llm = service(standin)
    answers = await llm.get_chat_message_contents(asked("Hi"), settings)
    assert sorted(str(answer) for answer in answers) == ["Good day.", "Hello."]
    assert answers[0].finish_reason == "stop"
    assert llm.total_tokens > 0
    assert standin.last["model"] == "glm-5.2"
    assert standin.last["thinking"] == {"type": "disabled"}
    body = standin.last
    assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
    assert standin.roles() == ["system", "user"]
    kernel = Kernel()
    kernel.add_service(llm)
    standin.say("Rome.")
    found = await kernel.invoke_prompt(
        "What is the capital of {{$country}}?", arguments=KernelArguments(country="Italy")
    )
    assert str(found) == "Rome."
    assert "Italy" in standin.last["messages"][-1]["content"]
    standin.say("Oslo.")
    agent = ChatCompletionAgent(service=llm, name="Geographer", instructions="Answer in a word.")
    answer = await agent.get_response("What is the capital of Norway?")
    assert str(answer) == "Oslo."
    assert standin.roles() == ["system", "user"]


async def async_stream(standin: Standin) -> None:
    """get_streaming_chat_message_contents with usage, on chunks without object; a streaming agent."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    llm = service(standin)
    pieces = [
        piece
        async for piece in llm.get_streaming_chat_message_content(
            asked("Count."), OpenAIChatPromptExecutionSettings()
        )
    ]
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    assert str(whole) == "One, two, three."
    assert len(pieces) > 3
    assert pieces[-1].metadata["usage"].completion_tokens > 0
    assert standin.last["stream"] is True
    standin.say("Four, five, six.")
    agent = ChatCompletionAgent(service=llm, name="Counter")
    told = [str(piece) async for piece in agent.invoke_stream("Go on.")]
    assert "".join(told) == "Four, five, six."
    assert len(told) > 3


async def tools(standin: Standin) -> None:
    """FunctionChoiceBehavior.Auto in a kernel and in an agent: two calls, their results; Required forces a tool."""
    llm = service(standin)
    kernel = with_plugin(llm)
    settings = OpenAIChatPromptExecutionSettings(function_choice_behavior=FunctionChoiceBehavior.Auto())
    standin.calls(("sky-weather", {"city": "Rome"}), ("sky-weather", {"city": "Oslo"}))
    standin.say("Both are sunny.")
    answer = await llm.get_chat_message_content(asked("Rome and Oslo?"), settings, kernel=kernel)
    assert str(answer) == "Both are sunny."
    assert standin.offered() == ["sky-weather"]
    assert standin.roles() == ["system", "user", "assistant", "tool", "tool"]
    assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    agent = ChatCompletionAgent(service=llm, name="Reporter", plugins=[Weather()])
    standin.call("Weather-weather", {"city": "Rome"})
    standin.say("Sunny.")
    assert str(await agent.get_response("How is the weather in Rome?")) == "Sunny."
    assert standin.told() == ["Sunny in Rome."]
    forced = FunctionChoiceBehavior.Required(
        filters={"included_functions": ["sky-weather"]}, auto_invoke=False
    )
    settings = OpenAIChatPromptExecutionSettings(function_choice_behavior=forced)
    standin.call("sky-weather", {"city": "Rome"})
    answer = await llm.get_chat_message_content(asked("Hi"), settings, kernel=kernel)
    assert answer.items[0].name == "sky-weather"
    assert standin.last.get("tool_choice", "auto") == "auto"


async def streamed_tools(standin: Standin) -> None:
    """Auto, streamed: fragments, no ids, every index -1, repeated names."""
    llm = service(standin)
    kernel = with_plugin(llm)
    settings = OpenAIChatPromptExecutionSettings(function_choice_behavior=FunctionChoiceBehavior.Auto())
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        standin.calls(("sky-weather", {"city": "Rome"}), ("sky-weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        told = [
            str(piece)
            async for piece in llm.get_streaming_chat_message_content(asked("How?"), settings, kernel=kernel)
        ]
        assert "".join(told) == "Both are sunny."
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        calls = standin.last["messages"][2]["tool_calls"]
        assert [call["function"]["name"] for call in calls] == ["sky-weather", "sky-weather"]
        assert len({call["id"] for call in calls}) == 2
        assert standin.last["tool_stream"] is True
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """response_format with a pydantic model and with a plain class, streamed too, fenced JSON included."""
    llm = service(standin)
    wanted = Trip(city="Rome", days=3)

    class PlainTrip:
        city: str
        days: int

    standin.switch_on("fenced_json")
    for shape in (Trip, PlainTrip):
        settings = OpenAIChatPromptExecutionSettings(response_format=shape)
        standin.say('{"city": "Rome", "days": 3}')
        answer = await llm.get_chat_message_content(asked("Plan."), settings)
        assert Trip.model_validate_json(str(answer)) == wanted
        assert standin.last["response_format"] == {"type": "json_object"}
        assert "days" in standin.last["messages"][0]["content"]
        standin.say('{"city": "Rome", "days": 3}')
        pieces = [
            str(piece) async for piece in llm.get_streaming_chat_message_content(asked("Plan."), settings)
        ]
        assert Trip.model_validate_json("".join(pieces)) == wanted
    standin.say('{"city": "Rome", "days": 3}')
    agent = ChatCompletionAgent(
        service=llm,
        name="Planner",
        arguments=KernelArguments(OpenAIChatPromptExecutionSettings(response_format=Trip)),
    )
    assert Trip.model_validate_json(str(await agent.get_response("Plan."))) == wanted


async def embeddings(standin: Standin) -> None:
    """OpenAITextEmbedding on embedding-3."""
    made = OpenAITextEmbedding(ai_model_id="text-embedding-3-small", async_client=standin.async_client())
    vectors = await made.generate_embeddings(["one", "two", "three"])
    assert [len(vector) for vector in vectors] == [2048] * 3
    assert standin.last["model"] == "embedding-3"
    assert standin.last["input"] == ["one", "two", "three"]
    settings = OpenAIEmbeddingPromptExecutionSettings(dimensions=256)
    vectors = await made.generate_raw_embeddings(["one"], settings)
    assert len(vectors[0]) == 256
    assert standin.last["dimensions"] == 256


async def responses(standin: Standin) -> None:
    """OpenAIResponsesAgent: whole, streamed and with a plugin, by chat and by Zhipu's own Responses API."""
    for way in ("translate", "native"):
        agent = OpenAIResponsesAgent(
            ai_model_id="glm-5.3",
            client=standin.async_client(responses=way),
            name="Reporter",
            instructions="Be brief.",
            plugins=[Weather()],
            store_enabled=False,
        )
        standin.say("Hello.")
        assert str(await agent.get_response("Hi")) == "Hello."
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.say("One, two, three.")
        told = [str(piece) async for piece in agent.invoke_stream("Count.")]
        assert "".join(told) == "One, two, three."
        standin.call("Weather-weather", {"city": "Rome"})
        standin.say("Sunny.")
        assert str(await agent.get_response("How is the weather in Rome?")) == "Sunny."
        assert "Sunny in Rome." in str(standin.last)


async def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content is Semantic Kernel's own exception."""
    llm = service(standin, max_retries=3)
    settings = OpenAIChatPromptExecutionSettings()
    standin.fail("1113")
    with raises(ServiceResponseException) as caught:
        await llm.get_chat_message_content(asked("Hi"), settings)
    cause = caught.error.__cause__
    assert isinstance(cause, openai.RateLimitError)
    assert cause.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert str(await llm.get_chat_message_content(asked("Hi"), settings)) == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(ContentFilterAIException) as caught:
        await llm.get_chat_message_content(asked("Hi"), settings)
    assert caught.error.__cause__.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        async for _piece in llm.get_streaming_chat_message_content(asked("Count."), settings):
            await asyncio.sleep(0)
