# /// script
# requires-python = ">=3.10"
# dependencies = ["strands-agents[openai]>=1.62"]
# ///
"""Strands Agents on Zhipu: its OpenAIModel takes our async client."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import openai
from handle import KEY, raises
from pydantic import BaseModel, Field
from strands import Agent, ModelRetryStrategy, tool
from strands.models.openai import OpenAIModel
from strands.models.openai_responses import OpenAIResponsesModel
from strands.types.exceptions import ContextWindowOverflowException, ModelThrottledException

import zhipu_openai

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handle import Standin

TITLE = "Strands Agents"
PACKAGES = ("strands-agents",)
NOT_OFFERED = {
    "stream": "Agent.stream_async is for async code alone; see async stream",
    "embeddings": "Strands makes no embeddings",
}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


@tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


class Retries(ModelRetryStrategy):
    """Strands' retries, without the waits for an empty account."""

    def is_retryable(self, exception: Exception) -> bool:
        """Look at openai's own error."""
        cause = exception.__cause__
        empty = isinstance(cause, openai.APIError) and cause.code == "insufficient_quota"
        return not empty and super().is_retryable(exception)


def agent(standin: Standin, *, client_options: Any = None, on: Any = None, **options: Any) -> Agent:
    """Hand our client over, as the page does."""
    settings = {"model_id": options.pop("model_id", "gpt-4o"), "params": options.pop("params", {})}
    client = standin.async_client(**(client_options or {}))
    return Agent(model=on or OpenAIModel(client=client, **settings), callback_handler=None, **options)


def text_of(result: Any) -> str:
    """Give the text of a result."""
    return str(result).strip()


@contextmanager
def served(standin: Standin) -> Iterator[str]:
    """Serve the stand-in on this machine, with connections that are kept; give its base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            reply = standin.service.handle("POST", self.path, dict(self.headers), body)
            content = reply.read()
            self.send_response(reply.status)
            for name, value in (*reply.headers, ("content-length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/paas/v4"
    server.shutdown()


def chat(standin: Standin) -> None:
    """Agent called twice, with settings; usage; what the model thought; without a stream."""
    settings = {"temperature": 0.5, "max_completion_tokens": 50, "stop": ["END"]}
    made = agent(standin, model_id="glm-5.3", params=settings, system_prompt="Be brief.")
    standin.say("Hello.", reasoning="A greeting.")
    standin.say("Bye.")
    result = made("Hi")
    assert text_of(result) == "Hello."
    assert result.stop_reason == "end_turn"
    assert result.metrics.accumulated_usage["totalTokens"] > 0
    thoughts = [
        block["reasoningContent"] for block in result.message["content"] if "reasoningContent" in block
    ]
    assert thoughts[0]["reasoningText"]["text"] == "A greeting."
    body = standin.last
    assert body["model"] == "glm-5.3"
    assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
    assert "tools" not in body
    assert text_of(made("Bye")) == "Bye."
    assert standin.roles() == ["system", "user", "assistant", "user"]
    standin.say("Hello at once.")
    assert text_of(agent(standin, params={"stream": False})("Hi")) == "Hello at once."
    assert standin.last["model"] == "glm-5.2"
    assert standin.last["thinking"] == {"type": "disabled"}
    assert not standin.last.get("stream")
    with served(standin) as address:
        # Each call of an agent has a loop of its own, so no connection may outlive it.
        below = openai.DefaultAsyncHttpxClient(limits=httpx.Limits(max_keepalive_connections=0))
        client = zhipu_openai.AsyncOpenAI(
            api_key=KEY, base_url=address, http_client=below, max_retries=0, on_adaptation="ignore"
        )
        made = Agent(model=OpenAIModel(client=client, model_id="gpt-4o"), callback_handler=None)
        standin.say("One.")
        standin.say("Two.")
        assert [text_of(made("Hi")), text_of(made("Hi"))] == ["One.", "Two."]


async def async_chat(standin: Standin) -> None:
    """Agent.invoke_async."""
    standin.say("Hello.")
    assert text_of(await agent(standin).invoke_async("Hi")) == "Hello."
    assert standin.last["model"] == "glm-5.2"


async def async_stream(standin: Standin) -> None:
    """Agent.stream_async, on chunks without object and with counted choices."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    events = [event async for event in agent(standin, model_id="glm-5.3").stream_async("Count.")]
    told = [event["data"] for event in events if "data" in event]
    assert "".join(told) == "One, two, three."
    assert len(told) > 3
    thought = [event["reasoningText"] for event in events if "reasoningText" in event]
    assert "".join(thought) == "I count."
    assert standin.last["stream"] is True


async def tools(standin: Standin) -> None:
    """An agent with a tool, sync and async: two calls in one answer, their results, the last answer."""
    for way in ("sync", "async"):
        made = agent(standin, tools=[weather])
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        question = "How is the weather in Rome and Oslo?"
        result = await made.invoke_async(question) if way == "async" else made(question)
        assert text_of(result) == "Both are sunny."
        assert standin.offered() == ["weather"]
        assert standin.roles() == ["user", "assistant", "tool", "tool"]
        assert "Sunny in Rome." in str(standin.told()[0])
        assert "Sunny in Oslo." in str(standin.told()[1])


def streamed_tools(standin: Standin) -> None:
    """Strands always streams: fragments, no ids, every index -1, repeated names."""
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        assert text_of(agent(standin, tools=[weather])("How?")) == "Both are sunny."
        assert "Sunny in Rome." in str(standin.told()[0])
        assert "Sunny in Oslo." in str(standin.told()[1])
        calls = standin.last["messages"][1]["tool_calls"]
        assert [call["function"]["name"] for call in calls] == ["weather", "weather"]
        assert len({call["id"] for call in calls}) == 2
        assert standin.last["tool_stream"] is True
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """structured_output_model, by a forced tool after talk too; the model's own structured_output by JSON schema."""
    wanted = Trip(city="Rome", days=3)
    standin.call("Trip", {"city": "Rome", "days": 3})
    result = agent(standin)("Plan.", structured_output_model=Trip)
    assert result.structured_output == wanted
    assert standin.offered() == ["Trip"]
    standin.say("I would rather talk.")
    standin.call("Trip", {"city": "Rome", "days": 3})
    result = await agent(standin).invoke_async("Plan.", structured_output_model=Trip)
    assert result.structured_output == wanted
    assert standin.last.get("tool_choice", "auto") == "auto"
    standin.switch_on("fenced_json")
    standin.say('{"city": "Rome", "days": 3}')
    model = agent(standin).model
    asked = [{"role": "user", "content": [{"text": "Plan."}]}]
    events = [event async for event in model.structured_output(Trip, asked)]
    assert events[-1]["output"] == wanted
    assert standin.last["response_format"] == {"type": "json_object"}


async def responses(standin: Standin) -> None:
    """OpenAIResponsesModel: streamed and with a tool, by chat and by Zhipu's own Responses API; by install()."""
    for way in ("translate", "native"):

        class Responses(OpenAIResponsesModel):
            """Makes an HTTP client for each request, since Strands closes it after each."""

            def _resolve_client_args(self, *, way: str = way) -> dict[str, Any]:
                return {"api_key": "unused", "http_client": standin.async_http_client(responses=way)}

        made = agent(standin, on=Responses(model_id="glm-5.3"), tools=[weather])
        standin.say("One, two, three.")
        told = [event["data"] async for event in made.stream_async("Count.") if "data" in event]
        assert "".join(told) == "One, two, three."
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.call("weather", {"city": "Rome"})
        standin.say("Sunny.")
        assert text_of(await made.invoke_async("How is the weather in Rome?")) == "Sunny."
        assert "Sunny in Rome." in str(standin.last)
    with zhipu_openai.install(region="standin", on_adaptation="ignore"):
        own = OpenAIResponsesModel(model_id="glm-5.3", client_args={"api_key": "sk-unused"})
        assert "[stand-in]" in text_of(await agent(standin, on=own).invoke_async("Hi"))


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; Strands' own exceptions; a cut stream is an error."""
    options = {"client_options": {"max_retries": 3}, "retry_strategy": Retries()}
    standin.fail("1113")
    with raises(ModelThrottledException) as caught:
        agent(standin, **options)("Hi")
    cause = caught.error.__cause__
    while not isinstance(cause, openai.APIError):
        cause = cause.__cause__
    assert cause.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert text_of(agent(standin, **options)("Hi")) == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(openai.BadRequestError) as caught:
        agent(standin, **options)("Hi")
    assert caught.error.code == "content_filter"
    standin.fail("1261")
    with raises(ContextWindowOverflowException):
        agent(standin, **options)("Hi")
    standin.switch_on("error_event")
    with raises((openai.APIError, ModelThrottledException)):
        agent(standin, client_options={"max_retries": 0}, retry_strategy=None)("Count to three.")
