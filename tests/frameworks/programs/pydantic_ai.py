# /// script
# requires-python = ">=3.10"
# dependencies = ["pydantic-ai-slim[openai]>=2.68"]
# ///
"""Pydantic AI on Zhipu: its OpenAI models for chat, responses and embeddings, with our client as their provider's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handle import raises
from pydantic import BaseModel
from pydantic_ai import (
    Agent,
    Embedder,
    ImageUrl,
    ModelAPIError,
    ModelHTTPError,
    NativeOutput,
    PromptedOutput,
    ThinkingPart,
    ToolOutput,
)
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.models.zai import ZaiModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.zai import ZaiProvider

if TYPE_CHECKING:
    from handle import Standin

TITLE = "Pydantic AI"
PACKAGES = ("pydantic-ai-slim",)
NOT_OFFERED: dict[str, str] = {}

THINKING = OpenAIModelProfile(
    openai_chat_thinking_field="reasoning_content", openai_chat_send_back_thinking_parts="field"
)


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def agent_on(standin: Standin, *, kind: Any = OpenAIChatModel, name: str = "gpt-4o", **options: Any) -> Any:
    """Make an agent whose provider is handed our client, as the page does."""
    client = options.pop("client", None) or standin.async_client(**options.pop("ours", {}))
    provider = (ZaiProvider if kind is ZaiModel else OpenAIProvider)(openai_client=client)
    profile = {"profile": THINKING} if kind is OpenAIChatModel else {}
    return Agent(kind(name, provider=provider, **profile), **{"instructions": "Be brief.", **options})


def chat(standin: Standin) -> None:
    """Agent.run_sync with OpenAIChatModel and with ZaiModel; settings; usage; what the model thought; a picture."""
    for kind, name in ((OpenAIChatModel, "gpt-4o"), (OpenAIChatModel, "glm-5.2"), (ZaiModel, "glm-5.2")):
        standin.say("Hello.", reasoning="A greeting.")
        agent = agent_on(standin, kind=kind, name=name, model_settings={"temperature": 0.5, "max_tokens": 50})
        result = agent.run_sync("Hi")
        assert result.output == "Hello."
        assert result.usage.output_tokens > 0
        assert result.response.model_name == "glm-5.2"
        assert [part.content for part in result.response.parts if isinstance(part, ThinkingPart)] == [
            "A greeting."
        ]
        body = standin.last
        assert (body["model"], body["temperature"], body["max_tokens"]) == ("glm-5.2", 0.5, 50)
        assert standin.roles() == ["system", "user"]
        if name == "gpt-4o":
            assert body["thinking"] == {"type": "disabled"}
    agent_on(standin).run_sync(["What is this?", ImageUrl("https://example.com/a.png")])
    assert standin.last["model"] == "glm-4.6v"
    assert standin.last["messages"][1]["content"][1]["image_url"]["url"] == "https://example.com/a.png"


def stream(standin: Standin) -> None:
    """Agent.run_stream_sync with OpenAIChatModel, on chunks without object and with counted choices."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.", reasoning="I count.")
    with agent_on(standin).run_stream_sync("Count.") as streamed:
        pieces = list(streamed.stream_text(delta=True, debounce_by=None))
        assert "".join(pieces) == "One, two, three."
        assert len(pieces) > 3
        assert streamed.usage.output_tokens > 0
    assert standin.last["stream"] is True


async def async_chat(standin: Standin) -> None:
    """Agent.run, and a second turn with the first as its history and with what the model thought."""
    standin.say("Hello.", reasoning="A greeting.")
    agent = agent_on(standin, name="glm-5.3")
    first = await agent.run("Hi")
    assert first.output == "Hello."
    standin.say("Fine.")
    assert (await agent.run("How are you?", message_history=first.all_messages())).output == "Fine."
    assert standin.roles() == ["system", "user", "assistant", "user"]
    assert standin.last["messages"][2]["reasoning_content"] == "A greeting."


async def async_stream(standin: Standin) -> None:
    """Agent.run_stream with OpenAIChatModel and ZaiModel."""
    for kind in (OpenAIChatModel, ZaiModel):
        standin.say("One, two, three.", reasoning="I count.")
        async with agent_on(standin, kind=kind, name="glm-5.3").run_stream("Count.") as streamed:
            pieces = [piece async for piece in streamed.stream_text(delta=True, debounce_by=None)]
        assert "".join(pieces) == "One, two, three."
        assert len(pieces) > 3


async def tools(standin: Standin) -> None:
    """A tool loop with two calls in one answer, with OpenAIChatModel and ZaiModel; what the model thought goes back."""
    for kind in (OpenAIChatModel, ZaiModel):
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}), reasoning="I must look.")
        standin.say("Both are sunny.")
        result = await agent_on(standin, kind=kind, name="glm-5.3", tools=[weather]).run("Rome and Oslo?")
        assert result.output == "Both are sunny."
        assert standin.offered() == ["weather"]
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        assert standin.last["messages"][2]["reasoning_content"] == "I must look."


async def streamed_tools(standin: Standin) -> None:
    """A streamed tool loop: fragments, no ids, every index -1, names repeated, a second finish."""
    quirks = (None, "missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    for quirk in quirks:
        if quirk:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.say("Both are sunny.")
        async with agent_on(standin, tools=[weather]).run_stream("Rome and Oslo?") as streamed:
            assert await streamed.get_output() == "Both are sunny."
        assert standin.bodies[-2]["tool_stream"] is True
        assert standin.told() == ["Sunny in Rome.", "Sunny in Oslo."]
        standin.switch_off()


async def structured_output(standin: Standin) -> None:
    """ToolOutput, NativeOutput and PromptedOutput, whole and streamed, fenced JSON included."""
    wanted = Trip(city="Rome", days=3)
    standin.switch_on("fenced_json")
    standin.call("final_result", {"city": "Rome", "days": 3})
    assert (await agent_on(standin, output_type=ToolOutput(Trip)).run("Plan.")).output == wanted
    assert standin.offered() == ["final_result"]
    assert standin.last.get("tool_choice", "auto") == "auto"
    standin.say('{"city": "Rome", "days": 3}')
    assert (await agent_on(standin, output_type=NativeOutput(Trip)).run("Plan.")).output == wanted
    assert standin.last["response_format"] == {"type": "json_object"}
    assert "days" in standin.last["messages"][0]["content"]
    standin.say('{"city": "Rome", "days": 3}')
    assert (await agent_on(standin, output_type=PromptedOutput(Trip)).run("Plan.")).output == wanted
    assert "days" in str(standin.last["messages"])
    standin.switch_off()
    for output in (ToolOutput(Trip), NativeOutput(Trip), PromptedOutput(Trip)):
        if isinstance(output, ToolOutput):
            standin.call("final_result", {"city": "Rome", "days": 3})
        else:
            standin.say('{"city": "Rome", "days": 3}')
        async with agent_on(standin, output_type=output).run_stream("Plan.") as streamed:
            assert await streamed.get_output() == wanted


async def embeddings(standin: Standin) -> None:
    """Embedder with OpenAIEmbeddingModel on embedding-3."""
    provider = OpenAIProvider(openai_client=standin.async_client())
    embedder = Embedder(OpenAIEmbeddingModel("text-embedding-3-small", provider=provider))
    result = await embedder.embed_documents(["one", "two"], settings={"dimensions": 256})
    assert [len(vector) for vector in result.embeddings] == [256, 256]
    assert standin.last["model"] == "embedding-3"
    assert standin.last["input"] == ["one", "two"]


async def responses(standin: Standin) -> None:
    """OpenAIResponsesModel: tools, streamed, a second turn, by chat and by Zhipu's own Responses; in a shape by chat."""
    for way in ("translate", "native"):
        client = standin.async_client(responses=way)
        path = "/v1/responses" if way == "native" else "/chat/completions"
        agent = agent_on(standin, kind=OpenAIResponsesModel, name="glm-5.3", client=client, tools=[weather])
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}), reasoning="I must look.")
        standin.say("Both are sunny.")
        first = await agent.run("Rome and Oslo?")
        assert first.output == "Both are sunny."
        assert all(sent.endswith(path) for sent in standin.paths[-2:])
        assert "Sunny in Oslo." in str(standin.last)
        standin.call("weather", {"city": "Bonn"})
        standin.say("Sunny too.")
        async with agent.run_stream("And Bonn?", message_history=first.all_messages()) as streamed:
            pieces = [piece async for piece in streamed.stream_text(delta=True, debounce_by=None)]
        assert "".join(pieces) == "Sunny too."
        assert "Both are sunny." in str(standin.last)
        assert "Sunny in Bonn." in str(standin.last)
        if way == "native":
            # Zhipu's own Responses API does not follow a forced tool, so it is refused there.
            continue
        standin.call("final_result", {"city": "Rome", "days": 3})
        shaped = agent_on(standin, kind=OpenAIResponsesModel, name="glm-5.3", client=client, output_type=Trip)
        assert (await shaped.run("Plan.")).output == Trip(city="Rome", days=3)


async def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and an error in a stream are errors."""
    for kind in (OpenAIChatModel, OpenAIResponsesModel):
        before = len(standin.requests)
        agent = agent_on(standin, kind=kind)
        standin.fail("1113")
        with raises(ModelHTTPError) as caught:
            await agent.run("Hi")
        assert caught.error.status_code == 429
        assert caught.error.body["code"] == "insufficient_quota"
        assert len(standin.requests) == before + 1
        standin.fail("1305", headers={"retry-after-ms": "1"})
        standin.say("Here I am.")
        assert (await agent.run("Hi")).output == "Here I am."
        standin.fail("1301")
        with raises(ModelHTTPError) as caught:
            await agent.run("Hi")
        assert caught.error.status_code == 400
        assert caught.error.body["code"] == "content_filter"
    standin.switch_on("error_event")
    with raises(ModelAPIError):
        async with agent_on(standin).run_stream("Count to three.") as streamed:
            await streamed.get_output()
