# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "magentic>=0.41.1", "openai>=1.108"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""magentic on GLM: its OpenaiChatModel, with our clients put in. Without a key the stand-in answers."""

from magentic import OpenaiChatModel, StreamedStr, prompt, prompt_chain
from pydantic import BaseModel

from zhipu_openai import create_async_client, create_client

options = {"standin": "without_key", "on_adaptation": "ignore"}


class GlmChatModel(OpenaiChatModel):
    """OpenaiChatModel with our clients in place of those that it makes."""

    def __init__(self, model: str, **settings: object) -> None:
        """Take the settings of OpenaiChatModel."""
        super().__init__(model, api_key="not used", **settings)
        self._client = create_client(**options)
        self._async_client = create_async_client(**options)


glm = GlmChatModel("glm-5.2")


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


@prompt("Count to {number}.", model=glm)
def count(number: int) -> StreamedStr:
    """Count, piece by piece."""


@prompt("Tell me a joke about {topic}.", model=glm)
def joke(topic: str) -> Joke:
    """Tell a joke."""


@prompt_chain("How is the weather in {city}?", functions=[weather], model=glm)
def report(city: str) -> str:
    """Look at the weather and tell it."""


for piece in count(3):
    print(piece, end="", flush=True)
print()
print(joke("cats"))
print(report("Rome"))
