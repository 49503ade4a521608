"""The tables of prices hold together: dated, of known models, with tiers that begin at nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from zhipu_openai import catalogue
from zhipu_openai.pricing import TOKEN_PRICES, UNIT_PRICES, UNPRICED
from zhipu_openai.translate import embeddings
from zhipu_openai.translate.images.models import IMAGE_MODELS
from zhipu_openai.translate.videos.models import VIDEO_MODELS

EVERY = (*TOKEN_PRICES, *UNIT_PRICES)

ELSEWHERE = {
    "glm-ocr",
    "rerank",
    "glm-tts",
    "glm-asr-2512",
    "cogview-4",
    "web_search",
    "search_std",
    "search_pro",
    "search_pro_sogou",
    "search_pro_quark",
}


def test_a_row_is_dated_and_says_where_it_is_from() -> None:
    for row in EVERY:
        assert row.source
        assert date(2026, 1, 1) <= row.seen <= date(2026, 11, 24), row


def test_every_row_is_of_a_model_that_is_known_here() -> None:
    known = {
        *catalogue.MODELS,
        *embeddings.MODELS,
        *(row.id for row in IMAGE_MODELS),
        *(row.id for row in VIDEO_MODELS),
        *ELSEWHERE,
    }
    assert {row.model for row in EVERY} - known == set()


def test_the_tiers_of_a_model_begin_at_nothing_and_rise() -> None:
    tiers = defaultdict(list)
    for row in TOKEN_PRICES:
        tiers[row.region, row.model].append(row)
    for rows in tiers.values():
        bounds = [(row.input_from, row.output_from) for row in rows]
        assert bounds[0] == (0, 0)
        assert bounds == sorted(set(bounds))
        assert [row.output for row in rows] == sorted(row.output for row in rows)


def test_what_is_cached_is_never_dearer_than_what_is_not() -> None:
    assert all(row.cached is None or row.cached <= row.input for row in TOKEN_PRICES)


def test_a_model_has_one_price_for_a_unit_at_a_site() -> None:
    keys = [(row.region, row.model) for row in UNIT_PRICES]
    assert len(keys) == len(set(keys))


def test_a_model_without_a_price_has_none() -> None:
    priced = {(row.region, row.model) for row in EVERY}
    assert not priced & {(row.region, row.model) for row in UNPRICED}


def test_what_the_facts_at_hand_say_stands_in_the_table() -> None:
    rows = {row.model: row for row in TOKEN_PRICES if row.region == "cn"}
    told = {
        "glm-5.3": "8/28/2",
        "glm-5.3-flash": "0.8/2.8/0.23",
        "glm-5.3-flashx": "2/7/0.57",
        "glm-5.2": "8/28/2",
    }
    for model, prices in told.items():
        row = rows[model]
        assert f"{row.input}/{row.output}/{row.cached}" == prices
