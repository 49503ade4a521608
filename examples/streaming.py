"""A streamed answer: first what the model thinks, then what it says."""

from zhipu_openai import OpenAI

client = OpenAI()

stream = client.chat.completions.create(
    model="glm-5.3",
    messages=[{"role": "user", "content": "Is 9.11 larger than 9.9?"}],
    reasoning_effort="high",
    stream=True,
    stream_options={"include_usage": True},
)

for chunk in stream:
    for choice in chunk.choices:
        if choice.delta.reasoning_content:
            print(f"[thinks] {choice.delta.reasoning_content}")
        if choice.delta.content:
            print(choice.delta.content, end="", flush=True)
    if chunk.usage is not None:
        print(f"\n[{chunk.usage.total_tokens} tokens]")
