"""A chat completion as a job: begun now, looked at later. Models, parameters and answers are OpenAI's."""

import asyncio

from zhipu_openai import create_async_client

QUESTIONS = ["Name a river.", "Name a mountain.", "Name a sea."]


async def main() -> None:
    """Begin three jobs and wait for all of them."""
    async with create_async_client(standin="without_key") as client:
        begun = [
            await client.zhipu.async_chat.create(
                model="glm-4.6", messages=[{"role": "user", "content": question}], max_completion_tokens=1024
            )
            for question in QUESTIONS
        ]
        print(f"Begun: {len(begun)} jobs, {begun[0].task_status}")
        waits = (client.zhipu.async_chat.poll(job.id, poll_interval=0.5) for job in begun)
        for question, job in zip(QUESTIONS, await asyncio.gather(*waits), strict=True):
            said = job.completion.choices[0].message.content if job.completion else "nothing"
            print(f"{question} {job.task_status}: {said}")


asyncio.run(main())
