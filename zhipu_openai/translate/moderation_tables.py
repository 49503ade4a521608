"""What Zhipu's content safety says, in the words of OpenAI's moderations. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

LONGEST_TEXT: Final = 2000
"""Characters of one text. Source: bigmodel.cn OpenAPI, 2026-07-11."""


@dataclass(frozen=True, slots=True)
class Category:
    """One of OpenAI's categories; ``images`` says whether OpenAI applies it to images, as it does to text."""

    name: str
    images: bool = False


CATEGORIES: Final = (
    Category("harassment"),
    Category("harassment/threatening"),
    Category("hate"),
    Category("hate/threatening"),
    Category("illicit"),
    Category("illicit/violent"),
    Category("self-harm", images=True),
    Category("self-harm/instructions", images=True),
    Category("self-harm/intent", images=True),
    Category("sexual", images=True),
    Category("sexual/minors"),
    Category("violence", images=True),
    Category("violence/graphic", images=True),
)
"""Source: openai-python 3.54, types/moderation.py, 2026-11-23."""


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """One of Zhipu's verdicts. The score is ours: Zhipu gives none, and OpenAI's grow with the risk."""

    zhipu: str
    flagged: bool
    score: float
    source: str
    seen: date


_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_GUIDE: Final = "bigmodel.cn safety guide, as reported; in no specification"
_GUIDE_SEEN: Final = date(2026, 9, 11)

RISK_LEVELS: Final = {
    row.zhipu: row
    for row in (
        RiskLevel("PASS", False, 0.0, _SPEC, _SPEC_SEEN),
        # Suspicious: for a person to look at. Flagged, since what is let through cannot be taken back.
        RiskLevel("REVIEW", True, 0.5, _SPEC, _SPEC_SEEN),
        RiskLevel("BLOCK", True, 0.8, _GUIDE, _GUIDE_SEEN),
        RiskLevel("REJECT", True, 0.9, _SPEC, _SPEC_SEEN),
        RiskLevel("HIGH", True, 1.0, _GUIDE, _GUIDE_SEEN),
    )
}

UNKNOWN_LEVEL: Final = RiskLevel("", True, 1.0, "ours: the safe side", date(2026, 11, 24))
"""What a verdict in no row is taken for."""


@dataclass(frozen=True, slots=True)
class RiskType:
    """A label of Zhipu's, or the part of it that matters, and OpenAI's category of the same kind."""

    zhipu: str
    category: str
    source: str
    seen: date


_DESCRIBED: Final = "bigmodel.cn OpenAPI, description of the endpoint"
_COARSE: Final = "labels named in third-party notes; Zhipu publishes no list, so the kind is inferred"
_COARSE_SEEN: Final = date(2026, 11, 23)

RISK_TYPES: Final = (
    RiskType("涉黄", "sexual", _DESCRIBED, _SPEC_SEEN),
    RiskType("涉暴", "violence", _DESCRIBED, _SPEC_SEEN),
    RiskType("暴恐", "violence", _COARSE, _COARSE_SEEN),
    RiskType("违法", "illicit", _DESCRIBED, _SPEC_SEEN),
    RiskType("辱骂", "harassment", _COARSE, _COARSE_SEEN),
    RiskType("自残", "self-harm", _COARSE, _COARSE_SEEN),
)
"""The first row whose word is in a label wins. A label in no row (politics, say) has no category of OpenAI's."""
