# /// script
# requires-python = ">=3.10"
# dependencies = ["logfire>=5.4"]
# ///
"""Logfire on Zhipu: instrument_openai sees our clients, which are openai's."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import logfire
import traced
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

if TYPE_CHECKING:
    from handle import Standin

TITLE = "Logfire"
PACKAGES = ("logfire",)
NOT_OFFERED: dict[str, str] = {}

SPANS = InMemorySpanExporter()
logfire.configure(
    send_to_logfire=False, console=False, additional_span_processors=[SimpleSpanProcessor(SPANS)]
)
logfire.instrument_openai()


def seen() -> list[traced.Seen]:
    """Read the spans since the last time; a stream's answer is in a log of its own, which counts for the call."""
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
        failed = None if not span.events else str(span.events[0].attributes)
        if failed is None and "gen_ai.output.messages" not in told and not counted:
            continue
        calls.append(
            traced.Seen(
                model=str(told.get("gen_ai.response.model", told["gen_ai.request.model"])),
                asked=str(told.get("gen_ai.input.messages")),
                answered=str(told.get("gen_ai.output.messages")),
                tokens=tokens,
                failed=failed,
            )
        )
    return calls


def chat(standin: Standin) -> None:
    """Model, messages and usage of our client and of openai's over our HTTP client; n=3 is one call."""
    traced.chat(standin, seen)


def stream(standin: Standin) -> None:
    """Streams by the fast way and by openai's, with usage and without, by .stream(); one that is left ends."""
    traced.stream(standin, seen)
    # Logfire logs a stream that was left when its objects are gone.
    gc.collect()
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
    """Spans stand below the caller's, with Logfire's message and tag."""
    with logfire.span("mine") as mine:
        standin.client().chat.completions.create(model=traced.MODEL, messages=traced.HI)
        span, *_ = SPANS.get_finished_spans()
        SPANS.clear()
    assert span.parent.span_id == mine.get_span_context().span_id
    assert span.attributes["logfire.msg"] == f"Chat Completion with {traced.MODEL!r}"
    assert span.attributes["logfire.tags"] == ("LLM",)
