"""openai's module-level client, and values that only running tells."""

import os

import openai

MODEL = os.environ.get("MODEL_OF_THIS_PROGRAM", "gpt-4o")
temperature = float(os.environ.get("TEMPERATURE_OF_THIS_PROGRAM", "1.3"))


def ask(messages, **more):
    return openai.chat.completions.create(model=MODEL, messages=messages, temperature=temperature, **more)


ask([{"role": "user", "content": "Hi"}])
ask([{"role": "user", "content": "Hi"}], logprobs=True)
openai.embeddings.create(model="text-embedding-3-small", input="x")
