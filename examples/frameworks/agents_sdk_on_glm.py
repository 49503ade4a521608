# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "openai-agents>=0.21", "openai>=3,<4"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""The OpenAI Agents SDK on GLM, by chat completions and by responses. Without a key the stand-in answers."""

import asyncio

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    Runner,
    function_tool,
    set_default_openai_client,
    set_tracing_disabled,
)

from zhipu_openai import create_async_client

set_tracing_disabled(disabled=True)  # traces would go to OpenAI


@function_tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


async def main() -> None:
    """Run an agent by chat completions, and one by responses, which is then asked once more."""
    client = create_async_client(standin="without_key", on_adaptation="ignore")
    model = OpenAIChatCompletionsModel(model="glm-5.2", openai_client=client)
    agent = Agent(name="Guide", instructions="Be brief.", model=model, tools=[weather])
    result = Runner.run_streamed(agent, "How is the weather in Rome?")
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            print(event.data.delta, end="", flush=True)
    print()

    set_default_openai_client(client, use_for_tracing=False)  # from here on a model's name is enough
    agent = Agent(name="Guide", instructions="Be brief.", model="glm-5.2", tools=[weather])
    result = await Runner.run(agent, "How is the weather in Rome?")
    print(result.final_output)
    result = await Runner.run(agent, "And tomorrow?", previous_response_id=result.last_response_id)
    print(result.final_output)


asyncio.run(main())
