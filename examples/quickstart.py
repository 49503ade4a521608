"""The first minute: a question, an answer, and where it came from.

With a key in .env or the environment this asks Zhipu; without one, the embedded stand-in.
"""

from zhipu_openai import create_client

client = create_client(standin="without_key")

on_standin = client.settings.region == "standin"
print(
    "No key found: the embedded stand-in answers, not a model." if on_standin else f"Asking {client.base_url}"
)

completion = client.chat.completions.create(
    model="gpt-4o-mini",  # OpenAI's names work: this one is served by glm-4.5-air
    messages=[{"role": "user", "content": "Why is the sky blue? One sentence."}],
)

print(f"Model:  {completion.model}")
print(f"Answer: {completion.choices[0].message.content}")
