"""``client.zhipu.finance``: FinAgent, Zhipu's agents for banks and insurers.

In no specification of 2026, so presumably retired: a call is refused before it is sent, unless ``force=True`` says
that the account still has it. Its codes 1001 to 1010 are its own, while an error's class here is that of the
platform's code of the same number.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)
from ._retired import refuse_retired

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai import AsyncStream, Stream
    from openai._types import FileTypes

LAST_LISTED: Final = date(2025, 10, 1)
"""About when the developer pages were read that have it."""


class FinanceOptions(Options, total=False):
    """What every call takes beside its own keywords."""

    model: str | Absent
    temperature: float | Absent
    force: bool


class _Company(TypedDict):
    company: str


class _Query(TypedDict):
    query: str


class DueDiligenceParams(_Company, FinanceOptions, total=False):
    """The keywords of ``finance.due_diligence_report``; see there."""


class AuditParams(_Query, FinanceOptions, total=False):
    """The keywords of ``finance.consumer_protection_audit``; see there."""

    image: FileTypes | Absent


class SparringParams(_Query, FinanceOptions, total=False):
    """The keywords of ``finance.adviser_sparring``; see there."""

    history: Iterable[Any] | Absent


class TrackerParams(_Query, FinanceOptions, total=False):
    """The keywords of ``finance.regulatory_updates``; see there."""


class FinanceResult(BaseModel):
    """What an agent found.

    Attributes:
        result: The report.
        svg: A drawing of it.
    """

    result: Any = None
    svg: str | None = None


class FinanceResponse(BaseModel):
    """An agent's whole answer."""

    data: FinanceResult
    code: int | None = None
    message: str | None = None


class FinanceText(BaseModel):
    """A bit of a report."""

    output: str | None = None
    svg: str | None = None


class FinanceData(BaseModel):
    """What an event holds."""

    text: list[FinanceText] | None = None


class FinanceUsage(BaseModel):
    """Tokens that are billed."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    max_token: int | None = None


class FinanceEvent(BaseModel):
    """An event of an agent's stream; the last is ``workflow_finished`` or ``message_finished``.

    Attributes:
        event: What it is about.
        session_id: The session.
        step_id: The step.
        created: When it was made, in milliseconds since 1970.
        data: Bits of the report.
        usage: What it cost.
    """

    event: str | None = None
    session_id: str | None = None
    step_id: str | None = None
    created: int | None = None
    data: FinanceData | None = None
    usage: FinanceUsage | None = None

    @property
    def text(self) -> str:
        """The text of the event."""
        bits = self.data.text if self.data is not None else None
        return "".join(one.output or "" for one in bits or [])


class Finance(ZhipuResource):
    """FinAgent: reports and training for banks and insurers."""

    @cached_property
    def with_raw_response(self) -> FinanceWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return FinanceWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> FinanceWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return FinanceWithStreamingResponse(self)

    @takes(DueDiligenceParams)
    def due_diligence_report(self, **given: Unpack[DueDiligenceParams]) -> FinanceResponse:
        """Report on a company.

        Source: bigmodel.cn developer pages, 2025-10; in no specification of 2026. At bigmodel.cn alone.

        Args:
            company: Its name, 2 to 25 characters.
            model: ``"4-Plus"`` or ``"4-Air"``.
            temperature: As in chat.
            force: Send the call although it is presumably retired.

        Raises:
            openai.BadRequestError: ``force`` was not given, or a field is wrong.
        """
        return self._call(
            "post",
            "/DueDiligenceReport",
            cast_to=FinanceResponse,
            given=checked("due_diligence_report", given),
            root="finance",
        )

    @takes(DueDiligenceParams)
    def due_diligence_report_stream(self, **given: Unpack[DueDiligenceParams]) -> Stream[FinanceEvent]:
        """Report on a company, as it comes; the keywords are those of ``due_diligence_report``."""
        return self._stream(
            "/DueDiligenceReport",
            chunk=FinanceEvent,
            given=checked("due_diligence_report", given),
            root="finance",
        )

    @takes(AuditParams)
    def consumer_protection_audit(self, **given: Unpack[AuditParams]) -> FinanceResponse:
        """Check advertising against the rules that protect consumers.

        Source: bigmodel.cn developer pages, 2025-10; in no specification of 2026. At bigmodel.cn alone.

        Args:
            query: The text, at most 10000 characters.
            image: A picture, at most 5 MB.
            model: ``"4-Plus"`` or ``"4-Air"``.
            temperature: As in chat.
            force: Send the call although it is presumably retired.

        Raises:
            openai.BadRequestError: ``force`` was not given, or a field is wrong.
        """
        return self._call(
            "post",
            "/ConsumerProtectionAudit",
            cast_to=FinanceResponse,
            given=checked("consumer_protection_audit", given),
            root="finance",
            files={"image": given.get("image")},
        )

    @takes(SparringParams)
    def adviser_sparring(self, **given: Unpack[SparringParams]) -> FinanceResponse:
        """Train an adviser: play a customer.

        Source: bigmodel.cn developer pages, 2025-10; in no specification of 2026. At bigmodel.cn alone.

        Args:
            query: What the adviser says, at most 2000 characters.
            history: What was said before, at most 30 turns; their form is not documented.
            model: ``"4-Plus"`` or ``"4-Air"``.
            temperature: As in chat.
            force: Send the call although it is presumably retired.

        Raises:
            openai.BadRequestError: ``force`` was not given, or a field is wrong.
        """
        return self._call(
            "post",
            "/FinancialAdviserSparring",
            cast_to=FinanceResponse,
            given=checked("adviser_sparring", given),
            root="finance",
        )

    @takes(SparringParams)
    def adviser_sparring_stream(self, **given: Unpack[SparringParams]) -> Stream[FinanceEvent]:
        """Train an adviser: play a customer, as it comes; the keywords are those of ``adviser_sparring``."""
        return self._stream(
            "/FinancialAdviserSparring",
            chunk=FinanceEvent,
            given=checked("adviser_sparring", given),
            root="finance",
        )

    @takes(TrackerParams)
    def regulatory_updates(self, **given: Unpack[TrackerParams]) -> FinanceResponse:
        """Report on new rules.

        Source: bigmodel.cn developer pages, 2025-10; in no specification of 2026. At bigmodel.cn alone.

        Args:
            query: What they are about, 2 to 25 characters.
            model: ``"4-Plus"`` or ``"4-Air"``.
            temperature: As in chat.
            force: Send the call although it is presumably retired.

        Raises:
            openai.BadRequestError: ``force`` was not given, or a field is wrong.
        """
        return self._call(
            "post",
            "/RegulatoryUpdatesTracker",
            cast_to=FinanceResponse,
            given=checked("regulatory_updates", given),
            root="finance",
        )

    @takes(TrackerParams)
    def regulatory_updates_stream(self, **given: Unpack[TrackerParams]) -> Stream[FinanceEvent]:
        """Report on new rules, as it comes; the keywords are those of ``regulatory_updates``."""
        return self._stream(
            "/RegulatoryUpdatesTracker",
            chunk=FinanceEvent,
            given=checked("regulatory_updates", given),
            root="finance",
        )


class AsyncFinance(AsyncZhipuResource):
    """FinAgent: reports and training for banks and insurers."""

    @cached_property
    def with_raw_response(self) -> AsyncFinanceWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncFinanceWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncFinanceWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncFinanceWithStreamingResponse(self)

    @takes(DueDiligenceParams)
    async def due_diligence_report(self, **given: Unpack[DueDiligenceParams]) -> FinanceResponse:
        """Report on a company; see Finance.due_diligence_report."""
        return await self._call(
            "post",
            "/DueDiligenceReport",
            cast_to=FinanceResponse,
            given=checked("due_diligence_report", given),
            root="finance",
        )

    @takes(DueDiligenceParams)
    async def due_diligence_report_stream(
        self, **given: Unpack[DueDiligenceParams]
    ) -> AsyncStream[FinanceEvent]:
        """Report on a company, as it comes; the keywords are those of ``due_diligence_report``; see Finance.due_diligence_report_stream."""
        return await self._stream(
            "/DueDiligenceReport",
            chunk=FinanceEvent,
            given=checked("due_diligence_report", given),
            root="finance",
        )

    @takes(AuditParams)
    async def consumer_protection_audit(self, **given: Unpack[AuditParams]) -> FinanceResponse:
        """Check advertising against the rules that protect consumers; see Finance.consumer_protection_audit."""
        return await self._call(
            "post",
            "/ConsumerProtectionAudit",
            cast_to=FinanceResponse,
            given=checked("consumer_protection_audit", given),
            root="finance",
            files={"image": given.get("image")},
        )

    @takes(SparringParams)
    async def adviser_sparring(self, **given: Unpack[SparringParams]) -> FinanceResponse:
        """Train an adviser: play a customer; see Finance.adviser_sparring."""
        return await self._call(
            "post",
            "/FinancialAdviserSparring",
            cast_to=FinanceResponse,
            given=checked("adviser_sparring", given),
            root="finance",
        )

    @takes(SparringParams)
    async def adviser_sparring_stream(self, **given: Unpack[SparringParams]) -> AsyncStream[FinanceEvent]:
        """Train an adviser: play a customer, as it comes; the keywords are those of ``adviser_sparring``; see Finance.adviser_sparring_stream."""
        return await self._stream(
            "/FinancialAdviserSparring",
            chunk=FinanceEvent,
            given=checked("adviser_sparring", given),
            root="finance",
        )

    @takes(TrackerParams)
    async def regulatory_updates(self, **given: Unpack[TrackerParams]) -> FinanceResponse:
        """Report on new rules; see Finance.regulatory_updates."""
        return await self._call(
            "post",
            "/RegulatoryUpdatesTracker",
            cast_to=FinanceResponse,
            given=checked("regulatory_updates", given),
            root="finance",
        )

    @takes(TrackerParams)
    async def regulatory_updates_stream(self, **given: Unpack[TrackerParams]) -> AsyncStream[FinanceEvent]:
        """Report on new rules, as it comes; the keywords are those of ``regulatory_updates``; see Finance.regulatory_updates_stream."""
        return await self._stream(
            "/RegulatoryUpdatesTracker",
            chunk=FinanceEvent,
            given=checked("regulatory_updates", given),
            root="finance",
        )


class FinanceWithRawResponse:
    """See Finance."""

    def __init__(self, group: Finance) -> None:
        """Wrap the calls of a group."""
        self.due_diligence_report = raw(group.due_diligence_report)
        self.due_diligence_report_stream = raw(group.due_diligence_report_stream)
        self.consumer_protection_audit = raw(group.consumer_protection_audit)
        self.adviser_sparring = raw(group.adviser_sparring)
        self.adviser_sparring_stream = raw(group.adviser_sparring_stream)
        self.regulatory_updates = raw(group.regulatory_updates)
        self.regulatory_updates_stream = raw(group.regulatory_updates_stream)


class FinanceWithStreamingResponse:
    """See Finance."""

    def __init__(self, group: Finance) -> None:
        """Wrap the calls of a group."""
        self.due_diligence_report = streamed(group.due_diligence_report)
        self.due_diligence_report_stream = streamed(group.due_diligence_report_stream)
        self.consumer_protection_audit = streamed(group.consumer_protection_audit)
        self.adviser_sparring = streamed(group.adviser_sparring)
        self.adviser_sparring_stream = streamed(group.adviser_sparring_stream)
        self.regulatory_updates = streamed(group.regulatory_updates)
        self.regulatory_updates_stream = streamed(group.regulatory_updates_stream)


class AsyncFinanceWithRawResponse:
    """See AsyncFinance."""

    def __init__(self, group: AsyncFinance) -> None:
        """Wrap the calls of a group."""
        self.due_diligence_report = async_raw(group.due_diligence_report)
        self.due_diligence_report_stream = async_raw(group.due_diligence_report_stream)
        self.consumer_protection_audit = async_raw(group.consumer_protection_audit)
        self.adviser_sparring = async_raw(group.adviser_sparring)
        self.adviser_sparring_stream = async_raw(group.adviser_sparring_stream)
        self.regulatory_updates = async_raw(group.regulatory_updates)
        self.regulatory_updates_stream = async_raw(group.regulatory_updates_stream)


class AsyncFinanceWithStreamingResponse:
    """See AsyncFinance."""

    def __init__(self, group: AsyncFinance) -> None:
        """Wrap the calls of a group."""
        self.due_diligence_report = async_streamed(group.due_diligence_report)
        self.due_diligence_report_stream = async_streamed(group.due_diligence_report_stream)
        self.consumer_protection_audit = async_streamed(group.consumer_protection_audit)
        self.adviser_sparring = async_streamed(group.adviser_sparring)
        self.adviser_sparring_stream = async_streamed(group.adviser_sparring_stream)
        self.regulatory_updates = async_streamed(group.regulatory_updates)
        self.regulatory_updates_stream = async_streamed(group.regulatory_updates_stream)


def checked(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a request that the caller insists on.

    Raises:
        openai.BadRequestError: The caller does not; nothing is sent.
    """
    if given.get("force") is not True:
        url = "https://open.bigmodel.cn/api/aico-saas/bm/v1"
        refuse_retired(f"client.zhipu.finance.{name}", LAST_LISTED, param=None, url=url)
    return {key: value for key, value in given.items() if key != "force"}
