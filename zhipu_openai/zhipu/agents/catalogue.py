"""Zhipu's agents as a table: what each does, what it is given, and whether it still exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.endpoints import Region

State: TypeAlias = Literal["live", "retired"]
Answer: TypeAlias = Literal["whole", "stream", "later"]
"""whole: at once (and, where ``invoke`` may stream it, as a stream). stream: as a stream alone. later: by
``async_result``, for as long as the links in it are valid."""


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent.

    Attributes:
        name: The helper of ``client.zhipu.agents`` that calls it.
        agent_id: Its id.
        what: What it does.
        answer: How it answers.
        content: The helper's keywords that become parts of the message, in this order.
        variables: The helper's keywords that become custom variables; ``a=b.c`` puts keyword a into b, under c.
        state: live where the official specification lists it.
        last_listed: For a retired one, the day of the latest official list that has it.
        source: Where that is from.
        seen: When it was read there; for a retired one, the day of the first list without it.
        regions: The sites that have it.
        bare: Whether the message's content is the text itself, not a list of parts.
        one_of: Whether it takes but one of its content's keywords.
    """

    name: str
    agent_id: str
    what: str
    answer: Answer
    content: tuple[str, ...]
    variables: tuple[str, ...] = ()
    state: State = "live"
    last_listed: date | None = None
    source: str = "bigmodel.cn OpenAPI"
    seen: date = date(2026, 7, 11)
    regions: tuple[Region, ...] = ("cn",)
    bare: bool = False
    one_of: bool = False


_PAGES: Final = "docs.bigmodel.cn agent pages; in the specification of 2026-04-23, not in that of 2026-07-11"
_OLDER: Final = "docs.bigmodel.cn agent pages of 2025-12-29; in no specification of 2026"
_APRIL: Final = date(2026, 4, 23)
_DECEMBER: Final = date(2025, 12, 29)
_CHECKS: Final = ("default_fields", "custom_fields")


def _gone(
    name: str,
    agent_id: str,
    what: str,
    content: tuple[str, ...],
    variables: tuple[str, ...] = (),
    *,
    last: date = _APRIL,
    answer: Answer = "whole",
    bare: bool = False,
) -> Agent:
    """Make the row of an agent that is listed no more."""
    seen, source = (date(2026, 7, 11), _PAGES) if last == _APRIL else (_APRIL, _OLDER)
    return Agent(name, agent_id, what, answer, content, variables, "retired", last, source, seen, bare=bare)


_ROWS: Final = (
    Agent(
        "general_translation",
        "general_translation",
        "Translates text.",
        "whole",
        ("text",),
        (
            "source_lang",
            "target_lang",
            "glossary",
            "strategy",
            "suggestion=strategy_config.general.suggestion",
            "reason_lang=strategy_config.cot.reason_lang",
        ),
        regions=("cn", "intl"),
    ),
    Agent(
        "slides",
        "slides_glm_agent",
        "Makes slides, in a conversation.",
        "stream",
        ("text",),
        regions=("cn", "intl"),
    ),
    Agent("ai_drawing", "ai_drawing_agent", "Draws a picture.", "whole", ("text",), ("size",)),
    Agent(
        "vidu_template",
        "vidu_template_agent",
        "Makes a short video of a picture, by a template.",
        "later",
        ("text", "image_url"),
        ("template",),
        regions=("cn", "intl"),
    ),
    Agent(
        "receipt_recognition",
        "receipt_recognition_agent",
        "Reads a receipt.",
        "whole",
        ("file_id", "text"),
    ),
    Agent(
        "clothes_recognition",
        "clothes_recognition_agent",
        "Describes clothes in a picture.",
        "whole",
        ("file_id", "text"),
    ),
    Agent(
        "education_solve",
        "intelligent_education_solve_agent",
        "Solves an exercise.",
        "stream",
        ("text", "image_url"),
        one_of=True,
    ),
    _gone(
        "doc_translation",
        "doc_translation_agent",
        "Translates a document.",
        ("file_id",),
        ("from_lang", "to_lang", "should_translate_image"),
        last=_DECEMBER,
        answer="later",
    ),
    _gone(
        "social_literature_translation",
        "social_literature_translation_agent",
        "Translates literature of the social sciences, between en and zh-CN.",
        ("text",),
        ("source_lang", "target_lang"),
    ),
    _gone(
        "subtitle_translation",
        "subtitle_translation_agent",
        "Translates subtitles.",
        ("text",),
        ("language",),
        bare=True,
    ),
    _gone(
        "social_translation",
        "social_translation_agent",
        "Translates posts, in a style.",
        ("text",),
        ("source_lang", "target_lang", "style"),
    ),
    _gone(
        "cartoon_generator",
        "cartoon_generator_agent",
        "Makes a cartoon of a picture.",
        ("text", "image_url"),
    ),
    _gone(
        "job_matching",
        "job_matching_agent",
        "Compares a résumé with a job.",
        ("file_id", "text"),
        ("job_description",),
    ),
    _gone(
        "service_check", "service_check_agent", "Checks a conversation of a service desk.", ("text",), _CHECKS
    ),
    _gone(
        "sales_check",
        "sales_check_agent",
        "Checks a conversation of a salesperson.",
        ("text",),
        (*_CHECKS, "rate"),
        last=_DECEMBER,
    ),
    _gone(
        "contract_parser", "contract_parser_agent", "Reads a contract.", ("file_id",), _CHECKS, last=_DECEMBER
    ),
    _gone(
        "bidding_parser",
        "bidding_parser_agent",
        "Reads a call for tenders.",
        ("text",),
        ("custom_fields",),
        last=_DECEMBER,
    ),
    _gone("bidwin_parser", "bidwin_parser_agent", "Reads a notice of award.", ("text",), ("custom_fields",)),
    _gone(
        "education_correction",
        "intelligent_education_correction_agent",
        "Corrects an exercise on a picture.",
        ("image_url",),
        answer="later",
    ),
)

AGENTS: Final[Mapping[str, Agent]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every agent by the name of its helper."""

BY_ID: Final[Mapping[str, Agent]] = MappingProxyType({row.agent_id: row for row in _ROWS})
"""Every agent by its own id."""

SLIDES: Final = "slides_glm_agent"
CORRECTION_RESULT: Final = "intelligent_education_correction_polling"
"""The id by which the results of ``education_correction`` are asked for. Source: recorded traffic, 2026-07-10."""
CORRECTION_ANALYSIS: Final = "intelligent_education_correction_analysis"
"""The id by which an exercise is explained. Source: bigmodel.cn guide on homework correction, seen 2026-11-24."""
