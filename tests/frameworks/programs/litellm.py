# /// script
# requires-python = ">=3.10"
# dependencies = ["litellm>=1.110"]
# ///
"""LiteLLM on Zhipu: our clients for one call, or our HTTP clients for all it does."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

# Prices would be fetched when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import httpx
import litellm
import openai
from handle import KEY, raises
from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler, HTTPHandler
from pydantic import BaseModel, Field

import zhipu_openai
from zhipu_openai.standin import async_client, client

if TYPE_CHECKING:
    from handle import Standin

TITLE = "LiteLLM"
PACKAGES = ("litellm",)
NOT_OFFERED: dict[str, str] = {}

litellm.suppress_debug_info = True
HI: Any = [{"role": "user", "content": "Hi"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tell the weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


def text_of(answer: Any) -> Any:
    """Give the text of an answer."""
    return answer.choices[0].message.content


def said(pieces: Any) -> list[str]:
    """Give the texts of a stream."""
    return [choice.delta.content or "" for piece in pieces for choice in piece.choices]


def all_by_us(standin: Standin) -> None:
    """Let everything that LiteLLM sends by openai's clients go by ours, as the page does."""
    # It keeps the clients that it has made.
    litellm.in_memory_llm_clients_cache.flush_cache()
    litellm.client_session = standin.http_client()
    litellm.aclient_session = standin.async_http_client()


def by_itself(standin: Standin, way: Any) -> HTTPHandler:
    """Make the handler by which LiteLLM sends responses; it is on httpx, whatever openai is on."""
    below = client(standin.service, httpx)
    options = {"api_key": KEY, "on_adaptation": "ignore", "responses": way}
    return HTTPHandler(client=zhipu_openai.http_client(http_client=below, **options))


def async_by_itself(standin: Standin, way: Any) -> AsyncHTTPHandler:
    """Make the async one."""
    below = async_client(standin.service, httpx)
    options = {"api_key": KEY, "on_adaptation": "ignore", "responses": way}
    made = AsyncHTTPHandler()
    made.client = zhipu_openai.async_http_client(http_client=below, **options)
    return made


def chat(standin: Standin) -> None:
    """A completion by client and by session, with settings; what the model thought; a Router."""
    settings = {"temperature": 0.5, "max_completion_tokens": 50, "stop": ["END"], "user": "somebody"}
    standin.say("Hello.", reasoning="A greeting.")
    answer = litellm.completion("openai/glm-5.3", HI, client=standin.client(), **settings)
    assert text_of(answer) == "Hello."
    assert answer.choices[0].message.reasoning_content == "A greeting."
    assert answer.model == "glm-5.3"
    assert answer.usage.total_tokens > 0
    body = standin.last
    assert body["model"] == "glm-5.3"
    assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
    all_by_us(standin)
    standin.say("Hello again.")
    assert text_of(litellm.completion("openai/gpt-4o", HI, api_key="unused")) == "Hello again."
    assert standin.last["model"] == "glm-5.2"
    assert standin.last["thinking"] == {"type": "disabled"}
    deployment = {"model_name": "best", "litellm_params": {"model": "openai/glm-5.3", "api_key": "unused"}}
    router = litellm.Router(model_list=[deployment])
    standin.say("Hello by the router.")
    assert text_of(router.completion("best", HI)) == "Hello by the router."
    assert standin.last["model"] == "glm-5.3"


def stream(standin: Standin) -> None:
    """Streams with usage, by client and by session, on chunks without object and with counted choices."""
    all_by_us(standin)
    standin.switch_on("missing_object", "phase_counted_choice_index")
    for given in ({"client": standin.client()}, {"api_key": "unused"}):
        standin.say("One, two, three.", reasoning="I count.")
        pieces = list(
            litellm.completion(
                "openai/glm-5.3", HI, stream=True, stream_options={"include_usage": True}, **given
            )
        )
        assert "".join(said(pieces)) == "One, two, three."
        assert len([text for text in said(pieces) if text]) > 3
        deltas = [choice.delta for piece in pieces for choice in piece.choices]
        thought = [getattr(delta, "reasoning_content", None) or "" for delta in deltas]
        assert "".join(thought) == "I count."
        assert pieces[-1].usage.completion_tokens > 0
        assert standin.last["stream"] is True


async def async_chat(standin: Standin) -> None:
    """Acompletion by client and by session."""
    standin.say("Hello.")
    assert text_of(await litellm.acompletion("openai/gpt-4o", HI, client=standin.async_client())) == "Hello."
    assert standin.last["model"] == "glm-5.2"
    all_by_us(standin)
    standin.say("Hello again.")
    assert text_of(await litellm.acompletion("openai/gpt-4o", HI, api_key="unused")) == "Hello again."


async def async_stream(standin: Standin) -> None:
    """Acompletion streamed."""
    standin.say("One, two, three.")
    pieces = await litellm.acompletion("openai/gpt-4o", HI, client=standin.async_client(), stream=True)
    texts = [piece.choices[0].delta.content or "" async for piece in pieces]
    assert "".join(texts) == "One, two, three."
    assert len(texts) > 3


def tools(standin: Standin) -> None:
    """Two calls in one answer, their results, the last answer; a forced tool after talk."""
    ours = standin.client()
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    standin.say("Both are sunny.")
    messages: list[Any] = [*HI]
    asked = litellm.completion("openai/gpt-4o", messages, client=ours, tools=[WEATHER]).choices[0].message
    messages.append(asked)
    for call in asked.tool_calls:
        city = json.loads(call.function.arguments)["city"]
        messages.append({"role": "tool", "tool_call_id": call.id, "content": f"Sunny in {city}."})
    assert text_of(litellm.completion("openai/gpt-4o", messages, client=ours, tools=[WEATHER])) == (
        "Both are sunny."
    )
    assert standin.offered() == ["weather"]
    assert standin.roles() == ["user", "assistant", "tool", "tool"]
    assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    standin.say("I would rather talk.")
    standin.call("weather", {"city": "Rome"})
    forced = litellm.completion("openai/gpt-4o", HI, client=ours, tools=[WEATHER], tool_choice="required")
    assert forced.choices[0].message.tool_calls[0].function.name == "weather"
    assert standin.last.get("tool_choice", "auto") == "auto"


def streamed_tools(standin: Standin) -> None:
    """Streamed and built together: fragments, no ids, every index -1, repeated names."""
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        pieces = list(
            litellm.completion("openai/gpt-4o", HI, client=standin.client(), tools=[WEATHER], stream=True)
        )
        calls = litellm.stream_chunk_builder(pieces).choices[0].message.tool_calls
        assert [json.loads(call.function.arguments) for call in calls] == [{"city": "Rome"}, {"city": "Oslo"}]
        assert [call.function.name for call in calls] == ["weather", "weather"]
        assert len({call.id for call in calls}) == 2
        assert standin.last["tool_stream"] is True
        standin.switch_off()


def structured_output(standin: Standin) -> None:
    """response_format with a pydantic model, with a JSON schema and with JSON mode, fenced JSON included."""
    wanted = Trip(city="Rome", days=3)
    shape = {"type": "json_schema", "json_schema": {"name": "Trip", "schema": Trip.model_json_schema()}}
    for given in (Trip, shape, {"type": "json_object"}):
        # A schema that Zhipu is not sent is what brings fences.
        standin.switch_off()
        standin.switch_on(*([] if given == {"type": "json_object"} else ["fenced_json"]))
        standin.say('{"city": "Rome", "days": 3}')
        asked = [{"role": "user", "content": "Plan, as JSON with city and days."}]
        answer = litellm.completion("openai/gpt-4o", asked, client=standin.client(), response_format=given)
        assert Trip.model_validate_json(text_of(answer)) == wanted
        assert standin.last["response_format"] == {"type": "json_object"}
        assert "days" in standin.last["messages"][0]["content"]


async def embeddings(standin: Standin) -> None:
    """Embedding and aembedding, by client and by session."""
    asked = ["one", "two", "three"]
    made = litellm.embedding("openai/text-embedding-3-small", asked, client=standin.client(), dimensions=256)
    assert [len(row["embedding"]) for row in made.data] == [256] * 3
    assert standin.last["model"] == "embedding-3"
    assert standin.last["input"] == asked
    all_by_us(standin)
    made = await litellm.aembedding(
        "openai/embedding-3",
        asked,
        api_key="unused",
        dimensions=512,
        allowed_openai_params=["dimensions"],
    )
    assert [len(row["embedding"]) for row in made.data] == [512] * 3


async def responses(standin: Standin) -> None:
    """Responses by LiteLLM's own way over chat, and by its HTTP handler: by chat, by Zhipu's own Responses API."""
    standin.say("Hello.")
    answer = litellm.responses(
        "Hi", model="openai/gpt-4o", client=standin.client(), use_chat_completions_api=True
    )
    assert answer.output[-1].content[0].text == "Hello."
    for way in ("translate", "native"):
        standin.say("Hello.")
        given = {"model": "openai/glm-5.3", "api_key": "unused"}
        answer = litellm.responses("Hi", client=by_itself(standin, way), **given)
        assert answer.output[-1].content[0].text == "Hello."
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.say("One, two, three.")
        events = await litellm.aresponses(
            "Count.", client=async_by_itself(standin, way), stream=True, **given
        )
        told = [event.delta async for event in events if event.type == "response.output_text.delta"]
        assert "".join(told) == "One, two, three."
        assert len(told) > 3


def errors(standin: Standin) -> None:
    """LiteLLM's own exceptions, which are openai's too; an empty account is asked once, an overloaded model again."""
    ours = standin.client(max_retries=3)
    standin.fail("1113")
    with raises(litellm.RateLimitError) as caught:
        litellm.completion("openai/glm-5.2", HI, client=ours)
    assert isinstance(caught.error, openai.RateLimitError)
    assert "1113" in str(caught.error)
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert text_of(litellm.completion("openai/glm-5.2", HI, client=ours)) == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(litellm.BadRequestError) as caught:
        litellm.completion("openai/glm-5.2", HI, client=ours)
    assert "1301" in str(caught.error)
    standin.fail("1261")
    with raises(litellm.ContextWindowExceededError):
        litellm.completion("openai/glm-5.2", HI, client=ours)
    standin.fail("1113")
    with raises(litellm.RateLimitError):
        litellm.responses(
            "Hi", model="openai/glm-5.2", api_key="unused", client=by_itself(standin, "translate")
        )
    standin.switch_on("error_event")
    with raises(openai.APIError):
        list(litellm.completion("openai/glm-5.2", HI, client=ours, stream=True))
