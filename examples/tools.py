"""The tools loop: the model calls functions of yours until it can answer."""

import json

from zhipu_openai import OpenAI
from zhipu_openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

client = OpenAI()

WEATHER: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "examples": ["Beijing"]}},
            "required": ["city"],
        },
    },
}


def get_weather(city: str) -> str:
    """Stand in for a real weather service."""
    return json.dumps({"city": city, "celsius": 21, "sky": "clear"})


messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Do I need a coat in Beijing?"}]

while True:
    message = (
        client.chat.completions.create(model="glm-5.2", messages=messages, tools=[WEATHER]).choices[0].message
    )
    if not message.tool_calls:
        break
    # The message goes back as it came; with it goes what the model thought, so that it can think on.
    messages.append(message)
    for call in message.tool_calls:
        if call.type == "function":
            print(f"{call.function.name}({call.function.arguments})")
            result = get_weather(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})

print(message.content)
