# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "langchain-openai>=1.0", "langchain>=1.0"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""LangChain on GLM: its own ChatOpenAI, over our HTTP clients. Without a key the stand-in answers."""

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

import zhipu_openai

options = {"standin": "without_key", "on_adaptation": "ignore"}
llm = ChatOpenAI(
    model="glm-5.2",
    api_key="not used",  # ours comes from the environment or from .env
    http_client=zhipu_openai.http_client(**options),
    http_async_client=zhipu_openai.async_http_client(**options),
)


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


@tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


for piece in llm.stream("Count to three."):
    print(piece.text, end="", flush=True)
print()
print(llm.bind_tools([weather]).invoke("How is the weather in Rome?").tool_calls)
print(llm.with_structured_output(Joke).invoke("Tell me a joke about cats."))
