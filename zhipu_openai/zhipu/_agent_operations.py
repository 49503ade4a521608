"""Rows of ``operations``: agents."""

from __future__ import annotations

from datetime import date
from typing import Final

from ._operation import Ends, Operation

_SPEC: Final = "bigmodel.cn and z.ai OpenAPI; failures inside HTTP 200 recorded 2026-07-10"
_SPEC_SEEN: Final = date(2026, 8, 22)
_FAILS: Final = Ends("status", failed=("failed",))

AGENTS: Final = (
    Operation(
        "Ask an agent",
        "POST",
        "/agents",
        "client.zhipu.agents.invoke",
        ("cn", "intl"),
        "live",
        "captured",
        _SPEC,
        _SPEC_SEEN,
        root="agents",
        needs=("agent_id",),
        ends=_FAILS,
    ),
    Operation(
        "An agent's later answer",
        "POST",
        "/agents/async-result",
        "client.zhipu.agents.async_result",
        ("cn", "intl"),
        "live",
        "captured",
        _SPEC,
        _SPEC_SEEN,
        root="agents",
        needs=("status",),
        ends=_FAILS,
    ),
    Operation(
        "An agent's conversation",
        "POST",
        "/agents/conversation",
        "client.zhipu.agents.conversation",
        ("cn", "intl"),
        "live",
        "official",
        _SPEC,
        _SPEC_SEEN,
        root="agents",
        needs=("choices",),
        note="For slides_glm_agent alone.",
    ),
)
