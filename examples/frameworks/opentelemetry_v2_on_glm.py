# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "opentelemetry-instrumentation-openai-v2>=2.4b0", "opentelemetry-util-genai<1.2", "opentelemetry-sdk>=1.45", "httpx"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""OpenTelemetry's older package on GLM: our clients are traced as openai's are. Without a key the stand-in answers."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "span_only"  # or no texts

from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from zhipu_openai import create_client

spans = InMemorySpanExporter()  # or an exporter to your collector
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

for name, value in spans.get_finished_spans()[0].attributes.items():
    print(f"{name}: {value}")
