"""The environment variables that are read: a dated table of names, ours and those in use elsewhere.

The same names count in a ``.env`` file. Their order is the order in which they are tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

Family: TypeAlias = Literal["ZAI", "ZHIPUAI", "ZHIPU", "BIGMODEL", "GLM"]
"""Variables of one vendor or library, which are meant for each other."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, the family it belongs to (None: any), who uses it, and when that was read."""

    name: str
    family: Family | None
    source: str
    seen: date


_SEEN: Final = date(2026, 11, 23)
_OURS: Final = "zhipu_openai"
_ANALOGY: Final = "by analogy with the other families; no use of it was seen"

KEY_VARIABLES: Final = (
    Variable(
        "ZAI_API_KEY",
        "ZAI",
        "docs.bigmodel.cn OpenAI page, zai-sdk, litellm, any-llm, pydantic-ai, dspy",
        _SEEN,
    ),
    Variable("ZHIPUAI_API_KEY", "ZHIPUAI", "zhipuai SDK, langchain", _SEEN),
    Variable(
        "ZHIPU_API_KEY", "ZHIPU", "zhipu-ai-provider for the Vercel AI SDK, models.dev, opencode", _SEEN
    ),
    Variable("BIGMODEL_API_KEY", "BIGMODEL", "litellm", _SEEN),
    Variable("GLM_API_KEY", "GLM", "llm-zai-glm, hermes-agent", _SEEN),
    Variable("Z_AI_API_KEY", "ZAI", "OpenClaw", _SEEN),
)

BASE_URL_VARIABLES: Final = (
    Variable("ZHIPU_BASE_URL", None, _OURS, _SEEN),
    Variable("ZAI_BASE_URL", "ZAI", "zai-sdk, pydantic-ai, any-llm", _SEEN),
    Variable("ZAI_API_BASE", "ZAI", "litellm", _SEEN),
    Variable("ZHIPUAI_BASE_URL", "ZHIPUAI", "zhipuai SDK", _SEEN),
    Variable("ZHIPUAI_API_BASE", "ZHIPUAI", "langchain", _SEEN),
    Variable("BIGMODEL_BASE_URL", "BIGMODEL", _ANALOGY, _SEEN),
    Variable("BIGMODEL_API_BASE", "BIGMODEL", "litellm", _SEEN),
    Variable("GLM_BASE_URL", "GLM", _ANALOGY, _SEEN),
)
"""A base URL counts only together with a key of its family: zai-sdk reads ZAI_BASE_URL for both platforms,
so that a user of both sends the Chinese key to the international host."""

OPTION_VARIABLES: Final = (
    Variable("ZHIPU_REGION", None, _OURS, _SEEN),
    Variable("ZHIPU_ENDPOINT", None, _OURS, _SEEN),
    Variable("ZHIPU_AUTH", None, _OURS, _SEEN),
    Variable("ZHIPU_ON_ADAPTATION", None, _OURS, _SEEN),
    Variable("ZHIPU_MAX_CONCURRENCY", None, _OURS, _SEEN),
    Variable("ZHIPU_MODEL_ALIASES", None, _OURS, _SEEN),
    Variable("ZHIPU_RESPONSES", None, _OURS, _SEEN),
    Variable("ZHIPU_REDIS_URL", None, _OURS, _SEEN),
    Variable("ZHIPU_OPENAI_SERVE_TOKEN", None, _OURS, _SEEN),
)

OPENAI_VARIABLES: Final = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
"""OpenAI's own: never used, but said to be there when somebody may expect otherwise."""

NAMES: Final = frozenset(v.name for v in (*KEY_VARIABLES, *BASE_URL_VARIABLES, *OPTION_VARIABLES))
"""The variables whose values are read."""
