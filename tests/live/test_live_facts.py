"""What the tables of this library say of Zhipu, put to Zhipu itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from live.facts import FACTS

if TYPE_CHECKING:
    from live.facts import Fact
    from live.options import Live

pytestmark = pytest.mark.live


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_the_fact_holds(fact: Fact, live: Live) -> None:
    finding = fact.ask(live.made)
    live.findings.append((fact, finding))
    if finding.outcome == "unclear":
        pytest.skip(f"unclear: {finding.evidence}")
    assert finding.outcome == "confirmed", f"{fact.claim} {fact.rests} rests on it. {finding.evidence}"
