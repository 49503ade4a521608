# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "langfuse>=5.0.4", "openai>=1.99"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Langfuse on GLM: our clients are traced as openai's are. Without a key the stand-in answers."""

import langfuse.openai  # patches openai's resources, which our clients use  # noqa: F401
from langfuse import Langfuse
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from zhipu_openai import create_client

spans = InMemorySpanExporter()
keys = {"public_key": "pk-lf-...", "secret_key": "sk-lf-..."}
tracer = Langfuse(**keys, span_exporter=spans)  # spans stay here
client = create_client(standin="without_key", on_adaptation="ignore")

with tracer.start_as_current_observation(name="greeting"):
    stream = client.chat.completions.create(
        model="glm-5.2",
        messages=[{"role": "user", "content": "Hello."}],
        stream=True,
        stream_options={"include_usage": True},  # or a stream has no usage
        name="hello",
    )
    for chunk in stream:
        for choice in chunk.choices:
            print(choice.delta.content or "", end="", flush=True)
print()

tracer.flush()
seen = next(span.attributes for span in spans.get_finished_spans() if span.name == "hello")
for name in ("model.name", "input", "output", "usage_details"):
    print(f"{name}: {seen[f'langfuse.observation.{name}']}")
