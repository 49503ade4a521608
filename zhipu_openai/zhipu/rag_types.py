"""Keywords, answers and events of ``client.zhipu.rag``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union

from openai import BaseModel
from openai._utils import PropertyInfo
from pydantic import Field
from typing_extensions import Required, TypedDict

from ._resource import Absent, Options

if TYPE_CHECKING:
    from collections.abc import Iterable

RecallMethod: TypeAlias = Literal["embedding", "keyword", "mixed"]


class RagKnowledge(TypedDict, total=False):
    """A knowledge base to look in, and the documents of it; all of them by default."""

    id: Required[str]
    doc_ids: Iterable[str]


class RagQueryPart(TypedDict):
    """A picture to look for."""

    type: Literal["image_url"]
    url: str


class RagHistoryMessage(TypedDict):
    """What was said before."""

    role: Literal["user", "assistant"]
    content: str


class _RequiredKnows(TypedDict):
    knows: Iterable[RagKnowledge]


class RagRetrieveParams(_RequiredKnows, Options, total=False):
    """The keywords of ``rag.retrieve``; see there."""

    query: str | Absent
    multimodal_parts: Iterable[RagQueryPart] | Absent
    multimodal: bool | Absent
    top_k: int | Absent
    top_n: int | Absent
    recall_method: RecallMethod | Absent
    recall_ratio: float | Absent
    enable_rerank: bool | Absent
    enable_rewrite: bool | Absent
    enable_expansion: bool | Absent
    similarity_threshold: float | Absent
    messages: Iterable[RagHistoryMessage] | Absent
    search_filters: dict[str, Any] | Absent


class RagRetrievalOptions(TypedDict, total=False):
    """Where the agent may look, and how.

    Attributes:
        know_ids: The knowledge bases.
        top_k: How many pieces it is given; 8 by default.
        top_n: Among how many the best are chosen; 10 by default.
        enable_rerank: Whether to rerank them; False by default.
        similarity_threshold: The least score; 0.2 by default.
    """

    know_ids: Required[Iterable[str]]
    top_k: int
    top_n: int
    enable_rerank: bool
    similarity_threshold: float


class _RequiredChat(TypedDict):
    messages: Iterable[Any]
    retrieval: RagRetrievalOptions


class RagChatParams(_RequiredChat, Options, total=False):
    """The keywords of ``rag.chat``; see there."""

    session_id: str | Absent
    model: str | Absent
    temperature: float | Absent
    max_steps: int | Absent
    enable_thinking: bool | Absent


class RagLink(BaseModel):
    """A link to a picture or a video."""

    url: str | None = None


class RagMedia(BaseModel):
    """A picture within a piece of text."""

    id: str | None = None
    url: str | None = None
    description: str | None = None


class RagMetadata(BaseModel):
    """Where a piece is from.

    Attributes:
        doc_type: The document's kind, such as pdf or mp4.
        doc_name: Its name.
        doc_url: A link to it.
        index: The piece's place in the document.
        page_index: The page.
        clip_index: The place of a piece of video.
        start_time: When it begins in the video.
        end_time: When it ends there.
        duration: How long it is.
        frames: Links to its key frames.
    """

    doc_type: str | None = None
    doc_name: str | None = None
    doc_url: str | None = None
    index: int | None = None
    page_index: int | None = None
    clip_index: int | None = None
    start_time: int | None = None
    end_time: int | None = None
    duration: int | None = None
    frames: list[str] | None = None


class RagContent(BaseModel):
    """A piece of a document.

    Attributes:
        id: Its own id.
        know_id: The knowledge base.
        doc_id: The document.
        text: Its text.
        medias: The pictures in it.
        image_url: The picture that it is.
        video_url: The video that it is.
        index: Its place among what was found.
        score: How well it answers.
        rerank_index: Its place after reranking.
        rerank_score: Its score after reranking.
        metadata: Where it is from.
    """

    id: str | None = None
    know_id: str | None = None
    doc_id: str | None = None
    text: str | None = None
    medias: list[RagMedia] | None = None
    image_url: RagLink | None = None
    video_url: RagLink | None = None
    index: int | None = None
    score: float | None = None
    rerank_index: int | None = None
    rerank_score: float | None = None
    metadata: RagMetadata | None = None


class RagRewrittenQuery(BaseModel):
    """The queries that were really looked for."""

    original_query: str | None = None
    multi_queries: list[str] | None = None


class RagRetrieval(BaseModel):
    """What was found, best first.

    Attributes:
        contents: The pieces.
        rewritten_query: The queries that were looked for, where rewriting was asked for.
        elapsed_ms: How long it took, in milliseconds.
        total_tokens: The tokens that are billed.
        request_id: The request's id.
    """

    contents: list[RagContent]
    rewritten_query: RagRewrittenQuery | None = None
    elapsed_ms: int | None = None
    total_tokens: int | None = None
    request_id: str | None = None


class RagTokenDetails(BaseModel):
    """Tokens of one kind."""

    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class RagUsage(BaseModel):
    """Tokens, and how often tools were called."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    total_calls: int | None = None
    prompt_tokens_details: RagTokenDetails | None = None
    completion_tokens_details: RagTokenDetails | None = None


class _Event(BaseModel):
    session_id: str | None = Field(alias="sessionId", default=None)


class RagSessionCreated(_Event):
    """The conversation has an id: give it as ``session_id`` to go on with it."""

    type: Literal["session_created"]


class RagReasoning(_Event):
    """A bit of what the model thinks, with ``enable_thinking``."""

    type: Literal["reasoning"]
    data: str | None = None


class RagThought(_Event):
    """A bit of what the agent says about its next step."""

    type: Literal["thought"]
    data: str | None = None


class RagCall(BaseModel):
    """A call of a tool."""

    call_id: str | None = Field(alias="callId", default=None)
    tool_name: str | None = Field(alias="toolName", default=None)
    arguments: dict[str, Any] | None = None


class RagToolCall(_Event):
    """The agent calls a tool: it searches, or rewrites the query."""

    type: Literal["tool_call"]
    data: RagCall | None = None


class RagResult(BaseModel):
    """What a call of a tool gave.

    Attributes:
        call_id: The call.
        tool_name: The tool.
        result: Its result, in the tool's own form.
        status: Whether it worked.
        duration_ms: How long it took, in milliseconds.
    """

    call_id: str | None = Field(alias="callId", default=None)
    tool_name: str | None = Field(alias="toolName", default=None)
    result: Any = None
    status: Literal["success", "error"] | None = None
    duration_ms: int | None = Field(alias="durationMs", default=None)


class RagToolResult(_Event):
    """A tool has given a result."""

    type: Literal["tool_result"]
    data: RagResult | None = None


class RagAnswer(_Event):
    """A bit of the answer."""

    type: Literal["answer"]
    data: str | None = None


class RagDone(_Event):
    """The end."""

    type: Literal["done"]
    message_id: str | None = Field(alias="messageId", default=None)
    data: Any = None
    usage: RagUsage | None = None


# openai below 2 keeps a note on the union, which ``A | B`` does not let it.
RagEvent: TypeAlias = Annotated[
    Union[  # noqa: UP007 - as said
        RagSessionCreated, RagReasoning, RagThought, RagToolCall, RagToolResult, RagAnswer, RagDone
    ],
    PropertyInfo(discriminator="type"),
]
"""What comes in a stream of ``rag.chat``; an event that reports an error is raised."""
