"""An Agents SDK program as written for OpenAI: the SDK makes its client itself, and asks by the Responses API."""

import asyncio

from agents import Agent, Runner, function_tool, set_default_openai_api


@function_tool
def get_weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"The weather in {city} is sunny."


agent = Agent(name="Weather", instructions="Answer in one sentence.", tools=[get_weather])


async def main() -> None:
    result = await Runner.run(agent, "How is the weather in Hangzhou?")
    print(result.final_output)
    streamed = Runner.run_streamed(agent, "And in Rome?")
    print(sum([1 async for _ in streamed.stream_events()]), "events")
    print(streamed.final_output)
    set_default_openai_api("chat_completions")
    print((await Runner.run(Agent(name="Chat"), "Say hello.")).final_output)


asyncio.run(main())
