"""The tests of weather.py: no key, no network, no model. Run them with ``pytest examples/testing``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from weather import BusyError, answer, read_aloud

if TYPE_CHECKING:
    from zhipu_openai.standin.harness import ZhipuStandIn


def test_the_tool_is_called_and_its_result_told(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.call("get_weather", {"city": "Hangzhou"})
    zhipu_standin.say("Take an umbrella.")
    looked_up: list[str] = []

    def weather(city: str) -> str:
        looked_up.append(city)
        return "rain"

    assert answer(zhipu_standin.client(), "Do I need an umbrella?", weather) == "Take an umbrella."
    assert looked_up == ["Hangzhou"]
    asked, told = (request.json for request in zhipu_standin.requests)
    assert asked["model"] == "glm-5.2"
    assert asked["tools"][0]["function"]["name"] == "get_weather"
    assert told["messages"][-1]["role"] == "tool"
    assert told["messages"][-1]["content"] == "rain"


def test_a_full_service_is_asked_again_and_then_reported(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.fail("1302", times=3)
    with pytest.raises(BusyError):
        answer(zhipu_standin.client(max_retries=0), "Sunny?", lambda _: "sunny")
    assert len(zhipu_standin.requests) == 1


def test_what_must_not_be_talked_about_is_declined(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.fail("1301")
    assert answer(zhipu_standin.client(), "?", lambda _: "") == "I cannot talk about that."


def test_an_answer_is_read_as_it_comes(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.say("It is sunny.")
    assert "".join(read_aloud(zhipu_standin.client(), "Sunny?")) == "It is sunny."


def test_an_answer_that_is_cut_short_is_an_error_and_not_half_an_answer(zhipu_standin: ZhipuStandIn) -> None:
    zhipu_standin.switch_on("cut_stream")
    with pytest.raises(openai.APIConnectionError):
        list(read_aloud(zhipu_standin.client(), "Sunny?"))


@pytest.mark.parametrize("quirk", ["missing_tool_id", "nested_arguments_as_strings"])
def test_odd_tool_calls_are_understood(zhipu_standin: ZhipuStandIn, quirk: str) -> None:
    zhipu_standin.switch_on(quirk)
    zhipu_standin.call("get_weather", {"city": "Beijing"})
    zhipu_standin.say("Sunny.")
    assert answer(zhipu_standin.client(), "Sunny?", lambda _: "sunny") == "Sunny."
