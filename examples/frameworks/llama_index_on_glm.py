# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "zhipu-openai",
#     "llama-index-llms-openai>=0.8",
#     "llama-index-llms-openai-like>=0.8",
#     "llama-index-embeddings-openai>=0.7",
#     "openai>=1.108.1,<3",
# ]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""LlamaIndex on GLM: OpenAILike over our clients. Without a key the stand-in answers."""

import asyncio

from llama_index.core.agent.workflow import AgentStream, FunctionAgent
from llama_index.core.prompts import PromptTemplate
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

import zhipu_openai

options = {"standin": "without_key", "on_adaptation": "ignore"}
llm = OpenAILike(
    model="glm-5.2",
    api_key="not used",  # ours comes from the environment or from .env
    openai_client=zhipu_openai.create_client(**options),
    async_openai_client=zhipu_openai.create_async_client(**options),
    max_retries=0,  # ours retry what is worth it
    is_chat_model=True,
    is_function_calling_model=True,
    should_use_structured_outputs=True,
    context_window=200_000,
)
embedding = OpenAIEmbedding(
    model_name="embedding-3",
    api_key="not used",
    http_client=zhipu_openai.http_client(**options),
    async_http_client=zhipu_openai.async_http_client(**options),
)


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


async def main() -> None:
    """Stream an agent's answer, have an answer in a shape, and a vector."""
    run = FunctionAgent(llm=llm, tools=[weather]).run("How is the weather in Rome?")
    async for event in run.stream_events():
        if isinstance(event, AgentStream):
            print(event.delta, end="", flush=True)
    print()
    print(llm.structured_predict(Trip, PromptTemplate("Plan three days in Rome.")))
    print(len(embedding.get_query_embedding("Rome")), "numbers")


asyncio.run(main())
