# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "autogen-ext[openai]>=0.7", "autogen-agentchat>=0.7"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""AutoGen on GLM: its OpenAIChatCompletionClient over our HTTP client. Without a key the stand-in answers."""

import asyncio

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.messages import ModelClientStreamingChunkEvent
from autogen_core.models import ModelFamily
from autogen_ext.models.openai import OpenAIChatCompletionClient

import zhipu_openai

client = OpenAIChatCompletionClient(
    model="glm-5.2",
    api_key="not used",  # ours comes from the environment or from .env
    http_client=zhipu_openai.async_http_client(standin="without_key", on_adaptation="ignore"),
    model_info={
        "family": ModelFamily.UNKNOWN,
        "function_calling": True,
        "json_output": True,
        "structured_output": True,
        "multiple_system_messages": True,
        "vision": False,
    },
)


async def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


async def main() -> None:
    """Stream the answer of an agent that has a tool."""
    agent = AssistantAgent(
        "guide", client, tools=[weather], reflect_on_tool_use=True, model_client_stream=True
    )
    async for event in agent.run_stream(task="How is the weather in Rome?"):
        if isinstance(event, ModelClientStreamingChunkEvent):
            print(event.content, end="", flush=True)
    print()
    await client.close()


asyncio.run(main())
