# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "openinference-instrumentation-openai>=0.1.66", "opentelemetry-sdk>=1.45"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""OpenInference (Phoenix) on GLM: our clients are traced as openai's are. Without a key the stand-in answers."""

from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from zhipu_openai import create_client

spans = InMemorySpanExporter()  # or an exporter to Phoenix
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
OpenAIInstrumentor().instrument(tracer_provider=provider)

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

seen = spans.get_finished_spans()[0].attributes
for name in ("model_name", "input_messages.0.message.content", "output_messages.0.message.content"):
    print(f"{name}: {seen[f'llm.{name}']}")
print("tokens:", seen["llm.token_count.prompt"], seen["llm.token_count.completion"])
