# /// script
# requires-python = ">=3.10"
# dependencies = ["agno>=3.1.10", "openai>=1.106"]
# ///
"""agno on Zhipu: its OpenAIChat, OpenAIResponses and OpenAIEmbedder take our clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agno.agent import Agent
from agno.exceptions import ContextWindowExceededError, ModelProviderError, ModelRateLimitError
from agno.knowledge.embedder.openai import OpenAIEmbedder
from agno.models.message import Message
from agno.models.openai import OpenAIChat, OpenAIResponses
from agno.run.base import RunStatus
from agno.tools import tool
from handle import raises
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from handle import Standin

TITLE = "agno"
PACKAGES = ("agno",)
NOT_OFFERED: dict[str, str] = {}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def model(standin: Standin, *, client_options: Any = None, **options: Any) -> OpenAIChat:
    """Hand our clients over, as the page does."""
    given = client_options or {}
    return OpenAIChat(
        **{"id": "gpt-4o", **options},
        client=standin.client(**given),
        async_client=standin.async_client(**given),
    )


def agent(standin: Standin, *, on: Any = None, **options: Any) -> Agent:
    """Make an agent that tells nobody but Zhipu."""
    return Agent(model=on or model(standin), telemetry=False, **options)


def chat(standin: Standin) -> None:
    """Agent.run with settings; usage; what the model thought."""
    made = model(standin, id="glm-5.3", temperature=0.5, max_completion_tokens=50, stop=["END"])
    standin.say("Hello.", reasoning="A greeting.")
    done = agent(standin, on=made, instructions="Be brief.").run("Hi")
    assert done.content == "Hello."
    assert done.reasoning_content == "A greeting."
    assert done.metrics.total_tokens > 0
    body = standin.last
    assert body["model"] == "glm-5.3"
    assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
    assert standin.roles() == ["system", "user"]
    standin.say("Hello again.")
    assert agent(standin).run("Hi").content == "Hello again."
    assert standin.last["model"] == "glm-5.2"
    assert standin.last["thinking"] == {"type": "disabled"}


def stream(standin: Standin) -> None:
    """Agent.run streamed, on chunks without object and with counted choices."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    events = list(
        agent(standin, on=model(standin, id="glm-5.3")).run("Count.", stream=True, stream_events=True)
    )
    told = [event.content for event in events if event.event == "RunContent" and event.content]
    assert "".join(told) == "One, two, three."
    assert len(told) > 3
    assert events[-1].content == "One, two, three."
    assert events[-1].reasoning_content == "I count."
    assert events[-1].metrics.output_tokens > 0
    assert standin.last["stream"] is True


async def async_chat(standin: Standin) -> None:
    """Agent.arun."""
    standin.say("Hello.")
    done = await agent(standin).arun("Hi")
    assert done.content == "Hello."
    assert standin.last["model"] == "glm-5.2"


async def async_stream(standin: Standin) -> None:
    """Agent.arun streamed."""
    standin.say("One, two, three.")
    told = [event.content async for event in agent(standin).arun("Count.", stream=True) if event.content]
    assert "".join(told) == "One, two, three."
    assert len(told) > 3


async def tools(standin: Standin) -> None:
    """An agent with a tool, sync and async: two calls in one answer, their results, the last answer."""
    made = agent(standin, tools=[weather])
    for way in ("sync", "async"):
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        question = "How is the weather in Rome and Oslo?"
        done = await made.arun(question) if way == "async" else made.run(question)
        assert done.content == "Both are sunny."
        assert [call.result for call in done.tools] == ["Sunny in Rome.", "Sunny in Oslo."]
        assert standin.offered() == ["weather"]
        assert standin.roles() == ["user", "assistant", "tool", "tool"]
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    ends = tool(stop_after_tool_call=True)(weather)
    standin.call("weather", {"city": "Rome"})
    done = agent(standin, tools=[ends], tool_choice="required").run("Hi")
    assert done.tools[0].result == "Sunny in Rome."
    assert standin.last.get("tool_choice", "auto") == "auto"


def streamed_tools(standin: Standin) -> None:
    """A streamed agent with a tool: fragments, no ids, every index -1, repeated names."""
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in (None, *quirks):
        if quirk is not None:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        events = list(agent(standin, tools=[weather]).run("How?", stream=True, stream_events=True))
        assert events[-1].content == "Both are sunny."
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        calls = standin.last["messages"][1]["tool_calls"]
        assert [call["function"]["name"] for call in calls] == ["weather", "weather"]
        assert len({call["id"] for call in calls}) == 2
        assert all(call["id"] for call in calls)
        assert standin.last["tool_stream"] is True
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """output_schema: by a JSON schema, by JSON mode, streamed and async, fenced JSON included."""
    wanted = Trip(city="Rome", days=3)
    standin.switch_on("fenced_json")
    for options in ({}, {"use_json_mode": True}):
        made = agent(standin, output_schema=Trip, **options)
        standin.say('{"city": "Rome", "days": 3}')
        assert made.run("Plan.").content == wanted
        assert standin.last["response_format"] == {"type": "json_object"}
        assert "days" in standin.last["messages"][0]["content"]
        standin.say('{"city": "Rome", "days": 3}')
        assert (await made.arun("Plan.")).content == wanted
        standin.say('{"city": "Rome", "days": 3}')
        events = list(made.run("Plan.", stream=True, stream_events=True))
        assert events[-1].content == wanted


async def embeddings(standin: Standin) -> None:
    """OpenAIEmbedder on embedding-3, one by one and in batches, sync and async."""
    made = OpenAIEmbedder(
        id="embedding-3",
        dimensions=256,
        request_params={"dimensions": 256},
        openai_client=standin.client(),
        async_client=standin.async_client(),
    )
    assert len(made.get_embedding("one")) == 256
    assert standin.last["model"] == "embedding-3"
    vector, usage = await made.async_get_embedding_and_usage("one")
    assert len(vector) == 256
    assert usage["total_tokens"] > 0
    vectors, _ = await made.async_get_embeddings_batch_and_usage(["one", "two", "three"])
    assert [len(vector) for vector in vectors] == [256] * 3
    assert standin.last["input"] == ["one", "two", "three"]


async def responses(standin: Standin) -> None:
    """OpenAIResponses: whole, streamed and with a tool, by chat and by Zhipu's own Responses API; in a shape by chat."""
    for way in ("translate", "native"):
        on = OpenAIResponses(
            id="glm-5.3",
            store=False,
            client=standin.client(responses=way),
            async_client=standin.async_client(responses=way),
        )
        standin.say("Hello.")
        assert agent(standin, on=on).run("Hi").content == "Hello."
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.say("One, two, three.")
        told = [event.content async for event in agent(standin, on=on).arun("Count.", stream=True)]
        assert "".join(filter(None, told)) == "One, two, three."
        standin.call("weather", {"city": "Rome"})
        standin.say("Sunny.")
        done = agent(standin, on=on, tools=[weather]).run("How is the weather in Rome?")
        assert done.content == "Sunny."
        assert "Sunny in Rome." in str(standin.last)
        if way == "translate":
            standin.say('{"city": "Rome", "days": 3}')
            shaped = agent(standin, on=on, output_schema=Trip).run("Plan.")
            assert shaped.content == Trip(city="Rome", days=3)


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; agno's own exceptions; a cut stream is an error."""
    on = model(standin, client_options={"max_retries": 3})
    asked = [Message(role="user", content="Hi")]
    standin.fail("1113")
    with raises(ModelRateLimitError) as caught:
        on.response(asked)
    assert caught.error.status_code == 429
    assert "1113" in caught.error.message
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert on.response(asked).content == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(ModelProviderError) as caught:
        on.response(asked)
    assert caught.error.status_code == 400
    assert "1301" in caught.error.message
    standin.fail("1261")
    with raises(ContextWindowExceededError):
        on.response(asked)
    standin.fail("1113")
    done = agent(standin, on=on).run("Hi")
    assert done.status == RunStatus.error
    standin.switch_on("error_event")
    with raises(ModelProviderError):
        list(on.response_stream(asked))
