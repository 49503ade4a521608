"""The door: which keys the stand-in lets in. Any key of Zhipu's shape will do; none is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# docs.bigmodel.cn: a key is "<id>.<secret>"; a token signed with it (HS256) has three parts.
_BEARER: Final = re.compile(r"Bearer (?!sk-)[\w-]+(\.[\w-]+){1,2}", re.ASCII)


def refusal(headers: Mapping[str, str]) -> str | None:
    """Say with which business code a request is refused at the door, None if it may pass.

    Args:
        headers: Headers with lower-case names.

    Returns:
        "1001" without a key (recorded traffic, api.z.ai, 2026-01), "401" for one that is not Zhipu's
        (live note, 2026-09-19), or None.
    """
    given = headers.get("authorization")
    if not given:
        return "1001"
    return None if _BEARER.fullmatch(given) else "401"
