"""Reckon what a call costs, from what it used and the dated tables of prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.endpoints import REGIONS

from . import usages
from .model_names import model_id
from .tables import CURRENCIES, TOKEN_PRICES, UNIT_PRICES, UNPRICED, TokenPrice, UnitPrice

if TYPE_CHECKING:
    from datetime import date

    from zhipu_openai.endpoints import Region

    from .tables import Currency, Price, Unit
    from .usages import Used

_MILLION: Final = 1_000_000
_SITES: Final = {"cn": "bigmodel.cn", "intl": "z.ai"}
_TEN_THOUSAND: Final = 10_000
_NAMES: Final[dict[Unit, tuple[str, str]]] = {
    "image": ("image", "images"),
    "video": ("video", "videos"),
    "search": ("search", "searches"),
    "minute": ("minute", "minutes"),
    "10,000 characters": ("character", "characters"),
}
"""One and several, of what is counted one by one."""


class PriceNotFoundError(LookupError):
    """No price is known for this; the message says of what, and why."""


def _by_model() -> dict[str, tuple[Price, ...]]:
    found: dict[str, list[Price]] = {}
    every: tuple[Price, ...] = (*TOKEN_PRICES, *UNIT_PRICES)
    for row in every:
        found.setdefault(row.model, []).append(row)
    return {model: tuple(rows) for model, rows in found.items()}


_ROWS: Final = _by_model()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a cost: how much there was of it, and what that comes to."""

    count: Decimal
    amount: Decimal


_NOTHING: Final = Part(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call costs, by the published prices of one day.

    Attributes:
        amount: The sum of the parts.
        currency: "CNY" or "USD".
        model: The model whose price it is.
        input: Tokens of input that were not in the cache.
        cached: Tokens of input that were.
        output: Tokens of output without the thoughts.
        reasoning: Tokens of thoughts; they are billed as output.
        units: What is not counted in tokens: pictures, videos, searches, minutes or characters.
        batch: Whether it is the price of a batch.
        price: The row of the table.
    """

    amount: Decimal
    currency: Currency
    model: str
    input: Part
    cached: Part
    output: Part
    reasoning: Part
    units: Part
    batch: bool
    price: Price

    @property
    def source(self) -> str:
        """Where the price is from."""
        return self.price.source

    @property
    def seen(self) -> date:
        """The day on which the price was seen."""
        return self.price.seen

    def __str__(self) -> str:
        """Say it in one line."""
        named = {
            "input": self.input,
            "cached": self.cached,
            "output": self.output,
            "reasoning": self.reasoning,
            self._unit(): self.units,
        }
        parts = " + ".join(
            f"{_plain(part.count)} {name} {_plain(part.amount)}" for name, part in named.items() if part.count
        )
        batch = ", batch" if self.batch else ""
        free = ", free of charge" if self.price.free else ""
        return (
            f"{_plain(self.amount)} {self.currency} = {parts or '0'} "
            f"({self.model} at {_SITES[self.price.region]}{batch}{free}; price seen {self.seen.isoformat()})"
        )

    def _unit(self) -> str:
        if not isinstance(self.price, UnitPrice):
            return ""
        one, several = _NAMES[self.price.unit]
        return one if self.units.count == 1 else several


def cost(
    usage: Any,
    model: str | None = None,
    *,
    region: Region = "cn",
    batch: bool = False,
) -> Cost:
    """Reckon what a call costs, by Zhipu's published prices for pay as you go.

    It is an estimate: discounts, resource packages and plans are not in it, and the GLM Coding Plan counts credits.

    Args:
        usage: A whole answer of openai's (the model is taken from it), its ``usage``, either of them as a dict, or
            the number of what the price is for: pictures, videos, searches, minutes or characters.
        model: A model of Zhipu's or a name of OpenAI's, which is resolved as for a call; goes before the answer's.
        region: "cn" for bigmodel.cn, in CNY; "intl" for z.ai, in USD.
        batch: Whether the call is part of a batch.

    Returns:
        The cost, with its parts and the row of the table.

    Raises:
        PriceNotFoundError: No price of this model is known at this site, or none for a batch.
        ValueError: The usage has no numbers in it, no model is named, or the region is unknown.
    """
    used = usages.read(usage)
    name = model if model is not None else used.model
    if name is None:
        raise ValueError("The usage names no model: give one, as in cost(usage, 'glm-5.2').")
    row = _choose(prices_of(name, region=region), used, name, region)
    share = Decimal(1)
    if batch:
        if row.batch is None and not row.free:
            raise PriceNotFoundError(
                f"No price of {row.model} for batches is published at {_SITES[region]}. "
                "docs.bigmodel.cn/cn/faq/batch-api-issues names the models that have one."
            )
        share = row.batch or share
    return _reckon(row, used, share, batch=batch)


def prices_of(model: str, *, region: Region | None = None) -> tuple[Price, ...]:
    """Give the rows of prices for a model.

    Args:
        model: A model of Zhipu's or a name of OpenAI's.
        region: The site; without it the rows of both.

    Raises:
        PriceNotFoundError: There is none.
        ValueError: The region is unknown.
    """
    if region is not None and region not in REGIONS:
        raise ValueError(f"region is none of {', '.join(map(repr, REGIONS))}.")
    found = model_id(model)
    rows = _ROWS.get(found, ())
    chosen = tuple(row for row in rows if region in (None, row.region))
    if chosen:
        return chosen
    served = "" if found == model else f" ({model} is served by it)"
    site = " or ".join(_SITES.values()) if region is None else _SITES[region]
    why = next((row.why for row in UNPRICED if row.model == found and row.region == region), "")
    others = sorted({CURRENCIES[row.region] for row in rows})
    hint = f" There is one in {others[0]}, for the other region." if others else ""
    raise PriceNotFoundError(
        f"No price of {found}{served} is known at {site}{': ' + why if why else ''}. An unknown price is not 0.{hint}"
    )


def _choose(rows: tuple[Price, ...], used: Used, name: str, region: Region) -> Price:
    """Choose the row for what was used: tokens or units, and of several sizes the one that is reached."""
    if used.count is not None:
        units = [row for row in rows if isinstance(row, UnitPrice)]
        if units and used.unit in (None, units[0].unit):
            return units[0]
        asked = f"by the {used.unit}" if used.unit is not None else "by the number"
        raise PriceNotFoundError(f"{name} has no price {asked} at {_SITES[region]}: {_kinds(rows)}.")
    tokens = [
        row
        for row in rows
        if isinstance(row, TokenPrice) and row.input_from <= used.input and row.output_from <= used.output
    ]
    if tokens:
        return tokens[-1]
    raise PriceNotFoundError(f"{name} has no price for tokens at {_SITES[region]}: {_kinds(rows)}.")


def _kinds(rows: tuple[Price, ...]) -> str:
    kinds = dict.fromkeys(row.unit if isinstance(row, UnitPrice) else "token" for row in rows)
    return f"it is billed by the {' and the '.join(kinds)}; give their number, or their usage"


def _reckon(row: Price, used: Used, share: Decimal, *, batch: bool) -> Cost:
    fresh = cached = output = reasoning = units = _NOTHING
    if isinstance(row, UnitPrice):
        count = used.count or Decimal(0)
        # Characters are counted one by one and billed by ten thousand.
        size = _TEN_THOUSAND if row.unit == "10,000 characters" else 1
        units = Part(count, count / size * row.amount * share)
    else:
        rate = share / _MILLION
        cheaper = row.input if row.cached is None else row.cached
        fresh = _part(used.input - used.cached, row.input * rate)
        cached = _part(used.cached, cheaper * rate)
        output = _part(used.output - used.reasoning, row.output * rate)
        reasoning = _part(used.reasoning, row.output * rate)
    amount = sum((part.amount for part in (fresh, cached, output, reasoning, units)), Decimal(0))
    return Cost(
        amount, row.currency, row.model, fresh, cached, output, reasoning, units, batch=batch, price=row
    )


def _part(count: int, rate: Decimal) -> Part:
    return Part(Decimal(count), count * rate)


def _plain(number: Decimal) -> str:
    """Write a number without exponent and without zeros at its end."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
