"""Many questions at once, never more under way than the account allows."""

import asyncio
import time

from zhipu_openai import AsyncOpenAI

CITIES = ("Beijing", "Shanghai", "Chengdu", "Xi'an", "Harbin", "Kunming", "Lhasa", "Xiamen")


async def ask(client: AsyncOpenAI, city: str) -> str:
    """Ask one question."""
    completion = await client.chat.completions.create(
        model="glm-4.5-air",
        messages=[{"role": "user", "content": f"One dish that {city} is known for."}],
    )
    return f"{city}: {completion.choices[0].message.content}"


async def main() -> None:
    """Ask them all; Zhipu limits how many requests an account may have under way."""
    began = time.perf_counter()
    async with AsyncOpenAI(max_concurrency=3) as client:
        for answer in await asyncio.gather(*(ask(client, city) for city in CITIES)):
            print(answer)
    print(f"{len(CITIES)} answers in {time.perf_counter() - began:.1f} s")


asyncio.run(main())
