"""The platform's API as a table: every entry of its reference, the call that serves it, and how that is proven.

The boundary reads from it how an answer of Zhipu's own operations is checked. Each part of the platform keeps
its rows in a module of its own.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from ._agent_operations import AGENTS
from ._application_operations import APPLICATIONS
from ._knowledge_operations import KNOWLEDGE
from ._openai_operations import RETIRED, SERVED
from ._operation import Ends, Operation
from ._tool_operations import JOBS, QUOTA, SEARCH_AGENT, TOOLS

if TYPE_CHECKING:
    from zhipu_openai.endpoints import RootName

__all__ = ["OPERATIONS", "Ends", "Operation", "find"]

OPERATIONS: Final[tuple[Operation, ...]] = (
    *SERVED,
    *TOOLS,
    *JOBS,
    SEARCH_AGENT,
    *QUOTA,
    *KNOWLEDGE,
    *AGENTS,
    *APPLICATIONS,
    *RETIRED,
)
"""Every row; the first that matches wins."""


def find(method: str, root: RootName | None, path: str) -> Operation | None:
    """Find the row for a request, None for one that is newer than this table."""
    return _found(method.upper(), root, path.rstrip("/"))


@lru_cache(maxsize=1024)
def _found(method: str, root: RootName | None, path: str) -> Operation | None:
    for row in OPERATIONS:
        if row.method == method and row.root == root and _pattern(row.path).fullmatch(path):
            return row
    return None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
