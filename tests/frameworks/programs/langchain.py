# /// script
# requires-python = ">=3.10"
# dependencies = ["langchain-openai>=1.0", "langchain>=1.0"]
# ///
"""LangChain on Zhipu: its own ChatOpenAI and OpenAIEmbeddings, over our HTTP clients or over our clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
from handle import raises
from langchain.agents import create_agent
from langchain.agents.structured_output import ProviderStrategy, ToolStrategy
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from handle import Standin

TITLE = "LangChain"
PACKAGES = ("langchain-openai", "langchain-core", "langchain", "langgraph")
NOT_OFFERED: dict[str, str] = {}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


@tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def by_http_client(standin: Standin, **options: Any) -> ChatOpenAI:
    """Hand our HTTP clients over, as the page does."""
    given = {
        "model": "gpt-4o",
        "api_key": "unused",
        "http_client": standin.http_client(),
        "http_async_client": standin.async_http_client(),
        **options,
    }
    return ChatOpenAI(**given)


def by_clients(standin: Standin, **options: Any) -> ChatOpenAI:
    """Hand our clients over."""
    client, async_client = standin.client(), standin.async_client()
    return ChatOpenAI(
        model="gpt-4o",
        api_key="unused",
        client=client.chat.completions,
        root_client=client,
        async_client=async_client.chat.completions,
        root_async_client=async_client,
        **options,
    )


def chat(standin: Standin) -> None:
    """ChatOpenAI.invoke, by HTTP client and by client, with settings, usage, a picture and an effort; batch."""
    for make in (by_http_client, by_clients):
        standin.say("Hello.", reasoning="A greeting.")
        llm = make(standin, temperature=0.5, max_tokens=50, stop=["END"])
        answer = llm.invoke([("system", "Be brief."), ("human", "Hi")])
        assert answer.content == "Hello."
        assert "reasoning_content" not in answer.additional_kwargs  # ChatOpenAI does not keep it
        assert answer.response_metadata["model_name"] == "glm-5.2"
        assert answer.response_metadata["finish_reason"] == "stop"
        assert answer.usage_metadata["total_tokens"] > 0
        body = standin.last
        assert body["model"] == "glm-5.2"
        assert body["thinking"] == {"type": "disabled"}
        assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
        assert standin.roles() == ["system", "user"]
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    asked = HumanMessage([{"type": "text", "text": "What is this?"}, picture])
    by_http_client(standin).invoke([asked])
    assert standin.last["model"] == "glm-4.6v"
    assert standin.last["messages"][0]["content"][1] == picture
    standin.say("Hello.")
    by_http_client(standin, model="glm-5.2", reasoning_effort="high").invoke("Hi")
    assert standin.last["reasoning_effort"] == "high"
    answers = by_http_client(standin).batch(["One", "Two"])
    assert ["One" in answers[0].content, "Two" in answers[1].content] == [True, True]


def stream(standin: Standin) -> None:
    """ChatOpenAI.stream with usage, on chunks without object and with counted choices."""
    for make in (by_http_client, by_clients):
        standin.switch_on("missing_object", "phase_counted_choice_index")
        standin.say("One, two, three.", reasoning="I count.")
        pieces = list(make(standin, stream_usage=True).stream("Count."))
        assert len(pieces) > 3
        whole = pieces[0]
        for piece in pieces[1:]:
            whole += piece
        assert whole.content == "One, two, three."
        assert whole.usage_metadata["output_tokens"] > 0
        assert standin.last["stream"] is True
        assert standin.last["model"] == "glm-5.2"
        standin.switch_off()


async def async_chat(standin: Standin) -> None:
    """ChatOpenAI.ainvoke and abatch."""
    for make in (by_http_client, by_clients):
        standin.say("Hello.")
        assert (await make(standin).ainvoke("Hi")).content == "Hello."
        assert standin.last["model"] == "glm-5.2"
    answers = await by_http_client(standin).abatch(["One", "Two"])
    assert "Two" in answers[1].content


async def async_stream(standin: Standin) -> None:
    """ChatOpenAI.astream."""
    for make in (by_http_client, by_clients):
        standin.say("One, two, three.")
        pieces = [piece.text async for piece in make(standin).astream("Count.")]
        assert "".join(pieces) == "One, two, three."
        assert len(pieces) > 3


def tools(standin: Standin) -> None:
    """bind_tools with two calls in one answer, their results, and a forced tool; LangChain's create_agent."""
    llm = by_http_client(standin).bind_tools([weather])
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    standin.say("Both are sunny.")
    messages: list[Any] = [HumanMessage("How is the weather in Rome and Oslo?")]
    asked = llm.invoke(messages)
    assert [call["args"] for call in asked.tool_calls] == [{"city": "Rome"}, {"city": "Oslo"}]
    assert standin.offered() == ["weather"]
    messages.append(asked)
    for call in asked.tool_calls:
        told = weather.invoke(call)
        assert isinstance(told, ToolMessage)
        messages.append(told)
    assert llm.invoke(messages).content == "Both are sunny."
    assert standin.roles() == ["user", "assistant", "tool", "tool"]
    assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    standin.call("weather", {"city": "Rome"})
    forced = by_http_client(standin).bind_tools([weather], tool_choice="weather").invoke("Hi")
    assert isinstance(forced, AIMessage)
    assert forced.tool_calls[0]["name"] == "weather"
    assert standin.last.get("tool_choice", "auto") == "auto"
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    standin.say("Both are sunny.")
    agent = create_agent(by_http_client(standin), tools=[weather], system_prompt="Be brief.")
    done = agent.invoke({"messages": [HumanMessage("Rome and Oslo?")]})
    assert done["messages"][-1].content == "Both are sunny."
    assert standin.roles() == ["system", "user", "assistant", "tool", "tool"]
    assert sorted(standin.told()) == ["Sunny in Oslo.", "Sunny in Rome."]


async def streamed_tools(standin: Standin) -> None:
    """bind_tools and create_agent streamed: fragments, no ids, every index -1, names repeated, a second finish."""
    for quirks in (
        (),
        ("missing_tool_id",),
        ("index_minus_one",),
        ("repeated_tool_names",),
        ("double_finish",),
    ):
        standin.switch_on(*quirks)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        pieces = list(by_http_client(standin).bind_tools([weather]).stream("How is the weather?"))
        whole = pieces[0]
        for piece in pieces[1:]:
            whole += piece
        calls = whole.tool_calls
        assert [(call["name"], call["args"]["city"]) for call in calls] == [
            ("weather", "Rome"),
            ("weather", "Oslo"),
        ]
        assert len({call["id"] for call in calls}) == 2
        assert all(call["id"] for call in calls)
        assert standin.last["tool_stream"] is True
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        agent = create_agent(by_http_client(standin), tools=[weather])
        events = agent.astream({"messages": [HumanMessage("Rome and Oslo?")]}, stream_mode="messages")
        said = [piece.text async for piece, about in events if about["langgraph_node"] == "model"]
        assert "".join(said) == "Both are sunny."
        assert standin.last["stream"] is True
        if quirks:
            standin.switch_off(*quirks)


def structured_output(standin: Standin) -> None:
    """with_structured_output by json_schema, function_calling and json_mode; create_agent's two strategies; fenced JSON."""
    llm = by_http_client(standin)
    wanted = Trip(city="Rome", days=3)
    standin.switch_on("fenced_json")
    standin.say('{"city": "Rome", "days": 3}')
    assert llm.with_structured_output(Trip, method="json_schema").invoke("Plan.") == wanted
    assert standin.last["response_format"] == {"type": "json_object"}
    assert "days" in standin.last["messages"][0]["content"]
    standin.say('{"city": "Rome", "days": 3}')
    assert llm.with_structured_output(Trip, method="json_mode").invoke("Plan a trip as JSON.") == wanted
    assert standin.last["response_format"] == {"type": "json_object"}
    standin.switch_off()
    standin.call("Trip", {"city": "Rome", "days": 3})
    assert llm.with_structured_output(Trip, method="function_calling").invoke("Plan.") == wanted
    assert standin.offered() == ["Trip"]
    standin.say('{"city": "Rome", "days": 3}')
    pieces = list(llm.with_structured_output(Trip).stream("Plan."))
    assert pieces[-1] == wanted
    standin.say('{"city": "Rome", "days": 3}')
    raw = llm.with_structured_output(Trip.model_json_schema(), include_raw=True).invoke("Plan.")
    assert raw["parsed"] == {"city": "Rome", "days": 3}
    for strategy in (ToolStrategy(Trip), ProviderStrategy(Trip)):
        standin.call("weather", {"city": "Rome"})
        if isinstance(strategy, ToolStrategy):
            standin.call("Trip", {"city": "Rome", "days": 3})
        else:
            standin.say('{"city": "Rome", "days": 3}')
        agent = create_agent(llm, tools=[weather], response_format=strategy)
        assert agent.invoke({"messages": [HumanMessage("Plan.")]})["structured_response"] == wanted
        assert standin.told()[0] == "Sunny in Rome."


async def embeddings(standin: Standin) -> None:
    """OpenAIEmbeddings on embedding-3, sync and async."""
    made = OpenAIEmbeddings(
        model="text-embedding-3-small",
        api_key="unused",
        dimensions=256,
        check_embedding_ctx_length=False,
        http_client=standin.http_client(),
        http_async_client=standin.async_http_client(),
    )
    vectors = made.embed_documents(["one", "two", "three"])
    assert [len(vector) for vector in vectors] == [256, 256, 256]
    assert standin.last["model"] == "embedding-3"
    assert standin.last["input"] == ["one", "two", "three"]
    assert len(await made.aembed_query("one")) == 256


async def responses(standin: Standin) -> None:
    """use_responses_api: whole, streamed and with tools by chat and by Zhipu's own Responses API; in a shape by chat."""
    for way in ("translate", "native"):
        llm = by_http_client(
            standin,
            model="glm-5.3",
            use_responses_api=True,
            http_client=standin.http_client(responses=way),
            http_async_client=standin.async_http_client(responses=way),
        )
        standin.say("Hello.")
        assert llm.invoke("Hi").text == "Hello."
        assert standin.paths[-1].endswith("/v1/responses" if way == "native" else "/chat/completions")
        standin.say("One, two, three.")
        pieces = [piece.text async for piece in llm.astream("Count.")]
        assert "".join(pieces) == "One, two, three."
        standin.call("weather", {"city": "Rome"})
        standin.say("Sunny.")
        bound = llm.bind_tools([weather])
        asked = bound.invoke("How is the weather in Rome?")
        assert asked.tool_calls[0]["args"] == {"city": "Rome"}
        told = bound.invoke([HumanMessage("How?"), asked, weather.invoke(asked.tool_calls[0])])
        assert told.text == "Sunny."
        assert "Sunny in Rome." in str(standin.last)
        if way == "translate":
            # Zhipu's own Responses API does not enforce a schema, and is not asked to.
            standin.say('{"city": "Rome", "days": 3}')
            assert llm.with_structured_output(Trip).invoke("Plan.") == Trip(city="Rome", days=3)


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and an error in a stream are errors."""
    llm = by_http_client(standin, max_retries=3)
    standin.fail("1113")
    with raises(openai.RateLimitError) as caught:
        llm.invoke("Hi")
    assert caught.error.code == "insufficient_quota"
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert llm.invoke("Hi").content == "Here I am."
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(openai.BadRequestError) as caught:
        llm.invoke("Hi")
    assert caught.error.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        list(llm.stream("Count to three."))
