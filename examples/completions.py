"""Old code with client.completions keeps working: a chat model answers."""

from zhipu_openai import create_client

client = create_client(standin="without_key")

completion = client.completions.create(
    model="gpt-3.5-turbo-instruct",  # served by glm-4.5-air, without thinking
    prompt=["Say hello to Beijing.", "Say hello to Shanghai."],
    max_tokens=60,
)
for choice in completion.choices:
    print(f"{choice.index}: {choice.text}")

print("Streamed: ", end="")
for part in client.completions.create(
    model="gpt-3.5-turbo-instruct", prompt="Count to three.", max_tokens=60, stream=True
):
    print("".join(choice.text for choice in part.choices), end="", flush=True)
print()
