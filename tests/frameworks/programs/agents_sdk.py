# /// script
# requires-python = ">=3.10"
# dependencies = ["openai-agents>=0.21", "openai>=3,<4"]
# ///
"""The OpenAI Agents SDK on Zhipu: its chat and its Responses model, and both by its default client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import agents
import openai
from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
)
from handle import raises
from pydantic import BaseModel

if TYPE_CHECKING:
    from handle import Standin

TITLE = "OpenAI Agents SDK"
PACKAGES = ("openai-agents",)
NOT_OFFERED = {
    "stream": "Runner.run_streamed is for async code alone; see async stream",
    "embeddings": "the Agents SDK makes no embeddings",
}

# Traces go to OpenAI.
agents.set_tracing_disabled(disabled=True)


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


@function_tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def agent_on(
    standin: Standin, *, kind: Any = OpenAIChatCompletionsModel, client: Any = None, **options: Any
) -> Any:
    """Make an agent whose model is handed our client, as the page does."""
    given = {"model": options.pop("name", "gpt-4o"), "openai_client": client or standin.async_client()}
    if kind is OpenAIChatCompletionsModel:
        given["should_replay_reasoning_content"] = lambda _: True
    model = kind(**given)
    return Agent(**{"name": "Guide", "instructions": "Be brief.", "model": model, **options})


def texts_of(events: list[Any]) -> list[str]:
    """Give the pieces of text among the raw events of a stream."""
    raw = [event.data for event in events if event.type == "raw_response_event"]
    return [event.delta for event in raw if event.type == "response.output_text.delta"]


async def streamed(agent: Any, question: Any, **options: Any) -> tuple[Any, list[Any]]:
    """Run an agent streamed, to its end."""
    result = Runner.run_streamed(agent, question, **options)
    return result, [event async for event in result.stream_events()]


def chat(standin: Standin) -> None:
    """Runner.run_sync with OpenAIChatCompletionsModel; settings; usage; a picture."""
    standin.say("Hello.", reasoning="A greeting.")
    settings = ModelSettings(temperature=0.5, max_tokens=50)
    result = Runner.run_sync(agent_on(standin, model_settings=settings), "Hi")
    assert result.final_output == "Hello."
    assert result.context_wrapper.usage.total_tokens > 0
    body = standin.last
    assert (body["model"], body["thinking"]) == ("glm-5.2", {"type": "disabled"})
    assert (body["temperature"], body["max_tokens"]) == (0.5, 50)
    assert standin.roles() == ["system", "user"]
    picture = {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "auto"}
    asked = [{"role": "user", "content": [{"type": "input_text", "text": "What is this?"}, picture]}]
    Runner.run_sync(agent_on(standin), asked)
    assert standin.last["model"] == "glm-4.6v"
    assert standin.last["messages"][1]["content"][1]["image_url"]["url"] == "https://example.com/a.png"


async def async_chat(standin: Standin) -> None:
    """Runner.run, with a model's own settings and with what GLM alone knows in extra_body."""
    standin.say("Hello.")
    settings = ModelSettings(reasoning={"effort": "high"}, extra_body={"do_sample": False})
    result = await Runner.run(agent_on(standin, name="glm-5.2", model_settings=settings), "Hi")
    assert result.final_output == "Hello."
    assert standin.last["reasoning_effort"] == "high"
    assert standin.last["do_sample"] is False


async def async_stream(standin: Standin) -> None:
    """Runner.run_streamed with OpenAIChatCompletionsModel: text, reasoning, usage, on chunks without object."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count them.")
    settings = ModelSettings(include_usage=True)
    result, events = await streamed(agent_on(standin, name="glm-5.3", model_settings=settings), "Count.")
    assert len(texts_of(events)) > 3
    assert "".join(texts_of(events)) == result.final_output == "One, two, three."
    raw = [event.data for event in events if event.type == "raw_response_event"]
    thoughts = [event.delta for event in raw if event.type == "response.reasoning_summary_text.delta"]
    assert "".join(thoughts) == "I count them."
    assert result.context_wrapper.usage.output_tokens > 0
    assert standin.last["stream"] is True


async def tools(standin: Standin) -> None:
    """A tool loop with two calls in one answer and what the model thought; a required tool; a handoff."""
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}), reasoning="I must look.")
    standin.say("Both are sunny.")
    result = await Runner.run(agent_on(standin, name="glm-5.3", tools=[weather]), "Rome and Oslo?")
    assert result.final_output == "Both are sunny."
    assert standin.offered() == ["weather"]
    assert sorted(standin.told()) == ["Sunny in Oslo.", "Sunny in Rome."]
    assert standin.last["messages"][2]["reasoning_content"] == "I must look."
    standin.call("weather", {"city": "Rome"})
    standin.say("Sunny.")
    settings = ModelSettings(tool_choice="required")
    result = await Runner.run(agent_on(standin, tools=[weather], model_settings=settings), "Rome?")
    assert result.final_output == "Sunny."
    assert standin.bodies[-2].get("tool_choice", "auto") == "auto"
    packer = agent_on(standin, instructions="You pack.")
    packer.name = "Packer"
    standin.call("transfer_to_packer", {})
    standin.say("Packed.")
    result = await Runner.run(agent_on(standin, handoffs=[packer]), "Pack my bag.")
    assert (result.final_output, result.last_agent.name) == ("Packed.", "Packer")
    assert standin.offered(-2) == ["transfer_to_packer"]
    assert standin.last["messages"][0]["content"] == "You pack."


async def streamed_tools(standin: Standin) -> None:
    """A streamed tool loop: fragments, no ids, every index -1, names repeated, a second finish."""
    quirks = (None, "missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in quirks:
        if quirk:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        result, events = await streamed(agent_on(standin, tools=[weather]), "Rome and Oslo?")
        assert result.final_output == "Both are sunny."
        assert standin.bodies[-2]["tool_stream"] is True
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        kinds = [event.name for event in events if event.type == "run_item_stream_event"]
        assert kinds.count("tool_called") == kinds.count("tool_output") == 2
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """output_type, with a fenced answer, beside tools, and by the Responses model."""
    standin.switch_on("fenced_json")
    for kind in (OpenAIChatCompletionsModel, OpenAIResponsesModel):
        standin.say('{"city": "Rome", "days": 3}')
        result = await Runner.run(agent_on(standin, kind=kind, output_type=Trip), "Plan.")
        assert result.final_output == Trip(city="Rome", days=3)
        assert standin.last["response_format"] == {"type": "json_object"}
        assert "days" in standin.last["messages"][0]["content"]
    standin.call("weather", {"city": "Rome"})
    standin.say('{"city": "Rome", "days": 3}')
    result, _ = await streamed(agent_on(standin, output_type=Trip, tools=[weather]), "Plan.")
    assert result.final_output == Trip(city="Rome", days=3)
    assert standin.told() == ["Sunny in Rome."]


async def responses(standin: Standin) -> None:
    """OpenAIResponsesModel and the default client: tools, streamed, a second turn; by chat and by Zhipu's Responses."""
    for way in ("translate", "native"):
        client = standin.async_client(responses=way)
        path = "/v1/responses" if way == "native" else "/chat/completions"
        agents.set_default_openai_client(client, use_for_tracing=False)
        agent = Agent(name="Guide", instructions="Be brief.", model="glm-5.3", tools=[weather])
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        first = await Runner.run(agent, "Rome and Oslo?")
        assert first.final_output == "Both are sunny."
        assert all(sent.endswith(path) for sent in standin.paths[-2:])
        assert "Sunny in Oslo." in str(standin.last)
        standin.call("weather", {"city": "Bonn"})
        standin.say("Sunny too.")
        result, events = await streamed(
            agent_on(standin, kind=OpenAIResponsesModel, client=client, name="glm-5.3", tools=[weather]),
            "And Bonn?",
        )
        assert "".join(texts_of(events)) == result.final_output == "Sunny too."
        assert "Sunny in Bonn." in str(standin.last)
        standin.say("Yes.")
        again = await Runner.run(agent, "Sure?", previous_response_id=first.last_response_id)
        assert again.final_output == "Yes."
        assert "Both are sunny." in str(standin.last)


async def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and an error in a stream are errors."""
    for kind in (OpenAIChatCompletionsModel, OpenAIResponsesModel):
        before = len(standin.requests)
        agent = agent_on(standin, kind=kind)
        standin.fail("1113")
        with raises(openai.RateLimitError) as caught:
            await Runner.run(agent, "Hi")
        assert caught.error.code == "insufficient_quota"
        assert len(standin.requests) == before + 1
        standin.fail("1305", headers={"retry-after-ms": "1"})
        standin.say("Here I am.")
        assert (await Runner.run(agent, "Hi")).final_output == "Here I am."
        standin.fail("1301")
        with raises(openai.BadRequestError) as caught:
            await Runner.run(agent, "Hi")
        assert caught.error.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        await streamed(agent_on(standin), "Count to three.")
