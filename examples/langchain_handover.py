"""LangChain on GLM: its own ChatOpenAI, over our HTTP clients.

Needs the extra "frameworks" (langchain-openai).
"""

from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field

import zhipu_openai


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str = Field(description="The question.")
    punchline: str = Field(description="The answer.")


llm = ChatOpenAI(
    model="glm-5.2",
    api_key="taken from .env by zhipu_openai",
    http_client=zhipu_openai.http_client(on_adaptation="ignore"),
    http_async_client=zhipu_openai.async_http_client(on_adaptation="ignore"),
)

print(llm.invoke("Say hello in one word.").content)
for piece in llm.stream("Count to three."):
    print(piece.content, end="", flush=True)
print()
print(llm.with_structured_output(Joke).invoke("Tell me a joke about cats."))
