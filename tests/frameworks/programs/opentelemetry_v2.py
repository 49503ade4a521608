# /// script
# requires-python = ">=3.10"
# dependencies = ["opentelemetry-instrumentation-openai-v2>=2.4b0", "opentelemetry-util-genai<1.2", "opentelemetry-sdk>=1.45", "httpx"]
# ///
"""OpenTelemetry's older instrumentation of openai on Zhipu: it sees our clients, which are openai's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# What is said is left out of spans unless it is asked for.
os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "span_only"

import traced
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

if TYPE_CHECKING:
    from handle import Standin

TITLE = "OpenTelemetry openai-v2"
PACKAGES = ("opentelemetry-instrumentation-openai-v2", "opentelemetry-util-genai", "opentelemetry-sdk")
NOT_OFFERED = {
    "structured_output": "it does not trace parse",
    "responses": "it does not trace responses",
}

SPANS = InMemorySpanExporter()
PROVIDER = TracerProvider()
PROVIDER.add_span_processor(SimpleSpanProcessor(SPANS))
METRICS = InMemoryMetricReader()
OpenAIInstrumentor().instrument(
    tracer_provider=PROVIDER, meter_provider=MeterProvider(metric_readers=[METRICS])
)


def seen() -> list[traced.Seen]:
    """Read the spans since the last time."""
    spans = SPANS.get_finished_spans()
    SPANS.clear()
    calls = []
    for span in spans:
        told = dict(span.attributes or {})
        counted = "gen_ai.usage.input_tokens" in told
        tokens = (
            (told["gen_ai.usage.input_tokens"], told.get("gen_ai.usage.output_tokens", 0))
            if counted
            else None
        )
        failed = span.status.status_code == StatusCode.ERROR
        calls.append(
            traced.Seen(
                model=str(told.get("gen_ai.response.model", told["gen_ai.request.model"])),
                asked=str(told.get("gen_ai.input.messages")),
                answered=str(told.get("gen_ai.output.messages")),
                tokens=tokens,
                failed=f"{told['error.type']} {span.status.description}" if failed else None,
            )
        )
    return calls


def chat(standin: Standin) -> None:
    """Model, messages and usage of our client and of openai's over our HTTP client; n=3 is one call."""
    traced.chat(standin, seen)


def stream(standin: Standin) -> None:
    """Streams by the fast way and by openai's, with usage and without, by .stream(); one that is left ends."""
    traced.stream(standin, seen)
    [call] = seen()
    assert "One" in call.answered


async def async_chat(standin: Standin) -> None:
    """Three calls at once."""
    await traced.async_chat(standin, seen)


async def async_stream(standin: Standin) -> None:
    """Streams by the fast way and by openai's, with usage."""
    await traced.async_stream(standin, seen)


def tools(standin: Standin) -> None:
    """Every call and result of a loop; a forced tool is one call, though Zhipu was asked twice."""
    traced.tools(standin, seen)


def streamed_tools(standin: Standin) -> None:
    """Streamed calls, whatever form Zhipu gives their fragments."""
    traced.streamed_tools(standin, seen)


async def embeddings(standin: Standin) -> None:
    """Embeddings with usage, sync and async."""
    await traced.embeddings(standin, seen)


def errors(standin: Standin) -> None:
    """A call that failed is seen as failed; one that was retried is one call."""
    traced.errors(standin, seen)


def tracing(standin: Standin) -> None:
    """Spans stand below the caller's; tokens are counted in the metrics."""
    with PROVIDER.get_tracer("program").start_as_current_span("mine") as mine:
        answer = standin.client().chat.completions.create(model=traced.MODEL, messages=traced.HI)
        [span] = SPANS.get_finished_spans()
        SPANS.clear()
    assert span.parent.span_id == mine.get_span_context().span_id
    assert span.name == f"chat {traced.MODEL}"
    assert span.attributes["gen_ai.response.id"] == answer.id
    assert span.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    measured = {
        metric.name
        for resource in METRICS.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert {"gen_ai.client.token.usage", "gen_ai.client.operation.duration"} <= measured
