"""The OpenAI Agents SDK with its default model, the Responses API, on our client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

agents: ModuleType = pytest.importorskip(
    "agents", reason="openai-agents is not installed", exc_type=ImportError
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def agent_on(client: Any, **options: Any) -> Any:
    """Make an agent that has a tool."""
    agents.set_tracing_disabled(disabled=True)

    @agents.function_tool
    def add(a: int, b: int) -> str:
        """Add two numbers."""
        return str(a + b)

    model = agents.OpenAIResponsesModel(model="glm-5.2", openai_client=client)
    return agents.Agent(name="Adder", instructions="Be brief.", model=model, tools=[add], **options)


@pytest.mark.parametrize("responses", ["auto", "native"])
@pytest.mark.parametrize("streamed", [False, True])
def test_an_agent_calls_its_tool_and_answers(zhipu_standin: Any, responses: str, streamed: bool) -> None:
    zhipu_standin.call("add", {"a": 2, "b": 3}, reasoning="I must add.")
    zhipu_standin.say("Five.")
    client = zhipu_standin.async_client(responses=responses, on_adaptation="ignore")

    async def main() -> Any:
        agent = agent_on(client)
        if not streamed:
            return await agents.Runner.run(agent, "2+3?")
        result = agents.Runner.run_streamed(agent, "2+3?")
        kinds = [event.type async for event in result.stream_events()]
        assert "raw_response_event" in kinds
        return result

    result = asyncio.run(main())
    assert result.final_output == "Five."
    told = zhipu_standin.requests[-1].json
    if responses == "native":
        assert [item["output"] for item in told["input"] if item.get("type") == "function_call_output"] == [
            "5"
        ]
    else:
        assert [message["content"] for message in told["messages"] if message["role"] == "tool"] == ["5"]
        # With the results goes what the model thought.
        assert any(message.get("reasoning_content") == "I must add." for message in told["messages"])


def test_an_agent_goes_on_from_its_last_response(zhipu_standin: Any) -> None:
    zhipu_standin.say("Five.")
    zhipu_standin.say("Yes.")
    client = zhipu_standin.async_client(on_adaptation="ignore")

    async def main() -> Any:
        agent = agent_on(client)
        first = await agents.Runner.run(agent, "2+3?")
        return await agents.Runner.run(agent, "Sure?", previous_response_id=first.last_response_id)

    assert asyncio.run(main()).final_output == "Yes."
    contents = [message["content"] for message in zhipu_standin.requests[-1].json["messages"]]
    assert contents == ["Be brief.", "2+3?", "Five.", "Sure?"]


def test_an_agent_answers_in_a_shape(zhipu_standin: Any) -> None:
    from pydantic import BaseModel

    class Sum(BaseModel):
        total: int

    zhipu_standin.say('{"total": 5}')
    client = zhipu_standin.async_client(on_adaptation="ignore")

    async def main() -> Any:
        return await agents.Runner.run(agent_on(client, output_type=Sum), "2+3?")

    assert asyncio.run(main()).final_output == Sum(total=5)
