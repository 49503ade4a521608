"""``client.zhipu.rag``: the newer retrieval from knowledge bases, for pictures and videos too, and its agent."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import Unpack

from ._envelope import Envelope
from ._resource import (
    AsyncZhipuResource,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)
from .rag_types import RagChatParams, RagEvent, RagRetrieval, RagRetrieveParams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai import AsyncStream, Stream

_EVENT = cast("type[Any]", RagEvent)


class Rag(ZhipuResource):
    """Retrieval from knowledge bases, and the agent that does it by itself."""

    @cached_property
    def with_raw_response(self) -> RagWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return RagWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> RagWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return RagWithStreamingResponse(self)

    @takes(RagRetrieveParams)
    def retrieve(self, **given: Unpack[RagRetrieveParams]) -> Envelope[RagRetrieval]:
        """Find the pieces of documents, pictures and videos that answer a query, best first.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            knows: The knowledge bases to look in, ``{"id": ..., "doc_ids": [...]}``.
            query: The question; this or ``multimodal_parts`` is needed.
            multimodal_parts: Pictures to look for, ``{"type": "image_url", "url": ...}``.
            multimodal: Whether to search in the multimodal way; True by default.
            top_k: How many pieces to give; 8 by default.
            top_n: Among how many the best are chosen; 10 by default.
            recall_method: ``"embedding"``, ``"keyword"`` or ``"mixed"`` (the default).
            recall_ratio: The weight of embeddings in a mixed search, 0 to 1; 0.8 by default. (``knowledge.search``
                counts in percent.)
            enable_rerank: Whether to rerank the pieces; False by default.
            enable_rewrite: Whether to rewrite the query, with ``messages`` in view; False by default.
            enable_expansion: Whether to look for more than the query says; False by default.
            similarity_threshold: The least score; 0.2 by default.
            messages: What was said before, for rewriting; text alone.
            search_filters: ``{"index_types": [...], "qa_intervention": {...}}``, as the specification has it.

        Raises:
            openai.BadRequestError: No knowledge base was chosen (Zhipu code 400, recorded), or a field is wrong.
        """
        return self._call(
            "post", "/retrieval/retrieve", cast_to=Envelope[RagRetrieval], given=given, root="rag"
        )

    @takes(RagChatParams)
    def chat(self, **given: Unpack[RagChatParams]) -> Stream[RagEvent]:
        """Ask an agent that searches knowledge bases by itself; what it does comes as a stream of events.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone, and as a stream alone.

        Args:
            messages: What the user says, as in chat completions: text, or text and ``image_url`` parts.
            retrieval: Where to look, and how: ``{"know_ids": [...]}``.
            session_id: The conversation to go on with, from an earlier stream's ``session_created``.
            model: The model; glm-5v-turbo by default.
            temperature: 0.7 by default.
            max_steps: The most steps that the agent may take; 10 by default.
            enable_thinking: Whether to stream what the model thinks as ``reasoning`` events; False by default.

        Raises:
            openai.BadRequestError: No knowledge base was chosen (Zhipu code 400, recorded), or a field is wrong.
            openai.APIError: While the stream is read: the agent reported an error, or the stream was cut off.
        """
        return self._stream("/agent/chat", chunk=_EVENT, given=_with_session(given), root="rag")


class AsyncRag(AsyncZhipuResource):
    """Retrieval from knowledge bases, and the agent that does it by itself."""

    @cached_property
    def with_raw_response(self) -> AsyncRagWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncRagWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncRagWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncRagWithStreamingResponse(self)

    @takes(RagRetrieveParams)
    async def retrieve(self, **given: Unpack[RagRetrieveParams]) -> Envelope[RagRetrieval]:
        """Find the pieces of documents, pictures and videos that answer a query, best first; see Rag.retrieve."""
        return await self._call(
            "post", "/retrieval/retrieve", cast_to=Envelope[RagRetrieval], given=given, root="rag"
        )

    @takes(RagChatParams)
    async def chat(self, **given: Unpack[RagChatParams]) -> AsyncStream[RagEvent]:
        """Ask an agent that searches knowledge bases by itself; what it does comes as a stream of events; see Rag.chat."""
        return await self._stream("/agent/chat", chunk=_EVENT, given=_with_session(given), root="rag")


class RagWithRawResponse:
    """See Rag."""

    def __init__(self, group: Rag) -> None:
        """Wrap the calls of a group."""
        self.retrieve = raw(group.retrieve)
        self.chat = raw(group.chat)


class RagWithStreamingResponse:
    """See Rag."""

    def __init__(self, group: Rag) -> None:
        """Wrap the calls of a group."""
        self.retrieve = streamed(group.retrieve)
        self.chat = streamed(group.chat)


class AsyncRagWithRawResponse:
    """See AsyncRag."""

    def __init__(self, group: AsyncRag) -> None:
        """Wrap the calls of a group."""
        self.retrieve = async_raw(group.retrieve)
        self.chat = async_raw(group.chat)


class AsyncRagWithStreamingResponse:
    """See AsyncRag."""

    def __init__(self, group: AsyncRag) -> None:
        """Wrap the calls of a group."""
        self.retrieve = async_streamed(group.retrieve)
        self.chat = async_streamed(group.chat)


def _with_session(given: Mapping[str, Any]) -> dict[str, Any]:
    """Send the conversation's id as the header that Zhipu wants."""
    fields = {name: value for name, value in given.items() if name != "session_id"}
    session = given.get("session_id")
    if isinstance(session, str):
        fields["extra_headers"] = {"X-Session-Id": session, **(given.get("extra_headers") or {})}
    return fields
