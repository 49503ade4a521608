# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "haystack-ai>=3.4.1"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Haystack on GLM: its generators and embedders, with our clients. Without a key the stand-in answers."""

from haystack import Document
from haystack.components.agents import Agent
from haystack.components.embedders import OpenAIDocumentEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from haystack.utils import Secret
from pydantic import BaseModel

from zhipu_openai import create_async_client, create_client

options = {"standin": "without_key", "on_adaptation": "ignore"}
unused = Secret.from_token("not used")  # ours comes from the environment or from .env


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


llm = OpenAIChatGenerator(model="glm-5.2", api_key=unused)
llm.client, llm.async_client = create_client(**options), create_async_client(**options)

llm.run("Count to three.", streaming_callback=lambda piece: print(piece.content, end="", flush=True))
print()
agent = Agent(chat_generator=llm, tools=[create_tool_from_function(weather)])
print(agent.run(messages=[ChatMessage.from_user("How is the weather in Rome?")])["last_message"].text)
shaped = llm.run("Tell me a joke about cats.", generation_kwargs={"response_format": Joke})
print(Joke.model_validate_json(shaped["replies"][0].text))

embedder = OpenAIDocumentEmbedder(model="embedding-3", api_key=unused, dimensions=256, progress_bar=False)
embedder.client = llm.client
print(len(embedder.run([Document(content="A high-speed train.")])["documents"][0].embedding))
