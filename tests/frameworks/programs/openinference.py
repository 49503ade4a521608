# /// script
# requires-python = ">=3.10"
# dependencies = ["openinference-instrumentation-openai>=0.1.66", "opentelemetry-sdk>=1.45"]
# ///
"""OpenInference (Arize Phoenix) on Zhipu: its OpenAIInstrumentor sees our clients, which are openai's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traced
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

if TYPE_CHECKING:
    from handle import Standin

TITLE = "OpenInference"
PACKAGES = ("openinference-instrumentation-openai", "opentelemetry-sdk")
NOT_OFFERED: dict[str, str] = {}

SPANS = InMemorySpanExporter()
PROVIDER = TracerProvider()
PROVIDER.add_span_processor(SimpleSpanProcessor(SPANS))
OpenAIInstrumentor().instrument(tracer_provider=PROVIDER)


def seen() -> list[traced.Seen]:
    """Read the spans since the last time."""
    spans = SPANS.get_finished_spans()
    SPANS.clear()
    calls = []
    for span in spans:
        told = dict(span.attributes or {})
        counted = "llm.token_count.prompt" in told
        tokens = (
            (told["llm.token_count.prompt"], told.get("llm.token_count.completion", 0)) if counted else None
        )
        calls.append(
            traced.Seen(
                model=str(told.get("llm.model_name") or told.get("embedding.model_name")),
                asked=" ".join(str(told[name]) for name in told if name.startswith("llm.input_messages.")),
                answered=" ".join(
                    str(told[name]) for name in told if name.startswith("llm.output_messages.")
                ),
                tokens=tokens,
                failed=None if span.status.is_ok else f"{span.status.description} {span.events}",
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
    assert call.answered.startswith("assistant One")


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


def structured_output(standin: Standin) -> None:
    """A call of parse is one span with the answer that was parsed, though Zhipu was asked twice."""
    traced.structured_output(standin, seen)


async def embeddings(standin: Standin) -> None:
    """Embeddings with usage, sync and async."""
    await traced.embeddings(standin, seen)


async def responses(standin: Standin) -> None:
    """Responses, whole and streamed, sync and async, by chat and by Zhipu's own Responses API."""
    await traced.responses(standin, seen)


def errors(standin: Standin) -> None:
    """A call that failed is seen as failed; one that was retried is one call."""
    traced.errors(standin, seen)


def tracing(standin: Standin) -> None:
    """Spans stand below the caller's; what the model thought is in the output."""
    with PROVIDER.get_tracer("program").start_as_current_span("mine") as mine:
        standin.say("Hello.", reasoning="A greeting.")
        standin.client().chat.completions.create(model=traced.MODEL, messages=traced.HI)
        [span] = SPANS.get_finished_spans()
        SPANS.clear()
    assert span.parent.span_id == mine.get_span_context().span_id
    assert span.attributes["openinference.span.kind"] == "LLM"
    assert "A greeting." in span.attributes["output.value"]
    assert span.attributes["llm.token_count.completion_details.reasoning"] > 0
