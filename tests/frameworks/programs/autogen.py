# /// script
# requires-python = ">=3.10"
# dependencies = ["autogen-ext[openai]>=0.7", "autogen-agentchat>=0.7"]
# ///
"""AutoGen on Zhipu: its OpenAIChatCompletionClient over our HTTP client, by itself and under an AssistantAgent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.base import Handoff
from autogen_agentchat.conditions import TextMentionTermination
from autogen_agentchat.messages import ModelClientStreamingChunkEvent, StructuredMessage
from autogen_agentchat.teams import Swarm
from autogen_core.models import CreateResult, ModelFamily, SystemMessage, UserMessage
from autogen_core.tools import FunctionTool
from autogen_ext.models.openai import OpenAIChatCompletionClient
from handle import raises
from pydantic import BaseModel

if TYPE_CHECKING:
    from handle import Standin

TITLE = "AutoGen"
PACKAGES = ("autogen-ext", "autogen-agentchat", "autogen-core")
NOT_OFFERED = {
    "chat": "AutoGen is for async code alone; see async chat",
    "stream": "AutoGen is for async code alone; see async stream",
    "embeddings": "AutoGen has no client for embeddings",
    "responses": "OpenAIChatCompletionClient speaks chat completions alone",
}

GLM = {
    "family": ModelFamily.UNKNOWN,
    "function_calling": True,
    "json_output": True,
    "structured_output": True,
    "multiple_system_messages": True,
    "vision": False,
}
ASKED = [SystemMessage(content="Be brief."), UserMessage(content="Hi", source="user")]


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


async def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def client_on(standin: Standin, name: str = "glm-5.2", **options: Any) -> Any:
    """Make AutoGen's client over our HTTP client, as the page does."""
    info = {"model_info": GLM} if name.startswith("glm") else {}
    given = {**info, "http_client": standin.async_http_client(), **options}
    return OpenAIChatCompletionClient(model=name, api_key="unused", **given)


async def async_chat(standin: Standin) -> None:
    """Create with settings, and an AssistantAgent."""
    standin.say("Hello.", reasoning="A greeting.")
    result = await client_on(standin, temperature=0.5, max_tokens=50).create(ASKED)
    assert (result.content, result.thought, result.finish_reason) == ("Hello.", "A greeting.", "stop")
    assert result.usage.completion_tokens > 0
    body = standin.last
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("glm-5.2", 0.5, 50)
    assert standin.roles() == ["system", "user"]
    standin.say("Hello.")
    agent = AssistantAgent("guide", client_on(standin, "gpt-4o"), system_message="Be brief.")
    assert (await agent.run(task="Hi")).messages[-1].content == "Hello."
    assert (standin.last["model"], standin.last["thinking"]) == ("glm-5.2", {"type": "disabled"})


async def async_stream(standin: Standin) -> None:
    """create_stream with usage, and an AssistantAgent that streams, on chunks without object."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    made = client_on(standin).create_stream(
        ASKED, extra_create_args={"stream_options": {"include_usage": True}}
    )
    pieces = [piece async for piece in made]
    assert isinstance(pieces[-1], CreateResult)
    assert (pieces[-1].content, pieces[-1].thought) == ("One, two, three.", "I count.")
    assert pieces[-1].usage.completion_tokens > 0
    assert len(pieces) > 4
    standin.say("One, two, three.")
    agent = AssistantAgent("guide", client_on(standin), model_client_stream=True)
    events = [event async for event in agent.run_stream(task="Count.")]
    said = [event.content for event in events if isinstance(event, ModelClientStreamingChunkEvent)]
    assert "".join(said) == "One, two, three."


async def tools(standin: Standin) -> None:
    """An AssistantAgent that calls two tools at once and answers; a tool that must be called; a handoff in a Swarm."""
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    standin.say("Both are sunny.")
    agent = AssistantAgent("guide", client_on(standin), tools=[weather], max_tool_iterations=3)
    result = await agent.run(task="Rome and Oslo?")
    assert result.messages[-1].content == "Both are sunny."
    assert standin.offered() == ["weather"]
    assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    standin.call("weather", {"city": "Rome"})
    tool = FunctionTool(weather, description="Tell the weather in a city.")
    asked = await client_on(standin).create(ASKED, tools=[tool], tool_choice="required")
    assert [(call.name, call.arguments) for call in asked.content] == [("weather", '{"city":"Rome"}')]
    assert standin.last.get("tool_choice", "auto") == "auto"
    guide = AssistantAgent("guide", client_on(standin), handoffs=[Handoff(target="packer")])
    packer = AssistantAgent("packer", client_on(standin), system_message="You pack.")
    standin.call("transfer_to_packer", {})
    standin.say("Packed. DONE")
    team = Swarm([guide, packer], termination_condition=TextMentionTermination("DONE"))
    last = (await team.run(task="Pack my bag.")).messages[-1]
    assert (last.source, last.content) == ("packer", "Packed. DONE")


async def streamed_tools(standin: Standin) -> None:
    """An AssistantAgent that streams its tool loop: fragments, no ids, every index -1, names repeated, a second finish."""
    for quirk in (None, "missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish"):
        if quirk:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        agent = AssistantAgent(
            "guide", client_on(standin), tools=[weather], max_tool_iterations=3, model_client_stream=True
        )
        events = [event async for event in agent.run_stream(task="Rome and Oslo?")]
        assert events[-1].messages[-1].content == "Both are sunny."
        assert standin.bodies[-2]["tool_stream"] is True
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """json_output by a type and by JSON mode, whole and streamed; an AssistantAgent's output_content_type."""
    rome = '{"city": "Rome", "days": 3}'
    standin.say(rome)
    assert (await client_on(standin).create(ASKED, json_output=True)).content == rome
    assert standin.last["response_format"] == {"type": "json_object"}
    standin.switch_on("fenced_json")
    standin.say(rome)
    assert (await client_on(standin).create(ASKED, json_output=Trip)).content == rome
    assert standin.last["response_format"] == {"type": "json_object"}
    assert "days" in standin.last["messages"][0]["content"]
    standin.say(rome)
    pieces = [piece async for piece in client_on(standin).create_stream(ASKED, json_output=Trip)]
    assert pieces[-1].content == rome
    for streams in (False, True):
        standin.say(rome)
        agent = AssistantAgent(
            "guide", client_on(standin), output_content_type=Trip, model_client_stream=streams
        )
        last = (await agent.run(task="Plan.")).messages[-1]
        assert isinstance(last, StructuredMessage)
        assert last.content == Trip(city="Rome", days=3)


async def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and an error in a stream are errors."""
    standin.fail("1113")
    with raises(openai.RateLimitError) as caught:
        await client_on(standin).create(ASKED)
    assert caught.error.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert (await client_on(standin).create(ASKED)).content == "Here I am."
    standin.fail("1301")
    with raises(openai.BadRequestError) as caught:
        await client_on(standin).create(ASKED)
    assert caught.error.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        _ = [piece async for piece in client_on(standin).create_stream(ASKED)]
