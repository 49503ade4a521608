"""What our clients do otherwise than openai's own tests expect, and why. Nothing else may differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Difference:
    """Tests that fail for one reason.

    Attributes:
        tests: A pattern that the test's name matches, from ``::`` on.
        why: What is done otherwise, and why.
    """

    tests: str
    why: str


CLIENTS: Final = ()
"""With our clients in place of openai's."""

STREAMS: Final[tuple[Difference, ...]] = ()
"""With our streams and our building of answers: none."""


def explained(plugin: str, test: str) -> str | None:
    """Say why a test fails, None if that is not known."""
    rows = CLIENTS if plugin == "swapped_clients" else STREAMS
    return next((row.why for row in rows if re.search(row.tests, test)), None)
