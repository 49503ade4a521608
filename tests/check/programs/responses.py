"""Responses and conversations."""

from openai import OpenAI

client = OpenAI()
first = client.responses.create(
    model="gpt-4o",
    instructions="Be brief.",
    input="Hello",
    temperature=1.8,
    truncation="auto",
    metadata={"a": "b"},
)
client.responses.create(model="gpt-4o", input="And?", previous_response_id=first.id, max_output_tokens=200)
client.responses.create(
    model="o4-mini",
    input=[{"role": "developer", "content": "Think."}, {"role": "user", "content": "2 + 2"}],
    reasoning={"effort": "low", "summary": "auto"},
    text={"verbosity": "low"},
    include=["reasoning.encrypted_content"],
    store=False,
)
client.responses.create(
    model="gpt-4o",
    input="Weather?",
    tools=[
        {
            "type": "function",
            "name": "weather",
            "parameters": {"type": "object", "properties": {}},
            "strict": True,
        }
    ],
    tool_choice="required",
    parallel_tool_calls=False,
    top_logprobs=3,
    user="somebody",
)
for event in client.responses.create(model="gpt-4o", input="Hello", stream=True):
    print(event.type)
conversation = client.conversations.create(metadata={"a": "b"})
client.responses.create(model="gpt-4o", input="Hello", conversation=conversation.id)
client.responses.retrieve(first.id)
