"""What Zhipu asks for: dated rows, in the currency of each site. Data only; `costs` reckons with it.

All prices are those of pay as you go, before any discount for a time. A GLM Coding Plan is a subscription and
counts credits instead. No price page can be read by a program here: the rows are from copies of the two official
pages, and where two copies differ the dearer one stands, with a note beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhipu_openai.endpoints import Region

Currency: TypeAlias = Literal["CNY", "USD"]

Unit: TypeAlias = Literal["image", "video", "search", "minute", "10,000 characters"]
"""What a price other than that of tokens is for."""

CURRENCIES: Final[dict[Region, Currency]] = {"cn": "CNY", "intl": "USD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """The price of a model's tokens, for one size of request.

    Attributes:
        model: The model's id.
        region: The site: "cn" is bigmodel.cn, in CNY; "intl" is z.ai, in USD.
        input: For a million tokens of input that were not in the cache.
        cached: For a million tokens of input that were; None where the page gives none, so that they count as input.
        output: For a million tokens of output, thoughts included.
        input_from: The least input, in tokens, that this row is for.
        output_from: The least output, in tokens, that this row is for.
        batch: What a batch costs, as a part of the price; None where no price for batches is published.
        note: What to know of this row.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    model: str
    region: Region
    input: Decimal
    cached: Decimal | None
    output: Decimal
    input_from: int = 0
    output_from: int = 0
    batch: Decimal | None = None
    note: str = ""
    source: str
    seen: date

    @property
    def currency(self) -> Currency:
        """The site's currency."""
        return CURRENCIES[self.region]

    @property
    def free(self) -> bool:
        """Whether the page calls the model free of charge."""
        return not (self.input or self.cached or self.output)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPrice:
    """The price of something that is not counted in tokens.

    Attributes:
        model: The model's id, or the name of a search engine.
        region: The site.
        unit: What the price is for.
        amount: The price of one.
        batch: What a batch costs, as a part of the price; None where no price for batches is published.
        note: What to know of this row.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    model: str
    region: Region
    unit: Unit
    amount: Decimal
    batch: Decimal | None = None
    note: str = ""
    source: str
    seen: date

    @property
    def currency(self) -> Currency:
        """The site's currency."""
        return CURRENCIES[self.region]

    @property
    def free(self) -> bool:
        """Whether the page calls it free of charge."""
        return not self.amount


Price: TypeAlias = TokenPrice | UnitPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """A model that is called but has no price to reckon with, and why."""

    model: str
    region: Region
    why: str
    source: str
    seen: date


class _Origin(NamedTuple):
    source: str
    seen: date


_CN: Final = _Origin(
    "docs.bigmodel.cn/cn/guide/start/pricing, as copied by RarogCmex/pi-bigmodel and one more",
    date(2026, 10, 9),
)
_CN_COPY: Final = _Origin("docs.bigmodel.cn/cn/guide/start/pricing, as copied once", date(2026, 10, 6))
_CN_FREE: Final = _Origin("docs.bigmodel.cn/cn/guide/start/model-overview", date(2026, 11, 23))
_CN_MEDIA: Final = _Origin("bigmodel.cn/pricing, as copied once", date(2026, 7, 13))
_CN_SEARCH: Final = _Origin("open.bigmodel.cn/pricing, as copied by three", date(2026, 9, 9))
_CN_SPEECH: Final = _Origin("docs.bigmodel.cn/cn/guide/start/pricing, as copied by two", date(2026, 10, 9))
_NOTE: Final = _Origin("third-party notes on bigmodel.cn", date(2026, 11, 23))
_INTL: Final = _Origin("docs.z.ai/guides/overview/pricing, as copied once", date(2026, 7, 31))
_INTL_5_3: Final = _Origin("docs.z.ai/guides/overview/pricing, as copied by three", date(2026, 10, 7))
_INTL_5V: Final = _Origin("docs.z.ai/guides/overview/pricing, as copied by two", date(2026, 9, 3))

BATCH_SHARE: Final = Decimal("0.5")
"""A batch costs half. Source: docs.bigmodel.cn/cn/faq/batch-api-issues, seen 2026-11-24, which names the models."""

_TIERS: Final = "32K is taken as 32,000 tokens, the dearer reading (a copy has 32,768)."
_OUTPUT_TIERS: Final = f"0.2K of output is taken as 200 tokens. {_TIERS}"
_GONE_BY: Final = "One reading of 2026-08-31 no longer found the model on the page."

_SIZES: Final = (0, 32_000)


def _row(
    region: Region,
    model: str,
    prices: str,
    origin: _Origin,
    *,
    input_from: int = 0,
    output_from: int = 0,
    batch: bool = False,
    note: str = "",
) -> TokenPrice:
    """Make a row of its prices for input, cached input and output, as the page has them; "-" for none."""
    fresh, cached, output = prices.split()
    return TokenPrice(
        model=model,
        region=region,
        input=Decimal(fresh),
        cached=None if cached == "-" else Decimal(cached),
        output=Decimal(output),
        input_from=input_from,
        output_from=output_from,
        batch=BATCH_SHARE if batch else None,
        note=note,
        source=origin.source,
        seen=origin.seen,
    )


def _tiers(model: str, short: str, long: str, origin: _Origin = _CN) -> Iterator[TokenPrice]:
    for least, prices in zip(_SIZES, (short, long), strict=True):
        yield _row("cn", model, prices, origin, input_from=least, note=_TIERS)


def _tiers_by_output(model: str, brief: str, short: str, long: str) -> Iterator[TokenPrice]:
    yield _row("cn", model, brief, _CN, note=_OUTPUT_TIERS)
    yield _row("cn", model, short, _CN, output_from=200, note=_OUTPUT_TIERS)
    yield _row("cn", model, long, _CN, input_from=_SIZES[1], note=_OUTPUT_TIERS)


TOKEN_PRICES: Final[tuple[TokenPrice, ...]] = (
    _row("cn", "glm-5.3", "8 2 28", _CN),
    _row("cn", "glm-5.3-flash", "0.8 0.23 2.8", _CN),
    _row("cn", "glm-5.3-flashx", "2 0.57 7", _CN),
    _row("cn", "glm-5.2", "8 2 28", _CN),
    *_tiers("glm-5.1", "6 1.3 24", "8 2 28"),
    *_tiers("glm-5-turbo", "5 1.2 22", "7 1.8 26"),
    *_tiers("glm-5", "4 1 18", "6 1.5 22"),
    *_tiers_by_output("glm-4.7", "2 0.4 8", "3 0.6 14", "4 0.8 16"),
    _row("cn", "glm-4.7-flashx", "0.5 0.1 3", _CN),
    _row("cn", "glm-4.7-flash", "0 0 0", _CN),
    *_tiers_by_output("glm-4.5-air", "0.8 0.16 2", "0.8 0.16 6", "1.2 0.24 8"),
    _row("cn", "glm-4.5-flash", "0 0 0", _CN_FREE),
    _row("cn", "glm-4-plus", "5 2.5 5", _CN_COPY, batch=True),
    _row("cn", "glm-4-air-250414", "0.5 0.25 0.5", _CN_COPY, batch=True),
    _row("cn", "glm-4-airx", "10 - 10", _CN_COPY),
    _row("cn", "glm-4-long", "1 0.5 1", _CN_COPY, batch=True),
    _row("cn", "glm-4-flashx-250414", "0.1 0.05 0.1", _CN, batch=True),
    _row("cn", "glm-4-flash-250414", "0 - 0", _CN),
    _row("cn", "glm-z1-air", "0.5 - 0.5", _CN_COPY),
    _row("cn", "glm-z1-airx", "5 - 5", _CN_COPY),
    _row("cn", "glm-z1-flashx", "0.1 - 0.1", _CN_COPY),
    _row("cn", "glm-z1-flash", "0 - 0", _CN_COPY),
    *_tiers("glm-5v-turbo", "5 1.2 22", "7 1.8 26"),
    *_tiers("glm-4.6v", "1 0.2 3", "2 0.4 6"),
    *_tiers("glm-4.6v-flashx", "0.15 0.03 1.5", "0.3 0.03 3"),
    _row("cn", "glm-4.6v-flash", "0 0 0", _CN),
    *_tiers("glm-4.5v", "2 0.4 6", "4 0.8 12"),
    _row("cn", "glm-4v-plus-0111", "4 2 4", _CN_COPY, batch=True),
    _row("cn", "glm-4v-flash", "0 - 0", _CN_COPY),
    _row("cn", "glm-4.1v-thinking-flashx", "2 - 2", _CN),
    _row("cn", "glm-4.1v-thinking-flash", "0 - 0", _CN),
    _row("cn", "glm-ocr", "0.2 - 0.2", _CN),
    _row("cn", "codegeex-4", "0.1 - 0.1", _CN_COPY),
    _row("cn", "embedding-3", "0.5 - 0.5", _CN_COPY, batch=True),
    _row("cn", "embedding-2", "0.5 - 0.5", _CN_COPY, batch=True),
    _row("cn", "rerank", "0.8 - 0.8", _CN_COPY),
    _row("intl", "glm-5.3", "1.4 0.26 4.4", _INTL_5_3),
    _row("intl", "glm-5.3-flash", "0.15 0.03 0.5", _INTL_5_3),
    _row("intl", "glm-5.3-flashx", "0.37 0.075 1.25", _INTL_5_3),
    _row("intl", "glm-5.2", "1.4 0.26 4.4", _INTL),
    _row("intl", "glm-5.1", "1.4 0.26 4.4", _INTL),
    _row("intl", "glm-5", "1 0.2 3.2", _INTL),
    _row("intl", "glm-5-turbo", "1.2 0.24 4", _INTL, note=_GONE_BY),
    _row("intl", "glm-4.7", "0.6 0.11 2.2", _INTL),
    _row("intl", "glm-4.7-flashx", "0.07 0.01 0.4", _INTL),
    _row("intl", "glm-4.7-flash", "0 0 0", _INTL),
    _row("intl", "glm-4.6", "0.6 0.11 2.2", _INTL),
    _row("intl", "glm-4.5", "0.6 0.11 2.2", _INTL),
    _row("intl", "glm-4.5-x", "2.2 0.45 8.9", _INTL),
    _row("intl", "glm-4.5-air", "0.2 0.03 1.1", _INTL),
    _row("intl", "glm-4.5-airx", "1.1 0.22 4.5", _INTL),
    _row("intl", "glm-4.5-flash", "0 0 0", _INTL),
    _row("intl", "glm-4-32b-0414-128k", "0.1 - 0.1", _INTL),
    _row("intl", "glm-5v-turbo", "1.2 0.24 4", _INTL_5V),
    _row("intl", "glm-4.6v", "0.3 0.05 0.9", _INTL),
    _row("intl", "glm-4.6v-flashx", "0.04 0.004 0.4", _INTL),
    _row("intl", "glm-4.6v-flash", "0 0 0", _INTL),
    _row("intl", "glm-4.5v", "0.6 0.11 1.8", _INTL),
    _row("intl", "glm-ocr", "0.03 - 0.03", _INTL),
    _row(
        "intl",
        "glm-asr-2512",
        "0.03 - 0.03",
        _INTL,
        note="The page adds: about 0.0024 USD a minute. It does not say which tokens; all are counted.",
    ),
)
"""By model and site; of several rows the last one whose two bounds are reached is the one that counts."""


def _unit(
    region: Region,
    model: str,
    amount: str,
    unit: Unit,
    origin: _Origin,
    *,
    batch: bool = False,
    note: str = "",
) -> UnitPrice:
    return UnitPrice(
        model=model,
        region=region,
        unit=unit,
        amount=Decimal(amount),
        batch=BATCH_SHARE if batch else None,
        note=note,
        source=origin.source,
        seen=origin.seen,
    )


_TWO_PRICES: Final = "Copies differ: 0.06 (2026-07-13) and 0.1 (2026-03-13). The dearer one stands."

UNIT_PRICES: Final[tuple[UnitPrice, ...]] = (
    _unit(
        "cn", "glm-image", "0.1", "image", _Origin("bigmodel.cn/pricing, as copied once", date(2026, 3, 13))
    ),
    _unit("cn", "cogview-4", "0.1", "image", _CN_MEDIA, batch=True, note=_TWO_PRICES),
    _unit("cn", "cogview-4-250304", "0.1", "image", _CN_MEDIA, batch=True, note=_TWO_PRICES),
    _unit("cn", "cogview-3-flash", "0", "image", _CN_FREE),
    _unit("cn", "cogvideox-3", "1", "video", _CN_MEDIA),
    _unit("cn", "cogvideox-2", "0.5", "video", _CN_MEDIA, batch=True),
    _unit("cn", "cogvideox-flash", "0", "video", _CN_FREE),
    _unit("cn", "glm-tts", "2", "10,000 characters", _CN_SPEECH),
    _unit("cn", "glm-asr-2512", "0.06", "minute", _NOTE, note="From one note that does not name its source."),
    _unit("cn", "search_std", "0.01", "search", _CN_SEARCH),
    _unit("cn", "search_pro", "0.03", "search", _CN_SEARCH),
    _unit("cn", "search_pro_sogou", "0.05", "search", _CN_SEARCH),
    _unit("cn", "search_pro_quark", "0.05", "search", _CN_SEARCH),
    _unit("intl", "glm-image", "0.015", "image", _INTL),
    _unit("intl", "cogview-4", "0.01", "image", _INTL),
    _unit("intl", "cogview-4-250304", "0.01", "image", _INTL),
    _unit("intl", "cogvideox-3", "0.2", "video", _INTL),
    _unit("intl", "viduq1-text", "0.4", "video", _INTL),
    _unit("intl", "viduq1-image", "0.4", "video", _INTL),
    _unit("intl", "viduq1-start-end", "0.4", "video", _INTL),
    _unit("intl", "vidu2-image", "0.2", "video", _INTL),
    _unit("intl", "vidu2-start-end", "0.2", "video", _INTL),
    _unit("intl", "vidu2-reference", "0.4", "video", _INTL),
    _unit("intl", "web_search", "0.01", "search", _INTL, note="Whichever engine is used."),
)

_OFF_THE_PAGE: Final = "it has gone from the price page of bigmodel.cn, though it still answers"
_OFF: Final = _Origin("RarogCmex/pi-bigmodel, on docs.bigmodel.cn/cn/guide/start/pricing", date(2026, 10, 9))

UNPRICED: Final[tuple[Unpriced, ...]] = tuple(
    Unpriced(model=model, region="cn", why=_OFF_THE_PAGE, source=_OFF.source, seen=_OFF.seen)
    for model in ("glm-4.6", "glm-4.5", "glm-4.5-airx")
)
"""The last prices that these had are older than the page; to reckon with them would be a guess."""
