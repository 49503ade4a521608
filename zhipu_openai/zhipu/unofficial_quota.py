"""``client.zhipu.unofficial_quota``: what is left of a Coding Plan. Undocumented by Zhipu; may change or go."""

from __future__ import annotations

from datetime import timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from openai import BaseModel
from pydantic import Field
from typing_extensions import TypedDict, Unpack

from ._resource import (
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)

if TYPE_CHECKING:
    from datetime import datetime


_BEIJING: Final = timezone(timedelta(hours=8))


class _Required(TypedDict):
    start: datetime
    end: datetime


class UsageParams(_Required, Options, total=False):
    """The keywords of ``model_usage`` and ``tool_usage``; see there."""


class QuotaLimit(BaseModel):
    """One limit of the plan.

    Attributes:
        type: ``TOKENS_LIMIT``, ``TIME_LIMIT`` or ``CREDIT_LIMIT``.
        unit: What ``number`` counts: 3 hours, 5 months, 6 weeks.
        number: The length of the period, in units.
        usage: What the period allows.
        current_value: What is used.
        remaining: What is left.
        percentage: How much is used, 0 to 100.
        next_reset_time: When the period ends, in milliseconds since 1970.
    """

    type: str
    unit: int | None = None
    number: int | None = None
    usage: float | None = None
    current_value: float | None = Field(default=None, alias="currentValue")
    remaining: float | None = None
    percentage: float | None = None
    next_reset_time: int | None = Field(default=None, alias="nextResetTime")


class Quota(BaseModel):
    """The plan's level and its limits."""

    level: str | None = None
    limits: list[QuotaLimit] | None = None


class QuotaResponse(BaseModel):
    """The quota, in the envelope in which it comes."""

    data: Quota
    code: int | None = None
    msg: str | None = None
    success: bool | None = None


class UsageResponse(BaseModel):
    """Usage over time, whose form is not established."""

    data: Any
    code: int | None = None
    msg: str | None = None
    success: bool | None = None


def between(start: datetime, end: datetime) -> dict[str, str]:
    """Write a time's two ends as the service reads them: on Beijing's clock, to the second."""
    ends = {"startTime": start, "endTime": end}
    local = {name: one.astimezone(_BEIJING) if one.tzinfo else one for name, one in ends.items()}
    return {name: f"{one:%Y-%m-%d %H:%M:%S}" for name, one in local.items()}


class UnofficialQuota(ZhipuResource):
    """Undocumented: what is left of a Coding Plan."""

    @cached_property
    def with_raw_response(self) -> UnofficialQuotaWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return UnofficialQuotaWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> UnofficialQuotaWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return UnofficialQuotaWithStreamingResponse(self)

    @takes(Options)
    def limit(self, **given: Unpack[Options]) -> QuotaResponse:
        """Ask what is left of the Coding Plan. Undocumented; may change or go.

        Source: recorded traffic, 2026-09-11. A cash balance cannot be asked for.
        """
        return self._call("get", "/quota/limit", cast_to=QuotaResponse, given=given, root="monitor")

    @takes(UsageParams)
    def model_usage(self, **given: Unpack[UsageParams]) -> UsageResponse:
        """Ask how much models were used over a time. Undocumented; may change or go.

        Source: recorded traffic, 2026-09-11.

        Args:
            start: When to begin; a time without a zone is Beijing's.
            end: When to end.
        """
        fields = {name: value for name, value in given.items() if name not in ("start", "end")}
        return self._call(
            "get",
            "/model-usage",
            cast_to=UsageResponse,
            given=fields,
            fields=between(given["start"], given["end"]),
            root="monitor",
        )

    @takes(UsageParams)
    def tool_usage(self, **given: Unpack[UsageParams]) -> UsageResponse:
        """Ask how much tools were used over a time. Undocumented; may change or go.

        Source: recorded traffic, 2026-09-11.

        Args:
            start: When to begin; a time without a zone is Beijing's.
            end: When to end.
        """
        fields = {name: value for name, value in given.items() if name not in ("start", "end")}
        return self._call(
            "get",
            "/tool-usage",
            cast_to=UsageResponse,
            given=fields,
            fields=between(given["start"], given["end"]),
            root="monitor",
        )


class AsyncUnofficialQuota(AsyncZhipuResource):
    """Undocumented: what is left of a Coding Plan."""

    @cached_property
    def with_raw_response(self) -> AsyncUnofficialQuotaWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncUnofficialQuotaWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncUnofficialQuotaWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncUnofficialQuotaWithStreamingResponse(self)

    @takes(Options)
    async def limit(self, **given: Unpack[Options]) -> QuotaResponse:
        """Ask what is left of the Coding Plan. Undocumented; may change or go; see UnofficialQuota.limit."""
        return await self._call("get", "/quota/limit", cast_to=QuotaResponse, given=given, root="monitor")

    @takes(UsageParams)
    async def model_usage(self, **given: Unpack[UsageParams]) -> UsageResponse:
        """Ask how much models were used over a time. Undocumented; may change or go; see UnofficialQuota.model_usage."""
        fields = {name: value for name, value in given.items() if name not in ("start", "end")}
        return await self._call(
            "get",
            "/model-usage",
            cast_to=UsageResponse,
            given=fields,
            fields=between(given["start"], given["end"]),
            root="monitor",
        )

    @takes(UsageParams)
    async def tool_usage(self, **given: Unpack[UsageParams]) -> UsageResponse:
        """Ask how much tools were used over a time. Undocumented; may change or go; see UnofficialQuota.tool_usage."""
        fields = {name: value for name, value in given.items() if name not in ("start", "end")}
        return await self._call(
            "get",
            "/tool-usage",
            cast_to=UsageResponse,
            given=fields,
            fields=between(given["start"], given["end"]),
            root="monitor",
        )


class UnofficialQuotaWithRawResponse:
    """See UnofficialQuota."""

    def __init__(self, group: UnofficialQuota) -> None:
        """Wrap the calls of a group."""
        self.limit = raw(group.limit)
        self.model_usage = raw(group.model_usage)
        self.tool_usage = raw(group.tool_usage)


class AsyncUnofficialQuotaWithRawResponse:
    """See AsyncUnofficialQuota."""

    def __init__(self, group: AsyncUnofficialQuota) -> None:
        """Wrap the calls of a group."""
        self.limit = async_raw(group.limit)
        self.model_usage = async_raw(group.model_usage)
        self.tool_usage = async_raw(group.tool_usage)


class UnofficialQuotaWithStreamingResponse:
    """See UnofficialQuota."""

    def __init__(self, group: UnofficialQuota) -> None:
        """Wrap the calls of a group."""
        self.limit = streamed(group.limit)
        self.model_usage = streamed(group.model_usage)
        self.tool_usage = streamed(group.tool_usage)


class AsyncUnofficialQuotaWithStreamingResponse:
    """See AsyncUnofficialQuota."""

    def __init__(self, group: AsyncUnofficialQuota) -> None:
        """Wrap the calls of a group."""
        self.limit = async_streamed(group.limit)
        self.model_usage = async_streamed(group.model_usage)
        self.tool_usage = async_streamed(group.tool_usage)
