"""Functions that the model may, must or must not call."""

from openai import OpenAI

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        "strict": True,
    },
}


def make_client():
    return OpenAI(max_retries=0)


client = make_client()
messages = [{"role": "user", "content": "Is it raining in Rome?"}]
tools = [WEATHER]

client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools)
client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools, tool_choice="required")
client.chat.completions.create(
    model="gpt-4o",
    messages=messages,
    tools=tools,
    tool_choice={"type": "function", "function": {"name": "weather"}},
)
client.chat.completions.create(
    model="gpt-4o",
    messages=messages,
    tools=tools,
    tool_choice="none",
)
messages.append({"role": "assistant", "content": "I do not know."})
messages.append({"role": "user", "content": "Look."})
client.chat.completions.create(
    model="gpt-4o",
    messages=messages,
    functions=[WEATHER["function"]],
    function_call="auto",
)
