"""A LangChain program as written for OpenAI: its own clients, its own key."""

import asyncio

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str = Field(description="The question.")
    punchline: str = Field(description="The answer.")


@tool
def get_weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"The weather in {city} is sunny."


async def main(llm: ChatOpenAI) -> None:
    print((await llm.ainvoke("Say hello.")).content)
    print("".join([str(piece.content) async for piece in llm.astream("Count to three.")]))


llm = ChatOpenAI(model="gpt-4o-mini", temperature=0.2)
print(llm.invoke("Say hello.").content)
print("".join(str(piece.content) for piece in llm.stream("Count to three.")))
print(llm.with_structured_output(Joke).invoke("Tell me a joke about cats."))
print(
    llm.bind_tools([get_weather], tool_choice="get_weather").invoke("How is the weather in Rome?").tool_calls
)
print(ChatOpenAI(model="gpt-4o-mini", use_responses_api=True).invoke("Say hello.").text)
asyncio.run(main(llm))
