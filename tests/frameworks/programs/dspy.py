# /// script
# requires-python = ">=3.10"
# dependencies = ["dspy>=3.4.1", "litellm>=1.110", "numpy"]
# ///
"""DSPy on Zhipu: its LiteLLM engine, over our HTTP clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Prices would be fetched when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import dspy
import litellm
from dspy.utils.exceptions import ContextWindowExceededError, LMBillingError, LMInvalidRequestError
from handle import raises
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from handle import Standin

TITLE = "DSPy"
PACKAGES = ("dspy", "litellm")
NOT_OFFERED: dict[str, str] = {}


class Trip(BaseModel):
    """A trip."""

    city: str = Field(description="Where to.")
    days: int = Field(description="How long.")


class Ask(dspy.Signature):
    """Answer by the tools."""

    question: str = dspy.InputField()
    tools: list[dspy.Tool] = dspy.InputField()
    calls: dspy.ToolCalls = dspy.OutputField()


litellm.suppress_debug_info = True


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def model(standin: Standin, name: str = "openai/gpt-4o", **options: Any) -> dspy.LM:
    """Let LiteLLM send by our HTTP clients, as the page does."""
    litellm.in_memory_llm_clients_cache.flush_cache()
    litellm.client_session = standin.http_client()
    litellm.aclient_session = standin.async_http_client()
    given = {"api_key": "unused", "engine": "litellm", "cache": False, "num_retries": 0, **options}
    return dspy.LM(name, **given)


def fields(**values: str) -> str:
    """Write an answer in the form of DSPy's chat adapter."""
    written = [f"[[ ## {name} ## ]]\n{value}\n" for name, value in values.items()]
    return "\n".join([*written, "[[ ## completed ## ]]"])


def chat(standin: Standin) -> None:
    """The LM alone with settings; Predict and ChainOfThought; what the model thought; usage."""
    lm = model(standin, temperature=0.5, max_tokens=50, stop=["END"])
    standin.say("Hello.")
    assert lm("Hi") == ["Hello."]
    body = standin.last
    assert body["model"] == "glm-5.2"
    assert body["thinking"] == {"type": "disabled"}
    assert (body["temperature"], body["max_tokens"], body["stop"]) == (0.5, 50, ["END"])
    with dspy.context(lm=lm, track_usage=True):
        standin.say(fields(answer="Rome"))
        found = dspy.Predict("question -> answer")(question="What is the capital of Italy?")
        assert found.answer == "Rome"
        assert found.get_lm_usage()["openai/gpt-4o"]["total_tokens"] > 0
        assert standin.roles() == ["system", "user"]
        assert "What is the capital of Italy?" in standin.last["messages"][1]["content"]
        standin.say(fields(reasoning="It is known.", answer="Oslo"))
        found = dspy.ChainOfThought("question -> answer")(question="And of Norway?")
        assert (found.reasoning, found.answer) == ("It is known.", "Oslo")
    thinking = model(standin, "openai/glm-5.3")
    standin.say("Hello.", reasoning="A greeting.")
    assert thinking("Hi") == [{"text": "Hello.", "reasoning_content": "A greeting."}]


def stream(standin: Standin) -> None:
    """Streamify, sync, on chunks without object and with counted choices."""
    standin.switch_on("missing_object", "phase_counted_choice_index")
    with dspy.context(lm=model(standin)):
        listener = dspy.streaming.StreamListener(signature_field_name="answer")
        program = dspy.streamify(
            dspy.Predict("question -> answer"), stream_listeners=[listener], async_streaming=False
        )
        standin.say(fields(answer="One, two, three and so on up to twenty."))
        came = list(program(question="Count."))
    told = [piece.chunk for piece in came if isinstance(piece, dspy.streaming.StreamResponse)]
    assert "".join(told).strip() == "One, two, three and so on up to twenty."
    assert len(told) > 3
    assert came[-1].answer == "One, two, three and so on up to twenty."
    assert standin.last["stream"] is True


async def async_chat(standin: Standin) -> None:
    """LM.acall and Predict.acall."""
    lm = model(standin)
    standin.say("Hello.")
    assert await lm.acall("Hi") == ["Hello."]
    with dspy.context(lm=lm):
        standin.say(fields(answer="Rome"))
        found = await dspy.Predict("question -> answer").acall(question="What is the capital of Italy?")
        assert found.answer == "Rome"
    assert standin.last["model"] == "glm-5.2"


async def async_stream(standin: Standin) -> None:
    """Streamify, async."""
    with dspy.context(lm=model(standin)):
        listener = dspy.streaming.StreamListener(signature_field_name="answer")
        program = dspy.streamify(dspy.Predict("question -> answer"), stream_listeners=[listener])
        standin.say(fields(answer="One, two, three and so on up to twenty."))
        came = [piece async for piece in program(question="Count.")]
    told = [piece.chunk for piece in came if isinstance(piece, dspy.streaming.StreamResponse)]
    assert "".join(told).strip() == "One, two, three and so on up to twenty."
    assert came[-1].answer == "One, two, three and so on up to twenty."


async def tools(standin: Standin) -> None:
    """ReAct, sync and async, with the calls in the text; native function calling by a typed signature."""
    agent = dspy.ReAct("question -> answer", tools=[weather])
    with dspy.context(lm=model(standin)):
        for way in ("sync", "async"):
            standin.say(
                fields(
                    next_thought="I look.",
                    next_tool_name="weather",
                    next_tool_args='{"city": "Rome"}',
                )
            )
            standin.say(fields(next_thought="Done.", next_tool_name="finish", next_tool_args="{}"))
            standin.say(fields(reasoning="I looked.", answer="Sunny"))
            asked = {"question": "How is the weather in Rome?"}
            found = await agent.acall(**asked) if way == "async" else agent(**asked)
            assert found.answer == "Sunny"
            assert found.trajectory["observation_0"] == "Sunny in Rome."
            assert "Sunny in Rome." in str(standin.last["messages"])

    adapter = dspy.ChatAdapter(use_native_function_calling=True)
    with dspy.context(lm=model(standin), adapter=adapter):
        standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
        found = dspy.Predict(Ask)(question="Rome and Oslo?", tools=[dspy.Tool(weather)])
        assert [call.execute() for call in found.calls.tool_calls] == ["Sunny in Rome.", "Sunny in Oslo."]
        assert standin.offered() == ["weather"]


def structured_output(standin: Standin) -> None:
    """Typed signatures by the chat adapter and by the JSON adapter, fenced JSON included."""

    class Plan(dspy.Signature):
        """Plan a trip."""

        wish: str = dspy.InputField()
        trip: Trip = dspy.OutputField()

    wanted = Trip(city="Rome", days=3)
    with dspy.context(lm=model(standin)):
        standin.say(fields(trip='{"city": "Rome", "days": 3}'))
        assert dspy.Predict(Plan)(wish="Rome").trip == wanted
    # DSPy asks LiteLLM's list what a model can do, which knows gpt-4o and not glm-5.2.
    able = {"supports_function_calling": True, "supports_response_schema": True}
    litellm.register_model({"glm-5.2": {"litellm_provider": "openai", "mode": "chat", **able}})
    standin.switch_on("fenced_json")
    for name in ("openai/gpt-4o", "openai/glm-5.2"):
        with dspy.context(lm=model(standin, name), adapter=dspy.JSONAdapter()):
            standin.say('{"trip": {"city": "Rome", "days": 3}}')
            assert dspy.Predict(Plan)(wish="Rome").trip == wanted
        assert standin.last["response_format"] == {"type": "json_object"}
        assert '"days"' in standin.last["messages"][0]["content"]


def streamed_tools(standin: Standin) -> None:
    """Streamify with native function calling: fragments, no ids, every index -1, repeated names."""
    adapter = dspy.ChatAdapter(use_native_function_calling=True)
    quirks = ("missing_tool_id", "index_minus_one", "repeated_tool_names", "double_finish")
    with dspy.context(lm=model(standin), adapter=adapter):
        program = dspy.streamify(dspy.Predict(Ask), async_streaming=False)
        for quirk in (None, *quirks):
            if quirk is not None:
                standin.switch_on(quirk)
            standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
            came = list(program(question="Rome and Oslo?", tools=[dspy.Tool(weather)]))
            assert [call.execute() for call in came[-1].calls.tool_calls] == [
                "Sunny in Rome.",
                "Sunny in Oslo.",
            ]
            assert len(came) > 2
            assert standin.last["tool_stream"] is True
            standin.switch_off()


async def embeddings(standin: Standin) -> None:
    """Embedder on embedding-3, sync and async."""
    model(standin)
    made = dspy.Embedder("openai/text-embedding-3-small", api_key="unused", caching=False, dimensions=256)
    assert made(["one", "two", "three"]).shape == (3, 256)
    assert standin.last["model"] == "embedding-3"
    assert standin.last["input"] == ["one", "two", "three"]
    assert (await made.acall("one")).shape == (256,)


async def responses(standin: Standin) -> None:
    """model_type="responses", sync and async, by LiteLLM's own way over chat completions."""
    lm = model(standin, "openai/glm-5.3", model_type="responses", use_chat_completions_api=True)
    standin.say("Hello.", reasoning="A greeting.")
    assert [answer["text"] for answer in lm("Hi")] == ["Hello."]
    assert standin.paths[-1].endswith("/chat/completions")
    with dspy.context(lm=lm):
        standin.say(fields(answer="Rome"))
        found = await dspy.Predict("question -> answer").acall(question="What is the capital of Italy?")
        assert found.answer == "Rome"


def errors(standin: Standin) -> None:
    """DSPy's own exceptions: an empty account, asked once; an overloaded model, asked again; a full context."""
    lm = model(standin, num_retries=1)
    standin.fail("1113")
    with raises(LMBillingError) as caught:
        lm("Hi")
    assert "1113" in str(caught.error)
    assert len(standin.requests) == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say("Here I am.")
    assert lm("Hi") == ["Here I am."]
    assert len(standin.requests) == 3
    standin.fail("1301")
    with raises(LMInvalidRequestError) as caught:
        lm("Hi")
    assert "1301" in str(caught.error)
    standin.fail("1261")
    with raises(ContextWindowExceededError):
        lm("Hi")
