# /// script
# requires-python = ">=3.10"
# dependencies = ["haystack-ai>=3.4.1"]
# ///
"""Haystack on Zhipu: its OpenAI generators and embedders, whose clients are set before they are first used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Pipelines report their use to Haystack's makers, unless they are told not to.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

import openai
from handle import raises
from haystack import Document, Pipeline
from haystack.components.agents import Agent
from haystack.components.builders import ChatPromptBuilder
from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator, OpenAIResponsesChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from haystack.utils import Secret
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from handle import Standin

TITLE = "Haystack"
PACKAGES = ("haystack-ai",)
NOT_OFFERED: dict[str, str] = {}

UNUSED = Secret.from_token("unused")


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


WEATHER = create_tool_from_function(weather)


def handed(component: Any, standin: Standin, **options: Any) -> Any:
    """Hand our clients to a component, as the page does."""
    component.client = standin.client(**options)
    component.async_client = standin.async_client(**options)
    return component


def generator(standin: Standin, *, client_options: Any = None, **options: Any) -> OpenAIChatGenerator:
    """Make a generator on our clients."""
    made = OpenAIChatGenerator(model="gpt-4o", api_key=UNUSED, **options)
    return handed(made, standin, **(client_options or {}))


def chat(standin: Standin) -> None:
    """OpenAIChatGenerator alone, with settings and several answers, and in a pipeline after a prompt builder."""
    settings = {"temperature": 0.5, "max_completion_tokens": 50, "n": 2}
    standin.say("Hello.", reasoning="A greeting.")
    standin.say("Good day.")
    replies = generator(standin, generation_kwargs=settings).run(
        [ChatMessage.from_system("Be brief."), ChatMessage.from_user("Hi")]
    )["replies"]
    assert sorted(reply.text for reply in replies) == ["Good day.", "Hello."]
    assert [reply.meta["index"] for reply in replies] == [0, 1]
    assert replies[0].meta["model"] == "glm-5.2"
    assert replies[0].meta["finish_reason"] == "stop"
    assert replies[0].meta["usage"]["total_tokens"] > 0
    assert standin.last["model"] == "glm-5.2"
    assert standin.last["thinking"] == {"type": "disabled"}
    assert (standin.last["temperature"], standin.last["max_tokens"]) == (0.5, 50)
    assert "n" not in standin.last
    assert standin.roles() == ["system", "user"]
    pipeline = Pipeline()
    template = [ChatMessage.from_user("What is the capital of {{country}}?")]
    pipeline.add_component("prompt", ChatPromptBuilder(template=template, required_variables="*"))
    pipeline.add_component("llm", generator(standin))
    pipeline.connect("prompt.prompt", "llm.messages")
    standin.say("Rome.")
    assert pipeline.run({"prompt": {"country": "Italy"}})["llm"]["replies"][0].text == "Rome."
    assert "Italy" in standin.last["messages"][0]["content"]


def stream(standin: Standin) -> None:
    """A streaming callback, with usage, on chunks without object and with counted choices."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    pieces: list[Any] = []
    kept = {"stream_options": {"include_usage": True}}
    made = generator(standin, streaming_callback=pieces.append, generation_kwargs=kept)
    reply = made.run("Count.")["replies"][0]
    assert reply.text == "One, two, three."
    assert "".join(piece.content for piece in pieces) == "One, two, three."
    assert len([piece for piece in pieces if piece.content]) > 3
    assert reply.meta["finish_reason"] == "stop"
    assert reply.meta["usage"]["completion_tokens"] > 0
    assert standin.last["stream"] is True


async def async_chat(standin: Standin) -> None:
    """run_async, and an asynchronous pipeline."""
    made = generator(standin)
    standin.say("Hello.")
    assert (await made.run_async("Hi"))["replies"][0].text == "Hello."
    assert standin.last["model"] == "glm-5.2"
    pipeline = Pipeline()
    pipeline.add_component("llm", generator(standin))
    standin.say("Hello again.")
    done = await pipeline.run_async({"llm": {"messages": [ChatMessage.from_user("Hi")]}})
    assert done["llm"]["replies"][0].text == "Hello again."


async def async_stream(standin: Standin) -> None:
    """run_async with an asynchronous streaming callback."""
    pieces: list[str] = []

    async def keep(piece: Any) -> None:
        pieces.append(piece.content)

    standin.say("One, two, three.")
    reply = (await generator(standin).run_async("Count.", streaming_callback=keep))["replies"][0]
    assert reply.text == "One, two, three."
    assert "".join(pieces) == "One, two, three."
    assert len(pieces) > 3


async def tools(standin: Standin) -> None:
    """Agent, sync and async: two calls in one answer, their results, the last answer; strict tools."""
    agent = Agent(chat_generator=generator(standin), tools=[WEATHER], system_prompt="Use tools.")
    for way in ("sync", "async"):
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        asked = [ChatMessage.from_user("How is the weather in Rome and Oslo?")]
        done = await agent.run_async(messages=asked) if way == "async" else agent.run(messages=asked)
        assert done["last_message"].text == "Both are sunny."
        assert standin.offered() == ["weather"]
        assert standin.roles() == ["system", "user", "assistant", "tool", "tool"]
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    standin.call("weather", {"city": "Rome"})
    reply = generator(standin).run("Rome?", tools=[WEATHER], tools_strict=True)["replies"][0]
    assert (reply.tool_call.tool_name, reply.tool_call.arguments) == ("weather", {"city": "Rome"})
    assert "strict" not in standin.last["tools"][0]["function"]


def streamed_tools(standin: Standin) -> None:
    """A streaming Agent: fragments, no ids, every index -1, repeated names."""
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        pieces: list[Any] = []
        agent = Agent(chat_generator=generator(standin), tools=[WEATHER], streaming_callback=pieces.append)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        done = agent.run(messages=[ChatMessage.from_user("How is the weather?")])
        assert done["last_message"].text == "Both are sunny."
        calls = done["messages"][1].tool_calls
        assert [(call.tool_name, call.arguments["city"]) for call in calls] == [
            ("weather", "Rome"),
            ("weather", "Oslo"),
        ]
        assert len({call.id for call in calls}) == 2
        assert all(call.id for call in calls)
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        assert standin.last["tool_stream"] is True
        standin.switch_off()


def structured_output(standin: Standin) -> None:
    """response_format with a pydantic model and with a JSON schema, streamed too, fenced JSON included."""
    wanted = Trip(city="Rome", days=3)
    standin.switch_on("fenced_json")
    standin.say('{"city": "Rome", "days": 3}')
    reply = generator(standin, generation_kwargs={"response_format": Trip}).run("Plan.")["replies"][0]
    assert Trip.model_validate_json(reply.text) == wanted
    assert standin.last["response_format"] == {"type": "json_object"}
    assert "days" in standin.last["messages"][0]["content"]
    shape = {
        "type": "json_schema",
        "json_schema": {"name": "Trip", "strict": True, "schema": Trip.model_json_schema()},
    }
    made = generator(standin, generation_kwargs={"response_format": shape})
    for callback in (None, lambda _piece: None):
        standin.say('{"city": "Rome", "days": 3}')
        reply = made.run("Plan.", streaming_callback=callback)["replies"][0]
        assert Trip.model_validate_json(reply.text) == wanted


async def embeddings(standin: Standin) -> None:
    """OpenAITextEmbedder and OpenAIDocumentEmbedder on embedding-3, sync and async."""
    text = handed(OpenAITextEmbedder(api_key=UNUSED, model="text-embedding-3-small", dimensions=256), standin)
    assert len(text.run("one")["embedding"]) == 256
    assert standin.last["model"] == "embedding-3"
    assert standin.last["dimensions"] == 256
    assert len((await text.run_async("one"))["embedding"]) == 256
    document = handed(OpenAIDocumentEmbedder(api_key=UNUSED, progress_bar=False, batch_size=2), standin)
    papers = [Document(content=content) for content in ("one", "two", "three")]
    for done in (document.run(papers), await document.run_async(papers)):
        assert len({tuple(paper.embedding) for paper in done["documents"]}) == 3
        assert done["meta"]["usage"]["total_tokens"] > 0
    assert standin.bodies[-2]["input"] == ["one", "two"]
    assert standin.bodies[-1]["input"] == ["three"]


async def responses(standin: Standin) -> None:
    """OpenAIResponsesChatGenerator: whole, streamed, in an agent; by chat and by Zhipu's own Responses API."""
    for way in ("translate", "native"):
        made = OpenAIResponsesChatGenerator(api_key=UNUSED, model="glm-5.3")
        made = handed(made, standin, responses=way)
        standin.say("Hello.")
        reply = made.run("Hi")["replies"][0]
        assert reply.text == "Hello."
        assert reply.meta["model"] == "glm-5.3"
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.say("One, two, three.")
        pieces: list[Any] = []
        reply = (await made.run_async("Count.", streaming_callback=pieces.append))["replies"][0]
        assert reply.text == "One, two, three."
        assert "".join(piece.content for piece in pieces) == "One, two, three."
        agent = Agent(chat_generator=made, tools=[WEATHER])
        standin.call("weather", {"city": "Rome"})
        standin.say("Sunny.")
        done = agent.run(messages=[ChatMessage.from_user("How is the weather in Rome?")])
        assert done["last_message"].text == "Sunny."
        assert "Sunny in Rome." in str(standin.last)


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and a cut stream are errors."""
    llm = generator(standin, client_options={"max_retries": 3})
    standin.fail("1113")
    with raises(openai.RateLimitError) as caught:
        llm.run("Hi")
    assert caught.error.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert llm.run("Hi")["replies"][0].text == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(openai.BadRequestError) as caught:
        llm.run("Hi")
    assert caught.error.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        llm.run("Count to three.", streaming_callback=lambda _piece: None)
