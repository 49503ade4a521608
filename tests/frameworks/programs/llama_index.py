# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "llama-index-llms-openai>=0.8",
#     "llama-index-llms-openai-like>=0.8",
#     "llama-index-embeddings-openai>=0.7",
#     "openai>=1.108.1,<3",
# ]
# ///
"""LlamaIndex on Zhipu: OpenAILike for GLM's names, OpenAI for OpenAI's, over our HTTP clients or our clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
from handle import raises
from llama_index.core.agent.workflow import AgentStream, FunctionAgent
from llama_index.core.llms import ChatMessage, ImageBlock, TextBlock
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI, OpenAIResponses
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

if TYPE_CHECKING:
    from handle import Standin

TITLE = "LlamaIndex"
PACKAGES = (
    "llama-index-core",
    "llama-index-llms-openai",
    "llama-index-llms-openai-like",
    "llama-index-embeddings-openai",
)
NOT_OFFERED: dict[str, str] = {}

ASKED = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="Hi")]


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def glm(standin: Standin, **options: Any) -> Any:
    """Make OpenAILike over our HTTP clients, as the page does."""
    given = {
        "model": "glm-5.2",
        "api_key": "unused",
        "api_base": "https://api.openai.com/v1",
        "is_chat_model": True,
        "is_function_calling_model": True,
        "should_use_structured_outputs": True,
        "context_window": 200_000,
        "http_client": standin.http_client(),
        "async_http_client": standin.async_http_client(),
        **options,
    }
    return OpenAILike(**given)


def gpt(standin: Standin, **options: Any) -> Any:
    """Make LlamaIndex's OpenAI, which knows OpenAI's names alone, over our clients."""
    return OpenAI(
        **{
            "model": "gpt-4o",
            "api_key": "unused",
            "openai_client": standin.client(),
            "async_openai_client": standin.async_client(),
            **options,
        }
    )


def chat(standin: Standin) -> None:
    """Chat and complete, by OpenAILike on HTTP clients and by OpenAI on clients; a picture."""
    for make in (glm, gpt):
        standin.say("Hello.")
        answer = make(standin, temperature=0.5, max_tokens=50).chat(ASKED)
        assert answer.message.content == "Hello."
        assert answer.raw.usage.total_tokens > 0
        body = standin.last
        assert (body["model"], body["temperature"], body["max_tokens"]) == ("glm-5.2", 0.5, 50)
        assert standin.roles() == ["system", "user"]
        standin.say("Hello.")
        assert make(standin).complete("Hi").text == "Hello."
        assert standin.roles() == ["user"]
    assert standin.last["thinking"] == {"type": "disabled"}
    picture = [TextBlock(text="What is this?"), ImageBlock(url="https://example.com/a.png")]
    gpt(standin).chat([ChatMessage(role="user", blocks=picture)])
    assert standin.last["model"] == "glm-4.6v"
    assert standin.last["messages"][0]["content"][1]["image_url"]["url"] == "https://example.com/a.png"


def stream(standin: Standin) -> None:
    """stream_chat and stream_complete, on chunks without object and with counted choices."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    for make in (glm, gpt):
        standin.say("One, two, three.", reasoning="I count.")
        pieces = list(make(standin).stream_chat(ASKED))
        assert "".join(piece.delta or "" for piece in pieces) == "One, two, three."
        assert pieces[-1].message.content == "One, two, three."
        assert pieces[-1].message.blocks[0].content == "I count."
        assert len(pieces) > 3
        standin.say("One, two, three.")
        assert list(make(standin).stream_complete("Count."))[-1].text == "One, two, three."


async def async_chat(standin: Standin) -> None:
    """Achat and acomplete."""
    for make in (glm, gpt):
        standin.say("Hello.")
        assert (await make(standin).achat(ASKED)).message.content == "Hello."
        standin.say("Hello.")
        assert (await make(standin).acomplete("Hi")).text == "Hello."


async def async_stream(standin: Standin) -> None:
    """astream_chat."""
    for make in (glm, gpt):
        standin.say("One, two, three.")
        pieces = [piece.delta or "" async for piece in await make(standin).astream_chat(ASKED)]
        assert "".join(pieces) == "One, two, three."
        assert len(pieces) > 3


async def tools(standin: Standin) -> None:
    """predict_and_call, and a FunctionAgent that calls two tools at once and answers; a tool that must be called."""
    tool = FunctionTool.from_defaults(weather)
    for make in (glm, gpt):
        standin.call("weather", {"city": "Rome"})
        assert (
            make(standin).predict_and_call([tool], "How is the weather in Rome?").response == "Sunny in Rome."
        )
        assert standin.offered() == ["weather"]
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        agent = FunctionAgent(tools=[weather], llm=make(standin), system_prompt="Be brief.", streaming=False)
        assert str(await agent.run("Rome and Oslo?")) == "Both are sunny."
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
    standin.call("weather", {"city": "Rome"})
    asked = glm(standin).chat_with_tools([tool], "Hi", tool_required=True)
    assert glm(standin).get_tool_calls_from_response(asked)[0].tool_kwargs == {"city": "Rome"}
    assert standin.last.get("tool_choice", "auto") == "auto"


async def streamed_tools(standin: Standin) -> None:
    """A FunctionAgent streamed: fragments, no ids, every index -1, names repeated, a second finish."""
    for quirk in (None, "missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish"):
        if quirk:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        run = FunctionAgent(tools=[weather], llm=glm(standin)).run("Rome and Oslo?")
        deltas = [event.delta async for event in run.stream_events() if isinstance(event, AgentStream)]
        assert str(await run) == "".join(deltas) == "Both are sunny."
        assert standin.bodies[-2]["tool_stream"] is True
        assert sorted(standin.told()) == ["Sunny in Oslo.", "Sunny in Rome."]
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """structured_predict by a schema and by a tool, whole, async and streamed; as_structured_llm; an agent's output_cls."""
    standin.switch_on("fenced_json")
    prompt = PromptTemplate("Plan a trip to {city}.")
    rome, wanted = '{"city": "Rome", "days": 3}', Trip(city="Rome", days=3)
    for make in (glm, gpt):
        standin.say(rome)
        assert make(standin).structured_predict(Trip, prompt, city="Rome") == wanted
        assert standin.last["response_format"] == {"type": "json_object"}
        assert "days" in standin.last["messages"][0]["content"]
        standin.say(rome)
        assert await make(standin).astructured_predict(Trip, prompt, city="Rome") == wanted
        standin.say(rome)
        assert list(make(standin).stream_structured_predict(Trip, prompt, city="Rome"))[-1] == wanted
        standin.say(rome)
        assert make(standin).as_structured_llm(Trip).complete("Plan.").raw == wanted
    standin.call("Trip", {"city": "Rome", "days": 3})
    by_tool = glm(standin, should_use_structured_outputs=False)
    assert by_tool.structured_predict(Trip, prompt, city="Rome") == wanted
    assert standin.offered() == ["Trip"]
    standin.say("Three days in Rome.")
    standin.say(rome)
    agent = FunctionAgent(tools=[weather], llm=glm(standin), output_cls=Trip)
    assert (await agent.run("Plan.")).get_pydantic_model(Trip) == wanted


async def embeddings(standin: Standin) -> None:
    """OpenAIEmbedding on embedding-3, sync, async and in batches."""
    made = OpenAIEmbedding(
        model_name="embedding-3",
        api_key="unused",
        dimensions=256,
        http_client=standin.http_client(),
        async_http_client=standin.async_http_client(),
    )
    vectors = made.get_text_embedding_batch(["one", "two"])
    assert [len(vector) for vector in vectors] == [256, 256]
    assert (standin.last["model"], standin.last["input"]) == ("embedding-3", ["one", "two"])
    assert len(await made.aget_query_embedding("one")) == 256


async def responses(standin: Standin) -> None:
    """OpenAIResponses: whole, streamed, with tools, by chat and by Zhipu's own Responses."""
    for way in ("translate", "native"):
        llm = OpenAIResponses(
            model="gpt-5",
            api_key="unused",
            openai_client=standin.client(responses=way),
            async_openai_client=standin.async_client(responses=way),
        )
        path = "/v1/responses" if way == "native" else "/chat/completions"
        standin.say("Hello.", reasoning="A greeting.")
        assert llm.chat(ASKED).message.content == "Hello."
        assert standin.paths[-1].endswith(path)
        assert standin.last["model"] == "glm-5.3"
        standin.say("One, two, three.")
        pieces = [piece.delta or "" async for piece in await llm.astream_chat(ASKED)]
        assert "".join(pieces) == "One, two, three."
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        agent = FunctionAgent(tools=[weather], llm=llm)
        assert str(await agent.run("Rome and Oslo?")) == "Both are sunny."
        assert "Sunny in Oslo." in str(standin.last)


def errors(standin: Standin) -> None:
    """An empty account and unsafe content are errors, an overloaded model is asked again, an error in a stream is one."""
    for make in (glm, gpt):
        before = len(standin.requests)
        standin.fail("1113")
        with raises(openai.RateLimitError) as caught:
            make(standin, max_retries=0).chat(ASKED)
        assert caught.error.code == "insufficient_quota"
        assert len(standin.requests) == before + 1
        standin.fail("1305", headers={"retry-after-ms": "1"})
        standin.say("Here I am.")
        options = {"max_retries": 0} if make is gpt else {}
        assert make(standin, **options).chat(ASKED).message.content == "Here I am."
        standin.fail("1301")
        with raises(openai.BadRequestError) as caught:
            make(standin).chat(ASKED)
        assert caught.error.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        list(glm(standin, max_retries=0).stream_chat(ASKED))
