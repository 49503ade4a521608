"""What a call costs: Zhipu's published prices, and the reckoning with what an answer says it used.

``zhipu_openai.cost(completion)`` is the short way in.
"""

from .costs import Cost, Part, PriceNotFoundError, cost, prices_of
from .tables import TOKEN_PRICES, UNIT_PRICES, UNPRICED, TokenPrice, UnitPrice

__all__ = [
    "TOKEN_PRICES",
    "UNIT_PRICES",
    "UNPRICED",
    "Cost",
    "Part",
    "PriceNotFoundError",
    "TokenPrice",
    "UnitPrice",
    "cost",
    "prices_of",
]
