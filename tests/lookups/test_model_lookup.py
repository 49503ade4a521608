"""Models can be looked up: limits, modalities, thinking, ranges and prices."""

from __future__ import annotations

import pytest

from zhipu_openai import catalogue
from zhipu_openai.pricing import TOKEN_PRICES, UNIT_PRICES


def test_a_chat_model_has_all_its_facts() -> None:
    found = catalogue.lookup("glm-5.1")
    assert (found.context, found.max_output, found.default_output) == (204_800, 131_072, 65_536)
    assert (found.thinking, found.can_stop_thinking, found.tools, found.json_mode) == (
        "switch",
        True,
        True,
        True,
    )
    assert found.efforts["none"].thinking == "disabled"
    assert found.ranges["max_tokens"] == "1 to 131072"
    assert {price.currency for price in found.prices} == {"CNY", "USD"}


def test_a_name_of_openais_gives_the_model_that_serves_it_and_why() -> None:
    found = catalogue.lookup("gpt-4o")
    assert (found.requested, found.id) == ("gpt-4o", "glm-5.2")
    assert "thinking" in found.why


def test_every_model_of_the_tables_can_be_looked_up() -> None:
    # A short name and a service are no models of their own.
    priced = {row.model for row in (*TOKEN_PRICES, *UNIT_PRICES)} - {"cogview-4", "web_search"}
    for name in {*catalogue.MODELS, *priced}:
        found = catalogue.lookup(name)
        assert found.id == name
        assert all((found.inputs, found.outputs, found.source)), name


@pytest.mark.parametrize(
    ("name", "kind", "gives"),
    [
        ("embedding-3", "embedding", {"vector"}),
        ("dall-e-3", "image", {"image"}),
        ("sora-2", "video", {"video"}),
        ("whisper-1", "transcription", {"text"}),
        ("tts-1", "speech", {"audio"}),
        ("glm-4-voice", "audio", {"text", "audio"}),
    ],
)
def test_models_of_other_resources_are_found_by_any_of_their_names(
    name: str, kind: str, gives: set[str]
) -> None:
    found = catalogue.lookup(name)
    assert (found.kind, set(found.outputs)) == (kind, gives)


def test_temperature_of_the_glm_4_line_ends_below_one() -> None:
    assert catalogue.lookup("glm-4-flash-250414").ranges["temperature"].startswith("0 to 0.99")


def test_an_unknown_model_is_an_error_that_says_it_would_still_be_sent() -> None:
    with pytest.raises(LookupError, match="sent as it is"):
        catalogue.lookup("glm-99")
