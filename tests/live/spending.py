"""How much the suite has spent, and when it has to stop."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest

import zhipu_openai

if TYPE_CHECKING:
    from live.recording import Exchange

DEAREST: Final = Decimal("0.0001")
"""CNY for a token of a model whose price is not known; more than any listed text model takes."""

EACH: Final = Decimal("0.05")
"""CNY for a request that succeeded and names no usage; more than any request of this suite is billed."""


class Budget:
    """Adds up what the answers say was used, in CNY at Zhipu's list prices.

    The Coding Plan and free models bill nothing; they are counted at list price all the same.
    """

    def __init__(self, cap: Decimal) -> None:
        self.cap = cap
        self.spent = Decimal(0)
        self.turned_away = 0

    def check(self) -> None:
        """Skip the running test if there is nothing left."""
        if self.spent >= self.cap:
            self.turned_away += 1
            pytest.skip(f"the cap of CNY {self.cap} is reached: CNY {self.spent:.4f} are spent")

    def charge(self, exchange: Exchange) -> None:
        """Count an exchange."""
        if exchange.status != 200 or exchange.method == "GET":
            return
        self.spent += price(exchange.usage, exchange.model)


def price(usage: dict[str, Any] | None, model: str | None) -> Decimal:
    """Say what an answer costs at most, in CNY."""
    if not usage or model is None:
        return EACH
    try:
        return zhipu_openai.cost(usage, model, region="cn").amount
    except (LookupError, ValueError, TypeError):
        return DEAREST * Decimal(int(usage.get("total_tokens") or 0))
