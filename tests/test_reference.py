"""The reference says what the tables say, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import errors_page
import pytest
import reference
import reference_page_zh
import reference_zh

from zhipu_openai.cli.doctor.explanations import EXPLANATIONS
from zhipu_openai.errors import every_code
from zhipu_openai.glm_realtime.client_events import CLIENT_EVENTS
from zhipu_openai.pricing import TOKEN_PRICES, UNIT_PRICES, UNPRICED
from zhipu_openai.routes import ROUTES
from zhipu_openai.translate.batches.endpoints import ENDPOINTS
from zhipu_openai.translate.responses.tools import UNSERVED
from zhipu_openai.zhipu.agents.catalogue import AGENTS
from zhipu_openai.zhipu.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def test_the_reference_is_up_to_date() -> None:
    assert reference.TARGET.read_text(encoding="utf-8") == reference.render(), (
        "run: python tests/reference.py"
    )


TEXTS = (
    ("ROUTES", {row.note for row in ROUTES}),
    ("OPERATIONS", {text for row in OPERATIONS for text in (row.name, row.note) if text}),
    (
        "OTHERS",
        {
            *(row.what for row in (*AGENTS.values(), *CLIENT_EVENTS)),
            *(row.instead for row in UNSERVED.values()),
            *(row.note for row in ENDPOINTS.values()),
        },
    ),
    (
        "PRICES",
        {
            *(row.note for row in (*TOKEN_PRICES, *UNIT_PRICES) if row.note),
            *(row.why for row in UNPRICED),
        },
    ),
    ("UNITS", {row.unit for row in UNIT_PRICES}),
    ("FIELDS", {row.what for rows in reference_page_zh.field_tables().values() for row in rows}),
)


@pytest.mark.parametrize(("name", "texts"), TEXTS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_text_has_its_chinese_and_no_other_has(name: str, texts: set[str]) -> None:
    known: Mapping[str, str] = getattr(reference_zh, name)
    assert sorted(texts - known.keys()) == [], f"add their Chinese to {name} in tests/reference_zh.py"
    assert sorted(known.keys() - texts) == [], f"in no table any more: {name} in tests/reference_zh.py"


def test_the_chinese_reference_is_up_to_date() -> None:
    page = reference_page_zh.TARGET.read_text(encoding="utf-8")
    assert page == reference_page_zh.render(), "run: python tests/reference.py"


@pytest.mark.parametrize("target", errors_page.TARGETS.values(), ids=lambda target: target.name)
def test_the_pages_of_error_codes_are_up_to_date(target: Path) -> None:
    assert target.read_text(encoding="utf-8") == errors_page.pages()[target], "run: python tests/reference.py"


def test_the_pages_of_error_codes_have_every_code() -> None:
    for page in errors_page.pages().values():
        for row in (*every_code(), *EXPLANATIONS):
            for code in getattr(row, "codes", None) or [row.code]:
                assert f"`{code}`" in page


def test_a_text_without_chinese_is_told() -> None:
    with pytest.raises(reference_page_zh.MissingChineseError, match="Chinese for 'New'"):
        reference_page_zh.chinese({"Old": "旧"}, "New")
