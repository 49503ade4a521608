# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "agno>=3.1.10", "openai>=1.106"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""agno on GLM: its OpenAIChat and OpenAIEmbedder, with our clients. Without a key the stand-in answers."""

from agno.agent import Agent
from agno.knowledge.embedder.openai import OpenAIEmbedder
from agno.models.openai import OpenAIChat
from pydantic import BaseModel

from zhipu_openai import create_async_client, create_client

options = {"standin": "without_key", "on_adaptation": "ignore"}
clients = {"client": create_client(**options), "async_client": create_async_client(**options)}


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


agent = Agent(model=OpenAIChat(id="glm-5.3", **clients), tools=[weather], telemetry=False)
for event in agent.run("How is the weather in Rome?", stream=True):
    print(event.content or "", end="", flush=True)
print()

comedian = Agent(model=OpenAIChat(id="glm-5.2", **clients), output_schema=Joke, telemetry=False)
print(comedian.run("Tell me a joke about cats.").content)

embedder = OpenAIEmbedder(id="embedding-3", dimensions=2048, openai_client=clients["client"])
print(len(embedder.get_embedding("A high-speed train.")))
