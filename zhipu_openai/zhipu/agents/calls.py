"""The calls of ``client.zhipu.agents``."""

# ruff: noqa: PLC0415 - the wrappers are needed by few

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import Unpack

from zhipu_openai.zhipu._resource import ZhipuResource, request_options, takes

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
    from openai import Stream

    from .responses import AgentsWithRawResponse, AgentsWithStreamingResponse


class Agents(ZhipuResource):
    """Zhipu's agents: any of them by ``invoke`` and ``stream``, and each by a helper with keywords of its own."""

    @cached_property
    def with_raw_response(self) -> AgentsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        from .responses import AgentsWithRawResponse

        return AgentsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AgentsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        from .responses import AgentsWithStreamingResponse

        return AgentsWithStreamingResponse(self)

    @takes(AgentInvokeParams)
    def invoke(self, **given: Unpack[AgentInvokeParams]) -> AgentResponse:
        """Ask an agent, and wait for its answer.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            agent_id: The agent; see ``catalogue.AGENTS``. One that this library does not know is asked as well.
            messages: What it is told. ``image_url`` and ``file_url`` parts hold plain links.
            custom_variables: What else the agent takes.
            conversation_id: The conversation to go on with.
            request_id: Your own id of the request, 6 to 64 characters.
            force: Ask an agent although it is retired.

        Returns:
            The answer; with status ``pending`` and an ``async_id`` where it comes later (see ``wait``).

        Raises:
            openai.BadRequestError: The agent is retired, or a field is wrong.
            openai.RateLimitError: The balance does not suffice (Zhipu code 1113, inside an HTTP 200), or there were
                too many requests.
        """
        return self._ask(checked(given))

    @takes(AgentInvokeParams)
    def stream(self, **given: Unpack[AgentInvokeParams]) -> Stream[AgentResponse]:
        """Ask an agent, and read its answer as it comes.

        Source: bigmodel.cn OpenAPI, 2026-07-11. Which agents stream is in ``catalogue.AGENTS``.

        Args:
            agent_id: See ``invoke``, as for the other keywords.

        Raises:
            openai.APIError: As ``invoke``; or, while the stream is read, the agent reported an error or was cut off.
        """
        return self._open(checked(given))

    @takes(AgentResultParams)
    def async_result(self, **given: Unpack[AgentResultParams]) -> AgentResponse:
        """Look whether an answer that comes later is there.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            agent_id: The agent.
            async_id: The ``async_id`` of its first answer.
            custom_variables: What else the agent takes.

        Returns:
            The answer, with status ``success``; or status ``pending``.

        Raises:
            openai.APIStatusError: The work has failed, or there is none of that id.
        """
        return self._call("post", "/agents/async-result", cast_to=AgentResponse, given=given, root="agents")

    @takes(AgentWaitParams)
    def wait(self, **given: Unpack[AgentWaitParams]) -> AgentResponse:
        """Look again and again until an answer that comes later is there.

        Args:
            agent_id: The agent.
            async_id: The ``async_id`` of its first answer.
            custom_variables: What else the agent takes.
            poll_interval: Seconds between two looks, above 0; 2 by default.
            max_wait_seconds: Seconds after which waiting is given up; half an hour by default.

        Raises:
            openai.APIStatusError: The work has failed.
            PollTimeoutError: It was not done in time; it goes on.
        """
        asked = {"agent_id": given["agent_id"], "async_id": given["async_id"], **request_options(given)}
        if "custom_variables" in given:
            asked["custom_variables"] = given["custom_variables"]
        return self._wait(
            lambda: self.async_result(**asked), has_come, given, f"The work of {given['agent_id']}"
        )

    @takes(AgentConversationParams)
    def conversation(
        self, conversation_id: str, **given: Unpack[AgentConversationParams]
    ) -> AgentConversation:
        """Give what a conversation has made: the slides as files.

        Source: bigmodel.cn OpenAPI, 2026-07-11. For slides_glm_agent alone, which is also the default.

        Args:
            conversation_id: The conversation, from the events of ``slides``.
            agent_id: The agent.
            include_pdf: Whether to export a PDF as well.
            pages: The pages to export, each with its place and its size in centimetres.
            custom_variables: What else the agent takes.
        """
        return self._call(
            "post",
            "/agents/conversation",
            cast_to=AgentConversation,
            given=conversation_of(conversation_id, given),
            root="agents",
        )

    @takes(GeneralTranslationParams)
    def general_translation(self, **given: Unpack[GeneralTranslationParams]) -> AgentResponse:
        """Translate text.

        Source: bigmodel.cn OpenAPI, 2026-07-11. 20 CNY for a million tokens, 2025-12.

        Args:
            text: The text.
            source_lang: Its language, such as ``"en"``; ``"auto"`` by default.
            target_lang: The language wanted; ``"zh-CN"`` by default.
            glossary: The id of a glossary that was uploaded.
            strategy: ``"general"`` (the default), ``"paraphrase"``, ``"two_step"``, ``"three_step"``,
                ``"reflection"`` or ``"cot"``.
            suggestion: What to pay heed to, with the strategy ``"general"``.
            reason_lang: The language of the reasons, with ``"cot"``: ``"from"`` or ``"to"`` (the default).
        """
        return self._ask(of_helper("general_translation", given))

    @takes(GeneralTranslationParams)
    def general_translation_stream(self, **given: Unpack[GeneralTranslationParams]) -> Stream[AgentResponse]:
        """Translate text, and read the translation as it comes.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            text: See ``general_translation``, as for the other keywords.
        """
        return self._open(of_helper("general_translation", given))

    @takes(TextParams)
    def slides(self, **given: Unpack[TextParams]) -> Stream[AgentResponse]:
        """Make slides, or change those of a conversation; a stream of what the agent thinks, does and says.

        Source: bigmodel.cn OpenAPI, 2026-07-11. The slides themselves are exported by ``conversation``.

        Args:
            text: What the slides are about, or what to change.
            conversation_id: The conversation to go on with, from the events of the first stream.
        """
        return self._open(of_helper("slides", given))

    @takes(DrawingParams)
    def ai_drawing(self, **given: Unpack[DrawingParams]) -> AgentResponse:
        """Draw a picture; its link is in a part ``image_url``.

        Source: docs.bigmodel.cn agent pages, 2025-12-29; live in the OpenAPI of 2026-07-11.

        Args:
            text: What to draw.
            size: Its width and height in pixels, with an asterisk: ``"1024*1024"``.
        """
        return self._ask(of_helper("ai_drawing", given))

    @takes(ViduTemplateParams)
    def vidu_template(self, **given: Unpack[ViduTemplateParams]) -> AgentResponse:
        """Make a short video of a picture. The answer comes later; see ``wait``. Its link is valid for 24 hours.

        Source: docs.bigmodel.cn agent pages, 2025-12-29; live in the OpenAPI of 2026-07-11.

        Args:
            text: What happens.
            image_url: A link to the picture.
            template: ``"french_kiss"``, ``"bodyshake"`` or ``"sexy_me"``.
        """
        return self._ask(of_helper("vidu_template", given))

    @takes(FileParams)
    def receipt_recognition(self, **given: Unpack[FileParams]) -> AgentResponse:
        """Read a receipt.

        Source: docs.bigmodel.cn agent pages, 2025-12-29; live in the OpenAPI of 2026-07-11.

        Args:
            file_id: The picture, uploaded with purpose ``"agent"``.
            text: What to read.
        """
        return self._ask(of_helper("receipt_recognition", given))

    @takes(FileParams)
    def clothes_recognition(self, **given: Unpack[FileParams]) -> AgentResponse:
        """Describe the clothes in a picture.

        Source: docs.bigmodel.cn agent pages, 2025-12-29; live in the OpenAPI of 2026-07-11.

        Args:
            file_id: The picture, uploaded with purpose ``"agent"``.
            text: What to describe.
        """
        return self._ask(of_helper("clothes_recognition", given))

    @takes(SolveParams)
    def education_solve(self, **given: Unpack[SolveParams]) -> Stream[AgentResponse]:
        """Solve an exercise; the solution is streamed.

        Source: docs.bigmodel.cn agent pages, 2025-12-29; live in the OpenAPI of 2026-07-11.

        Args:
            text: The exercise; this or ``image_url``, not both.
            image_url: A link to a picture of it, at most 10 MB.
        """
        return self._open(of_helper("education_solve", given))

    @takes(DocTranslationParams)
    def doc_translation(self, **given: Unpack[DocTranslationParams]) -> AgentResponse:
        """Translate a document. The answer comes later; see ``wait``.

        Retired: last listed on 2025-12-29. Refused before it is sent, unless ``force=True``.

        Args:
            file_id: The document, uploaded with purpose ``"agent"``.
            from_lang: Its language.
            to_lang: The language wanted.
            should_translate_image: Whether to translate what its pictures say.
        """
        return self._ask(of_helper("doc_translation", given))

    @takes(TranslationParams)
    def social_literature_translation(self, **given: Unpack[TranslationParams]) -> AgentResponse:
        """Translate literature of the social sciences.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            text: The text.
            source_lang: Its language, ``"en"`` or ``"zh-CN"``.
            target_lang: The other one.
        """
        return self._ask(of_helper("social_literature_translation", given))

    @takes(SubtitleParams)
    def subtitle_translation(self, **given: Unpack[SubtitleParams]) -> AgentResponse:
        """Translate subtitles.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            text: The subtitles.
            language: The language wanted: ``"English"``, ``"Japanese"`` or ``"Korean"``.
        """
        return self._ask(of_helper("subtitle_translation", given))

    @takes(StyledTranslationParams)
    def social_translation(self, **given: Unpack[StyledTranslationParams]) -> AgentResponse:
        """Translate a post, in a style.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            text: The post.
            source_lang: Its language.
            target_lang: The language wanted.
            style: ``"通用风格"``, ``"自动风格"`` or ``"鲁迅风格"``.
        """
        return self._ask(of_helper("social_translation", given))

    @takes(TextAndImageParams)
    def cartoon_generator(self, **given: Unpack[TextAndImageParams]) -> AgentResponse:
        """Make a cartoon of a picture.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            text: What to make of it.
            image_url: A link to the picture, at most 20 MB.
        """
        return self._ask(of_helper("cartoon_generator", given))

    @takes(JobMatchingParams)
    def job_matching(self, **given: Unpack[JobMatchingParams]) -> AgentResponse:
        """Compare a résumé with a job.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            file_id: The résumé, uploaded with purpose ``"agent"``.
            text: What to compare.
            job_description: The job.
        """
        return self._ask(of_helper("job_matching", given))

    @takes(ServiceCheckParams)
    def service_check(self, **given: Unpack[ServiceCheckParams]) -> AgentResponse:
        """Check a conversation of a service desk.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            text: The conversation.
            default_fields: What to look at, of ``customer_request``, ``service_attitude``, ``communication``,
                ``solution``, ``followup_needed``, ``escalation_risk`` and ``risk_type``.
            custom_fields: Further fields of your own.
        """
        return self._ask(of_helper("service_check", given))

    @takes(SalesCheckParams)
    def sales_check(self, **given: Unpack[SalesCheckParams]) -> AgentResponse:
        """Check a conversation of a salesperson.

        Retired: last listed on 2025-12-29. Refused before it is sent, unless ``force=True``.

        Args:
            text: The conversation.
            default_fields: What to look at, of ``self_intro``, ``state_intent``, ``need_dig``, ``highlight``,
                ``historical``, ``cite``, ``deal``, ``action``, ``contact`` and ``summary``.
            custom_fields: Further fields of your own.
            rate: How to mark it: ``"基础评分"`` or ``"阶梯评分"``.
        """
        return self._ask(of_helper("sales_check", given))

    @takes(ContractParams)
    def contract_parser(self, **given: Unpack[ContractParams]) -> AgentResponse:
        """Read a contract.

        Retired: last listed on 2025-12-29. Refused before it is sent, unless ``force=True``.

        Args:
            file_id: The contract, uploaded with purpose ``"agent"``.
            default_fields: What to read.
            custom_fields: Further fields of your own.
        """
        return self._ask(of_helper("contract_parser", given))

    @takes(NoticeParams)
    def bidding_parser(self, **given: Unpack[NoticeParams]) -> AgentResponse:
        """Read a call for tenders.

        Retired: last listed on 2025-12-29. Refused before it is sent, unless ``force=True``.

        Args:
            text: The notice, as HTML.
            custom_fields: Further fields of your own.
        """
        return self._ask(of_helper("bidding_parser", given))

    @takes(NoticeParams)
    def bidwin_parser(self, **given: Unpack[NoticeParams]) -> AgentResponse:
        """Read a notice of award.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            text: The notice, as HTML.
            custom_fields: Further fields of your own.
        """
        return self._ask(of_helper("bidwin_parser", given))

    @takes(CorrectionParams)
    def education_correction(self, **given: Unpack[CorrectionParams]) -> AgentResponse:
        """Correct the exercises on a picture. The corrections come later; see ``education_correction_result``.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            image_url: A link to the picture.
        """
        return self._ask(of_helper("education_correction", given))

    @takes(CorrectionResultParams)
    def education_correction_result(self, **given: Unpack[CorrectionResultParams]) -> AgentResponse:
        """Look for the corrections that ``education_correction`` began.

        Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.

        Args:
            trace_id: The ``trace_id`` that it gave.
            images: The pictures, each with the ``uuids`` of its exercises.
            force: Ask although the agent is retired.
        """
        return self._call(
            "post", "/agents/async-result", cast_to=AgentResponse, given=correction_of(given), root="agents"
        )

    @takes(CorrectionAnalysisParams)
    def education_correction_analysis(
        self, **given: Unpack[CorrectionAnalysisParams]
    ) -> Stream[AgentResponse]:
        """Read the explanation of an exercise that ``education_correction`` corrected, as it comes.

        For exercises in languages and the humanities; those in mathematics and the sciences are explained in the
        corrections themselves. Retired: last listed on 2026-04-23. Refused before it is sent, unless ``force=True``.
        Source: bigmodel.cn guide on homework correction, seen 2026-11-24.

        Args:
            trace_id: The ``trace_id`` that ``education_correction`` gave.
            image_id: The picture.
            uuid: The exercise on it.
            question: The exercise's text, as the corrections have it.
            force: Ask although the agent is retired.

        Raises:
            openai.BadRequestError: ``force`` was not given, or a field is wrong.
        """
        return self._open(analysis_of(given))

    def _ask(self, given: dict[str, Any]) -> AgentResponse:
        return self._call("post", "/agents", cast_to=AgentResponse, given=given, root="agents")

    def _open(self, given: dict[str, Any]) -> Stream[AgentResponse]:
        return self._stream("/agents", chunk=AgentResponse, given=given, root="agents")
