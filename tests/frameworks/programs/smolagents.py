# /// script
# requires-python = ">=3.10"
# dependencies = ["smolagents[openai]>=1.26"]
# ///
"""smolagents on Zhipu: its OpenAIModel with our client, and both of its agents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
from handle import raises
from smolagents import ChatMessage, CodeAgent, OpenAIModel, ToolCallingAgent, tool
from smolagents.models import ChatMessageStreamDelta, agglomerate_stream_deltas, is_rate_limit_error
from smolagents.monitoring import LogLevel
from smolagents.utils import AgentGenerationError

if TYPE_CHECKING:
    from handle import Standin

TITLE = "smolagents"
PACKAGES = ("smolagents",)
NOT_OFFERED = {
    "async_chat": "smolagents calls models in threads, not in async code",
    "async_stream": "smolagents calls models in threads, not in async code",
    "embeddings": "smolagents makes no embeddings",
    "responses": "smolagents speaks chat completions alone",
}

ASKED = [ChatMessage(role="user", content=[{"type": "text", "text": "Hi"}])]
CODE = "Thought: I look it up.\n<code>\nprint(weather(city='Rome'))\nfinal_answer('Sunny.')\n</code>"


@tool
def weather(city: str) -> str:
    """Tell the weather in a city.

    Args:
        city: The city.
    """
    return f"Sunny in {city}."


def model_on(standin: Standin, name: str = "gpt-4o", **options: Any) -> Any:
    """Make smolagents' model with our client, as the page does."""
    return OpenAIModel(name, client=standin.client(), **options)


def agent_on(standin: Standin, kind: Any = ToolCallingAgent, **options: Any) -> Any:
    """Make an agent with a tool."""
    return kind(
        tools=[weather], model=model_on(standin), verbosity_level=LogLevel.OFF, max_steps=4, **options
    )


def chat(standin: Standin) -> None:
    """OpenAIModel.generate with settings, and a CodeAgent whose code runs."""
    standin.say("Hello.")
    answer = model_on(standin, temperature=0.5, max_tokens=50).generate(ASKED, stop_sequences=["END"])
    assert answer.content == "Hello."
    assert answer.token_usage.total_tokens > 0
    body = standin.last
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("glm-5.2", 0.5, 50)
    assert (body["stop"], body["thinking"]) == (["END"], {"type": "disabled"})
    standin.say(CODE)
    assert agent_on(standin, CodeAgent).run("How is the weather in Rome?") == "Sunny."
    assert standin.roles() == ["system", "user"]


def stream(standin: Standin) -> None:
    """OpenAIModel.generate_stream, and a CodeAgent that streams, on chunks without object."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    standin.say("One, two, three.")
    pieces = list(model_on(standin).generate_stream(ASKED))
    whole = agglomerate_stream_deltas(pieces)
    assert whole.content == "One, two, three."
    assert whole.token_usage.output_tokens > 0
    assert len(pieces) > 3
    standin.say(CODE)
    steps = list(agent_on(standin, CodeAgent, stream_outputs=True).run("Rome?", stream=True))
    said = [step.content or "" for step in steps if isinstance(step, ChatMessageStreamDelta)]
    # smolagents names three stop words and Zhipu takes one: ours ends the text before any of them.
    assert "".join(said) == CODE.removesuffix("</code>")
    assert steps[-1].output == "Sunny."


def tools(standin: Standin) -> None:
    """A ToolCallingAgent that calls two tools at once and then its final_answer."""
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    standin.call("final_answer", {"answer": "Both are sunny."})
    assert agent_on(standin).run("Rome and Oslo?") == "Both are sunny."
    assert standin.offered() == ["weather", "final_answer"]
    assert all(body.get("tool_choice", "auto") == "auto" for body in standin.bodies)
    told = json.dumps(standin.last["messages"])
    assert "Sunny in Rome." in told
    assert "Sunny in Oslo." in told


def streamed_tools(standin: Standin) -> None:
    """A ToolCallingAgent that streams: fragments, no ids, every index -1, names repeated, a second finish."""
    for quirk in (None, "missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish"):
        if quirk:
            standin.switch_on(quirk)
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        standin.call("final_answer", {"answer": "Both are sunny."})
        assert agent_on(standin, stream_outputs=True).run("Rome and Oslo?") == "Both are sunny."
        assert standin.bodies[-2]["tool_stream"] is True
        assert "Sunny in Oslo." in json.dumps(standin.last["messages"])
        standin.switch_off()


def structured_output(standin: Standin) -> None:
    """A schema as response_format, and a CodeAgent that uses one for its steps, with answers in a fence."""
    standin.switch_on("fenced_json")
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "Place", "schema": schema}}
    standin.say('{"city": "Rome"}')
    assert model_on(standin).generate(ASKED, response_format=wanted).content == '{"city": "Rome"}'
    assert standin.last["response_format"] == {"type": "json_object"}
    assert "city" in standin.last["messages"][0]["content"]
    standin.say(json.dumps({"thought": "I know.", "code": "final_answer(weather(city='Rome'))"}))
    agent = agent_on(standin, CodeAgent, use_structured_outputs_internally=True)
    assert agent.run("Rome?") == "Sunny in Rome."
    assert standin.last["response_format"] == {"type": "json_object"}


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; unsafe content and an error in a stream are errors."""
    standin.fail("1113")
    with raises(openai.RateLimitError) as caught:
        model_on(standin, retry=False).generate(ASKED)
    assert caught.error.code == "insufficient_quota"
    assert is_rate_limit_error(caught.error)  # so smolagents would wait a minute and try again, were it let
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert model_on(standin).generate(ASKED).content == "Here I am."
    standin.fail("1301")
    with raises(AgentGenerationError) as caught:
        agent_on(standin).run("Hi")
    assert caught.error.__cause__.code == "content_filter"
    standin.switch_on("error_event")
    with raises(openai.APIError):
        list(model_on(standin).generate_stream(ASKED))
