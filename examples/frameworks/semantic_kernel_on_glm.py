# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "semantic-kernel>=1.45"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Semantic Kernel on GLM: its OpenAI services, with our async client. Without a key the stand-in answers."""

import asyncio

from pydantic import BaseModel
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import (
    OpenAIChatCompletion,
    OpenAIChatPromptExecutionSettings,
    OpenAITextEmbedding,
)
from semantic_kernel.functions import KernelArguments, kernel_function

from zhipu_openai import create_async_client


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


class Weather:
    """A plugin."""

    @kernel_function
    def weather(self, city: str) -> str:
        """Tell the weather in a city."""
        return f"Sunny in {city}."


async def main() -> None:
    """Stream from an agent with a plugin, ask for an answer in a shape, and for embeddings."""
    client = create_async_client(standin="without_key", on_adaptation="ignore")
    service = OpenAIChatCompletion(ai_model_id="glm-5.2", async_client=client)

    agent = ChatCompletionAgent(service=service, name="Guide", plugins=[Weather()])
    async for piece in agent.invoke_stream("How is the weather in Rome?"):
        print(piece, end="", flush=True)
    print()

    shape = OpenAIChatPromptExecutionSettings(response_format=Joke)
    comedian = ChatCompletionAgent(service=service, name="Comedian", arguments=KernelArguments(shape))
    answer = await comedian.get_response("Tell me a joke about cats.")
    print(Joke.model_validate_json(str(answer)))

    embedding = OpenAITextEmbedding(ai_model_id="embedding-3", async_client=client)
    print((await embedding.generate_embeddings(["A high-speed train."])).shape)


asyncio.run(main())
