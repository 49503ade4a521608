"""Keywords of ``client.zhipu.agents``; the helpers' are explained at the helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from typing_extensions import Required, TypedDict

from zhipu_openai.zhipu._resource import Absent, Options, PollOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Strategy: TypeAlias = Literal["general", "paraphrase", "two_step", "three_step", "reflection", "cot"]


class AgentPart(TypedDict, total=False):
    """A part of a message. ``image_url`` and ``file_url`` are plain links here, not objects."""

    type: Required[Literal["text", "file_id", "file_url", "image_url"]]
    text: str
    file_id: str
    file_url: str
    image_url: str


class AgentMessageParam(TypedDict):
    """A message."""

    role: Literal["system", "user", "assistant"]
    content: str | AgentPart | Iterable[AgentPart]


class _RequiredMessages(TypedDict):
    agent_id: str
    messages: Iterable[AgentMessageParam]


class HelperOptions(Options, total=False):
    """What every helper takes beside its own keywords."""

    custom_variables: Mapping[str, Any] | Absent
    conversation_id: str | Absent
    request_id: str | Absent
    force: bool


class AgentInvokeParams(_RequiredMessages, HelperOptions, total=False):
    """The keywords of ``agents.invoke`` and ``agents.stream``."""


class _RequiredResult(TypedDict):
    agent_id: str
    async_id: str


class AgentResultParams(_RequiredResult, Options, total=False):
    """The keywords of ``agents.async_result``."""

    custom_variables: Mapping[str, Any] | Absent


class AgentWaitParams(AgentResultParams, PollOptions, total=False):
    """The keywords of ``agents.wait``."""


class SlidePage(TypedDict, total=False):
    """A page to be exported: its place, from 1, and its size in centimetres."""

    position: Required[int]
    width: float
    height: float


class AgentConversationParams(Options, total=False):
    """The keywords of ``agents.conversation``."""

    agent_id: str
    include_pdf: bool | Absent
    pages: Iterable[SlidePage] | Absent
    custom_variables: Mapping[str, Any] | Absent


class _Text(TypedDict):
    text: str


class _Image(TypedDict):
    image_url: str


class _File(TypedDict):
    file_id: str


class GeneralTranslationParams(_Text, HelperOptions, total=False):
    """The keywords of ``agents.general_translation``."""

    source_lang: str | Absent
    target_lang: str | Absent
    glossary: str | Absent
    strategy: Strategy | str | Absent
    suggestion: str | Absent
    reason_lang: Literal["from", "to"] | Absent


class TextParams(_Text, HelperOptions, total=False):
    """The keywords of helpers that take a text alone."""


class DrawingParams(_Text, HelperOptions, total=False):
    """The keywords of ``agents.ai_drawing``."""

    size: str | Absent


class _TextAndImage(_Text, _Image):
    pass


class ViduTemplateParams(_TextAndImage, HelperOptions, total=False):
    """The keywords of ``agents.vidu_template``."""

    template: Required[str]


class TextAndImageParams(_TextAndImage, HelperOptions, total=False):
    """The keywords of ``agents.cartoon_generator``."""


class FileParams(_File, HelperOptions, total=False):
    """The keywords of helpers that take a file, and a text about it."""

    text: str | Absent


class SolveParams(HelperOptions, total=False):
    """The keywords of ``agents.education_solve``."""

    text: str | Absent
    image_url: str | Absent


class DocTranslationParams(_File, HelperOptions, total=False):
    """The keywords of ``agents.doc_translation``."""

    from_lang: str | Absent
    to_lang: str | Absent
    should_translate_image: bool | Absent


class TranslationParams(_Text, HelperOptions, total=False):
    """The keywords of ``agents.social_literature_translation``."""

    source_lang: str | Absent
    target_lang: str | Absent


class StyledTranslationParams(TranslationParams, total=False):
    """The keywords of ``agents.social_translation``."""

    style: str | Absent


class SubtitleParams(_Text, HelperOptions, total=False):
    """The keywords of ``agents.subtitle_translation``."""

    language: str | Absent


class JobMatchingParams(FileParams, total=False):
    """The keywords of ``agents.job_matching``."""

    job_description: str | Absent


class ServiceCheckParams(_Text, HelperOptions, total=False):
    """The keywords of ``agents.service_check``."""

    default_fields: Iterable[str] | Absent
    custom_fields: Iterable[Mapping[str, Any]] | Absent


class SalesCheckParams(ServiceCheckParams, total=False):
    """The keywords of ``agents.sales_check``."""

    rate: str | Absent


class ContractParams(_File, HelperOptions, total=False):
    """The keywords of ``agents.contract_parser``."""

    default_fields: Iterable[str] | Absent
    custom_fields: Iterable[Mapping[str, Any]] | Absent


class NoticeParams(_Text, HelperOptions, total=False):
    """The keywords of ``agents.bidding_parser`` and ``agents.bidwin_parser``."""

    custom_fields: Iterable[Mapping[str, Any]] | Absent


class CorrectionParams(_Image, HelperOptions, total=False):
    """The keywords of ``agents.education_correction``."""


class CorrectedImage(TypedDict):
    """A picture whose corrections are asked for, by the ids that ``education_correction`` gave."""

    image_id: str
    uuids: Iterable[str]


class _RequiredTrace(TypedDict):
    trace_id: str
    images: Iterable[CorrectedImage]


class CorrectionResultParams(_RequiredTrace, Options, total=False):
    """The keywords of ``agents.education_correction_result``."""

    force: bool


class _RequiredExercise(TypedDict):
    trace_id: str
    image_id: str
    uuid: str
    question: str


class CorrectionAnalysisParams(_RequiredExercise, Options, total=False):
    """The keywords of ``agents.education_correction_analysis``."""

    force: bool
