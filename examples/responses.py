"""The Responses API: an answer, one that follows it, a stream, a tool, and an answer in a given shape.

By default chat completions serve it, and what was said is kept in this process: ``previous_response_id`` works as
with OpenAI, as long as the process lives. ``OpenAI(responses="native")`` uses Zhipu's own Responses API.
"""

from pydantic import BaseModel

from zhipu_openai import create_client
from zhipu_openai.types.responses import FunctionToolParam

client = create_client(standin="without_key", on_adaptation="ignore")

first = client.responses.create(
    model="glm-5.2",
    instructions="You are a patient teacher.",
    input="Which is larger, 9.11 or 9.9?",
)
print("Answer:", first.output_text)

follow_up = client.responses.create(model="glm-5.2", input="And why?", previous_response_id=first.id)
print("Then:", follow_up.output_text)

for event in client.responses.create(model="glm-5.2", input="Count to three.", stream=True):
    if event.type == "response.content_part.added":
        print(f"[{event.part.type}] ", end="")
    elif event.type == "response.content_part.done":
        print()
    elif event.type in ("response.reasoning_text.delta", "response.output_text.delta"):
        print(event.delta, end="")
    elif event.type == "response.completed":
        print(f"{event.response.usage.total_tokens if event.response.usage else 0} tokens")

weather: FunctionToolParam = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city now.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "examples": ["Beijing"]}},
        "required": ["city"],
    },
    "strict": False,
}
asked = client.responses.create(model="glm-5.2", input="Do I need a coat in Beijing?", tools=[weather])
for item in asked.output:
    if item.type == "function_call":
        print(f"{item.name}({item.arguments})")
        answered = client.responses.create(
            model="glm-5.2",
            previous_response_id=asked.id,
            input=[{"type": "function_call_output", "call_id": item.call_id, "output": "21 °C, clear"}],
            tools=[weather],
        )
        print("Told:", answered.output_text)


class Comparison(BaseModel):
    """Two numbers compared."""

    larger: str
    reason: str


shaped = client.responses.parse(model="glm-5.2", input="9.11 or 9.9?", text_format=Comparison)
print("Parsed:", shaped.output_parsed)
