"""What a call costs: every shape of usage, every unit, tiers, batches, and the errors where no price is known."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from conftest import COMPLETION, SyncSide, Wire, text_stream
from openai.types import CompletionUsage, CreateEmbeddingResponse, ImagesResponse
from openai.types.chat import ChatCompletion
from openai.types.responses import ResponseUsage

import zhipu_openai
from zhipu_openai import PriceNotFoundError, cost
from zhipu_openai.pricing import TokenPrice, prices_of

USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 500,
    "total_tokens": 1500,
    "prompt_tokens_details": {"cached_tokens": 200},
    "completion_tokens_details": {"reasoning_tokens": 100},
}
RESPONSE_USAGE = {
    "input_tokens": 1000,
    "output_tokens": 500,
    "total_tokens": 1500,
    "input_tokens_details": {"cached_tokens": 200, "cache_write_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 100},
}
OF_5_2 = Decimal("0.0208")
"""800 at 8, 200 at 2, 500 at 28 CNY a million."""

SHAPES: dict[str, Any] = {
    "a dict": USAGE,
    "openai's usage of a chat": CompletionUsage.model_validate(USAGE),
    "a dict of a response's": RESPONSE_USAGE,
    "openai's usage of a response": ResponseUsage.model_validate(RESPONSE_USAGE),
    "a whole answer as a dict": {**COMPLETION, "usage": USAGE},
    "a whole answer": ChatCompletion.model_validate({**COMPLETION, "usage": USAGE}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_usage_of_any_shape_costs_the_same(shape: str) -> None:
    found = cost(SHAPES[shape], "glm-5.2")
    assert (found.amount, found.currency) == (OF_5_2, "CNY")


def test_the_parts_add_up_and_thoughts_stand_apart_at_the_price_of_output() -> None:
    found = cost(USAGE, "glm-5.2")
    parts = (found.input, found.cached, found.output, found.reasoning)
    assert [part.count for part in parts] == [800, 200, 400, 100]
    assert [part.amount for part in parts] == [
        Decimal("0.0064"),
        Decimal("0.0004"),
        Decimal("0.0112"),
        Decimal("0.0028"),
    ]
    assert sum(part.amount for part in parts) == found.amount


def test_a_cost_says_itself_in_a_line_with_its_day() -> None:
    assert str(cost(USAGE, "glm-5.2")) == (
        "0.0208 CNY = 800 input 0.0064 + 200 cached 0.0004 + 400 output 0.0112 + 100 reasoning 0.0028 "
        "(glm-5.2 at bigmodel.cn; price seen 2026-10-09)"
    )


def test_a_cost_is_frozen_and_names_its_source() -> None:
    found = cost(USAGE, "glm-5.2")
    assert "pricing" in found.source
    assert found.seen.year == 2026
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.amount = Decimal(0)  # type: ignore[misc]  # what is tested


def test_z_ai_has_prices_of_its_own_in_dollars() -> None:
    found = cost(USAGE, "glm-5.2", region="intl")
    assert (found.amount, found.currency) == (Decimal("0.003372"), "USD")


@pytest.mark.usefixtures("quietly")
def test_the_model_is_taken_from_an_answer_unless_one_is_named(side: SyncSide, wire: Wire) -> None:
    wire.reply({**COMPLETION, "usage": USAGE})
    answer = side.create(model="gpt-4o")
    assert cost(answer).model == "glm-5.2"
    assert cost(answer, "glm-5.1").model == "glm-5.1"


def test_the_last_chunk_of_a_stream_has_a_cost(side: SyncSide, wire: Wire) -> None:
    wire.reply(text_stream("Hello."))
    chunks = side.create(stream=True, stream_options={"include_usage": True})
    assert cost(chunks[-1]).amount == Decimal("0.00014")


@pytest.mark.parametrize(
    ("name", "served"),
    [
        ("gpt-4o", "glm-5.2"),
        ("z-ai/GLM-5.2", "glm-5.2"),
        ("gpt-4o-mini", "glm-4.5-air"),
        ("text-embedding-3-small", "embedding-3"),
    ],
)
def test_a_name_of_openais_costs_what_its_model_costs(name: str, served: str) -> None:
    assert cost(USAGE, name).model == served


@pytest.mark.parametrize(
    ("number", "name", "amount"),
    [
        (3, "dall-e-3", "0.3"),
        (3, "glm-image", "0.3"),
        (1, "sora-2", "1"),
        (5000, "tts-1", "1"),
        (Decimal("1.5"), "whisper-1", "0.09"),
        (2, "search_pro_sogou", "0.1"),
        (0, "glm-image", "0"),
    ],
)
def test_what_is_not_counted_in_tokens_is_counted_by_its_unit(number: Any, name: str, amount: str) -> None:
    assert cost(number, name).amount == Decimal(amount)


def test_pictures_are_counted_from_their_answer() -> None:
    answer = ImagesResponse.model_validate(
        {"created": 1, "data": [{"url": "https://a/1"}, {"url": "https://a/2"}]}
    )
    assert cost(answer, "cogview-4").units.count == 2


def test_a_video_is_counted_from_its_answer() -> None:
    assert cost({"object": "video", "id": "x", "model": "cogvideox-3"}).amount == 1


def test_a_recording_is_counted_by_the_seconds_of_its_usage() -> None:
    assert cost({"type": "duration", "seconds": 90}, "glm-asr-2512").amount == Decimal("0.09")


def test_embeddings_cost_their_input() -> None:
    answer = CreateEmbeddingResponse.model_validate(
        {
            "object": "list",
            "model": "embedding-3",
            "data": [],
            "usage": {"prompt_tokens": 2_000_000, "total_tokens": 2_000_000},
        }
    )
    assert cost(answer).amount == 1


@pytest.mark.parametrize(
    ("fresh", "output", "rates"),
    [
        (31_999, 199, ("2", "8")),
        (31_999, 200, ("3", "14")),
        (32_000, 1, ("4", "16")),
        (32_000, 9_000, ("4", "16")),
    ],
)
def test_a_longer_request_may_be_dearer(fresh: int, output: int, rates: tuple[str, str]) -> None:
    found = cost({"prompt_tokens": fresh, "completion_tokens": output}, "glm-4.7")
    assert found.amount == (fresh * Decimal(rates[0]) + output * Decimal(rates[1])) / 1_000_000


def test_input_from_the_cache_counts_as_input_where_no_price_of_its_own_is_published() -> None:
    used = {"prompt_tokens": 100, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": 100}}
    assert cost(used, "glm-4-airx").cached.amount == Decimal("0.001")


def test_a_batch_costs_half_where_zhipu_says_so() -> None:
    once = cost(USAGE, "glm-4-plus")
    batched = cost(USAGE, "glm-4-plus", batch=True)
    assert batched.amount * 2 == once.amount
    assert "batch" in str(batched)


@pytest.mark.parametrize(
    ("model", "region"), [("glm-5.2", "cn"), ("glm-5.2", "intl"), ("embedding-3", "intl")]
)
def test_a_batch_without_a_published_price_is_an_error(model: str, region: Any) -> None:
    with pytest.raises(PriceNotFoundError):
        cost(USAGE, model, region=region, batch=True)


def test_a_model_that_is_free_of_charge_costs_nothing_and_says_so() -> None:
    found = cost(USAGE, "glm-4.7-flash")
    assert found.amount == 0
    assert "free of charge" in str(found)


@pytest.mark.parametrize(
    ("model", "region", "says"),
    [
        ("glm-9", "cn", "No price of glm-9 is known at bigmodel.cn"),
        ("glm-4.6", "cn", "gone from the price page"),
        ("glm-tts", "intl", "There is one in CNY"),
    ],
)
def test_an_unknown_price_is_an_error_and_never_zero(model: str, region: Any, says: str) -> None:
    with pytest.raises(LookupError, match=says):
        cost(3 if model == "glm-tts" else USAGE, model, region=region)


@pytest.mark.parametrize(("used", "model"), [(3, "glm-5.2"), (USAGE, "glm-image"), (3, "embedding-3")])
def test_the_wrong_unit_is_an_error_that_names_the_right_one(used: Any, model: str) -> None:
    with pytest.raises(PriceNotFoundError, match="billed by the"):
        cost(used, model)


@pytest.mark.parametrize(
    "used",
    [
        None,
        {},
        True,
        "many",
        -1,
        float("nan"),
        {"prompt_tokens": -1},
        {"prompt_tokens": "12"},
        {"prompt_tokens": 1, "completion_tokens": 1.5},
        ChatCompletion.model_validate({key: value for key, value in COMPLETION.items() if key != "usage"}),
    ],
)
def test_a_usage_without_sound_numbers_is_an_error(used: Any) -> None:
    with pytest.raises(ValueError, match=r"token|number"):
        cost(used, "glm-5.2")


def test_a_usage_without_a_model_is_an_error() -> None:
    with pytest.raises(ValueError, match="names no model"):
        cost(USAGE)


def test_a_region_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="region"):
        cost(USAGE, "glm-5.2", region="eu")  # type: ignore[arg-type]  # what is tested


def test_a_part_larger_than_the_whole_makes_no_cost_negative() -> None:
    used = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 99},
        "completion_tokens_details": {"reasoning_tokens": 99},
    }
    found = cost(used, "glm-5.2")
    assert (found.input.count, found.cached.count, found.output.count, found.reasoning.count) == (0, 10, 0, 5)


def test_the_rows_of_a_model_can_be_had() -> None:
    rows = prices_of("gpt-4o")
    assert {row.currency for row in rows} == {"CNY", "USD"}
    assert all(isinstance(row, TokenPrice) for row in rows)


def test_the_package_gives_it_by_its_name_and_by_the_rooms() -> None:
    assert zhipu_openai.cost is zhipu_openai.pricing.cost
    assert "cost" in dir(zhipu_openai)
