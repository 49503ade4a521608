# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "litellm>=1.110"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""LiteLLM on GLM: by our clients, or by our HTTP clients. Without a key the stand-in answers."""

import asyncio
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or prices are fetched when it is imported

import litellm
from pydantic import BaseModel

import zhipu_openai

options = {"standin": "without_key", "on_adaptation": "ignore"}


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


# For one call: our client.
client = zhipu_openai.create_client(**options)
question = [{"role": "user", "content": "Count to three."}]
for piece in litellm.completion("openai/glm-5.2", question, client=client, stream=True):
    print(piece.choices[0].delta.content or "", end="", flush=True)
print()

# For all calls, a Router's and those of frameworks on LiteLLM too: our HTTP clients.
litellm.client_session = zhipu_openai.http_client(**options)
litellm.aclient_session = zhipu_openai.async_http_client(**options)
question = [{"role": "user", "content": "Tell me a joke about cats."}]
answer = litellm.completion("openai/glm-5.2", question, api_key="not used", response_format=Joke)
print(Joke.model_validate_json(answer.choices[0].message.content))
answer = asyncio.run(litellm.acompletion("openai/glm-5.3", question, api_key="not used"))
print(answer.choices[0].message.reasoning_content, "/", answer.choices[0].message.content)
made = litellm.embedding("openai/embedding-3", ["A high-speed train."], api_key="not used")
print(len(made.data[0]["embedding"]))
