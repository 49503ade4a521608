"""The calls of ``client.zhipu.agents`` that answer with the HTTP response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhipu_openai.zhipu._resource import async_raw, async_streamed, raw, streamed

if TYPE_CHECKING:
    from .async_calls import AsyncAgents
    from .calls import Agents


class AgentsWithRawResponse:
    """See Agents."""

    def __init__(self, group: Agents) -> None:
        """Wrap the calls of a group."""
        self.invoke = raw(group.invoke)
        self.stream = raw(group.stream)
        self.async_result = raw(group.async_result)
        self.conversation = raw(group.conversation)
        self.general_translation = raw(group.general_translation)
        self.general_translation_stream = raw(group.general_translation_stream)
        self.slides = raw(group.slides)
        self.ai_drawing = raw(group.ai_drawing)
        self.vidu_template = raw(group.vidu_template)
        self.receipt_recognition = raw(group.receipt_recognition)
        self.clothes_recognition = raw(group.clothes_recognition)
        self.education_solve = raw(group.education_solve)
        self.doc_translation = raw(group.doc_translation)
        self.social_literature_translation = raw(group.social_literature_translation)
        self.subtitle_translation = raw(group.subtitle_translation)
        self.social_translation = raw(group.social_translation)
        self.cartoon_generator = raw(group.cartoon_generator)
        self.job_matching = raw(group.job_matching)
        self.service_check = raw(group.service_check)
        self.sales_check = raw(group.sales_check)
        self.contract_parser = raw(group.contract_parser)
        self.bidding_parser = raw(group.bidding_parser)
        self.bidwin_parser = raw(group.bidwin_parser)
        self.education_correction = raw(group.education_correction)
        self.education_correction_result = raw(group.education_correction_result)
        self.education_correction_analysis = raw(group.education_correction_analysis)


class AgentsWithStreamingResponse:
    """See Agents."""

    def __init__(self, group: Agents) -> None:
        """Wrap the calls of a group."""
        self.invoke = streamed(group.invoke)
        self.stream = streamed(group.stream)
        self.async_result = streamed(group.async_result)
        self.conversation = streamed(group.conversation)
        self.general_translation = streamed(group.general_translation)
        self.general_translation_stream = streamed(group.general_translation_stream)
        self.slides = streamed(group.slides)
        self.ai_drawing = streamed(group.ai_drawing)
        self.vidu_template = streamed(group.vidu_template)
        self.receipt_recognition = streamed(group.receipt_recognition)
        self.clothes_recognition = streamed(group.clothes_recognition)
        self.education_solve = streamed(group.education_solve)
        self.doc_translation = streamed(group.doc_translation)
        self.social_literature_translation = streamed(group.social_literature_translation)
        self.subtitle_translation = streamed(group.subtitle_translation)
        self.social_translation = streamed(group.social_translation)
        self.cartoon_generator = streamed(group.cartoon_generator)
        self.job_matching = streamed(group.job_matching)
        self.service_check = streamed(group.service_check)
        self.sales_check = streamed(group.sales_check)
        self.contract_parser = streamed(group.contract_parser)
        self.bidding_parser = streamed(group.bidding_parser)
        self.bidwin_parser = streamed(group.bidwin_parser)
        self.education_correction = streamed(group.education_correction)
        self.education_correction_result = streamed(group.education_correction_result)
        self.education_correction_analysis = streamed(group.education_correction_analysis)


class AsyncAgentsWithRawResponse:
    """See AsyncAgents."""

    def __init__(self, group: AsyncAgents) -> None:
        """Wrap the calls of a group."""
        self.invoke = async_raw(group.invoke)
        self.stream = async_raw(group.stream)
        self.async_result = async_raw(group.async_result)
        self.conversation = async_raw(group.conversation)
        self.general_translation = async_raw(group.general_translation)
        self.general_translation_stream = async_raw(group.general_translation_stream)
        self.slides = async_raw(group.slides)
        self.ai_drawing = async_raw(group.ai_drawing)
        self.vidu_template = async_raw(group.vidu_template)
        self.receipt_recognition = async_raw(group.receipt_recognition)
        self.clothes_recognition = async_raw(group.clothes_recognition)
        self.education_solve = async_raw(group.education_solve)
        self.doc_translation = async_raw(group.doc_translation)
        self.social_literature_translation = async_raw(group.social_literature_translation)
        self.subtitle_translation = async_raw(group.subtitle_translation)
        self.social_translation = async_raw(group.social_translation)
        self.cartoon_generator = async_raw(group.cartoon_generator)
        self.job_matching = async_raw(group.job_matching)
        self.service_check = async_raw(group.service_check)
        self.sales_check = async_raw(group.sales_check)
        self.contract_parser = async_raw(group.contract_parser)
        self.bidding_parser = async_raw(group.bidding_parser)
        self.bidwin_parser = async_raw(group.bidwin_parser)
        self.education_correction = async_raw(group.education_correction)
        self.education_correction_result = async_raw(group.education_correction_result)
        self.education_correction_analysis = async_raw(group.education_correction_analysis)


class AsyncAgentsWithStreamingResponse:
    """See AsyncAgents."""

    def __init__(self, group: AsyncAgents) -> None:
        """Wrap the calls of a group."""
        self.invoke = async_streamed(group.invoke)
        self.stream = async_streamed(group.stream)
        self.async_result = async_streamed(group.async_result)
        self.conversation = async_streamed(group.conversation)
        self.general_translation = async_streamed(group.general_translation)
        self.general_translation_stream = async_streamed(group.general_translation_stream)
        self.slides = async_streamed(group.slides)
        self.ai_drawing = async_streamed(group.ai_drawing)
        self.vidu_template = async_streamed(group.vidu_template)
        self.receipt_recognition = async_streamed(group.receipt_recognition)
        self.clothes_recognition = async_streamed(group.clothes_recognition)
        self.education_solve = async_streamed(group.education_solve)
        self.doc_translation = async_streamed(group.doc_translation)
        self.social_literature_translation = async_streamed(group.social_literature_translation)
        self.subtitle_translation = async_streamed(group.subtitle_translation)
        self.social_translation = async_streamed(group.social_translation)
        self.cartoon_generator = async_streamed(group.cartoon_generator)
        self.job_matching = async_streamed(group.job_matching)
        self.service_check = async_streamed(group.service_check)
        self.sales_check = async_streamed(group.sales_check)
        self.contract_parser = async_streamed(group.contract_parser)
        self.bidding_parser = async_streamed(group.bidding_parser)
        self.bidwin_parser = async_streamed(group.bidwin_parser)
        self.education_correction = async_streamed(group.education_correction)
        self.education_correction_result = async_streamed(group.education_correction_result)
        self.education_correction_analysis = async_streamed(group.education_correction_analysis)
