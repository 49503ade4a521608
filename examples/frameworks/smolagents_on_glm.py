# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "smolagents[openai]>=1.26"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""smolagents on GLM: its OpenAIModel with our client. Without a key the stand-in answers."""

from smolagents import ChatMessage, OpenAIModel, ToolCallingAgent, tool

from zhipu_openai import create_client


@tool
def weather(city: str) -> str:
    """Tell the weather in a city.

    Args:
        city: The city.
    """
    return f"Sunny in {city}."


client = create_client(standin="without_key", on_adaptation="ignore")
model = OpenAIModel("glm-5.2", client=client, retry=False)  # ours retries what is worth it

question = [ChatMessage(role="user", content=[{"type": "text", "text": "Count to three."}])]
for piece in model.generate_stream(question):
    print(piece.content or "", end="", flush=True)
print()

# The stand-in only ever calls the first tool: two steps are enough to see it do so.
agent = ToolCallingAgent(tools=[weather], model=model, max_steps=2)
print(agent.run("How is the weather in Rome?"))
