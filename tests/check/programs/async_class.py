"""A client that an object keeps, and coroutines."""

import asyncio

from openai import AsyncOpenAI


class Writer:
    model = "gpt-5-mini"

    def __init__(self) -> None:
        self.client = AsyncOpenAI()
        self.system = "You write."

    async def write(self, about: str) -> str:
        answer = await self.client.chat.completions.create(
            model=self.model,
            messages=[{"role": "system", "content": self.system}, {"role": "user", "content": about}],
            reasoning_effort="minimal",
            parallel_tool_calls=False,
        )
        return answer.choices[0].message.content or ""

    async def embed(self, texts: list[str]) -> int:
        made = await self.client.embeddings.create(
            model="text-embedding-3-small", input=texts, dimensions=512
        )
        return len(made.data)


async def main() -> None:
    writer = Writer()
    print(await asyncio.gather(writer.write("cats"), writer.write("dogs")))
    print(await writer.embed(["a", "b"]))


asyncio.run(main())
