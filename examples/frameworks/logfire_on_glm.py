# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "logfire>=5.4"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Logfire on GLM: our clients are traced as openai's are. Without a key the stand-in answers."""

import logfire
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from zhipu_openai import create_client

spans = InMemorySpanExporter()
logfire.configure(
    send_to_logfire=False,  # leave it out to see them on Logfire
    console=False,
    additional_span_processors=[SimpleSpanProcessor(spans)],
)
logfire.instrument_openai()

client = create_client(standin="without_key", on_adaptation="ignore")
stream = client.chat.completions.create(
    model="glm-5.2",
    messages=[{"role": "user", "content": "Hello."}],
    stream=True,
    stream_options={"include_usage": True},  # or a stream has no usage
)
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()

seen = spans.get_finished_spans()[-1].attributes
for name in (
    "input.messages",
    "output.messages",
    "response.model",
    "usage.input_tokens",
    "usage.output_tokens",
):
    print(f"{name}: {seen[f'gen_ai.{name}']}")
