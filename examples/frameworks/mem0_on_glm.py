# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "mem0ai>=2.2.1"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""mem0 on GLM: its OpenAI LLM and embedder, with our client put in. Without a key the stand-in answers."""

import os

os.environ["MEM0_TELEMETRY"] = "False"  # or mem0 reports its use

from mem0 import Memory
from qdrant_client import QdrantClient

from zhipu_openai import create_client

config = {
    "llm": {"provider": "openai", "config": {"model": "glm-5.2", "api_key": "not used"}},
    "embedder": {"provider": "openai", "config": {"model": "embedding-3", "api_key": "not used"}},
    "vector_store": {
        "provider": "qdrant",
        "config": {"client": QdrantClient(":memory:"), "embedding_model_dims": 2048},
    },
}
client = create_client(standin="without_key", on_adaptation="ignore")
memory = Memory.from_config(config)
memory.llm.client = memory.embedding_model.client = client

print(memory.llm.generate_response([{"role": "user", "content": "Say hello in one word."}]))
memory.add("I am a vegetarian and live in Rome.", user_id="ann", infer=False)  # infer=True asks GLM for facts
memory.add("My train leaves at nine.", user_id="ann", infer=False)
for row in memory.search("Where does Ann live in Rome?", filters={"user_id": "ann"}, top_k=1)["results"]:
    print(row["memory"])
