"""How long the fuzzer tries: a moment in the ordinary suite, as long as it is told to in a long run."""

from __future__ import annotations

import os
from typing import Any, Final

from hypothesis import HealthCheck, settings

VARIABLE: Final = "ZHIPU_OPENAI_FUZZ"
"""Names the number of examples that the longest of the properties is given; ``run.py`` sets it."""


def examples(usual: int) -> Any:
    """Give the settings of a property: so many examples, or what a long run asks for."""
    told = int(os.environ.get(VARIABLE, "0"))
    return settings(
        max_examples=told or usual,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not told,
        database=None,
    )
