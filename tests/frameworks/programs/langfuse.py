# /// script
# requires-python = ">=3.10"
# dependencies = ["langfuse>=5.0.4", "openai>=1.99"]
# ///
"""Langfuse on Zhipu: importing langfuse.openai patches openai's resources, which our clients use."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import langfuse.openai
import traced
from langfuse import Langfuse
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

if TYPE_CHECKING:
    from handle import Standin

TITLE = "Langfuse"
PACKAGES = ("langfuse",)
NOT_OFFERED: dict[str, str] = {}

# A call that fails is logged too.
logging.getLogger("langfuse").setLevel(logging.CRITICAL)
SPANS = InMemorySpanExporter()
LANGFUSE = Langfuse(
    public_key="pk-lf-program",
    secret_key="sk-lf-program",
    base_url="http://127.0.0.1:9",
    tracer_provider=TracerProvider(),
    span_exporter=SPANS,
)


def seen() -> list[traced.Seen]:
    """Read the observations since the last time."""
    LANGFUSE.flush()
    spans = SPANS.get_finished_spans()
    SPANS.clear()
    calls = []
    for span in spans:
        told = {
            name.removeprefix("langfuse.observation."): value
            for name, value in (span.attributes or {}).items()
        }
        usage = json.loads(told.get("usage_details", "{}"))
        counts = [usage.get(name) for name in ("prompt_tokens", "input_tokens", "input") if name in usage]
        answers = [usage.get(name) for name in ("completion_tokens", "output_tokens") if name in usage]
        calls.append(
            traced.Seen(
                model=str(told["model.name"]),
                asked=str(told.get("input")),
                answered=str(told.get("output")),
                tokens=(counts[0], answers[0] if answers else 0) if counts else None,
                failed=told.get("status_message"),
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
    """Generations stand below the caller's span, with a name and metadata that our client lets through."""
    assert langfuse.openai.openai.OpenAI in type(standin.client()).__mro__
    with LANGFUSE.start_as_current_observation(name="mine"):
        standin.client().chat.completions.create(
            model=traced.MODEL, messages=traced.HI, name="greeting", metadata={"who": "ann"}
        )
    LANGFUSE.flush()
    generation, mine = SPANS.get_finished_spans()
    SPANS.clear()
    assert generation.parent.span_id == mine.context.span_id
    assert generation.name == "greeting"
    assert generation.attributes["langfuse.observation.type"] == "generation"
    assert generation.attributes["langfuse.observation.metadata.who"] == '"ann"'
    assert "name" not in standin.last
