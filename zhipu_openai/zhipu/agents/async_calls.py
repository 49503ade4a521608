"""The calls of ``client.zhipu.agents``, async."""

# ruff: noqa: PLC0415 - the wrappers are needed by few

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import Unpack

from zhipu_openai.zhipu._resource import AsyncZhipuResource, request_options, takes

from .params import (
    AgentConversationParams,
    AgentInvokeParams,
    AgentResultParams,
    AgentWaitParams,
    ContractParams,
    CorrectionAnalysisParams,
    CorrectionParams,
    CorrectionResultParams,
    DocTranslationParams,
    DrawingParams,
    FileParams,
    GeneralTranslationParams,
    JobMatchingParams,
    NoticeParams,
    SalesCheckParams,
    ServiceCheckParams,
    SolveParams,
    StyledTranslationParams,
    SubtitleParams,
    TextAndImageParams,
    TextParams,
    TranslationParams,
    ViduTemplateParams,
)
from .requests import analysis_of, checked, conversation_of, correction_of, has_come, of_helper
from .types import AgentConversation, AgentResponse

if TYPE_CHECKING:
    from openai import AsyncStream

    from .responses import AsyncAgentsWithRawResponse, AsyncAgentsWithStreamingResponse


class AsyncAgents(AsyncZhipuResource):
    """Zhipu's agents: any of them by ``invoke`` and ``stream``, and each by a helper with keywords of its own."""

    @cached_property
    def with_raw_response(self) -> AsyncAgentsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        from .responses import AsyncAgentsWithRawResponse

        return AsyncAgentsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncAgentsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        from .responses import AsyncAgentsWithStreamingResponse

        return AsyncAgentsWithStreamingResponse(self)

    @takes(AgentInvokeParams)
    async def invoke(self, **given: Unpack[AgentInvokeParams]) -> AgentResponse:
        """Ask an agent, and wait for its answer; see Agents.invoke."""
        return await self._ask(checked(given))

    @takes(AgentInvokeParams)
    async def stream(self, **given: Unpack[AgentInvokeParams]) -> AsyncStream[AgentResponse]:
        """Ask an agent, and read its answer as it comes; see Agents.stream."""
        return await self._open(checked(given))

    @takes(AgentResultParams)
    async def async_result(self, **given: Unpack[AgentResultParams]) -> AgentResponse:
        """Look whether an answer that comes later is there; see Agents.async_result."""
        return await self._call(
            "post", "/agents/async-result", cast_to=AgentResponse, given=given, root="agents"
        )

    @takes(AgentWaitParams)
    async def wait(self, **given: Unpack[AgentWaitParams]) -> AgentResponse:
        """Look again and again until an answer that comes later is there; see Agents.wait."""
        asked = {"agent_id": given["agent_id"], "async_id": given["async_id"], **request_options(given)}
        if "custom_variables" in given:
            asked["custom_variables"] = given["custom_variables"]
        return await self._wait(
            lambda: self.async_result(**asked), has_come, given, f"The work of {given['agent_id']}"
        )

    @takes(AgentConversationParams)
    async def conversation(
        self, conversation_id: str, **given: Unpack[AgentConversationParams]
    ) -> AgentConversation:
        """Give what a conversation has made: the slides as files; see Agents.conversation."""
        return await self._call(
            "post",
            "/agents/conversation",
            cast_to=AgentConversation,
            given=conversation_of(conversation_id, given),
            root="agents",
        )

    @takes(GeneralTranslationParams)
    async def general_translation(self, **given: Unpack[GeneralTranslationParams]) -> AgentResponse:
        """Translate text; see Agents.general_translation."""
        return await self._ask(of_helper("general_translation", given))

    @takes(GeneralTranslationParams)
    async def general_translation_stream(
        self, **given: Unpack[GeneralTranslationParams]
    ) -> AsyncStream[AgentResponse]:
        """Translate text, and read the translation as it comes; see Agents.general_translation_stream."""
        return await self._open(of_helper("general_translation", given))

    @takes(TextParams)
    async def slides(self, **given: Unpack[TextParams]) -> AsyncStream[AgentResponse]:
        """Make slides, or change those of a conversation; a stream of what the agent thinks, does and says; see Agents.slides."""
        return await self._open(of_helper("slides", given))

    @takes(DrawingParams)
    async def ai_drawing(self, **given: Unpack[DrawingParams]) -> AgentResponse:
        """Draw a picture; its link is in a part ``image_url``; see Agents.ai_drawing."""
        return await self._ask(of_helper("ai_drawing", given))

    @takes(ViduTemplateParams)
    async def vidu_template(self, **given: Unpack[ViduTemplateParams]) -> AgentResponse:
        """Make a short video of a picture. The answer comes later; see ``wait``. Its link is valid for 24 hours; see Agents.vidu_template."""
        return await self._ask(of_helper("vidu_template", given))

    @takes(FileParams)
    async def receipt_recognition(self, **given: Unpack[FileParams]) -> AgentResponse:
        """Read a receipt; see Agents.receipt_recognition."""
        return await self._ask(of_helper("receipt_recognition", given))

    @takes(FileParams)
    async def clothes_recognition(self, **given: Unpack[FileParams]) -> AgentResponse:
        """Describe the clothes in a picture; see Agents.clothes_recognition."""
        return await self._ask(of_helper("clothes_recognition", given))

    @takes(SolveParams)
    async def education_solve(self, **given: Unpack[SolveParams]) -> AsyncStream[AgentResponse]:
        """Solve an exercise; the solution is streamed; see Agents.education_solve."""
        return await self._open(of_helper("education_solve", given))

    @takes(DocTranslationParams)
    async def doc_translation(self, **given: Unpack[DocTranslationParams]) -> AgentResponse:
        """Translate a document. The answer comes later; see ``wait``; see Agents.doc_translation."""
        return await self._ask(of_helper("doc_translation", given))

    @takes(TranslationParams)
    async def social_literature_translation(self, **given: Unpack[TranslationParams]) -> AgentResponse:
        """Translate literature of the social sciences; see Agents.social_literature_translation."""
        return await self._ask(of_helper("social_literature_translation", given))

    @takes(SubtitleParams)
    async def subtitle_translation(self, **given: Unpack[SubtitleParams]) -> AgentResponse:
        """Translate subtitles; see Agents.subtitle_translation."""
        return await self._ask(of_helper("subtitle_translation", given))

    @takes(StyledTranslationParams)
    async def social_translation(self, **given: Unpack[StyledTranslationParams]) -> AgentResponse:
        """Translate a post, in a style; see Agents.social_translation."""
        return await self._ask(of_helper("social_translation", given))

    @takes(TextAndImageParams)
    async def cartoon_generator(self, **given: Unpack[TextAndImageParams]) -> AgentResponse:
        """Make a cartoon of a picture; see Agents.cartoon_generator."""
        return await self._ask(of_helper("cartoon_generator", given))

    @takes(JobMatchingParams)
    async def job_matching(self, **given: Unpack[JobMatchingParams]) -> AgentResponse:
        """Compare a résumé with a job; see Agents.job_matching."""
        return await self._ask(of_helper("job_matching", given))

    @takes(ServiceCheckParams)
    async def service_check(self, **given: Unpack[ServiceCheckParams]) -> AgentResponse:
        """Check a conversation of a service desk; see Agents.service_check."""
        return await self._ask(of_helper("service_check", given))

    @takes(SalesCheckParams)
    async def sales_check(self, **given: Unpack[SalesCheckParams]) -> AgentResponse:
        """Check a conversation of a salesperson; see Agents.sales_check."""
        return await self._ask(of_helper("sales_check", given))

    @takes(ContractParams)
    async def contract_parser(self, **given: Unpack[ContractParams]) -> AgentResponse:
        """Read a contract; see Agents.contract_parser."""
        return await self._ask(of_helper("contract_parser", given))

    @takes(NoticeParams)
    async def bidding_parser(self, **given: Unpack[NoticeParams]) -> AgentResponse:
        """Read a call for tenders; see Agents.bidding_parser."""
        return await self._ask(of_helper("bidding_parser", given))

    @takes(NoticeParams)
    async def bidwin_parser(self, **given: Unpack[NoticeParams]) -> AgentResponse:
        """Read a notice of award; see Agents.bidwin_parser."""
        return await self._ask(of_helper("bidwin_parser", given))

    @takes(CorrectionParams)
    async def education_correction(self, **given: Unpack[CorrectionParams]) -> AgentResponse:
        """Correct the exercises on a picture. The corrections come later; see ``education_correction_result``; see Agents.education_correction."""
        return await self._ask(of_helper("education_correction", given))

    @takes(CorrectionResultParams)
    async def education_correction_result(self, **given: Unpack[CorrectionResultParams]) -> AgentResponse:
        """Look for the corrections that ``education_correction`` began; see Agents.education_correction_result."""
        return await self._call(
            "post", "/agents/async-result", cast_to=AgentResponse, given=correction_of(given), root="agents"
        )

    @takes(CorrectionAnalysisParams)
    async def education_correction_analysis(
        self, **given: Unpack[CorrectionAnalysisParams]
    ) -> AsyncStream[AgentResponse]:
        """Read the explanation of an exercise, as it comes; see Agents.education_correction_analysis."""
        return await self._open(analysis_of(given))

    async def _ask(self, given: dict[str, Any]) -> AgentResponse:
        return await self._call("post", "/agents", cast_to=AgentResponse, given=given, root="agents")

    async def _open(self, given: dict[str, Any]) -> AsyncStream[AgentResponse]:
        return await self._stream("/agents", chunk=AgentResponse, given=given, root="agents")
