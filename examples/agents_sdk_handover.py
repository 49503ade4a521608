"""The OpenAI Agents SDK on GLM: our client is an AsyncOpenAI like any other.

Needs the extra "frameworks" (openai-agents).
"""

import asyncio

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool, set_tracing_disabled

from zhipu_openai import AsyncOpenAI

# Traces would go to OpenAI.
set_tracing_disabled(disabled=True)


@function_tool
def get_weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"The weather in {city} is sunny."


async def main() -> None:
    """Run an agent that has a tool."""
    async with AsyncOpenAI(on_adaptation="ignore") as client:
        agent = Agent(
            name="Weather",
            instructions="Answer in one sentence.",
            model=OpenAIChatCompletionsModel(model="glm-5.2", openai_client=client),
            tools=[get_weather],
        )
        result = await Runner.run(agent, "How is the weather in Hangzhou?")
        print(result.final_output)


asyncio.run(main())
