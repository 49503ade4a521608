# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "pydantic-ai-slim[openai]>=2.68"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Pydantic AI on GLM: its OpenAI model with our client as its provider's. Without a key the stand-in answers."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from zhipu_openai import create_async_client

model = OpenAIChatModel(
    "glm-5.2",
    provider=OpenAIProvider(openai_client=create_async_client(standin="without_key", on_adaptation="ignore")),
    profile=OpenAIModelProfile(  # with these, what the model thought goes back with the tools' results
        openai_chat_thinking_field="reasoning_content", openai_chat_send_back_thinking_parts="field"
    ),
)


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


agent = Agent(model, instructions="Be brief.")


@agent.tool_plain
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


async def main() -> None:
    """Stream an answer that needs a tool, and have one in a shape."""
    async with agent.run_stream("How is the weather in Rome?") as streamed:
        async for piece in streamed.stream_text(delta=True):
            print(piece, end="", flush=True)
    print()
    print((await Agent(model, output_type=Trip).run("Plan three days in Rome.")).output)


asyncio.run(main())
