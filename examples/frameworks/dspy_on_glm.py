# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "dspy>=3.4.1", "litellm>=1.110", "numpy"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""DSPy on GLM: its LiteLLM engine, over our HTTP clients. Without a key the stand-in answers."""

import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or prices are fetched when it is imported

import dspy
import litellm
from pydantic import BaseModel

import zhipu_openai

options = {"standin": "without_key", "on_adaptation": "ignore"}
litellm.client_session = zhipu_openai.http_client(**options)
litellm.aclient_session = zhipu_openai.async_http_client(**options)
litellm.suppress_debug_info = True
able = {"supports_function_calling": True, "supports_response_schema": True}
litellm.register_model({"glm-5.2": {"litellm_provider": "openai", "mode": "chat", **able}})


class Joke(BaseModel):
    """A joke in two parts."""

    setup: str
    punchline: str


class Tell(dspy.Signature):
    """Tell a joke."""

    topic: str = dspy.InputField()
    joke: Joke = dspy.OutputField()


lm = dspy.LM("openai/glm-5.2", engine="litellm", api_key="not used", cache=False)
dspy.configure(lm=lm, adapter=dspy.JSONAdapter())
print(lm("Say hello in one word.")[0])
print(dspy.Predict(Tell)(topic="cats").joke)

embedder = dspy.Embedder("openai/embedding-3", api_key="not used", caching=False)
print(embedder(["A high-speed train."]).shape)
