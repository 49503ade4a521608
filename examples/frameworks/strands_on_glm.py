# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "strands-agents[openai]>=1.62"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Strands Agents on GLM: its OpenAIModel, with our async client. Without a key the stand-in answers."""

import httpx
import openai
from pydantic import BaseModel
from strands import Agent, ModelRetryStrategy, tool
from strands.models.openai import OpenAIModel

from zhipu_openai import create_async_client


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


@tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


class Retries(ModelRetryStrategy):
    """Strands' retries, without the waits for an empty account."""

    def is_retryable(self, exception: Exception) -> bool:
        """Look at openai's own error."""
        empty = getattr(exception.__cause__, "code", None) == "insufficient_quota"
        return not empty and super().is_retryable(exception)


below = openai.DefaultAsyncHttpxClient(limits=httpx.Limits(max_keepalive_connections=0))
client = create_async_client(standin="without_key", on_adaptation="ignore", http_client=below)
model = OpenAIModel(client=client, model_id="glm-5.2")

agent = Agent(model=model, tools=[weather], retry_strategy=Retries())  # prints the stream
agent("How is the weather in Rome?")
print()
result = Agent(model=model, callback_handler=None)("A joke about cats.", structured_output_model=Joke)
print(result.structured_output)
