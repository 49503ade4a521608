"""The OpenAI Agents SDK on GLM with its default, the Responses API: a tool loop and a second turn.

Needs the extra "frameworks" (openai-agents).
"""

import asyncio

from agents import Agent, Runner, function_tool, set_default_openai_client, set_tracing_disabled

from zhipu_openai import AsyncOpenAI

# Traces would go to OpenAI.
set_tracing_disabled(disabled=True)


@function_tool
def get_weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"The weather in {city} is sunny."


async def main() -> None:
    """Run an agent that has a tool, and ask it once more."""
    async with AsyncOpenAI(on_adaptation="ignore") as client:
        set_default_openai_client(client, use_for_tracing=False)
        agent = Agent(
            name="Weather", instructions="Answer in one sentence.", model="glm-5.2", tools=[get_weather]
        )
        result = await Runner.run(agent, "How is the weather in Hangzhou?")
        print(result.final_output)
        result = await Runner.run(agent, "And tomorrow?", previous_response_id=result.last_response_id)
        print(result.final_output)


asyncio.run(main())
